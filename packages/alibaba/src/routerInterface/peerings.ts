/**
 * The mechanism `router-interface`: two interfaces, one per router, that name each other and are then connected (docs/facts/alibaba.md 11.1).
 * Each side makes and removes its own half. Steps: the initiator's interface (create), the acceptor's, which names the initiator's
 * (accept), the initiator's set to name the acceptor's (continue), the connection (continue).
 */
import {
  freshly,
  nativeOf,
  networkId,
  PeerwayError,
  readEach,
  type AccountId,
  type BeforeDelete,
  type Call,
  type DeleteProgress,
  type NetworkId,
  type ObjectSettings,
  type Page,
  type Peering,
  type PeeringChange,
  type PeeringCreate,
  type PeeringId,
  type PeeringQuery,
  type PeeringSide,
  type SettingDrift,
  type Tags,
  type Unreadable,
} from '@peerway/core';
import type { RouterInterface } from '../wire/api/routerInterface.js';
import { accountOf, required, tagPairs, tagsOf } from '../convert.js';
import { alibabaRouterInterfaces } from '../native.js';
import type { Scope } from '../scope.js';
import { pairDrift, peeringOptions } from '../settings.js';
import { PairCreation } from './creation.js';
import { RouterInterfaces } from './interfaces.js';
import {
  isNear,
  OPPOSITE_NETWORK_TAG,
  oppositeNetwork,
  pairPeering,
  phaseOf,
  pointsAt,
  sideOf,
  type OtherHalf,
} from './pair.js';
import { partOfLine } from './linePart.js';
import { formatPairId, parsePairId, type PairId } from './pairId.js';
import { requireOneNetworkPerRouter } from './routers.js';
import { specOf } from './spec.js';
import { PROVIDER } from '../wire/errors.js';

export class RouterInterfacePeerings {
  readonly #scope: Scope;
  readonly #interfaces: RouterInterfaces;
  readonly #creation: PairCreation;

  constructor(scope: Scope) {
    this.#scope = scope;
    this.#interfaces = new RouterInterfaces(scope);
    this.#creation = new PairCreation(scope);
  }

  create(input: PeeringCreate, call: Call): Promise<PeeringId> {
    return this.#creation.create(input, call);
  }

  async get(id: PeeringId, side: PeeringSide, call: Call): Promise<Peering> {
    const pair = parse(id);
    const account = await this.#scope.account.get(call);
    const { region } = this.#scope;
    const [own] = await this.#halves(pair, side, call);
    if (own === undefined) throw gone(id);
    const other = await this.#otherOf(own, account, call);
    const peering = pairPeering({ own, other, account, region });
    if (peering === undefined) throw gone(id);
    return peering;
  }

  /** Everything at once: pages cut pairs in two, and a half without the other half reads wrongly. */
  async list(query: PeeringQuery, call: Call): Promise<Page<Peering>> {
    const { region } = this.#scope;
    const every = await this.#interfaces.read([], call);
    const ofLine = ({ RouterType, OppositeRouterType }: RouterInterface): boolean =>
      RouterType === 'VBR' || OppositeRouterType === 'VBR';
    const all = every.filter((half) => !ofLine(half));
    const linkParts = every.filter(ofLine).map(partOfLine);
    if (all.length === 0) return { items: [], linkParts };
    const account = await this.#scope.account.get(call);
    const requireOneNetwork = requireOneNetworkPerRouter(all);
    const read = (own: RouterInterface): Peering | undefined => {
      requireOneNetwork(own);
      const other = isNear(own, account, region) ? (partnerOf(own, all) ?? 'missing') : 'unseen';
      return pairPeering({ own, other, account, region });
    };
    const { items, unreadable = [] } = readEach(all, read, aboutHalf);
    const strange = unreadable.filter(({ networks }) => fits(networks, query));
    return {
      items: items.filter((peering) => fits([peering.initiator.network, peering.acceptor.network], query)),
      linkParts,
      ...(strange.length === 0 ? {} : { unreadable: strange }),
    };
  }

  async accept(id: PeeringId, call: Call, seen?: Peering): Promise<void> {
    const pair = parse(id);
    const near = nearHalves(pair, seen);
    await freshly(
      near && { half: near.acceptor, own: near.initiator },
      async () => {
        const [half] = await this.#halves(pair, 'acceptor', call, seen?.acceptor.nextHop?.id);
        const own = pair.far === undefined ? await this.#interfaces.byId(pair.interface, call) : undefined;
        return { half, own };
      },
      async ({ half, own }) => this.#accept(pair, half, await this.#initiatorOf(pair, own, call), call, seen),
    );
  }

