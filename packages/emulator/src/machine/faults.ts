/** Faults on purpose: deterministic, seeded, changeable while running, and always delivered through the socket. */
import { demandWhole } from './bounds.js';
import type { SeededRandom } from './random.js';
import type { CloudName } from './world.js';

export type Side = 'initiator' | 'acceptor';

/** Which requests a fault strikes. Every member that is given must match. */
export interface FaultTarget {
  readonly cloud?: CloudName;
  /** One operation name, or several. */
  readonly operation?: string | readonly string[];
  /** Account id of the caller. */
  readonly account?: string;
  readonly region?: string;
  /** Which side of the peering the caller acts for, where an operation knows it. */
  readonly side?: Side;
  readonly mutating?: boolean;
  /**
   * Which calls, counted from 1 among the requests that match all of the above since the fault was added: one number,
   * several, or a range (both ends included, `to` absent: for ever). Absent: all of them.
   */
  readonly calls?: number | readonly number[] | { readonly from: number; readonly to?: number };
  /** 0..1, drawn from the emulator's seed. Default 1. */
  readonly probability?: number;
}

export type FaultEffect =
  /** The cloud's own throttling error; nothing is executed. */
  | { readonly kind: 'throttle' }
  /**
   * An error answer. `code` with `status` and `message`: the cloud's error form with that code. Otherwise a server
   * error (`status` default 500) whose body is the cloud's own form, an HTML page or empty. `after`: the request takes
   * effect first (default false).
   */
  | {
      readonly kind: 'error';
      readonly code?: string;
      readonly status?: number;
      readonly message?: string;
      readonly body?: 'native' | 'html' | 'empty';
      readonly after?: boolean;
    }
  /** Takes effect; the answer breaks off in the middle of its body. */
  | { readonly kind: 'truncate' }
  /** Takes effect at once; the answer starts after `ms` of real time. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** The connection is reset; nothing was executed. */
  | { readonly kind: 'reset' }
  /** Takes effect; then the connection is reset instead of an answer. */
  | { readonly kind: 'lost-answer' }
  /** The network delivers the request twice: it is executed twice and the second outcome is answered. */
  | { readonly kind: 'duplicate' }
  /** A read shows the world as it was `ms` of emulator time ago. Writes are not struck. */
  | { readonly kind: 'stale'; readonly ms: number };

export type Fault = FaultTarget & FaultEffect;

/** What a fault is matched against. */
interface FaultSubject {
  readonly cloud: CloudName;
  readonly operation: string;
  readonly account: string;
  readonly region: string | undefined;
  readonly side: Side | undefined;
  readonly mutating: boolean;
}

/** The longest wait of a timer, in ms (24.8 days): a longer one would end at once. */
const LONGEST_WAIT_MS = 2_147_483_647;

/** An answer with another status could not be sent (below 100, above 999), or is no final answer (below 200). */
const STATUSES = [200, 599] as const;

/** Refuses what would end the process when the fault strikes, or could never strike. */
function demandPossible(fault: Fault): void {
  if (fault.kind === 'error' && fault.status !== undefined) demandWhole('fault.status', fault.status, ...STATUSES);
  if (fault.kind === 'slow') demandWhole('fault.ms', fault.ms, 0, LONGEST_WAIT_MS);
  const { calls = [] } = fault;
  const named = typeof calls === 'object' && 'from' in calls ? [calls.from, calls.to ?? calls.from] : [calls].flat();
  for (const call of named) demandWhole('fault.calls', call, 1, Number.MAX_SAFE_INTEGER);
  if (typeof calls === 'object' && 'from' in calls && calls.to !== undefined)
    demandWhole('fault.calls.to', calls.to, calls.from, Number.MAX_SAFE_INTEGER);
  for (const member of ['calls', 'operation'] as const) {
    const list = fault[member];
    if (Array.isArray(list) && list.length === 0) throw new RangeError(`fault.${member} must name at least one`);
  }
}

export class Faults {
  readonly #random: SeededRandom;
  #active: { readonly fault: Fault; count: number }[] = [];

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** Adds a fault. Returns a function that removes it again. A number that no request can meet throws a RangeError. */
  add(fault: Fault): () => void {
    demandPossible(fault);
    const entry = { fault, count: 0 };
    this.#active.push(entry);
    return () => {
      this.#active = this.#active.filter((other) => other !== entry);
    };
  }

  /** Removes all faults. */
  clear(): void {
    this.#active = [];
  }

  list(): readonly Fault[] {
    return this.#active.map(({ fault }) => fault);
  }

  /** The first fault that strikes this request; every fault whose target matches counts the call. */
  strike(subject: FaultSubject): FaultEffect | undefined {
    let struck: FaultEffect | undefined;
    for (const entry of this.#active) {
      if (!matches(entry.fault, subject)) continue;
      entry.count += 1;
      if (struck !== undefined || !chosen(entry.fault.calls, entry.count)) continue;
      if (entry.fault.probability !== undefined && this.#random.next() >= entry.fault.probability) continue;
      struck = entry.fault;
    }
    return struck;
  }
}

function matches(fault: Fault, subject: FaultSubject): boolean {
  const { operation } = fault;
  const named = operation === undefined || [operation].flat().includes(subject.operation);
  return (
    named &&
    (fault.kind !== 'stale' || !subject.mutating) &&
    (['cloud', 'account', 'region', 'side', 'mutating'] as const).every(
      (member) => fault[member] === undefined || fault[member] === subject[member],
    )
  );
}

function chosen(calls: FaultTarget['calls'], count: number): boolean {
  if (calls === undefined) return true;
  if (typeof calls === 'number') return calls === count;
  if ('from' in calls) return count >= calls.from && (calls.to === undefined || count <= calls.to);
  return calls.includes(count);
}
