// Random histories of a stack on AWS (moto with the manners of EC2), as many as wanted: node packages/aws/bench/histories.mjs [runs] [seed]
// The same test as in `npm test`, which runs a handful; needs .venv (scripts/python-venv.sh).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [runs = '300', seed = '20261126'] = process.argv.slice(2);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const { status } = spawnSync(
  'npm',
  ['test', '--silent', '--', 'packages/aws/test/histories.test.ts', '--testTimeout=86400000'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PEERWAY_HISTORIES: runs, PEERWAY_SEED: seed },
  },
);
process.exitCode = status ?? 1;
