/** Pairs of other mechanisms and links are searched for only where a mark or a doubt asks for it, and none is lost for that. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { countByOperation, DEFAULT_WORLD } from '@peerway/emulator';
import { networkId, parseCidr, type Provider, type RequestObserver } from '@peerway/core';
import { Engine, type ConnectionSpec, type LinkSpec, type Plan } from '@peerway/engine';
import { Emulated, type CloudName } from './emulated.js';
import { LineWorld } from './lines.js';
import { line, pair } from './scene.js';

const REGIONS = { alibaba: DEFAULT_WORLD.alibaba.regions[0], baidu: DEFAULT_WORLD.baidu.regions[0] };
const PORT = { alibaba: DEFAULT_WORLD.alibaba.ports[0]!, baidu: DEFAULT_WORLD.baidu.ports[0]! };
const EVERYTHING = ['DescribeRouterInterfaces', 'DescribeVirtualBorderRouters'];
const SEARCHES = /RouterInterfaces|BorderRouters|DedicatedLineGateways/;

describe('what no listing of the default mechanism shows', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });

  async function start(cloud: CloudName) {
    const world = await Emulated.start();
    open.push(world);
    const ids = new Map<string, string>();
    for (const [at, name] of ['web', 'data', 'jobs'].entries())
      ids.set(
        name,
        world.emulator.world.network({
          cloud,
          account: DEFAULT_WORLD[cloud].accounts.a.id,
          region: REGIONS[cloud],
          cidrs: [`11.${at}.0.0/16`],
          name,
        }).id,
      );
    const provider = await world.provider(cloud, 'a', REGIONS[cloud]);
    const engine = (
      connections: readonly ConnectionSpec[],
      links: readonly LinkSpec[] = [],
      by: Provider = provider,
    ): Engine => {
      const networks = new Map([...ids].map(([name, id]) => [name, { provider: by, id: networkId(id) }]));
      return new Engine({ stack: { name: 'shop', networks, connections, links }, clock: world.clock });
    };
    const apply = async (one: Engine, plan?: Plan): Promise<void> => {
      expect((await one.apply(plan ?? (await one.plan()), { force: true })).outcome).toBe('done');
    };
    const searches = async (work: () => Promise<unknown>): Promise<string[]> => {
      const before = world.emulator.requests.length;
      await work();
      const counts = countByOperation(world.emulator.requests.slice(before));
      return Object.keys(counts).filter((operation) => SEARCHES.test(operation));
    };
    /** A run that dies as soon as an operation was answered. */
    const dieAfter = async (
      operation: string,
      connections: ConnectionSpec[],
      links: LinkSpec[] = [],
    ): Promise<void> => {
      let dead = false;
      const die = (): void => {
        if (dead) throw new Error('killed');
      };
      const observer: RequestObserver = {
        requestSent: die,
        requestAnswered: (_, { nativeOperation }) => {
          dead ||= nativeOperation.startsWith(operation);
          die();
        },
      };
      const mortal = await world.provider(cloud, 'a', REGIONS[cloud], observer);
      const killed = engine(connections, links, mortal);
      await killed
        .plan()
        .then((plan) => killed.apply(plan))
        .catch(() => undefined);
      expect(dead).toBe(true);
      await mortal.close();
    };
    return { world, provider, engine, apply, searches, dieAfter };
  }

  const listed = pair('c', 'web', 'data', { bandwidthMbps: 10 });
  const plain = pair('c', 'web', 'data');
  const interfaces = pair('old', 'web', 'jobs', { mechanism: 'router-interface', routes: 'none' });
  const lineOf = (cloud: CloudName, network: string): LinkSpec =>
    line('idc', network, { port: PORT[cloud].id as LinkSpec['port'], bandwidthMbps: 10 });

  it.each(['alibaba', 'baidu'] as const)(
    '%s: nothing is searched for beside peerings that are whole',
    async (cloud) => {
      const { engine, apply, searches } = await start(cloud);
      const connections = [cloud === 'baidu' ? listed : plain];
      await apply(engine(connections));
      expect(await searches(() => engine(connections).plan())).toEqual([]);
      expect(await searches(() => engine(connections).plan({ mode: 'destroy' }))).toEqual([]);
      // nothing of ours there, or not all of it: everything is searched for
      expect(await searches(() => engine([...connections, pair('d', 'data', 'jobs')]).plan())).toEqual(
        cloud === 'baidu' ? [] : ['DescribeRouterInterfaces'],
      );
      await apply(engine(connections), await engine(connections).plan({ mode: 'destroy' }));
      expect(await searches(() => engine(connections).plan({ mode: 'destroy' }))).not.toEqual([]);
    },
  );

  it('a half that a run left behind is found although its connection has left the file', async () => {
    const { provider, engine, apply, searches, dieAfter } = await start('alibaba');
    await apply(engine([plain]));
    const plan = await engine([plain, interfaces]).plan();
    const create = plan.steps.find(({ work }) => work.verb === 'peering.create');
    expect(create?.needs.map((need) => plan.steps.find(({ id }) => id === need))).toMatchObject([
      {
        action: 'update', // it is there, and gets a mark
        reason: expect.stringMatching(/^its mark: /),
        work: { verb: 'peering.update', update: { setTags: { 'peerway.also': 'yes' } } },
      },
    ]);
    await dieAfter('CreateRouterInterface', [plain, interfaces]);
    expect(await searches(() => engine([plain]).plan())).toEqual(EVERYTHING);
    await apply(engine([plain]));
    const left: string[] = [];
    for await (const { mechanism } of provider.peerings.list()) left.push(mechanism);
    expect(left).toEqual(['vpc-peer']);
    expect((await engine([plain]).plan()).steps).toEqual([]);
  });

  it('a peering that is made beside such a pair says so from the beginning, until the pair is gone', async () => {
    const { provider, engine, apply, searches } = await start('alibaba');
    await apply(engine([interfaces]));
    await apply(engine([interfaces, plain]));
    expect((await engine([interfaces, plain]).plan()).steps).toEqual([]);
    expect(await searches(() => engine([plain]).plan())).toEqual(EVERYTHING);
    await apply(engine([plain]));
    for await (const { mechanism, tags } of provider.peerings.list())
      expect([mechanism, tags['peerway.also']]).toEqual(['vpc-peer', undefined]);
    expect(await searches(() => engine([plain]).plan())).toEqual([]);
  });

  it('marks that somebody has removed say nothing', async () => {
    const { provider, engine, apply, searches } = await start('alibaba');
    await apply(engine([plain, interfaces]));
    for await (const { id, mechanism } of provider.peerings.list())
      if (mechanism === 'vpc-peer')
        await provider.peerings.update(id, { removeTags: ['peerway.stack', 'peerway.connection', 'peerway.also'] });
    expect(await searches(() => engine([plain]).plan())).toEqual(['DescribeRouterInterfaces']);
    const plan = await engine([plain]).plan();
    expect(plan.steps.map(({ work }) => work.verb)).toContain('peering.delete');
    await apply(engine([plain]), plan);
    expect((await engine([plain]).plan()).steps).toEqual([]);
  });

  it.each(['alibaba', 'baidu'] as const)('%s: the beginning of a line is found by a destroy', async (cloud) => {
    const { provider, engine, apply, dieAfter } = await start(cloud);
    const connections = [cloud === 'baidu' ? listed : plain];
    await apply(engine(connections));
    const making = cloud === 'baidu' ? 'CreateDedicatedGateway' : 'CreateVirtualBorderRouter';
    await dieAfter(making, connections, [lineOf(cloud, 'jobs')]);
    await apply(engine(connections), await engine(connections).plan({ mode: 'destroy' }));
    const links: string[] = [];
    for await (const { id } of provider.links.list()) links.push(id);
    expect(links).toEqual([]);
  });

  it('a cloud that lists lines by network is asked about those that declare one, unless a line says that there are more', async () => {
    const world = await LineWorld.start('baidu');
    open.push(world.world);
    const provider = await world.provider();
    const { web, data } = world.world.networks('baidu');
    const { port } = world.spec();
    const first = world.spec();
    const second = world.spec({
      name: 'second',
      network: 'data',
      ...world.channel(port, 1),
      destinations: [parseCidr('192.168.64.0/24')],
    });
    /** Only the networks of its links are declared. */
    const engine = (links: readonly LinkSpec[]): Engine => {
      const ids = Object.entries({ web, data }).filter(([name]) => links.some(({ network }) => network === name));
      const networks = new Map(ids.map(([name, id]) => [name, { provider, id: networkId(id) }]));
      return new Engine({ stack: { name: 'shop', networks, connections: [], links }, clock: world.world.clock });
    };
    const lists = async (plan: Promise<Plan>, begun = world.emulator.requests.length): Promise<number> => {
      await plan;
      const counts = countByOperation(world.emulator.requests.slice(begun));
      return counts['QueryTheListOfDedicatedLineGateways'] ?? 0;
    };
    const apply = async (links: readonly LinkSpec[], mode: 'apply' | 'destroy' = 'apply'): Promise<Plan> => {
      const one = engine(links);
      const plan = await one.plan({ mode });
      expect((await one.apply(plan, { force: true })).outcome).toBe('done');
      return plan;
    };
    const all: string[] = [];
    for await (const { id } of provider.networks.list()) all.push(id);
    // nothing of ours says anything yet: every network of the account is asked, each once
    expect(await lists(engine([first]).plan())).toBe(all.length);
    await apply([first]);
    expect(await lists(engine([first]).plan())).toBe(1);
    expect(await lists(engine([first]).plan({ mode: 'destroy' }))).toBe(1);
    const plan = await apply([first, second]);
    const create = plan.steps.find(({ work }) => work.verb === 'link.create');
    expect(create?.needs.map((need) => plan.steps.find(({ id }) => id === need)?.work)).toMatchObject([
      { verb: 'link.update', update: { description: 'peerway stack=shop connection=idc also' } },
    ]);
    expect((await engine([first, second]).plan()).steps).toEqual([]);
    // the second one and its network have left the file
    expect((await engine([first]).plan()).steps.map(({ id }) => id.split(' ')[1])).toContain('second');
    await apply([first], 'destroy');
    expect(world.rows('gateways')).toEqual([]);
  });
});
