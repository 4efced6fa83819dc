/** What every portable class needs around it; made once by the composition root. */
import type { RequestObserver } from '../driver/call.js';
import type { LinkPart } from '../driver/driver.js';
import type { Unreadable } from '../driver/unreadable.js';
import type { Redactor } from '../errors/redact.js';
import type { SharedRate } from '../pacing/sharedRate.js';
import type { Clock } from '../wait/clock.js';
import type { Random } from '../wait/random.js';
import type { RetryPolicy } from '../wait/retry.js';
import type { WaitOptions } from '../wait/waiter.js';

/** Time, randomness, secrets and policies of one run. */
export interface Environment {
  readonly clock: Clock;
  readonly random: Random;
  /** Every error that leaves a portable class has passed through it. */
  readonly redactor: Redactor;
  readonly observer?: RequestObserver;
  /** Keeps the rates that are set together with other processes. Absent: each process keeps them for itself. */
  readonly sharedRate?: SharedRate;
  /** Default `DEFAULT_RETRY_POLICY`. */
  readonly retryPolicy?: RetryPolicy;
  /** Defaults of every wait; see WaitOptions. */
  readonly wait?: Pick<WaitOptions, 'minDelayMs' | 'maxDelayMs' | 'timeoutMs'>;
}

/** Options that every portable verb takes. */
export interface CallOptions {
  /** Aborting it rejects the verb with `Canceled`; a request on the way may still take effect. */
  readonly signal?: AbortSignal;
  /** Aborting it ends the repeating of refused calls, also with `Canceled`; a request on the way is still answered. */
  readonly stopRepeating?: AbortSignal;
  /** How long refusals that pass by themselves are worth repeating, in milliseconds. Default: the policy's. */
  readonly settleForMs?: number;
}

/** Options of listings. */
export interface ListOptions extends CallOptions {
  /**
   * Gets every item that no table can read, and throws its error where it matters. Absent: the first one ends the listing with
   * its error.
   */
  readonly unreadable?: (item: Unreadable) => void;
  /** Gets the parts of links that a listing of peerings comes upon, where it does; what they make up is for `links` to tell. */
  readonly linkPart?: (part: LinkPart) => void;
}

/** Options of verbs that may wait for the cloud. */
export interface WaitingOptions extends CallOptions, Pick<WaitOptions, 'timeoutMs' | 'onProgress'> {}
