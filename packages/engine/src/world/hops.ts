/** What the next hops of routes are, as far as the peerings and links that were read show it: nobody has to ask again. */
import { isLive, PEERING_SIDES, type KnownHop, type Link, type Peering } from '@peerway/core';
import { linkHops } from './linkFacts.js';

/** A next hop that nothing learned here shows is asked about when a route points at it. */
export class LearnedHops extends Map<string, KnownHop> {
  learnPeering({ state, ...ends }: Peering): void {
    for (const side of PEERING_SIDES) this.#add(ends[side].nextHop?.id, { kind: 'peering', live: isLive(state) });
  }

  /** A link that is bound to no line carries nothing. */
  learnLink(link: Link): void {
    for (const { id } of linkHops(link)) this.#add(id, { kind: 'link', live: link.port !== undefined });
  }

  #add(id: string | undefined, hop: KnownHop): void {
    if (id !== undefined) this.set(id, hop);
  }
}
