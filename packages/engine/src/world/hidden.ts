/**
 * Where something of ours may stand that the listing of the default mechanism does not show: pairs of other mechanisms, and links. To
 * search for them costs requests in every plan and finds nothing in most stacks. So before the first of them is made, every peering of
 * ours in that account and region is marked (`peerway.also`), and where peerings of ours stand, with their marks, and none says so,
 * nothing is searched. Whatever is in doubt is searched for: no peering of ours yet, one that is missing, a mark that somebody removed.
 */
import { isLive, PEERING_SIDES, type Peering, type Provider } from '@peerway/core';
import type { StackSpec } from '../declaration/stack.js';
import { keyOf, networkKey, pairKey, type Edge } from '../declaration/topology.js';
import { bearsMark, isMarkedLink, markerPlace, ownerOf } from './ownership.js';
import { entriesOf, type LinkEntries } from './linkEntries.js';
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

/** Says of a provider entry whether something of ours stands in its account and region, or will, that the listing does not show. */
export type Hiding = (provider: Provider) => boolean;

export function hidingIn(
  { name: stack, networks, links }: StackSpec,
  edges: readonly Edge[],
  world: Pick<World, 'pairs' | 'links' | 'accounts'>,
): Hiding {
  // several entries may speak for one account
  const placeOf = ({ id, region, name }: Provider): string => `${id} ${region} ${world.accounts.get(name) ?? name}`;
  const hiding = new Set<string>();
  for (const { spec, initiator, acceptor } of edges)
    for (const end of [initiator, acceptor]) {
      const provider = networks.get(end)?.provider;
      if (provider === undefined) continue;
      if ((spec.peering.mechanism ?? listedMechanism(provider)) !== listedMechanism(provider))
        hiding.add(placeOf(provider));
    }
  const add = ({ provider, other }: LinkEntries): void => {
    for (const entry of other === undefined ? [provider] : [provider, other]) hiding.add(placeOf(entry));
  };
  for (const spec of links) {
    const network = networks.get(spec.network);
    if (network !== undefined) add(entriesOf(spec, network));
  }
  for (const seen of world.links) if (isMarkedLink(seen.link, stack)) add(seen);
  for (const { peering, providers } of [...world.pairs.values()].flat()) {
    for (const side of PEERING_SIDES) {
      const provider = providers[side];
      if (provider === undefined || peering.mechanism === listedMechanism(provider)) continue;
      if (bearsMark(peering, stack)) hiding.add(placeOf(provider));
    }
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
  const placeOf = ({ id, region, name }: Provider): string => `${id} ${region} ${world.accounts.get(name) ?? name}`;
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
