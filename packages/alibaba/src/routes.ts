/**
 * Route tables and route entries. One route goes by CreateRouteEntry and DeleteRouteEntry, several by the batch calls, whose
 * partial failures come inside HTTP 200 (docs/facts/alibaba.md 3.2).
 */
import {
  PeerwayError,
  readEach,
  type Call,
  type Cursor,
  type KnownHops,
  type ItemOutcome,
  type NetworkId,
  type Page,
  type Route,
  type RouteCreate,
  type RouteDriver,
  type RouteRef,
  type RouteTable,
  type RouteTableId,
  type Unreadable,
} from '@peerway/core';
import type { FailedRouteEntry, RouteBatchAnswer, RouteEntry } from './wire/api/network.js';
import { batchEntry, nextHopType, routeOf, routeTableOf } from './convert.js';
import { unexpectedAnswer } from './wire/answers.js';
import { fromNative, PROVIDER } from './wire/errors.js';
import { ENTRIES_PER_PAGE, everyPage, nextToken } from './wire/paging.js';
import type { Scope } from './scope.js';

/** Most values of one filter (docs/facts/alibaba.md 1.4). */
const FILTER_VALUES = 5;

/** A route is deleted by its table, so that an entry of another one must not pass for one of this. */
function requireTable(table: RouteTableId, entries: readonly RouteEntry[], requestId: string): void {
  const other = entries.find(({ RouteTableId }) => RouteTableId !== table);
  if (other === undefined) return;
  const answered = { operation: 'DescribeRouteEntryList', mutating: false, requestId };
  throw unexpectedAnswer(answered, `it holds an entry of another table than ${table}`);
}

export class AlibabaRoutes implements RouteDriver {
  readonly #scope: Scope;
  /** Router interfaces that routes point at: whether each belongs to a link. */
  readonly #linkHops = new Map<string, boolean>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  async tables(network: NetworkId, call: Call): Promise<readonly RouteTable[]> {
    const { client, region } = this.#scope;
    const items = await everyPage('DescribeRouteTableList', async (page) => {
      const request = { RegionId: region, RouterType: 'VRouter' as const, VpcId: network, ...page };
      const answer = await client.vpc('DescribeRouteTableList', request, call);
      return { answer, items: answer.RouterTableList.RouterTableListType };
    });
    if (items.length === 0) {
      // every VPC has a system table, so no table means no VPC
      throw new PeerwayError('NotFound', `The network ${network} has no route table in ${region}`, {
        provider: PROVIDER,
        resource: network,
        nativeOperation: 'DescribeRouteTableList',
      });
    }
    const tables = items.map((item) => routeTableOf(item, network));
    return [...tables.filter((table) => table.kind === 'main'), ...tables.filter((table) => table.kind !== 'main')];
  }

  async list(
    network: NetworkId,
    table: RouteTableId,
    cursor: Cursor,
    call: Call,
    hops: KnownHops = new Map(),
  ): Promise<Page<Route>> {
    const { client, region } = this.#scope;
    const answer = await client.vpc(
      'DescribeRouteEntryList',
      {
        RegionId: region,
        RouteTableId: table,
        MaxResult: ENTRIES_PER_PAGE,
        ...(cursor === undefined ? {} : { NextToken: cursor }),
      },
      call,
    );
    const entries = answer.RouteEntrys.RouteEntry;
    requireTable(table, entries, answer.RequestId);
    if (hops !== 'irrelevant') {
      for (const [id, { kind }] of hops) this.#linkHops.set(id, kind === 'link');
      await this.#learnHops(entries, call);
    }
    const read = (entry: RouteEntry): Route => routeOf(entry, network, (hop) => this.#linkHops.get(hop) ?? true);
    const about = (entry: RouteEntry): Omit<Unreadable, 'error'> => ({
      id: entry.RouteEntryId ?? entry.DestinationCidrBlock,
      networks: [network],
      description: entry.Description ?? '',
      tags: {},
    });
    return {
      ...readEach(entries, read, about),
      ...nextToken('DescribeRouteEntryList', cursor, answer, entries.length),
    };
  }

  /**
   * A route says that it points at a router interface, and not whether that belongs to a link or to a pair of networks. What an
   * interface was made for never changes, so each is asked about once; one that no listing shows is a border router's hidden one.
   */
  async #learnHops(entries: readonly RouteEntry[], call: Call): Promise<void> {
    const { client, region } = this.#scope;
    const unknown = new Set<string>();
    for (const { NextHopId: id, NextHopType: type } of entries.flatMap((entry) => entry.NextHops?.NextHop ?? [])) {
      if (type === 'RouterInterface' && id !== undefined && !this.#linkHops.has(id)) unknown.add(id);
    }
    const ids = [...unknown];
    for (let at = 0; at < ids.length; at += FILTER_VALUES) {
      const Value = ids.slice(at, at + FILTER_VALUES);
      const request = { RegionId: region, Filter: [{ Key: 'RouterInterfaceId', Value }] };
      const answer = await client.vpc('DescribeRouterInterfaces', request, call);
      for (const half of answer.RouterInterfaceSet.RouterInterfaceType) {
        this.#linkHops.set(half.RouterInterfaceId, half.RouterType === 'VBR' || half.OppositeRouterType === 'VBR');
      }
    }
  }

  async create(input: RouteCreate, call: Call): Promise<void> {
    const { client, region } = this.#scope;
    await client.vpc(
      'CreateRouteEntry',
      {
        RegionId: region,
        RouteTableId: input.table,
        DestinationCidrBlock: input.destination,
        NextHopType: nextHopType(input.nextHop),
        NextHopId: input.nextHop.id,
        ...(input.description === undefined ? {} : { Description: input.description }),
        ClientToken: input.clientToken,
      },
      call,
    );
  }

  async createMany(inputs: readonly RouteCreate[], call: Call): Promise<readonly ItemOutcome[]> {
    const [only] = inputs;
    if (inputs.length === 1 && only !== undefined) return single(this.create(only, call));
    const { client, region } = this.#scope;
    const request = { RegionId: region, RouteEntries: inputs.map(batchEntry) };
    const answer = await client.vpc('CreateRouteEntries', request, call);
    return outcomes('CreateRouteEntries', inputs, answer);
  }

  async describe(route: RouteRef, description: string, call: Call): Promise<void> {
    const { client, region } = this.#scope;
    const which =
      route.id === undefined
        ? { RouteTableId: route.table, DestinationCidrBlock: route.destination }
        : { RouteEntryId: route.id };
    await client.vpc('ModifyRouteEntry', { RegionId: region, ...which, Description: description }, call);
  }

  async delete(route: RouteRef, call: Call): Promise<void> {
    const { client, region } = this.#scope;
    const which =
      route.id === undefined
        ? { RouteTableId: route.table, DestinationCidrBlock: route.destination, NextHopId: route.nextHop.id }
        : { RouteEntryId: route.id };
    await client.vpc('DeleteRouteEntry', { RegionId: region, ...which }, call);
  }

  async deleteMany(routes: readonly RouteRef[], call: Call): Promise<readonly ItemOutcome[]> {
    const [only] = routes;
    if (routes.length === 1 && only !== undefined) return single(this.delete(only, call));
    const { client, region } = this.#scope;
    const entries = routes.map((route) => ({
      RouteTableId: route.table,
      ...(route.id === undefined
        ? { DstCidrBlock: route.destination, NextHop: route.nextHop.id }
        : { RouteEntryId: route.id }),
    }));
    const answer = await client.vpc('DeleteRouteEntries', { RegionId: region, RouteEntries: entries }, call);
    return outcomes('DeleteRouteEntries', routes, answer);
  }
}

