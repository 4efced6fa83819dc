/** Both directions between the cloud's records and Peerway's types. No decisions, no requests. */
import {
  accountId,
  attachNative,
  canonicalCidr,
  linkId,
  NativeToken,
  networkId,
  peeringId,
  portId,
  regionId,
  routeId,
  routeTableId,
  type Link,
  type Network,
  type Peering,
  type PeeringEnd,
  type PeeringSide,
  type Route,
  type RouteTable,
} from '@peerway/core';
import type { Role, WireEnd, WireLine, WireNetwork, WirePeering, WireRoute, WireTable } from './wire.js';
import { LINE_STATES, meaningOf, NETWORK_STATES, PEERING_STATES, ROUTE_STATES } from './states.js';

export const PROVIDER = 'tiny';

/** The cloud's record behind a peering: `nativeOf(peering, tinyPeering)`. */
export const tinyPeering = new NativeToken<WirePeering>('tiny peering');

export const toRole = (side: PeeringSide): Role => (side === 'initiator' ? 'from' : 'to');
export const toKbps = (mbps: number): number => mbps * 1000;

export function toNetwork(wire: WireNetwork): Network {
  return {
    provider: PROVIDER,
    id: networkId(wire.id),
    account: accountId(wire.owner),
    region: regionId(wire.region),
    name: wire.name,
    cidrs: wire.prefixes.map(canonicalCidr),
    state: meaningOf(NETWORK_STATES, wire.status),
    nativeState: wire.status,
  };
}

export const toTable = (wire: WireTable): RouteTable => ({
  id: routeTableId(wire.id),
  network: networkId(wire.network),
  kind: wire.name === 'main' ? 'main' : 'custom',
  name: wire.name,
  ...(wire.name === 'main' ? {} : { subnets: wire.subnets }),
});

export function toPeering(wire: WirePeering): Peering {
  const end = (role: Role, { owner, region, network }: WireEnd): PeeringEnd => ({
    account: accountId(owner),
    region: regionId(region),
    network: networkId(network),
    ...(wire.role === role ? { nextHop: { kind: 'peering', id: wire.interface } } : {}),
  });
  const peering: Peering = {
    provider: PROVIDER,
    mechanism: 'tiny-peering',
    id: peeringId(wire.id),
    seenFrom: wire.role === 'from' ? 'initiator' : 'acceptor',
    name: wire.name,
    description: wire.note,
    ...meaningOf(PEERING_STATES, wire.status),
    nativeState: wire.status,
    initiator: end('from', wire.from),
    acceptor: end('to', wire.to),
    ...(wire.kbps > 0 ? { bandwidthMbps: wire.kbps / 1000 } : {}),
    createdAt: new Date(wire.born),
    ...(wire.lapses === undefined ? {} : { expiresAt: new Date(wire.lapses) }),
    tags: wire.labels,
    deletionProtection: wire.locked,
  };
  return attachNative(peering, tinyPeering, wire);
}

const HOPS = { interface: 'peering', line: 'link', local: 'other', appliance: 'other' } as const;

export function toRoute(wire: WireRoute): Route {
  return {
    id: routeId(wire.id),
    table: routeTableId(wire.table),
    network: networkId(wire.network),
    destination: canonicalCidr(wire.to),
    nextHop: { kind: HOPS[wire.via.kind], id: wire.via.id },
    state: meaningOf(ROUTE_STATES, wire.status),
    nativeState: wire.status,
    origin: wire.builtIn ? 'system' : 'custom',
    description: wire.note,
  };
}

export function toLink(wire: WireLine): Link {
  return {
    provider: PROVIDER,
    id: linkId(wire.id),
    name: wire.name,
    description: wire.note,
    account: accountId(wire.owner),
    region: regionId(wire.region),
    network: networkId(wire.network),
    port: portId(wire.port),
    vlan: wire.vlan,
    cloudIp: wire.near,
    customerIp: wire.far,
    ...(wire.kbps > 0 ? { bandwidthMbps: wire.kbps / 1000 } : {}),
    ...meaningOf(LINE_STATES, wire.status),
    nativeState: wire.status,
    ...(wire.attached ? { nextHop: { kind: 'link', id: wire.id } } : {}),
    tags: wire.labels,
  };
}
