/**
 * Can a packet go from one network to the other and back? Follows it on live data: the peering between the two, then the
 * longest-prefix match in every table of both sides, for every prefix of the other. Every fault is one sentence and one fix.
 */
import { cidrContains, cidrFamily, cidrOverlaps, routeTraits, type Cidr, type PeeringSide } from '@peerway/core';
import { destinationsOf } from '../world/destinations.js';
import type { SeenNetwork, SeenPeering, SeenTable, World } from '../world/observe.js';
import { byLiveliness, peeringObject, shownId } from '../world/peeringFacts.js';
import { reachOverLink } from './overLink.js';
import { ReachNotes } from './findings.js';
import { whyDown } from './whyDown.js';
import type { Reachability, ReachFinding, ReachHop } from './answer.js';
import { lookUp, type Piece } from './longestPrefix.js';
import type { LinkSpec, StackSpec } from '../declaration/stack.js';
import { pairKey, type Edge, type Topology } from '../declaration/topology.js';

type Direction = ReachHop['direction'];

export function reach(stack: StackSpec, topology: Topology, world: World, from: string, to: string): Reachability {
  const check = new PathCheck(stack, topology, world, from, to);
  const link = stack.links.find((one) => one.name === to) ?? stack.links.find((one) => one.name === from);
  if (link !== undefined) check.overLink(link);
  else check.overPeering();
  return check.answer();
}

class PathCheck {
  readonly #notes: ReachNotes;

  constructor(
    private readonly stack: StackSpec,
    private readonly topology: Topology,
    private readonly world: World,
    private readonly from: string,
    private readonly to: string,
  ) {
    this.#notes = new ReachNotes(from, to);
  }

  answer(): Reachability {
    return this.#notes.answer();
  }

  overLink(link: LinkSpec): void {
    const { from, to, stack, world } = this;
    reachOverLink(stack, world, this.#notes, { from, to }, link.name, this.#network(link.network));
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
    this.#direction('forward', a, b, active, relayed);
    this.#direction('return', b, a, active, relayed);
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
    if (best !== undefined) {
      const down = whyDown(best.peering, peeringObject(best));
      if (down !== undefined) this.#notes.findings.push(down);
      return;
    }
    const edge = this.#edge(a, b);
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

  /** What is declared between two networks. */
  #edge(a: SeenNetwork, b: SeenNetwork): Edge | undefined {
    return this.topology.edges.find(
      ({ initiator, acceptor }) =>
        pairKey(this.world.networks.get(initiator)?.key ?? '', this.world.networks.get(acceptor)?.key ?? '') ===
        pairKey(a.key, b.key),
    );
  }

  /** How a route that is not there comes to be: apply writes only what is declared. */
  #fixMissing(mine: SeenNetwork, other: SeenNetwork, prefix: Cidr, apply: string): string {
    const covers = (edge: Edge, far: SeenNetwork): boolean =>
      destinationsOf(edge, mine, far).some((one) => cidrContains(one, prefix));
    const edge = this.#edge(mine, other);
    if (edge !== undefined)
      return covers(edge, other) ? apply : `Add ${prefix} to routes of ${edge.connection}, then run \`peerway apply\`.`;
    return `Declare a connection between ${this.from} and ${this.to}, or write the route yourself.`;
  }

