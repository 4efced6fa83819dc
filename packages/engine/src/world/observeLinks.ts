/** Reads the links of the provider entries that may hold some of ours, and the routes that use them: in border routers, and in networks that nothing else made us read. */
import { networkKey } from '../declaration/topology.js';
import type { AskAccount } from './accounts.js';
import { collect } from './collect.js';
import { readTables } from './readTables.js';
import type { SeenLink, SeenNetwork, StrandedPart } from './seen.js';
import { entriesOf, linksOf, networkEntryOf } from './linkEntries.js';
import { CONNECTION_TAG, markerPlace, readMarkerText, saysSet, STACK_TAG } from './ownership.js';
import type { FarEnd, Link, LinkPart, NetworkId, Provider, RouteReadOptions } from '@peerway/core';
import type { StackSpec } from '../declaration/stack.js';

interface LinkSearch {
  readonly stack: StackSpec;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly ask: AskAccount;
  /** True: nothing is needed of them that a listing does not show. */
  readonly linksAsListed?: boolean;
  /** Present: every link concerns the caller, marked or not. */
  readonly surveying?: unknown;
}

/** Names of the provider entries that keep the declared links. */
export const declaringEntries = ({ links, networks }: StackSpec): ReadonlySet<string> =>
  new Set(
    links.flatMap((spec) => {
      const network = networks.get(spec.network);
      return network === undefined ? [] : [entriesOf(spec, network).provider.name];
    }),
  );

/** The networks of the links that an entry declares, where it lists links by network and all their ends are its own; else empty. */
export function networksOfLinks(provider: Provider, { links, networks }: StackSpec): readonly NetworkId[] {
  if (provider.capabilities.links.listedBy !== 'network') return [];
  const ids = new Set<NetworkId>();
  for (const spec of links) {
    const network = networks.get(spec.network);
    if (network === undefined) continue;
    const { provider: home, other } = entriesOf(spec, network);
    if (home.name !== provider.name) continue;
    if (other !== undefined) return [];
    ids.add(network.id);
  }
  return [...ids];
}

/**
 * Adds the links of those provider entries that are not listed yet; known before any route is read. By entry name.
 * @param within some networks of an entry, whose links are enough
 * @param known links of an entry, all those of the networks that it declares links in: the others are asked for
 */
export async function listLinks(
  listed: Map<string, readonly SeenLink[]>,
  providers: Iterable<Provider>,
  search: LinkSearch,
  call: RouteReadOptions,
  { within, known }: { readonly within?: (provider: Provider) => readonly NetworkId[]; readonly known?: Listings } = {},
): Promise<void> {
  await Promise.all(
    [...providers].map(async (provider) => {
      if (!hasLinks(provider) || listed.has(provider.name)) return;
      const part = known?.get(provider.name);
      const except = part === undefined ? [] : networksOfLinks(provider, search.stack);
      const found = await list(provider, search, call, { networks: within?.(provider) ?? [], except });
      listed.set(provider.name, [...(part ?? []), ...found]);
    }),
  );
}

/** Links by the name of their entry. */
export type Listings = ReadonlyMap<string, readonly SeenLink[]>;

const hasLinks = (provider: Provider): boolean => provider.capabilities.links.features.link.status === 'supported';

/** Those with an end of another entry are read once more, from both ends. */
async function list(
  provider: Provider,
  search: LinkSearch,
  call: RouteReadOptions,
  { networks, except }: { readonly networks: readonly NetworkId[]; readonly except: readonly NetworkId[] } = {
    networks: [],
    except: [],
  },
): Promise<readonly SeenLink[]> {
  const whole = search.linksAsListed === true ? { whole: () => false } : { probed: probedBy(provider, search.stack) };
  const queries = networks.length === 0 ? [{ ...whole, except }] : networks.map((network) => ({ ...whole, network }));
  const links = (await Promise.all(queries.map((query) => collect(provider.links.list(query, call))))).flat();
  const seen = links.map(async (link): Promise<SeenLink | undefined> => {
    const other = await otherEntry(link, provider, search);
    if (other === undefined) return { link, provider };
    const whole = await linksOf({ provider, other }).find(link.id, call);
    return whole === undefined ? undefined : { link: whole, provider, other };
  });
  return (await Promise.all(seen)).filter((one) => one !== undefined);
}

