/** Hosts a run in this process: its clock, its signals, places shared with the other runs, and an executor that does the steps. */
import { setMaxListeners } from 'node:events';
import { isPeerwayError, type Clock } from '@peerway/core';
import { eventError, type EventBody, type EventStream } from '../events.js';
import type { Places } from '../pacing/places.js';
import type { StepEnd, StepExecutor, StepResult } from './executor.js';
import type { ApplyReport } from './report.js';
import { runLoop, type RunHost, type RunRequest, type TaskEnd, type TaskProgress } from './runLoop.js';
import type { Task } from './schedule.js';

/** How long a stopped run lets its requests under way finish. */
const GRACE_MS = 10_000;

interface ExecuteOptions extends RunRequest {
  readonly executor: StepExecutor;
  readonly places: Places;
  readonly clock: Clock;
  readonly events: EventStream;
  readonly signal: AbortSignal;
  /** Called once before the run is said to have ended. */
  readonly beforeEnd: () => void;
}

export async function execute(options: ExecuteOptions): Promise<ApplyReport> {
  const host = new ProcessHost(options);
  try {
    return await runLoop(options, host);
  } finally {
    host.close();
  }
}

class ProcessHost implements RunHost {
  readonly #stop = new AbortController();
  readonly #abandon = new AbortController();
  readonly #ended = new AbortController();
  /** What is planned, and when it was begun: the same plan made and begun again is another run. */
  readonly #name: string;
  #awake = new AbortController();

  constructor(private readonly options: ExecuteOptions) {
    const { plan, clock, signal } = options;
    this.#name = `${plan.stack} ${plan.fingerprint} ${clock.now()}`;
    // one listener per waiting step is meant, not a leak
    setMaxListeners(0, this.#stop.signal, this.#abandon.signal);
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (signal.aborted) this.#onAbort();
  }

  now(): number {
    return this.options.clock.now();
  }

  emit(event: EventBody): void {
    if (event.type === 'apply.done') this.options.beforeEnd();
    this.options.events.emit(event);
  }

  isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async rest(ms: number): Promise<void> {
    const { signal } = this.#awake;
    await this.options.clock.sleep(ms, signal).catch(() => undefined);
    if (signal.aborted) this.#awake = new AbortController();
  }

  wake(): void {
    this.#awake.abort('woken');
  }

  async perform(task: Task, results: Readonly<Record<string, StepResult>>, progress: TaskProgress): Promise<TaskEnd> {
    const { places, executor } = this.options;
    let giveBack: (() => void) | undefined;
    try {
      const taken = await places.take(task.places, {
        signal: this.#stop.signal,
        onWait: () => {
          for (const { id } of task.steps)
            progress.waiting(id, 'another run to end its work in the same network', undefined);
        },
      });
      giveBack = taken;
      progress.begun();
      const ends = await executor.run(
        { run: this.#name, steps: task.steps, results },
        {
          ...progress,
          released: () => {
            taken();
            progress.released();
          },
        },
        { stop: this.#stop.signal, abandon: this.#abandon.signal },
      );
      return { kind: 'ended', ends };
    } catch (thrown) {
      if (isPeerwayError(thrown, 'Canceled')) return { kind: giveBack === undefined ? 'untouched' : 'interrupted' };
      return { kind: 'ended', ends: allFailed(task, thrown) };
    } finally {
      giveBack?.();
    }
  }

  close(): void {
    this.options.signal.removeEventListener('abort', this.#onAbort);
    this.#ended.abort('ended');
  }

  readonly #onAbort = (): void => {
    this.#stop.abort();
    this.wake();
    void this.options.clock.sleep(GRACE_MS, this.#ended.signal).then(
      () => this.#abandon.abort(),
      () => undefined,
    );
  };
}

const allFailed = ({ steps }: Task, thrown: unknown): StepEnd[] => {
  const error = eventError(thrown);
  return steps.map(() => ({ ok: false, error }));
};
