/** The published command and the emulator as processes, for the benches that count real requests. Run after `npm run build`. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ControlClient } from '@peerway/emulator';

const main = fileURLToPath(new URL('../bundle/main.js', import.meta.url));

/** Only what a mesh of this size would run into. */
const ROOMY = [
  'alibaba.vpc.perRegion=1000',
  'alibaba.vpcPeer.intraRegionPerVpc=1000',
  'alibaba.vpcPeer.crossRegionPerVpc=1000',
  'alibaba.vpcPeer.perVpc=1000',
  'alibaba.vpcPeer.perAccountAndRegion=1000',
  'baidu.peerconn.quotaPerVpc=1000',
  'baidu.peerconn.quotaPerAccount=1000',
  'baidu.vpc.quotaPerRegion=2000',
];

export const ALI = { cloud: 'alibaba', use: 'alibaba', who: 'a', region: 'cn-hangzhou' };
export const ALI_AWAY = { cloud: 'alibaba', use: 'alibaba', who: 'b', region: 'cn-beijing' };
export const BD = { cloud: 'baidu', use: 'baidu', who: 'a', region: 'bj' };

/** A child that says in its first line what there is to know about it. */
export async function emulatorProcess() {
  const child = spawn(process.execPath, [main, 'emulator', '--json', ...ROOMY.flatMap((rule) => ['--rule', rule])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (data) => (said += data));
  const lines = createInterface({ input: child.stdout });
  const first = await new Promise((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', (status) => reject(new Error(`the emulator ended with ${status}: ${said}`)));
  });
  const { endpoints, control, world } = JSON.parse(first);
  return { child, endpoints, world, control: new ControlClient(control) };
}

export function peerway(folder, args, env) {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
  return new Promise((resolve) => child.once('exit', (status) => resolve({ status, said })));
}

/** The provider entries of a config file, and the environment with their keys. */
export const header = (world, endpoints, entries) => {
  const lines = [...entries].map(
    ([entry, name]) =>
      `  ${name}: { use: ${entry.use}, region: ${entry.region}, endpoint: "${endpoints[entry.cloud === 'alibaba' ? 'alibaba/main' : `baidu/${entry.region}`]}",` +
      ` credentials: { accessKeyId: "\${${name.toUpperCase()}_ID}", accessKeySecret: "\${${name.toUpperCase()}_SECRET}" } }`,
  );
  const env = { ...process.env };
  delete env.NODE_EXTRA_CA_CERTS; // costs node 20 another 120 ms per start
  for (const [entry, name] of entries) {
    const { accessKeyId, accessKeySecret } = world[entry.cloud].accounts[entry.who];
    env[`${name.toUpperCase()}_ID`] = accessKeyId;
    env[`${name.toUpperCase()}_SECRET`] = accessKeySecret;
  }
  return { env, lines };
};

/** Seeds a network, or takes one that the world has from the beginning; `at`: which /16 it gets. */
export async function networkOf({ control, world }, entry, at, seeded) {
  const account = world[entry.cloud].accounts[entry.who].id;
  if (seeded) {
    const known = world[entry.cloud].networks.find((one) => one.account === entry.who && one.region === entry.region);
    return known.id;
  }
  const cidrs = [`${11 + Math.floor(at / 256)}.${at % 256}.0.0/16`];
  return (await control.addNetwork({ cloud: entry.cloud, account, region: entry.region, cidrs, name: `n${at}` })).id;
}

/** Peerings that somebody else made, each between two networks of its own. */
export async function makeForeign(emulator, folder, count) {
  const lines = [];
  for (let at = 0; at < count * 2; at++)
    lines.push(`  n${at}: { provider: p0, id: ${await networkOf(emulator, BD, at)} }`);
  const { env, lines: providers } = header(emulator.world, emulator.endpoints, new Map([[BD, 'p0']]));
  const connections = Array.from(
    { length: count },
    (_, at) => `  - { name: c${at}, between: [n${2 * at}, n${2 * at + 1}], routes: none, bandwidthMbps: 10 }`,
  );
  const file = [
    'version: 1',
    'stack: foreign',
    'providers:',
    ...providers,
    'networks:',
    ...lines,
    'connections:',
    ...connections,
  ];
  writeFileSync(join(folder, 'foreign.yaml'), `${file.join('\n')}\n`);
  await emulator.control.setProfile('instant');
  const { status, said } = await peerway(folder, ['apply', '--yes', '--force', '--config', 'foreign.yaml'], env);
  await emulator.control.setProfile('documented');
  if (status !== 0) throw new Error(`the foreign peerings were not made: ${said}`);
}
