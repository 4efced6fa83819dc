/** Who asks: accounts and regions by what a probe calls them. */
import type { RawAnswer, RawApi, RawRequest } from '@peerway/core';

/** `a`: the first account; `far`: the same in a second region; `b`: another account in the first region. */
export type PartyKey = 'a' | 'b' | 'far';

export interface Party {
  readonly raw: RawApi;
  readonly region: string;
  /** The account's id, where it is known. */
  readonly account?: string;
}

export type Parties = Readonly<{ a: Party; b?: Party; far?: Party }>;

/** One way to ask, whatever is behind it: a cloud, or a recording. */
export interface Wire {
  ask(party: PartyKey, request: RawRequest): Promise<RawAnswer>;
}

const KEYS = ['a', 'b', 'far'] as const;

/** Who there is, the first account first. */
export const partyKeysOf = (of: Readonly<Partial<Record<PartyKey, unknown>>>): readonly PartyKey[] =>
  KEYS.filter((key) => of[key] !== undefined);
