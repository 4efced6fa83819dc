/** Public surface of @peerway/engine: declare a stack, plan it, apply it, ask how it stands. */
export type {
  ConnectionSpec,
  DnsSpec,
  LinkSpec,
  NetworkSpec,
  PeerNetwork,
  PeeringSpec,
  RouteSpec,
  SelectionSpec,
  SideRoutes,
  StackSpec,
} from './declaration/stack.js';
export type {
  EndProviders,
  HopSource,
  PeerEnd,
  LinkWork,
  PeeringWork,
  Plan,
  PlanMode,
  PlanStep,
  PlanSummary,
  Problem,
  ProblemKind,
  PrunePolicy,
  SelectedNetwork,
  StepAction,
  StepVerb,
  StepWork,
  TableSource,
} from './plan/plan.js';
export { DRIFT_KINDS } from './plan/driftKinds.js';
export type { DriftItem, DriftKind } from './plan/driftKinds.js';
export type { EngineEvent, EngineEventType, EventBody, EventError, StepRef } from './events.js';
export { Engine } from './engine.js';
export type { AdoptAllOptions, ApplyOptions, EngineOptions, PlanOptions, ReadOptions } from './engine.js';
export type { Adoptable } from './adoptAll.js';
export { runLoop } from './apply/runLoop.js';
export type { RunHost, RunRequest, TaskEnd, TaskProgress } from './apply/runLoop.js';
export { Schedule } from './apply/schedule.js';
export type { ScheduleRules, Task } from './apply/schedule.js';
export { InProcessPlaces } from './pacing/places.js';
export type { Places, TakeOptions } from './pacing/places.js';
export { PlaceQueue } from './pacing/placeQueue.js';
export type { PlaceQueueState, PlaceTicket, PlaceWish } from './pacing/placeQueue.js';
export type { Assignment, Progress, StepEnd, StepExecutor, StepResult, StopSignals } from './apply/executor.js';
export type { ApplyReport, StepOutcome } from './apply/report.js';
export { pairsOf } from './declaration/topology.js';
export { renderPlan } from './plan/render.js';
export type { PlanFormat } from './plan/render.js';
export type { ConnectionStatus, Health, RouteStatus, StackStatus } from './statusOf.js';
export type { Reachability, ReachFinding, ReachHop } from './reachability/answer.js';
export { telemetry } from './telemetry.js';
export type { TelemetryOptions } from './telemetry.js';
export { importWorld } from './import/importWorld.js';
export type { Imported, ImportedConnection, ImportedLink, LeftOut } from './import/imported.js';
export type { SurveyOptions } from './import/survey.js';
export type { Declared } from './world/selected.js';
export type { Selected } from './declaration/selections.js';
