/**
 * The first histories of `npm test`, each a test of its own and in this process, for `scripts/mutate.mjs`: it must know which of them
 * executes a place, and can break nothing in a process of somebody else's.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CloudName } from '../emulated.js';
import { SEED } from './drawnInTests.js';
import { difference, STORIES, Story, toldOf } from './story.js';
import { drawnFrom, live } from './survey.js';
import { HistoryWorld } from './world.js';

/** Of each cloud; all of them would take most of the tool's time. */
const RUNS = 40;

describe('histories', () => {
  const clouds: readonly CloudName[] = ['alibaba', 'baidu'];
  const worlds = new Map<CloudName, HistoryWorld>();
  let story: Story | undefined;
  beforeAll(async () => {
    for (const cloud of clouds) worlds.set(cloud, await HistoryWorld.start(cloud, (line) => story?.tell(line)));
  });
  afterAll(async () => {
    for (const world of [...worlds.values()].reverse()) await world.close(); // each puts the sockets of the one before back
  });
  const told = new Map(clouds.map((cloud) => [cloud, toldOf(cloud)]));
  const drawn = clouds.map((cloud) => [cloud, drawnFrom(cloud, SEED, RUNS)] as const);
  // one of each in turn: whoever stops early has seen both
  for (let at = 0; at < RUNS; at++) {
    for (const [cloud, histories] of drawn) {
      const history = histories[at];
      it(`${cloud} ${at + 1}`, async () => {
        const world = worlds.get(cloud);
        if (world === undefined || history === undefined) throw new Error(`no history ${at + 1} of ${cloud}`);
        story = at < STORIES ? new Story() : undefined;
        await live(world, new Map(), history, { readings: story !== undefined });
        if (story !== undefined) expect(difference(told.get(cloud)?.get(at + 1), story.lines)).toBeUndefined();
      });
    }
  }
});
