/**
 * Where something of ours may stand that the listing of the default mechanism does not show: pairs of other mechanisms, and links. To
 * search for them costs requests in every plan and finds nothing in most stacks. So before the first of them is made, every peering of
 * ours in that account and region is marked (`peerway.also`), and where peerings of ours stand, with their marks, and none says so,
 * nothing is searched. Whatever is in doubt is searched for: no peering of ours yet, one that is missing, a mark that somebody removed.
 */
import { isLive, PEERING_SIDES, type NetworkId, type Peering, type Provider } from '@peerway/core';
import type { StackSpec } from '../declaration/stack.js';
import { keyOf, networkKey, pairKey, type Edge } from '../declaration/topology.js';
import { bearsMark, isMarkedLink, markerPlace, ownerOf } from './ownership.js';
import { entriesOf } from './linkEntries.js';
import { ownerOfLink } from './linkFacts.js';
import type { SeenLink, SeenPeering, World } from './seen.js';

/** The mechanism whose peerings every plan lists. */
export const listedMechanism = ({ capabilities }: Provider): string => capabilities.mechanisms[0].name;

export interface Reading {
  readonly provider: Provider;
  readonly peering: Peering;
}

/** Whether a peering of ours, read from its initiator's side, is whole and says that it is all there is. */
function isAlone({ capabilities }: Provider, peering: Peering, stack: string): boolean {
  const mechanism = capabilities.mechanisms.find(({ name }) => name === peering.mechanism);
  if (mechanism === undefined || peering.seenFrom !== 'initiator') return false;
  const owner = ownerOf(peering, stack, markerPlace(mechanism.features).decides);
  return owner.kind === 'ours' && !owner.marker.also;
}

/** Whether peerings of ours say that nothing else of ours stands in the account and region of an entry. */
export function nothingHides(
  provider: Provider,
  { name: stack, networks }: Pick<StackSpec, 'name' | 'networks'>,
  edges: readonly Edge[],
  readings: readonly Reading[],
): boolean {
  const keyOfPeering = ({ provider: cloud, mechanism, id }: Peering): string => `${cloud} ${mechanism} ${id}`;
  const marked = new Set<string>();
  const alone = new Set<string>();
  for (const { provider: by, peering } of readings) {
    if (bearsMark(peering, stack)) marked.add(keyOfPeering(peering));
    if (isAlone(by, peering, stack)) alone.add(keyOfPeering(peering));
  }
  const joined = new Set<string>();
  for (const { provider: by, peering } of readings) {
    if (by.name !== provider.name || !isLive(peering.state)) continue;
    const key = keyOfPeering(peering);
    if (!marked.has(key)) continue;
    if (!alone.has(key)) return false;
    const [a, b] = PEERING_SIDES.map((side) => networkKey(provider.id, peering[side].network)) as [string, string];
    joined.add(pairKey(a, b));
  }
  if (joined.size === 0) return false;
  return edges.every(({ spec, initiator, acceptor }) => {
    const [a, b] = [networks.get(initiator), networks.get(acceptor)];
    if (a === undefined || b === undefined) return false;
    if (a.provider.name !== provider.name && b.provider.name !== provider.name) return true;
    const { mechanism } = spec.peering;
    return (
      (mechanism ?? listedMechanism(provider)) === listedMechanism(provider) && joined.has(pairKey(keyOf(a), keyOf(b)))
    );
  });
}

/** Whether a peering of ours in the account and region of an entry says that there is more than the listing shows. */
export function isAnnounced(provider: Provider, stack: string, readings: readonly Reading[]): boolean {
  const keyOfPeering = ({ mechanism, id }: Peering): string => `${mechanism} ${id}`;
  const saying = new Set<string>();
  for (const { provider: by, peering } of readings)
    if (by.id === provider.id && bearsMark(peering, stack) && saysAlso(by, peering, stack))
      saying.add(keyOfPeering(peering));
  return readings.some(({ provider: by, peering }) => by.name === provider.name && saying.has(keyOfPeering(peering)));
}

