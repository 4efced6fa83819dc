/** Every operation of the driver, with honest answers small enough to lie about: for the fuzzer of packages/core/bench. */
import { URLSearchParams } from 'node:url';
import { alibaba } from '@peerway/alibaba';
import {
  accountId,
  parseCidr,
  peeringId,
  linkId,
  networkId,
  portId,
  Redactor,
  regionId,
  routeTableId,
  seededRandom,
  VirtualClock,
} from '@peerway/core';

const ME = '253460731706911258';
const ok = { RequestId: 'F5493DC1' };
const HERE = regionId('cn-hangzhou');
const [A, B] = [networkId('vpc-a'), networkId('vpc-b')];
const TABLE = routeTableId('vtb-1');

const vpc = (id, block) => ({
  VpcId: id,
  Status: 'Available',
  CidrBlock: block,
  OwnerId: ME,
  VRouterId: `vrt-${id}`,
  RegionId: HERE,
  VpcName: `web-${id}`,
  RouterTableIds: { RouterTableIds: ['vtb-1'] },
  SecondaryCidrBlocks: { SecondaryCidrBlock: ['172.16.0.0/16'] },
});
const peer = (Status) => ({
  InstanceId: 'pcc-1', Status, OwnerId: ME, AcceptingOwnerUid: ME, RegionId: HERE, AcceptingRegionId: HERE, Name: 'web', Bandwidth: 100,
  Vpc: { VpcId: A, Ipv4Cidrs: ['10.0.0.0/16'] }, AcceptingVpc: { VpcId: B, Ipv4Cidrs: ['10.1.0.0/16'] }, Tags: [{ Key: 'k', Value: 'v' }], GmtCreate: '2026-11-20T10:00:00Z',
}); // prettier-ignore
const half = (id, Role, Status, vpcs, more = {}) => ({
  RouterInterfaceId: id, RouterId: `vrt-${vpcs[0]}`, RouterType: 'VRouter', Role, Status, Spec: 'Large.2', VpcInstanceId: vpcs[0], OppositeVpcInstanceId: vpcs[1],
  OppositeRouterId: `vrt-${vpcs[1]}`, OppositeRouterType: 'VRouter', OppositeInterfaceOwnerId: ME, OppositeRegionId: HERE, Bandwidth: 2048, CreationTime: '2026-11-20T10:00Z',
  Tags: { Tags: [{ Key: 'peerway.opposite-network', Value: vpcs[1] }] }, ...more,
}); // prettier-ignore
const pair = (status) => [
  half('ri-1', 'InitiatingSide', status, [A, B], { OppositeInterfaceId: 'ri-2' }),
  half('ri-2', 'AcceptingSide', status, [B, A], { OppositeInterfaceId: 'ri-1' }),
];
const interfaces = (list) => ({
  ...ok,
  TotalCount: list.length,
  PageNumber: 1,
  PageSize: 50,
  RouterInterfaceSet: { RouterInterfaceType: list },
});
const line = [
  half('ri-e', 'InitiatingSide', 'Active', [A, B], {
    RouterId: 'vbr-1',
    RouterType: 'VBR',
    VpcInstanceId: undefined,
    OppositeInterfaceId: 'ri-n',
    OppositeVpcInstanceId: A,
  }),
  half('ri-n', 'AcceptingSide', 'Active', [A, B], {
    OppositeRouterId: 'vbr-1',
    OppositeRouterType: 'VBR',
    OppositeInterfaceId: 'ri-e',
    OppositeVpcInstanceId: undefined,
  }),
];
const routers = (Status) => ({
  ...ok, TotalCount: 1, VirtualBorderRouterSet: { VirtualBorderRouterType: [{ VbrId: 'vbr-1', Status, VlanId: 30, PhysicalConnectionId: 'pc-1', AccessPointId: 'ap-1', RouteTableId: 'vtb-e', VlanInterfaceId: 'ri-v', LocalGatewayIp: '10.255.0.1', PeerGatewayIp: '10.255.0.2', PeeringSubnetMask: '255.255.255.252', CreationTime: '2026-11-20T10:00:00Z' }] },
}); // prettier-ignore
const route = {
  RouteEntryId: 'rte-1',
  DestinationCidrBlock: '10.1.0.0/16',
  RouteTableId: TABLE,
  Status: 'Available',
  Type: 'Custom',
  Description: 'd',
  NextHops: { NextHop: [{ NextHopId: 'ri-1', NextHopType: 'RouterInterface', Enabled: 1 }] },
};

