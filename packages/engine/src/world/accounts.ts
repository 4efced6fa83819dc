/** Whose account each provider entry speaks for: as written, as its networks show, or as the cloud says when it is asked. */
import {
  isKnownAccount,
  isPeerwayError,
  type AccountId,
  type AccountOwner,
  type CallOptions,
  type Network,
  type Peering,
  type PeeringEnd,
  type Provider,
} from '@peerway/core';
import type { StackSpec } from '../declaration/stack.js';
import { networkKey } from '../declaration/topology.js';
import { bearsMark } from './ownership.js';

export interface Accounts {
  /** By name of the entry; absent: not known, and nothing depends on it. */
  readonly owners: ReadonlyMap<string, AccountOwner>;
  /** Entries whose keys belong to another account than `account:` says: that account. */
  readonly mistaken: ReadonlyMap<string, AccountId>;
}

interface Found {
  readonly networks: ReadonlyMap<string, Network>;
  readonly peerings: readonly Peering[];
}

/** The cloud's own word, at most one request for an entry; undefined: nothing there tells. */
export type AskAccount = (provider: Provider) => Promise<AccountId | undefined>;

export function askingOnce(options: CallOptions): AskAccount {
  const answers = new Map<string, Promise<AccountId | undefined>>();
  const ask = async (provider: Provider): Promise<AccountId | undefined> => {
    try {
      return await provider.ownAccount(options);
    } catch (error) {
      if (isPeerwayError(error, 'FailedPrecondition')) return undefined;
      throw error;
    }
  };
  return (provider) => {
    const answer = answers.get(provider.name) ?? ask(provider);
    answers.set(provider.name, answer);
    return answer;
  };
}

/** @param ask asked only where something depends on it and nothing else tells */
export async function accountsOf(
  { name: stack, networks: declared }: Pick<StackSpec, 'name' | 'networks'>,
  providers: ReadonlyMap<string, Provider>,
  { networks, peerings }: Found,
  ask: AskAccount,
): Promise<Accounts> {
  const shown = new Map<string, AccountOwner | undefined>();
  for (const { provider, id, peer } of declared.values())
    if (peer === undefined)
      shown.set(provider.name, networks.get(networkKey(provider.id, id))?.account ?? shown.get(provider.name));
  const owners = new Map<string, AccountOwner>();
  const mistaken = new Map<string, AccountId>();
  await Promise.all(
    [...providers.values()].map(async (provider) => {
      const { name, account: written } = provider;
      const seen = shown.get(name);
      if (written === undefined) {
        if (seen !== undefined) owners.set(name, seen);
        return;
      }
      const doubtful = shown.has(name) && (seen === undefined || (isKnownAccount(seen) && seen !== written));
      const answered = doubtful ? await ask(provider) : undefined;
      if (answered !== undefined && answered !== written) mistaken.set(name, answered);
      owners.set(name, answered ?? written);
    }),
  );
  // an entry of the same account in another region does not speak for the end
  const speaksFor = (plugin: string, { region, account }: PeeringEnd): boolean =>
    [...providers.values()].some(
      (one) => one.id === plugin && one.region === region && owners.get(one.name) === account,
    );
  const unknownEnd = (plugin: string, region: string): boolean =>
    peerings
      .filter((peering) => peering.provider === plugin && bearsMark(peering, stack))
      .flatMap(({ initiator, acceptor }) => [initiator, acceptor])
      .some((end) => end.region === region && !speaksFor(plugin, end));
  for (const provider of providers.values()) {
    if (owners.has(provider.name) || !unknownEnd(provider.id, provider.region)) continue;
    const answered = await ask(provider);
    if (answered !== undefined) owners.set(provider.name, answered);
  }
  return { owners, mistaken };
}
