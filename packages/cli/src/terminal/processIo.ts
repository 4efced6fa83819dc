/** The real process as an Io: Ctrl-C, questions on a terminal, readers that hang up early (`peerway plan | head`), full disks. */
import type { Io, Sink } from './io.js';

interface ProcessIo extends Io {
  /** Waits until everything written has left; the code of what kept it from leaving (`ENOSPC`, `EPIPE`), or undefined. */
  readonly delivered: () => Promise<string | undefined>;
}

export function processIo(): ProcessIo {
  const interruption = new AbortController();
  const readerGone = new AbortController();
  let interrupts = 0;
  const interrupt = (): void => {
    interrupts++;
    if (interrupts > 1) process.exit(130);
    interruption.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const { stdin } = process;
  const stdout = tolerant(process.stdout, () => readerGone.abort());
  const stderr = tolerant(process.stderr, () => undefined);
  const interactive = stdin.isTTY && process.stderr.isTTY;
  return {
    stdout,
    stderr,
    env: process.env,
    cwd: process.cwd(),
    signal: interruption.signal,
    readerGone: readerGone.signal,
    ...(interactive ? { ask: (question: string) => ask(question, interruption.signal) } : {}),
    delivered: async () => (await stdout.flushed()) ?? (await stderr.flushed()),
  };
}

interface FlushableSink extends Sink {
  /** The code of the first write that failed, once all of them are through. */
  flushed(): Promise<string | undefined>;
}

/**
 * A reader that has gone away or a disk that is full ends the output and nothing else: what changes a cloud must not die of it in
 * the middle. Whoever ends the process asks `flushed` for the exit status.
 */
function tolerant(stream: NodeJS.WriteStream, onFailure: () => void): FlushableSink {
  let failure: string | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    failure ??= error.code ?? 'error';
    onFailure();
  });
  return {
    write: (text) => (failure === undefined ? stream.write(text) : false),
    flushed: () =>
      failure === undefined
        ? // the event of a failed write comes after its callback
          new Promise((resolve) => stream.write('', () => setImmediate(() => resolve(failure))))
        : Promise.resolve(failure),
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns;
    },
  };
}

async function ask(question: string, signal: AbortSignal): Promise<string | undefined> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // readline takes Ctrl-C for itself while it asks
  lines.on('SIGINT', () => process.emit('SIGINT'));
  try {
    return await Promise.race([
      lines.question(question, { signal }),
      new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined))),
    ]);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    lines.close();
  }
}
