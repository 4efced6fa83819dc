/**
 * The crash matrix: 20 connections and a line on both clouds, both Alibaba mechanisms. A command dies at one request, either before it is
 * sent or when the cloud has done it (whether the answer was still on its way makes no difference to a dead process); then either command,
 * run whole, must reach its end, and a destroy must leave nothing. Last, two broken commands in a row.
 *
 * `node packages/engine/bench/crashMatrix.mjs [stride] [words]`: every request with stride 1 (most of an hour), every 15th otherwise; only
 * the cases whose title holds the words, e.g. `1 link`.
 */
import {
  accountId,
  networkId,
  parseCidr,
  portId,
  Provider,
  Redactor,
  regionId,
  seededRandom,
  VirtualClock,
} from '@peerway/core';
import { alibaba } from '@peerway/alibaba';
import { baidu } from '@peerway/baidu';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { Engine } from '@peerway/engine';
import { figure, finish, ROOMY } from './_world.mjs';

const stride = Number(process.argv[2] ?? 15);
const words = process.argv[3] ?? '';
const CASES = [
  { title: 'alibaba vpc-peer', plugin: alibaba, cloud: 'alibaba', more: {}, across: { bandwidthMbps: 10 } },
  {
    title: 'alibaba router-interface',
    plugin: alibaba,
    cloud: 'alibaba',
    more: { mechanism: 'router-interface' },
    across: {},
  },
  { title: 'baidu peerconn', plugin: baidu, cloud: 'baidu', more: { bandwidthMbps: 10 }, across: {} },
  { title: 'alibaba link', plugin: alibaba, cloud: 'alibaba', line: true },
  { title: 'baidu link', plugin: baidu, cloud: 'baidu', line: true },
].filter(({ title }) => title.includes(words));

/** A broken command, and the whole one after it. */
const WAYS = ['apply', 'destroy'].flatMap((cut) => ['apply', 'destroy'].map((then) => ({ cut, then })));

/** The line of the default world's port; its first VLAN is the one that Baidu's has a channel for. */
function links({ line, cloud }) {
  if (line !== true) return [];
  const { ports, regions } = DEFAULT_WORLD[cloud];
  const { id } = ports.find(({ account, region }) => account === 'a' && region === regions[0]);
  const ends = { vlan: 30, cloudIp: '10.255.0.1/30', customerIp: '10.255.0.2' };
  return [{ name: 'idc', network: 'n0', port: portId(id), ...ends, destinations: [parseCidr('192.168.0.0/16')] }];
}

/** Twenty connections over fifteen networks; the last is another account's in another region. */
function connections({ line, more, across }) {
  if (line === true) return [];
  const name = (at) => `n${at}`;
  const range = (from, to) => Array.from({ length: to - from }, (_, at) => name(from + at));
  return [
    { name: 'all', kind: 'mesh', members: range(0, 5), routes: 'auto', peering: more },
    { name: 'core', kind: 'hub', hub: name(5), spokes: range(6, 14), routes: 'auto', peering: more },
    { name: 'east', kind: 'pair', between: [name(0), 'far'], routes: 'auto', peering: { ...more, ...across } },
    { name: 'west', kind: 'pair', between: ['far', name(5)], routes: 'auto', peering: { ...more, ...across } },
  ];
}

async function open({ plugin, cloud }) {
  const emulator = await Emulator.start({ seed: 7 });
  for (const [name, value] of Object.entries(ROOMY)) {
    try {
      emulator.rules.set({ [name]: value });
    } catch {
      // a rule of another version of the emulator
    }
  }
  const clock = new VirtualClock({ start: emulator.clock.now(), onAdvance: (now) => emulator.clock.advanceTo(now) });
  const { accounts, regions } = DEFAULT_WORLD[cloud];
  const ids = new Map();
  for (let at = 0; at < 14; at++)
    ids.set(
      `n${at}`,
      emulator.world.network({
        cloud,
        account: accounts.a.id,
        region: regions[0],
        cidrs: [`11.${at}.0.0/16`],
        name: `n${at}`,
      }).id,
    );
  ids.set(
    'far',
    emulator.world.network({ cloud, account: accounts.b.id, region: regions[1], cidrs: ['11.99.0.0/16'], name: 'far' })
      .id,
  );
  const opened = [];
  const life = { count: 0, at: Infinity, phase: 'before', dead: false };
  const die = () => {
    life.dead = true;
    throw new Error('killed');
  };
  const observer = {
    requestSent() {
      if (life.dead) die();
      life.count++;
      if (life.count === life.at && life.phase === 'before') die();
    },
    requestAnswered() {
      if (life.dead || (life.count >= life.at && life.phase === 'done')) die();
    },
  };
  const provider = async (who, region) => {
    const settings = { name: `${who}-${region}`, region: regionId(region), account: accountId(accounts[who].id) };
    const context = { clock, random: seededRandom(3), redactor: new Redactor(), observer };
    const { accessKeyId, accessKeySecret } = accounts[who];
    const endpoint = cloud === 'alibaba' ? emulator.alibaba.endpoint : emulator.baidu.endpoint(region);
    const driver = await plugin.create({
      ...settings,
      ...context,
      endpoint,
      options: new plugin.options(),
      credentials: { accessKeyId, accessKeySecret },
      env: {},
    });
    const made = new Provider(plugin, driver, settings, context);
    opened.push(made);
    return made;
  };
  const near = await provider('a', regions[0]);
  const away = await provider('b', regions[1]);
  return {
    emulator,
    clock,
    life,
    networks: new Map(
      [...ids].map(([name, id]) => [name, { provider: name === 'far' ? away : near, id: networkId(id) }]),
    ),
    close: async () => {
      for (const one of opened) await one.close();
      await emulator.close();
    },
  };
}

