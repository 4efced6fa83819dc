/** What a peering that stays carries (marks, tags, name, bandwidth, settings) against the declaration, and the updates that end what differs. */
import {
  nextStep,
  tagOf,
  type MechanismCapabilities,
  type PeeringId,
  type PeeringSide,
  type PeeringUpdate,
  type Tags,
} from '@peerway/core';
import type { DiffInput, PlanDraft } from './planDraft.js';
import { mustSayAlso } from '../world/hidden.js';
import { labelFrom } from './peeringCreation.js';
import type { SeenPeering } from '../world/observe.js';
import { ADOPTED_TAG, markerPlace, markerTags, markerText, readMarkerText, type Owner } from '../world/ownership.js';
import { mechanismOf, peeringObject } from '../world/peeringFacts.js';
import { tagChange, type TagChange } from '../world/tagList.js';
import type { DriftKind } from '../plan/driftKinds.js';
import type { Edge } from '../declaration/topology.js';

/** The step that changes what one side of a peering that stays carries; almost everything is the initiator's. */
export const updateStepId = (connection: string, peering: PeeringId, side: PeeringSide = 'initiator'): string =>
  `peering ${connection} ${peering} update${side === 'initiator' ? '' : ` ${side}`}`;

/** A peering that stays, and the edge that it serves. */
export interface Kept {
  readonly edge: Edge;
  readonly seen: SeenPeering;
  readonly owner: Owner;
}

/** One part of an update, and why. */
interface Change {
  readonly update: PeeringUpdate;
  readonly reason: string;
}

/** @returns the ids of the update steps that are needed */
export function diffLabels(draft: PlanDraft, input: DiffInput, kept: Kept & { readonly object: string }): string[] {
  const mechanism = mechanismOf(kept.seen);
  if (mechanism === undefined) return [];
  const labels = new Labels(draft, input, kept, mechanism);
  const { seen, edge, object } = kept;
  const { peering, providers } = seen;
  const steps: string[] = [];
  const step = (side: PeeringSide, changes: readonly Change[]): void => {
    const provider = providers[side];
    if (provider === undefined || changes.length === 0) return;
    steps.push(
      draft.add({
        id: updateStepId(edge.connection, peering.id, side),
        action: 'update',
        object,
        connection: edge.connection,
        reason: changes.map(({ reason }) => reason).join('; '),
        work: {
          verb: 'peering.update',
          provider: provider.name,
          side,
          mechanism: mechanism.name,
          peering: peering.id,
          update: Object.assign({}, ...changes.map(({ update }) => update)) as PeeringUpdate,
        },
      }),
    );
  };
  // labels and sizes are the initiator's; a reading from the other side does not show them
  if (peering.seenFrom === 'initiator' && providers.initiator !== undefined) step('initiator', labels.ofInitiator());
  if (providers.acceptor !== undefined) step('acceptor', labels.ofAcceptor());
  return steps;
}

class Labels {
  readonly #decides: ReturnType<typeof markerPlace>['decides'];
  readonly #object: string;
  /** The marker tags that each half bears. */
  readonly #marker: Tags;
  readonly #adopted: boolean;

