/** Apply and destroy from end to end on the fake cloud: topologies, both kinds of handshake, ownership, second plans. */
import { describe, expect, it } from '@jest/globals';
import { FakeCloud, MIRRORED, SHARED, STRICT, type FakeOptions } from './fakeCloud.js';
import { hub, line, mesh, pair, Scene } from './scene.js';

const KINDS: [string, Partial<FakeOptions>][] = [
  ['shared', SHARED],
  ['strict', STRICT],
  ['mirrored', MIRRORED],
];

const more = (options: Partial<FakeOptions>) => (options.bandwidth === 'required' ? { bandwidthMbps: 10 } : {});

function small(options: Partial<FakeOptions> = {}): FakeCloud {
  const cloud = new FakeCloud(options);
  cloud.network('web', ['10.0.0.0/16']);
  cloud.network('data', ['10.1.0.0/16']);
  cloud.network('far', ['10.2.0.0/16', '10.3.0.0/16'], { account: 'acc-b', region: 'r2' });
  return cloud;
}

describe.each(KINDS)('a %s handshake', (_, options) => {
  it('joins networks of one account, then has nothing to do, then leaves nothing behind', async () => {
    const cloud = small(options);
    const scene = new Scene(cloud, { connections: [pair('web-data', 'web', 'data', more(options))] });
    const plan = await scene.plan();
    expect(plan.problems).toEqual([]);
    expect(plan.summary).toEqual({ create: 3, update: 0, replace: 0, delete: 0, adopt: 0, accept: 0 });
    expect(cloud.mutations()).toEqual([]);
    const report = await scene.apply();
    expect(report.steps.filter((step) => step.outcome !== 'done')).toEqual([]);
    expect(cloud.peeringOf('web', 'data').state).toBe('active');
    expect(cloud.routesOf('web').map((route) => [route.destination, route.state])).toEqual([['10.1.0.0/16', 'active']]);
    expect(cloud.routesOf('data').map((route) => [route.destination, route.state])).toEqual([
      ['10.0.0.0/16', 'active'],
    ]);
    cloud.revive();
    const again = await scene.plan();
    expect(again.steps).toEqual([]);
    expect(again.drift).toEqual([]);
    await scene.apply();
    expect(cloud.mutations()).toEqual([]);
    expect((await scene.destroy()).outcome).toBe('done');
    expect(cloud.peerings).toEqual([]);
    expect(cloud.routes.filter((route) => route.origin === 'custom')).toEqual([]);
    expect(cloud.conflicts).toBe(0);
  });

  it('accepts in the other account and region and writes the routes of both sides in one run', async () => {
    const cloud = small(options);
    const scene = new Scene(cloud, { connections: [pair('web-far', 'web', 'far', { bandwidthMbps: 100 })] });
    const report = await scene.apply();
    expect(report.steps.filter((step) => step.outcome !== 'done')).toEqual([]);
    expect(
      cloud
        .routesOf('web')
        .map((route) => String(route.destination))
        .sort(),
    ).toEqual(['10.2.0.0/16', '10.3.0.0/16']);
    expect(cloud.routesOf('far').map((route) => String(route.destination))).toEqual(['10.0.0.0/16']);
    const accepts = cloud.requests.filter((request) => request.operation === 'peerings.accept');
    expect(accepts.map((request) => request.account)).toEqual(['acc-b']);
    expect((await scene.plan()).steps).toEqual([]);
    expect((await scene.destroy()).outcome).toBe('done');
    expect(cloud.peerings).toEqual([]);
  });

  it('makes hubs and meshes without provoking a conflict', async () => {
    const cloud = new FakeCloud(options);
    const names = Array.from({ length: 6 }, (_, at) => `n${at}`);
    for (const [at, name] of names.entries()) cloud.network(name, [`10.${at}.0.0/16`]);
    for (const at of [7, 8, 9]) cloud.network(`s${at}`, [`10.${at}.0.0/16`]);
    const scene = new Scene(cloud, {
      connections: [mesh('all', names, more(options)), hub('core', 'n0', ['s7', 's8', 's9'], more(options))],
    });
    const report = await scene.apply();
    expect(report.outcome).toBe('done');
    expect(cloud.peerings.filter((peering) => peering.state === 'active')).toHaveLength(18);
    expect(cloud.conflicts).toBe(0);
    expect((await scene.plan()).steps).toEqual([]);
    expect((await scene.destroy()).outcome).toBe('done');
    expect(cloud.peerings).toEqual([]);
    expect(cloud.conflicts).toBe(0);
  });
});

