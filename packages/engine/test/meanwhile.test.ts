/** What steps do when the cloud does something else meanwhile: a thing vanishes, ends otherwise, never ends, or is somebody else's already. */
import { describe, expect, it } from '@jest/globals';
import { PeerwayError } from '@peerway/core';
import type { StepOutcome } from '@peerway/engine';
import { FakeCloud, MIRRORED, SHARED, STRICT, type FakeOptions } from './fakeCloud.js';
import type { FakeLink, FakePeering, FakeRoute } from './fakeRecords.js';
import { line, pair, Scene, type Declaration } from './scene.js';

const OURS = { 'peerway.stack': 'shop', 'peerway.connection': 'web-data' };
const MINUTE = 60_000;

interface World {
  readonly cloud: FakeCloud;
  readonly scene: Scene;
}

function world(
  options: Partial<FakeOptions> = {},
  declaration: Declaration = { connections: [pair('web-data', 'web', 'data')] },
): World {
  const cloud = new FakeCloud(options);
  cloud.network('web', ['10.0.0.0/16']);
  cloud.network('data', ['10.1.0.0/16']);
  return { cloud, scene: new Scene(cloud, declaration) };
}

const withLine = (options: Partial<FakeOptions> = {}): World => world(options, { links: [line('idc', 'web')] });

/** Runs `change` with the first request of this kind that comes when it may; it says so by not answering false. */
function onRequest(cloud: FakeCloud, operation: string, change: () => boolean | void): void {
  let changed = false;
  cloud.onRequest = (asked) => {
    if (changed || asked !== operation) return;
    changed = change() !== false;
  };
}

/** The first step of this verb that did not end well, in few words. */
function troubleOf(steps: readonly StepOutcome[], what: string): string | undefined {
  const step = steps.find((one) => one.step.includes(what));
  if (step === undefined) return 'no such step';
  return step.error === undefined ? undefined : `${step.error.code}: ${step.error.message}`;
}

const freeze = (
  thing: FakePeering | FakeLink,
  parts: Partial<Pick<FakePeering, 'state' | 'reason'>> & { readonly next?: unknown } = {},
): void => void Object.assign(thing, { then: undefined, ...parts });

