/**
 * Any world, any declaration: random histories of edits, changes by hand, broken-off commands and time, on both clouds. A failure prints
 * its seed and shrinks. `node packages/engine/bench/histories.mjs 10000` runs many more and says of which kinds the failures are.
 */
import { afterAll, describe, it } from '@jest/globals';
import fc from 'fast-check';
import { history } from './histories/arbitraries.js';
import { live } from './histories/survey.js';
import type { Histogram } from './histories/walk.js';
import { HistoryWorld } from './histories/world.js';

const RUNS = 40;
const SEED = 20_261_126;

describe.each(['alibaba', 'baidu'] as const)('histories on %s', (cloud) => {
  const histogram: Histogram = new Map();
  let world: HistoryWorld | undefined;
  afterAll(async () => {
    await world?.close();
    const counts = [...histogram].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, count]) => `${what} ${count}`);
    process.stdout.write(`${cloud}: ${counts.join(', ')}\n`);
  });

  it('converge, or plan says what stands in the way and its remedies clear it; a destroy leaves nothing', async () => {
    const opened = (world = await HistoryWorld.start(cloud));
    await fc.assert(
      fc.asyncProperty(history(cloud), (drawn) => live(opened, histogram, drawn)),
      { seed: SEED, numRuns: RUNS },
    );
  }, 600_000); // a failure shrinks, which is many more
});
