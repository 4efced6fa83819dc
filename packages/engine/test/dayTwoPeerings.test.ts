/** Peerings on the second day: what they carry and whether they are on changes in the file, in the console or in a broken-off command. */
import { describe, expect, it } from '@jest/globals';
import { networkId } from '@peerway/core';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { EMPTY_FILE, type FileModel } from './histories/file.js';
import { errors, halves, mark, pair, suite, type Row, type Scene } from './histories/scene.js';
import { NETWORKS, type NetworkName } from './histories/world.js';

const RI = { mechanism: 'router-interface' } as const;

/** Only what a person has written, without our marker. */
const userTags = (tags: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith('peerway.')));

const half = (scene: Scene, at: number): Row => {
  const row = halves(scene)[at];
  if (row === undefined) throw new Error(`there is no half ${at}`);
  return row;
};

/** Calls one operation on a half, as its owner, and lets a minute pass. */
async function onHalf(
  scene: Scene,
  at: number,
  operation: 'DeactivateRouterInterface' | 'DeleteRouterInterface',
  passes = 60_000,
): Promise<void> {
  const row = half(scene, at);
  for (const name of NETWORKS) {
    const rpc = await scene.rpc(name);
    if ((await scene.world.hand(name)).account !== row['account'] || rpc.region !== row['region']) continue;
    await rpc.vpc(operation, { RegionId: rpc.region, RouterInterfaceId: row.id });
    return scene.world.pass(passes);
  }
}

