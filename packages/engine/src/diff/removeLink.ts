/** The removal of a link, and what no route may point at by then. */
import { isLeaving, type NextHop } from '@peerway/core';
import type { PlanDraft } from './planDraft.js';
import { entryNamesOf } from '../world/linkEntries.js';
import { linkHops, linkObject, linkPlace } from '../world/linkFacts.js';
import type { SeenLink } from '../world/observe.js';
import type { StepAction } from '../plan/plan.js';

/** Next hops that are gone after a step: no route may point there by then, in no network, for a line that is attached elsewhere by now. */
export interface LeavingHops {
  readonly hops: readonly NextHop[];
  readonly step: string;
  /** What goes, for messages. */
  readonly object: string;
}

/** Plans the removal of a link; every next hop that it offers goes with it. */
export function removeLink(
  draft: PlanDraft,
  seen: SeenLink,
  connection: string,
  action: StepAction,
  reason: string,
): { readonly step: string; readonly leaving: readonly LeavingHops[] } {
  const { link } = seen;
  const object = linkObject(link);
  const step = draft.add({
    id: `link ${connection} ${link.id} delete`,
    action,
    object: `${object} (${linkPlace(link)})`,
    connection,
    reason,
    work: { verb: 'link.delete', ...entryNamesOf(seen), link: link.id, leaving: isLeaving(link.state) },
  });
  return { step, leaving: [{ hops: linkHops(link), step, object }] };
}
