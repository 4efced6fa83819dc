/** What somebody else made in the same networks is there after a whole life of ours, on both clouds: not adopted, not changed, not removed. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { parseCidr, type Network, type Peering, type Provider, type Route } from '@peerway/runtime';
import { Peerway } from '../src/index.js';
import { demoConfig, demoEnv, DEMO_CLOUDS, type DemoCloud } from '../src/commands/demo/demoWorld.js';
import { Sandbox } from './harness.js';

const REGION: Record<DemoCloud, string> = { alibaba: 'cn-hangzhou', baidu: 'bj' };

describe.each(['alibaba', 'baidu'] as const)('%s', (cloud) => {
  let sandbox: Sandbox;
  let peerway: Peerway;
  let home: Provider;
  beforeAll(async () => {
    sandbox = await Sandbox.open();
    const text = demoConfig(DEMO_CLOUDS[cloud]);
    sandbox.write('peerway.yaml', text);
    peerway = await Peerway.load('peerway.yaml', {
      text,
      env: demoEnv(cloud, sandbox.emulator),
      clock: sandbox.clock,
      conditions: ['@peerway/source'],
    });
    home = peerway.provider('home');
  });
  afterAll(async () => {
    await peerway.close();
    await sandbox.close();
  });

  const run = (...argv: string[]): ReturnType<Sandbox['run']> =>
    sandbox.run(argv, { env: demoEnv(cloud, sandbox.emulator) });

  it('a planted peering and a planted route survive apply and destroy', async () => {
    const own = DEFAULT_WORLD[cloud].networks.filter((seed) => seed.account === 'a' && seed.region === REGION[cloud]);
    const networks: Network[] = [];
    for await (const network of home.networks.list()) networks.push(network);
    const named = (name: string): Network => {
      const seed = own.find((each) => each.name.startsWith(`${name}-`));
      const network = networks.find((each) => each.id === seed?.id);
      if (network === undefined) throw new Error(`no network ${name}`);
      return network;
    };
    const [web, jobs] = [named('web'), named('jobs')];

    const foreign = await home.peerings.create({
      initiator: web.id,
      acceptor: { region: jobs.region, network: jobs.id },
      ...(cloud === 'baidu' ? { bandwidthMbps: 10 } : {}),
    });
    const [table] = await home.routes.tables(web.id);
    const nextHop = foreign.initiator.nextHop;
    if (table === undefined || nextHop === undefined) throw new Error('the world is not as it should be');
    const destination = parseCidr('192.168.99.0/24');
    await home.routes.create({ network: web.id, table: table.id, destination, nextHop, description: 'by hand' });

    expect((await run('apply', '--yes')).exit).toBe(0);
    expect((await run('destroy', '--yes', '--force')).exit).toBe(0);

    const peerings: Peering[] = [];
    for await (const peering of home.peerings.list()) peerings.push(peering);
    expect(peerings.map(({ id, state }) => [id, state])).toEqual([[foreign.id, 'active']]);
    const routes: Route[] = [];
    for await (const route of home.routes.list(web.id, table.id)) routes.push(route);
    const custom = routes.filter((route) => route.origin === 'custom');
    expect(custom.map((route) => [route.destination, route.nextHop.id, route.description])).toEqual([
      [destination, nextHop.id, 'by hand'],
    ]);
    expect(sandbox.emulator.crashes).toEqual([]);
  });
});
