/** The routes that stand in the way of removing what they point at. Reads only. */
import { isPeerwayError, PeerwayError, type Call, type NetworkId } from '@peerway/core';
import { AlibabaRoutes } from './routes.js';
import type { Scope } from './scope.js';
import type { NextHopType, RouteEntry } from './wire/api/network.js';
import { PROVIDER } from './wire/errors.js';
import { ENTRIES_PER_PAGE } from './wire/paging.js';

/** Where routes at a hop can stand: every table of some networks, and single tables (a border router's). */
export interface RoutePlaces {
  readonly networks?: readonly NetworkId[];
  readonly tables?: readonly string[];
}

interface Hop {
  readonly id: string;
  readonly type: NextHopType;
}

/** Entries that point at a hop and are not being deleted. */
async function entriesPointingAt(scope: Scope, places: RoutePlaces, hop: Hop, call: Call): Promise<RouteEntry[]> {
  const { client, region } = scope;
  const routes = new AlibabaRoutes(scope);
  const tables = [...(places.tables ?? [])];
  for (const network of places.networks ?? []) {
    const ofNetwork = await routes.tables(network, call).catch((error: unknown) => {
      // a network that is gone has no routes; said on, it would read as if the peering itself were gone
      if (isPeerwayError(error, 'NotFound')) return [];
      throw error;
    });
    tables.push(...ofNetwork.map(({ id }) => id));
  }
  const found: RouteEntry[] = [];
  for (const table of tables) {
    const answer = await client.vpc(
      'DescribeRouteEntryList',
      { RegionId: region, RouteTableId: table, NextHopType: hop.type, NextHopId: hop.id, MaxResult: ENTRIES_PER_PAGE },
      call,
    );
    found.push(...answer.RouteEntrys.RouteEntry.filter((entry) => entry.Status !== 'Deleting'));
  }
  return found;
}

const ROUTES_BLOCK = new Set([
  'OperationDenied.RouteEntryExist',
  'DependencyViolation.RouterInterfaceReferedByRouteEntry',
  'RouterInterfaceReferredByRouteEntry',
  'ReferredByRouteEntry.RouterInterface',
]);

/** @throws PeerwayError `FailedPrecondition` naming a route that still points at the hop */
export async function requireNoRoutes(scope: Scope, places: RoutePlaces, hop: Hop, call: Call): Promise<void> {
  const [entry, ...more] = await entriesPointingAt(scope, places, hop, call);
  if (entry === undefined) return;
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  throw new PeerwayError(
    'FailedPrecondition',
    `The route to ${entry.DestinationCidrBlock} in ${entry.RouteTableId}${others} still points at ${hop.id}`,
    { provider: PROVIDER, resource: hop.id, remedy: 'Delete the routes that point at it, on both sides.' },
  );
}

/**
 * Looks into the refusal "routes still point at it": when that is true, throws `FailedPrecondition` naming one; right after routes
 * went it is an echo, and the error is returned as it is (repeat in a few seconds). Reads only then.
 */
export async function explainBlockingRoutes(
  error: PeerwayError,
  scope: Scope,
  places: RoutePlaces,
  hop: Hop,
  call: Call,
): Promise<PeerwayError> {
  if (ROUTES_BLOCK.has(error.details.nativeCode ?? '')) {
    try {
      await requireNoRoutes(scope, places, hop, call);
    } catch (blocked) {
      throw blocked instanceof PeerwayError ? blocked.with({ ...error.details, retry: 'never' }) : blocked;
    }
  }
  return error;
}
