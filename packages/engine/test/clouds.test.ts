/** The engine on both clouds, through the shipped adapters and the emulator with its documented rules on. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { networkId, seededRandom } from '@peerway/core';
import { Engine, type ConnectionSpec, type EngineEvent } from '@peerway/engine';
import { Emulated, type CloudName } from './emulated.js';
import { pair } from './scene.js';

const CASES: [string, CloudName, Partial<ConnectionSpec>][] = [
  ['alibaba vpc-peer', 'alibaba', {}],
  ['alibaba router-interface', 'alibaba', { mechanism: 'router-interface' }],
  ['baidu peerconn', 'baidu', { bandwidthMbps: 10 }],
];

describe.each(CASES)('%s', (_, cloud, more) => {
  let world: Emulated;
  beforeAll(async () => {
    world = await Emulated.start();
  });
  afterAll(() => world.close());

  const mutating = (): string[] =>
    world.emulator.requests.filter((request) => request.mutating).map((request) => request.operation);

  async function engine(connections: readonly ConnectionSpec[], events: EngineEvent[] = []): Promise<Engine> {
    const { web, data, far, regions } = world.networks(cloud);
    const near = await world.provider(cloud, 'a', regions[0]);
    const away = await world.provider(cloud, 'b', regions[1]);
    return new Engine({
      stack: {
        name: 'shop',
        networks: new Map([
          ['web', { provider: near, id: networkId(web) }],
          ['data', { provider: near, id: networkId(data) }],
          ['far', { provider: away, id: networkId(far) }],
        ]),
        connections,
        links: [],
      },
      clock: world.clock,
      random: seededRandom(1),
      onEvent: (event) => events.push(event),
    });
  }

  it('joins networks of one account and of two, then plans nothing, then leaves nothing', async () => {
    const connections = [
      pair('web-data', 'web', 'data', more),
      pair('web-far', 'web', 'far', { bandwidthMbps: 10, ...more }),
    ];
    const first = await engine(connections);
    const plan = await first.plan();
    expect(plan.problems).toEqual([]);
    expect(mutating()).toEqual([]);
    const report = await first.apply(plan);
    expect(report.steps.filter((step) => step.outcome !== 'done')).toEqual([]);
    const count = world.emulator.requests.length;
    const second = await engine(connections);
    const again = await second.plan();
    expect(again.steps).toEqual([]);
    expect(again.drift).toEqual([]);
    await second.apply(again);
    const status = await second.status();
    expect(status.connections.map((connection) => connection.health)).toEqual(['connected', 'connected']);
    expect(world.emulator.requests.slice(count).filter((request) => request.mutating)).toEqual([]);
    const last = await engine(connections);
    const ended = await last.apply(await last.plan({ mode: 'destroy' }));
    expect(ended.steps.filter((step) => step.outcome !== 'done')).toEqual([]);
    expect((await last.plan({ mode: 'destroy' })).steps).toEqual([]);
    expect(world.emulator.crashes).toEqual([]);
    const refused = world.emulator.requests.filter((request) => request.code !== undefined);
    expect(refused.map(({ operation, code }) => `${operation} ${code ?? ''}`)).toEqual([]);
  });
});
