/** What a saved row must hold: the checks beyond `shape.ts`, and a row as a total table over the members of its record. */
import { atLeast, expected, oneOf } from './shape.js';
import type { Check } from './shape.js';

/** The last instant whose date has the four digits of a year that the clouds print. */
const LAST_DATE = Date.UTC(10_000, 0, 1) - 1;

export const instant = expected(
  `epoch milliseconds from 0 to ${String(LAST_DATE)}`,
  (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= LAST_DATE,
);

/** As `text`, and may be empty. */
export const anyText = expected('a text', (value) => typeof value === 'string');

/** A member that a record may lack. */
export const maybe =
  (check: Check): Check =>
  (value, place) =>
    value === undefined ? undefined : check(value, place);

/** One of the words of a union; the table must name them all. */
export const word = <W extends string>(words: Readonly<Record<W, true>>): Check => oneOf(...Object.keys(words));

/** A record of which every member has its check, so that none can be forgotten; members of other releases are let through. */
export const row = <R>(members: { readonly [K in keyof R]-?: Check }): Check => atLeast(members);
