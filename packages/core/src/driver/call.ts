/** What core hands to a driver with every call: cancellation, the read-only guard, and the place to report requests. */
import { PeerwayError } from '../errors/error.js';
import type { LimitChange } from '../pacing/requestLimiter.js';

/** One HTTP request that a driver is about to send. Never holds parameters, headers or keys. */
export interface RequestInfo {
  /** The vendor's operation, e.g. `CreateVpcPeerConnection`, `PUT /v1/peerconn/{id}?accept`. */
  readonly nativeOperation: string;
  /** True when the request may change anything in the cloud. */
  readonly mutating: boolean;
}

/** How one HTTP request ended. */
export interface RequestOutcome {
  /** Absent when no answer came. */
  readonly httpStatus?: number;
  readonly requestId?: string;
  /** Vendor's error code; absent on success. */
  readonly nativeCode?: string;
  readonly durationMs: number;
}

/** Sees every request of every driver; the source of logs, counts and traces. Must not throw: it stands in the request's way. */
export interface RequestObserver {
  requestSent?(provider: string, request: RequestInfo): void;
  requestAnswered?(provider: string, request: RequestInfo, outcome: RequestOutcome): void;
  /** A request was not sent at once: its turn at the account's limit came after `waitedMs`. */
  requestWaited?(provider: string, request: RequestInfo, waitedMs: number): void;
  /** A call failed; it is repeated or its error is thrown. */
  callFailed?(provider: string, error: PeerwayError): void;
  /** A call failed and will be repeated after `delayMs`. */
  callRetried?(provider: string, error: PeerwayError, delayMs: number): void;
  /** An answer to this observer's call changed how many requests the account is sent at once. */
  limitLearned?(provider: string, change: LimitChange): void;
}

/** One observer that passes everything on to two, to the first one first. */
export function bothObservers(first: RequestObserver | undefined, second: RequestObserver): RequestObserver {
  if (first === undefined) return second;
  return {
    requestSent: (...seen) => {
      first.requestSent?.(...seen);
      second.requestSent?.(...seen);
    },
    requestAnswered: (...seen) => {
      first.requestAnswered?.(...seen);
      second.requestAnswered?.(...seen);
    },
    requestWaited: (...seen) => {
      first.requestWaited?.(...seen);
      second.requestWaited?.(...seen);
    },
    callFailed: (...seen) => {
      first.callFailed?.(...seen);
      second.callFailed?.(...seen);
    },
    callRetried: (...seen) => {
      first.callRetried?.(...seen);
      second.callRetried?.(...seen);
    },
    limitLearned: (...seen) => {
      first.limitLearned?.(...seen);
      second.limitLearned?.(...seen);
    },
  };
}

/** One call of a driver, over all its requests and repetitions. */
export interface Call {
  /**
   * Aborts when the caller gave up. A driver passes it to its HTTP client. Guaranteed not aborted when the call begins, and
   * to be this call's own, so that listeners left on it go with it.
   */
  readonly signal: AbortSignal;
  /**
   * A driver must await this before each HTTP request, and before it dates and signs it: the request waits here for its turn at
   * the account's limit, and neither time nor nonce may age in a queue. It sends the request at once, and calls the returned
   * function when its answer is in or none will come; until then the request has a place of the account's.
   * @throws PeerwayError `FailedPrecondition` when a mutating request is attempted in a read-only call: reads never write;
   *   `Canceled` when the call is aborted while it waits
   */
  admit(request: RequestInfo): Promise<(outcome: RequestOutcome) => void>;
}

/** Where requests wait for their turn. */
export interface Admission {
  /** Resolves when the request may leave. @returns what gives its place back, and how long it waited, in milliseconds */
  enter(): Promise<{ readonly leave: (outcome: RequestOutcome) => void; readonly waitedMs: number }>;
}

interface CallSettings {
  readonly signal: AbortSignal;
  readonly readOnly: boolean;
  readonly observer?: RequestObserver;
  /** Absent: every request leaves at once. */
  readonly admission?: Admission;
}

/** The error of a change that is attempted where only reading is allowed. */
export const readOnlyRefusal = (provider: string, operation: string): PeerwayError =>
  new PeerwayError('FailedPrecondition', `${operation} would change the cloud in a read-only call`, {
    provider,
    remedy: 'Plan, status, graph and verify only read; use apply or destroy to change something.',
  });

/** Makes the Call of one operation; for core, and for authors who drive a driver by hand in a test. */
export function createCall(provider: string, { signal, readOnly, observer, admission }: CallSettings): Call {
  return {
    signal,
    async admit(request) {
      if (readOnly && request.mutating) throw readOnlyRefusal(provider, request.nativeOperation);
      const entered = await admission?.enter();
      try {
        if (entered !== undefined && entered.waitedMs > 0)
          observer?.requestWaited?.(provider, request, entered.waitedMs);
        observer?.requestSent?.(provider, request);
      } catch (error) {
        entered?.leave({ durationMs: 0 }); // it never left
        throw error;
      }
      return (outcome) => {
        entered?.leave(outcome);
        observer?.requestAnswered?.(provider, request, outcome);
      };
    },
  };
}
