/** VPCs, subnets, relay mode over the wire. Source: docs/facts/baidu.md 3.2 and 3.3. */
import { describe, expect, it } from '@jest/globals';
import { peered, rule } from './baiduRoutes.js';
import {
  aBj,
  aGz,
  BAD,
  bBj,
  data,
  DENIED,
  emulator,
  emulatorPerTest,
  jobs,
  MISSING,
  network,
  OK,
  outcome,
  web,
} from './baiduWire.js';
import type { Answer } from './baiduWire.js';

emulatorPerTest(5);

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
    ['an unknown type', { subnetType: 'unknown' }, BAD],
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
