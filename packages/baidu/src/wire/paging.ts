/** Walking the cloud's listings. Source: docs/facts/baidu.md 1.9: `marker` in, `nextMarker` out, the same everywhere. */
import { PeerwayError } from '@peerway/core';
import type { WirePage } from './answers.js';
import { PROVIDER } from './errors.js';

/** Largest page that any listing gives. */
export const PAGE_SIZE = 1_000;

/** A bound far above every quota. */
const MAX_PAGES = 500;

/**
 * Every item of every page, for what must be read whole inside one call.
 * @throws PeerwayError `Unknown` for a marker that comes back and for page 501: stopping there would pass a part for all
 */
export async function everyItem<T>(read: (marker: string | undefined) => Promise<WirePage<T>>): Promise<T[]> {
  const items: T[] = [];
  const used = new Set<string>();
  for (let marker: string | undefined; ;) {
    const page: WirePage<T> = await read(marker);
    for (const item of page.items) items.push(item);
    marker = page.next;
    if (marker === undefined) return items;
    if (used.has(marker)) throw endless('hands out a marker twice');
    if (used.size >= MAX_PAGES) throw endless(`goes on after ${MAX_PAGES} pages`);
    used.add(marker);
  }
}

const endless = (how: string): PeerwayError =>
  new PeerwayError('Unknown', `Unexpected answer: a listing ${how}`, {
    provider: PROVIDER,
    remedy: 'Run again; if it happens again, report it to the cloud.',
  });
