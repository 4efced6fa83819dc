/** The real process as an Io: Ctrl-C, questions on a terminal, and readers that hang up early (`peerway plan | head`). */
import type { Io, Sink } from './io.js';

export function processIo(): Io {
  const interruption = new AbortController();
  const readerGone = new AbortController();
  let interrupts = 0;
  process.on('SIGINT', () => {
    interrupts++;
    if (interrupts > 1) process.exit(130);
    interruption.abort();
  });
  process.on('SIGTERM', () => interruption.abort());
  const { stdin, stdout, stderr } = process;
  const interactive = stdin.isTTY && stderr.isTTY;
  return {
    stdout: tolerant(stdout, () => readerGone.abort()),
    stderr: tolerant(stderr, () => undefined),
    env: process.env,
    cwd: process.cwd(),
    signal: interruption.signal,
    readerGone: readerGone.signal,
    ...(interactive ? { ask: (question: string) => ask(question, interruption.signal) } : {}),
  };
}

/** A reader that has gone away is no error of ours; what changes a cloud must not die of it in the middle. */
function tolerant(stream: NodeJS.WriteStream, onClosed: () => void): Sink {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closed = true;
    onClosed();
  });
  return {
    write: (text) => (closed ? false : stream.write(text)),
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
