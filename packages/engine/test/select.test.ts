/** Networks that a declaration names by tags and name: what is found is joined, what leaves is let go, and an answer that is not whole removes nothing. */
import { describe, expect, it } from '@jest/globals';
import { alibabaRpc } from '@peerway/alibaba';
import { networkId, type Network, type Provider, type Tags } from '@peerway/core';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { Engine, type ConnectionSpec, type NetworkSpec, type Plan, type SelectionSpec } from '@peerway/engine';
import { Emulated, type CloudName } from './emulated.js';
import { FakeCloud } from './fakeCloud.js';
import { inNewProcess } from './newProcess.js';
import { hub, mesh } from './scene.js';

interface File {
  readonly networks?: readonly string[];
  readonly selections: Readonly<Record<string, Omit<SelectionSpec, 'provider'>>>;
  readonly connections: readonly ConnectionSpec[];
}

const SPOKES: File = {
  networks: ['ml'],
  selections: { spokes: { tags: { role: 'spoke' } } },
  connections: [hub('core', 'ml', ['spokes'])],
};

class Selecting {
  readonly cloud = new FakeCloud();
  #block = 0;

  /** @param tags by network; one without is in the cloud untagged */
  constructor(networks: Readonly<Record<string, Tags | undefined>>) {
    for (const [id, tags] of Object.entries(networks)) this.add(id, tags);
  }

  add(id: string, tags: Tags = {}): void {
    this.cloud.network(id, [`10.${this.#block++}.0.0/16`]);
    this.tag(id, tags);
  }

  tag(id: string, tags: Tags): void {
    this.cloud.networks.get(id)!.tags = { ...tags };
  }

  engine({ networks = [], selections, connections }: File, provider: Provider = this.cloud.provider('one')): Engine {
    return new Engine({
      stack: {
        name: 'shop',
        networks: new Map(networks.map((id): [string, NetworkSpec] => [id, { provider, id: networkId(id) }])),
        selections: new Map(Object.entries(selections).map(([name, one]) => [name, { provider, ...one }])),
        connections,
        links: [],
      },
      clock: inNewProcess(this.cloud.clock),
    });
  }

  plan(file: File): Promise<Plan> {
    return this.engine(file).plan();
  }

  /** Applies, and there is nothing left to do. */
  async converge(file: File, force = false): Promise<Plan> {
    const engine = this.engine(file);
    const plan = await engine.plan();
    expect((await engine.apply(plan, { force })).outcome).toBe('done');
    expect(await this.plan(file)).toMatchObject({ steps: [], drift: [] });
    return plan;
  }

  get pairs(): string[] {
    return this.cloud.peerings.map(({ initiator, acceptor }) => `${initiator} ${acceptor}`).sort();
  }
}

const found = ({ selections = {} }: Plan): unknown =>
  Object.fromEntries(Object.entries(selections).map(([name, networks]) => [name, networks.map(({ id }) => id)]));

