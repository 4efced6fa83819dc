/** The schedule as pure data: bounds on random graphs, batches, the poller's pace, limits, cancellation. */
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_REMEDY, networkId, PeerwayError, seededRandom, VirtualClock, type Cidr } from '@peerway/core';
import type { EngineEvent, PlanStep } from '@peerway/engine';
import { colourEdges, type GraphEdge } from '../src/apply/edgeColouring.js';
import { Poller } from '../src/pacing/poller.js';
import { PollTiming } from '../src/pacing/pollTiming.js';
import { Schedule, type ScheduleRules, type Task } from '../src/apply/schedule.js';
import { FakeCloud } from './fakeCloud.js';
import { hub, mesh, pair, Scene } from './scene.js';

const SEED = 20_261_120;

function randomGraph(random: ReturnType<typeof seededRandom>): GraphEdge[] {
  const vertices = 2 + Math.floor(random.next() * 19);
  const density = random.next();
  const edges: GraphEdge[] = [];
  for (let a = 0; a < vertices; a++)
    for (let b = a + 1; b < vertices; b++) if (random.next() < density) edges.push([`n${a}`, `n${b}`]);
  return edges;
}

function degreeOf(edges: readonly GraphEdge[]): number {
  const degrees = new Map<string, number>();
  for (const edge of edges) for (const end of edge) degrees.set(end, (degrees.get(end) ?? 0) + 1);
  return Math.max(0, ...degrees.values());
}

const creation = ([a, b]: GraphEdge): PlanStep => ({
  id: `peering ${a}-${b} create`,
  action: 'create',
  object: '',
  connection: `${a}-${b}`,
  reason: '',
  needs: [],
  work: {
    verb: 'peering.create',
    providers: { initiator: 'p', acceptor: 'p' },
    request: {
      mechanism: 'm',
      initiator: networkId(a),
      acceptor: { region: 'r' as never, network: networkId(b) },
      tags: {},
    },
  },
});

const routes = (edge: GraphEdge): PlanStep[] =>
  edge.map((end, side): PlanStep => ({
    id: `route ${end} ${edge[1 - side]} create`,
    action: 'create',
    object: '',
    connection: edge.join('-'),
    reason: '',
    needs: [creation(edge).id],
    work: {
      verb: 'route.create',
      provider: 'p',
      network: networkId(end),
      table: { kind: 'known', table: `t-${end}` as never },
      destination: '10.0.0.0/16' as Cidr,
      nextHop: { kind: 'peering', step: creation(edge).id, side: side === 0 ? 'initiator' : 'acceptor' },
    },
  }));

const RULES: ScheduleRules = {
  plugin: 'x',
  routeBatch: 50,
  networksPerBatch: 1,
  routeChangesPerNetwork: 1,
  creates: { m: 1 },
};

/** Runs a schedule in simulated time: a creation takes `createMs`, a route batch `routeMs`. */
function simulate(
  steps: readonly PlanStep[],
  rules: ScheduleRules = RULES,
  times: { readonly create: number; readonly route: number; readonly spread?: () => number } = {
    create: 1_000,
    route: 10,
  },
) {
  const schedule = new Schedule(steps, () => rules);
  const running: { task: Task; end: number }[] = [];
  const busy = new Map<string, number>();
  let now = 0;
  let conflicts = 0;
  let requests = 0;
  /** Tables that route batches have written, each of which is read afterwards. */
  let tables = 0;
  let lastCreation = 0;
  let left = steps.length;
  const networksOf = (task: Task): string[] => {
    const places = task.steps.flatMap(({ work }) => {
      if (work.verb === 'peering.create') return [`c ${work.request.initiator}`, `c ${work.request.acceptor.network}`];
      return work.verb === 'route.create' ? [`r ${work.network}`] : [];
    });
    return [...new Set(places)];
  };
  for (;;) {
    for (const task of schedule.take()) {
      requests++;
      if (task.steps[0].work.verb === 'route.create') tables += networksOf(task).length;
      for (const place of networksOf(task)) {
        if ((busy.get(place) ?? 0) > 0) conflicts++;
        busy.set(place, (busy.get(place) ?? 0) + 1);
      }
      running.push({
        task,
        end:
          now + (task.steps[0].work.verb === 'peering.create' ? times.create + (times.spread?.() ?? 0) : times.route),
      });
    }
    if (running.length === 0) break;
    running.sort((a, b) => a.end - b.end);
    now = running[0]!.end;
    while (running[0]?.end === now) {
      const { task } = running.shift()!;
      for (const place of networksOf(task)) busy.set(place, busy.get(place)! - 1);
      if (task.steps[0].work.verb === 'peering.create') lastCreation = now;
      schedule.ended(task.id, () => true);
      left -= task.steps.length;
    }
  }
  return { makespan: lastCreation / times.create, conflicts, requests, tables, left };
}

