/**
 * Runs a plan: takes tasks from the schedule, has its host do them, reports to the event stream, survives failures. Pure: time,
 * stopping, places and the doing itself are the host's, so that the same loop runs in a process or in a durable workflow.
 */
import { PeerwayError } from '@peerway/core/errors';
import { eventError, type EventBody, type StepRef } from '../events.js';
import type { Progress, StepEnd, StepResult } from './executor.js';
import type { Plan, PlanStep } from '../plan/plan.js';
import type { ApplyReport, StepOutcome } from './report.js';
import type { Schedule, Task } from './schedule.js';

/** After this long without an end, incomplete route batches go all the same. */
const PARTIAL_BATCHES_AFTER_MS = 30_000;

export interface RunRequest {
  readonly plan: Plan;
  /** Of the plan's steps, nothing taken yet. */
  readonly schedule: Schedule;
}

/** What the loop hears of a task before its end. */
export interface TaskProgress extends Progress {
  /** Its places are taken, it is being done. */
  begun(): void;
}

/** How a task went. `untouched`: told to stop before it had begun; `interrupted`: after it had. */
export type TaskEnd =
  | { readonly kind: 'ended'; readonly ends: readonly StepEnd[] }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'untouched' };

/** Whoever runs the loop. */
export interface RunHost {
  now(): number;
  emit(event: EventBody): void;
  /** True once nothing more is to begin. */
  isStopped(): boolean;
  /** Resolves after so many milliseconds, or once the run is to stop, or when `wake` is called: whichever comes first. */
  rest(ms: number): Promise<void>;
  wake(): void;
  /** Takes the task's places and does it. Never rejects. @param inputs results of the steps that its steps need */
  perform(task: Task, inputs: Readonly<Record<string, StepResult>>, progress: TaskProgress): Promise<TaskEnd>;
}

export async function runLoop({ plan, schedule }: RunRequest, host: RunHost): Promise<ApplyReport> {
  const start = host.now();
  host.emit({ type: 'apply.started', mode: plan.mode, steps: plan.steps.length });
  for (const step of plan.steps) host.emit({ type: 'step.queued', step: stepRef(step), needs: step.needs });
  const outcomes = await new Run(schedule, host).finish();
  const notReached = { outcome: 'left', because: 'the run was stopped before it' } as const;
  const steps = plan.steps.map(
    ({ id: step, object }): StepOutcome => outcomes.get(step) ?? { step, object, ...notReached },
  );
  const count = (outcome: StepOutcome['outcome']): number => steps.filter((step) => step.outcome === outcome).length;
  const outcome = host.isStopped() && count('left') > 0 ? 'canceled' : count('failed') > 0 ? 'failed' : 'done';
  const durationMs = host.now() - start;
  host.emit({
    type: 'apply.done',
    outcome,
    done: count('done'),
    failed: count('failed'),
    skipped: count('skipped') + count('left'),
    durationMs,
  });
  return { version: 1, stack: plan.stack, mode: plan.mode, outcome, steps, durationMs };
}

const stepRef = ({ id, action, object, connection }: PlanStep): StepRef => ({ id, action, object, connection });

class Run {
  readonly #outcomes = new Map<string, StepOutcome>();
  readonly #results: Record<string, StepResult> = {};
  #running = 0;
  #lastEnd: number;

  constructor(
    private readonly schedule: Schedule,
    private readonly host: RunHost,
  ) {
    this.#lastEnd = host.now();
  }

  async finish(): Promise<ReadonlyMap<string, StepOutcome>> {
    const { schedule, host } = this;
    for (;;) {
      const quietMs = host.now() - this.#lastEnd;
      const partialBatches = quietMs >= PARTIAL_BATCHES_AFTER_MS;
      if (!host.isStopped()) for (const task of schedule.take(partialBatches)) void this.#perform(task);
      if (this.#running === 0) return this.#outcomes;
      await host.rest(PARTIAL_BATCHES_AFTER_MS - (partialBatches ? 0 : quietMs));
    }
  }

  async #perform(task: Task): Promise<void> {
    const { host } = this;
    this.#running++;
    let begunAt = host.now();
    const begun = (): void => {
      begunAt = host.now();
      for (const step of task.steps) host.emit({ type: 'step.started', step: stepRef(step) });
    };
    const end = await host.perform(task, this.#inputs(task), { begun, ...this.#progressOf(task) });
    if (end.kind !== 'untouched') {
      const durationMs = host.now() - begunAt;
      for (const [at, step] of task.steps.entries())
        this.#record(step, end.kind === 'ended' ? (end.ends[at] ?? lost()) : 'interrupted', durationMs);
      this.#skipDependents(task, end.kind === 'interrupted');
      this.#lastEnd = host.now();
    }
    this.#running--;
    host.wake();
  }

  #progressOf(task: Task): Progress {
    const { schedule, host } = this;
    const refs = new Map(task.steps.map((step) => [step.id, stepRef(step)]));
    const causes = new Map<string, string>();
    return {
      released: () => {
        schedule.release(task.id);
        host.wake();
      },
      waiting: (id, cause, etaMs) => {
        const step = refs.get(id);
        if (step === undefined || causes.get(id) === cause) return;
        causes.set(id, cause);
        host.emit({ type: 'step.waiting', step, cause, ...(etaMs === undefined ? {} : { etaMs }) });
      },
      retried: (id, error, delayMs) => {
        const step = refs.get(id);
        if (step !== undefined) host.emit({ type: 'step.retried', step, error, delayMs });
      },
    };
  }

  #record(step: PlanStep, end: StepEnd | 'interrupted', durationMs: number): void {
    const { host } = this;
    const ref = stepRef(step);
    const outcome = { step: step.id, object: step.object };
    if (end === 'interrupted' || (!end.ok && end.error.code === 'Canceled' && host.isStopped())) {
      const because = 'the run was stopped while it waited; what the cloud has begun goes on';
      this.#outcomes.set(step.id, { ...outcome, outcome: 'left', because });
      host.emit({ type: 'step.skipped', step: ref, because, begun: true });
    } else if (end.ok) {
      this.#results[step.id] = end.result;
      this.#outcomes.set(step.id, { ...outcome, outcome: 'done', durationMs });
      host.emit({ type: 'step.done', step: ref, durationMs });
    } else {
      const { error } = end;
      this.#outcomes.set(step.id, { ...outcome, outcome: 'failed', durationMs, error });
      host.emit({ type: 'step.failed', step: ref, durationMs, error });
    }
  }

  /** Ends the task in the schedule; what can never start because of it is skipped. */
  #skipDependents(task: Task, interrupted: boolean): void {
    const { schedule, host } = this;
    const stopped = host.isStopped();
    const because = `${task.steps[0].object} ${interrupted || stopped ? 'was left' : 'failed'}`;
    for (const step of schedule.ended(task.id, (id) => this.#outcomes.get(id)?.outcome === 'done')) {
      const outcome = stopped ? 'left' : 'skipped';
      this.#outcomes.set(step.id, { step: step.id, object: step.object, outcome, because });
      host.emit({ type: 'step.skipped', step: stepRef(step), because, begun: false });
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

const lost = (): StepEnd => ({
  ok: false,
  error: eventError(new PeerwayError('Internal', 'The executor lost an outcome')),
});
