/**
 * One router-interface pair as a Peering: what two independent interfaces, of which one may be out of sight, add up to. Pure.
 * Source: docs/facts/alibaba.md 3.1, 4.1, 11.1 and 11.2.
 */
import {
  attachNative,
  networkId,
  PeerwayError,
  regionId,
  type AccountId,
  type Peering,
  type PeeringEnd,
  type PeeringNext,
  type PeeringSide,
  type RegionId,
  type Standing,
} from '@peerway/core';
import type { RouterInterface } from '../wire/api/routerInterface.js';
import { accountOf, instantOf, lockOf, ROUTER_INTERFACE, tagsOf } from '../convert.js';
import { alibabaRouterInterfaces } from '../native.js';
import {
  ROUTER_INTERFACE_PHASES,
  ROUTER_INTERFACE_SIDES,
  ROUTER_TYPES,
  stateOf,
  type InterfacePhase,
} from '../states.js';
import { CONNECTS_IN_MS } from './pace.js';
import { formatPairId, type FarInitiator } from './pairId.js';
import { mbpsOf } from './spec.js';
import { PROVIDER } from '../wire/errors.js';

/** Our own tag on each interface: the network at the other end, which the service shows only once the pair knows itself. */
export const OPPOSITE_NETWORK_TAG = 'peerway.opposite-network';

/** Our own tag on the initiator's interface: the token of the request that made it, kept longer than the service keeps it. */
export const TOKEN_TAG = 'peerway.token';

/** `missing`: it would be seen if it were there. `unseen`: it belongs to another account or region. */
export type OtherHalf = RouterInterface | 'missing' | 'unseen';

interface HalfReading {
  readonly own: RouterInterface;
  readonly other: OtherHalf;
  readonly account: AccountId;
  readonly region: RegionId;
}

export const phaseOf = (half: RouterInterface): InterfacePhase =>
  stateOf(ROUTER_INTERFACE_PHASES, half.Status, half.RouterInterfaceId);

export const sideOf = (half: RouterInterface): PeeringSide =>
  stateOf(ROUTER_INTERFACE_SIDES, half.Role, `the role of ${half.RouterInterfaceId}`);

const given = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

/** The other end's account; an empty owner means the caller's own, as in the vendor's programs. */
const oppositeAccount = (half: RouterInterface, own: AccountId): AccountId =>
  half.OppositeInterfaceOwnerId === undefined || half.OppositeInterfaceOwnerId === ''
    ? own
    : accountOf(half.OppositeInterfaceOwnerId);

/** Whether the other end is in the same account and region, so that its interface can be read as well. */
export const isNear = (half: RouterInterface, account: AccountId, region: RegionId): boolean =>
  oppositeAccount(half, account) === account && (given(half.OppositeRegionId) ?? region) === region;

export function oppositeNetwork(half: RouterInterface, other: OtherHalf): string | undefined {
  if (typeof other === 'object' && given(other.VpcInstanceId) !== undefined) return other.VpcInstanceId;
  return given(half.OppositeVpcInstanceId) ?? tagsOf(half.Tags?.Tags)[OPPOSITE_NETWORK_TAG];
}

/** True when the interface names the other one, and its router, as its peer. */
export const pointsAt = (
  half: RouterInterface,
  other: { readonly interface: string; readonly router: string },
): boolean => half.OppositeInterfaceId === other.interface && half.OppositeRouterId === other.router;

const ACCEPT: PeeringNext = { side: 'acceptor', verb: 'accept' };
/** The initiator is told of the acceptor, which a reading shows at once. */
const TELL: PeeringNext = { side: 'initiator', verb: 'continue' };
const CONNECT: PeeringNext = { side: 'initiator', verb: 'continue', takesMs: CONNECTS_IN_MS };

/** The state of the pair, as far as one half and what is known of the other show it. */
export function standingOf(own: RouterInterface, other: OtherHalf): Standing<PeeringNext> {
  const phase = phaseOf(own);
  if (phase === 'deleting') return { state: 'deleting' };
  const side = sideOf(own);
  const beyond = otherPhase(own, other);
  if (beyond === 'missing' || beyond === 'deleting') {
    // while Idle the initiator may still be given another partner; after a connection nothing leads back to Idle
    if (side === 'initiator' && phase === 'unconnected')
      return { state: 'pending-acceptance', reason: 'half-made', next: ACCEPT };
    return { state: phase === 'changing' ? 'updating' : 'inactive', reason: 'peer-missing' };
  }
  if (phase === 'changing' || beyond === 'changing') return { state: 'updating' };
  if (phase === 'connecting' || beyond === 'connecting') return { state: 'provisioning' };
  if (phase === 'unconnected') return unconnected(own, other, beyond);
  if (own.BusinessStatus === 'FinancialLocked') return { state: 'inactive', reason: 'billing' };
  if (own.BusinessStatus === 'SecurityLocked') return { state: 'inactive', reason: 'administrative' };
  if (phase === 'down' || beyond === 'down') return { state: 'inactive', reason: 'suspended' };
  // up here, and not yet so over there: the other reading lags behind
  return beyond === 'unconnected' ? { state: 'provisioning' } : { state: 'active' };
}