function keepsWithinBounds(edges: readonly GraphEdge[], random: ReturnType<typeof seededRandom>): void {
  const degree = degreeOf(edges);
  const colours = colourEdges(edges);
  expect(Math.max(-1, ...colours)).toBeLessThanOrEqual(degree);
  const seen = new Set<string>();
  edges.forEach((edge, at) => edge.forEach((end) => seen.add(`${end} ${colours[at]}`)));
  expect(seen.size).toBe(edges.length * 2);
  const steps = edges
    .flatMap((edge) => [creation(edge), ...(random.next() < 0.8 ? routes(edge) : [])])
    .sort(() => random.next() - 0.5);
  const { makespan, conflicts, left } = simulate(steps);
  expect([conflicts, left]).toEqual([0, 0]);
  expect(makespan).toBeLessThanOrEqual(degree + 1);
  // a cloud never takes the same time twice: the bound stretches with the slowest, and no further
  const wide = simulate(steps, { ...RULES, routeBatch: 7, networksPerBatch: 1 + Math.floor(random.next() * 5) });
  expect([wide.conflicts, wide.left]).toEqual([0, 0]);
  expect(wide.makespan).toBeLessThanOrEqual(degree + 1);
  const uneven = simulate(steps, RULES, { create: 1_000, route: 10, spread: () => random.next() * 100 });
  expect(uneven.makespan).toBeLessThanOrEqual((degree + 1) * 1.1);
}

describe('edge colouring and makespan', () => {
  // in parts, so that each is quick
  it.each(Array.from({ length: 20 }, (_, part) => SEED + part))(
    'keeps 50 random graphs mixed with routes within largest degree + 1 creation times (seed %d)',
    (seed) => {
      const random = seededRandom(seed);
      for (let run = 0; run < 50; run++) keepsWithinBounds(randomGraph(random), random);
    },
  );

  it('needs exactly n − 1 rounds for a mesh of n, n even, and the degree for a hub of 10,000', () => {
    for (const n of [4, 10, 20]) {
      const edges: GraphEdge[] = [];
      for (let a = 0; a < n; a++) for (let b = a + 1; b < n; b++) edges.push([`n${a}`, `n${b}`]);
      expect(simulate(edges.map(creation)).makespan).toBe(n - 1);
    }
    const star = Array.from({ length: 10_000 }, (_, at): GraphEdge => ['hub', `s${at}`]);
    expect(new Set(colourEdges(star)).size).toBe(10_000);
  });

  it('writes the routes of one network in as few requests as its batch allows', () => {
    const edges = Array.from({ length: 120 }, (_, at): GraphEdge => ['hub', `s${at}`]);
    const steps = edges.flatMap((edge) => [creation(edge), ...routes(edge)]);
    const { requests, conflicts } = simulate(steps, { ...RULES, routeBatch: 50 }, { create: 1_000, route: 500 });
    expect(conflicts).toBe(0);
    expect(requests).toBe(120 + 120 + 3);
    // batches that take longer than the next one needs to fill up still go one after the other
    const slow = simulate(steps, { ...RULES, routeBatch: 50 }, { create: 1_000, route: 80_000 });
    expect([slow.conflicts, slow.left]).toEqual([0, 0]); // creations, one route per spoke, 50 + 50 + 20 at the hub
  });

  it('writes the routes of many networks in one request where the cloud takes them together', () => {
    const edges = Array.from({ length: 10 }, (_, at): GraphEdge => ['hub', `s${at}`]);
    const steps = edges.flatMap((edge) => [creation(edge), ...routes(edge)]);
    expect(simulate(steps, { ...RULES, networksPerBatch: 50 })).toMatchObject({ requests: 10 + 1, conflicts: 0 });
    expect(simulate(steps, { ...RULES, networksPerBatch: 4 })).toMatchObject({ requests: 10 + 3, conflicts: 0 });
  });

  it('keeps the routes of a network together, so that few tables are read again', () => {
    const members = Array.from({ length: 20 }, (_, at) => `n${at}`);
    const edges = members.flatMap((one, at) => members.slice(at + 1).map((other): GraphEdge => [one, other]));
    const steps = edges.flatMap((edge) => [creation(edge), ...routes(edge)]);
    const { requests, tables, conflicts, left } = simulate(steps, { ...RULES, networksPerBatch: 50 });
    // 20 tables of 19 routes: a batch of 50 has all of two or three
    expect([requests <= 190 + 20, tables <= 30, conflicts, left]).toEqual([true, true, 0, 0]);
  });

  it('sends an incomplete batch when what it waits for waits for it', () => {
    const [first, second] = routes(['a', 'b']);
    const steps = [
      { ...first!, needs: [] },
      { ...second!, needs: [first!.id] },
    ];
    expect(simulate(steps, { ...RULES, networksPerBatch: 50 })).toMatchObject({ requests: 2, left: 0 });
  });

  it('skips what needs a failed step, and nothing else', () => {
    const edges: GraphEdge[] = [
      ['a', 'b'],
      ['c', 'd'],
    ];
    const schedule = new Schedule(
      edges.flatMap((edge) => [creation(edge), ...routes(edge)]),
      () => RULES,
    );
    const [first, second] = schedule.take();
    const skipped = schedule.ended(first!.id, () => false);
    expect(skipped.map((step) => step.connection)).toEqual([first!.steps[0].connection, first!.steps[0].connection]);
    schedule.ended(second!.id, () => true);
    const written = schedule.take();
    expect(written.flatMap((task) => task.steps.map((step) => step.connection))).toEqual([
      second!.steps[0].connection,
      second!.steps[0].connection,
    ]);
    for (const task of written) expect(schedule.ended(task.id, () => true)).toEqual([]);
    expect(schedule.take()).toEqual([]);
  });
});

