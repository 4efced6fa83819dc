/** Reads a text file whose size nobody vouches for, from a disk, a pipe or a device, until the caller gives up. */
import { close, constants, fstat, open, read } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import { PeerwayError } from '@peerway/core';

interface TextFileOptions {
  readonly maxBytes: number;
  /** As the user names it, for errors. */
  readonly shown: string;
  /** What it is, at the start of a sentence: `The config file`. */
  readonly what: string;
  readonly signal?: AbortSignal;
}

/** How often a named pipe without a writer is looked at. */
const PIPE_PAUSE_MS = 50;
const CHUNK_BYTES = 256 * 1024;

// descriptors, not file handles: a socket closes what it is given, and nothing may be closed twice
const [openFile, readFrom, closeFile, statFile] = [
  promisify(open),
  promisify(read),
  promisify(close),
  promisify(fstat),
];

/**
 * @throws PeerwayError `NotFound` when there is none; `InvalidArgument` when it cannot be read, is too large or is no UTF-8 text;
 * `Canceled` when the signal aborts
 */
export async function readTextFile(absolute: string, options: TextFileOptions): Promise<string> {
  const { what, shown, signal } = options;
  try {
    // a named pipe waits for its first writer; one that a shell made (`<(…)`) has it already
    const waits = (await lstat(absolute)).isFIFO();
    for (;;) {
      signal?.throwIfAborted();
      const bytes = await readOnce(absolute, options);
      if (bytes.length > 0 || !waits) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      await new Promise((resolve) => setTimeout(resolve, PIPE_PAUSE_MS));
    }
  } catch (error) {
    if (error instanceof PeerwayError) throw error;
    if (signal?.aborted === true)
      throw new PeerwayError('Canceled', `${what} was not read to its end`, { place: shown });
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new PeerwayError('InvalidArgument', `${what} is not a text in UTF-8`, {
        place: shown,
        remedy: 'Save it as UTF-8, or name another file.',
      });
    }
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new PeerwayError(
      missing ? 'NotFound' : 'InvalidArgument',
      `${what} ${missing ? 'does not exist' : 'cannot be read'}`,
      {
        place: shown,
        remedy: missing ? 'Check its name and the folder you are in.' : 'Check that it is a file and may be read.',
      },
    );
  }
}

async function readOnce(absolute: string, options: TextFileOptions): Promise<Buffer> {
  // without O_NONBLOCK a pipe that nobody writes to blocks a thread of this process, which then cannot even exit
  const fd = await openFile(absolute, constants.O_RDONLY | constants.O_NONBLOCK);
  const kind = await statFile(fd);
  const source = kind.isFIFO() || kind.isSocket() ? pipeChunks(fd, options.signal) : fileChunks(fd, options.signal);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > options.maxBytes) throw tooLarge(options);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Closes the descriptor when it ends. */
async function* fileChunks(fd: number, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead, buffer } = await readFrom(fd, Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await closeFile(fd);
  }
}

/** The same through the event loop, so that waiting for a writer ends with the signal. */
async function* pipeChunks(fd: number, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  const socket = new Socket({ fd, readable: true, writable: false, ...(signal === undefined ? {} : { signal }) });
  try {
    for await (const chunk of socket) yield chunk as Buffer;
  } finally {
    socket.destroy();
  }
}

const tooLarge = ({ what, shown, maxBytes }: TextFileOptions): PeerwayError =>
  new PeerwayError('InvalidArgument', `${what} is larger than ${maxBytes / 1024 / 1024} MB`, {
    place: shown,
    remedy: 'Check that it is the right file; split a large stack into several, one file each.',
  });
