/** VPCs, subnets, relay mode, routes, dedicated gateways and lines over the wire. Facts: baidu.md 3.2 to 3.6 and 5. */
import { afterEach, beforeEach, describe, it, expect } from '@jest/globals';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { a, b, createBody, network, Wire } from './baiduWire.js';
import type { Answer } from './baiduWire.js';

const [web, data, jobs] = [network('a', 'bj', 'web'), network('a', 'bj', 'data'), network('a', 'bj', 'jobs')];

let emulator: Emulator;
let aBj: Wire, aGz: Wire, bBj: Wire;

beforeEach(async () => {
  emulator = await Emulator.start({ seed: 5 });
  aBj = new Wire(emulator, a, 'bj');
  aGz = new Wire(emulator, a, 'gz');
  bBj = new Wire(emulator, b, 'bj');
});
afterEach(async () => {
  expect(emulator.crashes).toEqual([]);
  await emulator.close();
});

const settle = (ms = 60_000): void => emulator.clock.advance(ms);
const outcome = ({ status, code }: Answer): readonly [number, string | undefined] => [status, code];
const OK = [200, undefined];
const DENIED = [409, 'OperationDenied'];
const BAD = [400, 'BadRequest'];
const MISSING = [404, 'NoSuchObject'];

async function peered(
  peer: { readonly id: string; readonly region: string } = data,
): Promise<{ id: string; qpif: string; peerQpif: string }> {
  const id = (await aBj.post('/v1/peerconn', createBody(web, peer))).body.peerConnId;
  settle();
  const qpif = (await aBj.get(`/v1/peerconn/${id}`, { role: 'initiator' })).body.localIfId;
  const peerQpif = (await aBj.get(`/v1/peerconn/${id}`, { role: 'acceptor' })).body.localIfId;
  return { id, qpif, peerQpif };
}

