/** The parts of fleet.mjs: stacks that share networks, workers as processes, and what their requests and histories say. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@peerway/core';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';

export const STACKS = 15;
export const EACH = 20;
const NETWORKS = 40;
export const CALLS_PER_SECOND = 40;

const PLACES = [
  { entry: 'ali-a', cloud: 'alibaba', who: 'a', region: 'cn-hangzhou' },
  { entry: 'ali-b', cloud: 'alibaba', who: 'b', region: 'cn-hangzhou' },
  { entry: 'bd-a', cloud: 'baidu', who: 'a', region: 'bj' },
  { entry: 'bd-b', cloud: 'baidu', who: 'b', region: 'bj' },
];

/** The default quotas are far below this; only they are lifted. */
const ROOMY = {
  'alibaba.vpc.perRegion': 1_000,
  'alibaba.vpcPeer.intraRegionPerVpc': 1_000,
  'alibaba.vpcPeer.crossRegionPerVpc': 1_000,
  'alibaba.vpcPeer.perVpc': 1_000,
  'alibaba.vpcPeer.perAccountAndRegion': 1_000,
  'baidu.peerconn.quotaPerVpc': 1_000,
  'baidu.peerconn.quotaPerAccount': 1_000,
  'baidu.vpc.quotaPerRegion': 1_000,
  'baidu.route.quotaPerTable': 1_000,
};

const variable = (entry, what) => `${entry.toUpperCase().replaceAll('-', '_')}_${what}`;

/** Both clouds in this process, and 15 config files for them. */
export async function openFleet() {
  const requests = [];
  const emulator = await Emulator.start({ seed: 18, clock: 'real', onRequest: (record) => requests.push(record) });
  emulator.rules.set(ROOMY);
  const networks = PLACES.flatMap((place, at) =>
    Array.from({ length: NETWORKS / PLACES.length }, (_, index) => {
      const number = at * 10 + index;
      const account = DEFAULT_WORLD[place.cloud].accounts[place.who].id;
      const seed = { cloud: place.cloud, account, region: place.region, name: `n${number}` };
      const { id } = emulator.world.network({ ...seed, cidrs: [`11.0.${number}.0/24`] });
      return { name: `n${number}`, id, ...place };
    }),
  );
  const pairs = draw(seededRandom(18), networks);
  const texts = Array.from({ length: STACKS }, (_, stack) =>
    configText(`stack${stack}`, pairs.slice(stack * EACH, (stack + 1) * EACH)),
  );
  return { emulator, requests, texts, env: environment(emulator) };
}

/** Pairs of networks of one cloud, each pair once over all stacks. */
function draw(random, networks) {
  const used = new Set();
  const pairs = [];
  while (pairs.length < STACKS * EACH) {
    const [one, other] = [0, 0].map(() => networks[Math.floor(random.next() * networks.length)]);
    const key = [one.name, other.name].sort().join(' ');
    if (one === other || one.cloud !== other.cloud || used.has(key)) continue;
    used.add(key);
    pairs.push([one, other]);
  }
  return pairs;
}

function configText(stack, pairs) {
  const used = new Map(pairs.flat().map((network) => [network.name, network]));
  const entries = PLACES.filter(({ entry }) => [...used.values()].some((network) => network.entry === entry));
  const lines = ['version: 1', `stack: ${stack}`, 'providers:'];
  for (const { entry, cloud, who, region } of entries) {
    const keys = `accessKeyId: '\${${variable(entry, 'ID')}}', accessKeySecret: '\${${variable(entry, 'SECRET')}}'`;
    const account = DEFAULT_WORLD[cloud].accounts[who].id;
    const rest = `account: "${account}", callsPerSecond: ${CALLS_PER_SECOND}, credentials: { ${keys} }`;
    lines.push(`  ${entry}: { use: ${cloud}, region: ${region}, ${rest} }`);
  }
  lines.push('networks:');
  for (const { name, entry, id } of used.values()) lines.push(`  ${name}: { provider: ${entry}, id: ${id} }`);
  lines.push('connections:');
  pairs.forEach(([one, other], at) => {
    const bandwidth = one.cloud === 'baidu' ? ', bandwidthMbps: 10' : '';
    lines.push(`  - { name: c${at}, between: [${one.name}, ${other.name}]${bandwidth} }`);
  });
  return `${lines.join('\n')}\n`;
}

function environment(emulator) {
  const env = {};
  for (const { entry, cloud, who, region } of PLACES) {
    const { accessKeyId, accessKeySecret } = DEFAULT_WORLD[cloud].accounts[who];
    env[variable(entry, 'ID')] = accessKeyId;
    env[variable(entry, 'SECRET')] = accessKeySecret;
    env[`PEERWAY_ENDPOINT_${entry.toUpperCase().replaceAll('-', '_')}`] =
      cloud === 'alibaba' ? emulator.alibaba.endpoint : emulator.baidu.endpoint(region);
  }
  return env;
}

const MAIN = fileURLToPath(new URL('../../cli/bundle/main.js', import.meta.url));

