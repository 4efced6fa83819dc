/** From the cloud's records to the neutral model: pure, and total over what the cloud is known to answer. */
import {
  accountId,
  attachNative,
  canonicalCidr,
  networkId,
  peeringId,
  PeerwayError,
  prefixListId,
  readEach,
  regionId,
  routeTableId,
  type Cidr,
  type DnsSyncState,
  type Network,
  type NetworkId,
  type NextHop,
  type Page,
  type Peering,
  type PeeringEnd,
  type PeeringSide,
  type RegionId,
  type Route,
  type RouteDestination,
  type RouteTable,
  type Tags,
} from '@peerway/core';
import type {
  PeeringRecord,
  PeerVpcRecord,
  RouteRecord,
  RouteTableRecord,
  TagRecord,
  VpcRecord,
} from './wire/api/records.js';
import { TARGETS } from './wire/api/records.js';
import { MECHANISM } from './capabilities.js';
import { awsPeeringRecord, awsRouteRecord, awsVpcRecord } from './native.js';
import { isAssociated, peeringState, routeOrigin, routeState, vpcState } from './states.js';
import { PROVIDER } from './wire/errors.js';

/** The tag that the console shows as the name of a thing; this cloud has no other names. */
export const NAME_TAG = 'Name';

export function networkOf(record: VpcRecord, region: RegionId): Network {
  const associated = record.CidrBlockAssociationSet.filter(({ CidrBlockState }) =>
    isAssociated(CidrBlockState.State),
  ).map(({ CidrBlock }) => CidrBlock);
  const sixes = (record.Ipv6CidrBlockAssociationSet ?? [])
    .filter(({ Ipv6CidrBlockState }) => isAssociated(Ipv6CidrBlockState.State))
    .map(({ Ipv6CidrBlock }) => Ipv6CidrBlock);
  const network: Network = {
    provider: PROVIDER,
    account: accountId(record.OwnerId),
    region,
    id: networkId(record.VpcId),
    name: nameOf(record.Tags),
    tags: tagsOf(record.Tags),
    cidrs: [...new Set([record.CidrBlock, ...associated, ...sixes].map(canonicalCidr))],
    state: vpcState(record.State),
    nativeState: record.State,
  };
  return attachNative(network, awsVpcRecord, record);
}

export function peeringOf(record: PeeringRecord, seenFrom: PeeringSide): Peering {
  const id = record.VpcPeeringConnectionId;
  const standing = peeringState(record.Status.Code);
  // routes of both ends point at the peering itself
  const nextHop: NextHop = { kind: 'peering', id };
  const dns = switchOf(record, seenFrom);
  const theirs = seenFrom === 'initiator' ? switchOf(record, 'acceptor') : undefined;
  const expiresAt = standing.state === 'pending-acceptance' ? record.ExpirationTime : undefined;
  const peering: Peering = {
    provider: PROVIDER,
    mechanism: MECHANISM,
    id: peeringId(id),
    seenFrom,
    name: nameOf(record.Tags),
    description: '',
    ...standing,
    nativeState: record.Status.Code,
    initiator: peeringEndOf(record.RequesterVpcInfo, nextHop),
    acceptor: peeringEndOf(record.AccepterVpcInfo, nextHop),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    tags: tagsOf(record.Tags),
    ...(dns === undefined ? {} : { dnsSync: dns }),
    ...(theirs === undefined ? {} : { acceptorDnsSync: theirs }),
  };
  return attachNative(peering, awsPeeringRecord, record);
}

/** A record shows the switches of both ends, as far as its reader may see them. */
function switchOf(record: PeeringRecord, side: PeeringSide): DnsSyncState | undefined {
  const opens = endOf(record, side).PeeringOptions?.AllowDnsResolutionFromRemoteVpc;
  return opens === undefined ? undefined : opens ? 'on' : 'off';
}

export const endOf = (record: PeeringRecord, side: PeeringSide): PeerVpcRecord =>
  side === 'initiator' ? record.RequesterVpcInfo : record.AccepterVpcInfo;

