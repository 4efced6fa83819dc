/** Clouds that show one peering twice, once from each side, tell half of it each time; here the halves become one picture. */
import { inheritNative } from '../driver/native.js';
import type { Peering, PeeringEnd } from '../model/peering.js';

/**
 * One picture from the readings of both sides, in any order: the initiator's, with the next hops, prefixes and the next
 * step that only the other shows. Whether the acceptor still has to act is the acceptor's to say: where each side makes its
 * own half, the initiator cannot see that it has. The vendor's record (`nativeOf`) is the initiator's.
 */
export function mergeSides(a: Peering, b: Peering): Peering {
  const [base, other] = a.seenFrom === 'initiator' ? [a, b] : [b, a];
  const { state, nativeState, reason, next: step } = base.next?.side === other.seenFrom ? other : base;
  const next = step ?? other.next;
  const { next: _next, reason: _reason, ...rest } = base;
  const merged: Peering = {
    ...rest,
    state,
    nativeState,
    ...(reason === undefined ? {} : { reason }),
    ...(next === undefined ? {} : { next }),
    initiator: mergeEnds(base.initiator, other.initiator),
    acceptor: mergeEnds(base.acceptor, other.acceptor),
  };
  return inheritNative(merged, base);
}

const mergeEnds = (mine: PeeringEnd, theirs: PeeringEnd): PeeringEnd => ({
  ...mine,
  ...(mine.cidrs === undefined && theirs.cidrs !== undefined ? { cidrs: theirs.cidrs } : {}),
  ...(mine.nextHop === undefined && theirs.nextHop !== undefined ? { nextHop: theirs.nextHop } : {}),
  ...(mine.router === undefined && theirs.router !== undefined ? { router: theirs.router } : {}),
});
