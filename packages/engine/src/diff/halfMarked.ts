/** What bears a part of our mark and is declared by nobody: it may be somebody else's by now, so it is only named. */
import { isKnownAccount } from '@peerway/core';
import type { SeenLink, SeenPeering } from '../world/observe.js';
import { linkObject } from '../world/linkFacts.js';
import { CONNECTION_TAG, markerPlace, STACK_TAG, type LeftMark } from '../world/ownership.js';
import { mechanismOf, peeringObject } from '../world/peeringFacts.js';
import type { DiffInput, PlanDraft } from './planDraft.js';

/** What still names us, as a sentence. */
const LEFT: Record<LeftMark['by'], (object: string, connection: string) => string> = {
  description: (object, connection) => `The description of ${object} holds a part of the mark of ${connection}`,
  'other-half': (object, connection) => `The acceptor’s half of ${object} is marked as ${connection} of this stack`,
  routes: (object, connection) => `Routes that are marked as ${connection} of this stack lead to ${object}`,
};

/** Its own mark has been written over. */
function warnOfLeftMark(draft: PlanDraft, object: string, { marker, by }: LeftMark): void {
  const says = `${LEFT[by](object, marker.connection || 'a connection')}, and its own mark has been written over; nothing declares it, so it is left alone`;
  const back = `Put ${marker.connection || 'its connection'} back into the file and apply, so that it is marked again, and remove it then; or delete it in the cloud`;
  if (by !== 'routes') return draft.warn('half-marked', object, says, `${back}.`);
  // the routes go, and they are all that tells
  const forced = `${back}; or go on with --force: its routes go, and nothing names it any more.`;
  draft.error('half-marked', object, says, forced, true);
}

/**
 * Its description names us, no tags that we can see do, and nothing declares it: it may be somebody else's by now, so it is only named.
 * Where its tags are out of sight, a destroy stops, as it would end with the peering standing and nothing left that ever names it.
 */
export function noteHalfMarked(
  draft: PlanDraft,
  { stack: { name: stack }, mode }: Pick<DiffInput, 'stack' | 'mode'>,
  seen: SeenPeering,
  left: LeftMark,
): void {
  const { marker, by } = left;
  const object = peeringObject(seen);
  const { account, region, network } = seen.peering.initiator;
  const connection = marker.connection || 'a connection';
  const named = `${object} names ${connection} of this stack in its description`;
  const mechanism = mechanismOf(seen);
  if (by !== 'description' || (mechanism !== undefined && markerPlace(mechanism.features).decides === 'description')) {
    warnOfLeftMark(draft, object, left);
    return;
  }
  if (seen.providers.initiator !== undefined) {
    draft.warn(
      'half-marked',
      object,
      `${named}, and bears no tags of ours; nothing declares it, so it is left alone`,
      `Set its tags ${STACK_TAG}=${stack} and ${CONNECTION_TAG}=${connection} to have it removed, or take the mark out of its description.`,
    );
    return;
  }
  const place = isKnownAccount(account)
    ? `the account ${account}, region ${region}`
    : `its initiator’s account, region ${region}`;
  const says = `${named}, and its tags are kept in ${place}, for which no provider entry of the file speaks`;
  // what somebody else has asked for is theirs, whatever its description says
  if (seen.peer === 'initiator') return;
  const back = `Put a provider entry for ${place}, with its account:, back into the file`;
  const peer = `if ${network} stood there as a peer:, put that network back`;
  if (mode === 'destroy')
    draft.error(
      'end-out-of-reach',
      object,
      `${says}: nobody can see here whether it must go too`,
      `${back} until it is gone; ${peer}; or go on with --force: the peering stays.`,
      true,
    );
  else
    draft.warn(
      'half-marked',
      object,
      `${says}; nothing declares it, so it is left alone`,
      `${back} to have it removed; ${peer}.`,
    );
}

/** As for peerings. */
export function warnOfHalfMarked(draft: PlanDraft, { link, provider }: SeenLink, stack: string, left: LeftMark): void {
  const object = linkObject(link);
  if (left.by !== 'description' || markerPlace(provider.capabilities.links.features).decides === 'description')
    return warnOfLeftMark(draft, object, left);
  draft.warn(
    'half-marked',
    object,
    `${object} names ${left.marker.connection || 'a link'} of this stack in its description, and bears no tags of ours; nothing declares it, so it is left alone`,
    `Set its tags ${STACK_TAG}=${stack} and ${CONNECTION_TAG}=${left.marker.connection || 'its name'} to have it removed, or take the mark out of its description.`,
  );
}
