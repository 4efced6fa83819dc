/** Public surface of @peerway/server: runs of stacks as a service, its hosts, and what serves them. */
export { LocalRuns } from './local/localRuns.js';
export type { LocalRunsOptions } from './local/localRuns.js';
export { openRuns, runWorker } from './engines.js';
export type { EngineOptions } from './engines.js';
export type { WorkerOptions } from './temporal/worker.js';
export { stackOfRun } from './runs/answers.js';
export { StackFolder } from './runs/stackConfigs.js';
export type { StackConfig, StackSource } from './runs/stackConfigs.js';
export { SetSchedule, SubmitRun } from './runs/requests.js';
export type { ScheduleAction } from './runs/requests.js';
export type {
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
  StepCounts,
  StepState,
  Submitted,
} from './runs/service.js';
