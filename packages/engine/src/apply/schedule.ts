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
import type { NetworkId } from '@peerway/core';
import { PeerwayError } from '@peerway/core/errors';
import { colourEdges } from './edgeColouring.js';
import type { PlaceWish } from '../pacing/placeQueue.js';
import { byText, type PlanStep } from '../plan/plan.js';

/** What a cloud says about one provider entry; absent: no such rule. */
export interface ScheduleRules {
  /** Creations that a network takes at a time, by mechanism; without one there is no such rule. */
  readonly creates: Readonly<Record<string, number>>;
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
  /** What it holds until it ends or is released. */
  readonly places: readonly PlaceWish[];
  readonly steps: readonly [PlanStep, ...PlanStep[]];
}

interface Creation {
  readonly step: PlanStep;
  readonly places: readonly PlaceWish[];
  readonly colour: number;
}

/** The changes of one network's routes. */
interface RouteChanges {
  readonly place: PlaceWish;
  readonly ready: PlanStep[];
  /** Steps that may still become ready. */
  coming: number;
}

/** Changes that may go in one batch. */
interface RouteQueue {
  readonly batch: number;
  /** So many networks in one batch. */
  readonly networks: number;
  /** By the name of their place. */
  readonly of: Map<string, RouteChanges>;
  /** Of all networks together. */
  ready: number;
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
  readonly #queueOf = new Map<string, { readonly queue: RouteQueue; readonly changes: RouteChanges }>();
  readonly #used = new Map<string, number>();
  readonly #held = new Map<string, readonly PlaceWish[]>();
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
    for (const { name } of this.#held.get(task) ?? []) this.#used.set(name, (this.#used.get(name) ?? 1) - 1);
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
    const limited: { step: PlanStep; places: [PlaceWish, PlaceWish] }[] = [];
    for (const step of steps) {
      const { work } = step;
      if (work.verb !== 'peering.create') continue;
      const { plugin, creates } = rules(work.providers.initiator);
      const { mechanism } = work.request;
      const limit = Object.hasOwn(creates, mechanism) ? creates[mechanism] : undefined;
      if (limit === undefined) continue;
      const { initiator, acceptor } = work.request;
      const place = (network: NetworkId): PlaceWish => ({ name: `create ${plugin} ${network}`, limit });
      limited.push({ step, places: [place(initiator), place(acceptor.network)] });
    }
    const colours = colourEdges(limited.map(({ places: [one, other] }) => [one.name, other.name]));
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
        of: new Map(),
        ready: 0,
        coming: 0,
      };
      this.#queues.set(key, queue);
    }
    const place = { name: `routes ${plugin} ${work.network}`, limit: routeChangesPerNetwork ?? Infinity };
    const changes = queue.of.get(place.name) ?? { place, ready: [], coming: 0 };
    queue.of.set(place.name, changes);
    changes.coming++;
    queue.coming++;
    this.#queueOf.set(step.id, { queue, changes });
  }

  #becomeReady(step: PlanStep): void {
    const creation = this.#creations.get(step.id);
    const route = this.#queueOf.get(step.id);
    if (creation !== undefined) {
      this.#readyCreations.push(creation);
      this.#unsorted = true;
    } else if (route !== undefined) {
      const { queue, changes } = route;
      changes.ready.push(step);
      queue.ready++;
      changes.coming--;
      queue.coming--;
      this.#readyQueues.add(queue);
    } else this.#readySingles.push(step);
  }

  #takeCreations(tasks: Task[]): void {
    if (this.#unsorted) this.#readyCreations.sort((a, b) => a.colour - b.colour || byText(a.step.id, b.step.id));
    this.#unsorted = false;
    const waiting: Creation[] = [];
    const claimed = new Map<string, number>();
    for (const creation of this.#readyCreations) {
      if (creation.places.every((place) => this.#isFree(place, claimed))) {
        tasks.push(this.#start([creation.step], creation.places));
        continue;
      }
      // its turn is next in both networks: nothing of a later colour may take the place
      for (const { name } of creation.places) claimed.set(name, (claimed.get(name) ?? 0) + 1);
      waiting.push(creation);
    }
    this.#readyCreations = waiting;
  }

  /**
   * A batch goes when it is full or nothing more can come. A network's routes go together, unless they fill a batch: after each batch
   * every table that it has written is read.
   */
  #takeRoutes(queue: RouteQueue, tasks: Task[], partialBatches: boolean): void {
    while (queue.ready > 0) {
      const last = partialBatches || queue.coming === 0;
      if (!last && queue.ready < queue.batch) return;
      const together = [...queue.of.values()].filter(
        ({ ready, coming }) => ready.length > 0 && (last || coming === 0 || ready.length >= queue.batch),
      );
      const count = together.reduce((sum, { ready }) => sum + ready.length, 0);
      if (!last && count < queue.batch) return;
      const places: PlaceWish[] = [];
      const batch: PlanStep[] = [];
      for (const { place, ready } of together) {
        if (places.length === queue.networks || batch.length === queue.batch) break;
        if (!this.#isFree(place)) continue;
        places.push(place);
        batch.push(...ready.splice(0, queue.batch - batch.length));
      }
      const [first, ...rest] = batch;
      if (first === undefined) return; // every network is busy
      queue.ready -= batch.length;
      tasks.push(this.#start([first, ...rest], places));
    }
    this.#readyQueues.delete(queue);
  }

  #isFree({ name, limit }: PlaceWish, claimed?: ReadonlyMap<string, number>): boolean {
    return (this.#used.get(name) ?? 0) + (claimed?.get(name) ?? 0) < limit;
  }

  #start(steps: readonly [PlanStep, ...PlanStep[]], wanted: readonly PlaceWish[]): Task {
    this.#taskCount++;
    const places = wanted.filter(({ limit }) => limit < Infinity);
    const task: Task = { id: `task ${this.#taskCount}`, steps, places };
    this.#tasks.set(task.id, task);
    for (const { name } of places) this.#used.set(name, (this.#used.get(name) ?? 0) + 1);
    this.#held.set(task.id, places);
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
      if (route !== undefined) {
        route.changes.coming--;
        route.queue.coming--;
      }
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
