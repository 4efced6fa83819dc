/** Everything outside the program that a command may touch, so that tests drive the real entry without a process. */
import type { Clock, Random } from '@peerway/runtime';

export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Asks a person; undefined when nobody is there to answer (no terminal). Resolves undefined when the input ends. */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Aborts on the first Ctrl-C. */
  readonly signal?: AbortSignal;
  /** Aborts when whoever reads standard output has gone: an endless watch ends, a change of a cloud goes on. */
  readonly readerGone?: AbortSignal;
  /** Default: the machine's time. */
  readonly clock?: Clock;
  readonly random?: Random;
  /** Extra export conditions for finding providers, as node's `--conditions`. */
  readonly conditions?: readonly string[];
}
