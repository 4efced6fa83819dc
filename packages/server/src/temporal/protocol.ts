/**
 * What crosses between workflows, workers and those who ask: names, and data that enters Temporal's store. Plain JSON, no secret: a
 * config goes as its text, with `${VARIABLE}`s that each worker fills in from its own environment.
 */
import type {
  Plan,
  PlaceTicket,
  PlanMode,
  PlanStep,
  PrunePolicy,
  ScheduleRules,
  StepEnd,
  StepResult,
  EventError,
} from '@peerway/engine';
import type { ScheduleAction } from '../runs/requests.js';
import type { Look, LookSummary, RunSummary } from '../runs/service.js';
import type { StackConfig } from '../runs/stackConfigs.js';

export const TASK_QUEUE = 'peerway';

/** Before what a schedule starts, which is 4. */
export const PERSONS_PRIORITY = 2;

/** Ids of workflows are locks: Temporal runs one at a time under each. No name has a slash in it. */
export const runWorkflowId = (stack: string): string => `run/${stack}`;
export const placesWorkflowId = (plugin: string): string => `places/${plugin}`;
/** Begins the ids of all looks at a stack; a schedule adds the time. */
export const lookWorkflowId = (stack: string): string => `look/${stack}/`;
export const scheduleId = (stack: string): string => `reconcile/${stack}`;

/** Of plugin and network, see `PlaceWish`: `create alibaba vpc-1`. */
export const pluginOfPlace = (name: string): string => name.split(' ')[1] ?? '';

/** What a run begins with. */
export interface RunInput {
  readonly version: 1;
  readonly config: StackConfig;
  readonly mode: PlanMode;
  readonly prune: PrunePolicy;
  readonly targets: readonly string[];
  readonly force: boolean;
  readonly expect?: string;
  readonly askFirst: boolean;
  readonly by: string;
  /** 1 to 5, the lower the sooner. */
  readonly priority: number;
  readonly key?: RunKey;
}

/** By what a client that orders the same run again is known. */
export interface RunKey {
  readonly text: string;
  /** Digest of what was asked for by it. */
  readonly asked: string;
}

/** Temporal's own: what a list of runs shows of each without asking a worker. */
export interface RunMemo {
  readonly run: Omit<RunSummary, 'id'>;
  readonly key?: RunKey;
}

export interface LookInput {
  readonly version: 1;
  readonly config: StackConfig;
  readonly action: ScheduleAction;
}

export interface LookMemo {
  readonly look?: LookSummary;
}

/** The first argument of every workflow that has activities: where a worker finds the config. */
export type WithConfig = Pick<RunInput | LookInput, 'config'>;

export interface PlanTask {
  readonly digest: string;
  readonly mode: PlanMode;
  readonly prune: PrunePolicy;
  readonly targets: readonly string[];
}

export interface PlannedRun {
  readonly plan: Plan;
  readonly rules: Readonly<Record<string, ScheduleRules>>;
}

/** A failure is a result, never thrown: what is thrown is a lost worker, and is tried again. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: EventError };

export interface TaskWork {
  readonly digest: string;
  /** Names the run among all runs, see `Assignment`. */
  readonly run: string;
  readonly task: string;
  readonly steps: readonly PlanStep[];
  readonly results: Readonly<Record<string, StepResult>>;
  /** The places of this task may be given back before its end. */
  readonly hasPlaces: boolean;
}

export type TaskAnswer =
  { readonly kind: 'ended'; readonly ends: readonly StepEnd[] } | { readonly kind: 'interrupted' };

/** What a worker says with its heartbeats; to be read while the task is under way. */
export interface TaskNews {
  /** By step id. */
  readonly waiting: Readonly<Record<string, { readonly cause: string; readonly expectedAt?: number }>>;
}

export interface Activities {
  planRun(task: PlanTask): Promise<Answer<PlannedRun>>;
  performTask(work: TaskWork): Promise<TaskAnswer>;
  lookAt(digest: string): Promise<Look>;
  /** Starts those keepers of places that do not run. */
  startPlaces(plugins: readonly string[]): Promise<void>;
  /** Of these workflow ids and run ids, those that have ended. */
  endedRuns(runs: readonly RunAddress[]): Promise<readonly RunAddress[]>;
}

/** A workflow and, of all that had this id, which. */
export interface RunAddress {
  readonly workflowId: string;
  readonly runId: string;
}

/** Of a run to the keeper of places. */
export interface PlacesMessage {
  readonly from: RunAddress;
  readonly ask: readonly PlaceTicket[];
  /** Ids of tickets. */
  readonly giveBack: readonly string[];
}

/** With what a keeper of places goes on. */
export interface PlacesState {
  readonly held: readonly PlaceTicket[];
  readonly waiting: readonly PlaceTicket[];
  /** Whose each ticket is. */
  readonly owners: Readonly<Record<string, RunAddress>>;
}

/** Names of signals, queries and updates. */
export const NAMES = {
  /** Signal to a run: stop, by whom. */
  stop: 'stop',
  /** Signal to a run: these tickets have their places. */
  granted: 'granted',
  /** Signal to a run: this task needs its places no longer. */
  released: 'released',
  /** Update of a run: fingerprint, by whom. */
  approve: 'approve',
  /** Queries of a run. */
  detail: 'detail',
  plan: 'plan',
  events: 'events',
  /** Signal to a keeper of places. */
  places: 'places',
  /** Query of a keeper of places. */
  placesState: 'state',
} as const;
