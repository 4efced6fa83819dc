/** Telemetry and the executor seam: spans from events alone, steps done by somebody else from plain data alone. */
import { describe, expect, it } from '@jest/globals';
import { SpanStatusCode, trace, type Context, type Span, type SpanStatus, type Tracer } from '@opentelemetry/api';
import { networkId, PeerwayError } from '@peerway/core';
import { Engine, telemetry, type Assignment, type EngineEvent, type StepExecutor } from '@peerway/engine';
import { InProcessExecutor } from '../src/apply/inProcessExecutor.js';
import { sharedBy } from '../src/pacing/shared.js';
import { ProviderCalls } from '../src/apply/providerCalls.js';
import { FakeCloud } from './fakeCloud.js';
import { Emulated } from './emulated.js';
import { pair, Scene, stackOf } from './scene.js';

interface Recorded {
  readonly name: string;
  readonly start: number;
  readonly attributes: Record<string, unknown>;
  readonly events: string[];
  status?: SpanStatusCode;
  end?: number;
}

/** As much of a tracer as a listener needs. */
function recorder(): { tracer: Tracer; spans: Recorded[] } {
  const spans: Recorded[] = [];
  const startSpan = (
    name: string,
    options: { startTime?: number; attributes?: Record<string, unknown> } = {},
  ): Span => {
    const record: Recorded = { name, start: options.startTime ?? 0, attributes: { ...options.attributes }, events: [] };
    spans.push(record);
    return {
      setAttributes: (more: object) => Object.assign(record.attributes, more),
      addEvent: (event: string) => record.events.push(event),
      setStatus: ({ code }: { code: SpanStatusCode }) => (record.status = code),
      end: (at: number) => (record.end = at),
    } as unknown as Span;
  };
  return { tracer: { startSpan } as unknown as Tracer, spans };
}

/** A tracer that keeps everything, in order of the beginnings; a parent by its name. */
function tracerOf(spans: unknown[]): Tracer {
  const startSpan = (name: string, { startTime = 0, attributes = {} }: object & Start = {}, parent?: Context): Span => {
    const above =
      parent === undefined ? undefined : (trace.getSpan(parent) as unknown as { name?: string } | undefined);
    const record: Whole = { name, parent: above?.name, start: startTime, attributes: { ...attributes }, events: [] };
    spans.push(record);
    const span = {
      setAttributes: (more: object) => Object.assign(record.attributes, more),
      addEvent: (event: string, more: unknown, at: unknown) => record.events.push([event, more, at]),
      setStatus: (status: SpanStatus) => (record.status = status),
      end: (at: number) => {
        expect(record.end).toBeUndefined();
        record.end = at;
      },
    };
    Object.defineProperty(span, 'name', { value: name });
    return span as unknown as Span;
  };
  return { startSpan } as unknown as Tracer;
}

interface Start {
  readonly startTime?: number;
  readonly attributes?: object;
}

interface Whole {
  readonly name: string;
  readonly parent: string | undefined;
  readonly start: number;
  readonly attributes: object;
  readonly events: unknown[];
  status?: SpanStatus;
  end?: number;
}

function world(): FakeCloud {
  const cloud = new FakeCloud();
  for (const [at, name] of ['web', 'data', 'jobs'].entries()) cloud.network(name, [`10.${at}.0.0/16`]);
  return cloud;
}

