/** What core hands to a driver with every call: cancellation, the read-only guard, and the place to report requests. */
import { PeerwayError } from '../errors/error.js';

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
  /** A call failed and will be repeated after `delayMs`; the source of limits learned from throttling. */
  callRetried?(provider: string, error: PeerwayError, delayMs: number): void;
}

/** One observer that passes everything on to two, to the first one first. */
export function bothObservers(first: RequestObserver | undefined, second: RequestObserver): RequestObserver {
  if (first === undefined) return second;
  return {
    requestSent: (provider, request) => {
      first.requestSent?.(provider, request);
      second.requestSent?.(provider, request);
    },
    requestAnswered: (provider, request, outcome) => {
      first.requestAnswered?.(provider, request, outcome);
      second.requestAnswered?.(provider, request, outcome);
    },
    callRetried: (provider, error, delayMs) => {
      first.callRetried?.(provider, error, delayMs);
      second.callRetried?.(provider, error, delayMs);
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
   * A driver must call this immediately before each HTTP request, and the returned function once its answer is in.
   * @throws PeerwayError `FailedPrecondition` when a mutating request is attempted in a read-only call: reads never write
   */
  begin(request: RequestInfo): (outcome: RequestOutcome) => void;
}

/** Makes the Call of one operation; for core, and for authors who drive a driver by hand in a test. */
export function createCall(
  provider: string,
  options: { readonly signal: AbortSignal; readonly readOnly: boolean; readonly observer?: RequestObserver },
): Call {
  return {
    signal: options.signal,
    begin(request) {
      if (options.readOnly && request.mutating) {
        throw new PeerwayError(
          'FailedPrecondition',
          `${request.nativeOperation} would change the cloud in a read-only call`,
          {
            provider,
            remedy: 'Plan, status, graph and verify only read; use apply or destroy to change something.',
          },
        );
      }
      options.observer?.requestSent?.(provider, request);
      return (outcome) => options.observer?.requestAnswered?.(provider, request, outcome);
    },
  };
}
