/** When a plan is believed: how often the world is looked at, what a doubt is settled by, and which plans an engine takes. */
import { describe, expect, it } from '@jest/globals';
import { PeerwayError, type Clock, type ErrorCode } from '@peerway/core';
import { Engine, type Plan } from '@peerway/engine';
import { FakeCloud, MIRRORED, STRICT, type FakeOptions } from './fakeCloud.js';
import { inNewProcess } from './newProcess.js';
import { line, pair, Scene, stackOf, type Declaration } from './scene.js';

function world(options: Partial<FakeOptions> = {}): FakeCloud {
  const cloud = new FakeCloud(options);
  for (const [at, name] of ['web', 'data', 'jobs'].entries()) cloud.network(name, [`10.${at}.0.0/16`]);
  return cloud;
}
const WEB_DATA: Declaration = { connections: [pair('c', 'web', 'data')] };
const BARE: Declaration = { connections: [pair('c', 'web', 'data', { routes: 'none' })] };
const looks = (cloud: FakeCloud): number =>
  cloud.requests.filter(({ operation }) => operation === 'networks.get').length;
const steps = ({ steps: all }: Plan): string[] => all.map(({ id, action }) => `${action} ${id}`);

describe('a deletion', () => {
  /** A peering of ours that left the file, and no route that speaks for it. */
  const left = async (): Promise<{ cloud: FakeCloud; id: string }> => {
    const cloud = world();
    await new Scene(cloud, BARE).apply();
    cloud.requests.length = 0;
    return { cloud, id: cloud.peeringOf('web', 'data').id };
  };
  const gone: Declaration = { connections: [] };

  it('that no route bears out is borne out by the peering itself', async () => {
    const { cloud, id } = await left();
    expect(steps(await new Scene(cloud, gone).plan())).toEqual([`delete peering c ${id} delete`]);
    expect([looks(cloud), cloud.requests.filter(({ operation }) => operation === 'peerings.get').length]).toEqual([
      1, 1,
    ]);
  });

  it('that routes from every end bear out is asked about no more', async () => {
    const cloud = world();
    await new Scene(cloud, WEB_DATA).apply();
    cloud.requests.length = 0;
    await new Scene(cloud, gone).plan();
    expect([looks(cloud), cloud.requests.filter(({ operation }) => operation === 'peerings.get')]).toEqual([1, []]);
    cloud.dropRoute('data', '10.0.0.0/16');
    await new Scene(cloud, gone).plan();
    expect(cloud.requests.filter(({ operation }) => operation === 'peerings.get')).toHaveLength(1);
  });

  it.each<ErrorCode>(['NotFound', 'PermissionDenied'])('of what answers %s is looked at twice', async (code) => {
    const { cloud, id } = await left();
    cloud.onRequest = (operation) => {
      if (operation === 'peerings.get') throw new PeerwayError(code, 'not for you');
    };
    expect(steps(await new Scene(cloud, gone).plan())).toEqual([`delete peering c ${id} delete`]);
    expect(looks(cloud)).toBe(2);
  });

  it('of what cannot be asked about is not planned', async () => {
    const { cloud } = await left();
    cloud.onRequest = (operation) => {
      if (operation === 'peerings.get') throw new PeerwayError('QuotaExceeded', 'no more');
    };
    await expect(new Scene(cloud, gone).plan()).rejects.toMatchObject({ code: 'QuotaExceeded', message: 'no more' });
  });

  it.each<[string, (cloud: FakeCloud) => void]>([
    ['another state', (cloud) => (cloud.peerings[0]!.state = 'updating')],
    ['another mark', (cloud) => (cloud.peerings[0]!.tags = { 'peerway.stack': 'lab', 'peerway.connection': 'c' })],
  ])('is looked at again where the peering itself shows %s', async (_, change) => {
    const { cloud } = await left();
    cloud.onRequest = (operation) => {
      if (operation === 'peerings.get') change(cloud);
    };
    await new Scene(cloud, gone).plan();
    expect(looks(cloud)).toBe(2);
  });
});

