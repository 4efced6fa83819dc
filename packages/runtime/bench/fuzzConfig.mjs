// Reads 100,000 drawn config files: 0 defects, bounded time and memory. The seed and the peak are printed.
//   node packages/runtime/bench/fuzzConfig.mjs [inputs] [seed]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [inputs = '100000', seed] = process.argv.slice(2);
const { status } = spawnSync('npm', ['test', '--silent', '--', 'packages/runtime/test/fuzz.test.ts', '--runInBand'], {
  cwd: fileURLToPath(new URL('../../../', import.meta.url)),
  env: { ...process.env, PEERWAY_FUZZ_INPUTS: inputs, ...(seed === undefined ? {} : { PEERWAY_FUZZ_SEED: seed }) },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
