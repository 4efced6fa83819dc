/** A world that people made by hand becomes a declaration with which a plan has nothing to do but mark. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { networkId, portId, regionId } from '@peerway/core';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { Engine, importWorld, type Imported, type StackSpec } from '@peerway/engine';
import { Brownfield } from './brownfield.js';
import { inNewProcess } from './newProcess.js';
import { line, pair } from './scene.js';

/** Requests of both clouds that write marks: tags, and the descriptions where a cloud's tags are no place for them. */
const MARKS = new Set([
  'TagResources',
  'ModifyRouteEntry',
  'UpdatePeerConn',
  'UpdateRoutingRules',
  'UpdateDedicatedGateway',
]);

describe('a world of 40 networks, 60 peerings and 6 lines over both clouds', () => {
  let field: Brownfield;
  let imported: Imported;
  beforeAll(async () => {
    field = await Brownfield.start();
    await build(field);
    await others(field);
    field.writes();
    imported = await importWorld({ stack: 'found', providers: await field.providers() });
  }, 120_000);
  afterAll(() => field.close());

  const engine = (stack: StackSpec = imported.stack): Engine =>
    new Engine({ stack, clock: inNewProcess(field.world.clock) });

  it('is looked at without a write, and looks the same the second time', async () => {
    expect(field.writes()).toEqual([]);
    const again = await importWorld({ stack: 'found', providers: await field.providers() });
    expect(text(again)).toEqual(text(imported));
  });

  it('is said whole, but for what belongs to others or is half made', () => {
    expect([imported.networks.size, imported.connections.length, imported.links.length]).toEqual([40, 60, 6]);
    expect(imported.connections.filter(({ spec }) => spec.peering.mechanism === 'router-interface')).toHaveLength(6);
    const names = [...imported.networks.keys(), ...imported.stack.connections.map(({ name }) => name)];
    expect(names.filter((name) => !/^[a-z0-9][a-z0-9-]{0,62}$/.test(name))).toEqual([]);
    // in order of the ids, which the emulator draws
    const left = imported.leftOut.map(({ kind, why, stack }) => [kind, why, stack].join(' | '));
    expect(left.sort()).toEqual([
      'link | it belongs to the stack shop | shop',
      expect.stringMatching(/^link \| site-1-\w+ names nothing behind the line \| $/),
      'peering | it belongs to the stack shop | shop',
      'peering | it belongs to the stack shop | shop',
      'peering | it is pending-acceptance: a step of making it is still to be taken | ',
      expect.stringMatching(/^peering \| no provider entry shows its acceptor, vpc-\S+ of the account \S+, region cn-/),
    ]);
  });

  it('is planned as marks to be set and nothing else', async () => {
    const plan = await engine().plan();
    expect(plan.steps).toEqual([]);
    expect(count(plan.problems.map(({ kind }) => kind))).toEqual({ 'foreign-peering': 60, 'foreign-link': 6 });
    const found = await engine().adoptable();
    expect(count(found.map(({ kind }) => kind))).toEqual({ peering: 60, link: 6 });
    expect(field.writes()).toEqual([]);
  });

  it('is adopted by marks alone, also after a run that was broken off; then nothing is left to do', async () => {
    const before = withoutMarks(field);
    const stop = new AbortController();
    let marked = 0;
    const onAdopted = (): void => {
      if (++marked === 20) stop.abort();
    };
    await expect(engine().adoptAll({ signal: stop.signal, onAdopted })).rejects.toMatchObject({
      code: 'Canceled',
    });
    expect((await engine().adoptAll()).length).toBeGreaterThanOrEqual(66 - marked);
    expect(withoutMarks(field)).toEqual(before);
    expect(field.writes().filter((operation) => !MARKS.has(operation))).toEqual([]);
    expect(await engine().plan()).toMatchObject({ steps: [], problems: [], drift: [] });
    expect(await engine().adoptable()).toEqual([]);
    expect(await engine().adoptAll()).toEqual([]);
    expect(field.writes()).toEqual([]);
  });

  it('is destroyed by force alone, with the counts shown', async () => {
    const one = engine();
    const plan = await one.plan({ mode: 'destroy' });
    const routes = plan.steps.filter(({ work }) => work.verb === 'route.delete').length;
    expect(plan.problems).toEqual([
      expect.objectContaining({
        kind: 'too-much-deleted',
        forceable: true,
        message: `The plan deletes 60 peerings, 6 links, ${routes} routes; of these 60 peerings, 6 links were made by others and adopted`,
      }),
    ]);
    await expect(one.apply(plan)).rejects.toMatchObject({ code: 'FailedPrecondition' });
    expect(field.writes()).toEqual([]);
  });

  it('belongs to its file from then on: another import leaves it out, under that name it is refused', async () => {
    const providers = await field.providers();
    await expect(importWorld({ stack: 'found', providers })).rejects.toMatchObject({
      code: 'FailedPrecondition',
      message: 'The stack found owns 60 peerings and 6 links already',
    });
    const other = await importWorld({ stack: 'other', providers });
    expect([other.connections, other.links]).toEqual([[], []]);
    expect(count(other.leftOut.map(({ stack = '' }) => stack))).toEqual({ found: 66, shop: 3, '': 3 });
  });

  it('lets a connection go that leaves the file, with its routes and nothing else', async () => {
    const [first, ...rest] = imported.stack.connections;
    const one = engine({ ...imported.stack, connections: rest });
    const plan = await one.plan();
    expect(plan.problems).toEqual([]);
    expect(new Set(plan.steps.map(({ connection }) => connection))).toEqual(new Set([first?.name]));
    expect((await one.apply(plan)).outcome).toBe('done');
    expect(await engine({ ...imported.stack, connections: rest }).plan()).toMatchObject({ steps: [], problems: [] });
  });
});