describe('a route of ours whose peering no listing shows', () => {
  const stale = (): { cloud: FakeCloud; scene: Scene; id: string } => {
    const cloud = world();
    const { id } = cloud.plantPeering('web', 'data', { visibleAt: Number.POSITIVE_INFINITY });
    const description = 'peerway stack=shop connection=c';
    cloud.plantRoute('web', '10.1.0.0/16', { kind: 'peering', id }, { description });
    return { cloud, scene: new Scene(cloud, { connections: [] }), id };
  };
  const planned = ['delete route web vtb-web 10.1.0.0/16 delete'];

  it('stays where the peering is there after all', async () => {
    const { scene, id } = stale();
    await expect(scene.plan()).rejects.toMatchObject({
      code: 'Unavailable',
      message: `A listing of peerings does not hold ${id}, which is there and which a route leads to`,
      details: {
        provider: 'fake',
        resource: id,
        retry: 'never',
        remedy: 'Check endpoint: and any proxy on the way, and run again; if it happens again, report it to the cloud.',
      },
    });
  });

  it.each<[string, (cloud: FakeCloud) => void]>([
    ['is over', (cloud) => (cloud.peerings[0]!.state = 'rejected')],
    ['is gone', (cloud) => cloud.forget(cloud.peerings[0]!)],
    [
      'may not be seen',
      (cloud) =>
        (cloud.onRequest = (operation) => {
          if (operation === 'peerings.get') throw new PeerwayError('PermissionDenied', 'not for you');
        }),
    ],
  ])('goes where the peering %s, each end asked', async (_, change) => {
    const { cloud, scene } = stale();
    change(cloud);
    expect(steps(await scene.plan())).toEqual(planned);
    expect(looks(cloud)).toBe(2);
    expect(cloud.requests.filter(({ operation }) => operation === 'peerings.get')).toHaveLength(2);
  });

  it('stays where nobody can be asked', async () => {
    const { cloud, scene } = stale();
    cloud.onRequest = (operation) => {
      if (operation === 'peerings.get') throw new PeerwayError('QuotaExceeded', 'no more');
    };
    await expect(scene.plan()).rejects.toMatchObject({ code: 'QuotaExceeded' });
  });

  it('is not deleted in a world that never looks the same', async () => {
    const { cloud, scene } = stale();
    cloud.forget(cloud.peerings[0]!);
    let count = 0;
    cloud.onRequest = (operation) => {
      if (operation !== 'networks.get') return;
      const description = 'peerway stack=shop connection=c';
      cloud.plantRoute('web', `10.9.${count++}.0/24`, { kind: 'peering', id: 'pcc-gone' }, { description });
    };
    await expect(scene.plan()).rejects.toMatchObject({
      code: 'Unavailable',
      message: 'The world looked otherwise each of 4 times',
      details: {
        remedy:
          'Something else is changing it, or what answers is not the cloud: check endpoint: and any proxy on the way, and plan again.',
      },
    });
    expect(looks(cloud)).toBe(4);
  });
});