describe('what a selection finds', () => {
  it('is joined under names that its ids make, and plan says what it is', async () => {
    const scene = new Selecting({
      ml: { role: 'spoke' },
      a: { role: 'spoke', env: 'x' },
      b: { role: 'spoke' },
      c: { role: 'hub' },
    });
    const plan = await scene.converge(SPOKES);
    expect(found(plan)).toEqual({ spokes: ['a', 'b', 'ml'] });
    expect(new Set(plan.steps.map(({ connection }) => connection))).toEqual(new Set(['core/ml/a', 'core/ml/b']));
    expect(scene.pairs).toEqual(['ml a', 'ml b']);
    const status = await scene.engine(SPOKES).status();
    expect(status.connections.map(({ connection, health }) => [connection, health])).toEqual([
      ['core/ml/a', 'connected'],
      ['core/ml/b', 'connected'],
    ]);
    expect(await scene.engine(SPOKES).verify('a', 'ml')).toMatchObject({ reachable: true });
  });

  it('may be nothing, also where the connection says the routes or the names of its sides', async () => {
    const scene = new Selecting({ ml: { role: 'hub' } });
    const says = { routes: { sides: { ml: 'auto', spokes: 'none' } }, dnsSync: ['ml'] } as const;
    const { problems } = await scene.plan({ ...SPOKES, connections: [hub('core', 'ml', ['spokes'], says)] });
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it.each<[string, Omit<SelectionSpec, 'provider'>, string[]]>([
    ['all tags', { tags: { role: 'spoke', env: 'prod' } }, ['a']],
    ['a tag and a name', { tags: { role: 'spoke' }, name: 'prod-*' }, ['b']],
    ['a name', { name: 'prod-?' }, ['b', 'c']],
    ['any name', { name: '*' }, ['a', 'b', 'c']],
    ['nothing', { name: 'prod' }, []],
    ['a tag called like a member of every object', { tags: { constructor: 'x' } }, []],
  ])('has %s', async (_, selection, ids) => {
    const scene = new Selecting({ a: { role: 'spoke', env: 'prod' }, b: { role: 'spoke' }, c: {} });
    for (const [id, name] of [
      ['b', 'prod-1'],
      ['c', 'prod-2'],
    ] as const)
      scene.cloud.networks.get(id)!.name = name;
    const plan = await scene.plan({ selections: { them: selection }, connections: [mesh('all', ['them'])] });
    expect(found(plan)).toEqual({ them: ids });
  });

  it('is said to be nothing where it is', async () => {
    const scene = new Selecting({ ml: {}, a: {} });
    const plan = await scene.converge(SPOKES);
    expect([plan.steps, plan.problems]).toEqual([
      [],
      [
        expect.objectContaining({
          severity: 'warning',
          kind: 'selection-empty',
          message: 'spokes finds no network in one, region r1',
        }),
      ],
    ]);
  });

  it('of two selections that overlap is one network, and a network with a name of its own keeps it', async () => {
    const scene = new Selecting({ ml: {}, a: { role: 'spoke', env: 'x' }, b: { env: 'x' }, c: { role: 'spoke' } });
    const file: File = {
      networks: ['ml', 'c'],
      selections: { spokes: { tags: { role: 'spoke' } }, x: { tags: { env: 'x' } } },
      connections: [hub('core', 'ml', ['spokes', 'x', 'c'])],
    };
    await scene.converge(file);
    expect(scene.pairs).toEqual(['ml a', 'ml b', 'ml c']);
    const both = { ...file, connections: [...file.connections, hub('more', 'ml', ['x'])] };
    expect((await scene.plan(both)).problems.map(({ kind, object }) => [kind, object])).toEqual([
      ['duplicate-pair', 'more/ml/a'],
      ['duplicate-pair', 'more/ml/b'],
    ]);
  });

  it('takes routes and sides as one network would', async () => {
    const scene = new Selecting({ ml: {}, a: { role: 'spoke' }, b: { role: 'spoke' } });
    const sides = { ml: 'none', spokes: ['10.0.1.0/24' as never], b: 'none' } as const;
    await scene.converge({
      ...SPOKES,
      networks: ['ml', 'b'],
      connections: [hub('core', 'ml', ['spokes'], { routes: { sides } })],
    });
    expect(['ml', 'a', 'b'].map((id) => scene.cloud.routesOf(id).map(({ destination }) => destination))).toEqual([
      [],
      ['10.0.1.0/24'],
      [],
    ]);
  });
});

describe('on the second day', () => {
  const five = (): Selecting =>
    new Selecting({ ml: {}, ...Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((id) => [id, { role: 'spoke' }])) });

  it('a network that gets the tag is joined, one that loses it is let go, one that is renamed stays', async () => {
    const scene = five();
    await scene.converge(SPOKES);
    scene.add('f', { role: 'spoke' });
    scene.tag('a', {});
    scene.cloud.networks.get('b')!.name = 'called otherwise';
    const plan = await scene.converge(SPOKES);
    expect(plan.summary).toMatchObject({ create: 3, delete: 3 });
    expect(scene.pairs).toEqual(['ml b', 'ml c', 'ml d', 'ml e', 'ml f']);
  });

  it('a network that is deleted, or is being, is selected no more', async () => {
    const scene = five();
    scene.cloud.networks.get('e')!.state = 'deleting';
    await scene.converge(SPOKES);
    expect(scene.pairs).toEqual(['ml a', 'ml b', 'ml c', 'ml d']);
  });

  it('the last tag of many that go wants force, with the counts shown', async () => {
    const scene = five();
    await scene.converge(SPOKES);
    for (const id of ['a', 'b', 'c', 'd', 'e']) scene.tag(id, {});
    const engine = scene.engine(SPOKES);
    const plan = await engine.plan();
    expect(plan.problems.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      'too-much-deleted: The plan deletes 10 of our 10 routes, more than a third',
      'too-much-deleted: The plan deletes 5 of our 5 peerings, more than a third',
      'selection-empty: spokes finds no network in one, region r1',
    ]);
    await expect(engine.apply(plan)).rejects.toMatchObject({ code: 'FailedPrecondition' });
    expect(scene.pairs).toHaveLength(5);
    await scene.converge(SPOKES, true);
    expect(scene.pairs).toEqual([]);
  });

  it.each([0, 3])(
    'a listing that shows %i of the networks, which are there and tagged, is no reason to remove any',
    async (shown) => {
      const scene = five();
      await scene.converge(SPOKES);
      const before = scene.cloud.mutations().length;
      const engine = scene.engine(SPOKES, listingOnly(scene.cloud.provider('one'), shown));
      await expect(engine.plan()).rejects.toMatchObject({
        code: 'Unavailable',
        message: expect.stringMatching(
          /^Two answers contradict each other: the listing of one lacks \w, which is there and is what spokes selects/,
        ),
      });
      expect(scene.cloud.mutations()).toHaveLength(before);
    },
  );

  it('a network that is declared by itself from now on is not made anew', async () => {
    const scene = five();
    await scene.converge(SPOKES);
    const made = ['a', 'b'].map((id) => scene.cloud.peeringOf('ml', id).id);
    const plan = await scene.converge({ ...SPOKES, networks: ['ml', 'a'] });
    expect(plan.steps).toEqual([]);
    await scene.converge(
      { ...SPOKES, selections: {}, connections: [hub('core', 'ml', ['a', 'b'])], networks: ['ml', 'a', 'b'] },
      true,
    );
    expect(scene.cloud.peerings.map(({ id }) => id).sort()).toEqual(made.sort());
  });

  it('what the selection found is destroyed with the stack, tagged still or not', async () => {
    const scene = five();
    await scene.converge(SPOKES);
    scene.tag('a', {});
    const engine = scene.engine(SPOKES);
    expect((await engine.apply(await engine.plan({ mode: 'destroy' }))).outcome).toBe('done');
    expect([scene.pairs, scene.cloud.routesOf('ml')]).toEqual([[], []]);
  });
});

