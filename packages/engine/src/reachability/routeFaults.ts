/** What is wrong with the route that takes, or should take, the packets for one prefix: one sentence and one fix each. */
import { cidrContains, routeTraits, type Cidr, type PeeringSide, type Route } from '@peerway/core';
import { pairKey, type Edge, type Topology } from '../declaration/topology.js';
import { destinationsOf } from '../world/destinations.js';
import type { SeenNetwork, SeenPeering, SeenTable, World } from '../world/observe.js';
import { shownId } from '../world/peeringFacts.js';
import type { ReachFinding, ReachHop } from './answer.js';
import type { Piece } from './longestPrefix.js';

/** One direction of travel, and what joins its two ends. */
export interface Way {
  readonly direction: ReachHop['direction'];
  readonly mine: SeenNetwork;
  readonly other: SeenNetwork;
  /** Active peerings of the two. */
  readonly active: readonly SeenPeering[];
  /** Active peerings of each with a network that forwards for both. */
  readonly relayed: readonly SeenPeering[];
}

/** What one table answers for one prefix of the other network, or for a part of it. */
export interface Lookup {
  readonly table: SeenTable;
  readonly prefix: Cidr;
  readonly piece: Piece;
  /** `warning` for a table that the stack does not write to. */
  readonly severity: ReachFinding['severity'];
}

type RouteFault = Omit<ReachFinding, 'object' | 'severity'>;

const fault = (name: string, sentence: string, fix: string): RouteFault => ({ fault: name, sentence, fix });

/** True when the route's next hop is this network's end of a peering that carries the traffic. */
export const leadsAcross = ({ mine, active, relayed }: Way, route: Route): boolean =>
  [...active, ...relayed.filter(({ keys }) => keys.initiator === mine.key || keys.acceptor === mine.key)].some(
    (seen) => seen.peering[sideOf(seen, mine.key)].nextHop?.id === route.nextHop.id,
  );

/** What people call a network; its id where the file does not name it. */
export const nameOf = ({ byKey }: World, key: string): string =>
  byKey.get(key)?.name ?? key.slice(key.indexOf(' ') + 1);

/** What is declared between two networks. */
export function edgeBetween(topology: Topology, world: World, a: SeenNetwork, b: SeenNetwork): Edge | undefined {
  const keyOf = (name: string): string => world.networks.get(name)?.key ?? '';
  const pair = pairKey(a.key, b.key);
  return topology.edges.find(({ initiator, acceptor }) => pairKey(keyOf(initiator), keyOf(acceptor)) === pair);
}

export class RouteFaults {
  constructor(
    private readonly topology: Topology,
    private readonly world: World,
    private readonly ends: { readonly from: string; readonly to: string },
  ) {}

  /** For a look-up whose packets do not get across. Undefined: the fault lies in the peering and is reported there. */
  of(way: Way, lookup: Lookup): RouteFault | undefined {
    const { route } = lookup.piece;
    if (route === undefined) return this.#missing(way, lookup);
    const { mine, other } = way;
    if (route.origin === 'system')
      return fault(
        'route-system',
        `${mine.name} keeps ${lookup.piece.prefix} for itself: its own route ${route.destination} takes it.`,
        `Renumber ${mine.name} or ${other.name}.`,
      );
    const known = this.#peeringWithHop(mine, route.nextHop.id);
    if (known !== undefined) return this.#intoPeering(way, lookup, route, known);
    if (route.nextHop.kind === 'peering') return this.#intoNothing(way, lookup, route);
    return this.#elsewhere(way, lookup, route);
  }

