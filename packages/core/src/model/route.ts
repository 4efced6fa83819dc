/** A route: destination (and source, where a cloud has one) → next hop, in one route table. */
import type { Cidr } from './cidr.js';
import { cidrEquals } from './cidr.js';
import type { NetworkId, PrefixListId, RouteId, RouteTableId } from './ids.js';
import type { RouteState } from './lifecycle.js';

/** `custom`: made by an owner, may be changed. `system` and `propagated` are the cloud's and are only looked at. */
export type RouteOrigin = 'custom' | 'system' | 'propagated';

/** What a route points at. */
export interface NextHop {
  /** `other`: something Peerway does not make (an instance, a NAT gateway). */
  readonly kind: 'peering' | 'link' | 'other';
  /** The id that the cloud's route holds: not always the peering's id (Baidu wants the side's `qpif-…`). */
  readonly id: string;
}

/** What was read a moment ago of something that routes point at. */
export interface KnownHop {
  readonly kind: 'peering' | 'link';
  /** False: it carries no traffic any more, so a route toward it is a blackhole. */
  readonly live: boolean;
}

/**
 * What a caller knows of next hops, by their ids, so that nobody asks the cloud for it again. `irrelevant`: the caller looks only
 * whether routes are there; kind and liveliness of what they point at may then be wrong in the reading.
 */
export type KnownHops = ReadonlyMap<string, KnownHop> | 'irrelevant';

/** A route table of a network or of a border router. */
export interface RouteTable {
  readonly id: RouteTableId;
  readonly network: NetworkId;
  /** `main`: used by every subnet that has no table of its own. `edge`: the table of a border router. */
  readonly kind: 'main' | 'custom' | 'edge';
  readonly name: string;
  /** How many subnets use a custom table; nothing consults one that none does. Absent where the cloud does not tell. */
  readonly subnets?: number;
  /** Present when the cloud returned the routes in the same answer; listing them again is then a wasted call. */
  readonly routes?: readonly Route[];
}

/** Where a route leads: a prefix, or a list of prefixes that the cloud keeps. Peerway writes prefixes only and reads both. */
export type RouteDestination = Cidr | PrefixListId;

/** True for a prefix; a list of prefixes cannot be looked into. */
export const isPrefix = (destination: RouteDestination): destination is Cidr => destination.includes('/');

/** A route as a reading shows it. */
export interface Route {
  /** Absent where the cloud numbers no routes. */
  readonly id?: RouteId;
  readonly table: RouteTableId;
  readonly network: NetworkId;
  readonly destination: RouteDestination;
  /** Only where routes match on the source too (Baidu); absent means any source. */
  readonly source?: Cidr;
  readonly nextHop: NextHop;
  readonly state: RouteState;
  readonly nativeState: string;
  readonly origin: RouteOrigin;
  readonly description: string;
}

/** Identity of a route inside its table on every cloud: destination and source. The next hop is what a change changes. */
export function sameRouteKey(a: RouteKey, b: RouteKey): boolean {
  return (
    a.table === b.table &&
    sameDestination(a.destination, b.destination) &&
    (a.source === undefined ? b.source === undefined : b.source !== undefined && cidrEquals(a.source, b.source))
  );
}

const sameDestination = (a: RouteDestination, b: RouteDestination): boolean =>
  isPrefix(a) && isPrefix(b) ? cidrEquals(a, b) : a === b;

/** What makes two routes of one table the same route. */
export type RouteKey = Pick<Route, 'table' | 'destination' | 'source'>;

/** Text form of the identity, for maps: `table destination source`. */
export const routeKey = (route: RouteKey): string => `${route.table} ${route.destination} ${route.source ?? '*'}`;
