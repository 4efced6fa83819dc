/** Walking the cloud's listings. Source: docs/facts/baidu.md 1.9: `marker` in, `nextMarker` out, the same everywhere. */
import { PeerwayError } from '@peerway/core';
import type { WirePage } from './answers.js';
import { PROVIDER } from './errors.js';

/** Largest page that any listing gives. */
export const PAGE_SIZE = 1_000;

/**
 * Every item of every page, for what must be read whole inside one call.
 * @throws PeerwayError `Unknown` for a marker that comes back: it would never end, and stopping there would pass a part for all
 */
export async function everyItem<T>(read: (marker: string | undefined) => Promise<WirePage<T>>): Promise<T[]> {
  const items: T[] = [];
  const used = new Set<string>();
  for (let marker: string | undefined; ;) {
    const page: WirePage<T> = await read(marker);
    items.push(...page.items);
    marker = page.next;
    if (marker === undefined) return items;
    if (used.has(marker)) {
      throw new PeerwayError('Unknown', `A listing handed out the marker ${JSON.stringify(marker)} twice`, {
        provider: PROVIDER,
        remedy: 'Run again; if it happens again, report it to the cloud.',
      });
    }
    used.add(marker);
  }
}
