/**
 * Past one machine: 300 connections in 15 stacks on 40 shared networks of 4 accounts on both clouds, 40 requests a second for each
 * account, by 3 workers as processes. Undisturbed; with a worker killed by SIGKILL every 15 s; with Temporal's server killed for 15 s.
 * In the machine's time, some two minutes each on a quiet machine of two cores; says how busy it was.
 *
 * `node packages/server/bench/fleet.mjs [undisturbed|killed|server…] [--shares] [--temporal host:port] [--verbose]` after `npm run build`.
 * --shares: rates by equal shares instead of PostgreSQL. --temporal: a server that runs already, for a store of its own; not `server` then.
 * Skipped where there is no `temporal` (scripts/temporal-server.sh).
 *
 * The development server waits for the disk at every commit: with TMPDIR=/dev/shm what others do to the disk is left out.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { runTypeScript } from '../../../scripts/typescript/run.mjs';
import {
  CALLS_PER_SECOND,
  cpuOf,
  EACH,
  lostWith,
  madePeerings,
  mostOfOneAccount,
  openFleet,
  STACKS,
  takeovers,
  Workers,
} from './_fleet.mjs';

runTypeScript();
const { openRuns } = await import('@peerway/server');
const { PackingCodec } = await import('../src/temporal/codec.ts');
const { digestOf } = await import('../src/runs/stackConfigs.ts');
const { temporalMissing, TemporalServer } = await import('../test/temporalServer.ts');
const { postgresMissing, PostgresServer } = await import('../test/postgresServer.ts');

const KILL_EVERY_MS = 15_000;
const SERVER_AWAY_MS = 15_000;
const NAMES = ['worker-1', 'worker-2', 'worker-3'];
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let missed = 0;
function figure(name, value, target, ok) {
  if (!ok) missed++;
  console.log(`${name}: ${value} (target ${target})${ok ? '' : '  MISSED'}`);
}

/** Ends nothing and never ends by itself: what a scenario does to the workers and the server while the runs go on. */
const DISTURB = {
  undisturbed: async () => undefined,
  killed: async ({ workers, ended, client, losses }) => {
    for (let turn = 0; ; turn++) {
      await Promise.race([sleep(KILL_EVERY_MS), ended]);
      if (ended.isOver) return;
      const name = NAMES[turn % NAMES.length];
      const killedAt = await workers.kill(name);
      losses.push(...(await lostWith(client, name, killedAt)));
      await workers.start(name);
    }
  },
  server: async ({ server, ended }) => {
    await Promise.race([sleep(30_000), ended]);
    await server.stop();
    await sleep(SERVER_AWAY_MS);
    await server.open();
  },
};

async function scenario(name, folder) {
  const fleet = await openFleet();
  const server = await serverFor(name, folder);
  const exact = postgresMissing === undefined && !process.argv.includes('--shares');
  const postgres = exact ? await PostgresServer.start() : undefined;
  const rates = postgres === undefined ? {} : { rates: postgres.url };
  const workers = new Workers({ engine: server.engine, env: fleet.env, ...rates });
  await Promise.all(NAMES.map((each) => workers.start(each)));
  const configs = fleet.texts.map((text, at) => ({
    name: `stack${at}`,
    digest: digestOf(text),
    file: `stack${at}.yaml`,
    text,
  }));
  const stacks = { list: async () => ({ stacks: configs, problems: [] }) };
  const runs = await openRuns({ engine: server.engine, stacks, env: {} });
  const load = loadavg()[0];
  const started = Date.now();
  // the quotas that are lifted there are unknown here
  const answers = await Promise.all(configs.map(({ name: stack }) => runs.submit({ stack, force: true }, 'bench')));
  const ended = Promise.all(answers.map(({ run }) => toItsEnd(runs, run)));
  void ended.finally(() => (ended.isOver = true));
  const { client, connection } = await clientOf(server);
  const losses = [];
  const disturbing = DISTURB[name]({ workers, server, ended, client, losses });
  const details = await ended;
  const seconds = (Date.now() - started) / 1_000;
  await disturbing;
  const requests = [...fleet.requests];
  const serverCpu = server.pid === undefined ? Number.NaN : cpuOf(server.pid);
  const result = {
    name,
    seconds,
    details,
    requests,
    exact,
    load: [load, loadavg()[0]],
    serverCpu,
  };
  const { times, needless } = takeovers(await historiesOf(client), losses);
  await connection.close();
  const again = await Promise.all(configs.map(({ name: stack }) => runs.look(stack, new AbortController().signal)));
  const used = await workers.stop();
  await runs.close();
  await server.stop();
  await postgres?.remove();
  const crashes = fleet.emulator.crashes.length;
  await fleet.emulator.close();
  return { ...result, again, used, times, needless, crashes };
}

const at = process.argv.indexOf('--temporal');
const external = at < 0 ? undefined : process.argv[at + 1];

