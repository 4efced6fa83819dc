/**
 * What the file may say of a peering besides tags and bandwidth: description, deletion protection, whose names resolve, the provider's own
 * settings. Whatever the file says, holds. What it no longer says goes back to the cloud's default when it is ours (`isOurs`), and is
 * left alone else. There is no state file, so the marks of the object name what we have set where nothing else would tell.
 */
import {
  otherSide,
  PEERING_SIDES,
  type MechanismCapabilities,
  type Peering,
  type PeeringSide,
  type PeeringUpdate,
  type Provider,
  type SettingDrift,
} from '@peerway/core';
import type { EndProviders } from '../plan/plan.js';
import type { DriftKind } from '../plan/driftKinds.js';
import type { PeeringSpec } from '../declaration/stack.js';
import type { Edge } from '../declaration/topology.js';
import type { SeenPeering } from '../world/observe.js';
import { declaredAttributes, isOurs, ourDrift, toName, type Authorship } from '../world/authorship.js';
import { markerPlace, saysSet, type Owner } from '../world/ownership.js';
import { mechanismOf, peeringObject } from '../world/peeringFacts.js';
import type { PlanDraft } from './planDraft.js';

/** One part of an update, and why. */
export interface Change {
  readonly update: PeeringUpdate;
  readonly reason: string;
}

/** What differs, and what the marks are to name once it does not. */
export interface AttributeDiff {
  readonly names: readonly string[];
  readonly initiator: readonly Change[];
  readonly acceptor: readonly Change[];
}

/** A peering that stays, and the edge that it serves. */
interface KeptPeering {
  readonly edge: Edge;
  readonly seen: SeenPeering;
  /** The user's names of its networks, by the peering's own sides: it may have been asked for from the other end. */
  readonly names: Readonly<Record<PeeringSide, string>>;
  readonly adopted: boolean;
  readonly mechanism: MechanismCapabilities;
}

export const authorship = ({
  seen: { peering },
  adopted,
  mechanism,
}: Pick<KeptPeering, 'seen' | 'adopted' | 'mechanism'>): Authorship => ({
  adopted,
  says: saysSet(peering, markerPlace(mechanism.features).decides),
});

/** @param describes whether the declared description is still to be written */
export function diffAttributes(draft: PlanDraft, kept: KeptPeering, describes: boolean): AttributeDiff {
  const author = authorship(kept);
  const [protection, dns, settings] = [
    protectionOf(draft, kept, author),
    dnsOf(draft, kept, author),
    settingsOf(draft, kept, author),
  ];
  const differing = new Set([
    ...(describes ? ['description'] : []),
    ...(protection.length > 0 ? ['deletionProtection'] : []),
    ...(dns.initiator.length + dns.acceptor.length > 0 ? ['dnsSync'] : []),
    ...settings.flatMap(({ update }) => update.settings?.names ?? []),
  ]);
  const declared = declaredAttributes(kept.edge.spec.peering, kept.edge.spec.dnsSync);
  return {
    names: toName(declared, kept.adopted).filter((name) => author.says(name) || differing.has(name)),
    initiator: [...protection, ...dns.initiator, ...settings],
    acceptor: dns.acceptor,
  };
}

const noteOf =
  (draft: PlanDraft, { edge, seen }: KeptPeering) =>
  (kind: DriftKind, detail: string): void =>
    draft.note(kind, edge.connection, peeringObject(seen), detail);

function protectionOf(draft: PlanDraft, kept: KeptPeering, author: Authorship): Change[] {
  const { edge, seen, mechanism } = kept;
  if (mechanism.features.deletionProtection.status !== 'supported') return [];
  const wanted = edge.spec.peering.deletionProtection ?? (isOurs('deletionProtection', author) ? false : undefined);
  const { deletionProtection: there } = seen.peering;
  // a listing need not show it: what the marks name is switched back unseen
  if (wanted === undefined || there === wanted) return [];
  const [is, shall] = [there === true ? 'on' : 'off', wanted ? 'on' : 'off'];
  noteOf(draft, kept)(
    'deletion-protection-changed',
    `deletion protection of ${peeringObject(seen)} is ${is}, and shall be ${shall}`,
  );
  return [{ update: { deletionProtection: wanted }, reason: `deletion protection ${shall}` }];
}

/** Whether the switch of a side is to be on, as the file says it; undefined: it says nothing. */
export function dnsWanted(
  { spec: { dnsSync } }: Edge,
  { dnsSwitch }: MechanismCapabilities,
  [own, other]: readonly [own: string, other: string],
): boolean | undefined {
  if (dnsSync === undefined || dnsSwitch === 'none') return undefined;
  if (typeof dnsSync === 'string') return dnsSync === 'both';
  return dnsSync.includes(dnsSwitch === 'opens-own' ? own : other);
}

/** The user's names of the two networks by the sides of a peering, which may have been asked for from the other end. */
export const sidedNames = (
  { initiator, acceptor }: Edge,
  { keys }: SeenPeering,
  initiatorKey: string,
): Record<PeeringSide, string> =>
  keys.initiator === initiatorKey ? { initiator, acceptor } : { initiator: acceptor, acceptor: initiator };

