/** A rate that several processes keep together: what each may send, and when, is reserved before. */
import type { Clock } from '../wait/clock.js';

export interface SharedRate {
  /**
   * Reserves turns of an account, the next ones that nobody has. Those that are not used lapse. Never rejects: who keeps the rate
   * knows what to do when the others cannot be asked.
   * @param account names it among all processes
   * @param turns 1 or more
   * @param spacingMs between two turns of all processes together
   */
  reserve(account: string, turns: number, spacingMs: number): Promise<ReservedTurns>;
}

export interface ReservedTurns {
  /** From the answer on; 0: at once. */
  readonly firstInMs: number;
  /** From each to the next. */
  readonly spacingMs: number;
}

/** Turns are reserved for so long at a time: those of a process that dies are lost to the others. */
const AHEAD_MS = 250;
/** A turn that was not used when it was due is worth nothing after so long, or idle time would come as a burst. */
const LAPSES_AFTER_MS = 250;

/** What one process has reserved. */
export class Reservations {
  readonly #due: number[] = [];
  #asking = false;

  constructor(
    private readonly rate: SharedRate,
    private readonly account: string,
    private readonly clock: Clock,
  ) {}

  /** When the next turn is due, less than 0: it has been; infinite: none is reserved. */
  untilNext(): number {
    const now = this.clock.now();
    while ((this.#due[0] ?? now) < now - LAPSES_AFTER_MS) this.#due.shift();
    return (this.#due[0] ?? Number.POSITIVE_INFINITY) - now;
  }

  use(): void {
    this.#due.shift();
  }

  /** Reserves what is missing for so many requests, as far ahead as is sensible. @param then called when there are more */
  want(requests: number, spacingMs: number, then: () => void): void {
    const turns = Math.min(requests - this.#due.length, Math.max(1, Math.ceil(AHEAD_MS / spacingMs)));
    if (turns < 1 || this.#asking) return;
    this.#asking = true;
    void this.rate.reserve(this.account, turns, spacingMs).then(({ firstInMs, spacingMs: apart }) => {
      this.#asking = false;
      const first = this.clock.now() + firstInMs;
      for (let turn = 0; turn < turns; turn++) this.#due.push(first + turn * apart);
      then();
    });
  }
}
