/**
 * A cloud of the other family, about as small as one can be: a peering is two half-objects, one in each network, without a
 * verb to accept or reject. Each side makes and removes its own half, the initiator has to synchronise once both are there,
 * and routes appear by themselves. It is here so that no case of the kit, and no verb of core, is shaped by shared objects
 * alone.
 */
import {
  accountId,
  canonicalCidr,
  definePlugin,
  LINK_FEATURES,
  networkId,
  otherSide,
  PEERING_FEATURES,
  peeringId,
  PeerwayError,
  PLUGIN_API_VERSION,
  regionId,
  ROUTE_FEATURES,
  routeTableId,
  type Call,
  type Clock,
  type DnsSyncState,
  type ErrorCode,
  type PeeringNext,
  type Standing,
  type NativeToken,
  type Network,
  type Page,
  type Peering,
  type PeeringCreate,
  type PeeringSide,
  type ProviderCapabilities,
  type ProviderDriver,
  type Route,
  type Support,
} from '@peerway/core';
import { FaultQueue } from '../src/proxy/faultQueue.js';

interface Net {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly cidrs: readonly string[];
}
interface Half {
  readonly key: string;
  readonly side: PeeringSide;
  readonly own: Net;
  readonly other: Net;
  /** Each half has a note of its own. */
  note: string;
  /** Whether names of the other network resolve on this side. */
  dns: boolean;
  met: boolean;
  syncedAt?: number;
  removedAt?: number;
}
type Word = 'WAITING' | 'OUT_OF_SYNC' | 'CONNECTING' | 'CONNECTED' | 'DISCONNECTED' | 'REMOVING';

const standingOf = (word: Word, side: PeeringSide): Standing<PeeringNext> =>
  (
    ({
      WAITING: { state: 'pending-acceptance', next: { side: otherSide(side), verb: 'accept' } },
      OUT_OF_SYNC: { state: 'provisioning', next: { side: 'initiator', verb: 'continue' } },
      CONNECTING: { state: 'provisioning' },
      CONNECTED: { state: 'active' },
      DISCONNECTED: { state: 'inactive', reason: 'peer-missing' },
      REMOVING: { state: 'deleting' },
    }) satisfies Record<Word, Standing<PeeringNext>>
  )[word];
const CODES: Record<string, ErrorCode> = {
  badLogin: 'Unauthenticated',
  notFound: 'NotFound',
  inUse: 'AlreadyExists',
  rateLimit: 'Throttled',
  backendError: 'Unavailable',
  notYours: 'PermissionDenied',
};
const LAG_MS = 2_000;
const PAGE = 3;

export class MirroredCloud {
  readonly requests: { operation: string; mutating: boolean }[] = [];
  readonly nets = new Map<string, Net>();
  readonly halves: Half[] = [];
  readonly logins = new Map<string, string>();
  readonly faults = new FaultQueue();

  constructor(readonly clock: Clock) {}

  /** One request: logged, let in, failed on demand, carried out. */
  send<T>(
    operation: string,
    mutating: boolean,
    login: { readonly account: string; readonly secret: string },
    work: () => T,
  ): T {
    this.requests.push({ operation, mutating });
    const fault = this.faults.next(mutating);
    if (fault === 'denied') throw new Refused(403, 'notYours');
    if (fault === 'throttle') throw new Refused(429, 'rateLimit');
    if (fault === 'unavailable') throw new Refused(503, 'backendError');
    if (fault === 'cut') throw new Refused(0, 'cut');
    if (this.logins.get(login.account) !== login.secret) throw new Refused(401, 'badLogin');
    const now = this.clock.now();
    this.halves.splice(0, this.halves.length, ...this.halves.filter((half) => (half.removedAt ?? Infinity) > now));
    const result = work();
    if (fault === 'lostAnswer') throw new Refused(0, 'cut');
    return result;
  }

  requireFree(own: Net, other: Net): void {
    if (this.halves.some((half) => half.own === own && half.other === other)) throw new Refused(409, 'inUse');
  }

  add(own: Net, other: Net, side: PeeringSide, note: string): void {
    this.requireFree(own, other);
    this.halves.push({
      key: keyOf(side === 'initiator' ? own : other, side === 'initiator' ? other : own),
      side,
      own,
      other,
      note,
      dns: false,
      met: false,
    });
    for (const half of this.halves) half.met ||= this.mirrorOf(half) !== undefined;
  }

  mirrorOf({ own, other }: Half): Half | undefined {
    return this.halves.find((half) => half.own === other && half.other === own && half.removedAt === undefined);
  }

  word(half: Half): Word {
    const mirror = this.mirrorOf(half);
    if (half.removedAt !== undefined) return 'REMOVING';
    if (mirror === undefined) return half.met ? 'DISCONNECTED' : 'WAITING';
    const initiator = half.side === 'initiator' ? half : mirror;
    const synced = initiator.syncedAt;
    // the initiator is not shown what another account or region has made until it has named it
    if (synced === undefined) return half === initiator && apart(half) ? 'WAITING' : 'OUT_OF_SYNC';
    return this.clock.now() < synced + LAG_MS ? 'CONNECTING' : 'CONNECTED';
  }
}

