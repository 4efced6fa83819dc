/**
 * Observes the world with few calls: one read of the declared networks and one list of the peerings per provider entry,
 * and one list per route table concerned. Both sides of a peering are merged into one picture.
 */
import {
  isLive,
  type LinkPart,
  mergeSides,
  withoutAcceptor,
  PEERING_SIDES,
  type AccountOwner,
  type Network,
  type NetworkId,
  type Peering,
  type PeeringEnd,
  type Provider,
  type RouteReadOptions,
  type RouteTableId,
  type Unreadable,
} from '@peerway/core';
import { bearsMark, markerPlace, ownerOf, readMarkerText } from './ownership.js';
import { accountsOf, askingOnce, type AskAccount } from './accounts.js';
import { eachAtOnce } from './atOnce.js';
import { collect } from './collect.js';
import { LearnedHops } from './hops.js';
import {
  isAnnounced,
  linksAreAlone,
  listedMechanism,
  networksToLookIn,
  nothingHides,
  silentIn,
  type Reading,
} from './hidden.js';
import { withLeftMarks } from './leftMarks.js';
import { requireReadable } from './unreadable.js';
import {
  declaringEntries,
  listLinks,
  networksOfLinks,
  findStranded,
  readLinks,
  type Listings,
} from './observeLinks.js';
import { readTables, requireOneOwnerPerTable } from './readTables.js';
import type { SeenLink, SeenNetwork, SeenPeering, World } from './seen.js';
import { peerKeys, peerNetworks } from './peerNetworks.js';
import type { PeerNetwork, StackSpec } from '../declaration/stack.js';
import { keyOf, networkKey, pairKey, type Edge } from '../declaration/topology.js';

export type { SeenLink, SeenNetwork, SeenPeering, SeenTable, World } from './seen.js';

export interface ObserveOptions {
  readonly stack: StackSpec;
  /** Read-only providers by entry name. */
  readonly providers: ReadonlyMap<string, Provider>;
  /** Also look for links that nobody declares any more. */
  readonly lookForLinks: boolean;
  /** Pairs of networks (`pairKey`) that stay joined: of their peerings nothing is needed that a listing does not show. */
  readonly asListed?: ReadonlySet<string>;
  /** True: nothing is needed of links that a listing does not show. */
  readonly linksAsListed?: boolean;
  /**
   * Everything that is there concerns the caller: the routes of every link are read, also of those that bear no mark, and what no table
   * can read is told to this instead of thrown. Absent: only what concerns the stack.
   */
  readonly surveying?: (item: Unreadable) => void;
  /** Networks that were listed a moment ago, by the entry's name: nobody asks for those of them that are declared again. */
  readonly networksListed?: ReadonlyMap<string, readonly Network[]>;
  /** What is declared, where marks may say that there is nothing to search for (hidden.ts); absent: everything is searched for. */
  readonly believingMarksOf?: readonly Edge[];
  readonly signal?: AbortSignal;
}

export async function observe(options: ObserveOptions): Promise<World> {
  const { stack, providers, signal } = options;
  const hops = new LearnedHops();
  const call: RouteReadOptions = {
    hops,
    unreadable: options.surveying ?? requireReadable(stack),
    ...(signal === undefined ? {} : { signal }),
  };

  const ask = askingOnce(call);
  const { networks: read, readings, listed, partly, unsearched, linkParts } = await readAll(options, call, ask);
  // what one side still shows counts, whatever the other has seen go
  for (const gone of [true, false])
    for (const { peering } of readings) if ((peering.state === 'deleted') === gone) hops.learnPeering(peering);
  for (const { link } of [...listed.values(), ...partly.values()].flat()) hops.learnLink(link);
  const found = { networks: read, peerings: readings.map(({ peering }) => peering) };
  const accounts = await accountsOf(stack, providers, found, ask);
  const networks = new Map([...read, ...peerNetworks(stack, found.peerings)]);
  const { pairs, tombstones } = pairUp(stack, providers, accounts.owners, { readings, unsearched });
  const concerned = concernedNetworks(options, [...[...pairs.values()].flat(), ...tombstones]);

  const byKey = new Map<string, SeenNetwork>();
  await eachAtOnce([...concerned.values()], async ({ name, key, id, provider, reads, tables, peer }) => {
    const network = networks.get(key);
    const seen: SeenNetwork = {
      name,
      key,
      id,
      provider,
      tables: [],
      missingTables: [],
      ...(network === undefined ? {} : { network }),
      ...(peer === undefined ? {} : { peer }),
    };
    // a declared network that is not there has no tables to ask for
    const readable = reads && (network !== undefined || !stack.networks.has(name));
    byKey.set(key, readable ? { ...seen, ...(await readTables(seen, tables, call)) } : seen);
  });
  if (contradicted(unsearched, byKey.values(), hops, stack.name)) {
    const { believingMarksOf: _, ...searching } = options;
    return observe(searching);
  }
  const links = await readLinks({ ...options, ask, linkParts, partly }, listed, byKey, call);
  const strandedParts = await findStranded(linkParts, links, { providers, ask });
  requireOneOwnerPerTable(byKey.values());
  const names = new Map<string, SeenNetwork>();
  for (const [name, spec] of stack.networks) {
    const seen = byKey.get(keyOf(spec));
    if (seen !== undefined) names.set(name, { ...seen, name }); // two names may mean the same network
  }
  return {
    providers,
    networks: names,
    byKey,
    ...withLeftMarks(stack.name, { pairs, links }, byKey.values()),
    tombstones,
    strandedParts,
    accounts: accounts.owners,
    mistakenAccounts: accounts.mistaken,
  };
}

