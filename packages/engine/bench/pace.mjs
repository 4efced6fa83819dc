/** What needs no cloud: a plan of 10,000 connections in memory, the delay until a change is seen, conflicts of 1,000 random topologies. */
import { planTime } from './_memory.mjs';
import { figure, finish, openWorld } from './_world.mjs';

const fresh = await planTime(10_000, false);
figure(
  'plan of 10,000 connections, nothing there yet',
  `${fresh.ms.toFixed(0)} ms, ${fresh.steps} steps`,
  '≤ 1,000 ms',
  fresh.ms <= 1_000 && fresh.steps === 30_000,
);
const settled = await planTime(10_000, true);
figure(
  'plan of 10,000 connections, everything there',
  `${settled.ms.toFixed(0)} ms, ${settled.steps} steps`,
  '≤ 1,000 ms',
  settled.ms <= 1_000 && settled.steps === 0,
);
const memoryMb = process.memoryUsage().heapUsed / 1_048_576;
figure('heap after both plans', `${memoryMb.toFixed(0)} MB`, '≤ 400 MB', memoryMb <= 400);

// ---- a change in the cloud until a step that waits for it goes on: the emulator's own transitions against our events
const world = await openWorld();
// slower than the engine's first guess, and never twice the same
world.emulator.setProfile({ scale: 1.3, jitter: 0.3, staleReads: { probability: 0, ms: 0 } });
const provider = await world.provider('alibaba', 'a', 'cn-hangzhou');
const count = 12;
const networks = world.networks('alibaba', 'a', 'cn-hangzhou', count, provider);
const delays = [];
const seenAt = new Map();
const engine = world.engine(
  {
    name: 'bench',
    networks,
    connections: [{ name: 'all', kind: 'mesh', members: [...networks.keys()], routes: 'auto', peering: {} }],
  },
  (event) => {
    if (event.type === 'step.done' && event.step.id.startsWith('peering ')) seenAt.set(event.step.connection, event.at);
  },
);
await engine.apply(await engine.plan(), { force: true });
const activeAt = world.emulator.transitions
  .filter((one) => JSON.stringify(one).includes('Activated'))
  .map((one) => one.at)
  .sort((a, b) => a - b);
const seen = [...seenAt.values()].sort((a, b) => a - b);
for (const [at, changed] of activeAt.entries()) if (seen[at] !== undefined) delays.push(seen[at] - changed);
delays.sort((a, b) => a - b);
const p95 = delays[Math.floor(delays.length * 0.95)] ?? Infinity;
figure(
  'from a change in the cloud to our seeing it, p95',
  `${p95.toFixed(0)} ms over ${delays.length}`,
  '≤ 1,000 ms',
  delays.length === (count * (count - 1)) / 2 && p95 <= 1_000,
);
await world.close();
finish();
