/**
 * Our own mark written over by a person. What else says that the object is ours decides: then the next apply mends the mark. Where nothing
 * does, or what is left is another stack's, it is left alone and `adopt` is the way.
 */
import { describe, expect, it } from '@jest/globals';
import { baiduRoute } from '@peerway/baidu';
import { peeringId, type PeeringSide } from '@peerway/core';
import { EMPTY_FILE, type FileModel, type StackName } from './histories/file.js';
import type { NetworkName } from './histories/world.js';
import { errors, mark, pair, suite, type Row, type Scene } from './histories/scene.js';

const bare = (a: NetworkName, b: NetworkName): FileModel => pair('x', a, b, { routes: 'none' });
const of = (stack: StackName, file: FileModel): FileModel => ({ ...file, stack });
const kinds = async (scene: Scene, file: FileModel): Promise<string[]> =>
  (await scene.plan(file)).drift.map(({ kind }) => kind);

/** One update mends it, and nothing else happens to the peering. */
async function mends(scene: Scene, file: FileModel, table: string, drift = 'marker-lost'): Promise<void> {
  const before = scene.rows(table).map(({ id }) => id);
  const plan = await scene.plan(file);
  expect([errors(plan), plan.drift.map(({ kind }) => kind), plan.steps.map(({ action }) => action)]).toEqual([
    [],
    [drift],
    ['update'],
  ]);
  await scene.converge(file);
  expect(scene.rows(table).map(({ id }) => id)).toEqual(before);
}

async function isForeign(scene: Scene, file: FileModel, kind = 'foreign-peering'): Promise<void> {
  const { problems, steps } = await scene.plan(file);
  expect(problems.map((one) => one.kind)).toEqual([kind]);
  expect(problems[0]?.remedy).toMatch(kind === 'other-stack' ? /release it there/i : /peerway adopt/);
  expect(steps).toEqual([]);
}

