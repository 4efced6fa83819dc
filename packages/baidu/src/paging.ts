/** Walking the cloud's listings. Facts: baidu.md 1.9: `marker` in, `nextMarker` out, the same everywhere. */
import type { WirePage } from './answers.js';

/** Largest page that any listing gives. */
export const PAGE_SIZE = 1_000;

/** Every item of every page, for what must be read whole inside one call. */
export async function everyItem<T>(read: (marker: string | undefined) => Promise<WirePage<T>>): Promise<T[]> {
  const items: T[] = [];
  let marker: string | undefined;
  do {
    const page: WirePage<T> = await read(marker);
    items.push(...page.items);
    marker = page.next === marker ? undefined : page.next; // a marker that stands still would never end
  } while (marker !== undefined);
  return items;
}
