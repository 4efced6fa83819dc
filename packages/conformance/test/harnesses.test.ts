/** A harness that does not do what it is asked for must not pass for a green provider: each is broken in one member. */
import { describe, expect, it } from '@jest/globals';
import { seededRandom, type RouteTableId } from '@peerway/core';
import { runConformance, type CaseReport, type Harness, type Topic, type World } from '../src/index.js';
import { harness as good } from '../../provider-template/test/harness.js';

interface Broken {
  readonly name: string;
  readonly topics: readonly Topic[];
  world(good: World): Partial<World>;
  /** Why the kit cannot see it. */
  readonly passes?: string;
}

const HARNESSES: readonly Broken[] = [
  {
    name: 'makes networks of other prefixes',
    topics: ['lifecycle'],
    world: ({ addNetwork }) => ({
      addNetwork: (place, cidrs) => addNetwork?.(place, cidrs.slice(0, 1)) ?? ('' as never),
    }),
  },
  {
    name: 'makes networks in another place',
    topics: ['lifecycle'],
    world: ({ addNetwork }) => ({
      addNetwork: (place, cidrs) => addNetwork?.({ ...place, region: 1 }, cidrs) ?? ('' as never),
    }),
  },
  {
    name: 'makes no table',
    topics: ['routes'],
    world: () => ({ addTable: (_, network) => `tab-${network}` as RouteTableId }),
  },
  { name: 'forces no word', topics: ['words'], world: () => ({ forceWord: () => undefined }) },
  {
    name: 'spells nothing otherwise',
    topics: ['words'],
    world: () => ({ respell: () => undefined }),
    passes: 'what is read is canonical either way: only the backend knows how it wrote it',
  },
  { name: 'injects nothing', topics: ['faults', 'rights'], world: () => ({ inject: () => undefined }) },
  {
    name: 'lets a fault meet the first request',
    topics: ['faults'],
    world: ({ inject }) => ({ inject: ({ after: _, ...fault }) => inject?.(fault) }),
  },
  { name: 'plants no peerings', topics: ['paging'], world: () => ({ plantForeignPeerings: () => [] }) },
  { name: 'plants no route', topics: ['routes'], world: () => ({ plantForeignRoute: () => undefined }) },
  { name: 'removes no peering', topics: ['lifecycle'], world: () => ({ removePeering: () => undefined }) },
  { name: 'removes no route', topics: ['routes'], world: () => ({ removeRoute: () => undefined }) },
  { name: 'moves no time', topics: ['acceptance'], world: () => ({ advance: () => undefined }) },
  { name: 'logs no request', topics: ['readOnly'], world: () => ({ requests: () => [] }) },
  {
    name: 'calls every request a reading one',
    topics: ['readOnly'],
    world: ({ requests }) => ({ requests: () => requests().map((one) => ({ ...one, mutating: false })) }),
  },
  {
    name: 'lets everybody in',
    topics: ['errors'],
    world: ({ driver }) => ({ driver: (place, setup) => driver(place, { ...setup, login: 'right' }) }),
  },
  {
    name: 'draws other numbers than it is given',
    topics: ['idempotency'],
    world: ({ driver }) => ({ driver: (place, setup) => driver(place, { ...setup, random: seededRandom(9) }) }),
    passes: 'a driver that draws by itself is free to; the kit gives the numbers so that a run can be repeated',
  },
];

async function failuresOf(harness: Harness, topics: readonly Topic[]): Promise<readonly CaseReport[]> {
  const bodies: (() => void | Promise<void>)[] = [];
  const failures: CaseReport[] = [];
  runConformance({ describe: (_, body) => body(), it: (_, body) => bodies.push(body) }, harness, {
    topics,
    print: () => undefined,
    onCase: (report) => {
      if (report.outcome === 'failed') failures.push(report);
    },
  });
  for (const body of bodies) await Promise.resolve(body()).catch(() => undefined);
  return failures;
}

describe('the kit against broken harnesses', () => {
  it.each(HARNESSES.map((one) => [one.name, one] as const))(
    'a harness that %s',
    async (_, { topics, world, passes }) => {
      const harness: Harness = {
        ...good,
        async open(plugin) {
          const opened = await good.open(plugin);
          return { ...opened, ...world(opened) };
        },
      };
      const failures = await failuresOf(harness, topics);
      expect(failures.length > 0).toBe(passes === undefined);
    },
  );
});
