/** From the cloud's records to the neutral model: pure, and total over what the cloud is known to answer. */
import {
  accountId,
  attachNative,
  canonicalCidr,
  networkId,
  peeringId,
  PeerwayError,
  regionId,
  routeId,
  routeTableId,
  type Cidr,
  type Network,
  type NetworkId,
  type NextHop,
  type Peering,
  type PeeringEnd,
  type Route,
  type RouteOrigin,
  type Tags,
} from '@peerway/core';
import type { PeerConnRecord, RouteRuleRecord, TagRecord, VpcRecord } from './wire/api/records.js';
import { ACCEPT_WITHIN_MS, MECHANISM } from './capabilities.js';
import { baiduPeerconnRecord, baiduRouteRuleRecord, baiduVpcRecord } from './native.js';
import type { Reader } from './scope.js';
import { dnsState, peerConnState, roleOf } from './states.js';
import { PROVIDER } from './wire/errors.js';

/** Any source: what the cloud wants where the neutral model says nothing. */
export const ANY_SOURCE = { 4: '0.0.0.0/0', 6: '::/0' } as const;

export function peeringOf(record: PeerConnRecord, reader: Reader): Peering {
  const seenFrom = roleOf(record.role);
  const standing = peerConnState(record.status);
  const createdAt = instantOf(record.createdTime, reader);
  const expiresAt =
    standing.state === 'pending-acceptance' && createdAt !== undefined
      ? new Date(createdAt.getTime() + ACCEPT_WITHIN_MS)
      : instantOf(record.expiredTime, reader);
  const local: PeeringEnd = {
    account: reader.account,
    region: regionId(record.localRegion),
    network: networkId(record.localVpcId),
    // each side's routes point at its own interface; the other side's is not shown
    ...(filled(record.localIfId) ? { nextHop: { kind: 'peering', id: record.localIfId } } : {}),
  };
  const peer: PeeringEnd = {
    account: filled(record.peerAccountId) ? accountId(record.peerAccountId) : reader.account,
    region: regionId(record.peerRegion),
    network: networkId(record.peerVpcId),
  };
  if (standing.state === 'active' && !filled(record.localIfId))
    throw unreadable(`says that ${record.peerConnId} is active and names no interface of its ${record.role}`);
  const bandwidth = bandwidthOf(record);
  const peering: Peering = {
    provider: PROVIDER,
    mechanism: MECHANISM,
    id: peeringId(record.peerConnId),
    seenFrom,
    name: '',
    description: record.description ?? '',
    ...standing,
    nativeState: record.status,
    ...(seenFrom === 'initiator' ? { initiator: local, acceptor: peer } : { initiator: peer, acceptor: local }),
    ...(bandwidth === undefined ? {} : { bandwidthMbps: bandwidth }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    tags: tagsOf(record.tags),
    ...(record.deleteProtect === undefined ? {} : { deletionProtection: record.deleteProtect }),
    ...(filled(record.dnsStatus) ? { dnsSync: dnsState(record.dnsStatus) } : {}),
  };
  return attachNative(peering, baiduPeerconnRecord, record);
}

/** Documents and SDKs disagree on both the spelling and the type (docs/facts/baidu.md 3.1.2); every form is read. */
function bandwidthOf(record: PeerConnRecord): number | undefined {
  const written = record.bandwidthInMbps ?? record.bandwithInMbp;
  const value = Number(written);
  return written === undefined || written === '' || !Number.isFinite(value) ? undefined : value;
}

export function networkOf(record: VpcRecord, reader: Reader): Network {
  const network: Network = {
    provider: PROVIDER,
    account: reader.account,
    region: reader.region,
    id: networkId(record.vpcId),
    name: record.name,
    tags: tagsOf(record.tags),
    cidrs: [record.cidr, ...(record.secondaryCidr ?? []), record.ipv6Cidr].filter(filled).map(cidrOf),
    state: 'active', // a VPC has no status: it is there or it is not
    nativeState: '',
    ...(record.relay === undefined ? {} : { transit: record.relay }),
  };
  return attachNative(network, baiduVpcRecord, record);
}

/** Kinds of next hop that Peerway itself writes. */
export const NEXT_HOP_TYPES = { peering: 'peerConn', link: 'dcGateway' } as const;

/** How a console shows the routes of the VPC itself; the API's own word is not documented [unverified]. */
const SYSTEM_TYPES: ReadonlySet<string> = new Set(['sys', 'system', 'local']);

/** @param living ids of next hops that can carry traffic; a peering or gateway that is not among them drops it */
export function routeOf(record: RouteRuleRecord, network: NetworkId, living: ReadonlySet<string>): Route {
  const nextHop = nextHopOf(record);
  const source = cidrOf(record.sourceAddress);
  const anySource = source === ANY_SOURCE[4] || source === ANY_SOURCE[6];
  const route: Route = {
    ...(filled(record.routeRuleId) ? { id: routeId(record.routeRuleId) } : {}),
    table: routeTableId(record.routeTableId),
    network,
    destination: cidrOf(record.destinationAddress),
    ...(anySource ? {} : { source }),
    nextHop,
    state: nextHop.kind === 'other' || living.has(nextHop.id) ? 'active' : 'blackhole',
    nativeState: '', // rules have no status
    origin: originOf(record),
    description: record.description ?? '',
  };
  return attachNative(route, baiduRouteRuleRecord, record);
}

function nextHopOf(record: RouteRuleRecord): NextHop {
  const id = record.nexthopId ?? '';
  if (id === '' && Object.values<string>(NEXT_HOP_TYPES).includes(record.nexthopType))
    throw unreadable(`leads ${record.destinationAddress} by a ${record.nexthopType}, and not by which`);
  if (record.nexthopType === NEXT_HOP_TYPES.peering) return { kind: 'peering', id };
  if (record.nexthopType === NEXT_HOP_TYPES.link) return { kind: 'link', id };
  return { kind: 'other', id: id === '' ? record.nexthopType : id };
}

const originOf = (record: RouteRuleRecord): RouteOrigin =>
  SYSTEM_TYPES.has(record.nexthopType.toLowerCase()) || !filled(record.routeRuleId) ? 'system' : 'custom';

export const tagsOf = (tags: readonly TagRecord[] | null | undefined): Tags =>
  Object.fromEntries((tags ?? []).map(({ tagKey, tagValue }) => [tagKey, tagValue]));

export const tagRecordsOf = (tags: Tags): TagRecord[] =>
  Object.entries(tags).map(([tagKey, tagValue]) => ({ tagKey, tagValue }));

/** A prefix in an answer; what is none is reported with the word, never guessed. */
function cidrOf(text: string): Cidr {
  try {
    return canonicalCidr(text);
  } catch {
    throw unreadable(`answered ${JSON.stringify(text)} where a prefix was expected`);
  }
}

const unreadable = (what: string): PeerwayError =>
  new PeerwayError('Unknown', `The cloud ${what}`, {
    provider: PROVIDER,
    remedy: 'Update @peerway/baidu, or report what it says.',
  });

function instantOf(text: string | null | undefined, reader: Reader): Date | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(Z?)$/.exec(text ?? '');
  if (parts === null) return undefined;
  const utc = Date.parse(`${parts[1]}T${parts[2]}Z`);
  if (Number.isNaN(utc)) return undefined;
  return new Date(parts[3] === 'Z' ? utc : utc - reader.options.timestampOffsetMinutes * 60_000);
}

const filled = (text: string | null | undefined): text is string => text !== undefined && text !== null && text !== '';
