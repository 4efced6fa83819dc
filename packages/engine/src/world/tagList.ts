/**
 * Which tags of the file we wrote onto an object, and what else the file says of it, kept on the object itself: what leaves the file can be
 * taken back, and what was there before us stays. The list is one tag more, `peerway.tags`: six characters of a hash for each tag's key
 * and each attribute's name, as values are short.
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

/** Under which an attribute stands in the list; no tag is called so. */
const attributeKey = (name: string): string => `=${name}`;

/** The list as a tag; nothing in it: no tag. @param attributes names of what else the file says, see attributes.ts */
export function tagList(keys: Iterable<string>, attributes: readonly string[] = []): Tags {
  const text = [...new Set([...keys, ...attributes.map(attributeKey)].map(hashOf))].sort().join('');
  return text === '' ? {} : { [TAG_LIST]: text };
}

/** Whether the list on an object names a key. What is no list names none. */
function listed(tags: Tags): (key: string) => boolean {
  const text = tags[TAG_LIST] ?? '';
  const hashes = new Set(text.match(/.{6}/g) ?? []);
  return (key) => hashes.size > 0 && hashes.has(hashOf(key));
}

/** Whether the list on an object names an attribute. */
export const isListed = (tags: Tags): ((name: string) => boolean) => {
  const names = listed(tags);
  return (name) => names(attributeKey(name));
};

export interface TagChange {
  readonly set: Tags;
  readonly remove: readonly string[];
}

/**
 * What makes the tags of an object those of the file: ours that left go, everybody else's stay.
 * @param marker the tags that say whose the object is, without the list
 * @param attributes names of what else the list is to say
 * @returns empty members: nothing to do
 */
export function tagChange(there: Tags, declared: Tags, marker: Tags, attributes: readonly string[] = []): TagChange {
  const ours = listed(there);
  const differing = Object.keys(declared).filter((key) => tagOf(there, key) !== declared[key]);
  const written = Object.keys(declared).filter((key) => ours(key) || differing.includes(key));
  const wanted: Tags = { ...declared, ...marker, ...tagList(written, attributes) };
  const set = Object.fromEntries(Object.entries(wanted).filter(([key, value]) => tagOf(there, key) !== value));
  const gone = (key: string): boolean =>
    !Object.hasOwn(wanted, key) && (key === TAG_LIST || (!key.startsWith('peerway.') && ours(key)));
  return { set, remove: Object.keys(there).filter(gone).sort() };
}
