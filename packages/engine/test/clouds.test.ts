/** The engine on both clouds, through the shipped adapters and the emulator with its documented rules on. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { networkId, portId, type RequestObserver } from '@peerway/core';
import { Engine, type ConnectionSpec, type EngineEvent, type LinkSpec, type PeeringSpec } from '@peerway/engine';
import { Emulated, type CloudName } from './emulated.js';
import { inNewProcess } from './newProcess.js';
import { hub, line, pair } from './scene.js';

const CASES: [string, CloudName, PeeringSpec][] = [
  ['alibaba vpc-peer', 'alibaba', {}],
  ['alibaba router-interface', 'alibaba', { mechanism: 'router-interface' }],
  ['baidu peerconn', 'baidu', { bandwidthMbps: 10 }],
];

describe.each(CASES)('%s', (_, cloud, more) => {
  let world: Emulated;
  beforeAll(async () => {
    world = await Emulated.start();
  });
  afterAll(() => world.close());

  const mutating = (): string[] =>
    world.emulator.requests.filter((request) => request.mutating).map((request) => request.operation);

  async function engine(
    connections: readonly ConnectionSpec[],
    events: EngineEvent[] = [],
    links: readonly LinkSpec[] = [],
  ): Promise<Engine> {
    const { web, data, far, regions } = world.networks(cloud);
    const near = await world.provider(cloud, 'a', regions[0]);
    const away = await world.provider(cloud, 'b', regions[1]);
    return new Engine({
      stack: {
        name: 'shop',
        networks: new Map([
          ['web', { provider: near, id: networkId(web) }],
          ['data', { provider: near, id: networkId(data) }],
          ['far', { provider: away, id: networkId(far) }],
        ]),
        connections,
        links,
      },
      clock: inNewProcess(world.clock),
      onEvent: (event) => events.push(event),
    });
  }

  it('joins networks of one account and of two, then plans nothing, then leaves nothing', async () => {
    const connections = [
      pair('web-data', 'web', 'data', more),
      pair('web-far', 'web', 'far', { bandwidthMbps: 10, ...more }),
    ];
    const first = await engine(connections);
    const plan = await first.plan();
    expect(plan.problems).toEqual([]);
    expect(mutating()).toEqual([]);
    const report = await first.apply(plan);
    expect(report.steps.filter((step) => step.outcome !== 'done')).toEqual([]);
    const count = world.emulator.requests.length;
    const second = await engine(connections);
    const again = await second.plan();
    expect(again.steps).toEqual([]);
    expect(again.drift).toEqual([]);
    await second.apply(again);
    const status = await second.status();
    expect(status.connections.map((connection) => connection.health)).toEqual(['connected', 'connected']);
    expect(world.emulator.requests.slice(count).filter((request) => request.mutating)).toEqual([]);
    const events: EngineEvent[] = [];
    const last = await engine(connections, events);
    const end = await last.plan({ mode: 'destroy' });
    const ended = await last.apply(end);
    expect(ended.steps.filter((step) => step.outcome !== 'done')).toEqual([]);
    // an id that carries more than the cloud's own is shown as the cloud's own
    const words = events.map((event) => (event.type === 'step.waiting' ? `${event.step.object} ${event.cause}` : ''));
    expect([...words, ...end.steps.map((step) => step.object)].filter((text) => text.includes(':'))).toEqual([]);
    expect((await last.plan({ mode: 'destroy' })).steps).toEqual([]);
    expect(world.emulator.crashes).toEqual([]);
    // on the wire a dry run that passes is an error
    const refused = world.emulator.requests.filter(({ code }) => code !== undefined && code !== 'DryRunOperation');
    expect(refused.map(({ operation, code }) => `${operation} ${code ?? ''}`)).toEqual([]);
  });

  it('brings a line to a network, says that it is reached, and takes all of it away', async () => {
    const { ports, regions } = DEFAULT_WORLD[cloud];
    const port = ports.find((one) => one.account === 'a' && one.region === regions[0])!;
    const links = [line('idc', 'web', { port: portId(port.id), bandwidthMbps: 200 })];
    const first = await engine([], [], links);
    const plan = await first.plan();
    expect(plan.problems).toEqual([]);
    expect((await first.apply(plan)).steps.filter((step) => step.outcome !== 'done')).toEqual([]);
    const second = await engine([], [], links);
    const again = await second.plan();
    expect([again.steps, again.drift, again.problems]).toEqual([[], [], []]);
    expect(await second.verify('web', 'idc')).toMatchObject({ reachable: true, findings: [] });
    const ended = await second.apply(await second.plan({ mode: 'destroy' }));
    expect(ended.steps.filter((step) => step.outcome !== 'done')).toEqual([]);
    expect((await (await engine([])).plan({ mode: 'destroy' })).steps).toEqual([]);
  });

  it('adopts what somebody else made, and releases it again', async () => {
    const { web, data, regions } = world.networks(cloud);
    const near = await world.provider(cloud, 'a', regions[0]);
    const foreign = await near.peerings.create({
      initiator: networkId(data),
      acceptor: { region: near.region, network: networkId(web) },
      ...(more.mechanism === undefined ? {} : { mechanism: more.mechanism }),
      ...(cloud === 'baidu' ? { bandwidthMbps: 10 } : {}),
    });
    const connections = [pair('web-data', 'web', 'data', more)];
    const kinds = async (): Promise<string[]> =>
      (await (await engine(connections)).plan()).problems.map((problem) => problem.kind);
    expect(await kinds()).toEqual(['foreign-peering']);
    await (await engine(connections)).adopt('web-data');
    const one = await engine(connections);
    expect((await one.apply(await one.plan())).outcome).toBe('done');
    expect(await (await engine(connections)).verify('web', 'data')).toMatchObject({ reachable: true });
    await (await engine(connections)).release('web-data');
    expect(await kinds()).toEqual(['foreign-peering']);
    expect((await (await engine(connections)).plan({ mode: 'destroy' })).steps).toEqual([]);
    await (await engine(connections)).adopt('web-data');
    const last = await engine(connections);
    expect((await last.apply(await last.plan({ mode: 'destroy' }), { force: true })).outcome).toBe('done');
    expect(await near.peerings.find(foreign.id)).toBeUndefined();
  });

  it('is repaired by a plain re-run wherever it was killed (a sample)', async () => {
    for (const at of [5, 8, 13, 16]) {
      const life = { count: 0, dead: false };
      const observer: RequestObserver = {
        requestSent: () => {
          life.count++;
          if (life.dead || (life.count === at && at % 2 === 0)) throw die();
        },
        requestAnswered: () => {
          if (life.dead || life.count >= at) throw die();
        },
      };
      const die = (): Error => {
        life.dead = true;
        return new Error('killed');
      };
      const across = cloud === 'alibaba' && more.mechanism === undefined ? { bandwidthMbps: 10 } : {};
      const connections = [hub('core', 'web', ['data'], more), pair('away', 'data', 'far', { ...more, ...across })];
      const { web, data, far, regions } = world.networks(cloud);
      const mortal = await world.provider(cloud, 'a', regions[0], observer);
      const away = await world.provider(cloud, 'b', regions[1], observer);
      const networks = new Map([
        ['web', { provider: mortal, id: networkId(web) }],
        ['data', { provider: mortal, id: networkId(data) }],
        ['far', { provider: away, id: networkId(far) }],
      ]);
      const killed = new Engine({
        stack: { name: 'shop', networks, connections, links: [] },
        clock: inNewProcess(world.clock),
      });
      await killed
        .plan()
        .then((plan) => killed.apply(plan))
        .catch(() => undefined);
      expect([at, life.dead]).toEqual([at, true]);
      await Promise.all([mortal.close(), away.close()]);
      const one = await engine(connections);
      expect((await one.apply(await one.plan())).steps.filter((step) => step.outcome !== 'done')).toEqual([]);
      const again = await (await engine(connections)).plan();
      expect([at, again.steps]).toEqual([at, []]);
      const last = await engine(connections);
      expect((await last.apply(await last.plan({ mode: 'destroy' }))).outcome).toBe('done');
      expect((await last.plan({ mode: 'destroy' })).steps).toEqual([]);
    }
  }, 30_000);

  it('two runs at once end in one picture', async () => {
    const connections = [pair('web-data', 'web', 'data', more)];
    const runs = [await engine(connections), await engine(connections)];
    const plans = await Promise.all(runs.map((one) => one.plan()));
    await Promise.all(runs.map((one, at) => one.apply(plans[at]!)));
    const one = await engine(connections);
    await one.apply(await one.plan());
    expect((await (await engine(connections)).plan()).steps).toEqual([]);
    await Promise.all(
      [engine(connections), engine(connections)].map(async (making) => {
        const ending = await making;
        await ending.apply(await ending.plan({ mode: 'destroy' }));
      }),
    );
    const last = await engine(connections);
    await last.apply(await last.plan({ mode: 'destroy' }));
    expect((await last.plan({ mode: 'destroy' })).steps).toEqual([]);
  });
});

describe('regions that are not joined just so', () => {
  it('a border is named before the peering is made, and the finance cloud refused', async () => {
    const world = await Emulated.start({ rules: { 'alibaba.cdt.crossBorderOpened': true } });
    const { accounts } = DEFAULT_WORLD.alibaba;
    const seeded = (region: string, cidr: string) =>
      world.emulator.world.network({ cloud: 'alibaba', account: accounts.a.id, region, cidrs: [cidr], name: 'far' });
    const { web, regions } = world.networks('alibaba');
    const networks = new Map([
      ['web', { provider: await world.provider('alibaba', 'a', regions[0]), id: networkId(web) }],
    ]);
    for (const [name, region, cidr] of [
      ['abroad', 'ap-southeast-1', '10.77.0.0/16'],
      ['bank', 'cn-shanghai-finance-1', '10.78.0.0/16'],
    ] as const)
      networks.set(name, {
        provider: await world.provider('alibaba', 'a', region),
        id: networkId(seeded(region, cidr).id),
      });
    const engine = (...connections: ConnectionSpec[]): Engine =>
      new Engine({ stack: { name: 'shop', networks, connections, links: [] }, clock: inNewProcess(world.clock) });
    const abroad = engine(pair('far', 'web', 'abroad'));
    const plan = await abroad.plan();
    expect(plan.problems).toMatchObject([{ kind: 'regions', severity: 'warning', object: 'far' }]);
    expect((await abroad.apply(plan)).outcome).toBe('done');
    expect((await abroad.plan()).problems).toEqual([]);
    const bank = await engine(pair('far', 'web', 'abroad'), pair('money', 'bank', 'web')).plan();
    expect(bank.problems).toMatchObject([{ kind: 'regions', severity: 'error', object: 'money' }]);
    await world.close();
  });
});

describe('a dry run', () => {
  it('lets Alibaba Cloud foretell what only it knows, and makes nothing', async () => {
    const world = await Emulated.start({ rules: { 'alibaba.cdt.opened': false } });
    const { web, data, regions } = world.networks('alibaba');
    const provider = await world.provider('alibaba', 'a', regions[0]);
    const networks = new Map([
      ['web', { provider, id: networkId(web) }],
      ['data', { provider, id: networkId(data) }],
    ]);
    const engine = new Engine({
      stack: { name: 'shop', networks, connections: [pair('c', 'web', 'data')], links: [] },
      clock: world.clock,
    });
    expect((await engine.plan()).problems).toEqual([]);
    const plan = await engine.plan({ dryRun: true });
    expect(plan.problems).toMatchObject([{ kind: 'cloud-refuses', object: 'c', severity: 'error' }]);
    await expect(engine.apply(plan)).rejects.toMatchObject({ code: 'FailedPrecondition' });
    await expect(engine.apply(JSON.parse(JSON.stringify(plan)) as typeof plan)).rejects.toMatchObject({
      code: 'FailedPrecondition',
    });
    for await (const peering of provider.peerings.list()) throw new Error(`${peering.id} was made`);
    await world.close();
  });
});
