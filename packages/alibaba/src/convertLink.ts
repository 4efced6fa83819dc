/** One border router and its interface pair as a Link. Pure. Source: docs/facts/alibaba.md 3.3, 4.3 and 11.2. */
import {
  attachNative,
  linkId,
  NativeToken,
  networkId,
  portId,
  regionId,
  routeTableId,
  type AccountId,
  type FarEnd,
  type HealthCheck,
  type LifecycleState,
  type Link,
  type LinkEdge,
  type RegionId,
  type Standing,
} from '@peerway/core';
import type { VirtualBorderRouter } from './wire/api/borderRouter.js';
import type { RouterInterface } from './wire/api/routerInterface.js';
import { accountOf, instantOf, isGiven, lockOf, tagsOf } from './convert.js';
import { alibabaBorderRouter, alibabaLinkInterfaces } from './native.js';
import { CONNECTS_IN_MS } from './routerInterface/pace.js';
import { OPPOSITE_NETWORK_TAG, phaseOf, pointsAt } from './routerInterface/pair.js';
import { mbpsOf } from './routerInterface/spec.js';
import { stateOf, VBR_STATES, type InterfacePhase } from './states.js';
import { PROVIDER } from './wire/errors.js';

export interface LinkParts {
  readonly vbr: VirtualBorderRouter;
  /** The border router's own interface; it is always the initiator. */
  readonly edge?: RouterInterface;
  /** The network's interface toward the border router. */
  readonly network?: RouterInterface;
  /** Halves that are going, or whose other half is: they never connect again (docs/facts/alibaba.md 4.1), and fill the routers. */
  readonly retired: readonly RouterInterface[];
}

/** Behind a Link, for this driver alone: all that it was read from, and whether from two accounts or regions. */
export const LINK_PARTS = new NativeToken<{ readonly parts: LinkParts; readonly joined: boolean }>('alibaba.linkParts');

/** Picks the interfaces of one border router out of any number of interfaces. */
export function partsOf(vbr: VirtualBorderRouter, interfaces: readonly RouterInterface[]): LinkParts {
  const own = interfaces.filter((half) => half.RouterId === vbr.VbrId);
  const toward = interfaces.filter((half) => half.OppositeRouterId === vbr.VbrId && half.RouterId !== vbr.VbrId);
  const retired = [...own, ...toward].filter((half) => outlived(half, interfaces));
  const living = (half: RouterInterface): boolean => !retired.includes(half);
  const [edges, networks] = [own.filter(living), toward.filter(living)] as const;
  const partnerOf = (half: RouterInterface): RouterInterface | undefined =>
    networks.find((other) => other.RouterInterfaceId === half.OppositeInterfaceId) ??
    networks.find((other) => other.OppositeInterfaceId === half.RouterInterfaceId);
  const edge = edges.find((half) => partnerOf(half) !== undefined) ?? edges[0];
  const network = (edge === undefined ? undefined : partnerOf(edge)) ?? networks[0];
  return { vbr, ...(edge === undefined ? {} : { edge }), ...(network === undefined ? {} : { network }), retired };
}

const GOING: ReadonlySet<string | undefined> = new Set(['Deleting', 'Deleted']);

/**
 * Going itself, or connected once to a partner that is gone or going. A partner that is only out of sight has a status of its own on the
 * record.
 */
function outlived(half: RouterInterface, interfaces: readonly RouterInterface[]): boolean {
  if (GOING.has(half.Status)) return true;
  const partner = interfaces.find((other) => other.RouterInterfaceId === half.OppositeInterfaceId);
  return half.Status !== 'Idle' && GOING.has(partner?.Status ?? half.OppositeInterfaceStatus);
}

export const vbrState = (vbr: VirtualBorderRouter): LifecycleState => stateOf(VBR_STATES, vbr.Status, vbr.VbrId).state;