describe('the shared poller', () => {
  it('sees changes within a second at p95, with one look for all, and learns to look rarely', async () => {
    const clock = new VirtualClock({ start: 0 });
    const random = seededRandom(SEED);
    const timing = new PollTiming();
    const done = new Map<string, number>();
    let looks = 0;
    const poller = new Poller<string>({ clock, timing });
    const read = async (): Promise<string[]> => {
      looks++;
      return [...done].filter(([, at]) => at <= clock.now()).map(([id]) => id);
    };
    const delays: number[] = [];
    for (let round = 0; round < 60; round++) {
      await Promise.all(
        Array.from({ length: 10 }, async (_, at) => {
          const id = `${round}.${at}`;
          const since = clock.now();
          done.set(id, since + 4_000 + random.next() * 600);
          await poller.watch({ kind: 'create', scope: '', since, firstMs: 4_000, read }, (items) => items.includes(id));
          delays.push(clock.now() - done.get(id)!);
        }),
      );
    }
    delays.sort((a, b) => a - b);
    expect(delays[Math.floor(delays.length * 0.95)]).toBeLessThanOrEqual(1_000);
    expect(looks).toBeLessThanOrEqual(60 * 5); // for 600 objects
  });

  it('looks rarely when nothing moves for long, and ends with the signal', async () => {
    const clock = new VirtualClock({ start: 0 });
    let looks = 0;
    const poller = new Poller<string>({ clock, timing: new PollTiming() });
    const read = async (): Promise<string[]> => {
      looks++;
      return [];
    };
    const stop = new AbortController();
    const watching = poller.watch(
      { kind: 'k', scope: '', since: 0, firstMs: 1_000, read },
      (_, age) => {
        if (age > 3_600_000) stop.abort();
        return false;
      },
      stop.signal,
    );
    await expect(watching).rejects.toMatchObject({ code: 'Canceled' });
    expect(looks).toBeLessThan(1_500);
  });
});

describe('limits', () => {
  it('finishes a run although the cloud throttles every third request, and says what it learned', async () => {
    const cloud = new FakeCloud();
    const names = Array.from({ length: 6 }, (_, at) => `n${at}`);
    names.forEach((name, at) => cloud.network(name, [`10.${at}.0.0/16`]));
    const scene = new Scene(cloud, { connections: [mesh('all', names)] });
    cloud.onRequest = (_, count) => {
      if (count % 3 === 0) throw new PeerwayError('Throttled', 'too fast');
    };
    expect((await scene.apply()).outcome).toBe('done');
    expect(scene.events.some((event) => event.type === 'limit.learned')).toBe(true);
    cloud.onRequest = undefined;
    expect((await scene.plan()).steps).toEqual([]);
  });
});

