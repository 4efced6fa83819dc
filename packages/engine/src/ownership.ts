/**
 * Ownership: how we know what is ours. Peerings and links carry tags; a description stands in where a cloud has no tags.
 * Routes carry the description; where a cloud keeps none, a route is ours when it points at something of ours.
 *
 * Where tags exist they decide. The description then only proves that a *declared* pair whose tags were lost is still
 * ours; it never makes us delete something that nobody declares.
 */
import type { Tags } from '@peerway/core';

export const STACK_TAG = 'peerway.stack';
export const CONNECTION_TAG = 'peerway.connection';
/** Set by `adopt`: routes that are exactly as declared were there before us and came with the peering. */
export const ADOPTED_TAG = 'peerway.adopted';

export interface Marker {
  readonly stack: string;
  readonly connection: string;
  readonly adopted: boolean;
}

/** `ours`: this stack's. `lost`: our description, and no marker tags although the cloud has tags. */
export type Owner =
  | { readonly kind: 'ours'; readonly marker: Marker }
  | { readonly kind: 'lost'; readonly marker: Marker }
  | { readonly kind: 'other'; readonly marker: Marker }
  | { readonly kind: 'none' };

const NOBODY: Owner = { kind: 'none' };

/** What a name may be so that every cloud takes it in a tag and a description, and `/` stays free to join names. */
export const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

export const markerTags = (stack: string, connection: string): Tags => ({
  [STACK_TAG]: stack,
  [CONNECTION_TAG]: connection,
});

export const markerText = (stack: string, connection: string): string =>
  `peerway stack=${stack} connection=${connection}`;

const TEXT = /^peerway stack=(\S+) connection=(\S+?)( adopted)?$/;

export function readMarkerText(text: string): Marker | undefined {
  if (!text.startsWith('peerway ')) return undefined; // most descriptions, cheaply
  const [, stack, connection, adopted] = TEXT.exec(text) ?? [];
  return stack === undefined || connection === undefined
    ? undefined
    : { stack, connection, adopted: adopted !== undefined };
}

function readMarkerTags(tags: Tags): Marker | undefined {
  const stack = tags[STACK_TAG];
  if (stack === undefined) return undefined;
  return { stack, connection: tags[CONNECTION_TAG] ?? '', adopted: tags[ADOPTED_TAG] !== undefined };
}

/** Owner of a peering or link, as its tags or (without tags) its description say. */
export function ownerOf(
  object: { readonly tags: Tags; readonly description: string },
  stack: string,
  hasTags: boolean,
): Owner {
  const tagged = readMarkerTags(object.tags);
  if (tagged !== undefined) return { kind: tagged.stack === stack ? 'ours' : 'other', marker: tagged };
  const described = readMarkerText(object.description);
  if (described === undefined) return NOBODY;
  if (described.stack !== stack) return hasTags ? NOBODY : { kind: 'other', marker: described };
  return { kind: hasTags ? 'lost' : 'ours', marker: described };
}
