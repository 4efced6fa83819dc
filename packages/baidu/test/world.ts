/**
 * The emulator as this adapter's tests use it: over HTTP only, and somebody else's hands by way of the vendor's own
 * SDK.
 */
import { createRequire } from 'node:module';
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
  type ProviderContext,
} from '@peerway/core';
import { baidu, BaiduOptions } from '../src/index.js';

export type Who = 'a' | 'b';
export type Where = 'bj' | 'gz';
export const ACCOUNTS = DEFAULT_WORLD.baidu.accounts;

/** The emulator writes its times in UTC. */
export const OPTIONS = Object.assign(new BaiduOptions(), { timestampOffsetMinutes: 0 });

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
export type Vendor = (
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
