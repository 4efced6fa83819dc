/**
 * Route tables and routes. A route has no id, no description and no tags; its destination names it in its table. Source: API reference
 * of DescribeRouteTables, CreateRoute and DeleteRoute, checked 2026-11.
 */
import {
  cidrFamily,
  isPrefix,
  PeerwayError,
  type Call,
  type Cursor,
  type NetworkId,
  type NextHop,
  type Page,
  type Route,
  type RouteCreate,
  type RouteDestination,
  type RouteDriver,
  type RouteRef,
  type RouteTable,
  type RouteTableId,
} from '@peerway/core';
import { routesOf, tableOf } from './convert.js';
import type { Scope } from './scope.js';
import { PROVIDER } from './wire/errors.js';
import { everyItem, nextOf, TABLES_PAGE_SIZE } from './wire/paging.js';

/** Which member of a request names a target, by what its id begins with. */
const TARGET_BY_PREFIX: Readonly<Record<string, string>> = {
  pcx: 'VpcPeeringConnectionId',
  igw: 'GatewayId',
  vgw: 'GatewayId',
  nat: 'NatGatewayId',
  tgw: 'TransitGatewayId',
  eni: 'NetworkInterfaceId',
  i: 'InstanceId',
  eigw: 'EgressOnlyInternetGatewayId',
  vpce: 'VpcEndpointId',
};

export class AwsRoutes implements RouteDriver {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** One request gives every table with its routes. A VPC always has its main table. */
  async tables(network: NetworkId, call: Call): Promise<readonly RouteTable[]> {
    const records = await everyItem(async (token) => {
      const page = await this.#scope.client.send(
        'DescribeRouteTables',
        {
          Filters: [{ Name: 'vpc-id', Values: [network] }],
          MaxResults: TABLES_PAGE_SIZE,
          NextToken: token,
        },
        call,
      );
      return { items: page.RouteTables, ...nextOf(page) };
    });
    const tables = records.filter(({ VpcId }) => VpcId === network).map(tableOf);
    if (tables.length === 0) throw missing(`There is no VPC ${network}, or it has no route table`);
    return tables.sort((a, b) => rank(a) - rank(b));
  }

  async list(network: NetworkId, table: RouteTableId, _cursor: Cursor, call: Call): Promise<Page<Route>> {
    const { RouteTables } = await this.#scope.client.send('DescribeRouteTables', { RouteTableIds: [table] }, call);
    const record = RouteTables.find(({ RouteTableId, VpcId }) => RouteTableId === table && VpcId === network);
    if (record === undefined) throw missing(`The VPC ${network} has no route table ${table}`);
    return routesOf(record);
  }

  async create({ table, destination, nextHop }: RouteCreate, call: Call): Promise<void> {
    await this.#scope.client.send(
      'CreateRoute',
      { RouteTableId: table, ...named(destination), [targetOf(nextHop)]: nextHop.id },
      call,
    );
  }

  async delete({ table, destination, origin = 'custom' }: RouteRef, call: Call): Promise<void> {
    if (origin !== 'custom')
      throw new PeerwayError('PermissionDenied', `The route to ${destination} in ${table} is the cloud's own`, {
        provider: PROVIDER,
        remedy: 'Routes of the VPC itself, and what is propagated into it, cannot be deleted.',
      });
    await this.#scope.client.send('DeleteRoute', { RouteTableId: table, ...named(destination) }, call);
  }
}

const rank = ({ kind }: RouteTable): number => (kind === 'main' ? 0 : 1);

const missing = (what: string): PeerwayError =>
  new PeerwayError('NotFound', what, {
    provider: PROVIDER,
    nativeOperation: 'DescribeRouteTables',
    remedy: 'Check the id, the region and the account of the provider entry.',
  });

/** The member of a request that names a destination. */
const named = (destination: RouteDestination): object => {
  if (!isPrefix(destination)) return { DestinationPrefixListId: destination };
  return cidrFamily(destination) === 6
    ? { DestinationIpv6CidrBlock: destination }
    : { DestinationCidrBlock: destination };
};

/** @throws PeerwayError `InvalidArgument` for an id that names no target that is known, or another kind than it is said to be */
function targetOf({ kind, id }: NextHop): string {
  const target = TARGET_BY_PREFIX[id.slice(0, Math.max(0, id.indexOf('-')))];
  if (target !== undefined && kind !== 'link' && (kind === 'peering') === (target === 'VpcPeeringConnectionId'))
    return target;
  throw new PeerwayError('InvalidArgument', `${id} is not a next hop of kind ${kind}`, {
    provider: PROVIDER,
    remedy: "Take nextHop from the peering's own reading; a peering's begins with pcx-.",
  });
}
