/**
 * A cloud in memory, small and strict: two kinds of handshake, lifecycles that follow the clock, the rules that real clouds
 * have, a log of every request, and points at which the caller can be killed. The engine's tests and properties run on it.
 */
import {
  accountId,
  linkId,
  networkId,
  parseCidr,
  peeringId,
  PeerwayError,
  PLUGIN_API_VERSION,
  Provider,
  Redactor,
  regionId,
  routeId,
  routeKey,
  routeTableId,
  seededRandom,
  VirtualClock,
  type Call,
  type Cidr,
  type ErrorCode,
  type Link,
  type LinkState,
  type NetworkId,
  type NextHop,
  type Peering,
  type PeeringSide,
  type PeeringState,
  type ProviderCapabilities,
  type ProviderDriver,
  type ProviderPlugin,
  type Route,
  type RouteState,
  type StateReason,
  type Support,
} from '@peerway/core';

export interface FakeOptions {
  readonly id: string;
  readonly handshake: 'shared' | 'mirrored';
  readonly autoAccept: boolean;
  readonly deletableBy: 'either' | 'initiator' | 'each';
  readonly occupies: readonly ('rejected' | 'expired' | 'failed')[];
  readonly createMs: number;
  readonly stepMs: number;
  readonly deleteMs: number;
  readonly routeMs: number;
  readonly oneCreatePerNetwork: boolean;
  readonly serialRoutes: boolean;
  readonly batch: number | undefined;
  /** Each side sees its own next hop only. */
  readonly hopPerSide: boolean;
  readonly tags: boolean;
  readonly retag: boolean;
  readonly routeDescriptions: boolean;
  readonly bandwidth: 'required' | 'optional' | 'crossRegion' | 'none';
  readonly links: boolean;
  /** How long a new peering is invisible. */
  readonly lagMs: number;
}

export const SHARED: FakeOptions = {
  id: 'fake',
  handshake: 'shared',
  autoAccept: true,
  deletableBy: 'either',
  occupies: [],
  createMs: 5_000,
  stepMs: 2_000,
  deleteMs: 3_000,
  routeMs: 1_500,
  oneCreatePerNetwork: true,
  serialRoutes: true,
  batch: 50,
  hopPerSide: false,
  tags: true,
  retag: true,
  routeDescriptions: true,
  bandwidth: 'crossRegion',
  links: true,
  lagMs: 0,
};

export const STRICT: FakeOptions = {
  ...SHARED,
  deletableBy: 'initiator',
  occupies: ['rejected', 'expired', 'failed'],
  oneCreatePerNetwork: false,
  serialRoutes: false,
  batch: undefined,
  hopPerSide: true,
  bandwidth: 'required',
  routeMs: 0,
};

export const MIRRORED: FakeOptions = {
  ...SHARED,
  handshake: 'mirrored',
  oneCreatePerNetwork: false,
  hopPerSide: true,
  deletableBy: 'each',
};

interface FakeNetwork {
  readonly id: NetworkId;
  readonly account: string;
  readonly region: string;
  cidrs: Cidr[];
  state: 'provisioning' | 'active' | 'deleting';
  readonly tables: string[];
  transit?: boolean;
}

interface FakePeering {
  readonly id: string;
  readonly mechanism: string;
  readonly initiator: NetworkId;
  readonly acceptor: NetworkId;
  state: PeeringState;
  reason: StateReason | undefined;
  next: Peering['next'];
  until: number;
  then: (() => void) | undefined;
  visibleAt: number;
  tags: Record<string, string>;
  acceptorTags: Record<string, string>;
  description: string;
  name: string;
  bandwidthMbps: number | 'unlimited' | undefined;
  protection: boolean;
  halves: Set<PeeringSide>;
}

interface FakeRoute {
  readonly id: string;
  readonly table: string;
  readonly network: NetworkId;
  readonly destination: Cidr;
  nextHop: NextHop;
  state: RouteState;
  origin: Route['origin'];
  description: string;
  until: number;
  /** Drops traffic although its target is there. */
  broken?: boolean;
}

