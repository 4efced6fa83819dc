/**
 * Route tables and rules. Baidu's rules match on source and destination, and a rule toward a peering points at this
 * side's own interface (`qpif-…`), not at the peering. Source: docs/facts/baidu.md 3.4, checked 2026-11.
 */
import {
  cidrFamily,
  PeerwayError,
  routeTableId,
  sameRouteKey,
  isLive,
  type Call,
  type Cursor,
  type KnownHops,
  type NetworkId,
  type NextHop,
  type Page,
  type Route,
  type RouteCreate,
  type RouteDriver,
  type RouteRef,
  type RouteTable,
  type RouteTableId,
} from '@peerway/core';
import { EtGatewayApi } from './wire/api/etGateway.js';
import { PeerConnApi } from './wire/api/peerconn.js';
import type { RouteRuleRecord } from './wire/api/records.js';
import { RouteApi } from './wire/api/route.js';
import type { Send } from './wire/client.js';
import { ANY_SOURCE, NEXT_HOP_TYPES, routeOf } from './convert.js';
import type { Scope } from './scope.js';
import { isRefusal, PROVIDER } from './wire/errors.js';
import { everyItem, PAGE_SIZE } from './wire/paging.js';
import { isKnownState, peerConnState } from './states.js';

/** What the id of a thing that Peerway does not make says about its type. */
const TYPE_BY_PREFIX: Readonly<Record<string, string>> = { i: 'custom', vpn: 'vpn', nat: 'nat' };

export class BaiduRoutes implements RouteDriver {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /**
   * One request gives the table and its rules; a second one, where rules point at peerings, tells which of them lead
   * nowhere.
   */
  async tables(network: NetworkId, call: Call, hops?: KnownHops): Promise<readonly RouteTable[]> {
    const record = await this.#api(call).queryRoutingTable({ vpcId: network });
    return [
      {
        id: routeTableId(record.routeTableId),
        network,
        kind: 'main',
        name: record.name ?? '',
        routes: await this.#routes(record.routeRules, network, call, hops),
      },
    ];
  }

  async list(
    network: NetworkId,
    table: RouteTableId,
    cursor: Cursor,
    call: Call,
    hops?: KnownHops,
  ): Promise<Page<Route>> {
    const page = await this.#api(call).queryRoutingRules({ routeTableId: table, marker: cursor, maxKeys: PAGE_SIZE });
    return { ...page, items: await this.#routes(page.items, network, call, hops) };
  }

  async create(input: RouteCreate, call: Call): Promise<void> {
    await this.#api(call).createRoutingRule(
      {
        routeTableId: input.table,
        sourceAddress: input.source ?? ANY_SOURCE[cidrFamily(input.destination)],
        destinationAddress: input.destination,
        nexthopType: nextHopType(input.nextHop),
        nexthopId: input.nextHop.id,
        ...(input.description === undefined ? {} : { description: input.description }),
      },
      { clientToken: input.clientToken },
    );
  }

