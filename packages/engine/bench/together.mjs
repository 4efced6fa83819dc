/**
 * Stacks of one process that meet in the same networks: 15 stacks of 20 connections over 40 shared networks, each stack with
 * providers of its own, all planned and applied at once, on the emulator with its documented rules. No refusal may be of our own
 * making, and they ask as one.
 *
 * `node packages/engine/bench/together.mjs [--verbose] [alibaba|baidu|both…]`; --verbose prints the requests by operation.
 */
import { seededRandom } from '@peerway/core';
import { countByOperation } from '@peerway/emulator';
import { figure, finish, openWorld } from './_world.mjs';

const STACKS = 15;
const EACH = 20;
const NETWORKS = 40;
const REGION = { alibaba: 'cn-hangzhou', baidu: 'bj' };
/** Where the networks of a scenario are, the same number in each place. */
const SCENARIOS = {
  alibaba: [{ cloud: 'alibaba', who: 'a' }],
  baidu: [{ cloud: 'baidu', who: 'a' }],
  both: [
    { cloud: 'alibaba', who: 'a' },
    { cloud: 'alibaba', who: 'b' },
    { cloud: 'baidu', who: 'a' },
    { cloud: 'baidu', who: 'b' },
  ],
};
/** Measured before, with 4 accounts of both clouds. */
const BEFORE = 'plan and apply of engines that shared nothing: 18,170, 651 of them refused';

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

/** Runs all stacks and prints what they asked and what was refused. */
async function together(world, what, work) {
  const started = world.clock.now();
  const before = world.emulator.requests.length;
  const cpu = process.cpuUsage();
  const failed = (await work()).flatMap(({ steps }) => steps.filter(({ outcome }) => outcome !== 'done'));
  if (failed.length > 0) throw new Error(`${what}: ${failed.length} steps failed: ${JSON.stringify(failed[0])}`);
  const requests = world.emulator.requests.slice(before);
  const seconds = (world.clock.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  // a passing dry run is an error code on the wire
  const refused = requests.filter(({ code }) => code !== undefined && code !== 'DryRunOperation');
  const scene = `${STACKS} stacks of ${EACH} connections on ${NETWORKS} networks`;
  figure(`${what}, ${scene}: requests refused`, refused.length, '0', refused.length === 0);
  const note = `${seconds.toFixed(0)} s of the clouds' time, ${((user + system) / 1e6).toFixed(1)} s of ours and the emulator's; ${BEFORE}`;
  figure(`${what}: requests`, requests.length, '≤ 9000', requests.length <= 9_000, note);
  if (!process.argv.includes('--verbose')) return;
  const counted = (list) =>
    Object.entries(countByOperation(list))
      .sort(([, a], [, b]) => b - a)
      .map(([operation, count]) => `${operation} ${count}`)
      .join(', ');
  console.log(`    ${counted(requests)}`);
  if (refused.length > 0)
    console.log(`    refused: ${counted(refused)}, ${[...new Set(refused.map(({ code }) => code))].join(', ')}`);
}

async function run(name, places) {
  const world = await openWorld();
  const random = seededRandom(18);
  const per = NETWORKS / places.length;
  const networks = places.flatMap(({ cloud, who }, at) =>
    [...world.networks(cloud, who, REGION[cloud], per, undefined, at * per)].map(([label, { id }]) => ({
      name: label,
      id,
      cloud,
      who,
    })),
  );
  const pairs = draw(random, networks);
  const engines = [];
  for (let stack = 0; stack < STACKS; stack++) {
    const mine = pairs.slice(stack * EACH, (stack + 1) * EACH);
    const providers = new Map();
    const declared = new Map();
    for (const { name: label, id, cloud, who } of mine.flat()) {
      const key = `${cloud} ${who}`;
      if (!providers.has(key)) providers.set(key, await world.provider(cloud, who, REGION[cloud]));
      declared.set(label, { provider: providers.get(key), id });
    }
    const connections = mine.map(([one, other], at) => ({
      name: `c${at}`,
      kind: 'pair',
      between: [one.name, other.name],
      routes: 'auto',
      peering: one.cloud === 'baidu' ? { bandwidthMbps: 10 } : {},
    }));
    engines.push(world.engine({ name: `stack${stack}`, networks: declared, connections }));
  }
  const plansAfter = () => Promise.all(engines.map((engine) => engine.plan()));
  await together(world, `${name}: plan and apply`, () =>
    Promise.all(engines.map(async (engine) => engine.apply(await engine.plan(), { force: true }))),
  );
  if ((await plansAfter()).some(({ steps }) => steps.length > 0))
    throw new Error(`${name}: a plan afterwards is not empty`);
  await together(world, `${name}: plan and destroy`, () =>
    Promise.all(engines.map(async (engine) => engine.apply(await engine.plan({ mode: 'destroy' }), { force: true }))),
  );
  await world.close();
}

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
for (const [name, places] of Object.entries(SCENARIOS))
  if (wanted.length === 0 || wanted.includes(name)) await run(name, places);
finish();
