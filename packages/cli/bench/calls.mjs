/**
 * How often the clouds are asked: every row of the table of calls, as real processes (`peerway apply`, `plan`, `destroy`)
 * against an emulator that is a process too, its clock at the machine's pace, plan included, counted in its request log.
 *
 * `node packages/cli/bench/calls.mjs [--verbose] [--log] [name…]`: only the rows whose name contains one of the names; `--verbose`
 * prints the operations of each run by count, `--log` every request with its instant and what it asks for.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { countByOperation } from '@peerway/emulator';
import { ALI, ALI_AWAY, BD, emulatorProcess, header, makeForeign, networkOf, peerway } from './_processes.mjs';
import { TERRAFORM } from './_terraform.mjs';

const verbose = process.argv.includes('--verbose');
const logged = process.argv.includes('--log');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
/** Rows measured at the same time: they mostly wait for the clouds. */
const AT_ONCE = 2;

const names = (count, from = 0) => Array.from({ length: count }, (_, at) => `n${from + at}`);
const all = (entry, count) => names(count).map((name) => ({ name, entry }));
const pair = (more = '') => `connections: [{ name: c, between: [n0, n1]${more} }]`;
const line = (world, entry, more = '') => {
  const { id } = world[entry.cloud].ports.find(
    ({ account, region }) => account === entry.who && region === entry.region,
  );
  return `links: [{ name: idc, network: n0, port: ${id}, vlan: 30, cloudIp: 10.255.0.1/30, customerIp: 10.255.0.2, destinations: [192.168.0.0/16]${more} }]`;
};
const BAIDU_MBPS = ', bandwidthMbps: 10';

/** `target`: calls of plan + apply / of an empty plan / of plan + destroy, each at most. */
const ROWS = [
  {
    name: 'alibaba-pair',
    title: 'one Alibaba peering, a route each side',
    networks: all(ALI, 2),
    file: () => pair(),
    target: [9, 4, 8],
  },
  {
    name: 'alibaba-across',
    title: 'the same across accounts and regions',
    networks: [
      { name: 'n0', entry: ALI },
      { name: 'n1', entry: ALI_AWAY },
    ],
    file: () => pair(),
    target: [13, 7, 11],
  },
  {
    name: 'alibaba-mesh-6',
    title: 'mesh of 6',
    networks: all(ALI, 6),
    file: () => `connections: [{ name: c, mesh: [${names(6)}] }]`,
    target: [40, 9, 36],
  },
  {
    name: 'alibaba-hub-10',
    title: 'hub + 10',
    networks: all(ALI, 11),
    file: () => `connections: [{ name: c, hub: n0, spokes: [${names(10, 1)}] }]`,
    target: [45, 14, 40],
  },
  {
    name: 'alibaba-router-interface',
    title: 'router-interface pair',
    networks: all(ALI, 2),
    file: () => pair(', mechanism: router-interface'),
    target: [18, 6, 16],
  },
  {
    name: 'alibaba-line',
    title: 'border-router line',
    networks: all(ALI, 1),
    file: (world) => line(world, ALI),
    target: [24, 8, 22],
  },
  {
    name: 'alibaba-50-routes',
    title: '50 routes in one table',
    networks: all(ALI, 2),
    file: () => pair(`, routes: { n0: [${Array.from({ length: 50 }, (_, at) => `172.20.${at}.0/24`)}], n1: none }`),
    target: [9, 4, 9],
  },
  {
    name: 'baidu-pair',
    title: 'one Baidu peering, same account',
    networks: all(BD, 2),
    file: () => pair(BAIDU_MBPS),
    target: [10, 5, 9],
  },
  {
    name: 'baidu-mesh-5',
    title: 'Baidu mesh of 5',
    networks: all(BD, 5),
    file: () => `connections: [{ name: c, mesh: [${names(5)}]${BAIDU_MBPS} }]`,
    target: [60, 12, 50],
  },
  {
    name: 'baidu-line-3',
    title: 'Baidu gateway line, 3 VPCs in the account',
    networks: [{ name: 'n0', entry: BD, seeded: true }],
    file: (world) => line(world, BD, BAIDU_MBPS),
    target: [9, 5, 9],
  },
  {
    name: 'baidu-line-33',
    title: 'Baidu gateway line, 33 VPCs in the account',
    networks: [{ name: 'n0', entry: BD, seeded: true }],
    others: 30,
    file: (world) => line(world, BD, BAIDU_MBPS),
    target: [9, 5, 9],
  },
  ...[0, 113].map((foreign) => ({
    name: `baidu-20-beside-${2 * foreign}`,
    title: `plan of 20 connections beside ${2 * foreign} foreign Baidu ends`,
    networks: all(BD, 21),
    foreign,
    file: () => `connections: [{ name: c, hub: n0, spokes: [${names(20, 1)}]${BAIDU_MBPS} }]`,
    target: [undefined, 60, undefined],
    runs: ['plan'],
  })),
  ...[ALI, BD].map((entry) => ({
    name: `${entry.cloud}-throttled`,
    title: `requests for one throttled write of ${entry.cloud} before it gives up`,
    networks: all(entry, 2),
    file: () => pair(entry === BD ? BAIDU_MBPS : ''),
    // docs/errors.md says six
    target: [8, undefined, undefined],
    throttled: true,
  })),
];

