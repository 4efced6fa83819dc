/** Lines that no listing of peerings shows: whatever leaves the file, is broken off or is taken over, something still says that they stand. */
import { expect, it } from '@jest/globals';
import { EMPTY_FILE, type FileLink, type FileModel } from './histories/file.js';
import { FOREIGN_PAIRS } from './histories/manualAccess.js';
import { pair, suite, type Row, type Scene } from './histories/scene.js';

const idc: FileLink = { name: 'idc', vlan: 30, bandwidthMbps: 10, tags: {}, destinations: ['192.168.0.0/16'] };

const lines = (scene: Scene): readonly string[] =>
  scene.rows(scene.cloud === 'alibaba' ? 'alibaba.borderRouters' : 'baidu.gateways').map(({ id }) => id);

const SEARCHES = /RouterInterfaces|BorderRouters|DedicatedLineGateways/;
/** What is asked for that no plan of peerings alone needs. */
async function searches(scene: Scene, work: () => Promise<unknown>): Promise<string[]> {
  const before = scene.world.emulator.requests.length;
  await work();
  const asked = scene.world.emulator.requests.slice(before).map(({ operation }) => operation ?? '');
  return asked.filter((operation) => SEARCHES.test(operation));
}

const channelOf = (gateway: Row | undefined): unknown => (gateway?.['channel'] as { channelId?: string })?.channelId;

const CLOUDS = ['alibaba', 'baidu'] as const;

for (const cloud of CLOUDS)
  suite(cloud, (scene) => {
    const file = pair('x', 'n0', 'n1', { routes: 'none', ...(cloud === 'baidu' ? { bandwidthMbps: 10 } : {}) });
    const withLine: FileModel = { ...file, link: idc };

    it('a destroy that breaks off keeps the peering that announces the line to the end', async () => {
      await scene.converge(withLine);
      let over = false;
      for (let at = 1; !over; at++) {
        await scene.world.forget();
        const engine = await scene.engine(withLine);
        const destroying = async (): Promise<true> => {
          await engine.apply(await engine.plan({ mode: 'destroy' }), { force: true });
          return true;
        };
        over = (await scene.world.process(destroying, { at: 1, phase: 'done', counts: 'changes' })) === true;
        await scene.world.pass(60_000);
        const peerings = scene.rows(cloud === 'alibaba' ? 'alibaba.vpcPeers' : 'baidu.peerconns');
        if (lines(scene).length > 0) expect(peerings).toHaveLength(1);
        expect(at).toBeLessThan(20);
      }
    });

    it('a broken-off destroy, the line leaves the file, an apply: the line goes, or a destroy finds it', async () => {
      await scene.converge(withLine);
      const engine = await scene.engine(withLine);
      const destroying = async (): Promise<unknown> =>
        engine.apply(await engine.plan({ mode: 'destroy' }), { force: true });
      await scene.broken(destroying, { at: 4, phase: 'before', counts: 'changes' });
      await scene.world.pass(60_000);
      await scene.converge(file);
      await scene.apply(file, 'destroy');
      expect(lines(scene)).toEqual([]);
    });

    it('the line leaves with its network: the apply takes it back, the mark goes, and nothing is searched for any more', async () => {
      const beside = pair('y', 'n1', 'far', cloud === 'baidu' ? { bandwidthMbps: 10 } : {});
      await scene.converge({ ...beside, link: idc });
      const left: FileModel = { ...beside, networks: ['n1', 'far'] };
      await scene.converge(left);
      expect(lines(scene)).toEqual([]);
      const [peering] = scene.rows(cloud === 'alibaba' ? 'alibaba.vpcPeers' : 'baidu.peerconns');
      // tags of Baidu cannot be taken off, and say nothing
      const marks = cloud === 'alibaba' ? scene.tags(peering?.id ?? '') : peering?.['initiator'];
      expect(marks).toMatchObject(
        cloud === 'alibaba' ? { 'peerway.connection': 'y' } : { description: 'peerway stack=hist connection=y' },
      );
      if (cloud === 'alibaba') expect(marks).not.toHaveProperty('peerway.also');
      expect(await searches(scene, () => scene.plan(left))).toEqual([]);
    });

    it('the words of the peering leave with the line: the mark that goes last does not bring them back', async () => {
      const said = pair('x', 'n0', 'n1', { routes: 'none', bandwidthMbps: 10, says: { description: 'Shop to data' } });
      await scene.converge({ ...said, link: idc });
      await scene.converge(pair('x', 'n0', 'n1', { routes: 'none', bandwidthMbps: 10, says: {} }));
    });

    it('a line that is taken over is announced before anything else is applied', async () => {
      const beside = pair('y', 'n1', 'far', cloud === 'baidu' ? { bandwidthMbps: 10 } : {});
      await scene.converge(beside);
      await scene.apply({ ...EMPTY_FILE, stack: 'other', link: idc });
      await (await scene.engine({ ...EMPTY_FILE, stack: 'other', link: idc })).release('idc');
      await (await scene.engine({ ...beside, link: idc })).adopt('idc');
      expect(lines(scene)).toHaveLength(1);
      // file and network forget it at once
      await scene.apply({ ...beside, networks: ['n1', 'far'] }, 'destroy');
      expect(lines(scene)).toEqual([]);
    });
  });

