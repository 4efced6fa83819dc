/** Default quotas, each at its edge: what a plan leaves in the cloud fits exactly, and one less is one too few. */
import { describe, expect, it } from '@jest/globals';
import type { PeeringLimits, ProviderPlugin, RouteLimits } from '@peerway/core';
import { FakeCloud, type FakeOptions } from './fakeCloud.js';
import { hub, pair, Scene } from './scene.js';

interface Limits {
  readonly peerings?: Partial<PeeringLimits>;
  readonly routes?: Partial<RouteLimits>;
}

/** A cloud with other default quotas. */
class Quoted extends FakeCloud {
  constructor(
    readonly limits: Limits,
    options: Partial<FakeOptions> = {},
  ) {
    super(options);
    this.network('web', ['10.0.0.0/16']);
    for (const [at, name] of ['a', 'b', 'c'].entries()) this.network(name, [`10.${at + 1}.0.0/16`]);
    this.network('far', ['10.9.0.0/16'], { region: 'r2' });
    this.network('theirs', ['10.8.0.0/16'], { account: 'acc-b' });
  }

  override plugin(): ProviderPlugin {
    const plugin = super.plugin();
    const { mechanisms, routes } = plugin.capabilities;
    const { perNetwork: _network, perAccountAndRegion: _account, ...rest } = mechanisms[0].limits;
    const [first, second] = mechanisms;
    const limited = (of: typeof first) => ({ ...of, limits: { ...rest, ...this.limits.peerings } });
    return {
      ...plugin,
      capabilities: {
        ...plugin.capabilities,
        mechanisms: [limited(first), ...(second === undefined ? [] : [limited(second)])],
        routes: { ...routes, limits: { ...routes.limits, ...this.limits.routes } },
      },
    };
  }
}

const wheel = hub('h', 'web', ['a', 'b', 'far']);
const problems = async (cloud: Quoted, connections = [wheel]): Promise<string[]> =>
  (await new Scene(cloud, { connections }).plan()).problems.map(
    ({ kind, severity, object, message, forceable }) =>
      `${severity} ${kind} ${object}${forceable === true ? ', forceable' : ''}: ${message}`,
  );
/** One that is kept and one that is too low by one, of which the second says so once. */
async function edge(limits: (quota: number) => Limits, quota: number, says: string, connections = [wheel]) {
  expect(await problems(new Quoted(limits(quota)), connections)).toEqual([]);
  expect(await problems(new Quoted(limits(quota - 1)), connections)).toEqual([
    `error quota-peerings ${says}; the default quota is ${quota - 1}`,
  ]);
}

describe('the quota', () => {
  it('of peerings inside the region', () =>
    edge(
      (sameRegion) => ({ peerings: { perNetwork: { sameRegion } } }),
      2,
      'web, forceable: web (web) would have 2 peerings inside the region of fast',
    ));

  it('of peerings to other regions, at both ends', async () => {
    const limits = (crossRegion: number) => ({ peerings: { perNetwork: { crossRegion } } });
    expect(await problems(new Quoted(limits(1)))).toEqual([]);
    expect(await problems(new Quoted(limits(0)))).toEqual(
      ['far', 'web'].map(
        (name) =>
          `error quota-peerings ${name}, forceable: ${name} (${name}) would have 1 peerings to other regions of fast; the default quota is 0`,
      ),
    );
  });

  it('of all peerings of a network', () =>
    edge(
      (total) => ({ peerings: { perNetwork: { total } } }),
      3,
      'web, forceable: web (web) would have 3 peerings of fast',
    ));

  it('of ends in an account and region, those in other regions aside', () =>
    edge(
      (perAccountAndRegion) => ({ peerings: { perAccountAndRegion } }),
      3,
      'acc-a.r1, forceable: The account of acc-a.r1 would have 3 ends of fast in r1',
    ));

  it('of peerings in an account, over its regions, each once', () =>
    edge(
      (perAccount) => ({ peerings: { perAccount } }),
      4,
      'acc-a.r1, forceable: The account of acc-a.r1 would have 4 peerings by fast in all its regions',
      [wheel, pair('t', 'c', 'theirs')],
    ));

  it('of routes counts those of owners and what is added, less what is taken away', async () => {
    const cloud = (perTable: number) => {
      const made = new Quoted({ routes: { perTable } });
      made.plantRoute('web', '12.0.0.0/16', { kind: 'other', id: 'nat' });
      return made;
    };
    expect(await problems(cloud(4))).toEqual([]);
    expect(await problems(cloud(3))).toEqual([
      'error quota-routes web, forceable: vtb-web (web) would hold 4 routes; the default quota is 3',
    ]);
  });

  it('counts what is there, and not what leaves in the same run', async () => {
    const cloud = new Quoted({ peerings: { perNetwork: { total: 2 } }, routes: { perTable: 2 } });
    const scene = new Scene(cloud, { connections: [hub('h', 'web', ['a', 'b'])] });
    expect((await scene.apply()).outcome).toBe('done');
    expect(await problems(cloud, [hub('h', 'web', ['a', 'b', 'c'])])).toEqual([
      'error quota-peerings web, forceable: web (web) would have 3 peerings of fast; the default quota is 2',
      'error quota-routes web, forceable: vtb-web (web) would hold 3 routes; the default quota is 2',
    ]);
    // one goes and one comes
    const swapped = await problems(cloud, [hub('h', 'web', ['a', 'c'])]);
    expect(swapped.filter((line) => line.includes('quota'))).toEqual([]);
  });

  it('is no matter where nothing is added, however much is there', async () => {
    const cloud = new Quoted({});
    const scene = new Scene(cloud, { connections: [wheel] });
    await scene.apply();
    Object.assign(cloud.limits, {
      peerings: { perNetwork: { total: 1 }, perAccount: 1, perAccountAndRegion: 1 },
      routes: { perTable: 1 },
    });
    expect(await problems(cloud)).toEqual([]);
    cloud.dropRoute('a', '10.0.0.0/16');
    expect(await problems(cloud)).toEqual([]);
  });

  it('of requests that wait is for who asks, by the mechanism that is asked for', async () => {
    const asked = async (pending: number, initiator: string, mechanism: 'fast' | 'old' = 'fast') => {
      const cloud = new Quoted({ peerings: { pendingPerAccountAndRegion: pending } });
      cloud.plantPeering(initiator, initiator === 'c' ? 'theirs' : 'c', { state: 'pending-acceptance', mechanism });
      return problems(cloud, [pair('x', 'web', 'theirs')]);
    };
    expect(await asked(2, 'c')).toEqual([]);
    expect(await asked(1, 'c')).toEqual([
      'error quota-peerings acc-a.r1, forceable: The account of acc-a.r1 has 1 requests of fast that wait in r1, and the default quota is 1: it may ask for nothing more',
    ]);
    expect(await asked(1, 'c', 'old')).toEqual([]);
    expect(await asked(1, 'theirs')).toEqual([]);
  });
});
