/**
 * The crash matrix. A command dies at one request, either before it is sent or when the cloud has done it (whether the answer was still
 * on its way makes no difference to a dead process); then a whole run of a command must reach its end: a second plan is empty, the
 * cloud's own rows are those of a run that nothing disturbed, what another stack holds beside ours is unchanged, and a destroy leaves nothing.
 *
 * `node packages/engine/bench/crashMatrix.mjs [stride] [words] [pairs]`: every request with stride 1, every 15th otherwise; only the parts
 * whose title holds the words, e.g. `1 "alibaba link: destroy"`; so many pairs of two broken commands in a row for each part (default: 20), drawn from
 * `PEERWAY_SEED`.
 */
import { accountId, networkId, Provider, Redactor, regionId, seededRandom, VirtualClock } from '@peerway/core';
import { alibaba } from '@peerway/alibaba';
import { baidu } from '@peerway/baidu';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { Engine } from '@peerway/engine';
import { CASES, foreign } from './_crashCases.mjs';
import { figure, finish } from './_world.mjs';

const [stride, words, pairs] = [Number(process.argv[2] ?? 15), process.argv[3] ?? '', Number(process.argv[4] ?? 20)];
const SEED = Number(process.env.PEERWAY_SEED ?? 11);
const PLUGINS = { alibaba, baidu };

const run = (mode, file = 'old') => ({ mode, file, title: mode === 'apply' && file === 'new' ? 'change' : mode });
const [APPLY, CHANGE, DESTROY] = [run('apply'), run('apply', 'new'), run('destroy')];

/** What is broken off, from which state on, and the whole command after it. */
const WAYS = [
  { from: 'empty', cuts: [APPLY], then: APPLY },
  { from: 'empty', cuts: [APPLY], then: DESTROY },
  { from: 'old', cuts: [DESTROY], then: DESTROY },
  { from: 'old', cuts: [DESTROY], then: APPLY },
  { from: 'old', cuts: [CHANGE], then: CHANGE },
  { from: 'old', cuts: [CHANGE], then: APPLY },
  { from: 'old', cuts: [CHANGE], then: run('destroy', 'new') },
];
const TWICE = [
  { from: 'empty', cuts: [APPLY, DESTROY], then: APPLY },
  { from: 'empty', cuts: [APPLY, DESTROY], then: DESTROY },
  { from: 'old', cuts: [DESTROY, APPLY], then: APPLY },
  { from: 'old', cuts: [DESTROY, APPLY], then: DESTROY },
  { from: 'old', cuts: [CHANGE, DESTROY], then: CHANGE },
  { from: 'old', cuts: [DESTROY, CHANGE], then: CHANGE },
  { from: 'old', cuts: [CHANGE, APPLY], then: CHANGE },
];
const titleOf = (item, { cuts, then }) =>
  `${item.title}: ${cuts.map(({ title }) => title).join(' cut, ')} cut → ${then.title}`;

/** Tables of the emulator that hold what is ours or somebody's. */
const TABLES = [
  ...['vpcPeers', 'routerInterfaces', 'borderRouters', 'routeEntries', 'tags'].map((name) => `alibaba.${name}`),
  ...['peerconns', 'gateways', 'routeRules'].map((name) => `baidu.${name}`),
];

/** Every standing row that somebody made, by its key. */
function rowsOf(emulator) {
  const { tables } = emulator.snapshot();
  const rows = new Map();
  for (const table of TABLES)
    for (const row of tables[table] ?? [])
      if (!/^deleted$/i.test(String(row.status)) && row.type !== 'System' && row.nexthopType !== 'sys')
        rows.set(`${table} ${row.id}`, JSON.stringify({ ...row, modifiedAt: 0 }));
  for (const [key, text] of rows)
    if (key.startsWith('alibaba.tags') && JSON.parse(text).tags?.length === 0) rows.delete(key);
  return rows;
}

/** One cloud with somebody else's things in it, put back to a state for every point; every command is a process of its own. */
class Bench {
  #states = {};
  #seed = 0;

