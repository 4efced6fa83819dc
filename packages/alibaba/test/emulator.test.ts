/** What the shared suite cannot know: Alibaba's own flows, faults and repairs, on the emulator. */
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  mergeSides,
  nativeOf,
  parseCidr,
  peeringId,
  portId,
  regionId,
  type Peering,
  type PeeringId,
  type PeeringSide,
  type Provider,
} from '@peerway/core';
import {
  alibabaBorderRouter,
  alibabaRouterInterfaces,
  alibabaRpc,
  alibabaVpcPeer,
  AlibabaOptions,
} from '@peerway/alibaba';
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
const PAIR = 'router-interface';

/** Reads a pair from both ends and takes whatever step is next, until it is active. */
async function advanceUntilActive(
  world: Session,
  id: PeeringId,
  sides: Readonly<Record<PeeringSide, Provider>>,
): Promise<Peering> {
  for (let look = 0; look < 60; look++) {
    const readings = await Promise.all(
      (['initiator', 'acceptor'] as const).map((side) => sides[side].peerings.find(id, { side })),
    );
    const [first, second] = readings.filter((reading) => reading !== undefined);
    if (first === undefined) throw new Error(`${id} is gone`);
    const seen = second === undefined ? first : mergeSides(first, second);
    if (seen.state === 'active') return seen;
    if (seen.next !== undefined) await sides[seen.next.side].peerings.advance(seen, seen.next.side);
    world.clock.advance(1_000);
  }
  throw new Error(`${id} did not become active`);
}

const tagRequest = { tags: { 'peerway.stack': 'shop', colour: 'red' } };

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

