/** The emulator's time. Lifecycles move by this clock only; everything that is to happen later is data in its queue. */

export interface ScheduledEvent {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Which handler takes it: see `EmulatorClock.on`. */
  readonly kind: string;
  /** Plain data, so that a snapshot can hold the event. */
  readonly payload: Readonly<Record<string, string | number | boolean>>;
}

/**
 * As far as the clock goes: what is added to it (a window of 30 years that a rule sets, a slow profile) must still have
 * a date of four digits, because that is what the clouds print.
 */
const LAST_INSTANT = Date.UTC(9900, 0, 1);

export type ClockMode = 'virtual' | 'real';

/**
 * `virtual`: stands still until told to advance. `real`: follows the machine's clock and can still be jumped forward.
 * Events run in order of time (ties: order of scheduling), inside `advance`/`advanceTo` and, through `settle`, before
 * every request; no timer is involved, so an idle emulator does nothing.
 */
export class EmulatorClock {
  readonly mode: ClockMode;
  #now: number;
  #offset = 0;
  /** While an event runs, its instant: what follows from it begins then, however late the event is run. */
  #instant: number | undefined;
  #queue: ScheduledEvent[] = [];
  readonly #handlers = new Map<string, (event: ScheduledEvent) => void>();

  constructor(mode: ClockMode, start: number = Date.now()) {
    demandInstant('start', start);
    this.mode = mode;
    this.#now = start;
    this.#offset = start - Date.now();
  }

  now(): number {
    if (this.#instant !== undefined) return this.#instant;
    if (this.mode === 'real') this.#now = Math.max(this.#now, Date.now() + this.#offset);
    return this.#now;
  }

  /** The wall clock of this machine, which unmodified SDKs sign with. */
  machineNow(): number {
    return Date.now();
  }

  /** Moves time forward by `ms` (0 or more) and runs everything that falls due, each event at its own instant. */
  advance(ms: number): void {
    this.advanceTo(this.now() + ms);
  }

  /** Moves time forward to an instant; one in the past changes nothing, one after the year 9899 throws a RangeError. */
  advanceTo(epochMs: number): void {
    demandInstant('the time to move to', epochMs);
    const target = Math.max(this.now(), epochMs);
    this.#runUntil(target);
    this.#now = target;
    if (this.mode === 'real') this.#offset = this.#now - Date.now();
  }

  /** Runs what is due now, each event at its own instant. */
  settle(): void {
    this.#runUntil(this.now());
  }

  /** Registers who handles events of a kind; one handler per kind. */
  on(kind: string, handler: (event: ScheduledEvent) => void): void {
    if (this.#handlers.has(kind)) throw new Error(`two handlers for scheduled events of kind '${kind}'`);
    this.#handlers.set(kind, handler);
  }

  schedule(event: ScheduledEvent): void {
    let index = this.#queue.length;
    while (index > 0 && (this.#queue[index - 1]?.at ?? 0) > event.at) index -= 1;
    this.#queue.splice(index, 0, event);
  }

  /** Forgets events that no longer apply, e.g. those of a record that was deleted. */
  cancel(matches: (event: ScheduledEvent) => boolean): void {
    this.#queue = this.#queue.filter((event) => !matches(event));
  }

  /** When the next event falls due; undefined when nothing is scheduled. */
  nextAt(): number | undefined {
    return this.#queue[0]?.at;
  }

  snapshot(): { readonly now: number; readonly events: readonly ScheduledEvent[] } {
    return { now: this.now(), events: [...this.#queue] };
  }

  /** Throws a RangeError for a time after the year 9899. */
  restore(state: { readonly now: number; readonly events: readonly ScheduledEvent[] }): void {
    demandInstant('now', state.now);
    this.#now = state.now;
    this.#offset = state.now - Date.now();
    this.#queue = [...state.events];
  }

  #runUntil(target: number): void {
    try {
      for (let next = this.#queue[0]; next !== undefined && next.at <= target; next = this.#queue[0]) {
        this.#queue.shift();
        this.#instant = next.at;
        this.#handlers.get(next.kind)?.(next);
      }
    } finally {
      this.#instant = undefined;
    }
  }
}

function demandInstant(name: string, epochMs: number): void {
  if (epochMs <= LAST_INSTANT) return;
  const last = `${String(LAST_INSTANT)} (${new Date(LAST_INSTANT).toISOString()})`;
  throw new RangeError(`${name} must be epoch milliseconds up to ${last}, not ${String(epochMs)}`);
}
