/** Compares the declared links with the links that are there: found by port and VLAN, or by our marker. */
import { isKnownAccount } from '@peerway/core';
import { DeclaredLinkDiff } from './declaredLink.js';
import type { DesiredRoute } from './desiredRoutes.js';
import type { DiffInput, PlanDraft } from './planDraft.js';
import { removeLink, type LeavingHops } from './removeLink.js';
import { findLink, linkObject, ownerOfLink } from '../world/linkFacts.js';
import type { SeenLink } from '../world/observe.js';
import { CONNECTION_TAG, STACK_TAG } from '../world/ownership.js';
import type { LinkSpec } from '../declaration/stack.js';

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
    if (owner.kind !== 'ours' && owner.kind !== 'lost') continue;
    const { connection } = owner.marker;
    if (!input.targeted(connection)) continue;
    // without its tags a link is ours only where we declare it, see ownership
    if (owner.kind === 'lost' && !stack.links.some((spec) => spec.name === connection && isAt(seen, spec))) {
      warnOfHalfMarked(draft, seen, stack.name, connection);
      continue;
    }
    const reason = mode === 'destroy' ? 'the stack is being destroyed' : 'nothing declares it any more';
    if (mode === 'apply')
      draft.note(
        'link-undeclared',
        connection,
        linkObject(seen.link),
        `${linkObject(seen.link)} is ours, and ${reason}`,
      );
    noteOutOfReach(draft, seen, reason);
    leaving.push(...removeLink(draft, seen, connection, 'delete', reason).leaving);
  }
  return { routes, leaving };
}

const isAt = ({ link }: SeenLink, { port, vlan }: LinkSpec): boolean => link.port === port && link.vlan === vlan;

/** Its description names us, its tags do not, and nothing declares it: it may be somebody else's by now, so it is only named. */
function warnOfHalfMarked(draft: PlanDraft, { link }: SeenLink, stack: string, connection: string): void {
  const object = linkObject(link);
  draft.warn(
    'half-marked',
    object,
    `${object} names ${connection} of this stack in its description, and bears no tags of ours; nothing declares it, so it is left alone`,
    `Set its tags ${STACK_TAG}=${stack} and ${CONNECTION_TAG}=${connection} to have it removed, or take the mark out of its description.`,
  );
}

/** Its network is another account's, for which no entry of the file speaks: that end of it stays. */
function noteOutOfReach(draft: PlanDraft, { link, other }: SeenLink, reason: string): void {
  const at = link.networkAt;
  if (at === undefined || other !== undefined) return;
  const whose = isKnownAccount(at.account)
    ? `the account ${at.account}, region ${at.region}`
    : `another account, region ${at.region}`;
  const object = linkObject(link);
  draft.error(
    'end-out-of-reach',
    object,
    `${object} must go (${reason}), and its network belongs to ${whose}: no provider entry of the file speaks for it, so the routes and the interface there cannot be taken back`,
    `Put a provider entry for ${whose}, with its account:, back into the file until it is gone, or go on with --force: what stands there stays.`,
    true,
  );
}
