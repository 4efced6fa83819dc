/** Calls, makespan and conflicts of real runs, from the emulator's own request log: one connection, a mesh of 20, a hub with 50 spokes. */
import { figure, finish, openWorld } from './_world.mjs';

const pair = (name, between, more = {}) => ({ name, kind: 'pair', between, routes: 'auto', peering: more });
const MARKET = {
  alibaba: { region: 'cn-hangzhou', more: {}, terraform: { one: 13, mesh: 2_470, hub: 650 } },
  baidu: { region: 'bj', more: { bandwidthMbps: 10 }, terraform: { one: 10, mesh: 1_900, hub: 500 } },
};

/** Answers that say that our own requests got in each other's way. */
const conflictsIn = (requests) =>
  requests.filter(
    ({ code }) => code !== undefined && /conflict|busy|incorrect.*status|operationdenied|throttl/i.test(code),
  );

async function run(cloud, count, connections, options = {}) {
  const world = await openWorld();
  const { region } = MARKET[cloud];
  const provider = await world.provider(cloud, 'a', region);
  const networks = world.networks(cloud, 'a', region, count, provider);
  const engine = world.engine({ name: 'bench', networks, connections });
  const plan = await engine.plan();
  const planned = world.emulator.requests.length;
  const start = world.clock.now();
  const report = await engine.apply(plan, { force: true });
  const failed = report.steps.filter((step) => step.outcome !== 'done');
  if (failed.length > 0) throw new Error(`${cloud}: ${JSON.stringify(failed[0])}`);
  const requests = [...world.emulator.requests];
  const active = world.emulator.transitions.filter((one) =>
    /vpcpeer|peerconn/i.test(one.machine ?? one.lifecycle ?? one.table ?? ''),
  );
  const result = {
    planned,
    applied: requests.length - planned,
    conflicts: conflictsIn(requests).length,
    elapsedMs: world.clock.now() - start,
    mutations: requests.filter((request) => request.mutating).length,
    byOperation: requests.reduce(
      (counts, { operation }) => ({ ...counts, [operation]: (counts[operation] ?? 0) + 1 }),
      {},
    ),
    active,
    requests,
    start,
  };
  const again = await engine.plan();
  if (again.steps.length > 0) throw new Error(`${cloud}: the second plan is not empty`);
  await world.close();
  if (options.verbose) console.log(JSON.stringify(result.byOperation));
  return result;
}

const verbose = process.argv.includes('--verbose');
for (const cloud of ['alibaba', 'baidu']) {
  const { more, terraform } = MARKET[cloud];
  const one = await run(cloud, 2, [pair('c', ['n0', 'n1'], more)], { verbose });
  figure(
    `${cloud}: calls to create one connection with a route on each side, waits included`,
    one.applied,
    cloud === 'alibaba' ? '≤ 7' : '< 10',
    one.applied <= (cloud === 'alibaba' ? 7 : 9),
    `plan ${one.planned}; Terraform ${terraform.one}`,
  );

  const members = Array.from({ length: 20 }, (_, at) => `n${at}`);
  const mesh = await run(cloud, 20, [{ name: 'all', kind: 'mesh', members, routes: 'auto', peering: more }], {
    verbose,
  });
  const total = mesh.planned + mesh.applied;
  const bound = cloud === 'alibaba' ? 450 : terraform.mesh / 2;
  figure(
    `${cloud}: calls, plan + apply, mesh of 20 (190 peerings, 380 routes)`,
    total,
    `≤ ${bound}`,
    total <= bound,
    `Terraform ${terraform.mesh}`,
  );
  figure(`${cloud}: conflicts provoked by the mesh`, mesh.conflicts, '0', mesh.conflicts === 0);
  if (cloud === 'alibaba') {
    const creations = mesh.requests.filter(({ operation }) => operation === 'CreateVpcPeerConnection');
    const createMs = 4_000; // the emulator's documented profile, delays.ts
    const first = creations[0].at;
    const last = creations.at(-1).at;
    const makespan = (last - first) / createMs + 1;
    figure(
      'alibaba: makespan of the mesh, in create times',
      makespan.toFixed(2),
      '≤ 20 (largest degree + 1)',
      makespan <= 20,
      'a global lock: 190',
    );
  }

  const spokes = Array.from({ length: 50 }, (_, at) => `n${at + 1}`);
  const hub = await run(cloud, 51, [{ name: 'core', kind: 'hub', hub: 'n0', spokes, routes: 'auto', peering: more }], {
    verbose,
  });
  const hubTotal = hub.planned + hub.applied;
  const hubBound = cloud === 'alibaba' ? 300 : 400;
  figure(
    `${cloud}: calls, plan + apply, hub with 50 spokes`,
    hubTotal,
    `≤ ${hubBound}`,
    hubTotal <= hubBound,
    `Terraform ${terraform.hub}`,
  );
  figure(`${cloud}: conflicts provoked by the hub`, hub.conflicts, '0', hub.conflicts === 0);
}
finish();
