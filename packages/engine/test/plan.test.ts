/** Planning: prechecks, targets, policies, thresholds, saved plans, rendering, reads that never write. */
import { describe, expect, it } from '@jest/globals';
import { parseCidr } from '@peerway/core';
import { renderPlan, type Plan, type ProblemKind } from '@peerway/engine';
import { FakeCloud, STRICT, type FakeOptions } from './fakeCloud.js';
import { hub, line, mesh, pair, Scene, type Declaration } from './scene.js';

function world(options: Partial<FakeOptions> = {}): FakeCloud {
  const cloud = new FakeCloud(options);
  cloud.network('web', ['10.0.0.0/16']);
  cloud.network('data', ['10.1.0.0/16']);
  cloud.network('jobs', ['10.5.0.0/16']);
  cloud.network('twin', ['10.1.0.0/16']);
  cloud.network('part', ['10.1.8.0/24']);
  cloud.network('far', ['10.2.0.0/16'], { account: 'acc-b', region: 'r2' });
  return cloud;
}

interface Check {
  readonly kind: ProblemKind;
  readonly object: string;
  readonly declared: Declaration;
  readonly options?: Partial<FakeOptions>;
  readonly plant?: (cloud: FakeCloud) => void;
  readonly warning?: true;
}

const CHECKS: Check[] = [
  { kind: 'overlap', object: 'c', declared: { connections: [pair('c', 'data', 'twin')] } },
  {
    kind: 'overlap',
    object: 'c',
    warning: true,
    declared: { connections: [pair('c', 'data', 'twin', { routes: 'none' })] },
  },
  {
    kind: 'route-conflict',
    object: 'a',
    declared: { connections: [pair('a', 'web', 'data'), pair('b', 'web', 'twin')] },
  },
  {
    kind: 'route-overlap',
    object: 'a',
    declared: { connections: [pair('a', 'web', 'data'), pair('b', 'web', 'part')] },
  },
  {
    kind: 'route-overlap',
    object: 'c',
    warning: true,
    declared: { connections: [pair('c', 'web', 'data')] },
    plant: (cloud) => cloud.plantRoute('web', '10.1.3.0/24', { kind: 'other', id: 'nat' }),
  },
  {
    kind: 'route-prefix',
    object: 'c',
    declared: { connections: [pair('c', 'web', 'data', { routes: [parseCidr('172.16.0.0/12')] })] },
  },
  {
    kind: 'duplicate-pair',
    object: 'b',
    declared: { connections: [pair('a', 'web', 'data'), pair('b', 'data', 'web')] },
  },
  {
    kind: 'duplicate-pair',
    object: 'h/web/data',
    declared: { connections: [mesh('a', ['web', 'data']), hub('h', 'web', ['data'])] },
  },
  { kind: 'self-peering', object: 'c', declared: { connections: [pair('c', 'web', 'web')] } },
  { kind: 'unknown-network', object: 'c', declared: { connections: [pair('c', 'web', 'nowhere')] } },
  {
    kind: 'network-missing',
    object: 'ghost',
    declared: { networks: { web: 'web', ghost: 'vpc-none' }, connections: [pair('c', 'web', 'ghost')] },
  },
  {
    kind: 'network-not-active',
    object: 'data',
    declared: { connections: [pair('c', 'web', 'data')] },
    plant: (cloud) => void (cloud.networks.get('data')!.state = 'provisioning'),
  },
  {
    kind: 'duplicate-name',
    object: 'c',
    declared: { connections: [pair('c', 'web', 'data'), pair('c', 'web', 'jobs')] },
  },
  { kind: 'bad-name', object: 'a b', declared: { connections: [pair('a b', 'web', 'data')] } },
  { kind: 'bad-name', object: 'stack', declared: { stack: 'shop floor', connections: [pair('c', 'web', 'data')] } },
  {
    kind: 'unknown-mechanism',
    object: 'c',
    declared: { connections: [pair('c', 'web', 'data', { mechanism: 'magic' })] },
  },
  { kind: 'bandwidth', object: 'c', declared: { connections: [pair('c', 'web', 'data', { bandwidthMbps: 5 })] } },
  { kind: 'bandwidth', object: 'c', options: STRICT, declared: { connections: [pair('c', 'web', 'data')] } },
  { kind: 'bandwidth', object: 'c', declared: { connections: [pair('c', 'web', 'far', { bandwidthMbps: 1e9 })] } },
  {
    kind: 'bandwidth',
    object: 'c',
    options: { bandwidth: 'none' },
    declared: { connections: [pair('c', 'web', 'far', { bandwidthMbps: 5 })] },
  },
  {
    kind: 'tags',
    object: 'c',
    declared: { connections: [pair('c', 'web', 'data', { tags: { 'peerway.stack': 'x' } })] },
  },
  {
    kind: 'tags',
    object: 'c',
    declared: { connections: [pair('c', 'web', 'data', { tags: { k: 'v'.repeat(200) } })] },
  },
  {
    kind: 'unsupported',
    object: 'c',
    options: { tags: false },
    declared: { connections: [pair('c', 'web', 'data', { tags: { k: 'v' } })] },
  },
  { kind: 'unsupported', object: 'idc', options: { links: false }, declared: { links: [line('idc', 'web')] } },
  { kind: 'link', object: 'idc', declared: { links: [line('idc', 'web', { vlan: 9_999 })] } },
  { kind: 'link', object: 'idc', declared: { links: [line('idc', 'web', { destinations: [] })] } },
  {
    kind: 'account-unknown',
    object: 'c',
    declared: { connections: [pair('c', 'web', 'far')] },
    plant: (cloud) => void (cloud.networks.get('far')!.accountUnknown = true),
  },
  {
    kind: 'relay-pair',
    object: 'c',
    declared: { connections: [pair('c', 'web', 'data')] },
    plant: (cloud) => {
      for (const name of ['web', 'data']) cloud.networks.get(name)!.transit = true;
    },
  },
  {
    kind: 'foreign-peering',
    object: 'c',
    declared: { connections: [pair('c', 'web', 'data')] },
    plant: (cloud) => cloud.plantPeering('data', 'web', { mechanism: 'old' }),
  },
  {
    kind: 'foreign-peering',
    object: 'c',
    options: STRICT,
    declared: { connections: [pair('c', 'web', 'data', { bandwidthMbps: 1 })] },
    plant: (cloud) => cloud.plantPeering('data', 'web', { state: 'rejected' }),
  },
  {
    kind: 'quota-peerings',
    object: 'hubnet',
    declared: {
      connections: [
        hub(
          'h',
          'hubnet',
          Array.from({ length: 201 }, (_, at) => `s${at}`),
        ),
      ],
    },
    plant: (cloud) => {
      cloud.network('hubnet', ['172.16.0.0/16']);
      for (let at = 0; at < 201; at++) cloud.network(`s${at}`, [`11.${at}.0.0/16`]);
    },
  },
  {
    kind: 'quota-routes',
    object: 'web',
    declared: { connections: [pair('c', 'web', 'data')] },
    plant: (cloud) => {
      for (let at = 0; at < 200; at++) cloud.plantRoute('web', `12.${at}.0.0/16`, { kind: 'other', id: 'nat' });
    },
  },
  { kind: 'unknown-target', object: 'zzz', declared: { connections: [pair('c', 'web', 'data')] } },
];

