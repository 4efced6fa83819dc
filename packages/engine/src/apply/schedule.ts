/**
 * Decides which steps may start now: a pure state machine over the plan's graph, without time and without I/O, so that it
 * can be simulated a thousand times over.
 *
 * - A step starts when everything it needs has ended well; when something it needs failed, it is skipped.
 * - Creations hold a place in both networks where the cloud limits creations per network. They go by edge colour, each
 *   network strictly in that order, which keeps the whole at (largest degree + 1) creation times at most.
 * - Routes go in batches, of one network or of as many as the cloud takes together: a full batch at once, the rest when nothing more
 *   can come for it, or when nothing else is left that could start.
 */
import { PeerwayError } from '@peerway/core';
import { colourEdges } from './edgeColouring.js';
import { byText, type PlanStep } from '../plan/plan.js';

/** What a cloud says about one provider entry; absent: no such rule. */
export interface ScheduleRules {
  /** By mechanism. */
  readonly createsPerNetwork: (mechanism: string) => number | undefined;
  readonly routeBatch: number;
  /** How many networks' routes go in one batch, 1 or more. */
  readonly networksPerBatch: number;
  readonly routeChangesPerNetwork: number | undefined;
  /** Plugin id: network ids are unique within it. */
  readonly plugin: string;
}

/** What runs as one: a single step, or the routes that go in one batch. */
export interface Task {
  readonly id: string;
  readonly steps: readonly [PlanStep, ...PlanStep[]];
}

interface Creation {
  readonly step: PlanStep;
  readonly places: readonly string[];
  readonly limit: number;
  readonly colour: number;
}

interface RouteChange {
  readonly step: PlanStep;
  /** Its network's. */
  readonly place: string;
}

interface RouteQueue {
  readonly batch: number;
  readonly networks: number;
  /** Changes that one network takes at a time. */
  readonly limit: number;
  ready: RouteChange[];
  /** Steps that may still become ready. */
  coming: number;
}

export class Schedule {
  readonly #steps = new Map<string, PlanStep>();
  readonly #open = new Map<string, Set<string>>();
  readonly #dependents = new Map<string, string[]>();
  readonly #creations = new Map<string, Creation>();
  #readyCreations: Creation[] = [];
  #unsorted = false;
  readonly #readySingles: PlanStep[] = [];
  readonly #queues = new Map<string, RouteQueue>();
  readonly #readyQueues = new Set<RouteQueue>();
  readonly #queueOf = new Map<string, { readonly queue: RouteQueue; readonly place: string }>();
  readonly #used = new Map<string, number>();
  readonly #held = new Map<string, string[]>();
  readonly #tasks = new Map<string, Task>();
  #taskCount = 0;

