/** Reads every route table of a network, with no more requests than it takes to be sure. */
import {
  isPeerwayError,
  PeerwayError,
  type Network,
  type Provider,
  type RouteReadOptions,
  type RouteTable,
  type RouteTableId,
} from '@peerway/core';
import { collect } from './collect.js';
import type { SeenNetwork, SeenTable } from './seen.js';

/** Every table of a network; those that nobody names may still hold routes of ours. */
export async function readTables(
  { provider, id, network }: SeenNetwork,
  declared: readonly RouteTableId[] | undefined,
  call: RouteReadOptions,
): Promise<Pick<SeenNetwork, 'tables' | 'missingTables'>> {
  const written = (table: RouteTableId, main: boolean): boolean => declared?.includes(table) ?? main;
  const read = async ({
    id: table,
    kind,
    subnets,
    routes,
  }: Pick<RouteTable, 'id' | 'kind' | 'subnets' | 'routes'>): Promise<SeenTable> => ({
    id: table,
    kind,
    written: written(table, kind === 'main'),
    ...(subnets === undefined ? {} : { subnets }),
    routes: routes ?? (await collect(provider.routes.list(id, table, call))),
  });
  const missing = (found: readonly Pick<RouteTable, 'id'>[]): RouteTableId[] =>
    (declared ?? []).filter((table) => !found.some((other) => other.id === table));
  const only = onlyTable(provider, network);
  if (only !== undefined && missing([{ id: only }]).length === 0)
    return { tables: [await read({ id: only, kind: 'main' })], missingTables: [] };
  const found = await provider.routes.tables(id, call).catch((error: unknown) => {
    // a network that was seen a moment ago has tables; it went meanwhile, or one of the two answers is not true
    if (isPeerwayError(error, 'NotFound') && network === undefined) return [];
    throw error;
  });
  const first = found.find((table) => table.kind === 'main') ?? found[0];
  const tables = await Promise.all(found.map((table) => read(table === first ? { ...table, kind: 'main' } : table)));
  return { tables, missingTables: missing(found) };
}

/** A table is one network's, or one link's: what is written for the one would be written for the other. @throws PeerwayError `Unavailable` */
export function requireOneOwnerPerTable(networks: Iterable<Pick<SeenNetwork, 'id' | 'provider' | 'tables'>>): void {
  const owners = new Map<string, string>();
  for (const { id, provider, tables } of networks)
    for (const { id: table, kind } of tables) {
      const owner = kind === 'edge' ? `a line of ${id}` : id;
      const other = owners.get(`${provider.id} ${table}`);
      owners.set(`${provider.id} ${table}`, owner);
      if (other === undefined) continue;
      throw new PeerwayError(
        'Unavailable',
        `Two answers contradict each other: ${table} is a table of ${other}, and of ${owner}`,
        {
          provider: provider.id,
          resource: table,
          retry: 'never',
          remedy:
            'Check endpoint: and any proxy on the way, and run again; if it happens again, report it to the cloud.',
        },
      );
    }
}

/** The one table of a network, where the network's own reading leaves no doubt that there is no other. */
function onlyTable(provider: Provider, network: Network | undefined): RouteTableId | undefined {
  const main = network?.mainRouteTable;
  if (network?.routeTables !== undefined) return network.routeTables.length === 1 ? network.routeTables[0] : undefined;
  return provider.capabilities.routes.features.customTables.status === 'supported' ? undefined : main;
}
