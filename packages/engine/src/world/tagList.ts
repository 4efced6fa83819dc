/**
 * Which tags of the file we wrote onto an object, kept on the object itself: a tag that leaves the file can be taken back, and one that
 * was there before us stays. The list is one tag more, `peerway.tags`: six characters of a hash for each key, as values are short.
 */
import { createHash } from 'node:crypto';
import { tagOf, type Tags } from '@peerway/core';

export const TAG_LIST = 'peerway.tags';

const HASH_LENGTH = 6;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** The first six base32 characters of the SHA-256 of a key. */
function hashOf(key: string): string {
  const bytes = createHash('sha256').update(key).digest();
  let bits = '';
  for (const byte of bytes.subarray(0, 4)) bits += byte.toString(2).padStart(8, '0');
  return Array.from(
    { length: HASH_LENGTH },
    (_, at) => BASE32[Number.parseInt(bits.slice(at * 5, at * 5 + 5), 2)],
  ).join('');
}

/** The list as a tag; no keys: no tag. */
export function tagList(keys: Iterable<string>): Tags {
  const text = [...new Set([...keys].map(hashOf))].sort().join('');
  return text === '' ? {} : { [TAG_LIST]: text };
}

/** Whether the list on an object names a key. What is no list names none. */
function listed(tags: Tags): (key: string) => boolean {
  const text = tags[TAG_LIST] ?? '';
  const hashes = new Set(text.match(/.{6}/g) ?? []);
  return (key) => hashes.has(hashOf(key));
}

export interface TagChange {
  readonly set: Tags;
  readonly remove: readonly string[];
}

/**
 * What makes the tags of an object those of the file: ours that left go, everybody else's stay.
 * @param marker the tags that say whose the object is, without the list
 * @returns empty members: nothing to do
 */
export function tagChange(there: Tags, declared: Tags, marker: Tags): TagChange {
  const ours = listed(there);
  const differing = Object.keys(declared).filter((key) => tagOf(there, key) !== declared[key]);
  const written = Object.keys(declared).filter((key) => ours(key) || differing.includes(key));
  const wanted: Tags = { ...declared, ...marker, ...tagList(written) };
  const set = Object.fromEntries(Object.entries(wanted).filter(([key, value]) => tagOf(there, key) !== value));
  const gone = (key: string): boolean =>
    !Object.hasOwn(wanted, key) && (key === TAG_LIST || (!key.startsWith('peerway.') && ours(key)));
  return { set, remove: Object.keys(there).filter(gone).sort() };
}