/** Workers as users start them; one that is killed is started anew. */
export class Workers {
  #children = new Map();
  #used = { cpu: 0, memory: 0 };

  constructor(options) {
    this.options = options;
    process.once('exit', () => {
      for (const child of this.#children.values()) child.kill('SIGKILL');
    });
  }

  start(name) {
    const { engine, env, rates } = this.options;
    const args = ['worker', '--engine', engine, '--name', name, ...(rates === undefined ? [] : ['--rates', rates])];
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#children.set(name, child);
    return new Promise((resolve, reject) => {
      let said = '';
      child.stderr.on('data', (text) => {
        said += text;
        if (said.includes('Takes tasks')) resolve();
        if (process.argv.includes('--verbose')) process.stderr.write(`${name}: ${text}`);
      });
      child.once('exit', (code, signal) => {
        if (signal !== 'SIGKILL' && code !== 0) reject(new Error(`${name} ended by itself: ${said}`));
      });
    });
  }

  async kill(name) {
    const child = this.#children.get(name);
    this.#measure(child.pid);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    const killedAt = Date.now();
    await ended;
    this.#children.delete(name);
    return killedAt;
  }

  /** Ends all. @returns seconds of processor time of all workers, and MB of the largest */
  async stop() {
    const ended = [...this.#children.values()].map((child) => {
      this.#measure(child.pid);
      const end = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      return end;
    });
    await Promise.all(ended);
    this.#children.clear();
    return this.#used;
  }

  #measure(pid) {
    this.#used.cpu += cpuOf(pid);
    this.#used.memory = Math.max(this.#used.memory, memoryOf(pid));
  }
}

/** Seconds, from the start of the process on. */
export function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const memoryOf = (pid) =>
  Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);

/** Most requests of one account in so many seconds. */
export function mostOfOneAccount(requests, seconds) {
  const byAccount = grouped(requests);
  let most = 0;
  for (const list of byAccount.values()) {
    const times = list.map(({ at }) => at).sort((a, b) => a - b);
    let from = 0;
    times.forEach((at, index) => {
      while (times[from] <= at - seconds * 1_000) from++;
      most = Math.max(most, index - from + 1);
    });
  }
  return most;
}

const accountOf = ({ cloud, account }) => `${cloud} ${account}`;

function grouped(requests) {
  const groups = new Map();
  for (const request of requests) {
    const key = accountOf(request);
    groups.set(key, [...(groups.get(key) ?? []), request]);
  }
  return groups;
}

/** Peerings that were made: one for each answer that a creation was granted with, repetitions of one token once. */
export function madePeerings(requests) {
  const made = requests.filter(
    ({ operation, status, code }) =>
      (operation === 'CreateVpcPeerConnection' || operation === 'CreatePeerConn') &&
      status === 200 &&
      code === undefined,
  );
  return new Set(made.map(({ params }) => params.ClientToken ?? params.clientToken)).size;
}

const msOf = ({ seconds, nanos }) => Number(seconds) * 1_000 + nanos / 1e6;

/** The tasks that a worker which has just been killed had in hand. */
export async function lostWith(client, worker, killedAt) {
  const lost = [];
  for await (const { workflowId, runId } of client.workflow.list({ query: "ExecutionStatus = 'Running'" })) {
    const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
    for (const { activityId, attempt, lastWorkerIdentity, lastStartedTime } of raw.pendingActivities ?? []) {
      if (lastWorkerIdentity !== worker || !lastStartedTime || msOf(lastStartedTime) > killedAt) continue;
      lost.push({ key: `${runId} ${activityId}`, attempt, killedAt, startedAt: msOf(lastStartedTime) });
    }
  }
  return lost;
}

/**
 * For each task that was lost with a worker: how long after the kill another began it, in seconds; and how many tasks were begun again
 * although their worker lived, because it could not say so in time.
 * @param histories of all runs
 */
export function takeovers(histories, losses) {
  /** By task: when which attempt began, as far as anybody saw it. */
  const starts = losses.map(({ key, attempt, startedAt }) => ({ key, attempt, at: startedAt }));
  for (const { events, runId } of histories) {
    const ids = new Map();
    for (const { eventId, eventTime, activityTaskScheduledEventAttributes: scheduled, ...rest } of events) {
      if (scheduled) ids.set(String(eventId), scheduled.activityId);
      const started = rest.activityTaskStartedEventAttributes;
      if (!started) continue;
      const key = `${runId} ${ids.get(String(started.scheduledEventId))}`;
      starts.push({ key, attempt: started.attempt, at: msOf(eventTime) });
    }
  }
  const times = losses.flatMap(({ key, attempt, killedAt }) => {
    const next = starts.find((start) => start.key === key && start.attempt === attempt + 1);
    return next === undefined ? [] : [(next.at - killedAt) / 1_000];
  });
  const again = new Set(starts.filter(({ attempt }) => attempt > 1).map(({ key, attempt }) => `${key} ${attempt}`));
  const taken = new Set(losses.map(({ key, attempt }) => `${key} ${attempt + 1}`));
  return {
    times: times.sort((a, b) => a - b),
    needless: [...again].filter((each) => !taken.has(each)).length,
  };
}