/** Of which links the declaration, or a mark of ours, speaks of a health check. */
function probedBy({ capabilities: { links } }: Provider, { links: declared }: StackSpec): (link: Link) => boolean {
  if (links.healthCheck === undefined) return () => false;
  const { decides } = markerPlace(links.features);
  const ports = new Set(declared.flatMap(({ healthCheck, port }) => (healthCheck === undefined ? [] : [port])));
  return (link) => (link.port !== undefined && ports.has(link.port)) || saysSet(link, decides)('healthCheck');
}

/** The entry of the other end: as declared, or, of a link of ours, as the cloud shows it. */
async function otherEntry(
  link: Link,
  provider: Provider,
  { stack, providers, ask, surveying }: LinkSearch,
): Promise<Provider | undefined> {
  for (const spec of stack.links) {
    const network = stack.networks.get(spec.network);
    if (network === undefined) continue;
    const { provider: home, other } = entriesOf(spec, network);
    if (other === undefined || home.name !== provider.name) continue;
    const onPort = spec.port === link.port && (link.vlan ?? spec.vlan) === spec.vlan;
    if (onPort || isMarked(link, stack.name, spec.name)) return providers.get(other.name);
  }
  const at = link.networkAt;
  if (at === undefined || (surveying === undefined && !isMarked(link, stack.name))) return undefined;
  return entryAt(at, provider, { providers, ask });
}

/** The entry that speaks for a place; another one than that which asks. */
async function entryAt(
  at: FarEnd,
  asking: Provider,
  { providers, ask }: Pick<LinkSearch, 'providers' | 'ask'>,
): Promise<Provider | undefined> {
  const there = [...providers.values()].filter(
    (one) => one !== asking && one.id === asking.id && one.region === at.region,
  );
  const written = there.find((one) => one.account === at.account);
  if (written !== undefined) return written;
  for (const one of there) if (one.account === undefined && (await ask(one)) === at.account) return one;
  return undefined;
}

/** Parts of ours that no link in sight accounts for. @param parts by the names of the entries that showed them */
export async function findStranded(
  parts: ReadonlyMap<string, readonly LinkPart[]>,
  links: readonly SeenLink[],
  search: Pick<LinkSearch, 'providers' | 'ask'>,
): Promise<StrandedPart[]> {
  const explained = new Set(
    links.flatMap(({ link }) => [link.nextHop, ...(link.retiredHops ?? [])]).map((hop) => hop?.id),
  );
  const stranded: StrandedPart[] = [];
  for (const [name, shown] of parts) {
    const provider = search.providers.get(name);
    if (provider === undefined) continue;
    for (const { near, portAt, ...part } of shown) {
      if (near === undefined || portAt === undefined || explained.has(near.hop)) continue;
      const own =
        portAt.region === provider.region && portAt.account === (provider.account ?? (await search.ask(provider)));
      const inSight = own || (await entryAt(portAt, provider, search)) !== undefined;
      stranded.push({ restIs: inSight ? 'gone' : 'out-of-reach', part: { ...part, near, portAt } });
    }
  }
  return stranded;
}

interface LinkHints extends LinkSearch {
  /** Parts of links that bear our mark, by the names of the entries in whose listings they stand. */
  readonly linkParts: ReadonlyMap<string, readonly LinkPart[]>;
  /** Links of some networks of other entries, by the entry's name. */
  readonly partly: Listings;
}

/**
 * Where not all was listed, a route of ours toward a link, or a part of one in another listing, makes us look: in the network's entry, and
 * where a link is kept with its port, in every entry of the cloud.
 * @param byKey every network that is seen; tables are added to it
 */
