/** Which prefixes a connection routes from which of its two ends. */
import { cidrContains, cidrFamily, cidrOverlaps, type Cidr } from '@peerway/core';
import type { Edge } from '../declaration/topology.js';
import type { SeenNetwork } from './observe.js';

/** Destinations of one side of an edge, in the order of the other network's prefixes; listed prefixes keep their order. */
export function destinationsOf(edge: Edge, mine: SeenNetwork, other: SeenNetwork): readonly Cidr[] {
  const { routes } = edge.spec;
  if (routes === 'none') return [];
  const theirs = other.network?.cidrs ?? [];
  const wanted = routes === 'auto' ? theirs : routes.filter((prefix) => liesBehind(edge, prefix, mine, other));
  const sixes = mine.provider.capabilities.routes.features.ipv6.status === 'supported';
  return wanted.filter((prefix) => sixes || cidrFamily(prefix) === 4);
}

/** A listed prefix is routed from the end that does not hold it; one that neither end holds lies behind the hub. */
function liesBehind(edge: Edge, prefix: Cidr, mine: SeenNetwork, other: SeenNetwork): boolean {
  const touches = (network: SeenNetwork): boolean =>
    (network.network?.cidrs ?? []).some((cidr) => cidrOverlaps(cidr, prefix));
  if (touches(mine)) return false;
  return touches(other) || other.name === edge.hub;
}

/** True when a listed prefix belongs to neither end and the edge has no hub to put it behind. */
export function liesOutside(edge: Edge, prefix: Cidr, a: SeenNetwork, b: SeenNetwork): boolean {
  const touches = (network: SeenNetwork): boolean =>
    (network.network?.cidrs ?? []).some((cidr) => cidrContains(cidr, prefix) || cidrContains(prefix, cidr));
  return edge.hub === undefined && !touches(a) && !touches(b);
}
