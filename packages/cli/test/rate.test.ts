/** A rate in the file holds for an account: over entries, regions and application objects of a process, in the cloud's own log. */
import { afterEach, expect, it } from '@jest/globals';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { networkId, regionId, type EngineEvent } from '@peerway/runtime';
import { Peerway } from '../src/index.js';
import { Sandbox } from './harness.js';

const PER_SECOND = 20;
const FOREIGN = 20;
const { accounts, regions } = DEFAULT_WORLD.baidu;
const [bj, gz] = regions;

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

it('is never exceeded by more than two requests in any second, and is reached', async () => {
  const sandbox = await Sandbox.open();
  open.push(sandbox);
  const { emulator, clock } = sandbox;
  emulator.rules.set({ 'baidu.peerconn.quotaPerAccount': 1_000 });
  const network = (region: string, at: number): string =>
    emulator.world.network({ cloud: 'baidu', account: accounts.a.id, region, cidrs: [`11.${at}.0.0/16`], name: 'n' })
      .id;
  const ids = Array.from({ length: 2 * FOREIGN }, (_, at) => network(bj, at));
  const text = (rate: string): string => `version: 1
stack: shop
providers:
  here: { use: baidu, region: ${bj}, endpoint: "${emulator.baidu.endpoint(bj)}"${rate} }
  there: { use: baidu, region: ${gz}, endpoint: "${emulator.baidu.endpoint(bj)}" }
networks: { web: { provider: here, id: ${network(bj, 200)} }, data: { provider: here, id: ${network(bj, 201)} } }
connections: [{ name: c, between: [web, data], bandwidthMbps: 10 }]
`;
  const load = async (rate: string): Promise<Peerway> => {
    const env = { BCE_ACCESS_KEY_ID: accounts.a.accessKeyId, BCE_SECRET_ACCESS_KEY: accounts.a.accessKeySecret };
    const peerway = await Peerway.load('peerway.yaml', {
      text: text(rate),
      env,
      clock,
      conditions: ['@peerway/source'],
    });
    open.push(peerway);
    return peerway;
  };
  const foreign = await load('');
  for (let at = 0; at < FOREIGN; at++)
    await foreign.provider('here').peerings.create({
      initiator: networkId(ids[2 * at]!),
      acceptor: { region: regionId(bj), network: networkId(ids[2 * at + 1]!) },
      bandwidthMbps: 10,
    });

  const [one, two] = [await load(`, callsPerSecond: ${PER_SECOND}`), await load('')];
  const events: EngineEvent[] = [];
  one.on((event) => events.push(event));
  const before = emulator.requests.length;
  const start = clock.now();
  const listings = await Promise.all([
    collect(one.provider('here').peerings.list()),
    collect(two.provider('here').peerings.list()),
    one.plan().then((plan) => one.apply(plan, { force: true })),
  ]);
  expect(listings[0]).toHaveLength(FOREIGN);
  const times = emulator.requests.slice(before).map(({ at }) => at);
  expect(times.length).toBeGreaterThan(2 * FOREIGN);
  const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
  expect(most).toBeLessThanOrEqual(PER_SECOND + 2);
  const busy = times.filter((at) => at < start + 2_000).length;
  expect(busy).toBeGreaterThanOrEqual(2 * PER_SECOND - 2);
  const counted = events.flatMap((event) => (event.type === 'requests.counted' ? [event] : []));
  expect(counted.map(({ provider }) => provider)).toEqual(['here', 'there', 'here']); // plan, then apply
  expect(counted[0]?.waited).toBeGreaterThan(0);
});
