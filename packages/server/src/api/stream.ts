/** Server-sent events: one run's events to one reader, from where the reader left off. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Clock } from '@peerway/core';
import { printableData } from '@peerway/runtime';
import type { RunEvent } from '../runs/service.js';
import { problemOf } from './problem.js';

/** Proxies cut what is silent, commonly after a minute. */
const HEARTBEAT_MS = 15_000;

export interface EventSource {
  readonly events: AsyncIterable<RunEvent>;
  /** Aborted here when the reader has gone. */
  readonly gone: AbortController;
  readonly clock: Clock;
}

/**
 * Writes the head and every event until the run has ended or the reader has gone. After the last one comes `event: end`, so that a
 * reader can tell an ended run from a cut connection; an error of the host is `event: problem`.
 */
export async function writeEvents(raw: ServerResponse, { events, gone, clock }: EventSource): Promise<void> {
  raw.once('close', () => gone.abort());
  const write = async (text: string): Promise<void> => {
    if (gone.signal.aborted || raw.write(text)) return;
    await once(raw, 'drain', { signal: gone.signal }).catch(() => undefined);
  };
  const beating = beat(raw, clock, gone.signal);
  try {
    raw.flushHeaders();
    for await (const event of events) await write(frame(event.type, event, event.seq));
    await write(frame('end', {}));
  } catch (thrown) {
    await write(frame('problem', problemOf(thrown)));
  } finally {
    gone.abort();
    await beating;
    raw.end();
  }
}

/** A frame's data is one line: line ends inside texts are escaped by JSON, what cannot be seen by `printableData`. */
const frame = (type: string, data: object, id?: number): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify(printableData(data))}\n\n`;

async function beat(raw: ServerResponse, clock: Clock, gone: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await clock.sleep(HEARTBEAT_MS, gone);
      raw.write(': still here\n\n');
    }
  } catch {
    // the reader has gone, or everything is told
  }
}