/** Whether a route of ours leads to a peering that no listing has shown, in the account of which the marks say that there is no other. */
function contradicted(
  unsearched: ReadonlySet<string>,
  networks: Iterable<SeenNetwork>,
  hops: ReadonlyMap<string, unknown>,
  stack: string,
): boolean {
  return [...networks].some(
    ({ provider, tables }) =>
      unsearched.has(provider.name) &&
      tables.some(({ routes }) =>
        routes.some(
          ({ nextHop, description }) =>
            nextHop.kind === 'peering' && !hops.has(nextHop.id) && readMarkerText(description)?.stack === stack,
        ),
      ),
  );
}

interface Listed {
  readonly networks: ReadonlyMap<string, Network>;
  readonly readings: readonly Reading[];
  /** Links by entry name; absent: not listed. */
  readonly listed: Listings;
  /** Links of some networks alone, by the names of other entries. */
  readonly partly: Listings;
  /** Names of the entries of which marks say that there is nothing to search for. */
  readonly unsearched: ReadonlySet<string>;
  /** Parts of links that bear our mark, by the names of the entries in whose listings they stand. */
  readonly linkParts: ReadonlyMap<string, readonly LinkPart[]>;
}

/** By the names of their entries; without those of somebody else. */
function declaredIds({ networks }: StackSpec): ReadonlyMap<string, readonly NetworkId[]> {
  const wanted = new Map<string, NetworkId[]>();
  for (const { provider, id, peer } of networks.values()) {
    if (peer !== undefined) continue;
    const ids = wanted.get(provider.name) ?? [];
    wanted.set(provider.name, ids);
    ids.push(id);
  }
  return wanted;
}

/** The declared networks, every peering, and the links that are declared or must be searched for, of all entries at once. */
async function readAll(options: ObserveOptions, call: RouteReadOptions, ask: AskAccount): Promise<Listed> {
  const { stack, providers, lookForLinks, asListed = new Set(), believingMarksOf: edges } = options;
  const wanted = declaredIds(stack);
  const networks = new Map<string, Network>();
  const readings: Reading[] = [];
  const concerns = neededWhole(stack, asListed);
  const linkParts = new Map<string, LinkPart[]>();
  const listPeerings = async (provider: Provider, mechanism?: string): Promise<void> => {
    const query = { whole: concerns(provider), tombstones: true, ...(mechanism === undefined ? {} : { mechanism }) };
    const parts = linkParts.get(provider.name) ?? [];
    const linkPart = (part: LinkPart) => bearsMark(part, stack.name) && parts.push(part);
    const found = await collect(provider.peerings.list(query, { ...call, linkPart }));
    if (parts.length > 0) linkParts.set(provider.name, parts);
    for (const peering of found) readings.push({ provider, peering });
  };
  const all = [...providers.values()];
  const declaring = declaringEntries(stack);
  const listed = new Map<string, readonly SeenLink[]>();
  await Promise.all([
    ...all.flatMap((provider) => [
      networksOf(provider, wanted.get(provider.name) ?? [], options, call).then((found) => {
        for (const network of found) networks.set(networkKey(provider.id, network.id), network);
      }),
      listPeerings(provider, edges === undefined ? undefined : listedMechanism(provider)),
    ]),
    listLinks(
      listed,
      all.filter(({ name }) => declaring.has(name) || (lookForLinks && edges === undefined)),
      { ...options, ask },
      call,
      { within: (provider) => (edges === undefined ? [] : networksOfLinks(provider, stack)) },
    ),
  ]);
  if (edges === undefined) return { networks, readings, listed, partly: new Map(), unsearched: new Set(), linkParts };
  const shown = [...readings];
  const quiet = all.filter(
    (provider) =>
      nothingHides(provider, stack, edges, shown) ||
      linksAreAlone(provider, stack, edges, { readings: shown, links: listed.get(provider.name) ?? [] }),
  );
  const searched = all.filter((provider) => !quiet.includes(provider));
  const known = takeParts(listed, searched, stack);
  const { wholly, parts } = whereToLook(searched, options, shown);
  const partly = new Map<string, readonly SeenLink[]>();
  const search = { ...options, ask };
  await Promise.all([
    ...searched.flatMap((provider) =>
      provider.capabilities.mechanisms.slice(1).map(({ name }) => listPeerings(provider, name)),
    ),
    listLinks(listed, wholly, search, call, { known }),
    listLinks(partly, parts.keys(), search, call, { within: (provider) => parts.get(provider) ?? [] }),
  ]);
  await listLinks(listed, searched.filter(silentIn(stack.name, readings)), search, call);
  return { networks, readings, listed, partly, unsearched: new Set(quiet.map(({ name }) => name)), linkParts };
}

