/** How often the clouds are asked: what a plan costs follows from what is declared, and what was read once is not asked again. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { countByOperation, DEFAULT_WORLD } from '@peerway/emulator';
import {
  networkId,
  parseCidr,
  regionId,
  type NetworkId,
  type Peering,
  type Provider,
  type RequestObserver,
} from '@peerway/core';
import { Engine, type LinkSpec } from '@peerway/engine';
import { Emulated, type CloudName } from './emulated.js';
import { line, pair } from './scene.js';

const REGIONS = { alibaba: DEFAULT_WORLD.alibaba.regions[0], baidu: DEFAULT_WORLD.baidu.regions[0] };

describe('asking once', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });

  async function start(): Promise<Emulated> {
    const world = await Emulated.start({ rules: { 'baidu.peerconn.quotaPerAccount': 1_000 } });
    open.push(world);
    return world;
  }

  const network = ({ emulator }: Emulated, cloud: CloudName, at: number): NetworkId => {
    const account = DEFAULT_WORLD[cloud].accounts.a.id;
    const cidrs = [`11.${at}.0.0/16`];
    return networkId(emulator.world.network({ cloud, account, region: REGIONS[cloud], cidrs, name: `n${at}` }).id);
  };

  async function provider(world: Emulated, cloud: CloudName, observer?: RequestObserver): Promise<Provider> {
    const one = await world.provider(cloud, 'a', REGIONS[cloud], observer);
    if (observer !== undefined) open.push(one);
    return one;
  }

  async function engineOf(
    world: Emulated,
    cloud: CloudName,
    what: { peering?: Parameters<typeof pair>[3]; links?: readonly LinkSpec[]; observer?: RequestObserver },
  ): Promise<() => Engine> {
    const by = await provider(world, cloud, what.observer);
    const networks = new Map(
      ['web', 'data'].map((name, at) => [name, { provider: by, id: network(world, cloud, at) }]),
    );
    const connections = what.peering === undefined ? [] : [pair('c', 'web', 'data', what.peering)];
    const stack = { name: 'shop', networks, connections, links: what.links ?? [] };
    return () => new Engine({ stack, clock: world.clock });
  }

  /** The requests of one piece of work, by operation. */
  async function asked(world: Emulated, work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
    const before = world.emulator.requests.length;
    await work();
    return countByOperation(world.emulator.requests.slice(before));
  }

  it('a plan beside foreign peerings of Baidu reads none of them', async () => {
    const world = await start();
    const engine = await engineOf(world, 'baidu', { peering: { bandwidthMbps: 10 } });
    await engine().apply(await engine().plan());
    const alone = await asked(world, () => engine().plan());
    expect(alone).toEqual({ QueryVpcList: 1, ListPeerConn: 1, QueryRoutingTable: 2 });
    const theirs = await provider(world, 'baidu');
    for (let at = 0; at < 6; at++) {
      const acceptor = { region: regionId(REGIONS.baidu), network: network(world, 'baidu', 21 + 2 * at) };
      await theirs.peerings.create({ initiator: network(world, 'baidu', 20 + 2 * at), acceptor, bandwidthMbps: 10 });
    }
    expect(await asked(world, () => engine().plan())).toEqual(alone);
    const plan = await engine().plan();
    expect([plan.steps, plan.problems]).toEqual([[], []]);
  });

  it('a destroy beside peerings of another stack in the same network of Baidu reads its own alone', async () => {
    const world = await start();
    const by = await provider(world, 'baidu');
    const networks = new Map(
      ['web', 'data', 'spare'].map((name, at) => [name, { provider: by, id: network(world, 'baidu', at) }]),
    );
    const engineFor = (name: string, other: string): Engine => {
      const connections = [pair('c', 'web', other, { bandwidthMbps: 10 })];
      return new Engine({ stack: { name, networks, connections, links: [] }, clock: world.clock });
    };
    for (const one of [engineFor('shop', 'data'), engineFor('office', 'spare')]) await one.apply(await one.plan());
    const { GetPeerConn } = await asked(world, () => engineFor('shop', 'data').plan({ mode: 'destroy' }));
    expect(GetPeerConn).toBe(1);
  });

  it('reads whole what bears our mark, although nobody declares its networks any more', async () => {
    const world = await start();
    const engine = await engineOf(world, 'baidu', { peering: { bandwidthMbps: 10 } });
    await engine().apply(await engine().plan());
    const by = await provider(world, 'baidu');
    for await (const { id } of by.peerings.list()) await by.peerings.update(id, { deletionProtection: true });
    const stack = { name: 'shop', networks: new Map(), connections: [], links: [], providers: [by] };
    const left = new Engine({ stack, clock: world.clock });
    // that its deletion protection is on is not in the listing
    expect((await left.plan()).problems).toMatchObject([{ kind: 'deletion-protected' }]);
  });

  it('an empty plan of a router-interface pair looks at its interfaces once', async () => {
    const world = await start();
    const engine = await engineOf(world, 'alibaba', { peering: { mechanism: 'router-interface' } });
    await engine().apply(await engine().plan());
    expect(await asked(world, () => engine().plan())).toEqual({
      DescribeVpcs: 1,
      ListVpcPeerConnections: 1,
      DescribeRouterInterfaces: 1,
      // a pair of interfaces announces no line, as a peering of the listed mechanism would
      DescribeVirtualBorderRouters: 1,
      DescribeRouteEntryList: 2,
    });
  });

  it('what no route bears out is read by its id before it is deleted, and only that', async () => {
    const world = await start();
    const engine = await engineOf(world, 'alibaba', { peering: { routes: 'none' } });
    await engine().apply(await engine().plan());
    const destroy = async () => {
      const one = engine();
      const plan = await one.plan({ mode: 'destroy' });
      expect(plan.steps.map(({ work }) => work.verb)).toEqual(['peering.delete']);
    };
    const looked = { DescribeVpcs: 1, ListVpcPeerConnections: 1, DescribeRouteEntryList: 2 };
    expect(await asked(world, destroy)).toEqual({ ...looked, GetVpcPeerConnectionAttribute: 1 });
  });

  it('a peering of Baidu that somebody released leaves a blackhole that is seen', async () => {
    const world = await start();
    const engine = await engineOf(world, 'baidu', { peering: { bandwidthMbps: 10 } });
    await engine().apply(await engine().plan());
    const by = await provider(world, 'baidu');
    for await (const { id } of by.peerings.list()) await by.peerings.delete(id);
    expect((await engine().verify('web', 'data')).reachable).toBe(false);
    const plan = await engine().plan();
    expect(plan.steps.map(({ work }) => work.verb).sort()).toContain('peering.create');
    expect((await engine().apply(plan, { force: true })).outcome).toBe('done');
    expect((await engine().plan()).steps).toEqual([]);
  });

  it.each([
    ['alibaba', {}, 'ListVpcPeerConnections', 'DescribeRouteEntryList'],
    ['baidu', { bandwidthMbps: 10 }, 'ListPeerConn', 'QueryRoutingRules'],
  ] as const)(
    '%s: looks are counted from the answer, so a slow way costs none',
    async (cloud, peering, list, routes) => {
      const counts = async (delayMs: number) => {
        const world = await start();
        const later = () => world.clock.advance(delayMs);
        const observer = { requestSent: later, requestAnswered: later };
        const engine = await engineOf(world, cloud, { peering, observer });
        const plan = await engine().plan();
        const made = await asked(world, () => engine().apply(plan));
        const gone = await engine().plan({ mode: 'destroy' });
        const ended = await asked(world, () => engine().apply(gone, { force: true }));
        return [made[list], made[routes], ended[list], ended[routes]];
      };
      const [slow, swift] = [await counts(90), await counts(0)];
      expect(slow.filter((count = 0, at) => count > (swift[at] ?? 0))).toEqual([]);
    },
  );

  it('routes of a line are read without asking what their next hops are', async () => {
    const world = await start();
    const port = DEFAULT_WORLD.alibaba.ports[0]!;
    const links = [line('idc', 'web', { port: port.id as LinkSpec['port'] })];
    const engine = await engineOf(world, 'alibaba', { links });
    await engine().apply(await engine().plan());
    const { DescribeRouterInterfaces: interfaces } = await asked(world, () => engine().plan());
    expect(interfaces).toBe(2); // of the pairs, of the border routers
  });

  it.each([
    {
      what: 'a router-interface pair',
      made: {
        DescribeRouterInterfaces: 1 + 4, // whether another run has begun it, and a look before each step and after the last
        CreateRouterInterface: 2,
        ModifyRouterInterfaceAttribute: 1,
        ConnectRouterInterface: 1,
        CreateRouteEntries: 1,
        DescribeRouteEntryList: 2,
      },
      gone: {
        DeleteRouteEntries: 1,
        DescribeRouteEntryList: 2,
        DeactivateRouterInterface: 2,
        DeleteRouterInterface: 2,
        DescribeRouterInterfaces: 2,
      },
    },
    {
      what: 'a line',
      made: {
        CreateVirtualBorderRouter: 1,
        CreateRouterInterface: 2,
        ModifyRouterInterfaceAttribute: 1,
        ConnectRouterInterface: 1,
        DescribeVirtualBorderRouters: 4,
        DescribeRouterInterfaces: 4,
        CreateRouteEntries: 1,
        DescribeRouteEntryList: 2,
      },
      gone: {
        DeleteRouteEntries: 1,
        DescribeRouteEntryList: 2,
        DeactivateRouterInterface: 2,
        DeleteRouterInterface: 2,
        DeleteVirtualBorderRouter: 1,
        DescribeVirtualBorderRouters: 3,
        DescribeRouterInterfaces: 2,
      },
    },
  ])('$what: a step acts on the look that asked for it', async ({ what, made, gone }) => {
    const world = await start();
    const port = DEFAULT_WORLD.alibaba.ports[0]!;
    const engine = await engineOf(
      world,
      'alibaba',
      what === 'a line'
        ? { links: [line('idc', 'web', { port: port.id as LinkSpec['port'] })] }
        : { peering: { mechanism: 'router-interface' } },
    );
    const life = async (mode: 'apply' | 'destroy') => {
      const one = engine();
      const plan = await one.plan({ mode });
      return asked(world, async () => expect((await one.apply(plan, { force: true })).outcome).toBe('done'));
    };
    expect(await life('apply')).toEqual(made);
    expect(await life('destroy')).toEqual(gone);
  });

  it('a route that somebody writes while ours go keeps both halves of a pair in service', async () => {
    const world = await start();
    const engine = (await engineOf(world, 'alibaba', { peering: { mechanism: 'router-interface' } }))();
    await engine.apply(await engine.plan());
    const by = await provider(world, 'alibaba');
    const list = by.peerings.list({ mechanism: 'router-interface' });
    const { value: peering } = (await list.next()) as IteratorYieldResult<Peering>;
    const plan = await engine.plan({ mode: 'destroy' });
    const { network: theirs, nextHop } = peering.acceptor;
    const [table] = await by.routes.tables(theirs);
    await by.routes.create({
      network: theirs,
      table: table!.id,
      destination: parseCidr('172.31.0.0/16'),
      nextHop: nextHop!,
    });
    const ended = await asked(world, () => engine.apply(plan, { force: true }));
    expect(ended['DeactivateRouterInterface']).toBeUndefined();
    expect((await engine.plan({ mode: 'destroy' })).steps).not.toEqual([]);
  });

  describe('one request shows whether routes of either end keep a peering of Alibaba Cloud from going', () => {
    const ends = async (world: Emulated, split: boolean): Promise<Engine> => {
      const { web, data, far, regions } = world.networks('alibaba');
      const near = await world.provider('alibaba', 'a', regions[0]);
      const away = await world.provider('alibaba', 'b', regions[1]);
      const networks = new Map([
        ['web', { provider: near, id: networkId(web) }],
        ['other', split ? { provider: away, id: networkId(far) } : { provider: near, id: networkId(data) }],
      ]);
      const stack = { name: 'shop', networks, connections: [pair('c', 'web', 'other')], links: [] };
      const engine = new Engine({ stack, clock: world.clock });
      await engine.apply(await engine.plan());
      return engine;
    };

    it.each([
      { where: 'inside one account', split: false, deleted: { DeleteRouteEntries: 1 } },
      { where: 'across accounts', split: true, deleted: { DeleteRouteEntry: 2 } },
    ])('$where: before it is deleted, in the place of both tables', async ({ split, deleted }) => {
      const world = await start();
      const engine = await ends(world, split);
      const plan = await engine.plan({ mode: 'destroy' });
      const before = world.emulator.requests.length;
      expect((await engine.apply(plan, { force: true })).outcome).toBe('done');
      const requests = world.emulator.requests.slice(before);
      expect(countByOperation(requests)).toEqual({ ...deleted, DeleteVpcPeerConnection: 2, ListVpcPeerConnections: 1 });
      // the question is answered with a code of its own; nothing was refused
      expect(requests.flatMap(({ code }) => code ?? [])).toEqual(['DryRunOperation']);
    });

    it('a route that somebody has written since the plan is named after three such requests', async () => {
      const world = await start();
      const engine = await ends(world, false);
      const plan = await engine.plan({ mode: 'destroy' });
      const by = await world.provider('alibaba', 'a', REGIONS.alibaba);
      const { value: peering } = (await by.peerings.list().next()) as IteratorYieldResult<Peering>;
      const { network: theirs, nextHop } = peering.acceptor;
      const [table] = await by.routes.tables(theirs);
      const destination = parseCidr('172.31.0.0/16');
      await by.routes.create({ network: theirs, table: table!.id, destination, nextHop: nextHop! });
      const before = world.emulator.requests.length;
      const { steps } = await engine.apply(plan, { force: true });
      expect(steps.map((step) => (step.outcome === 'failed' ? step.error?.message : step.outcome))).toEqual([
        expect.stringMatching(/^The route to 172\.31\.0\.0\/16 in vtb-\S+ still points at pcc-/),
        'done',
        'done',
      ]);
      const questions = world.emulator.requests.slice(before).filter(({ params }) => params?.['DryRun'] !== undefined);
      expect(questions).toHaveLength(3);
    });
  });
});