suite('alibaba', (scene) => {
  describe('a router-interface pair, of which somebody switches a half off', () => {
    it.each([
      ['n1', 0],
      ['n1', 1],
      ['far', 0],
      ['far', 1],
    ] as const)('between n0 and %s, half %i: apply switches it on', async (other, at) => {
      const file = pair('ri', 'n0', other, RI);
      await scene.converge(file);
      await onHalf(scene, at, 'DeactivateRouterInterface');
      const plan = await scene.plan(file);
      expect(plan.drift.map(({ kind }) => kind)).toContain('peering-suspended');
      expect(plan.steps.map(({ reason }) => reason)).toEqual(['it is switched off']);
      expect(await scene.changes(() => scene.converge(file))).toEqual(['ActivateRouterInterface']);
      expect(halves(scene).map((row) => row['status'])).toEqual(['Active', 'Active']);
    });

    it.each([0, 1])('and both, or half %i is deleted after that: all of it is made anew', async (at) => {
      const file = pair('ri', 'n0', 'n1', { ...RI, routes: 'none' });
      await scene.converge(file);
      const before = halves(scene).map(({ id }) => id);
      await onHalf(scene, 0, 'DeactivateRouterInterface');
      await onHalf(scene, 1, 'DeactivateRouterInterface');
      expect(await scene.changes(() => scene.converge(file))).toEqual([
        'ActivateRouterInterface',
        'ActivateRouterInterface',
      ]);
      await onHalf(scene, at, 'DeactivateRouterInterface');
      await onHalf(scene, at, 'DeleteRouterInterface');
      await scene.converge(file);
      const after = halves(scene);
      expect(after.map((row) => row['status'])).toEqual(['Active', 'Active']);
      expect(after.filter(({ id }) => before.includes(id))).toEqual([]);
    });
  });

  it('a pair of which one half is gone while the other is being switched off is made anew by one apply', async () => {
    const file = pair('ri', 'n0', 'far', { ...RI, routes: 'none' });
    await scene.converge(file);
    await onHalf(scene, 0, 'DeactivateRouterInterface');
    await onHalf(scene, 0, 'DeleteRouterInterface');
    await onHalf(scene, 0, 'DeactivateRouterInterface', 0);
    expect(halves(scene).map((row) => row['status'])).toEqual(['Deactivating']);
    await scene.converge(file);
    expect(halves(scene).map((row) => row['status'])).toEqual(['Active', 'Active']);
  });

  describe.each([
    ['vpc-peer', 'alibaba.vpcPeers', 'retagPeering', 'untagPeering', 'describePeering'],
    ['router-interface', 'alibaba.routerInterfaces', 'retagInterface', 'untagInterface', 'describeInterface'],
  ] as const)('what a %s carries', (mechanism, table, retag, untag, describeIt) => {
    const file = (name: string, tags: Record<string, string>): FileModel => pair(name, 'n0', 'n1', { mechanism, tags });
    const row = (): Row => (mechanism === 'vpc-peer' ? scene.rows(table)[0] : half(scene, 0)) as Row;
    /** Where the initiator's half stands among the rows. */
    const first = (): number => scene.rows(table).findIndex(({ id }) => id === row().id);

    it('tags that left the file leave the cloud, and only ours', async () => {
      await scene.converge(file('wd', { team: 'net', cost: '7' }));
      const { id } = row();
      await scene.hand(retag, first());
      const plan = await scene.plan(file('wd', { team: 'core' }));
      expect(plan.drift.map(({ kind }) => kind).sort()).toEqual(['tag-changed', 'tag-left']);
      const changes = await scene.changes(() => scene.converge(file('wd', { team: 'core' })));
      expect(changes).toEqual(['UnTagResources', 'TagResources']);
      expect(userTags(scene.tags(id))).toEqual({ team: 'core', theirs: 'yes' });
      await scene.converge(file('wd', {}));
      expect(userTags(scene.tags(id))).toEqual({ theirs: 'yes' });
      expect(Object.keys(scene.tags(id))).not.toContain('peerway.tags');
    });

    it('a tag may be called what every object of JavaScript has', async () => {
      const strange = { ['__proto__']: 'a', constructor: 'b', hasOwnProperty: 'c' };
      await scene.converge(file('wd', strange));
      const { id } = row();
      expect(Object.entries(userTags(scene.tags(id)))).toEqual(Object.entries(strange));
      await scene.converge(file('wd', { constructor: 'other' }));
      expect(Object.entries(userTags(scene.tags(id)))).toEqual([['constructor', 'other']]);
      await scene.converge(file('wd', {}));
      expect(Object.entries(userTags(scene.tags(id)))).toEqual([]);
    });

    it('a tag that was there before us stays when it leaves the file', async () => {
      await scene.converge(file('wd', {}));
      const { id } = row();
      await scene.hand(retag, first());
      expect(await scene.changes(() => scene.converge(file('wd', { theirs: 'yes' })))).toEqual([]);
      await scene.converge(file('wd', {}));
      expect(userTags(scene.tags(id))).toEqual({ team: 'by-hand', theirs: 'yes' });
    });

    it('plan counts the tags of others before the first write', async () => {
      const many = (prefix: string, count: number): Record<string, string> =>
        Object.fromEntries(Array.from({ length: count }, (_, at) => [`${prefix}${at}`, 'x']));
      const max = mechanism === 'vpc-peer' ? 20 : 18;
      await scene.converge(file('wd', many('old', max - 5)));
      await scene.hand(retag, first()); // two more
      const plan = await scene.plan(file('wd', many('old', max - 4)));
      expect(plan.problems.map(({ severity, kind }) => [severity, kind])).toEqual([['error', 'tags']]);
      expect(plan.problems[0]?.message).toContain(`2 set by others; the cloud takes ${max}`);
      await scene.converge(file('wd', many('new', max - 5)));
    });

    it('a new name is written wherever the old one stood', async () => {
      await scene.converge(file('old.name', {}));
      await scene.converge(file('new-name', {}));
      for (const one of scene.rows(table)) {
        expect(one['description']).toBe(mark('new-name'));
        expect(scene.tags(one.id)).toMatchObject({ 'peerway.connection': 'new-name', 'peerway.stack': 'hist' });
      }
      expect(row()['name']).toBe('new-name');
      await scene.converge(file('newer', {}));
      expect(row()['name']).toBe('newer');
    });

    it('a mark lost in the tags heals from the description, and the reverse', async () => {
      await scene.converge(file('wd', { team: 'net' }));
      for (const [at] of scene.rows(table).entries()) await scene.hand(untag, at);
      expect((await scene.plan(file('wd', { team: 'net' }))).drift.map(({ kind }) => kind)).toContain('marker-lost');
      await scene.converge(file('wd', { team: 'net' }));
      for (const [at] of scene.rows(table).entries()) await scene.hand(describeIt, at);
      await scene.converge(file('wd', { team: 'net' }));
      for (const one of scene.rows(table)) {
        expect(one['description']).toBe(mark('wd'));
        expect(scene.tags(one.id)).toMatchObject({ 'peerway.connection': 'wd', 'peerway.stack': 'hist' });
      }
    });
  });

  describe.each([
    ['n1', [3, 4]],
    // before its fourth step nothing in either account says that the two interfaces are meant for each other
    ['far', [4]],
  ] as const)('a pair between n0 and %s that the vendor’s program left half-made', (other, broken) => {
    const file = pair('ri', 'n0', other, RI);

    /** Its steps: both interfaces, the initiator told of the acceptor (3), the acceptor told of the initiator (4). */
    async function brokenOffAfter(step: 3 | 4): Promise<void> {
      const [near, far] = [await scene.rpc('n0'), await scene.rpc(other)];
      const router = (name: NetworkName): string =>
        String(scene.rows('alibaba.vpcs').find(({ id }) => id === scene.world.id(name))?.['router']);
      const account = async (name: NetworkName): Promise<string> => String((await scene.world.hand(name)).account);
      const kind = { RouterType: 'VRouter', OppositeRouterType: 'VRouter' } as const;
      const acceptor = await far.vpc('CreateRouterInterface', {
        ...kind,
        RegionId: far.region,
        OppositeRegionId: near.region,
        RouterId: router(other),
        Role: 'AcceptingSide',
        Spec: 'Negative',
        OppositeInterfaceOwnerId: await account('n0'),
        ClientToken: `hand-a-${scene.world.clock.now()}`,
      });
      const initiator = await near.vpc('CreateRouterInterface', {
        ...kind,
        RegionId: near.region,
        OppositeRegionId: far.region,
        RouterId: router('n0'),
        Role: 'InitiatingSide',
        Spec: other === 'far' ? 'Small.1' : 'Large.2',
        OppositeInterfaceOwnerId: await account(other),
        ClientToken: `hand-i-${scene.world.clock.now()}`,
      });
      const [one, two] = [String(initiator.RouterInterfaceId), String(acceptor.RouterInterfaceId)];
      await near.vpc('ModifyRouterInterfaceAttribute', {
        RegionId: near.region,
        RouterInterfaceId: one,
        OppositeInterfaceId: two,
        OppositeRouterId: router(other),
        OppositeRouterType: 'VRouter',
        OppositeInterfaceOwnerId: await account(other),
      });
      if (step === 3) return;
      await far.vpc('ModifyRouterInterfaceAttribute', {
        RegionId: far.region,
        RouterInterfaceId: two,
        OppositeInterfaceId: one,
        OppositeRouterId: router('n0'),
        OppositeRouterType: 'VRouter',
        OppositeInterfaceOwnerId: await account('n0'),
      });
    }

    it('after its step 4, the initiator’s half gone before the two were connected: both are made anew by one apply', async () => {
      await brokenOffAfter(4);
      await (await scene.engine(file)).adopt('ri');
      const [initiator, acceptor] = halves(scene).map(({ id }) => id);
      await onHalf(scene, 0, 'DeleteRouterInterface');
      expect(halves(scene).map(({ id }) => id)).toEqual([acceptor]);
      await scene.converge(file);
      const after = halves(scene);
      expect(after.map((row) => row['status'])).toEqual(['Active', 'Active']);
      expect(after.map(({ id }) => id)).not.toContain(acceptor);
      expect(after.map(({ id }) => id)).not.toContain(initiator);
    });

    it.each(broken)('after its step %i: adopt marks it, apply finishes it, nothing third is made', async (step) => {
      await brokenOffAfter(step);
      const made = halves(scene).map(({ id }) => id);
      expect(made).toHaveLength(2);
      const engine = await scene.engine(file);
      expect(errors(await engine.plan())).toEqual([expect.stringContaining('which is not ours')]);
      expect(await engine.verify('n0', other)).toMatchObject({
        findings: expect.arrayContaining([
          expect.objectContaining({ fix: 'It is not ours: run `peerway adopt ri`, then `peerway apply`.' }),
        ]),
      });
      const start = scene.world.clock.now();
      const marks = await scene.changes(() => engine.adopt('ri'));
      expect(marks).toEqual(['TagResources', 'TagResources']);
      expect(scene.world.clock.now() - start).toBeLessThan(10_000);
      const changes = await scene.changes(() => scene.converge(file));
      expect(changes.filter((one) => !one.includes('Route') || one.includes('Interface'))).toEqual([
        ...(step === 3 ? ['ModifyRouterInterfaceAttribute'] : []),
        'ConnectRouterInterface',
      ]);
      expect(halves(scene).map(({ id }) => id)).toEqual(made);
      expect(halves(scene).map((row) => row['status'])).toEqual(['Active', 'Active']);
      await scene.apply(file, 'destroy');
      expect(halves(scene)).toEqual([]);
    });
  });

  describe('options that change in the file', () => {
    const far = (options: object): FileModel => ({ ...pair('x', 'n0', 'n2'), options: { ...options } });

    it('linkType and resourceGroupId are changed in place, and back', async () => {
      const group = { cloud: 'alibaba', account: DEFAULT_WORLD.alibaba.accounts.a.id } as const;
      scene.world.emulator.world.resourceGroup({ ...group, id: 'rg-acfm2nol1234567', name: 'net' });
      await scene.converge(far({}));
      const id = scene.rows('alibaba.vpcPeers')[0]?.id;
      const options = { linkType: 'Platinum', resourceGroupId: 'rg-acfm2nol1234567' };
      const plan = await scene.plan(far(options));
      expect(plan.drift.map(({ kind }) => kind)).toEqual(['setting-changed', 'setting-changed']);
      expect(plan.steps.map(({ reason }) => reason)).toEqual([
        'linkType Gold → Platinum; resourceGroupId none → rg-acfm2nol1234567',
      ]);
      expect(await scene.changes(() => scene.converge(far(options)))).toEqual([
        'ModifyVpcPeerConnection',
        'MoveResourceGroup',
      ]);
      expect(scene.rows('alibaba.vpcPeers')).toMatchObject([
        { id, linkType: 'Platinum', resourceGroups: { initiator: 'rg-acfm2nol1234567' } },
      ]);
      expect(await scene.changes(() => scene.converge(far({})))).toEqual(['ModifyVpcPeerConnection']);
      expect(scene.rows('alibaba.vpcPeers')).toMatchObject([{ id, linkType: 'Gold' }]);
    });

    it('a router interface stays in its resource group, and plan says so', async () => {
      const group = { cloud: 'alibaba', account: DEFAULT_WORLD.alibaba.accounts.a.id } as const;
      scene.world.emulator.world.resourceGroup({ ...group, id: 'rg-acfm2nol1234567', name: 'net' });
      const file = pair('x', 'n0', 'n1', RI);
      await scene.converge({ ...file, options: { resourceGroupId: 'rg-acfm2nol1234567' } });
      const plan = await scene.plan({ ...file, options: { resourceGroupId: 'rg-acfm2nol7654321' } });
      expect(plan.steps).toEqual([]);
      expect(plan.problems).toMatchObject([{ severity: 'warning', kind: 'unsupported' }]);
      expect(plan.problems[0]?.message).toContain('resourceGroupId');
    });
  });

  it('what bears our description alone and is not declared any more is named, and left alone', async () => {
    const file = pair('wd', 'n0', 'n1');
    await scene.converge(file);
    await scene.hand('untagPeering');
    const plan = await scene.plan({ ...file, connections: [] });
    expect(plan.problems).toMatchObject([{ severity: 'warning', kind: 'half-marked' }]);
    expect(plan.steps.map(({ work }) => work.verb)).not.toContain('peering.delete');
    await scene.converge(file);
    await scene.apply({ ...file, connections: [] });
    expect(scene.rows('alibaba.vpcPeers')).toEqual([]);
  });

  it.each([
    [{ acsx: 'fine' }, { 'acs:x': '1' }, 'begins with acs:'],
    [{}, { site: 'see http://x' }, 'holds http://'],
    [{}, { Aliyun: '1' }, 'begins with aliyun'],
  ])('a change to tags that the cloud keeps to itself is refused by plan: %j → %j', async (before, after, why) => {
    await scene.converge(pair('x', 'n0', 'n1', { tags: before }));
    const plan = await scene.plan(pair('x', 'n0', 'n1', { tags: after }));
    expect(errors(plan)).toEqual([expect.stringContaining(why)]);
    await scene.converge(pair('x', 'n0', 'n1', { tags: { emoji: '😀'.repeat(65) } })); // counted as the cloud counts
  });

  it('a bandwidth that a router interface does not offer is refused by plan, on a change too', async () => {
    const far = (bandwidthMbps: number): FileModel => pair('x', 'n0', 'n2', { ...RI, bandwidthMbps });
    await scene.converge(far(10));
    expect(errors(await scene.plan(far(33)))).toEqual(['bandwidthMbps 33 is not offered']);
    expect(await scene.changes(() => scene.converge(far(20)))).toEqual(['ModifyRouterInterfaceSpec']);
  });

  it('plan names both accounts when the keys are of another one than account: says', async () => {
    const plan = await scene.plan({ ...pair('x', 'n0', 'n1'), account: '253460731706911258' });
    const own = DEFAULT_WORLD.alibaba.accounts.a.id;
    expect(plan.problems).toMatchObject([
      { severity: 'error', kind: 'account-mistaken', object: 'a0' },
      { severity: 'error', kind: 'account-mistaken', object: 'a1' },
    ]);
    expect(plan.problems[0]?.message).toContain(`belong to the account ${own}; account: says 253460731706911258`);
  });
});