  async #accept(
    pair: PairId,
    half: RouterInterface | undefined,
    initiator: Initiator,
    call: Call,
    seen: Peering | undefined,
  ): Promise<void> {
    const id = formatPairId(pair);
    if (half !== undefined) {
      const named = pointsAt(half, { interface: pair.interface, router: initiator.router });
      if (phaseOf(half) === 'unconnected' && !named) {
        await this.#interfaces.pointTo(
          half.RouterInterfaceId,
          { interface: pair.interface, router: initiator.router, routerType: 'VRouter', account: initiator.account },
          call,
        );
      }
      return;
    }
    if (initiator.connected) {
      throw new PeerwayError('FailedPrecondition', `The acceptor’s interface of ${id} is gone and cannot be replaced`, {
        provider: PROVIDER,
        resource: id,
        remedy: 'Delete the peering and ask for a new one.',
      });
    }
    const acceptor = initiator.acceptor;
    const router = await this.#scope.routers.find(networkId(acceptor), call);
    if (router === undefined) {
      throw new PeerwayError(
        'PermissionDenied',
        `The network ${acceptor}, which ${id} asks for, is not in this account and region`,
        {
          provider: PROVIDER,
          resource: id,
          remedy: 'Use the provider entry of the acceptor’s account and region.',
        },
      );
    }
    await this.#interfaces.createHalf(
      'acceptor',
      {
        Role: 'AcceptingSide',
        RouterType: 'VRouter',
        RouterId: router,
        Spec: 'Negative',
        OppositeRegionId: initiator.region,
        OppositeRouterType: 'VRouter',
        OppositeInterfaceId: pair.interface,
        OppositeRouterId: initiator.router,
        OppositeInterfaceOwnerId: initiator.account,
        ...markOf(seen?.description),
        Tags: tagPairs({ ...marks(seen?.tags ?? initiator.tags), [OPPOSITE_NETWORK_TAG]: initiator.network }),
      },
      call,
    );
  }

  async continue(id: PeeringId, _side: PeeringSide, call: Call, seen?: Peering): Promise<void> {
    const pair = parse(id);
    const account = await this.#scope.account.get(call);
    const near = nearHalves(pair, seen);
    await freshly(
      near?.acceptor && { own: near.initiator, other: near.acceptor },
      async () => {
        const [own] = await this.#halves(pair, 'initiator', call);
        if (own === undefined) throw gone(id);
        return { own, other: await this.#otherOf(own, account, call) };
      },
      (halves) => this.#continue(id, halves, account, call, seen),
    );
  }

  async #continue(
    id: PeeringId,
    { own, other }: { readonly own: RouterInterface; readonly other: OtherHalf },
    account: AccountId,
    call: Call,
    seen: Peering | undefined,
  ): Promise<void> {
    if (phaseOf(own) !== 'unconnected') return; // an earlier try has taken effect
    const peer =
      typeof other === 'object'
        ? { interface: other.RouterInterfaceId, router: other.RouterId }
        : this.#peerAsSeen(own, seen);
    if (peer === undefined) {
      throw new PeerwayError(
        'FailedPrecondition',
        `${id} cannot go on: what the acceptor made cannot be seen from here`,
        {
          provider: PROVIDER,
          resource: id,
          remedy: 'Accept it on the acceptor’s side, read it there, and hand that reading to `advance` on this side.',
        },
      );
    }
    if (pointsAt(own, peer)) return this.#interfaces.connect(own.RouterInterfaceId, call);
    const peerAccount =
      own.OppositeInterfaceOwnerId === undefined || own.OppositeInterfaceOwnerId === ''
        ? account
        : accountOf(own.OppositeInterfaceOwnerId);
    await this.#interfaces.pointTo(
      own.RouterInterfaceId,
      { ...peer, routerType: 'VRouter', account: peerAccount },
      call,
    );
  }

  /** In another account or region: what the acceptor's reading says, else the peer that the interface names already. */
  #peerAsSeen(own: RouterInterface, seen: Peering | undefined): { interface: string; router: string } | undefined {
    const { nextHop, router } = seen?.acceptor ?? {};
    if (nextHop !== undefined && router !== undefined) return { interface: nextHop.id, router };
    const { OppositeInterfaceId: named, OppositeRouterId: namedRouter } = own;
    return named === undefined || named === '' || namedRouter === undefined || namedRouter === ''
      ? undefined
      : { interface: named, router: namedRouter };
  }

  async update(id: PeeringId, side: PeeringSide, change: PeeringChange, call: Call): Promise<void> {
    const { client, region } = this.#scope;
    const pair = parse(id);
    const [half] = await this.#halves(pair, change.kind === 'bandwidth' ? 'initiator' : side, call);
    if (half === undefined) throw change.kind === 'bandwidth' && side === 'acceptor' ? notTheInitiator(id) : gone(id);
    const target = { RegionId: region, RouterInterfaceId: half.RouterInterfaceId };
    switch (change.kind) {
      case 'labels':
        await client.vpc(
          'ModifyRouterInterfaceAttribute',
          {
            ...target,
            ...(change.name === undefined ? {} : { Name: change.name }),
            ...(change.description === undefined ? {} : { Description: change.description }),
            // left out, the service may take `VBR` for it while that can still be changed
            ...(phaseOf(half) === 'unconnected' ? { OppositeRouterType: 'VRouter' as const } : {}),
          },
          call,
        );
        return;
      case 'tags': {
        const tagged = {
          RegionId: region,
          ResourceType: 'ROUTERINTERFACE',
          ResourceId: [half.RouterInterfaceId],
        } as const;
        // removed first: the two together may be more than an object takes
        if (change.remove.length > 0) await client.vpc('UnTagResources', { ...tagged, TagKey: change.remove }, call);
        if (Object.keys(change.set).length === 0) return;
        const set = { ...change.set, ...(await this.#missingNetworkTag(pair, half, call)) };
        await client.vpc('TagResources', { ...tagged, Tag: tagPairs(set) }, call);
        return;
      }
      case 'bandwidth': {
        const spec = specOf(change.bandwidthMbps);
        if (half.Spec !== spec) await client.vpc('ModifyRouterInterfaceSpec', { ...target, Spec: spec }, call);
        return;
      }
      case 'suspended':
        return this.#interfaces.setActive(half, !change.suspended, call);
      case 'deletionProtection':
      case 'dnsSync':
      case 'settings':
        throw new PeerwayError('Unsupported', `A router-interface pair has no ${change.kind}`, { provider: PROVIDER });
    }
  }

  settingsDrift(seen: Peering, settings: ObjectSettings): readonly SettingDrift[] {
    const own = nativeOf(seen, alibabaRouterInterfaces)?.initiator;
    return own === undefined ? [] : pairDrift(own, peeringOptions(this.#scope.options, settings));
  }

  async delete(
    id: PeeringId,
    side: PeeringSide,
    call: Call,
    { seen, unrouted }: BeforeDelete<Peering> = {},
  ): Promise<DeleteProgress> {
    const half = seen === undefined ? undefined : nativeOf(seen, alibabaRouterInterfaces)?.[side];
    return freshly(
      half && [half],
      () => this.#halves(parse(id), side, call),
      async (halves) => {
        if (halves.length === 0) throw gone(id);
        const steps: string[] = [];
        for (const one of halves) {
          steps.push(await this.#interfaces.remove(one, networksOf(one), call, unrouted));
        }
        return steps.every((step) => step === 'deleting') ? 'started' : 'continue';
      },
    );
  }

  /**
   * The interfaces of one side that belong to the pair. More than one acceptor's only after a creation whose answer was lost and
   * whose token the service had forgotten.
   * @param named the acceptor's, as the initiator's reading names it, where the initiator is out of sight from here
   */
  async #halves(pair: PairId, side: PeeringSide, call: Call, named?: string): Promise<RouterInterface[]> {
    if (side === 'initiator') {
      const own = await this.#interfaces.byId(pair.interface, call);
      return own === undefined || sideOf(own) !== 'initiator' ? [] : [own];
    }
    const made = (await this.#interfaces.pointingAt(pair.interface, call)).filter(
      (half) => sideOf(half) === 'acceptor',
    );
    if (made.length > 0) return made;
    const first = pair.far === undefined ? await this.#interfaces.byId(pair.interface, call) : undefined;
    // somebody made it and has set no initiator yet: then its own id is the pair's
    if (first !== undefined && sideOf(first) === 'acceptor') return [first];
    // told to the initiator, and not told of it yet, as between the third and the fourth step of the vendor's programs
    const told = named ?? first?.OppositeInterfaceId ?? '';
    const half = told === '' ? undefined : await this.#interfaces.byId(told, call);
    return half !== undefined && sideOf(half) === 'acceptor' && (half.OppositeInterfaceId ?? '') === '' ? [half] : [];
  }

  /** A half that somebody else made does not say where it leads, and would be nobody's once its other half is gone. */
  async #missingNetworkTag({ far }: PairId, half: RouterInterface, call: Call): Promise<Tags> {
    if (tagsOf(half.Tags?.Tags)[OPPOSITE_NETWORK_TAG] !== undefined) return {};
    const own = sideOf(half);
    const network =
      far === undefined
        ? oppositeNetwork(half, await this.#otherOf(half, await this.#scope.account.get(call), call))
        : own === 'initiator'
          ? far.acceptor
          : far.network;
    return network === undefined ? {} : { [OPPOSITE_NETWORK_TAG]: network };
  }

  async #otherOf(own: RouterInterface, account: AccountId, call: Call): Promise<OtherHalf> {
    if (!isNear(own, account, this.#scope.region)) return 'unseen';
    const named = own.OppositeInterfaceId;
    const found = await this.#interfaces.pointingAt(own.RouterInterfaceId, call);
    const partner = found.find((half) => half.RouterInterfaceId === named) ?? found[0];
    if (partner !== undefined) return partner;
    // it names a peer that does not name it, as between the third and the fourth step of the vendor's programs
    return (named === undefined || named === '' ? undefined : await this.#interfaces.byId(named, call)) ?? 'missing';
  }

  /** @param own as it was read; absent where it is out of sight, or gone */
  async #initiatorOf(pair: PairId, own: RouterInterface | undefined, call: Call): Promise<Initiator> {
    if (pair.far !== undefined) return { ...pair.far, connected: false, tags: {} };
    if (own === undefined) throw gone(formatPairId(pair));
    return {
      region: this.#scope.region,
      account: await this.#scope.account.get(call),
      router: own.RouterId,
      network: required(own.VpcInstanceId, `the network of ${own.RouterInterfaceId}`),
      acceptor: required(oppositeNetwork(own, 'unseen'), `the network that ${own.RouterInterfaceId} asks for`),
      connected: phaseOf(own) !== 'unconnected',
      tags:
        pairPeering({ own, other: 'unseen', account: await this.#scope.account.get(call), region: this.#scope.region })
          ?.tags ?? {},
    };
  }
}

interface Initiator {
  readonly region: string;
  readonly account: string;
  readonly router: string;
  readonly network: string;
  readonly acceptor: string;
  /** It was connected once and can never be given another partner. Unknown, and so false, across accounts and regions. */
  readonly connected: boolean;
  readonly tags: Peering['tags'];
}

/**
 * Of the initiator's tags only those that say who manages the pair: without them a half that outlives the other would be nobody's.
 * Everything else is each side's own.
 */
const marks = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => key.startsWith('peerway.')));

/** The description says it too, and is copied for the same reason. */
const markOf = (description = ''): { readonly Description?: string } =>
  description.startsWith('peerway ') ? { Description: description } : {};

const networksOf = ({ VpcInstanceId: id }: RouterInterface): { networks?: readonly NetworkId[] } =>
  id === undefined || id === '' ? {} : { networks: [networkId(id)] };

function parse(id: PeeringId): PairId {
  const pair = parsePairId(id);
  if (pair === undefined) throw gone(id);
  return pair;
}

const gone = (id: PeeringId): PeerwayError =>
  new PeerwayError('NotFound', `The router-interface pair ${id} is not there`, { provider: PROVIDER, resource: id });

/** Both halves of a pair of near networks, as a reading shows them, which is all there is to know; undefined where it shows less. */
function nearHalves(
  pair: PairId,
  seen: Peering | undefined,
): { readonly initiator: RouterInterface; readonly acceptor: RouterInterface | undefined } | undefined {
  if (pair.far !== undefined || seen === undefined) return undefined;
  const { initiator, acceptor } = nativeOf(seen, alibabaRouterInterfaces) ?? {};
  return initiator?.RouterInterfaceId === pair.interface ? { initiator, acceptor } : undefined;
}

const notTheInitiator = (id: PeeringId): PeerwayError =>
  new PeerwayError('PermissionDenied', `Only the initiator of ${id} can change its bandwidth`, {
    provider: PROVIDER,
    resource: id,
  });

/** The other half among those at hand: the one it names, else one that names it. */
function partnerOf(own: RouterInterface, all: readonly RouterInterface[]): RouterInterface | undefined {
  const isOther = (half: RouterInterface): boolean => sideOf(half) !== sideOf(own);
  return (
    all.find((half) => half.RouterInterfaceId === own.OppositeInterfaceId && isOther(half)) ??
    all.find((half) => half.OppositeInterfaceId === own.RouterInterfaceId && isOther(half))
  );
}

function aboutHalf(half: RouterInterface): Omit<Unreadable, 'error'> {
  const ends = [half.VpcInstanceId, oppositeNetwork(half, 'unseen')];
  return {
    id: half.RouterInterfaceId,
    networks: ends.flatMap((end) => (end === undefined || end === '' ? [] : networkId(end))),
    description: half.Description ?? '',
    tags: tagsOf(half.Tags?.Tags),
  };
}

function fits(ends: readonly NetworkId[], query: PeeringQuery): boolean {
  if (query.network !== undefined && !ends.includes(query.network)) return false;
  return query.between === undefined || query.between.every((network) => ends.includes(network));
}
