/** Between the wire's records and the neutral model, for networks, routes and VPC peerings. Pure; no requests. */
import {
  accountId,
  attachNative,
  canonicalCidr,
  cidrFamily,
  networkId,
  peeringId,
  prefixListId,
  PeerwayError,
  regionId,
  routeId,
  routeTableId,
  type AccountId,
  type Cidr,
  type Network,
  type NetworkId,
  type NextHop,
  type Peering,
  type PeeringEnd,
  type PeeringNext,
  type PeeringSide,
  type RegionId,
  type Route,
  type RouteDestination,
  type RouteTable,
  type Standing,
  type Tags,
} from '@peerway/core';
import type { Integer64, TagPair } from './wire/api/common.js';
import type {
  BatchCreateEntry,
  NextHopType,
  RouteEntry,
  RouteNextHop,
  RouteTableItem,
  Vpc,
} from './wire/api/network.js';
import type { VpcPeerConnection, VpcPeerEnd } from './wire/api/vpcPeer.js';
import { alibabaRouteEntry, alibabaVpc, alibabaVpcPeer } from './native.js';
import { ROUTE_ORIGINS, ROUTE_STATES, ROUTE_TABLE_KINDS, stateOf, VPC_PEER_STATES, VPC_STATES } from './states.js';
import { PROVIDER } from './wire/errors.js';

export const VPC_PEER = 'vpc-peer';
export const ROUTER_INTERFACE = 'router-interface';

/** Account ids are integers beyond 2^53 on the wire and always texts here. */
export const accountOf = (value: Integer64): AccountId => accountId(String(value));

/** @throws PeerwayError `Unknown` when an answer lacks what its description promises */
export function required<T>(value: T | undefined | null | '', what: string): T {
  if (value !== undefined && value !== null && value !== '') return value;
  throw new PeerwayError('Unknown', `An answer of Alibaba Cloud lacks ${what}`, {
    provider: PROVIDER,
    remedy: 'Run again; if it happens again, report it to the cloud.',
  });
}

