/** Longest-prefix match over a live table: which routes take the traffic for one prefix, piece by piece. */
import { cidrContains, cidrRange, isPrefix, routeTraits, type Cidr, type Route } from '@peerway/core';

/** A part of the looked-up prefix and the route that takes it; no route: the part is dropped. */
export interface Piece {
  readonly prefix: Cidr;
  readonly route: Route | undefined;
  /** True when more specific routes take a part of `prefix` away from `route`. */
  readonly rest: boolean;
}

/**
 * Splits a prefix into what one router does with it. A route that only holds for some sources does not count as one for
 * all, nor does one to a list of prefixes, which nobody here can look into. Routes on their way out count no more, routes on
 * their way in count already.
 */
export function lookUp(prefix: Cidr, routes: readonly Route[]): Piece[] {
  const usable = routes.filter(
    (route): route is PrefixRoute =>
      !routeTraits(route.state).leaving && isForAnySource(route) && isPrefix(route.destination),
  );
  const covering = usable
    .filter((route) => cidrContains(route.destination, prefix))
    .sort((a, b) => cidrRange(b.destination).prefixLength - cidrRange(a.destination).prefixLength)[0];
  const inside = usable.filter((route) => route.destination !== prefix && cidrContains(prefix, route.destination));
  return split(prefix, covering, inside);
}

type PrefixRoute = Route & { readonly destination: Cidr };

const isForAnySource = (route: Route): boolean =>
  route.source === undefined || cidrRange(route.source).prefixLength === 0;

function split(prefix: Cidr, route: Route | undefined, inside: readonly PrefixRoute[]): Piece[] {
  const outermost = inside.filter(
    (one) =>
      !inside.some(
        (other) =>
          other !== one && other.destination !== one.destination && cidrContains(other.destination, one.destination),
      ),
  );
  const pieces: Piece[] = [];
  // two routes to one prefix take it once
  const taken = [...new Set(outermost.map(({ destination }) => destination))].reduce(
    (sum, one) => sum + sizeOf(one),
    0n,
  );
  for (const one of outermost) {
    const deeper = inside.filter(
      (other) => other.destination !== one.destination && cidrContains(one.destination, other.destination),
    );
    pieces.push(...split(one.destination, one, deeper));
  }
  if (taken < sizeOf(prefix)) pieces.unshift({ prefix, route, rest: outermost.length > 0 });
  return pieces;
}

function sizeOf(prefix: Cidr): bigint {
  const { first, last } = cidrRange(prefix);
  return last - first + 1n;
}