  static async open(item) {
    const bench = new Bench();
    const emulator = await Emulator.start({ seed: 7, start: Date.UTC(2026, 10, 1) });
    Object.assign(bench, { item, emulator, ids: new Map() });
    const { accounts, regions } = DEFAULT_WORLD[item.cloud];
    for (const [at, name] of ['n0', 'n1', 'n2', 'far'].entries()) {
      const [who, region] = name === 'far' ? ['b', regions[1]] : ['a', regions[0]];
      const network = { cloud: item.cloud, account: accounts[who].id, region, cidrs: [`11.${at}.0.0/16`], name };
      bench.ids.set(name, emulator.world.network(network).id);
    }
    await bench.run({ ...foreign(item), stack: 'theirs' });
    bench.foreign = rowsOf(emulator);
    bench.#states.empty = emulator.snapshot();
    bench.expected = { destroy: 0 };
    for (const file of ['old', 'new']) {
      await bench.start('empty');
      await bench.run(run('apply', file));
      bench.expected[file] = rowsOf(emulator).size - bench.foreign.size;
      bench.#states[file] = emulator.snapshot();
    }
    return bench;
  }

  async start(state) {
    this.emulator.restore(this.#states[state]);
  }

  /** @param life where it dies; counts its requests */
  async run({ mode = 'apply', file = 'old', stack = 'crash', planOnly = false, ...declared }, life = { at: Infinity }) {
    Object.assign(life, { count: 0, dead: false });
    const { emulator, item, ids } = this;
    const clock = new VirtualClock({
      start: emulator.clock.now(),
      onAdvance: (now) => emulator.clock.advanceTo(now),
    });
    const { regions } = DEFAULT_WORLD[item.cloud];
    const opened = [
      await this.#provider('a', regions[0], clock, life),
      await this.#provider('b', regions[1], clock, life),
    ];
    const networks = new Map(
      [...ids].map(([name, id]) => [name, { provider: opened[name === 'far' ? 1 : 0], id: networkId(id) }]),
    );
    const { connections = item.connections?.[file] ?? [], links = item.links?.[file] ?? [] } = declared;
    const engine = new Engine({ stack: { name: stack, networks, connections, links }, clock });
    try {
      const plan = await engine.plan({ mode });
      return { plan, ...(planOnly ? {} : { report: await engine.apply(plan, { force: true }) }) };
    } finally {
      for (const one of opened) await one.close();
    }
  }

  async #provider(who, region, clock, life) {
    const { item, emulator } = this;
    const die = () => {
      life.dead = true;
      throw new Error('killed');
    };
    const observer = {
      requestSent() {
        if (life.dead || (++life.count === life.at && life.phase === 'before')) die();
      },
      requestAnswered() {
        if (life.dead || (life.count >= life.at && life.phase === 'after')) die();
      },
    };
    const { id, accessKeyId, accessKeySecret } = DEFAULT_WORLD[item.cloud].accounts[who];
    const settings = { name: `${who}-${region}`, region: regionId(region), account: accountId(id) };
    // two processes never share their randomness: a repeated client token would be answered with an old object
    const context = { clock, random: seededRandom(++this.#seed), redactor: new Redactor(), observer };
    const plugin = PLUGINS[item.cloud];
    const driver = await plugin.create({
      ...settings,
      ...context,
      endpoint: item.cloud === 'alibaba' ? emulator.alibaba.endpoint : emulator.baidu.endpoint(region),
      options: new plugin.options(),
      credentials: { accessKeyId, accessKeySecret },
      env: {},
    });
    return new Provider(plugin, driver, settings, context);
  }

  /** What of somebody else's is no longer as it was. */
  touched() {
    const rows = rowsOf(this.emulator);
    return [...this.foreign]
      .filter(([key, row]) => rows.get(key) !== row)
      .map(([key]) => `${key} of somebody else changed`);
  }

  ours() {
    return [...rowsOf(this.emulator).keys()].filter((key) => !this.foreign.has(key));
  }
}

/** @returns what is wrong after a whole run of the command, rows too many, and rows that a destroy leaves */
async function repair(bench, command) {
  const found = { why: [], duplicates: 0, orphans: 0, foreign: 0 };
  const fault = (...lines) => found.why.push(...lines);
  const whole = async (one) => {
    const { report } = await bench.run(one);
    const bad = report.steps.find((step) => step.outcome !== 'done');
    if (bad !== undefined) fault(`${bad.step}: ${bad.error?.message ?? bad.because}`);
    const [again] = (await bench.run({ ...one, planOnly: true })).plan.steps;
    if (again !== undefined) fault(`a second plan has ${again.id}: ${again.reason}`);
  };
  try {
    await whole(command);
    const expected = command.mode === 'destroy' ? 0 : bench.expected[command.file];
    const there = bench.ours();
    if (there.length !== expected) fault(`${there.length} rows, not ${expected}: ${there.join(', ')}`);
    found.duplicates = Math.max(0, there.length - expected);
    if (command.mode === 'apply') await whole({ ...command, mode: 'destroy' });
    const left = bench.ours();
    found.orphans = left.length;
    if (left.length > 0) fault(`left: ${left.join(', ')}`);
    const touched = bench.touched();
    found.foreign = touched.length;
    fault(...touched);
  } catch (error) {
    fault(String(error));
  }
  return found;
}

const nothing = () => ({ points: 0, repaired: 0, duplicates: 0, orphans: 0, foreign: 0 });

/** @param lives where each command dies */
async function point(bench, way, lives, result) {
  await bench.start(way.from);
  for (const [at, cut] of way.cuts.entries()) await bench.run(cut, { ...lives[at] }).catch(() => undefined);
  const { why, ...counts } = await repair(bench, way.then);
  result.points++;
  for (const [name, count] of Object.entries(counts)) result[name] += count;
  if (why.length === 0) return void result.repaired++;
  const said = way.cuts.map(({ title }, at) => `${title} killed ${lives[at].phase} request ${lives[at].at}`);
  console.log(`  ${bench.item.title}, ${said.join(', ')}, then ${way.then.title}: ${why.join('; ')}`);
}

function report(title, { points, repaired, duplicates, orphans, foreign: changed }, note) {
  const good = points === repaired && duplicates === 0 && orphans === 0 && changed === 0;
  const value = `${repaired}, duplicates ${duplicates}, orphans ${orphans}, foreign changed ${changed}`;
  figure(`${title}: points ${points}, repaired`, value, 'all, 0, 0, 0', good, note);
}

/** How many requests a command sends when nothing disturbs it. */
async function requestsOf(bench, from, command) {
  await bench.start(from);
  const life = { at: Infinity };
  await bench.run(command, life);
  return life.count;
}

for (const item of CASES) {
  const mine = (ways) => ways.filter((way) => titleOf(item, way).includes(words));
  const [once, twice] = [mine(WAYS), pairs === 0 ? [] : mine(TWICE)];
  if (once.length + twice.length === 0) continue;
  const bench = await Bench.open(item);
  for (const way of once) {
    const result = nothing();
    const total = await requestsOf(bench, way.from, way.cuts[0]);
    for (let at = 1; at <= total; at += stride)
      for (const phase of ['before', 'after']) await point(bench, way, [{ at, phase }], result);
    report(titleOf(item, way), result, `(${Math.ceil(total / stride)} of ${total} requests)`);
  }
  const random = seededRandom(SEED);
  for (const way of twice) {
    const result = nothing();
    // the second command's own length, where the first was not broken off: it is seldom longer
    const totals = [];
    for (const [at, cut] of way.cuts.entries())
      totals.push(await requestsOf(bench, at === 0 ? way.from : cut.mode === 'destroy' ? 'old' : 'empty', cut));
    const square = totals.reduce((product, total) => product * 2 * total, 1);
    for (let tries = 0; tries < Math.min(pairs, square); tries++) {
      const lives = totals.map((total) => ({
        at: 1 + Math.floor(random.next() * total),
        phase: random.next() < 0.5 ? 'before' : 'after',
      }));
      await point(bench, way, lives, result);
    }
    report(titleOf(item, way), result, `(sampled: ${result.points} of ${square}, seed ${SEED})`);
  }
  await bench.emulator.close();
}
finish();
