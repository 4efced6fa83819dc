// A release, rehearsed or real: `npm run release -- --dry-run [--out FOLDER]` builds, packs every published package, checks the
// tarballs as strangers will meet them (publint, arethetypeswrong, what is inside), installs them in empty projects where a
// TypeScript program in ESM and one in CommonJS compile and run, writes the bill of materials, and prints what would be
// published in which order. Without --dry-run it then publishes, and refuses to when the tree is not committed or a changeset waits.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { publishedPackages } from './manifests.mjs';
import { appsOutside } from './releaseApps.mjs';
import { pack } from './tarballs.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const { values: options } = parseArgs({ options: { 'dry-run': { type: 'boolean' }, out: { type: 'string' } } });
const rehearsal = options['dry-run'] === true;

const folder = mkdtempSync(join(tmpdir(), 'peerway-release-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const findings = [];

/** Runs a command to its end and returns what it printed; ends this script when it fails. */
function run(what, command, args, { cwd = root, env = {} } = {}) {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, npm_config_user_agent: '', NODE_OPTIONS: '', ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) {
    console.error(`${what} failed: ${command} ${args.join(' ')}\n${stdout}\n${stderr}`);
    process.exit(1);
  }
  if (what !== '') console.log(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${what}`);
  return stdout;
}

/** Ours first: a package is published after those of ours that it needs. */
function inOrder(packages) {
  const done = [];
  const left = [...packages];
  while (left.length > 0) {
    const ours = new Set(left.map(({ manifest }) => manifest.name));
    const at = left.findIndex(
      ({ manifest }) => !Object.keys(manifest.dependencies ?? {}).some((name) => ours.has(name)),
    );
    if (at < 0) throw new Error(`packages need each other in a circle: ${[...ours].join(', ')}`);
    done.push(...left.splice(at, 1));
  }
  return done;
}

/** Every file of a tarball with its size in bytes: tar prints mode, owner, size, date, time, path. */
const filesOf = (tarball) =>
  run('', 'tar', ['-tzvf', tarball])
    .trim()
    .split('\n')
    .map((line) => {
      const [, , size, , , ...path] = line.split(/\s+/);
      return { path: path.join(' ').replace(/^package\//, ''), size: Number(size) };
    });

const unpackJson = (tarball) => JSON.parse(run('', 'tar', ['-xzOf', tarball, 'package/package.json']));

/** What a tarball holds that it must not, or lacks that it must have. */
function insideFindings({ name, manifest, files }) {
  const found = [];
  for (const needed of ['LICENSE', 'NOTICE', 'README.md', 'CHANGELOG.md']) {
    if (!files.some(({ path }) => path === needed)) found.push(`${name}: ${needed} is not in the tarball`);
  }
  for (const { path } of files) {
    if (/\.tsbuildinfo$|(^|\/)(node_modules|\.env|bench)(\/|$)/.test(path))
      found.push(`${name}: ${path} is in the tarball`);
  }
  const text = JSON.stringify(manifest);
  if (text.includes('workspace:')) found.push(`${name}: a dependency still says workspace:`);
  if (JSON.stringify(manifest.exports).includes('@peerway/source'))
    found.push(`${name}: exports still name the TypeScript sources`);
  return found;
}

const waiting = readdirSync('.changeset').filter((file) => file.endsWith('.md') && file !== 'README.md');
const uncommitted = run('', 'git', ['status', '--porcelain']).trim();
if (!rehearsal && (waiting.length > 0 || uncommitted !== '')) {
  console.error(
    waiting.length > 0
      ? `changesets wait (${waiting.join(', ')}): run npx changeset version, commit, then release`
      : `the tree is not committed:\n${uncommitted}`,
  );
  process.exit(1);
}

run('build', process.execPath, ['node_modules/typescript-native/bin/tsc', '-b']);
run('bundle the command', process.execPath, ['scripts/bundle.mjs']);
run('bundle the workflows', process.execPath, ['scripts/workflows.mjs']);
const folders = publishedPackages();
const packing = performance.now();
const tarballs = pack(folders, folder);
console.log(`${((performance.now() - packing) / 1000).toFixed(1).padStart(6)} s  pack ${folders.length} packages`);
const packages = inOrder(
  tarballs.map((tarball) => ({ tarball, manifest: unpackJson(tarball), files: filesOf(tarball) })),
).map((one) => ({ ...one, name: one.manifest.name }));

for (const one of packages) findings.push(...insideFindings(one));

const begun = performance.now();
for (const { name, tarball } of packages) {
  const { messages, pkg } = await publint({ pack: { tarball: readFileSync(tarball) } });
  for (const message of messages) findings.push(`${name}: publint: ${formatMessage(message, pkg)}`);
}
console.log(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  publint`);
const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
for (const { name, tarball } of packages) {
  // ESM only, on purpose: node 20.19 and later can require() it
  run(`arethetypeswrong ${name}`, process.execPath, [attw, tarball, '--profile', 'esm-only', '--format', 'ascii']);
}

const bill = appsOutside({ run, folder, tarballs: packages.map(({ tarball }) => tarball) });

if (options.out !== undefined) {
  const out = resolve(process.env.INIT_CWD ?? root, options.out);
  mkdirSync(out, { recursive: true });
  for (const { tarball } of packages) cpSync(tarball, join(out, basename(tarball)));
  writeFileSync(join(out, 'peerway.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);
  console.log(`tarballs and bill of materials written to ${out}`);
}

for (const finding of findings) console.error(finding);
if (findings.length > 0) process.exit(1);

console.log(rehearsal ? '\nwould publish, in this order:' : '\npublishing, in this order:');
for (const { name, manifest, files, tarball } of packages) {
  const kilobytes = Math.round(files.reduce((sum, { size }) => sum + size, 0) / 1024);
  console.log(
    `  ${`${name}@${manifest.version}`.padEnd(36)} ${String(files.length).padStart(4)} files ${String(kilobytes).padStart(6)} kB unpacked`,
  );
  if (!rehearsal) run(`publish ${name}`, 'npm', ['publish', tarball, '--access', 'public']);
}
if (waiting.length > 0)
  console.log(`not in these versions yet: the changes of ${waiting.length} changesets (${waiting.join(', ')})`);
