/** Retry policy, written once. What may be repeated is data on the error; how long to wait is decided here. */
import { isPeerwayError } from '../errors/error.js';
import type { PeerwayError } from '../errors/error.js';
import type { Clock } from './clock.js';
import type { Random } from './random.js';

export interface RetryPolicy {
  /** Tries for `backoff` errors, the first included. Default 6. */
  readonly maxTries: number;
  /** First delay of `backoff`; doubles. Default 400. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** Delay of `settle` errors (the clouds' documents say 3 to 7 s). Default 3,000. */
  readonly settleMs: number;
  /** How long `settle` errors are worth repeating. Default 120,000. */
  readonly settleForMs: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxTries: 6,
  backoffMs: 400,
  maxBackoffMs: 20_000,
  settleMs: 3_000,
  settleForMs: 120_000,
};

export interface RetryContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly policy: RetryPolicy;
  readonly signal: AbortSignal;
  /**
   * True when running it twice equals running it once: reads, deletes, and writes that carry an idempotency token which
   * stays the same over all tries. When false, an error with `outcome: 'unknown'` ends the retrying.
   */
  readonly repeatable: boolean;
  readonly onRetry?: (error: PeerwayError, delayMs: number, tries: number) => void;
}

export async function withRetry<T>(context: RetryContext, attempt: () => Promise<T>): Promise<T> {
  const { clock, random, policy, signal } = context;
  const start = clock.now();
  let usedOnce = false;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPeerwayError(error) || signal.aborted) throw error;
      if (error.details.outcome === 'unknown' && !context.repeatable) throw error;
      let delay: number;
      switch (error.retry) {
        case 'never':
          throw error;
        case 'once':
          if (usedOnce) throw error;
          usedOnce = true;
          delay = 0;
          break;
        case 'settle':
          if (clock.now() - start >= policy.settleForMs) throw error;
          delay = policy.settleMs * (1 + random.next());
          break;
        case 'backoff':
          if (tries >= policy.maxTries) throw error;
          // full jitter: a storm of callers spreads over the whole interval
          delay = Math.min(policy.maxBackoffMs, policy.backoffMs * 2 ** (tries - 1)) * (0.5 + 0.5 * random.next());
          break;
      }
      const wait = Math.max(delay, error.details.retryAfterMs ?? 0);
      context.onRetry?.(error, wait, tries);
      await clock.sleep(wait, signal);
    }
  }
}
