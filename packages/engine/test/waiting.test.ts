/** Who waits for what and how long: places in line, when to look next, requests that are counted, evidence of a step, spans of events. */
import { describe, expect, it } from '@jest/globals';
import { SpanStatusCode, type Span, type Tracer } from '@opentelemetry/api';
import { PeerwayError, VirtualClock } from '@peerway/core';
import { PlaceQueue, telemetry, type EngineEvent, type PlaceTicket } from '@peerway/engine';
import { Evidence, shows } from '../src/apply/evidence.js';
import { EventStream, eventError } from '../src/events.js';
import { FIRST_LOOK_MS, firstLookMs, PollTiming } from '../src/pacing/pollTiming.js';
import { RequestCounts } from '../src/pacing/requestCounts.js';
import { sharedBy } from '../src/pacing/shared.js';

describe('places in line', () => {
  const ticket = (id: string, ...names: string[]): PlaceTicket => ({
    id,
    wishes: names.map((name) => ({ name: name.slice(0, 1), limit: Number(name.slice(1)) })),
  });

  it('are given all or none, to no more than there may be', () => {
    const queue = new PlaceQueue();
    expect(queue.ask(ticket('1', 'a2'))).toEqual(['1']);
    expect(queue.ask(ticket('2', 'a2', 'b1'))).toEqual(['2']);
    expect(queue.ask(ticket('3', 'a2'))).toEqual([]);
    expect(queue.ask(ticket('4', 'b1'))).toEqual([]);
    expect([queue.holds('2'), queue.holds('3')]).toEqual([true, false]);
    // one that is known stays where it is
    expect([queue.ask(ticket('1', 'c1')), queue.ask(ticket('3', 'c1'))]).toEqual([[], []]);
    expect(queue.giveBack('1')).toEqual(['3']);
    expect(queue.giveBack('2')).toEqual(['4']);
    expect([queue.giveBack('2'), queue.giveBack('none')]).toEqual([[], []]);
    expect(queue.state).toEqual({ held: [ticket('3', 'a2'), ticket('4', 'b1')], waiting: [] });
  });

  it('are kept for who asked first, and let pass who wants others', () => {
    const queue = new PlaceQueue();
    queue.ask(ticket('1', 'a1'));
    expect(queue.ask(ticket('2', 'a1', 'b1'))).toEqual([]); // waits for a, and has asked for b
    expect(queue.ask(ticket('3', 'b1'))).toEqual([]);
    expect(queue.ask(ticket('4', 'c1'))).toEqual(['4']);
    expect(queue.giveBack('2')).toEqual(['3']); // who leaves the line makes room in it
    expect(queue.ask(ticket('5', 'a1'))).toEqual([]);
    expect(queue.ask(ticket('6', 'a1'))).toEqual([]);
    expect(queue.giveBack('1')).toEqual(['5']);
  });

  it('go on from their state', () => {
    const queue = new PlaceQueue();
    for (const id of ['1', '2', '3']) queue.ask(ticket(id, 'a1'));
    const copy = new PlaceQueue(queue.state);
    expect(copy.state).toEqual({ held: [ticket('1', 'a1')], waiting: [ticket('2', 'a1'), ticket('3', 'a1')] });
    expect([copy.giveBack('1'), copy.giveBack('2'), copy.giveBack('3')]).toEqual([['2'], ['3'], []]);
    expect(new PlaceQueue().state).toEqual({ held: [], waiting: [] });
  });
});