describe('router-interface pairs', () => {
  const request = (from: Site, to: Site) => ({
    mechanism: PAIR,
    initiator: from.id,
    acceptor: { region: HANGZHOU, network: to.id },
    ...tagRequest,
  });

  it.each([
    ['b', 'cn-hangzhou'],
    ['a', 'cn-beijing'],
    ['b', 'cn-beijing'],
  ] as const)(
    'with account %s in %s: create, accept, advance, routes, and each side ends its half',
    async (who, where) => {
      const world = await start();
      const sides = { initiator: await world.provider('a', 'cn-hangzhou'), acceptor: await world.provider(who, where) };
      const [from, to] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, who, where, 1)];
      const asked = await sides.initiator.peerings.create({
        mechanism: PAIR,
        initiator: from.id,
        acceptor: { account: accountOf(who), region: regionId(where), network: to.id },
        bandwidthMbps: 100,
        ...tagRequest,
      });
      expect(asked).toMatchObject({ state: 'pending-acceptance', next: { side: 'acceptor', verb: 'accept' } });
      // the id is all that the acceptor needs
      await sides.acceptor.peerings.accept(asked.id);
      const theirs = await sides.acceptor.peerings.get(asked.id, { side: 'acceptor' });
      expect(theirs).toMatchObject({ id: asked.id, next: { side: 'initiator', verb: 'continue' } });
      expect(await sides.initiator.peerings.advance(theirs, 'initiator')).toBe(true);
      const active = await advanceUntilActive(world, asked.id, sides);
      expect(active).toMatchObject({
        bandwidthMbps: 100,
        initiator: { account: ACCOUNTS.a.id, region: 'cn-hangzhou', network: from.id },
        acceptor: { account: ACCOUNTS[who].id, region: where, network: to.id },
      });
      for (const [provider, site, end, destination] of [
        [sides.initiator, from, active.initiator, to.cidr],
        [sides.acceptor, to, active.acceptor, from.cidr],
      ] as const) {
        const route = {
          network: site.id,
          table: site.table,
          destination: parseCidr(destination),
          nextHop: nextHopOf(end),
        };
        await provider.routes.create(route);
        expect((await allOf(provider.routes.list(site.id, site.table))).at(-1)).toMatchObject({
          nextHop: nextHopOf(end),
        });
        await expect(
          provider.peerings.delete(asked.id, { side: end === active.initiator ? 'initiator' : 'acceptor' }),
        ).rejects.toMatchObject({ code: 'FailedPrecondition' });
        await provider.routes.delete(route);
      }
      await sides.initiator.peerings.delete(asked.id, { side: 'initiator' });
      await sides.acceptor.peerings.delete(asked.id, { side: 'acceptor' });
      expect(await allOf(sides.acceptor.peerings.list({ network: to.id }))).toEqual([]);
      expect(await allOf(sides.initiator.peerings.list({ network: from.id }))).toEqual([]);
    },
  );

  it('across accounts a step that needs the acceptor’s reading says so', async () => {
    const world = await start();
    const [a, b] = [await world.provider('a', 'cn-hangzhou'), await world.provider('b', 'cn-hangzhou')];
    const [from, to] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, 'b', 'cn-hangzhou', 0)];
    const acceptor = { account: accountOf('b'), region: HANGZHOU, network: to.id };
    const asked = await a.peerings.create({ mechanism: PAIR, initiator: from.id, acceptor });
    await expect(a.peerings.accept(asked.id)).rejects.toMatchObject({ code: 'PermissionDenied' });
    await b.peerings.accept(asked.id);
    const blind = { ...asked, next: { side: 'initiator', verb: 'continue' } } as const;
    await expect(a.peerings.advance(blind, 'initiator')).rejects.toMatchObject({ code: 'FailedPrecondition' });
  });

  it.each([1, 2, 3, 4])('a run that dies at its write no. %i, done or not, is finished by the next one', async (at) => {
    for (const kind of ['reset', 'lost-answer'] as const) {
      const world = await start();
      const provider = await world.provider('a', 'cn-hangzhou');
      const [from, to] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, 'a', 'cn-hangzhou', 1)];
      // from that write on the network is down: what the process did before is all there is
      const up = world.emulator.faults.add({ cloud: 'alibaba', mutating: true, calls: at, kind });
      const down = world.emulator.faults.add({
        cloud: 'alibaba',
        mutating: true,
        calls: { from: at + 1 },
        kind: 'reset',
      });
      await provider.peerings.create(request(from, to), { timeoutMs: 30_000 }).catch(() => undefined);
      up();
      down();
      world.clock.advance(60_000);
      const again = await world.provider('a', 'cn-hangzhou');
      const [left, ...more] = await allOf(again.peerings.list({ between: [from.id, to.id], mechanism: PAIR }));
      expect(more).toEqual([]);
      const active =
        left === undefined
          ? await again.peerings.create(request(from, to))
          : await again.peerings.settle(left.id, 'initiator');
      expect(active.state).toBe('active');
      expect(active.tags).toEqual(tagRequest.tags);
      for (const side of ['initiator', 'acceptor'] as const) await again.peerings.delete(active.id, { side });
      expect(await allOf(again.peerings.list())).toEqual([]);
      const rest = await world.vendor('a', 'cn-hangzhou')('vpc', 'DescribeRouterInterfaces', {});
      expect(rest['TotalCount']).toBe(0);
    }
  });

  it('a lost answer of the creation makes one interface, not two', async () => {
    const world = await start();
    const provider = await world.provider('a', 'cn-hangzhou');
    const [from, to] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, 'a', 'cn-hangzhou', 1)];
    world.emulator.faults.add({
      cloud: 'alibaba',
      operation: 'CreateRouterInterface',
      calls: [1, 3],
      kind: 'lost-answer',
    });
    expect((await provider.peerings.create(request(from, to))).state).toBe('active');
    const all = await world.vendor('a', 'cn-hangzhou')('vpc', 'DescribeRouterInterfaces', {});
    expect(all['TotalCount']).toBe(2);
  });

  it('accepting again, an hour later, makes no second interface', async () => {
    const world = await start();
    const [a, b] = [await world.provider('a', 'cn-hangzhou'), await world.provider('b', 'cn-hangzhou')];
    const [from, to] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, 'b', 'cn-hangzhou', 0)];
    const acceptor = { account: accountOf('b'), region: HANGZHOU, network: to.id };
    const asked = await a.peerings.create({ mechanism: PAIR, initiator: from.id, acceptor });
    for (let again = 0; again < 2; again++) {
      await b.peerings.accept(asked.id, { wait: false });
      world.clock.advance(3_600_000);
    }
    const all = await world.vendor('b', 'cn-hangzhou')('vpc', 'DescribeRouterInterfaces', {});
    expect(all['TotalCount']).toBe(1);
  });

  it.each(['IncorrectRIStatus', 'InvalidInstance.StatusError', 'IncorrectStatus'])(
    'a state that moved between looking and acting (%s) is looked at again',
    async (code) => {
      const world = await start();
      const provider = await world.provider('a', 'cn-hangzhou');
      const [from, to] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, 'a', 'cn-hangzhou', 1)];
      const { id } = await provider.peerings.create(request(from, to));
      for (const operation of ['DeactivateRouterInterface', 'DeleteRouterInterface']) {
        world.emulator.faults.add({ cloud: 'alibaba', operation, calls: 1, kind: 'error', status: 400, code });
      }
      for (const side of ['initiator', 'acceptor'] as const) await provider.peerings.delete(id, { side });
      expect(await allOf(provider.peerings.list())).toEqual([]);
    },
  );

  it('a Modify that becomes visible late does not stop the handshake', async () => {
    const world = await start();
    const provider = await world.provider('a', 'cn-hangzhou');
    const [from, to] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, 'a', 'cn-hangzhou', 1)];
    world.emulator.faults.add({ cloud: 'alibaba', operation: 'DescribeRouterInterfaces', kind: 'stale', ms: 4_000 });
    world.emulator.faults.add({
      cloud: 'alibaba',
      operation: 'ConnectRouterInterface',
      calls: { from: 1, to: 3 },
      kind: 'error',
      status: 400,
      code: 'IncorrectOppositeInterfaceInfo.NotSet',
    });
    expect((await provider.peerings.create(request(from, to))).state).toBe('active');
  });

  it.each(['initiator', 'acceptor'] as const)(
    'the %s’s half deleted behind our back is noticed and the rest can be removed',
    async (side) => {
      const world = await start();
      const provider = await world.provider('a', 'cn-hangzhou');
      const [from, to] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, 'a', 'cn-hangzhou', 1)];
      const pair = await provider.peerings.create(request(from, to));
      const vendor = world.vendor('a', 'cn-hangzhou');
      const RouterInterfaceId = nextHopOf(pair[side]).id;
      await vendor('vpc', 'DeactivateRouterInterface', { RouterInterfaceId });
      world.clock.advance(60_000);
      await vendor('vpc', 'DeleteRouterInterface', { RouterInterfaceId });
      world.clock.advance(60_000);
      const [left] = await allOf(provider.peerings.list({ between: [from.id, to.id] }));
      expect(left).toMatchObject({ id: pair.id, state: 'inactive', reason: 'peer-missing' });
      // whoever looks later can tell whose it was, whichever half is left
      expect(left?.tags['peerway.stack']).toBe('shop');
      const other = side === 'initiator' ? 'acceptor' : 'initiator';
      expect(await provider.peerings.find(pair.id, { side })).toBeUndefined();
      await provider.peerings.delete(pair.id, { side: other });
      expect(await allOf(provider.peerings.list())).toEqual([]);
      expect((await provider.peerings.create(request(from, to))).state).toBe('active');
    },
  );

  it('resizes, suspends and resumes; the native records of both halves are there', async () => {
    const world = await start();
    const provider = await world.provider('a', 'cn-hangzhou');
    const [from, to] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, 'a', 'cn-hangzhou', 1)];
    const { id } = await provider.peerings.create({
      ...request(from, to),
      bandwidthMbps: 100,
      name: 'pair',
      description: 'of two',
    });
    await provider.peerings.update(
      id,
      { bandwidthMbps: 500, name: 'renamed', setTags: { colour: 'blue' } },
      { mechanism: PAIR },
    );
    const resized = await provider.peerings.get(id);
    expect(resized).toMatchObject({
      state: 'active',
      bandwidthMbps: 500,
      name: 'renamed',
      description: 'of two',
      tags: { colour: 'blue' },
    });
    await provider.peerings.suspend(id);
    expect(await provider.peerings.get(id)).toMatchObject({ state: 'inactive', reason: 'suspended' });
    await provider.peerings.resume(id);
    const back = await provider.peerings.get(id);
    expect(back.state).toBe('active');
    const records = nativeOf(back, alibabaRouterInterfaces);
    expect([records?.initiator?.Spec, records?.acceptor?.Spec]).toEqual(['Middle.5', 'Negative']);
    await expect(provider.peerings.reject(id)).rejects.toMatchObject({ code: 'Unsupported' });
    await expect(provider.peerings.get(peeringId('ri-nowhere'))).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('a pair that somebody made by hand, as the seeds do, is read, continued and removed', async () => {
    const world = await start();
    const provider = await world.provider('a', 'cn-hangzhou');
    const vendor = world.vendor('a', 'cn-hangzhou');
    const [from, to] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, 'a', 'cn-hangzhou', 1)];
    const make = async (Role: string, RouterId: string, Spec: string): Promise<string> => {
      const made = await vendor('vpc', 'CreateRouterInterface', {
        Role,
        RouterId,
        Spec,
        RouterType: 'VRouter',
        OppositeRegionId: 'cn-hangzhou',
        OppositeRouterType: 'VRouter',
      });
      return String(made['RouterInterfaceId']);
    };
    const initiator = await make('InitiatingSide', from.router, 'Large.2');
    const acceptor = await make('AcceptingSide', to.router, 'Negative');
    world.clock.advance(30_000);
    // two strangers so far
    expect(await allOf(provider.peerings.list({ mechanism: PAIR }))).toEqual([]);
    for (const [RouterInterfaceId, OppositeInterfaceId, OppositeRouterId] of [
      [initiator, acceptor, to.router],
      [acceptor, initiator, from.router],
    ]) {
      await vendor('vpc', 'ModifyRouterInterfaceAttribute', {
        RouterInterfaceId,
        OppositeInterfaceId,
        OppositeRouterId,
        OppositeRouterType: 'VRouter',
      });
    }
    world.clock.advance(30_000);
    const [seen] = await allOf(provider.peerings.list({ mechanism: PAIR }));
    expect(seen).toMatchObject({ id: initiator, state: 'provisioning', next: { side: 'initiator', verb: 'continue' } });
    expect((await provider.peerings.settle(peeringId(initiator), 'initiator')).state).toBe('active');
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

  it('carry health checks from the options, and their record is there', async () => {
    const world = await start();
    const options = Object.assign(new AlibabaOptions(), {
      healthCheckSourceIp: '10.0.0.9',
      healthCheckTargetIp: '10.255.0.2',
    });
    const provider = await world.provider('a', 'cn-hangzhou', { options });
    const link = await provider.links.create(
      line(siteOf(world, 'a', 'cn-hangzhou', 0), { bandwidthMbps: 200, tags: { k: 'v' } }),
    );
    expect(nativeOf(link, alibabaBorderRouter)).toMatchObject({ VlanId: 30, Status: 'active' });
    expect(link).toMatchObject({ bandwidthMbps: 200, tags: { k: 'v' } });
    const halves = world.emulator.requests.filter(({ operation }) => operation === 'CreateRouterInterface');
    expect(halves.map(({ params }) => params['HealthCheckTargetIp'])).toEqual([undefined, '10.255.0.2']);
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
