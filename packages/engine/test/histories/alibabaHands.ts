/** Hands in the console of Alibaba Cloud. */
import { alibabaRpc, type AlibabaRpc } from '@peerway/alibaba';
import { DONE, endOf, NOTHING, type Desk, type Row, type Work } from './desk.js';
import { STACK } from './file.js';
import type { NetworkName } from './world.js';

async function alibabaRpcOf(desk: Desk, name: NetworkName): Promise<AlibabaRpc> {
  const rpc = (await desk.hand(name)).native(alibabaRpc);
  if (rpc === undefined) throw new Error('no native client');
  return rpc;
}

async function deleteRoutesToward(desk: Desk, hop: string): Promise<void> {
  for (const row of desk.rows('alibaba.routeEntries')) {
    const hops = row['nextHops'] as readonly { readonly id: string }[];
    if (row['type'] === 'System' || !hops.some((one) => one.id === hop)) continue;
    const rpc = await desk.rpc(row);
    await rpc.vpc('DeleteRouteEntry', { RegionId: rpc.region, RouteEntryId: row.id });
  }
  await desk.world.pass(10_000);
}

const interfaces = (desk: Desk, ...statuses: string[]): readonly Row[] =>
  desk
    .rows('alibaba.routerInterfaces')
    .filter((row) => statuses.length === 0 || statuses.includes(String(row['status'])));

