/** What a case works with: one open world, providers over its drivers, fresh networks, and counted requests. */
import {
  createCall,
  mergeSides,
  Provider,
  Redactor,
  isTerminal,
  waitFor,
  type Admission,
  type Call,
  type Cidr,
  type LifecycleState,
  type MechanismCapabilities,
  type NetworkId,
  type Peering,
  type PeeringCreate,
  type PeeringId,
  type PeeringQuery,
  type PeeringRequest,
  type PeeringSide,
  type ProviderDriver,
  type Random,
  type RequestInfo,
  type Route,
  type RouteTable,
} from '@peerway/core';
import { Draw } from './draw.js';
import type { Facts } from './facts.js';
import { formOfRequest, overheard } from './inventory.js';
import type { DriverSetup, LoggedRequest, NetworkFixture, Offer, Place, World } from './harness.js';

/** A network together with where it is. */
export interface Site extends NetworkFixture {
  readonly place: Place;
}

/** The four places by their short names: account and region. */
export const A0: Place = { account: 'a', region: 0 };
export const A1: Place = { account: 'a', region: 1 };
export const B0: Place = { account: 'b', region: 0 };
export const B1: Place = { account: 'b', region: 1 };

const key = (place: Place): string => `${place.account}${place.region}`;

export interface Traffic<T> {
  readonly value: T;
  readonly requests: readonly LoggedRequest[];
  readonly mutating: readonly LoggedRequest[];
}

export class CaseContext {
  readonly world: World;
  readonly facts: Facts;
  readonly random: Random;
  readonly draw: Draw;
  readonly redactor = new Redactor();
  /** Requests that drivers announced with `call.admit`, in order. */
  readonly announced: RequestInfo[] = [];
  readonly #prefix: string;
  readonly #drivers = new Map<string, ProviderDriver>();
  readonly #providers = new Map<string, Provider>();
  readonly #pool = new Map<string, NetworkFixture[]>();
  readonly #taken: Site[] = [];
  /** Peerings of earlier cases, or runs, that are over, still listed, and cannot be removed. */
  readonly #leftovers = new Set<PeeringId>();
  /** Forms of what drivers have answered, and how many requests were looked at, since the last case. */
  readonly #told = new Set<string>();
  readonly #overlooked = new WeakSet<LoggedRequest>();
  #looked = 0;
  #made = 0;

  constructor(world: World, facts: Facts, options: { readonly random: Random; readonly prefix: string }) {
    this.world = world;
    this.facts = facts;
    this.random = options.random;
    this.draw = new Draw(this.random);
    this.#prefix = options.prefix;
  }

  get mechanism(): MechanismCapabilities {
    return this.facts.mechanism;
  }

  offers(offer: Offer): boolean {
    return this.facts.harness.offers.includes(offer);
  }

  /** Batch size of route changes; 1 where there are no batches. */
  get routeBatch(): number {
    return this.facts.capabilities.routes.limits.batch ?? 1;
  }

  async driver(place: Place): Promise<ProviderDriver> {
    const known = this.#drivers.get(key(place));
    if (known !== undefined) return known;
    const driver = await this.login(place, 'right');
    this.#drivers.set(key(place), driver);
    return driver;
  }