describe('prechecks', () => {
  it.each(CHECKS)('$kind', async ({ kind, object, declared, options, plant, warning }) => {
    const cloud = world(options);
    plant?.(cloud);
    const scene = new Scene(cloud, declared);
    const plan = await scene.plan(kind === 'unknown-target' ? { targets: ['zzz'] } : {});
    const found = plan.problems.filter((problem) => problem.kind === kind && problem.object === object);
    expect([found.length > 0, plan.problems.map((problem) => `${problem.kind} ${problem.object}`)]).toEqual([
      true,
      expect.anything(),
    ]);
    for (const problem of plan.problems) {
      expect(problem.remedy).toMatch(/^[A-Z].*\.$/);
      expect(problem.message.length).toBeGreaterThan(15);
    }
    expect(found[0]!.severity).toBe(warning === true ? 'warning' : 'error');
    if (warning === true) return;
    await expect(scene.engine().apply(plan)).rejects.toMatchObject({ code: 'FailedPrecondition' });
    expect(cloud.mutations()).toEqual([]);
  });

  it('lets the cloud check creations where it can, when asked to', async () => {
    const cloud = world();
    cloud.networks.get('data')!.transit = true; // the fake's word for "no right to peer this"
    const scene = new Scene(cloud, { connections: [pair('c', 'web', 'data'), pair('d', 'web', 'jobs')] });
    expect((await scene.plan()).problems).toEqual([]);
    expect((await scene.plan({ dryRun: true })).problems).toMatchObject([{ kind: 'cloud-refuses', object: 'c' }]);
    expect(cloud.mutations()).toEqual([]);
  });

  it('passes a default quota with force', async () => {
    const cloud = world();
    for (let at = 0; at < 200; at++) cloud.plantRoute('web', `12.${at}.0.0/16`, { kind: 'other', id: 'nat' });
    const scene = new Scene(cloud, { connections: [pair('c', 'web', 'data')] });
    await expect(scene.apply()).rejects.toMatchObject({ code: 'FailedPrecondition' });
    expect((await scene.apply({ force: true })).outcome).toBe('done');
  });
});