export const ALIBABA_HANDS = {
  async deleteRoute(desk) {
    const row = desk.route();
    if (row === undefined) return NOTHING;
    const rpc = await desk.rpc(row);
    await rpc.vpc('DeleteRouteEntry', { RegionId: rpc.region, RouteEntryId: row.id });
    return DONE;
  },
  /** The same destination, pointed by somebody at something else of theirs. */
  async foreignRouteInPlace(desk) {
    const row = desk.route();
    const hop = desk.pick(interfaces(desk, 'Active').filter((one) => one['scope'] === row?.['scope']));
    if (row === undefined || hop === undefined) return NOTHING;
    const rpc = await desk.rpc(row);
    await rpc.vpc('DeleteRouteEntry', { RegionId: rpc.region, RouteEntryId: row.id });
    await desk.world.pass(10_000);
    await rpc.vpc('CreateRouteEntry', {
      RegionId: rpc.region,
      RouteTableId: String(row['table']),
      DestinationCidrBlock: String(row['destination']),
      NextHopType: 'RouterInterface',
      NextHopId: hop.id,
    });
    return DONE;
  },
  async deletePeering(desk) {
    const row = desk.pick(desk.rows('alibaba.vpcPeers'));
    if (row === undefined) return NOTHING;
    await deleteRoutesToward(desk, row.id);
    const rpc = await desk.rpc(endOf(row, 'initiator'));
    await rpc.vpcPeer('DeleteVpcPeerConnection', { InstanceId: row.id });
    return DONE;
  },
  async describePeering(desk) {
    const row = desk.pick(desk.rows('alibaba.vpcPeers'));
    if (row === undefined) return NOTHING;
    const rpc = await desk.rpc(endOf(row, 'initiator'));
    await rpc.vpcPeer('ModifyVpcPeerConnection', { InstanceId: row.id, Description: 'changed by hand' });
    return DONE;
  },
  async untagPeering(desk) {
    const row = desk.pick(desk.rows('alibaba.vpcPeers'));
    if (row === undefined) return NOTHING;
    const rpc = await desk.rpc(endOf(row, 'initiator'));
    await rpc.vpcPeer('UnTagResources', {
      RegionId: rpc.region,
      ResourceType: 'PeerConnection',
      ResourceId: [row.id],
      TagKey: ['peerway.stack', 'peerway.connection'],
    });
    const kept = String(row['description']).startsWith(`peerway stack=${STACK} `);
    return kept ? DONE : { done: true, disowned: [`alibaba.vpcPeers ${row.id}`] };
  },
  async retagPeering(desk) {
    const row = desk.pick(desk.rows('alibaba.vpcPeers'));
    if (row === undefined) return NOTHING;
    const rpc = await desk.rpc(endOf(row, 'initiator'));
    await rpc.vpcPeer('TagResources', {
      RegionId: rpc.region,
      ResourceType: 'PeerConnection',
      ResourceId: [row.id],
      Tag: [
        { Key: 'team', Value: 'by-hand' },
        { Key: 'theirs', Value: 'yes' },
      ],
    });
    return DONE;
  },
  async resizePeering(desk) {
    const row = desk.pick(desk.rows('alibaba.vpcPeers').filter((one) => Number(one['bandwidth']) > 0));
    if (row === undefined) return NOTHING;
    const rpc = await desk.rpc(endOf(row, 'initiator'));
    await rpc.vpcPeer('ModifyVpcPeerConnection', { InstanceId: row.id, Bandwidth: 77 });
    return DONE;
  },
  async deactivateInterface(desk) {
    const row = desk.pick(interfaces(desk, 'Active'));
    if (row === undefined) return NOTHING;
    await deleteRoutesToward(desk, row.id);
    const rpc = await desk.rpc(row);
    await rpc.vpc('DeactivateRouterInterface', { RegionId: rpc.region, RouterInterfaceId: row.id });
    return DONE;
  },
  async deleteInterface(desk) {
    const row = desk.pick(interfaces(desk, 'Inactive', 'Idle'));
    if (row === undefined) return NOTHING;
    const rpc = await desk.rpc(row);
    await rpc.vpc('DeleteRouterInterface', { RegionId: rpc.region, RouterInterfaceId: row.id });
    return DONE;
  },
  async resizeInterface(desk) {
    const row = desk.pick(interfaces(desk, 'Active').filter((one) => one['role'] === 'InitiatingSide'));
    if (row === undefined) return NOTHING;
    const rpc = await desk.rpc(row);
    await rpc.vpc('ModifyRouterInterfaceSpec', { RegionId: rpc.region, RouterInterfaceId: row.id, Spec: 'Small.5' });
    return DONE;
  },
  async untagInterface(desk) {
    const row = desk.pick(interfaces(desk));
    if (row === undefined) return NOTHING;
    const rpc = await desk.rpc(row);
    await rpc.vpc('UnTagResources', {
      RegionId: rpc.region,
      ResourceType: 'ROUTERINTERFACE',
      ResourceId: [row.id],
      TagKey: ['peerway.stack', 'peerway.connection'],
    });
    const kept = String(row['description']).startsWith(`peerway stack=${STACK} `);
    return kept ? DONE : { done: true, disowned: [`alibaba.routerInterfaces ${row.id}`] };
  },
  async retagInterface(desk) {
    const row = desk.pick(interfaces(desk));
    if (row === undefined) return NOTHING;
    const rpc = await desk.rpc(row);
    await rpc.vpc('TagResources', {
      RegionId: rpc.region,
      ResourceType: 'ROUTERINTERFACE',
      ResourceId: [row.id],
      Tag: [
        { Key: 'team', Value: 'by-hand' },
        { Key: 'theirs', Value: 'yes' },
      ],
    });
    return DONE;
  },
  async describeInterface(desk) {
    const row = desk.pick(interfaces(desk));
    if (row === undefined) return NOTHING;
    const rpc = await desk.rpc(row);
    await rpc.vpc('ModifyRouterInterfaceAttribute', {
      RegionId: rpc.region,
      RouterInterfaceId: row.id,
      Description: 'changed by hand',
    });
    return DONE;
  },
  async describeLine(desk) {
    const row = desk.pick(desk.rows('alibaba.borderRouters'));
    if (row === undefined) return NOTHING;
    const rpc = await desk.rpc(row);
    await rpc.vpc('ModifyVirtualBorderRouterAttribute', { RegionId: rpc.region, VbrId: row.id, Name: 'by-hand' });
    return DONE;
  },
  async readdressLine(desk) {
    const row = desk.pick(desk.rows('alibaba.borderRouters'));
    if (row === undefined) return NOTHING;
    const rpc = await desk.rpc(row);
    await rpc.vpc('ModifyVirtualBorderRouterAttribute', {
      RegionId: rpc.region,
      VbrId: row.id,
      LocalGatewayIp: '10.254.9.1',
      PeerGatewayIp: '10.254.9.2',
      PeeringSubnetMask: '255.255.255.252',
    });
    return DONE;
  },
  async suspendLine(desk) {
    const row = desk.pick(desk.rows('alibaba.borderRouters').filter((one) => one['status'] === 'active'));
    if (row === undefined) return NOTHING;
    const rpc = await desk.rpc(row);
    await rpc.vpc('TerminateVirtualBorderRouter', { RegionId: rpc.region, VbrId: row.id });
    return DONE;
  },
  /** The vendor's three programs broken off: the initiator told of the acceptor, the acceptor of nobody. */
  async halfMadePair(desk) {
    const rpc = await alibabaRpcOf(desk, 'n0');
    const vpcs = desk.rows('alibaba.vpcs');
    const router = (name: NetworkName): string =>
      String(vpcs.find((row) => row.id === desk.world.id(name))?.['router']);
    const common = {
      RegionId: rpc.region,
      RouterType: 'VRouter',
      OppositeRegionId: rpc.region,
      OppositeRouterType: 'VRouter',
    } as const;
    const acceptor = await rpc.vpc('CreateRouterInterface', {
      ...common,
      RouterId: router('n1'),
      Role: 'AcceptingSide',
      Spec: 'Negative',
      ClientToken: `hand-a-${desk.world.clock.now()}`,
    });
    const initiator = await rpc.vpc('CreateRouterInterface', {
      ...common,
      RouterId: router('n0'),
      Role: 'InitiatingSide',
      Spec: 'Large.2',
      OppositeRouterId: router('n1'),
      ClientToken: `hand-i-${desk.world.clock.now()}`,
    });
    await rpc.vpc('ModifyRouterInterfaceAttribute', {
      RegionId: rpc.region,
      RouterInterfaceId: String(initiator.RouterInterfaceId),
      OppositeInterfaceId: String(acceptor.RouterInterfaceId),
      OppositeRouterId: router('n1'),
      OppositeRouterType: 'VRouter',
    });
    return DONE;
  },
  async foreignPeering(desk) {
    const hand = await desk.hand('n1');
    const rpc = await alibabaRpcOf(desk, 'n1');
    await rpc.vpcPeer('CreateVpcPeerConnection', {
      RegionId: rpc.region,
      VpcId: desk.world.id('n1'),
      AcceptingAliUid: String(hand.account),
      AcceptingRegionId: (await desk.hand('n2')).region,
      AcceptingVpcId: desk.world.id('n2'),
      Name: 'by-hand',
      ClientToken: `hand-p-${desk.world.clock.now()}`,
    });
    return DONE;
  },
  async foreignLine(desk) {
    const rpc = await alibabaRpcOf(desk, 'n0');
    await rpc.vpc('CreateVirtualBorderRouter', {
      RegionId: rpc.region,
      PhysicalConnectionId: desk.world.port(),
      VlanId: 101,
      LocalGatewayIp: '10.253.0.1',
      PeerGatewayIp: '10.253.0.2',
      PeeringSubnetMask: '255.255.255.252',
      Name: 'by-hand',
      ClientToken: `hand-l-${desk.world.clock.now()}`,
    });
    return DONE;
  },
} satisfies Record<string, Work>;
