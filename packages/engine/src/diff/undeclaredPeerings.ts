/** What is left of connections: peerings that bear our mark and that nothing declares any more, and routes whose peering is gone. */
import { PEERING_SIDES } from '@peerway/core';
import { keyOf, pairKey, type Edge } from '../declaration/topology.js';
import { isFading, ownerOfPeering, peeringObject } from '../world/peeringFacts.js';
import { belongsTo, markerText } from '../world/ownership.js';
import type { SeenNetwork, SeenPeering } from '../world/seen.js';
import type { DiffInput, PlanDraft } from './planDraft.js';
import { noteHalfMarked } from './halfMarked.js';
import { remove, type Leaving } from './removePeering.js';

/** @param kept those that a connection keeps @param leaving gets those that go */
export function removeUndeclared(
  input: DiffInput,
  draft: PlanDraft,
  kept: ReadonlySet<SeenPeering>,
  leaving: Leaving,
): void {
  const { world, stack, mode } = input;
  const declared = new Map<string, Edge>();
  for (const edge of input.edges) {
    const [a, b] = [stack.networks.get(edge.initiator), stack.networks.get(edge.acceptor)];
    if (a !== undefined && b !== undefined) declared.set(pairKey(keyOf(a), keyOf(b)), edge);
  }
  for (const [pair, list] of world.pairs) {
    for (const seen of list) {
      if (kept.has(seen) || leaving.has(seen) || isFading(seen)) continue;
      const owner = ownerOfPeering(seen, stack.name);
      // without tags a peering is ours only where we declare it, see ownership
      const edge = declared.get(pair);
      const ours = owner.kind === 'ours' || (edge !== undefined && belongsTo(owner, edge.connection));
      if (owner.kind === 'lost' && edge === undefined && input.targeted(owner.marker.connection))
        noteHalfMarked(draft, input, seen, owner);
      if (!ours || owner.kind === 'none' || owner.kind === 'other') continue;
      const connection = owner.marker.connection || (edge?.connection ?? '');
      if (!input.targeted(connection)) continue;
      if (mode === 'apply' && edge !== undefined) continue; // a problem was noted for the pair
      if (mode === 'apply')
        draft.note(
          'peering-undeclared',
          connection,
          peeringObject(seen),
          `${peeringObject(seen)} is ours, and no connection declares it any more`,
        );
      remove(draft, leaving, seen, {
        connection,
        action: 'delete',
        reason: mode === 'destroy' ? 'the stack is being destroyed' : 'no connection declares it any more',
      });
    }
  }
}

/**
 * Our routes outlive a peering that somebody deleted: the difference between "never made" and "gone". Where routes keep no mark,
 * they are ours when they point at a peering whose tombstone bears it.
 */
export function leftRoutes(
  { world, stack }: Pick<DiffInput, 'world' | 'stack'>,
  connection: string,
  ends: readonly Pick<SeenNetwork, 'tables'>[],
  isOurs: (seen: SeenPeering) => boolean,
): boolean {
  const text = markerText(stack.name, connection);
  const hops = new Set(
    world.tombstones
      .filter(isOurs)
      .flatMap(({ peering }) => PEERING_SIDES.flatMap((side) => peering[side].nextHop?.id ?? [])),
  );
  return ends.some((network) =>
    network.tables.some((table) =>
      table.routes.some((route) => route.description === text || hops.has(route.nextHop.id)),
    ),
  );
}
