/**
 * The seam between whoever shows and orders runs (the HTTP API, the page, the command) and whoever runs them (Temporal, or this
 * process). Everything that crosses it is plain JSON; nothing that crosses it is a secret. Instants are milliseconds since the epoch.
 */
import type { DriftItem, EventBody, EventError, Health, Plan, PlanMode, PlanSummary, StepRef } from '@peerway/engine';
import type { Graph } from '@peerway/runtime';
import type { ScheduleAction, SetSchedule, SubmitRun } from './requests.js';
import type { StackProblem } from './stackConfigs.js';

/** A declared stack: one config file. */
export interface StackEntry {
  readonly name: string;
  /** SHA-256 of the config text, hexadecimal. */
  readonly digest: string;
  /** What the file is called where the service found it. */
  readonly file: string;
  /** The run under way, if there is one. */
  readonly run?: string;
  /** The last reconcile, whatever it found; absent before the first. */
  readonly lastLook?: LookSummary;
  readonly lastRun?: RunSummary;
}

/** All declared stacks, and the files that are left out. */
export interface StackList {
  /** Sorted by name. */
  readonly stacks: readonly StackEntry[];
  readonly problems: readonly StackProblem[];
}

export type RunOutcome =
  | 'done'
  /** Some steps failed; the others are done. */
  | 'failed'
  | 'canceled'
  /** Ended before its first write: the plan holds errors, or the world was not the approved one any more. `error` says which. */
  | 'refused';

/** `queued`: nobody has begun it (no worker is free). `awaiting-approval`: planned; `approve` lets it go on. */
export type RunState = 'queued' | 'planning' | 'awaiting-approval' | 'running' | 'stopping' | 'ended';

export interface RunSummary {
  /** `<stack>.<unique part>`: whoever may see the stack may see the run. */
  readonly id: string;
  readonly stack: string;
  readonly mode: PlanMode;
  readonly state: RunState;
  /** Present when it has ended. */
  readonly outcome?: RunOutcome;
  /** Who ordered it, as the token or the schedule is called. */
  readonly by: string;
  readonly submittedAt: number;
  readonly endedAt?: number;
  /** Steps by state; all 0 before it is planned. */
  readonly counts: StepCounts;
}

export type StepState = 'queued' | 'running' | 'done' | 'failed' | 'skipped' | 'left';
export type StepCounts = Readonly<Record<StepState, number>>;

export interface RunStep extends StepRef {
  readonly state: StepState;
  readonly needs: readonly string[];
  /** What it waits for, in words; only while it runs. */
  readonly waitingFor?: string;
  /** When that is expected, from what was learned; an estimate. */
  readonly expectedAt?: number;
  /** Why it was skipped or left. */
  readonly because?: string;
  readonly error?: EventError;
  readonly startedAt?: number;
  readonly durationMs?: number;
}

export interface RunDetail extends RunSummary {
  /** Absent before it is planned. */
  readonly plan?: PlanDigest;
  /** In the plan's order. */
  readonly steps: readonly RunStep[];
  /** Why it was refused, or what broke it off. */
  readonly error?: EventError;
  /** Number of the last event, 0 before the first. */
  readonly lastEvent: number;
}

/** What a plan says without its steps' work. The whole plan: `plan(run)`. */
export type PlanDigest = Pick<Plan, 'fingerprint' | 'summary' | 'problems' | 'drift'> & { readonly steps: number };

/** Events of a run beyond the engine's. */
export type RunEventBody =
  | EventBody
  | { readonly type: 'run.awaiting-approval'; readonly fingerprint: string }
  | { readonly type: 'run.approved'; readonly by: string }
  | { readonly type: 'run.stopping'; readonly by: string }
  | { readonly type: 'run.ended'; readonly outcome: RunOutcome; readonly error?: EventError };

/**
 * `seq` counts from 1 within a run. What passes (`step.waiting`, `step.retried`) may be missing when it is asked for later, and then
 * carries the number of the event before it: an `after` of that number leaves nothing out that lasts.
 */
export type RunEvent = RunEventBody & { readonly seq: number; readonly at: number };

export type Submitted =
  | { readonly kind: 'submitted'; readonly run: string }
  /** The idempotency key was used before: nothing new was begun. */
  | { readonly kind: 'known'; readonly run: string }
  /** The idempotency key was used before, for something else: nothing was begun. */
  | { readonly kind: 'other'; readonly run: string }
  /** Another run of this stack is under way. */
  | { readonly kind: 'busy'; readonly run: string };