/** Takes out what is a part of the links alone, which is enough only where marks say that it is all. */
function takeParts(
  listed: Map<string, readonly SeenLink[]>,
  searched: readonly Provider[],
  stack: StackSpec,
): Map<string, readonly SeenLink[]> {
  const parts = new Map<string, readonly SeenLink[]>();
  for (const provider of searched) {
    const part = listed.get(provider.name);
    if (part === undefined || networksOfLinks(provider, stack).length === 0) continue;
    parts.set(provider.name, part);
    listed.delete(provider.name);
  }
  return parts;
}

/** Which of the entries that are searched are asked for all of their links, and which for those of some networks. */
function whereToLook(
  searched: readonly Provider[],
  { stack, lookForLinks }: ObserveOptions,
  readings: readonly Reading[],
): { readonly wholly: readonly Provider[]; readonly parts: ReadonlyMap<Provider, readonly NetworkId[]> } {
  const declaring = declaringEntries(stack);
  const wholly = searched.filter(
    (provider) => lookForLinks || declaring.has(provider.name) || isAnnounced(provider, stack.name, readings),
  );
  const parts = searched
    .filter((provider) => !wholly.includes(provider))
    .map((provider) => [provider, networksToLookIn(provider, stack, readings)] as const)
    .filter(([, ids]) => ids.length > 0);
  return { wholly, parts: new Map(parts) };
}

/** The declared networks of an entry. What a listing did not show is asked for: it may not have been whole. */
async function networksOf(
  provider: Provider,
  ids: readonly NetworkId[],
  { networksListed }: Pick<ObserveOptions, 'networksListed'>,
  call: RouteReadOptions,
): Promise<readonly Network[]> {
  const wanted = new Set(ids);
  const known = (networksListed?.get(provider.name) ?? []).filter(({ id }) => wanted.has(id));
  for (const { id } of known) wanted.delete(id);
  return [...known, ...(await provider.networks.getMany([...wanted], call))];
}

/** What others have joined among themselves, what names another stack, and what stays as it is, is read no further than the listing shows it. */
function neededWhole(
  stack: StackSpec,
  asListed: ReadonlySet<string>,
): (provider: Provider) => (peering: Peering) => boolean {
  const declared = new Set([...stack.networks.values()].map(keyOf));
  return ({ id, capabilities }) =>
    (peering) => {
      const [a, b] = PEERING_SIDES.map((side) => networkKey(id, peering[side].network)) as [string, string];
      const { features } = capabilities.mechanisms.find(({ name }) => name === peering.mechanism) ?? {};
      if (bearsMark(peering, stack.name)) {
        // a tag that has left the file is taken off where that can be
        const stays = isLive(peering.state) && asListed.has(pairKey(a, b)) && features?.retag.status !== 'supported';
        return !stays;
      }
      // what names another stack is no lost one of ours
      const place = features === undefined ? 'nothing' : markerPlace(features).decides;
      return (declared.has(a) || declared.has(b)) && ownerOf(peering, stack.name, place).kind !== 'other';
    };
}

