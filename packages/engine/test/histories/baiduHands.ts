/** Hands in the console of Baidu AI Cloud. */
import type { NativeToken } from '@peerway/core';
import { baiduEtGateway, baiduPeerconn, baiduRoute } from '@peerway/baidu';
import { DONE, endOf, NOTHING, type Desk, type Row, type Work } from './desk.js';

async function baiduOf<T>(desk: Desk, row: Row, token: NativeToken<T>): Promise<T> {
  const native = (await desk.of(row)).native(token);
  if (native === undefined) throw new Error('no native client');
  return native;
}

export const BAIDU_HANDS = {
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
} satisfies Record<string, Work>;
