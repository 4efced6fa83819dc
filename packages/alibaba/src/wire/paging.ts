/** The two page styles of the wire as core's cursors: page numbers (Vpc) and tokens (VpcPeer, DescribeRouteEntryList). */
import type { Cursor } from '@peerway/core';
import type { PageAnswer } from './api/common.js';

/** The largest page of every page-numbered operation in scope (docs/facts/alibaba.md 3.0). */
const PAGE_SIZE = 50;

/** For DescribeRouteEntryList. The documentation says 1 to 100, the schema up to 500: the smaller one is right under both. */
export const ENTRIES_PER_PAGE = 100;

export const pageOf = (cursor: Cursor): { readonly PageNumber: number; readonly PageSize: number } => ({
  PageNumber: cursor === undefined ? 1 : Number(cursor),
  PageSize: PAGE_SIZE,
});

/** The cursor after a page-numbered answer: by TotalCount where there is one, else by a full page. */
export function nextPage(cursor: Cursor, answer: PageAnswer, items: number): { readonly next?: string } {
  const number = cursor === undefined ? 1 : Number(cursor);
  const more = answer.TotalCount === undefined ? items >= PAGE_SIZE : number * PAGE_SIZE < answer.TotalCount;
  return more && items > 0 ? { next: String(number + 1) } : {};
}

/** An empty or missing token ends the listing. */
export const nextToken = (token: string | undefined | null): { readonly next?: string } =>
  token === undefined || token === null || token === '' ? {} : { next: token };

/** Reads every page of a page-numbered operation: for sets that must be seen whole. */
export async function everyPage<T>(
  read: (page: { readonly PageNumber: number; readonly PageSize: number }) => Promise<{
    readonly answer: PageAnswer;
    readonly items: readonly T[];
  }>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: Cursor;
  do {
    const { answer, items } = await read(pageOf(cursor));
    all.push(...items);
    cursor = nextPage(cursor, answer, items.length).next;
  } while (cursor !== undefined);
  return all;
}
