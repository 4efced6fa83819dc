/** Networks of accounts that no entry speaks for, as far as they can be known from here: by the declaration, and by the peering's own words. */
import type { Network, Peering, PeeringEnd } from '@peerway/core';
import type { NetworkSpec, PeerNetwork, StackSpec } from '../declaration/stack.js';
import { keyOf, networkKey } from '../declaration/topology.js';

type DeclaredPeer = NetworkSpec & { readonly peer: PeerNetwork };

const isPeer = (spec: NetworkSpec): spec is DeclaredPeer => spec.peer !== undefined;

const peersOf = ({ networks }: Pick<StackSpec, 'networks'>): DeclaredPeer[] => [...networks.values()].filter(isPeer);

/** By `networkKey`. */
export function peerNetworks(
  stack: Pick<StackSpec, 'networks'>,
  peerings: readonly Peering[],
): ReadonlyMap<string, Network> {
  return new Map(
    peersOf(stack).map((spec): [string, Network] => {
      const { provider, id, peer } = spec;
      const end = peerings
        .flatMap((one): PeeringEnd[] => (one.provider === provider.id ? [one.initiator, one.acceptor] : []))
        .find((one) => one.network === id && one.cidrs !== undefined);
      return [
        networkKey(provider.id, id),
        {
          provider: provider.id,
          id,
          account: peer.account,
          region: peer.region,
          name: '',
          cidrs: peer.cidrs ?? end?.cidrs ?? [],
          state: 'active',
          nativeState: '',
        },
      ];
    }),
  );
}

/** Keys of the networks that are declared as somebody else's. */
export const peerKeys = (stack: Pick<StackSpec, 'networks'>): ReadonlySet<string> =>
  new Set(peersOf(stack).map((spec) => keyOf(spec)));
