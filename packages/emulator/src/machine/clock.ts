/** The emulator's time. Lifecycles move by this clock only; everything that is to happen later is data in its queue. */

export interface ScheduledEvent {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Which handler takes it: see `EmulatorClock.on`. */
  readonly kind: string;
  /** Plain data, so that a snapshot can hold the event. */
  readonly payload: Readonly<Record<string, string | number | boolean>>;
}

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
  #queue: ScheduledEvent[] = [];
  readonly #handlers = new Map<string, (event: ScheduledEvent) => void>();

  constructor(mode: ClockMode, start: number = Date.now()) {
    this.mode = mode;
    this.#now = start;
    this.#offset = start - Date.now();
  }

  now(): number {
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

  /** Moves time forward to an instant; an instant in the past changes nothing. */
  advanceTo(epochMs: number): void {
    if (!Number.isFinite(epochMs)) throw new RangeError(`advanceTo needs a finite instant, got ${String(epochMs)}`);
    const target = Math.max(this.now(), epochMs);
    for (let next = this.#queue[0]; next !== undefined && next.at <= target; next = this.#queue[0]) {
      this.#queue.shift();
      this.#now = Math.max(this.#now, next.at);
      this.#handlers.get(next.kind)?.(next);
    }
    this.#now = Math.max(this.#now, target);
    if (this.mode === 'real') this.#offset = this.#now - Date.now();
  }

  /** Runs what is due now. */
  settle(): void {
    const first = this.#queue[0];
    if (first !== undefined && first.at <= this.now()) this.#drain();
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

  restore(state: { readonly now: number; readonly events: readonly ScheduledEvent[] }): void {
    this.#now = state.now;
    this.#offset = state.now - Date.now();
    this.#queue = [...state.events];
  }

  #drain(): void {
    const target = this.#now;
    for (let next = this.#queue[0]; next !== undefined && next.at <= target; next = this.#queue[0]) {
      this.#queue.shift();
      this.#handlers.get(next.kind)?.(next);
    }
  }
}
