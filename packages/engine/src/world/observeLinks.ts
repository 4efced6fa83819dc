/** Reads the links of the provider entries that may hold some of ours, and the routes that use them: in border routers, and in networks that nothing else made us read. */
import { networkKey } from '../declaration/topology.js';
import { collect } from './collect.js';
import { readTables } from './readTables.js';
import type { SeenLink, SeenNetwork } from './seen.js';
import { readMarkerText, STACK_TAG } from './ownership.js';
import type { Link, NetworkId, Provider, RouteReadOptions } from '@peerway/core';
import type { StackSpec } from '../declaration/stack.js';

interface LinkSearch {
  readonly stack: StackSpec;
  readonly providers: ReadonlyMap<string, Provider>;
  /** Also where nothing declared, and no route of ours, hints at one. */
  readonly lookForLinks: boolean;
}

/** The links of the provider entries that declare some, or that must be searched; known before any route is read. By entry name. */
export async function listLinks(
  { stack, providers, lookForLinks }: LinkSearch,
  call: RouteReadOptions,
): Promise<ReadonlyMap<string, readonly Link[]>> {
  const declaring = new Set(stack.links.map((link) => stack.networks.get(link.network)?.provider.name));
  const listed = new Map<string, readonly Link[]>();
  await Promise.all(
    [...providers.values()].map(async (provider) => {
      if (hasLinks(provider) && (lookForLinks || declaring.has(provider.name)))
        listed.set(provider.name, await list(provider, call));
    }),
  );
  return listed;
}

const hasLinks = (provider: Provider): boolean => provider.capabilities.links.features.link.status === 'supported';

const list = (provider: Provider, call: RouteReadOptions): Promise<readonly Link[]> =>
  collect(provider.links.list({}, call));

/**
 * Where nothing was listed, a route of ours toward a link makes us look.
 * @param byKey every network that is seen; tables are added to it
 */
export async function readLinks(
  { stack, providers }: LinkSearch,
  listed: ReadonlyMap<string, readonly Link[]>,
  byKey: Map<string, SeenNetwork>,
  call: RouteReadOptions,
): Promise<SeenLink[]> {
  const out: SeenLink[] = [];
  await Promise.all(
    [...providers.values()].map(async (provider) => {
      const known = listed.get(provider.name);
      if (known === undefined && !(hasLinks(provider) && hasLinkRoutes(provider, byKey, stack.name))) return;
      for (const link of known ?? (await list(provider, call))) {
        out.push({ link, provider });
        const network = isMarked(link, stack.name) ? networkOf(link, provider, stack) : undefined;
        if (network !== undefined) await readRoutes({ link, provider }, network, byKey, call);
      }
    }),
  );
  return out.sort((a, b) => (a.link.id < b.link.id ? -1 : 1));
}

const isMarked = (link: Link, stack: string): boolean =>
  link.tags[STACK_TAG] === stack || readMarkerText(link.description)?.stack === stack;

/** What it is attached to, or is declared to be where a half that would tell is gone. */
function networkOf(link: Link, provider: Provider, stack: StackSpec): NetworkId | undefined {
  if (link.network !== undefined) return link.network;
  const spec = stack.links.find(({ port, vlan, network }) => {
    const entry = stack.networks.get(network)?.provider.name;
    return entry === provider.name && port === link.port && vlan === link.vlan;
  });
  return spec === undefined ? undefined : stack.networks.get(spec.network)?.id;
}

/** The border router's own table is one more table of the network; a network that nothing else concerns is read for the link alone. */
async function readRoutes(
  { link, provider }: SeenLink,
  network: NetworkId,
  byKey: Map<string, SeenNetwork>,
  call: RouteReadOptions,
): Promise<void> {
  const key = networkKey(provider.id, network);
  let seen: SeenNetwork = byKey.get(key) ?? {
    name: network,
    key,
    id: network,
    provider,
    tables: [],
    missingTables: [],
  };
  if (seen.tables.length === 0 && provider.capabilities.routes.features.explicit.status === 'supported')
    seen = { ...seen, ...(await readTables(seen, undefined, call)) };
  const table = link.edge?.table;
  if (table !== undefined) {
    const routes = await collect(provider.routes.list(network, table, call));
    seen = { ...seen, tables: [...seen.tables, { id: table, kind: 'edge', written: false, routes }] };
  }
  byKey.set(key, seen);
}

function hasLinkRoutes(provider: Provider, byKey: ReadonlyMap<string, SeenNetwork>, stack: string): boolean {
  for (const seen of byKey.values()) {
    if (seen.provider.name !== provider.name) continue;
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