/** Which stacks are meant, whether they are declared any more or not. */
export interface StackFilter {
  /** Every name that fits begins with one of these; `''` fits all. */
  readonly prefixes: readonly string[];
  readonly fits: (stack: string) => boolean;
}

export interface RunFilter {
  readonly stack?: string;
  /** Default: all. */
  readonly stacks?: StackFilter;
  readonly state?: RunState;
  /** At most so many, the newest first. Default 50, at most 500. */
  readonly limit?: number;
}

export interface LookSummary {
  readonly stack: string;
  readonly at: number;
  /** Absent when the look failed: `error` says why. */
  readonly drift?: number;
  /** How many connections and links stand how; absent when the look failed. */
  readonly connections?: ConnectionCounts;
  readonly error?: EventError;
}

export type ConnectionCounts = Readonly<Record<Health, number>>;

/** What the last reconcile of a stack saw. */
export interface Look extends Omit<LookSummary, 'drift' | 'connections'> {
  readonly drift: readonly DriftItem[];
  readonly summary?: PlanSummary;
  /** Networks and connections with their states; absent when the look failed. */
  readonly graph?: Graph;
}

export interface ScheduleEntry {
  readonly stack: string;
  readonly action: ScheduleAction;
  readonly everySeconds: number;
  readonly paused: boolean;
  /** Absent while it is paused. */
  readonly nextAt?: number;
  readonly lastAt?: number;
}

/**
 * All of it may be called at any time and by many at once. Every method that names a stack or run that there is not
 * @throws PeerwayError `NotFound`; `Unavailable` when the engine's host cannot be reached
 */
export interface RunService {
  stacks(): Promise<StackList>;
  /** One of them, as `stacks` has it. @throws PeerwayError `FailedPrecondition` where its file is left out */
  stack(name: string): Promise<StackEntry>;
  /** The config text of a stack, as it stands in its file: with `${VARIABLE}`s, never with values. */
  config(stack: string): Promise<string>;
  /** @param by who asks, for the record: the name of a token, never the token. @throws PeerwayError `InvalidArgument` */
  submit(request: SubmitRun, by: string): Promise<Submitted>;
  /** The newest first. */
  runs(filter?: RunFilter): Promise<readonly RunSummary[]>;
  run(id: string): Promise<RunDetail>;
  /** The plan that the run made last. @throws PeerwayError `FailedPrecondition` before it is made */
  plan(id: string): Promise<Plan>;
  /** From the one after `after` (0: the first) until the run has ended or the signal aborts; then it ends without an error. */
  events(id: string, after: number, signal: AbortSignal): AsyncIterable<RunEvent>;
  /**
   * Lets a run that waits for approval go on; its plan is made again first and must have this fingerprint.
   * @throws PeerwayError `FailedPrecondition` when it does not wait, or waits with another plan
   */
  approve(id: string, fingerprint: string, by: string): Promise<void>;
  /** Asks a run to stop: nothing more is begun, waits end. Of a run that has ended: nothing. */
  cancel(id: string, by: string): Promise<void>;
  /** What the last reconcile saw; undefined before the first. */
  lastLook(stack: string): Promise<Look | undefined>;
  /** Looks now. @returns when it has ended */
  look(stack: string, signal: AbortSignal): Promise<Look>;
  /** Sorted by stack. */
  schedules(): Promise<readonly ScheduleEntry[]>;
  /** Undefined for a stack without one. */
  schedule(stack: string): Promise<ScheduleEntry | undefined>;
  /** Makes or changes the schedule of a stack. */
  setSchedule(schedule: SetSchedule): Promise<ScheduleEntry>;
  /** Of a stack without one: nothing. */
  deleteSchedule(stack: string): Promise<void>;
  /** What a readiness check asks: can the engine's host be reached, and how many workers have asked it for work lately. */
  health(): Promise<ServiceHealth>;
  close(): Promise<void>;
}

export interface ServiceHealth {
  readonly reachable: boolean;
  /** Undefined where it cannot be told. */
  readonly workers?: number;
  /** Runs under way. */
  readonly running: number;
  /** Why it cannot be reached. */
  readonly detail?: string;
  /** Files of stacks that are left out; undefined where the folder cannot be read. */
  readonly stacksLeftOut: number | undefined;
}
