/** The drift that a peering's state is, and the step that ends a peering that must go. */
import { isLeaving, isLive, PEERING_SIDES, type LifecycleState, type Peering } from '@peerway/core';
import type { PlanDraft, Purpose } from './planDraft.js';
import type { DriftKind } from '../plan/driftKinds.js';
import type { SeenPeering } from '../world/observe.js';
import { deletersOf, peeringObject, shownPlace } from '../world/peeringFacts.js';

/** Peerings that the plan removes, with the step that does it. */
export type Leaving = Map<SeenPeering, string>;

export function remove(draft: PlanDraft, leaving: Leaving, seen: SeenPeering, purpose: Purpose): string | undefined {
  const { connection, reason } = purpose;
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
  if (peering.deletionProtection === true && !isLeaving(peering.state)) {
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
      'Write deletionProtection: false for it and apply, or switch it off in the cloud, then run again.',
    );
    return undefined;
  }
  // at the end of somebody else's network nothing is ours to clear
  const outOfReach = noteOutOfReach(draft, seen, reason) || seen.peer !== undefined;
  const id = `peering ${connection} ${peering.id} delete`;
  leaving.set(seen, id);
  return draft.add({
    id,
    ...purpose,
    object: `${object} (${peering.initiator.network} → ${peering.acceptor.network})`,
    work: {
      verb: 'peering.delete',
      ...deleters,
      mechanism: peering.mechanism,
      peering: peering.id,
      networks: [peering.initiator.network, peering.acceptor.network],
      leaving: isLeaving(peering.state),
      ...(outOfReach ? { outOfReach } : {}),
    },
  });
}

/** States in which the other side has no half and no routes to clean: it never agreed, or it is going already. */
const LEAVES_NOTHING: ReadonlySet<LifecycleState> = new Set([
  'pending-acceptance',
  'rejected',
  'expired',
  'failed',
  'deleting',
  'deleted',
]);

/** An end whose account no entry of the file speaks for: what stands there stays, and may keep the cloud from ending the rest. */
function noteOutOfReach(draft: PlanDraft, seen: SeenPeering, reason: string): boolean {
  const { peering, providers } = seen;
  const side = PEERING_SIDES.find((one) => providers[one] === undefined);
  // what is declared as somebody else's has nothing of ours on it
  if (side === undefined || seen.peer !== undefined || LEAVES_NOTHING.has(peering.state)) return false;
  const { network } = peering[side];
  const object = peeringObject(seen);
  const whose = shownPlace(peering[side]);
  draft.error(
    'end-out-of-reach',
    object,
    `${object} must go (${reason}), and its ${side}, ${network}, belongs to ${whose}: no provider entry of the file speaks for it, so the routes and whatever else stands there cannot be taken back`,
    `Put a provider entry for ${whose}, with its account:, back into the file until it is gone; if ${network} stood there as a peer:, put that network back until the removal is applied; or go on with --force: what stands there stays, and the cloud may refuse to end the peering.`,
    true,
  );
  return true;
}

/**
 * A route of ours goes that leads over a peering which from here bears no mark, because its marks are kept by the initiator, in an account
 * or region that no entry of the file speaks for: most likely the peering is ours as well, and nothing would ever name it again.
 * @param route as people know it
 */
export function noteMarksOutOfReach(draft: PlanDraft, seen: SeenPeering, route: string): void {
  const { peering, providers } = seen;
  if (providers.initiator !== undefined || seen.peer === 'initiator' || !isLive(peering.state)) return;
  const { network } = peering.initiator;
  const object = peeringObject(seen);
  const place = shownPlace(peering.initiator);
  draft.error(
    'end-out-of-reach',
    object,
    `${route} is ours and must go, and ${object}, which it uses, keeps its marks in ${place}: no provider entry of the file speaks for it, so nobody can see here whether it must go too`,
    `Put a provider entry for ${place}, with its account:, back into the file until it is gone; if ${network} stood there as a peer:, put that network back until the removal is applied; or go on with --force: the peering stays.`,
    true,
  );
}

/** The drift that a state is by itself; undefined: none. */
const STATE_DRIFT: Record<LifecycleState, DriftKind | undefined> = {
  provisioning: 'peering-provisioning',
  'pending-acceptance': 'peering-pending-acceptance',
  active: undefined,
  updating: 'peering-updating',
  inactive: 'peering-inactive',
  rejected: 'peering-rejected',
  expired: 'peering-expired',
  failed: 'peering-failed',
  deleting: 'peering-deleting',
  deleted: 'peering-deleted',
};

/** What drift the state and its reason are by themselves; undefined: none. */
function stateDrift({ state, reason }: Peering): DriftKind | undefined {
  if (reason === 'rejected-or-expired') return 'peering-rejected-or-expired';
  if (reason === 'term-ended') return 'peering-term-ended';
  return STATE_DRIFT[state];
}

/** Says that what is not ours, and carries nothing, keeps the pair of networks occupied. */
export function inTheWay(draft: PlanDraft, seen: SeenPeering, connection: string, remedy: string): undefined {
  const object = peeringObject(seen);
  const says = `${object} is ${seen.peering.state}, is not ours, and keeps the pair occupied`;
  draft.error('foreign-peering', connection, says, remedy);
}

export function noteState(draft: PlanDraft, seen: SeenPeering, connection: string, says: string): void {
  const kind = stateDrift(seen.peering);
  if (kind !== undefined) draft.note(kind, connection, peeringObject(seen), says);
}
