/** Walking the cloud's listings: `NextToken` out, the same in; the last page has none. */
import { PeerwayError } from '@peerway/core';
import { PROVIDER } from './errors.js';

/** The largest page of VPCs and of peerings (API reference of DescribeVpcs, DescribeVpcPeeringConnections, checked 2026-11). */
export const PAGE_SIZE = 1_000;
/** The largest page of route tables (API reference of DescribeRouteTables). */
export const TABLES_PAGE_SIZE = 100;

/** A bound far above every quota. */
const MAX_PAGES = 500;

/** `next` where there is one: a page of core's. */
export const nextOf = ({ NextToken }: { readonly NextToken?: string }): { readonly next?: string } =>
  NextToken === undefined || NextToken === '' ? {} : { next: NextToken };

/**
 * Every item of every page, for what must be read whole inside one call.
 * @throws PeerwayError `Unknown` for a token that comes back and for page 501: stopping there would pass a part for all
 */
export async function everyItem<T>(
  read: (token: string | undefined) => Promise<{ readonly items: readonly T[]; readonly next?: string }>,
): Promise<T[]> {
  const items: T[] = [];
  const used = new Set<string>();
  for (let token: string | undefined; ;) {
    const page = await read(token);
    for (const item of page.items) items.push(item);
    token = page.next;
    if (token === undefined) return items;
    if (used.has(token)) throw endless('hands out a token twice');
    if (used.size >= MAX_PAGES) throw endless(`goes on after ${MAX_PAGES} pages`);
    used.add(token);
  }
}

const endless = (how: string): PeerwayError =>
  new PeerwayError('Unknown', `Unexpected answer: a listing ${how}`, {
    provider: PROVIDER,
    remedy: 'Run again; if it happens again, report it to the cloud.',
  });
