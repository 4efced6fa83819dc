/** What a connection would ask of the cloud is judged by core, for a new peering and for one that stays. */
import { describe, expect, it } from '@jest/globals';
import { FakeCloud } from './fakeCloud.js';
import { pair, Scene } from './scene.js';

function world(): FakeCloud {
  const cloud = new FakeCloud();
  cloud.network('web', ['10.0.0.0/16']);
  cloud.network('data', ['10.1.0.0/16']);
  cloud.network('far', ['10.2.0.0/16'], { account: 'acc-b', region: 'r2' });
  return cloud;
}

describe('a request', () => {
  it('counts the characters of a tag as the clouds do', async () => {
    const problems = async (value: string) =>
      (await new Scene(world(), { connections: [pair('c', 'web', 'data', { tags: { k: value } })] }).plan()).problems;
    expect(await problems('😀'.repeat(100))).toEqual([]);
    expect(await problems('😀'.repeat(101))).toMatchObject([{ kind: 'tags', object: 'c' }]);
  });

  it('judges the bandwidth of a peering that stays as that of a new one', async () => {
    const cloud = world();
    const declare = (bandwidthMbps: number) =>
      new Scene(cloud, { connections: [pair('c', 'web', 'far', { bandwidthMbps })] });
    expect((await declare(10).apply()).outcome).toBe('done');
    expect((await declare(20).plan()).problems).toEqual([]);
    const [made, kept] = [
      await new Scene(world(), { connections: [pair('c', 'web', 'far', { bandwidthMbps: 10_001 })] }).plan(),
      await declare(10_001).plan(),
    ];
    expect(kept.problems).toMatchObject([{ kind: 'bandwidth', object: 'c' }]);
    expect(kept.problems).toEqual(made.problems);
  });
});
