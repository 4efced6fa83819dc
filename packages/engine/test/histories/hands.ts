/**
 * What a person does in the console: one request each, of the cloud's own kind. A refusal is the person's to shrug at. Every
 * hand says which objects it made and which of the stack's it has taken away the last mark of.
 */
import { isPeerwayError, type NativeToken, type Provider } from '@peerway/core';
import { alibabaRpc, type AlibabaRpc } from '@peerway/alibaba';
import { baiduEtGateway, baiduPeerconn, baiduRoute } from '@peerway/baidu';
import { STACK } from './file.js';
import { NETWORKS, type HistoryWorld, type NetworkName, type Tables } from './world.js';

type Row = Tables[string][number];

/** `at` chooses among the candidates, whatever their number. */
export interface Hand {
  readonly kind: HandKind;
  readonly at: number;
}

export const HANDS = {
  alibaba: [
    'deleteRoute',
    'foreignRouteInPlace',
    'describeRoute',
    'deletePeering',
    'describePeering',
    'untagPeering',
    'retagPeering',
    'resizePeering',
    'deactivateInterface',
    'deleteInterface',
    'untagInterface',
    'describeInterface',
    'resizeInterface',
    'describeLine',
    'readdressLine',
    'suspendLine',
    'halfMadePair',
    'foreignPeering',
    'foreignLine',
  ],
  baidu: [
    'deleteRoute',
    'foreignRouteInPlace',
    'describeRoute',
    'deletePeering',
    'describePeering',
    'resizePeering',
    'describeLine',
    'resizeLine',
    'unbindLine',
    'deleteLine',
    'foreignPeering',
  ],
} as const;
export type HandKind = (typeof HANDS)['alibaba' | 'baidu'][number];

export interface HandResult {
  /** False: there was nothing to lay a hand on, or the cloud refused. */
  readonly done: boolean;
  /** `table id` of objects that had our mark and have none that counts any more. */
  readonly disowned?: readonly string[];
}

const NOTHING: HandResult = { done: false };
const DONE: HandResult = { done: true };

export async function layHand(world: HistoryWorld, hand: Hand): Promise<HandResult> {
  const work = world.cloud === 'alibaba' ? ALIBABA[hand.kind] : BAIDU[hand.kind];
  if (work === undefined) return NOTHING;
  try {
    return await work(new Desk(world, hand.at));
  } catch (error) {
    if (isPeerwayError(error)) return NOTHING;
    throw error;
  }
}

/** What a hand works with: the rows of the cloud, one choice, and the account that owns the chosen row. */
class Desk {
  readonly #tables: Tables;

  constructor(
    readonly world: HistoryWorld,
    private readonly at: number,
  ) {
    this.#tables = world.tables();
  }

