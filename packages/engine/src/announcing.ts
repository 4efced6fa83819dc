/**
 * Taking over what no listing of peerings shows: whatever of ours stands beside it says so first, as before a creation (diff/hiding.ts). The
 * file may lose it again before anything else is applied.
 */
import { isLive, type Provider } from '@peerway/core';
import type { StackSpec } from './declaration/stack.js';
import { alsoUpdate } from './diff/hiding.js';
import { linksApartIn, listedMechanism, saysAlso, standsBeside } from './world/hidden.js';
import { linksOf } from './world/linkEntries.js';
import { ownerOfLink } from './world/linkFacts.js';
import { markerText } from './world/ownership.js';
import { mechanismOf, ownerOfPeering } from './world/peeringFacts.js';
import type { SeenLink, World } from './world/seen.js';

interface AnnouncingInput {
  readonly stack: StackSpec;
  readonly world: World;
  readonly writers: ReadonlyMap<string, Provider>;
}

interface Options {
  readonly signal?: AbortSignal;
}

/** @param entries of the places in which it stands */
export async function announceToPeerings(
  { stack, world, writers }: AnnouncingInput,
  entries: readonly Provider[],
  options: Options,
): Promise<void> {
  for (const seen of [...world.pairs.values()].flat()) {
    const { peering, providers } = seen;
    const { initiator } = providers;
    const owner = ownerOfPeering(seen, stack.name);
    const mechanism = mechanismOf(seen);
    if (initiator === undefined || mechanism === undefined || owner.kind !== 'ours' || !isLive(peering.state)) continue;
    if (mechanism.name !== listedMechanism(initiator) || saysAlso(initiator, peering, stack.name)) continue;
    if (!standsBeside({ id: '', entries }, seen, world)) continue;
    const update = alsoUpdate(mechanism, stack.name, owner.marker, true);
    const where = { side: 'initiator', mechanism: mechanism.name, wait: false } as const;
    await writers.get(initiator.name)?.peerings.update(peering.id, update, { ...where, ...options });
  }
}

/** Where links are listed by network. @returns whether the link, too, has to say that there are others */
export async function announceToLinks(
  { stack, world, writers }: AnnouncingInput,
  adopting: SeenLink,
  options: Options,
): Promise<boolean> {
  if (!linksApartIn(stack, world)(adopting.provider)) return false;
  for (const seen of world.links) {
    const owner = ownerOfLink(seen, stack.name);
    const provider = writers.get(seen.provider.name);
    const other = writers.get(seen.other?.name ?? '');
    if (owner.kind !== 'ours' || owner.marker.also || seen === adopting || provider === undefined) continue;
    if (!linksApartIn(stack, world)(seen.provider)) continue;
    const description = markerText(stack.name, owner.marker.connection, { ...owner.marker, also: true });
    const links = linksOf({ provider, ...(other === undefined ? {} : { other }) });
    await links.update(seen.link.id, { description }, { wait: false, ...options });
  }
  return true;
}
