/** Brings a VPC into being with its router, its system route table and the service's own route. */
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
