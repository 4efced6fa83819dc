/**
 * A cloud that keeps no mark on routes and shows for a while what is over: what we left behind is told by what it points at, and
 * what nobody can delete is no step.
 */
import { describe, expect, it } from '@jest/globals';
import { FADING, FakeCloud, type FakeOptions } from './fakeCloud.js';
import { line, pair, Scene, type Declaration } from './scene.js';

const joined: Declaration = { connections: [pair('web-data', 'web', 'data')] };
const CONNECTION = { 'peerway.stack': 'shop', 'peerway.connection': 'web-data' };

async function applied(options: Partial<FakeOptions> = {}, declared = joined): Promise<Scene> {
  const cloud = new FakeCloud({ ...FADING, ...options });
  for (const [at, name] of ['web', 'data', 'third'].entries()) cloud.network(name, [`10.${at}.0.0/16`]);
  const scene = new Scene(cloud, declared);
  expect((await scene.apply()).outcome).toBe('done');
  expect((await scene.plan()).steps).toEqual([]);
  return scene;
}

const verbs = async (scene: Scene, mode: 'apply' | 'destroy' = 'apply'): Promise<string[]> => {
  const { problems, steps } = await scene.plan({ mode });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return steps.map(({ work }) => work.verb).sort();
};

/** `shown`: the tombstone is there. `forgotten`: the cloud shows it no more. */
const AFTERWARDS = ['shown', 'forgotten'] as const;

function endedByOthers({ cloud }: Scene, afterwards: (typeof AFTERWARDS)[number]): void {
  const peering = cloud.peeringOf('web', 'data');
  cloud.dropPeering(peering);
  if (afterwards === 'forgotten') cloud.forget(peering);
  expect(cloud.routesOf('web').map(({ state }) => state)).toEqual(['blackhole']);
}

describe('a peering that somebody else ended', () => {
  it.each(AFTERWARDS)('is made again with its routes, its tombstone %s', async (afterwards) => {
    const scene = await applied();
    endedByOthers(scene, afterwards);
    expect(await verbs(scene)).toEqual([
      'peering.create',
      'route.create',
      'route.create',
      'route.delete',
      'route.delete',
    ]);
    const { drift } = await scene.plan();
    expect(drift.map(({ kind }) => kind)).toEqual([
      afterwards === 'shown' ? 'peering-deleted' : 'peering-missing',
      'route-stale',
      'route-stale',
    ]);
    expect((await scene.apply()).outcome).toBe('done');
    expect((await scene.plan()).steps).toEqual([]);
    expect(scene.cloud.routesOf('web').map(({ state }) => state)).toEqual(['active']);
  });

  it.each(AFTERWARDS)('leaves nothing of ours behind a destroy, its tombstone %s', async (afterwards) => {
    const scene = await applied();
    endedByOthers(scene, afterwards);
    expect(await verbs(scene, 'destroy')).toEqual(['route.delete', 'route.delete']);
    expect((await scene.destroy()).outcome).toBe('done');
    expect([...scene.cloud.routesOf('web'), ...scene.cloud.routesOf('data')]).toEqual([]);
    expect((await scene.plan({ mode: 'destroy' })).steps).toEqual([]);
  });

  it('is known by its tombstone where nothing declares it any more', async () => {
    const scene = await applied();
    endedByOthers(scene, 'shown');
    scene.declaration = { networks: { third: 'third' }, connections: [] };
    expect(await verbs(scene)).toEqual(['route.delete', 'route.delete']);
  });

  it('is known only by its tombstone in a table that nothing declares a route for', async () => {
    const scene = await applied();
    endedByOthers(scene, 'forgotten');
    scene.declaration = { connections: [] };
    expect(await verbs(scene)).toEqual([]);
  });

  it.each<readonly [string, Record<string, string>]>([
    ['of another stack', { 'peerway.stack': 'other', 'peerway.connection': 'web-data' }],
    ['of ours, in the name of another connection', { ...CONNECTION, 'peerway.connection': 'old' }],
    ['that nobody marked', {}],
  ])('stands behind a dead route on a declared destination: a tombstone %s', async (_, tags) => {
    const scene = await applied();
    endedByOthers(scene, 'shown');
    const [tombstone] = scene.cloud.peerings;
    Object.assign(tombstone!, { tags, description: '' });
    const { problems, steps } = await scene.plan();
    const foreign = tags['peerway.stack'] === 'other';
    expect(problems.map(({ kind }) => kind)).toEqual(foreign ? ['foreign-route', 'foreign-route'] : []);
    expect(steps.filter(({ work }) => work.verb === 'route.delete')).toHaveLength(foreign ? 0 : 2);
  });
});

