/** What an import says of a world, and what it cannot say: on a fake cloud, whose records can be bent. */
import { describe, expect, it } from '@jest/globals';
import { Engine, importWorld, type Imported } from '@peerway/engine';
import { FakeCloud } from './fakeCloud.js';
import type { FakePeering } from './fakeRecords.js';
import { inNewProcess } from './newProcess.js';

function cloudOf(...networks: readonly (readonly [string, string, number?])[]): FakeCloud {
  const cloud = new FakeCloud();
  for (const [id, cidr, tables] of networks) cloud.network(id, [cidr], tables === undefined ? {} : { tables });
  return cloud;
}

/** With the routes of each side, by default the other's prefix. */
function join(cloud: FakeCloud, a: string, b: string, parts: Partial<FakePeering> = {}, tables = 1): FakePeering {
  const peering = cloud.plantPeering(a, b, parts);
  for (const [mine, other, side] of [
    [a, b, 'initiator'],
    [b, a, 'acceptor'],
  ] as const)
    for (const table of cloud.networks.get(mine)?.tables.slice(0, tables) ?? [])
      cloud.plantRoute(mine, cloud.networks.get(other)?.cidrs[0] ?? '', cloud.hop(peering, side), { table });
  return peering;
}

const look = (cloud: FakeCloud, stack = 'found'): Promise<Imported> =>
  importWorld({ stack, providers: [cloud.provider('one')] });

/** Adopts all that is said: nothing but marks is written, and nothing is left to do. */
async function settles(cloud: FakeCloud, { stack }: Imported): Promise<void> {
  const engine = (): Engine => new Engine({ stack, clock: inNewProcess(cloud.clock) });
  const before = cloud.routes.map(({ id, nextHop }) => [id, nextHop]);
  await engine().adoptAll();
  expect(cloud.routes.map(({ id, nextHop }) => [id, nextHop])).toEqual(before);
  const { steps, problems } = await engine().plan();
  expect([steps, problems.filter(({ severity }) => severity === 'error')]).toEqual([[], []]);
}

const routesOf = ({ stack }: Imported): unknown[] => stack.connections.map(({ routes }) => routes);
const left = ({ leftOut }: Imported): unknown[] => leftOut.map(({ kind, why }) => [kind, why]);

describe('routes', () => {
  it('are auto where the tables hold just that, else listed by side, or none', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16'], ['b', '10.1.0.0/16'], ['c', '10.2.0.0/16']);
    join(cloud, 'a', 'b');
    const partly = cloud.plantPeering('a', 'c');
    cloud.plantRoute('a', '10.2.8.0/24', cloud.hop(partly, 'initiator'));
    cloud.plantRoute('a', '10.2.9.0/24', cloud.hop(partly, 'initiator'));
    cloud.plantPeering('b', 'c');
    const found = await look(cloud);
    expect(routesOf(found)).toEqual(['auto', { sides: { a: ['10.2.8.0/24', '10.2.9.0/24'], c: 'none' } }, 'none']);
    await settles(cloud, found);
  });

  it('of overlapping networks are listed, since auto is refused for them', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16'], ['b', '10.0.0.0/16']);
    const peering = cloud.plantPeering('a', 'b');
    cloud.plantRoute('a', '192.168.0.0/24', cloud.hop(peering, 'initiator'));
    const found = await look(cloud);
    expect(routesOf(found)).toEqual([{ sides: { a: ['192.168.0.0/24'], b: 'none' } }]);
    await settles(cloud, found);
  });

  it('name the tables that hold the same, and leave out those of a table that holds others', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16', 3], ['b', '10.1.0.0/16']);
    const peering = join(cloud, 'a', 'b', {}, 2);
    cloud.plantRoute('a', '10.1.4.0/24', cloud.hop(peering, 'initiator'), { table: 'vtb-a-2' });
    const found = await look(cloud);
    expect(found.stack.networks.get('a')?.routeTables).toEqual(['vtb-a', 'vtb-a-1']);
    expect(found.stack.networks.get('b')?.routeTables).toBeUndefined();
    expect([routesOf(found), left(found)]).toEqual([
      ['auto'],
      [
        [
          'route',
          expect.stringMatching(/^it stands in the table vtb-a-2, which holds other routes than vtb-a, vtb-a-1/),
        ],
      ],
    ]);
    await settles(cloud, found);
  });

  it('to lists of prefixes are named', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16'], ['b', '10.1.0.0/16']);
    const peering = join(cloud, 'a', 'b');
    const route = cloud.plantRoute('a', '10.9.0.0/16', cloud.hop(peering, 'initiator'));
    Object.assign(route, { destination: 'pl-1' });
    const found = await look(cloud);
    expect(left(found)).toEqual([['route', expect.stringMatching(/^it leads to a list of prefixes/)]]);
    await settles(cloud, found);
  });
});

