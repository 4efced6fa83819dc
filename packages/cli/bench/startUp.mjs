// How long people wait for the command: cold help, a plan on the emulator, a picture of 200 networks, the demo.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { svgOf } from '../dist/output/graph/picture.js';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'peerway-bench-'));
const env = { ...process.env };
delete env.NODE_EXTRA_CA_CERTS; // costs node 20 another 120 ms per start
let missed = 0;

function report(figure, value, target) {
  if (value > target) missed += 1;
  console.log(`${figure}: ${Math.round(value)} ms (target ${target} ms or less)`);
}

function median(times) {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

function timed(args, runs, expected, more = {}) {
  return median(
    Array.from({ length: runs }, () => {
      const begun = performance.now();
      const { status, stderr } = spawnSync(process.execPath, [main, ...args], {
        cwd: folder,
        env: { ...env, ...more },
      });
      if (status !== expected) throw new Error(`peerway ${args.join(' ')} ended with ${status}: ${stderr}`);
      return performance.now() - begun;
    }),
  );
}

// a process of its own: spawnSync would stop an emulator in this one from answering
const server = `
  import { Emulator } from '@peerway/emulator';
  const emulator = await Emulator.start({ clock: 'real' });
  console.log(emulator.alibaba.endpoint);
`;

try {
  report('peerway --help, cold, median of 15', timed(['--help'], 15, 0), 150);

  const child = spawn(process.execPath, ['--input-type=module', '-e', server], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const endpoint = await new Promise((resolve) => child.stdout.once('data', (data) => resolve(String(data).trim())));
  const { accessKeyId, accessKeySecret } = DEFAULT_WORLD.alibaba.accounts.a;
  const [web, data] = DEFAULT_WORLD.alibaba.networks;
  writeFileSync(
    join(folder, 'peerway.yaml'),
    `version: 1
stack: bench
providers: { ali: { use: alibaba, region: cn-hangzhou, endpoint: "${endpoint}" } }
networks: { web: { provider: ali, id: ${web.id} }, data: { provider: ali, id: ${data.id} } }
connections: [{ name: web-data, between: [web, data] }]
`,
  );
  const keys = { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret };
  report('peerway plan on the emulator, median of 7', timed(['plan'], 7, 2, keys), 1000);
  child.kill();

  report('peerway demo, both clouds, median of 3', timed(['demo'], 3, 0), 3000);

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
