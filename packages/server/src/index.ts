/** Public surface of @peerway/server: runs of stacks as a service, its hosts, and what serves them. */
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
