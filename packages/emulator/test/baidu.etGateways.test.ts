/** Dedicated gateways and lines over the wire. Source: docs/facts/baidu.md 3.5 and 3.6. */
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { rule } from './baiduRoutes.js';
import {
  a,
  aBj,
  BAD,
  bBj,
  data,
  DENIED,
  emulator,
  emulatorPerTest,
  MISSING,
  OK,
  outcome,
  settle,
  web,
} from './baiduWire.js';
import type { Answer } from './baiduWire.js';

emulatorPerTest(5);

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
    emulator.rules.set({ 'baidu.route.onGatewayRelease': 'refuse' });
    expect(outcome(await aBj.delete(path))).toEqual(DENIED);
    emulator.rules.set({ 'baidu.route.onGatewayRelease': 'keep' });
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
