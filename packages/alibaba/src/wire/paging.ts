/**
 * The two page styles of the wire as core's cursors: page numbers (Vpc) and tokens (VpcPeer, DescribeRouteEntryList). A listing
 * that contradicts itself, or does not end, is an error: stopping there would pass a part for all.
 */
import type { Cursor } from '@peerway/core';
import { unexpectedAnswer } from './answers.js';
import type { PageAnswer } from './api/common.js';

/** The largest page of every page-numbered operation in scope (docs/facts/alibaba.md 3.0). */
const PAGE_SIZE = 50;

/** For DescribeRouteEntryList. The documentation says 1 to 100, the schema up to 500: the smaller one is right under both. */
export const ENTRIES_PER_PAGE = 100;

/** A bound far above every quota: a hundred thousand objects of one kind in one region. */
const MAX_PAGES = 2_000;

export const pageOf = (cursor: Cursor): { readonly PageNumber: number; readonly PageSize: number } => ({
  PageNumber: cursor === undefined ? 1 : Number(cursor),
  PageSize: PAGE_SIZE,
});

/**
 * The cursor after a page-numbered answer: by TotalCount where there is one, else by a full page.
 * @throws PeerwayError `Unavailable` for another page than was asked for, a larger one, an empty one of many, one that holds more
 *   than there is, and for page 2,001
 */
export function nextPage(
  operation: string,
  cursor: Cursor,
  answer: PageAnswer,
  items: number,
): { readonly next?: string } {
  const number = cursor === undefined ? 1 : Number(cursor);
  const total = answer.TotalCount === undefined ? undefined : Number(answer.TotalCount);
  const given = Number(answer.PageNumber ?? number);
  const size = Number(answer.PageSize ?? PAGE_SIZE);
  const wrong = (what: string): Error =>
    unexpectedAnswer({ operation, mutating: false, requestId: answer.RequestId }, what);
  if (given !== number) throw wrong(`it is page ${given}, and page ${number} was asked for`);
  // a page that says to be larger than it is would make a part pass for all
  if (size > PAGE_SIZE) throw wrong(`its pages hold ${size} items, and at most ${PAGE_SIZE} were asked for`);
  if (total !== undefined && (number - 1) * size + items > total) throw wrong(`it holds more than its ${total} items`);
  if (items === 0) {
    if (total !== undefined && total > (number - 1) * size) throw wrong(`page ${number} of ${total} items is empty`);
    return {};
  }
  if (!(total === undefined ? items >= size : number * size < total)) return {};
  if (number >= MAX_PAGES) throw wrong(`the listing goes on after ${MAX_PAGES} pages`);
  return { next: String(number + 1) };
}

/**
 * The cursor after an answer with a token; an empty or missing one ends the listing.
 * @throws PeerwayError `Unavailable` for the token that was sent, and for an empty listing of many items
 */
export function nextToken(
  operation: string,
  cursor: Cursor,
  answer: { readonly RequestId: string; readonly NextToken?: string | null; readonly TotalCount?: number },
  items: number,
): { readonly next?: string } {
  const token = answer.NextToken;
  const total = Number(answer.TotalCount ?? 0);
  const wrong = (what: string): Error =>
    unexpectedAnswer({ operation, mutating: false, requestId: answer.RequestId }, what);
  if (token === undefined || token === null || token === '') {
    if (cursor === undefined && items === 0 && total > 0) throw wrong(`it holds none of its ${total} items`);
    return {};
  }
  if (token === cursor) throw wrong('its NextToken is the one that was sent');
  return { next: token };
}

/** Reads every page of a page-numbered operation: for sets that must be seen whole. */
export async function everyPage<T>(
  operation: string,
  read: (page: { readonly PageNumber: number; readonly PageSize: number }) => Promise<{
    readonly answer: PageAnswer;
    readonly items: readonly T[];
  }>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: Cursor;
  do {
    const { answer, items } = await read(pageOf(cursor));
    for (const item of items) all.push(item);
    cursor = nextPage(operation, cursor, answer, items.length).next;
  } while (cursor !== undefined);
  return all;
}
