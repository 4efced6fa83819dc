// The fast part of the suite and the built demo on every Node that `engines` allows and the whole suite does not run on. The
// binaries come from npm (package `node`). Prints a line per Node; exits 1 when one of them differs. Run after `npm run build`.
import { spawnSync } from 'node:child_process';
import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** The oldest that `engines` allows and the newest of each line on 2026-11-26; the whole suite runs on .node-version. */
const NODES = ['20.19.0', '20.20.2', '22.23.3', '24.21.0', '26.10.0'];

/** What depends on Node rather than on the clouds: modules, sockets, TLS, streams, signals, timers, the file system, V8's texts. */
const PART = [
  'packages/core/test',
  'packages/engine/test/(plan|apply|schedule|telemetry|markdown)',
  'packages/(alibaba|baidu)/test/(client|tables|answers|credentials|keys|proxy)',
  'packages/runtime/test/(config|bounds|peerway)',
  'packages/emulator/test/(foundation|control|alibaba.auth|baidu.auth|settings|invariants)',
  'packages/conformance/test/runner',
  'packages/cli/test/(commands|errors|safety|documentPrograms|examples)',
];
const JEST = [
  '--conditions=@peerway/source',
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

const empty = mkdtempSync(join(tmpdir(), 'peerway-nodes-'));
process.on('exit', () => rmSync(empty, { recursive: true, force: true }));
const run = (command, args, cwd = root) =>
  spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, npm_config_user_agent: '' },
  });

const asked = process.argv.slice(2);
let differ = 0;
for (const version of asked.length > 0 ? asked : NODES.filter((one) => `v${one}` !== process.version)) {
  const found = run(
    'npx',
    ['--yes', '--prefer-offline', '-p', `node@${version}`, 'node', '-p', 'process.execPath'],
    empty,
  );
  const node = found.stdout.trim().split('\n').at(-1) ?? '';
  if (found.status !== 0 || node === '') {
    console.error(`node ${version} could not be installed: ${found.stderr}`);
    process.exit(1);
  }
  const begun = performance.now();
  const parts = [
    ['tests', run(node, [...JEST, '--ci', '--silent', ...PART])],
    ['demo', run(node, ['packages/cli/dist/main.js', 'demo'])],
  ];
  const counted = /^Tests: .*$/m.exec(parts[0][1].stderr)?.[0] ?? 'no test ran';
  console.log(`node ${version.padEnd(8)} ${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${counted}`);
  for (const [what, { status, stdout, stderr }] of parts) {
    if (status === 0) continue;
    differ += 1;
    console.error(`node ${version}: ${what} ended with ${status}\n${stdout.slice(-20_000)}\n${stderr.slice(-20_000)}`);
  }
}
process.exitCode = differ === 0 ? 0 : 1;