interface FakeLink {
  readonly id: string;
  network: NetworkId | undefined;
  readonly port: string;
  readonly vlan: number;
  readonly cloudIp: string;
  readonly customerIp: string;
  readonly account: string;
  readonly region: string;
  name: string;
  description: string;
  tags: Record<string, string>;
  state: LinkState;
  reason: StateReason | undefined;
  next: 'continue' | undefined;
  until: number;
  then: (() => void) | undefined;
}

export interface FakeRequest {
  readonly at: number;
  readonly operation: string;
  readonly mutating: boolean;
  readonly account: string;
  code?: ErrorCode;
}

/** Dies at the n-th request (from 1): before it is sent, after the cloud has done it, or after its answer. */
export interface Kill {
  readonly at: number;
  readonly phase: 'before' | 'sent' | 'answered';
}

const yes: Support = { status: 'supported', checkedOn: '2026-11-20' };
const no: Support = { status: 'unsupported', reason: 'the fake has none', source: 'fake', checkedOn: '2026-11-20' };
const when = (on: boolean): Support => (on ? yes : no);

export class FakeCloud {
  readonly options: FakeOptions;
  readonly clock: VirtualClock;
  readonly networks = new Map<string, FakeNetwork>();
  readonly peerings: FakePeering[] = [];
  readonly routes: FakeRoute[] = [];
  readonly links: FakeLink[] = [];
  readonly requests: FakeRequest[] = [];
  /** Requests that broke a rule of the cloud. */
  conflicts = 0;
  kill: Kill | undefined;
  dead = false;
  /** A defective driver: reads begin requests that change something. */
  lying = false;
  /** Runs on every request, e.g. to throttle or to change the world. */
  onRequest: ((operation: string, count: number) => void) | undefined;
  #ids = 0;
  readonly #alive: { count: number } = { count: 0 };

  constructor(options: Partial<FakeOptions> & { readonly clock?: VirtualClock } = {}) {
    const { clock, ...rest } = options;
    this.options = { ...SHARED, ...rest };
    this.clock = clock ?? new VirtualClock({ start: 1_750_000_000_000 });
  }

