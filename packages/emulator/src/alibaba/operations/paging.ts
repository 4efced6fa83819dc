/** The two page styles of Alibaba Cloud (docs/facts/alibaba.md 3.0). */
import type { Input } from '../../machine/input.js';
import { refusal } from '../errors.js';
import type { Code } from '../errors.js';

/** `PageNumber`/`PageSize` with their totals; a page beyond the last one is empty. */
export function numberedPage<T>(input: Input, all: readonly T[]) {
  const number = input.optionalInteger('PageNumber') ?? 1;
  const size = input.optionalInteger('PageSize') ?? 10;
  return {
    items: all.slice((number - 1) * size, number * size),
    counts: { TotalCount: all.length, PageNumber: number, PageSize: size },
  };
}

/**
 * Token style. The token holds the last id given and its position: the listing goes on after that object, or, when it
 * has meanwhile gone, at that position.
 */
export function tokenPage<T extends { readonly id: string }>(
  token: string | undefined,
  size: number,
  all: readonly T[],
  badToken: Code = 'IllegalParam.NextToken',
): { readonly items: readonly T[]; readonly next: string | undefined } {
  let start = 0;
  if (token !== undefined && token !== '') {
    const match = /^(\d{1,9}):(.+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'));
    if (match === null) throw refusal(badToken);
    const index = all.findIndex(({ id }) => id === match[2]);
    start = index === -1 ? Number(match[1]) : index + 1;
  }
  const items = all.slice(start, start + size);
  const last = items[items.length - 1];
  const more = last !== undefined && start + items.length < all.length;
  return { items, next: more ? Buffer.from(`${String(start)}:${last.id}`).toString('base64url') : undefined };
}
