/** Hosts the loop of a run in a workflow: Temporal's clock, activities for tasks, places from their keepers. */
import {
  ActivityCancellationType,
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  sleep,
} from '@temporalio/workflow';
import type { EventBody, RunHost, StepResult, Task, TaskEnd, TaskProgress } from '@peerway/engine';
import type { Activities, TaskAnswer } from '../protocol.js';
import { PlacesOfRun } from './placesOfRun.js';

/** So often the loop looks at the time, whatever else happens. One timer for all who rest. */
const TICK_MS = 10_000;

/** Only a lost worker is an error of an activity, and another takes the work at once. */
export const ACTIVITY_OPTIONS = {
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: '5 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '100 milliseconds', backoffCoefficient: 1 },
} as const;

export interface WorkflowHostOptions {
  readonly run: string;
  readonly digest: string;
  readonly priority: number;
  readonly emit: (event: EventBody) => void;
}

export class WorkflowHost implements RunHost {
  readonly places: PlacesOfRun;
  readonly #activities: Activities;
  readonly #options: WorkflowHostOptions;
  /** Of everything that is under way. */
  readonly #scope = new CancellationScope();
  readonly #releases = new Map<string, () => void>();
  #stopped = false;
  #woken = false;
  #ticks = 0;
  #ticking = false;

  constructor(options: WorkflowHostOptions) {
    this.#options = options;
    this.#activities = proxyActivities<Activities>({
      ...ACTIVITY_OPTIONS,
      priority: { priorityKey: options.priority },
    });
    this.places = new PlacesOfRun((plugin) =>
      CancellationScope.nonCancellable(() => this.#activities.startPlaces([plugin])),
    );
  }

  now(): number {
    return Date.now(); // a workflow's own: the time of the event that it is at
  }

  emit(event: EventBody): void {
    this.#options.emit(event);
  }

  isStopped(): boolean {
    return this.#stopped;
  }

  /** May resolve early or up to a tick late: the loop looks at the time itself. */
  async rest(): Promise<void> {
    void this.#tick();
    const ticks = this.#ticks;
    await condition(() => this.#woken || this.#ticks > ticks);
    this.#woken = false;
  }

  wake(): void {
    this.#woken = true;
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#scope.cancel();
    this.wake();
  }

  /** A worker says that a task needs its places no longer. */
  release(task: string): void {
    this.#releases.get(task)?.();
  }

  async perform(task: Task, results: Readonly<Record<string, StepResult>>, progress: TaskProgress): Promise<TaskEnd> {
    if (task.places.length > 0)
      for (const { id } of task.steps) progress.waiting(id, 'its turn in the network', undefined);
    if (!(await this.places.take(task, () => this.#stopped))) return { kind: 'untouched' };
    if (this.#stopped) {
      this.places.giveBack(task);
      return { kind: 'untouched' };
    }
    progress.begun();
    this.#releases.set(task.id, () => {
      this.places.giveBack(task);
      progress.released();
    });
    try {
      return await this.#scope.run(() => this.#work(task, results));
    } catch (thrown) {
      if (isCancellation(thrown)) return { kind: 'interrupted' };
      throw thrown;
    } finally {
      this.#releases.delete(task.id);
      this.places.giveBack(task);
    }
  }

  #work({ id, steps, places }: Task, results: Readonly<Record<string, StepResult>>): Promise<TaskAnswer> {
    const { run, digest } = this.#options;
    return this.#activities.performTask({
      digest,
      run,
      task: id,
      steps,
      results,
      hasPlaces: places.length > 0,
    });
  }

  async #tick(): Promise<void> {
    if (this.#ticking) return;
    this.#ticking = true;
    await CancellationScope.nonCancellable(() => sleep(TICK_MS));
    this.#ticking = false;
    this.#ticks++;
    this.places.askAgain();
  }
}
