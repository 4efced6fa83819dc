/** The typed event stream: the only source for progress bars, logs, JSON lines and OpenTelemetry. Every event is plain JSON. */
import { toPeerwayError, type ErrorData } from '@peerway/core/errors';
import type { PlanMode, PlanSummary, StepAction } from './plan/plan.js';

export interface StepRef {
  readonly id: string;
  readonly action: StepAction;
  readonly object: string;
  readonly connection: string;
}

/** An error as events and reports carry it: everything that the thrown one says, its stack left out. */
export type EventError = ErrorData;

/** Anything thrown as plain data; of a foreign error only the class name is kept, its text could hold a secret. */
export const eventError = (thrown: unknown): EventError => toPeerwayError(thrown).toJSON();

/** HTTP requests of one provider entry. */
export interface RequestCount {
  readonly sent: number;
  /** Of those, how many had to wait for their turn at the account's limit. */
  readonly waited: number;
  /** All of their waiting together. */
  readonly waitedMs: number;
  /** Calls that the cloud refused as too many (`Throttled`), repeated or not. */
  readonly throttled: number;
  /** Calls that the cloud refused because something else was under way (`Conflict`), repeated or not. */
  readonly conflicts: number;
}

/** An event before the stream has numbered it. */
export type EventBody =
  | { readonly type: 'plan.started'; readonly mode: PlanMode }
  | {
      readonly type: 'plan.done';
      readonly mode: PlanMode;
      readonly steps: number;
      readonly problems: number;
      readonly summary: PlanSummary;
      readonly durationMs: number;
    }
  | { readonly type: 'apply.started'; readonly mode: PlanMode; readonly steps: number }
  | { readonly type: 'step.queued'; readonly step: StepRef; readonly needs: readonly string[] }
  | { readonly type: 'step.started'; readonly step: StepRef }
  /** The step waits for the cloud or for its turn. `etaMs`: learned from earlier steps of the same kind, from now. */
  | { readonly type: 'step.waiting'; readonly step: StepRef; readonly cause: string; readonly etaMs?: number }
  | { readonly type: 'step.retried'; readonly step: StepRef; readonly error: EventError; readonly delayMs: number }
  | { readonly type: 'step.done'; readonly step: StepRef; readonly durationMs: number }
  | { readonly type: 'step.failed'; readonly step: StepRef; readonly durationMs: number; readonly error: EventError }
  /** Not done, because a step that it needs failed or the run was canceled; `begun` when it was waiting for the cloud by then. */
  | { readonly type: 'step.skipped'; readonly step: StepRef; readonly because: string; readonly begun: boolean }
  /** The cloud said we are too fast (or has been content for a while): so many requests at once from now on. */
  | { readonly type: 'limit.learned'; readonly provider: string; readonly window: number; readonly because: string }
  /** What a plan or an apply has asked of one provider entry; comes before its end. Entries that were asked nothing are left out. */
  | ({ readonly type: 'requests.counted'; readonly provider: string } & RequestCount)
  | {
      readonly type: 'apply.done';
      readonly outcome: 'done' | 'failed' | 'canceled';
      readonly done: number;
      readonly failed: number;
      readonly skipped: number;
      readonly durationMs: number;
    };

/** `seq` counts from 1 within one engine; `at` is milliseconds since the epoch. */
export type EngineEvent = EventBody & { readonly seq: number; readonly at: number; readonly stack: string };
export type EngineEventType = EventBody['type'];

/** Numbers and stamps events. A listener that throws must not break a run that is changing a cloud. */
export class EventStream {
  #seq = 0;

  constructor(
    private readonly stack: string,
    private readonly now: () => number,
    private readonly listener: ((event: EngineEvent) => void) | undefined,
  ) {}

  emit(body: EventBody): void {
    this.#seq++;
    try {
      this.listener?.({ ...body, seq: this.#seq, at: this.now(), stack: this.stack });
    } catch {
      // the listener's defect is the listener's to report
    }
  }
}
