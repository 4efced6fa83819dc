/** What plans say of each kind of drift, word for word, and what applies ask for and when: the text in `told/`, which shows every change. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { worldOf } from './driftCases.js';
import { FADING, MIRRORED, SHARED, STRICT, type FakeCloud, type FakeOptions } from './fakeCloud.js';
import { hub, line, mesh, pair, type Declaration, type Scene } from './scene.js';
import { applyLines, planLines, Told } from './told.js';
import { WIDE, WORLDS } from './worlds.js';

describe('what plans say', () => {
  const told = new Told('plans');
  afterAll(() => told.end());

  it.each(WORLDS)('of %s is told', async (name, { plant, asked, ...of }) => {
    const scene = await worldOf(of);
    plant(scene.cloud, scene);
    const apply = planLines(await scene.plan({ ...asked }));
    const destroy = planLines(await scene.plan({ ...asked, mode: 'destroy' }));
    const outlined = destroy.filter((text) => !text.startsWith('    '));
    expect(told.differs(name, [...apply, ...outlined])).toBeUndefined();
  });
});

/** Plans and applies. @returns what the apply said and asked for */
async function lived(scene: Scene, mode: 'apply' | 'destroy' = 'apply', force = false): Promise<string[]> {
  const engine = scene.engine();
  const plan = await engine.plan({ mode });
  scene.events.length = 0;
  scene.cloud.requests.length = 0;
  await engine.apply(plan, { force });
  return [mode, ...applyLines(scene.cloud, scene.events)];
}

describe('what applies do', () => {
  const told = new Told('applies');
  afterAll(() => told.end());
  const all: Declaration = {
    connections: [hub('core', 'web', ['far'], WIDE), pair('web-data', 'web', 'data')],
    links: [line('idc', 'web')],
  };
  const triangle = (width: Partial<typeof WIDE> = {}): Declaration => ({
    connections: [mesh('all', ['web', 'data', 'far'], width)],
  });

  it.each<readonly [string, Partial<FakeOptions>, Declaration]>([
    ['a hub, a pair and a line', SHARED, all],
    ['a pair and a hub that show late', { ...SHARED, lagMs: 9_000 }, { connections: all.connections ?? [] }],
    ['a triangle of strict peerings', STRICT, triangle(WIDE)],
    ['a triangle of mirrored peerings', { ...MIRRORED, bandwidth: 'optional' }, triangle()],
    ['a triangle of fading peerings', { ...FADING, bandwidth: 'optional' }, triangle(WIDE)],
  ])('with %s is told', async (name, options, declared) => {
    const scene = await worldOf({ options, declared, virgin: true });
    const there = await lived(scene);
    expect(told.differs(name, [...there, ...(await lived(scene, 'destroy'))])).toBeUndefined();
  });

  const found = new Set([
    'peering-pending-acceptance',
    'peering-provisioning',
    'peering-deleting',
    'peering-half-made',
    'peering-half-missing',
    'peering-suspended',
    'marker-lost',
    'route-deleting',
    'link-provisioning',
    'link-step-missing',
    'link-suspended',
    'link-deleting',
    'link-name-changed',
    'an acceptor’s half without its marks',
    'a mirrored peering that the acceptor has not made its half of',
    'a peering that fades, where routes keep no mark',
  ]);
  it.each(WORLDS.filter(([name]) => found.has(name)))('with what is found, %s, is told', async (name, world) => {
    const { plant, ...of } = world;
    const scene = await worldOf(of);
    plant(scene.cloud, scene);
    expect(told.differs(name, await lived(scene))).toBeUndefined();
  });

  /** Once something is asked for, the world is another one. */
  const when = (operation: string, change: (cloud: FakeCloud) => void) => (cloud: FakeCloud) => {
    cloud.onRequest = (asked) => {
      if (asked === operation) change(cloud);
    };
  };
  const stuck = (parts: object) => (cloud: FakeCloud) =>
    void Object.assign(cloud.peerings[0]!, { until: 0, then: undefined, next: undefined, ...parts });
  const stuckLink = (parts: object) => (cloud: FakeCloud) =>
    void Object.assign(cloud.links[0]!, { until: 0, then: undefined, next: undefined, ...parts });
  const PAIR: Declaration = { connections: [pair('web-data', 'web', 'data')] };
  const LINE: Declaration = { links: [line('idc', 'web')] };

  it.each<readonly [string, Declaration, (cloud: FakeCloud) => void]>([
    ['a peering that is rejected', PAIR, when('peerings.list', stuck({ state: 'rejected' }))],
    [
      'a peering that is locked for its bill',
      PAIR,
      when('peerings.list', stuck({ state: 'inactive', reason: 'billing' })),
    ],
    ['a peering that is never made', PAIR, when('peerings.list', stuck({ state: 'provisioning' }))],
    ['a peering that somebody deletes', PAIR, when('peerings.list', (cloud) => cloud.peerings.splice(0))],
    ['a line that fails', LINE, when('links.get', stuckLink({ state: 'failed' }))],
    ['a line that is never made', LINE, when('links.get', stuckLink({ state: 'provisioning' }))],
    ['a line that somebody deletes', LINE, when('links.get', (cloud) => cloud.links.splice(0))],
    [
      'routes that are never written',
      PAIR,
      when('routes.list', (cloud) => {
        for (const route of cloud.routes)
          if (route.origin === 'custom')
            Object.assign(route, { state: 'provisioning', until: Number.MAX_SAFE_INTEGER });
      }),
    ],
  ])('with %s is told', async (name, declared, meanwhile) => {
    const scene = await worldOf({ declared, virgin: true });
    const engine = scene.engine();
    const plan = await engine.plan();
    scene.events.length = 0;
    scene.cloud.requests.length = 0;
    meanwhile(scene.cloud);
    await engine.apply(plan, { force: true });
    expect(told.differs(name, applyLines(scene.cloud, scene.events))).toBeUndefined();
  });

  it.each<readonly [string, Declaration, (cloud: FakeCloud) => void]>([
    ['a peering that does not go', PAIR, when('peerings.list', stuck({ state: 'deleting' }))],
    ['a peering that comes back', PAIR, when('peerings.list', stuck({ state: 'active' }))],
    ['a line that does not go', LINE, when('links.get', stuckLink({ state: 'deleting' }))],
    ['a line that comes back', LINE, when('links.get', stuckLink({ state: 'active' }))],
  ])('at the end with %s is told', async (name, declared, meanwhile) => {
    const scene = await worldOf({ declared });
    const engine = scene.engine();
    const plan = await engine.plan({ mode: 'destroy' });
    scene.events.length = 0;
    scene.cloud.requests.length = 0;
    meanwhile(scene.cloud);
    await engine.apply(plan, { force: true });
    expect(told.differs(name, applyLines(scene.cloud, scene.events))).toBeUndefined();
  });
});