describe('VPC', () => {
  it('creates, reads, updates and deletes one with its route table', async () => {
    const tags = [{ tagKey: 'env', tagValue: 'test' }];
    const created = await aBj.post('/v1/vpc', {
      name: 'my_vpc-1',
      cidr: '192.168.0.0/16',
      description: 'd',
      enableIpv6: true,
      tags,
    });
    const { vpcId } = created.body;
    expect(vpcId).toMatch(/^vpc-[0-9a-z]{12}$/);
    const path = `/v1/vpc/${vpcId}`;
    expect((await aBj.get(path)).body.vpc).toMatchObject({
      vpcId,
      name: 'my_vpc-1',
      cidr: '192.168.0.0/16',
      description: 'd',
      isDefault: false,
      relay: false,
      secondaryCidr: [],
      subnets: [],
      tags,
      ipv6Cidr: expect.stringMatching(/::\/56$/),
    });
    expect((await aBj.get('/v1/route', { vpcId })).body).toMatchObject({ vpcId, routeRules: [] });
    const change = { name: 'renamed', description: '', enableIpv6: false, secondaryCidr: ['172.20.0.0/16'] };
    expect(outcome(await aBj.put(path, { modifyAttribute: '' }, change))).toEqual(OK);
    expect((await aBj.get(path)).body.vpc).toMatchObject({
      name: 'renamed',
      description: '',
      ipv6Cidr: '',
      secondaryCidr: ['172.20.0.0/16'],
    });
    expect(outcome(await aBj.put(path, { modifyAttribute: '' }, { name: 'again' }))).toEqual(OK);
    expect((await aBj.get(path)).body.vpc).toMatchObject({ name: 'again', secondaryCidr: ['172.20.0.0/16'] });
    expect(outcome(await aBj.put(path, {}, { name: 'no flag' }))).toEqual(BAD);
    expect(outcome(await aBj.delete(path))).toEqual(OK);
    expect(outcome(await aBj.get(path))).toEqual(MISSING);
    expect(outcome(await aBj.get('/v1/route', { vpcId }))).toEqual(MISSING);
  });

  it.each([
    ['the name default', { name: 'default' }],
    ['a name of 66 characters', { name: 'x'.repeat(66) }],
    ['a malformed range', { cidr: '10.0.0.0/33' }],
    ['a range with host bits', { cidr: '10.0.0.1/16' }],
    ['an IPv6 range', { cidr: 'fd00::/48' }],
    ['a range that is too small', { cidr: '10.0.0.0/30' }],
    ['a description of 201 characters', { description: 'x'.repeat(201) }],
  ])('refuses %s', async (_name, change) => {
    const answer = await aBj.post('/v1/vpc', { name: 'v', cidr: '192.168.0.0/16', ...change });
    expect(outcome(answer)).toEqual(BAD);
  });

  it('clears host bits by switch, so that what is stored is canonical', async () => {
    emulator.rules.set({ 'baidu.cidr.hostBits': 'clear' });
    const { vpcId } = (await aBj.post('/v1/vpc', { name: 'v', cidr: '192.168.7.9/16' })).body;
    expect((await aBj.get(`/v1/vpc/${vpcId}`)).body.vpc['cidr']).toBe('192.168.0.0/16');
  });

  it('keeps accounts and regions apart, and filters lists', async () => {
    expect(outcome(await bBj.get(`/v1/vpc/${web.id}`))).toEqual(MISSING);
    expect(outcome(await aGz.get(`/v1/vpc/${web.id}`))).toEqual(MISSING);
    expect(outcome(await bBj.delete(`/v1/vpc/${web.id}`))).toEqual(MISSING);
    expect((await aBj.get('/v1/vpc')).body.vpcs.map(({ vpcId }) => vpcId)).toEqual([web.id, data.id, jobs.id]);
    expect(
      (await aBj.get('/v1/vpc', { vpcIds: `${jobs.id},${network('b', 'bj', 'web').id}` })).body.vpcs,
    ).toMatchObject([{ vpcId: jobs.id }]);
    expect((await aBj.get('/v1/vpc', { isDefault: 'true' })).body.vpcs).toEqual([]);
    expect((await aBj.get('/v1/vpc', { isDefault: 'false' })).body.vpcs).toHaveLength(3);
  });

  it('keeps the quotas of VPCs and secondary ranges', async () => {
    emulator.rules.set({ 'baidu.vpc.quotaPerRegion': 4, 'baidu.vpc.secondaryCidrs': 1 });
    expect(outcome(await aBj.post('/v1/vpc', { name: 'v', cidr: '192.168.0.0/16' }))).toEqual(OK);
    expect(outcome(await aBj.post('/v1/vpc', { name: 'v', cidr: '192.168.0.0/16' }))).toEqual([413, 'LimitExceeded']);
    const secondaries = (...secondaryCidr: string[]): Promise<Answer> =>
      aBj.put(`/v1/vpc/${web.id}`, { modifyAttribute: '' }, { name: 'web', secondaryCidr });
    expect(outcome(await secondaries('172.20.0.0/16', '172.21.0.0/16'))).toEqual([413, 'LimitExceeded']);
    expect(outcome(await secondaries(web.cidrs[0]))).toEqual(BAD);
    expect(outcome(await secondaries('fd00::/48'))).toEqual(BAD);
    expect(outcome(await secondaries('172.20.0.0/16'))).toEqual(OK);
  });

  it('is not deleted while a peering, a subnet or a gateway needs it', async () => {
    await peered();
    expect(outcome(await aBj.delete(`/v1/vpc/${data.id}`))).toEqual([409, 'ResourceNeedRelease']);
    emulator.rules.set({ 'baidu.vpc.notEmptyCode': 'NotAllowDeleteVpc' });
    expect(outcome(await aBj.delete(`/v1/vpc/${web.id}`))).toEqual([409, 'NotAllowDeleteVpc']);
    await aBj.post('/v1/etGateway', { name: 'g', vpcId: jobs.id, speed: 10 });
    expect(outcome(await aBj.delete(`/v1/vpc/${jobs.id}`))).toEqual([409, 'NotAllowDeleteVpc']);
  });

  it('keeps two peered VPCs from both being relays, by switch', async () => {
    await peered();
    const open = (id: string): Promise<Answer> => aBj.put(`/v1/vpc/openRelay/${id}`);
    expect(outcome(await open(web.id))).toEqual(OK);
    expect((await aBj.get(`/v1/vpc/${web.id}`)).body.vpc['relay']).toBe(true);
    expect(outcome(await open(data.id))).toEqual(DENIED);
    expect(outcome(await open(jobs.id))).toEqual(OK);
    expect(outcome(await aBj.put(`/v1/vpc/shutdownRelay/${web.id}`))).toEqual(OK);
    expect(outcome(await open(data.id))).toEqual(OK);
    emulator.rules.set({ 'baidu.vpc.relayPeersExcludeEachOther': false });
    expect(outcome(await open(web.id))).toEqual(OK);
    expect(outcome(await open('vpc-000000000000'))).toEqual(MISSING);
    expect(outcome(await aBj.put('/v1/vpc/shutdownRelay/vpc-000000000000'))).toEqual(MISSING);
  });
});

