// A provider from outside the workspace: packs core, the conformance kit and the template, installs the tarballs in an empty
// project, copies the template and compiles the copy as docs/writing-a-provider.md says, runs the kit on it under node:test, loads
// the template by its package name from a config file, and prints the author's bill. Proves that a provider needs no edit outside its
// own package.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pack } from './tarballs.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PACKED = ['core', 'conformance', 'engine', 'runtime', 'provider-template'];
/** The miniature cloud itself: an author has a real one instead. */
const BACKEND = /^(cloud.*|worlds)\.ts$/;

const outside = mkdtempSync(join(tmpdir(), 'peerway-outside-'));
process.on('exit', () => rmSync(outside, { recursive: true, force: true }));

function run(what, command, args, cwd, env = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env, npm_config_user_agent: '' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) {
    console.error(`${what} failed (${command} ${args.join(' ')})\n${stdout}\n${stderr}`);
    process.exit(1);
  }
  return stdout;
}

const tsc = join(root, 'node_modules', 'typescript-native', 'bin', 'tsc');
console.log('build');
run('build', process.execPath, [tsc, '-b', ...PACKED.map((name) => `packages/${name}`)], root);

console.log(`pack ${PACKED.join(', ')}`);
const tarballs = pack(
  PACKED.map((name) => `packages/${name}`),
  outside,
);

console.log(`install in ${outside}`);
writeFileSync(join(outside, 'package.json'), JSON.stringify({ name: 'outside', private: true, type: 'module' }));
const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', ...tarballs];
run('npm install', 'npm', install, outside);
const installed = join(outside, 'node_modules', '@peerway', 'provider-template');

// as docs/writing-a-provider.md says: a copy of the template, compiled by the page's own tsconfig against the published types
for (const folder of ['src', 'test']) cpSync(join(installed, folder), join(outside, folder), { recursive: true });
const wired = join(outside, 'test', 'conformance.test.ts');
writeFileSync(wired, readFileSync(wired, 'utf8').replace('@jest/globals', 'node:test'));
const guide = readFileSync(join(root, 'docs', 'writing-a-provider.md'), 'utf8');
const tsconfig = JSON.parse(/```json\n(\{\n {2}"compilerOptions"[\s\S]*?)```/.exec(guide)[1]);
tsconfig.compilerOptions.typeRoots = [join(root, 'node_modules', '@types')]; // an author installs @types/node
writeFileSync(join(outside, 'tsconfig.json'), JSON.stringify(tsconfig));
run('compile the copy', process.execPath, [tsc, '-p', '.'], outside);
console.log('kit under node:test, on the copy');
const kit = ['--test', '--test-reporter=tap', join('dist', 'test', 'conformance.test.js')];
const tap = run('the kit', process.execPath, kit, outside);
const count = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0);
console.log(`  ${count('pass')} passed, ${count('fail')} failed, ${count('skipped')} skipped`);
if (count('fail') > 0 || count('pass') < 150) process.exit(1);

// the same package, named in a config file
const networks = ['net-00000001', 'net-00000002'];
writeFileSync(
  join(outside, 'peerway.yaml'),
  `version: 1
stack: outside
providers:
  mini: { use: '@peerway/provider-template', region: north }
networks:
  one: { provider: mini, id: ${networks[0]} }
  two: { provider: mini, id: ${networks[1]} }
connections:
  - { name: one-two, between: [one, two] }
`,
);
writeFileSync(
  join(outside, 'app.mjs'),
  `import { Peerway } from '@peerway/runtime';
const peerway = await Peerway.load('peerway.yaml');
const plan = await peerway.plan();
console.log('  plan: ' + plan.steps.length + ' steps');
const report = await peerway.apply(plan);
console.log('  apply: ' + report.outcome);
const again = await peerway.plan();
console.log('  plan again: ' + again.steps.length + ' steps');
await peerway.close();
if (plan.steps.length === 0 || report.outcome !== 'done' || again.steps.length > 0) process.exitCode = 1;
`,
);
console.log('named in peerway.yaml by its package name');
const keys = { TINY_ACCESS_KEY_ID: 'demo-a', TINY_ACCESS_KEY_SECRET: 'demo-secret-a' };
process.stdout.write(run('plan and apply', process.execPath, ['app.mjs'], outside, keys));

console.log("author's bill (lines, the miniature cloud itself left out)");
const lines = (file) => readFileSync(file, 'utf8').trimEnd().split('\n').length;
const bill = [
  ...readdirSync(join(installed, 'src'))
    .filter((name) => !BACKEND.test(name))
    .map((name) => join('src', name)),
  join('test', 'harness.ts'),
  join('test', 'conformance.test.ts'),
];
for (const file of bill) console.log(`  ${String(lines(join(installed, file))).padStart(5)} ${file}`);
const total = bill.reduce((sum, file) => sum + lines(join(installed, file)), 0);
console.log(`  ${String(total).padStart(5)} in ${bill.length} files; 0 edits outside the package`);
