/** Which of the links that are there a declaration can say, and why the others cannot be said. */
import { isLive } from '@peerway/core';
import { networkKey } from '../declaration/topology.js';
import type { LinkSpec } from '../declaration/stack.js';
import { networkEntryOf } from '../world/linkEntries.js';
import { linkObject, linkPlace, ownerOfLink } from '../world/linkFacts.js';
import type { SeenLink, World } from '../world/seen.js';
import type { FindOptions } from './foundPeerings.js';
import type { LeftOut } from './imported.js';
import { namesFor } from './names.js';

/** A link that a declaration will say, but for what lies behind it. */
export interface FoundLink {
  readonly seen: SeenLink;
  readonly spec: Omit<LinkSpec, 'destinations'>;
}

/** `link vbr-1 (pc-1 vlan 30)` */
export const linkTitle = ({ link }: SeenLink): string => `${linkObject(link)} (${linkPlace(link)})`;

/** @param leftOut gets what cannot be said */
export function foundLinks({ links }: World, options: FindOptions, leftOut: LeftOut[]): FoundLink[] {
  const { stack, namesOfNetworks, taken, shown = (words: string) => words } = options;
  const found: { readonly seen: SeenLink; readonly spec: Omit<FoundLink['spec'], 'name'> }[] = [];
  for (const seen of links) {
    const { link, provider } = seen;
    const left = (why: string, other?: string): void => {
      leftOut.push({ kind: 'link', object: linkTitle(seen), why, ...(other === undefined ? {} : { stack: other }) });
    };
    const owner = ownerOfLink(seen, stack);
    const network = namesOfNetworks.get(networkKey(provider.id, link.network ?? ''));
    const { port, vlan, cloudIp, customerIp, bandwidthMbps } = link;
    if (owner.kind === 'other') left(`it belongs to the stack ${owner.marker.stack}`, owner.marker.stack);
    else if (!isLive(link.state) || link.next !== undefined) left(`it is ${link.state} (${link.nativeState})`);
    else if (network === undefined || networkEntryOf(seen) === undefined)
      left(
        link.network === undefined
          ? 'it is attached to no network'
          : `no provider entry shows its network ${link.network}`,
      );
    else if (port === undefined || vlan === undefined || cloudIp === undefined || customerIp === undefined)
      left('the cloud does not show its port, VLAN and addresses');
    else
      found.push({
        seen,
        spec: {
          network,
          port,
          vlan,
          cloudIp,
          customerIp: customerIp.split('/')[0] ?? customerIp,
          ...portEntry(seen),
          ...(bandwidthMbps === undefined ? {} : { bandwidthMbps }),
        },
      });
  }
  const names = namesFor(
    found.map(({ seen: { link }, spec }) => ({
      key: `${link.provider} ${link.id}`,
      called: link.name === '' ? `${spec.network}-line` : shown(link.name),
      id: link.id,
    })),
    taken,
  );
  return found.map(({ seen, spec }) => ({
    seen,
    spec: { ...spec, name: names.get(`${seen.link.provider} ${seen.link.id}`) ?? seen.link.id },
  }));
}

/** The entry of the port, where that is another one than the network's. */
function portEntry({ provider, other }: SeenLink): Pick<LinkSpec, 'portProvider'> {
  if (other === undefined) return {};
  return { portProvider: provider.capabilities.links.home === 'port' ? provider : other };
}
