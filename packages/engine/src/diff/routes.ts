/** Compares the routes that should be with the routes that are, table by table; only ours are changed or removed. */
import { PEERING_SIDES, routeKey, type NextHop, type Route, type RouteRef, type RouteState } from '@peerway/core';
import type { DesiredRoute } from './desiredRoutes.js';
import { destinationsOf } from '../world/destinations.js';
import type { PeeringDiff } from './peerings.js';
import { isFading, ownerOfPeering, peeringObject } from '../world/peeringFacts.js';
import { routeObject, type DiffInput, type PlanDraft, type Purpose } from './planDraft.js';
import type { LeavingHops } from './removeLink.js';
import { noteMarksOutOfReach } from './removePeering.js';
import { RouteOwners, type RouteOwner } from './routeOwners.js';
import type { SeenNetwork, SeenPeering } from '../world/observe.js';
import { markerText, readMarkerText, type Marker } from '../world/ownership.js';
import type { DriftKind } from '../plan/driftKinds.js';
import type { StepAction } from '../plan/plan.js';
import { pairKey } from '../declaration/topology.js';

/** What the state of a declared route means to the plan: the drift it is, and whether the route is written anew. Undefined: it is as declared. */
const STATE_DRIFT: Record<
  RouteState,
  | {
      readonly kind: DriftKind;
      readonly says: (route: Route) => string;
      /** `onlyOurs`: not where the route waits for its next hop, nor where somebody else wrote it. `old`, `fresh`: why each goes and comes. */
      readonly rewrite?: { readonly onlyOurs: boolean; readonly old: string; readonly fresh: string };
    }
  | undefined
> = {
  provisioning: { kind: 'route-provisioning', says: () => 'is still being written' },
  active: undefined,
  deleting: {
    kind: 'route-deleting',
    says: () => 'is being removed; it is declared',
    rewrite: { onlyOurs: false, old: 'it is being removed', fresh: 'the old one is being removed' },
  },
  filtered: { kind: 'route-filtered', says: () => 'is there, and the cloud does not use it' },
  blackhole: {
    kind: 'route-blackhole',
    says: ({ nextHop }) => `drops traffic: its next hop ${nextHop.id} is not there`,
    rewrite: { onlyOurs: true, old: 'it drops traffic', fresh: 'it drops traffic' },
  },
};

export class RouteDiff {
  readonly #owners: RouteOwners;
  /** Peerings whose marks cannot be seen, and that have been named. */
  readonly #hidden = new Set<SeenPeering>();
  /** A next hop in one network, or in any → deletions of routes that point there. */
  readonly #deletions = new Map<string, string[]>();
  readonly #kept = new Set<Route>();
  readonly #leavingHops = new Set<string>();

  constructor(
    private readonly input: DiffInput,
    private readonly draft: PlanDraft,
    private readonly peerings: PeeringDiff,
    private readonly leavingLinks: readonly LeavingHops[],
  ) {
    this.#owners = new RouteOwners(input);
    for (const seen of peerings.leaving.keys()) {
      for (const side of PEERING_SIDES) {
        const hop = seen.peering[side].nextHop;
        if (hop !== undefined) this.#leavingHops.add(placeOf(seen.keys[side], hop.id));
      }
    }
    for (const { hops } of leavingLinks) for (const { id } of hops) this.#leavingHops.add(anywhere(id));
  }

  diff(desired: readonly DesiredRoute[]): void {
    const there = new Map<string, Route>();
    for (const network of this.input.world.byKey.values())
      for (const table of network.tables)
        for (const route of table.routes) there.set(`${network.key} ${routeKey(route)}`, route);
    for (const wanted of desired) {
      if (wanted.table.kind === 'edge') {
        this.#create(wanted, [], 'create', 'its link is new');
        continue;
      }
      const route = there.get(
        `${wanted.key} ${routeKey({ table: wanted.table.table, destination: wanted.destination })}`,
      );
      if (route !== undefined) this.#kept.add(route);
      this.#compare(wanted, route);
    }
    this.#removeUndeclared(desired);
    this.#orderRemovals();
  }

  /** How many routes of the stack are there now. */
  countOurs(): number {
    let count = 0;
    for (const { key, tables } of this.input.world.byKey.values())
      for (const { routes } of tables)
        for (const route of routes) if (route.origin === 'custom' && this.#owners.of(key, route) === 'ours') count++;
    return count;
  }

  #compare(wanted: DesiredRoute, route: Route | undefined): void {
    if (!wanted.usable) return;
    if (route === undefined) return this.#createMissing(wanted);
    if (route.origin !== 'custom') return this.#noteSystem(wanted, route);
    const owner = this.#owners.of(wanted.key, route);
    const right = wanted.hop?.kind === 'known' && wanted.hop.nextHop.id === route.nextHop.id;
    if (right) this.#keep(wanted, route, owner);
    else if (owner === 'ours') this.#replace(wanted, route);
    else this.#noteForeign(wanted, route, owner);
  }

