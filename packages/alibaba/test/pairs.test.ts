/** Router-interface pairs on the emulator: across accounts and regions, killed half-way, and with halves removed by others. */
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  mergeSides,
  nativeOf,
  parseCidr,
  peeringId,
  regionId,
  type Peering,
  type PeeringId,
  type PeeringSide,
  type Provider,
} from '@peerway/core';
import { alibabaRouterInterfaces } from '@peerway/alibaba';
import {
  accountOf,
  ACCOUNTS,
  allOf,
  nextHopOf,
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

  it('the two mechanisms exclude each other between the same networks, whoever asks', async () => {
    const world = await start();
    const provider = await world.provider('a', 'cn-hangzhou');
    const [x, y, z] = [0, 1, 2].map((at) => siteOf(world, 'a', 'cn-hangzhou', at)) as [Site, Site, Site];
    await provider.peerings.create({ initiator: x.id, acceptor: { region: HANGZHOU, network: y.id } });
    await provider.peerings.create(request(x, z));
    for (const second of [
      request(x, y),
      { initiator: z.id, acceptor: { region: HANGZHOU, network: x.id } },
      request(z, x),
    ]) {
      await expect(provider.peerings.create(second)).rejects.toMatchObject({ code: 'AlreadyExists' });
    }
  });

  it('across accounts a step that needs the acceptor’s reading says so', async () => {
    const world = await start();
    const [a, b] = [await world.provider('a', 'cn-hangzhou'), await world.provider('b', 'cn-hangzhou')];
    const [from, to] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, 'b', 'cn-hangzhou', 0)];
    const acceptor = { account: accountOf('b'), region: HANGZHOU, network: to.id };
    const asked = await a.peerings.create({ mechanism: PAIR, initiator: from.id, acceptor });
    await expect(a.peerings.accept(asked.id)).rejects.toMatchObject({ code: 'PermissionDenied' });
    await b.peerings.accept(asked.id);
    const blind = { ...asked, next: { side: 'initiator', verb: 'continue' } } as Peering;
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

  it('acts on the reading that it is handed, and reads anew when that was of another moment', async () => {
    const world = await start();
    const provider = await world.provider('a', 'cn-hangzhou');
    const [from, to] = [siteOf(world, 'a', 'cn-hangzhou', 0), siteOf(world, 'a', 'cn-hangzhou', 1)];
    const { peerings } = provider;
    const id = await peerings.request(request(from, to));
    const pending = await peerings.get(id);
    const counted = async (work: () => Promise<unknown>): Promise<string[]> => {
      const before = world.emulator.requests.length;
      await work();
      return world.emulator.requests.slice(before).map(({ operation }) => operation);
    };
    expect(await counted(() => peerings.advance(pending, 'acceptor'))).toEqual(['CreateRouterInterface']);
    const made = await peerings.get(id);
    expect(await counted(() => peerings.advance(made, 'initiator'))).toEqual(['ModifyRouterInterfaceAttribute']);
    await peerings.settle(id, 'initiator');
    // connected long ago: nothing is left to do, and nothing is made a second time
    await peerings.advance(made, 'initiator');
    const active = await peerings.get(id);
    await peerings.requestDelete(id, { seen: active });
    world.clock.advance(60_000);
    // inactive by now, and so not to be deactivated again but to be deleted
    expect(await peerings.requestDelete(id, { seen: active })).toBe('started');
    world.clock.advance(60_000);
    expect(await peerings.requestDelete(id, { seen: active })).toBe('missing');
    await peerings.delete(id, { side: 'acceptor' });
    expect(await allOf(peerings.list())).toEqual([]);
  });

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

  it('a pair that somebody made by hand, as the vendor’s programs do, is read, continued and removed', async () => {
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
