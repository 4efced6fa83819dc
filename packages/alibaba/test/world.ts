/** The emulator as this adapter's tests use it: over HTTP only, and somebody else's hands by way of the vendor's own library. */
import PopCore from '@alicloud/pop-core';
import { DEFAULT_WORLD, Emulator, type EmulatorOptions } from '@peerway/emulator';
import {
  accountId,
  networkId,
  Provider,
  Redactor,
  regionId,
  routeTableId,
  seededRandom,
  VirtualClock,
  type NetworkId,
  type ProviderContext,
} from '@peerway/core';
import { alibaba, AlibabaOptions } from '@peerway/alibaba';

export type Who = 'a' | 'b';
export type Where = (typeof DEFAULT_WORLD.alibaba.regions)[number];
export const { accounts: ACCOUNTS, regions: REGIONS, networks: NETWORKS, ports: PORTS } = DEFAULT_WORLD.alibaba;

/** Everything that a quota would stop in a long run. */
export const ROOMY = {
  'alibaba.vpc.perRegion': 1_000,
  'alibaba.vpcPeer.intraRegionPerVpc': 1_000,
  'alibaba.vpcPeer.crossRegionPerVpc': 1_000,
  'alibaba.vpcPeer.perAccountAndRegion': 1_000,
};

type Vendor = (product: 'vpc' | 'vpcpeer', action: string, parameters: object) => Promise<Record<string, unknown>>;

export interface Site {
  readonly id: NetworkId;
  readonly cidr: string;
  readonly table: ReturnType<typeof routeTableId>;
  readonly router: string;
}

export interface Session {
  readonly emulator: Emulator;
  readonly clock: VirtualClock;
  /** A provider of that account in that region, closed with the session. */
  provider(
    who: Who,
    where: Where,
    changes?: Partial<ProviderContext> & { readonly readOnly?: boolean },
  ): Promise<Provider>;
  /** The networks of the default world there, in order. */
  sites(who: Who, where: Where): readonly Site[];
  /** The vendor's library in the hands of somebody else. */
  vendor(who: Who, where: Where): Vendor;
  /** Operations asked for since the given count, reads and writes. */
  operations(from?: number): string[];
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
    async provider(who, where, { readOnly = false, ...changes } = {}) {
      const { accessKeyId, accessKeySecret } = ACCOUNTS[who];
      const redactor = new Redactor();
      const settings = { name: `${who}-${where}`, region: regionId(where) };
      const driver = await alibaba.create({
        ...settings,
        endpoint: emulator.alibaba.endpoint,
        options: new AlibabaOptions(),
        credentials: { accessKeyId, accessKeySecret },
        env: {},
        clock,
        random,
        redactor,
        ...changes,
      });
      const provider = new Provider(alibaba, driver, settings, { clock, random, redactor }, { readOnly });
      opened.push(provider);
      return provider;
    },
    sites: (who, where) =>
      NETWORKS.filter(({ account, region }) => account === who && region === where).map(
        ({ id, cidrs, routeTable, router }) => ({
          id: networkId(id),
          cidr: cidrs[0],
          table: routeTableId(routeTable),
          router,
        }),
      ),
    vendor: (who, where) => async (product, action, parameters) => {
      const { accessKeyId, accessKeySecret } = ACCOUNTS[who];
      const apiVersion = product === 'vpc' ? '2016-04-28' : '2022-01-01';
      const client = new PopCore({ endpoint: emulator.alibaba.endpoint, apiVersion, accessKeyId, accessKeySecret });
      return client.request(action, { RegionId: where, ...parameters }, { method: 'POST', timeout: 10_000 });
    },
    operations: (from = 0) => emulator.requests.slice(from).map(({ operation }) => operation),
    async close() {
      for (const provider of opened) await provider.close();
      await emulator.close();
      if (emulator.crashes.length > 0) throw new Error(`the emulator crashed: ${String(emulator.crashes[0]?.error)}`);
    },
  };
}

/** The emulator's account ids as core writes them. */
export const accountOf = (who: Who) => accountId(ACCOUNTS[who].id);

export async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export const nextHopOf = (end: {
  readonly nextHop?: { readonly kind: 'peering' | 'link' | 'other'; readonly id: string };
}) => {
  if (end.nextHop === undefined) throw new Error('no next hop');
  return end.nextHop;
};
