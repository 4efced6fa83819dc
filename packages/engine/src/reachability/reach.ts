/**
 * Can a packet go from one network to the other and back? Follows it on live data: the peering between the two, then the
 * longest-prefix match in every table of both sides, for every prefix of the other. Every fault is one sentence and one fix.
 */
import { cidrFamily, cidrOverlaps, isPrefix, routeTraits, type Cidr } from '@peerway/core';
import type { SeenNetwork, SeenPeering, SeenTable, World } from '../world/observe.js';
import { byLiveliness, ownerOfPeering, peeringObject, shownId } from '../world/peeringFacts.js';
import { destinationsOf, whyNoIpv6 } from '../world/destinations.js';
import { reachOverLink } from './overLink.js';
import { ReachNotes } from './findings.js';
import { edgeBetween, leadsAcross, nameOf, RouteFaults, type Lookup, type Way } from './routeFaults.js';
import { asForeign, whyDown } from './whyDown.js';
import type { Reachability } from './answer.js';
import { lookUp } from './longestPrefix.js';
import type { LinkSpec, StackSpec } from '../declaration/stack.js';
import { pairKey, type Topology } from '../declaration/topology.js';

export function reach(stack: StackSpec, topology: Topology, world: World, from: string, to: string): Reachability {
  const check = new PathCheck(stack, topology, world, from, to);
  const link = stack.links.find((one) => one.name === to) ?? stack.links.find((one) => one.name === from);
  if (link !== undefined) check.overLink(link);
  else check.overPeering();
  return check.answer();
}

class PathCheck {
  readonly #notes: ReachNotes;
  readonly #faults: RouteFaults;

  constructor(
    private readonly stack: StackSpec,
    private readonly topology: Topology,
    private readonly world: World,
    private readonly from: string,
    private readonly to: string,
  ) {
    this.#notes = new ReachNotes(from, to);
    this.#faults = new RouteFaults(topology, world, { from, to });
  }

  answer(): Reachability {
    return this.#notes.answer();
  }

