/** The evidence of a run while it is made: saved at every step. */
import type { Clock } from '@peerway/core';
import type { Evidence, KitRecord, ProbeRecord, Sitting } from './evidence.js';

export interface Keeping {
  readonly clock: Clock;
  /** Called before the first request that makes anything, and after each probe. What it was given last is what `resume` takes. */
  save(evidence: Evidence): void | Promise<void>;
}

/** The evidence as it grows. */
export class Book {
  #evidence: Evidence;
  readonly #earlier: Evidence['times'];
  readonly #options: Keeping;

  constructor(options: Keeping, evidence: Evidence) {
    this.#options = options;
    this.#evidence = evidence;
    this.#earlier = evidence.times;
  }

  get evidence(): Evidence {
    return this.#evidence;
  }

  /** Before anything is made: what a broken run left is found by its id, and its tokens are told from later ones by its sitting. */
  async open(): Promise<void> {
    const startedAt = new Date(this.#options.clock.now()).toISOString();
    const sitting: Sitting = { startedAt, networks: [], probes: [] };
    await this.#save({ sittings: [...this.#evidence.sittings, sitting] });
  }

  async begin(networks: Sitting['networks']): Promise<void> {
    await this.#save({ sittings: this.#present((sitting) => ({ ...sitting, networks })) });
  }

  async add(record: ProbeRecord, times: ReadonlyMap<string, readonly number[]>): Promise<void> {
    const sittings = this.#present((sitting) => ({ ...sitting, probes: [...sitting.probes, record] }));
    const sums = new Map(Object.entries(this.#earlier));
    for (const [change, taken] of times) sums.set(change, [...(this.#earlier[change] ?? []), ...taken]);
    const sorted = [...sums].sort(([one], [other]) => (one < other ? -1 : 1));
    await this.#save({ sittings, times: Object.fromEntries(sorted) });
  }

  /** The kit's cases so far, in place of what was told of them before. */
  async tell(kit: readonly KitRecord[]): Promise<void> {
    await this.#save({ kit });
  }

  #present(change: (sitting: Sitting) => Sitting): readonly Sitting[] {
    const { sittings } = this.#evidence;
    return sittings.map((sitting, index) => (index === sittings.length - 1 ? change(sitting) : sitting));
  }

  async #save(change: Partial<Evidence>): Promise<void> {
    this.#evidence = { ...this.#evidence, ...change };
    await this.#options.save(this.#evidence);
  }
}
