/** What plans say of each kind of drift, word for word, and what applies ask for and when: the text in `told/`, which shows every change. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { networkId, parseCidr } from '@peerway/core';
import { DRIFT_CASES, worldOf, type DriftCase } from './driftCases.js';
import { FADING, MIRRORED, SHARED, STRICT, type FakeCloud, type FakeOptions } from './fakeCloud.js';
import { hub, line, mesh, pair, type Declaration, type Scene } from './scene.js';
import { applyLines, planLines, Told } from './told.js';

interface World extends Omit<DriftCase, 'kind' | 'then'> {
  /** What is asked of the plan. */
  readonly asked?: Parameters<Scene['plan']>[0];
}

/** Only descriptions tell whose a peering is. */
const UNTAGGED = { ...SHARED, tags: false };
const WIDE = { bandwidthMbps: 5 };
const FAR: Declaration = { connections: [pair('web-far', 'web', 'far', WIDE)] };
const BOTH: Declaration = {
  connections: [pair('web-data', 'web', 'data'), pair('web-far', 'web', 'far', WIDE)],
  links: [line('idc', 'web')],
};
const LAB = { 'peerway.stack': 'lab', 'peerway.connection': 'x' };
/** A description of so many letters behind the mark of a connection that was called otherwise. */
const described = (letters: number) => (cloud: FakeCloud) =>
  void Object.assign(cloud.peeringOf('web', 'data'), {
    description: `peerway stack=shop connection=old adopted: ${'x'.repeat(letters)}`,
  });

