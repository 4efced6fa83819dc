/** Plain data from outside → an instance of a class whose decorators hold, or one error that names everything that is wrong. */
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { PeerwayError } from '@peerway/core';

export type Class<T> = new () => T;

const NAME = /^[A-Za-z][A-Za-z_-]{0,18}$/;

/** The members that a class declares, in the order declared. */
export const membersOf = (type: Class<object>): readonly string[] => [
  ...new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(type, '', false, false)
      .map(({ propertyName }) => propertyName),
  ),
];

/** Members whose values come from elsewhere; undefined where they have none. */
export type Given<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** How an error calls the data, and what it says to do. */
export interface Whole {
  readonly place: string;
  readonly remedy: string;
}

/**
 * Values are taken as they are: no text becomes a number. What is found is never quoted, since it may be anything.
 * @param given from the path or a header: may not stand in the data
 * @throws PeerwayError `InvalidArgument`
 */
export function checked<T extends object>(type: Class<T>, plain: unknown, given: Given<T>, whole: Whole): T {
  const refuse = (problems: readonly string[]): PeerwayError =>
    new PeerwayError('InvalidArgument', problems.join('; '), { ...whole });
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain))
    throw refuse(['what stands here is no mapping of names to values']);
  const members = membersOf(type).filter((key) => !Object.hasOwn(given, key));
  const problems: string[] = [];
  const value = new type();
  for (const [key, each] of Object.entries(plain)) {
    if (!members.includes(key)) problems.push(`${shown(key)} is not known here`);
    else if (each === null) problems.push(`${key} is null: leave it out instead`);
    else Object.assign(value, { [key]: each as unknown });
  }
  Object.assign(value, given);
  problems.push(...validateSync(value, { forbidUnknownValues: false }).flatMap(textsOf));
  if (problems.length > 0) throw refuse(problems);
  return value;
}

/** Whatever could be a secret that stands in the wrong place is not repeated. */
const shown = (key: string): string =>
  NAME.test(key) ? `the member ${JSON.stringify(key)}` : 'a member that is not shown';

const textsOf = ({ constraints, children }: ValidationError): string[] => [
  ...Object.values(constraints ?? {}),
  ...(children ?? []).flatMap(textsOf),
];
