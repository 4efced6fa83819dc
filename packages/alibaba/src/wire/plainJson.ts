/**
 * Makes ordinary data of what pop-core parsed: its JSON reader gives integers beyond 15 digits as BigNumber objects and every
 * object without a prototype (docs/facts/alibaba.md 8.3, seen by running 1.8.0).
 */

interface BigNumberLike {
  readonly _isBigNumber: true;
  toFixed(): string;
}

const isBigNumber = (value: object): value is BigNumberLike =>
  (value as Partial<BigNumberLike>)._isBigNumber === true &&
  typeof (value as Partial<BigNumberLike>).toFixed === 'function';

/** A copy with plain objects and arrays and no null members; an integer beyond 15 digits becomes its decimal text, exactly. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if (isBigNumber(value)) return value.toFixed();
  const members = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(members.map(([key, inner]) => [key, plain(inner)]));
}