/** A batch of one: what the cloud says about the route is an outcome; what hit the request as a whole is thrown. */
async function single(work: Promise<void>): Promise<readonly ItemOutcome[]> {
  try {
    await work;
    return [{ ok: true }];
  } catch (thrown) {
    if (!(thrown instanceof PeerwayError) || thrown.details.nativeCode === undefined) throw thrown;
    if (thrown.details.outcome === 'unknown' || thrown.retry === 'backoff' || thrown.retry === 'once') throw thrown;
    return [{ ok: false, error: thrown }];
  }
}

/** Failed entries are named by destination (and next hop, or entry id); the rest of the batch went through. */
function outcomes(
  operation: string,
  items: readonly RouteRef[] | readonly RouteCreate[],
  answer: RouteBatchAnswer,
): ItemOutcome[] {
  const failures = [...(answer.FailedRouteEntries ?? [])];
  const result = items.map((item): ItemOutcome => {
    const at = failures.findIndex((failure) => concerns(failure, item));
    const [failed] = at < 0 ? [] : failures.splice(at, 1);
    return failed === undefined ? { ok: true } : { ok: false, error: failureOf(operation, failed, answer.RequestId) };
  });
  const placed = result.filter((outcome) => !outcome.ok).length;
  const notCounted = answer.SuccessCount === undefined ? 0 : items.length - Number(answer.SuccessCount);
  const failed = Math.max(Number(answer.FailedCount ?? 0), notCounted);
  if (failures.length > 0 || failed > placed) {
    // failures that fit none of our items, or are only counted: nothing may pass for done
    const count = Math.max(placed + failures.length, failed);
    const error = new PeerwayError('Unknown', `${operation} reports ${count} failures and does not say which`, {
      provider: PROVIDER,
      nativeOperation: operation,
      requestId: answer.RequestId,
      outcome: 'unknown',
    });
    return result.map((outcome) => (outcome.ok ? { ok: false, error } : outcome));
  }
  return result;
}

function concerns(failure: FailedRouteEntry, item: RouteRef | RouteCreate): boolean {
  const id = 'id' in item ? item.id : undefined;
  if (failure.RouteEntryId !== undefined && failure.RouteEntryId !== '' && id !== undefined)
    return failure.RouteEntryId === id;
  if (failure.DstCidrBlock !== item.destination) return false;
  return failure.NextHop === undefined || failure.NextHop === '' || failure.NextHop === item.nextHop.id;
}

const failureOf = (operation: string, failed: FailedRouteEntry, requestId: string): PeerwayError =>
  fromNative({
    operation,
    mutating: true,
    ...(failed.FailedCode === undefined ? {} : { nativeCode: failed.FailedCode }),
    requestId,
    ...(failed.FailedMessage === undefined ? {} : { message: failed.FailedMessage }),
  });
