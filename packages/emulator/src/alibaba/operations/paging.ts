/** The two page styles of Alibaba Cloud (docs/facts/alibaba.md 3.0). */
import type { Input } from '../../machine/input.js';
import type { Table } from '../../machine/table.js';
import { refusal } from '../errors.js';

/** `PageNumber`/`PageSize` with their totals; a page beyond the last one is empty. */
export function numberedPage<T>(input: Input, all: readonly T[]) {
  const number = input.optionalInteger('PageNumber') ?? 1;
  const size = input.optionalInteger('PageSize') ?? 10;
  return {
    items: all.slice((number - 1) * size, number * size),
    counts: { TotalCount: all.length, PageNumber: number, PageSize: size },
  };
}

/** A row of a listing by token: the record that it shows, and where one record has several rows, which of them. */
interface TokenRow {
  readonly id: string;
  readonly within?: string;
}

/**
 * Token style. The token names the last row given, and the listing goes on with what comes after it in the order of
 * creation, whether that row is still there or not. `rows` are in that order. A token of no listing is refused, and so is one
 * whose row has been gone for too long.
 */
export function tokenPage<T extends TokenRow>(
  table: Pick<Table<{ readonly id: string }>, 'placed'>,
  token: string | undefined,
  size: number,
  rows: readonly T[],
): { readonly items: readonly T[]; readonly next: string | undefined } {
  const start = token === undefined || token === '' ? 0 : startAfter(table, token, rows);
  const items = rows.slice(start, start + size);
  const last = items.at(-1);
  const more = last !== undefined && start + items.length < rows.length;
  return { items, next: more ? Buffer.from(`${last.id}\n${last.within ?? ''}`).toString('base64url') : undefined };
}

function startAfter(
  table: Pick<Table<{ readonly id: string }>, 'placed'>,
  token: string,
  rows: readonly TokenRow[],
): number {
  const [id, within, ...rest] = Buffer.from(token, 'base64url').toString('utf8').split('\n');
  if (id === undefined || within === undefined || rest.length > 0) throw refusal('IllegalParam.NextToken');
  const last = table.placed(id)?.place;
  if (last === undefined) throw refusal('IllegalParam.NextTokenExpired');
  const isAfter = (row: TokenRow): boolean => {
    const place = table.placed(row.id)?.place ?? 0;
    return place > last || (place === last && (row.within ?? '') > within);
  };
  const next = rows.findIndex(isAfter);
  return next === -1 ? rows.length : next;
}
