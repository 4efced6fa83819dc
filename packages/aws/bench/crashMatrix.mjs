// A mesh of six on AWS (moto with the manners of EC2), killed at every nth request, before it leaves and after its answer, on apply and on
// destroy; a plain second run must repair it: node packages/aws/bench/crashMatrix.mjs [stride]. Needs .venv (scripts/python-venv.sh).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [stride = '12'] = process.argv.slice(2);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const tests = ['packages/aws/test/mesh.test.ts', '-t', 'killed', '--testTimeout=86400000'];
const { status } = spawnSync('npm', ['test', '--silent', '--', ...tests], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PEERWAY_CRASH_STRIDE: stride },
});
process.exitCode = status ?? 1;
