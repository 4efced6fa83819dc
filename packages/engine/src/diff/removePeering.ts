/** Which peering of a pair stays, and the step that ends one that does not. */
import type { Peering } from '@peerway/core';
import type { PlanDraft } from './planDraft.js';
import type { DriftKind } from '../plan/driftKinds.js';
import type { StepAction } from '../plan/plan.js';
import type { SeenPeering } from '../world/observe.js';
import { deletersOf, peeringObject } from '../world/peeringFacts.js';

/** Peerings that the plan removes, with the step that does it. */
export type Leaving = Map<SeenPeering, string>;

export function remove(
  draft: PlanDraft,
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
