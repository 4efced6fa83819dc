/** What a broken-off command or a person left of a peering on the second day: halves of a router-interface pair, refused requests, routes over what changed hands. */
import { expect, it } from '@jest/globals';
import { FOREIGN_PAIRS } from './histories/manualAccess.js';
import { errors, halves, mark, pair, suite } from './histories/scene.js';

const RI = { mechanism: 'router-interface' } as const;

suite('alibaba', (scene) => {
  it.each([['n1'], ['far']] as const)('a pair between n0 and %s goes whole by one destroy', async (other) => {
    const file = pair('ri', 'n0', other, { ...RI, routes: 'none' });
    // half-made: the acceptor's half names nobody yet
    if (other === 'n1') await scene.hand('halfMadePair');
    await (other === 'n1' ? (await scene.engine(file)).adopt('ri') : scene.converge(file));
    await scene.apply(file, 'destroy');
    await scene.world.pass(10_000);
    expect(halves(scene)).toEqual([]);
  });

  it('a half that is still to be made gets the marks that the other one has lost meanwhile', async () => {
    const file = pair('ri', 'n0', 'far', { ...RI, routes: 'none' });
    await scene.broken(() => scene.apply(file), { at: 1, phase: 'done', counts: 'changes' });
    expect(halves(scene).map((row) => row['role'])).toEqual(['InitiatingSide']);
    await scene.hand('describeInterface');
    await scene.converge(file);
    expect(halves(scene).map((row) => row['description'])).toEqual([mark('ri'), mark('ri')]);
  });

  it.each(
    (['InitiatingSide', 'AcceptingSide'] as const).flatMap((role) =>
      (['n1', 'n2', 'far'] as const).flatMap((other) =>
        [60_000, 1].map((later) => [role, other, later === 1 ? 'is on its way out' : 'is gone', later] as const),
      ),
    ),
  )(
    'the half of the %s, of a pair with %s, that %s before they were connected is made again',
    async (role, other, _, later) => {
      const file = pair('ri', 'n0', other, { ...RI, routes: 'none' });
      // made, accepted, told of each other
      await scene.broken(() => scene.apply(file), { at: 3, phase: 'done', counts: 'changes' });
      const before = halves(scene);
      const lost = before.find((row) => row['role'] === role);
      const rpc = await scene.rpc(role === 'InitiatingSide' ? 'n0' : other);
      await rpc.vpc('DeleteRouterInterface', { RegionId: rpc.region, RouterInterfaceId: String(lost?.id) });
      await scene.world.pass(later);
      await scene.world.forget();
      await scene.converge(file);
      expect(halves(scene).map((row) => [row['role'], row['status']])).toEqual([
        ['InitiatingSide', 'Active'],
        ['AcceptingSide', 'Active'],
      ]);
      expect(halves(scene).map(({ id }) => id)).not.toContain(lost?.id);
    },
  );

  it('a pair that was released while its removal was under way keeps the half that nobody has removed', async () => {
    const file = pair('ri', 'n0', 'n1', { ...RI, routes: 'none' });
    await scene.converge(file);
    // deactivated, and the first half on its way out
    await scene.broken(() => scene.apply(file, 'destroy'), { at: 2, phase: 'done', counts: 'changes' });
    await (await scene.engine(file)).release('ri');
    const plan = await scene.plan(file);
    expect(plan.steps).toEqual([]);
    expect(errors(plan)).toEqual([expect.stringContaining('is not ours, and keeps the pair occupied')]);
    await scene.world.pass(60_000);
    expect(halves(scene)).toHaveLength(1);
    await (await scene.engine(file)).adopt('ri');
    await scene.converge(file);
    expect(halves(scene)).toHaveLength(2);
  });
});

suite('baidu', (scene) => {
  it('a request of others that was refused keeps the pair: plan says to delete it, for a dead one takes no mark', async () => {
    const file = pair('web', 'n0', 'far');
    await scene.hand(
      'foreignPeering',
      FOREIGN_PAIRS.findIndex((one) => one.join() === 'n0,far'),
    );
    await scene.hand('rejectPeering');
    const { problems } = await scene.plan(file);
    expect(problems).toMatchObject([
      { severity: 'error', kind: 'foreign-peering', remedy: 'Delete it in the cloud and apply again.' },
    ]);
    await expect((await scene.engine(file)).adopt('web')).rejects.toMatchObject({ code: 'FailedPrecondition' });
    await scene.hand('deletePeering');
    await scene.converge(file);
  });

  it('routes that bear the mark of another stack keep it when the peering under them, which nobody marks any more, is taken over', async () => {
    const more = { bandwidthMbps: 10 };
    await scene.converge({ ...pair('theirs', 'n0', 'n1', more), stack: 'other' });
    await scene.hand('describePeering');
    const file = pair('mine', 'n0', 'n1', more);
    await (await scene.engine(file)).adopt('mine');
    await scene.converge(file);
    const marks = scene.rows('baidu.routeRules').map((row) => String(row['description']));
    expect(marks.filter((text) => text.startsWith('peerway stack=')).sort()).toEqual(
      Array.from({ length: 3 }, () => 'peerway stack=other connection=theirs'),
    );
  });
});
