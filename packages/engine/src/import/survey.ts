/** Looks at everything that provider entries show: every network, what joins them, their tables. Reads only. */
import { PeerwayError, type Network, type Provider, type Unreadable } from '@peerway/core';
import type { NetworkSpec, StackSpec } from '../declaration/stack.js';
import { keyOf, networkKey } from '../declaration/topology.js';
import { count } from '../plan/quantity.js';
import { collect } from '../world/collect.js';
import { observe } from '../world/observe.js';
import { bearsMark, isMarkedLink } from '../world/ownership.js';
import type { World } from '../world/seen.js';
import { withFarEnds } from './farEnds.js';
import { namesFor } from './names.js';

export interface SurveyOptions {
  /** The mark that nothing may bear yet. */
  readonly stack: string;
  /** Every entry of the file to be. */
  readonly providers: readonly Provider[];
  /** Networks that have a name already keep it. */
  readonly named?: ReadonlyMap<string, NetworkSpec>;
  /** What a cloud calls something, as it may become part of a name: without secrets. Default: as it is. */
  readonly shown?: (words: string) => string;
  readonly signal?: AbortSignal;
}

export interface Survey {
  readonly stack: StackSpec;
  readonly networks: ReadonlyMap<string, Network>;
  readonly world: World;
  readonly unreadable: readonly Unreadable[];
}

/** @throws PeerwayError `FailedPrecondition` when the stack owns something already; what the clouds refuse */
export async function survey(asked: SurveyOptions): Promise<Survey> {
  const { stack: name, providers, signal } = asked;
  const options = signal === undefined ? {} : { signal };
  const readers = providers.map((provider) => provider.readOnly());
  const found = await Promise.all(
    readers.map(async (provider) => ({ provider, networks: await collect(provider.networks.list(options)) })),
  );
  const { specs, networks } = declare(found, asked);
  const stack: StackSpec = { name, providers: readers, networks: specs, connections: [], links: [] };
  const unreadable: Unreadable[] = [];
  const world = await observe({
    stack,
    providers: new Map(readers.map((provider) => [provider.name, provider])),
    lookForLinks: true,
    surveying: (item) => unreadable.push(item),
    ...options,
  });
  requireFresh(name, world);
  return { ...withFarEnds(stack, world), networks, unreadable };
}

interface Listed {
  readonly provider: Provider;
  readonly networks: readonly Network[];
}

/** Two entries of one account and region show the same networks: the first one has them. */
function declare(
  found: readonly Listed[],
  { named = new Map<string, NetworkSpec>(), shown = (words) => words }: Pick<SurveyOptions, 'named' | 'shown'>,
): { readonly specs: ReadonlyMap<string, NetworkSpec>; readonly networks: ReadonlyMap<string, Network> } {
  const kept = new Map([...named].map(([name, spec]) => [keyOf(spec), name]));
  const all = new Map<string, { readonly provider: Provider; readonly network: Network }>();
  for (const { provider, networks } of found)
    for (const network of networks) {
      const key = networkKey(provider.id, network.id);
      if (!all.has(key)) all.set(key, { provider, network });
    }
  const names = namesFor(
    [...all]
      .filter(([key]) => !kept.has(key))
      .map(([key, { network }]) => ({ key, called: shown(network.name), id: network.id })),
    new Set(kept.values()),
  );
  const sorted = [...all]
    .map(([key, one]) => [kept.get(key) ?? names.get(key) ?? key, one] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    specs: new Map(sorted.map(([name, { provider, network }]) => [name, { provider, id: network.id }])),
    networks: new Map(sorted.map(([name, { network }]) => [name, network])),
  };
}

/** What bears the mark of the stack belongs to a file that is there already; a second file would take it down. */
function requireFresh(stack: string, { pairs, links }: World): void {
  const owned = [
    { number: [...pairs.values()].flat().filter(({ peering }) => bearsMark(peering, stack)).length, what: 'peering' },
    { number: links.filter(({ link }) => isMarkedLink(link, stack)).length, what: 'link' },
  ].flatMap(({ number, what }) => (number === 0 ? [] : count(number, what)));
  if (owned.length === 0) return;
  throw new PeerwayError('FailedPrecondition', `The stack ${stack} owns ${owned.join(' and ')} already`, {
    resource: stack,
    remedy: 'Give the file another stack with --stack <name>; what that stack owns is then left out.',
  });
}