  overLink(spec: LinkSpec): void {
    const { from, to, stack, world } = this;
    const network = this.#network(spec.network);
    if (network !== undefined) reachOverLink({ stack, world }, { spec, network }, { from, to }, this.#notes);
  }

  overPeering(): void {
    const a = this.#network(this.from);
    const b = this.#network(this.to);
    if (a === undefined || b === undefined) return;
    if (a.key === b.key) {
      this.#notes.blocks(
        'same-network',
        `network ${a.id}`,
        `${this.from} and ${this.to} are the same network.`,
        'Nothing to do: inside a network everything reaches everything that its rules allow.',
        'warning',
      );
      return;
    }
    if (a.provider.id !== b.provider.id) {
      this.#notes.blocks(
        'two-clouds',
        `${this.from}, ${this.to}`,
        `${this.from} and ${this.to} are in different clouds, and no peering joins those.`,
        'Bring a link to each and route over the line between them.',
      );
      return;
    }
    for (const mine of a.network?.cidrs ?? [])
      for (const theirs of b.network?.cidrs ?? [])
        if (cidrOverlaps(mine, theirs))
          this.#notes.blocks(
            'overlap',
            `${mine}, ${theirs}`,
            `${this.from} (${mine}) and ${this.to} (${theirs}) share addresses, and each keeps those for itself.`,
            'Renumber one of the two networks.',
          );
    const peerings = this.world.pairs.get(pairKey(a.key, b.key)) ?? [];
    const active = peerings.filter(({ peering }) => peering.state === 'active');
    const relayed = active.length === 0 ? this.#relays(a, b) : [];
    if (active.length === 0 && relayed.length === 0) this.#noPeering(a, b, peerings);
    if (active.length > 1)
      this.#notes.blocks(
        'several-peerings',
        active.map(({ peering }) => shownId(peering.id)).join(', '),
        `${active.length} peerings join ${this.from} and ${this.to}; which one is used depends on the routes alone.`,
        'Delete all but one.',
        'warning',
      );
    this.#direction({ direction: 'forward', mine: a, other: b, active, relayed });
    this.#direction({ direction: 'return', mine: b, other: a, active, relayed });
  }

  #network(name: string): SeenNetwork | undefined {
    const seen = this.world.networks.get(name);
    if (seen === undefined) return undefined;
    if (seen.network === undefined) {
      this.#notes.blocks(
        'network-missing',
        `network ${seen.id}`,
        `The network ${name} (${seen.id}) does not exist in ${seen.provider.name}, ${seen.provider.region}.`,
        'Correct its id, or the region and account of its provider entry.',
      );
      return undefined;
    }
    if (seen.network.state !== 'active')
      this.#notes.blocks(
        'network-not-active',
        `network ${seen.id}`,
        `The network ${name} (${seen.id}) is ${seen.network.nativeState}.`,
        seen.network.state === 'deleting'
          ? 'It is on its way out; remove it from the declaration.'
          : 'Wait until the cloud has made it.',
      );
    return seen;
  }

  #noPeering(a: SeenNetwork, b: SeenNetwork, peerings: readonly SeenPeering[]): void {
    // the liveliest tells most: a rejected request from last year explains nothing when a new one is pending
    const [best] = [...peerings].sort(byLiveliness);
    const edge = edgeBetween(this.topology, this.world, a, b);
    if (best !== undefined) {
      const down = whyDown(best.peering, peeringObject(best));
      const { kind } = ownerOfPeering(best, this.stack.name);
      const ours = kind === 'ours' || kind === 'lost';
      if (down !== undefined) this.#notes.findings.push(ours ? down : asForeign(down, edge?.connection));
      return;
    }
    const shared = this.#sharedNeighbour(a, b);
    if (edge !== undefined)
      this.#notes.blocks(
        'peering-missing',
        `${this.from}, ${this.to}`,
        `${edge.connection} is declared, and no peering joins ${this.from} and ${this.to}.`,
        'Run `peerway apply` to make it.',
      );
    else if (shared !== undefined)
      this.#notes.blocks(
        'not-transitive',
        `${this.from}, ${this.to}`,
        `${this.from} and ${this.to} are both peered with ${shared}, and a peering does not forward for others.`,
        `Declare a connection between ${this.from} and ${this.to}.`,
      );
    else
      this.#notes.blocks(
        'not-connected',
        `${this.from}, ${this.to}`,
        `No peering joins ${this.from} and ${this.to}, and none is declared.`,
        `Declare a connection between ${this.from} and ${this.to}, then run \`peerway apply\`.`,
      );
  }

  #sharedNeighbour(a: SeenNetwork, b: SeenNetwork): string | undefined {
    const neighbours = this.#neighbours(a);
    for (const [key] of this.#neighbours(b)) if (neighbours.has(key)) return nameOf(this.world, key);
    return undefined;
  }

  /** Networks that an active peering joins with this one, with that peering. */
  #neighbours(network: SeenNetwork): Map<string, SeenPeering> {
    const out = new Map<string, SeenPeering>();
    for (const list of this.world.pairs.values()) {
      for (const seen of list) {
        if (seen.peering.state !== 'active') continue;
        if (seen.keys.initiator === network.key) out.set(seen.keys.acceptor, seen);
        if (seen.keys.acceptor === network.key) out.set(seen.keys.initiator, seen);
      }
    }
    return out;
  }

  /** Networks that forward for others (Baidu: relay) and are joined with both; one such stop is all that a cloud allows. */
  #relays(a: SeenNetwork, b: SeenNetwork): SeenPeering[] {
    const mine = this.#neighbours(a);
    const theirs = this.#neighbours(b);
    const out: SeenPeering[] = [];
    for (const [key, seen] of mine) {
      const other = theirs.get(key);
      if (other !== undefined && this.world.byKey.get(key)?.network?.transit === true) out.push(seen, other);
    }
    return out;
  }

  #direction(way: Way): void {
    const { direction, mine, other, active } = way;
    const { features } = mine.provider.capabilities.routes;
    if (features.explicit.status !== 'supported') {
      for (const prefix of other.network?.cidrs ?? [])
        this.#notes.hops.push({
          direction,
          network: mine.name,
          table: 'kept by the cloud',
          lookedUp: prefix,
          ok: active.length > 0,
        });
      return;
    }
    if (mine.peer !== undefined)
      return this.#notes.blocks(
        'peer-unseen',
        `network ${mine.id}`,
        `The routes of ${mine.name} are those of the account ${mine.peer.account}, which no provider entry shows.`,
        'Ask its owner whether they lead back.',
        'warning',
      );
    const spec = this.stack.networks.get(mine.name);
    if (mine.tables.length === 0)
      this.#notes.blocks(
        'table-missing',
        `network ${mine.id}`,
        `${mine.name} shows no route table.`,
        'Correct routeTables of the network, or leave it out to use the main table.',
      );
    for (const table of mine.missingTables)
      this.#notes.blocks(
        'table-missing',
        `table ${table}`,
        `${mine.name} has no route table ${table}, which is declared.`,
        'Correct routeTables of the network, or leave it out to use the main table.',
      );
    const sought = this.#sought(way);
    for (const table of mine.tables) {
      if (table.kind === 'edge') continue;
      if (table.kind === 'custom' && table.subnets === 0) {
        this.#noteUnused(mine, table);
        continue;
      }
      const ours =
        spec?.routeTables === undefined
          ? table.kind === 'main' || mine.tables.length === 1
          : spec.routeTables.includes(table.id);
      this.#noteHidden(way, table);
      for (const prefix of sought) {
        const without = this.#whyWithout(way, prefix);
        if (without !== undefined) {
          this.#notes.blocks('family-unsupported', prefix, without.sentence, without.fix, 'warning');
          continue;
        }
        for (const piece of lookUp(prefix, table.routes))
          this.#judge(way, { table, prefix, piece, severity: ours ? 'blocks' : 'warning' });
      }
    }
  }

  /** The other's prefixes; of somebody else's network that shows none, what the declaration routes to it. */
  #sought({ mine, other }: Way): readonly Cidr[] {
    const shown = other.network?.cidrs ?? [];
    if (shown.length > 0 || other.peer === undefined) return shown;
    const edge = edgeBetween(this.topology, this.world, mine, other);
    const listed = edge === undefined ? [] : destinationsOf(edge, mine, other);
    if (listed.length === 0)
      this.#notes.blocks(
        'prefixes-unknown',
        `network ${other.id}`,
        `The prefixes of ${other.name} are not known, so no route can be looked for.`,
        'Write them: peer: { …, cidrs: [...] }, or list the routes of the connection.',
      );
    return listed;
  }

  /** Why no route can lead to a prefix of the other network at all, which is no fault of any route. */
  #whyWithout({ mine, other, active }: Way, prefix: Cidr): { sentence: string; fix: string } | undefined {
    if (cidrFamily(prefix) !== 6) return undefined;
    const { provider } = mine;
    if (provider.capabilities.routes.features.ipv6.status !== 'supported')
      return {
        sentence: `${prefix} of ${other.name} is IPv6, and ${provider.displayName} takes no IPv6 routes from us.`,
        fix: 'Write the route in the cloud’s console if IPv6 must work.',
      };
    const edge = edgeBetween(this.topology, this.world, mine, other);
    const why = whyNoIpv6(edge, mine, other, active[0]?.peering.mechanism);
    if (why === undefined) return undefined;
    return {
      sentence: `${prefix} of ${other.name} is IPv6, and ${why}.`,
      fix: 'Nothing to do, unless IPv6 must work between the two.',
    };
  }

  /** What a prefix list holds is not read, so it may take packets elsewhere by a longer prefix. */
  #noteHidden(way: Way, { id, routes }: SeenTable): void {
    for (const route of routes) {
      if (isPrefix(route.destination) || leadsAcross(way, route)) continue;
      const place = `${route.destination} in ${id} (${way.mine.name})`;
      this.#notes.blocks(
        'prefix-list',
        `route ${place}`,
        `The route ${place} leads to ${route.nextHop.id}, and Peerway cannot see into the prefix list.`,
        `Look that no prefix of the list lies in ${way.other.name}.`,
        'warning',
      );
    }
  }

  /** A custom table routes only for the subnets that use it; what stands in one without any neither helps nor hinders. */
  #noteUnused(mine: SeenNetwork, { id, written }: SeenTable): void {
    if (!written) return;
    this.#notes.blocks(
      'table-unused',
      `table ${id}`,
      `No subnet uses the route table ${id} of ${mine.name}, so its routes carry nothing.`,
      'Let the subnets use it in the cloud’s console, or leave it out of routeTables.',
      'warning',
    );
  }

  #judge(way: Way, lookup: Lookup): void {
    const { direction, mine } = way;
    const { table, prefix, piece, severity } = lookup;
    const { route } = piece;
    const across = route !== undefined && leadsAcross(way, route);
    const carries = route === undefined ? 'no' : routeTraits(route.state).carries;
    this.#notes.hop(
      { direction, network: mine.name, table: table.id, lookedUp: prefix },
      route,
      across && carries !== 'no',
    );
    const place = `${table.id} (${mine.name})`;
    if (across && carries === 'yes') return;
    if (across && carries === 'no') return this.#notes.blackhole(route, mine.name, severity);
    if (across)
      return this.#notes.blocks(
        'route-provisioning',
        `route ${route.destination} in ${place}`,
        `The route ${route.destination} in ${place} is still being written.`,
        'Wait a moment and ask again.',
        'warning',
      );
    const found = this.#faults.of(way, lookup);
    if (found !== undefined)
      this.#notes.blocks(
        found.fault,
        `route ${route?.destination ?? piece.prefix} in ${place}`,
        found.sentence,
        found.fix,
        severity,
      );
  }
}
