/** Marker, tags and bandwidth of a peering that stays: what differs from the declaration, and the update that ends it. */
import type { MechanismCapabilities, Peering, PeeringId, PeeringUpdate } from '@peerway/core';
import type { DiffInput, PlanDraft } from './planDraft.js';
import type { SeenPeering } from '../world/observe.js';
import { markerPlace, markerTags, markerText, type Owner } from '../world/ownership.js';
import { mechanismOf, peeringObject, shownId } from '../world/peeringFacts.js';
import type { Edge } from '../declaration/topology.js';

/** The step that changes labels and bandwidth of a peering that stays. */
export const updateStepId = (connection: string, peering: PeeringId): string =>
  `peering ${connection} ${peering} update`;

/** A peering that stays, and the edge that it serves. */
interface Kept {
  readonly edge: Edge;
  readonly seen: SeenPeering;
  readonly owner: Owner;
}

/** @returns the id of the update step, if one is needed */
export function diffLabels(
  draft: PlanDraft,
  input: DiffInput,
  kept: Kept & { readonly object: string },
): string | undefined {
  const { edge, seen, object } = kept;
  const { peering } = seen;
  const mechanism = mechanismOf(seen);
  const provider = seen.providers.initiator;
  // labels and sizes are the initiator's; a reading from the other side does not show them
  if (mechanism === undefined || provider === undefined || peering.seenFrom !== 'initiator') return undefined;
  const setTags = diffTags(draft, input, kept, mechanism);
  const description = diffMarkerText(draft, input, kept, mechanism);
  const bandwidthMbps = diffBandwidth(draft, edge, peering, mechanism);
  const update: PeeringUpdate = {
    ...(setTags === undefined ? {} : { setTags }),
    ...(description === undefined ? {} : { description }),
    ...(bandwidthMbps === undefined ? {} : { bandwidthMbps }),
  };
  const reasons = [
    ...(setTags === undefined ? [] : [`tags ${Object.keys(setTags).sort().join(', ')}`]),
    ...(description === undefined ? [] : ['the marker in its description']),
    ...(bandwidthMbps === undefined ? [] : [`bandwidth ${String(peering.bandwidthMbps)} → ${bandwidthMbps} Mbit/s`]),
  ];
  if (reasons.length === 0) return undefined;
  return draft.add({
    id: updateStepId(edge.connection, peering.id),
    action: 'update',
    object,
    connection: edge.connection,
    reason: reasons.join('; '),
    work: {
      verb: 'peering.update',
      provider: provider.name,
      side: 'initiator',
      mechanism: peering.mechanism,
      peering: peering.id,
      update,
    },
  });
}

function diffTags(
  draft: PlanDraft,
  input: DiffInput,
  { edge, seen, owner }: Kept,
  mechanism: MechanismCapabilities,
): Record<string, string> | undefined {
  if (mechanism.features.tags.status !== 'supported') return undefined;
  const { peering } = seen;
  const object = peeringObject(seen);
  const decides = markerPlace(mechanism.features).decides === 'tags';
  if (decides && owner.kind === 'lost')
    draft.note(
      'marker-lost',
      edge.connection,
      object,
      `the marker tags of ${object} were removed; its description still names us`,
    );
  if (decides && owner.kind === 'ours' && owner.marker.connection !== edge.connection)
    draft.note('peering-renamed', edge.connection, object, renamed(object, owner.marker.connection, edge));
  const set: Record<string, string> = {};
  const marker = decides ? markerTags(input.stack.name, edge.connection) : {};
  for (const [key, value] of Object.entries({ ...edge.spec.peering.tags, ...marker })) {
    const there = peering.tags[key];
    if (there === value) continue;
    set[key] = value;
    if (key in marker) continue;
    draft.note(
      there === undefined ? 'tag-missing' : 'tag-changed',
      edge.connection,
      object,
      there === undefined
        ? `the tag ${key} of ${object} is gone`
        : `the tag ${key} of ${object} is ${JSON.stringify(there)} and ${JSON.stringify(value)} is declared`,
    );
  }
  if (Object.keys(set).length === 0) return undefined;
  if (mechanism.features.retag.status === 'supported') return set;
  draft.warn(
    'tags',
    edge.connection,
    `${object} lacks the tags ${Object.keys(set).sort().join(', ')}, and they cannot be set afterwards`,
    'Set them in the cloud’s console.',
  );
  return undefined;
}

/** The marker in the description, where it decides. */
function diffMarkerText(
  draft: PlanDraft,
  input: DiffInput,
  { edge, seen, owner }: Kept,
  mechanism: MechanismCapabilities,
): string | undefined {
  if (markerPlace(mechanism.features).decides !== 'description') return undefined;
  if (owner.kind !== 'ours' || owner.marker.connection === edge.connection) return undefined;
  const object = peeringObject(seen);
  draft.note('peering-renamed', edge.connection, object, renamed(object, owner.marker.connection, edge));
  return `${markerText(input.stack.name, edge.connection)}${owner.marker.adopted ? ' adopted' : ''}`;
}

const renamed = (object: string, was: string, edge: Edge): string =>
  `${object} is marked ${was === '' ? 'without a connection' : was}; it is ${edge.connection} now`;

function diffBandwidth(
  draft: PlanDraft,
  edge: Edge,
  peering: Peering,
  mechanism: MechanismCapabilities,
): number | undefined {
  const declared = edge.spec.peering.bandwidthMbps;
  const there = peering.bandwidthMbps;
  if (declared === undefined || there === undefined || there === declared) return undefined;
  const object = `peering ${shownId(peering.id)}`;
  const now = there === 'unlimited' ? 'no limit' : `${there} Mbit/s`;
  draft.note(
    there === 'unlimited' ? 'bandwidth-unlimited' : 'bandwidth-changed',
    edge.connection,
    object,
    `${object} has ${now}; ${declared} Mbit/s is declared`,
  );
  if (mechanism.features.resize.status === 'supported') return declared;
  draft.error(
    'unsupported',
    edge.connection,
    `The bandwidth of ${object} is ${there} and cannot be changed to ${declared}`,
    'Declare what is there, or delete the peering and apply again.',
  );
  return undefined;
}
