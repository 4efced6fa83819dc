/** What every portable class needs around it; made once by the composition root. */
import type { RequestObserver } from '../driver/call.js';
import type { Redactor } from '../errors/redact.js';
import type { Clock } from '../wait/clock.js';
import type { Random } from '../wait/random.js';
import type { RetryPolicy } from '../wait/retry.js';

export interface Environment {
  readonly clock: Clock;
  readonly random: Random;
  readonly redactor: Redactor;
  readonly observer?: RequestObserver;
  readonly retryPolicy?: RetryPolicy;
  /** Defaults of every wait; see WaitOptions. */
  readonly wait?: { readonly minDelayMs?: number; readonly maxDelayMs?: number; readonly timeoutMs?: number };
}

/** Options that every portable verb takes. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** Options of verbs that may wait for the cloud. */
export interface WaitingOptions extends CallOptions {
  readonly timeoutMs?: number;
  readonly onProgress?: (progress: {
    readonly state: string;
    readonly looks: number;
    readonly elapsedMs: number;
  }) => void;
}
