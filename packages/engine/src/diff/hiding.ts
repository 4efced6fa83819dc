/**
 * Marks peerings of ours before something is made that no listing of them shows (world/hidden.ts), and takes the marks off when it is gone.
 */
import { isLive, type MechanismCapabilities, type PeeringId, type PeeringUpdate } from '@peerway/core';
import { hiddenOf, listedMechanism, mustSayAlso, saysAlso, standsBeside } from '../world/hidden.js';
import { ALSO_TAG, markerPlace, markerText, readMarkerText, type Marker } from '../world/ownership.js';
import { mechanismOf, ownerOfPeering, peeringObject } from '../world/peeringFacts.js';
import type { SeenPeering } from '../world/seen.js';
import type { PlanStep } from '../plan/plan.js';
import { keyOf, pairKey } from '../declaration/topology.js';
import { updateStepId } from './labels.js';
import type { DiffInput, PlanDraft, Purpose } from './planDraft.js';
import type { Leaving } from './removePeering.js';

/** Adds the steps that mark what stays and does not say so yet; whatever hides is made after them, and removed after them. */
export function markBeforeHiding(input: DiffInput, draft: PlanDraft, leaving: Leaving): void {
  const { stack, world, hiding } = input;
  if (![...world.providers.values()].some(hiding)) return;
  const connectionOf = declaredConnections(input);
  const marking: string[] = [];
  for (const seen of [...world.pairs.values()].flat()) {
    const { initiator } = seen.providers;
    if (initiator === undefined || leaving.has(seen) || !isLive(seen.peering.state) || !mustSayAlso(input, seen))
      continue;
    const owner = ownerOfPeering(seen, stack.name);
    if (owner.kind !== 'ours' && owner.kind !== 'lost') continue;
    const connection = connectionOf(seen) ?? owner.marker.connection;
    const labels = updateStepId(connection, seen.peering.id);
    const healed = draft.steps.has(labels);
    // a mark alone, beside marks that somebody removed and nobody puts back, says nothing
    if (owner.kind === 'lost' ? !healed : saysAlso(initiator, seen.peering, stack.name)) continue;
    const mechanism = mechanismOf(seen);
    if (mechanism === undefined) continue;
    if (markerPlace(mechanism.features).decides === 'description' && healed) {
      marking.push(labels); // its description says so
      continue;
    }
    const update = alsoUpdate(mechanism, stack.name, { ...owner.marker, connection }, true);
    marking.push(
      addMark(
        draft,
        seen,
        { connection, reason: 'its mark: more of ours will stand in this account', also: true },
        update,
      ),
    );
  }
  const removals = removalsIn(draft);
  const going = new Set(hiddenOf(stack.name, world).map(({ id }) => removals.get(id)));
  for (const step of draft.steps.values())
    if (hides(step, input)) draft.need(step.id, ...marking, ...ofLinks(step, input, draft));
    else if (going.has(step.id)) draft.need(step.id, ...marking);
}

/** Where all that hides goes by this plan, and nothing is declared that would hide, the mark goes after it: nobody has to search any more. */
export function unmarkAfterHiding(input: DiffInput, draft: PlanDraft, leaving: Leaving): void {
  const { stack, world, hidingLater } = input;
  const hidden = hiddenOf(stack.name, world);
  const removalOf = removalsIn(draft);
  if (!hidden.some(({ id }) => removalOf.has(id))) return;
  const connectionOf = declaredConnections(input);
  for (const seen of [...world.pairs.values()].flat()) {
    const { initiator, acceptor } = seen.providers;
    if (initiator === undefined || acceptor === undefined || leaving.has(seen) || !isLive(seen.peering.state)) continue;
    const owner = ownerOfPeering(seen, stack.name);
    const mechanism = mechanismOf(seen);
    if (owner.kind !== 'ours' || mechanism === undefined || mechanism.name !== listedMechanism(initiator)) continue;
    const connection = connectionOf(seen) ?? owner.marker.connection;
    const marked = markStepId(connection, seen.peering.id);
    if (!draft.steps.has(marked) && !saysAlso(initiator, seen.peering, stack.name)) continue;
    const beside = hidden.filter((one) => standsBeside(one, seen, world)).map(({ id }) => removalOf.get(id));
    const removals = beside.filter((step) => step !== undefined);
    if (removals.length === 0 || removals.length < beside.length) continue;
    if (hidingLater(initiator) || hidingLater(acceptor) || !input.targeted(connection)) continue;
    addMark(
      draft,
      seen,
      { connection, reason: 'its mark: nothing else of ours stands in this account any more', also: false },
      alsoUpdate(mechanism, stack.name, { ...writtenBy(draft, seen, connection, owner.marker), connection }, false),
      [marked, ...removals],
    );
  }
}

