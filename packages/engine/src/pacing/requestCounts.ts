/** Counts the requests of each provider entry, for the event stream. */
import type { PeerwayError, RequestObserver } from '@peerway/core';
import type { RequestCount } from '../events.js';

const NONE: RequestCount = { sent: 0, waited: 0, waitedMs: 0, throttled: 0, conflicts: 0 };

const more = (count: RequestCount, by: Partial<RequestCount>): RequestCount => ({
  sent: count.sent + (by.sent ?? 0),
  waited: count.waited + (by.waited ?? 0),
  waitedMs: count.waitedMs + (by.waitedMs ?? 0),
  throttled: count.throttled + (by.throttled ?? 0),
  conflicts: count.conflicts + (by.conflicts ?? 0),
});

const refusalOf = ({ code }: PeerwayError): Partial<RequestCount> =>
  code === 'Throttled' ? { throttled: 1 } : code === 'Conflict' ? { conflicts: 1 } : {};

export class RequestCounts {
  readonly #counts = new Map<string, RequestCount>();

  /** Counts what the provider of this entry sends. */
  observer(entry: string): RequestObserver {
    const add = (by: Partial<RequestCount>): void => {
      this.#counts.set(entry, more(this.#counts.get(entry) ?? NONE, by));
    };
    return {
      requestSent: () => add({ sent: 1 }),
      requestWaited: (_, __, waitedMs) => add({ waited: 1, waitedMs }),
      callFailed: (_, error) => add(refusalOf(error)),
    };
  }

  /** Takes what was counted since the last time, by entry. */
  take(): ReadonlyMap<string, RequestCount> {
    const taken = new Map(this.#counts);
    this.#counts.clear();
    return taken;
  }
}
