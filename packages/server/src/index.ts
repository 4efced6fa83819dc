/** Public surface of @peerway/server: runs of stacks as a service, its hosts, and what serves them. */
export { LocalRuns } from './local/localRuns.js';
export type { LocalRunsOptions } from './local/localRuns.js';
export { openRuns, runWorker } from './engines.js';
export type { EngineOptions } from './engines.js';
export type { WorkerOptions } from './temporal/worker.js';
export { stackOfRun } from './runs/answers.js';
export { StackFolder } from './runs/stackFolder.js';
export type { StackFolderOptions } from './runs/stackFolder.js';
export type { StackConfig, StackListing, StackProblem, StackSource } from './runs/stackConfigs.js';
export { SetSchedule, SubmitRun } from './runs/requests.js';
export type { ScheduleAction } from './runs/requests.js';
export type {
  ConnectionCounts,
  Look,
  LookSummary,
  PlanDigest,
  RunDetail,
  RunEvent,
  RunEventBody,
  RunFilter,
  RunOutcome,
  RunService,
  RunState,
  RunStep,
  RunSummary,
  ScheduleEntry,
  ServiceHealth,
  StackEntry,
  StackFilter,
  StackList,
  StepCounts,
  StepState,
  Submitted,
} from './runs/service.js';
export { serve } from './serve.js';
export type { ServeOptions, Serving } from './serve.js';
export { hashOf, newToken } from './access/token.js';
export { VERBS } from './access/scope.js';
export type { Verb } from './access/scope.js';
export { apiDescription } from './api/api.js';
export type { Schema } from './input/schema.js';