/** The payment of a line: of its port, and of both interfaces; each word once. */
const locksOf = ({ vbr, edge, network }: LinkParts): readonly string[] => [
  ...new Set(
    [vbr.PhysicalConnectionBusinessStatus, edge?.BusinessStatus, network?.BusinessStatus].flatMap((one) => lockOf(one)),
  ),
];

/** What a link stands at: the border router first, then its interfaces. */
export function linkStanding({ vbr, edge, network, retired }: LinkParts): Standing<'continue'> {
  const router = stateOf(VBR_STATES, vbr.Status, vbr.VbrId);
  const phases = [edge, network, ...retired].flatMap((half) => (half === undefined ? [] : [phaseOf(half)]));
  const any = (...wanted: readonly InterfacePhase[]): boolean => wanted.some((phase) => phases.includes(phase));
  const stands = router.state === 'active' || router.state === 'inactive';
  // the border router stays, switched off or not, so a half that is being removed is a change of the link and not its end
  if (stands && any('deleting', 'changing')) return { state: 'updating' };
  if (router.state !== 'active') return router;
  if (any('connecting')) return { state: 'provisioning' };
  if (retired.length > 0) return { state: 'provisioning', reason: 'half-made', next: 'continue' };
  if (edge === undefined || network === undefined) {
    if (edge === undefined && network === undefined) return { state: 'provisioning', next: 'continue' };
    // the other half of a connected one is not shown yet, for it is not said to be deleted
    return any('unconnected')
      ? { state: 'provisioning', reason: 'half-made', next: 'continue' }
      : { state: 'provisioning' };
  }
  if (phases.every((phase) => phase === 'unconnected')) return { state: 'provisioning', next: 'continue' };
  if (any('unconnected')) return { state: 'provisioning' }; // one reading lags behind the other
  const locked = locksOf({ vbr, edge, network, retired });
  if (locked.includes('FinancialLocked')) return { state: 'inactive', reason: 'billing' };
  if (locked.includes('SecurityLocked')) return { state: 'inactive', reason: 'administrative' };
  return any('down') ? { state: 'inactive', reason: 'suspended' } : { state: 'active' };
}

/** True when all that is left is the connection: both halves are there and name each other. */
function nextConnects(parts: LinkParts): boolean {
  const { edge, network, retired } = parts;
  if (linkStanding(parts).next !== 'continue' || edge === undefined || network === undefined) return false;
  const knows = (half: RouterInterface, peer: RouterInterface): boolean =>
    pointsAt(half, { interface: peer.RouterInterfaceId, router: peer.RouterId });
  return retired.length === 0 && knows(edge, network) && knows(network, edge);
}

/** Whose interface the border router's faces, where it is not the border router's own account and region. */
function farEnd({ edge }: LinkParts, account: AccountId, region: RegionId): FarEnd | undefined {
  const { OppositeInterfaceOwnerId: named = '' } = edge ?? {};
  const owner = named === '' ? account : accountOf(named);
  const place = isGiven(edge?.OppositeRegionId) ? regionId(edge.OppositeRegionId) : region;
  return owner === account && place === region ? undefined : { account: owner, region: place };
}

