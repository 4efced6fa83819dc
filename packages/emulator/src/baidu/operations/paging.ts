/** Paging by marker, the same for every paged list. Source: docs/facts/baidu.md 1.9 and 9.15, checked 2026-11. */
import type { Table } from '../../machine/table.js';
import { rule } from '../context.js';
import type { BaiduCall, BaiduContext } from '../context.js';
import { bceError } from '../errors.js';
import { BAIDU_RULES } from '../rules.js';

const MOST = 1000;

export interface Row {
  /** Unique within the list: the record's id, or the id, a colon and what tells the rows of one record apart. */
  readonly marker: string;
  readonly show: () => unknown;
}

/** A paged list over the records of one table, in order of creation. */
interface Listing<R extends { readonly id: string }> {
  /** What the list is called in the answer. */
  readonly member: string;
  readonly table: Table<R>;
  /** Whether the caller may know of the record; what it may not is no position in the list either. */
  readonly isVisible: (record: R) => boolean;
  /** What a visible record shows: no row when a filter leaves it out. */
  readonly rows: (record: R) => readonly Row[];
  /** Rows that come before those of the table. */
  readonly first?: readonly Row[];
}

/** The one row of a record that is listed under its id; none unless it `matches`. */
export const rowOf = <R extends { readonly id: string }>(
  record: R,
  matches: boolean,
  show: (record: R) => unknown,
): readonly Row[] => (matches ? [{ marker: record.id, show: () => show(record) }] : []);

/** Cuts one page out of a list. `marker` is absent when the page is empty, `nextMarker` when nothing follows. */
export function page<R extends { readonly id: string }>(
  context: BaiduContext,
  call: BaiduCall,
  listing: Listing<R>,
): Readonly<Record<string, unknown>> {
  const records = [...call.view(listing.table).values()].filter(listing.isVisible);
  const rows = [...(listing.first ?? []), ...records.flatMap(listing.rows)];
  const maxKeys = readMaxKeys(context, call.input.optionalText('maxKeys'));
  const from = startOf(context, listing, rows, call.input.optionalText('marker'));
  const shown = rows.slice(from, from + maxKeys);
  const [first] = shown;
  const next = rows[from + maxKeys];
  return {
    [listing.member]: shown.map(({ show }) => show()),
    ...(first === undefined ? {} : { marker: first.marker }),
    isTruncated: next !== undefined,
    ...(next === undefined ? {} : { nextMarker: next.marker }),
    maxKeys,
  };
}

function readMaxKeys(context: BaiduContext, text: string | undefined): number {
  if (text === undefined || text === '') return MOST;
  if (!/^-?\d{1,9}$/.test(text)) throw bceError('BadRequest', `maxKeys is not a number: ${text}`);
  const asked = Number(text);
  if (asked >= 1 && asked <= MOST) return asked;
  if (rule(context, BAIDU_RULES.maxKeysOutOfRange) === 'refuse') {
    throw bceError('BadRequest', `maxKeys must be between 1 and ${String(MOST)}, not ${text}`);
  }
  return Math.min(Math.max(asked, 1), MOST);
}

function startOf<R extends { readonly id: string }>(
  context: BaiduContext,
  { table, isVisible }: Listing<R>,
  rows: readonly Row[],
  marker: string | undefined,
): number {
  if (marker === undefined || marker === '') return 0;
  const found = rows.findIndex((row) => row.marker === marker);
  if (found >= 0) return found;
  // the row has left since its marker was given out: the list goes on with what came after it
  const place = (of: string) => table.placed(of.split(':')[0] ?? '');
  const lost = place(marker);
  if (lost !== undefined && isVisible(lost.record)) {
    const next = rows.findIndex((row) => (place(row.marker)?.place ?? 0) > lost.place);
    return next < 0 ? rows.length : next;
  }
  switch (rule(context, BAIDU_RULES.unknownMarker)) {
    case 'refuse':
      throw bceError('BadRequest', `The marker names nothing in this list: ${marker}`);
    case 'empty':
      return rows.length;
    case 'first-page':
      return 0;
  }
}
