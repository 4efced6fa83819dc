/** Compares the declared links with the links that are there: found by port and VLAN, or by our marker. */
import { DeclaredLinkDiff } from './declaredLink.js';
import type { DesiredRoute } from './desiredRoutes.js';
import type { DiffInput, PlanDraft } from './planDraft.js';
import { removeLink, type LeavingHops } from './removeLink.js';
import { findLink, linkObject, ownerOfLink } from '../world/linkFacts.js';
import type { SeenLink } from '../world/observe.js';

interface LinkDiff {
  readonly routes: readonly DesiredRoute[];
  readonly leaving: readonly LeavingHops[];
}

export function diffLinks(input: DiffInput, draft: PlanDraft): LinkDiff {
  const { stack, world, mode } = input;
  const leaving: LeavingHops[] = [];
  const declared = new Set<SeenLink>();
  const routes: DesiredRoute[] = [];
  if (mode === 'apply') {
    for (const spec of stack.links) {
      const network = world.networks.get(spec.network);
      if (network?.network === undefined) continue;
      if (network.provider.capabilities.links.features.link.status !== 'supported') continue; // noted by the prechecks
      const seen = findLink(spec, network, world.links, stack.name);
      if (seen !== undefined) declared.add(seen);
      if (!input.targeted(spec.name)) continue;
      const plan = new DeclaredLinkDiff(input, draft, spec, network).diff(seen);
      routes.push(...plan.routes);
      leaving.push(...plan.leaving);
    }
  }
  for (const seen of world.links) {
    if (declared.has(seen)) continue;
    const owner = ownerOfLink(seen, stack.name);
    if (owner.kind !== 'ours' || !input.targeted(owner.marker.connection)) continue;
    const { connection } = owner.marker;
    const reason = mode === 'destroy' ? 'the stack is being destroyed' : 'nothing declares it any more';
    if (mode === 'apply')
      draft.note(
        'link-undeclared',
        connection,
        linkObject(seen.link),
        `${linkObject(seen.link)} is ours, and ${reason}`,
      );
    leaving.push(...removeLink(draft, seen, connection, 'delete', reason).leaving);
  }
  return { routes, leaving };
}
