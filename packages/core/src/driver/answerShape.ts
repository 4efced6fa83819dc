/**
 * What an answer of a cloud must hold, as data, and the one reader that holds answers to it. An answer that lacks its list, or has
 * a number where a text belongs, is an error and never "nothing there": a caller that took it for an empty list would delete
 * what works.
 */
import { isIP } from 'node:net';
import { canonicalCidr } from '../model/cidr.js';

/** What one value must be. */
export type Shape =
  /** Any text, the empty one too. */
  | 'text'
  /** Any text but the empty one: the key of a tag. */
  | 'name'
  /** A text without white space and without anything invisible; not empty. */
  | 'word'
  /** A word that can be an id, also as a part of a path: no slash, question mark or hash. */
  | 'id'
  /** A prefix; host bits may be set. */
  | 'prefix'
  /** An address, bare or with a prefix length. */
  | 'address'
  /** An instant as the cloud writes it, or any other text that its reader takes for "not known" when it cannot read it. */
  | 'instant'
  /** A whole number, or its decimal text: account ids are beyond 2^53. */
  | 'integer'
  | 'flag'
  | NumberShape
  | { readonly list: Shape }
  | RecordShape;

/** A whole number within bounds, or its decimal text: the clouds' documents and SDKs disagree on several. */
export interface NumberShape {
  readonly least: number;
  readonly most: number;
  /** One more value, outside the bounds, that stands for something, e.g. -1 for no limit. */
  readonly or?: number;
}

/** An object: what it must have and what it may have. Other members are not looked at, and pass. */
export interface RecordShape {
  readonly must: Readonly<Record<string, Shape>>;
  /** May be absent or null, and what is no list or object an empty text, which all mean the same. */
  readonly may?: Readonly<Record<string, Shape>>;
}

/**
 * What is wrong with a value, and where; undefined when it fits its shape. The value itself is never shown: it may be long, and
 * it may hold anything. @param at names the value in what is said about it, e.g. `peerConns`
 */
export function wrongIn(shape: Shape, value: unknown, at = ''): string | undefined {
  const named = at === '' ? 'it' : at;
  if (value === undefined) return `${named} is missing`;
  if (typeof shape === 'string') return FITS[shape](value) ? undefined : mismatch(named, value, EXPECTED[shape]);
  if ('least' in shape) {
    return isWithin(shape, value)
      ? undefined
      : mismatch(named, value, `a whole number from ${shape.least} to ${shape.most}`);
  }
  if ('list' in shape) {
    if (!Array.isArray(value)) return mismatch(named, value, 'a list');
    for (const [index, item] of (value as readonly unknown[]).entries()) {
      const wrong = wrongIn(shape.list, item, `${at}[${index}]`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return mismatch(named, value, 'an object');
  return wrongInRecord(shape, value as Readonly<Record<string, unknown>>, at === '' ? '' : `${at}.`);
}

function wrongInRecord(
  { must, may = {} }: RecordShape,
  value: Readonly<Record<string, unknown>>,
  at: string,
): string | undefined {
  const given = (name: string): unknown => (Object.hasOwn(value, name) ? value[name] : undefined);
  for (const [name, inner] of Object.entries(must)) {
    const wrong = wrongIn(inner, given(name), `${at}${name}`);
    if (wrong !== undefined) return wrong;
  }
  for (const [name, inner] of Object.entries(may)) {
    const member = given(name);
    const isPlain = typeof inner === 'string' || 'least' in inner;
    if (member === undefined || member === null || (member === '' && isPlain)) continue;
    const wrong = wrongIn(inner, member, `${at}${name}`);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

const mismatch = (at: string, value: unknown, expected: string): string =>
  `${at} is ${kindOf(value)} and not ${expected}`;

const EXPECTED = {
  text: 'a text',
  name: 'a text that says something',
  word: 'a word',
  id: 'an id',
  prefix: 'a prefix',
  address: 'an address',
  instant: 'an instant',
  integer: 'a whole number',
  flag: 'true or false',
} as const;

type Plain = keyof typeof EXPECTED;

const FITS: Record<Plain, (value: unknown) => boolean> = {
  text: (value) => typeof value === 'string',
  name: (value) => typeof value === 'string' && value !== '',
  word: (value) => typeof value === 'string' && value !== '' && !/[\s\p{C}]/u.test(value),
  id: (value) => typeof value === 'string' && value !== '' && !/[\s\p{C}/\\?#]/u.test(value),
  prefix: (value) => typeof value === 'string' && isPrefixText(value),
  address: (value) => typeof value === 'string' && (isIP(value) !== 0 || isPrefixText(value)),
  instant: (value) => typeof value === 'string',
  integer: (value) => Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d{1,20}$/.test(value)),
  flag: (value) => typeof value === 'boolean',
};

function isWithin({ least, most, or }: NumberShape, value: unknown): boolean {
  if (!FITS.integer(value)) return false;
  const number = Number(value);
  return number === or || (number >= least && number <= most);
}

function isPrefixText(text: string): boolean {
  try {
    canonicalCidr(text);
    return true;
  } catch {
    return false;
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value === '') return 'an empty text';
  if (typeof value === 'string') return 'another text';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