/** `2026-11-20T09:30:00Z` or, on some router interface members, without seconds. Undefined for absent or unreadable texts. */
export function instantOf(text: string | undefined | null): Date | undefined {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** An empty text is the wire's other word for absent. */
/** What a cloud says of the payment, where it says more than that all is well: beside the state, never in its place. */
export const lockOf = (business: string | undefined): readonly string[] =>
  isGiven(business) && business !== 'Normal' ? [business] : [];

export const isGiven = (text: string | undefined): text is string => text !== undefined && text !== '';

export const tagsOf = (pairs: readonly TagPair[] | undefined): Tags =>
  Object.fromEntries((pairs ?? []).map(({ Key, Value }) => [Key, Value]));

export const tagPairs = (tags: Tags): TagPair[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export function networkOf(vpc: Vpc, region: RegionId): Network {
  if (isGiven(vpc.RegionId) && vpc.RegionId !== region)
    throw unreadable(`${vpc.VpcId} is in ${vpc.RegionId}, and gives it among those of ${region}`);
  const ipv6 = [vpc.Ipv6CidrBlock, ...(vpc.Ipv6CidrBlocks?.Ipv6CidrBlock ?? []).map((block) => block.Ipv6CidrBlock)];
  const texts = [vpc.CidrBlock, ...(vpc.SecondaryCidrBlocks?.SecondaryCidrBlock ?? []), ...ipv6];
  const cidrs = [...new Set(texts.flatMap((text) => (text === undefined || text === '' ? [] : canonicalCidr(text))))];
  const tables = vpc.RouterTableIds?.RouterTableIds ?? [];
  const [onlyTable] = tables;
  const network: Network = {
    provider: PROVIDER,
    id: networkId(vpc.VpcId),
    account: accountOf(vpc.OwnerId),
    region,
    name: vpc.VpcName ?? '',
    tags: tagsOf(vpc.Tags?.Tag),
    cidrs,
    state: stateOf(VPC_STATES, vpc.Status, vpc.VpcId),
    nativeState: vpc.Status,
    // with a second table nothing in this answer says which one is the system table
    ...(tables.length === 1 && onlyTable !== undefined ? { mainRouteTable: routeTableId(onlyTable) } : {}),
    ...(tables.length > 0 ? { routeTables: tables.map((table) => routeTableId(table)) } : {}),
  };
  return attachNative(network, alibabaVpc, vpc);
}

export function routeTableOf(item: RouteTableItem, network: NetworkId): RouteTable {
  return {
    id: routeTableId(item.RouteTableId),
    network,
    kind: stateOf(ROUTE_TABLE_KINDS, item.RouteTableType ?? 'System', `the type of ${item.RouteTableId}`),
    name: item.RouteTableName ?? '',
    ...(item.VSwitchIds?.VSwitchId === undefined ? {} : { subnets: item.VSwitchIds.VSwitchId.length }),
  };
}

/** @param belongsToLink whether a router interface was made for a link; asked only about interfaces */
export function routeOf(
  entry: RouteEntry,
  network: NetworkId,
  belongsToLink: (routerInterface: string) => boolean,
): Route {
  const hops = entry.NextHops?.NextHop ?? [];
  const origin = stateOf(ROUTE_ORIGINS, entry.Type, `the type of the route to ${entry.DestinationCidrBlock}`);
  if (origin === 'custom' && !isGiven(hops[0]?.NextHopType))
    throw unreadable(`a route leads to ${entry.DestinationCidrBlock}, and not by what`);
  const state = stateOf(ROUTE_STATES, entry.Status, `the route to ${entry.DestinationCidrBlock}`);
  // `Enabled: 0` is the service's own word for "this hop takes no traffic"; it comes with router interfaces only
  const dropped = hops.length > 0 && hops.every((hop) => Number(hop.Enabled) === 0);
  const route: Route = {
    ...(isGiven(entry.RouteEntryId) ? { id: routeId(entry.RouteEntryId) } : {}),
    table: routeTableId(entry.RouteTableId),
    network,
    destination: destinationOf(entry.DestinationCidrBlock),
    nextHop: nextHopOf(hops[0], belongsToLink),
    state: state === 'active' && dropped ? 'blackhole' : state,
    nativeState: [entry.Status, ...(dropped ? ['Enabled=0'] : [])].join(' '),
    origin,
    description: entry.Description ?? '',
  };
  return attachNative(route, alibabaRouteEntry, entry);
}

/** A bare address is a /32 or /128; a list of prefixes (`pl-…`) stands by its id. */
function destinationOf(text: string): RouteDestination {
  const written = text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
  try {
    return canonicalCidr(written);
  } catch {
    if (text.startsWith('pl-')) return prefixListId(text);
    throw unreadable(`a route leads to ${JSON.stringify(text)}, which is neither a prefix nor a list of prefixes`);
  }
}

const unreadable = (what: string): PeerwayError =>
  new PeerwayError('Unknown', `Alibaba Cloud says that ${what}`, {
    provider: PROVIDER,
    remedy: 'Update @peerway/alibaba, or report what it says.',
  });

function nextHopOf(hop: RouteNextHop | undefined, belongsToLink: (routerInterface: string) => boolean): NextHop {
  const id = hop?.NextHopId ?? '';
  if (hop?.NextHopType !== 'VpcPeer' && hop?.NextHopType !== 'RouterInterface') return { kind: 'other', id };
  if (id === '') throw unreadable(`a route leads to a ${hop.NextHopType}, and not to which`);
  if (hop.NextHopType === 'VpcPeer') return { kind: 'peering', id };
  return { kind: belongsToLink(id) ? 'link' : 'peering', id };
}

/** The wire's type of a next hop that Peerway makes, known by its id. @throws PeerwayError `InvalidArgument` for any other */
export function nextHopType(hop: NextHop): NextHopType {
  if (hop.id.startsWith('pcc-')) return 'VpcPeer';
  if (hop.id.startsWith('ri-')) return 'RouterInterface';
  throw new PeerwayError('InvalidArgument', `${JSON.stringify(hop.id)} is no next hop that a route of ours can have`, {
    provider: PROVIDER,
    remedy: 'Give a VPC peering (pcc-…) or a router interface (ri-…).',
  });
}

export const batchEntry = (input: {
  readonly table: string;
  readonly destination: Cidr;
  readonly nextHop: NextHop;
  readonly description?: string;
}): BatchCreateEntry => ({
  RouteTableId: input.table,
  DstCidrBlock: input.destination,
  NextHop: input.nextHop.id,
  NextHopType: nextHopType(input.nextHop),
  IpVersion: cidrFamily(input.destination),
  ...(input.description === undefined ? {} : { Description: input.description }),
});

/** @throws PeerwayError `Unknown` for one that has no end in the region that was asked */
export function listedVpcPeeringOf(record: VpcPeerConnection, seenFrom: PeeringSide, region: RegionId): Peering {
  if (record.RegionId === region || record.AcceptingRegionId === region) return vpcPeeringOf(record, seenFrom);
  const ends = `${record.RegionId} and ${record.AcceptingRegionId}`;
  throw unreadable(`${record.InstanceId} joins networks of ${ends}, and gives it among those of ${region}`);
}

export function vpcPeeringOf(record: VpcPeerConnection, seenFrom: PeeringSide): Peering {
  const shown = stateOf(VPC_PEER_STATES, record.Status, record.InstanceId);
  const locked = shown.state === 'active' && record.BizStatus === 'FinancialLocked';
  const standing: Standing<PeeringNext> = locked ? { state: 'inactive', reason: 'billing' } : shown;
  const lapses = shown.state === 'pending-acceptance' || shown.state === 'expired';
  const hop: NextHop = { kind: 'peering', id: record.InstanceId };
  const createdAt = instantOf(record.GmtCreate);
  const expiresAt = lapses ? instantOf(record.GmtExpired) : undefined;
  const bandwidth = record.Bandwidth === undefined ? undefined : Number(record.Bandwidth);
  const bandwidthMbps = bandwidth === -1 ? 'unlimited' : bandwidth;
  const peering: Peering = {
    provider: PROVIDER,
    mechanism: VPC_PEER,
    id: peeringId(record.InstanceId),
    seenFrom,
    name: record.Name ?? '',
    description: record.Description ?? '',
    ...standing,
    nativeState: [record.Status, ...lockOf(record.BizStatus)].join(' '),
    initiator: vpcPeerEnd(record.OwnerId, record.RegionId, record.Vpc, hop),
    acceptor: vpcPeerEnd(record.AcceptingOwnerUid, record.AcceptingRegionId, record.AcceptingVpc, hop),
    ...(bandwidthMbps === undefined ? {} : { bandwidthMbps }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    tags: tagsOf(record.Tags),
  };
  return attachNative(peering, alibabaVpcPeer, record);
}

function vpcPeerEnd(account: Integer64, region: string, vpc: VpcPeerEnd, nextHop: NextHop): PeeringEnd {
  const cidrs = [...(vpc.Ipv4Cidrs ?? []), ...(vpc.Ipv6Cidrs ?? [])].filter((text) => text !== '').map(canonicalCidr);
  return {
    account: accountOf(account),
    region: regionId(region),
    network: networkId(vpc.VpcId),
    ...(cidrs.length === 0 ? {} : { cidrs }),
    nextHop,
  };
}
