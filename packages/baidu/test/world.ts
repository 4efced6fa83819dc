/**
 * The emulator as this adapter's tests use it: over HTTP only, and somebody else's hands by way of the vendor's own
 * SDK.
 */
import { createRequire } from 'node:module';
import { afterEach, expect } from '@jest/globals';
import { DEFAULT_WORLD, Emulator, type EmulatorOptions } from '@peerway/emulator';
import {
  accountId,
  networkId,
  Provider,
  Redactor,
  regionId,
  seededRandom,
  VirtualClock,
  type Clock,
  type NetworkId,
  type Peering,
  type PeeringId,
  type ProviderContext,
} from '@peerway/core';
import { baidu, BaiduOptions } from '../src/index.js';

export type Who = 'a' | 'b';
export type Where = 'bj' | 'gz';
export const ACCOUNTS = DEFAULT_WORLD.baidu.accounts;

/** What a user who writes no options gets. */
export const OPTIONS = new BaiduOptions();

export interface Session {
  readonly emulator: Emulator;
  readonly clock: VirtualClock;
  /** A provider of that account in that region, closed with the session. */
  provider(
    who: Who,
    where: Where,
    changes?: Partial<ProviderContext> & { readonly waitClock?: Clock },
  ): Promise<Provider>;
  /** The networks of the default world there, in order. */
  networks(who: Who, where: Where): readonly NetworkId[];
  vendor(who: Who, where: Where): Vendor;
  close(): Promise<void>;
}

export async function session(options: EmulatorOptions = {}): Promise<Session> {
  const emulator = await Emulator.start({ seed: 1, ...options });
  const clock = new VirtualClock({ start: emulator.clock.now(), onAdvance: (now) => emulator.clock.advanceTo(now) });
  const random = seededRandom(11);
  const opened: Provider[] = [];
  return {
    emulator,
    clock,
    async provider(who, where, changes = {}) {
      const { id, accessKeyId, accessKeySecret } = ACCOUNTS[who];
      const redactor = new Redactor();
      const settings = { name: `${who}-${where}`, region: regionId(where), account: accountId(id) };
      const driver = await baidu.create({
        ...settings,
        endpoint: emulator.baidu.endpoint(where),
        options: OPTIONS,
        credentials: { accessKeyId, accessKeySecret },
        env: {},
        clock,
        random,
        redactor,
        ...changes,
      });
      const provider = new Provider(baidu, driver, settings, { clock, random, redactor });
      opened.push(provider);
      return provider;
    },
    networks: (who, where) =>
      DEFAULT_WORLD.baidu.networks.flatMap(({ account, region, id }) =>
        account === who && region === where ? [networkId(id)] : [],
      ),
    vendor: (who, where) => vendor(emulator.baidu.endpoint(where), ACCOUNTS[who]),
    async close() {
      await Promise.all(opened.map((provider) => provider.close()));
      await emulator.close();
    },
  };
}

/** One request of the vendor's generic client; answers the body. */
type Vendor = (
  method: string,
  path: string,
  more?: { readonly params?: object; readonly body?: string },
) => Promise<Record<string, unknown>>;

type BaseClient = new (
  config: object,
  service: string,
  regionSupported: boolean,
) => { sendRequest(method: string, path: string, more: object): Promise<{ body: Record<string, unknown> }> };

function vendor(endpoint: string, keys: { readonly accessKeyId: string; readonly accessKeySecret: string }): Vendor {
  const { BceBaseClient } = createRequire(import.meta.url)('@baiducloud/sdk') as { BceBaseClient: BaseClient };
  const credentials = { ak: keys.accessKeyId, sk: keys.accessKeySecret };
  const client = new BceBaseClient({ endpoint, credentials }, 'vpc', true);
  return async (method, path, more = {}) => (await client.sendRequest(method, path, more)).body;
}

export const BJ = regionId('bj');
export const GZ = regionId('gz');
export const DAY_MS = 24 * 3_600_000;

/** Opens sessions for the tests of a file, each ended after its test, which fails when the emulator crashed. */
export function sessions(): (options?: EmulatorOptions) => Promise<Session> {
  const opened: Session[] = [];
  afterEach(async () => {
    for (const { emulator } of opened) expect(emulator.crashes).toEqual([]);
    await Promise.all(opened.splice(0).map(({ close }) => close()));
  });
  return async (options) => {
    const made = await session(options);
    opened.push(made);
    return made;
  };
}

export const first = (s: Session, who: Who, where: Where): NetworkId => s.networks(who, where)[0]!;

/** What the emulator was asked, in order. */
export const operations = (s: Session): string[] => s.emulator.requests.map(({ operation }) => operation);

/** A request of account a in Beijing to account b in Guangzhou, and both providers. */
export async function across(s: Session): Promise<{ from: Provider; to: Provider; id: PeeringId }> {
  const [from, to] = [await s.provider('a', 'bj'), await s.provider('b', 'gz')];
  const { id } = await from.peerings.create({
    initiator: first(s, 'a', 'bj'),
    acceptor: { account: accountId(ACCOUNTS.b.id), region: GZ, network: first(s, 'b', 'gz') },
    bandwidthMbps: 20,
    description: 'from a to b',
  });
  return { from, to, id };
}

/** An active peering inside one account and region. */
export async function within(s: Session): Promise<{ provider: Provider; peering: Peering }> {
  const provider = await s.provider('a', 'bj');
  const [initiator, network] = s.networks('a', 'bj');
  return {
    provider,
    peering: await provider.peerings.create({ initiator: initiator!, acceptor: { region: BJ, network: network! } }),
  };
}
