/**
 * What one portable call sends: each of its requests has its turn at the account's limiter, and whatever the driver forgets to
 * give back is given back when the driver is done.
 */
import type { Admission, RequestObserver, RequestOutcome } from '../driver/call.js';
import type { LimitChange, RequestLimiter } from '../pacing/requestLimiter.js';
import type { Clock } from '../wait/clock.js';

interface ExchangeOptions {
  readonly provider: string;
  readonly limiter: RequestLimiter;
  readonly clock: Clock;
  readonly observer?: RequestObserver;
  /** Aborts the waiting of a request. */
  readonly signal: AbortSignal;
  /** Aborts it as well while nothing of the call has been sent. */
  readonly stop?: AbortSignal;
}

export class Exchange implements Admission {
  readonly #options: ExchangeOptions;
  readonly #unanswered = new Set<() => void>();
  /** What the same call sends for other accounts. */
  readonly #beside: Exchange[] = [];
  #waiting = 0;
  #sent = 0;
  /** The last answer was no good one. */
  #refused = false;
  #working = false;
  /** Ends real work, see `Clock.during`. */
  #rest: (() => void) | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** Runs one attempt of the driver. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#working = true;
    this.#mark();
    try {
      return await work();
    } finally {
      this.#working = false;
      for (const leave of [...this.#unanswered]) leave();
      this.#mark();
    }
  }

  async enter(): ReturnType<Admission['enter']> {
    const { limiter, clock } = this.#options;
    const asked = clock.now();
    if (!limiter.enterNow()) await this.#turn();
    this.#sent++;
    const leave = (): void => {
      if (!this.#unanswered.delete(leave)) return;
      limiter.left();
      this.#mark();
    };
    this.#unanswered.add(leave);
    this.#mark();
    return {
      waitedMs: clock.now() - asked,
      leave: (outcome) => {
        this.#refused = !isGood(outcome);
        if (this.#unanswered.has(leave) && !this.#refused) this.#learned(limiter.good());
        leave();
      },
    };
  }

  /** What `other` sends is sent by the same call, with the keys of another account. */
  join(other: Exchange): void {
    this.#beside.push(other);
  }

  /** Waits for a turn that another account gives. */
  async aside<T>(turn: () => Promise<T>): Promise<T> {
    this.#waiting++;
    this.#mark();
    try {
      return await turn();
    } finally {
      this.#waiting--;
      this.#mark();
    }
  }

  /** The cloud said "too fast": to the account whose request it has just refused. */
  throttled(): void {
    const refused = [this, ...this.#beside].filter((one) => one.#refused);
    for (const one of refused.length === 0 ? [this] : refused) one.#learned(one.#options.limiter.throttled());
  }

  async #turn(): Promise<void> {
    const { limiter, signal, stop } = this.#options;
    this.#waiting++;
    this.#mark();
    try {
      await limiter.enter(stop === undefined || this.#sent > 0 ? signal : AbortSignal.any([signal, stop]));
    } finally {
      this.#waiting--;
      this.#mark();
    }
  }

  #learned(change: LimitChange | undefined): void {
    const { observer, provider } = this.#options;
    if (change !== undefined) observer?.limitLearned?.(provider, change);
  }

  /** A request in a queue waits for time itself, so that a virtual clock must be let go on; one on a socket does not. */
  #mark(): void {
    const busy = this.#unanswered.size > 0 || (this.#working && this.#waiting === 0);
    if (busy && this.#rest === undefined) {
      const end = new Promise<void>((resolve) => (this.#rest = resolve));
      void this.#options.clock.during(end);
    } else if (!busy) {
      this.#rest?.();
      this.#rest = undefined;
    }
  }
}

const isGood = ({ httpStatus }: RequestOutcome): boolean => httpStatus !== undefined && httpStatus < 400;
