/** What is known of one link: its owner, and the declaration that it belongs to. */
import type { LinkSpec } from '../declaration/stack.js';
import type { SeenLink, SeenNetwork } from './observe.js';
import { markerPlace, ownerOf, type Owner } from './ownership.js';

/** Links have no way to change tags, so their description decides where there is one. */
export const ownerOfLink = ({ link, provider }: SeenLink, stack: string): Owner =>
  ownerOf(link, stack, markerPlace(provider.capabilities.links.features).decides);

/** The link of a declaration: the same port and VLAN, or else the one that carries its marker. */
export function findLink(
  spec: LinkSpec,
  network: SeenNetwork,
  links: readonly SeenLink[],
  stack: string,
): SeenLink | undefined {
  const alive = links.filter((seen) => seen.provider.name === network.provider.name && seen.link.state !== 'deleted');
  const marked = alive.find((seen) => {
    const owner = ownerOfLink(seen, stack);
    return owner.kind === 'ours' && owner.marker.connection === spec.name;
  });
  return alive.find((seen) => seen.link.port === spec.port && seen.link.vlan === spec.vlan) ?? marked;
}