export async function readLinks(
  search: LinkHints,
  listed: Listings,
  byKey: Map<string, SeenNetwork>,
  call: RouteReadOptions,
): Promise<SeenLink[]> {
  const { stack, providers } = search;
  const found = await Promise.all(
    [...providers.values()].map(async (provider) => {
      const known = listed.get(provider.name);
      if (known !== undefined) return known;
      const hinted = showsLink(provider, search) || hasLinkRoutes(provider, byKey, stack.name);
      return hasLinks(provider) && hinted ? list(provider, search, call) : (search.partly.get(provider.name) ?? []);
    }),
  );
  const links = found.flat();
  const byNetwork = new Map<NetworkId, SeenLink[]>();
  for (const seen of links) {
    const concerns = search.surveying !== undefined || isMarked(seen.link, stack.name);
    const network = concerns ? networkOf(seen, stack) : undefined;
    if (network !== undefined) byNetwork.set(network, [...(byNetwork.get(network) ?? []), seen]);
  }
  // the links of one network, whichever entries keep them, add to one list of tables: one after the other
  await Promise.all(
    [...byNetwork].map(async ([network, inIt]) => {
      for (const seen of inIt) await readRoutes(seen, network, byKey, call);
    }),
  );
  return links.sort((a, b) => (a.link.id < b.link.id ? -1 : 1));
}

/** @param connection absent: of any name */
function isMarked({ tags, description }: Link, stack: string, connection?: string): boolean {
  const text = readMarkerText(description);
  return [
    { stack: tags[STACK_TAG], connection: tags[CONNECTION_TAG] },
    { stack: text?.stack, connection: text?.connection },
  ].some((mark) => mark.stack === stack && (connection ?? mark.connection) === mark.connection);
}

/** What it is attached to, or is declared to be where a half that would tell is gone. */
function networkOf({ link, provider }: SeenLink, stack: StackSpec): NetworkId | undefined {
  if (link.network !== undefined) return link.network;
  const spec = stack.links.find((one) => {
    const network = stack.networks.get(one.network);
    const home = network === undefined ? undefined : entriesOf(one, network).provider.name;
    return home === provider.name && one.port === link.port && one.vlan === link.vlan;
  });
  return spec === undefined ? undefined : stack.networks.get(spec.network)?.id;
}

/** The border router's own table is one more table of the network; a network that nothing else concerns is read for the link alone. */
async function readRoutes(
  found: SeenLink,
  network: NetworkId,
  byKey: Map<string, SeenNetwork>,
  call: RouteReadOptions,
): Promise<void> {
  const { link, provider } = found;
  const key = networkKey(provider.id, network);
  const entry = networkEntryOf(found);
  let seen: SeenNetwork = byKey.get(key) ?? {
    name: network,
    key,
    id: network,
    provider: entry ?? provider,
    tables: [],
    missingTables: [],
  };
  const explicit = provider.capabilities.routes.features.explicit.status === 'supported';
  if (seen.tables.length === 0 && explicit && entry !== undefined)
    seen = { ...seen, ...(await readTables(seen, undefined, call)) };
  const table = link.edge?.table;
  if (table !== undefined) {
    const routes = await collect(provider.routes.list(network, table, call));
    const whose = entry === provider ? {} : { provider };
    seen = { ...seen, tables: [...seen.tables, { id: table, kind: 'edge', written: false, routes, ...whose }] };
  }
  byKey.set(key, seen);
}

/** True where what an entry shows may be a part of, or a way to, a link that this one keeps. */
const mayKeep = (provider: Provider, shown: Provider): boolean =>
  shown.name === provider.name || (shown.id === provider.id && provider.capabilities.links.home === 'port');

const showsLink = (provider: Provider, { providers, linkParts }: Pick<LinkHints, 'providers' | 'linkParts'>): boolean =>
  [...linkParts.keys()].some((name) => mayKeep(provider, providers.get(name) ?? provider));

/** True where a route of ours leads to a link that this entry may keep. */
function hasLinkRoutes(provider: Provider, byKey: ReadonlyMap<string, SeenNetwork>, stack: string): boolean {
  for (const seen of byKey.values()) {
    if (!mayKeep(provider, seen.provider)) continue;
    for (const table of seen.tables)
      if (
        table.routes.some(
          (route) => route.nextHop.kind === 'link' && readMarkerText(route.description)?.stack === stack,
        )
      )
        return true;
  }
  return false;
}
