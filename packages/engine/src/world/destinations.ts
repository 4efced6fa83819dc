/** Which prefixes a connection routes from which of its two ends, and which of those it names it cannot. */
import { cidrContains, cidrFamily, cidrOverlaps, type Cidr } from '@peerway/core';
import type { LinkSpec, SideRoutes } from '../declaration/stack.js';
import type { Edge } from '../declaration/topology.js';
import type { SeenNetwork } from './observe.js';

/** A prefix that the declaration names and that no route can lead to. */
export interface RefusedPrefix {
  readonly prefix: Cidr;
  readonly why: string;
  readonly remedy: string;
}

/** What the declaration says for one end: for itself, or for both ends together. */
type Asked = { readonly routes: SideRoutes; readonly own: boolean };

function askedOf({ spec }: Edge, network: string): Asked {
  const { routes } = spec;
  if (typeof routes === 'object' && 'sides' in routes) return { routes: routes.sides[network] ?? 'auto', own: true };
  return { routes, own: false };
}

/** True when routes of `network` are what its prefixes make them, and not what the user listed. */
export const isAutomatic = (edge: Edge, network: string): boolean => askedOf(edge, network).routes === 'auto';

/**
 * Destinations in the tables of `mine`, in the order of the other network's prefixes; listed prefixes keep their order.
 * @param mechanism of the peering that is there; else the declared or default one
 */
export function destinationsOf(edge: Edge, mine: SeenNetwork, other: SeenNetwork, mechanism?: string): readonly Cidr[] {
  const { routes, own } = askedOf(edge, mine.name);
  if (routes === 'none') return [];
  const sixes = whyNoIpv6(edge, mine, other, mechanism) === undefined;
  const wanted =
    routes === 'auto'
      ? prefixesOf(other)
      : own
        ? routes
        : routes.filter((prefix) => isRoutedFrom(edge, prefix, mine, other));
  return wanted.filter((prefix) => sixes || cidrFamily(prefix) === 4);
}

/** Listed prefixes that stand in no table, each with the reason. Automatic ones are never refused: they are left out. */
export function refusedOf(edge: Edge, a: SeenNetwork, b: SeenNetwork): readonly RefusedPrefix[] {
  const out = new Map<Cidr, RefusedPrefix>();
  const refuse = (prefix: Cidr, why: string, remedy: string): void => {
    if (!out.has(prefix)) out.set(prefix, { prefix, why, remedy });
  };
  for (const [mine, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const { routes, own } = askedOf(edge, mine.name);
    if (typeof routes === 'string') continue;
    const ipv6 = whyNoIpv6(edge, mine, other);
    for (const prefix of routes) {
      if (ipv6 !== undefined && cidrFamily(prefix) === 6 && (own || isRoutedFrom(edge, prefix, mine, other)))
        refuse(
          prefix,
          `it cannot be routed from ${mine.name}: ${ipv6}`,
          `Remove it from the routes of ${edge.declared}.`,
        );
      if (own || isRoutedFrom(edge, prefix, a, b) || isRoutedFrom(edge, prefix, b, a)) continue;
      if (isInside(a, prefix) && isInside(b, prefix))
        refuse(
          prefix,
          `it lies in both ${a.name} and ${b.name}`,
          `Say for which side it is: routes: { ${a.name}: [...], ${b.name}: [...] }, each with what its own tables shall hold.`,
        );
      else
        refuse(
          prefix,
          `it lies in neither ${a.name} nor ${b.name}`,
          'List prefixes of the two networks, say for which side it is, or declare a hub that the prefix lies behind.',
        );
    }
  }
  return [...out.values()];
}

/**
 * A listed prefix is routed from the ends that do not hold it. An end holds what lies inside its own prefixes, and what
 * covers a part of them and touches the other end not at all. What covers parts of both is routed from both; with a hub, what
 * is not wholly one end's lies behind the hub.
 */
function isRoutedFrom(edge: Edge, prefix: Cidr, mine: SeenNetwork, other: SeenNetwork): boolean {
  if (isInside(mine, prefix)) return false;
  if (isInside(other, prefix)) return true;
  const [here, there] = [touches(mine, prefix), touches(other, prefix)];
  if (here !== there) return there;
  if (edge.hub !== undefined) return other.name === edge.hub;
  return here;
}

const prefixesOf = (network: SeenNetwork): readonly Cidr[] => network.network?.cidrs ?? [];
const isInside = (network: SeenNetwork, prefix: Cidr): boolean =>
  prefixesOf(network).some((cidr) => cidrContains(cidr, prefix));
const touches = (network: SeenNetwork, prefix: Cidr): boolean =>
  prefixesOf(network).some((cidr) => cidrOverlaps(cidr, prefix));

/**
 * Why no IPv6 route can stand in the tables of `mine` toward `other`; undefined when one can.
 * @param edge what is declared between the two, if anything @param made mechanism of the peering that is there
 */
export function whyNoIpv6(
  edge: Edge | undefined,
  mine: SeenNetwork,
  other: SeenNetwork,
  made?: string,
): string | undefined {
  const { provider } = mine;
  if (provider.capabilities.routes.features.ipv6.status !== 'supported')
    return `${provider.displayName} takes no IPv6 routes`;
  for (const end of [mine, other])
    if (end.network !== undefined && !end.network.cidrs.some((cidr) => cidrFamily(cidr) === 6))
      return `${end.name} has no IPv6 prefix`;
  const { mechanisms } = provider.capabilities;
  const name = edge?.spec.peering.mechanism ?? made;
  const mechanism = name === undefined ? mechanisms[0] : mechanisms.find((one) => one.name === name);
  return mechanism === undefined || mechanism.features.ipv6.status === 'supported'
    ? undefined
    : `${mechanism.name} carries no IPv6`;
}

/** A line carries the family of its own addresses and no other. */
export const lineCarries = ({ cloudIp }: LinkSpec): ((prefix: Cidr) => boolean) => {
  const family = cloudIp.includes(':') ? 6 : 4;
  return (prefix) => cidrFamily(prefix) === family;
};
