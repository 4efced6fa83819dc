/** Lines and pairs on the second day that were half taken over or half let go, and what another stack says of them. */
import { expect, it } from '@jest/globals';
import { EMPTY_FILE, type FileLink, type FileModel } from './histories/file.js';
import { halves, pair, suite } from './histories/scene.js';

const idc: FileLink = { name: 'idc', vlan: 30, bandwidthMbps: 10, tags: {}, destinations: ['192.168.0.0/16'] };
const withLine = { ...EMPTY_FILE, link: idc };

suite('alibaba', (scene) => {
  const routers = (): readonly string[] => scene.rows('alibaba.borderRouters').map(({ id }) => id);

  it('an adopted border router that is alone is found when its line leaves the file before anything else was made', async () => {
    await scene.hand('foreignLine', 2); // VLAN 30, and no router interface
    await (await scene.engine(withLine)).adopt('idc');
    expect([routers().length, scene.rows('alibaba.routerInterfaces')]).toEqual([1, []]);
    await scene.converge(pair('web', 'n0', 'n1'));
    expect(routers()).toEqual([]);
  });

  it('a route without a mark over the line of another stack is that stack’s need: nobody is told to remove it', async () => {
    await scene.converge(withLine);
    await scene.broken(async () => (await scene.engine(withLine)).release('idc'), {
      at: 1,
      phase: 'done',
      counts: 'changes',
    });
    const { problems } = await scene.plan({
      ...EMPTY_FILE,
      stack: 'other',
      link: { ...idc, name: 'line', vlan: 31 },
    });
    expect(problems).toMatchObject([
      {
        kind: 'foreign-route',
        message: expect.stringMatching(
          / is held by a route of somebody else that leads to link ri-\S+ of the stack hist$/,
        ),
        remedy: 'Give line a list of routes without 192.168.0.0/16, or take them out of the file of the stack hist.',
      },
    ]);
  });

  it('a line whose tags are gone, and which another stack has begun to take over, is that one’s', async () => {
    const theirs: FileModel = { ...withLine, stack: 'other' };
    await scene.converge(withLine);
    await scene.hand('untagLine');
    const [first] = scene.rows('alibaba.routerInterfaces');
    // its interfaces are marked, the border router not yet
    await scene.broken(async () => (await scene.engine(theirs)).adopt('idc'), {
      at: 1,
      phase: 'done',
      counts: 'changes',
    });
    expect(scene.tags(first?.id ?? '')).toMatchObject({ 'peerway.stack': 'other' });
    expect((await scene.plan(withLine)).problems).toMatchObject([{ severity: 'error', kind: 'other-stack' }]);
    await (await scene.engine(theirs)).adopt('idc');
    await scene.world.pass(60_000);
    await scene.converge(theirs);
    expect(routers().map((id) => scene.tags(id)['peerway.stack'])).toEqual(['other']);
  });

  it('the half that is still to be made of a pair taken over gets what the file says of it, in the same apply', async () => {
    const file = pair('ri', 'n0', 'far', {
      mechanism: 'router-interface',
      routes: 'none',
      says: { description: 'Shop to data' },
    });
    await scene.broken(() => scene.apply(file), { at: 1, phase: 'done', counts: 'changes' });
    await (await scene.engine(file)).release('ri');
    await (await scene.engine(file)).adopt('ri');
    await scene.converge(file);
    expect(halves(scene).map((row) => row['description'])).toEqual(['Shop to data', 'Shop to data']);
  });
});