/**
 * Whether no peering of ours could say that a line is left, in an entry that shows all of its lines in one call. Only one of the
 * listed mechanism announces; a pair of another one that stands alone says nothing.
 */
export const silentIn =
  (stack: string, readings: readonly Reading[]) =>
  (entry: Provider): boolean =>
    entry.capabilities.links.listedBy !== 'network' &&
    !readings.some(
      ({ provider, peering }) =>
        provider.name === entry.name &&
        peering.mechanism === listedMechanism(entry) &&
        isLive(peering.state) &&
        bearsMark(peering, stack),
    );

/**
 * The networks of an entry in which a plan looks for links where nothing says yet that there are any, or that there are none: the declared
 * ones, and those of marked peerings. Empty where one listing shows them all, and where a peering of ours stands that announces none.
 */
export function networksToLookIn(
  { name, capabilities }: Provider,
  { name: stack, networks }: Pick<StackSpec, 'name' | 'networks'>,
  readings: readonly Reading[],
): readonly NetworkId[] {
  if (capabilities.links.listedBy !== 'network') return [];
  const ids = new Set<NetworkId>();
  for (const { provider, id } of networks.values()) if (provider.name === name) ids.add(id);
  for (const { provider, peering } of readings) {
    if (provider.name !== name || !bearsMark(peering, stack)) continue;
    if (isLive(peering.state) && isAlone(provider, peering, stack)) return [];
    ids.add(peering[peering.seenFrom].network);
  }
  return [...ids];
}

/** Says of a provider entry whether something of ours stands in its account and region, or will, that the listing does not show. */
export type Hiding = (provider: Provider) => boolean;

/** Account and region of an entry: several entries may speak for one. */
const placesOf =
  ({ accounts }: Pick<World, 'accounts'>) =>
  ({ id, region, name }: Provider): string =>
    `${id} ${region} ${accounts.get(name) ?? name}`;

/** Something of ours that the listing of the default mechanism does not show, and the entries in whose places it stands. */
interface Hidden {
  readonly id: string;
  readonly entries: readonly Provider[];
}

export function hiddenOf(stack: string, { pairs, links }: Pick<World, 'pairs' | 'links'>): Hidden[] {
  const hidden: Hidden[] = [];
  for (const { link, provider, other } of links)
    if (isMarkedLink(link, stack))
      hidden.push({ id: link.id, entries: other === undefined ? [provider] : [provider, other] });
  for (const seen of [...pairs.values()].flat()) {
    if (!bearsMark(seen.peering, stack)) continue;
    const entries = hidesIn(seen);
    if (entries.length > 0) hidden.push({ id: seen.peering.id, entries });
  }
  return hidden;
}

/** The entries whose listing does not show the peering; empty: each does. */
export const hidesIn = ({ peering, providers }: SeenPeering): readonly Provider[] =>
  PEERING_SIDES.flatMap((side) => providers[side] ?? []).filter(
    (provider) => peering.mechanism !== listedMechanism(provider),
  );

/** Whether a hidden thing stands in the account and region of one of the ends of a peering. */
export function standsBeside({ entries }: Hidden, { providers }: SeenPeering, world: Pick<World, 'accounts'>): boolean {
  const placeOf = placesOf(world);
  const places = PEERING_SIDES.flatMap((side) => providers[side] ?? []).map(placeOf);
  return entries.some((entry) => places.includes(placeOf(entry)));
}

/** What the file declares, what is there, and what is about to be taken over. */
export function hidingIn(
  stack: StackSpec,
  edges: readonly Edge[],
  world: Pick<World, 'pairs' | 'links' | 'accounts'>,
  taking: readonly SeenPeering[] = [],
): Hiding {
  const placeOf = placesOf(world);
  const entries = [...hiddenOf(stack.name, world).flatMap((one) => one.entries), ...taking.flatMap(hidesIn)];
  const there = new Set(entries.map(placeOf));
  const declared = hidingDeclared(stack, edges, world);
  return (provider) => there.has(placeOf(provider)) || declared(provider);
}