suite('baidu', (scene) => {
  it('a line taken over before there is any peering, and lost by the file: the first apply finds it in the networks that it names', async () => {
    await scene.hand('foreignLine', 1);
    const vlan = scene.rows('baidu.channels').find(({ id }) => id === channelOf(scene.rows('baidu.gateways')[0]))?.[
      'vlanId'
    ];
    await (await scene.engine({ ...EMPTY_FILE, link: { ...idc, vlan: Number(vlan) } })).adopt('idc');
    const file = pair('x', 'n0', 'n1', { routes: 'none', bandwidthMbps: 10 });
    await scene.converge(file);
    await scene.apply(file, 'destroy');
    expect(scene.rows('baidu.gateways')).toEqual([]);
  });
});

suite('alibaba', (scene) => {
  it('a border router that a broken-off removal left is found beside a pair of interfaces, which announces nothing', async () => {
    const beside = pair('x', 'n0', 'n1', { mechanism: 'router-interface' });
    await scene.converge({ ...beside, link: idc });
    const engine = await scene.engine(beside);
    const removing = async (): Promise<unknown> => engine.apply(await engine.plan(), { force: true });
    for (const at of [1, 2, 3, 4, 5, 6, 7]) {
      if (scene.rows('alibaba.routerInterfaces').length === 2) break;
      await scene.broken(removing, { at: 1, phase: 'done', counts: 'changes' });
      await scene.world.pass(60_000);
      await scene.world.forget();
      expect(at).toBeLessThan(7);
    }
    expect(lines(scene)).toHaveLength(1);
    await scene.converge(beside);
    expect(lines(scene)).toEqual([]);
  });

  it('a peering and a pair of interfaces that one adopt takes over: the peering says that there is more, and both go', async () => {
    const file = pair('x', 'n0', 'n1', { routes: 'none' });
    await scene.hand('halfMadePair');
    await scene.hand(
      'foreignPeering',
      FOREIGN_PAIRS.findIndex((one) => one.join() === 'n0,n1'),
    );
    await (await scene.engine(file)).adopt('x');
    const [peering] = scene.rows('alibaba.vpcPeers');
    expect(scene.tags(peering?.id ?? '')).toMatchObject({ 'peerway.stack': 'hist', 'peerway.also': 'yes' });
    await scene.apply(file, 'destroy');
    expect([scene.rows('alibaba.vpcPeers'), scene.rows('alibaba.routerInterfaces')]).toEqual([[], []]);
  });
});
