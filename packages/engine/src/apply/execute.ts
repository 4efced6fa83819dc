/** Runs a plan: takes steps from the schedule, hands them to the executor, reports to the event stream, survives failures. */
import { setMaxListeners } from 'node:events';
import { isPeerwayError, PeerwayError, type Clock } from '@peerway/core';
import { eventError, type EventStream, type StepRef } from '../events.js';
import type { Progress, StepEnd, StepExecutor, StepResult, StopSignals } from './executor.js';
import type { Places } from '../pacing/places.js';
import type { Plan, PlanStep } from '../plan/plan.js';
import type { ApplyReport, StepOutcome } from './report.js';
import type { Schedule, Task } from './schedule.js';

/** After this long without an end, incomplete route batches go all the same. */
const PARTIAL_BATCHES_AFTER_MS = 30_000;
/** How long a stopped run lets its requests under way finish. */
const GRACE_MS = 10_000;

interface ExecuteOptions {
  readonly plan: Plan;
  readonly schedule: Schedule;
  readonly executor: StepExecutor;
  readonly places: Places;
  readonly clock: Clock;
  readonly events: EventStream;
  readonly signal: AbortSignal;
  /** Called once before the run is said to have ended. */
  readonly beforeEnd: () => void;
}

const stepRef = ({ id, action, object, connection }: PlanStep): StepRef => ({ id, action, object, connection });

export async function execute(options: ExecuteOptions): Promise<ApplyReport> {
  const { plan, events, clock } = options;
  const start = clock.now();
  events.emit({ type: 'apply.started', mode: plan.mode, steps: plan.steps.length });
  for (const step of plan.steps) events.emit({ type: 'step.queued', step: stepRef(step), needs: step.needs });
  const stop = new AbortController();
  const abandon = new AbortController();
  // one listener per waiting step is meant, not a leak
  setMaxListeners(0, stop.signal, abandon.signal);
  const ended = new AbortController();
  const onAbort = (): void => {
    stop.abort();
    void clock.sleep(GRACE_MS, ended.signal).then(
      () => abandon.abort(),
      () => undefined,
    );
  };
  options.signal.addEventListener('abort', onAbort, { once: true });
  if (options.signal.aborted) onAbort();
  const outcomes = await new Run(options, { stop: stop.signal, abandon: abandon.signal }).finish();
  options.signal.removeEventListener('abort', onAbort);
  ended.abort();
  const steps = plan.steps.map(
    (step): StepOutcome =>
      outcomes.get(step.id) ?? {
        step: step.id,
        object: step.object,
        outcome: 'left',
        because: 'the run was stopped before it',
      },
  );
  const count = (outcome: StepOutcome['outcome']): number => steps.filter((step) => step.outcome === outcome).length;
  const outcome = options.signal.aborted && count('left') > 0 ? 'canceled' : count('failed') > 0 ? 'failed' : 'done';
  const durationMs = clock.now() - start;
  options.beforeEnd();
  events.emit({
    type: 'apply.done',
    outcome,
    done: count('done'),
    failed: count('failed'),
    skipped: count('skipped') + count('left'),
    durationMs,
  });
  return { version: 1, stack: plan.stack, mode: plan.mode, outcome, steps, durationMs };
}

class Run {
  readonly #outcomes = new Map<string, StepOutcome>();
  readonly #results: Record<string, StepResult> = {};
  #running = 0;
  #proceed: (() => void) | undefined;
  #lastEnd: number;
  /** What is planned, and when it was begun: the same plan made and begun again is another run. */
  readonly #name: string;

  constructor(
    private readonly options: ExecuteOptions,
    private readonly signals: StopSignals,
  ) {
    const { plan, clock } = options;
    this.#lastEnd = clock.now();
    this.#name = `${plan.stack} ${plan.fingerprint} ${clock.now()}`;
  }

