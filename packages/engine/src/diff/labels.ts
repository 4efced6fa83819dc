/** What a peering that stays carries (marks, tags, name, bandwidth) against the declaration, and the updates that end what differs. */
import {
  fitsText,
  nextStep,
  tagOf,
  type MechanismCapabilities,
  type Peering,
  type PeeringId,
  type PeeringSide,
  type PeeringUpdate,
  type Tags,
} from '@peerway/core';
import type { DiffInput, PlanDraft } from './planDraft.js';
import { mustSayAlso } from '../world/hidden.js';
import { labelFrom } from './peeringCreation.js';
import type { SeenPeering } from '../world/observe.js';
import {
  ADOPTED_TAG,
  markerPlace,
  markerTags,
  markerText,
  readMarkerText,
  saidOf,
  type LeftMark,
  type Owner,
} from '../world/ownership.js';
import { authorship, diffAttributes, type AttributeDiff, type Change } from './attributes.js';
import { isOurs, type Authorship } from '../world/authorship.js';
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
  /** See attributes.ts. */
  readonly names: Readonly<Record<PeeringSide, string>>;
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
  if (providers.acceptor !== undefined) step('acceptor', labels.ofAcceptor());
  // labels and sizes are the initiator's; a reading from the other side does not show them
  if (peering.seenFrom === 'initiator' && providers.initiator !== undefined) step('initiator', labels.ofInitiator());
  // the marks stand at the initiator: they forget what is taken back at the acceptor when it is
  const [first, second] = steps;
  if (first !== undefined && second !== undefined && labels.takesBack) draft.need(second, first);
  return steps;
}

/** What the acceptor's half will bear that the next step makes: the mark that the initiator's bears now, and no words of other people (`PeeringDriver.accept`). */
const madeFrom = ({ tags, description }: Peering): { readonly tags: Tags; readonly description: string } => ({
  tags,
  description: description.startsWith('peerway ') ? description : '',
});

/** What tells that it is ours all the same. */
const STILL: Record<LeftMark['by'], string> = {
  description: 'its description still names us',
  'other-half': 'the acceptor’s half still names us',
  routes: 'marked routes of ours still lead there',
};

class Labels {
  readonly #decides: ReturnType<typeof markerPlace>['decides'];
  readonly #object: string;
  /** The marker tags that each half bears. */
  readonly #marker: Tags;
  readonly #adopted: boolean;
  readonly #author: Authorship;
  readonly #attributes: AttributeDiff;

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
    const peering = { ...kept, adopted: this.#adopted, mechanism };
    this.#author = authorship(peering);
    this.#attributes = diffAttributes(draft, peering, this.#describes());
  }

  /** Whether something of the acceptor's is switched off that our marks name. */
  get takesBack(): boolean {
    return this.#attributes.acceptor.some(({ update }) => update.dnsSync === false);
  }

  ofInitiator(): Change[] {
    const { peering } = this.kept.seen;
    this.#noteMarker();
    return [
      ...this.#name(),
      ...this.#description(peering.description),
      ...this.#tags(peering.tags),
      ...this.#bandwidth(),
      ...this.#attributes.initiator,
    ];
  }

