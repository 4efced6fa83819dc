/** What people change in the console of Baidu AI Cloud. */
import type { NativeToken } from '@peerway/core';
import { baiduEtGateway, baiduPeerconn, baiduRoute } from '@peerway/baidu';
import { DONE, endOf, FOREIGN_PAIRS, NOTHING, type ManualAccess, type Row, type Work } from './manualAccess.js';

async function baiduOf<T>(access: ManualAccess, row: Row, token: NativeToken<T>): Promise<T> {
  const native = (await access.of(row)).native(token);
  if (native === undefined) throw new Error('no native client');
  return native;
}

export const BAIDU_CHANGES = {
  async deleteRoute(access) {
    const row = access.route();
    if (row === undefined) return NOTHING;
    await (await baiduOf(access, row, baiduRoute)).deleteRoutingRule(row.id);
    return DONE;
  },
  async foreignRouteInPlace(access) {
    const row = access.route();
    if (row === undefined) return NOTHING;
    const other = access.pick(
      access
        .rows('baidu.routeRules')
        .filter((one) => one['vpcId'] === row['vpcId'] && one['nexthopId'] !== row['nexthopId']),
    );
    if (other === undefined) return NOTHING;
    const api = await baiduOf(access, row, baiduRoute);
    await api.deleteRoutingRule(row.id);
    await access.world.pass(10_000);
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
  async describeRoute(access) {
    const row = access.route();
    if (row === undefined) return NOTHING;
    await (await baiduOf(access, row, baiduRoute)).updateRoutingRule(row.id, { description: 'by hand' });
    return { done: true, disowned: [`baidu.routeRules ${row.id}`] };
  },
  async deletePeering(access) {
    const row = access.pick(access.rows('baidu.peerconns'));
    if (row === undefined) return NOTHING;
    for (const side of ['initiator', 'acceptor'] as const) {
      const end = endOf(row, side);
      for (const rule of access.rows('baidu.routeRules').filter((one) => one['nexthopId'] === end['ifId']))
        await (await baiduOf(access, rule, baiduRoute)).deleteRoutingRule(rule.id);
    }
    await access.world.pass(10_000);
    await (await baiduOf(access, endOf(row, 'initiator'), baiduPeerconn)).releasePeerConn(row.id);
    return DONE;
  },
  async rejectPeering(access) {
    const row = access.pick(access.rows('baidu.peerconns').filter((one) => one['status'] === 'consulting'));
    if (row === undefined) return NOTHING;
    await (await baiduOf(access, endOf(row, 'acceptor'), baiduPeerconn)).rejectPeerConn(row.id);
    return DONE;
  },
  async describePeering(access) {
    const row = access.pick(access.rows('baidu.peerconns'));
    if (row === undefined) return NOTHING;
    const end = endOf(row, 'initiator');
    await (
      await baiduOf(access, end, baiduPeerconn)
    ).updatePeerConn(row.id, {
      localIfId: String(end['ifId']),
      description: 'by hand',
    });
    return { done: true, disowned: [`baidu.peerconns ${row.id}`] };
  },
  /** Words around the mark, or its end cut off: it still says whose it is. */
  async scrawlPeering(access) {
    const row = access.pick(access.rows('baidu.peerconns'));
    if (row === undefined) return NOTHING;
    const end = endOf(row, 'initiator');
    const there = String(end['description']);
    const scrawled = there.startsWith('peerway ') ? there.replace(/(: .*)?$/s, ' (by hand)') : `by hand: ${there}`;
    await (
      await baiduOf(access, end, baiduPeerconn)
    ).updatePeerConn(row.id, { localIfId: String(end['ifId']), description: scrawled });
    return DONE;
  },
  /** Of either end; the interface's name says which. */
  async renameInterface(access) {
    const ends = access.rows('baidu.peerconns').flatMap((row) => [
      { id: row.id, end: endOf(row, 'initiator') },
      { id: row.id, end: endOf(row, 'acceptor') },
    ]);
    const one = access.pick(ends);
    if (one === undefined) return NOTHING;
    const api = await baiduOf(access, one.end, baiduPeerconn);
    await api.updatePeerConn(one.id, { localIfId: String(one.end['ifId']), localIfName: 'by-hand' });
    return DONE;
  },
  async resizePeering(access) {
    const row = access.pick(access.rows('baidu.peerconns'));
    if (row === undefined) return NOTHING;
    await (await baiduOf(access, endOf(row, 'initiator'), baiduPeerconn)).updatePeerConnBandwidth(row.id, 33);
    return DONE;
  },
  async describeLine(access) {
    const row = access.pick(access.rows('baidu.gateways'));
    if (row === undefined) return NOTHING;
    await (await baiduOf(access, row, baiduEtGateway)).updateEtGateway(row.id, { name: 'by-hand' });
    return DONE;
  },
  async writeOverLine(access) {
    const row = access.pick(access.rows('baidu.gateways'));
    if (row === undefined) return NOTHING;
    await (await baiduOf(access, row, baiduEtGateway)).updateEtGateway(row.id, { description: 'by hand' });
    return { done: true, disowned: [`baidu.gateways ${row.id}`] };
  },
  async resizeLine(access) {
    const row = access.pick(access.rows('baidu.gateways'));
    if (row === undefined) return NOTHING;
    await (await baiduOf(access, row, baiduEtGateway)).updateEtGateway(row.id, { speed: 33 });
    return DONE;
  },
  async unbindLine(access) {
    const row = access.pick(access.rows('baidu.gateways'));
    if (row === undefined) return NOTHING;
    await (await baiduOf(access, row, baiduEtGateway)).unbindEt(row.id);
    return DONE;
  },
  async deleteLine(access) {
    const row = access.pick(access.rows('baidu.gateways').filter((one) => one['channel'] === undefined));
    if (row === undefined) return NOTHING;
    await (await baiduOf(access, row, baiduEtGateway)).releaseEtGateway(row.id);
    return DONE;
  },
  async foreignPeering(access) {
    const [from, to] = access.pick(FOREIGN_PAIRS) ?? ['n1', 'n2'];
    const acceptor = await access.provider(to);
    const api = (await access.provider(from)).native(baiduPeerconn);
    if (api === undefined) return NOTHING;
    await api.createPeerConn(
      {
        bandwidthInMbps: 10,
        localVpcId: access.world.id(from),
        peerVpcId: access.world.id(to),
        peerRegion: acceptor.region,
        ...(acceptor.account === (await access.provider(from)).account
          ? {}
          : { peerAccountId: String(acceptor.account) }),
        billing: { paymentTiming: 'Postpaid' },
        description: 'by hand',
      },
      { clientToken: `hand-p-${access.world.clock.now()}` },
    );
    return DONE;
  },
  async foreignLine(access) {
    const n0 = await access.provider('n0');
    const channels = access.rows('baidu.channels').filter((row) => row['lineId'] === access.world.port());
    const channel = access.pick(channels.filter((row) => row['status'] === 'established'));
    const api = n0.native(baiduEtGateway);
    if (api === undefined || channel === undefined) return NOTHING;
    await api.createEtGateway(
      {
        name: 'by-hand',
        vpcId: access.world.id('n0'),
        speed: 10,
        etId: access.world.port(),
        channelId: channel.id,
        description: 'by hand',
      },
      { clientToken: `hand-l-${access.world.clock.now()}` },
    );
    return DONE;
  },
} satisfies Record<string, Work>;
