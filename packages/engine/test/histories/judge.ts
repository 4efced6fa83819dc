/** Judges a world by the cloud's own rows, never by what Peerway says of them. */
import { OWNED_TABLES, type HistoryWorld, type Tables } from './world.js';

const GONE = new Set(['Deleted', 'deleted']);

function* owned(world: HistoryWorld, tables: Tables): Generator<readonly [key: string, row: Tables[string][number]]> {
  for (const table of OWNED_TABLES[world.cloud]) {
    for (const row of tables[table] ?? []) {
      if (GONE.has(String(row['status']))) continue;
      if (row['type'] === 'System') continue;
      yield [`${table} ${row.id}`, row];
    }
  }
}

/** Everything of a kind that a stack may own: keys `table id`. */
export const standing = (world: HistoryWorld): Set<string> =>
  new Set([...owned(world, world.tables())].map(([key]) => key));

/** Text of the rows of these keys, their tags included. */
export function picture(world: HistoryWorld, keys: ReadonlySet<string>): Map<string, string> {
  const tables = world.tables();
  const tags = new Map(
    (tables['alibaba.tags'] ?? []).map((row) => [String(row['resource']), JSON.stringify(row['tags'])]),
  );
  const out = new Map<string, string>();
  for (const [key, row] of owned(world, tables))
    if (keys.has(key)) out.set(key, `${JSON.stringify(row)} ${tags.get(row.id) ?? ''}`);
  return out;
}

/** What differs between two pictures, one line each. */
export function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const out: string[] = [];
  for (const [key, text] of before) {
    const now = after.get(key);
    if (now === undefined && LEAVING.test(text)) continue; // somebody was removing it
    if (now === undefined) out.push(`${key} is gone`);
    else if (!sameButForTime(text, now)) out.push(`${key} changed from ${text} to ${now}`);
  }
  return out;
}

/** What time alone moves is no change: the end of a creation or a deletion, the lapse of a request. */
const STATUS = /"status":"[^"]*"/;
const LEAVING = /"status":"[Dd]eleting"/;
const MOVING = /"status":"[A-Za-z]*ing"/;
export const sameButForTime = (before: string, after: string): boolean => {
  const still = (text: string): string => text.replace(/,"[a-z]+At":[\d.]+/gi, '');
  const blank = (text: string): string => (MOVING.test(before) ? text.replace(STATUS, '') : text);
  return blank(still(before)) === blank(still(after));
};