function peeringEndOf(record: PeerVpcRecord, nextHop: NextHop): PeeringEnd {
  const cidrs = [
    record.CidrBlock,
    ...(record.CidrBlockSet ?? []).map(({ CidrBlock }) => CidrBlock),
    ...(record.Ipv6CidrBlockSet ?? []).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock),
  ].flatMap((prefix): Cidr[] => (said(prefix) ? [canonicalCidr(prefix)] : []));
  return {
    account: accountId(record.OwnerId),
    region: regionId(record.Region),
    network: networkId(record.VpcId),
    ...(cidrs.length === 0 ? {} : { cidrs: [...new Set(cidrs)] }),
    nextHop,
  };
}

export function tableOf(record: RouteTableRecord): RouteTable {
  const main = record.Associations.some(({ Main }) => Main === true);
  const { items, unreadable } = routesOf(record);
  return {
    id: routeTableId(record.RouteTableId),
    network: networkId(record.VpcId),
    kind: main ? 'main' : 'custom',
    name: nameOf(record.Tags),
    ...(main ? {} : { subnets: record.Associations.filter(({ SubnetId }) => said(SubnetId)).length }),
    // with one that cannot be read they are listed by themselves, where that is said
    ...(unreadable === undefined ? { routes: items } : {}),
  };
}

/** The routes of a table, those that no table of ours can read apart from the others. */
export const routesOf = (record: RouteTableRecord): Page<Route> =>
  readEach(
    record.Routes,
    (route) => routeOf(route, record),
    ({ DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId }) => ({
      id: [DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId].find(said) ?? record.RouteTableId,
      networks: [networkId(record.VpcId)],
      description: '',
      tags: {},
    }),
  );

function routeOf(record: RouteRecord, table: RouteTableRecord): Route {
  const route: Route = {
    table: routeTableId(table.RouteTableId),
    network: networkId(table.VpcId),
    destination: destinationOf(record, table.VpcId),
    nextHop: nextHopOf(record),
    state: routeState(record.State),
    nativeState: record.State,
    origin: routeOrigin(record.Origin),
    description: '', // routes keep neither a description nor tags
  };
  return attachNative(route, awsRouteRecord, record);
}

function destinationOf(record: RouteRecord, network: string): RouteDestination {
  const { DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId } = record;
  const prefix = [DestinationCidrBlock, DestinationIpv6CidrBlock].find(said);
  if (prefix !== undefined) return canonicalCidr(prefix);
  if (said(DestinationPrefixListId)) return prefixListId(DestinationPrefixListId);
  throw new PeerwayError('Unknown', `A route of ${network} has no destination that is known here`, {
    provider: PROVIDER,
    remedy: 'Update @peerway/aws, or report the route.',
  });
}

function nextHopOf(record: RouteRecord): NextHop {
  for (const target of TARGETS) {
    const id = record[target];
    if (said(id)) return { kind: target === 'VpcPeeringConnectionId' ? 'peering' : 'other', id };
  }
  return { kind: 'other', id: 'none' }; // what it pointed at is gone, and the cloud says so by the state
}

/** An element without content says as much as none. */
const said = (text: string | undefined): text is string => text !== undefined && text !== '';

const nameOf = (tags: readonly TagRecord[] | undefined): string =>
  tags?.find(({ Key }) => Key === NAME_TAG)?.Value ?? '';

/** Without the one that is the name. */
export const tagsOf = (tags: readonly TagRecord[] | undefined): Tags =>
  Object.fromEntries((tags ?? []).flatMap(({ Key, Value }) => (Key === NAME_TAG ? [] : [[Key, Value]])));

/** Tags and name as the cloud keeps them; empty: none. */
export const tagRecordsOf = (tags: Tags, name: string | undefined): TagRecord[] => [
  ...(name === undefined || name === '' ? [] : [{ Key: NAME_TAG, Value: name }]),
  ...Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
];

export const isNetwork = (record: { readonly VpcId: string }, network: NetworkId): boolean => record.VpcId === network;
