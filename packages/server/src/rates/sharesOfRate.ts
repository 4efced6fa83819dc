/**
 * A rate over workers without a store: each keeps an equal share. Nothing is asked for a request and nothing holds it, so nothing that
 * dies can stop the others; what a worker does not use of its share is lost to the rest.
 */
import type { Clock, ReservedTurns, SharedRate } from '@peerway/core';

/** How many workers there are, asked again after so long: until then one that has just begun takes its share beside those of the others. */
const COUNT_EVERY_MS = 2_000;

export class SharesOfRate implements SharedRate {
  readonly #due = new Map<string, number>();
  #workers: number | undefined;
  #countedOnce: () => void = () => undefined;
  readonly #counted = new Promise<void>((resolve) => (this.#countedOnce = resolve));

  /** @param count workers that have asked for work lately, this one not left out */
  constructor(
    private readonly clock: Clock,
    private readonly count: () => Promise<number>,
  ) {}

  /** Counts again and again until the signal aborts; the last number holds while nobody can be asked. */
  async keepCounting(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#workers = Math.max(1, await this.count().catch(() => this.#workers ?? 1));
      this.#countedOnce();
      await this.clock.sleep(COUNT_EVERY_MS, signal).catch(() => undefined);
    }
  }

  async reserve(account: string, turns: number, spacingMs: number): Promise<ReservedTurns> {
    if (this.#workers === undefined) await this.#counted;
    const mine = spacingMs * (this.#workers ?? 1);
    const now = this.clock.now();
    const first = Math.max(this.#due.get(account) ?? 0, now);
    this.#due.set(account, first + turns * mine);
    return { firstInMs: first - now, spacingMs: mine };
  }
}