/** Names are opened once the peering is there: no cloud takes it with the request. @param made the step that makes it */
export function openNames(
  draft: PlanDraft,
  {
    edge,
    object,
    mechanism,
  }: { readonly edge: Edge; readonly object: string; readonly mechanism: MechanismCapabilities },
  made: string,
  providers: EndProviders,
): void {
  for (const side of PEERING_SIDES) {
    if (dnsWanted(edge, mechanism, [edge[side], edge[otherSide(side)]]) !== true) continue;
    draft.add(
      {
        id: `peering ${edge.connection} names ${side}`,
        action: 'update',
        object,
        connection: edge.connection,
        reason: `names are opened at the ${side}`,
        work: {
          verb: 'peering.update',
          provider: providers[side],
          side,
          mechanism: mechanism.name,
          peering: { step: made },
          update: { dnsSync: true },
        },
      },
      [made],
    );
  }
}

const ON: ReadonlySet<string | undefined> = new Set(['on', 'turning-on']);

function dnsOf(draft: PlanDraft, kept: KeptPeering, author: Authorship): Record<PeeringSide, Change[]> {
  const { edge, seen, mechanism, names } = kept;
  const { peering, providers } = seen;
  const found: Record<PeeringSide, Change[]> = { initiator: [], acceptor: [] };
  if (mechanism.features.dnsSync.status !== 'supported') return found;
  // whether and when somebody else agrees is not ours; before that no cloud takes a switch
  if (seen.peer !== undefined && peering.state === 'pending-acceptance') return found;
  for (const [own, other] of [
    ['initiator', 'acceptor'],
    ['acceptor', 'initiator'],
  ] as const) {
    if (seen.peer === own) continue; // its owner's
    const declared = dnsWanted(edge, mechanism, [names[own], names[other]]);
    const wanted = declared ?? (isOurs('dnsSync', author) ? false : undefined);
    const there = switchOf(peering, own);
    if (wanted === undefined || ON.has(there) === wanted) continue;
    const what = `the name switch of the ${own} of ${peeringObject(seen)} is ${ON.has(there) ? 'on' : 'off'}, and shall be ${wanted ? 'on' : 'off'}`;
    noteOf(draft, kept)('dns-changed', what);
    if (providers[own] === undefined)
      draft.warn(
        'end-out-of-reach',
        edge.connection,
        `${what}; no provider entry speaks for that side`,
        'Ask its owner, or add a provider entry for it.',
      );
    else found[own].push({ update: { dnsSync: wanted }, reason: `names ${wanted ? 'opened' : 'closed'}` });
  }
  return found;
}

const switchOf = (peering: Peering, side: PeeringSide): Peering['dnsSync'] =>
  peering.seenFrom === side ? peering.dnsSync : side === 'acceptor' ? peering.acceptorDnsSync : undefined;

/** The provider's own settings, as far as they show; what only a new peering can have is `misfitOf`'s to say. */
function settingsOf(draft: PlanDraft, kept: KeptPeering, author: Authorship): Change[] {
  const { edge, seen } = kept;
  const names: string[] = [];
  const reasons: string[] = [];
  for (const { name, seen: shown, wanted, change } of driftOf(
    seen.providers.initiator,
    seen.peering,
    edge.spec.peering,
    author,
  )) {
    const detail = `${name} of ${peeringObject(seen)} is ${shown}; ${wanted} is declared`;
    if (change !== 'fixed') noteOf(draft, kept)('setting-changed', detail);
    if (change === 'in-place') {
      names.push(name);
      reasons.push(`${name} ${shown} → ${wanted}`);
    } else if (change === 'fixed')
      draft.warn(
        'unsupported',
        edge.connection,
        `${detail}, and nothing can change it`,
        `Declare ${shown}, or delete the peering and apply again.`,
      );
  }
  if (names.length === 0) return [];
  return [{ update: { settings: { names, values: edge.spec.peering.settings ?? {} } }, reason: reasons.join('; ') }];
}

/** Without what is somebody else's to choose. */
const driftOf = (
  provider: Provider | undefined,
  peering: Peering,
  { settings }: PeeringSpec,
  author: Authorship,
): readonly SettingDrift[] => ourDrift(provider?.peerings.settingsDrift(peering, settings) ?? [], author);

/** Why only a new peering can have what is declared; undefined: no setting asks for one. */
export function misfitOf(edge: Edge, seen: SeenPeering, owner: Owner): string | undefined {
  const mechanism = mechanismOf(seen);
  if (mechanism === undefined) return undefined;
  const author = authorship({ seen, mechanism, adopted: owner.kind !== 'none' && owner.marker.adopted });
  const drift = driftOf(seen.providers.initiator, seen.peering, edge.spec.peering, author);
  const misfit = drift.find(({ change }) => change === 'replace');
  return misfit === undefined
    ? undefined
    : `its ${misfit.name} is ${misfit.seen}, ${misfit.wanted} is declared, and only a new one can have that`;
}
