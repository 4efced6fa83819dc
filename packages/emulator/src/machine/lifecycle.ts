/**
 * Lifecycles as tables: state, event, state in between, delay, next state. The only place that moves a record's status;
 * an operation asks `begin`, and what follows is scheduled on the clock.
 */
import type { EmulatorClock } from './clock.js';
import type { Profile } from './profiles.js';
import type { SeededRandom } from './random.js';
import { append } from './requests.js';
import type { Table } from './table.js';

/** `gone`: the record leaves the table. */
type Next<State extends string> = State | 'gone';

export interface Transition<State extends string, Event extends string> {
  readonly from: State;
  readonly event: Event;
  /** Shown at once and until the delay has passed; absent: the record keeps `from` meanwhile (or moves at once when the delay is 0). */
  readonly via?: State;
  /** A name in the cloud's delay table. */
  readonly delay: string;
  readonly to: Next<State>;
}

export interface TransitionRecord {
  readonly at: number;
  /** Name of the table, e.g. 'alibaba.vpcPeers'. */
  readonly table: string;
  readonly id: string;
  readonly event: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Milliseconds. A plain number is how long the cloud works and is scaled by the profile; `fixedMs` is a promise of the
 * cloud (an acceptance window of seven days) and is not.
 */
export type Delay = number | { readonly fixedMs: number };

interface Stateful {
  readonly id: string;
  readonly status: string;
}

export interface LifecycleServices {
  readonly clock: EmulatorClock;
  readonly random: SeededRandom;
  readonly profile: () => Profile;
  readonly transitions: TransitionRecord[];
}

export class Lifecycle<State extends string, Event extends string, R extends Stateful & { readonly status: State }> {
  readonly #table: Table<R>;
  readonly #transitions: readonly Transition<State, Event>[];
  readonly #delays: Readonly<Record<string, Delay>>;
  readonly #services: LifecycleServices;
  readonly #settled: (record: R, event: Event, to: Next<State>) => void;

  /**
   * @param delays by name; a name that a transition uses and this lacks is an error at construction
   * @param settled called after a delayed move has happened (`record` as it is now; for `gone` as it last was)
   */
  constructor(
    table: Table<R>,
    transitions: readonly Transition<State, Event>[],
    delays: Readonly<Record<string, Delay>>,
    services: LifecycleServices,
    settled: (record: R, event: Event, to: Next<State>) => void = () => undefined,
  ) {
    for (const { delay } of transitions) if (delays[delay] === undefined) throw new Error(`unknown delay '${delay}'`);
    this.#table = table;
    this.#transitions = transitions;
    this.#delays = delays;
    this.#services = services;
    this.#settled = settled;
    services.clock.on(this.#kind, (event) => this.#arrive(event.payload));
  }

  get #kind(): string {
    return `lifecycle:${this.#table.name}`;
  }

  /** Whether the event is allowed in the record's state. */
  allows(record: R, event: Event): boolean {
    return this.#row(record.status, event) !== undefined;
  }

  /**
   * Starts a transition. Returns the record as it is now, or undefined when its state does not allow the event.
   * @param delayMs instead of the table's delay, not scaled by the profile: for windows that a rule sets
   */
  begin(record: R, event: Event, delayMs?: number): R | undefined {
    const row = this.#row(record.status, event);
    if (row === undefined) return undefined;
    const { clock } = this.#services;
    const token = clock.now();
    let current = record;
    if (row.via !== undefined && row.via !== record.status) current = this.#move(record, event, row.via);
    this.forget(record.id);
    if (row.via === row.to) return current;
    const delay = delayMs ?? this.#delay(row.delay);
    clock.schedule({
      at: token + delay,
      kind: this.#kind,
      payload: { id: record.id, event, expected: current.status, to: row.to },
    });
    return current;
  }

  /** Forgets what is still to come for a record. */
  forget(id: string): void {
    this.#services.clock.cancel((event) => event.kind === this.#kind && event.payload['id'] === id);
  }

  #row(status: State, event: Event): Transition<State, Event> | undefined {
    return this.#transitions.find((row) => row.from === status && row.event === event);
  }

  #delay(name: string): number {
    const { scale, jitter, delays = {} } = this.#services.profile();
    const delay = this.#delays[name] ?? 0;
    if (typeof delay !== 'number') return delay.fixedMs;
    // a name that holds its thing needs no table before it
    const measured = name.includes('.')
      ? `${this.#table.name.split('.')[0] ?? ''}.${name}`
      : `${this.#table.name}.${name}`;
    const base = (Object.hasOwn(delays, measured) ? (delays[measured] ?? delay) : delay) * scale;
    return jitter === 0 ? base : Math.round(base * (1 + jitter * (2 * this.#services.random.next() - 1)));
  }

  #arrive(payload: Readonly<Record<string, string | number | boolean>>): void {
    const record = this.#table.get(String(payload['id']));
    // a record that has meanwhile moved on (deleted, rejected) is left alone
    if (record === undefined || record.status !== payload['expected']) return;
    const event = payload['event'] as Event;
    const to = payload['to'] as Next<State>;
    this.#settled(this.#move(record, event, to), event, to);
  }

  #move(record: R, event: Event, to: Next<State>): R {
    const { clock, transitions } = this.#services;
    append(transitions, { at: clock.now(), table: this.#table.name, id: record.id, event, from: record.status, to });
    if (to !== 'gone') return this.#table.patch(record.id, { status: to } as Partial<R>) ?? record;
    this.#table.delete(record.id);
    return record;
  }
}