  async describe(route: RouteRef, description: string, call: Call): Promise<void> {
    const id = route.id ?? (await this.#find(route, call)).id;
    if (id === undefined) throw systemRoute(route);
    await this.#api(call).updateRoutingRule(id, { description });
  }

  async delete(route: RouteRef, call: Call): Promise<void> {
    // only a rule that the cloud does not number, one of its own, has no id; reading it back says so
    const id = route.id ?? (await this.#find(route, call)).id;
    if (id === undefined) throw systemRoute(route);
    try {
      await this.#api(call).deleteRoutingRule(id);
    } catch (error) {
      const refused = isRefusal(error, 'FailedPrecondition', 'InvalidArgument');
      if (refused && (await this.#find(route, call)).origin === 'system') throw systemRoute(route);
      throw error;
    }
  }

  async #find(route: RouteRef, call: Call): Promise<Route> {
    const routes = await everyItem((marker) => this.list(route.network, route.table, marker, call));
    const found = routes.find((candidate) =>
      route.id === undefined ? sameRouteKey(candidate, route) : candidate.id === route.id,
    );
    if (found !== undefined) return found;
    throw new PeerwayError('NotFound', `${route.table} has no route to ${route.destination}`, { provider: PROVIDER });
  }

  async #routes(
    rules: readonly RouteRuleRecord[],
    network: NetworkId,
    call: Call,
    hops: KnownHops = new Map(),
  ): Promise<Route[]> {
    const living = await this.#living(rules, network, call, hops);
    return rules.map((rule) => routeOf(rule, network, living));
  }

  /**
   * Rules carry no status, so the ids that traffic can still go to are read from the VPC's peerings and gateways; only
   * those kinds are asked for that a rule points at without the caller's knowing what it is.
   */
  async #living(
    rules: readonly RouteRuleRecord[],
    network: NetworkId,
    call: Call,
    hops: KnownHops,
  ): Promise<ReadonlySet<string>> {
    if (hops === 'irrelevant') return new Set(rules.flatMap(({ nexthopId }) => nexthopId ?? []));
    const send: Send = (request) => this.#scope.client.send(request, call);
    const pointsAt = (type: string): boolean =>
      rules.some(({ nexthopType, nexthopId }) => nexthopType === type && !hops.has(nexthopId ?? ''));
    const living = new Set([...hops].flatMap(([id, { live }]) => (live ? [id] : [])));
    if (pointsAt(NEXT_HOP_TYPES.peering)) {
      const api = new PeerConnApi(send);
      const sides = await everyItem((marker) => api.listPeerConn({ vpcId: network, marker, maxKeys: PAGE_SIZE }));
      for (const { localIfId, status } of sides) {
        // a state that nobody knows is no proof that the peering is dead
        if (localIfId !== undefined && (!isKnownState(status) || isLive(peerConnState(status).state))) {
          living.add(localIfId);
        }
      }
    }
    if (pointsAt(NEXT_HOP_TYPES.link)) {
      const api = new EtGatewayApi(send);
      const gateways = await everyItem((marker) => api.listEtGateway({ vpcId: network, marker, maxKeys: PAGE_SIZE }));
      for (const { etGatewayId, etId } of gateways)
        if (typeof etId === 'string' && etId !== '') living.add(etGatewayId);
    }
    return living;
  }

  #api(call: Call): RouteApi {
    return new RouteApi((request) => this.#scope.client.send(request, call));
  }
}

/** @throws PeerwayError `InvalidArgument` for an id that the cloud would take for something else */
function nextHopType(nextHop: NextHop): string {
  const prefix = nextHop.id.slice(0, Math.max(0, nextHop.id.indexOf('-')));
  switch (nextHop.kind) {
    case 'peering':
      if (prefix === 'qpif') return NEXT_HOP_TYPES.peering;
      throw wrongHop(nextHop, "the next hop toward a peering is this side's own interface, qpif-…");
    case 'link':
      if (prefix === 'dcgw') return NEXT_HOP_TYPES.link;
      throw wrongHop(nextHop, 'the next hop toward a line is its dedicated gateway, dcgw-…');
    case 'other': {
      const type = TYPE_BY_PREFIX[prefix];
      if (type !== undefined) return type;
      throw wrongHop(
        nextHop,
        `its type cannot be told from the id; known are ${Object.keys(TYPE_BY_PREFIX).join('-…, ')}-…`,
      );
    }
  }
}

const wrongHop = (nextHop: NextHop, why: string): PeerwayError =>
  new PeerwayError('InvalidArgument', `${nextHop.id} is not a next hop of kind ${nextHop.kind}: ${why}`, {
    provider: PROVIDER,
    remedy: "Take nextHop from the peering's or link's own reading.",
  });

const systemRoute = (route: RouteRef): PeerwayError =>
  new PeerwayError('PermissionDenied', `The route to ${route.destination} in ${route.table} is the cloud's own`, {
    provider: PROVIDER,
    remedy: 'Routes of the VPC itself cannot be deleted.',
  });
