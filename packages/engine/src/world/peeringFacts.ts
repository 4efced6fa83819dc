/** What is known of one peering: its owner, who may end it, and the step that does. */
import type { MechanismCapabilities, Peering, PeeringId, PeeringSide } from '@peerway/core';
import type { Draft } from '../diff/planDraft.js';
import type { DriftKind } from '../plan/driftKinds.js';
import type { SeenPeering } from './observe.js';
import { markerPlace, ownerOf, type Owner } from './ownership.js';
import type { StepAction } from '../plan/plan.js';

/** Peerings that the plan removes, with the step that does it. */
export type Leaving = Map<SeenPeering, string>;

/** Provider entries that can be asked to end a peering, each for its side. */
export type Deleters = { readonly by: readonly { readonly provider: string; readonly side: PeeringSide }[] };

export const because = (peering: Peering): string => (peering.reason === undefined ? '' : ` (${peering.reason})`);

/** A peering as its cloud names it: a driver's id may carry, after a colon, what only the other end has to know. */
export const shownId = (id: PeeringId): string => id.replace(/^([^:]{8,}):.*$/s, '$1');

export const peeringObject = (seen: SeenPeering): string => `peering ${shownId(seen.peering.id)}`;

export function mechanismOf(seen: SeenPeering): MechanismCapabilities | undefined {
  const provider = seen.providers.initiator ?? seen.providers.acceptor;
  return provider?.capabilities.mechanisms.find((mechanism) => mechanism.name === seen.peering.mechanism);
}

export const ownerOfPeering = (seen: SeenPeering, stack: string): Owner => {
  const mechanism = mechanismOf(seen);
  return ownerOf(seen.peering, stack, mechanism === undefined ? 'tags' : markerPlace(mechanism.features).decides);
};

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

export function remove(
  draft: Draft,
  leaving: Leaving,
  seen: SeenPeering,
  connection: string,
  action: StepAction,
  reason: string,
): string | undefined {
  const object = peeringObject(seen);
  const { peering } = seen;
  const deleters = deletersOf(seen);
  if (deleters === undefined) {
    draft.error(
      'wrong-side',
      object,
      `${object} can only be ended by its initiator, account ${peering.initiator.account}`,
      'Add a provider entry for that account, or ask its owner to delete it.',
    );
    return undefined;
  }
  if (peering.deletionProtection === true && peering.state !== 'deleting') {
    draft.note(
      'deletion-protection-on',
      connection,
      object,
      `${object} must go, and an owner switched deletion protection on`,
    );
    draft.error(
      'deletion-protected',
      object,
      `${object} must go (${reason}) and is protected against deletion`,
      'Switch deletion protection off in the cloud, then run again.',
    );
    return undefined;
  }
  const id = `peering ${connection} ${peering.id} delete`;
  leaving.set(seen, id);
  return draft.add({
    id,
    action,
    object: `${object} (${peering.initiator.network} → ${peering.acceptor.network})`,
    connection,
    reason,
    work: {
      verb: 'peering.delete',
      ...deleters,
      mechanism: peering.mechanism,
      peering: peering.id,
      networks: [peering.initiator.network, peering.acceptor.network],
      leaving: peering.state === 'deleting',
    },
  });
}

/** The liveliest first: which of several peerings of one pair stays. */
const RANK: Partial<Record<Peering['state'], number>> = {
  active: 0,
  updating: 1,
  provisioning: 2,
  'pending-acceptance': 3,
};
export const rank = (peering: Peering): number => RANK[peering.state] ?? 4;

export function terminalKind(peering: Peering): DriftKind {
  if (peering.reason === 'rejected-or-expired') return 'peering-rejected-or-expired';
  if (peering.state === 'rejected') return 'peering-rejected';
  if (peering.state === 'expired') return peering.reason === 'term-ended' ? 'peering-term-ended' : 'peering-expired';
  return 'peering-failed';
}
