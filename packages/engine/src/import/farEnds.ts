/** Ends of peerings in accounts that no entry shows: named in the declaration as somebody else's networks. */
import { isKnownAccount, isLive, PEERING_SIDES, otherSide, type AccountId, type PeeringSide } from '@peerway/core';
import type { NetworkSpec, StackSpec } from '../declaration/stack.js';
import { networkKey } from '../declaration/topology.js';
import { peerNetworks } from '../world/peerNetworks.js';
import type { SeenNetwork, SeenPeering, World } from '../world/seen.js';
import { namesFor } from './names.js';

interface FarEnd {
  readonly key: string;
  readonly spec: NetworkSpec & { readonly peer: { readonly account: AccountId } };
}

/** The declaration and the world with them in it. A network of an account that an entry shows elsewhere wants an entry of its own, and stays out. */
export function withFarEnds(stack: StackSpec, world: World): { readonly stack: StackSpec; readonly world: World } {
  const found = new Map<string, FarEnd>();
  for (const seen of [...world.pairs.values()].flat()) {
    const side = farSide(seen, world);
    const end = side === undefined ? undefined : farEnd(seen, side);
    if (end !== undefined && !found.has(end.key)) found.set(end.key, end);
  }
  if (found.size === 0) return { stack, world };
  const names = namesFor(
    [...found.values()].map(({ key, spec: { id } }) => ({ key, called: '', id })),
    new Set(stack.networks.keys()),
  );
  const specs = [...found.values()].map(({ key, spec }) => [names.get(key) ?? spec.id, spec] as const);
  const declared = { ...stack, networks: new Map<string, NetworkSpec>([...stack.networks, ...specs]) };
  const shown = peerNetworks(declared, []);
  const seen = specs.flatMap(([name, { provider, id, peer }]): SeenNetwork[] => {
    const key = networkKey(provider.id, id);
    const network = shown.get(key);
    return network === undefined ? [] : [{ name, key, id, provider, peer, network, tables: [], missingTables: [] }];
  });
  return { stack: declared, world: seenWith(world, seen) };
}

function seenWith(world: World, far: readonly SeenNetwork[]): World {
  const keys = new Set(far.map(({ key }) => key));
  const withPeer = (one: SeenPeering): SeenPeering => {
    const peer = PEERING_SIDES.find((side) => keys.has(one.keys[side]));
    return peer === undefined ? one : { ...one, peer };
  };
  return {
    ...world,
    networks: new Map([...world.networks, ...far.map((one) => [one.name, one] as const)]),
    byKey: new Map([...world.byKey, ...far.map((one) => [one.key, one] as const)]),
    pairs: new Map([...world.pairs].map(([pair, list]) => [pair, list.map(withPeer)])),
  };
}

/** The one end that is in no entry's listing. */
function farSide({ peering, keys, providers }: SeenPeering, { byKey }: World): PeeringSide | undefined {
  const [side, more] = PEERING_SIDES.filter((one) => byKey.get(keys[one])?.network === undefined);
  if (side === undefined || more !== undefined || !isLive(peering.state)) return undefined;
  return providers[side] === undefined ? side : undefined;
}

function farEnd({ peering, keys, providers }: SeenPeering, side: PeeringSide): FarEnd | undefined {
  const { account, region, network: id, cidrs } = peering[side];
  const mine = otherSide(side);
  const provider = providers[mine];
  const own = peering[mine].account;
  // where nobody says whose our keys are, it may be our own account that is named
  if (provider === undefined || !isKnownAccount(account) || !isKnownAccount(own) || account === own) return undefined;
  const peer = { account, region, ...(cidrs === undefined || cidrs.length === 0 ? {} : { cidrs }) };
  return { key: keys[side], spec: { provider, id, peer } };
}
