/** Time as a dependency: nothing in Peerway calls Date.now or setTimeout but what stands here. */
import { PeerwayError } from '../errors/error.js';
import { onAbort } from './abort.js';

/** What time it is, and how to wait. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Resolves after `ms` (less than 0 counts as 0); rejects with `Canceled` when the signal aborts, at once if it already
   * has. A system clock wakes after 24 days at the latest, which is as far as a timer of Node reaches.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Lets a virtual clock know that real work (a request on a socket) is under way, so that it does not jump ahead of it.
   * Work that itself sleeps on this clock must not be wrapped: virtual time would wait for it, and it for virtual time.
   */
  during<T>(work: Promise<T>): Promise<T>;
}

/** The error of everything that was aborted by its signal. */
export const canceled = (): PeerwayError => new PeerwayError('Canceled', 'The operation was canceled');

/** Node turns a longer timer into one of 1 ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  during: (work) => work,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(canceled());
      const timer = setTimeout(
        () => {
          release?.();
          resolve();
        },
        Math.min(ms, LONGEST_TIMER_MS),
      );
      const release =
        signal &&
        onAbort(signal, () => {
          clearTimeout(timer);
          release?.();
          reject(canceled());
        });
    }),
};

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * Discrete-event time for tests and the demo: when nothing is under way (`during`) and somebody sleeps, time jumps to
 * the earliest wake-up. `onAdvance` carries the jump to whatever else has a clock, e.g. an emulator; it is called with
 * the new time before anybody wakes.
 */
export class VirtualClock implements Clock {
  #now: number;
  #busy = 0;
  #scheduled = false;
  /** By wake-up time; those of one instant in the order in which they fell asleep. */
  readonly #sleepers: Sleeper[] = [];
  readonly #onAdvance: (now: number) => void;

  constructor(options: { readonly start: number; readonly onAdvance?: (now: number) => void }) {
    this.#now = options.start;
    this.#onAdvance = options.onAdvance ?? (() => undefined);
  }

  now(): number {
    return this.#now;
  }

  async during<T>(work: Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await work;
    } finally {
      this.#busy--;
      this.#consider();
    }
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(canceled());
      const sleeper: Sleeper = {
        at: this.#now + Math.max(0, ms),
        wake: () => {
          release?.();
          resolve();
        },
      };
      const release =
        signal &&
        onAbort(signal, () => {
          this.#sleepers.splice(this.#sleepers.indexOf(sleeper), 1);
          release?.();
          reject(canceled());
        });
      const later = this.#sleepers.findLastIndex((other) => other.at <= sleeper.at) + 1;
      this.#sleepers.splice(later, 0, sleeper);
      this.#consider();
    });
  }

  /** Moves time by hand (0 or more), waking whoever is due. */
  advance(ms: number): void {
    this.#moveTo(this.#now + ms);
  }

  #consider(): void {
    if (this.#scheduled || this.#sleepers.length === 0) return;
    this.#scheduled = true;
    // one turn of the event loop lets every continuation of finished work start new work first
    setImmediate(() => {
      this.#scheduled = false;
      const next = this.#sleepers[0];
      if (this.#busy === 0 && next !== undefined) this.#moveTo(next.at);
    });
  }

  #moveTo(target: number): void {
    if (target > this.#now) {
      this.#now = target;
      this.#onAdvance(target);
    }
    const due = this.#sleepers.findLastIndex((sleeper) => sleeper.at <= this.#now) + 1;
    for (const sleeper of this.#sleepers.splice(0, due)) sleeper.wake();
    this.#consider();
  }
}
