/** One emulator: both clouds, their world, clock, rules and faults, on loopback ports. Any number per process. */
import { alibabaCloud } from './alibaba/index.js';
import { baiduCloud } from './baidu/index.js';
import { EmulatorClock } from './machine/clock.js';
import type { ClockMode, ScheduledEvent } from './machine/clock.js';
import type { Cloud, CloudService, Services, WireRequest } from './machine/cloud.js';
import { seedDefaultWorld } from './defaultWorld.js';
import { Faults } from './machine/faults.js';
import { listen } from './machine/httpServer.js';
import type { Listener } from './machine/httpServer.js';
import type { TransitionRecord } from './machine/lifecycle.js';
import { Pipeline } from './machine/pipeline.js';
import type { Delivery } from './machine/pipeline.js';
import { resolveProfile } from './machine/profiles.js';
import type { Profile, ProfileName } from './machine/profiles.js';
import { SeededRandom } from './machine/random.js';
import type { Crash, RequestRecord } from './machine/requests.js';
import { Rules } from './machine/rules.js';
import type { RuleValue } from './machine/rules.js';
import { Table } from './machine/table.js';
import { Tokens } from './machine/tokens.js';
import type { TokenRecord } from './machine/tokens.js';
import { World } from './machine/world.js';
import type { CloudName } from './machine/world.js';

const CLOUDS: readonly Cloud[] = [alibabaCloud, baiduCloud];

export interface EmulatorOptions {
  /** Seed of ids, jitter and faults. Default 1. */
  readonly seed?: number;
  /** 'virtual' (default) stands still until advanced; 'real' follows the machine. */
  readonly clock?: ClockMode;
  /** Where a virtual clock starts, epoch milliseconds. Default: now. */
  readonly start?: number;
  readonly profile?: ProfileName | Profile;
  readonly rules?: Readonly<Record<string, RuleValue>>;
  /** 'default' (see DEFAULT_WORLD) or 'empty': no account, no network. */
  readonly world?: 'default' | 'empty';
  /** Fixed ports: '<cloud>/<listener>' to port, e.g. { 'alibaba/main': 8080, 'baidu/bj': 8081 }. Default: free ones. */
  readonly ports?: Readonly<Record<string, number>>;
  /** Told of every request when it has been served, before its answer leaves. */
  readonly onRequest?: (record: RequestRecord) => void;
}

/** The whole state of an emulator as plain data. `version` changes when its shape does. */
export interface EmulatorState {
  readonly version: 1;
  readonly now: number;
  readonly events: readonly ScheduledEvent[];
  readonly random: number;
  readonly profile: Profile;
  readonly rules: Readonly<Record<string, RuleValue>>;
  readonly world: ReturnType<World['snapshot']>;
  readonly tables: Readonly<Record<string, readonly { readonly id: string }[]>>;
}

/** A request as a socket would bring it: no listener, that is the endpoint's. */
export type InProcessRequest = Omit<WireRequest, 'listener'>;

/** The whole rule sheet in its default positions, sorted by name, without an emulator. */
export const ruleSheet = (): ReturnType<Rules['list']> => new Rules(CLOUDS.map((cloud) => cloud.rules)).list();

export class Emulator {
  readonly clock: EmulatorClock;
  readonly world: World;
  readonly rules: Rules;
  readonly faults: Faults;
  /** Every request so far (the newest 20,000). */
  readonly requests: readonly RequestRecord[];
  /** Crashes of the emulator itself. A test run must fail when this is not empty. */
  readonly crashes: readonly Crash[];
  /** Every change of a status so far (the newest 20,000). */
  readonly transitions: readonly TransitionRecord[];
  readonly #requests: RequestRecord[] = [];
  readonly #crashes: Crash[] = [];
  readonly #transitions: TransitionRecord[] = [];
  readonly #random: SeededRandom;
  readonly #tables = new Map<string, Table<{ readonly id: string }>>();
  readonly #services = new Map<CloudName, CloudService>();
  readonly #listeners = new Map<string, Listener>();
  /** Changes the answer to every reading before it is written, to try clients with what a cloud might say; this process only. */
  rewrite: ((answer: unknown) => unknown) | undefined;
  readonly #doors = new Map<string, (request: InProcessRequest) => Delivery>();
  readonly #onRequest: ((record: RequestRecord) => void) | undefined;
  #profile: Profile;
  #initial: EmulatorState | undefined;

