/** Peerings of which the provider entry of one end leaves the file, or stays in it without its networks. */
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { EMPTY_FILE, type FileLink, type FileModel } from './histories/file.js';
import { errors, pair, suite } from './histories/scene.js';
import { NETWORKS } from './histories/world.js';

suite('alibaba', (scene) => {
  describe('the other account left the file', () => {
    const file = pair('x', 'n0', 'far');
    const alone: FileModel = { ...EMPTY_FILE, networks: ['n0', 'n1', 'n2'] };

    it.each(['apply', 'destroy'] as const)('%s: plan says so before the first write, and what to do', async (mode) => {
      await scene.converge(file);
      const plan = await scene.plan(alone, mode);
      expect(plan.problems).toMatchObject([{ severity: 'error', kind: 'end-out-of-reach', forceable: true }]);
      expect(plan.problems[0]?.message).toContain(DEFAULT_WORLD.alibaba.accounts.b.id);
      expect(plan.problems[0]?.remedy).toContain(DEFAULT_WORLD.alibaba.regions[1]);
      const engine = await scene.engine(alone);
      const refused = engine.apply(await engine.plan({ mode }));
      await expect(refused).rejects.toThrow('no provider entry of the file speaks for it');
      await scene.apply(file, 'destroy');
      expect(scene.rows('alibaba.vpcPeers')).toEqual([]);
    });

    it('and its side asked for the peering: plan says where the marks are, and the entry is all that is needed', async () => {
      await scene.converge(pair('x', 'far', 'n0'));
      const { problems } = await scene.plan(alone, 'destroy');
      expect(problems).toMatchObject([{ severity: 'error', kind: 'end-out-of-reach', forceable: true }]);
      expect(problems[0]?.remedy).toContain(`the account ${DEFAULT_WORLD.alibaba.accounts.b.id}, region`);
      await scene.apply({ ...alone, entriesStay: true }, 'destroy');
      expect(scene.rows('alibaba.vpcPeers')).toEqual([]);
    });

    it('and no route leads over it, only another region of that account is left: a destroy does not end with the peering standing', async () => {
      await scene.converge(pair('x', 'n2', 'far', { routes: 'none' }));
      const left: FileModel = { ...EMPTY_FILE, networks: ['n0', 'n1', 'far'] };
      expect((await scene.plan(left)).problems).toMatchObject([{ severity: 'warning', kind: 'half-marked' }]);
      const { problems } = await scene.plan(left, 'destroy');
      expect(problems).toMatchObject([{ severity: 'error', kind: 'end-out-of-reach', forceable: true }]);
      expect(problems[0]?.remedy).toContain(
        `region ${DEFAULT_WORLD.alibaba.regions[1]}, with its account:, back into the file`,
      );
      await scene.apply({ ...left, entriesStay: true }, 'destroy');
      expect(scene.rows('alibaba.vpcPeers')).toEqual([]);
    });

    it('--force tries a handful of times and not for minutes', async () => {
      await scene.converge(file);
      const engine = await scene.engine(alone);
      const plan = await engine.plan();
      const start = scene.world.clock.now();
      const changes = await scene.changes(async () => {
        const { steps } = await engine.apply(plan, { force: true });
        const failed = steps.filter(({ outcome }) => outcome === 'failed');
        expect(failed).toMatchObject([
          { error: { remedy: expect.stringContaining('Where it is yours, a provider entry') } },
        ]);
      });
      expect(changes.filter((one) => one === 'DeleteVpcPeerConnection').length).toBeLessThanOrEqual(6);
      expect(scene.world.clock.now() - start).toBeLessThan(60_000);
    });

    // n2 is in another region of an account that is in use
    it.each([
      ['far', 'written'],
      ['far', 'none'],
      ['n2', 'none'],
    ] as const)(
      'the entry of %s stayed without its networks, its account %s: all is taken back',
      async (other, account) => {
        await scene.converge(pair('x', 'n0', other));
        const networks = NETWORKS.filter((name) => name !== other);
        const left = { ...alone, networks, entriesStay: true, ...(account === 'none' ? { account } : {}) };
        expect(errors(await scene.plan(left))).toEqual([]);
        await scene.apply(left);
        expect(scene.rows('alibaba.vpcPeers')).toEqual([]);
        expect(scene.rows('alibaba.routeEntries').filter((row) => row['type'] !== 'System')).toEqual([]);
      },
    );
  });

  const across: FileLink = {
    name: 'idc',
    across: true,
    vlan: 30,
    bandwidthMbps: 10,
    tags: {},
    destinations: ['192.168.0.0/16'],
  };

  it('the port’s entry left with the line, and no peering tells of it: plan names the end that is left, and the entry is all that a destroy needs', async () => {
    await scene.converge({ ...EMPTY_FILE, link: across });
    const left: FileModel = { ...EMPTY_FILE, networks: ['n1'] };
    for (const mode of ['apply', 'destroy'] as const)
      expect((await scene.plan(left, mode)).problems).toMatchObject([
        { severity: 'error', kind: 'end-out-of-reach', object: 'link idc', forceable: true },
      ]);
    const { problems } = await scene.plan(left, 'destroy');
    expect(problems[0]?.remedy).toMatch(
      /^Put a provider entry for the account \d+, region cn-beijing, with its account:/,
    );
    await scene.apply({ ...left, entriesStay: true }, 'destroy');
    expect([scene.rows('alibaba.borderRouters'), scene.rows('alibaba.routerInterfaces')]).toEqual([[], []]);
    expect(scene.rows('alibaba.routeEntries').filter((row) => row['type'] !== 'System')).toEqual([]);
  });

  it('its border router and the half beside it were deleted by hand: plan names the end that is left', async () => {
    const link: FileLink = { ...across, across: false };
    await scene.converge({ ...EMPTY_FILE, link });
    const kept = scene.rows('alibaba.routerInterfaces').find((row) => row['routerType'] === 'VRouter');
    const gone = scene.rows('alibaba.routerInterfaces').find((row) => row['routerType'] === 'VBR');
    const rpc = await scene.rpc('n0');
    const hand = async (operation: 'Deactivate' | 'Delete'): Promise<void> => {
      await rpc.vpc(`${operation}RouterInterface`, { RegionId: rpc.region, RouterInterfaceId: gone?.id ?? '' });
      await scene.world.pass(60_000);
    };
    for (const { id, type } of scene.rows('alibaba.routeEntries'))
      if (type !== 'System') {
        await rpc.vpc('DeleteRouteEntry', { RegionId: rpc.region, RouteEntryId: id });
        await scene.world.pass(60_000);
      }
    await hand('Deactivate');
    await hand('Delete');
    await rpc.vpc('DeleteVirtualBorderRouter', { RegionId: rpc.region, VbrId: String(gone?.['router']) });
    await scene.world.pass(60_000);
    const named = { severity: 'warning', kind: 'half-marked', object: 'link idc' };
    for (const file of [EMPTY_FILE, { ...EMPTY_FILE, link }])
      expect((await scene.plan(file)).problems).toMatchObject([named]);
    expect((await scene.plan(EMPTY_FILE, 'destroy')).problems[0]?.remedy).toContain(String(kept?.id));
  });

  it('another line took its place, and the entry is back: the routes of both border routers go first, whoever shows them', async () => {
    await scene.converge({ ...EMPTY_FILE, link: across });
    const moved: FileModel = { ...EMPTY_FILE, networks: ['n0', 'n1'], link: { ...across, across: false } };
    await scene.apply(moved);
    expect(scene.rows('alibaba.borderRouters')).toHaveLength(2);
    await scene.apply({ ...moved, entriesStay: true }, 'destroy');
    expect([scene.rows('alibaba.borderRouters'), scene.rows('alibaba.routerInterfaces')]).toEqual([[], []]);
  });
});
