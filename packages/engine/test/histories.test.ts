/**
 * Any world, any declaration: random histories of edits, changes by hand, broken-off commands and time, on both clouds. The seed is
 * printed with a failure and shrinks. `node packages/engine/bench/histories.mjs 10000` runs many more.
 */
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseCidr } from '@peerway/core';
import type { CloudName } from './emulated.js';
import type { Edit, FileConnection, FileLink } from './histories/file.js';
import { MANUAL_CHANGES } from './histories/manualChanges.js';
import { History, type Histogram, type Step } from './histories/walk.js';
import { HistoryWorld, NETWORKS, type Cut, type NetworkName, type Scenario } from './histories/world.js';

const RUNS = Number(process.env['PEERWAY_HISTORIES'] ?? 15);
const SEED = Number(process.env['PEERWAY_SEED'] ?? 20_261_126);

const network = fc.constantFrom<NetworkName>(...NETWORKS);
const pair = fc
  .uniqueArray(network, { minLength: 2, maxLength: 2 })
  .map(([a, b]) => [a, b] as [NetworkName, NetworkName]);
const tags = fc.constantFrom<Record<string, string>>(
  {},
  { team: 'net' },
  { team: 'core', cost: '7' },
  { Umlaut: 'größe' },
);
const routes = fc.constantFrom<FileConnection['routes']>(
  'auto',
  'auto',
  'none',
  [parseCidr('11.3.128.0/20')],
  [parseCidr('11.1.7.0/24')],
);
const name = fc.constantFrom('web', 'Web', 'web2', 'core.x');
const at = fc.nat(7);

const connection: fc.Arbitrary<FileConnection> = fc.record(
  {
    name,
    between: pair,
    mechanism: fc.constantFrom('vpc-peer', 'router-interface'),
    bandwidthMbps: fc.constantFrom(10, 20),
    tags,
    routes,
  },
  { requiredKeys: ['name', 'between', 'tags', 'routes'] },
);
const link: fc.Arbitrary<FileLink> = fc.record({
  name: fc.constantFrom('idc', 'line'),
  vlan: fc.constantFrom(30, 31),
  bandwidthMbps: fc.constantFrom(10, 20),
  tags,
  destinations: fc.constantFrom(['192.168.0.0/16'], ['192.168.0.0/17', '172.16.0.0/12']),
});
const edits: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: connection.map((one) => ({ kind: 'add', connection: one }) as const) },
  at.map((one) => ({ kind: 'remove', at: one }) as const),
  fc.record({ kind: fc.constant('rename' as const), at, name }),
  fc.record({ kind: fc.constant('tags' as const), at, tags }),
  fc.record({ kind: fc.constant('bandwidth' as const), at, mbps: fc.constantFrom(10, 20, 50) }),
  fc.record({ kind: fc.constant('routes' as const), at, routes }),
  fc.record({
    kind: fc.constant('mechanism' as const),
    at,
    mechanism: fc.constantFrom('vpc-peer', 'router-interface'),
  }),
  fc.boolean().map((named) => ({ kind: 'table', named }) as const),
  fc.constantFrom({}, { linkType: 'Platinum' }).map((options) => ({ kind: 'options', options }) as const),
  fc.boolean().map((stay) => ({ kind: 'entries', stay }) as const),
  network.map((one) => ({ kind: 'leave', network: one }) as const),
  network.map((one) => ({ kind: 'return', network: one }) as const),
  { weight: 2, arbitrary: fc.option(link, { nil: undefined }).map((one) => ({ kind: 'link', link: one }) as const) },
);
const cut: fc.Arbitrary<Cut> = fc.record({
  at: fc.integer({ min: 1, max: 40 }),
  phase: fc.constantFrom('before', 'done'),
});
const steps = (cloud: CloudName): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      { weight: 6, arbitrary: edits.map((edit): Step => ({ kind: 'edit', edit })) },
      {
        weight: 4,
        arbitrary: fc
          .record({ kind: fc.constantFrom(...MANUAL_CHANGES[cloud]), at })
          .map((hand): Step => ({ kind: 'hand', hand: hand })),
      },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('apply' as const), cut }, { requiredKeys: ['kind'] }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('destroy' as const), cut }, { requiredKeys: ['kind'] }) },
      {
        weight: 2,
        arbitrary: fc.record(
          { kind: fc.constantFrom('adopt' as const, 'release' as const), at, cut },
          { requiredKeys: ['kind', 'at'] },
        ),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(3_000, 60_000, 8 * 24 * 3_600_000).map((ms): Step => ({ kind: 'time', ms })),
      },
    ),
    { minLength: 1, maxLength: 7 },
  );