  constructor(
    private readonly draft: PlanDraft,
    private readonly input: DiffInput,
    private readonly kept: Kept,
    private readonly mechanism: MechanismCapabilities,
  ) {
    const { owner, edge, seen } = kept;
    this.#decides = markerPlace(mechanism.features).decides;
    this.#object = peeringObject(seen);
    this.#adopted = owner.kind !== 'none' && owner.marker.adopted;
    this.#marker =
      this.#decides === 'tags'
        ? {
            ...markerTags(input.stack.name, edge.connection),
            ...(this.#adopted ? { [ADOPTED_TAG]: 'yes' } : {}),
          }
        : {};
  }

  ofInitiator(): Change[] {
    const { peering } = this.kept.seen;
    this.#noteMarker();
    return [
      ...this.#name(),
      ...this.#description(peering.description),
      ...this.#tags(peering.tags),
      ...this.#bandwidth(),
      ...this.#settings(),
    ];
  }

  /** Where each side makes its own half, the acceptor's bears the marks too, and nothing else of ours. */
  ofAcceptor(): Change[] {
    const { peering } = this.kept.seen;
    // one that is still to be made is made with what the initiator's bears now
    const there = peering.acceptorLabels ?? (nextStep(peering)?.verb === 'accept' ? peering : undefined);
    if (this.mechanism.handshake !== 'mirrored' || there === undefined) return [];
    const setTags = Object.fromEntries(
      Object.entries(this.#marker).filter(([key, value]) => tagOf(there.tags, key) !== value),
    );
    const tags: Change[] =
      Object.keys(setTags).length === 0 ? [] : [{ update: { setTags }, reason: 'the marker on the acceptor’s half' }];
    if (tags.length > 0)
      this.#note('marker-lost', `the acceptor’s half of ${this.#object} is not marked as ${this.kept.edge.connection}`);
    return [...this.#description(there.description), ...tags];
  }

  #note(kind: DriftKind, detail: string): void {
    this.draft.note(kind, this.kept.edge.connection, this.#object, detail);
  }

  /** What the marks say now, where they say otherwise. */
  #noteMarker(): void {
    const { owner, edge } = this.kept;
    const object = this.#object;
    if (owner.kind === 'lost')
      this.#note('marker-lost', `the marker tags of ${object} were removed; its description still names us`);
    const was = this.#renamedFrom();
    if (was !== undefined)
      this.#note(
        'peering-renamed',
        `${object} is marked ${was === '' ? 'without a connection' : was}; it is ${edge.connection} now`,
      );
  }

  /** The connection of the marker that decides, when it is another one. */
  #renamedFrom(): string | undefined {
    const { owner, edge } = this.kept;
    return owner.kind === 'ours' && owner.marker.connection !== edge.connection ? owner.marker.connection : undefined;
  }