describe('telemetry', () => {
  it('gives one span per run and per step, with waits inside, ended at the events’ own times', async () => {
    const cloud = world();
    const { tracer, spans } = recorder();
    const stack = stackOf(cloud, { connections: [pair('a', 'web', 'data'), pair('b', 'web', 'jobs')] });
    const engine = new Engine({ stack, clock: cloud.clock, onEvent: telemetry({ tracer }) });
    let refused = 0;
    cloud.onRequest = (operation) => {
      if (operation === 'peerings.create' && refused++ === 0)
        throw new PeerwayError('QuotaExceeded', 'no more', { requestId: 'r-1' });
    };
    await engine.apply(await engine.plan());
    expect(spans.map((span) => span.name).sort()).toEqual([
      'peerway.apply',
      'peerway.plan',
      ...Array.from({ length: 4 }, () => 'peerway.step'),
    ]);
    for (const span of spans) expect(span.end).toBeGreaterThanOrEqual(span.start);
    const steps = spans.filter((span) => span.name === 'peerway.step');
    expect(steps.filter((span) => span.status === SpanStatusCode.ERROR)).toMatchObject([
      { attributes: { 'peerway.error.code': 'QuotaExceeded', 'peerway.request_id': 'r-1' } },
    ]);
    expect(steps.some((span) => span.events.includes('waiting'))).toBe(true);
    expect(spans.find((span) => span.name === 'peerway.apply')).toMatchObject({
      status: SpanStatusCode.ERROR,
      attributes: { 'peerway.done': 3, 'peerway.failed': 1 },
    });
  });

  it('says of every event what it holds, in the span that it is about', () => {
    const spans: unknown[] = [];
    const told = telemetry({ tracer: tracerOf(spans) });
    const stack = 'shop';
    const a = { id: 'one', action: 'create', object: 'peering one', connection: 'ab' } as const;
    const b = { id: 'two', action: 'update', object: 'peering two', connection: 'cd' } as const;
    const c = { id: 'three', action: 'delete', object: 'peering three', connection: 'ef' } as const;
    const d = { id: 'four', action: 'adopt', object: 'peering four', connection: 'gh' } as const;
    const error = { code: 'Throttled', message: 'too fast', nativeCode: 'Slow', requestId: 'r-1' } as const;
    const counts = { sent: 9, waited: 2, waitedMs: 30, throttled: 1, conflicts: 4 };
    const summary = { create: 1, update: 1, replace: 0, delete: 1, adopt: 1, accept: 0 };
    const bodies = [
      { type: 'step.done', step: a, durationMs: 0 }, // nobody has begun it
      { type: 'plan.started', mode: 'apply' },
      { type: 'requests.counted', provider: 'p', ...counts },
      { type: 'plan.done', mode: 'apply', steps: 4, problems: 1, summary, durationMs: 2 },
      { type: 'limit.learned', provider: 'p', window: 5, because: 'x' }, // of no run
      { type: 'apply.started', mode: 'destroy', steps: 4 },
      { type: 'step.queued', step: a, needs: [] },
      ...[a, b, c, d].map((step) => ({ type: 'step.started', step })),
      { type: 'step.waiting', step: a, cause: 'the cloud' },
      { type: 'step.waiting', step: a, cause: 'the cloud', etaMs: 70 },
      { type: 'step.retried', step: a, error, delayMs: 200 },
      { type: 'limit.learned', provider: 'p', window: 5, because: 'x' },
      { type: 'step.done', step: a, durationMs: 8 },
      { type: 'step.failed', step: b, durationMs: 8, error },
      { type: 'step.skipped', step: c, because: 'two failed', begun: false },
      { type: 'requests.counted', provider: 'p', ...counts },
      { type: 'apply.done', outcome: 'failed', done: 1, failed: 1, skipped: 2, durationMs: 9 },
      { type: 'step.done', step: d, durationMs: 9 }, // after its end
      { type: 'apply.started', mode: 'apply', steps: 1 },
      { type: 'step.started', step: a },
      { type: 'step.failed', step: a, durationMs: 1, error: { code: 'Internal', message: 'lost' } },
      { type: 'apply.done', outcome: 'done', done: 1, failed: 0, skipped: 0, durationMs: 1 },
    ];
    for (const [at, body] of bodies.entries()) told({ ...body, seq: at, at, stack } as EngineEvent);
    const step = ({ id, action, object, connection }: typeof a | typeof b | typeof c | typeof d) => ({
      'peerway.stack': stack,
      'peerway.step': id,
      'peerway.action': action,
      'peerway.object': object,
      'peerway.connection': connection,
    });
    const requests = {
      'peerway.provider': 'p',
      'peerway.requests': 9,
      'peerway.requests.waited': 2,
      'peerway.requests.waited_ms': 30,
      'peerway.requests.throttled': 1,
      'peerway.requests.conflicts': 4,
    };
    const start = { name: 'peerway.step', parent: 'peerway.apply', events: [] };
    expect(spans).toEqual([
      {
        name: 'peerway.plan',
        parent: undefined,
        start: 1,
        attributes: { 'peerway.stack': stack, 'peerway.mode': 'apply', 'peerway.steps': 4, 'peerway.problems': 1 },
        events: [['requests.counted', requests, 2]],
        end: 3,
      },
      {
        name: 'peerway.apply',
        parent: undefined,
        start: 5,
        attributes: {
          'peerway.stack': stack,
          'peerway.mode': 'destroy',
          'peerway.steps': 4,
          'peerway.outcome': 'failed',
          'peerway.done': 1,
          'peerway.failed': 1,
          'peerway.skipped': 2,
        },
        events: [
          ['limit.learned', { 'peerway.provider': 'p', 'peerway.window': 5 }, 14],
          ['requests.counted', requests, 18],
        ],
        status: { code: SpanStatusCode.ERROR, message: 'failed' },
        end: 19,
      },
      {
        ...start,
        start: 7,
        attributes: step(a),
        events: [
          ['waiting', { 'peerway.cause': 'the cloud' }, 11],
          ['waiting', { 'peerway.cause': 'the cloud', 'peerway.eta_ms': 70 }, 12],
          ['retried', { 'peerway.error.code': 'Throttled', 'peerway.delay_ms': 200 }, 13],
        ],
        status: { code: SpanStatusCode.OK },
        end: 15,
      },
      {
        ...start,
        start: 8,
        attributes: {
          ...step(b),
          'peerway.error.code': 'Throttled',
          'peerway.error.native_code': 'Slow',
          'peerway.request_id': 'r-1',
        },
        status: { code: SpanStatusCode.ERROR, message: 'too fast' },
        end: 16,
      },
      { ...start, start: 9, attributes: step(c), events: [['left', { 'peerway.because': 'two failed' }, 17]], end: 17 },
      { ...start, start: 10, attributes: step(d), end: 19 },
      {
        name: 'peerway.apply',
        parent: undefined,
        start: 21,
        attributes: {
          'peerway.stack': stack,
          'peerway.mode': 'apply',
          'peerway.steps': 1,
          'peerway.outcome': 'done',
          'peerway.done': 1,
          'peerway.failed': 0,
          'peerway.skipped': 0,
        },
        events: [],
        end: 24,
      },
      {
        ...start,
        start: 22,
        attributes: { ...step(a), 'peerway.error.code': 'Internal' },
        status: { code: SpanStatusCode.ERROR, message: 'lost' },
        end: 23,
      },
    ]);
  });

  it('asks for the tracer of this package where none is given', () => {
    const names: string[] = [];
    const spans: { name?: string }[] = [];
    trace.setGlobalTracerProvider({ getTracer: (name) => (names.push(name), tracerOf(spans)) });
    try {
      telemetry()({ type: 'plan.started', mode: 'apply', seq: 1, at: 1, stack: 'shop' });
    } finally {
      trace.disable();
    }
    expect([names, spans.map(({ name }) => name)]).toEqual([['@peerway/engine'], ['peerway.plan']]);
  });

  it('a listener that throws does not disturb the run', async () => {
    const cloud = world();
    const engine = new Engine({
      stack: stackOf(cloud, { connections: [pair('a', 'web', 'data')] }),
      clock: cloud.clock,
      onEvent: () => {
        throw new Error('listener');
      },
    });
    expect((await engine.apply(await engine.plan())).outcome).toBe('done');
  });
});