describe('a route that drops traffic and is none of ours', () => {
  it.each([
    ['another destination', '172.16.0.0/16', { kind: 'peering', id: 'pcx-gone' }],
    ['another kind of hop', '10.1.0.0/16', { kind: 'other', id: 'nat-gone' }],
  ] as const)('%s', async (_, destination, hop) => {
    const scene = await applied();
    scene.declaration = { ...joined, connections: [pair('web-data', 'web', 'data', { routes: 'none' })] };
    expect((await scene.apply({ force: true })).outcome).toBe('done');
    const route = scene.cloud.plantRoute('web', destination, hop);
    route.state = 'blackhole';
    scene.declaration = joined;
    expect((await scene.plan({ mode: 'destroy' })).steps.map(({ work }) => work.verb)).toEqual(['peering.delete']);
    expect(scene.cloud.routesOf('web')).toContain(route);
  });

  it('one that the cloud does not use, toward a peering that nobody sees', async () => {
    const scene = await applied();
    scene.cloud.dropRoute('web', '10.1.0.0/16');
    scene.cloud.plantRoute('web', '10.1.0.0/16', { kind: 'peering', id: 'pcx-theirs' }, { broken: 'filtered' });
    expect((await scene.plan()).problems.map(({ kind }) => kind)).toEqual(['foreign-route']);
  });

  it('a living one on a declared destination, toward a peering that nobody sees', async () => {
    const scene = await applied();
    scene.cloud.dropRoute('web', '10.1.0.0/16');
    const route = scene.cloud.plantRoute('web', '10.1.0.0/16', { kind: 'other', id: 'pcx-theirs' });
    route.nextHop = { kind: 'other', id: 'pcx-theirs' };
    expect((await scene.plan()).problems.map(({ kind }) => kind)).toEqual(['foreign-route']);
  });
});

describe('a peering of ours that is dead and cannot be deleted', () => {
  it.each(['rejected', 'expired', 'failed'] as const)('%s: a new one is made, and it is no step', async (state) => {
    const scene = await applied();
    Object.assign(scene.cloud.peeringOf('web', 'data'), { state });
    expect(await verbs(scene)).not.toContain('peering.delete');
    expect((await scene.apply()).outcome).toBe('done');
    expect((await scene.plan()).steps).toEqual([]);
    expect(scene.cloud.peerings.map((one) => one.state)).toEqual([state, 'active']);
    expect((await scene.destroy()).outcome).toBe('done');
    expect((await scene.plan({ mode: 'destroy' })).steps).toEqual([]);
  });

  it('is left to fade when its connection leaves the file', async () => {
    const scene = await applied();
    Object.assign(scene.cloud.peeringOf('web', 'data'), { state: 'failed' });
    scene.declaration = { connections: [] };
    expect(await verbs(scene)).toEqual(['route.delete', 'route.delete']);
  });
});

it('counts routes that keep no mark, so that taking a few of many away needs no force', async () => {
  const cloud = new FakeCloud(FADING);
  for (let at = 0; at < 5; at++) cloud.network(`n${at}`, [`10.${at}.0.0/16`]);
  const pairs = [0, 1, 2, 3, 4].flatMap((a) => [0, 1, 2, 3, 4].filter((b) => a < b).map((b) => [a, b] as const));
  const connections = pairs.map(([a, b]) => pair(`c${a}${b}`, `n${a}`, `n${b}`));
  const scene = new Scene(cloud, { connections });
  expect((await scene.apply()).outcome).toBe('done');
  scene.declaration = { connections: connections.slice(2) };
  const { steps, problems } = await scene.plan();
  expect([steps.filter(({ work }) => work.verb === 'route.delete').length, problems]).toEqual([4, []]);
  scene.declaration = { connections: connections.slice(5) };
  expect((await scene.plan()).problems.map(({ kind, message }) => [kind, message])).toEqual([
    ['too-much-deleted', 'The plan deletes 10 of our 20 routes, more than a third'],
    ['too-much-deleted', 'The plan deletes 5 of our 10 peerings, more than a third'],
  ]);
});

it('says before the first write that no more requests may wait for their acceptors', async () => {
  const scene = await applied({ pendingPerRegion: 2 });
  const { cloud } = scene;
  for (const name of ['x', 'y', 'z']) cloud.network(name, [`10.${50 + cloud.networks.size}.0.0/16`]);
  for (const other of ['y', 'z']) cloud.plantPeering('x', other, { state: 'pending-acceptance' });
  scene.declaration = { ...joined, connections: [...(joined.connections ?? []), pair('more', 'web', 'third')] };
  const { problems } = await scene.plan();
  expect(problems.map(({ kind, forceable }) => [kind, forceable])).toEqual([['quota-peerings', true]]);
  scene.declaration = joined;
  expect((await scene.plan()).problems).toEqual([]);
});

describe('a line where routes keep no mark', () => {
  const LINED: Declaration = { links: [line('idc', 'web')] };

  it('is made again with its routes, and leaves nothing behind a destroy: what leads to it is ours as it is', async () => {
    const scene = await applied({}, LINED);
    scene.cloud.links[0]!.state = 'failed';
    expect(await verbs(scene)).toEqual([
      'link.create',
      'link.delete',
      'route.create',
      'route.create',
      'route.create',
      'route.delete',
      'route.delete',
      'route.delete',
    ]);
    expect((await scene.apply({ force: true })).outcome).toBe('done');
    expect((await scene.plan()).steps).toEqual([]);
    expect((await scene.apply({ mode: 'destroy' })).outcome).toBe('done');
    expect([scene.cloud.links, scene.cloud.routesOf('web')]).toEqual([[], []]);
  });

  it('of a stranger keeps what leads to it', async () => {
    const scene = await applied({}, LINED);
    Object.assign(scene.cloud.links[0]!, { tags: {}, description: '' });
    scene.declaration = { links: [line('other', 'web', { vlan: 31, destinations: [] })] };
    const { steps } = await scene.plan({ mode: 'destroy' });
    expect(steps).toEqual([]);
  });
});
