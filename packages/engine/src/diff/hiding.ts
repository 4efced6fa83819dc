/** Marks peerings of ours before something is made that no listing of them shows (world/hidden.ts). */
import { isLive, type PeeringUpdate } from '@peerway/core';
import { listedMechanism, mustSayAlso, saysAlso } from '../world/hidden.js';
import { ALSO_TAG, markerPlace, markerText } from '../world/ownership.js';
import { mechanismOf, ownerOfPeering, peeringObject } from '../world/peeringFacts.js';
import type { PlanStep } from '../plan/plan.js';
import { keyOf, pairKey } from '../declaration/topology.js';
import { updateStepId } from './labels.js';
import type { DiffInput, PlanDraft } from './planDraft.js';
import type { Leaving } from './removePeering.js';

/** Adds the steps that mark what stays and does not say so yet; whatever hides is made after them. */
export function markBeforeHiding(input: DiffInput, draft: PlanDraft, leaving: Leaving): void {
  const { stack, edges, world, hiding } = input;
  if (![...world.providers.values()].some(hiding)) return;
  const declared = new Map<string, string>();
  for (const { connection, initiator, acceptor } of edges) {
    const [a, b] = [stack.networks.get(initiator), stack.networks.get(acceptor)];
    if (a !== undefined && b !== undefined) declared.set(pairKey(keyOf(a), keyOf(b)), connection);
  }
  const marking: string[] = [];
  for (const seen of [...world.pairs.values()].flat()) {
    const { initiator } = seen.providers;
    if (initiator === undefined || leaving.has(seen) || !isLive(seen.peering.state) || !mustSayAlso(input, seen))
      continue;
    const owner = ownerOfPeering(seen, stack.name);
    if (owner.kind !== 'ours' && owner.kind !== 'lost') continue;
    const { keys } = seen;
    const connection = declared.get(pairKey(keys.initiator, keys.acceptor)) ?? owner.marker.connection;
    const labels = updateStepId(connection, seen.peering.id);
    const healed = draft.steps.has(labels);
    // a mark alone, beside marks that somebody removed and nobody puts back, says nothing
    if (owner.kind === 'lost' ? !healed : saysAlso(initiator, seen.peering, stack.name)) continue;
    const mechanism = mechanismOf(seen);
    if (mechanism === undefined) continue;
    const byText = markerPlace(mechanism.features).decides === 'description';
    if (byText && healed) {
      marking.push(labels); // its description says so
      continue;
    }
    const text = markerText(stack.name, connection, { ...owner.marker, also: true });
    const update: PeeringUpdate = byText ? { description: text } : { setTags: { [ALSO_TAG]: 'yes' } };
    const step = draft.add(
      {
        id: `peering ${connection} ${seen.peering.id} mark`,
        action: 'create',
        object: peeringObject(seen),
        connection,
        reason: 'more of ours will stand in this account',
        work: {
          verb: 'peering.update',
          provider: initiator.name,
          side: 'initiator',
          mechanism: mechanism.name,
          peering: seen.peering.id,
          update,
        },
      },
      [labels, ...['settle', 'resume'].map((verb) => `peering ${connection} ${seen.peering.id} ${verb}`)].filter((id) =>
        draft.steps.has(id),
      ),
    );
    marking.push(step);
  }
  for (const step of draft.steps.values())
    if (hides(step, input)) draft.need(step.id, ...marking, ...ofLinks(step, input, draft));
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