describe('a plan', () => {
  const both: Declaration = {
    connections: [pair('a', 'web', 'data'), hub('h', 'jobs', ['web', 'far'], { routes: 'auto' })],
  };

  it('is the same bytes whatever the order of the declaration', async () => {
    const cloud = world();
    const one = await new Scene(cloud, both).plan();
    const two = await new Scene(cloud, {
      connections: [...both.connections!].reverse(),
      networks: Object.fromEntries([...cloud.networks.keys()].reverse().map((id) => [id, id])),
    }).plan();
    expect(JSON.stringify(two)).toBe(JSON.stringify(one));
    expect(JSON.parse(JSON.stringify(one))).toEqual(one);
  });

  it('renders as text, JSON and Markdown', async () => {
    const cloud = world();
    const plan = await new Scene(cloud, {
      connections: [pair('a', 'web', 'data'), pair('x', 'web', 'nowhere')],
    }).plan();
    expect(renderPlan(plan, 'text')).toMatchInlineSnapshot(`
      "plan of stack shop: 3 to create, stopped by 1 error

      a
        + peering a (web → data): it is declared and does not exist
        + route 10.0.0.0/16 in vtb-data (data): the way from data to web
        + route 10.1.0.0/16 in vtb-web (web): the way from web to data

      1 error
        error x: x names the network nowhere, which is not declared
          Declare nowhere under networks, or correct the name.
      "
    `);
    expect(renderPlan(plan, 'markdown')).toMatchInlineSnapshot(`
      "## Plan of stack \`shop\`

      3 to create, stopped by 1 error

      | connection | action | object | why |
      |---|---|---|---|
      | a | create | peering a (web → data) | it is declared and does not exist |
      | a | create | route 10.0.0.0/16 in vtb-data (data) | the way from data to web |
      | a | create | route 10.1.0.0/16 in vtb-web (web) | the way from web to data |

      ### Errors

      - **x**: x names the network nowhere, which is not declared. Declare nowhere under networks, or correct the name.
      "
    `);
    expect(JSON.parse(renderPlan(plan, 'json'))).toEqual(plan);
    const nothing = await new Scene(cloud, {}).plan();
    expect(renderPlan(nothing, 'text')).toBe('plan of stack shop: nothing to do\n');
  });

  it('covers only its targets', async () => {
    const cloud = world();
    const scene = new Scene(cloud, both);
    const ids = (plan: Plan): string[] => [...new Set(plan.steps.map((step) => step.connection))];
    expect(ids(await scene.plan({ targets: ['h'] }))).toEqual(['h/jobs/far', 'h/jobs/web']);
    expect(ids(await scene.plan({ targets: ['h/jobs/far', 'a'] })).sort()).toEqual(['a', 'h/jobs/far']);
    await scene.apply();
    await scene.apply({ mode: 'destroy', targets: ['h/jobs/web'] });
    expect(ids(await scene.plan())).toEqual(['h/jobs/web']);
  });

  it('keeps to its prune policy', async () => {
    const cloud = world(STRICT);
    const wide = { bandwidthMbps: 10 };
    const scene = new Scene(cloud, { connections: [pair('a', 'web', 'data', wide), pair('b', 'web', 'jobs', wide)] });
    await scene.apply();
    scene.declaration = {
      connections: [pair('a', 'web', 'data', { bandwidthMbps: 20 }), pair('c', 'data', 'jobs', wide)],
    };
    const actions = async (prune: 'sync' | 'upsert-only' | 'create-only'): Promise<string[]> =>
      [...new Set((await scene.plan({ prune })).steps.map((step) => step.action))].sort();
    expect(await actions('sync')).toEqual(['create', 'delete', 'update']);
    expect(await actions('upsert-only')).toEqual(['create', 'update']);
    expect(await actions('create-only')).toEqual(['create']);
    await scene.apply({ prune: 'create-only' });
    expect(cloud.peerings).toHaveLength(3);
  });

  it('asks for force with the counts when it deletes more than a third', async () => {
    const cloud = world();
    for (let at = 0; at < 10; at++) cloud.network(`s${at}`, [`11.${at}.0.0/16`]);
    const spokes = Array.from({ length: 10 }, (_, at) => `s${at}`);
    const scene = new Scene(cloud, { connections: [hub('h', 'web', spokes)] });
    await scene.apply();
    scene.declaration = { connections: [hub('h', 'web', spokes.slice(0, 7))] };
    expect((await scene.plan()).problems).toEqual([]);
    scene.declaration = { connections: [hub('h', 'web', spokes.slice(0, 3))] };
    const plan = await scene.plan();
    expect(plan.problems.map((problem) => problem.message)).toEqual([
      'The plan deletes 14 of our 20 routes, more than a third',
      'The plan deletes 7 of our 10 peerings, more than a third',
    ]);
    await expect(scene.engine().apply(plan)).rejects.toMatchObject({ code: 'FailedPrecondition' });
    expect((await scene.apply({ force: true })).outcome).toBe('done');
    expect(cloud.peerings).toHaveLength(3);
  });

  it('is applied from a file only while the world still matches it', async () => {
    const cloud = world();
    const scene = new Scene(cloud, { connections: [pair('a', 'web', 'data')] });
    const saved = JSON.parse(JSON.stringify(await scene.plan())) as Plan;
    cloud.addCidr('data', '10.60.0.0/16');
    await expect(scene.engine().apply(saved)).rejects.toMatchObject({
      code: 'FailedPrecondition',
      message: expect.stringContaining('changed'),
    });
    expect(cloud.mutations()).toEqual([]);
    const again = JSON.parse(JSON.stringify(await scene.plan())) as Plan;
    expect((await scene.engine().apply(again)).outcome).toBe('done');
    await expect(scene.engine().apply(again)).rejects.toMatchObject({ code: 'FailedPrecondition' });
    const other = new Scene(cloud, { stack: 'lab' });
    await expect(other.engine().apply(again)).rejects.toMatchObject({ code: 'InvalidArgument' });
  });

  it('is refused when somebody edited its steps, and names the circle when they need each other', async () => {
    const cloud = world();
    const scene = new Scene(cloud, { connections: [pair('a', 'web', 'data')] });
    const plan = await scene.plan();
    const edited = (edit: (steps: { id: string; needs: string[] }[]) => unknown): Plan => {
      const copy = JSON.parse(JSON.stringify(plan)) as Plan;
      edit(copy.steps as never);
      return copy;
    };
    const [peering, route] = plan.steps.map((step) => step.id);
    const circular = edited((steps) => steps.find((step) => step.id === peering)?.needs.push(route ?? ''));
    await expect(scene.engine().apply(circular)).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: `Steps of the plan need each other in a circle: ${peering} → ${route} → ${peering}`,
      details: { remedy: expect.stringContaining('Plan again') },
    });
    // a circle is found behind steps that are in none
    const behind = edited((steps) => {
      const [first, second] = steps.filter(({ id }) => id !== peering);
      second?.needs.push(second.id);
      first?.needs.splice(0);
      steps.push({ ...(first as (typeof steps)[0]), id: 'another', needs: [first?.id ?? ''] });
      steps.unshift(steps.pop() as (typeof steps)[0]);
    });
    await expect(scene.engine().apply(behind)).rejects.toMatchObject({
      message: expect.stringContaining('need each other in a circle'),
    });
    for (const edit of [
      (steps: { needs: string[] }[]) => steps.pop(),
      (steps: { needs: string[] }[]) => steps.forEach((step) => (step.needs = [])),
    ])
      await expect(scene.engine().apply(edited(edit))).rejects.toMatchObject({
        code: 'InvalidArgument',
        message: expect.stringContaining('edited'),
      });
    expect(cloud.mutations()).toEqual([]);
    // the same steps written by another program, its keys in another order, are the same plan
    const steps = plan.steps.map((step) => Object.fromEntries(Object.entries(step).reverse()));
    expect((await scene.engine().apply({ ...plan, steps: steps as never })).outcome).toBe('done');
  });

  it('is looked at again when it is old, or not the last one of its engine', async () => {
    const cloud = world();
    const scene = new Scene(cloud, { connections: [pair('a', 'web', 'data')] });
    const engine = scene.engine();
    const first = await engine.plan();
    cloud.addCidr('data', '10.60.0.0/16');
    const second = await engine.plan();
    await expect(engine.apply(first)).rejects.toMatchObject({ code: 'FailedPrecondition' });
    cloud.addCidr('data', '10.61.0.0/16');
    cloud.clock.advance(61_000);
    await expect(engine.apply(second)).rejects.toMatchObject({ code: 'FailedPrecondition' });
    expect(cloud.mutations()).toEqual([]);
    const reads = cloud.requests.length;
    const third = await engine.plan();
    const looked = cloud.requests.length - reads;
    expect((await engine.apply(third)).outcome).toBe('done');
    // a plan just made is applied without looking at everything twice
    expect(cloud.requests.slice(reads + looked).findIndex((request) => request.mutating)).toBe(0);
  });

  it('and status and verify send nothing that changes anything, even when a driver tries to', async () => {
    const cloud = world();
    const scene = new Scene(cloud, both);
    await scene.apply();
    cloud.revive();
    const engine = scene.engine();
    await engine.plan();
    await engine.plan({ mode: 'destroy' });
    await engine.status();
    await engine.verify('web', 'data');
    expect(cloud.mutations()).toEqual([]);
    cloud.lying = true; // every read of the fake now begins a mutating request
    await expect(scene.plan()).rejects.toMatchObject({ code: 'FailedPrecondition' });
    await expect(engine.status()).rejects.toMatchObject({ code: 'FailedPrecondition' });
    await expect(engine.verify('web', 'data')).rejects.toMatchObject({ code: 'FailedPrecondition' });
  });

  it('shows every connection as it stands', async () => {
    const cloud = world();
    const scene = new Scene(cloud, { ...both, links: [line('idc', 'web')] });
    const health = async (): Promise<string[]> =>
      (await scene.engine().status()).connections.map((one) => `${one.connection} ${one.health} ${one.owner}`);
    expect(await health()).toEqual([
      'a absent none',
      'h/jobs/web absent none',
      'h/jobs/far absent none',
      'idc absent none',
    ]);
    await scene.apply();
    expect(await health()).toEqual([
      'a connected ours',
      'h/jobs/web connected ours',
      'h/jobs/far connected ours',
      'idc connected ours',
    ]);
    cloud.dropRoute('web', '10.1.0.0/16');
    cloud.peeringOf('jobs', 'web').state = 'updating';
    Object.assign(cloud.peeringOf('jobs', 'far'), { tags: {}, description: '' });
    expect(await health()).toEqual([
      'a broken ours',
      'h/jobs/web pending ours',
      'h/jobs/far connected foreign',
      'idc connected ours',
    ]);
    const status = await scene.engine().status();
    expect(
      status.connections[0]!.routes.map(
        (route) => `${route.side} ${route.network} ${route.destination} ${route.state}`,
      ),
    ).toEqual(['initiator web 10.1.0.0/16 missing', 'acceptor data 10.0.0.0/16 active']);
    expect(JSON.parse(JSON.stringify(status))).toEqual(status);
  });
});