function serverFor(name, folder) {
  if (external !== undefined) {
    const port = Number(external.split(':')[1]);
    return { engine: `temporal://${external}`, port, pid: undefined, stop: async () => undefined };
  }
  return TemporalServer.start(
    ...['--db-filename', join(folder, `${name}.db`)],
    ...['--dynamic-config-value', 'matching.numTaskqueueReadPartitions=1'],
    ...['--dynamic-config-value', 'matching.numTaskqueueWritePartitions=1'],
  );
}

/** Asked now and then: while the server is away nobody answers. */
async function toItsEnd(runs, id) {
  for (;;) {
    const run = await runs.run(id).catch(() => undefined);
    if (run?.state === 'ended') return run;
    await sleep(1_000);
  }
}

async function clientOf({ port }) {
  const connection = await Connection.connect({ address: `127.0.0.1:${port}` });
  return { connection, client: new Client({ connection, dataConverter: { payloadCodecs: [new PackingCodec()] } }) };
}

async function historiesOf(client) {
  const histories = [];
  for await (const { workflowId, runId } of client.workflow.list({ query: "WorkflowType = 'stackRun'" }))
    histories.push({ runId, ...(await client.workflow.getHandle(workflowId, runId).fetchHistory()) });
  return histories;
}

function tell(result, undisturbed) {
  const { name, seconds, details, requests, again, used, times, needless, exact, load, serverCpu, crashes } = result;
  const what = `${name}, ${STACKS * EACH} connections, ${STACKS} stacks, ${NAMES.length} workers`;
  const failed = details.filter(({ outcome }) => outcome !== 'done');
  const left = again.reduce((sum, { drift, error }) => sum + drift.length + (error === undefined ? 0 : 1), 0);
  figure(`${what}: runs that did not end well`, failed.length, '0', failed.length === 0);
  for (const { id, error, steps } of failed.slice(0, 3))
    console.log(`    ${id}: ${JSON.stringify(error ?? steps.find(({ state }) => state === 'failed')?.error)}`);
  figure(`${what}: differences afterwards`, left, '0', left === 0);
  const made = madePeerings(requests);
  figure(`${what}: peerings made`, made, `${STACKS * EACH}`, made === STACKS * EACH);
  const refused = requests.filter(({ code }) => code !== undefined);
  figure(`${what}: requests refused`, refused.length, '0', refused.length === 0);
  if (refused.length > 0)
    console.log(`    ${JSON.stringify(countBy(refused, ({ operation, code }) => `${operation} ${code}`))}`);
  figure(`${what}: requests`, requests.length, '≤ 9500', name !== 'undisturbed' || requests.length <= 9_500);
  const [second, ten] = [mostOfOneAccount(requests, 1), mostOfOneAccount(requests, 10)];
  const how = exact ? 'PostgreSQL' : 'shares';
  const most = CALLS_PER_SECOND * 10 * 1.05;
  figure(
    `${what}: most of one account in 1 s, in 10 s, rate by ${how}`,
    `${second}, ${ten}`,
    `≤ 50, ≤ ${most}`,
    second <= 50 && ten <= most,
  );
  if (times.length > 0) {
    const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
    const longest = times.at(-1);
    figure(
      `${what}: takeover of ${times.length} tasks, least, median, most, s`,
      `${at(0)}, ${at(0.5)}, ${at(1)}`,
      '≤ 8',
      longest <= 8,
    );
  }
  console.log(`    ${needless} tasks were begun again although their worker lived`);
  const factor = undisturbed === undefined ? undefined : seconds / undisturbed;
  figure(
    `${what}: time, s`,
    `${seconds.toFixed(0)}${factor === undefined ? '' : `, ${factor.toFixed(2)} × the undisturbed`}`,
    name === 'killed' ? '≤ 1.3 ×' : '-',
    name !== 'killed' || factor === undefined || factor <= 1.3,
  );
  const busy = load.map((each) => each.toFixed(1)).join(' to ');
  console.log(
    `    processor time of workers ${used.cpu.toFixed(0)} s, of Temporal ${serverCpu.toFixed(0)} s; largest worker ${used.memory} MB; load ${busy}; ${crashes} crashes of the emulator`,
  );
}

function countBy(list, key) {
  const counts = {};
  for (const each of list) counts[key(each)] = (counts[key(each)] ?? 0) + 1;
  return counts;
}

// what was started ends with it
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

if (temporalMissing !== undefined) console.log(`skipped: ${temporalMissing}`);
else {
  const folder = mkdtempSync(join(tmpdir(), 'peerway-fleet-'));
  const wanted = process.argv.slice(2).filter((word) => word in DISTURB);
  let undisturbed;
  try {
    for (const name of Object.keys(DISTURB).filter((each) => wanted.length === 0 || wanted.includes(each))) {
      const result = await scenario(name, folder);
      if (name === 'undisturbed') undisturbed = result.seconds;
      tell(result, undisturbed);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit(missed === 0 ? 0 : 1);
}