  /** The display name follows the connection as long as it is the one that we derived. */
  #name(): Change[] {
    const was = this.#renamedFrom();
    const { name: there } = this.kept.seen.peering;
    if (was === undefined || there !== (labelFrom(was, this.mechanism) ?? '')) return [];
    const name = labelFrom(this.kept.edge.connection, this.mechanism);
    return name === undefined || name === there
      ? []
      : [{ update: { name }, reason: `name ${there || 'none'} → ${name}` }];
  }

  /** The mark in the description. Where tags decide, the description of an adopted peering is its maker's, unless it names us. */
  #description(there: string): Change[] {
    const { edge } = this.kept;
    if (this.mechanism.features.description.status !== 'supported') return [];
    const byText = this.#decides === 'description';
    if (this.#adopted && !byText && readMarkerText(there)?.stack !== this.input.stack.name) return [];
    const also = byText && (mustSayAlso(this.input, this.kept.seen) || readMarkerText(there)?.also === true);
    const marker = markerText(this.input.stack.name, edge.connection, also);
    const text = `${marker}${byText && this.#adopted ? ' adopted' : ''}`;
    if (there === text) return [];
    if (this.#renamedFrom() === undefined && readMarkerText(there)?.stack !== this.input.stack.name)
      this.#note('marker-lost', `the description of ${this.#object} does not name us`);
    return [{ update: { description: text }, reason: 'the marker in its description' }];
  }

  #tags(there: Tags): Change[] {
    const { features } = this.mechanism;
    const { edge } = this.kept;
    if (features.tags.status !== 'supported') return [];
    const declared = edge.spec.peering.tags ?? {};
    const change = tagChange(there, declared, this.#marker);
    this.#noteTags(there, declared, change);
    if (features.retag.status !== 'supported') {
      this.#warnOfTags(Object.keys(change.set).filter((key) => Object.hasOwn(declared, key)));
      return [];
    }
    const set = Object.keys(change.set).sort();
    if (set.length + change.remove.length === 0) return [];
    this.#checkCount(there, change);
    return [
      {
        update: {
          ...(set.length === 0 ? {} : { setTags: change.set }),
          ...(change.remove.length === 0 ? {} : { removeTags: change.remove }),
        },
        reason: [
          ...(set.length === 0 ? [] : [`tags ${set.join(', ')}`]),
          ...(change.remove.length === 0 ? [] : [`without the tags ${change.remove.join(', ')}`]),
        ].join('; '),
      },
    ];
  }

  #noteTags(there: Tags, declared: Tags, { set, remove }: TagChange): void {
    for (const [key, value] of Object.entries(declared)) {
      if (!Object.hasOwn(set, key)) continue;
      const now = tagOf(there, key);
      if (now === undefined) this.#note('tag-missing', `the tag ${key} of ${this.#object} is gone`);
      else
        this.#note(
          'tag-changed',
          `the tag ${key} of ${this.#object} is ${JSON.stringify(now)} and ${JSON.stringify(value)} is declared`,
        );
    }
    for (const key of remove)
      if (!key.startsWith('peerway.')) this.#note('tag-left', `the tag ${key} of ${this.#object} has left the file`);
  }

  #warnOfTags(lacking: readonly string[]): void {
    if (lacking.length === 0) return;
    this.draft.warn(
      'tags',
      this.kept.edge.connection,
      `${this.#object} lacks the tags ${[...lacking].sort().join(', ')}, and they cannot be set afterwards`,
      'Set them in the cloud’s console.',
    );
  }

  /** Tags that others set count too. */
  #checkCount(there: Tags, { set, remove }: TagChange): void {
    const max = this.mechanism.limits.tags?.max;
    const after = new Set([...Object.keys(there), ...Object.keys(set)]);
    for (const key of remove) after.delete(key);
    if (max === undefined || after.size <= max) return;
    const declared = this.kept.edge.spec.peering.tags ?? {};
    const ours = [...after].filter((key) => key.startsWith('peerway.')).length;
    const others = [...after].filter((key) => !Object.hasOwn(declared, key) && !key.startsWith('peerway.'));
    this.draft.error(
      'tags',
      this.kept.edge.connection,
      `${this.#object} would have ${after.size} tags, ${ours} of them our marker${others.length === 0 ? '' : ` and ${others.length} set by others`}; the cloud takes ${max}`,
      others.length === 0
        ? `Declare at most ${max - ours}.`
        : `Declare fewer, or remove some of ${others.sort().join(', ')} in the cloud.`,
    );
  }

  #bandwidth(): Change[] {
    const { edge, seen } = this.kept;
    const declared = edge.spec.peering.bandwidthMbps;
    const there = seen.peering.bandwidthMbps;
    if (declared === undefined || there === undefined || there === declared) return [];
    const object = this.#object;
    const now = there === 'unlimited' ? 'no limit' : `${there} Mbit/s`;
    this.#note(
      there === 'unlimited' ? 'bandwidth-unlimited' : 'bandwidth-changed',
      `${object} has ${now}; ${declared} Mbit/s is declared`,
    );
    if (this.mechanism.features.resize.status === 'supported')
      return [{ update: { bandwidthMbps: declared }, reason: `bandwidth ${String(there)} → ${declared} Mbit/s` }];
    this.draft.error(
      'unsupported',
      edge.connection,
      `The bandwidth of ${object} is ${there} and cannot be changed to ${declared}`,
      'Declare what is there, or delete the peering and apply again.',
    );
    return [];
  }

  /** The provider's own options, as far as they show; what only a new peering can have is `misfitOf`'s to say. */
  #settings(): Change[] {
    const { edge, seen } = this.kept;
    const names: string[] = [];
    const reasons: string[] = [];
    for (const { name, seen: shown, wanted, change } of seen.providers.initiator?.peerings.settingsDrift(
      seen.peering,
    ) ?? []) {
      if (this.#adopted && wanted === 'none') continue; // its maker's
      const detail = `${name} of ${this.#object} is ${shown}; ${wanted} is declared`;
      if (change !== 'fixed') this.#note('setting-changed', detail);
      if (change === 'in-place') {
        names.push(name);
        reasons.push(`${name} ${shown} → ${wanted}`);
      } else if (change === 'fixed')
        this.draft.warn(
          'unsupported',
          edge.connection,
          `${detail}, and nothing can change it`,
          `Declare ${shown}, or delete the peering and apply again.`,
        );
    }
    return names.length === 0 ? [] : [{ update: { settings: names }, reason: reasons.join('; ') }];
  }
}

/** Why only a new peering can have what is declared; undefined: no setting asks for one. */
export function misfitOf({ peering, providers }: SeenPeering, adopted: boolean): string | undefined {
  const drift = providers.initiator?.peerings.settingsDrift(peering) ?? [];
  const misfit = drift.find(({ change, wanted }) => change === 'replace' && !(adopted && wanted === 'none'));
  return misfit === undefined
    ? undefined
    : `its ${misfit.name} is ${misfit.seen}, ${misfit.wanted} is declared, and only a new one can have that`;
}