/** What says that there is more than the listing shows goes when all of that is gone: a removal that breaks off in between is found. */
export function announceToTheLast({ stack, world }: DiffInput, draft: PlanDraft, leaving: Leaving): void {
  if (leaving.size === 0) return;
  const hidden = hiddenOf(stack.name, world);
  const removals = removalsIn(draft);
  for (const [seen, step] of leaving) {
    const { initiator } = seen.providers;
    if (initiator === undefined || !saysAlso(initiator, seen.peering, stack.name)) continue;
    if (seen.peering.mechanism !== listedMechanism(initiator)) continue;
    for (const one of hidden) {
      const removal = removals.get(one.id);
      if (removal !== undefined && standsBeside(one, seen, world)) draft.need(step, removal);
    }
  }
}

/** The mark or its absence, where the mechanism keeps it. */
export function alsoUpdate(
  { features }: MechanismCapabilities,
  stack: string,
  marker: Marker,
  also: boolean,
): PeeringUpdate {
  if (markerPlace(features).decides === 'description')
    return { description: markerText(stack, marker.connection, { ...marker, also }) };
  return also ? { setTags: { [ALSO_TAG]: 'yes' } } : { removeTags: [ALSO_TAG] };
}

/** The mark as the plan itself writes it before: what the file says by now must not be undone by what was seen. */
function writtenBy(draft: PlanDraft, { peering }: SeenPeering, connection: string, marker: Marker): Marker {
  const work = draft.steps.get(updateStepId(connection, peering.id))?.work;
  const text = work?.verb === 'peering.update' ? work.update.description : undefined;
  return text === undefined ? marker : (readMarkerText(text) ?? marker);
}

const markStepId = (connection: string, id: PeeringId): string => `peering ${connection} ${id} mark`;

/** A step that marks a peering or takes the mark off; after all else that is done to it. */
function addMark(
  draft: PlanDraft,
  seen: SeenPeering,
  { also, ...purpose }: Omit<Purpose, 'action'> & { readonly also: boolean },
  update: PeeringUpdate,
  after: readonly string[] = [],
): string {
  const { peering, providers } = seen;
  const name = `peering ${purpose.connection} ${peering.id}`;
  const needs = [updateStepId(purpose.connection, peering.id), `${name} settle`, `${name} resume`, ...after];
  return draft.add(
    {
      id: also ? markStepId(purpose.connection, peering.id) : `${name} unmark`,
      object: peeringObject(seen),
      ...purpose,
      action: 'update',
      work: {
        verb: 'peering.update',
        provider: providers.initiator?.name ?? '',
        side: 'initiator',
        mechanism: peering.mechanism,
        peering: peering.id,
        update,
      },
    },
    needs.filter((id) => draft.steps.has(id)),
  );
}

/** The step that removes a peering or a link, by its id. */
function removalsIn(draft: PlanDraft): ReadonlyMap<string, string> {
  const removals = new Map<string, string>();
  for (const { id, work } of draft.steps.values())
    if (work.verb === 'link.delete') removals.set(work.link, id);
    else if (work.verb === 'peering.delete') removals.set(work.peering, id);
  return removals;
}

/** Names of the declared connections by what joins their networks. */
function declaredConnections({ stack, edges }: DiffInput): (seen: SeenPeering) => string | undefined {
  const declared = new Map<string, string>();
  for (const { connection, initiator, acceptor } of edges) {
    const [a, b] = [stack.networks.get(initiator), stack.networks.get(acceptor)];
    if (a !== undefined && b !== undefined) declared.set(pairKey(keyOf(a), keyOf(b)), connection);
  }
  return ({ keys }) => declared.get(pairKey(keys.initiator, keys.acceptor));
}

/** The steps that mark the links beside which another one is made; where all stand in one listing there is nothing to mark. */
function ofLinks({ work }: Pick<PlanStep, 'work'>, { world, linksApart }: DiffInput, draft: PlanDraft): string[] {
  if (work.verb !== 'link.create') return [];
  const provider = world.providers.get(work.provider);
  if (provider === undefined || !linksApart(provider)) return [];
  return [...draft.steps.values()]
    .filter((step) => step.work.verb === 'link.update' && step.work.provider === work.provider)
    .map(({ id }) => id);
}

/** Whether a step makes what the listing of the default mechanism does not show. */
function hides({ work }: Pick<PlanStep, 'work'>, { world }: DiffInput): boolean {
  if (work.verb === 'link.create') return true;
  if (work.verb !== 'peering.create') return false;
  const provider = world.providers.get(work.providers.initiator);
  return provider !== undefined && work.request.mechanism !== listedMechanism(provider);
}