describe('the next look', () => {
  it('comes at a first guess and then within a second while nothing is known', () => {
    const timing = new PollTiming();
    expect(timing.nextLook('x', undefined, 4_000)).toBe(4_000);
    expect(timing.nextLook('x', 4_000, 4_000)).toBe(4_900);
    expect(timing.nextLook('x', 179_999, 4_000)).toBe(180_899);
    expect(timing.nextLook('x', 180_000, 4_000)).toBe(183_000);
    expect(timing.etaMs('x', 0)).toBeUndefined();
  });

  it('halves what is left to know, then comes where it has ended', () => {
    const timing = new PollTiming();
    timing.learn('x', 4_000, 5_000);
    expect([timing.nextLook('x', undefined, 1), timing.nextLook('x', 4_500, 1)]).toEqual([4_500, 5_000]);
    expect([timing.nextLook('x', 5_000, 1), timing.nextLook('y', undefined, 7)]).toEqual([5_900, 7]);
    timing.learn('x', 4_500, 5_000);
    expect(timing.nextLook('x', undefined, 1)).toBe(4_750);
    timing.learn('x', 4_750, 5_000);
    expect(timing.nextLook('x', undefined, 1)).toBe(5_000); // less than a look would be saved
    expect([timing.etaMs('x', 2_000), timing.etaMs('x', 6_000)]).toEqual([3_000, 0]);
  });

  it('tries nothing out where a look that comes too early is refused', () => {
    const timing = new PollTiming();
    expect(timing.nextLook('x', undefined, 1_000, true)).toBe(1_000);
    timing.learn('x', undefined, 1_040);
    expect([timing.nextLook('x', undefined, 1_000, true), timing.nextLook('x', undefined, 1_000)]).toEqual([
      1_040, 590,
    ]);
    timing.learn('x', 1_040, 1_940);
    expect([timing.nextLook('x', undefined, 1, true), timing.nextLook('x', 1_500, 1, true)]).toEqual([1_940, 2_400]);
  });

  it('comes earlier where the first look came too late', () => {
    const timing = new PollTiming();
    timing.learn('x', undefined, 2_000);
    expect(timing.nextLook('x', undefined, 1)).toBe((1_100 + 2_000) / 2);
    timing.learn('x', undefined, 1_000);
    expect(timing.nextLook('x', undefined, 1)).toBe((100 + 1_000) / 2);
    timing.learn('x', undefined, 400);
    expect(timing.nextLook('x', undefined, 1)).toBe(400);
  });

  it('keeps an even pace from the earliest on where it takes another time each time', () => {
    const timing = new PollTiming();
    timing.learn('x', 1_000, 2_000);
    timing.learn('x', 5_000, 6_000);
    expect([timing.nextLook('x', undefined, 1), timing.nextLook('x', 1_000, 1)]).toEqual([1_000, 1_900]);
    timing.learn('x', undefined, 1_200);
    expect(timing.nextLook('x', undefined, 1)).toBe(300);
    // within what differs by itself it is the same
    const jitter = new PollTiming();
    jitter.learn('x', undefined, 2_000);
    jitter.learn('x', 2_300, 2_600);
    expect(jitter.nextLook('x', undefined, 1)).toBe(2_600);
    jitter.learn('x', 2_301, 2_700);
    expect(jitter.nextLook('x', undefined, 1)).toBe(1_100);
  });

  it('forgets all but the last twelve times', () => {
    const timing = new PollTiming();
    timing.learn('x', undefined, 100);
    for (let time = 0; time < 11; time++) timing.learn('x', 8_900, 9_000);
    expect(timing.nextLook('x', undefined, 1)).toBeLessThan(100);
    timing.learn('x', 8_900, 9_000);
    expect(timing.nextLook('x', undefined, 1)).toBe(9_000);
    expect(timing.etaMs('x', 0)).toBe(9_000);
  });

  it('after a step of a deletion is as the cloud is said to need', () => {
    const pace = { takeDown: 11, delete: 22 };
    expect((['missing', 'continue', 'started'] as const).map((step) => firstLookMs(step, pace))).toEqual([0, 11, 22]);
    expect([firstLookMs('continue', {}), firstLookMs('started', undefined)]).toEqual([
      FIRST_LOOK_MS.delete,
      FIRST_LOOK_MS.delete,
    ]);
  });

  it('is learned once for a process', () => {
    const clock = new VirtualClock({ start: 0 });
    expect(sharedBy(clock)).toBe(sharedBy(clock));
    expect(sharedBy(clock)).not.toBe(sharedBy(new VirtualClock({ start: 0 })));
  });
});

describe('requests', () => {
  it('are counted by entry, from one taking to the next', () => {
    const counts = new RequestCounts();
    const [a, b] = [counts.observer('a'), counts.observer('b')];
    const request = { nativeOperation: 'X', mutating: false };
    a.requestSent?.('p', request);
    a.requestSent?.('p', request);
    a.requestWaited?.('p', request, 30);
    a.requestWaited?.('p', request, 12);
    for (const code of ['Throttled', 'Conflict', 'Conflict', 'NotFound'] as const)
      a.callFailed?.('p', new PeerwayError(code, code));
    b.requestSent?.('p', request);
    expect([...counts.take()]).toEqual([
      ['a', { sent: 2, waited: 2, waitedMs: 42, throttled: 1, conflicts: 2 }],
      ['b', { sent: 1, waited: 0, waitedMs: 0, throttled: 0, conflicts: 0 }],
    ]);
    expect([...counts.take()]).toEqual([]);
    b.requestSent?.('p', request);
    expect([...counts.take()].map(([entry, { sent }]) => [entry, sent])).toEqual([['b', 1]]);
  });
});

