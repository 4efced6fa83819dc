/** One border router and its interface pair as a Link. Pure. Source: docs/facts/alibaba.md 3.3, 4.3 and 11.2. */
import {
  attachNative,
  linkId,
  networkId,
  portId,
  routeTableId,
  type AccountId,
  type LifecycleState,
  type Link,
  type LinkEdge,
  type RegionId,
  type Standing,
} from '@peerway/core';
import type { VirtualBorderRouter } from './wire/api/borderRouter.js';
import type { RouterInterface } from './wire/api/routerInterface.js';
import { instantOf, isGiven, tagsOf } from './convert.js';
import { alibabaBorderRouter } from './native.js';
import { phaseOf } from './routerInterface/pair.js';
import { mbpsOf } from './routerInterface/spec.js';
import { stateOf, VBR_STATES, type InterfacePhase } from './states.js';
import { PROVIDER } from './wire/errors.js';

export interface LinkParts {
  readonly vbr: VirtualBorderRouter;
  /** The border router's own interface; it is always the initiator. */
  readonly edge?: RouterInterface;
  /** The network's interface toward the border router. */
  readonly network?: RouterInterface;
}

/** Picks the interfaces of one border router out of any number of interfaces. */
export function partsOf(vbr: VirtualBorderRouter, interfaces: readonly RouterInterface[]): LinkParts {
  const edge = interfaces.find((half) => half.RouterId === vbr.VbrId);
  const toward = interfaces.filter((half) => half.OppositeRouterId === vbr.VbrId && half.RouterId !== vbr.VbrId);
  const network =
    toward.find((half) => half.RouterInterfaceId === edge?.OppositeInterfaceId) ??
    toward.find((half) => edge !== undefined && half.OppositeInterfaceId === edge.RouterInterfaceId) ??
    toward[0];
  return { vbr, ...(edge === undefined ? {} : { edge }), ...(network === undefined ? {} : { network }) };
}

export const vbrState = (vbr: VirtualBorderRouter): LifecycleState => stateOf(VBR_STATES, vbr.Status, vbr.VbrId).state;

/** What a link stands at: the border router first, then its two interfaces. */
export function linkStanding({ vbr, edge, network }: LinkParts): Standing<'continue'> {
  const router = stateOf(VBR_STATES, vbr.Status, vbr.VbrId);
  if (router.state !== 'active') return router;
  if (edge === undefined && network === undefined) return { state: 'provisioning', next: 'continue' };
  const phases = [edge, network].flatMap((half) => (half === undefined ? [] : [phaseOf(half)]));
  const any = (phase: InterfacePhase): boolean => phases.includes(phase);
  if (any('deleting')) return { state: 'deleting' };
  if (any('changing')) return { state: 'updating' };
  if (any('connecting')) return { state: 'provisioning' };
  if (edge === undefined || network === undefined) {
    if (any('unconnected')) return { state: 'provisioning', reason: 'half-made', next: 'continue' };
    return { state: 'inactive', reason: 'peer-missing' };
  }
  if (phases.every((phase) => phase === 'unconnected')) return { state: 'provisioning', next: 'continue' };
  if (any('unconnected')) return { state: 'provisioning' }; // one reading lags behind the other
  const locked = [vbr.PhysicalConnectionBusinessStatus, edge.BusinessStatus, network.BusinessStatus];
  if (locked.includes('FinancialLocked')) return { state: 'inactive', reason: 'billing' };
  if (locked.includes('SecurityLocked')) return { state: 'inactive', reason: 'administrative' };
  return any('down') ? { state: 'inactive', reason: 'suspended' } : { state: 'active' };
}

export function linkOf(parts: LinkParts, account: AccountId, region: RegionId): Link {
  const { vbr, edge, network } = parts;
  const attached = network?.VpcInstanceId ?? edge?.OppositeVpcInstanceId;
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
    ...(attached === undefined || attached === '' ? {} : { network: networkId(attached) }),
    port: portId(vbr.PhysicalConnectionId),
    vlan: Number(vbr.VlanId),
    ...(isGiven(vbr.LocalGatewayIp)
      ? { cloudIp: `${vbr.LocalGatewayIp}${length === undefined ? '' : `/${length}`}` }
      : {}),
    ...(isGiven(vbr.PeerGatewayIp) ? { customerIp: vbr.PeerGatewayIp } : {}),
    ...(bandwidthMbps === undefined ? {} : { bandwidthMbps }),
    ...linkStanding(parts),
    nativeState: [vbr.Status, edge?.Status, network?.Status].filter((word) => word !== undefined).join(' '),
    ...(network === undefined ? {} : { nextHop: { kind: 'link', id: network.RouterInterfaceId } }),
    ...edgeOf(parts),
    ...(createdAt === undefined ? {} : { createdAt }),
    tags: tagsOf(vbr.Tags?.Tags),
  };
  return attachNative(link, alibabaBorderRouter, vbr);
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