  async finish(): Promise<Map<string, StepOutcome>> {
    const { schedule, clock } = this.options;
    const signal = this.signals.stop;
    const ticker = new AbortController();
    const onAbort = (): void => this.#proceed?.();
    signal.addEventListener('abort', onAbort, { once: true });
    let ticking = false;
    for (;;) {
      const partialBatches = clock.now() - this.#lastEnd >= PARTIAL_BATCHES_AFTER_MS;
      if (!signal.aborted) for (const task of schedule.take(partialBatches)) void this.#perform(task);
      if (this.#running === 0) break;
      if (!ticking) {
        ticking = true;
        void clock.sleep(PARTIAL_BATCHES_AFTER_MS, ticker.signal).then(
          () => {
            ticking = false;
            this.#proceed?.();
          },
          () => undefined,
        );
      }
      await new Promise<void>((resolve) => (this.#proceed = resolve));
    }
    ticker.abort();
    signal.removeEventListener('abort', onAbort);
    return this.#outcomes;
  }

  /** Takes the task's places, which other runs may have, then does it. Told to stop before that, it has not begun. */
  async #perform(task: Task): Promise<void> {
    const { places, clock } = this.options;
    this.#running++;
    const asked = clock.now();
    try {
      const onWait = (): void => this.#waitsForPlaces(task);
      const giveBack = await places.take(task.places, { signal: this.signals.stop, onWait });
      try {
        await this.#do(task, giveBack);
      } finally {
        giveBack();
      }
    } catch (thrown) {
      if (!isPeerwayError(thrown, 'Canceled')) this.#end(task, allFailed(task, thrown), { asked, canceled: false });
    }
    this.#running--;
    this.#proceed?.();
  }

  #waitsForPlaces({ steps }: Task): void {
    const cause = 'another run to end its work in the same network';
    for (const step of steps) this.options.events.emit({ type: 'step.waiting', step: stepRef(step), cause });
  }

  async #do(task: Task, giveBack: () => void): Promise<void> {
    const { executor, events, clock } = this.options;
    const asked = clock.now();
    for (const step of task.steps) events.emit({ type: 'step.started', step: stepRef(step) });
    let ends: readonly StepEnd[];
    let canceled = false;
    try {
      ends = await executor.run(
        { run: this.#name, steps: task.steps, results: this.#inputs(task) },
        this.#progressOf(task, giveBack),
        this.signals,
      );
    } catch (thrown) {
      canceled = isPeerwayError(thrown, 'Canceled');
      ends = allFailed(task, thrown);
    }
    this.#end(task, ends, { asked, canceled });
  }

  #end(
    task: Task,
    ends: readonly StepEnd[],
    { asked, canceled }: { readonly asked: number; readonly canceled: boolean },
  ): void {
    const { clock } = this.options;
    const durationMs = clock.now() - asked;
    for (const [at, step] of task.steps.entries()) this.#record(step, ends[at], { durationMs, canceled });
    this.#skipDependents(task, canceled);
    this.#lastEnd = clock.now();
  }

  #progressOf(task: Task, giveBack: () => void): Progress {
    const { schedule, events } = this.options;
    const refs = new Map(task.steps.map((step) => [step.id, stepRef(step)]));
    const causes = new Map<string, string>();
    return {
      released: () => {
        schedule.release(task.id);
        giveBack();
        this.#proceed?.();
      },
      waiting: (id, cause, etaMs) => {
        const step = refs.get(id);
        if (step === undefined || causes.get(id) === cause) return;
        causes.set(id, cause);
        events.emit({ type: 'step.waiting', step, cause, ...(etaMs === undefined ? {} : { etaMs }) });
      },
      retried: (id, error, delayMs) => {
        const step = refs.get(id);
        if (step !== undefined) events.emit({ type: 'step.retried', step, error, delayMs });
      },
    };
  }

  #record(
    step: PlanStep,
    end: StepEnd | undefined,
    how: { readonly durationMs: number; readonly canceled: boolean },
  ): void {
    const { events } = this.options;
    const { durationMs } = how;
    const ref = stepRef(step);
    const outcome = { step: step.id, object: step.object };
    if (end?.ok === true) {
      this.#results[step.id] = end.result;
      this.#outcomes.set(step.id, { ...outcome, outcome: 'done', durationMs });
      events.emit({ type: 'step.done', step: ref, durationMs });
    } else if (how.canceled || (this.signals.stop.aborted && end?.error.code === 'Canceled')) {
      const because = 'the run was stopped while it waited; what the cloud has begun goes on';
      this.#outcomes.set(step.id, { ...outcome, outcome: 'left', because });
      events.emit({ type: 'step.skipped', step: ref, because, begun: true });
    } else {
      const error = end?.error ?? eventError(new PeerwayError('Internal', 'The executor lost an outcome'));
      this.#outcomes.set(step.id, { ...outcome, outcome: 'failed', durationMs, error });
      events.emit({ type: 'step.failed', step: ref, durationMs, error });
    }
  }

  /** Ends the task in the schedule; what can never start because of it is skipped. */
  #skipDependents(task: Task, canceled: boolean): void {
    const { schedule, events } = this.options;
    const stopped = this.signals.stop.aborted;
    const because = `${task.steps[0].object} ${canceled || stopped ? 'was left' : 'failed'}`;
    for (const step of schedule.ended(task.id, (id) => this.#outcomes.get(id)?.outcome === 'done')) {
      const outcome = stopped ? 'left' : 'skipped';
      this.#outcomes.set(step.id, { step: step.id, object: step.object, outcome, because });
      events.emit({ type: 'step.skipped', step: stepRef(step), because, begun: false });
    }
  }

  #inputs(task: Task): Record<string, StepResult> {
    const inputs: Record<string, StepResult> = {};
    for (const step of task.steps) {
      for (const need of step.needs) {
        const result = this.#results[need];
        if (result !== undefined && result.kind !== 'none') inputs[need] = result;
      }
    }
    return inputs;
  }
}

const allFailed = ({ steps }: Task, thrown: unknown): StepEnd[] => {
  const error = eventError(thrown);
  return steps.map(() => ({ ok: false, error }));
};