  #sharedNeighbour(a: SeenNetwork, b: SeenNetwork): string | undefined {
    const neighbours = this.#neighbours(a);
    for (const [key] of this.#neighbours(b)) if (neighbours.has(key)) return this.world.byKey.get(key)?.name ?? key;
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

  #direction(
    direction: Direction,
    mine: SeenNetwork,
    other: SeenNetwork,
    active: readonly SeenPeering[],
    relayed: readonly SeenPeering[],
  ): void {
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
    for (const table of mine.tables) {
      if (table.kind === 'edge') continue;
      const ours =
        spec?.routeTables === undefined
          ? table.kind === 'main' || mine.tables.length === 1
          : spec.routeTables.includes(table.id);
      for (const prefix of other.network?.cidrs ?? []) {
        if (cidrFamily(prefix) === 6 && features.ipv6.status !== 'supported') {
          this.#notes.blocks(
            'family-unsupported',
            `${prefix}`,
            `${prefix} of ${other.name} is IPv6, and ${mine.provider.displayName} takes no IPv6 routes from us.`,
            'Write the route in the cloud’s console if IPv6 must work.',
            'warning',
          );
          continue;
        }
        for (const piece of lookUp(prefix, table.routes))
          this.#judge(direction, mine, other, table, prefix, piece, active, relayed, ours ? 'blocks' : 'warning');
      }
    }
  }

  #judge(
    direction: Direction,
    mine: SeenNetwork,
    other: SeenNetwork,
    table: SeenTable,
    prefix: Cidr,
    piece: Piece,
    active: readonly SeenPeering[],
    relayed: readonly SeenPeering[],
    severity: ReachFinding['severity'],
  ): void {
    const { route } = piece;
    const hopOf = (seen: SeenPeering): string | undefined => seen.peering[sideOf(seen, mine.key)].nextHop?.id;
    const touching = (seen: SeenPeering): boolean =>
      seen.keys.initiator === mine.key || seen.keys.acceptor === mine.key;
    const good = [...active, ...relayed.filter(touching)].some(
      (seen) => route !== undefined && hopOf(seen) === route.nextHop.id,
    );
    const ok = good && route !== undefined && routeTraits(route.state).carries !== 'no';
    this.#notes.hop(direction, mine.name, table.id, prefix, piece, ok);
    const place = `${table.id} (${mine.name})`;
    const finding = (fault: string, sentence: string, fix: string, weight = severity): void =>
      this.#notes.blocks(fault, `route ${route?.destination ?? piece.prefix} in ${place}`, sentence, fix, weight);
    if (ok && route !== undefined) {
      if (routeTraits(route.state).carries === 'soon')
        finding(
          'route-provisioning',
          `The route ${route.destination} in ${place} is still being written.`,
          'Wait a moment and ask again.',
          'warning',
        );
      return;
    }
    if (route === undefined) {
      // reported already: where nothing joins the two and nothing is declared, no route is missing
      if (active.length === 0 && relayed.length === 0 && this.#edge(mine, other) === undefined) return;
      const leaving = table.routes.find((one) => routeTraits(one.state).leaving && one.destination === prefix);
      const narrow = table.routes.find((one) => one.source !== undefined && one.destination === prefix);
      if (leaving !== undefined)
        finding(
          'route-deleting',
          `The route ${prefix} in ${place} is being removed.`,
          this.#fixMissing(mine, other, prefix, 'Run `peerway apply` to write it again.'),
        );
      else if (narrow !== undefined)
        finding(
          'route-source',
          `The route ${prefix} in ${place} holds only for packets from ${narrow.source ?? ''}.`,
          this.#fixMissing(mine, other, prefix, 'Run `peerway apply` to write one for every source.'),
        );
      else if (piece.rest)
        finding(
          'route-partial',
          `${mine.name} (${table.id}) has routes to parts of ${prefix} of ${other.name} only.`,
          this.#fixMissing(mine, other, prefix, 'Run `peerway apply` to write the whole route.'),
        );
      else
        finding(
          direction === 'forward' ? 'route-missing' : 'return-route-missing',
          `${mine.name} (${table.id}) has no route to ${prefix} of ${other.name}${direction === 'return' ? ', so answers do not come back' : ''}.`,
          severity === 'warning'
            ? `Add ${table.id} to routeTables of ${mine.name}, then run \`peerway apply\`.`
            : this.#fixMissing(mine, other, prefix, 'Run `peerway apply` to write it.'),
        );
      return;
    }
    if (good) return this.#notes.blackhole(route, mine.name, severity);
    const { destination, nextHop } = route;
    if (route.origin === 'system')
      return finding(
        'route-system',
        `${mine.name} keeps ${piece.prefix} for itself: its own route ${destination} takes it.`,
        `Renumber ${mine.name} or ${other.name}.`,
      );
    const known = this.#hopIn(mine, nextHop.id);
    if (known !== undefined) {
      const there = this.#otherEnd(known, mine);
      if (there.key !== other.key)
        return finding(
          'route-wrong-peering',
          `The route ${destination} in ${place} leads to ${there.name}, not to ${other.name}.`,
          `Remove it, then run \`peerway apply\`.`,
        );
      const down = whyDown(known.peering, peeringObject(known));
      // reported already where the pair has no active peering
      if (down !== undefined && active.length > 0)
        finding(
          'route-old-peering',
          `The route ${destination} in ${place} uses ${shownId(known.peering.id)}, which is ${known.peering.state}, not the active peering.`,
          'Run `peerway apply` to point it at the active one.',
        );
      return;
    }
    if (nextHop.kind === 'peering') {
      const wrongEnd = active.find((seen) => seen.peering[sideOf(seen, other.key)].nextHop?.id === nextHop.id);
      if (wrongEnd !== undefined)
        return finding(
          'route-wrong-end',
          `The route ${destination} in ${place} points at the other side's end of ${shownId(wrongEnd.peering.id)}.`,
          'Run `peerway apply` to point it at its own side’s end.',
        );
      if (active.length === 0 && this.world.pairs.has(pairKey(mine.key, other.key))) return; // its peering is down and shows no next hop
      return finding(
        'route-dangling',
        `The route ${destination} in ${place} points at ${nextHop.id}, which does not exist any more.`,
        'Run `peerway apply` to point it at the peering that is there.',
      );
    }
    if (destination === piece.prefix && destination !== prefix)
      return finding(
        'route-diverted',
        `The more specific route ${destination} in ${place} takes a part of ${prefix} to ${nextHop.id}.`,
        `Remove it if that part of ${other.name} should be reached.`,
      );
    if (destination === '0.0.0.0/0' || destination === '::/0')
      return finding(
        'route-default',
        `${mine.name} (${table.id}) has no route to ${prefix} of ${other.name}, so its default route takes it to ${nextHop.id}.`,
        this.#fixMissing(mine, other, prefix, 'Run `peerway apply` to write the route.'),
      );
    return finding(
      'route-elsewhere',
      `The route ${destination} in ${place} takes ${piece.prefix} of ${other.name} to ${nextHop.id}.`,
      `Remove it, or run \`peerway plan\` to see whose it is.`,
    );
  }

  #hopIn(network: SeenNetwork, hop: string): SeenPeering | undefined {
    for (const list of this.world.pairs.values())
      for (const seen of list)
        for (const side of ['initiator', 'acceptor'] as const)
          if (seen.keys[side] === network.key && seen.peering[side].nextHop?.id === hop) return seen;
    return undefined;
  }

  #otherEnd(seen: SeenPeering, mine: SeenNetwork): { readonly key: string; readonly name: string } {
    const key = seen.keys.initiator === mine.key ? seen.keys.acceptor : seen.keys.initiator;
    return { key, name: this.world.byKey.get(key)?.name ?? key.slice(key.indexOf(' ') + 1) };
  }
}

const sideOf = (seen: SeenPeering, key: string): PeeringSide =>
  seen.keys.initiator === key ? 'initiator' : 'acceptor';
