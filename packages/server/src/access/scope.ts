/** Who may do what: stack patterns × verbs. */
import type { StackFilter } from '../runs/service.js';

export const VERBS = ['read', 'plan', 'apply', 'approve', 'cancel', 'schedule'] as const;

/**
 * `read`: see stacks and runs. `plan`: look anew, and order runs that wait for approval. `apply`: order runs that do not wait.
 * `approve`: let a waiting run go on. `cancel`: stop a run. `schedule`: make, change and delete schedules. None includes another.
 */
export type Verb = (typeof VERBS)[number];

export interface Scope {
  /** Names of stacks; `*` stands for any characters, none included. */
  readonly stacks: readonly string[];
  readonly verbs: readonly Verb[];
}

/** Whoever has shown a valid token. */
export class Caller {
  readonly #scopes: readonly { readonly prefix: string; readonly fits: RegExp; readonly verbs: ReadonlySet<Verb> }[];

  constructor(
    /** What the token is called; in every record of what was ordered. */
    readonly name: string,
    scopes: readonly Scope[],
  ) {
    this.#scopes = scopes.flatMap(({ stacks, verbs }) =>
      stacks.map((pattern) => ({
        prefix: pattern.split('*', 1)[0] ?? '',
        fits: patternOf(pattern),
        verbs: new Set(verbs),
      })),
    );
  }

  may(verb: Verb, stack: string): boolean {
    return this.#scopes.some(({ fits, verbs }) => verbs.has(verb) && fits.test(stack));
  }

  /** Every stack that the verb is for, also those that are not declared any more. */
  stacksFor(verb: Verb): StackFilter {
    const scopes = this.#scopes.filter(({ verbs }) => verbs.has(verb));
    return { prefixes: scopes.map(({ prefix }) => prefix), fits: (stack) => this.may(verb, stack) };
  }

  /** Whether the verb is for all stacks, whatever their names. */
  mayEverywhere(verb: Verb): boolean {
    return this.#scopes.some(({ fits, verbs }) => verbs.has(verb) && fits.test(''));
  }

  verbsFor(stack: string): readonly Verb[] {
    return VERBS.filter((verb) => this.may(verb, stack));
  }

  /** Whether the caller may know that there is such a stack: any verb will do. */
  knows(stack: string): boolean {
    return this.#scopes.some(({ fits }) => fits.test(stack));
  }
}

/** Several `*` in a row are one, so that no pattern takes long. */
const patternOf = (text: string): RegExp =>
  new RegExp(
    `^${text
      .split(/\*+/)
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