const ANSWERS = {
  DescribeVpcs: {
    ...ok,
    TotalCount: 2,
    PageNumber: 1,
    PageSize: 50,
    Vpcs: { Vpc: [vpc(A, '10.0.0.0/16'), vpc(B, '10.1.0.0/16')] },
  },
  DescribeRouteTableList: {
    ...ok,
    TotalCount: 1,
    RouterTableList: {
      RouterTableListType: [{ RouteTableId: TABLE, RouteTableType: 'System', RouteTableName: 'main' }],
    },
  },
  DescribeRouteEntryList: { ...ok, NextToken: '', RouteEntrys: { RouteEntry: [route] } },
  DescribeRouterInterfaces: interfaces(pair('Active')),
  DescribeVirtualBorderRouters: routers('active'),
  ListVpcPeerConnections: { ...ok, TotalCount: 1, MaxResults: 100, VpcPeerConnects: [peer('Activated')] },
  GetVpcPeerConnectionAttribute: { ...ok, ...peer('Activated') },
  CreateVpcPeerConnection: { ...ok, InstanceId: 'pcc-1' },
  CreateRouterInterface: { ...ok, RouterInterfaceId: 'ri-3' },
  CreateVirtualBorderRouter: { ...ok, VbrId: 'vbr-1' },
  CreateRouteEntry: { ...ok, RouteEntryId: 'rte-1' },
  CreateRouteEntries: { ...ok, SuccessCount: 2, FailedCount: 0, FailedRouteEntries: [] },
  DeleteRouteEntries: { ...ok, SuccessCount: 2, FailedCount: 0, FailedRouteEntries: [] },
};
const PLAIN = [
  'AcceptVpcPeerConnection',
  'RejectVpcPeerConnection',
  'ModifyVpcPeerConnection',
  'DeleteVpcPeerConnection',
  'TagResources',
  'UnTagResources',
  'ModifyRouterInterfaceAttribute',
  'ConnectRouterInterface',
  'ActivateRouterInterface',
  'DeactivateRouterInterface',
  'ModifyRouterInterfaceSpec',
  'DeleteRouterInterface',
  'DeleteVirtualBorderRouter',
  'TerminateVirtualBorderRouter',
  'RecoverVirtualBorderRouter',
  'DeleteRouteEntry',
];
for (const name of PLAIN) ANSWERS[name] = ok;

const create = (mechanism) => ({
  mechanism,
  initiator: A,
  acceptor: { network: B, region: HERE },
  name: 'web',
  tags: {},
  clientToken: 't-1',
});
const newRoute = (destination) => ({
  table: TABLE,
  network: A,
  destination: parseCidr(destination),
  nextHop: { kind: 'peering', id: 'pcc-1' },
  clientToken: 't-1',
});
const newLink = {
  network: A,
  port: portId('pc-1'),
  vlan: 30,
  cloudIp: '10.255.0.1/30',
  customerIp: '10.255.0.2',
  name: 'idc',
  tags: {},
  clientToken: 't-1',
};
const [PCC, RI, VBR] = [peeringId('pcc-1'), peeringId('ri-1'), linkId('vbr-1')];

const scene = (name, run, writes = [], answers = {}, about = []) => ({
  name,
  run,
  writes,
  about,
  answers: { ...ANSWERS, ...answers },
});
const idle = { DescribeRouterInterfaces: interfaces(pair('Idle')) };
const lineUp = { DescribeRouterInterfaces: interfaces(line) };
const HALF = ['CreateRouterInterface', 'ModifyRouterInterfaceAttribute', 'ConnectRouterInterface'];
const END = ['DeactivateRouterInterface', 'DeleteRouterInterface'];

