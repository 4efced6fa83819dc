/** Clouds that show one peering twice, once from each side, tell half of it each time; here the halves become one picture. */
import { inheritNative } from '../driver/native.js';
import type { Peering, PeeringEnd } from '../model/peering.js';

/**
 * One picture from the readings of both sides, in any order: the initiator's, with the next hops, prefixes and the next
 * step that only the other shows. The vendor's record (`nativeOf`) is the initiator's.
 */
export function mergeSides(a: Peering, b: Peering): Peering {
  const [base, other] = a.seenFrom === 'initiator' ? [a, b] : [b, a];
  const next = base.next ?? other.next;
  const merged: Peering = {
    ...base,
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
});
