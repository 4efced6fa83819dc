/** Every answer of Vpc 2016-04-28, member by member and type by type, against the classes of the vendor's TypeScript SDK. */
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { interfaceOf, port } from './alibabaInterfaces.js';
import { add, peering, settle } from './alibabaRoutes.js';
import { at, data, emulator, emulatorPerFile, REGION, vpc, web } from './alibabaWire.js';

emulatorPerFile(25);

/** What the SDK generates for an object: wire names by member, and the type of each member. */
interface Model {
  names(): Readonly<Record<string, string>>;
  types(): Readonly<Record<string, unknown>>;
}
const sdk = createRequire(import.meta.url)('@alicloud/vpc20160428') as Readonly<Record<string, Model | undefined>>;

/** Where an answer and a class differ: what the class lacks, and what has another type. */
function differences(value: unknown, type: unknown, path: string): readonly string[] {
  if (value === null || value === undefined) return [];
  if (typeof type === 'object' && type !== null) {
    const { itemType } = type as { readonly itemType?: unknown };
    if (!Array.isArray(value)) return [`${path}: not a list`];
    return value.flatMap((item) => differences(item, itemType, `${path}[]`));
  }
  if (type === undefined || type === 'any') return [];
  // pop-core reads what a double cannot hold as text
  if (type === 'number' && typeof value === 'string' && /^\d{16,}$/.test(value)) return [];
  if (typeof type === 'string') return typeof value === type ? [] : [`${path}: ${typeof value}, not ${type}`];
  const model = type as Model;
  const members = new Map(Object.entries(model.names()).map(([member, name]) => [name, model.types()[member]]));
  return Object.entries(value).flatMap(([name, inner]) =>
    members.has(name) ? differences(inner, members.get(name), `${path}.${name}`) : [`${path}.${name}: not in the SDK`],
  );
}

const modelOf = (action: string): Model | undefined =>
  Object.entries(sdk).find(([name]) => name.toLowerCase() === `${action}ResponseBody`.toLowerCase())?.[1];

describe('answers of Vpc', () => {
  it('have only members that the SDK knows, of the types that it knows', async () => {
    const found = new Set<string>();
    const seen = new Set<string>();
    const call = async (action: string, params: object = {}) => {
      const answer = await vpc(action, params);
      seen.add(action);
      for (const one of differences(answer, modelOf(action), action)) found.add(one);
      return answer;
    };
    const zone = `${REGION}-b`;
    const { VpcId } = await call('CreateVpc', { CidrBlock: '172.16.0.0/12', EnableIpv6: true, 'Tag.1.Key': 'k' });
    settle();
    const { VSwitchId } = await call('CreateVSwitch', { VpcId, CidrBlock: '172.16.1.0/24', ZoneId: zone });
    settle();
    const { RouteTableId } = await call('CreateRouteTable', { VpcId });
    await call('AssociateRouteTable', { RouteTableId, VSwitchId });
    settle();
    await call('TagResources', { ResourceType: 'VPC', 'ResourceId.1': VpcId, 'Tag.1.Key': 'a', 'Tag.1.Value': 'b' });
    await call('ListTagResources', { ResourceType: 'VPC', 'ResourceId.1': VpcId });
    const peer = await peering();
    await add('10.200.0.0/16', peer);
    settle();
    for (const action of [
      'DescribeVpcs',
      'DescribeVSwitches',
      'DescribeVRouters',
      'DescribeRegions',
      'DescribeRouteTableList',
    ])
      await call(action);
    await call('DescribeVpcAttribute', { VpcId });
    await call('DescribeRouteTables', { RouteTableId: web.routeTable });
    await call('DescribeRouteEntryList', { RouteTableId: web.routeTable });
    const entries = [{ DstCidrBlock: '10.201.0.0/16', NextHop: peer, NextHopType: 'VpcPeer' }, { DstCidrBlock: '10.201.0.0/16', NextHop: 'pcc-x', NextHopType: 'VpcPeer' }]; // prettier-ignore
    const batch = Object.fromEntries(
      entries.flatMap((entry, index) =>
        Object.entries({ ...entry, RouteTableId: web.routeTable }).map(([name, value]) => [
          `RouteEntries.${String(index + 1)}.${name}`,
          value,
        ]),
      ),
    );
    await call('CreateRouteEntries', batch);
    settle();
    await call(
      'DeleteRouteEntries',
      Object.fromEntries(Object.entries(batch).filter(([name]) => !name.endsWith('Type'))),
    );
    settle();
    const { VbrId } = await call('CreateVirtualBorderRouter', {
      PhysicalConnectionId: port.id, VlanId: 30, LocalGatewayIp: '10.255.0.1', PeerGatewayIp: '10.255.0.2',
      PeeringSubnetMask: '255.255.255.252', Mtu: 1500, Bandwidth: 100,
    }); // prettier-ignore
    await call('DescribeVirtualBorderRouters');
    await call('DescribePhysicalConnections');
    const side = await interfaceOf({ router: String(VbrId), region: REGION }, data, 'InitiatingSide', {
      RouterType: 'VBR',
      AccessPointId: port.accessPoint,
      Name: 'side',
    });
    await call('ModifyRouterInterfaceAttribute', { RouterInterfaceId: side, HcRate: 2000, HcThreshold: 8 });
    await call('ModifyRouterInterfaceSpec', { RouterInterfaceId: side, Spec: 'Large.1' });
    await call('DescribeRouterInterfaces');
    await call('DescribeRouterInterfaceAttribute', { InstanceId: side });
    await call('DeleteRouterInterface', { RouterInterfaceId: side });
    await call('DeleteVirtualBorderRouter', { VbrId });
    await call('UnassociateRouteTable', { RouteTableId, VSwitchId });
    settle();
    await call('UnTagResources', { ResourceType: 'VPC', 'ResourceId.1': VpcId, All: true });
    await call('DeleteRouteTable', { RouteTableId });
    await call('DeleteVSwitch', { VSwitchId });
    await call('DeleteVpc', { VpcId });
    expect([...seen].filter((action) => modelOf(action) === undefined)).toEqual([]);
    expect([...found].sort()).toEqual([]);
    expect(at(await vpc('DescribeVpcs', { VpcId }), 'TotalCount')).toBe(0);
    expect(emulator.crashes).toEqual([]);
  });
});
