/**
 * Random topologies through the adapters on the emulator: `node packages/engine/bench/topologies.mjs [count] [alibaba|baidu]`,
 * 100 of them unless told otherwise. Names, orders, prefixes and their spellings vary. Each is applied, planned again (must be
 * empty), half of them with faults on the way, then destroyed, a third of them while one side has already begun to take a
 * peering away by hand. What is left is counted in the cloud, not by our own plan.
 */
import { performance } from 'node:perf_hooks';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { canonicalCidr, isPeerwayError, networkId, seededRandom } from '@peerway/core';
import { figure, finish, openWorld } from './_world.mjs';

const runs = Number(process.argv[2] ?? 100);
const clouds = process.argv[3] === undefined ? ['alibaba', 'baidu'] : [process.argv[3]];
const SEED = 20_261_120;

function spec(random, cloud, names) {
  const pick = (items) => items[Math.floor(random.next() * items.length)];
  const more =
    cloud === 'baidu' ? { bandwidthMbps: 10 } : random.next() < 0.25 ? { mechanism: 'router-interface' } : {};
  const shuffled = [...names].sort(() => random.next() - 0.5);
  const split = 1 + Math.floor(random.next() * (names.length - 1));
  const connections = [];
  if (split >= 2)
    connections.push({
      name: pick(['all', 'Mesh-1', 'm.2']),
      kind: 'mesh',
      members: shuffled.slice(0, split),
      routes: 'auto',
      peering: more,
    });
  connections.push({
    name: 'hub',
    kind: 'hub',
    hub: shuffled[0],
    spokes: shuffled.slice(split),
    routes: pick(['auto', 'none', partOf(shuffled[0], random)]),
    peering: more,
  });
  return connections;
}

/** A list with one part of a network's prefix, spelled as people do: with host bits, which the config reader would refuse. */
function partOf(name, random) {
  const byte = () => Math.floor(random.next() * 256);
  return [canonicalCidr(`11.${name.slice(1)}.${byte()}.${byte()}/${17 + Math.floor(random.next() * 8)}`)];
}

const all = async (iterable) => {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
};

/** Routes and peerings that stand in the cloud, whoever made them. */
async function standing(ids) {
  const providers = new Set([...ids.values()].map(({ provider }) => provider));
  const peerings = [];
  for (const provider of providers)
    for (const peering of await all(provider.peerings.list())) peerings.push({ provider, peering });
  const routes = [];
  for (const { provider, id } of ids.values())
    for (const table of await provider.routes.tables(id))
      for (const route of table.routes ?? (await all(provider.routes.list(id, table.id))))
        if (route.origin === 'custom') routes.push({ provider, route });
  return { peerings, routes };
}

/** Somebody takes the routes of one peering away and begins to end it from either side, without waiting. */
async function beginByHand(ids, random) {
  const { peerings, routes } = await standing(ids);
  const chosen = peerings[Math.floor(random.next() * peerings.length)];
  if (chosen === undefined) return;
  const { provider, peering } = chosen;
  const hops = new Set([peering.initiator.nextHop?.id, peering.acceptor.nextHop?.id]);
  for (const one of routes) if (hops.has(one.route.nextHop.id)) await one.provider.routes.delete(one.route);
  const side = random.next() < 0.5 ? 'initiator' : 'acceptor';
  await provider.peerings.requestDelete(peering.id, { side }).catch((error) => {
    // some clouds let only one side end it, and the other account's routes may still be on their way out
    if (!isPeerwayError(error)) throw error;
  });
}

for (const cloud of clouds) {
  const regions = DEFAULT_WORLD[cloud].regions;
  const totals = { conflicts: 0, full: 0, orphans: 0, failed: 0, converged: 0, faulty: 0 };
  const startedAt = performance.now();
  const perWorld = 25;
  for (let run = 0; run < runs;) {
    const world = await openWorld({ seed: SEED + run });
    const near = await world.provider(cloud, 'a', regions[0]);
    const away = await world.provider(cloud, 'b', regions[1]);
    const ids = new Map();
    for (let at = 0; at < 6; at++) {
      const [provider, who, region] = at < 4 ? [near, 'a', regions[0]] : [away, 'b', regions[1]];
      const account = DEFAULT_WORLD[cloud].accounts[who].id;
      const seeded = world.emulator.world.network({
        cloud,
        account,
        region,
        cidrs: at % 2 === 0 ? [`11.${at}.0.0/16`] : [`11.${at}.0.0/16`, `12.${at}.16.0/20`],
        name: `n${at}`,
      });
      ids.set(`n${at}`, { provider, id: networkId(seeded.id) });
    }
    for (let inWorld = 0; inWorld < perWorld && run < runs; inWorld++, run++) {
      const random = seededRandom(SEED + run);
      const names = [...ids.keys()].slice(0, 3 + Math.floor(random.next() * 4)).sort(() => random.next() - 0.5);
      const stack = {
        name: `s${run}`,
        networks: new Map(names.map((name) => [name, ids.get(name)])),
        connections: spec(random, cloud, names),
      };
      const engine = () => world.engine(stack);
      const apply = async (mode) => {
        const one = engine();
        return one.apply(await one.plan({ mode }), { force: true });
      };
      const from = world.emulator.requests.length;
      const faulty = run % 2 === 1;
      if (faulty) {
        totals.faulty++;
        const kind = ['error', 'lost-answer', 'reset', 'throttle', 'truncate'][run % 5];
        world.emulator.faults.add({ kind, probability: 0.05 });
        await apply('apply').catch(() => undefined);
        world.emulator.faults.clear();
      }
      const report = await apply('apply');
      if (report.outcome !== 'done') {
        totals.failed++;
        console.log(`seed ${SEED + run}: ${JSON.stringify(report.steps.find((step) => step.outcome === 'failed'))}`);
      }
      const plan = await engine().plan();
      if (plan.steps.length > 0) {
        totals.full++;
        console.log(`seed ${SEED + run}: ${plan.steps[0].id}: ${plan.steps[0].reason}`);
      } else totals.converged++;
      if (!faulty)
        totals.conflicts += world.emulator.requests.slice(from).filter((request) => request.code !== undefined).length;
      if (run % 3 === 2) await beginByHand(ids, random);
      await apply('destroy');
      const left = await standing(ids);
      totals.orphans += left.peerings.length + left.routes.length;
    }
    await world.close();
  }
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  figure(
    `${cloud}: random topologies whose second plan is empty`,
    `${totals.converged} of ${runs}`,
    'all',
    totals.converged === runs,
    `${totals.faulty} of them with faults; ${seconds} s, seed ${SEED}`,
  );
  figure(`${cloud}: applies with a failed step`, totals.failed, '0', totals.failed === 0);
  figure(`${cloud}: requests refused in runs without faults`, totals.conflicts, '0', totals.conflicts === 0);
  figure(`${cloud}: objects left after the destroys`, totals.orphans, '0', totals.orphans === 0);
}
finish();