  /** @throws PeerwayError `InvalidArgument` when steps need each other in a circle, which only an edited plan holds */
  constructor(steps: readonly PlanStep[], rules: (provider: string) => ScheduleRules) {
    const circle = circleOfNeeds(steps);
    if (circle !== undefined) {
      throw new PeerwayError(
        'InvalidArgument',
        `Steps of the plan need each other in a circle: ${circle.join(' → ')}`,
        {
          remedy: 'None of them could ever start. Plan again, and apply the plan as it was made.',
        },
      );
    }
    for (const step of steps) this.#steps.set(step.id, step);
    this.#colour(steps, rules);
    for (const step of steps) {
      this.#enqueue(step, rules);
      const open = new Set(step.needs.filter((need) => this.#steps.has(need)));
      this.#open.set(step.id, open);
      for (const need of open) {
        const list = this.#dependents.get(need);
        if (list === undefined) this.#dependents.set(need, [step.id]);
        else list.push(step.id);
      }
    }
    for (const step of steps) if (this.#open.get(step.id)?.size === 0) this.#becomeReady(step);
  }

  /**
   * Takes what may start now. Started tasks must be ended with `ended`.
   * @param partialBatches send incomplete route batches too: something that they wait for takes long
   */
  take(partialBatches = false): Task[] {
    const tasks: Task[] = [];
    for (const step of this.#readySingles.splice(0)) tasks.push(this.#start([step], []));
    this.#takeCreations(tasks);
    for (const queue of [...this.#readyQueues]) this.#takeRoutes(queue, tasks, partialBatches);
    // nothing is under way, so what the incomplete batches wait for waits for them
    if (this.#tasks.size === 0) for (const queue of [...this.#readyQueues]) this.#takeRoutes(queue, tasks, true);
    return tasks;
  }

  /** Gives back a running task's places before its end: the cloud is done with the part that it allows only once. */
  release(task: string): void {
    for (const place of this.#held.get(task) ?? []) this.#used.set(place, (this.#used.get(place) ?? 1) - 1);
    this.#held.delete(task);
  }

  /** Ends a task; `ok` says which of its steps ended well. @returns steps that will never start because of it */
  ended(task: string, ok: (step: string) => boolean): PlanStep[] {
    this.release(task);
    const skipped: PlanStep[] = [];
    for (const step of this.#tasks.get(task)?.steps ?? []) {
      if (ok(step.id)) this.#unlock(step.id);
      else this.#skipDependents(step.id, skipped);
    }
    this.#tasks.delete(task);
    return skipped;
  }

  #colour(steps: readonly PlanStep[], rules: (provider: string) => ScheduleRules): void {
    const limited: { step: PlanStep; places: [string, string]; limit: number }[] = [];
    for (const step of steps) {
      const { work } = step;
      if (work.verb !== 'peering.create') continue;
      const { plugin, createsPerNetwork } = rules(work.providers.initiator);
      const limit = createsPerNetwork(work.request.mechanism);
      if (limit === undefined) continue;
      limited.push({
        step,
        limit,
        places: [`create ${plugin} ${work.request.initiator}`, `create ${plugin} ${work.request.acceptor.network}`],
      });
    }
    const colours = colourEdges(limited.map(({ places }) => places));
    limited.forEach((one, at) => this.#creations.set(one.step.id, { ...one, colour: colours[at] ?? 0 }));
  }

  #enqueue(step: PlanStep, rules: (provider: string) => ScheduleRules): void {
    const { work } = step;
    if (work.verb !== 'route.create' && work.verb !== 'route.delete' && work.verb !== 'route.describe') return;
    const { plugin, routeBatch, networksPerBatch, routeChangesPerNetwork } = rules(work.provider);
    const key = `${work.verb} ${work.provider} ${networksPerBatch > 1 ? '' : work.network}`;
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = {
        batch: work.verb === 'route.describe' ? 1 : routeBatch,
        networks: networksPerBatch,
        limit: routeChangesPerNetwork ?? Infinity,
        ready: [],
        coming: 0,
      };
      this.#queues.set(key, queue);
    }
    queue.coming++;
    this.#queueOf.set(step.id, { queue, place: `routes ${plugin} ${work.network}` });
  }

  #becomeReady(step: PlanStep): void {
    const creation = this.#creations.get(step.id);
    const route = this.#queueOf.get(step.id);
    if (creation !== undefined) {
      this.#readyCreations.push(creation);
      this.#unsorted = true;
    } else if (route !== undefined) {
      const { queue, place } = route;
      queue.ready.push({ step, place });
      this.#readyQueues.add(queue);
      queue.coming--;
    } else this.#readySingles.push(step);
  }

  #takeCreations(tasks: Task[]): void {
    if (this.#unsorted) this.#readyCreations.sort((a, b) => a.colour - b.colour || byText(a.step.id, b.step.id));
    this.#unsorted = false;
    const waiting: Creation[] = [];
    const claimed = new Map<string, number>();
    for (const creation of this.#readyCreations) {
      const free = creation.places.every(
        (place) => (this.#used.get(place) ?? 0) + (claimed.get(place) ?? 0) < creation.limit,
      );
      if (free) {
        tasks.push(this.#start([creation.step], creation.places));
        continue;
      }
      // its turn is next in both networks: nothing of a later colour may take the place
      for (const place of creation.places) claimed.set(place, (claimed.get(place) ?? 0) + 1);
      waiting.push(creation);
    }
    this.#readyCreations = waiting;
  }

  #takeRoutes(queue: RouteQueue, tasks: Task[], partialBatches: boolean): void {
    while (queue.ready.length > 0) {
      if (queue.ready.length < queue.batch && queue.coming > 0 && !partialBatches) return;
      const places = new Set<string>();
      const batch: PlanStep[] = [];
      const left: RouteChange[] = [];
      for (const change of queue.ready) {
        const { step, place } = change;
        const fits = places.has(place) || (places.size < queue.networks && (this.#used.get(place) ?? 0) < queue.limit);
        if (!fits || batch.length >= queue.batch) left.push(change);
        else {
          batch.push(step);
          places.add(place);
        }
      }
      const [first, ...rest] = batch;
      if (first === undefined) return; // every network is busy
      queue.ready = left;
      tasks.push(this.#start([first, ...rest], [...places]));
    }
    this.#readyQueues.delete(queue);
  }

  #start(steps: readonly [PlanStep, ...PlanStep[]], places: readonly string[]): Task {
    this.#taskCount++;
    const task: Task = { id: `task ${this.#taskCount}`, steps };
    this.#tasks.set(task.id, task);
    for (const place of places) this.#used.set(place, (this.#used.get(place) ?? 0) + 1);
    this.#held.set(task.id, [...places]);
    return task;
  }

  #unlock(step: string): void {
    for (const dependent of this.#dependents.get(step) ?? []) {
      const open = this.#open.get(dependent);
      const waiting = this.#steps.get(dependent);
      if (open?.delete(step) === true && open.size === 0 && waiting !== undefined) this.#becomeReady(waiting);
    }
  }

  #skipDependents(step: string, skipped: PlanStep[]): void {
    for (const dependent of this.#dependents.get(step) ?? []) {
      const waiting = this.#steps.get(dependent);
      // a second failed need finds it gone already
      if (waiting === undefined || !this.#open.delete(dependent)) continue;
      skipped.push(waiting);
      const route = this.#queueOf.get(dependent);
      if (route !== undefined) route.queue.coming--;
      this.#skipDependents(dependent, skipped);
    }
  }
}

/** Ids of steps of which each needs the next, the first one again at the end; undefined when there are none. */
function circleOfNeeds(steps: readonly PlanStep[]): string[] | undefined {
  const open = new Map(steps.map((step) => [step.id, step]));
  const needsOpen = (step: PlanStep): string | undefined => step.needs.find((need) => open.has(need));
  const dependents = new Map<string, PlanStep[]>();
  for (const step of steps)
    for (const need of step.needs) {
      const list = dependents.get(need);
      if (list === undefined) dependents.set(need, [step]);
      else list.push(step);
    }
  const free = steps.filter((step) => needsOpen(step) === undefined);
  for (let step = free.pop(); step !== undefined; step = free.pop()) {
    open.delete(step.id);
    for (const dependent of dependents.get(step.id) ?? [])
      if (open.has(dependent.id) && needsOpen(dependent) === undefined) free.push(dependent);
  }
  // every step that is left needs another one that is left, so following them comes back to where it was
  const path = new Set<string>();
  let [at] = open.keys();
  while (at !== undefined && !path.has(at)) {
    path.add(at);
    const step = open.get(at);
    at = step === undefined ? undefined : needsOpen(step);
  }
  if (at === undefined) return undefined;
  const ids = [...path];
  return [...ids.slice(ids.indexOf(at)), at];
}