describe('subnet', () => {
  const subnet = (change: Record<string, unknown> = {}) => ({
    name: 's1',
    zoneName: 'cn-bj-a',
    cidr: web.cidrs[0].replace('.0.0/16', '.1.0/24'),
    vpcId: web.id,
    ...change,
  });

  it('creates, lists, reads, updates and deletes one', async () => {
    const { subnetId } = (await aBj.post('/v1/subnet', subnet())).body;
    const path = `/v1/subnet/${subnetId}`;
    expect((await aBj.get(path)).body).toMatchObject({
      subnet: { subnetId, zoneName: 'cn-bj-a', subnetType: 'BCC', vpcId: web.id, availableIp: 253 },
    });
    for (const [query, count] of [
      [{ vpcId: web.id }, 1],
      [{ vpcId: data.id }, 0],
      [{ zoneName: 'cn-bj-b' }, 0],
      [{ subnetType: 'BBC' }, 0],
      [{ subnetIds: `x,${subnetId}` }, 1],
    ] as const) {
      expect((await aBj.get('/v1/subnet', query)).body.subnets).toHaveLength(count);
    }
    expect((await aBj.get(`/v1/vpc/${web.id}`)).body.vpc).toMatchObject({ subnets: [{ subnetId }] });
    expect(outcome(await aBj.put(path, { modifyAttribute: '' }, { name: 'renamed' }))).toEqual(OK);
    expect((await aBj.get(path)).body).toMatchObject({ subnet: { name: 'renamed' } });
    expect(outcome(await aBj.delete(`/v1/vpc/${web.id}`))).toEqual([409, 'ResourceNeedRelease']);
    expect(outcome(await bBj.get(path))).toEqual(MISSING);
    expect(outcome(await bBj.put(path, { modifyAttribute: '' }, { name: 'x' }))).toEqual(MISSING);
    expect(outcome(await aBj.delete(path))).toEqual(OK);
    expect(outcome(await aBj.delete(path))).toEqual(MISSING);
  });

  it.each([
    ['a range outside the VPC', { cidr: '192.168.0.0/24' }, BAD],
    ['a zone of another region', { zoneName: 'cn-gz-a' }, BAD],
    ['an unknown VPC', { vpcId: 'vpc-000000000000' }, MISSING],
    ['an unknown type', { subnetType: 'XXX' }, BAD],
    ['no name', { name: undefined }, [400, 'InappropriateJSON']],
  ])('refuses %s', async (_name, change, expected) => {
    expect(outcome(await aBj.post('/v1/subnet', subnet(change)))).toEqual(expected);
  });

  it('refuses overlap with CidrConflict and more than the quota', async () => {
    await aBj.post('/v1/subnet', subnet());
    const cidr = web.cidrs[0].replace('.0.0/16', '.1.128/25');
    expect(outcome(await aBj.post('/v1/subnet', subnet({ cidr })))).toEqual([409, 'CidrConflict']);
    emulator.rules.set({ 'baidu.subnet.quotaPerVpc': 1 });
    const free = web.cidrs[0].replace('.0.0/16', '.2.0/24');
    expect(outcome(await aBj.post('/v1/subnet', subnet({ cidr: free })))).toEqual([413, 'LimitExceeded']);
  });

  it('is kept while a rule starts in it or its range would leave the VPC', async () => {
    const { qpif } = await peered();
    const { subnetId } = (await aBj.post('/v1/subnet', subnet())).body;
    await aBj.post('/v1/route/rule', rule({ sourceAddress: subnet().cidr, nexthopId: qpif }));
    expect(outcome(await aBj.delete(`/v1/subnet/${subnetId}`))).toEqual([409, 'ResourceNeedRelease']);
    for (const code of ['SUBNET_INUSE', 'NotAllowOperateSubnet']) {
      emulator.rules.set({ 'baidu.subnet.inUseCode': code });
      expect(outcome(await aBj.delete(`/v1/subnet/${subnetId}`))).toEqual([409, code]);
    }
    const update = (secondaryCidr: string[]): Promise<Answer> =>
      aBj.put(`/v1/vpc/${web.id}`, { modifyAttribute: '' }, { name: 'web', secondaryCidr });
    await update(['172.20.0.0/16']);
    expect(outcome(await aBj.post('/v1/subnet', subnet({ cidr: '172.20.1.0/24' })))).toEqual(OK);
    expect(outcome(await update([]))).toEqual([409, 'ResourceNeedRelease']);
  });
});

const rule = (change: Record<string, unknown> = {}) => ({
  routeTableId: web.routeTable,
  sourceAddress: '0.0.0.0/0',
  destinationAddress: data.cidrs[0],
  nexthopType: 'peerConn',
  ...change,
});

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

