/**
 * Where a cloud keeps its objects. Records are immutable plain data, replaced as a whole on every change: a snapshot is
 * a copy of references, a stale read is the table as it was a moment ago, and nothing can be half-changed.
 */
import type { EmulatorClock } from './clock.js';

interface Change<R> {
  readonly at: number;
  readonly id: string;
  readonly before: R | undefined;
}

/** What a read may do; `Table` and its past views both offer it. */
export interface TableView<R> {
  get(id: string): R | undefined;
  values(): Iterable<R>;
}

/** The longest history kept for stale reads, in changes. */
const HISTORY = 4_000;

export class Table<R extends { readonly id: string }> implements TableView<R> {
  readonly name: string;
  readonly #clock: EmulatorClock;
  #records = new Map<string, R>();
  #history: Change<R>[] = [];

  constructor(name: string, clock: EmulatorClock) {
    this.name = name;
    this.#clock = clock;
  }

  get size(): number {
    return this.#records.size;
  }

  get(id: string): R | undefined {
    return this.#records.get(id);
  }

  values(): Iterable<R> {
    return this.#records.values();
  }

  /** All records that satisfy the condition, in order of creation. */
  filter(condition: (record: R) => boolean): R[] {
    const found: R[] = [];
    for (const record of this.#records.values()) if (condition(record)) found.push(record);
    return found;
  }

  find(condition: (record: R) => boolean): R | undefined {
    for (const record of this.#records.values()) if (condition(record)) return record;
    return undefined;
  }

  /** Stores a new record or replaces the one with the same id. */
  put(record: R): R {
    this.#remember(record.id);
    this.#records.set(record.id, record);
    return record;
  }

  /** Replaces some members of a record; undefined (and no change) when there is none. */
  patch(id: string, change: Partial<R>): R | undefined {
    const before = this.#records.get(id);
    return before === undefined ? undefined : this.put({ ...before, ...change });
  }

  delete(id: string): void {
    if (!this.#records.has(id)) return;
    this.#remember(id);
    this.#records.delete(id);
  }

  /** The table as it was at an instant, as far back as the history reaches (4,000 changes). */
  asOf(instant: number): TableView<R> {
    const records = new Map(this.#records);
    for (let index = this.#history.length - 1; index >= 0; index -= 1) {
      const change = this.#history[index];
      if (change === undefined || change.at <= instant) break;
      if (change.before === undefined) records.delete(change.id);
      else records.set(change.id, change.before);
    }
    return records;
  }

  snapshot(): readonly R[] {
    return [...this.#records.values()];
  }

  restore(records: readonly R[]): void {
    this.#records = new Map(records.map((record) => [record.id, record]));
    this.#history = [];
  }

  #remember(id: string): void {
    if (this.#history.length >= HISTORY) this.#history.splice(0, HISTORY / 2);
    this.#history.push({ at: this.#clock.now(), id, before: this.#records.get(id) });
  }
}
