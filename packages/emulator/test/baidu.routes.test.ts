/** Route rules over the wire. Source: docs/facts/baidu.md 3.4 and 5. */
import { describe, expect, it } from '@jest/globals';
import { peered, rule } from './baiduRoutes.js';
import {
  aBj,
  aGz,
  b,
  BAD,
  bBj,
  createBody,
  data,
  DENIED,
  emulator,
  emulatorPerTest,
  MISSING,
  network,
  OK,
  outcome,
  settle,
  web,
} from './baiduWire.js';

emulatorPerTest(5);

describe('route rules', () => {
  it("take the side's own qpif, never the peer connection's id nor the other side's interface", async () => {
    const { id, qpif, peerQpif } = await peered();
    expect(outcome(await aBj.post('/v1/route/rule', rule({ nexthopId: id })))).toEqual(BAD);
    expect(outcome(await aBj.post('/v1/route/rule', rule({ nexthopId: peerQpif })))).toEqual(BAD);
    const { routeRuleId } = (await aBj.post('/v1/route/rule', rule({ nexthopId: qpif, description: 'mine' }))).body;
    expect(routeRuleId).toMatch(/^rr-[0-9a-z]{12}$/);
    const expected = { ...rule({ nexthopId: qpif }), routeRuleId, description: 'mine', pathType: 'normal' };
    expect((await aBj.get('/v1/route/rule', { vpcId: web.id })).body.routeRules).toEqual([expected]);
    expect((await aBj.get('/v1/route', { routeTableId: web.routeTable })).body).toMatchObject({
      vpcId: web.id,
      routeRules: [expected],
    });
  });

  it('are unique per table, not per VPC pair or account', async () => {
    const { qpif, peerQpif } = await peered();
    expect(outcome(await aBj.post('/v1/route/rule', rule({ nexthopId: qpif })))).toEqual(OK);
    expect(outcome(await aBj.post('/v1/route/rule', rule({ nexthopId: qpif })))).toEqual([409, 'RouteRuleRepeated']);
    const back = { routeTableId: data.routeTable, destinationAddress: '172.16.0.0/12', nexthopId: peerQpif };
    expect(outcome(await aBj.post('/v1/route/rule', rule(back)))).toEqual(OK);
    expect(
      outcome(await aBj.post('/v1/route/rule', rule({ ...back, routeTableId: web.routeTable, nexthopId: qpif }))),
    ).toEqual(OK);
  });

  it('need a source inside a subnet, or any source in a relay VPC', async () => {
    const { qpif } = await peered();
    const sourceAddress = web.cidrs[0].replace('.0.0/16', '.5.0/24');
    expect(outcome(await aBj.post('/v1/route/rule', rule({ sourceAddress, nexthopId: qpif })))).toEqual(BAD);
    await aBj.post('/v1/subnet', { name: 's', zoneName: 'cn-bj-a', cidr: sourceAddress, vpcId: web.id });
    const inside = sourceAddress.replace('/24', '/25');
    expect(outcome(await aBj.post('/v1/route/rule', rule({ sourceAddress: inside, nexthopId: qpif })))).toEqual(OK);
    await aBj.put(`/v1/vpc/openRelay/${web.id}`);
    expect(
      outcome(await aBj.post('/v1/route/rule', rule({ sourceAddress: '172.29.0.0/16', nexthopId: qpif }))),
    ).toEqual(OK);
  });

  it('must not point into the own VPC, unless at everything', async () => {
    const { qpif } = await peered();
    for (const destinationAddress of [web.cidrs[0], web.cidrs[0].replace('/16', '/24'), '10.0.0.0/8']) {
      expect(outcome(await aBj.post('/v1/route/rule', rule({ destinationAddress, nexthopId: qpif })))).toEqual(BAD);
    }
    expect(
      outcome(await aBj.post('/v1/route/rule', rule({ destinationAddress: '0.0.0.0/0', nexthopId: qpif }))),
    ).toEqual(OK);
  });

  it.each([
    ['host bits', { destinationAddress: '172.16.0.1/16' }, BAD],
    ['no prefix', { destinationAddress: '172.16.0.0' }, BAD],
    ['mixed IP versions', { destinationAddress: '2001:db8::/32' }, BAD],
    ['an unknown type', { nexthopType: 'wormhole' }, BAD],
    ['a missing destination', { destinationAddress: undefined }, [400, 'InappropriateJSON']],
    ['an unknown table', { routeTableId: 'rt-000000000000' }, MISSING],
    ["another account's table", { routeTableId: network('b', 'bj', 'web').routeTable }, MISSING],
    ['no next hop', { nexthopId: undefined }, [400, 'InappropriateJSON']],
    ['an empty next hop', { nexthopType: 'nat', nexthopId: '' }, [400, 'InappropriateJSON']],
    ['a gateway that does not exist', { nexthopType: 'dcGateway', nexthopId: 'dcgw-000000000000' }, BAD],
  ])('refuse %s', async (_name, change, expected) => {
    const { qpif } = await peered();
    expect(outcome(await aBj.post('/v1/route/rule', rule({ nexthopId: qpif, ...change })))).toEqual(expected);
    expect((await aBj.get('/v1/route/rule', { vpcId: web.id })).body.routeRules).toEqual([]);
  });

  it('are updated with every check of create, and deleted once', async () => {
    const { qpif, peerQpif } = await peered();
    const { routeRuleId } = (await aBj.post('/v1/route/rule', rule({ nexthopId: qpif }))).body;
    await aBj.post('/v1/route/rule', rule({ nexthopId: qpif, destinationAddress: '172.16.0.0/16' }));
    const path = `/v1/route/rule/${routeRuleId}`;
    const update = async (body: Record<string, unknown>) => outcome(await aBj.put(path, {}, body));
    expect(await update({ nexthopId: peerQpif })).toEqual(BAD);
    expect(await update({ destinationAddress: web.cidrs[0] })).toEqual(BAD);
    expect(await update({ sourceAddress: '192.168.0.0/24' })).toEqual(BAD);
    expect(await update({ destinationAddress: '172.16.0.0/16' })).toEqual([409, 'RouteRuleRepeated']);
    expect(await update({ destinationAddress: '172.17.0.0/16', description: 'moved', routeRuleId })).toEqual(OK);
    expect((await aBj.get('/v1/route/rule', { vpcId: web.id })).body.routeRules[0]).toMatchObject({
      destinationAddress: '172.17.0.0/16',
      description: 'moved',
      nexthopId: qpif,
    });
    expect(outcome(await bBj.put(path, {}, { description: 'x' }))).toEqual(MISSING);
    expect(outcome(await bBj.delete(path))).toEqual(MISSING);
    expect(outcome(await aBj.delete(path))).toEqual(OK);
    expect(outcome(await aBj.delete(path))).toEqual(MISSING);
  });

  it('fill a table up to its quota, with the code of the switch', async () => {
    const { qpif } = await peered();
    emulator.rules.set({ 'baidu.route.quotaPerTable': 1 });
    await aBj.post('/v1/route/rule', rule({ nexthopId: qpif }));
    for (const code of ['LimitExceeded', 'RouteRuleExceedQuota', 'QuotaLimitExceeded']) {
      emulator.rules.set({ 'baidu.route.quotaCode': code });
      expect(
        outcome(await aBj.post('/v1/route/rule', rule({ nexthopId: qpif, destinationAddress: '172.16.0.0/16' }))),
      ).toEqual([413, code]);
    }
  });

  it.each([
    ['keep', OK, 1, OK],
    ['refuse', DENIED, 1, DENIED],
    ['drop', OK, 0, OK],
  ] as const)('when their link is released: %s', async (position, released, left, _) => {
    emulator.rules.set({ 'baidu.route.onPeerconnRelease': position });
    const { id, qpif } = await peered();
    await aBj.post('/v1/route/rule', rule({ nexthopId: qpif }));
    expect(outcome(await aBj.delete(`/v1/peerconn/${id}`))).toEqual(released);
    settle();
    expect((await aBj.get('/v1/route/rule', { vpcId: web.id })).body.routeRules).toHaveLength(left);
    // a dead interface is no next hop any more
    const again = await aBj.post('/v1/route/rule', rule({ nexthopId: qpif, destinationAddress: '172.16.0.0/16' }));
    expect(outcome(again)).toEqual(position === 'refuse' ? OK : BAD);
  });

  it('never point at a link that is going or a tombstone, whatever the switch for inactive links says', async () => {
    emulator.rules.set({ 'baidu.route.nextHopMustBeActive': 'allow', 'baidu.peerconn.deletedTombstone': true });
    const { id, qpif } = await peered();
    await aBj.delete(`/v1/peerconn/${id}`);
    for (const status of ['deleting', 'deleted']) {
      expect((await aBj.get(`/v1/peerconn/${id}`, { role: 'initiator' })).body.status).toBe(status);
      expect(outcome(await aBj.post('/v1/route/rule', rule({ nexthopId: qpif })))).toEqual(BAD);
      settle(5_000);
    }
  });

  it('can point at what is not emulated, and at links that are not active, by switch', async () => {
    const other = rule({ nexthopType: 'nat', nexthopId: 'nat-bxxxxxxxxxxx' });
    emulator.rules.set({ 'baidu.route.targetsNotEmulated': 'refuse' });
    expect(outcome(await aBj.post('/v1/route/rule', other))).toEqual(BAD);
    emulator.rules.set({ 'baidu.route.targetsNotEmulated': 'allow', 'baidu.route.nextHopMustBeActive': 'allow' });
    expect(outcome(await aBj.post('/v1/route/rule', other))).toEqual(OK);
    const body = createBody(web, network('b', 'bj', 'web'), { peerAccountId: b.id });
    const { peerConnId } = (await aBj.post('/v1/peerconn', body)).body;
    const { localIfId } = (await aBj.get(`/v1/peerconn/${peerConnId}`, { role: 'initiator' })).body;
    expect(
      outcome(await aBj.post('/v1/route/rule', rule({ destinationAddress: '172.16.0.0/16', nexthopId: localIfId }))),
    ).toEqual(OK);
  });

  it('show the system rule by switch, which cannot be changed', async () => {
    expect((await aBj.get('/v1/route/rule', { vpcId: web.id })).body.routeRules).toEqual([]);
    emulator.rules.set({ 'baidu.route.showsSystemRules': true });
    const [system] = (await aBj.get('/v1/route', { vpcId: web.id })).body.routeRules;
    expect(system).toMatchObject({ destinationAddress: web.cidrs[0], nexthopType: 'sys' });
    const path = `/v1/route/rule/${String(system?.routeRuleId)}`;
    expect(outcome(await aBj.delete(path))).toEqual(DENIED);
    expect(outcome(await aBj.put(path, {}, { description: 'x' }))).toEqual(DENIED);
  });

  it('are asked for by table or VPC, of the own account and region', async () => {
    for (const path of ['/v1/route', '/v1/route/rule']) {
      expect(outcome(await aBj.get(path))).toEqual(BAD);
      expect(outcome(await bBj.get(path, { vpcId: web.id }))).toEqual(MISSING);
      expect(outcome(await aGz.get(path, { routeTableId: web.routeTable }))).toEqual(MISSING);
      expect(outcome(await aBj.get(path, { routeTableId: web.routeTable, vpcId: data.id }))).toEqual(MISSING);
    }
  });

  it('have several paths over dedicated gateways; active and standby switch over', async () => {
    const gateways = await Promise.all(
      ['one', 'two'].map(
        async (name) => (await aBj.post('/v1/etGateway', { name, vpcId: web.id, speed: 10 })).body.etGatewayId,
      ),
    );
    const hops = (...pathTypes: string[]) =>
      pathTypes.map((pathType, index) => ({ nexthopId: gateways[index], nexthopType: 'dcGateway', pathType }));
    const multi = (nextHopList: unknown, more = {}) =>
      aBj.post('/v1/route/rule', { ...rule({ nexthopType: undefined, ...more }), nextHopList });
    expect(outcome(await multi(hops('ecmp', 'ha:active')))).toEqual(BAD);
    expect(outcome(await multi(hops('ha:active')))).toEqual(BAD);
    expect(outcome(await multi([hops('ecmp')[0], hops('ecmp')[0]]))).toEqual(BAD);
    expect(outcome(await multi(hops('ecmp', 'ecmp'), { nexthopId: gateways[0] }))).toEqual(BAD);
    const { routeRuleIds } = (await multi(hops('ha:active', 'ha:standby'))).body;
    expect(routeRuleIds).toHaveLength(2);
    const types = async () =>
      (await aBj.get('/v1/route/rule', { vpcId: web.id })).body.routeRules.map(({ pathType }) => pathType);
    expect(await types()).toEqual(['ha:active', 'ha:standby']);
    const path = `/v1/route/rule/${String(routeRuleIds[1])}`;
    expect(outcome(await aBj.put(path, { switchRouteHA: '' }))).toEqual(OK);
    expect(await types()).toEqual(['ha:standby', 'ha:active']);
    expect(outcome(await aBj.put(path, {}, { description: 'x' }))).toEqual(DENIED);
    await aBj.delete(`/v1/route/rule/${String(routeRuleIds[0])}`);
    expect(outcome(await aBj.put(path, { switchRouteHA: '' }))).toEqual(DENIED);
    const single = (
      await aBj.post(
        '/v1/route/rule',
        rule({ nexthopType: 'nat', nexthopId: 'nat-b', destinationAddress: '172.16.0.0/16' }),
      )
    ).body;
    expect(outcome(await aBj.put(`/v1/route/rule/${single.routeRuleId}`, { switchRouteHA: '' }))).toEqual(DENIED);
  });
});
