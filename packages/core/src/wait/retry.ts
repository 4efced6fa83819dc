/** Retry policy, written once. What may be repeated is data on the error; how long to wait is decided here. */
import { isPeerwayError } from '../errors/error.js';
import type { RetryAdvice } from '../errors/codes.js';
import type { PeerwayError } from '../errors/error.js';
import type { Clock } from './clock.js';
import type { Random } from './random.js';

/** How often and how slowly. All members are 0 or more. */
export interface RetryPolicy {
  /** Tries that may end in a `backoff` error, the last one included. Default 6. */
  readonly maxTries: number;
  /** First delay of `backoff`; doubles with each. Of every delay, half to all is waited. Default 400. */
  readonly backoffMs: number;
  /** Default 20,000. */
  readonly maxBackoffMs: number;
  /** Delay of `settle` errors: one to two times this (the clouds' documents say 3 to 7 s). Default 3,000. */
  readonly settleMs: number;
  /**
   * How long `settle` errors are worth repeating, counted from the first try; also the longest pause that a cloud's own
   * hint (`retryAfterMs`) may ask for. Default 120,000.
   */
  readonly settleForMs: number;
}

/** What an Environment without a policy of its own gets. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxTries: 6,
  backoffMs: 400,
  maxBackoffMs: 20_000,
  settleMs: 3_000,
  settleForMs: 120_000,
};

/** For long work that nobody watches second by second, an apply say: as many tries as by default, over a longer time. */
export const PATIENT_RETRY_POLICY: RetryPolicy = { ...DEFAULT_RETRY_POLICY, backoffMs: 2_000, maxBackoffMs: 30_000 };

/** What a repetition needs around it. */
export interface RetryContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly policy: RetryPolicy;
  readonly signal: AbortSignal;
  /** Ends the repeating, and not an attempt that is under way. */
  readonly stopRepeating?: AbortSignal;
  /**
   * True when running it twice equals running it once: reads, deletes, and writes that carry an idempotency token which
   * stays the same over all tries. When false, an error with `outcome: 'unknown'` ends the retrying.
   */
  readonly repeatable: boolean;
  /** Called before each pause. `tries`: how many have failed so far. */
  readonly onRetry?: (error: PeerwayError, delayMs: number, tries: number) => void;
}

/**
 * Repeats `attempt` as its errors advise (see RetryAdvice) and resolves with the first success.
 * @throws the last error, unchanged, when it advises `never`, is no PeerwayError, or the policy is used up; `Canceled`
 *   when `signal` or `stopRepeating` aborts during a pause, or has before it
 */
export async function withRetry<T>(context: RetryContext, attempt: () => Promise<T>): Promise<T> {
  const { clock, policy, signal, stopRepeating } = context;
  const start = clock.now();
  const spent = { once: 0, backoff: 0, settle: 0 };
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPeerwayError(error) || signal.aborted) throw error;
      if (error.details.outcome === 'unknown' && !context.repeatable) throw error;
      const advice = error.retry;
      if (advice === 'never') throw error;
      const before = spent[advice]++;
      const pause = PAUSES[advice](context, before, clock.now() - start);
      const hint = error.details.retryAfterMs ?? 0;
      // when a cloud asks for hours, the caller should know at once
      if (pause === undefined || hint > policy.settleForMs) throw error;
      const delayMs = Math.max(pause, hint);
      context.onRetry?.(error, delayMs, tries);
      await clock.sleep(delayMs, stopRepeating === undefined ? signal : AbortSignal.any([signal, stopRepeating]));
    }
  }
}

/** Per advice: the pause after an error of this kind, `before` of which have come already; undefined: give up. */
const PAUSES: Record<
  Exclude<RetryAdvice, 'never'>,
  (context: RetryContext, before: number, elapsedMs: number) => number | undefined
> = {
  once: (_, before) => (before === 0 ? 0 : undefined),
  settle: ({ policy, random }, _, elapsedMs) =>
    elapsedMs < policy.settleForMs ? policy.settleMs * (1 + random.next()) : undefined,
  // half of the delay is certain, half is random: callers that failed together do not come back together
  backoff: ({ policy, random }, before) =>
    before + 1 < policy.maxTries
      ? Math.min(policy.maxBackoffMs, policy.backoffMs * 2 ** before) * (0.5 + 0.5 * random.next())
      : undefined,
};
