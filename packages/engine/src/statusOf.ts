/** Status: every declared connection and link as it stands now, and what is missing on which side; the diff's own findings, without its steps. */
import {
  routeKey,
  routeTraits,
  traitsOf,
  type LifecycleState,
  type LinkId,
  type PeeringId,
  type PeeringSide,
  type Route,
  type RouteState,
} from '@peerway/core';
import type { Problem } from './plan/plan.js';
import { buildPlan } from './buildPlan.js';
import { desiredRoutes } from './diff/desiredRoutes.js';
import { findLink, ownerOfLink } from './world/linkFacts.js';
import { diffPeerings } from './diff/peerings.js';
import { PlanDraft } from './diff/planDraft.js';
import type { DriftItem } from './plan/driftKinds.js';
import type { SeenNetwork, SeenPeering, World } from './world/observe.js';
import { ownerOfPeering } from './world/peeringFacts.js';
import type { Owner } from './world/ownership.js';
import type { StackSpec } from './declaration/stack.js';
import { pairKey, type Edge, type Topology } from './declaration/topology.js';

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
  const driftOf = new Map<string, DriftItem[]>();
  for (const item of plan.drift) {
    const list = driftOf.get(item.connection);
    if (list === undefined) driftOf.set(item.connection, [item]);
    else list.push(item);
  }
  const peerings = diffPeerings(
    { stack, world, edges: topology.edges, mode: 'apply', prune: 'sync', automatic: new Set(), targeted: () => true },
    new PlanDraft(),
  );
  const initiators = new Map(topology.edges.map((edge) => [edge.connection, edge.initiator]));
  const inPlace = new Map<string, Route>();
  for (const network of world.byKey.values())
    for (const table of network.tables)
      for (const route of table.routes) inPlace.set(`${network.key} ${routeKey(route)}`, route);
  const routes = new Map<string, RouteStatus[]>();
  for (const wanted of desiredRoutes(peerings.edges)) {
    if (wanted.table.kind !== 'known') continue;
    const { table } = wanted.table;
    const there = inPlace.get(`${wanted.key} ${routeKey({ table, destination: wanted.destination })}`);
    const right = there !== undefined && wanted.hop?.kind === 'known' && wanted.hop.nextHop.id === there.nextHop.id;
    const item: RouteStatus = {
      side: initiators.get(wanted.connection) === wanted.name ? 'initiator' : 'acceptor',
      network: wanted.name,
      table,
      destination: wanted.destination,
      state: there === undefined ? 'missing' : right ? there.state : 'taken',
    };
    const list = routes.get(wanted.connection);
    if (list === undefined) routes.set(wanted.connection, [item]);
    else list.push(item);
  }
  const connections: ConnectionStatus[] = [];
  for (const edge of topology.edges) {
    const [a, b] = [world.networks.get(edge.initiator), world.networks.get(edge.acceptor)];
    if (a === undefined || b === undefined) continue;
    connections.push(
      ofEdge(
        stack,
        edge,
        a,
        world.pairs.get(pairKey(a.key, b.key)) ?? [],
        routes.get(edge.connection) ?? [],
        driftOf.get(edge.connection) ?? [],
      ),
    );
  }
  for (const link of stack.links) {
    const network = world.networks.get(link.network);
    const seen = network === undefined ? undefined : findLink(link, network, world.links, stack.name);
    const drift = driftOf.get(link.name) ?? [];
    const state = seen?.link.state;
    connections.push({
      connection: link.name,
      declared: link.name,
      kind: 'link',
      networks: [link.network],
      provider: network?.provider.id ?? '',
      health:
        state === undefined ? 'absent' : state === 'active' && drift.length > 0 ? 'broken' : traitsOf(state).health,
      owner: seen === undefined ? 'none' : ownerWord(ownerOfLink(seen, stack.name)),
      routes: linkRoutes(network, link.destinations, seen?.link.nextHop?.id),
      drift,
      ...(seen === undefined ? {} : { id: seen.link.id, state: seen.link.state, nativeState: seen.link.nativeState }),
      ...(seen?.link.reason === undefined ? {} : { reason: seen.link.reason }),
      ...createdAt(seen?.link),
      ...(seen?.link.bandwidthMbps === undefined ? {} : { bandwidthMbps: seen.link.bandwidthMbps }),
    });
  }
  return {
    version: 1,
    stack: stack.name,
    connections,
    problems: plan.problems,
    undeclared: plan.drift.filter((item) => UNDECLARED.has(item.kind)),
  };
}

function ofEdge(
  stack: StackSpec,
  edge: Edge,
  initiator: SeenNetwork,
  found: readonly SeenPeering[],
  routes: readonly RouteStatus[],
  drift: readonly DriftItem[],
): ConnectionStatus {
  const isOurs = (seen: SeenPeering): boolean => ownerWord(ownerOfPeering(seen, stack.name)) === 'ours';
  const seen = found.find((one) => isOurs(one) && one.peering.state === 'active') ?? found.find(isOurs) ?? found[0];
  const { peering } = seen ?? {};
  const base = {
    connection: edge.connection,
    declared: edge.declared,
    kind: 'peering' as const,
    networks: [edge.initiator, edge.acceptor],
    provider: initiator.provider.id,
    routes,
    drift,
  };
  if (seen === undefined || peering === undefined) return { ...base, health: 'absent', owner: 'none' };
  const health = peering.state === 'active' ? healthOfRoutes(routes) : traitsOf(peering.state).health;
  return {
    ...base,
    health,
    owner: ownerWord(ownerOfPeering(seen, stack.name)),
    id: peering.id,
    mechanism: peering.mechanism,
    state: peering.state,
    nativeState: peering.nativeState,
    ...(peering.reason === undefined ? {} : { reason: peering.reason }),
    ...createdAt(peering),
    ...(peering.bandwidthMbps === undefined ? {} : { bandwidthMbps: peering.bandwidthMbps }),
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

const createdAt = (made: { readonly createdAt?: Date } | undefined): Pick<ConnectionStatus, 'createdAt'> =>
  made?.createdAt === undefined ? {} : { createdAt: made.createdAt.toISOString() };

function linkRoutes(
  network: SeenNetwork | undefined,
  destinations: readonly string[],
  hop: string | undefined,
): RouteStatus[] {
  if (network === undefined) return [];
  return network.tables
    .filter((table) => table.kind !== 'edge')
    .flatMap((table) =>
      destinations.map((destination): RouteStatus => {
        const there = table.routes.find((route) => routeKey(route) === `${table.id} ${destination} *`);
        const state = there === undefined ? 'missing' : there.nextHop.id === hop ? there.state : 'taken';
        return { side: 'initiator', network: network.name, table: table.id, destination, state };
      }),
    );
}
