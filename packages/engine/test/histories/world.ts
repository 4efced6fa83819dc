/** One world for one history: both accounts of one cloud, four networks, and what other people have in them. */
import type { Provider, RequestObserver } from '@peerway/core';
import {
  accountId,
  networkId,
  portId,
  Provider as ProviderOf,
  Redactor,
  regionId,
  seededRandom,
  VirtualClock,
} from '@peerway/core';
import { alibaba } from '@peerway/alibaba';
import { baidu } from '@peerway/baidu';
import { DEFAULT_WORLD, Emulator, type EmulatorState } from '@peerway/emulator';
import { Engine, type EngineOptions, type StackSpec } from '../../src/index.js';
import { ROOMY, type CloudName } from '../emulated.js';
import { inNewProcess } from '../newProcess.js';
import { withoutSockets } from './inProcess.js';
import { Narrator } from './narrator.js';

const PLUGINS = { alibaba, baidu };

/** What is drawn before the first step. */
export interface Scenario {
  readonly cloud: CloudName;
  /** Which networks have an IPv6 prefix beside the IPv4 one; only where the cloud's adapter writes IPv6 routes. */
  readonly dualStack: readonly boolean[];
  /** A custom table in `n0`, and a route to a prefix list in the main table of `n1`; only where the cloud has such things. */
  readonly tables: boolean;
  readonly prefixList: boolean;
  /** 0..59: seconds of the minute at which it begins; what the adapters do in windows of time depends on it. */
  readonly second: number;
}

const HOUR = 3_600_000;
/** One for all, so that a history is the same whenever it is lived; a day and a month end soon after it. */
const BEGINNING = Date.UTC(2026, 10, 30, 20);

export const NETWORKS = ['n0', 'n1', 'n2', 'far'] as const;
export type NetworkName = (typeof NETWORKS)[number];

interface Placed {
  readonly who: 'a' | 'b';
  readonly region: 0 | 1;
  readonly cidrs: readonly string[];
  readonly ipv6: string;
}

const PLACES: Record<NetworkName, Placed> = {
  n0: { who: 'a', region: 0, cidrs: ['11.0.0.0/16'], ipv6: '2408:4001:0:100::/56' },
  n1: { who: 'a', region: 0, cidrs: ['11.1.0.0/16', '12.1.16.0/20'], ipv6: '2408:4001:0:200::/56' },
  n2: { who: 'a', region: 1, cidrs: ['11.2.0.0/16'], ipv6: '2408:4002:0:300::/56' },
  far: { who: 'b', region: 1, cidrs: ['11.3.0.0/16'], ipv6: '2408:4002:0:400::/56' },
};

/** Prefixes of version 4. */
export const prefixesOf = (name: NetworkName): readonly string[] => PLACES[name].cidrs;

/** What the file says of every provider entry besides whose it is; `none`: it does not say the account. */
interface Said {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly account?: string;
}

/** Thrown by the observer of a process that has been killed: nothing of it runs any further. */
class Killed extends Error {}

/** When the process under test dies: at its `at`-th request, before it is sent or when the cloud has carried it out. */
export interface Cut {
  readonly at: number;
  readonly phase: 'before' | 'done';
  /** Only requests that may change something count. */
  readonly counts?: 'changes';
}

type Row = { readonly id: string } & Readonly<Record<string, unknown>>;
export type Tables = Readonly<Record<string, readonly Row[]>>;

/** Tables of the emulator whose rows a stack may own. */
export const OWNED_TABLES: Record<CloudName, readonly string[]> = {
  alibaba: ['alibaba.vpcPeers', 'alibaba.routerInterfaces', 'alibaba.borderRouters', 'alibaba.routeEntries'],
  baidu: ['baidu.peerconns', 'baidu.gateways', 'baidu.routeRules'],
};

export class HistoryWorld {
  readonly #base: EmulatorState;
  #life: { count: number; cut: Cut | undefined; dead: boolean } = { count: 0, cut: undefined, dead: false };
  /** What people work with, and what the process of the moment has opened. */
  readonly #hands = new Map<string, Provider>();
  readonly #entries = new Map<string, Provider>();
  readonly ids = new Map<NetworkName, string>();
  customTable: string | undefined;
  #seed = 1;

  private constructor(
    readonly emulator: Emulator,
    readonly clock: VirtualClock,
    readonly cloud: CloudName,
    private readonly sockets: () => void,
    private readonly narrator: Narrator | undefined,
  ) {
    this.#base = emulator.snapshot();
  }