describe('what a selection costs', () => {
  it('is refused where it makes more pairs than a file may name', async () => {
    const scene = new Selecting({});
    for (let at = 0; at < 448; at++) scene.cloud.network(`n${at}`, [`10.${Math.floor(at / 200)}.${at % 200}.0/24`]);
    const file: File = { selections: { all: { name: '*' } }, connections: [mesh('core', ['all'])] };
    await expect(scene.plan(file)).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: 'core, with what it selects, makes more than 100,000 pairs of networks',
    });
  });

  it('is one listing in place of the reading by id', async () => {
    const scene = new Selecting({ ml: {}, a: { role: 'spoke' }, b: { role: 'spoke' } });
    await scene.converge(SPOKES);
    const before = scene.cloud.requests.length;
    await scene.plan(SPOKES);
    const asked = scene.cloud.requests.slice(before).map(({ operation }) => operation);
    expect(asked.filter((operation) => operation.startsWith('networks.'))).toEqual(['networks.list']);
  });

  it('is nothing where a cloud does not show tags: it is refused', async () => {
    const cloud = new FakeCloud({ networkTags: false });
    cloud.network('a', ['10.0.0.0/16']);
    const provider = cloud.provider('one');
    const stack = {
      name: 'shop',
      networks: new Map<string, NetworkSpec>(),
      selections: new Map([['them', { provider, tags: { role: 'spoke' } }]]),
      connections: [mesh('all', ['them'])],
      links: [],
    };
    await expect(new Engine({ stack, clock: cloud.clock }).plan()).rejects.toMatchObject({
      code: 'Unsupported',
      message: expect.stringMatching(/does not select networks by tags: the fake has none/),
    });
    expect(cloud.requests).toEqual([]);
  });
});

