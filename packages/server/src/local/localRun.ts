/** One run in this process: plan, compare, ask, apply; its record and whoever listens. */
import { isPeerwayError, PeerwayError, toPeerwayError, type Clock } from '@peerway/core';
import type { EngineEvent, Plan } from '@peerway/engine';
import type { Peerway } from '@peerway/runtime';
import { notAwaiting, otherPlan } from '../runs/answers.js';
import { RunRecord, type RunOrigin } from '../runs/record.js';
import { refusalOf } from '../runs/refusals.js';
import type { SubmitRun } from '../runs/requests.js';
import type { RunEvent, RunEventBody } from '../runs/service.js';

export class LocalRun {
  readonly record: RunRecord;
  /** Resolves when it has ended; never rejects. */
  readonly ended: Promise<void>;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<(event: RunEvent) => void>();
  #approve: (() => void) | undefined;

  constructor(
    origin: RunOrigin,
    readonly request: SubmitRun,
    private readonly clock: Clock,
    open: () => Promise<Peerway>,
  ) {
    this.record = new RunRecord(origin);
    this.ended = this.#run(open);
  }

  approve(fingerprint: string, by: string): void {
    const { state, plan } = this.record;
    if (state !== 'awaiting-approval' || this.#approve === undefined) throw notAwaiting(state);
    if (plan?.fingerprint !== fingerprint) throw otherPlan();
    this.#note({ type: 'run.approved', by });
    this.#approve();
  }

  cancel(by: string): void {
    if (this.record.state === 'ended' || this.#stop.signal.aborted) return;
    this.#note({ type: 'run.stopping', by });
    this.#stop.abort();
  }

  /** Those that last after `after`, then every event as it comes, until the run has ended or the signal aborts. */
  async *events(after: number, signal: AbortSignal): AsyncGenerator<RunEvent> {
    const waiting: RunEvent[] = [...this.record.eventsAfter(after)];
    let wake = (): void => undefined;
    const onEvent = (event: RunEvent): void => {
      waiting.push(event);
      wake();
    };
    const onAbort = (): void => wake();
    this.#listeners.add(onEvent);
    signal.addEventListener('abort', onAbort);
    try {
      for (;;) {
        for (const event of waiting.splice(0)) if (!signal.aborted) yield event;
        if (signal.aborted || (this.record.state === 'ended' && waiting.length === 0)) return;
        if (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.#listeners.delete(onEvent);
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #run(open: () => Promise<Peerway>): Promise<void> {
    let peerway: Peerway | undefined;
    try {
      peerway = await open();
      peerway.on((event) => this.#note(withoutStamp(event)));
      const plan = await this.#approved(peerway);
      const { outcome } = await peerway.apply(plan, { force: this.request.force ?? false, signal: this.#stop.signal });
      this.#note({ type: 'run.ended', outcome });
    } catch (thrown) {
      const outcome = isPeerwayError(thrown, 'Canceled') ? 'canceled' : this.#begun ? 'failed' : 'refused';
      this.#note({
        type: 'run.ended',
        outcome,
        ...(outcome === 'canceled' ? {} : { error: toPeerwayError(thrown).toJSON() }),
      });
    } finally {
      await peerway?.close().catch(() => undefined);
    }
  }

  get #begun(): boolean {
    return this.record.eventsAfter(0).some(({ type }) => type === 'apply.started');
  }

  /** @throws PeerwayError when the run must not begin */
  async #approved(peerway: Peerway): Promise<Plan> {
    const { askFirst = false, expect } = this.request;
    const plan = await this.#plan(peerway, expect);
    if (!askFirst || plan.steps.length === 0) return plan;
    const approved = new Promise<void>((resolve, reject) => {
      this.#approve = resolve;
      this.#stop.signal.addEventListener('abort', () => reject(new PeerwayError('Canceled', 'The run was canceled')));
    });
    this.#note({ type: 'run.awaiting-approval', fingerprint: plan.fingerprint });
    await approved;
    return this.#plan(peerway, plan.fingerprint);
  }

  async #plan(peerway: Peerway, expect: string | undefined): Promise<Plan> {
    const { mode = 'apply', prune = 'sync', targets = [], force = false } = this.request;
    const plan = await peerway.plan({ mode, prune, targets, signal: this.#stop.signal });
    this.record.planned(plan);
    const refusal = refusalOf(plan, { expect, force });
    if (refusal === undefined) return plan;
    const { message, ...details } = refusal;
    throw new PeerwayError('FailedPrecondition', message, details);
  }

  #note(body: RunEventBody): void {
    const event = this.record.note(body, this.clock.now());
    for (const listener of [...this.#listeners]) listener(event);
  }
}

/** The engine numbers its own events; a run has others between them. */
function withoutStamp(event: EngineEvent): RunEventBody {
  const { seq: _seq, at: _at, stack: _stack, ...body } = event;
  return body;
}
