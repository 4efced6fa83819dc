/** Peerings on the second day: what they carry and whether they are on changes in the file, in the console or in a broken-off command. */
import { describe, expect, it } from '@jest/globals';
import type { FileModel } from './histories/file.js';
import { mark, pair, suite, type Row, type Scene } from './histories/scene.js';
import { NETWORKS } from './histories/world.js';

const RI = { mechanism: 'router-interface' } as const;

/** Only what a person has written, without our marker. */
const userTags = (tags: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith('peerway.')));

/** The initiator's first. */
const halves = (scene: Scene): readonly Row[] =>
  [...scene.rows('alibaba.routerInterfaces')].sort((a, b) => (String(a['role']) < String(b['role']) ? 1 : -1));

const half = (scene: Scene, at: number): Row => {
  const row = halves(scene)[at];
  if (row === undefined) throw new Error(`there is no half ${at}`);
  return row;
};

/** Calls one operation on a half, as its owner. */
async function onHalf(
  scene: Scene,
  at: number,
  operation: 'DeactivateRouterInterface' | 'DeleteRouterInterface',
): Promise<void> {
  const row = half(scene, at);
  for (const name of NETWORKS) {
    const rpc = await scene.rpc(name);
    if ((await scene.world.hand(name)).account !== row['account'] || rpc.region !== row['region']) continue;
    await rpc.vpc(operation, { RegionId: rpc.region, RouterInterfaceId: row.id });
    return scene.world.pass(60_000);
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

    it('while apply still finishes the pair: it is switched on', async () => {
      const file = pair('ri', 'n0', 'n1', RI);
      await scene.broken(() => scene.apply(file), { at: 14, phase: 'done' });
      await scene.world.pass(60_000);
      await onHalf(scene, 1, 'DeactivateRouterInterface').catch(() => undefined);
      await scene.converge(file);
    });
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
});
