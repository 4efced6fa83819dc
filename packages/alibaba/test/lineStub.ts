/** One line: its border router, the two interfaces that join it to a network, and a stub of the service that lists them as it does. */
import { linkId, networkId, portId, type LinkCreate } from '@peerway/core';
import { OWN, Stub, type Said } from './stub.js';

export const RegionId = 'cn-hangzhou';
type Row = Readonly<Record<string, unknown>>;
export type Half = Row & { readonly RouterInterfaceId: string };

export const VBR: Row & { readonly VbrId: string } = {
  VbrId: 'vbr-1',
  Status: 'active',
  Name: 'line',
  VlanId: 30,
  PhysicalConnectionId: 'pc-1',
  AccessPointId: 'ap-1',
  LocalGatewayIp: '10.255.0.1',
  PeerGatewayIp: '10.255.0.2',
  PeeringSubnetMask: '255.255.255.252',
  RouteTableId: 'vtb-v',
  VlanInterfaceId: 'ri-v',
  CircuitCode: 'cc-1',
};
export const EDGE: Half = {
  RouterInterfaceId: 'ri-e',
  RouterId: 'vbr-1',
  RouterType: 'VBR',
  Role: 'InitiatingSide',
  Spec: 'Middle.1',
  Status: 'Active',
  OppositeRegionId: RegionId,
  OppositeRouterType: 'VRouter',
  OppositeRouterId: 'vrt-1',
  OppositeInterfaceId: 'ri-n',
  OppositeVpcInstanceId: 'vpc-1',
};
export const NETWORK: Half = {
  RouterInterfaceId: 'ri-n',
  RouterId: 'vrt-1',
  RouterType: 'VRouter',
  Role: 'AcceptingSide',
  Spec: 'Negative',
  Status: 'Active',
  VpcInstanceId: 'vpc-1',
  OppositeRegionId: RegionId,
  OppositeRouterType: 'VBR',
  OppositeRouterId: 'vbr-1',
  OppositeInterfaceId: 'ri-e',
};
export const as = (half: Half, Status: string, more: object = {}): Half => ({ ...half, Status, ...more });

const fitting = (asked: Record<string, string>, rows: readonly Row[]): readonly Row[] => {
  const key = asked['Filter.1.Key'];
  return rows.filter((row) => key === undefined || row[key] === asked['Filter.1.Value.1']);
};

/** A driver over these border routers and interfaces, and what else is answered. The test closes it. */
export function linesOver(
  routers: readonly Row[],
  halves: readonly Half[],
  answers: Readonly<Record<string, Said>> = {},
  more: Parameters<typeof Stub.over>[1] = {},
): Promise<Stub> {
  const vpc = { VpcId: 'vpc-1', VRouterId: 'vrt-1', Status: 'Available', CidrBlock: '10.0.0.0/8', OwnerId: OWN };
  return Stub.over(
    {
      DescribeVirtualBorderRouters: (asked) => ({
        VirtualBorderRouterSet: { VirtualBorderRouterType: fitting(asked, routers) },
      }),
      DescribeRouterInterfaces: (asked) => ({ RouterInterfaceSet: { RouterInterfaceType: fitting(asked, halves) } }),
      DescribeVpcs: { Vpcs: { Vpc: [vpc] } },
      CreateVirtualBorderRouter: { VbrId: 'vbr-new' },
      CreateRouterInterface: { RouterInterfaceId: 'ri-new' },
      DescribeRouteTableList: { RouterTableList: { RouterTableListType: [{ RouteTableId: 'vtb-1' }] } },
      DescribeRouteEntryList: { RouteEntrys: { RouteEntry: [] } },
      ...answers,
    },
    more,
  );
}

export const ID = linkId('vbr-1');
export const input = (more: Partial<LinkCreate> = {}): LinkCreate => ({
  network: networkId('vpc-1'),
  port: portId('pc-1'),
  vlan: 30,
  cloudIp: '10.255.0.1/30',
  customerIp: '10.255.0.2',
  name: 'line',
  tags: {},
  clientToken: 'token-1',
  ...more,
});

export const writes = (stub: Stub) => stub.sent().filter(([action]) => !/^(Describe|List|Get)/.test(action));

/** Every line here is of a provider that has lines. */
export const linksOf = (stub: Stub) => {
  const { links } = stub.driver;
  if (links === undefined) throw new Error('no links');
  return links;
};