  /** A driver of its own; with `wrongSecret`, one that no cloud should let in. */
  async login(place: Place, login: DriverSetup['login']): Promise<ProviderDriver> {
    return overheard(await this.unheard(place, login), (form) => this.#told.add(form));
  }

  /** One whose answers are not written down: they are not what it shows of this cloud. */
  async unheard(place: Place, login: DriverSetup['login'] = 'right'): Promise<ProviderDriver> {
    const { random, redactor, announced } = this;
    return this.world.driver(place, { random, redactor, announced, login });
  }

  async provider(place: Place): Promise<Provider> {
    const known = this.#providers.get(key(place));
    if (known !== undefined) return known;
    const provider = this.providerOver(place, await this.driver(place));
    this.#providers.set(key(place), provider);
    return provider;
  }

  /** @param announced where its requests are written down; default: with those of everybody else */
  providerOver(place: Place, driver: ProviderDriver, announced: RequestInfo[] = this.announced): Provider {
    const { world } = this;
    return new Provider(
      this.facts.harness.plugin,
      driver,
      { name: key(place), region: world.regions[place.region], account: world.accounts[place.account] },
      {
        clock: world.clock,
        random: this.random,
        redactor: this.redactor,
        observer: { requestSent: (_, request) => void announced.push(request) },
      },
    );
  }

  /** For calling a driver directly, as core does. */
  call(
    options: { readonly readOnly?: boolean; readonly signal?: AbortSignal; readonly admission?: Admission } = {},
  ): Call {
    return createCall(this.facts.harness.plugin.id, {
      signal: options.signal ?? new AbortController().signal,
      readOnly: options.readOnly ?? false,
      ...(options.admission === undefined ? {} : { admission: options.admission }),
      observer: { requestSent: (_, request) => void this.announced.push(request) },
    });
  }

  /** A network that no other case has touched, of the given prefixes where the backend can make one. */
  async network(place: Place, cidrs?: readonly [Cidr, ...Cidr[]]): Promise<Site> {
    const fixture = await this.#fixture(place, cidrs);
    const site = { ...fixture, place };
    this.#taken.push(site);
    if (!this.offers('addNetwork')) {
      for (const { id, state } of await this.listed(place, site.id)) if (isTerminal(state)) this.#leftovers.add(id);
    }
    return site;
  }

  async #fixture(place: Place, cidrs?: readonly [Cidr, ...Cidr[]]): Promise<NetworkFixture> {
    if (this.offers('addNetwork') && this.world.addNetwork !== undefined) {
      const wanted = cidrs ?? [this.unusedCidr()];
      return { id: await this.world.addNetwork(place, wanted), cidrs: wanted };
    }
    const pool = this.#pool.get(key(place)) ?? [...this.world.networks(place)];
    this.#pool.set(key(place), pool);
    const fixture = pool.shift();
    if (fixture === undefined) throw new Error(`The harness has too few networks in place ${key(place)}: give three`);
    return fixture;
  }

