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

const run = (command, args, cwd = root) =>
  spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, npm_config_user_agent: '' },
  });

/** Where the binary of a version is; npm brings it, once. */
export function nodeOf(version) {
  const empty = mkdtempSync(join(tmpdir(), 'peerway-nodes-'));
  try {
    const found = run(
      'npx',
      ['--yes', '--prefer-offline', '-p', `node@${version}`, 'node', '-p', 'process.execPath'],
      empty,
    );
    const path = found.stdout.trim().split('\n').at(-1) ?? '';
    if (found.status !== 0 || path === '') throw new Error(`node ${version} could not be installed: ${found.stderr}`);
    return path;
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
}

/** Runs the part with one Node and returns what differs. */
function findingsOf(version) {
  const node = nodeOf(version);
  const begun = performance.now();
  const parts = [
    ['tests', run(node, ['node_modules/jest/bin/jest.js', '--ci', '--silent', ...PART])],
    ['demo', run(node, ['packages/cli/dist/main.js', 'demo'])],
  ];
  const counted = /^Tests: .*$/m.exec(parts[0][1].stderr)?.[0] ?? 'no test ran';
  console.log(`node ${version.padEnd(8)} ${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${counted}`);
  return parts
    .filter(([, { status }]) => status !== 0)
    .map(
      ([what, { status, stdout, stderr }]) =>
        `node ${version}: ${what} ended with ${status}\n${stdout.slice(-20_000)}\n${stderr.slice(-20_000)}`,
    );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const asked = process.argv.slice(2);
  const versions = asked.length > 0 ? asked : NODES.filter((one) => `v${one}` !== process.version);
  const findings = versions.flatMap(findingsOf);
  for (const finding of findings) console.error(finding);
  process.exitCode = findings.length === 0 ? 0 : 1;
}