describe('a peering that is being made', () => {
  /** What the first look after the creation shows. */
  const made = async (
    change: (peering: FakePeering, cloud: FakeCloud) => void,
    options: Partial<FakeOptions> = {},
  ): Promise<{ readonly trouble: string | undefined; readonly took: number; readonly cloud: FakeCloud }> => {
    const { cloud, scene } = world(options);
    onRequest(cloud, 'peerings.list', () => {
      const [peering] = cloud.peerings;
      if (peering === undefined) return false;
      change(peering, cloud);
      return true;
    });
    const before = cloud.clock.now();
    const { steps } = await scene.apply();
    return { trouble: troubleOf(steps, 'peering web-data create'), took: cloud.clock.now() - before, cloud };
  };

  it('and has vanished for a minute is gone', async () => {
    const { trouble, took } = await made((peering, cloud) => cloud.forget(peering));
    expect(trouble).toMatch(/^NotFound: The peering pcc-\d+ is gone$/);
    expect(took).toBeGreaterThan(MINUTE);
    expect(took).toBeLessThan(2 * MINUTE);
  });

  it.each([
    ['failed', undefined, /^FailedPrecondition: The peering pcc-\d+ became failed$/],
    ['inactive', 'billing', /^FailedPrecondition: The peering pcc-\d+ became inactive \(billing\)$/],
    [
      'rejected',
      'rejected-or-expired',
      /^FailedPrecondition: The peering pcc-\d+ became rejected \(rejected-or-expired\)$/,
    ],
  ] as const)('and becomes %s (%s) is not waited for any longer', async (state, reason, message) => {
    const { trouble, took } = await made((peering) => freeze(peering, { state, reason }));
    expect(trouble).toMatch(message);
    expect(took).toBeLessThan(MINUTE);
  });

  it('and never ends is given up after a quarter of an hour', async () => {
    const { trouble, took } = await made((peering) => freeze(peering));
    expect(trouble).toMatch(/^DeadlineExceeded: The peering pcc-\d+ is still provisioning after 9\d\d s$/);
    expect(took).toBeGreaterThan(15 * MINUTE);
    expect(took).toBeLessThan(17 * MINUTE);
  });

  it.each([
    ['one switch', SHARED, ['peerings.update']],
    ['a switch on each side', { ...MIRRORED, autoAccept: false }, ['peerings.update', 'peerings.update']],
  ] as const)('and is switched off by somebody is switched on again: %s', async (_, options, updates) => {
    const { trouble, cloud } = await made(
      (peering) => freeze(peering, { state: 'inactive', reason: 'suspended', next: undefined }),
      options,
    );
    expect(trouble).toBeUndefined();
    expect(cloud.peerings[0]?.state).toBe('active');
    expect(cloud.requests.map(({ operation }) => operation).filter((one) => one === 'peerings.update')).toEqual(
      updates,
    );
  });

  it.each<[string, Partial<FakePeering>, string | undefined]>([
    ['by another run of the stack', { tags: OURS }, undefined],
    ['by another run, by its description alone', { description: 'peerway stack=shop connection=web-data' }, undefined],
    ['by somebody else', {}, 'AlreadyExists: the pair is joined'],
    ['by another stack', { tags: { ...OURS, 'peerway.stack': 'lab' } }, 'AlreadyExists: the pair is joined'],
    ['by another run, by another mechanism', { tags: OURS, mechanism: 'old' }, 'AlreadyExists: the pair is joined'],
    ['and is rejected', { tags: OURS, state: 'rejected' }, 'AlreadyExists: the pair is joined'],
  ])('and was made meanwhile %s', async (_, parts, expected) => {
    const { cloud, scene } = world(STRICT, {
      connections: [pair('web-data', 'web', 'data', { bandwidthMbps: 10, mechanism: 'fast' })],
    });
    onRequest(cloud, 'peerings.create', () => void cloud.plantPeering('web', 'data', structuredClone(parts)));
    expect(troubleOf((await scene.apply()).steps, 'peering web-data create')).toBe(expected);
  });

  it('meanwhile by another run is waited for until it is to be seen, for a minute', async () => {
    const seenAfter = async (ms: number): Promise<string | undefined> => {
      const { cloud, scene } = world();
      onRequest(
        cloud,
        'peerings.create',
        () => void cloud.plantPeering('web', 'data', { tags: { ...OURS }, visibleAt: cloud.clock.now() + ms }),
      );
      return troubleOf((await scene.apply()).steps, 'peering web-data create');
    };
    expect(await seenAfter(30_000)).toBeUndefined();
    expect(await seenAfter(5 * MINUTE)).toBe('AlreadyExists: the pair is joined');
  });
});

describe('a peering that is being removed', () => {
  const removed = async (
    operation: string,
    change: (peering: FakePeering, cloud: FakeCloud) => boolean | void,
    options: Partial<FakeOptions> = {},
  ) => {
    const { cloud, scene } = world(options);
    await scene.apply();
    onRequest(cloud, operation, () => {
      const [peering] = cloud.peerings;
      return peering === undefined ? false : change(peering, cloud);
    });
    const before = cloud.clock.now();
    const { steps } = await scene.destroy();
    return { trouble: troubleOf(steps, 'delete'), all: steps, took: cloud.clock.now() - before };
  };
  const peeringTrouble = (all: readonly StepOutcome[]): string | undefined =>
    troubleOf(
      all.filter(({ step }) => step.startsWith('peering')),
      'delete',
    );

  it('and was removed by somebody else is gone', async () => {
    const { all } = await removed('peerings.delete', (peering, cloud) => cloud.forget(peering));
    expect(peeringTrouble(all)).toBeUndefined();
  });

  it('and never goes is given up after a quarter of an hour', async () => {
    const { all, took } = await removed('peerings.list', (peering) =>
      peering.state === 'deleting' ? freeze(peering) : false,
    );
    expect(peeringTrouble(all)).toMatch(/^DeadlineExceeded: The peering pcc-\d+ is still there after 9\d\d s$/);
    expect(took).toBeGreaterThan(15 * MINUTE);
  });

  it('and is not there by one answer, and there by all others, is told as it is', async () => {
    const always = world();
    await always.scene.apply();
    always.cloud.onRequest = (operation) => {
      if (operation === 'peerings.delete') throw new PeerwayError('NotFound', 'no such peering');
    };
    const before = always.cloud.clock.now();
    const trouble = peeringTrouble((await always.scene.destroy()).steps);
    expect(trouble).toMatch(
      /^Unavailable: The cloud says that the peering pcc-\d+ is not there, and shows it all the same$/,
    );
    expect(always.cloud.clock.now() - before).toBeGreaterThan(MINUTE);
  });
});