  network(
    id: string,
    cidrs: readonly string[],
    where: { account?: string; region?: string; tables?: number } = {},
  ): NetworkId {
    const network = networkId(id);
    const tables = Array.from({ length: where.tables ?? 1 }, (_, at) => `vtb-${id}${at === 0 ? '' : `-${at}`}`);
    this.networks.set(id, {
      id: network,
      account: where.account ?? 'acc-a',
      region: where.region ?? 'r1',
      cidrs: cidrs.map(parseCidr),
      state: 'active',
      tables,
    });
    for (const cidr of cidrs) this.routes.push(this.#systemRoute(network, tables[0]!, cidr));
    return network;
  }

  addCidr(id: string, cidr: string): void {
    const network = this.networks.get(id)!;
    network.cidrs.push(parseCidr(cidr));
    this.routes.push(this.#systemRoute(network.id, network.tables[0]!, cidr));
  }

  #systemRoute(network: NetworkId, table: string, cidr: string): FakeRoute {
    return {
      id: this.#id('rte'),
      table,
      network,
      destination: parseCidr(cidr),
      nextHop: { kind: 'other', id: 'local' },
      state: 'active',
      origin: 'system',
      description: '',
      until: 0,
    };
  }

  provider(name: string, account = 'acc-a', region = 'r1'): Provider {
    const plugin = this.plugin();
    const random = seededRandom(7);
    const redactor = new Redactor();
    return new Provider(
      plugin,
      new FakeDriver(this, account, region),
      { name, region: regionId(region) },
      { clock: this.clock, random, redactor },
    );
  }

  plugin(): ProviderPlugin {
    return {
      apiVersion: PLUGIN_API_VERSION,
      id: this.options.id,
      displayName: `Fake ${this.options.id}`,
      capabilities: this.capabilities(),
      options: Object,
      credentials: [],
      create: () => new FakeDriver(this, 'acc-a', 'r1'),
    };
  }

  capabilities(): ProviderCapabilities {
    const o = this.options;
    const mechanism = (name: string): ProviderCapabilities['mechanisms'][0] => ({
      name,
      handshake: o.handshake,
      autoAcceptSameAccount: o.autoAccept,
      deletableBy: o.deletableBy,
      occupiesPairWhen: o.occupies,
      bandwidth: o.bandwidth,
      features: {
        crossRegion: yes,
        crossAccount: yes,
        accept: yes,
        reject: yes,
        bandwidth: when(o.bandwidth !== 'none'),
        resize: yes,
        name: yes,
        description: yes,
        tags: when(o.tags),
        retag: when(o.retag),
        suspend: yes,
        dnsSync: no,
        deletionProtection: yes,
        clientToken: no,
        dryRun: yes,
        ipv6: yes,
      },
      limits: {
        bandwidthMbps: { min: 1, max: 10_000 },
        nameLength: { min: 2, max: 64 },
        descriptionLength: { min: 0, max: 200 },
        tags: { max: 20, keyLength: 64, valueLength: 100 },
        ...(o.oneCreatePerNetwork ? { concurrentCreatesPerNetwork: 1 } : {}),
        perNetwork: { total: 200 },
        perAccountAndRegion: 1000,
      },
    });
    return {
      mechanisms: [mechanism('fast'), mechanism('old')],
      routes: {
        features: {
          explicit: yes,
          createMany: when(o.batch !== undefined),
          deleteMany: when(o.batch !== undefined),
          source: no,
          ipv6: yes,
          customTables: yes,
          description: when(o.routeDescriptions),
          clientToken: no,
        },
        limits: {
          ...(o.batch === undefined ? {} : { batch: o.batch }),
          ...(o.serialRoutes ? { concurrentChangesPerNetwork: 1 } : {}),
          perTable: 200,
          descriptionLength: { min: 0, max: 128 },
        },
      },
      links: {
        features: { link: when(o.links), suspend: yes, bandwidth: yes, tags: yes, description: yes, edgeRoutes: yes },
        limits: { vlan: { min: 1, max: 4000 } },
      },
      networksPerRead: 20,
    };
  }

  // ---- what tests do behind Peerway's back

  peeringOf(a: string, b: string): FakePeering {
    this.tick();
    const found = this.peerings.find(
      (p) => (p.initiator === a && p.acceptor === b) || (p.initiator === b && p.acceptor === a),
    );
    if (found === undefined) throw new Error(`no peering of ${a} and ${b}`);
    return found;
  }

  plantPeering(a: string, b: string, parts: Partial<FakePeering> = {}): FakePeering {
    const peering: FakePeering = {
      id: this.#id('pcc'),
      mechanism: 'fast',
      initiator: networkId(a),
      acceptor: networkId(b),
      state: 'active',
      reason: undefined,
      next: undefined,
      until: 0,
      then: undefined,
      visibleAt: 0,
      tags: {},
      acceptorTags: {},
      description: '',
      name: '',
      bandwidthMbps: undefined,
      protection: false,
      halves: new Set(['initiator', 'acceptor'] as const),
      ...parts,
    };
    this.peerings.push(peering);
    return peering;
  }

  plantRoute(network: string, destination: string, nextHop: NextHop, parts: Partial<FakeRoute> = {}): FakeRoute {
    const { id, tables } = this.networks.get(network)!;
    const route: FakeRoute = {
      id: this.#id('rte'),
      table: tables[0]!,
      network: id,
      destination: parseCidr(destination),
      nextHop,
      state: 'active',
      origin: 'custom',
      description: '',
      until: 0,
      ...parts,
    };
    this.routes.push(route);
    return route;
  }

  routesOf(network: string): FakeRoute[] {
    this.tick();
    return this.routes.filter((route) => route.network === network && route.origin === 'custom');
  }

  dropRoute(network: string, destination: string): void {
    const at = this.routes.findIndex(
      (route) => route.network === network && route.destination === destination && route.origin === 'custom',
    );
    if (at < 0) throw new Error(`no route ${destination}`);
    this.routes.splice(at, 1);
  }

  dropPeering(peering: FakePeering): void {
    this.peerings.splice(this.peerings.indexOf(peering), 1);
  }

  hop(peering: FakePeering, side: PeeringSide): NextHop {
    return { kind: 'peering', id: this.options.hopPerSide ? `${peering.id}-${side[0]}` : peering.id };
  }

  link(parts: Partial<FakeLink> & { readonly port: string; readonly vlan: number }): FakeLink {
    const link: FakeLink = {
      id: this.#id('vbr'),
      network: undefined,
      cloudIp: '10.255.0.1/30',
      customerIp: '10.255.0.2',
      account: 'acc-a',
      region: 'r1',
      name: '',
      description: '',
      tags: {},
      state: 'active',
      reason: undefined,
      next: undefined,
      until: 0,
      then: undefined,
      ...parts,
    };
    this.links.push(link);
    return link;
  }

  mutations(): FakeRequest[] {
    return this.requests.filter((request) => request.mutating);
  }

  revive(): void {
    this.dead = false;
    this.kill = undefined;
    this.requests.length = 0;
    this.#alive.count = 0;
  }

  // ---- time

  tick(): void {
    const now = this.clock.now();
    for (const moving of [...this.peerings, ...this.links]) {
      while (moving.then !== undefined && moving.until <= now) {
        const then = moving.then;
        moving.then = undefined;
        then();
      }
    }
    for (let at = this.routes.length - 1; at >= 0; at--) {
      const route = this.routes[at]!;
      if (route.state === 'provisioning' && route.until <= now) route.state = 'active';
      if (route.state === 'deleting' && route.until <= now) this.routes.splice(at, 1);
    }
    const live = new Set(
      this.peerings
        .filter((p) => p.state === 'active')
        .flatMap((p) => [this.hop(p, 'initiator').id, this.hop(p, 'acceptor').id]),
    );
    for (const route of this.routes) {
      if (route.nextHop.kind !== 'peering' || route.state === 'provisioning' || route.state === 'deleting') continue;
      route.state = live.has(route.nextHop.id) && route.broken !== true ? 'active' : 'blackhole';
    }
  }

  after(ms: number, object: FakePeering | FakeLink, then: () => void): void {
    object.until = this.clock.now() + ms;
    object.then = then;
    this.tick();
  }

  #id(prefix: string): string {
    this.#ids++;
    return `${prefix}-${String(this.#ids).padStart(5, '0')}`;
  }