  /** A prefix that no other network of this world has, of 22 to 26 bits, inside 10.64.0.0/10. */
  unusedCidr(): Cidr {
    return this.draw.prefix4(0x0a400000 + this.#made++ * 2 ** 10, 22, 26);
  }

  /** An IPv6 prefix that no other network of this world has, nor any destination. */
  unusedCidr6(): Cidr {
    return this.draw.prefix6(this.#made++);
  }

  /** A destination of 24 to 29 bits that lies outside every network. */
  unusedDestination(): Cidr {
    return this.draw.prefix4(0xac100000 + this.#made++ * 2 ** 8, 24, 29);
  }

  uniqueName(): string {
    return `${this.#prefix}${this.#made++}-${this.draw.plain(this.draw.between(1, 6))}`;
  }

  /** A description within the limit of the mechanism, of ASCII alone. */
  description(): string {
    const { max } = this.mechanism.limits.description ?? { max: 60 };
    return `made by the kit ${this.draw.plain(this.draw.between(1, 20))}`.slice(0, max);
  }

  /** A valid bandwidth; the second is another one, for changes, where the provider takes more than one. */
  bandwidths(): readonly [number, number] {
    const { min, max, allowed } = this.mechanism.limits.bandwidthMbps ?? { min: 1, max: undefined, allowed: undefined };
    if (allowed !== undefined) return [allowed[0] ?? min, allowed[1] ?? allowed[0] ?? min];
    const most = Math.min(max ?? 200, 200);
    const first = this.draw.between(min, Math.max(min, most - 1));
    return [first, first < most ? this.draw.between(first + 1, most) : first];
  }

  /** The least request that joins two networks, with a bandwidth where one must be given. */
  request(from: Site, to: Site, more: Partial<PeeringRequest> = {}): PeeringRequest {
    const { accounts, regions } = this.world;
    const needsBandwidth = this.mechanism.bandwidth === 'required';
    return {
      mechanism: this.mechanism.name,
      initiator: from.id,
      acceptor: {
        region: regions[to.place.region],
        network: to.id,
        ...(from.place.account === to.place.account ? {} : { account: accounts[to.place.account] }),
      },
      ...(needsBandwidth ? { bandwidthMbps: this.bandwidths()[0] } : {}),
      ...more,
    };
  }

  /** What core would hand to a driver for the same. */
  input(from: Site, to: Site, clientToken: string): PeeringCreate {
    const { initiator, acceptor, bandwidthMbps } = this.request(from, to);
    return {
      mechanism: this.mechanism.name,
      initiator,
      acceptor,
      tags: {},
      clientToken,
      ...(bandwidthMbps === undefined ? {} : { bandwidthMbps }),
    };
  }

  /** Asks from the first network's place and waits until nothing is left that its account can do. */
  async ask(from: Site, to: Site, more: Partial<PeeringRequest> = {}): Promise<Peering> {
    return (await this.provider(from.place)).peerings.create(this.request(from, to, more));
  }

  /** Joins two networks of any two places, taking the steps of both sides as readings ask for them, until both read `active`. */
  async connect(from: Site, to: Site, more: Partial<PeeringRequest> = {}): Promise<Peering> {
    const { id } = await this.ask(from, to, more);
    return this.agree(id, from.place, to.place);
  }

  /** Takes the remaining steps of a peering that was asked for, as a caller who acts for both sides does. */
  async agree(id: PeeringId, from: Place, to: Place): Promise<Peering> {
    const initiator = (await this.provider(from)).peerings;
    const acceptor = (await this.provider(to)).peerings;
    await waitFor({
      clock: this.world.clock,
      random: this.random,
      what: `${id} to be agreed by both sides`,
      look: async () => {
        const seen = await this.#merged(id, from, to);
        if (seen?.next !== undefined) {
          await (seen.next.side === 'initiator' ? initiator : acceptor).advance(seen, seen.next.side);
        }
        return seen;
      },
      judge: (seen) => (seen?.state === 'active' ? { kind: 'success' } : { kind: 'retry' }),
      describe: (seen) => seen?.nativeState ?? 'not visible',
    });
    await acceptor.settle(id, 'acceptor', { until: 'active' });
    return initiator.settle(id, 'initiator', { until: 'active' });
  }

  /** One picture of what both sides see now. */
  async #merged(id: PeeringId, from: Place, to: Place): Promise<Peering | undefined> {
    const mine = await (await this.provider(from)).peerings.find(id, { side: 'initiator' });
    const theirs = await (await this.provider(to)).peerings.find(id, { side: 'acceptor' });
    return mine === undefined || theirs === undefined ? (mine ?? theirs) : mergeSides(mine, theirs);
  }

  /** Ends a peering from every side that must act. */
  async disconnect(id: PeeringId, from: Place, to: Place): Promise<void> {
    await (await this.provider(from)).peerings.delete(id, { side: 'initiator' });
    if (this.mechanism.deletableBy === 'each') {
      await (await this.provider(to)).peerings.delete(id, { side: 'acceptor' });
    }
  }

  async read(place: Place, id: PeeringId, side: PeeringSide): Promise<Peering> {
    return (await this.provider(place)).peerings.get(id, { side });
  }

  /** The peerings that a listing shows, without the leftovers of earlier cases. */
  async listed(place: Place, query: NetworkId | PeeringQuery): Promise<Peering[]> {
    const found: Peering[] = [];
    const { peerings } = await this.provider(place);
    for await (const peering of peerings.list(typeof query === 'string' ? { network: query } : query)) {
      if (!this.isLeftover(peering.id)) found.push(peering);
    }
    return found;
  }

  /** As `listed`, once there is something: what was just made may take a moment to show. Empty: nothing within half a minute. */
  async listedSoon(place: Place, network: NetworkId): Promise<Peering[]> {
    const { clock } = this.world;
    for (const start = clock.now(); ; await clock.sleep(1_000)) {
      const found = await this.listed(place, network);
      if (found.length > 0 || clock.now() - start > 30_000) return found;
    }
  }

  /** True for a peering of an earlier case, or run, that is over and cannot be removed. */
  isLeftover(id: PeeringId): boolean {
    return this.#leftovers.has(id);
  }

  /** The cloud's own word for a state of a peering; undefined where the harness knows none. */
  wordFor(state: LifecycleState): string | undefined {
    return Object.entries(this.facts.harness.words?.peering ?? {}).find(([, meaning]) => meaning === state)?.[0];
  }

  /** The table that routes go into. */
  async mainTable(site: Site): Promise<RouteTable> {
    const [table] = await (await this.provider(site.place)).routes.tables(site.id);
    if (table === undefined) throw new Error(`The network ${site.id} has no route table`);
    return table;
  }

  async routesOf(site: Site): Promise<Route[]> {
    const table = await this.mainTable(site);
    const found: Route[] = [];
    for await (const route of (await this.provider(site.place)).routes.list(site.id, table.id)) found.push(route);
    return found;
  }

  /** What the backend was asked while `work` ran. */
  async traffic<T>(work: () => Promise<T>): Promise<Traffic<T>> {
    const before = this.world.requests().length;
    const value = await work();
    const requests = this.world.requests().slice(before);
    return { value, requests, mutating: requests.filter((request) => request.mutating) };
  }

  /** Writes down what a case has found out of the driver, to be compared with the inventory. */
  tell(form: string): void {
    this.#told.add(form);
  }

  /** What is asked while `work` runs hangs on answers that no cloud gives, and is no form in which the driver asks. */
  async overlooking<T>(work: () => Promise<T>): Promise<T> {
    const from = this.world.requests().length;
    try {
      return await work();
    } finally {
      for (const request of this.world.requests().slice(from)) this.#overlooked.add(request);
    }
  }

  /** In which forms the drivers have asked and answered since this was asked last; requests first. */
  forms(): readonly string[] {
    const requests = this.world.requests();
    const heeded = requests.slice(this.#looked).filter((request) => !this.#overlooked.has(request));
    const forms = [...heeded.map(formOfRequest), ...this.#told];
    this.#looked = requests.length;
    this.#told.clear();
    return forms;
  }

  /** Gives back what a case used: faults end, and where networks are few their peerings, routes and links are removed. */
  async cleanUp(): Promise<void> {
    await this.world.clearFaults?.();
    const taken = this.#taken.splice(0);
    if (this.offers('addNetwork')) return;
    // some clouds keep a peering as long as a route of either side points at it
    for (const site of taken) await this.#clearRoutes(site);
    for (const site of taken) await this.#clearJoins(site);
    this.#pool.clear();
  }

  async #clearRoutes(site: Site): Promise<void> {
    if (this.facts.capabilities.routes.features.explicit.status !== 'supported') return;
    const ours = (await this.routesOf(site)).filter((route) => route.origin === 'custom');
    await (await this.provider(site.place)).routes.deleteMany(ours);
  }

  async #clearJoins(site: Site): Promise<void> {
    const provider = await this.provider(site.place);
    if (this.facts.capabilities.links.features.link.status === 'supported') {
      for await (const link of provider.links.list({ network: site.id })) await provider.links.delete(link.id);
    }
    for (const peering of await this.listed(site.place, site.id)) {
      const own = peering.initiator.network === site.id ? 'initiator' : 'acceptor';
      if (own === 'initiator' || this.mechanism.deletableBy !== 'initiator') {
        // some clouds keep what is over for a while; the next cases look past it
        await provider.peerings.delete(peering.id, { side: own });
      }
    }
  }

  async close(): Promise<void> {
    for (const driver of this.#drivers.values()) await driver.close();
    this.#drivers.clear();
    await this.world.close();
  }
}
