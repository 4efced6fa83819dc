/** One SDK's way of making the calls of a story: what each must answer, or be refused with. */
import { expect } from '@jest/globals';
import type { As, Outcome, Witness } from './witness.js';

export type Answer = Readonly<Record<string, unknown>>;
type Args = Readonly<Record<string, unknown>>;

/** One SDK's way of making the story's calls. Arguments have their names on the wire, ids in the path included. */
export class Story {
  readonly #witness: Witness;
  readonly #sdk: string;

  constructor(witness: Witness, sdk: string) {
    this.#witness = witness;
    this.#sdk = sdk;
  }

  call = (operation: string, args?: Args, as?: As): Promise<Outcome> =>
    this.#witness.call(this.#sdk, operation, args, as);

  does = async (operation: string, args?: Args, as?: As): Promise<Answer> => {
    const { answer = {}, ...outcome } = await this.call(operation, args, as);
    expect([operation, outcome.ok, outcome.status, outcome.code]).toEqual([operation, true, undefined, undefined]);
    return answer;
  };

  isRefused = async (
    [status, code]: readonly [number, string],
    operation: string,
    args?: Args,
    as?: As,
  ): Promise<void> => {
    const { ok, ...outcome } = await this.call(operation, args, as);
    expect([operation, ok, outcome.status, outcome.code]).toEqual([operation, false, status, code]);
  };
}