  newId(prefix: string): string {
    return this.#id(prefix);
  }

  /** Every request goes through here: log, kill points, effect. */
  async request<T>(call: Call, account: string, operation: string, mutating: boolean, effect: () => T): Promise<T> {
    if (this.dead) throw new Error('killed');
    const done = call.begin({ nativeOperation: operation, mutating: mutating || this.lying });
    this.#alive.count++;
    const count = this.#alive.count;
    const entry: FakeRequest = { at: this.clock.now(), operation, mutating, account };
    this.requests.push(entry);
    const dies = (phase: Kill['phase']): void => {
      if (this.kill?.at !== count || this.kill.phase !== phase) return;
      this.dead = true;
      throw new Error('killed');
    };
    dies('before');
    this.onRequest?.(operation, count);
    this.tick();
    await Promise.resolve();
    try {
      const result = effect();
      dies('sent');
      done({ httpStatus: 200, durationMs: 0 });
      dies('answered');
      return result;
    } catch (error) {
      if (error instanceof PeerwayError) {
        entry.code = error.code;
        if (error.code === 'Conflict') this.conflicts++;
        done({ httpStatus: 400, nativeCode: error.code, durationMs: 0 });
      }
      throw error;
    }
  }
}

const refuse = (code: ErrorCode, message: string): PeerwayError => new PeerwayError(code, message);

class FakeDriver implements ProviderDriver {
  readonly networks: ProviderDriver['networks'];
  readonly peerings: ProviderDriver['peerings'];
  readonly routes: ProviderDriver['routes'];
  readonly links: NonNullable<ProviderDriver['links']>;