describe('peerings', () => {
  it.each<[string, Partial<FakePeering>, RegExp]>([
    [
      'waits for its acceptor',
      { state: 'pending-acceptance', next: { side: 'acceptor', verb: 'accept' } },
      /a step of making it/,
    ],
    ['is being changed', { state: 'updating' }, /^it is updating: import again/],
    ['was refused', { state: 'rejected' }, /^it is rejected; connecting again/],
    ['is locked for its bill', { state: 'inactive', reason: 'billing' }, /Peerway cannot change that/],
    ['is switched off', { state: 'inactive', reason: 'suspended' }, /^apply would update|cannot change that/],
  ])('one that %s is left out, with the reason, and so are its routes', async (_, parts, why) => {
    const cloud = cloudOf(['a', '10.0.0.0/16'], ['b', '10.1.0.0/16'], ['c', '10.2.0.0/16']);
    join(cloud, 'a', 'b', parts);
    join(cloud, 'a', 'c');
    const found = await look(cloud);
    expect(found.stack.connections.map(({ name }) => name)).toEqual(['a-c']);
    expect(left(found)).toEqual([['peering', expect.stringMatching(why)]]);
    await settles(cloud, found);
  });

  it('two of one pair are both left out', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16'], ['b', '10.1.0.0/16']);
    cloud.plantPeering('a', 'b');
    cloud.plantPeering('b', 'a');
    expect(left(await look(cloud))).toEqual(
      Array(2).fill(['peering', expect.stringMatching(/^the pair has 2 peerings/)]),
    );
  });

  it('one that leads to our own account in a region without an entry is named', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16']);
    cloud.network('far', ['10.1.0.0/16'], { region: 'r2' });
    cloud.plantPeering('a', 'far');
    expect(left(await look(cloud))).toEqual([
      [
        'peering',
        'no provider entry shows its acceptor, far of the account acc-a, region r2: import from a config file that holds an entry for that region too',
      ],
    ]);
  });

  it('called alike are told apart by their ids, whatever the order of a listing', async () => {
    const cloud = cloudOf(['a', '10.0.0.0/16'], ['b', '10.1.0.0/16'], ['c', '10.2.0.0/16'], ['d', '10.3.0.0/16']);
    join(cloud, 'a', 'b', { name: 'Prod Peering', id: 'pcc-one111' });
    join(cloud, 'a', 'c', { name: 'prod/peering', id: 'pcc-two222' });
    join(cloud, 'a', 'd', { name: 'other', id: 'pcc-three3' });
    const names = async (): Promise<string[]> => (await look(cloud)).stack.connections.map(({ name }) => name);
    expect(await names()).toEqual(['other', 'prod-peering-one111', 'prod-peering-two222']);
    cloud.peerings.reverse();
    expect(await names()).toEqual(['other', 'prod-peering-one111', 'prod-peering-two222']);
  });
});

describe('destroying what was adopted', () => {
  it.each([
    [1, '1 peering, 2 routes; of these 1 peering was'],
    [4, '4 peerings, 8 routes; of these 4 peerings were'],
  ])('wants force, with the counts: %i', async (count, counts) => {
    const cloud = cloudOf(['a', '10.0.0.0/16']);
    for (let at = 1; at <= count; at++) {
      cloud.network(`n${at}`, [`10.${at}.0.0/16`]);
      join(cloud, 'a', `n${at}`);
    }
    const found = await look(cloud);
    await settles(cloud, found);
    const engine = new Engine({ stack: found.stack, clock: inNewProcess(cloud.clock) });
    const plan = await engine.plan({ mode: 'destroy' });
    expect(plan.problems.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      `too-much-deleted: The plan deletes ${counts} made by others and adopted`,
    ]);
    await expect(engine.apply(plan)).rejects.toMatchObject({ code: 'FailedPrecondition' });
    const report = await engine.apply(plan, { force: true });
    expect([report.outcome, cloud.peerings.length, cloud.routesOf('a')]).toEqual(['done', 0, []]);
  });
});