describe('a run', () => {
  const cloudOf = (count: number): FakeCloud => {
    const cloud = new FakeCloud();
    for (let at = 0; at < count; at++) cloud.network(`n${at}`, [`10.${at}.0.0/16`]);
    return cloud;
  };

  it('stops cleanly when told to, says what is left, and a plain re-run does the rest', async () => {
    const cloud = cloudOf(5);
    const scene = new Scene(cloud, { connections: [hub('core', 'n0', ['n1', 'n2', 'n3', 'n4'])] });
    const stop = new AbortController();
    const engine = scene.engine();
    const plan = await engine.plan();
    let stoppedAt = Infinity;
    void cloud.clock.sleep(7_000).then(() => {
      stoppedAt = cloud.clock.now();
      stop.abort();
    });
    const report = await engine.apply(plan, { signal: stop.signal });
    expect(report.outcome).toBe('canceled');
    expect(cloud.mutations().filter((request) => request.at >= stoppedAt)).toEqual([]);
    const left = report.steps.filter((step) => step.outcome === 'left');
    expect(left.length).toBeGreaterThan(0);
    for (const step of left) expect(step.because).toBeDefined();
    // what the cloud was at work on had begun; what never came to its turn had not
    const skipped = scene.events.flatMap((event) => (event.type === 'step.skipped' ? [event.begun] : []));
    expect(new Set(skipped)).toEqual(new Set([true, false]));
    expect(report.steps.filter((step) => step.outcome === 'failed')).toEqual([]);
    expect((await scene.apply()).outcome).toBe('done');
    expect(cloud.peerings.filter((peering) => peering.state === 'active')).toHaveLength(4);
    expect((await scene.plan()).steps).toEqual([]);
  });

  it('tells everything as events: each step queued, started and ended once, in order, as plain JSON', async () => {
    const cloud = cloudOf(3);
    const scene = new Scene(cloud, { connections: [pair('a', 'n0', 'n1'), pair('b', 'n0', 'n2')] });
    await scene.apply();
    const events = scene.events;
    expect(events.map((event) => event.seq)).toEqual(events.map((_, at) => at + 1));
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
    const of = (type: EngineEvent['type']): string[] =>
      events.flatMap((event) => (event.type === type && 'step' in event ? [event.step.id] : []));
    for (const type of ['step.queued', 'step.started', 'step.done'] as const) expect(new Set(of(type)).size).toBe(6);
    expect(events.find((event) => event.type === 'step.waiting')).toMatchObject({
      cause: expect.stringContaining('to become active'),
    });
    expect(events.filter((event) => event.type === 'step.waiting' && event.etaMs !== undefined).length).toBeGreaterThan(
      0,
    );
    expect(events.at(-1)).toMatchObject({ type: 'apply.done', outcome: 'done', done: 6, failed: 0, skipped: 0 });
  });

  it('is unharmed by a second run at the same time', async () => {
    for (const lagMs of [0, 1_500]) {
      const cloud = new FakeCloud({ lagMs, oneCreatePerNetwork: false });
      for (let at = 0; at < 5; at++) cloud.network(`n${at}`, [`10.${at}.0.0/16`]);
      const scene = new Scene(cloud, { connections: [mesh('all', ['n0', 'n1', 'n2', 'n3', 'n4'])] });
      const [one, two] = [scene.engine(), scene.engine()];
      const plans = [await one.plan(), await two.plan()] as const;
      const reports = await Promise.all([one.apply(plans[0]), two.apply(plans[1])]);
      expect(reports.flatMap((report) => report.steps.filter((step) => step.outcome !== 'done'))).toEqual([]);
      await scene.apply();
      expect((await scene.plan()).steps).toEqual([]);
      expect(cloud.peerings).toHaveLength(10);
      await Promise.all([scene.destroy(), scene.destroy()]);
      expect((await scene.destroy()).outcome).toBe('done');
      expect(cloud.peerings).toEqual([]);
      expect(cloud.routes.filter((route) => route.origin === 'custom')).toEqual([]);
    }
  });

  it('keeps a failed connection from stopping the others', async () => {
    const cloud = cloudOf(4);
    const scene = new Scene(cloud, { connections: [pair('a', 'n0', 'n1'), pair('b', 'n2', 'n3')] });
    let refused = 0;
    cloud.onRequest = (operation) => {
      if (operation === 'peerings.create' && refused++ === 0) throw new PeerwayError('QuotaExceeded', 'no more');
    };
    const report = await scene.apply();
    expect(report.outcome).toBe('failed');
    expect(report.steps.map((step) => step.outcome).sort()).toEqual([
      'done',
      'done',
      'done',
      'failed',
      'skipped',
      'skipped',
    ]);
    expect(report.steps.find((step) => step.outcome === 'failed')?.error).toMatchObject({ code: 'QuotaExceeded' });
  });

  it('tells of a failed step everything that its error says, with a remedy, in the report and in the events', async () => {
    const scene = new Scene(cloudOf(2), { connections: [pair('a', 'n0', 'n1')] });
    scene.cloud.onRequest = (operation) => {
      if (operation !== 'peerings.create') return;
      throw new PeerwayError('Throttled', 'too fast', { httpStatus: 503, requestId: 'req-1', nativeCode: 'Busy' });
    };
    const report = await scene.apply();
    const said = {
      code: 'Throttled',
      message: 'too fast',
      operation: 'peerings.create',
      httpStatus: 503,
      nativeCode: 'Busy',
      requestId: 'req-1',
      remedy: DEFAULT_REMEDY.Throttled,
    };
    expect(report.steps.find((step) => step.outcome === 'failed')?.error).toMatchObject(said);
    for (const type of ['step.retried', 'step.failed'] as const)
      expect(scene.events.find((event) => event.type === type)).toMatchObject({ error: said });
  });
});