interface Drawn {
  readonly scenario: Scenario;
  readonly first: FileConnection;
  readonly line: FileLink | undefined;
  /** True: all of it is applied before the first step, so that there is something for changes by hand and edits to meet. */
  readonly settled: boolean;
  readonly steps: readonly Step[];
}
const history = (cloud: CloudName): fc.Arbitrary<Drawn> =>
  fc.record({
    scenario: fc.record({
      cloud: fc.constant(cloud),
      dualStack: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      tables: fc.boolean(),
      prefixList: fc.boolean(),
    }),
    first: connection,
    line: fc.option(link, { nil: undefined }),
    settled: fc.nat(3).map((one) => one > 0),
    steps: steps(cloud),
  });

/** One history from start to end. @throws Error that says what did not hold */
async function live(world: HistoryWorld, histogram: Histogram, drawn: Drawn): Promise<void> {
  await world.open(drawn.scenario);
  const walk = new History(world, histogram);
  await walk.take({ kind: 'edit', edit: { kind: 'add', connection: drawn.first } });
  await walk.take({ kind: 'edit', edit: { kind: 'link', link: drawn.line } });
  if (drawn.settled) await walk.take({ kind: 'apply' });
  for (const step of drawn.steps) await walk.take(step);
  await walk.end();
  expect(world.emulator.crashes).toEqual([]);
}

/** Kinds of failure with their number and the shortest history of each, for whoever corrects them. */
async function survey(world: HistoryWorld, histogram: Histogram, cloud: CloudName): Promise<string> {
  const kinds = new Map<string, { count: number; shortest: string }>();
  for (const drawn of fc.sample(history(cloud), { seed: SEED, numRuns: RUNS })) {
    try {
      await live(world, histogram, drawn);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const kind = message.replace(/"[^"]*"|\b[a-z]+-[a-z0-9]{8,}\b|\d+(\.\d+)*(\/\d+)?/g, '…').slice(0, 160);
      const text = `${message.slice(0, 300)}\n    ${JSON.stringify(drawn)}`;
      const known = kinds.get(kind);
      kinds.set(kind, {
        count: (known?.count ?? 0) + 1,
        shortest: known === undefined || text.length < known.shortest.length ? text : known.shortest,
      });
    }
  }
  const sorted = [...kinds.values()].sort((a, b) => b.count - a.count);
  const failed = sorted.reduce((sum, { count }) => sum + count, 0);
  return `${cloud}: ${failed} of ${RUNS} histories fail\n${sorted.map(({ count, shortest }) => `${count} × ${shortest}`).join('\n')}`;
}

const only = process.env['PEERWAY_CLOUD'];
if (RUNS === 0) process.stdout.write('histories: skipped, PEERWAY_HISTORIES says how many are wanted\n');
const asked = (['alibaba', 'baidu'] as const).filter((cloud) => only === undefined || only === cloud);
(RUNS === 0 ? describe.skip : describe).each(asked)('histories on %s', (cloud) => {
  const histogram: Histogram = new Map();
  let world: HistoryWorld | undefined;
  afterAll(async () => {
    await world?.close();
    const counts = [...histogram].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, count]) => `${what} ${count}`);
    process.stdout.write(`${cloud}: ${counts.join(', ')}\n`);
  });

  it('converge, or plan says what stands in the way and its remedies clear it; a destroy leaves nothing', async () => {
    world = await HistoryWorld.start(cloud);
    const opened = world;
    const replay = process.env['PEERWAY_REPLAY'];
    if (replay !== undefined) return live(opened, histogram, JSON.parse(replay) as Drawn);
    if (process.env['PEERWAY_SURVEY'] === '1') {
      process.stdout.write(`${await survey(opened, histogram, cloud)}\n`);
      return;
    }
    await fc.assert(
      fc.asyncProperty(history(cloud), (drawn) => live(opened, histogram, drawn)),
      { seed: SEED, numRuns: RUNS },
    );
  }, 3_600_000);
});
