/** What the kit tells about each case, and how a known wrong behaviour is written down. */
import type { Topic } from './case.js';

export interface CaseReport {
  readonly topic: Topic;
  readonly case: string;
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'diverged';
  /** Why it was skipped, how it failed, or why it diverges. */
  readonly reason?: string;
}

/** One JSON line per case, for `onCase`. */
export const jsonLine =
  (write: (line: string) => void) =>
  (report: CaseReport): void =>
    write(`${JSON.stringify(report)}\n`);

/**
 * A case that a provider or its backend is known to fail, asserted as it fails today. The day it passes, or fails in
 * another way, the suite says so: a divergence cannot rot.
 */
export interface Divergence {
  readonly topic: Topic;
  /** The case's sentence, exactly. */
  readonly case: string;
  /** Whose fault it is and where that is written. */
  readonly because: string;
  /** Matches the failure's message of today. */
  readonly today: RegExp;
}