  /** @param tell hears of every step, plan, request and event */
  static async start(cloud: CloudName, tell?: (line: string) => void): Promise<HistoryWorld> {
    let narrator: Narrator | undefined;
    const emulator = await Emulator.start({
      seed: 1,
      start: BEGINNING,
      ...(tell === undefined ? {} : { onRequest: (one) => narrator?.request(one) }),
    });
    for (const [rule, value] of Object.entries(ROOMY)) emulator.rules.set({ [rule]: value });
    if (cloud === 'baidu')
      emulator.rules.set({ 'baidu.peerconn.quotaPerVpc': 1_000, 'baidu.peerconn.quotaPerAccount': 1_000 });
    else emulator.rules.set({ 'alibaba.routerInterface.perRouter': 1_000 });
    const clock = new VirtualClock({ start: emulator.clock.now(), onAdvance: (now) => emulator.clock.advanceTo(now) });
    if (tell !== undefined) narrator = new Narrator(tell, () => clock.now());
    return new HistoryWorld(emulator, clock, cloud, withoutSockets(emulator), narrator);
  }

  /** Where a single history says what it does. */
  readonly tell = (line: string): void => this.narrator?.say(line);

  /** The same beginning for every history of the same scenario. Time goes on, to the next hour: the adapters have one clock. */
  async open(scenario: Scenario): Promise<void> {
    const { emulator } = this;
    await this.clock.sleep(HOUR - (this.clock.now() % HOUR) + scenario.second * 1_000);
    const now = this.clock.now();
    emulator.reset(); // its logs, too: those of thousands of histories are much to look through for whoever collects garbage
    emulator.restore({ ...this.#base, now, events: [] });
    this.#life = { count: 0, cut: undefined, dead: false };
    const { accounts, regions } = DEFAULT_WORLD[this.cloud];
    for (const [at, name] of NETWORKS.entries()) {
      const { who, region, cidrs, ipv6 } = PLACES[name];
      const seeded = emulator.world.network({
        cloud: this.cloud,
        account: accounts[who].id,
        region: regions[region],
        cidrs: scenario.dualStack[at] === true && this.cloud === 'alibaba' ? [...cidrs, ipv6] : cidrs,
        name,
      });
      this.ids.set(name, seeded.id);
    }
    if (this.cloud === 'baidu') this.#openChannels(accounts.a.id);
    this.customTable = undefined;
    if (this.cloud === 'alibaba' && scenario.tables) this.customTable = await this.#makeTable();
    if (this.cloud === 'alibaba' && scenario.prefixList) this.#addPrefixListRoute();
  }

  id(name: NetworkName): string {
    const id = this.ids.get(name);
    if (id === undefined) throw new Error(`no network ${name}`);
    return id;
  }

  /** Provider entry that owns the network, under the observer that kills. */
  async entry(name: NetworkName, said: Said = {}): Promise<Provider> {
    const { who, region } = PLACES[name];
    return this.#provider(who, region, `${who}${region}`, true, said);
  }

  /** Ends the process of the moment: the next one opens its own providers and remembers nothing. */
  async forget(): Promise<void> {
    for (const provider of this.#entries.values()) await provider.close();
    this.#entries.clear();
    this.narrator?.begin();
  }

  /** What a person in the console would use: the same account, never killed. */
  async hand(name: NetworkName): Promise<Provider> {
    const { who, region } = PLACES[name];
    return this.#provider(who, region, `hand-${who}${region}`, false);
  }

  /** @param across true: one that account b owns, on Alibaba Cloud in the other region, where `far` is; Baidu joins none across regions */
  port(across = false): string {
    const { ports, regions } = DEFAULT_WORLD[this.cloud];
    const { who, region } = this.#placeOfPort(across);
    const port = ports.find((one) => one.account === who && one.region === regions[region]);
    if (port === undefined) throw new Error('the default world has no port');
    return portId(port.id);
  }

  /** Provider entry that owns the port of a line across accounts. */
  async portEntry(said: Said = {}): Promise<Provider> {
    const { who, region } = this.#placeOfPort(true);
    return this.#provider(who, region, `${who}${region}`, true, said);
  }

  #placeOfPort(across: boolean): Pick<Placed, 'who' | 'region'> {
    return across ? { who: 'b', region: this.cloud === 'alibaba' ? 1 : 0 } : { who: 'a', region: 0 };
  }

  /** @param onEvent otherwise the narrator hears of them */
  engine(stack: StackSpec, onEvent?: EngineOptions['onEvent']): Engine {
    return new Engine({
      stack,
      clock: inNewProcess(this.clock),
      onEvent: onEvent ?? ((event) => this.narrator?.event(event)),
    });
  }

  /** Runs `work` as a process of its own that may be killed. @returns undefined when it was */
  async process<T>(work: () => Promise<T>, cut?: Cut): Promise<T | undefined> {
    this.#life = { count: 0, cut, dead: false };
    try {
      const value = await work();
      return this.#life.dead ? undefined : value;
    } catch (error) {
      if (this.#life.dead) return undefined;
      throw error;
    } finally {
      this.#life = { count: 0, cut: undefined, dead: false };
    }
  }

  /** The cloud's own rows, everything due by now settled. */
  tables(): Tables {
    return this.emulator.snapshot().tables;
  }

  /** Lets time pass: what is on its way arrives, what is unanswered lapses. */
  async pass(ms: number): Promise<void> {
    await this.clock.sleep(ms);
  }

  async close(): Promise<void> {
    this.sockets();
    await this.forget();
    for (const provider of this.#hands.values()) await provider.close();
    await this.emulator.close();
  }

  async #provider(
    who: 'a' | 'b',
    region: 0 | 1,
    name: string,
    mortal: boolean,
    { options = {}, account: written }: Said = {},
  ): Promise<Provider> {
    const key = JSON.stringify([name, options, written]);
    const opened = mortal ? this.#entries : this.#hands;
    const known = opened.get(key);
    if (known !== undefined) return known;
    const plugin = PLUGINS[this.cloud];
    const world = DEFAULT_WORLD[this.cloud];
    const account = world.accounts[who];
    const place = world.regions[region];
    const settings = {
      name,
      region: regionId(place),
      ...(written === 'none' ? {} : { account: accountId(written ?? account.id) }),
    };
    const context = { clock: this.clock, random: seededRandom(++this.#seed), redactor: new Redactor() };
    const driver = await plugin.create({
      ...settings,
      ...context,
      endpoint: this.cloud === 'alibaba' ? this.emulator.alibaba.endpoint : this.emulator.baidu.endpoint(place),
      options: Object.assign(new plugin.options(), options),
      credentials: { accessKeyId: account.accessKeyId, accessKeySecret: account.accessKeySecret },
      env: {},
    });
    const provider = new ProviderOf(plugin, driver, settings, {
      ...context,
      ...(mortal ? { observer: this.#observer() } : {}),
    });
    opened.set(key, provider);
    return provider;
  }

  #observer(): RequestObserver {
    const die = (): never => {
      this.#life.dead = true;
      throw new Killed('killed');
    };
    return {
      requestSent: (_, { mutating }) => {
        const life = this.#life;
        if (life.dead) die();
        if (mutating || life.cut?.counts === undefined) life.count++;
        if (life.cut?.phase === 'before' && life.count >= life.cut.at) die();
      },
      requestAnswered: () => {
        const life = this.#life;
        if (life.dead || (life.cut?.phase === 'done' && life.count >= life.cut.at)) die();
      },
    };
  }

  async #makeTable(): Promise<string> {
    const state = this.emulator.snapshot();
    const tables = state.tables['alibaba.routeTables'] as readonly Row[];
    const main = tables.find((table) => table['scope'] === this.id('n0'));
    if (main === undefined) throw new Error('n0 has no table');
    const id = 'vtb-historiescustom00';
    this.#addRow('alibaba.routeTables', { ...main, id, type: 'Custom', name: 'custom' });
    return id;
  }

  /** A vSwitch of the network that uses the custom table. */
  useTable(name: NetworkName): void {
    const vpc = (this.tables()['alibaba.vpcs'] ?? []).find((row) => row.id === this.id(name));
    this.#addRow('alibaba.vswitches', {
      id: 'vsw-histories',
      account: vpc?.['account'],
      region: vpc?.['region'],
      status: 'Available',
      vpc: this.id(name),
      zone: 'cn-hangzhou-h',
      name: '',
      description: '',
      cidr: '11.0.9.0/24',
      routeTable: this.customTable,
      createdAt: 0,
    });
  }

  #addPrefixListRoute(): void {
    const rows = this.emulator.snapshot().tables['alibaba.routeEntries'] as readonly Row[];
    const like = rows.find((row) => row['scope'] === this.id('n1'));
    if (like === undefined) throw new Error('n1 has no route');
    this.#addRow('alibaba.routeEntries', {
      ...like,
      id: 'rte-historiesprefixlist',
      destination: 'pl-0xi1234567890abcdef',
      type: 'Custom',
      description: 'by hand',
      nextHops: [{ type: 'NatGateway', id: 'ngw-histories' }],
    });
  }

  /** The owners of lines let the account use them. */
  #openChannels(account: string): void {
    const state = this.emulator.snapshot();
    const channels = (state.tables['baidu.channels'] ?? []).map((row) => ({ ...row, authorizedUsers: [account] }));
    this.emulator.restore({ ...state, tables: { ...state.tables, 'baidu.channels': channels } });
  }

  #addRow(table: string, row: Row): void {
    const state = this.emulator.snapshot();
    this.emulator.restore({ ...state, tables: { ...state.tables, [table]: [...(state.tables[table] ?? []), row] } });
  }
}

export const networkOf = (world: HistoryWorld, name: NetworkName): ReturnType<typeof networkId> =>
  networkId(world.id(name));
