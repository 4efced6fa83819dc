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

/** A record that is there or has been, with its place in the order of creation. */
interface Placed<R> {
  /** Grows from record to record; never used twice. */
  readonly place: number;
  /** As it is, or as it last was. */
  readonly record: R;
}

/** The longest history kept for stale reads, in changes; and of records that are gone, so that a listing can go on. */
const HISTORY = 4_000;

export class Table<R extends { readonly id: string }> implements TableView<R> {
  readonly name: string;
  readonly #clock: EmulatorClock;
  #records = new Map<string, R>();
  readonly #places = new Map<string, number>();
  readonly #gone = new Map<string, Placed<R>>();
  #nextPlace = 0;
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
    if (!this.#places.has(record.id)) this.#places.set(record.id, (this.#nextPlace += 1));
    return record;
  }

  /** Replaces some members of a record; undefined (and no change) when there is none. */
  patch(id: string, change: Partial<R>): R | undefined {
    const before = this.#records.get(id);
    return before === undefined ? undefined : this.put({ ...before, ...change });
  }

  delete(id: string): void {
    const record = this.#records.get(id);
    if (record === undefined) return;
    this.#remember(id);
    this.#records.delete(id);
    this.#gone.set(id, { place: this.#places.get(id) ?? 0, record });
    this.#places.delete(id);
    const [oldest] = this.#gone.keys();
    if (oldest !== undefined && this.#gone.size > HISTORY) this.#gone.delete(oldest);
  }

  /** Where a record stands in the order of creation; also one of the newest 4,000 that are gone. Undefined: never there. */
  placed(id: string): Placed<R> | undefined {
    const record = this.#records.get(id);
    const place = this.#places.get(id);
    return record === undefined || place === undefined ? this.#gone.get(id) : { place, record };
  }

  /** The table as it was at an instant, in order of creation, as far back as the history reaches (4,000 changes). */
  asOf(instant: number): TableView<R> {
    const records = new Map(this.#records);
    let reordered = false;
    for (let index = this.#history.length - 1; index >= 0; index -= 1) {
      const change = this.#history[index];
      if (change === undefined || change.at <= instant) break;
      if (change.before === undefined) records.delete(change.id);
      else {
        reordered ||= !records.has(change.id);
        records.set(change.id, change.before);
      }
    }
    const place = (id: string): number => this.placed(id)?.place ?? 0;
    return reordered ? new Map([...records].sort(([one], [other]) => place(one) - place(other))) : records;
  }

  snapshot(): readonly R[] {
    return [...this.#records.values()];
  }

  restore(records: readonly R[]): void {
    this.#records = new Map(records.map((record) => [record.id, record]));
    this.#places.clear();
    this.#gone.clear();
    for (const id of this.#records.keys()) this.#places.set(id, (this.#nextPlace += 1));
    this.#history = [];
  }

  #remember(id: string): void {
    if (this.#history.length >= HISTORY) this.#history.splice(0, HISTORY / 2);
    this.#history.push({ at: this.#clock.now(), id, before: this.#records.get(id) });
  }
}

/** Throws a RangeError when the id of a seed is taken; one that is left out is made anew and cannot be. */
export function demandFree<R extends { readonly id: string }>(
  table: TableView<R>,
  id: string | undefined,
  what: string,
): void {
  if (id !== undefined && table.get(id) !== undefined) throw new RangeError(`there is a ${what} ${id} already`);
}
