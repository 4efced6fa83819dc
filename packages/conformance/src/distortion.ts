/**
 * One member of a cloud's answer told otherwise than it is, and what a reading makes of it. Clouds leave out what is empty, send an empty
 * text for what is absent, and contradict themselves; what an adapter then shows is a decision, member by member, and stands in its inventory.
 */
import { isPeerwayError, type PeerwayError } from '@peerway/core';
import { CHOSEN, formOf } from './inventory.js';

/** `another`: a text with one more character, a number that is greater by one, a flag turned. */
export const LIES = ['left out', 'empty', 'another'] as const;
export type Lie = (typeof LIES)[number];

/** From the outermost member inwards; an item of a list by its place from the end: -1 is the newest. */
export type MemberPath = readonly (string | number)[];

type Members = Readonly<Record<string, unknown>>;
const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Every member of an answer that can be told otherwise, of lists those of so many items, the newest first. */
export function membersOf(answer: unknown, items = 1): readonly MemberPath[] {
  const under = (step: string | number, value: unknown): readonly MemberPath[] =>
    membersOf(value, items).map((inner) => [step, ...inner]);
  if (Array.isArray(answer))
    return (answer as unknown[])
      .slice(-items)
      .reverse()
      .flatMap((item, at) => under(-1 - at, item));
  if (!isMembers(answer)) return [];
  return Object.entries(answer).flatMap(([name, value]) => [[name], ...under(name, value)]);
}

/** The last two names, and which of several it is. */
export const nameOf = (member: MemberPath): string =>
  `${member
    .filter((step) => typeof step === 'string')
    .slice(-2)
    .join('.')}${member.some((step) => typeof step === 'number' && step < -1) ? ' of the one before' : ''}`;

/** The same answer with one member told otherwise; undefined where that would change nothing. */
export function distorted(answer: unknown, [name, ...inner]: MemberPath, lie: Lie): unknown {
  if (typeof name === 'number') {
    if (!Array.isArray(answer)) return undefined;
    const items = answer as unknown[];
    const item = distorted(items.at(name), inner, lie);
    return item === undefined ? undefined : items.with(name, item);
  }
  if (name === undefined || !isMembers(answer) || !Object.hasOwn(answer, name)) return undefined;
  const { [name]: value, ...others } = answer;
  if (inner.length > 0) {
    const changed = distorted(value, inner, lie);
    return changed === undefined ? undefined : { ...answer, [name]: changed };
  }
  if (lie === 'left out') return others;
  const changed = lie === 'empty' ? emptied(value) : another(value);
  return changed === undefined ? undefined : { ...answer, [name]: changed };
}

function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : [];
  if (isMembers(value)) return {};
  return value === '' || typeof value === 'number' || typeof value === 'boolean' ? undefined : '';
}

function another(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return `${value}0`;
    case 'number':
      return value + 1;
    case 'boolean':
      return !value;
    default:
      return undefined;
  }
}

export type Outcome = { readonly value: unknown } | { readonly error: PeerwayError };

/** What became of a reading. @throws what is no error of ours */
export const outcomeOf = (reading: Promise<unknown>): Promise<Outcome> =>
  reading.then(
    (value) => ({ value }),
    (error: unknown) => {
      if (isPeerwayError(error)) return { error };
      throw error;
    },
  );

/** In which a reading differs from the one of the undistorted answer: `the same`, `throws Unknown`, `no cloudIp, state is updating`. */
export function effect(whole: Outcome, seen: Outcome): string {
  if ('error' in seen) return `throws ${seen.error.code}`;
  if ('error' in whole) return `no longer throws ${whole.error.code}`;
  const found = [...new Set(differences('', whole.value, seen.value))].sort();
  return found.length === 0 ? 'the same' : found.join(', ');
}

/** The lists of a page and the parts of an answer are no members that anybody knows by name. */
const below = (path: string, name: string): string =>
  path === '' ? (name === 'items' ? '' : name) : `${path}.${name}`;

function differences(path: string, whole: unknown, seen: unknown): readonly string[] {
  const name = path === '' ? 'items' : path;
  if (seen === undefined) return whole === undefined ? [] : [`no ${name}`];
  if (whole === undefined) return [`has ${name} ${formOf(seen)}`];
  if (Array.isArray(whole) && Array.isArray(seen)) {
    if (whole.length !== seen.length) return [`${seen.length < whole.length ? 'fewer' : 'more'} ${name}`];
    return whole.flatMap((one, at) => differences(path, one, seen[at]));
  }
  // what people chose is another text in every run
  if (CHOSEN.test(path.slice(path.lastIndexOf('.') + 1))) {
    if (JSON.stringify(whole) === JSON.stringify(seen)) return [];
    return [seen === '' || JSON.stringify(seen) === '{}' ? `empty ${name}` : `other ${name}`];
  }
  if (isMembers(whole) && isMembers(seen)) {
    const names = new Set([...Object.keys(whole), ...Object.keys(seen)]);
    return [...names].flatMap((one) => differences(below(path, one), whole[one], seen[one]));
  }
  if (JSON.stringify(whole) === JSON.stringify(seen)) return [];
  return [formOf(whole) === formOf(seen) ? `other ${name}` : `${name} is ${formOf(seen)}`];
}
