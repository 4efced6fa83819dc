/** Validated config + loaded providers → what the engine is asked to bring about. */
import {
  accountId,
  networkId,
  parseCidr,
  PeerwayError,
  portId,
  regionId,
  routeTableId,
  type Provider,
} from '@peerway/core';
import type {
  ConnectionSpec,
  LinkSpec,
  NetworkSpec,
  PeerNetwork,
  RouteSpec,
  SelectionSpec,
  SideRoutes,
  StackSpec,
} from '@peerway/engine';
import type { Config, ConnectionEntry, LinkEntry, NetworkEntry } from './config/model.js';

export function buildStack(config: Config, providers: ReadonlyMap<string, Provider>): StackSpec {
  const networks = new Map<string, NetworkSpec>();
  const selections = new Map<string, SelectionSpec>();
  for (const [name, { provider: entry, id, select, peer, routeTables }] of config.networks) {
    const provider = providers.get(entry);
    if (provider === undefined)
      throw new PeerwayError('Internal', `The network ${name} passed the checks without a provider`);
    const tables = routeTables?.map((table) => routeTableId(table));
    if (peer !== undefined) networks.set(name, { provider, id: networkId(peer.id), peer: peerNetwork(peer) });
    else if (id === undefined) selections.set(name, { provider, ...select });
    else networks.set(name, { provider, id: networkId(id), ...(tables === undefined ? {} : { routeTables: tables }) });
  }
  return {
    name: config.stack,
    providers: [...providers.values()],
    networks,
    ...(selections.size === 0 ? {} : { selections }),
    connections: config.connections.map(connectionSpec),
    links: config.links.map((link) => linkSpec(link, providers)),
  };
}

function peerNetwork({ account, region, cidrs, await: awaited }: NonNullable<NetworkEntry['peer']>): PeerNetwork {
  return {
    account: accountId(account),
    region: regionId(region),
    ...(cidrs === undefined ? {} : { cidrs: cidrs.map((each) => parseCidr(each)) }),
    ...(awaited === true ? { awaited } : {}),
  };
}

function routeSpec(routes: NonNullable<ConnectionEntry['routes']>): RouteSpec {
  const side = (one: 'auto' | 'none' | readonly string[]): SideRoutes =>
    typeof one === 'string' ? one : one.map((each) => parseCidr(each));
  return typeof routes === 'string' || isList(routes)
    ? side(routes)
    : { sides: Object.fromEntries(Object.entries(routes).map(([network, one]) => [network, side(one)])) };
}

const isList = (routes: object): routes is readonly string[] => Array.isArray(routes);

/** A connection of the file in the engine's words. */
export function connectionSpec(entry: ConnectionEntry): ConnectionSpec {
  const base = {
    name: entry.name,
    routes: routeSpec(entry.routes ?? 'auto'),
    peering: {
      ...(entry.mechanism === undefined ? {} : { mechanism: entry.mechanism }),
      ...(entry.bandwidthMbps === undefined ? {} : { bandwidthMbps: entry.bandwidthMbps }),
      ...(entry.tags === undefined ? {} : { tags: entry.tags }),
      ...(entry.description === undefined ? {} : { description: entry.description }),
      ...(entry.deletionProtection === undefined ? {} : { deletionProtection: entry.deletionProtection }),
      ...(entry.options === undefined ? {} : { settings: entry.options }),
    },
    ...(entry.dnsSync === undefined ? {} : { dnsSync: entry.dnsSync }),
  };
  if (entry.between !== undefined) return { ...base, kind: 'pair', between: entry.between };
  if (entry.mesh !== undefined) return { ...base, kind: 'mesh', members: entry.mesh };
  if (entry.hub !== undefined && entry.spokes !== undefined)
    return { ...base, kind: 'hub', hub: entry.hub, spokes: entry.spokes };
  throw new PeerwayError('Internal', `The connection ${entry.name} passed the checks without networks`);
}

function linkSpec(entry: LinkEntry, providers: ReadonlyMap<string, Provider>): LinkSpec {
  const { port } = entry;
  const portProvider = typeof port === 'string' ? undefined : providers.get(port.provider);
  return {
    name: entry.name,
    network: entry.network,
    port: portId(typeof port === 'string' ? port : port.id),
    ...(portProvider === undefined ? {} : { portProvider }),
    vlan: entry.vlan,
    cloudIp: entry.cloudIp,
    customerIp: entry.customerIp,
    destinations: entry.destinations.map((each) => parseCidr(each)),
    ...(entry.bandwidthMbps === undefined ? {} : { bandwidthMbps: entry.bandwidthMbps }),
    ...(entry.tags === undefined ? {} : { tags: entry.tags }),
    ...(entry.description === undefined ? {} : { description: entry.description }),
    ...(entry.healthCheck === undefined ? {} : { healthCheck: entry.healthCheck }),
    ...(entry.options === undefined ? {} : { settings: entry.options }),
  };
}
