/** What people change in the console of Alibaba Cloud. */
import { alibabaRpc, type AlibabaRpc } from '@peerway/alibaba';
import { DONE, endOf, FOREIGN_PAIRS, NOTHING, type ManualAccess, type Row, type Work } from './manualAccess.js';
import type { NetworkName } from './world.js';

async function alibabaRpcOf(access: ManualAccess, name: NetworkName): Promise<AlibabaRpc> {
  const rpc = (await access.provider(name)).native(alibabaRpc);
  if (rpc === undefined) throw new Error('no native client');
  return rpc;
}

async function deleteRoutesToward(access: ManualAccess, hop: string): Promise<void> {
  for (const row of access.rows('alibaba.routeEntries')) {
    const hops = row['nextHops'] as readonly { readonly id: string }[];
    if (row['type'] === 'System' || !hops.some((one) => one.id === hop)) continue;
    const rpc = await access.rpc(row);
    await rpc.vpc('DeleteRouteEntry', { RegionId: rpc.region, RouteEntryId: row.id });
  }
  await access.world.pass(10_000);
}

const interfaces = (access: ManualAccess, ...statuses: string[]): readonly Row[] =>
  access
    .rows('alibaba.routerInterfaces')
    .filter((row) => statuses.length === 0 || statuses.includes(String(row['status'])));

/** What a person writes into a peering that stands. */
const changesPeering =
  (change: { readonly Name?: string; readonly Description?: string }): Work =>
  async (access) => {
    const row = access.pick(access.rows('alibaba.vpcPeers'));
    if (row === undefined) return NOTHING;
    const rpc = await access.rpc(endOf(row, 'initiator'));
    await rpc.vpcPeer('ModifyVpcPeerConnection', { InstanceId: row.id, ...change });
    return DONE;
  };

/** As into a peering, into one half of a pair or of a line. */
const changesInterface =
  (change: { readonly Name?: string; readonly Description?: string }): Work =>
  async (access) => {
    const row = access.pick(interfaces(access));
    if (row === undefined) return NOTHING;
    const rpc = await access.rpc(row);
    await rpc.vpc('ModifyRouterInterfaceAttribute', { RegionId: rpc.region, RouterInterfaceId: row.id, ...change });
    return DONE;
  };