  #missing(way: Way, { table, prefix, piece, severity }: Lookup): RouteFault | undefined {
    const { direction, mine, other, active, relayed } = way;
    const place = `${table.id} (${mine.name})`;
    // reported already: where nothing joins the two and nothing is declared, no route is missing
    if (
      active.length === 0 &&
      relayed.length === 0 &&
      edgeBetween(this.topology, this.world, mine, other) === undefined
    )
      return undefined;
    const leaving = table.routes.find((one) => routeTraits(one.state).leaving && one.destination === prefix);
    if (leaving !== undefined)
      return fault(
        'route-deleting',
        `The route ${prefix} in ${place} is being removed.`,
        this.#fixMissing(way, prefix, 'Run `peerway apply` to write it again.'),
      );
    const narrow = table.routes.find((one) => one.source !== undefined && one.destination === prefix);
    if (narrow !== undefined)
      return fault(
        'route-source',
        `The route ${prefix} in ${place} holds only for packets from ${narrow.source ?? ''}.`,
        this.#fixMissing(way, prefix, 'Run `peerway apply` to write one for every source.'),
      );
    if (piece.rest)
      return fault(
        'route-partial',
        `${mine.name} (${table.id}) has routes to parts of ${prefix} of ${other.name} only.`,
        this.#fixMissing(way, prefix, 'Run `peerway apply` to write the whole route.'),
      );
    return fault(
      direction === 'forward' ? 'route-missing' : 'return-route-missing',
      `${mine.name} (${table.id}) has no route to ${prefix} of ${other.name}${direction === 'return' ? ', so answers do not come back' : ''}.`,
      severity === 'warning'
        ? `Add ${table.id} to routeTables of ${mine.name}, then run \`peerway apply\`.`
        : this.#fixMissing(way, prefix, 'Run `peerway apply` to write it.'),
    );
  }

  /** The route leads into a peering that is there, but not across. */
  #intoPeering(way: Way, { table }: Lookup, { destination }: Route, known: SeenPeering): RouteFault | undefined {
    const { mine, other, active } = way;
    const place = `${table.id} (${mine.name})`;
    const there = this.#otherEnd(known, mine);
    if (there.key !== other.key)
      return fault(
        'route-wrong-peering',
        `The route ${destination} in ${place} leads to ${there.name}, not to ${other.name}.`,
        `Remove it, then run \`peerway apply\`.`,
      );
    // reported already where the pair has no active peering; one that is active itself would have got across
    if (active.length === 0) return undefined;
    return fault(
      'route-old-peering',
      `The route ${destination} in ${place} uses ${shownId(known.peering.id)}, which is ${known.peering.state}, not the active peering.`,
      'Run `peerway apply` to point it at the active one.',
    );
  }

  /** The route points at a peering's next hop that this network does not have. */
  #intoNothing(way: Way, { table }: Lookup, { destination, nextHop }: Route): RouteFault | undefined {
    const { mine, other, active } = way;
    const place = `${table.id} (${mine.name})`;
    const wrongEnd = active.find((seen) => seen.peering[sideOf(seen, other.key)].nextHop?.id === nextHop.id);
    if (wrongEnd !== undefined)
      return fault(
        'route-wrong-end',
        `The route ${destination} in ${place} points at the other side's end of ${shownId(wrongEnd.peering.id)}.`,
        'Run `peerway apply` to point it at its own side’s end.',
      );
    // its peering is down and shows no next hop
    if (active.length === 0 && this.world.pairs.has(pairKey(mine.key, other.key))) return undefined;
    return fault(
      'route-dangling',
      `The route ${destination} in ${place} points at ${nextHop.id}, which does not exist any more.`,
      'Run `peerway apply` to point it at the peering that is there.',
    );
  }

  /** The route leads to something that is no peering. */
  #elsewhere(way: Way, { table, prefix, piece }: Lookup, { destination, nextHop }: Route): RouteFault {
    const { mine, other } = way;
    const place = `${table.id} (${mine.name})`;
    if (destination === piece.prefix && destination !== prefix)
      return fault(
        'route-diverted',
        `The more specific route ${destination} in ${place} takes a part of ${prefix} to ${nextHop.id}.`,
        `Remove it if that part of ${other.name} should be reached.`,
      );
    if (destination === '0.0.0.0/0' || destination === '::/0')
      return fault(
        'route-default',
        `${mine.name} (${table.id}) has no route to ${prefix} of ${other.name}, so its default route takes it to ${nextHop.id}.`,
        this.#fixMissing(way, prefix, 'Run `peerway apply` to write the route.'),
      );
    return fault(
      'route-elsewhere',
      `The route ${destination} in ${place} takes ${piece.prefix} of ${other.name} to ${nextHop.id}.`,
      `Remove it, or run \`peerway plan\` to see whose it is.`,
    );
  }

  /** How a route that is not there comes to be: apply writes only what is declared. */
  #fixMissing({ mine, other }: Way, prefix: Cidr, apply: string): string {
    const edge = edgeBetween(this.topology, this.world, mine, other);
    if (edge === undefined)
      return `Declare a connection between ${this.ends.from} and ${this.ends.to}, or write the route yourself.`;
    return destinationsOf(edge, mine, other).some((one) => cidrContains(one, prefix))
      ? apply
      : `Add ${prefix} to routes of ${edge.connection}, then run \`peerway apply\`.`;
  }

  #peeringWithHop(network: SeenNetwork, hop: string): SeenPeering | undefined {
    for (const list of this.world.pairs.values())
      for (const seen of list)
        for (const side of ['initiator', 'acceptor'] as const)
          if (seen.keys[side] === network.key && seen.peering[side].nextHop?.id === hop) return seen;
    return undefined;
  }

  #otherEnd(seen: SeenPeering, mine: SeenNetwork): { readonly key: string; readonly name: string } {
    const key = seen.keys.initiator === mine.key ? seen.keys.acceptor : seen.keys.initiator;
    return { key, name: nameOf(this.world, key) };
  }
}

const sideOf = (seen: SeenPeering, key: string): PeeringSide =>
  seen.keys.initiator === key ? 'initiator' : 'acceptor';