function pairUp(
  stack: StackSpec,
  providers: ReadonlyMap<string, Provider>,
  accounts: ReadonlyMap<string, AccountOwner>,
  { readings, unsearched }: Pick<Listed, 'readings' | 'unsearched'>,
): { readonly pairs: Map<string, SeenPeering[]>; readonly tombstones: readonly SeenPeering[] } {
  const declared = new Map<string, Provider>();
  for (const spec of stack.networks.values()) declared.set(keyOf(spec), spec.provider);
  const peers = peerKeys(stack);
  const ownerOfEnd = (plugin: string, end: PeeringEnd): Provider | undefined => {
    if (peers.has(networkKey(plugin, end.network))) return undefined;
    const known = declared.get(networkKey(plugin, end.network));
    if (known !== undefined) return providers.get(known.name);
    for (const provider of providers.values()) {
      if (provider.id === plugin && provider.region === end.region && accounts.get(provider.name) === end.account)
        return provider;
    }
    return undefined;
  };
  const { there, gone } = mergeReadings(readings);
  const seenOf = ({ peering: read, provider: from, sides }: Merged): SeenPeering => {
    const mirrored = from.capabilities.mechanisms.find(({ name }) => name === read.mechanism)?.handshake === 'mirrored';
    const beyond = sides === 1 && mirrored ? ownerOfEnd(from.id, read.acceptor) : undefined;
    // another entry of the acceptor's lists its half, or it is not there; one entry for both sides has seen both
    const listed = beyond !== undefined && beyond.name !== from.name && !unsearched.has(beyond.name);
    const peering = listed ? withoutAcceptor(read) : read;
    const keys = {
      initiator: networkKey(from.id, peering.initiator.network),
      acceptor: networkKey(from.id, peering.acceptor.network),
    };
    const initiator = ownerOfEnd(from.id, peering.initiator);
    const acceptor = ownerOfEnd(from.id, peering.acceptor);
    const peer = PEERING_SIDES.find((side) => peers.has(keys[side]));
    return {
      peering,
      keys,
      ...(peer === undefined ? {} : { peer }),
      providers: {
        ...(initiator === undefined ? {} : { initiator }),
        ...(acceptor === undefined ? {} : { acceptor }),
      },
    };
  };
  const byId = (a: SeenPeering, b: SeenPeering): number => (a.peering.id < b.peering.id ? -1 : 1);
  const pairs = new Map<string, SeenPeering[]>();
  for (const seen of there.map(seenOf)) {
    const pair = pairKey(seen.keys.initiator, seen.keys.acceptor);
    pairs.set(pair, [...(pairs.get(pair) ?? []), seen]);
  }
  for (const list of pairs.values()) list.sort(byId);
  return { pairs, tombstones: gone.map(seenOf).sort(byId) };
}

/** One reading for each peering. What one side still shows, or shows again, is there, whatever the other has seen go. */
/** `sides`: from how many it was read. */
type Merged = Reading & { readonly sides: 1 | 2 };

function mergeReadings(readings: readonly Reading[]): { readonly there: Merged[]; readonly gone: Merged[] } {
  const there = new Map<string, Merged>();
  const gone = new Map<string, Merged>();
  for (const { provider, peering } of readings) {
    const key = `${provider.id} ${peering.mechanism} ${peering.id}`;
    const found = peering.state === 'deleted' ? gone : there;
    const known = found.get(key);
    found.set(
      key,
      known === undefined
        ? { provider, peering, sides: 1 }
        : { provider, peering: mergeSides(known.peering, peering), sides: 2 },
    );
  }
  for (const key of there.keys()) gone.delete(key);
  return { there: [...there.values()], gone: [...gone.values()] };
}

interface Concerned {
  readonly name: string;
  readonly key: string;
  readonly id: NetworkId;
  readonly provider: Provider;
  readonly reads: boolean;
  readonly peer?: PeerNetwork;
  readonly tables?: readonly RouteTableId[];
}

function concernedNetworks(options: ObserveOptions, peerings: readonly SeenPeering[]): Map<string, Concerned> {
  const { stack, providers } = options;
  const concerned = new Map<string, Concerned>();
  for (const [name, spec] of stack.networks) {
    const provider = providers.get(spec.provider.name);
    if (provider === undefined) continue;
    const key = keyOf(spec);
    const reads = spec.peer === undefined && writesRoutes(provider);
    concerned.set(key, {
      name: concerned.get(key)?.name ?? name,
      key,
      id: spec.id,
      provider,
      reads,
      ...(spec.peer === undefined ? {} : { peer: spec.peer }),
      ...(spec.routeTables === undefined ? {} : { tables: spec.routeTables }),
    });
  }
  // ends of peerings that carry our marker, declared or not, there or gone: their routes may be ours
  for (const { peering, keys, providers: owners } of peerings) {
    if (!bearsMark(peering, stack.name)) continue;
    for (const side of PEERING_SIDES) {
      const provider = owners[side];
      if (provider === undefined || !writesRoutes(provider)) continue;
      const known = concerned.get(keys[side]);
      const id = peering[side].network;
      concerned.set(keys[side], { ...(known ?? { name: id, key: keys[side], id, provider }), reads: true });
    }
  }
  return concerned;
}

const writesRoutes = (provider: Provider): boolean =>
  provider.capabilities.routes.features.explicit.status === 'supported';