  rows(table: string): readonly Row[] {
    return (this.#tables[table] ?? []).filter((row) => !/^deleted?/i.test(String(row['status'])));
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items.length === 0 ? undefined : items[this.at % items.length];
  }

  /** A custom route of one of our four networks or of a border router. */
  route(): Row | undefined {
    const table = this.world.cloud === 'alibaba' ? 'alibaba.routeEntries' : 'baidu.routeRules';
    return this.pick(
      this.rows(table).filter((row) => row['type'] !== 'System' && !String(row['destination']).startsWith('pl-')),
    );
  }

  async of(row: Row): Promise<Provider> {
    for (const name of NETWORKS) {
      const hand = await this.world.hand(name);
      if (hand.account === row['account'] && hand.region === row['region']) return hand;
    }
    throw new Error(`nobody owns ${row.id}`);
  }

  async rpc(row: Row): Promise<AlibabaRpc> {
    const rpc = (await this.of(row)).native(alibabaRpc);
    if (rpc === undefined) throw new Error('no native client');
    return rpc;
  }

  hand(name: NetworkName): Promise<Provider> {
    return this.world.hand(name);
  }
}

type Work = (desk: Desk) => Promise<HandResult>;

const endOf = (row: Row, side: 'initiator' | 'acceptor'): Row => row[side] as Row;

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

const ALIBABA: Partial<Record<HandKind, Work>> = {
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
};

async function baiduOf<T>(desk: Desk, row: Row, token: NativeToken<T>): Promise<T> {
  const native = (await desk.of(row)).native(token);
  if (native === undefined) throw new Error('no native client');
  return native;
}

const BAIDU: Partial<Record<HandKind, Work>> = {
  async deleteRoute(desk) {
    const row = desk.route();
    if (row === undefined) return NOTHING;
    await (await baiduOf(desk, row, baiduRoute)).deleteRoutingRule(row.id);
    return DONE;
  },
  async foreignRouteInPlace(desk) {
    const row = desk.route();
    if (row === undefined) return NOTHING;
    const other = desk.pick(
      desk
        .rows('baidu.routeRules')
        .filter((one) => one['vpcId'] === row['vpcId'] && one['nexthopId'] !== row['nexthopId']),
    );
    if (other === undefined) return NOTHING;
    const api = await baiduOf(desk, row, baiduRoute);
    await api.deleteRoutingRule(row.id);
    await desk.world.pass(10_000);
    await api.createRoutingRule({
      routeTableId: String(row['routeTableId']),
      sourceAddress: '0.0.0.0/0',
      destinationAddress: String(row['destinationAddress']),
      nexthopType: other['nexthopType'] as never,
      nexthopId: String(other['nexthopId']),
      description: '',
    });
    return DONE;
  },
  async describeRoute(desk) {
    const row = desk.route();
    if (row === undefined) return NOTHING;
    await (await baiduOf(desk, row, baiduRoute)).updateRoutingRule(row.id, { description: 'by hand' });
    return { done: true, disowned: [`baidu.routeRules ${row.id}`] };
  },
  async deletePeering(desk) {
    const row = desk.pick(desk.rows('baidu.peerconns'));
    if (row === undefined) return NOTHING;
    for (const side of ['initiator', 'acceptor'] as const) {
      const end = endOf(row, side);
      for (const rule of desk.rows('baidu.routeRules').filter((one) => one['nexthopId'] === end['ifId']))
        await (await baiduOf(desk, rule, baiduRoute)).deleteRoutingRule(rule.id);
    }
    await desk.world.pass(10_000);
    await (await baiduOf(desk, endOf(row, 'initiator'), baiduPeerconn)).releasePeerConn(row.id);
    return DONE;
  },
  async describePeering(desk) {
    const row = desk.pick(desk.rows('baidu.peerconns'));
    if (row === undefined) return NOTHING;
    const end = endOf(row, 'initiator');
    await (
      await baiduOf(desk, end, baiduPeerconn)
    ).updatePeerConn(row.id, {
      localIfId: String(end['ifId']),
      description: 'by hand',
    });
    return { done: true, disowned: [`baidu.peerconns ${row.id}`] };
  },
  async resizePeering(desk) {
    const row = desk.pick(desk.rows('baidu.peerconns'));
    if (row === undefined) return NOTHING;
    await (await baiduOf(desk, endOf(row, 'initiator'), baiduPeerconn)).updatePeerConnBandwidth(row.id, 33);
    return DONE;
  },
  async describeLine(desk) {
    const row = desk.pick(desk.rows('baidu.gateways'));
    if (row === undefined) return NOTHING;
    await (await baiduOf(desk, row, baiduEtGateway)).updateEtGateway(row.id, { name: 'by-hand' });
    return DONE;
  },
  async resizeLine(desk) {
    const row = desk.pick(desk.rows('baidu.gateways'));
    if (row === undefined) return NOTHING;
    await (await baiduOf(desk, row, baiduEtGateway)).updateEtGateway(row.id, { speed: 33 });
    return DONE;
  },
  async unbindLine(desk) {
    const row = desk.pick(desk.rows('baidu.gateways'));
    if (row === undefined) return NOTHING;
    await (await baiduOf(desk, row, baiduEtGateway)).unbindEt(row.id);
    return DONE;
  },
  async deleteLine(desk) {
    const row = desk.pick(desk.rows('baidu.gateways').filter((one) => one['channel'] === undefined));
    if (row === undefined) return NOTHING;
    await (await baiduOf(desk, row, baiduEtGateway)).releaseEtGateway(row.id);
    return DONE;
  },
  async foreignPeering(desk) {
    const n1 = await desk.hand('n1');
    const api = n1.native(baiduPeerconn);
    if (api === undefined) return NOTHING;
    await api.createPeerConn(
      {
        bandwidthInMbps: 10,
        localVpcId: desk.world.id('n1'),
        peerVpcId: desk.world.id('n2'),
        peerRegion: (await desk.hand('n2')).region,
        billing: { paymentTiming: 'Postpaid' },
        description: 'by hand',
      },
      { clientToken: `hand-p-${desk.world.clock.now()}` },
    );
    return DONE;
  },
};
