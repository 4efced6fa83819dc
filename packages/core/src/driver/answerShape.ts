/**
 * What an answer of a cloud must hold, as data, and the one reader that holds answers to it. An answer that lacks its list, or has
 * a number where a text belongs, is an error and never "nothing there": a caller that took it for an empty list would delete
 * what works.
 */
import { canonicalCidr } from '../model/cidr.js';

/** What one value must be. */
export type Shape =
  /** Any text, the empty one too. */
  | 'text'
  /** A text that can be an id: not empty, no white space, nothing invisible. */
  | 'id'
  /** A prefix; host bits may be set. */
  | 'prefix'
  /** An instant as the cloud writes it, or any other text that its reader takes for "not known" when it cannot read it. */
  | 'instant'
  /** A whole number, or its decimal text: account ids are beyond 2^53. */
  | 'integer'
  /** A finite number, or its decimal text, which is read as the number: the clouds' documents and SDKs disagree on several. */
  | 'number'
  | 'flag'
  | { readonly list: Shape }
  | RecordShape;

/** An object: what it must have and what it may have. Other members are not looked at, and pass. */
export interface RecordShape {
  readonly must: Readonly<Record<string, Shape>>;
  /** May be absent or null, which is the same; an empty text counts as absent too, except where any text will do. */
  readonly may?: Readonly<Record<string, Shape>>;
}

/** Either the value, with nulls left out and numbers read, or what is wrong with it and where. */
export type AnswerReading = { readonly value: unknown } | { readonly wrong: string };

/** Holds a value to its shape. `at` names the value in what is said about it, e.g. `peerConns`. */
export function readAnswer(shape: Shape, value: unknown, at = 'the answer'): AnswerReading {
  try {
    return { value: conform(shape, value, at) };
  } catch (thrown) {
    if (thrown instanceof Mismatch) return { wrong: thrown.message };
    throw thrown;
  }
}

class Mismatch extends Error {}

const EXPECTED = {
  text: 'a text',
  id: 'an id',
  prefix: 'a prefix',
  instant: 'an instant',
  integer: 'a whole number',
  number: 'a number',
  flag: 'true or false',
} as const;

type Plain = keyof typeof EXPECTED;

const FITS: Record<Plain, (value: unknown) => boolean> = {
  text: (value) => typeof value === 'string',
  id: (value) => typeof value === 'string' && value !== '' && !/[\s\p{C}]/u.test(value),
  prefix: (value) => typeof value === 'string' && isPrefixText(value),
  instant: (value) => typeof value === 'string',
  integer: (value) => Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d{1,20}$/.test(value)),
  number: (value) => Number.isFinite(value) || (typeof value === 'string' && /^-?\d{1,20}(\.\d{1,20})?$/.test(value)),
  flag: (value) => typeof value === 'boolean',
};

function conform(shape: Shape, value: unknown, at: string): unknown {
  if (value === undefined) throw new Mismatch(`${at} is missing`);
  if (typeof shape === 'string') {
    if (FITS[shape](value)) return shape === 'number' ? Number(value) : value;
    throw new Mismatch(`${at} is ${kindOf(value)} and not ${EXPECTED[shape]}`);
  }
  if ('list' in shape) {
    if (!Array.isArray(value)) throw new Mismatch(`${at} is ${kindOf(value)} and not a list`);
    return value.map((item: unknown, index) => conform(shape.list, item, `${at}[${index}]`));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Mismatch(`${at} is ${kindOf(value)} and not an object`);
  }
  return conformRecord(shape, value as Readonly<Record<string, unknown>>, at === 'the answer' ? '' : `${at}.`);
}

function conformRecord(shape: RecordShape, value: Readonly<Record<string, unknown>>, at: string): unknown {
  const out: Record<string, unknown> = { ...value };
  for (const [name, inner] of Object.entries(shape.must)) {
    out[name] = conform(inner, Object.hasOwn(value, name) ? value[name] : undefined, `${at}${name}`);
  }
  for (const [name, inner] of Object.entries(shape.may ?? {})) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    if (given === undefined || given === null || (given === '' && inner !== 'text')) delete out[name];
    else out[name] = conform(inner, given, `${at}${name}`);
  }
  return out;
}

function isPrefixText(text: string): boolean {
  try {
    canonicalCidr(text);
    return true;
  } catch {
    return false;
  }
}

/** The value itself is not shown: it may be long, and it may hold anything. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value === '') return 'an empty text';
  if (typeof value === 'string') return 'another text';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