export const FUZZ = {
  provider: 'alibaba',
  headers: {},
  operationOf: (_, body) => new URLSearchParams(body).get('Action') ?? '',
  openDriver: (endpoint) =>
    alibaba.create({ name: 'ali', region: HERE, account: accountId(ME), endpoint, options: new alibaba.options(), credentials: { accessKeyId: 'k', accessKeySecret: 'canarySecret' }, env: {}, clock: new VirtualClock({ start: 0 }), random: seededRandom(1), redactor: new Redactor() }),
  scenes: [
    scene('networks.get', (d, c) => d.networks.get([A, B], c), [], {}, [A, B]),
    scene('networks.list', (d, c) => d.networks.list(undefined, c)),
    scene('routes.tables', (d, c) => d.routes.tables(A, c), [], {}, [A]),
    scene('routes.list', (d, c) => d.routes.list(A, TABLE, undefined, c), [], {}, [A, TABLE]),
    scene('peerings.list', (d, c) => d.peerings.list({ mechanism: 'vpc-peer' }, undefined, c)),
    scene('peerings.list pairs', (d, c) => d.peerings.list({ mechanism: 'router-interface' }, undefined, c)),
    scene('peerings.get', (d, c) => d.peerings.get(PCC, 'initiator', c), [], {}, ['pcc-1']),
    scene('peerings.get pair', (d, c) => d.peerings.get(RI, 'initiator', c), [], {}, ['ri-1']),
    scene('links.list', (d, c) => d.links.list({}, undefined, c), [], lineUp),
    scene('links.get', (d, c) => d.links.get(VBR, c), [], lineUp, ['vbr-1']),
    scene('peerings.create', (d, c) => d.peerings.create(create('vpc-peer'), c), ['CreateVpcPeerConnection']),
    scene('peerings.create pair', (d, c) => d.peerings.create(create('router-interface'), c), ['CreateRouterInterface'], { DescribeRouterInterfaces: interfaces([]) }),
    scene('peerings.accept', (d, c) => d.peerings.accept(PCC, c), ['AcceptVpcPeerConnection'], { GetVpcPeerConnectionAttribute: { ...ok, ...peer('Accepting') } }),
    scene('peerings.reject', (d, c) => d.peerings.reject(PCC, c), ['RejectVpcPeerConnection'], { GetVpcPeerConnectionAttribute: { ...ok, ...peer('Accepting') } }),
    scene('peerings.accept pair', (d, c) => d.peerings.accept(RI, c), HALF, idle),
    scene('peerings.continue', (d, c) => d.peerings.continue(RI, 'initiator', c), HALF, idle),
    scene('peerings.update', (d, c) => d.peerings.update(PCC, 'initiator', { kind: 'labels', name: 'n2' }, c), ['ModifyVpcPeerConnection']),
    scene('peerings.update tags', (d, c) => d.peerings.update(PCC, 'initiator', { kind: 'tags', set: { a: 'b' }, remove: ['c'] }, c), ['TagResources', 'UnTagResources']),
    scene('peerings.suspend', (d, c) => d.peerings.update(RI, 'initiator', { kind: 'suspended', suspended: true }, c), ['DeactivateRouterInterface']),
    scene('peerings.delete', (d, c) => d.peerings.delete(PCC, 'initiator', c), ['DeleteVpcPeerConnection']),
    scene('peerings.delete pair', (d, c) => d.peerings.delete(RI, 'initiator', c), END, { DescribeRouteEntryList: { ...ok, RouteEntrys: { RouteEntry: [] } } }),
    scene('routes.create', (d, c) => d.routes.create(newRoute('10.1.0.0/16'), c), ['CreateRouteEntry']),
    scene('routes.createMany', (d, c) => d.routes.createMany([newRoute('10.1.0.0/16'), newRoute('10.2.0.0/16')], c), ['CreateRouteEntries']),
    scene('routes.deleteMany', (d, c) => d.routes.deleteMany([newRoute('10.1.0.0/16'), newRoute('10.2.0.0/16')], c), ['DeleteRouteEntries']),
    scene('links.create', (d, c) => d.links.create(newLink, c), ['CreateVirtualBorderRouter']),
    scene('links.continue', (d, c) => d.links.continue(VBR, newLink, c), HALF, { DescribeRouterInterfaces: interfaces([]) }),
    scene('links.suspend', (d, c) => d.links.update(VBR, { kind: 'suspended', suspended: true }, c), ['TerminateVirtualBorderRouter']),
    scene('links.delete', (d, c) => d.links.delete(VBR, c), [...END, 'DeleteVirtualBorderRouter'], { ...lineUp, DescribeRouteEntryList: { ...ok, RouteEntrys: { RouteEntry: [] } } }),
  ],
}; // prettier-ignore
