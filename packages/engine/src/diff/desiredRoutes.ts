/** The routes that a declaration asks for: every prefix of the other side, or the listed ones, in every table we write to. */
import { cidrContains, cidrFamily, cidrOverlaps, type Cidr, type NetworkId, type Provider } from '@peerway/core';
import type { EdgePlan } from './peerings.js';
import type { SeenNetwork } from '../world/observe.js';
import type { HopSource, TableSource } from '../plan/plan.js';
import type { Edge } from '../declaration/topology.js';

export interface DesiredRoute {
  readonly connection: string;
  /** The network whose table it stands in. */
  readonly name: string;
  readonly key: string;
  readonly network: NetworkId;
  readonly provider: Provider;
  readonly table: TableSource;
  readonly destination: Cidr;
  /** Undefined: not known, and no step will tell. */
  readonly hop: HopSource | undefined;
  /** The step after which the next hop carries traffic. */
  readonly after?: string;
  /** False: leave what is there, the peering or link cannot be had now. */
  readonly usable: boolean;
  /** An unmarked route exactly like this came with an adopted peering and is ours. */
  readonly adopted: boolean;
  /** For messages: what the destination belongs to. */
  readonly toward: string;
  /** True when the peering or link was there before: a missing route is then drift of its own. */
  readonly established: boolean;
  /** True for the first prefix of the other network. */
  readonly primary: boolean;
}

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
export function homeless(edge: Edge, prefix: Cidr, a: SeenNetwork, b: SeenNetwork): boolean {
  const touches = (network: SeenNetwork): boolean =>
    (network.network?.cidrs ?? []).some((cidr) => cidrContains(cidr, prefix) || cidrContains(prefix, cidr));
  return edge.hub === undefined && !touches(a) && !touches(b);
}

export function desiredRoutes(plans: readonly EdgePlan[]): DesiredRoute[] {
  const out: DesiredRoute[] = [];
  for (const plan of plans) {
    const { edge, initiator, acceptor } = plan;
    for (const [name, mine, other] of [
      [edge.initiator, initiator, acceptor],
      [edge.acceptor, acceptor, initiator],
    ] as const) {
      if (mine.provider.capabilities.routes.features.explicit.status !== 'supported') continue;
      const hop = plan.hop(name);
      for (const [at, destination] of destinationsOf(edge, mine, other).entries()) {
        for (const table of mine.tables) {
          if (table.kind === 'edge') continue;
          out.push({
            connection: edge.connection,
            name: mine.name,
            key: mine.key,
            network: mine.id,
            provider: mine.provider,
            table: { kind: 'known', table: table.id },
            destination,
            hop,
            usable: plan.usable,
            adopted: plan.adopted,
            toward: other.name,
            established: plan.kept !== undefined,
            primary: at === 0,
            ...(plan.step === undefined ? {} : { after: plan.step }),
          });
        }
      }
    }
  }
  return out;
}
