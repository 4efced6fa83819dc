/** One of each for all engines of a process: places, what was learned about waiting, and a poller per thing that can be listed. */
import type { Clock } from '@peerway/core';
import { InProcessPlaces } from './places.js';
import { Poller, type Read, type Watching } from './poller.js';
import { PollTiming } from './pollTiming.js';

export class Shared {
  readonly places = new InProcessPlaces();
  readonly timing = new PollTiming();
  /** Those that somebody waits at. Keys name the kind of thing, so that a key has one type. */
  readonly #pollers = new Map<string, unknown>();

  constructor(private readonly clock: Clock) {}

  /**
   * Waits at the poller of this key, which reads by whoever waits there.
   * @param joint that all who wait there wait for one and the same thing, which each of them does a part of
   */
  watching<T>(key: string, read: Read<T>, joint = false): Watching<T> {
    return {
      watch: (watch, check, signal) => this.#poller<T>(key, joint).watch({ ...watch, read }, check, signal),
    };
  }

  #poller<T>(key: string, joint: boolean): Poller<T> {
    const known = this.#pollers.get(key) as Poller<T> | undefined;
    if (known !== undefined) return known;
    const poller = new Poller<T>({
      clock: this.clock,
      timing: this.timing,
      joint,
      onIdle: () => this.#pollers.delete(key),
    });
    this.#pollers.set(key, poller);
    return poller;
  }
}

/** A process has one clock; every test has its own. */
const byClock = new WeakMap<Clock, Shared>();

export function sharedBy(clock: Clock): Shared {
  const known = byClock.get(clock) ?? new Shared(clock);
  byClock.set(clock, known);
  return known;
}
