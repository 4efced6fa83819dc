/** What is known of one peering: its mechanism, its owner, and who may end it. */
import {
  isKnownAccount,
  isTerminal,
  mergeSides,
  traitsOf,
  withoutAcceptor,
  type MechanismCapabilities,
  type Peering,
  type PeeringEnd,
  type PeeringId,
  type PeeringSide,
} from '@peerway/core';
import type { SeenPeering } from './seen.js';
import { markerPlace, ownerOf, type Owner } from './ownership.js';

/** Provider entries that can be asked to end a peering, each for its side. */
type Deleters = { readonly by: readonly { readonly provider: string; readonly side: PeeringSide }[] };

export const because = (peering: Peering): string => (peering.reason === undefined ? '' : ` (${peering.reason})`);

/** A peering as its cloud names it: a driver's id may carry, after a colon, what only the other end has to know. */
export const shownId = (id: PeeringId): string => id.replace(/^([^:]{8,}):.*$/s, '$1');

export const peeringObject = (seen: SeenPeering): string => `peering ${shownId(seen.peering.id)}`;

export function mechanismOf(seen: SeenPeering): MechanismCapabilities | undefined {
  const provider = seen.providers.initiator ?? seen.providers.acceptor;
  return provider?.capabilities.mechanisms.find((mechanism) => mechanism.name === seen.peering.mechanism);
}

/** Where each side makes its own half, the acceptor's tells when the initiator's has lost its mark; where nothing of its own tells, what is left elsewhere. */
export const ownerOfPeering = (seen: SeenPeering, stack: string): Owner => {
  const mechanism = mechanismOf(seen);
  const decides = mechanism === undefined ? 'tags' : markerPlace(mechanism.features).decides;
  const owner = ownerOf(seen.peering, stack, decides);
  if (owner.kind === 'ours' || owner.kind === 'other') return owner;
  const theirs = mechanism?.handshake === 'mirrored' ? seen.peering.acceptorLabels : undefined;
  const other = theirs === undefined ? owner : ownerOf(theirs, stack, decides);
  const known = other.kind === 'ours' || owner.kind === 'none' ? other : owner;
  return known.kind === 'none' && seen.leftMark !== undefined ? { kind: 'lost', ...seen.leftMark } : known;
};

/** True for a dead one that nobody can delete and that the cloud stops showing by itself: there is nothing to do about it. */
export const isFading = (seen: SeenPeering): boolean =>
  isTerminal(seen.peering.state) && mechanismOf(seen)?.dead === 'fades';

/** Who can end it, as the mechanism says; undefined when none of our provider entries may. */
export function deletersOf(seen: SeenPeering): Deleters | undefined {
  const mechanism = mechanismOf(seen);
  const { initiator, acceptor } = seen.providers;
  const sameAccount = seen.peering.initiator.account === seen.peering.acceptor.account;
  const asInitiator = initiator === undefined ? [] : [{ provider: initiator.name, side: 'initiator' as const }];
  const asAcceptor = acceptor === undefined ? [] : [{ provider: acceptor.name, side: 'acceptor' as const }];
  const able = mechanism?.deletableBy ?? 'either';
  const by =
    able === 'each'
      ? [...asInitiator, ...asAcceptor]
      : able === 'initiator' && !sameAccount
        ? asInitiator
        : [...asInitiator, ...asAcceptor].slice(0, 1);
  return by.length === 0 ? undefined : { by };
}

/** The liveliest first: which of several peerings of one pair stays, and which tells most about the pair. */
export const byLiveliness = (a: SeenPeering, b: SeenPeering): number =>
  traitsOf(a.peering.state).rank - traitsOf(b.peering.state).rank;

/** Of one that each side has a half of, looked at from both. */
export function bothHalves(initiator: Peering | undefined, acceptor: Peering | undefined): Peering | undefined {
  if (initiator === undefined) return acceptor;
  return acceptor === undefined ? withoutAcceptor(initiator) : mergeSides(initiator, acceptor);
}

/** Whose account and region an end is in, for people. */
export const shownPlace = ({ account, region }: Pick<PeeringEnd, 'account' | 'region'>): string =>
  isKnownAccount(account) ? `the account ${account}, region ${region}` : `another account, region ${region}`;
