/** An emulator with rules moved at random plays the live cloud: exactly the moved ones are found. 50 seeds: packages/parity/bench/moved.mjs. */
import { expect, it } from '@jest/globals';
import { alibabaCloud, baiduCloud } from '@peerway/parity';
import { differing, movedRules } from './moved.js';
import { everything, ROOM, World } from './world.js';

it.each([
  [alibabaCloud, 1],
  [alibabaCloud, 2],
  // among others the least bandwidth, which is in every request for a link
  [baiduCloud, 42],
] as const)('$id, seed %#', async (cloud, seed) => {
  const world = await World.open(cloud);
  try {
    const moved = movedRules(cloud, world.sheet, seed);
    world.emulator.rules.set({ ...ROOM, ...moved });
    const { findings, result } = await everything(world, await world.parties());
    expect(differing(findings)).toEqual(Object.keys(moved).sort());
    expect(result.swept.left).toEqual([]);
  } finally {
    await world.close();
  }
});
