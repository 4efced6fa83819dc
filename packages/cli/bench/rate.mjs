/**
 * A rate that stands in the file, kept in the cloud's own log: 20 requests a second for the account, while two application objects
 * of one process list a Baidu account with 500 foreign rows (a request for each), and `peerway apply` runs with the same file.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BD, emulatorProcess, header, makeForeign, networkOf, peerway } from './_processes.mjs';

const PER_SECOND = 20;
const FOREIGN_ROWS = 500;
/** Beside the rate, for clocks and sockets of a busy machine. */
const TOLERATED = 2;

const program = `
  import { Peerway } from '@peerway/runtime';
  const count = async () => {
    const peerway = await Peerway.load(process.argv[1]);
    let found = 0;
    for await (const _ of peerway.provider('p0').peerings.list()) found++;
    await peerway.close();
    return found;
  };
  console.log((await Promise.all([count(), count()])).join(' '));
`;

const folder = mkdtempSync(join(tmpdir(), 'peerway-rate-'));
const emulator = await emulatorProcess();
try {
  const { control, endpoints, world } = emulator;
  await makeForeign(emulator, folder, FOREIGN_ROWS / 2);
  const { env, lines } = header(world, endpoints, new Map([[BD, 'p0']]));
  const networks = [];
  for (const [index, name] of ['web', 'data'].entries())
    networks.push(`  ${name}: { provider: p0, id: ${await networkOf(emulator, BD, 600 + index)} }`);
  const file = join(folder, 'peerway.yaml');
  const text = [
    'version: 1',
    'stack: bench',
    'providers:',
    ...lines.map((line) => line.replace(' region:', ` callsPerSecond: ${PER_SECOND}, region:`)),
    'networks:',
    ...networks,
    'connections: [{ name: c, between: [web, data], bandwidthMbps: 10 }]',
  ];
  writeFileSync(file, `${text.join('\n')}\n`);

  const last = (await control.requests()).at(-1)?.requestId;
  const applied = await peerway(folder, ['apply', '--yes', '--force'], env);
  if (applied.status !== 0) throw new Error(`peerway apply ended with ${applied.status}: ${applied.said}`);
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, file], {
    cwd: fileURLToPath(new URL('../../runtime/', import.meta.url)),
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let found = '';
  child.stdout.on('data', (data) => (found += data));
  const status = await new Promise((resolve) => child.once('exit', resolve));
  if (status !== 0) throw new Error(`the listing ended with ${status}`);

  const times = (await control.requests({ after: last })).map(({ at }) => at);
  let most = 0;
  for (let from = 0, to = 0; from < times.length; from++) {
    while (to < times.length && times[to] < times[from] + 1_000) to++;
    most = Math.max(most, to - from);
  }
  const ok = most <= PER_SECOND + TOLERATED;
  const seconds = (times.at(-1) - times[0]) / 1_000;
  console.log(
    `most requests in any second at callsPerSecond: ${PER_SECOND}, peerings found twice: ${found.trim()}: ${most} (target ${PER_SECOND + TOLERATED} or less)` +
      ` of ${times.length} requests in ${seconds.toFixed(0)} s${ok ? '' : '  MISSED'}`,
  );
  process.exitCode = ok ? 0 : 1;
} finally {
  emulator.child.kill();
  rmSync(folder, { recursive: true, force: true });
}
