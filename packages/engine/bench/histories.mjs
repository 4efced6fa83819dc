/**
 * Random histories, many of them: `node packages/engine/bench/histories.mjs [histories] [seed] [alibaba|baidu]`, 100 of each cloud unless
 * told otherwise. Says how many fail and in which ways, with the shortest history of each way and its number, and how often each kind of
 * step did something. `ONLY=1323` before the command lives the history of that number alone and tells all of it: steps, plans and requests
 * that change something. Ctrl-C ends it after the history of the moment, with the report of those that were lived. Needs no build.
 */
import { performance } from 'node:perf_hooks';
import { runTypeScript } from '../../../scripts/typescript/run.mjs';

runTypeScript();
const { drawnFrom, isRead, live, survey } = await import('../test/histories/survey.ts');
const { HistoryWorld } = await import('../test/histories/world.ts');

const runs = Number(process.argv[2] ?? 100);
const seed = Number(process.argv[3] ?? 20_261_126);
const clouds = process.argv[4] === undefined ? ['alibaba', 'baidu'] : [process.argv[4]];
const only = process.env['ONLY'];

async function one(cloud, at) {
  const world = await HistoryWorld.start(cloud, console.log);
  try {
    await live(world, new Map(), drawnFrom(cloud, seed, at + 1)[at], { readings: isRead(at) });
    console.log('holds');
  } finally {
    await world.close();
  }
}

async function many(cloud) {
  const world = await HistoryWorld.start(cloud);
  const histogram = new Map();
  const startedAt = performance.now();
  const before = process.cpuUsage();
  let lived = 0;
  const kinds = await survey(world, histogram, {
    runs,
    seed,
    onFailure: (at, message) => console.log(`${cloud}: number ${at}: ${message.slice(0, 300)}`),
    onHistory: (count, failed) => {
      lived = count;
      if (count % Math.max(100, runs / 50) === 0) console.log(`${cloud}: ${count} lived, ${failed} failed`);
      return stopped;
    },
  });
  await world.close();
  const { user, system } = process.cpuUsage(before);
  const failed = kinds.reduce((sum, { count }) => sum + count, 0);
  const seconds = `${((performance.now() - startedAt) / 1_000).toFixed(0)} s, ${((user + system) / 1_000 / lived).toFixed(0)} ms of processor each`;
  console.log(
    `${cloud}: histories that hold: ${lived - failed} of ${lived} (target all) seed ${seed}, ${seconds}${failed === 0 ? '' : '  MISSED'}`,
  );
  for (const { count, message, at, drawn } of kinds)
    console.log(`  ${count} × ${message.slice(0, 600)}\n    number ${at}: ${JSON.stringify(drawn)}`);
  const steps = [...histogram].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, count]) => `${what} ${count}`);
  console.log(`  what did something: ${steps.join(', ')}`);
  if (failed > 0) process.exitCode = 1;
}

let stopped = false;
process.once('SIGINT', () => {
  stopped = true;
});
for (const cloud of clouds) if (!stopped) await (only === undefined ? many(cloud) : one(cloud, Number(only)));
