/**
 * Any world, any declaration: random histories of edits, changes by hand, broken-off commands and time, on both clouds. A failure prints
 * its seed and shrinks. `node packages/engine/bench/histories.mjs 10000` runs many more and says of which kinds the failures are.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { RUNS, SEED } from './histories/drawnInTests.js';

const SCRIPT = fileURLToPath(new URL('histories/property.mjs', import.meta.url));
const CLOUDS = ['alibaba', 'baidu'];

/** @returns what went wrong, empty for nothing, and what was printed */
const lived = (cloud: string): Promise<readonly [string, string]> =>
  new Promise((resolve) => {
    // most of what a history allocates is garbage before it ends
    const command = ['--max-semi-space-size=64', SCRIPT, cloud, String(RUNS), String(SEED)];
    execFile(process.execPath, command, { maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      resolve([error === null ? '' : `${stdout}${stderr}`, stdout]),
    );
  });

it('histories converge, or plan says what stands in the way and its remedies clear it; a destroy leaves nothing', async () => {
  const both = await Promise.all(CLOUDS.map(lived));
  expect(both.map(([failure]) => failure)).toEqual(['', '']);
  for (const [, printed] of both) process.stdout.write(printed);
}, 600_000); // a failure shrinks, which is many more
