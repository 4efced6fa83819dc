// A provider from outside the workspace: packs core, the conformance kit and the template, installs the tarballs in an empty
// project, runs the kit there under node:test, loads the template by its package name from a config file, and prints the
// author's bill. Proves that a provider needs no edit outside its own package.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync, cpSync } from 'node:fs';
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

// the harness that the template ships, compiled against the published types: what an author's first test is
mkdirSync(join(outside, 'test'));
cpSync(join(installed, 'test', 'harness.ts'), join(outside, 'test', 'harness.ts'));
const compilerOptions = {
  target: 'ES2022',
  lib: ['ES2023', 'DOM'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  skipLibCheck: true,
  types: [],
  rootDir: 'test',
  outDir: 'out',
};
writeFileSync(join(outside, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['test/harness.ts'] }));
run('compile the harness', process.execPath, [tsc, '-p', '.'], outside);
writeFileSync(
  join(outside, 'out', 'conformance.test.js'),
  `import * as runner from 'node:test';
import { runConformance } from '@peerway/conformance';
import { harness } from './harness.js';
const lacks = { ...harness.lacks, engine: 'a provider of one package tries the driver; the engine is tried in the workspace' };
runConformance(runner, { ...harness, lacks }, { print: () => undefined });
`,
);
console.log('kit under node:test');
const tap = run('the kit', process.execPath, ['--test', '--test-reporter=tap', 'out/conformance.test.js'], outside);
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
