/**
 * When the requests of one cloud account leave: so many at once, learned from the answers (halved when the cloud throttles,
 * one more after a run of good answers), and at an even pace where a rate is set. Fair: first come, first served.
 */
import { canceled, type Clock } from '../wait/clock.js';
import { onAbort } from '../wait/abort.js';
import { Reservations, type SharedRate } from './sharedRate.js';

/** Requests at once before anything is learned. */
const FIRST_WINDOW = 10;
const WIDEST_WINDOW = 40;
/** So many good answers for each place of the window before it grows. */
const ANSWERS_PER_PLACE = 4;
/** Timers wake so much late; a request may leave so much before its turn, or the rate would never be reached. */
const TIMER_SLACK_MS = 5;

/** A change of how many requests are sent at once. */
export interface LimitChange {
  readonly window: number;
  readonly because: string;
}

export class RequestLimiter {
  readonly #clock: Clock;
  readonly #queue: (() => void)[] = [];
  #window = FIRST_WINDOW;
  #inFlight = 0;
  #goodSinceChange = 0;
  /** In requests per second, by whoever asks for it. */
  readonly #rates = new Map<object, number>();
  /** Between two requests; 0: no rate is set. */
  #spacingMs = 0;
  /** When the next request is due by the rate. */
  #dueAt = Number.NEGATIVE_INFINITY;
  #sleep: AbortController | undefined;
  /** Where the rate is kept together with other processes. */
  #reservations: Reservations | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Requests at once. */
  get window(): number {
    return this.#window;
  }

  /**
   * Sets a rate in requests per second, more than 0; of several holders' the lowest holds.
   * @param holder has one rate, the last that it set, until `letGo`
   */
  holdTo(perSecond: number, holder: object): void {
    this.#rates.set(holder, perSecond);
    this.#setPace();
  }

  /** Takes back what `holdTo` has set for the holder; nothing set: nothing happens. */
  letGo(holder: object): void {
    if (this.#rates.delete(holder)) this.#setPace();
  }

  /** Keeps the rate, once one is set, together with other processes. @param account names it among all of them */
  shareWith(rate: SharedRate, account: string): void {
    this.#reservations ??= new Reservations(rate, account, this.#clock);
  }

  /** True when a request may leave at once, and then it has: `left` must follow. */
  enterNow(): boolean {
    if (this.#queue.length > 0 || !this.#mayLeave()) return false;
    this.#leave();
    return true;
  }

  /**
   * Resolves when a request may leave; `left` must follow.
   * @throws PeerwayError `Canceled` when the signal aborts first
   */
  enter(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(canceled());
      const admitted = (): void => {
        release();
        resolve();
      };
      const release = onAbort(signal, () => {
        this.#queue.splice(this.#queue.indexOf(admitted), 1);
        release();
        if (this.#queue.length === 0) this.#sleep?.abort(); // nobody is left to wake for
        reject(canceled());
      });
      this.#queue.push(admitted);
      this.#pump();
    });
  }

  /** A request that had entered was answered, or will not be. */
  left(): void {
    this.#inFlight--;
    this.#pump();
  }

  /** The cloud said "too fast". */
  throttled(): LimitChange | undefined {
    // answers to requests that were in flight together are one piece of news
    if (this.#goodSinceChange === 0 && this.#window < this.#inFlight) return undefined;
    const window = Math.max(1, Math.floor(this.#window / 2));
    this.#goodSinceChange = 0;
    if (window === this.#window) return undefined;
    this.#window = window;
    return { window, because: 'the cloud throttled us' };
  }

  /** The cloud took a request. */
  good(): LimitChange | undefined {
    this.#goodSinceChange++;
    const enough = this.#goodSinceChange >= this.#window * ANSWERS_PER_PLACE;
    const isShort = this.#queue.length > 0 && this.#inFlight >= this.#window;
    if (!enough || !isShort || this.#window >= WIDEST_WINDOW) return undefined;
    this.#goodSinceChange = 0;
    this.#window++;
    return { window: this.#window, because: 'the cloud has been content' };
  }

  #setPace(): void {
    this.#spacingMs = this.#rates.size === 0 ? 0 : 1_000 / Math.min(...this.#rates.values());
    // whoever waits may have to wait for less
    if (this.#spacingMs === 0) this.#dueAt = Number.NEGATIVE_INFINITY;
    this.#sleep?.abort();
  }

  #pump(): void {
    while (this.#queue.length > 0 && this.#mayLeave()) {
      this.#leave();
      this.#queue.shift()?.();
    }
    if (this.#queue.length === 0 || this.#inFlight >= this.#window) return;
    if (this.#spacingMs > 0) this.#reservations?.want(this.#queue.length, this.#spacingMs, () => this.#pump());
    if (this.#untilTurn() < Number.POSITIVE_INFINITY) this.#wakeWhenDue();
  }

  #mayLeave(): boolean {
    if (this.#inFlight >= this.#window) return false;
    return this.#spacingMs === 0 || this.#untilTurn() <= 0;
  }

  #leave(): void {
    this.#inFlight++;
    this.#reservations?.use();
    const now = this.#clock.now();
    this.#dueAt = now + Math.max(0, this.#untilDue()) + this.#spacingMs;
  }

  /** A clock that was set back must not stop everything until it has caught up. */
  #untilDue(): number {
    const now = this.#clock.now();
    if (this.#dueAt > now + 2 * this.#spacingMs) this.#dueAt = now + this.#spacingMs;
    return this.#dueAt - now;
  }

  #untilTurn(): number {
    const until = Math.max(this.#untilDue(), this.#reservations?.untilNext() ?? Number.NEGATIVE_INFINITY);
    return until - Math.min(TIMER_SLACK_MS, this.#spacingMs / 2);
  }

  #wakeWhenDue(): void {
    if (this.#sleep !== undefined) return;
    const sleep = (this.#sleep = new AbortController());
    const awake = (): void => {
      this.#sleep = undefined;
      this.#pump();
    };
    this.#clock.sleep(Math.ceil(this.#untilTurn()), sleep.signal).then(awake, awake);
  }
}