suite('baidu', (scene) => {
  const row = (): Row => {
    const [found] = scene.rows('baidu.peerconns');
    if (found === undefined) throw new Error('there is no peering');
    return found;
  };
  const said = (side: PeeringSide = 'initiator'): unknown => (row()[side] as Row)['description'];
  const write = async (network: NetworkName, description: string, side: PeeringSide = 'initiator'): Promise<void> => {
    await (await scene.world.hand(network)).peerings.update(peeringId(row().id), { description }, { side });
    await scene.world.pass(60_000);
  };

  it.each(['n1', 'far'] as const)('routes of ours that lead over a peering to %s tell whose it is', async (other) => {
    const file = pair('x', 'n0', other);
    await scene.converge(file);
    await write('n0', 'Bob’s peering, ask before deleting');
    expect((await (await scene.engine(file)).status()).connections[0]?.owner).toBe('ours');
    await mends(scene, file, 'baidu.peerconns');
    expect(said()).toBe(mark('x'));
    await write('n0', 'again');
    await scene.apply(file, 'destroy');
    await scene.world.pass(60_000);
    expect([
      scene.rows('baidu.peerconns'),
      scene.rows('baidu.routeRules').filter((one) => one['type'] !== 'sys'),
    ]).toEqual([[], []]);
  });

  it('both halves written over: the routes tell, and without them nobody does', async () => {
    const file = pair('x', 'n0', 'n1');
    scene.world.emulator.rules.set({ 'baidu.peerconn.acceptorDescription': 'same' });
    await scene.converge(file);
    await write('n0', 'by hand');
    await write('n1', 'by hand too', 'acceptor');
    await mends(scene, file, 'baidu.peerconns');
    await scene.open();
    scene.world.emulator.rules.set({ 'baidu.peerconn.acceptorDescription': 'same' });
    await scene.converge(bare('n0', 'n1'));
    await write('n0', 'by hand');
    await write('n1', 'by hand too', 'acceptor');
    await isForeign(scene, bare('n0', 'n1'));
    await (await scene.engine(bare('n0', 'n1'))).adopt('x');
    await scene.world.pass(60_000);
    await scene.converge(bare('n0', 'n1'));
    expect(said()).toBe(`${mark('x')} adopted: by hand`);
  });

  it('the acceptor’s half tells, where the cloud has copied the mark there', async () => {
    scene.world.emulator.rules.set({ 'baidu.peerconn.acceptorDescription': 'same' });
    await scene.converge(bare('n0', 'n1'));
    await write('n0', 'by hand');
    await mends(scene, bare('n0', 'n1'), 'baidu.peerconns');
    // another connection's is no evidence for this one
    await write('n0', 'by hand');
    const renamed = {
      ...bare('n0', 'n1'),
      connections: [{ ...(bare('n0', 'n1').connections[0] ?? never()), name: 'y' }],
    };
    await isForeign(scene, renamed);
    // nor is what another stack made
    await write('n1', 'peerway stack=other connection=x', 'acceptor');
    await isForeign(scene, bare('n0', 'n1'));
  });

  it.each([
    ['words behind it', `${mark('x')} (Bob)`, 'description-changed'],
    ['words before it', `see the wiki; ${mark('x')}`, 'marker-lost'],
    ['its connection cut off', 'peerway stack=hist', 'marker-lost'],
    ['a part of its connection’s key cut off', 'peerway stack=hist conn', 'marker-lost'],
  ])('a mark with %s is mended', async (_, text, drift) => {
    await scene.converge(bare('n0', 'n1'));
    await write('n0', text);
    await mends(scene, bare('n0', 'n1'), 'baidu.peerconns', drift);
    expect(said()).toBe(mark('x'));
  });

  it.each(['apply', 'destroy'] as const)(
    'words behind a mark leave it whole: %s removes what the file no longer says',
    async (mode) => {
      const file = pair('x', 'n0', 'n1');
      await scene.converge(file);
      await write('n0', `${mark('x')} (Bob)`);
      await scene.apply(mode === 'apply' ? EMPTY_FILE : file, mode);
      await scene.world.pass(60_000);
      expect([
        scene.rows('baidu.peerconns'),
        scene.rows('baidu.routeRules').filter(({ description }) => String(description).startsWith('peerway ')),
      ]).toEqual([[], []]);
    },
  );

  it.each([
    ['a whole mark', 'peerway stack=other connection=x', 'other-stack'],
    ['a mark with words around it', 'not mine: peerway stack=other connection=x, says Bob', 'other-stack'],
  ])('%s of another stack stays, whatever else is ours', async (_, text, kind) => {
    await scene.converge(pair('x', 'n0', 'n1'));
    await write('n0', text);
    await isForeign(scene, pair('x', 'n0', 'n1'), kind);
    expect(said()).toBe(text);
    // and that stack can mend it, or let it go
    await (await scene.engine(of('other', pair('x', 'n0', 'n1')))).release('x');
    await scene.world.pass(60_000);
    expect(said()).not.toMatch('peerway stack=');
  });

  it('routes of two stacks over one peering prove nothing', async () => {
    await scene.converge(pair('x', 'n0', 'far'));
    const [rule] = scene
      .rows('baidu.routeRules')
      .filter((one) => one['vpcId'] === scene.world.id('n0') && one['description'] === mark('x'));
    await (
      await scene.world.hand('n0')
    )
      .native(baiduRoute)
      ?.updateRoutingRule(rule?.id ?? '', { description: 'peerway stack=other connection=x' });
    await scene.world.pass(60_000);
    await write('n0', 'by hand');
    await isForeign(scene, pair('x', 'n0', 'far'));
  });

  it('what was let go is not taken back', async () => {
    const file = pair('x', 'n0', 'far');
    scene.world.emulator.rules.set({ 'baidu.peerconn.acceptorDescription': 'same' });
    await scene.converge(file);
    await (await scene.engine(file)).release('x');
    await scene.world.pass(60_000);
    await isForeign(scene, file);
    await write('n0', 'mine now');
    await isForeign(scene, file);
  });

  it('what was taken over stays its maker’s: words and all, and a destroy wants --force', async () => {
    const file = pair('x', 'n0', 'n1');
    await scene.hand('foreignPeering', 1);
    const made = scene.rows('baidu.peerconns').map(({ id }) => id);
    await (await scene.engine(file)).adopt('x');
    await scene.world.pass(60_000);
    await scene.converge(file);
    await write('n0', 'for the shop');
    await mends(scene, file, 'baidu.peerconns');
    expect([said(), scene.rows('baidu.peerconns').map(({ id }) => id)]).toEqual([
      `${mark('x')} adopted: for the shop`,
      made,
    ]);
    expect((await scene.plan(file, 'destroy')).problems.map(({ kind, forceable }) => [kind, forceable])).toEqual([
      ['too-much-deleted', true],
    ]);
  });

  it('one that nothing declares any more is named, and left alone', async () => {
    await scene.converge(pair('x', 'n0', 'far'));
    await write('n0', 'by hand');
    const plan = await scene.plan(EMPTY_FILE);
    expect(plan.problems.map(({ kind, severity }) => [kind, severity])).toEqual([['half-marked', 'error']]);
    expect(plan.problems[0]?.message).toMatch(/^Routes that are marked as x of this stack lead to peering peerconn-/);
    expect(plan.steps.map(({ work }) => work.verb)).toEqual(['route.delete', 'route.delete']);
  });

  it('a gateway’s description written over: its routes tell, and without them nobody does', async () => {
    const link = { name: 'idc', vlan: 30, bandwidthMbps: 100, tags: {}, destinations: ['192.168.0.0/16'] };
    const file: FileModel = { ...EMPTY_FILE, link };
    await scene.converge(file);
    const writeOver = async (): Promise<void> => {
      const { links } = await scene.world.hand('n0');
      for await (const { id } of links.list()) await links.update(id, { description: 'by hand' });
      await scene.world.pass(60_000);
    };
    await writeOver();
    expect(await kinds(scene, file)).toEqual(['marker-lost']);
    await scene.converge(file);
    await writeOver();
    await scene.hand('describeRoute');
    expect(await kinds(scene, file)).toContain('link-unmarked');
  });
});