describe('ownership', () => {
  it('leaves planted peerings and routes alone, look-alikes too', async () => {
    const cloud = small();
    const scene = new Scene(cloud, { connections: [pair('web-data', 'web', 'data')] });
    await scene.apply();
    const planted = [
      cloud.plantPeering('web', 'far', { tags: { 'peerway.stack': 'shop2', 'peerway.connection': 'web-data' } }),
      cloud.plantPeering('data', 'far', { description: 'peerway stack=shop connection=web-data', name: 'web-data' }),
    ];
    const routes = [
      cloud.plantRoute('web', '172.16.0.0/12', { kind: 'other', id: 'nat-1' }),
      cloud.plantRoute(
        'web',
        '172.32.0.0/16',
        { kind: 'other', id: 'nat-1' },
        { description: 'peerway stack=shop-2 connection=web-data' },
      ),
    ];
    expect((await scene.plan()).steps).toEqual([]);
    expect((await scene.destroy()).outcome).toBe('done');
    expect(cloud.peerings).toEqual(planted);
    expect(cloud.routes.filter((route) => route.origin === 'custom')).toEqual(routes);
  });

  it('does not pull a peering away from under somebody else’s route', async () => {
    const cloud = small();
    const scene = new Scene(cloud, { connections: [pair('web-data', 'web', 'data')] });
    await scene.apply();
    const peering = cloud.peeringOf('web', 'data');
    cloud.plantRoute('web', '172.16.0.0/12', cloud.hop(peering, 'initiator'));
    cloud.revive();
    const plan = await scene.plan({ mode: 'destroy' });
    expect(plan.problems).toMatchObject([
      { severity: 'error', kind: 'foreign-route', object: `peering ${peering.id}` },
    ]);
    await expect(scene.destroy()).rejects.toMatchObject({ code: 'FailedPrecondition' });
    expect(cloud.mutations()).toEqual([]);
    cloud.dropRoute('web', '172.16.0.0/12');
    expect((await scene.destroy()).outcome).toBe('done');
  });

  it('keeps two stacks apart', async () => {
    const cloud = small();
    const shop = new Scene(cloud, { stack: 'shop', connections: [pair('c', 'web', 'data')] });
    const lab = new Scene(cloud, { stack: 'lab', connections: [pair('c', 'web', 'far', { bandwidthMbps: 5 })] });
    await shop.apply();
    await lab.apply();
    expect((await shop.plan()).steps).toEqual([]);
    await shop.destroy();
    expect((await lab.plan()).steps).toEqual([]);
    expect(cloud.peerings).toHaveLength(1);
  });

  it('adopts and releases by name, reversibly', async () => {
    const cloud = small();
    const foreign = cloud.plantPeering('data', 'web');
    cloud.plantRoute('web', '10.1.0.0/16', cloud.hop(foreign, 'acceptor'));
    const scene = new Scene(cloud, { connections: [pair('web-data', 'web', 'data')] });
    const before = await scene.plan();
    expect(before.problems.map((problem) => problem.kind)).toEqual(['foreign-peering']);
    await expect(scene.engine().apply(before)).rejects.toMatchObject({ code: 'FailedPrecondition' });
    await scene.engine().adopt('web-data');
    expect((await scene.apply()).outcome).toBe('done');
    expect((await scene.plan()).steps).toEqual([]);
    const routes = cloud.routes.filter((route) => route.origin === 'custom').length;
    const [held] = (await scene.engine().status()).connections;
    expect(held?.routes.map((route) => route.state)).toEqual(Array<string>(routes).fill('active'));
    await scene.engine().release('web-data');
    // it stays as it was and is somebody else's now
    const [released] = (await scene.engine().status()).connections;
    expect(released).toMatchObject({ owner: 'foreign', health: 'connected', routes: held?.routes });
    expect((await scene.plan()).problems.map((problem) => problem.kind)).toEqual(['foreign-peering']);
    expect((await scene.destroy()).steps).toEqual([]);
    expect(cloud.routesOf('data')).toHaveLength(1);
    await scene.engine().adopt('web-data');
    await expect(scene.destroy()).rejects.toMatchObject({
      message: 'The plan deletes 1 peering, 2 routes; of these 1 peering was made by others and adopted',
    });
    expect((await scene.apply({ mode: 'destroy', force: true })).outcome).toBe('done');
    expect(cloud.peerings).toEqual([]);
    expect(cloud.routes.filter((route) => route.origin === 'custom')).toEqual([]);
  });
});

describe('links', () => {
  it('brings a line to a network with routes on both tables and removes all of it', async () => {
    const cloud = small();
    const scene = new Scene(cloud, { links: [line('idc', 'web')] });
    const report = await scene.apply();
    expect(report.steps.filter((step) => step.outcome !== 'done')).toEqual([]);
    expect(
      cloud.routes
        .filter((route) => route.origin === 'custom')
        .map((route) => `${route.table} ${route.destination} ${route.nextHop.id}`)
        .sort(),
    ).toMatchInlineSnapshot(`
      [
        "edge-vbr-00005 10.0.0.0/16 vbr-00005-n",
        "edge-vbr-00005 192.168.0.0/16 vbr-00005-c",
        "vtb-web 192.168.0.0/16 vbr-00005",
      ]
    `);
    expect((await scene.plan()).steps).toEqual([]);
    expect((await scene.destroy()).outcome).toBe('done');
    expect(cloud.links).toEqual([]);
    expect(cloud.routes.filter((route) => route.origin === 'custom')).toEqual([]);
  });
});

it('a peering that somebody switches off while apply waits for it is switched on in the same run', async () => {
  const cloud = small();
  const scene = new Scene(cloud, { connections: [pair('web-data', 'web', 'data')] });
  let done = false;
  cloud.onRequest = (operation) => {
    cloud.tick();
    const [peering] = cloud.peerings;
    if (done || operation !== 'peerings.list' || peering?.state !== 'active') return;
    done = true;
    Object.assign(peering, { state: 'inactive', reason: 'suspended' });
  };
  expect((await scene.apply()).outcome).toBe('done');
  expect([done, cloud.peeringOf('web', 'data').state]).toEqual([true, 'active']);
});