describe('the evidence of a step', () => {
  const refused = (act: () => void): boolean => {
    try {
      act();
      return false;
    } catch (error) {
      expect(error).toMatchObject({ code: 'FailedPrecondition' });
      return true;
    }
  };
  it('is a request that may change something, or a reading, where the step does not look for itself', () => {
    const trusting = ['peering.update', 'route.describe', 'link.update'] as const;
    const looking = [
      ...(['peering.create', 'peering.settle', 'peering.delete', 'route.create', 'route.delete'] as const),
      ...(['link.create', 'link.settle', 'link.resume', 'link.delete'] as const),
    ];
    const none = new Evidence();
    expect(trusting.map((verb) => refused(() => none.require(verb)))).toEqual([true, true, true]);
    expect(looking.some((verb) => refused(() => none.require(verb)))).toBe(false);
    expect(refused(() => none.requireShown('route.create'))).toBe(true);
    none.observer.requestSent?.('p', { nativeOperation: 'Get', mutating: false });
    expect([none.nothingSent, refused(() => none.require('link.update'))]).toEqual([true, true]);
    none.seen();
    expect(refused(() => none.require('link.update'))).toBe(false);
    const sent = new Evidence();
    sent.observer.requestSent?.('p', { nativeOperation: 'Set', mutating: true });
    expect([sent.nothingSent, refused(() => sent.requireShown('link.update'))]).toEqual([false, false]);
  });

  const seen = {
    name: 'n',
    description: 'd',
    bandwidthMbps: 5,
    deletionProtection: true,
    dnsSync: 'on',
    tags: { a: '1' },
  } as const;
  it.each<[Parameters<typeof shows>[0], Partial<Parameters<typeof shows>[1]>]>([
    [{ name: 'n' }, { name: 'm' }],
    [{ description: 'd' }, { description: '' }],
    [{ bandwidthMbps: 5 }, { bandwidthMbps: 'unlimited' }],
    [{ deletionProtection: true }, { deletionProtection: false }],
    [{ dnsSync: true }, { dnsSync: 'off' }],
    [{ dnsSync: true }, { dnsSync: 'turning-off' }],
    [{ setTags: { a: '1' } }, { tags: { a: '2' } }],
    [{ removeTags: ['b'] }, { tags: { b: '' } }],
  ])('that %j was done shows in a reading, and not in one with %j', (update, other) => {
    expect(shows(update, seen)).toBe(true);
    expect(shows(update, { ...seen, ...other })).toBe(false);
    expect(shows({}, { ...seen, ...other })).toBe(true);
  });

  it('of a switch that is turned off is that it is not there', () => {
    const { deletionProtection: _, dnsSync: __, ...bare } = seen;
    expect(shows({ deletionProtection: false, dnsSync: false }, bare)).toBe(true);
    expect(shows({ dnsSync: true }, { ...bare, dnsSync: 'turning-on' })).toBe(true);
    expect(shows({ deletionProtection: true }, bare)).toBe(false);
    expect(shows({ settings: { names: ['x'], values: {} } }, seen)).toBe(false);
  });
});

