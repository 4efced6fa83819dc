/** Status: every declared connection and link as it stands now, and what is missing on which side; the diff's own findings, without its steps. */
import {
  routeKey,
  routeTraits,
  traitsOf,
  type LifecycleState,
  type Link,
  type LinkId,
  type Peering,
  type PeeringId,
  type PeeringSide,
  type Route,
  type RouteState,
} from '@peerway/core';
import type { Problem } from './plan/plan.js';
import { buildPlan } from './buildPlan.js';
import { linkRoutes } from './diff/linkRoutes.js';
import { desiredRoutes, type DesiredRoute } from './diff/desiredRoutes.js';
import { findLink, ownerOfLink } from './world/linkFacts.js';
import { diffPeerings, type EdgePlan } from './diff/peerings.js';
import { PlanDraft } from './diff/planDraft.js';
import type { DriftItem } from './plan/driftKinds.js';
import type { SeenPeering, World } from './world/observe.js';
import { ownerOfPeering } from './world/peeringFacts.js';
import type { Owner } from './world/ownership.js';
import type { LinkSpec, StackSpec } from './declaration/stack.js';
import { pairKey, type Topology } from './declaration/topology.js';

/** `connected`: peering active and every route there. `pending`: on its way. `broken`: needs an apply or a person. */
export type Health = 'connected' | 'pending' | 'broken' | 'absent';

export interface RouteStatus {
  readonly side: PeeringSide;
  /** The user's name for the network. */
  readonly network: string;
  readonly table: string;
  readonly destination: string;
  readonly state: RouteState | 'missing' | 'taken';
}

export interface ConnectionStatus {
  /** The expanded name, e.g. `web-data`, `core/ml/logs`. */
  readonly connection: string;
  /** The declared name, e.g. `core`. */
  readonly declared: string;
  readonly kind: 'peering' | 'link';
  /** The user's names for the two networks; one for a link. */
  readonly networks: readonly string[];
  readonly provider: string;
  readonly mechanism?: string;
  readonly health: Health;
  readonly id?: PeeringId | LinkId;
  readonly state?: LifecycleState;
  readonly reason?: string;
  /** When the cloud says that it was made, ISO 8601; absent where the cloud does not say. */
  readonly createdAt?: string;
  readonly nativeState?: string;
  readonly owner: 'ours' | 'foreign' | 'other-stack' | 'none';
  readonly bandwidthMbps?: number | 'unlimited';
  readonly routes: readonly RouteStatus[];
  readonly drift: readonly DriftItem[];
}

export interface StackStatus {
  readonly version: 1;
  readonly stack: string;
  readonly connections: readonly ConnectionStatus[];
  readonly problems: readonly Problem[];
  /** What is ours and no longer declared. */
  readonly undeclared: readonly DriftItem[];
}

const UNDECLARED = new Set<DriftItem['kind']>(['peering-undeclared', 'route-undeclared', 'link-undeclared']);

const ownerWord = (owner: Owner): ConnectionStatus['owner'] =>
  owner.kind === 'ours' || owner.kind === 'lost' ? 'ours' : owner.kind === 'other' ? 'other-stack' : 'foreign';

export function statusOf(stack: StackSpec, topology: Topology, world: World): StackStatus {
  const plan = buildPlan({ stack, topology, world, mode: 'apply', targets: [], prune: 'sync' });
  const drift = grouped(plan.drift, (item) => item.connection);
  const { edges } = diffPeerings(
    {
      stack,
      world,
      edges: topology.edges,
      mode: 'apply',
      prune: 'sync',
      automatic: new Set(),
      hiding: () => false,
      hidingLater: () => false,
      linksApart: () => false,
      targeted: () => true,
    },
    new PlanDraft(),
  );
  const wanted = grouped(desiredRoutes(edges), (route) => route.connection);
  const inPlace = routesInPlace(world);
  const peerings = edges.map((one): ConnectionStatus => {
    const { connection } = one.edge;
    const shown = shownPeering(stack, world, one);
    const routes = (wanted.get(connection) ?? []).flatMap((route) => routeStatus(route, one, shown, inPlace));
    return peeringStatus(stack, one, shown, { routes, drift: drift.get(connection) ?? [] });
  });
  const links = stack.links.map((spec) =>
    linkStatus(stack, world, spec, { inPlace, drift: drift.get(spec.name) ?? [] }),
  );
  return {
    version: 1,
    stack: stack.name,
    connections: [...peerings, ...links],
    problems: plan.problems,
    undeclared: plan.drift.filter((item) => UNDECLARED.has(item.kind)),
  };
}

/** The peering that stands for the pair: ours and active if there is one, else ours, else whatever joins the two. */
function shownPeering(stack: StackSpec, world: World, { initiator, acceptor }: EdgePlan): SeenPeering | undefined {
  const found = world.pairs.get(pairKey(initiator.key, acceptor.key)) ?? [];
  const isOurs = (seen: SeenPeering): boolean => ownerWord(ownerOfPeering(seen, stack.name)) === 'ours';
  const isActive = ({ peering }: SeenPeering): boolean => peering.state === 'active';
  const ours = found.filter(isOurs);
  return ours.find(isActive) ?? ours[0] ?? found.find(isActive) ?? found[0];
}

