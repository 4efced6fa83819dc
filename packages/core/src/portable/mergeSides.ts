/** Clouds that show one peering twice, once from each side, show a part of it each time; here the two become one reading. */
import { inheritNative } from '../driver/native.js';
import { PeerwayError } from '../errors/error.js';
import { isLive, standingOf } from '../model/lifecycle.js';
import { PEERING_SIDES, type Peering, type PeeringEnd, type PeeringLabels } from '../model/peering.js';

/**
 * One reading from those of both sides, in any order: the initiator's, with the next hops, prefixes and the next
 * step that only the other shows. Whether the acceptor still has to act is the acceptor's to say: where each side makes its
 * own half, the initiator cannot see that it has, nor that this half is on its way out. The vendor's record (`nativeOf`) is the initiator's.
 * @throws PeerwayError `Unavailable` when the two say that it joins different networks
 */
export function mergeSides(a: Peering, b: Peering): Peering {
  requireSameNetworks(a, b);
  const [initiators, other] = a.seenFrom === 'initiator' ? [a, b] : [b, a];
  const leaves = other.seenFrom === 'acceptor' && other.state === 'deleting';
  const base = leaves ? withoutAcceptor(initiators) : initiators;
  const alone = leaves && base.reason === 'half-made';
  const { state: _state, reason: _reason, next: _next, ...facts } = base;
  const source = !alone && knowsMore(other, base) ? other : base;
  const merged: Peering = {
    ...facts,
    ...standingOf(source),
    nativeState: source.nativeState,
    ...(other.seenFrom === 'acceptor' ? { acceptorLabels: labelsOf(other) } : {}),
    ...(other.seenFrom === 'acceptor' && other.dnsSync !== undefined ? { acceptorDnsSync: other.dnsSync } : {}),
    initiator: mergeEnds(base.initiator, other.initiator),
    // who stands at an end knows it best: the initiator may still name what has been replaced there
    acceptor: alone ? base.acceptor : mergeEnds(other.acceptor, base.acceptor),
  };
  return inheritNative(merged, base);
}

/**
 * The initiator's reading where each side makes its own half and the acceptor's side, which was looked at too, shows none: whatever half the
 * initiator names is gone, and before they are connected the acceptor can make another one.
 */
export function withoutAcceptor(initiator: Peering): Peering {
  const { next, reason: _reason, ...facts } = initiator;
  if (initiator.seenFrom !== 'initiator' || initiator.state !== 'provisioning' || next?.side !== 'initiator')
    return initiator;
  const { nextHop: _nextHop, router: _router, ...acceptor } = initiator.acceptor;
  const alone: Peering = {
    ...facts,
    state: 'pending-acceptance',
    reason: 'half-made',
    next: { side: 'acceptor', verb: 'accept' },
    acceptor,
  };
  return inheritNative(alone, initiator);
}

function requireSameNetworks(a: Peering, b: Peering): void {
  if (PEERING_SIDES.every((side) => a[side].network === b[side].network)) return;
  const joined = ({ initiator, acceptor }: Peering): string => `${initiator.network} and ${acceptor.network}`;
  throw new PeerwayError(
    'Unavailable',
    `Two answers contradict each other: ${a.id} joins ${joined(a)}, and ${joined(b)}`,
    {
      provider: a.provider,
      resource: a.id,
      retry: 'never',
      remedy: 'Check endpoint: and any proxy on the way, and run again; if it happens again, report it to the cloud.',
    },
  );
}

/** Whether state and next step are the acceptor's to say: the initiator's reading asks for the acceptor's step, or for none although one is due. */
function knowsMore(acceptor: Peering, initiator: Peering): boolean {
  if (initiator.next !== undefined) return initiator.next.side === acceptor.seenFrom;
  return acceptor.next !== undefined && isLive(initiator.state);
}

const labelsOf = ({ name, description, tags }: Peering): PeeringLabels => ({ name, description, tags });

const mergeEnds = (mine: PeeringEnd, theirs: PeeringEnd): PeeringEnd => ({
  ...mine,
  ...(mine.cidrs === undefined && theirs.cidrs !== undefined ? { cidrs: theirs.cidrs } : {}),
  ...(mine.nextHop === undefined && theirs.nextHop !== undefined ? { nextHop: theirs.nextHop } : {}),
  ...(mine.router === undefined && theirs.router !== undefined ? { router: theirs.router } : {}),
});