describe('an event', () => {
  it('is numbered and dated, and no listener stops it', () => {
    const events: EngineEvent[] = [];
    let now = 100;
    const stream = new EventStream(
      'shop',
      () => now++,
      (event) => {
        events.push(event);
        if (events.length === 1) throw new Error('a defect');
      },
    );
    stream.emit({ type: 'plan.started', mode: 'apply' });
    stream.emit({ type: 'plan.started', mode: 'destroy' });
    expect(events).toEqual([
      { type: 'plan.started', mode: 'apply', seq: 1, at: 100, stack: 'shop' },
      { type: 'plan.started', mode: 'destroy', seq: 2, at: 101, stack: 'shop' },
    ]);
    expect(() =>
      new EventStream('shop', () => 0, undefined).emit({ type: 'plan.started', mode: 'apply' }),
    ).not.toThrow();
    expect(JSON.stringify(eventError(new Error('a secret')))).not.toContain('a secret');
  });

  it('becomes a span, or what happened in one, with its own attributes', () => {
    interface Recorded {
      name: string;
      attributes: Record<string, unknown>;
      events: unknown[];
      status?: unknown;
      start?: unknown;
      end?: unknown;
    }
    const spans: Recorded[] = [];
    const startSpan = (name: string, { startTime, attributes }: { startTime: number; attributes: object }): Span => {
      const record: Recorded = { name, start: startTime, attributes: { ...attributes }, events: [] };
      spans.push(record);
      return {
        setAttributes: (more: object) => Object.assign(record.attributes, more),
        addEvent: (...event: unknown[]) => record.events.push(event),
        setStatus: (status: unknown) => (record.status = status),
        end: (at: number) => (record.end = at),
      } as unknown as Span;
    };
    const listen = telemetry({ tracer: { startSpan } as unknown as Tracer });
    let at = 0;
    const emit = new EventStream('shop', () => ++at, listen);
    const step = (id: string) => ({ id, action: 'create', object: `o-${id}`, connection: `c-${id}` }) as const;
    const requests = { sent: 3, waited: 1, waitedMs: 7, throttled: 2, conflicts: 4 };
    const summary = { create: 1, update: 0, replace: 0, delete: 0, adopt: 0, accept: 0 };
    const error = eventError(new PeerwayError('Conflict', 'busy', { nativeCode: 'Busy', requestId: 'r-1' }));
    emit.emit({ type: 'plan.started', mode: 'apply' }); // 1
    emit.emit({ type: 'requests.counted', provider: 'ali', ...requests }); // 2
    emit.emit({ type: 'plan.done', mode: 'apply', steps: 4, problems: 5, summary, durationMs: 1 }); // 3
    emit.emit({ type: 'limit.learned', provider: 'ali', window: 8, because: 'x' }); // 4, of no run
    emit.emit({ type: 'apply.started', mode: 'destroy', steps: 4 }); // 5
    for (const id of ['a', 'b', 'c', 'd']) emit.emit({ type: 'step.started', step: step(id) }); // 6 to 9
    emit.emit({ type: 'step.queued', step: step('e'), needs: [] }); // 10
    emit.emit({ type: 'step.waiting', step: step('a'), cause: 'routes', etaMs: 9 }); // 11
    emit.emit({ type: 'step.waiting', step: step('a'), cause: 'turn' }); // 12
    emit.emit({ type: 'step.retried', step: step('b'), error, delayMs: 6 }); // 13
    emit.emit({ type: 'step.done', step: step('a'), durationMs: 1 }); // 14
    emit.emit({ type: 'step.failed', step: step('b'), durationMs: 1, error }); // 15
    emit.emit({ type: 'step.skipped', step: step('c'), because: 'b', begun: true }); // 16
    emit.emit({ type: 'step.done', step: step('unknown'), durationMs: 1 }); // 17
    emit.emit({ type: 'limit.learned', provider: 'ali', window: 8, because: 'x' }); // 18
    emit.emit({ type: 'requests.counted', provider: 'ali', ...requests }); // 19
    emit.emit({ type: 'apply.done', outcome: 'failed', done: 1, failed: 2, skipped: 3, durationMs: 1 }); // 20
    emit.emit({ type: 'step.done', step: step('d'), durationMs: 1 }); // 21, ended with its run
    const counted = {
      'peerway.provider': 'ali',
      'peerway.requests': 3,
      'peerway.requests.waited': 1,
      'peerway.requests.waited_ms': 7,
      'peerway.requests.throttled': 2,
      'peerway.requests.conflicts': 4,
    };
    const of = (id: string) => ({
      'peerway.stack': 'shop',
      'peerway.step': id,
      'peerway.action': 'create',
      'peerway.object': `o-${id}`,
      'peerway.connection': `c-${id}`,
    });
    expect(spans).toEqual([
      {
        name: 'peerway.plan',
        start: 1,
        attributes: { 'peerway.stack': 'shop', 'peerway.mode': 'apply', 'peerway.steps': 4, 'peerway.problems': 5 },
        events: [['requests.counted', counted, 2]],
        end: 3,
      },
      {
        name: 'peerway.apply',
        start: 5,
        attributes: {
          'peerway.stack': 'shop',
          'peerway.mode': 'destroy',
          'peerway.steps': 4,
          'peerway.outcome': 'failed',
          'peerway.done': 1,
          'peerway.failed': 2,
          'peerway.skipped': 3,
        },
        events: [
          ['limit.learned', { 'peerway.provider': 'ali', 'peerway.window': 8 }, 18],
          ['requests.counted', counted, 19],
        ],
        status: { code: SpanStatusCode.ERROR, message: 'failed' },
        end: 20,
      },
      {
        name: 'peerway.step',
        start: 6,
        attributes: of('a'),
        events: [
          ['waiting', { 'peerway.cause': 'routes', 'peerway.eta_ms': 9 }, 11],
          ['waiting', { 'peerway.cause': 'turn' }, 12],
        ],
        status: { code: SpanStatusCode.OK },
        end: 14,
      },
      {
        name: 'peerway.step',
        start: 7,
        attributes: {
          ...of('b'),
          'peerway.error.code': 'Conflict',
          'peerway.error.native_code': 'Busy',
          'peerway.request_id': 'r-1',
        },
        events: [['retried', { 'peerway.error.code': 'Conflict', 'peerway.delay_ms': 6 }, 13]],
        status: { code: SpanStatusCode.ERROR, message: 'busy' },
        end: 15,
      },
      {
        name: 'peerway.step',
        start: 8,
        attributes: of('c'),
        events: [['left', { 'peerway.because': 'b' }, 16]],
        end: 16,
      },
      { name: 'peerway.step', start: 9, attributes: of('d'), events: [], end: 20 },
    ]);
  });
});