  #createMissing(wanted: DesiredRoute): void {
    const { connection, established, name, toward } = wanted;
    if (established)
      this.draft.note(
        wanted.primary ? 'route-missing' : 'route-for-new-prefix',
        connection,
        this.#object(wanted),
        `${name} has no route to ${wanted.destination} of ${toward}`,
      );
    this.#create(wanted, [], 'create', established ? 'it is missing' : `the way from ${name} to ${toward}`);
  }

  #noteSystem(wanted: DesiredRoute, route: Route): void {
    const { connection } = wanted;
    const object = this.#object(wanted);
    this.draft.note(
      'route-system-in-place',
      connection,
      object,
      `${object} is the cloud's own and leads to ${hopText(route.nextHop)}`,
    );
    this.draft.error(
      'route-conflict',
      connection,
      `${object} is the cloud's own route (${route.origin})`,
      `Choose prefixes for ${connection} that the network does not hold itself.`,
    );
  }

  /** The route leads where it should: what is left is its marker and its state. */
  #keep(wanted: DesiredRoute, route: Route, owner: RouteOwner): void {
    const { draft } = this;
    const { connection } = wanted;
    const object = this.#object(wanted);
    const marker = readMarkerText(route.description);
    const drift = STATE_DRIFT[route.state];
    const rewrite =
      drift?.rewrite?.onlyOurs === true && (wanted.after !== undefined || owner !== 'ours')
        ? undefined
        : drift?.rewrite;
    // without a mark it came with an adopted peering; another stack's mark stays, whoever has the peering
    if (owner === 'other-stack' || (owner === 'foreign' && !wanted.adopted))
      draft.note(
        'route-unmarked',
        connection,
        object,
        `${object} is right and bears no mark of this stack: it is not ours to remove${owner === 'foreign' ? `, unless \`peerway adopt ${connection}\` takes it over` : ''}`,
      );
    else if (marker !== undefined && marker.connection !== connection) {
      draft.note('route-renamed', connection, object, `${object} is right and is marked ${marker.connection}`);
      if (rewrite === undefined) this.#describe(wanted, route, marker); // a new one bears the new name
    }
    if (drift === undefined) return;
    draft.note(drift.kind, connection, object, `${object} ${drift.says(route)}`);
    if (rewrite === undefined) return;
    const removal = this.#delete(wanted, route, { connection, action: 'replace', reason: rewrite.old });
    this.#create(wanted, removal, 'replace', rewrite.fresh);
  }

  /** Writes the mark of the connection's new name, where the cloud lets a description be changed. */
  #describe(wanted: DesiredRoute, route: Route, marker: Marker): void {
    const { provider, connection, network } = wanted;
    if (provider.capabilities.routes.features.relabel.status !== 'supported') return;
    const mark = markerText(this.input.stack.name, connection);
    this.draft.add({
      id: `route ${wanted.name} ${route.table} ${route.destination} describe`,
      action: 'update',
      object: this.#object(wanted),
      connection,
      reason: `it is marked ${marker.connection}; it is ${connection} now`,
      work: {
        verb: 'route.describe',
        provider: provider.name,
        network,
        route: refOf(route),
        description: marker.adopted ? `${mark} adopted` : mark,
      },
    });
  }

  #replace(wanted: DesiredRoute, route: Route): void {
    const { draft } = this;
    const object = this.#object(wanted);
    const known = this.#owners.hop(wanted.key, route.nextHop.id);
    // a dead one that its cloud still shows leads nowhere either
    const gone = known?.there !== true || (known.seen !== undefined && isFading(known.seen));
    const stale = gone || placesOf(wanted.key, route).some((place) => this.#leavingHops.has(place));
    draft.note(
      stale ? 'route-stale' : 'route-wrong-next-hop',
      wanted.connection,
      object,
      `${object} is ours and points at ${hopText(route.nextHop)}, ${stale ? 'which is gone or going' : `which is ${known.connection || 'something else'}`}`,
    );
    const removal = this.#delete(wanted, route, {
      connection: wanted.connection,
      action: 'replace',
      reason: 'it points at something else',
    });
    this.#create(wanted, removal, 'replace', `it pointed at ${hopText(route.nextHop)}`);
  }

  #noteForeign(wanted: DesiredRoute, route: Route, owner: Exclude<RouteOwner, 'ours'>): void {
    const { draft } = this;
    const object = this.#object(wanted);
    const writer = owner === 'other-stack' ? readMarkerText(route.description)?.stack : undefined;
    const whose = writer === undefined ? 'somebody else' : `the stack ${writer}`;
    const behind = this.#owners.stackBehind(wanted.key, route);
    const leads = `leads to ${hopText(route.nextHop)}${behind === undefined || behind === writer ? '' : ` of the stack ${behind}`}`;
    draft.note(
      owner === 'other-stack' ? 'route-of-other-stack' : 'route-foreign-in-place',
      wanted.connection,
      object,
      `${object} belongs to ${whose} and ${leads}`,
    );
    draft.error(
      'foreign-route',
      wanted.connection,
      `${object} is held by a route of ${whose} that ${leads}`,
      this.#remedyFor(wanted, writer ?? behind),
    );
  }

  /** What a stack has written, or needs, it would write again. */
  #remedyFor({ connection, destination }: DesiredRoute, stack: string | undefined): string {
    return stack === undefined
      ? `Remove that route, or give ${connection} a list of routes without ${destination}.`
      : `Give ${connection} a list of routes without ${destination}, or take them out of the file of the stack ${stack}.`;
  }

  #create(wanted: DesiredRoute, needs: readonly string[], action: StepAction, reason: string): void {
    const { hop, provider } = wanted;
    // no next hop to be had: the peering's own drift says so
    if (hop === undefined) return;
    const described = provider.capabilities.routes.features.description.status === 'supported';
    const where = wanted.table.kind === 'known' ? wanted.table.table : 'edge';
    this.draft.add(
      {
        id: `route ${wanted.name} ${where} ${wanted.destination} ${wanted.table.kind === 'edge' ? `${wanted.connection} ` : ''}create`,
        action,
        object: this.#object(wanted),
        connection: wanted.connection,
        reason,
        work: {
          verb: 'route.create',
          provider: provider.name,
          network: wanted.network,
          table: wanted.table,
          destination: wanted.destination,
          nextHop: hop,
          ...(described ? { description: markerText(this.input.stack.name, wanted.connection) } : {}),
        },
      },
      [...needs, ...(wanted.after === undefined ? [] : [wanted.after])],
    );
  }

  #delete({ key, name }: Pick<SeenNetwork, 'key' | 'name'>, route: Route, purpose: Purpose): string[] {
    const place = this.input.world.byKey.get(key);
    if (place === undefined) return [];
    const { table, network, destination, source } = route;
    const whose = place.tables.find(({ id }) => id === table)?.provider ?? place.provider;
    const step = this.draft.add({
      id: `route ${name} ${table} ${destination}${source === undefined ? '' : ` from ${source}`} delete`,
      ...purpose,
      object: routeObject({ name, table }, destination),
      work: { verb: 'route.delete', provider: whose.name, network, route: refOf(route) },
    });
    for (const place of placesOf(key, route)) {
      const known = this.#deletions.get(place);
      if (known === undefined) this.#deletions.set(place, [step]);
      else known.push(step);
    }
    this.#kept.add(route);
    return [step];
  }

  #removeUndeclared(desired: readonly DesiredRoute[]): void {
    const { input, draft } = this;
    const connections = new Set(desired.map((wanted) => wanted.connection));
    for (const network of input.world.byKey.values()) {
      for (const table of network.tables) {
        for (const route of table.routes) {
          if (this.#kept.has(route) || route.origin !== 'custom') continue;
          const adopted = this.#cameWithAdopted(network, route);
          if (this.#owners.of(network.key, route) !== 'ours' && !adopted) continue;
          const connection = this.#owners.connectionOf(network.key, route);
          if (!input.targeted(connection)) continue;
          const object = routeObject({ name: network.name, table: table.id }, route.destination);
          if (input.mode === 'apply') {
            const lost = connections.has(connection) && table.written;
            draft.note(
              lost ? 'route-for-lost-prefix' : 'route-undeclared',
              connection,
              object,
              lost
                ? `${object} leads to a prefix that ${connection} no longer reaches`
                : table.written || table.kind === 'edge'
                  ? `${object} is ours, and nothing declares it any more`
                  : `${object} is ours, and stands in a table that nothing names any more`,
            );
          }
          this.#noteHiddenPeering(network.key, route, object);
          this.#delete(network, route, {
            connection,
            action: 'delete',
            reason: input.mode === 'destroy' ? 'the stack is being destroyed' : 'nothing declares it any more',
          });
        }
      }
    }
  }

  /** A route of ours over a peering that nobody marked, as far as can be seen from here. */
  #noteHiddenPeering(key: string, route: Route, object: string): void {
    const hop = this.#owners.hop(key, route.nextHop.id);
    if (hop?.seen === undefined || !hop.there || hop.owner === 'ours' || hop.connection !== '') return;
    if (this.#hidden.has(hop.seen)) return;
    this.#hidden.add(hop.seen);
    noteMarksOutOfReach(this.draft, hop.seen, object);
  }

  /** Deletions of peerings and links come after those of the routes that use them; a foreign route there is a problem. */
  #orderRemovals(): void {
    const { draft, input } = this;
    const leaving = new Map<string, string>();
    const go = (step: string, place: string, object: string): void => {
      draft.need(step, ...(this.#deletions.get(place) ?? []));
      leaving.set(place, object);
    };
    for (const [seen, step] of this.peerings.leaving)
      for (const side of PEERING_SIDES) {
        const hop = seen.peering[side].nextHop;
        if (hop !== undefined) go(step, placeOf(seen.keys[side], hop.id), peeringObject(seen));
      }
    for (const { hops, step, object } of this.leavingLinks) for (const { id } of hops) go(step, anywhere(id), object);
    if (leaving.size === 0) return;
    for (const network of input.world.byKey.values())
      for (const table of network.tables)
        for (const route of table.routes) {
          const place = placesOf(network.key, route).find((one) => leaving.has(one));
          const going = place === undefined ? undefined : leaving.get(place);
          if (place === undefined || going === undefined || route.origin !== 'custom') continue;
          if (this.#deletions.get(place)?.some((step) => isDeletionOf(step, draft, route))) continue;
          const object = routeObject({ name: network.name, table: table.id }, route.destination);
          draft.error(
            'foreign-route',
            going,
            `${going} must go, and ${object}, which is not ours, uses it`,
            `Remove ${object} first, or keep the connection.`,
          );
        }
  }

  /** Exactly a declared route of an adopted peering that is leaving with the stack. */
  #cameWithAdopted(network: SeenNetwork, route: Route): boolean {
    const { input } = this;
    const seen = this.#owners.hop(network.key, route.nextHop.id)?.seen;
    if (seen === undefined || !this.peerings.leaving.has(seen) || readMarkerText(route.description) !== undefined)
      return false;
    const owner = ownerOfPeering(seen, input.stack.name);
    if (owner.kind === 'none' || !owner.marker.adopted) return false;
    const edge = input.edges.find(
      (one) =>
        one.connection === owner.marker.connection &&
        this.#pairOf(one.initiator, one.acceptor) === pairKey(seen.keys.initiator, seen.keys.acceptor),
    );
    const mine =
      edge === undefined
        ? undefined
        : [edge.initiator, edge.acceptor].find((name) => input.world.networks.get(name)?.key === network.key);
    if (edge === undefined || mine === undefined) return false;
    const other = input.world.networks.get(mine === edge.initiator ? edge.acceptor : edge.initiator);
    return (
      other !== undefined &&
      destinationsOf(edge, { ...network, name: mine }, other).some((one) => one === route.destination)
    );
  }

  #pairOf(a: string, b: string): string {
    const { networks } = this.input.world;
    return pairKey(networks.get(a)?.key ?? '', networks.get(b)?.key ?? '');
  }

  #object(wanted: DesiredRoute): string {
    const table = wanted.table.kind === 'known' ? wanted.table.table : `the edge table of ${wanted.connection}`;
    return `route ${wanted.destination} in ${table} (${wanted.name})`;
  }
}

/** A next hop in one network: both sides of a peering may show the same id. */
const placeOf = (key: string, hop: string): string => `${key} ${hop}`;
/** In whatever network: a link may be attached to another one by now than where routes lead to it. */
const anywhere = (hop: string): string => `* ${hop}`;
const placesOf = (key: string, { nextHop }: Route): readonly [string, string] => [
  placeOf(key, nextHop.id),
  anywhere(nextHop.id),
];

function refOf({ id, table, network, destination, source, nextHop, origin }: Route): RouteRef {
  return {
    table,
    network,
    destination,
    nextHop,
    origin,
    ...(id === undefined ? {} : { id }),
    ...(source === undefined ? {} : { source }),
  };
}

function isDeletionOf(step: string, draft: PlanDraft, route: Route): boolean {
  const work = draft.steps.get(step)?.work;
  return work?.verb === 'route.delete' && routeKey(work.route) === routeKey(route);
}

const hopText = (hop: NextHop): string => (hop.kind === 'other' ? hop.id : `${hop.kind} ${hop.id}`);