  /** Where each side makes its own half, the acceptor's bears the marks too, and nothing else of ours. */
  ofAcceptor(): Change[] {
    const { peering } = this.kept.seen;
    const there = peering.acceptorLabels ?? (nextStep(peering)?.verb === 'accept' ? madeFrom(peering) : undefined);
    if (this.mechanism.handshake !== 'mirrored' || there === undefined) return [...this.#attributes.acceptor];
    const setTags = Object.fromEntries(
      Object.entries(this.#marker).filter(([key, value]) => tagOf(there.tags, key) !== value),
    );
    const tags: Change[] =
      Object.keys(setTags).length === 0 ? [] : [{ update: { setTags }, reason: 'the marker on the acceptor’s half' }];
    if (tags.length > 0)
      this.#note('marker-lost', `the acceptor’s half of ${this.#object} is not marked as ${this.kept.edge.connection}`);
    return [...this.#description(there.description), ...tags, ...this.#attributes.acceptor];
  }

  #note(kind: DriftKind, detail: string): void {
    this.draft.note(kind, this.kept.edge.connection, this.#object, detail);
  }

  /** What the marks say now, where they say otherwise. */
  #noteMarker(): void {
    const { owner, edge } = this.kept;
    const object = this.#object;
    if (owner.kind === 'lost') this.#note('marker-lost', `the mark of ${object} was removed; ${STILL[owner.by]}`);
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

  /** The display name is ours on what Peerway made. One that was adopted keeps its own, unless it is the one that we derived and the connection is called otherwise now. */
  #name(): Change[] {
    const { connection } = this.kept.edge;
    const { name: there } = this.kept.seen.peering;
    const name = labelFrom(connection, this.mechanism);
    if (name === undefined || name === there) return [];
    const was = this.#renamedFrom();
    const derived = was !== undefined && there === (labelFrom(was, this.mechanism) ?? '');
    if (this.#adopted && !derived) return [];
    if (!derived)
      this.#note(
        'peering-name-changed',
        `${this.#object} is called ${JSON.stringify(there)}; it is ${name} by the file`,
      );
    return [{ update: { name }, reason: `name ${there || 'none'} → ${name}` }];
  }

  /** What the description is to say behind our mark; what its maker said stays, until the file says something. */
  #text(there: string): string {
    const { description: declared } = this.kept.edge.spec.peering;
    if (declared !== undefined) return declared;
    return isOurs('description', this.#author) ? '' : saidOf(there);
  }

  /** Whether what the file says of the peering is not in its description yet. */
  #describes(): boolean {
    const { description: there } = this.kept.seen.peering;
    return this.mechanism.features.description.status === 'supported' && saidOf(there) !== this.#text(there);
  }

  /** Mark and text. Where tags decide, the description of an adopted peering bears no mark, unless it names us already. */
  #description(there: string): Change[] {
    if (this.mechanism.features.description.status !== 'supported') return [];
    const said = readMarkerText(there)?.stack === this.input.stack.name;
    const bare = this.#adopted && this.#decides !== 'description' && !said;
    const text = this.#text(there);
    // an empty description is refused by some clouds; where nobody has said anything, nothing is to be said
    const quiet = bare && saidOf(there) === '' ? there : this.#marked(there, text);
    const description = bare && text !== '' ? text : quiet;
    if (there === description) return [];
    if (saidOf(there) !== text && (bare || said)) {
      const is = (words: string): string => (words === '' ? 'nothing' : JSON.stringify(words));
      this.#note(
        'description-changed',
        `the description of ${this.#object} says ${is(saidOf(there))}; ${is(text)} is declared`,
      );
      return [{ update: { description }, reason: text === '' ? 'no description' : 'the description' }];
    }
    if (this.#renamedFrom() === undefined && !said && this.kept.owner.kind !== 'lost')
      this.#note('marker-lost', `the description of ${this.#object} does not name us`);
    return [{ update: { description }, reason: 'the marker in its description' }];
  }

  #marked(there: string, text: string): string {
    const byText = this.#decides === 'description';
    const { edge, seen } = this.kept;
    const more = {
      also: byText && (mustSayAlso(this.input, seen) || readMarkerText(there)?.also === true),
      adopted: byText && this.#adopted,
      set: byText ? this.#attributes.names : [],
    };
    const whole = markerText(this.input.stack.name, edge.connection, { ...more, text });
    const limit = this.mechanism.limits.description;
    // what its maker said gives way to the mark; what the file says is refused by the prechecks
    const fits = edge.spec.peering.description !== undefined || limit === undefined || fitsText(whole, limit);
    return fits ? whole : markerText(this.input.stack.name, edge.connection, more);
  }

  #tags(there: Tags): Change[] {
    const { features } = this.mechanism;
    const { edge } = this.kept;
    if (features.tags.status !== 'supported') return [];
    const declared = edge.spec.peering.tags ?? {};
    const change = tagChange(there, declared, this.#marker, this.#decides === 'tags' ? this.#attributes.names : []);
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
}
