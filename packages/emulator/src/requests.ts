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
  /** Business parameters as received; never a secret, a token or a signature. */
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
const KEPT = 50_000;

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
