/** The one polling engine. A wait names what is success and what is failure; everything else is "not yet". */
import { PeerwayError } from '../errors/error.js';
import { canceled, type Clock } from './clock.js';
import type { Random } from './random.js';

/** What a look means: done, never going to be done, or not yet. */
export type Verdict =
  | { readonly kind: 'success' }
  | { readonly kind: 'failure'; readonly error: PeerwayError }
  | { readonly kind: 'retry' };

/** How often to look and for how long; `0 ≤ minDelayMs ≤ maxDelayMs`, `timeoutMs ≥ 0`. */
export interface WaitOptions {
  /** Delay before the second look; later ones grow by half up to `maxDelayMs`; each ±20 %. Default 500, or `maxDelayMs` where that is less. */
  readonly minDelayMs?: number;
  /** Default 5,000, or `minDelayMs` where that is more. */
  readonly maxDelayMs?: number;
  /**
   * Default 600,000 (10 minutes); 0: look once. The last look is made when the time is up, and a look under way is not
   * cut short.
   */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Called after every look that found neither success nor failure. */
  readonly onProgress?: (progress: WaitProgress) => void;
}

/** One look that found "not yet". */
export interface WaitProgress {
  /** As `describe` names it; mostly the cloud's own word. */
  readonly state: string;
  /** How many looks were made, this one included. */
  readonly looks: number;
  readonly elapsedMs: number;
}

/** A wait: where to look and how to judge what is seen. */
export interface Wait<T> extends WaitOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Named in messages, e.g. `peering pcc-1 to become active`. */
  readonly what: string;
  /** Must not sleep. May return undefined where the thing is not (or no longer) there. */
  readonly look: () => Promise<T>;
  readonly judge: (seen: T) => Verdict;
  /** Word for the messages; states are counted and shown when time runs out. */
  readonly describe: (seen: T) => string;
}

/** 10 minutes. */
export const DEFAULT_TIMEOUT_MS = 600_000;

/**
 * Resolves with what was seen at success.
 * @throws PeerwayError the verdict's error on failure; `DeadlineExceeded` with the states seen and how often;
 *   `Canceled` when the signal aborts; whatever `look` throws
 */
export async function waitFor<T>(wait: Wait<T>): Promise<T> {
  const { clock, random, signal, timeoutMs = DEFAULT_TIMEOUT_MS } = wait;
  const maxDelayMs = wait.maxDelayMs ?? Math.max(5_000, wait.minDelayMs ?? 0);
  const minDelayMs = wait.minDelayMs ?? Math.min(500, maxDelayMs);
  if (!(minDelayMs >= 0 && maxDelayMs >= minDelayMs && timeoutMs >= 0)) {
    throw new PeerwayError(
      'InvalidArgument',
      `Wait times do not fit: minDelayMs ${minDelayMs}, maxDelayMs ${maxDelayMs}, timeoutMs ${timeoutMs}`,
      { remedy: 'Give 0 ≤ minDelayMs ≤ maxDelayMs and timeoutMs ≥ 0.' },
    );
  }
  const start = clock.now();
  const seen = new Map<string, number>();
  let delay = minDelayMs;
  for (let looks = 1; ; looks++) {
    if (signal?.aborted === true) throw canceled();
    const value = await wait.look();
    const verdict = wait.judge(value);
    if (verdict.kind === 'success') return value;
    if (verdict.kind === 'failure') throw verdict.error;
    const state = wait.describe(value);
    seen.set(state, (seen.get(state) ?? 0) + 1);
    const elapsedMs = clock.now() - start;
    wait.onProgress?.({ state, looks, elapsedMs });
    const left = timeoutMs - elapsedMs;
    if (left <= 0) {
      const counts = [...seen].map(([name, count]) => `${name} ×${count}`).join(', ');
      throw new PeerwayError(
        'DeadlineExceeded',
        `Gave up after ${elapsedMs} ms waiting for ${wait.what}; seen: ${counts}`,
        { remedy: 'Look at the state in the cloud, then run again: what is done stays done.' },
      );
    }
    // ±20 % so that many waits started together do not stay together
    const jittered = delay * (0.8 + 0.4 * random.next());
    await clock.sleep(Math.min(jittered, left), signal);
    delay = Math.min(maxDelayMs, delay * 1.5 + 1);
  }
}
