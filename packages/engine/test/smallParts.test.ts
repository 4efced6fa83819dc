/** Small parts of an apply that are pure: when to look next, who has which places, what is counted, tokens, colours of edges. */
import { describe, expect, it } from '@jest/globals';
import { networkId, PeerwayError, routeTableId, seededRandom, type ErrorCode, type Provider } from '@peerway/core';
import { colourEdges, type GraphEdge } from '../src/apply/edgeColouring.js';
import { stepToken } from '../src/apply/token.js';
import { PlaceQueue, type PlaceTicket } from '../src/pacing/placeQueue.js';
import { firstLookMs, PollTiming } from '../src/pacing/pollTiming.js';
import { RequestCounts } from '../src/pacing/requestCounts.js';
import { askingOnce } from '../src/world/accounts.js';
import { readTables } from '../src/world/readTables.js';
import { FakeCloud } from './fakeCloud.js';

describe('when to look next', () => {
  /** Each as `learn` takes it: not yet at, seen at. */
  type Learned = readonly (readonly [number | undefined, number])[];
  const taught = (learned: Learned): PollTiming => {
    const timing = new PollTiming();
    for (const [notYet, seen] of learned) timing.learn('k', notYet, seen);
    return timing;
  };

  it.each<readonly [string, Learned, number | undefined, number]>([
    ['nothing is known', [], undefined, 4_000],
    ['nothing is known, and it was not done', [], 4_000, 4_900],
    ['it takes minutes', [], 179_999, 180_899],
    ['it takes more than three minutes', [], 180_000, 183_000],
    ['the first look showed it: half a step before that', [[undefined, 4_000]], undefined, 3_550],
    ['the first look showed it at once', [[undefined, 500]], undefined, 250],
    ['the first look showed it before that half', [[undefined, 400]], undefined, 400],
    ['it lies between two looks: between them', [[4_000, 4_900]], undefined, 4_450],
    ['the half was too early: where it was seen', [[4_000, 4_900]], 4_450, 4_900],
    ['where it was seen it is not yet: on from there', [[4_000, 4_900]], 4_900, 5_800],
    ['it lies between two looks that are near: the later one', [[4_450, 4_900]], undefined, 4_900],
    [
      'the looks narrow it: the latest not yet, the earliest seen',
      [
        [4_000, 4_900],
        [3_900, 4_700],
      ],
      undefined,
      4_350,
    ],
    [
      'it differs a little: the first after the latest not yet',
      [
        [4_000, 4_900],
        [4_900, 5_800],
      ],
      undefined,
      5_350,
    ],
    [
      'it differs: from the earliest on',
      [
        [4_000, 4_900],
        [8_000, 8_900],
      ],
      undefined,
      4_000,
    ],
    [
      'it differs, one at the first look: a step before the earliest',
      [
        [undefined, 4_900],
        [8_000, 8_900],
      ],
      undefined,
      4_000,
    ],
    [
      'it differs, one at once: not before it began',
      [
        [undefined, 100],
        [8_000, 8_900],
      ],
      undefined,
      0,
    ],
    [
      'it differs: at an even pace',
      [
        [4_000, 4_900],
        [8_000, 8_900],
      ],
      4_000,
      4_900,
    ],
  ])('%s', (_, learned, lookedAt, next) => {
    expect(taught(learned).nextLook('k', lookedAt, 4_000)).toBe(next);
  });

  it.each<readonly [string, Learned, number | undefined, number]>([
    ['at first where nothing is known', [], undefined, 4_000],
    ['where it was seen', [[4_000, 4_900]], undefined, 4_900],
    ['and at an even pace from there', [[4_000, 4_900]], 4_900, 5_800],
  ])('patiently, nothing is tried out: %s', (_, learned, lookedAt, next) => {
    expect(taught(learned).nextLook('k', lookedAt, 4_000, true)).toBe(next);
  });

  it('tells how much longer it should take by the longest of the last twelve, and of each kind by itself', () => {
    const timing = taught([
      [undefined, 9_000],
      ...Array.from({ length: 11 }, (): readonly [undefined, number] => [undefined, 5_000]),
    ]);
    expect([timing.etaMs('k', 0), timing.etaMs('k', 1_000), timing.etaMs('k', 9_001)]).toEqual([9_000, 8_000, 0]);
    timing.learn('k', undefined, 5_000);
    expect([timing.etaMs('k', 0), timing.etaMs('other', 0)]).toEqual([5_000, undefined]);
  });

  it.each([
    ['missing', 0, 0],
    ['continue', 2_000, 7_000],
    ['started', 2_000, 9_000],
  ] as const)('what is deleted and %s is looked for first after so long', (step, plain, paced) => {
    expect([firstLookMs(step, undefined), firstLookMs(step, { takeDown: 7_000, delete: 9_000 })]).toEqual([
      plain,
      paced,
    ]);
  });
});