describe('dedicated gateways and lines', () => {
  const line = DEFAULT_WORLD.baidu.ports.find(({ account, region }) => account === 'a' && region === 'bj')!;
  const farLine = DEFAULT_WORLD.baidu.ports.find(({ account, region }) => account === 'a' && region === 'gz')!;
  const foreignLine = DEFAULT_WORLD.baidu.ports.find(({ account, region }) => account === 'b' && region === 'bj')!;
  const channels = async (id: string, by = aBj) => (await by.get(`/v1/et/${id}/channel`)).body.etChannels;
  const create = async (change: Record<string, unknown> = {}): Promise<Answer> =>
    aBj.post('/v1/etGateway', { name: 'gw-1', vpcId: web.id, speed: 100, ...change });

  it('shows the seeded lines and channels to their owner', async () => {
    const { ets } = (await aBj.get('/v1/et')).body;
    expect(ets.map(({ id }) => id)).toContain(line.id);
    expect(ets).toHaveLength(4);
    emulator.rules.set({ 'baidu.et.linesVisibleInEveryRegion': false });
    expect((await aBj.get('/v1/et', { status: 'established' })).body.ets).toHaveLength(2);
    expect((await aBj.get('/v1/et', { status: 'stopped' })).body.ets).toEqual([]);
    expect((await aBj.get(`/v1/et/${line.id}`)).body).toMatchObject({
      id: line.id,
      status: 'established',
      apAddr: line.accessPoint,
    });
    expect(outcome(await bBj.get(`/v1/et/${line.id}`))).toEqual(MISSING);
    const [first] = await channels(line.id);
    expect(first).toMatchObject({
      status: 'established',
      vlanId: 30,
      baiduAddress: '10.255.0.1/30',
      routeType: 'static-route',
    });
    expect(
      (await aBj.get(`/v1/et/${line.id}/channel`, { etChannelId: String(first?.id) })).body.etChannels,
    ).toHaveLength(1);
    expect(outcome(await bBj.get(`/v1/et/${line.id}/channel`))).toEqual(MISSING);
  });

  it('creates, binds, checks, routes over, unbinds and releases a gateway', async () => {
    const { etGatewayId } = (await create()).body;
    expect(etGatewayId).toMatch(/^dcgw-/);
    const path = `/v1/etGateway/${etGatewayId}`;
    expect((await aBj.get(path)).body).toMatchObject({
      etGatewayId,
      status: 'updating',
      speed: 100,
      etId: '',
      enableIpv6: 0,
    });
    const channelId = (await channels(line.id))[0]?.id;
    const bind = { etId: line.id, channelId, localCidrs: [web.cidrs[0]] };
    expect(outcome(await aBj.put(path, { bind: '' }, bind))).toEqual(DENIED);
    settle();
    expect(outcome(await aBj.put(path, { bind: '' }, bind))).toEqual(OK);
    emulator.rules.set({ 'baidu.etGateway.intermediateStatus': 'running' });
    expect((await aBj.get(path)).body.status).toBe('running');
    expect(outcome(await aBj.put(path, { unbind: '' }))).toEqual(DENIED);
    settle();
    const shown = (await aBj.get(path)).body;
    expect(shown).toMatchObject({
      etId: line.id,
      channelId,
      localCidrs: [web.cidrs[0]],
      createTime: expect.stringMatching(/Z$/),
    });
    expect(outcome(await aBj.put(path, { bind: '' }, bind))).toEqual(DENIED);

    const check = {
      healthCheckInterval: 3,
      healthThreshold: 2,
      unhealthThreshold: 2,
      healthCheckSourceIp: '10.255.0.1',
    };
    expect(outcome(await aBj.post(`${path}/healthCheck`, { ...check, healthCheckInterval: 61 }))).toEqual(BAD);
    expect(outcome(await aBj.post(`${path}/healthCheck`, { ...check, channelId: 'dedicatedconn-x' }))).toEqual(BAD);
    expect(outcome(await aBj.post(`${path}/healthCheck`, { ...check, healthCheckSourceIp: 'x' }))).toEqual(BAD);
    expect(outcome(await aBj.post(`${path}/healthCheck`, check))).toEqual(OK);
    expect((await aBj.get(path)).body).toMatchObject({
      healthCheckType: 'ICMP',
      healthCheckInterval: 3,
      healthCheckDestIp: '10.255.0.2',
    });

    const route = rule({ nexthopType: 'dcGateway', nexthopId: etGatewayId, destinationAddress: '192.168.0.0/16' });
    expect(outcome(await aBj.post('/v1/route/rule', route))).toEqual(OK);
    expect(outcome(await aBj.post('/v1/route/rule', { ...route, routeTableId: data.routeTable }))).toEqual(BAD);

    const change = {
      name: 'gw-2',
      speed: 20_000,
      description: 'd',
      localCidrs: [],
      enableIpv6: 1,
      ipv6LocalCidrs: ['2001:db8::/32'],
    };
    expect(outcome(await aBj.put(path, {}, change))).toEqual(OK);
    expect((await aBj.get(path)).body).toMatchObject(change);
    expect(outcome(await aBj.put(path, { unbind: '' }))).toEqual(OK);
    settle();
    expect((await aBj.get(path)).body).toMatchObject({ etId: '', channelId: '', localCidrs: [], status: 'running' });
    expect(outcome(await aBj.put(path, { unbind: '' }))).toEqual(DENIED);
    expect(outcome(await aBj.put(path, {}, { localCidrs: [web.cidrs[0]] }))).toEqual(DENIED);
    expect(outcome(await aBj.post(`${path}/healthCheck`, check))).toEqual(DENIED);
    emulator.rules.set({ 'baidu.route.onPeerconnRelease': 'refuse' });
    expect(outcome(await aBj.delete(path))).toEqual(DENIED);
    emulator.rules.set({ 'baidu.route.onPeerconnRelease': 'keep' });
    expect(outcome(await aBj.delete(path))).toEqual(OK);
    settle();
    expect(outcome(await aBj.get(path))).toEqual(MISSING);
    expect(outcome(await aBj.delete(path))).toEqual(MISSING);
  });

  it('lists by VPC with filters', async () => {
    const { etGatewayId } = (await create()).body;
    await create({ name: 'other', vpcId: data.id });
    settle();
    expect(outcome(await aBj.get('/v1/etGateway'))).toEqual(BAD);
    for (const [query, count] of [
      [{}, 1],
      [{ name: 'gw' }, 1],
      [{ name: 'other' }, 0],
      [{ status: 'running' }, 1],
      [{ status: 'updating' }, 0],
      [{ etGatewayId }, 1],
      [{ etGatewayId: 'dcgw-000000000000' }, 0],
    ] as const) {
      expect((await aBj.get('/v1/etGateway', { vpcId: web.id, ...query })).body.etGateways).toHaveLength(count);
    }
    expect((await bBj.get('/v1/etGateway', { vpcId: web.id })).body.etGateways).toEqual([]);
    expect(outcome(await bBj.get(`/v1/etGateway/${etGatewayId}`))).toEqual(MISSING);
  });

  it('refuses names, speeds and bindings that the cloud refuses', async () => {
    const own = (await channels(line.id))[0]?.id;
    const bound = { etId: line.id, channelId: own };
    const cases: readonly (readonly [Record<string, unknown>, readonly unknown[]])[] = [
      [{ name: '1gw' }, BAD],
      [{ speed: 1 }, BAD],
      [{ speed: 10_001 }, BAD],
      [{ vpcId: 'vpc-000000000000' }, MISSING],
      [{ etId: line.id }, BAD],
      [{ localCidrs: [web.cidrs[0]] }, BAD],
      [{ ...bound, localCidrs: ['nonsense'] }, BAD],
      [{ etId: line.id, channelId: 'dedicatedconn-0' }, MISSING],
      [{ etId: line.id, channelId: (await channels(line.id))[2]?.id }, DENIED], // waits to be paid for
      [{ etId: foreignLine.id, channelId: (await channels(foreignLine.id, bBj))[0]?.id }, MISSING],
      [{ etId: farLine.id, channelId: (await channels(farLine.id))[0]?.id }, BAD],
    ];
    for (const [change, expected] of cases) expect(outcome(await create(change))).toEqual(expected);
    expect(outcome(await create(bound))).toEqual(OK);
    expect(outcome(await create({ ...bound, name: 'second' }))).toEqual(DENIED);
    expect(outcome(await create({ ...bound, vpcId: data.id }))).toEqual(OK);
    const overlapping = emulator.world.network({
      cloud: 'baidu',
      account: a.id,
      region: 'bj',
      cidrs: ['192.168.0.0/16'],
    });
    expect(outcome(await create({ ...bound, vpcId: overlapping.id }))).toEqual(BAD);
    emulator.rules.set({ 'baidu.etGateway.quotaPerVpc': 1 });
    expect(outcome(await create({ name: 'third' }))).toEqual([413, 'LimitExceeded']);
  });
});