  private constructor(options: EmulatorOptions) {
    const seed = options.seed ?? 1;
    this.#onRequest = options.onRequest;
    this.clock = new EmulatorClock(options.clock ?? 'virtual', options.start);
    this.#random = new SeededRandom(seed);
    this.#profile = resolveProfile(options.profile ?? 'documented');
    this.rules = new Rules(CLOUDS.map((cloud) => cloud.rules));
    this.rules.set(options.rules ?? {});
    // its own stream: adding a fault must not change the ids of the run
    this.faults = new Faults(new SeededRandom(seed ^ 0x5eed));
    this.requests = this.#requests;
    this.crashes = this.#crashes;
    this.transitions = this.#transitions;
    this.world = new World(() => ({ alibaba: this.#services.get('alibaba'), baidu: this.#services.get('baidu') }));
    const services: Services = {
      clock: this.clock,
      random: this.#random,
      rules: this.rules,
      world: this.world,
      profile: () => this.#profile,
      transitions: this.#transitions,
      table: (name) => this.#table(name),
    };
    for (const cloud of CLOUDS) this.#services.set(cloud.name, cloud.create(services));
    if ((options.world ?? 'default') === 'default') seedDefaultWorld(this.world);
  }

  /** Starts on loopback; resolves when every port accepts connections. Rejects when a fixed port is taken. */
  static async start(options: EmulatorOptions = {}): Promise<Emulator> {
    const emulator = new Emulator(options);
    try {
      await emulator.#open(options.ports ?? {});
    } catch (error) {
      await emulator.close();
      throw error;
    }
    emulator.#initial = emulator.snapshot();
    return emulator;
  }

  /** Alibaba Cloud: one endpoint for all regions and products. */
  get alibaba(): { readonly endpoint: string } {
    return { endpoint: this.#endpoint('alibaba/main') };
  }

  /** Baidu AI Cloud: one endpoint per region; an unknown region throws a RangeError. */
  get baidu(): { readonly endpoint: (region: string) => string } {
    return { endpoint: (region) => this.#endpoint(`baidu/${region}`) };
  }

  /** Every endpoint by '<cloud>/<listener>'. */
  get endpoints(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#listeners].map(([name, { endpoint }]) => [name, endpoint]));
  }

  /**
   * Answers one request as the listener of that endpoint ('http://127.0.0.1:PORT') would, without a socket: for programs that send very
   * many. What a fault would do to the connection stands beside the answer. An unknown endpoint throws a RangeError.
   */
  serve(endpoint: string, request: InProcessRequest): Delivery {
    const door = this.#doors.get(endpoint);
    if (door === undefined) throw new RangeError(`no endpoint '${endpoint}'`);
    return door(request);
  }

  get profile(): Profile {
    return this.#profile;
  }

  /** How fast and faithful the clouds behave from now on. */
  setProfile(profile: ProfileName | Profile): void {
    this.#profile = resolveProfile(profile);
  }

  /** What each cloud serves, with descriptions: the ground of the evidence ledger. */
  operations(cloud: CloudName): CloudService['operations'] {
    return this.#services.get(cloud)?.operations ?? [];
  }

  /**
   * The state as plain data (JSON-safe), with everything that is due done. Request log, faults and nonces are not part
   * of it.
   */
  snapshot(): EmulatorState {
    this.clock.settle();
    const tables = Object.fromEntries([...this.#tables].map(([name, table]) => [name, table.snapshot()]));
    return {
      version: 1,
      ...this.clock.snapshot(),
      random: this.#random.state,
      profile: this.#profile,
      rules: this.rules.snapshot(),
      world: this.world.snapshot(),
      tables,
    };
  }

  /** Puts a snapshot back; a state that does not fit throws a RangeError and changes nothing. Logs are kept. */
  restore(state: EmulatorState): void {
    if (state.version !== 1) throw new RangeError(`cannot restore state of version ${String(state.version)}`);
    const before = this.snapshot();
    try {
      this.#replace(state);
    } catch (error) {
      this.#replace(before);
      throw error;
    }
  }

  #replace(state: EmulatorState): void {
    this.clock.restore(state);
    this.#random.state = state.random;
    this.#profile = resolveProfile(state.profile);
    this.rules.restore(state.rules);
    this.world.restore(state.world);
    for (const [name, table] of this.#tables) table.restore(state.tables[name] ?? []);
  }

  /** Back to how it started: world, clock, rules, faults; logs are emptied. */
  reset(): void {
    if (this.#initial !== undefined) this.restore(this.#initial);
    this.faults.clear();
    this.#requests.length = 0;
    this.#crashes.length = 0;
    this.#transitions.length = 0;
  }

  /** Closes every port and connection. */
  async close(): Promise<void> {
    await Promise.all([...this.#listeners.values()].map((listener) => listener.close()));
    this.#listeners.clear();
    this.#doors.clear();
  }

  async #open(ports: Readonly<Record<string, number>>): Promise<void> {
    for (const [cloudName, cloud] of this.#services) {
      const pipeline = new Pipeline({
        cloudName,
        cloud,
        clock: this.clock,
        random: this.#random,
        faults: this.faults,
        tokens: new Tokens(this.#table<TokenRecord>(`${cloudName}.tokens`)),
        profile: () => this.#profile,
        requests: this.#requests,
        crashes: this.#crashes,
        rewritten: (answer) => (this.rewrite === undefined ? answer : this.rewrite(answer)),
      });
      for (const name of cloud.listeners) {
        const key = `${cloudName}/${name}`;
        const handle = (request: WireRequest): Delivery => this.#serve(pipeline, request);
        this.#listeners.set(key, await listen(name, ports[key] ?? 0, handle));
        this.#doors.set(this.#endpoint(key), (request) => handle({ ...request, listener: name }));
      }
    }
  }

  #serve(pipeline: Pipeline, request: WireRequest): Delivery {
    const delivery = pipeline.handle(request);
    const record = this.#requests.at(-1);
    if (record !== undefined) this.#onRequest?.(record);
    return delivery;
  }

  #table<R extends { readonly id: string }>(name: string): Table<R> {
    const existing = this.#tables.get(name);
    if (existing !== undefined) throw new Error(`two tables named '${name}'`);
    const table = new Table<R>(name, this.clock);
    this.#tables.set(name, table);
    return table;
  }

  #endpoint(name: string): string {
    const listener = this.#listeners.get(name);
    if (listener === undefined) {
      throw new RangeError(`no listener '${name}'; there are: ${[...this.#listeners.keys()].join(', ') || 'none'}`);
    }
    return listener.endpoint;
  }
}
