/** An emulator that plays the live cloud, and the parties of a run as the adapters make them. */
import { alibaba, AlibabaOptions } from '@peerway/alibaba';
import { baidu, BaiduOptions } from '@peerway/baidu';
import {
  canceled,
  rawApi,
  Redactor,
  regionId,
  accountId,
  seededRandom,
  type Clock,
  type ProviderDriver,
  type RawApi,
} from '@peerway/core';
import { DEFAULT_WORLD, Emulator, type EmulatorOptions } from '@peerway/emulator';
import {
  chooseProbes,
  evidenceText,
  findingsOf,
  readEvidence,
  runParity,
  type Cloud,
  type Evidence,
  type Finding,
  type Login,
  type Logins,
  type Parties,
  type Party,
  type PartyKey,
  type RunResult,
  type SheetRule,
} from '@peerway/parity';

type CloudName = 'alibaba' | 'baidu';

const PLACES = {
  alibaba: { near: 'cn-hangzhou', far: 'cn-beijing' },
  baidu: { near: 'bj', far: 'gz' },
} as const;

/** Room for the run's networks beside those of the default world. */
export const ROOM = { 'alibaba.vpc.perRegion': 100, 'baidu.vpc.quotaPerRegion': 100 } as const;

/** Changes how a party asks, e.g. breaks it off. */
export type Between = (raw: RawApi, party: PartyKey) => RawApi;

export class World {
  /** The emulator's own: waiting moves it. One thing at a time. */
  readonly clock: Clock = {
    now: () => this.emulator.clock.now(),
    sleep: async (ms, signal) => {
      if (signal?.aborted === true) throw canceled();
      this.emulator.clock.advance(Math.max(0, ms));
    },
    during: (work) => work,
  };
  readonly #drivers: ProviderDriver[] = [];

  private constructor(
    readonly emulator: Emulator,
    readonly cloud: Cloud,
  ) {}

  static async open(cloud: Cloud, options: EmulatorOptions = {}): Promise<World> {
    // far from the machine's time, which the emulator takes as well, for unmodified SDKs
    const emulator = await Emulator.start({ seed: 1, start: Date.UTC(2030, 0, 1), ...options });
    emulator.rules.set({ ...ROOM, ...options.rules });
    return new World(emulator, cloud);
  }

  get sheet(): readonly SheetRule[] {
    return this.emulator.rules.list();
  }

  async parties(between: Between = (raw) => raw, which: readonly PartyKey[] = ['a', 'b', 'far']): Promise<Parties> {
    const places = PLACES[this.cloud.id as CloudName];
    const made = await Promise.all(
      which.map(async (key): Promise<[PartyKey, Party]> => {
        const region = key === 'far' ? places.far : places.near;
        const keys = DEFAULT_WORLD[this.cloud.id as CloudName].accounts[key === 'b' ? 'b' : 'a'];
        const raw = between(await this.#raw(region, keys), key);
        return [key, { raw, region, account: keys.id }];
      }),
    );
    return Object.fromEntries(made) as unknown as Parties;
  }

  /** What drivers of the same parties are made of. */
  logins(which: readonly PartyKey[] = ['a', 'b', 'far']): Logins {
    const places = PLACES[this.cloud.id as CloudName];
    const made = which.map((key): [PartyKey, Login] => {
      const keys = DEFAULT_WORLD[this.cloud.id as CloudName].accounts[key === 'b' ? 'b' : 'a'];
      return [key, this.#login(key === 'far' ? places.far : places.near, keys)];
    });
    return Object.fromEntries(made) as unknown as Logins;
  }

  #login(
    region: string,
    keys: { readonly id: string; readonly accessKeyId: string; readonly accessKeySecret: string },
  ): Login {
    const settings = {
      name: region,
      region: regionId(region),
      account: accountId(keys.id),
      credentials: { accessKeyId: keys.accessKeyId, accessKeySecret: keys.accessKeySecret },
      env: {},
      clock: this.clock,
      random: seededRandom(3),
      redactor: new Redactor(),
    };
    return this.cloud.id === 'alibaba'
      ? {
          plugin: alibaba,
          context: { ...settings, endpoint: this.emulator.alibaba.endpoint, options: new AlibabaOptions() },
        }
      : {
          plugin: baidu,
          context: { ...settings, endpoint: this.emulator.baidu.endpoint(region), options: new BaiduOptions() },
        };
  }

  async #raw(
    region: string,
    keys: { readonly id: string; readonly accessKeyId: string; readonly accessKeySecret: string },
  ): Promise<RawApi> {
    const { plugin, context } = this.#login(region, keys);
    const driver = await plugin.create(context);
    this.#drivers.push(driver);
    const raw = driver.native?.(rawApi);
    if (raw === undefined) throw new Error('no raw API');
    return raw;
  }

  async close(): Promise<void> {
    for (const driver of this.#drivers) await driver.close();
    await this.emulator.close();
    if (this.emulator.crashes.length > 0) throw new Error(`crashed: ${String(this.emulator.crashes[0]?.error)}`);
  }
}

const EVERYTHING = { crossRegion: true, bandwidth: true, wait: true } as const;

export interface Ran {
  readonly result: RunResult;
  readonly findings: readonly Finding[];
  /** The file as it was saved last. */
  readonly saved: Evidence;
  readonly text: string;
}

/** Two runs with one seed would use each other's tokens. */
let seeds = 0;

/** A run of everything that there is a probe for. */
export async function everything(
  world: World,
  parties: Parties,
  more: {
    readonly seed?: number;
    readonly resume?: Evidence;
    readonly rules?: readonly string[];
    readonly signal?: AbortSignal;
    readonly save?: (text: string) => void;
  } = {},
): Promise<Ran> {
  const { cloud, sheet, clock } = world;
  const { seed = (seeds += 1), resume, rules, signal } = more;
  const choice = chooseProbes(cloud, { parties, sheet, allow: EVERYTHING, ...(rules === undefined ? {} : { rules }) });
  let text = '';
  const result = await runParity({
    cloud,
    parties,
    choice,
    sheet,
    clock,
    random: seededRandom(seed),
    deadlineMs: clock.now() + 4 * 3_600_000,
    save: (evidence) => {
      text = evidenceText(evidence);
      more.save?.(text);
    },
    ...(resume === undefined ? {} : { resume }),
    ...(signal === undefined ? {} : { signal }),
  });
  const findings = findingsOf(result.evidence, sheet, { prefix: cloud.prefix, notProbed: choice.notProbed });
  return { result, findings, saved: readEvidence(text, 'memory'), text };
}