describe('the executor seam', () => {
  it('works when everything that crosses it has been through JSON', async () => {
    const cloud = world();
    const stack = stackOf(cloud, { connections: [pair('a', 'web', 'data'), pair('b', 'web', 'jobs')] });
    const providers = new Map([...stack.networks.values()].map(({ provider }) => [provider.name, provider]));
    const local = new InProcessExecutor(
      'shop',
      new ProviderCalls({ providers, clock: cloud.clock, shared: sharedBy(cloud.clock) }),
    );
    const far: StepExecutor = {
      run: async (assignment, progress, signals) => {
        const ends = await local.run(JSON.parse(JSON.stringify(assignment)) as Assignment, progress, signals);
        return JSON.parse(JSON.stringify(ends)) as typeof ends;
      },
    };
    const engine = new Engine({ stack, clock: cloud.clock, executor: far });
    expect((await engine.apply(await engine.plan())).outcome).toBe('done');
    expect(
      (await new Scene(cloud, { connections: [pair('a', 'web', 'data'), pair('b', 'web', 'jobs')] }).plan()).steps,
    ).toEqual([]);
  });

  it.each([
    ['alibaba', {}],
    ['baidu', { bandwidthMbps: 10 }],
  ] as const)('on %s a step that is done again in another process gets its own answer', async (cloud, peering) => {
    const world = await Emulated.start();
    const { web, data, regions } = world.networks(cloud);
    const provider = await world.provider(cloud, 'a', regions[0]);
    const executor = (): InProcessExecutor =>
      new InProcessExecutor(
        'shop',
        new ProviderCalls({
          providers: new Map([[provider.name, provider]]),
          clock: world.clock,
          shared: sharedBy(world.clock),
        }),
      );
    // the first process does all of a task and dies before it can say so
    const twice: StepExecutor = {
      run: async (assignment, progress, signals) => {
        await executor().run(assignment, progress, signals);
        return executor().run(assignment, progress, signals);
      },
    };
    const networks = new Map(
      Object.entries({ web, data }).map(([name, id]) => [name, { provider, id: networkId(id) }]),
    );
    const stack = { name: 'shop', networks, connections: [pair('c', 'web', 'data', peering)], links: [] };
    const engine = new Engine({ stack, clock: world.clock, executor: twice });
    const report = await engine.apply(await engine.plan());
    expect([report.outcome, report.steps.flatMap((step) => ('error' in step ? [step.error] : []))]).toEqual([
      'done',
      [],
    ]);
    const creations = world.emulator.requests.filter(({ operation }) => /^Create/.test(operation));
    expect(creations.length).toBeGreaterThan(0);
    expect(creations.flatMap(({ code }) => code ?? [])).toEqual([]);
    expect((await engine.plan()).steps).toEqual([]);
    await world.close();
  });
});