/** Every row of both clouds without its tags and its description. */
function withoutMarks(field: Brownfield): unknown {
  const { tables } = field.world.emulator.snapshot();
  const plain = (key: string, value: unknown): unknown => (/description|modifiedAt/i.test(key) ? undefined : value);
  return Object.entries(tables)
    .filter(([name]) => !/tags|tokens/i.test(name))
    .map(([name, rows]) => [name, rows.map((row) => JSON.stringify(row, plain))]);
}

const count = (words: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
};

const text = ({ stack, leftOut }: Imported): unknown => [
  [...stack.networks].map(([name, { id, routeTables }]) => [name, id, routeTables]),
  stack.connections,
  stack.links.map(({ portProvider, ...rest }) => [rest, portProvider?.name]),
  leftOut,
];

async function build(field: Brownfield): Promise<void> {
  const ali = field.seed('ali', ['core', 'core', 'shop-prod', '生产', '', 'data lake', 'A_B']);
  const aliB = field.seed('aliB', ['x1', 'x2', 'x3', 'x4', 'x5', 'x6', 'x7']);
  const bd = field.seed('bd', ['ml', 'ml', 'logs', 'jobs', 'feeds', 'web', 'raw']);
  const bdB = field.seed('bdB', ['y1', 'y2', 'y3', 'y4', 'y5', 'y6', 'y7']);
  for (const place of [ali, bd]) {
    const pairs = place.flatMap((a, at) => place.slice(at + 1).map((b) => [a, b] as const)); // 21
    for (const [at, [a, b]] of pairs.entries()) {
      if (a === undefined || b === undefined) continue;
      const ri = place === ali && at >= 15;
      await field.peer(a, b, {
        ...(ri ? { mechanism: 'router-interface' } : {}),
        ...(at % 4 === 1 && place === ali ? { name: `peer-${at}` } : {}),
        ...(at % 5 === 2 ? { routes: [[], []] } : {}),
        ...(at % 5 === 3 ? { routes: [[b.cidr], []] } : {}),
      });
    }
  }
  for (const [place, near] of [
    [aliB, ali],
    [bdB, bd],
  ] as const) {
    for (const [at, b] of place.slice(1).entries())
      await field.peer(place[0]!, b, at === 2 && place === aliB ? { name: 'peer-1' } : {});
    for (const at of [1, 2, 3]) await field.peer(near[at]!, place[at]!, { bandwidthMbps: 20 + at });
  }
  for (const [at, site] of ['192.168.0.0/20', '192.168.16.0/20', '192.168.32.0/20'].entries()) {
    await field.line(ali[at]!, at % 2, at, site);
    await field.line(bd[at]!, at % 2, Math.floor(at / 2), site);
  }
}

/** What another stack made, what waits for its acceptor, what leads to an account without an entry, a line to nowhere. */
async function others(field: Brownfield): Promise<void> {
  const [ali, bd] = [await field.provider('ali'), await field.provider('bd')];
  const { web, data } = field.world.networks('alibaba');
  const { web: ml, data: logs } = field.world.networks('baidu');
  const shop = new Engine({
    stack: {
      name: 'shop',
      networks: new Map([
        ['web', { provider: ali, id: networkId(web) }],
        ['data', { provider: ali, id: networkId(data) }],
        ['ml', { provider: bd, id: networkId(ml) }],
        ['logs', { provider: bd, id: networkId(logs) }],
      ]),
      connections: [pair('a', 'web', 'data'), pair('b', 'ml', 'logs', { bandwidthMbps: 10 })],
      links: [line('idc', 'web', { vlan: 40, port: portId(field.port('ali', 1)) })],
    },
    clock: inNewProcess(field.world.clock),
  });
  const made = await shop.apply(await shop.plan(), { force: true });
  if (made.outcome !== 'done') throw new Error('the other stack was not made');
  const [a, b] = [field.made('bd', ml), field.made('bdB', field.world.networks('baidu').far)];
  await field.ask(a, b);
  const far = DEFAULT_WORLD.alibaba.networks.find((one) => one.account === 'a' && one.region === 'cn-beijing');
  await ali.peerings.create({
    initiator: networkId(data),
    acceptor: { region: regionId('cn-beijing'), network: networkId(far?.id ?? '') },
  });
  await field.line(field.made('ali', data), 1, 5, undefined);
}