  constructor(
    private readonly cloud: FakeCloud,
    private readonly account: string,
    private readonly region: string,
  ) {
    const request = <T>(call: Call, operation: string, mutating: boolean, effect: () => T): Promise<T> =>
      cloud.request(call, account, operation, mutating, effect);
    const own = (id: string): FakeNetwork | undefined => {
      const network = cloud.networks.get(id);
      return network?.account === account && network.region === region ? network : undefined;
    };
    this.networks = {
      get: (ids, call) => request(call, 'networks.get', false, () => ids.flatMap((id) => this.#network(own(id)))),
      list: (_, call) =>
        request(call, 'networks.list', false, () => ({
          items: [...cloud.networks.values()].flatMap((network) => this.#network(own(network.id))),
        })),
    };
    const page = 100;
    this.peerings = {
      create: (input, call) =>
        request(call, 'peerings.create', true, () => {
          const mine = own(input.initiator);
          const theirs = cloud.networks.get(input.acceptor.network);
          if (mine === undefined || theirs === undefined) throw refuse('NotFound', 'no such network');
          const pair = (p: FakePeering): boolean =>
            (p.initiator === mine.id && p.acceptor === theirs.id) ||
            (p.initiator === theirs.id && p.acceptor === mine.id);
          const blocks = (p: FakePeering): boolean =>
            p.state === 'rejected' || p.state === 'expired' || p.state === 'failed'
              ? cloud.options.occupies.includes(p.state)
              : true;
          if (cloud.peerings.some((p) => pair(p) && blocks(p))) throw refuse('AlreadyExists', 'the pair is joined');
          if (
            cloud.options.oneCreatePerNetwork &&
            cloud.peerings.some(
              (p) =>
                p.state === 'provisioning' &&
                [p.initiator, p.acceptor].some((id) => id === mine.id || id === theirs.id),
            )
          )
            throw refuse('Conflict', 'a creation is under way in the network');
          const peering = cloud.plantPeering(mine.id, theirs.id, {
            mechanism: input.mechanism,
            state: 'provisioning',
            tags: { ...input.tags },
            description: input.description ?? '',
            name: input.name ?? '',
            bandwidthMbps: input.bandwidthMbps,
            visibleAt: cloud.clock.now() + cloud.options.lagMs,
          });
          this.#begin(peering, mine.account === theirs.account);
          return peeringId(peering.id);
        }),
      get: (id, side, call) =>
        request(call, 'peerings.get', false, () => {
          const peering = this.#own(id);
          return this.#reading(peering, side);
        }),
      list: (query, cursor, call) =>
        request(call, 'peerings.list', false, () => {
          const seen = cloud.peerings.flatMap((p) =>
            p.visibleAt > cloud.clock.now() ? [] : this.#sides(p).map((side) => this.#reading(p, side)),
          );
          const fits = seen.filter((p) => {
            const ends = [p.initiator.network, p.acceptor.network];
            return (
              (query.mechanism === undefined || p.mechanism === query.mechanism) &&
              (query.network === undefined || ends.includes(query.network)) &&
              (query.between === undefined || query.between.every((id) => ends.includes(id)))
            );
          });
          const from = Number(cursor ?? 0);
          return {
            items: fits.slice(from, from + page),
            ...(from + page < fits.length ? { next: String(from + page) } : {}),
          };
        }),
      accept: (id, call) =>
        request(call, 'peerings.accept', true, () => {
          const peering = this.#own(id);
          if (peering.state === 'active') return;
          if (cloud.networks.get(peering.acceptor)!.account !== account)
            throw refuse('PermissionDenied', 'not the acceptor');
          if (peering.next?.verb !== 'accept' && peering.state !== 'pending-acceptance')
            throw refuse('FailedPrecondition', `it is ${peering.state}`);
          peering.next = undefined;
          if (cloud.options.handshake === 'mirrored') {
            peering.halves.add('acceptor');
            peering.reason = undefined;
            peering.next = { side: 'initiator', verb: 'continue' };
            peering.state = 'provisioning';
            return;
          }
          peering.state = 'updating';
          cloud.after(cloud.options.stepMs, peering, () => (peering.state = 'active'));
        }),
      continue: (id, _side, call) =>
        request(call, 'peerings.continue', true, () => {
          const peering = this.#own(id);
          if (peering.next?.verb !== 'continue') throw refuse('FailedPrecondition', `it is ${peering.state}`);
          peering.next = undefined;
          if (!peering.halves.has('acceptor')) {
            peering.halves.add('acceptor');
            peering.reason = undefined;
            peering.next = { side: 'initiator', verb: 'continue' };
            return;
          }
          cloud.after(cloud.options.stepMs, peering, () => (peering.state = 'active'));
        }),
      reject: (id, call) =>
        request(call, 'peerings.reject', true, () => {
          this.#own(id).state = 'rejected';
        }),
      update: (id, side, change, call) =>
        request(call, 'peerings.update', true, () => {
          const peering = this.#own(id);
          const tags = side === 'initiator' ? peering.tags : peering.acceptorTags;
          if (change.kind === 'tags') {
            Object.assign(tags, change.set);
            for (const key of change.remove) delete tags[key];
          } else if (change.kind === 'bandwidth') peering.bandwidthMbps = change.bandwidthMbps;
          else if (change.kind === 'labels') peering.description = change.description ?? peering.description;
          else if (change.kind === 'suspended') {
            peering.state = change.suspended ? 'inactive' : 'active';
            peering.reason = change.suspended ? 'suspended' : undefined;
          } else if (change.kind === 'deletionProtection') peering.protection = change.enabled;
        }),
      delete: (id, side, call) =>
        request(call, 'peerings.delete', true, () => {
          const peering = this.#own(id);
          if (peering.protection) throw refuse('FailedPrecondition', 'protected');
          if (peering.state === 'deleting') return 'started';
          const both = this.#sides(peering).length === 2;
          if (cloud.options.deletableBy === 'initiator' && side === 'acceptor' && !both)
            throw refuse('PermissionDenied', 'only the initiator may');
          const hops = (['initiator', 'acceptor'] as const).map((s) => cloud.hop(peering, s).id);
          if (cloud.routes.some((route) => hops.includes(route.nextHop.id) && route.state !== 'deleting'))
            throw refuse('FailedPrecondition', 'a route uses it');
          if (cloud.options.handshake === 'mirrored') {
            if (peering.state === 'active') {
              peering.state = 'updating';
              cloud.after(cloud.options.stepMs, peering, () => {
                peering.state = 'inactive';
                peering.reason = 'administrative';
              });
              return 'continue';
            }
            peering.halves.delete(side);
            if (both || peering.halves.size === 0) {
              this.#remove(peering);
              return 'started';
            }
            peering.state = 'inactive';
            peering.reason = 'peer-missing';
            return 'gone';
          }
          this.#remove(peering);
          return 'started';
        }),
      dryRun: (input, call) =>
        request(call, 'peerings.dryRun', false, () => {
          if (cloud.networks.get(input.acceptor.network)?.transit === true)
            throw refuse('PermissionDenied', 'no right to peer this network');
        }),
    };
    const busy = (network: string): boolean =>
      cloud.options.serialRoutes &&
      cloud.routes.some(
        (route) => route.network === network && (route.state === 'provisioning' || route.state === 'deleting'),
      );
    const put = (input: {
      readonly network: NetworkId;
      readonly table: string;
      readonly destination: Cidr;
      readonly nextHop: NextHop;
      readonly description?: string;
    }): void => {
      if (
        cloud.routes.some(
          (route) =>
            routeKey({ ...route, table: routeTableId(route.table) }) === `${input.table} ${input.destination} *`,
        )
      )
        throw refuse('AlreadyExists', 'the destination is taken');
      const parts = {
        table: input.table,
        description: cloud.options.routeDescriptions ? (input.description ?? '') : '',
        state: 'provisioning' as const,
        until: cloud.clock.now() + cloud.options.routeMs,
      };
      if (cloud.options.routeMs === 0) parts.until = 0;
      cloud.plantRoute(input.network, input.destination, input.nextHop, parts);
      cloud.tick();
    };
    const take = (table: string, destination: string): void => {
      const route = cloud.routes.find((one) => one.table === table && one.destination === destination);
      if (route === undefined) throw refuse('NotFound', 'no such route');
      if (route.origin !== 'custom') throw refuse('PermissionDenied', 'a system route');
      route.state = 'deleting';
      route.until = cloud.clock.now() + cloud.options.routeMs;
      cloud.tick();
    };
    const each = <I>(
      inputs: readonly I[],
      act: (input: I) => void,
    ): { ok: true }[] | { ok: false; error: PeerwayError }[] =>
      inputs.map((input) => {
        try {
          act(input);
          return { ok: true };
        } catch (error) {
          return { ok: false, error: error as PeerwayError };
        }
      }) as { ok: true }[];
    this.routes = {
      tables: (network, call) =>
        request(call, 'routes.tables', false, () => {
          const found = own(network);
          if (found === undefined) throw refuse('NotFound', 'no such network');
          return found.tables.map((id, at) => ({
            id: routeTableId(id),
            network: found.id,
            kind: at === 0 ? ('main' as const) : ('custom' as const),
            name: id,
          }));
        }),
      list: (_network, table, _cursor, call) =>
        request(call, 'routes.list', false, () => ({
          items: cloud.routes
            .filter((route) => route.table === table)
            .map((route): Route => ({
              ...route,
              id: routeId(route.id),
              table: routeTableId(route.table),
              nativeState: route.state,
            })),
        })),
      create: (input, call) =>
        request(call, 'routes.create', true, () => {
          if (busy(input.network)) throw refuse('Conflict', 'a route task is under way');
          put(input);
        }),
      delete: (route, call) =>
        request(call, 'routes.delete', true, () => {
          if (busy(route.network)) throw refuse('Conflict', 'a route task is under way');
          take(route.table, route.destination);
        }),
      ...(cloud.options.batch === undefined
        ? {}
        : {
            createMany: (inputs, call) =>
              request(call, 'routes.createMany', true, () => {
                if (inputs.some((input) => busy(input.network))) throw refuse('Conflict', 'a route task is under way');
                return each(inputs, put);
              }),
            deleteMany: (routes, call) =>
              request(call, 'routes.deleteMany', true, () => {
                if (routes.some((route) => busy(route.network))) throw refuse('Conflict', 'a route task is under way');
                return each(routes, (route) => take(route.table, route.destination));
              }),
          }),
    };
    this.links = {
      create: (input, call) =>
        request(call, 'links.create', true, () => {
          if (cloud.links.some((link) => link.port === input.port && link.vlan === input.vlan))
            throw refuse('AlreadyExists', 'the VLAN is taken');
          const link = cloud.link({
            port: input.port,
            vlan: input.vlan,
            cloudIp: input.cloudIp,
            customerIp: input.customerIp,
            account,
            region,
            name: input.name,
            description: input.description ?? '',
            tags: { ...input.tags },
            state: 'provisioning',
            reason: 'half-made',
          });
          cloud.after(cloud.options.stepMs, link, () => (link.next = 'continue'));
          return linkId(link.id);
        }),
      continue: (id, input, call) =>
        request(call, 'links.continue', true, () => {
          const link = this.#link(id);
          link.next = undefined;
          link.network = input.network;
          link.reason = undefined;
          cloud.after(cloud.options.stepMs, link, () => (link.state = 'active'));
        }),
      get: (id, call) => request(call, 'links.get', false, () => this.#linkReading(this.#link(id))),
      list: (query, _cursor, call) =>
        request(call, 'links.list', false, () => ({
          items: cloud.links
            .filter(
              (link) =>
                link.account === account &&
                link.region === region &&
                (query.port === undefined || link.port === query.port),
            )
            .map((link) => this.#linkReading(link)),
        })),
      setSuspended: (id, suspended, call) =>
        request(call, 'links.suspend', true, () => {
          const link = this.#link(id);
          link.state = suspended ? 'inactive' : 'active';
          link.reason = suspended ? 'suspended' : undefined;
        }),
      delete: (id, call) =>
        request(call, 'links.delete', true, () => {
          const link = this.#link(id);
          if (cloud.routes.some((route) => route.nextHop.id.startsWith(link.id) && route.state !== 'deleting'))
            throw refuse('FailedPrecondition', 'a route uses it');
          link.state = 'deleting';
          cloud.after(cloud.options.deleteMs, link, () => cloud.links.splice(cloud.links.indexOf(link), 1));
          return 'started';
        }),
    };
  }

  native<T>(): T | undefined {
    return undefined;
  }

  async close(): Promise<void> {}

  #network(network: FakeNetwork | undefined): ReturnType<FakeDriver['readNetwork']>[] {
    return network === undefined ? [] : [this.readNetwork(network)];
  }

  readNetwork(network: FakeNetwork) {
    return {
      provider: this.cloud.options.id,
      id: network.id,
      account: accountId(network.account),
      region: regionId(network.region),
      name: network.id,
      cidrs: [...network.cidrs],
      state: network.state,
      nativeState: network.state,
      ...(network.transit === undefined ? {} : { transit: network.transit }),
      mainRouteTable: routeTableId(network.tables[0]!),
    };
  }

  #begin(peering: FakePeering, sameAccount: boolean): void {
    const { cloud } = this;
    if (cloud.options.handshake === 'mirrored') {
      peering.halves = new Set(['initiator']);
      peering.reason = 'half-made';
      cloud.after(
        cloud.options.createMs,
        peering,
        () =>
          (peering.next = sameAccount ? { side: 'initiator', verb: 'continue' } : { side: 'acceptor', verb: 'accept' }),
      );
      return;
    }
    cloud.after(cloud.options.createMs, peering, () => {
      if (sameAccount && cloud.options.autoAccept) peering.state = 'active';
      else {
        peering.state = 'pending-acceptance';
        peering.next = { side: 'acceptor', verb: 'accept' };
      }
    });
  }

  #remove(peering: FakePeering): void {
    peering.state = 'deleting';
    peering.next = undefined;
    this.cloud.after(this.cloud.options.deleteMs, peering, () => this.cloud.dropPeering(peering));
  }

  #sides(peering: FakePeering): PeeringSide[] {
    return (['initiator', 'acceptor'] as const).filter((side) => {
      const network = this.cloud.networks.get(peering[side]);
      return network?.account === this.account && network.region === this.region;
    });
  }

  #own(id: string): FakePeering {
    const peering = this.cloud.peerings.find((one) => one.id === id);
    if (peering === undefined || this.#sides(peering).length === 0) throw refuse('NotFound', `no peering ${id}`);
    return peering;
  }

  #reading(peering: FakePeering, side: PeeringSide): Peering {
    const end = (of: PeeringSide): Peering['initiator'] => {
      const network = this.cloud.networks.get(peering[of])!;
      const shown = !this.cloud.options.hopPerSide || of === side;
      return {
        account: accountId(network.account),
        region: regionId(network.region),
        network: network.id,
        cidrs: [...network.cidrs],
        ...(shown && peering.state !== 'provisioning' ? { nextHop: this.cloud.hop(peering, of) } : {}),
      };
    };
    return {
      provider: this.cloud.options.id,
      mechanism: peering.mechanism,
      id: peeringId(peering.id),
      seenFrom: side,
      name: peering.name,
      description: peering.description,
      state: peering.state,
      nativeState: peering.state,
      initiator: end('initiator'),
      acceptor: end('acceptor'),
      tags: side === 'initiator' ? { ...peering.tags } : { ...peering.acceptorTags },
      deletionProtection: peering.protection,
      ...(peering.reason === undefined ? {} : { reason: peering.reason }),
      ...(peering.next === undefined ? {} : { next: peering.next }),
      ...(peering.bandwidthMbps === undefined ? {} : { bandwidthMbps: peering.bandwidthMbps }),
    };
  }

  #link(id: string): FakeLink {
    const link = this.cloud.links.find(
      (one) => one.id === id && one.account === this.account && one.region === this.region,
    );
    if (link === undefined) throw refuse('NotFound', `no link ${id}`);
    return link;
  }

  #linkReading(link: FakeLink): Link {
    return {
      provider: this.cloud.options.id,
      id: linkId(link.id),
      name: link.name,
      description: link.description,
      account: accountId(link.account),
      region: regionId(link.region),
      port: link.port as Link['port'],
      vlan: link.vlan,
      cloudIp: link.cloudIp,
      customerIp: link.customerIp,
      state: link.state,
      nativeState: link.state,
      tags: { ...link.tags },
      ...(link.network === undefined ? {} : { network: link.network, nextHop: { kind: 'link' as const, id: link.id } }),
      edge: {
        table: routeTableId(`edge-${link.id}`),
        ...(link.network === undefined ? {} : { towardNetwork: { kind: 'link' as const, id: `${link.id}-n` } }),
        towardCustomer: { kind: 'link' as const, id: `${link.id}-c` },
      },
      ...(link.reason === undefined ? {} : { reason: link.reason }),
      ...(link.next === undefined ? {} : { next: link.next }),
    };
  }
}