function unconnected(
  own: RouterInterface,
  other: OtherHalf,
  beyond: InterfacePhase | undefined,
): Standing<PeeringNext> {
  if (typeof other !== 'object') {
    const filled = given(own.OppositeInterfaceId) !== undefined;
    if (sideOf(own) === 'acceptor') return { state: 'provisioning', next: filled ? TELL : ACCEPT };
    return filled
      ? { state: 'provisioning', next: CONNECT }
      : { state: 'pending-acceptance', reason: 'half-made', next: ACCEPT };
  }
  if (beyond !== 'unconnected') return { state: 'provisioning' };
  const [initiator, acceptor] = sideOf(own) === 'initiator' ? [own, other] : [other, own];
  const knows = (half: RouterInterface, peer: RouterInterface): boolean =>
    pointsAt(half, { interface: peer.RouterInterfaceId, router: peer.RouterId });
  if (!knows(acceptor, initiator)) return { state: 'provisioning', next: ACCEPT };
  return { state: 'provisioning', next: knows(initiator, acceptor) ? CONNECT : TELL };
}

/** Undefined: it was not seen, and nothing tells. */
function otherPhase(own: RouterInterface, other: OtherHalf): InterfacePhase | 'missing' | undefined {
  if (typeof other === 'object') return phaseOf(other);
  if (other === 'missing') return 'missing';
  const shown = given(own.OppositeInterfaceStatus);
  if (shown === undefined) return undefined;
  return shown === 'Deleted'
    ? 'missing'
    : stateOf(ROUTER_INTERFACE_PHASES, shown, `the peer of ${own.RouterInterfaceId}`);
}

/** What every interface of a network says of itself (docs/facts/alibaba.md 3.1); without it a living pair would look gone. */
function requireWhole(own: RouterInterface): void {
  const { RouterInterfaceId: id, OppositeRouterType } = own;
  stateOf(ROUTER_TYPES, own.RouterType, `the router type of ${id}`);
  if (given(OppositeRouterType) !== undefined) {
    stateOf(ROUTER_TYPES, OppositeRouterType ?? '', `the router type of the peer of ${id}`);
  }
  // the peer is set before the two are connected, and not changeable since
  const isAlone = phaseOf(own) === 'up' && given(own.OppositeInterfaceId) === undefined;
  if (given(own.VpcInstanceId) !== undefined && !isAlone) return;
  const lacking = isAlone ? 'is Active and has no peer' : 'is in no network';
  throw new PeerwayError('Unknown', `Alibaba Cloud says that ${id} ${lacking}`, {
    provider: PROVIDER,
    resource: id,
    remedy: 'Run again; if it happens again, report it to the cloud.',
  });
}

/**
 * Undefined when nothing tells which network is at the other end: a stray interface, and no peering yet.
 * @throws PeerwayError `Unknown` for an interface that lacks what every one has
 */
export function pairPeering({ own, other, account, region }: HalfReading): Peering | undefined {
  requireWhole(own);
  const seenFrom = sideOf(own);
  const network = given(own.VpcInstanceId);
  const beyond = oppositeNetwork(own, other);
  if (network === undefined || beyond === undefined) return undefined;
  const here: PeeringEnd = {
    account,
    region,
    network: networkId(network),
    nextHop: { kind: 'peering', id: own.RouterInterfaceId },
    router: own.RouterId,
  };
  const otherId =
    other === 'missing'
      ? undefined
      : (given(own.OppositeInterfaceId) ?? (typeof other === 'object' ? other.RouterInterfaceId : undefined));
  const otherRouter = typeof other === 'object' ? other.RouterId : given(own.OppositeRouterId);
  const there: PeeringEnd = {
    account: oppositeAccount(own, account),
    region: regionId(given(own.OppositeRegionId) ?? region),
    network: networkId(beyond),
    ...(otherId === undefined ? {} : { nextHop: { kind: 'peering' as const, id: otherId } }),
    ...(otherRouter === undefined ? {} : { router: otherRouter }),
  };
  const [initiator, acceptor] = seenFrom === 'initiator' ? [here, there] : [there, here];
  const priced = seenFrom === 'initiator' ? own : typeof other === 'object' ? other : undefined;
  const bandwidthMbps = mbpsOf(priced?.Spec ?? own.OppositeInterfaceSpec, priced?.Bandwidth ?? own.OppositeBandwidth);
  const createdAt = instantOf(own.CreationTime);
  const expiresAt = priced?.ChargeType === 'Prepaid' ? instantOf(priced.EndTime) : undefined;
  const { [OPPOSITE_NETWORK_TAG]: _network, [TOKEN_TAG]: _token, ...tags } = tagsOf(own.Tags?.Tags);
  const peering: Peering = {
    provider: PROVIDER,
    mechanism: ROUTER_INTERFACE,
    id: idOf({ own, other, account, region }, initiator, acceptor),
    seenFrom,
    name: own.Name ?? '',
    description: own.Description ?? '',
    ...standingOf(own, other),
    nativeState: [own.Status, ...lockOf(own.BusinessStatus)].join(' '),
    initiator,
    acceptor,
    ...(bandwidthMbps === undefined ? {} : { bandwidthMbps }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    tags,
  };
  const [first, second] = seenFrom === 'initiator' ? [own, other] : [other, own];
  return attachNative(peering, alibabaRouterInterfaces, {
    ...(typeof first === 'object' ? { initiator: first } : {}),
    ...(typeof second === 'object' ? { acceptor: second } : {}),
  });
}

function idOf(
  { own, other, account, region }: HalfReading,
  initiator: PeeringEnd,
  acceptor: PeeringEnd,
): Peering['id'] {
  const named =
    sideOf(own) === 'initiator'
      ? own.RouterInterfaceId
      : typeof other === 'object'
        ? other.RouterInterfaceId
        : given(own.OppositeInterfaceId);
  const id = named ?? own.RouterInterfaceId;
  if (isNear(own, account, region)) return formatPairId({ interface: id });
  const far: FarInitiator = {
    region: initiator.region,
    account: initiator.account,
    router: initiator.router ?? '',
    network: initiator.network,
    acceptor: acceptor.network,
  };
  return formatPairId({ interface: id, far });
}
