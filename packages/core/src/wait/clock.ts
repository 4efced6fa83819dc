/** Time as a dependency: nothing in Peerway calls Date.now or setTimeout but what stands here. */
import { PeerwayError } from '../errors/error.js';

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` (0 or more); rejects with `Canceled` when the signal aborts, at once if it already has. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Tells a virtual clock that real work is under way, so that it does not jump ahead of it. Returns `work` itself. */
  during<T>(work: Promise<T>): Promise<T>;
}

export const canceled = (): PeerwayError => new PeerwayError('Canceled', 'The operation was canceled');

export const systemClock: Clock = {
  now: () => Date.now(),
  during: (work) => work,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(canceled());
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(canceled());
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

/**
 * Discrete-event time for tests and the demo: when nothing is under way (`during`) and somebody sleeps, time jumps to
 * the earliest wake-up. `onAdvance` carries the jump to whatever else has a clock, e.g. an emulator.
 */
export class VirtualClock implements Clock {
  #now: number;
  #busy = 0;
  #order = 0;
  #scheduled = false;
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
        order: this.#order++,
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = (): void => {
        const index = this.#sleepers.indexOf(sleeper);
        if (index >= 0) this.#sleepers.splice(index, 1);
        reject(canceled());
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#sleepers.push(sleeper);
      this.#consider();
    });
  }

  /** Moves time by hand, waking whoever is due. */
  advance(ms: number): void {
    this.#moveTo(this.#now + ms);
  }

  #consider(): void {
    if (this.#scheduled || this.#busy > 0 || this.#sleepers.length === 0) return;
    this.#scheduled = true;
    // one turn of the event loop lets every continuation of finished work start new work first
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#busy > 0) return;
      const next = this.#earliest();
      if (next !== undefined) this.#moveTo(next.at);
    });
  }

  #moveTo(target: number): void {
    if (target > this.#now) {
      this.#now = target;
      this.#onAdvance(target);
    }
    for (let next = this.#earliest(); next !== undefined && next.at <= this.#now; next = this.#earliest()) {
      this.#sleepers.splice(this.#sleepers.indexOf(next), 1);
      next.wake();
    }
    this.#consider();
  }

  #earliest(): Sleeper | undefined {
    let best: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (best === undefined || sleeper.at < best.at || (sleeper.at === best.at && sleeper.order < best.order))
        best = sleeper;
    }
    return best;
  }
}
