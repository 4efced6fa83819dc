/** Telemetry and the executor seam: spans from events alone, steps done by somebody else from plain data alone. */
import { describe, expect, it } from '@jest/globals';
import { SpanStatusCode, type Span, type Tracer } from '@opentelemetry/api';
import { networkId, PeerwayError } from '@peerway/core';
import { Engine, telemetry, type Assignment, type StepExecutor } from '@peerway/engine';
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