/** A declared route is there when it leads into the peering that is shown, whoever owns that. */
function routeStatus(
  wanted: DesiredRoute,
  { edge }: EdgePlan,
  shown: SeenPeering | undefined,
  inPlace: ReadonlyMap<string, Route>,
): RouteStatus[] {
  if (wanted.table.kind !== 'known') return [];
  const { table } = wanted.table;
  const { destination, name, key } = wanted;
  const there = inPlace.get(`${key} ${routeKey({ table, destination })}`);
  const end = shown?.keys.initiator === key ? 'initiator' : 'acceptor';
  const right = there !== undefined && there.nextHop.id === shown?.peering[end].nextHop?.id;
  const side = edge.initiator === name ? 'initiator' : 'acceptor';
  const state = there === undefined ? 'missing' : right ? there.state : 'taken';
  return [{ side, network: name, table, destination, state }];
}

function peeringStatus(
  stack: StackSpec,
  { edge, initiator }: EdgePlan,
  seen: SeenPeering | undefined,
  found: Pick<ConnectionStatus, 'routes' | 'drift'>,
): ConnectionStatus {
  const base = {
    connection: edge.connection,
    declared: edge.declared,
    kind: 'peering' as const,
    networks: [edge.initiator, edge.acceptor],
    provider: initiator.provider.id,
    ...found,
  };
  if (seen === undefined) return { ...base, health: 'absent', owner: 'none' };
  const { peering } = seen;
  const health = peering.state === 'active' ? healthOfRoutes(found.routes) : traitsOf(peering.state).health;
  return {
    ...base,
    health,
    owner: ownerWord(ownerOfPeering(seen, stack.name)),
    mechanism: peering.mechanism,
    ...stateOf(peering),
  };
}

/** What the routes of an active peering make of it: all must carry traffic. */
function healthOfRoutes(routes: readonly RouteStatus[]): Health {
  const carries = routes.map(({ state }) =>
    state === 'missing' || state === 'taken' ? 'no' : routeTraits(state).carries,
  );
  if (carries.includes('no')) return 'broken';
  return carries.includes('soon') ? 'pending' : 'connected';
}

function linkStatus(
  stack: StackSpec,
  world: World,
  spec: LinkSpec,
  { inPlace, drift }: { readonly inPlace: ReadonlyMap<string, Route>; readonly drift: readonly DriftItem[] },
): ConnectionStatus {
  const network = world.networks.get(spec.network);
  const seen = network === undefined ? undefined : findLink(spec, network, world.links, stack.name);
  const link = seen?.link;
  const routes =
    network === undefined
      ? []
      : linkRoutes(spec, network, { usable: true, ...(link === undefined ? {} : { seen: link }) }).flatMap((wanted) =>
          linkRouteStatus(wanted, inPlace),
        );
  return {
    connection: spec.name,
    declared: spec.name,
    kind: 'link',
    networks: [spec.network],
    provider: network?.provider.id ?? '',
    health:
      link === undefined ? 'absent' : link.state === 'active' ? healthOfRoutes(routes) : traitsOf(link.state).health,
    owner: seen === undefined ? 'none' : ownerWord(ownerOfLink(seen, stack.name)),
    // those of the border router's own table count for the health; people are shown the network's
    routes: routes.filter(({ table }) => table !== link?.edge?.table),
    drift,
    ...(link === undefined ? {} : stateOf(link)),
  };
}

function linkRouteStatus(wanted: DesiredRoute, inPlace: ReadonlyMap<string, Route>): RouteStatus[] {
  if (wanted.table.kind !== 'known') return [];
  const { table } = wanted.table;
  const { destination, name, key, hop } = wanted;
  const there = inPlace.get(`${key} ${routeKey({ table, destination })}`);
  const right = hop?.kind === 'known' && there?.nextHop.id === hop.nextHop.id;
  const state = there === undefined ? 'missing' : right ? there.state : 'taken';
  return [{ side: 'initiator', network: name, table, destination, state }];
}

/** What the cloud says of the object itself. */
const stateOf = (made: Peering | Link): Partial<ConnectionStatus> => ({
  id: made.id,
  state: made.state,
  nativeState: made.nativeState,
  ...(made.reason === undefined ? {} : { reason: made.reason }),
  ...(made.createdAt === undefined ? {} : { createdAt: made.createdAt.toISOString() }),
  ...(made.bandwidthMbps === undefined ? {} : { bandwidthMbps: made.bandwidthMbps }),
});

/** `networkKey routeKey` → the route that is there. */
function routesInPlace(world: World): Map<string, Route> {
  const routes = new Map<string, Route>();
  for (const network of world.byKey.values())
    for (const table of network.tables)
      for (const route of table.routes) routes.set(`${network.key} ${routeKey(route)}`, route);
  return routes;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const list = groups.get(keyOf(item));
    if (list === undefined) groups.set(keyOf(item), [item]);
    else list.push(item);
  }
  return groups;
}
