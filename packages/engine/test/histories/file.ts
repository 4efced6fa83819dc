/** The file under test as a model: what its author edits between two runs, and the stack that it declares. */
import { parseCidr, portId, routeTableId, type Provider, type Tags } from '@peerway/core';
import type {
  ConnectionSpec,
  DnsSpec,
  LinkSpec,
  NetworkSpec,
  PeeringSpec,
  RouteSpec,
  StackSpec,
} from '../../src/index.js';
import type { CloudName } from '../emulated.js';
import { networkOf, NETWORKS, type HistoryWorld, type NetworkName } from './world.js';

/** What the file may say of a connection besides. */
export type Says = Pick<PeeringSpec, 'description' | 'deletionProtection' | 'settings'> & {
  readonly dnsSync?: DnsSpec;
};

/** And of a link. */
export type LinkSays = Pick<LinkSpec, 'description' | 'healthCheck' | 'settings'>;

export interface FileConnection {
  readonly name: string;
  readonly between: readonly [NetworkName, NetworkName];
  /** Makes a hub of the first network, with this for its second spoke; not where it is one of the two already. */
  readonly also?: NetworkName;
  readonly mechanism?: string;
  readonly bandwidthMbps?: number;
  readonly tags: Tags;
  /** `first-side`: automatic in the tables of the first network, none in those of the others. */
  readonly routes: RouteSpec | 'first-side';
  readonly says?: Says;
}

/** One peering that a connection declares, under the name that its marks bear. */
export interface FileEdge {
  readonly name: string;
  readonly between: readonly [NetworkName, NetworkName];
}

export function edgesOf({ name, between, also }: FileConnection): readonly FileEdge[] {
  const [hub, spoke] = between;
  if (also === undefined || between.includes(also)) return [{ name, between }];
  return [spoke, also].map((one) => ({ name: `${name}/${hub}/${one}`, between: [hub, one] }));
}

/** What people may call it: its own name, and those of its peerings. */
export const namesOf = (one: FileConnection): string[] => [one.name, ...edgesOf(one).map(({ name }) => name)];

const pairsOf = (one: FileConnection): string[] => edgesOf(one).map(({ between }) => [...between].sort().join());
const networksOf = (one: FileConnection): NetworkName[] => edgesOf(one).flatMap(({ between }) => between);

export interface FileLink {
  readonly name: string;
  /** True: on a port that another provider entry owns. */
  readonly across?: boolean;
  readonly vlan: number;
  readonly bandwidthMbps: number;
  readonly tags: Tags;
  readonly destinations: readonly string[];
  readonly says?: LinkSays;
}

/** Two teams may have their files in the same networks. */
export const STACKS = ['hist', 'other'] as const;
export type StackName = (typeof STACKS)[number];

export interface FileModel {
  readonly stack: StackName;
  readonly networks: readonly NetworkName[];
  readonly customTable: boolean;
  readonly connections: readonly FileConnection[];
  readonly link?: FileLink;
  /** The provider's own settings, of every entry. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** True: a network that leaves takes no provider entry with it. */
  readonly entriesStay?: boolean;
  /** What `account:` says on every entry, instead of the truth; `none`: nothing. */
  readonly account?: string;
}

export const EMPTY_FILE: FileModel = { stack: 'hist', networks: NETWORKS, customTable: false, connections: [] };

/** One edit; what does not apply to the file as it is leaves it alone. */
export type Edit =
  | { readonly kind: 'add'; readonly connection: FileConnection }
  | { readonly kind: 'remove'; readonly at: number }
  | { readonly kind: 'rename'; readonly at: number; readonly name: string }
  | { readonly kind: 'tags'; readonly at: number; readonly tags: Tags }
  | { readonly kind: 'bandwidth'; readonly at: number; readonly mbps: number }
  | { readonly kind: 'says'; readonly at: number; readonly says: Says }
  | { readonly kind: 'linkSays'; readonly says: LinkSays }
  | { readonly kind: 'routes'; readonly at: number; readonly routes: FileConnection['routes'] }
  | { readonly kind: 'mechanism'; readonly at: number; readonly mechanism: string }
  | { readonly kind: 'table'; readonly named: boolean }
  | { readonly kind: 'options'; readonly options: Readonly<Record<string, unknown>> }
  | { readonly kind: 'entries'; readonly stay: boolean }
  | { readonly kind: 'leave'; readonly network: NetworkName }
  | { readonly kind: 'return'; readonly network: NetworkName }
  | { readonly kind: 'link'; readonly link: FileLink | undefined }
  | { readonly kind: 'untag'; readonly name: string };

