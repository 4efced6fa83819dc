/**
 * What is known of one run, folded from its events: the same in this process and in a workflow, so it has no clock, no randomness and
 * nothing of node.
 */
import type { EventError, Plan, StepRef } from '@peerway/engine';
import type {
  PlanDigest,
  RunDetail,
  RunEvent,
  RunEventBody,
  RunOutcome,
  RunState,
  RunStep,
  RunSummary,
  StepCounts,
  StepState,
} from './service.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What is known of a run before its first event. */
export type RunOrigin = Pick<RunSummary, 'id' | 'stack' | 'mode' | 'by' | 'submittedAt'>;

export class RunRecord {
  readonly #origin: RunOrigin;
  readonly #events: RunEvent[] = [];
  /** In the plan's order. */
  readonly #steps = new Map<string, Writable<RunStep>>();
  #state: RunState = 'queued';
  #outcome: RunOutcome | undefined;
  #error: EventError | undefined;
  #endedAt: number | undefined;
  #plan: Plan | undefined;

  constructor(origin: RunOrigin) {
    this.#origin = origin;
  }

  get state(): RunState {
    return this.#state;
  }

  /** The plan that was made last. */
  get plan(): Plan | undefined {
    return this.#plan;
  }

  planned(plan: Plan): void {
    this.#plan = plan;
  }

  /** Numbers the event, keeps it where it lasts, and learns from it. */
  note(body: RunEventBody, at: number): RunEvent {
    const passes = body.type === 'step.waiting' || body.type === 'step.retried';
    const event: RunEvent = { ...body, seq: this.#events.length + (passes ? 0 : 1), at };
    if (!passes) this.#events.push(event);
    this.#learn(body, at);
    return event;
  }

  /** Those that last, from the one after `after`. */
  eventsAfter(after: number): readonly RunEvent[] {
    return this.#events.slice(after);
  }

  get summary(): RunSummary {
    return {
      ...this.#origin,
      state: this.#state,
      counts: this.#counts(),
      ...(this.#outcome === undefined ? {} : { outcome: this.#outcome }),
      ...(this.#endedAt === undefined ? {} : { endedAt: this.#endedAt }),
    };
  }

  get detail(): RunDetail {
    return {
      ...this.summary,
      steps: [...this.#steps.values()].map((step) => ({ ...step })),
      lastEvent: this.#events.length,
      ...(this.#plan === undefined ? {} : { plan: digestOf(this.#plan) }),
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  #learn(body: RunEventBody, at: number): void {
    switch (body.type) {
      case 'plan.started':
        if (this.#state === 'queued') this.#state = 'planning';
        break;
      case 'run.awaiting-approval':
        this.#state = 'awaiting-approval';
        break;
      case 'apply.started':
        if (this.#state !== 'stopping') this.#state = 'running';
        break;
      case 'run.stopping':
        if (this.#state !== 'ended') this.#state = 'stopping';
        break;
      case 'run.ended':
        this.#state = 'ended';
        this.#outcome = body.outcome;
        this.#error = body.error;
        this.#endedAt = at;
        break;
      case 'step.queued':
        this.#steps.set(body.step.id, { ...body.step, state: 'queued', needs: body.needs });
        break;
      case 'step.started':
        this.#become(body.step, 'running', { startedAt: at });
        break;
      case 'step.waiting':
        this.#waits(body.step, body.cause, body.etaMs === undefined ? undefined : at + body.etaMs);
        break;
      case 'step.done':
        this.#become(body.step, 'done', { durationMs: body.durationMs });
        break;
      case 'step.failed':
        this.#become(body.step, 'failed', { durationMs: body.durationMs, error: body.error });
        break;
      case 'step.skipped':
        this.#become(body.step, body.begun ? 'left' : 'skipped', { because: body.because });
        break;
      case 'plan.done':
      case 'run.approved':
      case 'step.retried':
      case 'limit.learned':
      case 'requests.counted':
      case 'apply.done':
        break;
    }
  }

  #become({ id }: StepRef, state: StepState, more: Partial<RunStep>): void {
    const step = this.#steps.get(id);
    if (step === undefined) return;
    delete step.waitingFor;
    delete step.expectedAt;
    Object.assign(step, { state }, more);
  }

  #waits({ id }: StepRef, cause: string, expectedAt: number | undefined): void {
    const step = this.#steps.get(id);
    if (step === undefined) return;
    step.waitingFor = cause;
    if (expectedAt === undefined) delete step.expectedAt;
    else step.expectedAt = expectedAt;
  }

  #counts(): StepCounts {
    const counts = { queued: 0, running: 0, done: 0, failed: 0, skipped: 0, left: 0 };
    for (const { state } of this.#steps.values()) counts[state]++;
    return counts;
  }
}

const digestOf = ({ fingerprint, summary, problems, drift, steps }: Plan): PlanDigest => ({
  fingerprint,
  summary,
  problems,
  drift,
  steps: steps.length,
});
