/**
 * How processor time and memory of a plan grow with the stack: 10, 100, 1,000 and 10,000 connections of a hub, nothing there yet and
 * everything there, against a cloud that answers from memory. Each in a process of its own; the exponent is fitted from 100 on,
 * below that a plan is mostly what any plan costs.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { planTime } from './_memory.mjs';
import { figure, finish } from './_world.mjs';

const SIZES = [10, 100, 1_000, 10_000];
const FITTED_FROM = 100;
/** 1 is "in proportion"; a sort adds a little. */
const MOST = 1.2;

const self = fileURLToPath(import.meta.url);

if (process.argv[2] === '--one') {
  const { ms } = await planTime(Number(process.argv[3]), process.argv[4] === 'joined');
  globalThis.gc();
  const { heapUsed } = process.memoryUsage();
  console.log(JSON.stringify({ ms, bytes: heapUsed, peakBytes: process.resourceUsage().maxRSS * 1_024 }));
} else {
  for (const state of ['fresh', 'joined']) {
    const what = state === 'fresh' ? 'nothing there yet' : 'everything there';
    const points = SIZES.map((size) => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--expose-gc', self, '--one', String(size), state],
        {
          encoding: 'utf8',
        },
      );
      if (status !== 0) throw new Error(stderr);
      return { size, ...JSON.parse(stdout) };
    });
    for (const { size, ms, peakBytes } of points)
      console.log(`  plan of ${size} connections, ${what}: ${ms.toFixed(1)} ms, ${megabytes(peakBytes)} MB at most`);
    const time = exponent(points.map(({ size, ms }) => [size, ms]));
    figure(
      `plan, ${what}: time grows with the connections to the power of`,
      time.toFixed(2),
      `≤ ${MOST}`,
      time <= MOST,
    );
    const [{ peakBytes: least }] = points;
    const memory = exponent(points.map(({ size, peakBytes }) => [size, peakBytes - least]));
    figure(
      `plan, ${what}: memory beyond that of ${SIZES[0]} connections, to the power of`,
      memory.toFixed(2),
      `≤ ${MOST}`,
      memory <= MOST,
      `${megabytes(points.at(-1).peakBytes)} MB at ${SIZES.at(-1)}`,
    );
  }
  finish();
}

/** Slope of the logarithms, least squares. */
function exponent(points) {
  const logs = points.filter(([size]) => size >= FITTED_FROM).map(([size, value]) => [Math.log(size), Math.log(value)]);
  const mean = (at) => logs.reduce((sum, point) => sum + point[at], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const over = logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return over / logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

function megabytes(bytes) {
  return Math.round(bytes / 1_048_576);
}