export const ALIBABA_CHANGES = {
  async deleteRoute(access) {
    const row = access.route();
    if (row === undefined) return NOTHING;
    const rpc = await access.rpc(row);
    await rpc.vpc('DeleteRouteEntry', { RegionId: rpc.region, RouteEntryId: row.id });
    return DONE;
  },
  async describeRoute(access) {
    const row = access.route();
    if (row === undefined) return NOTHING;
    const rpc = await access.rpc(row);
    await rpc.vpc('ModifyRouteEntry', { RegionId: rpc.region, RouteEntryId: row.id, Description: 'by hand' });
    return { done: true, disowned: [`alibaba.routeEntries ${row.id}`] };
  },
  /** The same destination, pointed by somebody at something else of theirs. */
  async foreignRouteInPlace(access) {
    const row = access.route();
    const hop = access.pick(interfaces(access, 'Active').filter((one) => one['scope'] === row?.['scope']));
    if (row === undefined || hop === undefined) return NOTHING;
    const rpc = await access.rpc(row);
    await rpc.vpc('DeleteRouteEntry', { RegionId: rpc.region, RouteEntryId: row.id });
    await access.world.pass(10_000);
    await rpc.vpc('CreateRouteEntry', {
      RegionId: rpc.region,
      RouteTableId: String(row['table']),
      DestinationCidrBlock: String(row['destination']),
      NextHopType: 'RouterInterface',
      NextHopId: hop.id,
    });
    return DONE;
  },
  async deletePeering(access) {
    const row = access.pick(access.rows('alibaba.vpcPeers'));
    if (row === undefined) return NOTHING;
    await deleteRoutesToward(access, row.id);
    const rpc = await access.rpc(endOf(row, 'initiator'));
    await rpc.vpcPeer('DeleteVpcPeerConnection', { InstanceId: row.id });
    return DONE;
  },
  async rejectPeering(access) {
    const row = access.pick(access.rows('alibaba.vpcPeers').filter((one) => one['status'] === 'Accepting'));
    if (row === undefined) return NOTHING;
    const rpc = await access.rpc(endOf(row, 'acceptor'));
    await rpc.vpcPeer('RejectVpcPeerConnection', { InstanceId: row.id });
    return DONE;
  },
  describePeering: changesPeering({ Description: 'changed by hand' }),
  renamePeering: changesPeering({ Name: 'by-hand' }),
  async untagPeering(access) {
    const row = access.pick(access.rows('alibaba.vpcPeers'));
    if (row === undefined) return NOTHING;
    const rpc = await access.rpc(endOf(row, 'initiator'));
    await rpc.vpcPeer('UnTagResources', {
      RegionId: rpc.region,
      ResourceType: 'PeerConnection',
      ResourceId: [row.id],
      TagKey: ['peerway.stack', 'peerway.connection'],
    });
    const kept = String(row['description']).startsWith('peerway stack=');
    return kept ? DONE : { done: true, disowned: [`alibaba.vpcPeers ${row.id}`] };
  },
  async retagPeering(access) {
    const row = access.pick(access.rows('alibaba.vpcPeers'));
    if (row === undefined) return NOTHING;
    const rpc = await access.rpc(endOf(row, 'initiator'));
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
  async resizePeering(access) {
    const row = access.pick(access.rows('alibaba.vpcPeers').filter((one) => Number(one['bandwidth']) > 0));
    if (row === undefined) return NOTHING;
    const rpc = await access.rpc(endOf(row, 'initiator'));
    await rpc.vpcPeer('ModifyVpcPeerConnection', { InstanceId: row.id, Bandwidth: 77 });
    return DONE;
  },
  async deactivateInterface(access) {
    const row = access.pick(interfaces(access, 'Active'));
    if (row === undefined) return NOTHING;
    await deleteRoutesToward(access, row.id);
    const rpc = await access.rpc(row);
    await rpc.vpc('DeactivateRouterInterface', { RegionId: rpc.region, RouterInterfaceId: row.id });
    return DONE;
  },
  async deleteInterface(access) {
    const row = access.pick(interfaces(access, 'Inactive', 'Idle'));
    if (row === undefined) return NOTHING;
    const rpc = await access.rpc(row);
    await rpc.vpc('DeleteRouterInterface', { RegionId: rpc.region, RouterInterfaceId: row.id });
    return DONE;
  },
  async resizeInterface(access) {
    const row = access.pick(interfaces(access, 'Active').filter((one) => one['role'] === 'InitiatingSide'));
    if (row === undefined) return NOTHING;
    const rpc = await access.rpc(row);
    await rpc.vpc('ModifyRouterInterfaceSpec', { RegionId: rpc.region, RouterInterfaceId: row.id, Spec: 'Small.5' });
    return DONE;
  },
  async untagInterface(access) {
    const row = access.pick(interfaces(access));
    if (row === undefined) return NOTHING;
    const rpc = await access.rpc(row);
    await rpc.vpc('UnTagResources', {
      RegionId: rpc.region,
      ResourceType: 'ROUTERINTERFACE',
      ResourceId: [row.id],
      TagKey: ['peerway.stack', 'peerway.connection'],
    });
    const kept = String(row['description']).startsWith('peerway stack=');
    return kept ? DONE : { done: true, disowned: [`alibaba.routerInterfaces ${row.id}`] };
  },
  async retagInterface(access) {
    const row = access.pick(interfaces(access));
    if (row === undefined) return NOTHING;
    const rpc = await access.rpc(row);
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
  describeInterface: changesInterface({ Description: 'changed by hand' }),
  renameInterface: changesInterface({ Name: 'by-hand' }),
  async describeLine(access) {
    const row = access.pick(access.rows('alibaba.borderRouters'));
    if (row === undefined) return NOTHING;
    const rpc = await access.rpc(row);
    await rpc.vpc('ModifyVirtualBorderRouterAttribute', { RegionId: rpc.region, VbrId: row.id, Name: 'by-hand' });
    return DONE;
  },
  async readdressLine(access) {
    const row = access.pick(access.rows('alibaba.borderRouters'));
    if (row === undefined) return NOTHING;
    const rpc = await access.rpc(row);
    await rpc.vpc('ModifyVirtualBorderRouterAttribute', {
      RegionId: rpc.region,
      VbrId: row.id,
      LocalGatewayIp: '10.254.9.1',
      PeerGatewayIp: '10.254.9.2',
      PeeringSubnetMask: '255.255.255.252',
    });
    return DONE;
  },
  async retagLine(access) {
    const row = access.pick(access.rows('alibaba.borderRouters'));
    if (row === undefined) return NOTHING;
    const rpc = await access.rpc(row);
    const target = { RegionId: rpc.region, ResourceType: 'VIRTUALBORDERROUTER', ResourceId: [row.id] } as const;
    await rpc.vpc('TagResources', { ...target, Tag: [{ Key: 'team', Value: 'by-hand' }] });
    return DONE;
  },
  async untagLine(access) {
    const row = access.pick(access.rows('alibaba.borderRouters'));
    if (row === undefined) return NOTHING;
    const rpc = await access.rpc(row);
    const target = { RegionId: rpc.region, ResourceType: 'VIRTUALBORDERROUTER', ResourceId: [row.id] } as const;
    await rpc.vpc('UnTagResources', { ...target, TagKey: ['peerway.stack', 'peerway.connection'] });
    const kept = String(row['description']).startsWith('peerway stack=');
    return kept ? DONE : { done: true, disowned: [`alibaba.borderRouters ${row.id}`] };
  },
  async suspendLine(access) {
    const row = access.pick(access.rows('alibaba.borderRouters').filter((one) => one['status'] === 'active'));
    if (row === undefined) return NOTHING;
    const rpc = await access.rpc(row);
    await rpc.vpc('TerminateVirtualBorderRouter', { RegionId: rpc.region, VbrId: row.id });
    return DONE;
  },
  /** The vendor's three programs broken off: the initiator told of the acceptor, the acceptor of nobody. */
  async halfMadePair(access) {
    const rpc = await alibabaRpcOf(access, 'n0');
    const vpcs = access.rows('alibaba.vpcs');
    const router = (name: NetworkName): string =>
      String(vpcs.find((row) => row.id === access.world.id(name))?.['router']);
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
      ClientToken: `hand-a-${access.world.clock.now()}`,
    });
    const initiator = await rpc.vpc('CreateRouterInterface', {
      ...common,
      RouterId: router('n0'),
      Role: 'InitiatingSide',
      Spec: 'Large.2',
      OppositeRouterId: router('n1'),
      ClientToken: `hand-i-${access.world.clock.now()}`,
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
  async foreignPeering(access) {
    const [from, to] = access.pick(FOREIGN_PAIRS) ?? ['n1', 'n2'];
    const rpc = await alibabaRpcOf(access, from);
    const acceptor = await access.provider(to);
    await rpc.vpcPeer('CreateVpcPeerConnection', {
      RegionId: rpc.region,
      VpcId: access.world.id(from),
      AcceptingAliUid: String(acceptor.account),
      AcceptingRegionId: acceptor.region,
      AcceptingVpcId: access.world.id(to),
      Name: 'by-hand',
      ClientToken: `hand-p-${access.world.clock.now()}`,
    });
    return DONE;
  },
  async foreignLine(access) {
    const rpc = await alibabaRpcOf(access, 'n0');
    await rpc.vpc('CreateVirtualBorderRouter', {
      RegionId: rpc.region,
      PhysicalConnectionId: access.world.port(),
      VlanId: access.pick([101, 31, 30]) ?? 101,
      LocalGatewayIp: '10.253.0.1',
      PeerGatewayIp: '10.253.0.2',
      PeeringSubnetMask: '255.255.255.252',
      Name: 'by-hand',
      ClientToken: `hand-l-${access.world.clock.now()}`,
    });
    return DONE;
  },
} satisfies Record<string, Work>;
