/** Compares the declared links with the links that are there: found by port and VLAN, or by our marker. */
import { DeclaredLinkDiff } from './declaredLink.js';
import type { DesiredRoute } from './desiredRoutes.js';
import type { DiffInput, PlanDraft } from './planDraft.js';
import { removeLink, type LeavingHops } from './removeLink.js';
import { findLink, linkObject, ownerOfLink } from '../world/linkFacts.js';
import type { SeenLink } from '../world/observe.js';
import { shownPlace } from '../world/peeringFacts.js';
import type { StrandedPart } from '../world/seen.js';
import { belongsTo, CONNECTION_TAG, traceOfMark } from '../world/ownership.js';
import { warnOfHalfMarked } from './halfMarked.js';
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
    const spec = stack.links.find(({ name, ...at }) => belongsTo(owner, name) && isAt(seen, at));
    const connection = owner.marker.connection || (spec?.name ?? '');
    if (!input.targeted(connection)) continue;
    // without its marks a link is ours only where we declare it, see ownership
    if (owner.kind === 'lost' && spec === undefined) {
      warnOfHalfMarked(draft, seen, stack.name, owner);
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
    noteOutOfReach(draft, input, seen, reason);
    leaving.push(...removeLink(draft, seen, connection, 'delete', reason).leaving);
  }
  for (const stranded of world.strandedParts) noteStranded(draft, input, stranded);
  return { routes, leaving };
}

const isAt = ({ link }: SeenLink, { port, vlan }: Pick<LinkSpec, 'port' | 'vlan'>): boolean =>
  link.port === port && link.vlan === vlan;

/** Its network is another account's, for which no entry of the file speaks: that end of it stays. */
function noteOutOfReach(
  draft: PlanDraft,
  { stack }: Pick<DiffInput, 'stack'>,
  { link, other }: SeenLink,
  reason: string,
): void {
  const at = link.networkAt;
  const isPeer = [...stack.networks.values()].some(({ id, peer }) => peer !== undefined && id === link.network);
  if (at === undefined || other !== undefined) return;
  const whose = shownPlace(at);
  const object = linkObject(link);
  draft.error(
    'end-out-of-reach',
    object,
    `${object} must go (${reason}), and its network belongs to ${whose}: no provider entry of the file speaks for it, so the routes and the interface there cannot be taken back`,
    isPeer
      ? 'Ask its owner to remove what stands there, or go on with --force: it stays.'
      : `Put a provider entry for ${whose}, with its account:, back into the file until it is gone, or go on with --force: what stands there stays.`,
    true,
  );
}

/** An end of a link of ours: where the rest of it is, no entry of the file looks, or there is no rest. It cannot go alone, and nothing else names it. */
function noteStranded(draft: PlanDraft, { targeted }: DiffInput, { part, restIs }: StrandedPart): void {
  const { near, portAt, tags } = part;
  const connection = tags[CONNECTION_TAG] ?? traceOfMark(part.description)?.connection ?? '';
  if (!targeted(connection)) return;
  const object = `link ${connection}`;
  const end = `${near.hop} in ${near.network} is the end of ${object} of this stack`;
  if (restIs === 'gone')
    return draft.warn(
      'half-marked',
      object,
      `${end}, and the rest of it is gone: nothing can be made of it any more`,
      `Delete ${near.hop} and the routes that lead to it in the cloud.`,
    );
  const place = shownPlace(portAt);
  draft.error(
    'end-out-of-reach',
    object,
    `${end}, and the rest of it is in ${place}, for which no provider entry of the file speaks: it cannot be taken down from here`,
    `Put a provider entry for ${place}, with its account:, back into the file until it is gone, or go on with --force: it stays.`,
    true,
  );
}
