/** Routes that stand in the tables of a network, in the words of a declaration: which tables, and which prefixes toward each peering and link. */
import { compareCidrs, isPrefix, type Cidr, type Route, type RouteTableId } from '@peerway/core';
import type { SeenNetwork, SeenTable } from '../world/seen.js';

/** A route that no declaration says. */
interface UnsaidRoute {
  readonly route: Route;
  readonly why: string;
}

export interface ExpressedRoutes {
  /** The tables of `routeTables:`; absent: the main table alone. */
  readonly tables?: readonly RouteTableId[];
  /** Sorted, by the next hop's id; absent: none. */
  readonly toward: ReadonlyMap<string, readonly Cidr[]>;
  readonly unsaid: readonly UnsaidRoute[];
}

interface Holding {
  readonly table: SeenTable;
  readonly toward: ReadonlyMap<string, readonly Cidr[]>;
}

/**
 * A declaration writes the same routes into every table that it names of a network, so those tables are named that hold the same: with
 * the main one among them where it holds any, else the most routes.
 * @param hops ids of the next hops that count
 */
export function expressedRoutes({ tables }: Pick<SeenNetwork, 'tables'>, hops: ReadonlySet<string>): ExpressedRoutes {
  const unsaid: UnsaidRoute[] = [];
  const holdings = tables
    .filter(({ kind }) => kind !== 'edge')
    .map((table) => holdingOf(table, hops, unsaid))
    .filter(({ toward }) => toward.size > 0);
  const alike = new Map<string, Holding[]>();
  for (const holding of holdings) {
    const text = JSON.stringify([...holding.toward].sort(([a], [b]) => (a < b ? -1 : 1)));
    alike.set(text, [...(alike.get(text) ?? []), holding]);
  }
  const rank = (group: readonly Holding[]): number =>
    group.some(({ table }) => table.kind === 'main') ? Number.POSITIVE_INFINITY : group.length * countOf(group[0]);
  const [chosen = [], ...others] = [...alike.values()].sort((a, b) => rank(b) - rank(a));
  for (const { table } of others.flat())
    for (const route of table.routes)
      if (isSayable(route, hops))
        unsaid.push({
          route,
          why: `it stands in the table ${table.id}, which holds other routes than ${chosen.map((one) => one.table.id).join(', ')}; a file writes the same into every table of a network`,
        });
  const ids = chosen.map(({ table }) => table.id).sort();
  const onlyMain = chosen.every(({ table }) => table.kind === 'main');
  return { toward: chosen[0]?.toward ?? new Map(), unsaid, ...(onlyMain ? {} : { tables: ids }) };
}

const countOf = (holding: Holding | undefined): number => [...(holding?.toward.values() ?? [])].flat().length;

const isSayable = ({ origin, nextHop, destination, source }: Route, hops: ReadonlySet<string>): boolean =>
  origin === 'custom' && hops.has(nextHop.id) && isPrefix(destination) && source === undefined;

function holdingOf(table: SeenTable, hops: ReadonlySet<string>, unsaid: UnsaidRoute[]): Holding {
  const toward = new Map<string, Cidr[]>();
  for (const route of table.routes) {
    const { origin, nextHop, destination, source } = route;
    if (origin !== 'custom' || !hops.has(nextHop.id)) continue;
    if (!isPrefix(destination))
      unsaid.push({ route, why: 'it leads to a list of prefixes that the cloud keeps, and a file names prefixes' });
    else if (source !== undefined)
      unsaid.push({ route, why: `it holds for packets from ${source} alone, and a file says nothing of sources` });
    else toward.set(nextHop.id, [...(toward.get(nextHop.id) ?? []), destination]);
  }
  for (const list of toward.values()) list.sort(compareCidrs);
  return { table, toward };
}