/** @param joined where the network is, where this was read from both ends */
export function linkOf(parts: LinkParts, account: AccountId, region: RegionId, joined?: FarEnd): Link {
  const { vbr, edge, network, retired } = parts;
  const networkAt = joined ?? farEnd(parts, account, region);
  const attached = [
    ...[network, ...retired].map((half) => half?.VpcInstanceId),
    edge?.OppositeVpcInstanceId,
    ...[edge, ...retired].map((half) => tagsOf(half?.Tags?.Tags)[OPPOSITE_NETWORK_TAG]),
  ].find(isGiven);
  const length = prefixLengthOf(vbr.PeeringSubnetMask);
  const bandwidthMbps = mbpsOf(edge?.Spec, edge?.Bandwidth);
  const createdAt = instantOf(vbr.CreationTime);
  const link: Link = {
    provider: PROVIDER,
    id: linkId(vbr.VbrId),
    name: vbr.Name ?? '',
    description: vbr.Description ?? '',
    account,
    region,
    ...(attached === undefined ? {} : { network: networkId(attached) }),
    ...(networkAt === undefined ? {} : { networkAt }),
    port: portId(vbr.PhysicalConnectionId),
    vlan: Number(vbr.VlanId),
    ...(isGiven(vbr.LocalGatewayIp)
      ? { cloudIp: `${vbr.LocalGatewayIp}${length === undefined ? '' : `/${length}`}` }
      : {}),
    ...(isGiven(vbr.PeerGatewayIp) ? { customerIp: vbr.PeerGatewayIp } : {}),
    ...(bandwidthMbps === undefined ? {} : { bandwidthMbps }),
    ...linkStanding(parts),
    ...(nextConnects(parts) ? { nextTakesMs: CONNECTS_IN_MS } : {}),
    nativeState: [...[vbr, edge, network, ...retired].flatMap((part) => part?.Status ?? []), ...locksOf(parts)].join(
      ' ',
    ),
    ...(network === undefined ? {} : { nextHop: { kind: 'link', id: network.RouterInterfaceId } }),
    ...(retired.length === 0
      ? {}
      : { retiredHops: retired.map((half) => ({ kind: 'link' as const, id: half.RouterInterfaceId })) }),
    ...edgeOf(parts),
    ...healthCheckOf(network),
    ...(createdAt === undefined ? {} : { createdAt }),
    tags: tagsOf(vbr.Tags?.Tags),
    ...partTagsOf([edge, network]),
  };
  const halves = { ...(edge === undefined ? {} : { edge }), ...(network === undefined ? {} : { network }) };
  attachNative(link, LINK_PARTS, { parts, joined: joined !== undefined });
  return attachNative(attachNative(link, alibabaBorderRouter, vbr), alibabaLinkInterfaces, halves);
}

function partTagsOf(halves: readonly (RouterInterface | undefined)[]): Pick<Link, 'partTags'> {
  const partTags = halves.flatMap((half) => (half === undefined ? [] : [tagsOf(half.Tags?.Tags)]));
  return partTags.length === 0 ? {} : { partTags };
}

/** The service shows no addresses where nothing is probed. */
function healthCheckOf(network: RouterInterface | undefined): { readonly healthCheck?: HealthCheck } {
  const { HealthCheckSourceIp: source, HealthCheckTargetIp: target, HcRate, HcThreshold } = network ?? {};
  if (!isGiven(source) || !isGiven(target)) return {};
  return {
    healthCheck: {
      source,
      target,
      ...(HcRate === undefined ? {} : { intervalMs: Number(HcRate) }),
      ...(HcThreshold === undefined ? {} : { failures: Number(HcThreshold) }),
    },
  };
}

function edgeOf({ vbr, edge }: LinkParts): { readonly edge?: LinkEdge } {
  if (!isGiven(vbr.RouteTableId)) return {};
  return {
    edge: {
      table: routeTableId(vbr.RouteTableId),
      ...(edge === undefined ? {} : { towardNetwork: { kind: 'link', id: edge.RouterInterfaceId } }),
      ...(isGiven(vbr.VlanInterfaceId) ? { towardCustomer: { kind: 'link', id: vbr.VlanInterfaceId } } : {}),
    },
  };
}

/** `/30` as `255.255.255.252`. */
export const maskOf = (length: number): string =>
  [24, 16, 8, 0].map((shift) => ((length === 0 ? 0 : ~0 << (32 - length)) >>> shift) & 255).join('.');

/** The other way round; undefined for what is no mask. */
export function prefixLengthOf(mask: string | undefined): number | undefined {
  if (mask === undefined) return undefined;
  for (let length = 0; length <= 32; length++) if (maskOf(length) === mask) return length;
  return undefined;
}
