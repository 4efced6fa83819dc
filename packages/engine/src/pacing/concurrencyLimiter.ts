/**
 * How many calls one provider entry takes at once, learned from its answers: halved when the cloud throttles, one more
 * after a run of good answers (additive increase, multiplicative decrease). Fair: first come, first served.
 */
import { isPeerwayError } from '@peerway/core';

interface ConcurrencyLimiterOptions {
  /** Calls at once before anything is learned. Default 10. */
  readonly start?: number;
  /** Default 40. */
  readonly max?: number;
  readonly onChange?: (window: number, because: string) => void;
}

export class ConcurrencyLimiter {
  #window: number;
  #inFlight = 0;
  #goodSinceChange = 0;
  readonly #max: number;
  readonly #queue: (() => void)[] = [];
  readonly #onChange: (window: number, because: string) => void;

  constructor(options: ConcurrencyLimiterOptions = {}) {
    this.#window = options.start ?? 10;
    this.#max = options.max ?? 40;
    this.#onChange = options.onChange ?? (() => undefined);
  }

  get window(): number {
    return this.#window;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inFlight < this.#window) this.#inFlight++;
    else await new Promise<void>((resolve) => this.#queue.push(resolve)); // whoever admits us counts us in
    try {
      const result = await work();
      this.#good();
      return result;
    } catch (error) {
      if (isPeerwayError(error, 'Throttled')) this.throttled();
      throw error;
    } finally {
      this.#inFlight--;
      this.#admit();
    }
  }

  /** The cloud said "too fast", to us or to a retry under us. */
  throttled(): void {
    // answers to requests that were in flight together are one piece of news
    if (this.#goodSinceChange === 0 && this.#window < this.#inFlight) return;
    const window = Math.max(1, Math.floor(this.#window / 2));
    this.#goodSinceChange = 0;
    if (window === this.#window) return;
    this.#window = window;
    this.#onChange(window, 'the cloud throttled us');
  }

  #good(): void {
    this.#goodSinceChange++;
    if (this.#goodSinceChange < this.#window * 4 || this.#window >= this.#max || this.#queue.length === 0) return;
    this.#goodSinceChange = 0;
    this.#window++;
    this.#onChange(this.#window, 'the cloud has been content');
  }

  #admit(): void {
    while (this.#inFlight < this.#window) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#inFlight++;
      next();
    }
  }
}