describe('places', () => {
  const ticket = (id: string, ...wishes: readonly (readonly [string, number])[]): PlaceTicket => ({
    id,
    wishes: wishes.map(([name, limit]) => ({ name, limit })),
  });

  it('go to as many as there are, in the order of asking, and to the next when one comes back', () => {
    const queue = new PlaceQueue();
    expect(['a', 'b', 'c', 'd'].map((id) => queue.ask(ticket(id, ['x', 2])))).toEqual([['a'], ['b'], [], []]);
    expect([queue.holds('b'), queue.holds('c')]).toEqual([true, false]);
    expect(queue.giveBack('a')).toEqual(['c']);
    expect(queue.giveBack('a')).toEqual([]);
    expect(queue.giveBack('d')).toEqual([]);
    expect(queue.state).toEqual({ held: [ticket('b', ['x', 2]), ticket('c', ['x', 2])], waiting: [] });
  });

  it('are all had or none, and who asks later passes nobody where both want the same', () => {
    const queue = new PlaceQueue();
    expect(queue.ask(ticket('a', ['x', 1]))).toEqual(['a']);
    expect(queue.ask(ticket('both', ['x', 1], ['y', 1]))).toEqual([]);
    expect(queue.ask(ticket('late', ['y', 1]))).toEqual([]);
    expect(queue.ask(ticket('else', ['z', 1]))).toEqual(['else']);
    expect(queue.giveBack('both')).toEqual(['late']);
    expect(new PlaceQueue(queue.state).state).toEqual(queue.state);
    expect(new PlaceQueue(queue.state).ask(ticket('more', ['x', 1]))).toEqual([]);
  });

  it('are asked for once by one ticket', () => {
    const queue = new PlaceQueue();
    expect(queue.ask(ticket('a', ['x', 1]))).toEqual(['a']);
    expect([
      queue.ask(ticket('a', ['y', 1])),
      queue.ask(ticket('b', ['x', 1])),
      queue.ask(ticket('b', ['z', 1])),
    ]).toEqual([...[[], [], []]]);
    expect(queue.state).toEqual({ held: [ticket('a', ['x', 1])], waiting: [ticket('b', ['x', 1])] });
  });
});

describe('requests', () => {
  it('are counted by entry, with what they waited and how they were refused, until they are taken', () => {
    const counts = new RequestCounts();
    const { requestSent, requestWaited, callFailed } = counts.observer('a');
    const call = {} as never;
    requestSent?.(call, {} as never);
    requestSent?.(call, {} as never);
    for (const ms of [30, 12]) requestWaited?.(call, {} as never, ms);
    for (const code of ['Throttled', 'Conflict', 'Conflict', 'NotFound'] as const)
      callFailed?.(call, new PeerwayError(code, 'no'));
    counts.observer('b').requestSent?.(call, {} as never);
    expect(Object.fromEntries(counts.take())).toEqual({
      a: { sent: 2, waited: 2, waitedMs: 42, throttled: 1, conflicts: 2 },
      b: { sent: 1, waited: 0, waitedMs: 0, throttled: 0, conflicts: 0 },
    });
    expect([...counts.take()]).toEqual([]);
  });
});

it('a token is the name-based UUID of its run and its step (vectors by Python’s uuid.uuid5)', () => {
  expect([
    stepToken('run-1', 'peering web-data create'),
    stepToken('run-3', 'peering web-data create'),
    stepToken('run-1', 'route a b create'),
  ]).toEqual([
    'c2d7b463-73d1-5cc5-ae8b-fee2c245b62c',
    'ce8ae061-e830-542f-bb60-b5b5bd885667',
    'f58aa839-ca89-566d-876d-84a973cb09ff',
  ]);
});