describe('a line that is being made', () => {
  const made = async (change: (link: FakeLink, cloud: FakeCloud) => boolean | void) => {
    const { cloud, scene } = withLine();
    onRequest(cloud, 'links.get', () => {
      const [link] = cloud.links;
      return link === undefined ? false : change(link, cloud);
    });
    const before = cloud.clock.now();
    const { steps } = await scene.apply();
    return { trouble: troubleOf(steps, 'link idc create'), took: cloud.clock.now() - before, cloud };
  };

  it('and has vanished for a minute is gone', async () => {
    const { trouble, took } = await made((link, cloud) => void cloud.links.splice(cloud.links.indexOf(link), 1));
    expect(trouble).toMatch(/^NotFound: The link vbr-\d+ is gone$/);
    expect(took).toBeGreaterThan(MINUTE);
    expect(took).toBeLessThan(2 * MINUTE);
  });

  it('and fails is not waited for any longer', async () => {
    const { trouble, took } = await made((link) => freeze(link, { state: 'failed', reason: undefined }));
    expect(trouble).toMatch(/^FailedPrecondition: The link vbr-\d+ became failed$/);
    expect(took).toBeLessThan(MINUTE);
  });

  it('and never ends is given up after a quarter of an hour', async () => {
    const { trouble, took } = await made((link) => freeze(link));
    expect(trouble).toMatch(/^DeadlineExceeded: The link vbr-\d+ is still provisioning$/);
    expect(took).toBeGreaterThan(15 * MINUTE);
    expect(took).toBeLessThan(17 * MINUTE);
  });

  it('and is switched off by somebody is switched on again', async () => {
    const { trouble, cloud } = await made((link) => {
      if (link.network === undefined) return false;
      freeze(link, { state: 'inactive', reason: 'suspended' });
      return true;
    });
    expect(trouble).toBeUndefined();
    expect(cloud.links[0]?.state).toBe('active');
  });

  it('and asks for its next step for ever does not end', async () => {
    const { cloud, scene } = withLine();
    cloud.onRequest = (operation) => {
      if (operation !== 'links.get') return;
      for (const link of cloud.links) freeze(link, { state: 'provisioning', next: 'continue' });
    };
    const { steps } = await scene.apply();
    expect(troubleOf(steps, 'link idc create')).toMatch(/^FailedPrecondition: The creation of vbr-\d+ does not end$/);
  });

  const MARK = { 'peerway.stack': 'shop', 'peerway.connection': 'idc' };
  const TEXT = 'peerway stack=shop connection=idc';
  it.each<[string, Partial<FakeLink>, string | undefined]>([
    ['by another run of the stack', { tags: MARK }, undefined],
    ['by another run, by its description alone', { description: TEXT }, undefined],
    ['by somebody else', {}, 'AlreadyExists: the VLAN is taken'],
    ['by another stack', { tags: { ...MARK, 'peerway.stack': 'lab' } }, 'AlreadyExists: the VLAN is taken'],
    ['for another line', { tags: { ...MARK, 'peerway.connection': 'x' } }, 'AlreadyExists: the VLAN is taken'],
    [
      'by another stack, by its description alone',
      { description: TEXT.replace('shop', 'lab') },
      'AlreadyExists: the VLAN is taken',
    ],
    [
      'for another line, by its description alone',
      { description: TEXT.replace('idc', 'x') },
      'AlreadyExists: the VLAN is taken',
    ],
  ])('and was made meanwhile %s', async (_, parts, expected) => {
    const { cloud, scene } = withLine();
    onRequest(cloud, 'links.create', () => {
      // a neighbour on the port, with our mark, is not it
      cloud.link({ port: 'pc-1', vlan: 31, network: 'web' as never, tags: { ...MARK } });
      cloud.link({ port: 'pc-1', vlan: 30, network: 'web' as never, ...structuredClone(parts) });
    });
    const { steps } = await scene.apply();
    expect(troubleOf(steps, 'link idc create')).toBe(expected);
  });
});

