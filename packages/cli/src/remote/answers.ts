/** As much of what a server answers (its /openapi.json) as the command uses. */
import type {
  ApplyReport,
  EngineEvent,
  ErrorData,
  Graph,
  Health,
  PlanSummary,
  Problem,
  StepOutcome,
} from '@peerway/runtime';

type RunOutcome = 'done' | 'failed' | 'canceled' | 'refused';
type StepState = 'queued' | 'running' | StepOutcome['outcome'];

export interface RemoteRun {
  readonly id: string;
  readonly stack: string;
  readonly mode: ApplyReport['mode'];
  readonly state: 'queued' | 'planning' | 'awaiting-approval' | 'running' | 'stopping' | 'ended';
  readonly outcome?: RunOutcome;
  readonly by: string;
  /** Milliseconds since the epoch, as all instants here. */
  readonly submittedAt: number;
  readonly endedAt?: number;
  readonly counts: Readonly<Record<StepState, number>>;
}

export interface RemoteStep {
  readonly id: string;
  readonly action: string;
  readonly object: string;
  readonly state: StepState;
  readonly waitingFor?: string;
  readonly because?: string;
  readonly error?: ErrorData;
  readonly durationMs?: number;
}

export interface RemoteRunDetail extends RemoteRun {
  readonly plan?: {
    readonly fingerprint: string;
    readonly steps: number;
    readonly summary: PlanSummary;
    readonly problems: readonly Problem[];
  };
  readonly steps: readonly RemoteStep[];
  readonly error?: ErrorData;
}

interface RemoteLook {
  readonly at: number;
  readonly error?: ErrorData;
}

export interface RemoteStack {
  readonly name: string;
  readonly run?: string;
  readonly lastRun?: RemoteRun;
  readonly lastLook?: RemoteLook & {
    readonly drift?: number;
    readonly connections?: Readonly<Record<Health, number>>;
  };
}

/** A file on the server that is left out. */
interface RemoteStackProblem {
  readonly file: string;
  readonly stack?: string;
  readonly message: string;
  readonly remedy: string;
}

export interface RemoteStackList {
  readonly stacks: readonly RemoteStack[];
  readonly problems: readonly RemoteStackProblem[];
}

export interface RemoteStackDetail extends RemoteStack {
  readonly look?: RemoteLook & {
    readonly graph?: Graph;
    readonly drift: readonly {
      readonly kind: string;
      readonly connection: string;
      readonly object: string;
      readonly detail: string;
    }[];
  };
}

export interface RemoteSchedule {
  readonly stack: string;
  readonly action: 'look' | 'apply';
  readonly everySeconds: number;
  readonly paused: boolean;
  readonly nextAt?: number;
}

/** Events that a run has beyond the engine's. */
export type RemoteEvent =
  | EngineEvent
  | ({ readonly seq: number; readonly at: number } & (
      | { readonly type: 'run.awaiting-approval'; readonly fingerprint: string }
      | { readonly type: 'run.approved' | 'run.stopping'; readonly by: string }
      | { readonly type: 'run.ended'; readonly outcome: RunOutcome; readonly error?: ErrorData }
    ));
