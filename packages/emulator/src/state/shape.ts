/** Checks what arrives over the control API: one clear sentence for the first thing that is wrong, nothing half-done. */

/** What was sent cannot be used; answered with status 400. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}

/** Says what is wrong with a value, or undefined when it is right. `place` is where it stands, e.g. 'fault.ms'. */
export type Check = (value: unknown, place: string) => string | undefined;

const shown = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};
/** A value of which a condition holds; `what` says what it must be. */
export const expected =
  (what: string, holds: (value: unknown) => boolean): Check =>
  (value, place) =>
    holds(value) ? undefined : `${place} must be ${what}, not ${shown(value)}`;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const text = expected('a text', (value) => typeof value === 'string' && value !== '');
export const flag = expected('true or false', (value) => typeof value === 'boolean');
export const number = expected('a number', (value) => typeof value === 'number' && Number.isFinite(value));
export const count = expected(
  'a whole number of 0 or more',
  (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0,
);
export const share = expected('a number from 0 to 1', (value) => typeof value === 'number' && value >= 0 && value <= 1);
export const scalar = expected('a number, text or boolean', (value) =>
  ['number', 'string', 'boolean'].includes(typeof value),
);

export const oneOf = (...values: readonly string[]): Check =>
  expected(`one of ${values.join(', ')}`, (value) => typeof value === 'string' && values.includes(value));

/** Right when any of the checks is content; the complaint is the last one's. */
export const either =
  (...checks: readonly Check[]): Check =>
  (value, place) => {
    let complaint: string | undefined;
    for (const check of checks) {
      complaint = check(value, place);
      if (complaint === undefined) return undefined;
    }
    return complaint;
  };

export const list =
  (item: Check): Check =>
  (value, place) => {
    if (!Array.isArray(value)) return `${place} must be a list, not ${shown(value)}`;
    for (const [index, entry] of value.entries()) {
      const complaint = item(entry, `${place}[${String(index)}]`);
      if (complaint !== undefined) return complaint;
    }
    return undefined;
  };

/** An object whose members all have one shape, whatever their names. */
export const map =
  (member: Check): Check =>
  (value, place) => {
    if (!isRecord(value)) return `${place} must be an object, not ${shown(value)}`;
    for (const [name, entry] of Object.entries(value)) {
      const complaint = member(entry, `${place}.${name}`);
      if (complaint !== undefined) return complaint;
    }
    return undefined;
  };

type Fields = Readonly<Record<string, Check>>;

/** An object with these members and no others. */
export const object =
  (required: Fields, optional: Fields = {}): Check =>
  (value, place) => {
    if (!isRecord(value)) return `${place} must be an object, not ${shown(value)}`;
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(required, name) && !Object.hasOwn(optional, name)) {
        return `${place} has no member '${name}'; it takes ${[...Object.keys(required), ...Object.keys(optional)].join(', ')}`;
      }
    }
    for (const [name, check] of Object.entries({ ...required, ...optional })) {
      const member = Object.hasOwn(value, name) ? value[name] : undefined;
      if (member === undefined && Object.hasOwn(optional, name)) continue;
      const complaint = check(member, `${place}.${name}`);
      if (complaint !== undefined) return complaint;
    }
    return undefined;
  };

/** An object with at least these members; others are let through. */
export const atLeast =
  (required: Fields): Check =>
  (value, place) => {
    if (!isRecord(value)) return `${place} must be an object, not ${shown(value)}`;
    return object(required)(Object.fromEntries(Object.keys(required).map((name) => [name, value[name]])), place);
  };
