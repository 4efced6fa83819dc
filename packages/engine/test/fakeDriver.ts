/** The driver of one account and region of a fake cloud: strict about states, sides and rules, quick about everything else. */
import {
  accountId,
  unknownAccount,
  isTerminal,
  peeringId,
  PeerwayError,
  regionId,
  routeId,
  routeKey,
  routeTableId,
  type Call,
  type Cidr,
  type ErrorCode,
  type NetworkId,
  type NextHop,
  type Peering,
  type PeeringSide,
  type ProviderDriver,
  type Route,
} from '@peerway/core';
import type { FakeCloud } from './fakeCloud.js';
import { fakeLinks } from './fakeLinks.js';
import type { FakeNetwork, FakePeering } from './fakeRecords.js';

const refuse = (code: ErrorCode, message: string): PeerwayError => new PeerwayError(code, message);

export class FakeDriver implements ProviderDriver {
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
    const makeOtherHalf = (peering: FakePeering): void => {
      peering.halves.add('acceptor');
      for (const [key, value] of Object.entries(peering.tags))
        if (key.startsWith('peerway.')) peering.acceptorTags[key] = value;
      peering.reason = undefined;
      peering.next = { side: 'initiator', verb: 'continue' };
    };
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
          if (cloud.peerings.some((p) => p.state !== 'deleted' && pair(p) && blocks(p)))
            throw refuse('AlreadyExists', 'the pair is joined');
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
            p.visibleAt > cloud.clock.now() || (p.state === 'deleted' && query.tombstones !== true)
              ? []
              : this.#sides(p).map((side) => this.#reading(p, side)),
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
            makeOtherHalf(peering);
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
            makeOtherHalf(peering);
            return;
          }
          cloud.after(cloud.options.stepMs, peering, () => (peering.state = 'active'));
        }),
      reject: (id, call) =>
        request(call, 'peerings.reject', true, () => {
          this.#own(id).state = 'rejected';
        }),
      update: async (id, side, change, call) => {
        if (cloud.options.deaf === true) return;
        await request(call, 'peerings.update', true, () => {
          const peering = this.#own(id);
          const tags = side === 'initiator' ? peering.tags : peering.acceptorTags;
          if (change.kind === 'tags') {
            Object.assign(tags, change.set);
            for (const key of change.remove) delete tags[key];
          } else if (change.kind === 'bandwidth') peering.bandwidthMbps = change.bandwidthMbps;
          else if (change.kind === 'labels') {
            peering.description = change.description ?? peering.description;
            peering.name = change.name ?? peering.name;
          } else if (change.kind === 'suspended') {
            peering.state = change.suspended ? 'inactive' : 'active';
            peering.reason = change.suspended ? 'suspended' : undefined;
          } else if (change.kind === 'deletionProtection') peering.protection = change.enabled;
          else if (change.kind === 'settings') peering.tier = 'gold';
        });
      },
      settingsDrift: ({ id }) => {
        const tier = cloud.peerings.find((one) => one.id === id)?.tier ?? 'gold';
        return tier === 'gold' ? [] : [{ name: 'tier', seen: tier, wanted: 'gold', change: 'in-place' }];
      },
      delete: (id, side, call) =>
        request(call, 'peerings.delete', true, () => {
          const peering = this.#own(id);
          if (peering.protection) throw refuse('FailedPrecondition', 'protected');
          if (peering.state === 'deleting') return 'started';
          if (peering.state === 'deleted') throw refuse('NotFound', 'it is gone');
          if (cloud.options.fades && isTerminal(peering.state)) return 'gone';
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
    this.links = fakeLinks(cloud, account, region, request);
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
      account: network.accountUnknown === true ? unknownAccount('00000000') : accountId(network.account),
      region: regionId(network.region),
      name: network.name ?? network.id,
      tags: { ...network.tags },
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
    } as Peering;
  }
}
