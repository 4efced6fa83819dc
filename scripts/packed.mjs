// The first minute of somebody who has only npm: packs every package that is published, installs the tarballs in an empty
// project and runs the command there. Prints how long each part took. Run after `npm run build`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const { packageManager } = read('package.json');
const published = readdirSync(join(root, 'packages')).filter((name) => !read(`packages/${name}/package.json`).private);

const outside = mkdtempSync(join(tmpdir(), 'peerway-packed-'));
process.on('exit', () => rmSync(outside, { recursive: true, force: true }));

/** Runs a command and returns what it printed; ends this script when the status or the text is not as it must be. */
function run(what, command, args, { cwd = outside, status = 0, says = '' } = {}) {
  const begun = performance.now();
  const env = { ...process.env, npm_config_user_agent: '', NODE_OPTIONS: '' };
  const result = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (result.status !== status || !result.stdout.includes(says)) {
    console.error(`${what} failed: ${command} ${args.join(' ')}\n${result.stdout}\n${result.stderr}`);
    process.exit(1);
  }
  console.log(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${what}`);
  return result.stdout;
}

const begun = performance.now();
const filters = published.flatMap((name) => ['--filter', `./packages/${name}`]);
run(
  `pack ${published.join(', ')}`,
  'npx',
  ['--yes', packageManager.split('+')[0], ...filters, '-r', 'pack', '--pack-destination', outside],
  {
    cwd: root,
  },
);
const tarballs = readdirSync(outside).filter((file) => file.endsWith('.tgz'));
if (tarballs.length !== published.length) {
  console.error(
    `${tarballs.length} tarballs for ${published.length} packages: ${tarballs.map((file) => basename(file)).join(', ')}`,
  );
  process.exit(1);
}
writeFileSync(join(outside, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
run('npm install', 'npm', ['install', ...quiet, ...tarballs.map((file) => `./${file}`)]);
run('npx peerway --help', 'npx', ['peerway', '--help'], { says: 'Usage: peerway' });
run('npx peerway providers', 'npx', ['peerway', 'providers'], { says: 'alibaba vpc-peer' });
run('npx peerway demo', 'npx', ['peerway', 'demo'], { says: 'No state file was written' });
run('npx peerway plan without a file', 'npx', ['peerway', 'plan'], { status: 1 });
writeFileSync(join(outside, 'app.mjs'), "import { Peerway } from 'peerway';\nconsole.log(typeof Peerway.load);\n");
run("import { Peerway } from 'peerway'", process.execPath, ['app.mjs'], { says: 'function' });
console.log(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  in all`);
