/** Declared stacks as text: no variable is filled in. */
import { createHash } from 'node:crypto';
import { PeerwayError } from '@peerway/core';

export interface StackConfig {
  readonly name: string;
  /** SHA-256 of the text, hexadecimal. */
  readonly digest: string;
  /** As people know it; relative names in the text start in its folder. */
  readonly file: string;
  readonly text: string;
}

/** A file that declares no stack that could be used. Nothing of what stands in it is quoted. */
export interface StackProblem {
  readonly file: string;
  /** The stack that it seems to declare; absent where that cannot be told. */
  readonly stack?: string;
  readonly message: string;
  readonly remedy: string;
}

export interface StackListing {
  /** Sorted by name; each name once. */
  readonly stacks: readonly StackConfig[];
  /** What was left out, sorted by file. */
  readonly problems: readonly StackProblem[];
}

export interface StackSource {
  list(): Promise<StackListing>;
}

/** @throws PeerwayError `NotFound`; `FailedPrecondition` where a file declares it and cannot be used */
export async function stackNamed(source: StackSource, name: string): Promise<StackConfig> {
  const { stacks, problems } = await source.list();
  const found = stacks.find((each) => each.name === name);
  if (found !== undefined) return found;
  const problem = problems.find(({ stack }) => stack === name);
  if (problem !== undefined) {
    const { file, message, remedy } = problem;
    throw new PeerwayError('FailedPrecondition', `The file of the stack is left out: it ${message}`, {
      place: file,
      remedy,
    });
  }
  throw new PeerwayError('NotFound', `There is no stack ${JSON.stringify(name)}`, {
    remedy: 'Put its config file into the folder of stacks.',
  });
}

/** How many files are left out; undefined where none can be read. */
export const leftOut = (source: StackSource): Promise<number | undefined> =>
  source.list().then(
    ({ problems }) => problems.length,
    () => undefined,
  );

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
