/** Public surface of @peerway/engine: declare a stack, plan it, apply it, ask how it stands. */
export type { ConnectionSpec, LinkSpec, NetworkSpec, RouteSpec, StackSpec } from './stack.js';
export type {
  EndProviders,
  HopSource,
  LinkWork,
  Plan,
  PlanMode,
  PlanStep,
  PlanSummary,
  Problem,
  ProblemKind,
  PrunePolicy,
  StepAction,
  StepVerb,
  StepWork,
  TableSource,
} from './plan.js';
export { DRIFT_KINDS } from './drift.js';
export type { DriftItem, DriftKind } from './drift.js';
export type { EngineEvent, EngineEventType, EventError, StepRef } from './events.js';
export { Engine } from './engine.js';
export type { ApplyOptions, EngineOptions, PlanOptions, ReadOptions } from './engine.js';
export type { Assignment, Progress, StepEnd, StepExecutor, StepResult, StopSignals } from './executor.js';
export type { ApplyReport, StepOutcome } from './report.js';
export { pairsOf } from './topology.js';
export { renderPlan } from './render.js';
export type { PlanFormat } from './render.js';
export type { ConnectionStatus, Health, RouteStatus, StackStatus } from './status.js';
export type { Reachability, ReachFinding, ReachHop } from './reachability.js';
export { telemetry } from './otel.js';
export type { TelemetryOptions } from './otel.js';
