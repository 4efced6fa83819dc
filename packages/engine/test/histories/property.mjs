/**
 * The property of one cloud in a process of its own: `node packages/engine/test/histories/property.mjs CLOUD HISTORIES SEED`, so that
 * the heap has the shape that histories need. Prints what the histories did; a failure is thrown with its seed, and shrunk.
 */
import fc from 'fast-check';
import { runTypeScript } from '../../../../scripts/typescript/run.mjs';

runTypeScript();
const { history } = await import('./arbitraries.ts');
const { SEED } = await import('./drawnInTests.ts');
const { compareStories, STORIES, Story } = await import('./story.ts');
const { live } = await import('./survey.ts');
const { HistoryWorld } = await import('./world.ts');

const [, , cloud, ...numbers] = process.argv;
const [numRuns, seed] = numbers.map(Number);
const histogram = new Map();
const stories = [];
let story;
const world = await HistoryWorld.start(cloud, (line) => story?.tell(line));
try {
  const holds = fc.asyncProperty(history(cloud), async (drawn) => {
    story = stories.length < STORIES ? new Story() : undefined;
    if (story !== undefined) stories.push(story);
    await live(world, histogram, drawn, { readings: story !== undefined });
  });
  await fc.assert(holds, { seed, numRuns });
  if (seed === SEED)
    compareStories(
      cloud,
      stories.map(({ lines }) => lines),
    );
} finally {
  await world.close();
}
const counts = [...histogram].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, count]) => `${what} ${count}`);
const { user, system } = process.cpuUsage();
const seconds = ((user + system) / 1_000_000).toFixed(1);
console.log(`${cloud}: ${numRuns} histories, ${seconds} s of processor time: ${counts.join(', ')}`);