describe('colours of edges', () => {
  const mesh = (n: number): GraphEdge[] => {
    const edges: GraphEdge[] = [];
    for (let a = 0; a < n; a++) for (let b = a + 1; b < n; b++) edges.push([`n${a}`, `n${b}`]);
    return edges;
  };
  const degreeOf = (edges: readonly GraphEdge[]): number => {
    const degrees = new Map<string, number>();
    for (const end of edges.flat()) degrees.set(end, (degrees.get(end) ?? 0) + 1);
    return Math.max(0, ...degrees.values());
  };
  /** @returns how many there are; none is left out, and no two edges of one meet */
  const coloursOf = (edges: readonly GraphEdge[]): number => {
    const colours = colourEdges(edges);
    const count = new Set(colours).size;
    expect([...new Set(colours)].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, at) => at));
    expect(new Set(edges.flatMap((ends, at) => ends.map((end) => `${end} ${colours[at]}`))).size).toBe(
      edges.length * 2,
    );
    return count;
  };

  it.each(Array.from({ length: 15 }, (_, at) => at + 2))('of a mesh of %d are as few as can be', (n) => {
    // an odd one leaves one network out in each round
    const least = n % 2 === 0 ? n - 1 : n;
    expect([coloursOf(mesh(n)), coloursOf(mesh(n).reverse())]).toEqual([least, least]);
  });

  it('of networks of two kinds, each joined to the other kind alone, are as many as the degree (Kőnig)', () => {
    const random = seededRandom(20_261_127);
    for (let run = 0; run < 200; run++) {
      const [width, height, density] = [2 + random.next() * 8, 2 + random.next() * 8, 0.3 + random.next() * 0.7];
      const edges: GraphEdge[] = [];
      for (let a = 0; a < width; a++)
        for (let b = 0; b < height; b++) if (random.next() < density) edges.push([`a${a}`, `b${b}`]);
      edges.sort(() => random.next() - 0.5);
      expect(coloursOf(edges)).toBe(degreeOf(edges));
    }
  });

  it('are one more than the degree where it cannot be otherwise, and whole', () => {
    // found by trying: in these, in this order, the very first colour must be among those that a fan goes on by
    const graphs = [
      '46 04 06 25 12 35 45 23 14 24 01 16 02 13 03 56',
      '25 78 47 04 01 16 05 36 27 24 38 08 14 56 58 46 26 67 18 12 02 34 28 13 35 15 07 68 03 57',
    ];
    for (const graph of graphs) {
      const edges = graph.split(' ').map(([a = '', b = '']): GraphEdge => [a, b]);
      expect(coloursOf(edges)).toBe(degreeOf(edges) + 1);
    }
  });
});

describe('the account of an entry', () => {
  it('is asked for once, however often somebody wants to know, and not known where nothing tells', async () => {
    const asked: string[] = [];
    const entry = (name: string, answer: () => Promise<string>) =>
      ({
        name,
        ownAccount: () => {
          asked.push(name);
          return answer();
        },
      }) as unknown as Provider;
    const ask = askingOnce({});
    const refusing = (code: ErrorCode) => () => Promise.reject(new PeerwayError(code, 'no'));
    const [a, silent] = [entry('a', async () => 'acc-a'), entry('silent', refusing('FailedPrecondition'))];
    expect([await ask(a), await ask(a), await ask(silent), await ask(silent)]).toEqual([
      ...['acc-a', 'acc-a', undefined, undefined],
    ]);
    expect(asked).toEqual(['a', 'silent']);
    await expect(ask(entry('locked', refusing('PermissionDenied')))).rejects.toMatchObject({
      code: 'PermissionDenied',
    });
  });
});

describe('the tables of a network', () => {
  const cloud = new FakeCloud();
  cloud.network('web', ['10.0.0.0/16']);
  const provider = cloud.provider('p');
  const of = (id: string) => ({ provider, id: networkId(id), name: id, key: id, tables: [], missingTables: [] });

  it('are none where nobody has seen it and it is not there: what was named is missing', async () => {
    expect(await readTables(of('vpc-none'), [routeTableId('vtb-1')], {})).toEqual({
      tables: [],
      missingTables: ['vtb-1'],
    });
    expect(await readTables(of('vpc-none'), undefined, {})).toEqual({ tables: [], missingTables: [] });
  });

  it('cannot be read where it was seen a moment ago and is gone: that is an error, and so is everything else', async () => {
    const [network] = await provider.networks.getMany([networkId('web')]);
    await expect(
      readTables({ ...of('vpc-none'), ...(network === undefined ? {} : { network }) }, undefined, {}),
    ).rejects.toMatchObject({ code: 'NotFound' });
    cloud.onRequest = () => {
      throw new PeerwayError('PermissionDenied', 'no');
    };
    await expect(readTables(of('vpc-none'), undefined, {})).rejects.toMatchObject({ code: 'PermissionDenied' });
  });
});