export function edit(file: FileModel, change: Edit): FileModel {
  const changed = (at: number, more: Partial<FileConnection>): FileModel => ({
    ...file,
    connections: file.connections.map((one, index) =>
      index === at % file.connections.length ? { ...one, ...more } : one,
    ),
  });
  switch (change.kind) {
    case 'add': {
      const { connection } = change;
      const pairs = pairsOf(connection);
      const taken = file.connections.some(
        (one) => one.name === connection.name || pairsOf(one).some((pair) => pairs.includes(pair)),
      );
      const declared = networksOf(connection).every((name) => file.networks.includes(name));
      return taken || !declared || file.link?.name === connection.name
        ? file
        : { ...file, connections: [...file.connections, connection] };
    }
    case 'remove':
      return {
        ...file,
        connections: file.connections.filter((_, index) => index !== change.at % file.connections.length),
      };
    case 'rename':
      return file.connections.some((one) => one.name === change.name)
        ? file
        : changed(change.at, { name: change.name });
    case 'tags':
      return changed(change.at, { tags: change.tags });
    case 'bandwidth':
      return changed(change.at, { bandwidthMbps: change.mbps });
    case 'says':
      return changed(change.at, { says: change.says });
    case 'linkSays':
      return file.link === undefined ? file : { ...file, link: { ...file.link, says: change.says } };
    case 'routes':
      return changed(change.at, { routes: change.routes });
    case 'mechanism':
      return changed(change.at, { mechanism: change.mechanism });
    case 'table':
      return { ...file, customTable: change.named };
    case 'options':
      return { ...file, options: change.options };
    case 'entries':
      return { ...file, entriesStay: change.stay };
    case 'leave': {
      const { link: _, ...rest } = file;
      return {
        ...(change.network === 'n0' ? rest : file),
        networks: file.networks.filter((name) => name !== change.network),
        connections: file.connections.filter((one) => !networksOf(one).includes(change.network)),
      };
    }
    case 'return':
      return file.networks.includes(change.network) ? file : { ...file, networks: [...file.networks, change.network] };
    case 'link': {
      const { link: _, ...rest } = file;
      return change.link === undefined || !file.networks.includes('n0') ? rest : { ...rest, link: change.link };
    }
    case 'untag':
      return untagged(file, change.name);
  }
}

/** Without the tags of one connection, also by the name of one of its peerings, or of the link. */
function untagged(file: FileModel, name: string): FileModel {
  const { link, ...rest } = file;
  return {
    ...rest,
    connections: rest.connections.map((one) => (namesOf(one).includes(name) ? { ...one, tags: {} } : one)),
    ...(link === undefined ? {} : { link: link.name === name ? { ...link, tags: {} } : link }),
  };
}

export async function stackOf(file: FileModel, world: HistoryWorld): Promise<StackSpec> {
  const networks = new Map<string, NetworkSpec>();
  const entry = (name: NetworkName): Promise<Provider> => world.entry(name, file);
  for (const name of file.networks) {
    const main = (await tablesOf(world, name))[0];
    const named = name === 'n0' && file.customTable && world.customTable !== undefined && main !== undefined;
    networks.set(name, {
      provider: await entry(name),
      id: networkOf(world, name),
      ...(named ? { routeTables: [routeTableId(main), routeTableId(String(world.customTable))] } : {}),
    });
  }
  return {
    name: file.stack,
    ...(file.entriesStay === true
      ? { providers: [...new Set(await Promise.all([...NETWORKS.map(entry), world.portEntry(file)]))] }
      : {}),
    networks,
    connections: file.connections.map((one) => connectionOf(one, world)),
    links: file.link === undefined ? [] : [await linkOf(file, file.link, world)],
  };
}

/** Main table first. */
async function tablesOf(world: HistoryWorld, name: NetworkName): Promise<string[]> {
  const rows = world.tables()[`${world.cloud}.routeTables`] ?? [];
  return rows
    .filter((row) => row['scope'] === world.id(name) || row['vpcId'] === world.id(name))
    .sort((a, b) => Number(a['type'] === 'Custom') - Number(b['type'] === 'Custom'))
    .map((row) => row.id);
}

/** What the file says; inside a region Alibaba Cloud takes none. */
export function bandwidthOf(one: FileConnection, cloud: CloudName): number | undefined {
  if (cloud === 'baidu') return one.bandwidthMbps ?? 10;
  return edgesOf(one).every(({ between }) => new Set(between.map(regionOf)).size === 2) ? one.bandwidthMbps : undefined;
}

function connectionOf(one: FileConnection, world: HistoryWorld): ConnectionSpec {
  const { name, between, also, mechanism, tags } = one;
  const { dnsSync, ...says } = one.says ?? {};
  const bandwidth = bandwidthOf(one, world.cloud);
  const spec = {
    name,
    routes: one.routes === 'first-side' ? { sides: sidesOf(one) } : one.routes,
    peering: {
      tags,
      ...(mechanism === undefined || world.cloud === 'baidu' ? {} : { mechanism }),
      ...(bandwidth === undefined ? {} : { bandwidthMbps: bandwidth }),
      ...says,
    },
    ...(dnsSync === undefined || world.cloud === 'alibaba' ? {} : { dnsSync }),
  };
  const [hub, spoke] = between;
  return also === undefined || between.includes(also)
    ? { ...spec, kind: 'pair', between }
    : { ...spec, kind: 'hub', hub, spokes: [spoke, also] };
}

const sidesOf = (one: FileConnection): Readonly<Record<string, 'auto' | 'none'>> =>
  Object.fromEntries(networksOf(one).map((name) => [name, name === one.between[0] ? 'auto' : 'none']));

const regionOf = (name: NetworkName): number => (name === 'n0' || name === 'n1' ? 0 : 1);

/** The cloud's address and the customer's, as the channels of the default world have them. */
export const addressesOf = (vlan: number): readonly [cloud: string, customer: string] =>
  vlan === 30 ? ['10.255.0.1', '10.255.0.2'] : ['10.255.0.5', '10.255.0.6'];

async function linkOf(file: FileModel, link: FileLink, world: HistoryWorld): Promise<LinkSpec> {
  const { name, across = false, vlan, bandwidthMbps, tags, destinations } = link;
  const [cloud, customer] = addressesOf(vlan);
  return {
    name,
    network: 'n0',
    port: portId(world.port(across)),
    ...(across ? { portProvider: await world.portEntry(file) } : {}),
    vlan,
    cloudIp: `${cloud}/30`,
    customerIp: customer,
    destinations: destinations.map((text) => parseCidr(text)),
    bandwidthMbps,
    tags,
    ...link.says,
  };
}
