/**
 * Whose a route is. Where routes carry a description, that says it. Where a cloud keeps no mark on routes, what they point at does:
 * a peering or a link of ours, or a peering that is gone and whose tombstone bears our mark. When the cloud shows not even that any more,
 * a route that drops traffic on exactly a declared destination is ours: nobody loses anything by its being put right.
 */
import { PEERING_SIDES, type Route } from '@peerway/core';
import { destinationsOf } from '../world/destinations.js';
import { linkHops, ownerOfLink } from '../world/linkFacts.js';
import { readMarkerText, type Owner } from '../world/ownership.js';
import { ownerOfPeering } from '../world/peeringFacts.js';
import type { SeenPeering } from '../world/observe.js';
import type { DiffInput } from './planDraft.js';

/** What a next hop in one network leads to, as far as we can see. */
interface HopOwner {
  readonly owner: 'ours' | 'foreign';
  readonly connection: string;
  /** The other stack that has it. */
  readonly stack?: string;
  /** Absent: it is a link. */
  readonly seen?: SeenPeering;
  /** False: only a tombstone is left. */
  readonly there: boolean;
}

export type RouteOwner = 'ours' | 'foreign' | 'other-stack';

export class RouteOwners {
  readonly #input: DiffInput;
  /** `networkKey hopId` → whose it is. */
  readonly #hops = new Map<string, HopOwner>();
  /** Next hop that a link offers, in whatever network it is attached to → whose it is. */
  readonly #lines = new Map<string, HopOwner>();
  /** `networkKey table destination` → the connection that declares a route there. */
  readonly #declared = new Map<string, string>();

  constructor(input: DiffInput) {
    this.#input = input;
    const { pairs, tombstones, links } = input.world;
    for (const seen of tombstones) this.#learn(seen, false);
    for (const list of pairs.values()) for (const seen of list) this.#learn(seen, true);
    for (const seen of links) {
      const whose = { ...ownedBy(ownerOfLink(seen, input.stack.name)), there: true };
      for (const { id } of linkHops(seen.link)) this.#lines.set(id, whose);
    }
    this.#learnDeclared();
  }

  /** What a next hop in the network leads to; undefined: nothing that was seen, or a tombstone that nobody marked. */
  hop(key: string, id: string): HopOwner | undefined {
    return this.#hops.get(`${key} ${id}`) ?? this.#lines.get(id);
  }

  /** The other stack that has the peering or link at which a route points; undefined: none that is known. */
  stackBehind(key: string, { nextHop }: Route): string | undefined {
    return this.hop(key, nextHop.id)?.stack;
  }

  of(key: string, route: Route): RouteOwner {
    const hop = this.hop(key, route.nextHop.id);
    const features = this.#input.world.byKey.get(key)?.provider.capabilities.routes.features;
    if (features?.description.status !== 'supported') {
      if (hop !== undefined) return hop.owner;
      return this.#isDeadAndDeclared(key, route) ? 'ours' : 'foreign';
    }
    const marker = readMarkerText(route.description);
    if (marker === undefined) return 'foreign';
    if (marker.stack !== this.#input.stack.name) return 'other-stack';
    // `release` takes the marks off the routes too; where descriptions stay for ever, the released peering tells
    return features.relabel.status !== 'supported' &&
      hop?.there === true &&
      hop.seen !== undefined &&
      hop.owner === 'foreign'
      ? 'foreign'
      : 'ours';
  }

  /** The connection that a route of ours serves; empty: not known. */
  connectionOf(key: string, route: Route): string {
    return (
      readMarkerText(route.description)?.connection ??
      this.hop(key, route.nextHop.id)?.connection ??
      this.#declared.get(placeOf(key, route)) ??
      ''
    );
  }

  #learn(seen: SeenPeering, there: boolean): void {
    const owner = ownerOfPeering(seen, this.#input.stack.name);
    if (!there && owner.kind === 'none') return; // the side that is left may never have borne the mark
    for (const side of PEERING_SIDES) {
      const hop = seen.peering[side].nextHop;
      if (hop === undefined) continue;
      this.#hops.set(`${seen.keys[side]} ${hop.id}`, { ...ownedBy(owner), seen, there });
    }
  }

  #learnDeclared(): void {
    const { edges, world } = this.#input;
    for (const edge of edges) {
      const initiator = world.networks.get(edge.initiator);
      const acceptor = world.networks.get(edge.acceptor);
      if (initiator === undefined || acceptor === undefined) continue;
      for (const [mine, other] of [
        [initiator, acceptor],
        [acceptor, initiator],
      ] as const) {
        if (mine.provider.capabilities.routes.features.description.status === 'supported') continue;
        for (const destination of destinationsOf(edge, mine, other))
          for (const { id, written } of mine.tables)
            if (written) this.#declared.set(placeOf(mine.key, { table: id, destination }), edge.connection);
      }
    }
  }

  #isDeadAndDeclared(key: string, route: Route): boolean {
    return (
      route.origin === 'custom' &&
      route.state === 'blackhole' &&
      route.nextHop.kind === 'peering' &&
      this.#declared.has(placeOf(key, route))
    );
  }
}

const ownedBy = (owner: Owner): Pick<HopOwner, 'owner' | 'connection' | 'stack'> => ({
  owner: owner.kind === 'ours' || owner.kind === 'lost' ? 'ours' : 'foreign',
  connection: owner.kind === 'none' ? '' : owner.marker.connection,
  ...(owner.kind === 'other' ? { stack: owner.marker.stack } : {}),
});

const placeOf = (key: string, { table, destination }: Pick<Route, 'table' | 'destination'>): string =>
  `${key} ${table} ${destination}`;