/** The same provider, whose listings of networks end after some. */
function listingOnly(provider: Provider, shown: number): Provider {
  const only = (one: Provider): Provider =>
    new Proxy(one, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        if (key === 'networks')
          return Object.assign(Object.create(target.networks) as object, {
            async *list(options: object): AsyncGenerator<Network> {
              let count = 0;
              for await (const network of target.networks.list(options)) if (count++ < shown) yield network;
            },
            getMany: target.networks.getMany.bind(target.networks),
          });
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          const made: unknown = (value as (...args: unknown[]) => unknown).apply(target, args);
          return made !== null && typeof made === 'object' && 'networks' in made ? only(made as Provider) : made;
        };
      },
    });
  return only(provider);
}

describe.each<CloudName>(['alibaba', 'baidu'])('%s: networks that people tag', (cloud) => {
  /** In the cloud's console. */
  async function tag(
    { emulator, clock }: Emulated,
    provider: Provider,
    id: string,
    value: string | undefined,
  ): Promise<void> {
    const rpc = provider.native(alibabaRpc);
    if (rpc !== undefined) {
      const resource = { RegionId: rpc.region, ResourceType: 'VPC' as const, ResourceId: [id] };
      if (value === undefined) await rpc.vpc('UnTagResources', { ...resource, TagKey: ['role'] });
      else await rpc.vpc('TagResources', { ...resource, Tag: [{ Key: 'role', Value: value }] });
    } else {
      // the tags of VPCs change in a service of their own, which is not emulated
      const state = emulator.snapshot();
      const tags = value === undefined ? [] : [{ tagKey: 'role', tagValue: value }];
      const rows = (state.tables['baidu.vpcs'] ?? []).map((row) => (row.id === id ? { ...row, tags } : row));
      emulator.restore({ ...state, tables: { ...state.tables, 'baidu.vpcs': rows } });
    }
    await clock.sleep(60_000);
  }

  it('are joined, and let go when the tag is gone', async () => {
    const world = await Emulated.start();
    try {
      const [region] = DEFAULT_WORLD[cloud].regions;
      const provider = await world.provider(cloud, 'a', region);
      const networks = DEFAULT_WORLD[cloud].networks.filter((one) => one.account === 'a' && one.region === region);
      const [ml, a, b] = networks.map(({ id }) => id);
      if (ml === undefined || a === undefined || b === undefined) throw new Error('too small a world');
      const peering = cloud === 'baidu' ? { bandwidthMbps: 10 } : {};
      const engine = (): Engine =>
        new Engine({
          stack: {
            name: 'shop',
            networks: new Map([['ml', { provider, id: networkId(ml) }]]),
            selections: new Map([['spokes', { provider, tags: { role: 'spoke' } }]]),
            connections: [hub('core', 'ml', ['spokes'], peering)],
            links: [],
          },
          clock: inNewProcess(world.clock),
        });
      const converge = async (): Promise<string[]> => {
        const one = engine();
        const plan = await one.plan();
        expect((await one.apply(plan)).outcome).toBe('done');
        expect(await engine().plan()).toMatchObject({ steps: [], drift: [] });
        const status = await engine().status();
        return status.connections.map(({ connection, health }) => `${connection} ${health}`);
      };
      expect(await converge()).toEqual([]);
      for (const id of [a, b]) await tag(world, provider, id, 'spoke');
      expect(await converge()).toEqual([a, b].sort().map((id) => `core/ml/${id} connected`));
      await tag(world, provider, a, undefined);
      await tag(world, provider, b, 'spoke');
      expect(await converge()).toEqual([`core/ml/${b} connected`]);
      expect(world.emulator.crashes).toEqual([]);
    } finally {
      await world.close();
    }
  });
});
