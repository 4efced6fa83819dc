// The first minute of somebody who has only npm: packs every package that is published, installs the tarballs in an empty
// project and runs the command there. Prints how long each part took. Run after `npm run build`; with `--tarballs FOLDER` nothing is packed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { publishedPackages } from './manifests.mjs';
import { packedOrPack } from './tarballs.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const published = publishedPackages();

const outside = mkdtempSync(join(tmpdir(), 'peerway-packed-'));
process.on('exit', () => rmSync(outside, { recursive: true, force: true }));

/** Runs a command and returns what it printed; ends this script when the status or the text is not as it must be. */
function run(what, command, args, { cwd = outside, status = 0, says = '', env: more = {} } = {}) {
  const begun = performance.now();
  const env = { ...process.env, npm_config_user_agent: '', NODE_OPTIONS: '', ...more };
  const result = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (result.status !== status || !`${result.stdout}${result.stderr}`.includes(says)) {
    console.error(`${what} failed: ${command} ${args.join(' ')}\n${result.stdout}\n${result.stderr}`);
    process.exit(1);
  }
  console.log(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${what}`);
  return result.stdout;
}

const begun = performance.now();
const tarballs = packedOrPack(published, outside);
console.log(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  pack ${published.join(', ')}`);
writeFileSync(join(outside, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
run('npm install', 'npm', ['install', ...quiet, ...tarballs]);
run('npx peerway --help', 'npx', ['peerway', '--help'], { says: 'Usage: peerway' });
run('npx peerway providers', 'npx', ['peerway', 'providers'], { says: 'alibaba vpc-peer' });
run('npx peerway demo', 'npx', ['peerway', 'demo'], { says: 'No state file was written' });
run('npx peerway plan without a file', 'npx', ['peerway', 'plan'], { status: 1 });
// a provider that somebody else wrote, its own copies of core and class-validator beside those in the bundle
writeFileSync(
  join(outside, 'cloud.mjs'),
  `import { definePlugin } from '@peerway/core';
import alibaba from '@peerway/alibaba';
import { Max } from 'class-validator';
class Options {}
Max(5)(Options.prototype, 'most');
export default definePlugin({ ...alibaba, id: 'mine', displayName: 'Mine', options: Options });
`,
);
const keys = { accessKeyId: 'k', accessKeySecret: '${SECRET}' };
const entry = (most) =>
  JSON.stringify({ use: './cloud.mjs', region: 'cn-hangzhou', credentials: keys, options: { most } });
for (const [most, status, says] of [
  [5, 0, '"valid": true'],
  [6, 1, 'most'],
]) {
  const file = `${most}.yaml`;
  const id = (letter) => `vpc-bp1${letter.repeat(18)}`;
  writeFileSync(
    join(outside, file),
    `version: 1
stack: outside
providers: { mine: ${entry(most)} }
networks: { web: { provider: mine, id: ${id('a')} }, data: { provider: mine, id: ${id('b')} } }
connections: [{ name: web-data, between: [web, data] }]
`,
  );
  const env = { SECRET: 'demo' };
  run(
    `npx peerway validate, with a provider of somebody else, ${says}`,
    'npx',
    ['peerway', 'validate', '--json', '--config', file],
    { status, env, says },
  );
}
writeFileSync(join(outside, 'app.mjs'), "import { Peerway } from 'peerway';\nconsole.log(typeof Peerway.load);\n");
run("import { Peerway } from 'peerway'", process.execPath, ['app.mjs'], { says: 'function' });
rmSync(join(outside, 'node_modules/@peerway/server'), { recursive: true });
run('npx peerway worker without its package', 'npx', ['peerway', 'worker', '--engine', 'temporal://127.0.0.1'], {
  status: 1,
  says: 'npm install @peerway/server',
});
console.log(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  in all`);
