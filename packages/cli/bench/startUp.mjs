// How long people wait for the command as it is published (bundled): help, validate, plan, the emulator until its first line, the
// demo, a picture of 200 networks. The first ones also as a ratio to a bare `node -e 0`, measured in turn with it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { svgOf } from '../dist/output/graph/picture.js';

const main = fileURLToPath(new URL('../bundle/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'peerway-bench-'));
const { accessKeyId, accessKeySecret } = DEFAULT_WORLD.alibaba.accounts.a;
const env = {
  ...process.env,
  ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
};
delete env.NODE_EXTRA_CA_CERTS; // costs node 20 another 120 ms per start
let missed = 0;

function report(figure, value, target, unit = 'ms') {
  const shown = unit === 'ms' ? Math.round(value) : value.toFixed(1);
  if (value > target) missed += 1;
  console.log(`${figure}: ${shown} ${unit} (target ${target} or less)${value > target ? '  MISSED' : ''}`);
}

function median(times) {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

function once(args, expected) {
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, env });
  if (status !== expected) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - begun;
}

/** Medians of the command and of a bare node. */
function beside(args, runs, expected) {
  const bare = [];
  const ours = [];
  for (let run = 0; run < runs; run++) {
    bare.push(once(['-e', '0'], 0));
    ours.push(once([main, ...args], expected));
  }
  return { ms: median(ours), ratio: median(ours) / median(bare) };
}

/** A child and its first line. */
async function started(args) {
  const begun = performance.now();
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const line = await new Promise((resolve) =>
    child.stdout.once('data', (data) => resolve(String(data).split('\n')[0])),
  );
  return { child, line, ms: performance.now() - begun };
}

async function ended(child) {
  child.kill();
  await new Promise((resolve) => child.once('exit', resolve));
}

try {
  const help = beside(['--help'], 15, 0);
  report('peerway --help, cold, median of 15', help.ms, 150);
  report('peerway --help beside bare node', help.ratio, 3.5, 'x');

  const firstLines = [];
  for (let run = 0; run < 7; run++) {
    const { child, ms } = await started(['emulator', '--json']);
    firstLines.push(ms);
    await ended(child);
  }
  report('peerway emulator, spawn to first line, median of 7', median(firstLines), 250);

  const emulator = await started(['emulator', '--json']);
  const [web, data] = DEFAULT_WORLD.alibaba.networks;
  writeFileSync(
    join(folder, 'peerway.yaml'),
    `version: 1
stack: bench
providers: { ali: { use: alibaba, region: cn-hangzhou, endpoint: "${JSON.parse(emulator.line).endpoints['alibaba/main']}" } }
networks: { web: { provider: ali, id: ${web.id} }, data: { provider: ali, id: ${data.id} } }
connections: [{ name: web-data, between: [web, data] }]
`,
  );
  const validate = beside(['validate'], 7, 0);
  report('peerway validate, median of 7', validate.ms, 300);
  report('peerway validate beside bare node', validate.ratio, 10, 'x');
  const plan = beside(['plan'], 7, 2);
  report('peerway plan on the emulator, median of 7', plan.ms, 1000);
  report('peerway plan beside bare node', plan.ratio, 10, 'x');
  await ended(emulator.child);

  report('peerway demo, both clouds, median of 3', median([0, 0, 0].map(() => once([main, 'demo'], 0))), 3000);

  const begun = performance.now();
  await svgOf(largeGraph());
  report('graph of 200 networks and 300 connections', performance.now() - begun, 2000);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = missed > 0 ? 1 : 0;

function largeGraph() {
  const networks = Array.from({ length: 200 }, (_, i) => ({
    name: `net-${i}`,
    id: `vpc-${i}`,
    cloud: i % 2 === 0 ? 'alibaba' : 'baidu',
    account: `account-${i % 3}`,
    region: `region-${i % 5}`,
    cidrs: ['10.0.0.0/16'],
    found: true,
  }));
  const edges = Array.from({ length: 300 }, (_, i) => ({
    name: `c-${i}`,
    kind: 'peering',
    networks: [`net-${(i * 7) % 200}`, `net-${(i * 13 + 2 * (i % 9) + 2) % 200}`],
    health: ['connected', 'connected', 'connected', 'broken', 'pending'][i % 5],
    routes: { total: 2, active: 2 },
    faults: [],
  }));
  return { version: 1, stack: 'bench', networks, edges };
}
