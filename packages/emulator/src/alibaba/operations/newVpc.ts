/** Brings a VPC into being with its router, its system route table and the service's own route. */
import { parseRange } from '../../machine/cidr.js';
import type { NetworkSeed, SeededNetwork } from '../../machine/world.js';
import type { VpcRecord } from '../records.js';
import type { AlibabaState } from '../state.js';

type NewVpc = Omit<VpcRecord, 'id' | 'router'> & {
  readonly id?: string;
  readonly router?: string;
  readonly routeTable?: string;
};

export function storeVpc(
  state: AlibabaState,
  wanted: NewVpc,
): { readonly vpc: VpcRecord; readonly routeTable: string } {
  const { routeTable = state.vpcId('vtb', wanted.region), ...rest } = wanted;
  const { account, region, createdAt } = wanted;
  const vpc = state.vpcs.put({
    ...rest,
    id: wanted.id ?? state.vpcId('vpc', region),
    router: wanted.router ?? state.vpcId('vrt', region),
  });
  state.routeTables.put({
    id: routeTable,
    account,
    region,
    router: vpc.router,
    routerType: 'VRouter',
    scope: vpc.id,
    type: 'System',
    name: '',
    description: '',
    createdAt,
  });
  storeSystemRoute(state, {
    account,
    region,
    table: routeTable,
    scope: vpc.id,
    destination: '100.64.0.0/10',
    hop: 'service',
  });
  return { vpc, routeTable };
}

export function storeSystemRoute(
  state: AlibabaState,
  route: {
    readonly account: string;
    readonly region: string;
    readonly table: string;
    readonly scope: string;
    readonly destination: string;
    readonly hop: 'service' | 'local';
  },
): void {
  const { hop, ...place } = route;
  state.routes.put({
    ...place,
    id: state.vpcId('rte', route.region),
    status: 'Available',
    ipVersion: route.destination.includes(':') ? 'ipv6' : 'ipv4',
    nextHops: [{ type: hop, id: '' }],
    name: '',
    description: '',
    type: 'System',
    modifiedAt: state.services.clock.now(),
  });
}

/** What `World.network` does on Alibaba; a malformed range throws a RangeError. */
export function seedVpc(state: AlibabaState, seed: NetworkSeed): SeededNetwork {
  for (const text of seed.cidrs) if (parseRange(text) === undefined) throw new RangeError(`not a range: ${text}`);
  const v4 = seed.cidrs.filter((text) => !text.includes(':'));
  const [cidr, ...secondaryCidrs] = v4;
  if (cidr === undefined) throw new RangeError('a VPC needs an IPv4 range');
  const { vpc, routeTable } = storeVpc(state, {
    account: seed.account,
    region: seed.region,
    status: 'Available',
    name: seed.name ?? '',
    description: '',
    cidr,
    secondaryCidrs,
    userCidrs: [],
    ipv6Cidr: seed.cidrs.find((text) => text.includes(':')) ?? '',
    resourceGroup: '',
    createdAt: state.services.clock.now(),
    seeded: true,
    ...(seed.id === undefined ? {} : { id: seed.id }),
    ...(seed.router === undefined ? {} : { router: seed.router }),
    ...(seed.routeTable === undefined ? {} : { routeTable: seed.routeTable }),
  });
  return { id: vpc.id, routeTable, router: vpc.router };
}
