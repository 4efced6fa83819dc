/** What is put into the Alibaba side without an API call: VPCs, and the lines and resource groups that only people make. */
import { parseRange } from '../../machine/cidr.js';
import { demandFree } from '../../machine/table.js';
import type { NetworkSeed, PortSeed, ResourceGroupSeed, SeededNetwork } from '../../machine/world.js';
import { isRegion } from '../regions.js';
import type { AlibabaState } from '../state.js';
import { storeVpc } from './newVpc.js';

function demandRegion(region: string): void {
  if (!isRegion(region)) throw new RangeError(`there is no region ${region}`);
}

/** Throws a RangeError for what the cloud could not hold, and for an id that is taken. */
export function seedVpc(state: AlibabaState, seed: NetworkSeed): SeededNetwork {
  demandRegion(seed.region);
  demandFree(state.vpcs, seed.id, 'VPC');
  demandFree(state.routeTables, seed.routeTable, 'route table');
  if (seed.router !== undefined && state.vpcs.find(({ router }) => router === seed.router) !== undefined)
    throw new RangeError(`there is a router ${seed.router} already`);
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

/** Throws a RangeError for a region that the cloud does not have, and for an id that is taken. */
export function seedPort(state: AlibabaState, { account, region, id, name, accessPoint }: PortSeed): void {
  demandRegion(region);
  demandFree(state.ports, id, 'line');
  const createdAt = state.services.clock.now();
  state.ports.put({ account, region, id, name, accessPoint, status: 'Enabled', createdAt });
}

/** Throws a RangeError for an id that is taken. */
export function seedResourceGroup(state: AlibabaState, { account, id, name }: ResourceGroupSeed): void {
  demandFree(state.resourceGroups, id, 'resource group');
  state.resourceGroups.put({ account, id, name, displayName: name, createdAt: state.services.clock.now() });
}
