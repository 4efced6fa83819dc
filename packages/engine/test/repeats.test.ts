/** How often one refused call is sent, counted in the emulator's own log: what docs/errors.md says, and no more. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_RETRY_POLICY, networkId, PATIENT_RETRY_POLICY } from '@peerway/core';
import { Engine, type EngineEvent, type PeeringSpec } from '@peerway/engine';
import { Emulated, type CloudName } from './emulated.js';
import { pair } from './scene.js';

const open: Emulated[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

const CASES: [CloudName, string, PeeringSpec][] = [
  ['alibaba', 'CreateVpcPeerConnection', {}],
  ['baidu', 'CreatePeerConn', { bandwidthMbps: 10 }],
];

async function joined(cloud: CloudName, more: PeeringSpec, onEvent: (event: EngineEvent) => void) {
  const world = await Emulated.start();
  open.push(world);
  const { web, data, regions } = world.networks(cloud);
  const provider = await world.provider(cloud, 'a', regions[0]);
  const engine = new Engine({
    stack: {
      name: 'shop',
      networks: new Map([
        ['web', { provider, id: networkId(web) }],
        ['data', { provider, id: networkId(data) }],
      ]),
      connections: [pair('web-data', 'web', 'data', more)],
      links: [],
    },
    clock: world.clock,
    onEvent,
  });
  return { world, engine };
}

describe.each(CASES)('%s: a write that is throttled for ever', (cloud, operation, more) => {
  it(`is sent ${DEFAULT_RETRY_POLICY.maxTries} times over half a minute to a minute, each repetition reported as one of its step`, async () => {
    const events: EngineEvent[] = [];
    const { world, engine } = await joined(cloud, more, (event) => events.push(event));
    world.emulator.faults.add({ cloud, mutating: true, kind: 'throttle' });
    const plan = await engine.plan();
    const start = world.clock.now();
    const report = await engine.apply(plan);
    expect(report.steps.find((step) => step.outcome === 'failed')?.error?.code).toBe('Throttled');
    const sent = world.emulator.requests.filter((request) => request.mutating);
    expect([sent.length, new Set(sent.map((request) => request.operation))]).toEqual([
      DEFAULT_RETRY_POLICY.maxTries,
      new Set([operation]),
    ]);
    expect(sent.length).toBeLessThanOrEqual(8);
    expect(events.filter((event) => event.type === 'step.retried')).toHaveLength(sent.length - 1);
    const seconds = (world.clock.now() - start) / 1_000;
    expect(seconds).toBeGreaterThan(30);
    expect(seconds).toBeLessThan(60 + 5);
  });

  it('is given up at once when the run is stopped, and no request is cut off', async () => {
    const stop = new AbortController();
    const { world, engine } = await joined(cloud, more, ({ type }) => type === 'step.retried' && stop.abort());
    world.emulator.faults.add({ cloud, mutating: true, kind: 'throttle' });
    const plan = await engine.plan();
    const start = world.clock.now();
    const report = await engine.apply(plan, { signal: stop.signal });
    expect(report.outcome).toBe('canceled');
    expect(world.clock.now() - start).toBeLessThan(1_000);
    expect(world.emulator.requests.filter((request) => request.mutating)).toHaveLength(1);
  });
});

it('an apply tries as often as anything else, and longer', () => {
  expect(PATIENT_RETRY_POLICY.maxTries).toBe(DEFAULT_RETRY_POLICY.maxTries);
  expect(PATIENT_RETRY_POLICY.backoffMs).toBeGreaterThan(DEFAULT_RETRY_POLICY.backoffMs);
});
