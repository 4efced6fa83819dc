/** Paging by marker, the same for every paged list (docs/facts/baidu.md 1.9 and 9.15). */
import { rule } from '../context.js';
import type { BaiduCall, BaiduContext } from '../context.js';
import { bceError } from '../errors.js';
import { BAIDU_RULES } from '../rules.js';

const MOST = 1000;

/**
 * Cuts one page out of rows in their stable order. `key` of a row is its marker: unique within the list. `marker` is
 * absent when the list is empty, `nextMarker` when nothing follows.
 */
export function page<Row>(
  context: BaiduContext,
  call: BaiduCall,
  member: string,
  rows: readonly Row[],
  key: (row: Row) => string,
  show: (row: Row) => unknown,
): Readonly<Record<string, unknown>> {
  const maxKeys = readMaxKeys(context, call.input.optionalText('maxKeys'));
  const from = startOf(context, call.input.optionalText('marker'), rows, key);
  const shown = rows.slice(from, from + maxKeys);
  const [first] = shown;
  const next = rows[from + maxKeys];
  return {
    [member]: shown.map(show),
    ...(first === undefined ? {} : { marker: key(first) }),
    isTruncated: next !== undefined,
    ...(next === undefined ? {} : { nextMarker: key(next) }),
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

function startOf<Row>(
  context: BaiduContext,
  marker: string | undefined,
  rows: readonly Row[],
  key: (row: Row) => string,
): number {
  if (marker === undefined || marker === '') return 0;
  const found = rows.findIndex((row) => key(row) === marker);
  if (found >= 0) return found;
  switch (rule(context, BAIDU_RULES.unknownMarker)) {
    case 'refuse':
      throw bceError('BadRequest', `The marker names nothing in this list: ${marker}`);
    case 'empty':
      return rows.length;
    case 'first-page':
      return 0;
  }
}
