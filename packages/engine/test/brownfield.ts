/** A world that people made by hand on both emulated clouds: networks, peerings of every kind, lines and the routes over them. */
import {
  networkId,
  parseCidr,
  portId,
  type NextHop,
  type NetworkId,
  type Peering,
  type PeeringRequest,
  type Provider,
  type RouteTableId,
} from '@peerway/core';
import { DEFAULT_WORLD } from '@peerway/emulator';
import { Emulated, ROOMY, type CloudName } from './emulated.js';

/** Lifts the default quotas: what people have is what they were granted. */
const GRANTED = {
  ...ROOMY,
  'baidu.vpc.quotaPerRegion': 1_000,
  'baidu.peerconn.quotaPerVpc': 1_000,
  'baidu.peerconn.quotaPerAccount': 1_000,
};

/** Alibaba account a, Alibaba account b, Baidu account a, Baidu account b; each in a region of its own. */
export type Place = 'ali' | 'aliB' | 'bd' | 'bdB';

const PLACES: Readonly<Record<Place, readonly [CloudName, 'a' | 'b', 0 | 1]>> = {
  ali: ['alibaba', 'a', 0],
  aliB: ['alibaba', 'b', 1],
  bd: ['baidu', 'a', 0],
  bdB: ['baidu', 'b', 1],
};

interface Made {
  readonly place: Place;
  readonly id: NetworkId;
  readonly cidr: string;
}

interface More {
  readonly mechanism?: string;
  readonly bandwidthMbps?: number;
  readonly name?: string;
  /** Destinations in the table of each; default: the other's prefix. */
  readonly routes?: readonly [readonly string[], readonly string[]];
}

export class Brownfield {
  readonly networks: Made[] = [];
  #block = 0;

  private constructor(readonly world: Emulated) {}

  static async start(): Promise<Brownfield> {
    return new Brownfield(await Emulated.start({ rules: GRANTED, start: Date.parse('2026-11-01T00:00:00Z') }));
  }

  close(): Promise<void> {
    return this.world.close();
  }

  provider(place: Place): Promise<Provider> {
    const [cloud, who, at] = PLACES[place];
    return this.world.provider(cloud, who, DEFAULT_WORLD[cloud].regions[at]);
  }

  providers(places: readonly Place[] = ['ali', 'aliB', 'bd', 'bdB']): Promise<Provider[]> {
    return Promise.all(places.map((place) => this.provider(place)));
  }

  /** @returns the networks, in order */
  seed(place: Place, names: readonly string[]): Made[] {
    const [cloud, who, at] = PLACES[place];
    const made = names.map((name): Made => {
      const cidr = `172.${16 + Math.floor(this.#block / 16)}.${(this.#block++ % 16) * 16}.0/20`;
      const { id } = this.world.emulator.world.network({
        cloud,
        account: DEFAULT_WORLD[cloud].accounts[who].id,
        region: DEFAULT_WORLD[cloud].regions[at],
        cidrs: [cidr],
        name,
      });
      return { place, id: networkId(id), cidr };
    });
    this.networks.push(...made);
    return made;
  }

  /** One of the default world. */
  made(place: Place, id: string): Made {
    const [cloud] = PLACES[place];
    return {
      place,
      id: networkId(id),
      cidr: DEFAULT_WORLD[cloud].networks.find((one) => one.id === id)?.cidrs[0] ?? '',
    };
  }

  port(place: Place, at: number): string {
    const [cloud, who, region] = PLACES[place];
    const { ports, regions } = DEFAULT_WORLD[cloud];
    return ports.filter((one) => one.account === who && one.region === regions[region])[at]?.id ?? '';
  }

  /** A peering that is active, with the routes of both sides. */
  async peer(a: Made, b: Made, { routes = [[b.cidr], [a.cidr]], ...more }: More = {}): Promise<Peering> {
    const [near, far] = [await this.provider(a.place), await this.provider(b.place)];
    const id = await this.ask(a, b, more);
    const options: { mechanism?: string } = more.mechanism === undefined ? {} : { mechanism: more.mechanism };
    if (far !== near) await far.peerings.accept(id);
    // each side may be shown its own interface only
    const mine = await near.peerings.get(id, { side: 'initiator', ...options });
    const hop =
      mine.acceptor.nextHop ?? (await far.peerings.get(id, { side: 'acceptor', ...options })).acceptor.nextHop;
    const hops = [mine.initiator.nextHop, hop] as const;
    for (const [at, network] of [a, b].entries())
      for (const destination of routes[at] ?? []) await this.route(network, destination, hops[at]);
    return mine;
  }

  /** Asks and, inside one account, waits until it is active. */
  async ask(a: Made, b: Made, more: Omit<More, 'routes'> = {}): Promise<Peering['id']> {
    const [near, far] = [await this.provider(a.place), await this.provider(b.place)];
    const [cloud, who] = PLACES[b.place];
    const request: PeeringRequest = {
      initiator: a.id,
      acceptor: {
        region: far.region,
        network: b.id,
        ...(far === near ? {} : { account: DEFAULT_WORLD[cloud].accounts[who].id as never }),
      },
      ...(cloud === 'baidu' ? { bandwidthMbps: 10 } : {}),
      ...more,
    };
    if (far !== near) return near.peerings.request(request);
    return (await near.peerings.create(request)).id;
  }

  async route(network: Made, destination: string, nextHop: NextHop | undefined, table?: RouteTableId): Promise<void> {
    const provider = await this.provider(network.place);
    const [main] = await provider.routes.tables(network.id);
    if (nextHop === undefined || main === undefined) throw new Error('no route to make');
    await provider.routes.create({
      network: network.id,
      table: table ?? main.id,
      destination: parseCidr(destination),
      nextHop,
    });
  }

  /** A line on the port of that number, with what lies behind it (absent: nothing) and, where the border router has a table, the ways through it. */
  async line(network: Made, port: number, at: number, destination: string | undefined): Promise<void> {
    const [cloud] = PLACES[network.place];
    const provider = await this.provider(network.place);
    const id = this.port(network.place, port);
    const link = await provider.links.create({
      network: network.id,
      port: portId(id),
      ...this.#onPort(cloud, id, at),
      name: `site-${port}`,
      ...(cloud === 'baidu' ? { bandwidthMbps: 100 } : {}),
    });
    if (destination === undefined) return;
    await this.route(network, destination, link.nextHop);
    const { edge } = link;
    if (edge === undefined) return;
    await this.route(network, destination, edge.towardCustomer, edge.table);
    await this.route(network, network.cidr, edge.towardNetwork, edge.table);
  }

  #onPort(cloud: CloudName, port: string, at: number): { vlan: number; cloudIp: string; customerIp: string } {
    if (cloud === 'alibaba') return { vlan: 30 + at, cloudIp: `10.255.${at}.1/30`, customerIp: `10.255.${at}.2` };
    const rows = this.world.emulator.snapshot().tables['baidu.channels'] ?? [];
    const channels = rows.filter((row) => (row as unknown as Record<string, unknown>)['lineId'] === port);
    const row = channels[at] as unknown as Record<string, unknown> | undefined;
    if (row === undefined) throw new Error('no channel');
    return {
      vlan: Number(row['vlanId']),
      cloudIp: String(row['baiduAddress']),
      customerIp: String(row['customerAddress']).split('/')[0] ?? '',
    };
  }

  /** Requests that changed something since the last call. */
  #seen = 0;
  writes(): string[] {
    const all = this.world.emulator.requests.filter((request) => request.mutating);
    const fresh = all.slice(this.#seen).map((request) => request.operation);
    this.#seen = all.length;
    return fresh;
  }
}
