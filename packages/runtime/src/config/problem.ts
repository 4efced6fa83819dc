/** What is wrong in a config file, with its place and its remedy. All problems of one file are reported together, in file order. */
import { PeerwayError, type ErrorData } from '@peerway/core';
import { mayBeCredential, mayBeSecret, mayBeSecretName } from './secrets.js';

/** Keys and indexes from the top of the file, e.g. `['connections', 0, 'between', 1]`. */
export type Path = readonly (string | number)[];

export interface ConfigProblem {
  /** File as the user named it. */
  readonly file: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** e.g. `connections[0].between[1]`; empty for the file as a whole. */
  readonly path: string;
  /** What was found. Never holds a secret or the value of a variable. */
  readonly message: string;
  /** What would be right. */
  readonly remedy: string;
}

/** More are counted and not listed: nobody reads them, and the text of an error must stay small. */
const MOST_LISTED = 50;

/** Several problems as one error: the message lists them, `details.place` is the first one's. */
export class ConfigError extends PeerwayError {
  /** In file order; at most 50. */
  readonly problems: readonly ConfigProblem[];
  /** How many more there are. */
  readonly omitted: number;
  /** True: looking ended there, and there may be others. */
  readonly incomplete: boolean;

  constructor(problems: readonly [ConfigProblem, ...ConfigProblem[]], incomplete: boolean) {
    const [first] = problems;
    const listed = problems.slice(0, MOST_LISTED);
    const omitted = problems.length - listed.length;
    const single = problems.length === 1;
    const texts = listed.map((problem) => describe(problem, single));
    super('InvalidArgument', [...texts, ...(omitted === 0 ? [] : [omittedText({ omitted, incomplete })])].join('\n'), {
      place: placeOf(first),
      remedy: single
        ? first.remedy
        : `Correct these ${problems.length} places; nothing was read from or sent to a cloud.`,
    });
    this.problems = listed;
    this.omitted = omitted;
    this.incomplete = incomplete;
  }

  override toJSON(): ErrorData & { readonly problems: readonly ConfigProblem[]; readonly omitted: number } {
    return { ...super.toJSON(), problems: this.problems, omitted: this.omitted };
  }
}

export const omittedText = ({ omitted, incomplete }: Pick<ConfigError, 'omitted' | 'incomplete'>): string =>
  `and ${incomplete ? 'at least ' : ''}${omitted} more problems, not listed`;

/** `instanceof` cannot tell this class from its parent, which matches by brand across copies of core. */
export function isConfigError(value: unknown): value is ConfigError {
  return value instanceof PeerwayError && 'problems' in value && Array.isArray(value.problems);
}

export const placeOf = (problem: ConfigProblem): string => `${problem.file}:${problem.line}:${problem.column}`;

export function formatPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (!/^[\w-]+$/.test(part)) text += `[${JSON.stringify(part)}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

/** The path for people: it ends before a key that looks like a secret. Second parts are names of the user's own. */
export function shownPath(path: Path): string {
  const isSecret = (part: string | number, at: number): boolean => {
    if (typeof part !== 'string') return false;
    if (path[at - 1] === 'credentials') return mayBeCredential(part);
    return at === 1 ? mayBeSecretName(part) : mayBeSecret(part);
  };
  const at = path.findIndex(isSecret);
  return formatPath(at < 0 ? path : path.slice(0, at));
}

/** @param incomplete there may be other problems @throws ConfigError when there is any problem */
export function refuse(problems: readonly ConfigProblem[], incomplete = false): void {
  const seen = new Set<string>();
  const unique = problems.filter((problem) => {
    const key = JSON.stringify(problem);
    return seen.has(key) ? false : seen.add(key);
  });
  const [first, ...rest] = unique.sort(
    (a, b) =>
      a.line - b.line || a.column - b.column || compareText(a.path, b.path) || compareText(a.message, b.message),
  );
  if (first !== undefined) throw new ConfigError([first, ...rest], incomplete);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function describe(problem: ConfigProblem, alone: boolean): string {
  const what = problem.path === '' ? problem.message : `${problem.path}: ${problem.message}`;
  return alone ? what : `${placeOf(problem)} ${what} ${problem.remedy}`;
}
