/** How a router interface is shown: the key sets are those that the vendor's programs print (docs/facts/alibaba.md 11). */
import type { Call } from '../../machine/cloud.js';
import type { RouterInterfaceRecord } from '../records.js';
import { crossesBorder } from '../regions.js';
import { alibabaRules as rule } from '../rules.js';
import { SPECS } from '../specs.js';
import { timestamp } from '../state.js';
import type { AlibabaState } from '../state.js';
import { tagItems } from './tags.js';

/** The peer, as far as this side may look: its own account's, or one that names this interface in return. */
function peerOf(state: AlibabaState, side: RouterInterfaceRecord): RouterInterfaceRecord | undefined {
  const peer = state.interfaces.get(side.opposite.interface);
  return peer !== undefined && (peer.account === side.account || peer.opposite.interface === side.id)
    ? peer
    : undefined;
}

/** Nothing is reserved here: `HasReservationData` is false, as text or not. */
export const reservationData = (state: AlibabaState): string | boolean =>
  state.services.rules.value(rule.reservationData) === 'text' ? 'false' : false;

const present = (name: string, value: string | number | undefined) =>
  value === undefined || value === '' ? {} : { [name]: value };

export function interfaceItem(state: AlibabaState, call: Call, side: RouterInterfaceRecord) {
  const { opposite } = side;
  const peer = peerOf(state, side);
  const business = state.services.rules.value(rule.interfaceLocked) ? 'FinancialLocked' : 'Normal';
  const tags = tagItems(state.tagsOf(call.caller.account, side.id));
  return {
    RouterInterfaceId: side.id,
    RouterId: side.router,
    RouterType: side.routerType,
    Role: side.role,
    Spec: side.spec,
    Bandwidth: SPECS[side.spec] ?? 0,
    Status: side.status,
    BusinessStatus: business,
    ...present('Name', side.name),
    ...present('Description', side.description),
    ...(side.routerType === 'VRouter' ? { VpcInstanceId: side.scope } : {}),
    ...present('AccessPointId', side.accessPoint),
    OppositeRegionId: opposite.region,
    OppositeRouterType: opposite.routerType,
    ...present('OppositeRouterId', opposite.router),
    ...present('OppositeInterfaceId', opposite.interface),
    OppositeInterfaceOwnerId: opposite.owner,
    ...present('OppositeAccessPointId', opposite.accessPoint),
    ...(peer === undefined ? {} : peerItem(side, peer, business)),
    // the vendor's listings of unconnected interfaces do not have these
    ...(side.connectedAt === undefined
      ? {}
      : { OppositeInterfaceStatus: peer?.status ?? 'Deleted', ConnectedTime: timestamp(side.connectedAt) }),
    ChargeType: side.chargeType,
    CreationTime: timestamp(side.createdAt),
    EndTime: side.chargeType === 'Prepaid' ? timestamp(side.createdAt + 31 * 24 * 3_600_000) : '2999-09-08T16:00:00Z',
    CrossBorder: crossesBorder(side.region, opposite.region),
    HasReservationData: reservationData(state),
    ...present('HealthCheckSourceIp', side.healthCheckSourceIp),
    ...present('HealthCheckTargetIp', side.healthCheckTargetIp),
    ...present('HcRate', side.hcRate),
    ...present('HcThreshold', side.hcThreshold),
    ...present('ResourceGroupId', side.resourceGroup),
    ...(tags.length === 0 ? {} : { Tags: { Tags: tags } }),
  };
}

/** What the record of the peer adds; specification and bandwidth only on the initiating side (docs/facts/alibaba.md 11.1 and 11.2). */
function peerItem(side: RouterInterfaceRecord, peer: RouterInterfaceRecord, business: string) {
  return {
    OppositeInterfaceBusinessStatus: business,
    ...(peer.routerType === 'VRouter' ? { OppositeVpcInstanceId: peer.scope } : {}),
    ...(side.role === 'InitiatingSide'
      ? { OppositeInterfaceSpec: peer.spec, OppositeBandwidth: SPECS[peer.spec] ?? 0 }
      : {}),
  };
}
