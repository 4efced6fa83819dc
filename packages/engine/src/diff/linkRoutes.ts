/** The routes of one declared link: in the network's tables toward the line, and in the border router's own table both ways. */
import type { Cidr, Link } from '@peerway/core';
import type { DesiredRoute } from './desiredRoutes.js';
import { entriesOf } from '../world/linkEntries.js';
import { lineCarries } from '../world/destinations.js';
import type { SeenNetwork } from '../world/observe.js';
import type { HopSource, TableSource } from '../plan/plan.js';
import type { LinkSpec } from '../declaration/stack.js';

interface LinkNow {
  readonly seen?: Link;
  /** The step after which the link carries traffic; it tells the next hops that are not known yet. */
  readonly step?: string;
  /** False: the link cannot be had now, so what is there stays. */
  readonly usable: boolean;
}

type Toward = Extract<HopSource, { kind: 'link' }>['toward'];

export function linkRoutes(spec: LinkSpec, network: SeenNetwork, { seen, step, usable }: LinkNow): DesiredRoute[] {
  const hops = { line: seen?.nextHop, network: seen?.edge?.towardNetwork, customer: seen?.edge?.towardCustomer };
  const hop = (toward: Toward): HopSource | undefined => {
    const known = hops[toward];
    if (known !== undefined) return { kind: 'known', nextHop: known };
    return step === undefined ? undefined : { kind: 'link', step, toward };
  };
  const home = entriesOf(spec, network).provider;
  const routes = (table: TableSource, destinations: readonly Cidr[], toward: Toward): DesiredRoute[] =>
    destinations.map((destination, at) => ({
      connection: spec.name,
      name: network.name,
      key: network.key,
      network: network.id,
      provider: toward === 'line' ? network.provider : home,
      table,
      destination,
      hop: hop(toward),
      usable,
      adopted: false,
      toward: toward === 'network' ? network.name : `the line ${spec.name}`,
      established: seen !== undefined,
      primary: at === 0,
      ...(step === undefined ? {} : { after: step }),
    }));
  const destinations = spec.destinations.filter(lineCarries(spec)); // the others are refused by the checks
  const out = network.tables.flatMap((table) =>
    table.written ? routes({ kind: 'known', table: table.id }, destinations, 'line') : [],
  );
  if (network.provider.capabilities.links.features.edgeRoutes.status !== 'supported') return out;
  const known = seen?.edge?.table;
  const table: TableSource | undefined =
    known !== undefined ? { kind: 'known', table: known } : step === undefined ? undefined : { kind: 'edge', step };
  if (table === undefined) return out;
  const back = routes(table, (network.network?.cidrs ?? []).filter(lineCarries(spec)), 'network');
  return [...out, ...routes(table, destinations, 'customer'), ...back];
}