async function apply(world, item, mode) {
  const engine = new Engine({
    stack: { name: 'crash', networks: world.networks, connections: connections(item), links: links(item) },
    clock: world.clock,
  });
  const plan = await engine.plan({ mode });
  return { plan, report: await engine.apply(plan, { force: true }) };
}

/** Peerings in the cloud by pair, read by a plan's own eyes. */
const planned = async (world, item, mode) =>
  new Engine({
    stack: { name: 'crash', networks: world.networks, connections: connections(item), links: links(item) },
    clock: world.clock,
  }).plan({ mode });

/** Runs a command that dies at a request. */
async function broken(world, item, { mode, at, phase }) {
  Object.assign(world.life, { count: 0, at, phase });
  await apply(world, item, mode).catch(() => undefined);
  Object.assign(world.life, { count: 0, at: Infinity, dead: false });
}

/** @returns what is wrong after a whole run of the command, duplicates and what a destroy leaves */
async function repair(world, item, mode) {
  const found = { why: '', duplicates: 0, orphans: 0 };
  try {
    const { report } = await apply(world, item, mode);
    const bad = report.steps.find((step) => step.outcome !== 'done');
    if (bad !== undefined) found.why = `${bad.step}: ${bad.error?.message ?? bad.because}`;
    const again = await planned(world, item, mode);
    if (again.steps.length > 0) found.why ||= `a second plan has ${again.steps[0].id}: ${again.steps[0].reason}`;
    found.duplicates = again.drift.filter((drift) => drift.kind === 'peering-duplicate').length;
    await apply(world, item, 'destroy');
    const left = await planned(world, item, 'destroy');
    found.orphans = left.steps.length;
    if (left.steps.length > 0) found.why ||= `left: ${left.steps[0].id}`;
  } catch (error) {
    found.why ||= String(error);
  }
  return found;
}

/** The state that a command starts from: a destroy needs what an apply made. */
async function begin(item, mode) {
  const world = await open(item);
  if (mode === 'destroy') await apply(world, item, 'apply');
  return world;
}

async function requestsOf(item, mode) {
  const world = await begin(item, mode);
  const before = world.life.count;
  await apply(world, item, mode);
  await world.close();
  return world.life.count - before;
}

/** @param cuts one or two broken commands @returns whether the command after them repaired everything */
async function point(item, cuts, then, result) {
  const world = await begin(item, cuts[0].mode);
  for (const cut of cuts) await broken(world, item, cut);
  const { why, duplicates, orphans } = await repair(world, item, then);
  await world.close();
  result.points++;
  result.duplicates += duplicates;
  result.orphans += orphans;
  if (why === '') return void result.repaired++;
  const said = cuts.map(({ mode, at, phase }) => `${mode} killed ${phase} request ${at}`).join(', ');
  console.log(`  ${item.title}, ${said}, then ${then}: ${why}`);
}

function report(title, { points, repaired, duplicates, orphans }) {
  figure(
    `${title}: points ${points}, repaired`,
    `${repaired}, duplicates ${duplicates}, orphans ${orphans}`,
    'all, 0, 0',
    points === repaired && duplicates === 0 && orphans === 0,
  );
}

const nothing = () => ({ points: 0, repaired: 0, duplicates: 0, orphans: 0 });

for (const item of CASES) {
  const total = { apply: await requestsOf(item, 'apply'), destroy: await requestsOf(item, 'destroy') };
  for (const { cut, then } of WAYS) {
    const result = nothing();
    for (let at = 1; at <= total[cut]; at += stride)
      for (const phase of ['before', 'done']) await point(item, [{ mode: cut, at, phase }], then, result);
    report(`${item.title}: ${cut} cut → ${then}`, result);
  }
  const result = nothing();
  const random = seededRandom(11);
  for (let tries = 0; tries < Math.max(4, total.apply / stride); tries++) {
    const pick = (mode) => ({
      mode,
      at: 1 + Math.floor(random.next() * total[mode]),
      phase: random.next() < 0.5 ? 'before' : 'done',
    });
    const [first, second] = random.next() < 0.5 ? ['apply', 'destroy'] : ['destroy', 'apply'];
    await point(item, [pick(first), pick(second)], random.next() < 0.5 ? 'apply' : 'destroy', result);
  }
  report(`${item.title}: two cuts in a row`, result);
}
finish();