const apart = ({ own, other }: Half): boolean => own.account !== other.account || own.region !== other.region;

class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code);
  }
}

/** `account:region:network~account:region:network`: all that either side must know, and stable. */
const keyOf = (initiator: Net, acceptor: Net): string =>
  [initiator, acceptor].map(({ account, region, id }) => `${account}:${region}:${id}`).join('~');

function mirroredDriver(
  cloud: MirroredCloud,
  login: { readonly account: string; readonly secret: string; readonly region: string },
): ProviderDriver {
  let answers = 0;
  const ask = async <T>(operation: string, mutating: boolean, call: Call, work: () => T): Promise<T> => {
    const answered = await call.admit({ nativeOperation: operation, mutating });
    try {
      return cloud.send(operation, mutating, login, work);
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      const lost = thrown.status === 0;
      throw new PeerwayError(lost ? 'Unavailable' : (CODES[thrown.code] ?? 'Unknown'), `${operation}: ${thrown.code}`, {
        nativeOperation: operation,
        httpStatus: thrown.status,
        requestId: `m-${++answers}`,
        nativeCode: thrown.code,
        ...(lost && mutating ? { outcome: 'unknown' as const } : {}),
      });
    } finally {
      answered({ httpStatus: 0, durationMs: 0 });
    }
  };
  const mine = (net: Net | undefined): net is Net => net?.account === login.account && net.region === login.region;
  const net = (id: string, owned = true): Net => {
    const found = cloud.nets.get(id);
    if (found === undefined || (owned && !mine(found))) throw new Refused(404, 'notFound');
    return found;
  };
  const half = (key: string, side: PeeringSide): Half => {
    const found = cloud.halves.find((one) => one.key === key && one.side === side && mine(one.own));
    if (found === undefined) throw new Refused(404, 'notFound');
    return found;
  };
  const page = <T>(all: readonly T[], cursor: string | undefined): Page<T> => {
    const end = Number(cursor ?? 0) + PAGE;
    return { items: all.slice(end - PAGE, end), ...(end < all.length ? { next: String(end) } : {}) };
  };
  const reading = (one: Half): Peering => {
    const word = cloud.word(one);
    const end = ({ account, region, id, cidrs }: Net) => ({
      account: accountId(account),
      region: regionId(region),
      network: networkId(id),
      cidrs: cidrs.map(canonicalCidr),
    });
    const [initiator, acceptor] = one.side === 'initiator' ? [one.own, one.other] : [one.other, one.own];
    const dns = ({ dns }: Half): DnsSyncState => (dns ? 'on' : 'off');
    const mirror = one.side === 'initiator' && !apart(one) ? cloud.mirrorOf(one) : undefined;
    return {
      provider: 'mirrored',
      mechanism: 'halves',
      id: peeringId(one.key),
      seenFrom: one.side,
      name: '',
      description: one.note,
      ...standingOf(word, one.side),
      nativeState: word,
      initiator: end(initiator),
      acceptor: end(acceptor),
      dnsSync: dns(one),
      ...(mirror === undefined ? {} : { acceptorDnsSync: dns(mirror) }),
      tags: {},
    };
  };
  const wanted = ({ initiator, acceptor }: PeeringCreate): readonly [Net, Net] => {
    const [own, other] = [net(initiator), net(acceptor.network, false)];
    if (other.account !== (acceptor.account ?? login.account) || other.region !== acceptor.region)
      throw new Refused(404, 'notFound');
    return [own, other];
  };
  const network = ({ id, account, region, cidrs }: Net): Network => ({
    provider: 'mirrored',
    id: networkId(id),
    account: accountId(account),
    region: regionId(region),
    name: '',
    cidrs: cidrs.map(canonicalCidr),
    state: 'active',
    nativeState: 'READY',
  });
  const refuse = async (): Promise<never> => {
    throw new PeerwayError('Unsupported', 'This cloud has no such verb');
  };
  return {
    networks: {
      get: (ids, call) =>
        ask('networks.list', false, call, () =>
          ids
            .flatMap((id) => cloud.nets.get(id) ?? [])
            .filter(mine)
            .map(network),
        ),
      list: (cursor, call) =>
        ask('networks.list', false, call, () => page([...cloud.nets.values()].filter(mine).map(network), cursor)),
    },
    peerings: {
      create: (input, call) =>
        ask('networks.addPeering', true, call, () => {
          const [own, other] = wanted(input);
          cloud.add(own, other, 'initiator', input.description ?? '');
          return peeringId(keyOf(own, other));
        }),
      dryRun: (input, call) => ask('networks.checkPeering', false, call, () => cloud.requireFree(...wanted(input))),
      get: (id, side, call) => ask('networks.getPeering', false, call, () => reading(half(id, side))),
      list: ({ network: one, between }, cursor, call) =>
        ask('networks.listPeerings', false, call, () => {
          const wanted = [...(one === undefined ? [] : [one]), ...(between ?? [])] as string[];
          return page(
            cloud.halves
              .filter(({ own, other }) => mine(own) && wanted.every((id) => id === own.id || id === other.id))
              .map(reading),
            cursor,
          );
        }),
      // to agree is to make the mirror half, which the cloud's own "in use" says is there already
      accept: (id, call, seen) =>
        ask('networks.addPeering', true, call, () => {
          const [initiator, acceptor] = id.split('~').map((text) => cloud.nets.get(text.split(':')[2] ?? ''));
          if (initiator === undefined || acceptor === undefined) throw new Refused(404, 'notFound');
          if (!mine(acceptor)) throw new Refused(403, 'notYours');
          if (cloud.halves.some((one) => one.key === id && one.side === 'acceptor' && one.removedAt === undefined))
            return;
          cloud.add(acceptor, initiator, 'acceptor', seen?.description ?? '');
        }),
      continue: (id, side, call) =>
        ask('networks.syncPeering', true, call, () => void (half(id, side).syncedAt ??= cloud.clock.now())),
      delete: (id, side, call) =>
        ask('networks.removePeering', true, call, () => {
          half(id, side).removedAt ??= cloud.clock.now() + LAG_MS;
          return 'started' as const;
        }),
      reject: refuse,
      update: (id, side, change, call) =>
        ask('networks.updatePeering', true, call, () => {
          if (change.kind === 'labels') half(id, side).note = change.description ?? '';
          if (change.kind === 'dnsSync') half(id, side).dns = change.enabled;
        }),
    },
    routes: {
      tables: (id, call) =>
        ask('networks.get', false, call, () => [
          { id: routeTableId(`t-${net(id).id}`), network: id, kind: 'main', name: '' },
        ]),
      list: (id, table, cursor, call) =>
        ask('routes.list', false, call, () => {
          const base = { table, network: id, state: 'active', nativeState: 'ACTIVE', description: '' } as const;
          const local = net(id)
            .cidrs.map(canonicalCidr)
            .map((destination): Route => ({
              ...base,
              destination,
              origin: 'system',
              nextHop: { kind: 'other', id: 'local' },
            }));
          const exchanged = cloud.halves
            .filter((one) => one.own.id === id && cloud.word(one) === 'CONNECTED')
            .flatMap((one) =>
              one.other.cidrs.map(canonicalCidr).map((destination): Route => ({
                ...base,
                destination,
                origin: 'propagated',
                nextHop: { kind: 'peering', id: one.key },
              })),
            );
          return page([...local, ...exchanged], cursor);
        }),
      create: refuse,
      delete: refuse,
    },
    native: <T>(_token: NativeToken<T>) => undefined,
    close: async () => undefined,
  };
}