suite('alibaba', (scene) => {
  const untagged = async (file: FileModel, description?: string): Promise<void> => {
    await scene.converge(file);
    await scene.hand('untagPeering');
    if (description !== undefined) await scene.hand('describePeering');
  };

  it('tags taken off by hand are put back, as the description still names us', async () => {
    await untagged(bare('n0', 'n1'));
    await mends(scene, bare('n0', 'n1'), 'alibaba.vpcPeers');
  });

  describe('tags and description gone', () => {
    it('routes of ours tell; as nothing says that we made it, a destroy wants --force', async () => {
      const file = pair('x', 'n0', 'far', { bandwidthMbps: 20 });
      await untagged(file, 'by hand');
      await mends(scene, file, 'alibaba.vpcPeers');
      expect(scene.tags(scene.rows('alibaba.vpcPeers')[0]?.id ?? '')).toMatchObject({
        'peerway.connection': 'x',
        'peerway.adopted': 'yes',
      });
    });

    it('without routes nobody tells', async () => {
      await untagged(bare('n0', 'n1'), 'by hand');
      await isForeign(scene, bare('n0', 'n1'));
    });
  });
});

const never = (): never => {
  throw new Error('the file has a connection');
};

for (const cloud of ['alibaba', 'baidu'] as const)
  suite(cloud, (scene) => {
    it('a release that broke off after the first route: adopt marks what is ours again, and a destroy leaves nothing', async () => {
      const file = pair('x', 'n0', 'n1', cloud === 'baidu' ? { bandwidthMbps: 10 } : {});
      await scene.converge(file);
      const releasing = async (): Promise<void> => (await scene.engine(file)).release('x');
      await scene.broken(releasing, { at: 1, phase: 'done', counts: 'changes' });
      await scene.world.pass(60_000);
      const { drift, steps } = await scene.plan(file);
      expect([drift.map(({ kind }) => kind), steps]).toEqual([['route-unmarked'], []]);
      expect(drift[0]?.detail).toContain('unless `peerway adopt x` takes it over');
      await (await scene.engine(file)).adopt('x');
      await scene.world.pass(60_000);
      await scene.converge(file);
      const { problems } = await scene.plan(file, 'destroy');
      expect(problems).toEqual([]);
      await scene.apply(file, 'destroy');
      await scene.world.pass(60_000);
      expect(scene.rows(cloud === 'alibaba' ? 'alibaba.vpcPeers' : 'baidu.peerconns')).toEqual([]);
    });
  });