async function measure(row) {
  const folder = mkdtempSync(join(tmpdir(), 'peerway-calls-'));
  const emulator = await emulatorProcess();
  try {
    const { control, endpoints, world } = emulator;
    const entries = new Map();
    for (const { entry } of row.networks) if (!entries.has(entry)) entries.set(entry, `p${entries.size}`);
    const { env, lines } = header(world, endpoints, entries);
    const networks = [];
    for (const [at, { name, entry, seeded }] of row.networks.entries())
      networks.push(
        `  ${name}: { provider: ${entries.get(entry)}, id: ${await networkOf(emulator, entry, at, seeded)} }`,
      );
    for (let at = 0; at < (row.others ?? 0); at++) await networkOf(emulator, row.networks[0].entry, 100 + at);
    if ((row.foreign ?? 0) > 0) await makeForeign(emulator, folder, row.foreign);
    const file = ['version: 1', 'stack: bench', 'providers:', ...lines, 'networks:', ...networks, row.file(world)];
    writeFileSync(join(folder, 'peerway.yaml'), `${file.join('\n')}\n`);
    const counts = { title: row.title, of: [] };
    let last = (await control.requests()).at(-1)?.requestId;
    const run = async (args, expected) => {
      const begun = performance.now();
      const { status, said } = await peerway(folder, args, env);
      if (status !== expected) throw new Error(`${row.title}: peerway ${args.join(' ')} ended with ${status}: ${said}`);
      const requests = await control.requests(last === undefined ? {} : { after: last });
      last = requests.at(-1)?.requestId ?? last;
      // a passing dry run is an error code on the wire
      const refused = requests.flatMap(({ code }) => (code === undefined || code === 'DryRunOperation' ? [] : code));
      return {
        calls: requests.length,
        seconds: (performance.now() - begun) / 1_000,
        operations: countByOperation(requests),
        refused,
        log: requests,
      };
    };
    if (row.throttled === true) {
      await control.addFault({ cloud: row.networks[0].entry.cloud, mutating: true, kind: 'throttle' });
      const gaveUp = await run(['apply', '--yes'], 1);
      const writes = gaveUp.log.filter(({ mutating }) => mutating);
      if (writes.length === 0) throw new Error(`${row.title}: nothing was written`);
      return { ...counts, of: [{ ...gaveUp, calls: writes.length }, undefined, undefined] };
    }
    if (row.runs?.includes('plan')) return { ...counts, of: [undefined, await run(['plan'], 2), undefined] };
    const applied = await run(['apply', '--yes'], 0);
    const planned = await run(['plan'], 0);
    const destroyed = await run(['destroy', '--yes'], 0);
    return { ...counts, of: [applied, planned, destroyed] };
  } finally {
    emulator.child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Members of every request, which say nothing about what it asks for. */
const OF_ALL = /^(RegionId|PageSize|PageNumber|MaxResults?|maxKeys|ClientToken|clientToken)$/;
const said = ({ at, operation, region, code, params = {} }, first) => {
  const asked = Object.entries(params).filter(([key]) => !OF_ALL.test(key));
  const text = asked
    .map(([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' ');
  return `${((at - first.at) / 1_000).toFixed(1).padStart(5)} s ${operation} ${region ?? ''} ${text.slice(0, 200)}${code === undefined ? '' : ` → ${code}`}`;
};

const rows = ROWS.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
const WIDTHS = [62, 17, 16, 20, 16, 14, 6];
const printRow = (...cells) =>
  console.log(
    cells
      .map((cell, at) => cell.padEnd(WIDTHS[at]))
      .join(' ')
      .trimEnd(),
  );
let missed = 0;
const print = ({ row, result }) => {
  const triple = (items) => items.map((item) => item ?? '-').join(' / ');
  const calls = result.of.map((run) => run?.calls);
  const theirs = TERRAFORM[row.name];
  const ratios = theirs?.map((their, at) =>
    typeof their === 'number' && calls[at] !== undefined ? (calls[at] / their).toFixed(2) : undefined,
  );
  const ok = row.target.every((target, at) => target === undefined || (calls[at] ?? 0) <= target);
  if (!ok) missed++;
  const seconds = result.of.map((run) => run?.seconds.toFixed(0));
  printRow(
    row.title,
    theirs === undefined ? '-' : triple(theirs),
    triple(calls),
    theirs === undefined ? '-' : triple(ratios),
    `≤ ${triple(row.target)}`,
    triple(seconds),
    ok ? '' : 'MISSED',
  );
  for (const [at, run] of result.of.entries()) {
    if (!(verbose || logged) || run === undefined) continue;
    const by = Object.entries(run.operations).sort(([, a], [, b]) => b - a);
    console.log(
      `    ${['apply', 'plan', 'destroy'][at]}: ${by.map(([operation, count]) => `${operation} ${count}`).join(', ')}`,
    );
    if (logged) for (const request of run.log) console.log(`      ${said(request, run.log[0])}`);
    if (run.refused.length > 0) console.log(`      refused: ${run.refused.join(', ')}`);
  }
};

printRow(
  'calls of plan + apply / empty plan / plan + destroy',
  'Terraform',
  'ours',
  'ours to Terraform',
  'target',
  'seconds',
);
const results = new Map();
const queue = [...rows];
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
      results.set(row, await measure(row));
      // in the order of the table
      for (const one of rows) {
        if (!results.has(one)) break;
        if (results.get(one) === 'printed') continue;
        print({ row: one, result: results.get(one) });
        results.set(one, 'printed');
      }
    }
  }),
);
process.exitCode = missed > 0 ? 1 : 0;