const no: Support = {
  status: 'unsupported',
  reason: 'two halves, routes by themselves',
  source: 'mirroredCloud.ts',
  checkedOn: '2026-11-20',
};
const yes: Support = { status: 'supported', checkedOn: '2026-11-20' };
const features = <F extends string>(all: readonly F[], ...on: readonly F[]) =>
  Object.fromEntries(all.map((feature) => [feature, on.includes(feature) ? yes : no])) as Record<F, Support>;

const mirroredCapabilities: ProviderCapabilities = {
  mechanisms: [
    {
      name: 'halves',
      handshake: 'mirrored',
      autoAcceptSameAccount: false,
      deletableBy: 'each',
      occupiesPairWhen: [],
      duplicate: 'refused',
      dead: 'deletable',
      dnsSwitch: 'resolves-other',
      dryRunShows: 'creation',
      bandwidth: 'none',
      features: features(PEERING_FEATURES, 'crossRegion', 'crossAccount', 'accept', 'description', 'dnsSync', 'dryRun'),
      limits: {},
    },
  ],
  routes: { features: features(ROUTE_FEATURES), limits: {} },
  links: { features: features(LINK_FEATURES), limits: {} },
  networksPerRead: 4,
};

/** A plugin over one given cloud: drivers differ by credentials alone. */
export const mirroredPlugin = (cloud: () => MirroredCloud) =>
  definePlugin({
    apiVersion: PLUGIN_API_VERSION,
    id: 'mirrored',
    displayName: 'Mirrored cloud',
    capabilities: mirroredCapabilities,
    options: class {},
    credentials: [
      { key: 'account', env: ['MIRRORED_ACCOUNT'], help: 'Account', secret: false },
      { key: 'secret', env: ['MIRRORED_SECRET'], help: 'Secret', secret: true },
    ],
    create: ({ region, credentials: { account = '', secret = '' }, redactor }) => {
      redactor.add(secret);
      return mirroredDriver(cloud(), { account, secret, region });
    },
  });
