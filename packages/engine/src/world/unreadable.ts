/** What no table of a provider can read is an error where it concerns the stack, and somebody else's business where not. */
import type { NetworkId, Unreadable } from '@peerway/core';
import type { StackSpec } from '../declaration/stack.js';
import { readMarkerText, STACK_TAG } from './ownership.js';

/** It concerns the stack when it bears the stack's mark, or joins two networks that the stack declares. @throws its error */
export const requireReadable =
  ({ name, networks }: Pick<StackSpec, 'name' | 'networks'>) =>
  (item: Unreadable): void => {
    const ours = item.tags[STACK_TAG] === name || readMarkerText(item.description)?.stack === name;
    const declared = new Set([...networks.values()].map(({ id }) => id));
    if (ours || joinsTwo(item, declared)) throw item.error;
  };

/** While waiting for peerings of these networks. @throws its error */
export const requireReadableAmong =
  (waitedFor: readonly (readonly NetworkId[])[]) =>
  (item: Unreadable): void => {
    if (waitedFor.some((networks) => joinsTwo(item, new Set(networks)))) throw item.error;
  };

/** While waiting for links, which are looked for by id. @throws its error when any stack's mark is on it */
export function requireReadableIfMarked(item: Unreadable): void {
  if (item.tags[STACK_TAG] !== undefined || readMarkerText(item.description) !== undefined) throw item.error;
}

const joinsTwo = ({ networks }: Unreadable, among: ReadonlySet<NetworkId>): boolean =>
  networks.length > 1 && networks.every((network) => among.has(network));