/** Worlds beside the catalogued kinds of drift. */
const MORE: readonly (readonly [string, World])[] = [
  [
    'a mark without a connection',
    { plant: (cloud) => void (cloud.peeringOf('web', 'data').tags = { 'peerway.stack': 'shop' }) },
  ],
  ['a description that has room for the new mark', { options: UNTAGGED, plant: described(152) }],
  ['a description that has no room for the new mark', { options: UNTAGGED, plant: described(153) }],
  [
    'a description that was emptied',
    { options: UNTAGGED, plant: (cloud) => void (cloud.peeringOf('web', 'data').description = '') },
  ],
  [
    'a bandwidth that cannot be changed',
    {
      options: { ...STRICT, resize: false },
      plant: (cloud) => void (cloud.peeringOf('web', 'data').bandwidthMbps = 99),
    },
  ],
  [
    'no limit that can be set',
    {
      options: { ...STRICT, resize: false },
      plant: (cloud) => void (cloud.peeringOf('web', 'data').bandwidthMbps = 'unlimited'),
    },
  ],
  [
    'a peering without any mark, as one that was released, where routes of ours lead',
    {
      plant: (cloud, scene) => {
        Object.assign(cloud.peeringOf('web', 'data'), { tags: {}, description: '' });
        scene.declaration = { connections: [pair('other', 'data', 'far', WIDE)] };
      },
    },
  ],
  [
    'a peering that lost its tags and that nothing declares',
    {
      plant: (cloud, scene) => {
        cloud.peeringOf('web', 'data').tags = {};
        scene.declaration = { connections: [pair('other', 'data', 'far', WIDE)] };
      },
    },
  ],
  [
    'a line that lost its tags and that nothing declares',
    {
      options: { linkChanges: true },
      declared: { links: [line('idc', 'web')] },
      plant: (cloud, scene) => {
        cloud.links[0]!.tags = {};
        scene.declaration = { links: [line('other', 'web', { vlan: 31, destinations: [parseCidr('172.16.0.0/12')] })] };
      },
    },
  ],
  [
    'a line whose tags name another stack and whose description names ours',
    {
      options: { linkChanges: true },
      declared: { links: [line('idc', 'web')] },
      plant: (cloud) => void Object.assign(cloud.links[0]!, { tags: LAB }),
    },
  ],
  [
    'a line of ours that is attached to nothing and that nothing declares',
    {
      virgin: true,
      declared: { links: [] },
      plant: (cloud, scene) => {
        cloud.link({ port: 'pc-1', vlan: 30, description: 'peerway stack=shop connection=idc' });
        scene.declaration = { links: [line('other', 'web', { vlan: 31 })] };
      },
    },
  ],
  [
    'the cloud’s own and a stranger’s route over a peering that goes',
    {
      plant: (cloud, scene) => {
        const hop = cloud.hop(cloud.peeringOf('web', 'data'), 'initiator');
        cloud.plantRoute('web', '10.50.0.0/16', hop, { origin: 'propagated' });
        cloud.plantRoute('web', '10.51.0.0/16', hop);
        scene.declaration = { connections: [pair('other', 'data', 'far', WIDE)] };
      },
    },
  ],
  [
    'a stranger’s route in place that leads to another stack’s peering',
    {
      plant: (cloud) => {
        cloud.dropRoute('web', '10.1.0.0/16');
        const theirs = cloud.plantPeering('web', 'far', { tags: LAB, description: 'peerway stack=lab connection=x' });
        cloud.plantRoute('web', '10.1.0.0/16', cloud.hop(theirs, 'initiator'));
      },
    },
  ],
  [
    'a wrong next hop that is no peering of a connection',
    {
      plant: (cloud) => {
        const theirs = cloud.plantPeering('web', 'far');
        cloud.routesOf('web')[0]!.nextHop = cloud.hop(theirs, 'initiator');
      },
    },
  ],
  [
    'an acceptor’s half without its marks',
    {
      options: MIRRORED,
      declared: FAR,
      plant: (cloud) => void (cloud.peeringOf('web', 'far').acceptorTags = {}),
    },
  ],
  [
    'a mirrored peering that the acceptor has not made its half of',
    {
      options: MIRRORED,
      declared: FAR,
      plant: (cloud) =>
        void Object.assign(cloud.peeringOf('web', 'far'), {
          state: 'provisioning',
          reason: 'half-made',
          next: { side: 'acceptor', verb: 'accept' },
          halves: new Set(['initiator']),
        }),
    },
  ],
  [
    'a peering that fades, where routes keep no mark',
    { options: FADING, declared: FAR, plant: (cloud) => cloud.dropPeering(cloud.peeringOf('web', 'far')) },
  ],
  [
    'a peering that was rejected and fades',
    { options: FADING, declared: FAR, plant: (cloud) => void (cloud.peeringOf('web', 'far').state = 'rejected') },
  ],
  [
    'one of two connections and a line, which is asked for alone',
    {
      declared: BOTH,
      asked: { targets: ['web-far'] },
      plant: (cloud) => {
        cloud.dropRoute('web', '10.1.0.0/16');
        cloud.dropRoute('web', '10.2.0.0/16');
        cloud.plantPeering('data', 'far', { tags: { 'peerway.stack': 'shop', 'peerway.connection': 'gone' } });
        cloud.links[0]!.state = 'failed';
      },
    },
  ],
  [
    'everything of ours where nothing is declared',
    { declared: BOTH, plant: (_, scene) => (scene.declaration = { connections: [], links: [] }) },
  ],
  [
    'a line that is attached elsewhere, and a second one that nothing declares',
    {
      declared: {
        links: [line('idc', 'web'), line('idc-2', 'web', { vlan: 31, destinations: [parseCidr('172.16.0.0/12')] })],
      },
      plant: (cloud, scene) => {
        cloud.links[0]!.network = networkId('far');
        scene.declaration = { links: [line('idc', 'web')] };
      },
    },
  ],
];

/** Of equal names the second is told apart. */
const WORLDS: readonly (readonly [string, World])[] = [
  ...DRIFT_CASES.map((one, at): readonly [string, World] => {
    const before = DRIFT_CASES.slice(0, at).filter(({ kind }) => kind === one.kind).length;
    return [before === 0 ? one.kind : `${one.kind} ${before + 1}`, one];
  }),
  ...MORE,
];

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
