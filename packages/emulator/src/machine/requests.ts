/** The request log: what a test asks to learn what really went over the wire. */
import type { CloudName } from './world.js';

export interface RequestRecord {
  /** Emulator time, epoch milliseconds. */
  readonly at: number;
  readonly cloud: CloudName;
  /** Operation name; '' when the request did not even name one. */
  readonly operation: string;
  /** Account id of the caller; absent when authentication failed. */
  readonly account?: string;
  readonly region?: string;
  readonly mutating: boolean;
  readonly status: number;
  /** The cloud's error code, when the answer was an error. */
  readonly code?: string;
  readonly requestId: string;
  /** Business parameters as received, those of a hostile size cut short; never a secret, a token or a signature. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Parameters that were not known and, in loose mode, ignored. */
  readonly ignored?: readonly string[];
  /** Kind of the fault that struck this request. */
  readonly fault?: string;
}

/** A crash of the emulator itself. A test run must fail on a non-empty `emulator.crashes`. */
export interface Crash {
  readonly at: number;
  readonly cloud: CloudName;
  readonly operation: string;
  readonly requestId: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly params: Readonly<Record<string, unknown>>;
  };
  readonly error: unknown;
}

/** How many records are kept; the oldest leave first. */
const KEPT = 20_000;

/** How much of one request's parameters is kept, in characters and members. */
const PARAMS_KEPT = 100_000;
const DEPTH_KEPT = 100;

/** Parameters as they are logged: as they came, or cut where a hostile request would fill the memory. */
export function loggable(params: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let left = PARAMS_KEPT;
  const fits = (value: unknown, depth: number): boolean => {
    left -= typeof value === 'string' ? value.length : 1;
    if (left < 0 || depth > DEPTH_KEPT) return false;
    if (typeof value !== 'object' || value === null) return true;
    return Object.entries(value).every(([name, member]) => (left -= name.length) >= 0 && fits(member, depth + 1));
  };
  return fits(params, 0) ? params : { cut: 'too large or too deep to be kept' };
}

/** Appends to a log that keeps its length bounded. */
export function append<T>(log: T[], entry: T): void {
  if (log.length >= KEPT) log.splice(0, KEPT / 10);
  log.push(entry);
}

/** Counts of requests by operation name, for assertions on how many calls a run made. */
export function countByOperation(requests: readonly RequestRecord[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { operation } of requests) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

/** The requests that could change a cloud. */
export const mutations = (requests: readonly RequestRecord[]): readonly RequestRecord[] =>
  requests.filter((request) => request.mutating);