describe('a line that is being removed', () => {
  const removed = async (interfere: (cloud: FakeCloud, operation: string) => void) => {
    const { cloud, scene } = withLine();
    await scene.apply();
    cloud.onRequest = (operation) => interfere(cloud, operation);
    const before = cloud.clock.now();
    const { steps } = await scene.destroy();
    return { trouble: troubleOf(steps, 'link idc vbr-'), took: cloud.clock.now() - before };
  };

  it('and was removed by somebody else is gone', async () => {
    const { trouble } = await removed((cloud, operation) => {
      if (operation === 'links.delete') cloud.links.length = 0;
    });
    expect(trouble).toBeUndefined();
  });

  it('and never goes is given up after a quarter of an hour', async () => {
    const { trouble, took } = await removed((cloud, operation) => {
      for (const link of cloud.links) if (operation === 'links.get' && link.state === 'deleting') freeze(link);
    });
    expect(trouble).toMatch(/^DeadlineExceeded: The link vbr-\d+ is still there$/);
    expect(took).toBeGreaterThan(15 * MINUTE);
  });

  it('and is not there by one answer, and there by all others, is told as it is', async () => {
    const { trouble, took } = await removed((_, operation) => {
      if (operation === 'links.delete') throw new PeerwayError('NotFound', 'no such link');
    });
    expect(trouble).toMatch(
      /^Unavailable: The cloud says that the link vbr-\d+ is not there, and shows it all the same$/,
    );
    expect(took).toBeGreaterThan(MINUTE);
    expect(took).toBeLessThan(3 * MINUTE);
  });
});

describe('a route that is being written', () => {
  const written = async (
    options: Partial<FakeOptions>,
    interfere: (cloud: FakeCloud, operation: string) => void,
    more = {},
  ) => {
    const { cloud, scene } = world(options, { connections: [pair('web-data', 'web', 'data', more)] });
    cloud.onRequest = (operation) => interfere(cloud, operation);
    const before = cloud.clock.now();
    const { steps } = await scene.apply();
    const routes = steps.filter(({ step }) => step.startsWith('route web'));
    return { trouble: troubleOf(routes, 'create'), took: cloud.clock.now() - before };
  };
  const ours = (cloud: FakeCloud): FakeRoute[] => cloud.routes.filter(({ origin }) => origin === 'custom');

  it('and never settles is given up after five minutes', async () => {
    const { trouble, took } = await written(SHARED, (cloud) => {
      for (const route of ours(cloud)) Object.assign(route, { state: 'provisioning', until: Infinity });
    });
    expect(trouble).toBe('DeadlineExceeded: The route vtb-web 10.1.0.0/16 * has not settled in 300 s');
    expect(took).toBeGreaterThan(5 * MINUTE);
    expect(took).toBeLessThan(7 * MINUTE);
  });

  it('and vanishes is given up as well', async () => {
    const { trouble } = await written(SHARED, (cloud, operation) => {
      if (operation === 'routes.list')
        for (const route of ours(cloud)) cloud.dropRoute(route.network, route.destination);
    });
    expect(trouble).toMatch(/^DeadlineExceeded: The route vtb-web/);
  });

  it.each<[string, (cloud: FakeCloud) => Parameters<FakeCloud['plantRoute']>[2], Partial<FakeRoute>, boolean]>([
    ['by another run, to where ours leads', (cloud) => cloud.hop(cloud.peerings[0]!, 'initiator'), {}, true],
    ['by somebody else, to somewhere else', () => ({ kind: 'other', id: 'nat-1' }), {}, false],
    [
      'and is on its way out',
      (cloud) => cloud.hop(cloud.peerings[0]!, 'initiator'),
      { state: 'deleting', until: Infinity },
      false,
    ],
  ])('and was written meanwhile %s', async (_, hop, parts, good) => {
    let planted = false;
    const { trouble } = await written(
      STRICT,
      (cloud, operation) => {
        if (planted || operation !== 'routes.create' || cloud.peerings[0] === undefined) return;
        planted = true;
        for (const [network, destination] of [
          ['web', '10.1.0.0/16'],
          ['data', '10.0.0.0/16'],
        ] as const)
          cloud.plantRoute(network, destination, hop(cloud), parts);
      },
      { bandwidthMbps: 10 },
    );
    if (good) expect(trouble).toBeUndefined();
    else expect(trouble).toMatch(/^AlreadyExists/);
  });
});
