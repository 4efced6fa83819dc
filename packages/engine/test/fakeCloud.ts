/**
 * A cloud in memory, small and strict: two kinds of handshake, lifecycles that follow the clock, the rules that real clouds
 * have, a log of every request, and points at which the caller can be killed. The engine's tests and properties run on it.
 */
import {
  networkId,
  parseCidr,
  PeerwayError,
  PLUGIN_API_VERSION,
  Provider,
  Redactor,
  regionId,
  seededRandom,
  VirtualClock,
  type Call,
  type NetworkId,
  type NextHop,
  type PeeringSide,
  type ProviderPlugin,
} from '@peerway/core';
import { FakeDriver } from './fakeDriver.js';
import { fakeCapabilities, SHARED, type FakeOptions } from './fakeOptions.js';
import type { FakeLink, FakeNetwork, FakePeering, FakeRequest, FakeRoute, Kill } from './fakeRecords.js';

export { FADING, MIRRORED, SHARED, STRICT, type FakeOptions } from './fakeOptions.js';
export type { Kill } from './fakeRecords.js';

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
  /** What a request is answered in the place of its answer: refused before it takes effect, or lost `after` it. */
  refuses: ((operation: string, phase: 'before' | 'after') => PeerwayError | undefined) | undefined;
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
      { name, region: regionId(region), credentials: account },
      { clock: this.clock, random, redactor },
    );
  }

  plugin(): ProviderPlugin {
    return {
      apiVersion: PLUGIN_API_VERSION,
      id: this.options.id,
      displayName: `Fake ${this.options.id}`,
      capabilities: fakeCapabilities(this.options),
      options: Object,
      credentials: [],
      create: () => new FakeDriver(this, 'acc-a', 'r1'),
    };
  }

  // ---- what tests do behind Peerway's back

  peeringOf(a: string, b: string): FakePeering {
    this.tick();
    const found = this.peerings.find(
      (p) =>
        p.state !== 'deleted' && ((p.initiator === a && p.acceptor === b) || (p.initiator === b && p.acceptor === a)),
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
      tier: 'gold',
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

  /** It ends, whoever ended it; where what is over stays shown, a tombstone is left. */
  dropPeering(peering: FakePeering): void {
    if (this.options.fades) peering.state = 'deleted';
    else this.forget(peering);
  }

  /** Nothing shows any more that it was there. */
  forget(peering: FakePeering): void {
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
      if (route.broken === 'filtered') route.state = 'filtered';
      else route.state = live.has(route.nextHop.id) && route.broken !== true ? 'active' : 'blackhole';
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
    const done = await call.admit({ nativeOperation: operation, mutating: mutating || this.lying });
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
    const refused = (phase: 'before' | 'after'): void => {
      const error = this.refuses?.(operation, phase);
      if (error !== undefined) throw error;
    };
    try {
      refused('before');
      const result = effect();
      refused('after');
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
