/**
 * The crash matrix of a 20-connection apply and destroy, on both clouds and both Alibaba mechanisms; the whole of it (a
 * quarter of an hour) with `node packages/engine/bench/crashMatrix.mjs 1`, every 15th request otherwise. A run dies at one request, either before it is sent or when the
 * cloud has done it (whether the answer was still on its way makes no difference to a dead process); a plain re-run must
 * repair everything, and a destroy must leave nothing.
 */
import { accountId, networkId, Provider, Redactor, regionId, seededRandom, VirtualClock } from '@peerway/core';
import { alibaba } from '@peerway/alibaba';
import { baidu } from '@peerway/baidu';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { Engine } from '@peerway/engine';
import { figure, finish, ROOMY } from './_world.mjs';

const stride = Number(process.argv[2] ?? 15);
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
];

/** Twenty connections over fifteen networks; the last is another account's in another region. */
function connections({ more, across }) {
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
    stack: { name: 'crash', networks: world.networks, connections: connections(item), links: [] },
    clock: world.clock,
  });
  const plan = await engine.plan({ mode });
  return { plan, report: await engine.apply(plan, { force: true }) };
}

/** Peerings in the cloud by pair, read by a plan's own eyes. */
const planned = async (world, item, mode) =>
  new Engine({
    stack: { name: 'crash', networks: world.networks, connections: connections(item), links: [] },
    clock: world.clock,
  }).plan({ mode });

for (const item of CASES) {
  for (const mode of ['apply', 'destroy']) {
    const rehearsal = await open(item);
    if (mode === 'destroy') await apply(rehearsal, item, 'apply');
    const before = rehearsal.life.count;
    await apply(rehearsal, item, mode);
    const total = rehearsal.life.count - before;
    await rehearsal.close();
    const result = { points: 0, repaired: 0, duplicates: 0, orphans: 0 };
    for (let at = 1; at <= total; at += stride) {
      for (const phase of ['before', 'done']) {
        result.points++;
        const world = await open(item);
        if (mode === 'destroy') await apply(world, item, 'apply');
        Object.assign(world.life, { count: 0, at, phase });
        await apply(world, item, mode).catch(() => undefined);
        Object.assign(world.life, { count: 0, at: Infinity, dead: false });
        let why = '';
        try {
          const { report } = await apply(world, item, mode);
          const bad = report.steps.find((step) => step.outcome !== 'done');
          if (bad !== undefined) why = `${bad.step}: ${bad.error?.message ?? bad.because}`;
          const again = await planned(world, item, mode);
          if (again.steps.length > 0) why ||= `a second plan has ${again.steps[0].id}: ${again.steps[0].reason}`;
          result.duplicates += again.drift.filter((drift) => drift.kind === 'peering-duplicate').length;
          await apply(world, item, 'destroy');
          const left = await planned(world, item, 'destroy');
          result.orphans += left.steps.length;
          if (left.steps.length > 0) why ||= `left: ${left.steps[0].id}`;
        } catch (error) {
          why ||= String(error);
        }
        if (why === '') result.repaired++;
        else console.log(`  ${item.title} ${mode}, killed ${phase} request ${at} of ${total}: ${why}`);
        await world.close();
      }
    }
    const { points, repaired, duplicates, orphans } = result;
    figure(
      `${item.title} ${mode}: points ${points}, repaired`,
      `${repaired}, duplicates ${duplicates}, orphans ${orphans}`,
      'all, 0, 0',
      points === repaired && duplicates === 0 && orphans === 0,
    );
  }
}
finish();
