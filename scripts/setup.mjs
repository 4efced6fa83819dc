// Installs the workspace with the pinned pnpm when node_modules is missing or out of date, so that `npm test` and
// `npm run demo` are complete commands on a fresh clone with nothing but node and npm.
// When pnpm itself runs the script it has already checked the dependencies.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

if (!process.env.npm_config_user_agent?.startsWith('pnpm/')) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const read = (file) => readFileSync(join(root, file));

  // what decides whether an install is still good: the Node version, the manifests and the lockfile
  const inputs = ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml'];
  for (const name of readdirSync(join(root, 'packages'))) inputs.push(`packages/${name}/package.json`);
  const hash = createHash('sha256').update(process.version);
  for (const file of inputs.filter((name) => existsSync(join(root, name)))) hash.update(file).update(read(file));
  const stamp = hash.digest('hex');
  const stampFile = join(root, 'node_modules', '.setup-stamp');

  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
    const pnpm = JSON.parse(read('package.json').toString()).packageManager.split('+')[0];
    console.error(`[setup] installing dependencies with ${pnpm}`);
    const result = spawnSync('npx', ['--yes', pnpm, 'install', '--frozen-lockfile', '--prefer-offline'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    if (result.status !== 0) process.exit(result.status ?? 1);
    writeFileSync(stampFile, stamp);
  }
}
