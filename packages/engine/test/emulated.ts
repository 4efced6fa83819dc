/** Both clouds on the emulator, through the shipped adapters: what the engine's tests need of them. */
import { alibaba } from '@peerway/alibaba';
import { baidu } from '@peerway/baidu';
import {
  accountId,
  Provider,
  Redactor,
  regionId,
  seededRandom,
  VirtualClock,
  type ProviderPlugin,
  type RequestObserver,
} from '@peerway/core';
import { DEFAULT_WORLD, Emulator, type EmulatorOptions } from '@peerway/emulator';

export type CloudName = 'alibaba' | 'baidu';
const PLUGINS: Record<CloudName, ProviderPlugin> = { alibaba, baidu };

/** Lifts the default quotas, which a mesh of twenty is far beyond. */
export const ROOMY = {
  'alibaba.vpc.perRegion': 1_000,
  'alibaba.vpcPeer.intraRegionPerVpc': 1_000,
  'alibaba.vpcPeer.crossRegionPerVpc': 1_000,
  'alibaba.vpcPeer.perVpc': 1_000,
  'alibaba.vpcPeer.perAccountAndRegion': 1_000,
};

export class Emulated {
  readonly #providers = new Map<string, Provider>();
  /** Two processes never share their randomness: a repeated client token would be answered with an old object. */
  #seed = 0;

  private constructor(
    readonly emulator: Emulator,
    readonly clock: VirtualClock,
  ) {}

  static async start(options: EmulatorOptions = {}): Promise<Emulated> {
    const emulator = await Emulator.start({ seed: 1, ...options });
    const clock = new VirtualClock({ start: emulator.clock.now(), onAdvance: (now) => emulator.clock.advanceTo(now) });
    return new Emulated(emulator, clock);
  }

  /** @param written `unwritten`: the entry does not say whose it is */
  async provider(
    cloud: CloudName,
    who: 'a' | 'b',
    region: string,
    observer?: RequestObserver,
    written: 'written' | 'unwritten' = 'written',
  ): Promise<Provider> {
    const key = `${cloud}-${who}-${region}${written === 'written' ? '' : '-unwritten'}`;
    const known = this.#providers.get(key);
    if (known !== undefined && observer === undefined) return known;
    const plugin = PLUGINS[cloud];
    const account = DEFAULT_WORLD[cloud].accounts[who];
    const redactor = new Redactor();
    const context = { clock: this.clock, random: seededRandom(++this.#seed), redactor };
    const settings = {
      name: key,
      region: regionId(region),
      ...(written === 'written' ? { account: accountId(account.id) } : {}),
    };
    const driver = await plugin.create({
      ...settings,
      ...context,
      endpoint: cloud === 'alibaba' ? this.emulator.alibaba.endpoint : this.emulator.baidu.endpoint(region),
      options: new plugin.options(),
      credentials: { accessKeyId: account.accessKeyId, accessKeySecret: account.accessKeySecret },
      env: {},
    });
    const { accessKeyId: credentials } = account;
    const provider = new Provider(
      plugin,
      driver,
      { ...settings, credentials },
      {
        ...context,
        ...(observer === undefined ? {} : { observer }),
      },
    );
    if (observer === undefined) this.#providers.set(key, provider);
    return provider;
  }

  /** Networks of the default world: `a`: two of account a in the first region, `far`: one of account b in the second. */
  networks(cloud: CloudName): { web: string; data: string; far: string; regions: readonly [string, string] } {
    const { networks, regions } = DEFAULT_WORLD[cloud];
    const [near, away] = regions;
    const mine = networks.filter((network) => network.account === 'a' && network.region === near);
    const theirs = networks.filter((network) => network.account === 'b' && network.region === away);
    return { web: mine[0]!.id, data: mine[1]!.id, far: theirs[0]!.id, regions: [near, away] };
  }

  async close(): Promise<void> {
    for (const provider of this.#providers.values()) await provider.close();
    await this.emulator.close();
  }
}