suite('baidu', (scene) => {
  it('the account that asked for the peering left the file: plan says that its marks stand there, and its entry is the remedy', async () => {
    const file = pair('web', 'n0', 'far');
    await scene.converge(file);
    const left: FileModel = { ...EMPTY_FILE, networks: ['far'] };
    const plan = await scene.plan(left);
    expect(plan.problems).toMatchObject([{ kind: 'end-out-of-reach', severity: 'error', forceable: true }]);
    expect(errors(plan)[0]).toMatch(/^route 11\.0\.0\.0\/16 in .* keeps its marks in the account .*, region bj/);
    await scene.apply({ ...left, entriesStay: true });
    expect([scene.rows('baidu.peerconns'), scene.rows('baidu.routeRules')]).toEqual([[], []]);
  });

  it('release takes the mark off the acceptor’s side too, to which the cloud has copied it', async () => {
    const file = pair('web', 'n0', 'n2', { routes: 'none' });
    await scene.converge(file);
    await (await scene.engine(file)).release('web');
    expect(JSON.stringify(scene.rows('baidu.peerconns'))).not.toContain('peerway stack=');
    // who sees the acceptor's side alone does not take it for the stack's
    expect((await scene.plan({ ...EMPTY_FILE, networks: ['n2'] }, 'destroy')).steps).toEqual([]);
  });

  it('a tag that the cloud does not take is refused by plan, with the reason', async () => {
    const plan = await scene.plan(pair('x', 'n0', 'n1', { tags: { Umlaut: 'größe' } }));
    expect(plan.problems).toMatchObject([
      { severity: 'error', kind: 'tags', message: expect.stringContaining('a character that the cloud does not take') },
    ]);
  });

  it('the quota of a user is counted over all its regions, whoever asked, a peering inside the account once', async () => {
    const { emulator } = scene.world;
    const { accounts, regions } = DEFAULT_WORLD.baidu;
    const hand = await scene.world.hand('far');
    const foreign = async (at: number): Promise<void> => {
      const [a, b] = [1, 2].map((part) =>
        emulator.world.network({
          cloud: 'baidu',
          account: accounts.b.id,
          region: regions[1],
          cidrs: [`10.${at}.${part}.0/24`],
          name: `f${at}${part}`,
        }),
      );
      if (a === undefined || b === undefined) throw new Error('no networks');
      await hand.peerings.create({
        initiator: networkId(a.id),
        acceptor: { region: hand.region, network: networkId(b.id) },
        bandwidthMbps: 10,
      });
    };
    for (let at = 0; at < 9; at++) await foreign(at);
    // the tenth, asked for by the other account in another region
    expect((await scene.plan(pair('x', 'n0', 'far'))).problems).toEqual([]);
    await scene.converge(pair('x', 'n0', 'far'));
    const plan = await scene.plan({
      ...pair('x', 'n0', 'far'),
      connections: [...pair('x', 'n0', 'far').connections, ...pair('y', 'n2', 'far').connections],
    });
    expect(plan.problems).toMatchObject([{ kind: 'quota-peerings', forceable: true }]);
    expect(plan.problems[0]?.message).toContain('would have 11 peerings by peerconn in all its regions');
  });
});
