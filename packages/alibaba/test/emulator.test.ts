/** What the shared suite cannot know: Alibaba's own flows, faults and repairs, on the emulator. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { nativeOf, parseCidr, portId, regionId } from '@peerway/core';
import { alibabaBorderRouter, alibabaRpc, alibabaVpcPeer, AlibabaOptions } from '@peerway/alibaba';
import {
  accountOf,
  ACCOUNTS,
  allOf,
  nextHopOf,
  PORTS,
  session,
  type Session,
  type Site,
  type Where,
  type Who,
} from './world.js';

const open: Session[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

async function start(options: Parameters<typeof session>[0] = {}): Promise<Session> {
  const world = await session(options);
  open.push(world);
  return world;
}

function siteOf(world: Session, who: Who, where: Where, at: number): Site {
  const site = world.sites(who, where)[at];
  if (site === undefined) throw new Error(`no network ${at}`);
  return site;
}

const HANGZHOU = regionId('cn-hangzhou');
describe('VPC peerings', () => {
  it('one account: a connection with a route on each side takes seven calls at most, waits included', async () => {
    const world = await start();
    const provider = await world.provider('a', 'cn-hangzhou', { account: accountOf('a') });
    const [first, second] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, 'a', 'cn-hangzhou', 1)];
    const id = await provider.peerings.request({
      initiator: first.id,
      acceptor: { region: HANGZHOU, network: second.id },
    });
    world.clock.advance(30_000);
    const peering = await provider.peerings.settle(id, 'initiator');
    for (const [from, to, end] of [
      [first, second, peering.initiator],
      [second, first, peering.acceptor],
    ] as const) {
      await provider.routes.create(
        { network: from.id, table: from.table, destination: parseCidr(to.cidr), nextHop: nextHopOf(end) },
        { wait: false },
      );
    }
    expect(world.operations()).toEqual([
      'CreateVpcPeerConnection',
      'GetVpcPeerConnectionAttribute',
      'CreateRouteEntry',
      'CreateRouteEntry',
    ]);
  });

  it('account ids beyond 2^53 survive the round trip exactly', async () => {
    const world = await start();
    const [a, b] = [await world.provider('a', 'cn-hangzhou'), await world.provider('b', 'cn-beijing')];
    const [from, to] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, 'b', 'cn-beijing', 0)];
    const acceptor = { account: accountOf('b'), region: regionId('cn-beijing'), network: to.id };
    const asked = await a.peerings.create({ initiator: from.id, acceptor, bandwidthMbps: 100 });
    await b.peerings.accept(asked.id);
    const seen = await b.peerings.get(asked.id, { side: 'acceptor' });
    expect([seen.state, seen.acceptor.account]).toEqual(['active', '253460731706911258']);
    expect((await b.networks.get(to.id)).account).toBe(ACCOUNTS.b.id);
    expect(JSON.stringify(seen)).toContain('"253460731706911258"');
  });

  it('LinkType and resource group come from the options and show in the native record', async () => {
    const world = await start();
    world.emulator.world.resourceGroup({
      cloud: 'alibaba',
      account: ACCOUNTS.a.id,
      id: 'rg-acfmxazb4ph6aiy',
      name: 'network',
    });
    const options = Object.assign(new AlibabaOptions(), {
      linkType: 'Platinum',
      resourceGroupId: 'rg-acfmxazb4ph6aiy',
    });
    const provider = await world.provider('a', 'cn-hangzhou', { options });
    const [from, far, near] = [
      siteOf(world, 'a', 'cn-hangzhou', 0),
      siteOf(world, 'a', 'cn-beijing', 0),
      siteOf(world, 'a', 'cn-hangzhou', 1),
    ];
    const asked = {
      initiator: from.id,
      acceptor: { region: regionId('cn-beijing'), network: far.id },
      bandwidthMbps: 50,
    };
    await provider.peerings.request(asked).catch(() => undefined);
    await provider.peerings
      .request({ initiator: from.id, acceptor: { region: HANGZHOU, network: near.id } })
      .catch(() => undefined);
    const [across, inside] = world.emulator.requests.filter(({ operation }) => operation === 'CreateVpcPeerConnection');
    expect(across?.params).toMatchObject({ LinkType: 'Platinum', ResourceGroupId: 'rg-acfmxazb4ph6aiy' });
    expect(inside?.params).not.toHaveProperty('LinkType');
  });

  it('a deletion that routes forbid names the route; right after they went it waits', async () => {
    const world = await start();
    const provider = await world.provider('a', 'cn-hangzhou');
    const [from, to] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, 'a', 'cn-hangzhou', 1)];
    const peering = await provider.peerings.create({
      initiator: from.id,
      acceptor: { region: HANGZHOU, network: to.id },
    });
    const route = {
      network: from.id,
      table: from.table,
      destination: parseCidr(to.cidr),
      nextHop: nextHopOf(peering.initiator),
    };
    await provider.routes.create(route);
    const started = world.clock.now();
    await expect(provider.peerings.delete(peering.id)).rejects.toMatchObject({
      code: 'FailedPrecondition',
      message: expect.stringContaining(to.cidr),
      details: expect.objectContaining({ nativeCode: 'OperationDenied.RouteEntryExist' }),
    });
    expect(world.clock.now() - started).toBeLessThan(2_000);
    await provider.routes.delete(route, { wait: false });
    await provider.peerings.delete(peering.id);
    expect(await provider.peerings.find(peering.id)).toBeUndefined();
  });

  it('a foreign route change in the same VPC is waited for, not reported', async () => {
    const world = await start();
    const provider = await world.provider('a', 'cn-hangzhou');
    const [from, to] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, 'a', 'cn-hangzhou', 1)];
    const peering = await provider.peerings.create({
      initiator: from.id,
      acceptor: { region: HANGZHOU, network: to.id },
    });
    const nextHop = nextHopOf(peering.initiator);
    await world.vendor('a', 'cn-hangzhou')('vpc', 'CreateRouteEntry', {
      RouteTableId: from.table,
      DestinationCidrBlock: '172.20.0.0/16',
      NextHopType: 'VpcPeer',
      NextHopId: nextHop.id,
    });
    await provider.routes.create({ network: from.id, table: from.table, destination: parseCidr(to.cidr), nextHop });
    const codes = world.emulator.requests.map(({ code }) => code);
    expect(codes).toContain('TaskConflict');
  });

  it('a storm of throttling is weathered, with one token over all tries', async () => {
    const world = await start();
    const provider = await world.provider('a', 'cn-hangzhou');
    const [from, to] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, 'a', 'cn-hangzhou', 1)];
    world.emulator.faults.add({ cloud: 'alibaba', probability: 0.5, kind: 'throttle' });
    const peering = await provider.peerings.create({
      initiator: from.id,
      acceptor: { region: HANGZHOU, network: to.id },
    });
    expect(peering.state).toBe('active');
    const tokens = world.emulator.requests
      .filter(({ operation }) => operation === 'CreateVpcPeerConnection')
      .map(({ params }) => params['ClientToken']);
    expect(new Set(tokens).size).toBe(1);
  });
});

describe('links', () => {
  const line = (site: Site, more: object = {}) => ({
    network: site.id,
    port: portId(PORTS[0]?.id ?? ''),
    vlan: 30,
    cloudIp: '10.255.0.1/30',
    customerIp: '10.255.0.2',
    name: 'line',
    ...more,
  });

  it.each([1, 2, 3, 4, 5])(
    'a run that dies at its write no. %i is finished by the next one, or removed',
    async (at) => {
      const world = await start();
      const provider = await world.provider('a', 'cn-hangzhou');
      const site = siteOf(world, 'a', 'cn-hangzhou', 0);
      const undo = [
        world.emulator.faults.add({ cloud: 'alibaba', mutating: true, calls: at, kind: 'lost-answer' }),
        world.emulator.faults.add({ cloud: 'alibaba', mutating: true, calls: { from: at + 1 }, kind: 'reset' }),
      ];
      await provider.links.create(line(site), { timeoutMs: 30_000 }).catch(() => undefined);
      for (const end of undo) end();
      world.clock.advance(60_000);
      const [left, ...more] = await allOf(provider.links.list({ port: line(site).port }));
      expect(more).toEqual([]);
      if (left === undefined) throw new Error('the first write was heard');
      if (at % 2 === 0) {
        expect((await provider.links.settle(left.id, line(site))).state).toBe('active');
      }
      await provider.links.delete(left.id);
      expect(await allOf(provider.links.list())).toEqual([]);
      const rest = await world.vendor('a', 'cn-hangzhou')('vpc', 'DescribeRouterInterfaces', {});
      expect(rest['TotalCount']).toBe(0);
    },
  );

  it('are probed as asked for, each part, otherwise later, and no more', async () => {
    const world = await start();
    const { links } = await world.provider('a', 'cn-hangzhou');
    const healthCheck = { source: '10.0.0.9', target: '10.255.0.2', intervalMs: 1_500, failures: 6 };
    const site = siteOf(world, 'a', 'cn-hangzhou', 0);
    const link = await links.create(line(site, { bandwidthMbps: 200, tags: { k: 'v' }, healthCheck }));
    expect(nativeOf(link, alibabaBorderRouter)).toMatchObject({ VlanId: 30, Status: 'active' });
    expect(link).toMatchObject({ bandwidthMbps: 200, tags: { k: 'v' }, healthCheck });
    const halves = world.emulator.requests.filter(({ operation }) => operation === 'CreateRouterInterface');
    expect(halves.map(({ params }) => params['HealthCheckTargetIp'])).toEqual([undefined, '10.255.0.2']);
    const later = { source: '10.0.0.10', target: '10.255.0.2', intervalMs: 2_000 };
    await links.update(link.id, { healthCheck: later });
    expect((await links.get(link.id)).healthCheck).toEqual({ ...later, failures: 6 });
    await links.update(link.id, { healthCheck: 'none' });
    expect((await links.get(link.id)).healthCheck).toBeUndefined();
    await links.update(link.id, { healthCheck: { source: '10.0.0.9' } });
    expect((await links.get(link.id)).healthCheck).toMatchObject({ source: '10.0.0.9', target: '10.255.0.2' });
    expect(() => links.validated(line(site, { healthCheck: { target: '10.255.0.2' } }))).toThrow(/names no source/);
  });

  it('have a circuit code of their own, and stay in their resource group', async () => {
    const world = await start();
    const { links } = await world.provider('a', 'cn-hangzhou');
    const link = await links.create(line(siteOf(world, 'a', 'cn-hangzhou', 0), { settings: { circuitCode: 'cc-1' } }));
    const drift = (settings: object) =>
      links.settingsDrift(link, { ...settings }).map(({ name, change }) => [name, change]);
    expect([drift({ circuitCode: 'cc-1' }), drift({ circuitCode: 'cc-2' })]).toEqual([
      [],
      [['circuitCode', 'in-place']],
    ]);
    expect(drift({ circuitCode: 'cc-1', resourceGroupId: 'rg-other' })).toEqual([['resourceGroupId', 'fixed']]);
    await links.update(link.id, { settings: { names: ['circuitCode'], values: { circuitCode: 'cc-2' } } });
    expect(nativeOf(await links.get(link.id), alibabaBorderRouter)).toMatchObject({ CircuitCode: 'cc-2' });
  });

  it('refuse addresses and bandwidths that the cloud does not have before anything is made', async () => {
    const world = await start();
    const provider = await world.provider('a', 'cn-hangzhou');
    const site = siteOf(world, 'a', 'cn-hangzhou', 0);
    for (const more of [
      { cloudIp: '2001:db8::1/64', customerIp: '2001:db8::2' },
      { bandwidthMbps: 333 },
      { vlan: 3000 },
    ]) {
      await expect(provider.links.create(line(site, more))).rejects.toMatchObject({ code: 'InvalidArgument' });
    }
    expect(world.emulator.requests).toHaveLength(0);
  });
});

describe('the escape hatch', () => {
  it('calls any operation by name, and records hang behind readings', async () => {
    const world = await start();
    const provider = await world.provider('a', 'cn-hangzhou');
    const rpc = provider.native(alibabaRpc);
    if (rpc === undefined) throw new Error('no rpc');
    const RegionId = rpc.region;
    const [from, to] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, 'a', 'cn-hangzhou', 1)];
    const { id } = await provider.peerings.create({
      initiator: from.id,
      acceptor: { region: HANGZHOU, network: to.id },
    });
    const record = await rpc.vpcPeer('GetVpcPeerConnectionAttribute', { InstanceId: id });
    expect(nativeOf(await provider.peerings.get(id), alibabaVpcPeer)).toEqual(
      expect.objectContaining({ InstanceId: record.InstanceId, BizStatus: 'Normal' }),
    );
    await rpc.vpcPeer('TagResources', {
      RegionId,
      ResourceType: 'PeerConnection',
      ResourceId: [id],
      Tag: [{ Key: 'k', Value: '' }],
    });
    expect((await provider.peerings.get(id)).tags).toEqual({ k: '' });
    expect((await rpc.vpc('DescribeRegions', {})).Regions?.Region?.map((each) => each.RegionId)).toContain(RegionId);
    expect((await rpc.vpc('DescribePhysicalConnections', { RegionId })).TotalCount).toBe(2);
    await expect(rpc.vpcPeer('RejectVpcPeerConnection', { InstanceId: id })).rejects.toMatchObject({
      code: 'FailedPrecondition',
      details: expect.objectContaining({ nativeCode: 'IncorrectStatus.VpcPeer' }),
    });
  });

  it('session tokens of STS are sent and understood', async () => {
    const world = await start();
    world.emulator.world.key({
      cloud: 'alibaba',
      id: 'STS.NUgYrLnoC37mZZCNnAbez',
      secret: 'secret-of-a-session-0123456789',
      account: ACCOUNTS.a.id,
      session: { token: 'CAIS/tok+en==', expiresAt: world.clock.now() + 3_600_000, arn: 'acs:ram::1:assumed-role/r/s' },
    });
    const keys = { accessKeyId: 'STS.NUgYrLnoC37mZZCNnAbez', accessKeySecret: 'secret-of-a-session-0123456789' };
    const good = await world.provider('a', 'cn-hangzhou', { credentials: { ...keys, securityToken: 'CAIS/tok+en==' } });
    expect((await allOf(good.networks.list())).length).toBe(3);
    for (const credentials of [keys, { ...keys, securityToken: 'CAIS/other==' }]) {
      const bad = await world.provider('a', 'cn-hangzhou', { credentials });
      await expect(allOf(bad.networks.list())).rejects.toMatchObject({ code: 'Unauthenticated' });
    }
  });
});