describe('a plan', () => {
  const engineOf = (cloud: FakeCloud, declared: Declaration, clock: Clock = cloud.clock): Engine =>
    new Engine({ stack: stackOf(cloud, declared), clock });

  it('is applied without another look for a minute', async () => {
    for (const [ms, again] of [
      [60_000, 0],
      [60_001, 1],
    ] as const) {
      const cloud = world();
      const engine = engineOf(cloud, BARE);
      const plan = await engine.plan();
      await cloud.clock.sleep(ms);
      cloud.requests.length = 0;
      cloud.onRequest = (operation) => {
        if (operation === 'peerings.create') throw new PeerwayError('QuotaExceeded', 'no more');
      };
      await engine.apply(plan);
      const before = cloud.requests.findIndex(({ mutating }) => mutating);
      const read = cloud.requests.slice(0, before).filter(({ operation }) => operation === 'networks.get');
      expect(read).toHaveLength(again);
    }
  });

  it('is refused where it is another stack’s, of another version, edited, or names what is not declared', async () => {
    const cloud = world();
    const engine = engineOf(cloud, WEB_DATA, inNewProcess(cloud.clock));
    const plan = await engine.plan();
    const refused = async (change: Partial<Record<keyof Plan, unknown>>, by = engine): Promise<unknown> =>
      by.apply({ ...plan, ...change } as Plan).then(
        () => 'applied',
        (error: PeerwayError) => [error.code, error.message, error.details.remedy],
      );
    const other = 'Apply it with the configuration that it was made from.';
    expect(await refused({ stack: 'lab' })).toEqual([
      ...['InvalidArgument', 'The plan is for the stack lab, not for shop', other],
    ]);
    expect(await refused({ version: 2 })).toEqual([
      ...['InvalidArgument', 'The plan is for the stack shop, not for shop', other],
    ]);
    expect(await refused({ fingerprint: 'x' })).toEqual([
      'FailedPrecondition',
      'The world or the declaration has changed since the plan was made',
      'Plan again, look at the difference, and apply the new plan.',
    ]);
    expect(await refused({ steps: plan.steps.slice(1) })).toEqual([
      'InvalidArgument',
      'The steps of the plan were edited after it was made',
      'Change the declaration and plan again; to do a part of a plan, make it with targets.',
    ]);
    const elsewhere = new FakeCloud();
    elsewhere.network('web', ['10.0.0.0/16'], { region: 'r9' });
    const unknown = 'The plan names the provider entry acc-a.r1, which is not declared';
    expect(await refused({}, engineOf(elsewhere, { networks: { web: 'web' } }))).toEqual([
      ...['InvalidArgument', unknown, 'Apply a plan with the configuration that it was made from.'],
    ]);
    expect(cloud.mutations()).toEqual([]);
  });

  it('comes with the rules of the entries that it names, and of no others', async () => {
    const rules = async (options: Partial<FakeOptions>, declared: Declaration): Promise<unknown> => {
      const cloud = world(options);
      cloud.network('far', ['10.9.0.0/16'], { account: 'acc-b', region: 'r2' });
      const engine = engineOf(cloud, declared);
      return engine.rulesFor(await engine.plan());
    };
    const base = { plugin: 'fake', networksPerBatch: 1 };
    const shared = { ...base, routeBatch: 50, routeChangesPerNetwork: 1, creates: { fast: 1, old: 1 } };
    expect(await rules({}, WEB_DATA)).toEqual({ 'acc-a.r1': shared });
    const across = { connections: [pair('c', 'far', 'web', { bandwidthMbps: 10 })] };
    expect(Object.entries((await rules({}, across)) as object)).toEqual([
      ['acc-a.r1', shared],
      ['acc-b.r2', shared],
    ]);
    expect(await rules(STRICT, { connections: [pair('c', 'web', 'data', { bandwidthMbps: 10 })] })).toEqual({
      'acc-a.r1': { ...base, routeBatch: 1, routeChangesPerNetwork: undefined, creates: {} },
    });
    expect(await rules(MIRRORED, { links: [line('idc', 'far')] })).toEqual({ 'acc-b.r2': { ...shared, creates: {} } });
  });

  it('of more than five hundred steps has a fingerprint of all of them', async () => {
    const made = async (destination: string): Promise<Plan> => {
      const cloud = world();
      const routes = Array.from({ length: 510 }, (_, at) => `172.${16 + (at >> 8)}.${at & 255}.0/24`);
      routes[505] = destination;
      const sides = { web: routes as never, data: 'none' as const };
      return new Scene(cloud, { connections: [pair('c', 'web', 'data', { routes: { sides } })] }).plan();
    };
    const [one, other, again] = [await made('172.30.0.0/24'), await made('172.30.1.0/24'), await made('172.30.0.0/24')];
    expect(one.steps).toHaveLength(511);
    expect(one.fingerprint).toBe(again.fingerprint);
    expect(one.fingerprint).not.toBe(other.fingerprint);
    // what is deleted of so many, is shown in counts alone; the same steps in another world are another plan
    const bare = world();
    const before = await new Scene(bare, BARE).plan();
    bare.addCidr('jobs', '10.77.0.0/16');
    const unseen = await new Scene(bare, BARE).plan();
    expect([unseen.steps, unseen.fingerprint === before.fingerprint]).toEqual([before.steps, false]);
  });
});