/** What the file declares alone: what will be there when all else is gone. */
export function hidingDeclared(
  { networks, links }: StackSpec,
  edges: readonly Edge[],
  world: Pick<World, 'accounts'>,
): Hiding {
  const placeOf = placesOf(world);
  const hiding = new Set<string>();
  for (const { spec, initiator, acceptor } of edges)
    for (const end of [initiator, acceptor]) {
      const provider = networks.get(end)?.provider;
      if (provider === undefined) continue;
      if ((spec.peering.mechanism ?? listedMechanism(provider)) !== listedMechanism(provider))
        hiding.add(placeOf(provider));
    }
  for (const spec of links) {
    const network = networks.get(spec.network);
    if (network === undefined) continue;
    const { provider, other } = entriesOf(spec, network);
    for (const entry of other === undefined ? [provider] : [provider, other]) hiding.add(placeOf(entry));
  }
  return (provider) => hiding.has(placeOf(provider));
}

/** Whether a peering of ours bears the mark. */
export function saysAlso({ capabilities }: Provider, peering: Peering, stack: string): boolean {
  const mechanism = capabilities.mechanisms.find(({ name }) => name === peering.mechanism);
  if (mechanism === undefined) return false;
  const owner = ownerOf(peering, stack, markerPlace(mechanism.features).decides);
  return owner.kind !== 'none' && owner.marker.also;
}

/** Whether a peering that is listed must say that more stands in the account of one of its ends. */
export const mustSayAlso = ({ hiding }: { readonly hiding: Hiding }, { peering, providers }: SeenPeering): boolean =>
  PEERING_SIDES.some((side) => {
    const provider = providers[side];
    return provider !== undefined && peering.mechanism === listedMechanism(provider) && hiding(provider);
  });

/** Where a stack has links and no peerings: whether its links in the declared networks, whole and marked, say that there are no others. */
export function linksAreAlone(
  provider: Provider,
  { name: stack, networks, links: declared }: StackSpec,
  edges: readonly Edge[],
  { readings, links }: { readonly readings: readonly Reading[]; readonly links: readonly SeenLink[] },
): boolean {
  const isHere = (network: string): boolean => networks.get(network)?.provider.name === provider.name;
  if (provider.capabilities.links.listedBy !== 'network') return false;
  if (edges.some(({ initiator, acceptor }) => isHere(initiator) || isHere(acceptor))) return false;
  if (readings.some(({ provider: by, peering }) => by.name === provider.name && bearsMark(peering, stack)))
    return false;
  const ours = links.filter(({ link }) => isMarkedLink(link, stack)).map((seen) => ownerOfLink(seen, stack));
  const wanted = declared.filter(({ network }) => isHere(network)).map(({ name }) => name);
  return (
    wanted.length > 0 &&
    ours.every((owner) => owner.kind === 'ours' && !owner.marker.also) &&
    wanted.every((name) => ours.some((owner) => owner.kind === 'ours' && owner.marker.connection === name))
  );
}

/** Says of an entry that lists links by network whether links of ours stand, or will, in more than one of its networks. */
export function linksApartIn(
  { name: stack, networks, links }: StackSpec,
  world: Pick<World, 'links' | 'accounts'>,
): Hiding {
  const placeOf = placesOf(world);
  const places = new Map<string, Set<string>>();
  const add = (provider: Provider, network: string): void => {
    const place = placeOf(provider);
    places.set(place, (places.get(place) ?? new Set()).add(network));
  };
  for (const spec of links) {
    const network = networks.get(spec.network);
    if (network !== undefined) add(entriesOf(spec, network).provider, network.id);
  }
  for (const { link, provider } of world.links)
    if (isMarkedLink(link, stack) && link.network !== undefined) add(provider, link.network);
  return (provider) =>
    provider.capabilities.links.listedBy === 'network' && (places.get(placeOf(provider))?.size ?? 0) > 1;
}
