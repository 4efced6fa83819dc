/**
 * Ownership: how we know what is ours. Peerings and links carry tags; the description decides where a cloud has no tags
 * or cannot change them. Routes carry the description; where a cloud keeps none, a route is ours when it points at
 * something of ours.
 *
 * Where tags decide, the description only proves that a *declared* pair whose tags were lost is still ours; it never
 * makes us delete something that nobody declares.
 */
import { textProblem, type Link, type Peering, type Support, type Tags, type TextLimit } from '@peerway/core';
import { isListed, TAG_LIST } from './tagList.js';

export const STACK_TAG = 'peerway.stack';
export const CONNECTION_TAG = 'peerway.connection';
/** Set by `adopt`: routes that are exactly as declared were there before us and came with the peering. */
export const ADOPTED_TAG = 'peerway.adopted';
/** More of ours stands there than the listing that shows this peering; see hidden.ts. */
export const ALSO_TAG = 'peerway.also';

/** Every tag that says whose an object is, and which of its tags we wrote. */
export const MARKER_TAGS: readonly string[] = [STACK_TAG, CONNECTION_TAG, ADOPTED_TAG, ALSO_TAG, TAG_LIST];

export interface Marker {
  readonly stack: string;
  readonly connection: string;
  readonly adopted: boolean;
  /** See hidden.ts. */
  readonly also: boolean;
  /** What else of the object the mark says that we wrote, by the names of the file; only where the description decides. */
  readonly set: readonly string[];
  /** What stands behind the mark: the file's `description`, or what was there before us. Empty: nothing. */
  readonly text: string;
}

/** What still says that something is ours: its description, the acceptor's copy of that, or marked routes of ours that lead there (leftMarks.ts). */
export interface LeftMark {
  /** Its connection is empty where nothing tells any more which one it was. */
  readonly marker: Marker;
  readonly by: 'description' | 'other-half' | 'routes';
}

/** `ours`: this stack's. `lost`: our mark has been removed where it decides, and something else still names us. */
export type Owner =
  | { readonly kind: 'ours'; readonly marker: Marker }
  | ({ readonly kind: 'lost' } & LeftMark)
  | { readonly kind: 'other'; readonly marker: Marker }
  | { readonly kind: 'none' };

const NOBODY: Owner = { kind: 'none' };

export const markerTags = (stack: string, connection: string): Tags => ({
  [STACK_TAG]: stack,
  [CONNECTION_TAG]: connection,
});

/** The mark as a description begins with it; what people say of the object follows behind a colon. */
export function markerText(
  stack: string,
  connection: string,
  { also = false, adopted = false, set = [], text = '' }: Partial<Omit<Marker, 'stack' | 'connection'>> = {},
): string {
  const words = [`peerway stack=${stack} connection=${connection}`];
  if (also) words.push('also');
  if (adopted) words.push('adopted');
  if (set.length > 0) words.push(`set=${[...set].sort().join()}`);
  return `${words.join(' ')}${text === '' ? '' : `: ${text}`}`;
}

const TEXT = /^peerway stack=(\S+) connection=(\S+?)( also)?( adopted)?(?: set=(\S+?))?(?:: (.*))?$/s;

/** A mark that somebody has written around, or has cut the end off. */
const DAMAGED =
  /(?:^|\s)peerway stack=([^\s:,;]+)(?: connection=([^\s:,;]+)( also)?( adopted)?(?: set=([^\s:]+))?)?(?=[\s:,;]|$):?/;

/** The mark that a text begins with, whatever people have written behind its last word. */
export function readMarkerText(text: string): Marker | undefined {
  if (!text.startsWith('peerway ')) return undefined; // most descriptions, cheaply
  const [, stack, connection, ...words] = TEXT.exec(text) ?? [];
  if (stack !== undefined && connection !== undefined)
    return { stack, connection, ...meant(words), text: words[3] ?? '' };
  const written = traceIn(text);
  return written?.index === 0 && written.marker.connection !== '' ? written.marker : undefined;
}

/** What the words behind the connection say. */
const meant = ([also, adopted, set]: readonly (string | undefined)[]): Pick<Marker, 'also' | 'adopted' | 'set'> => ({
  adopted: adopted !== undefined,
  also: also !== undefined,
  set: set?.split(',') ?? [],
});

function traceIn(text: string): { readonly index: number; readonly marker: Marker } | undefined {
  const found = DAMAGED.exec(text);
  const [, stack, connection = '', ...words] = found ?? [];
  return found === null || stack === undefined
    ? undefined
    : {
        index: found.index,
        marker: { stack, connection, ...meant(words), text: text.replace(DAMAGED, '').trim() },
      };
}

/** The mark in a description, be it damaged; without a connection where that part of it is gone. */
export function traceOfMark(text: string): Marker | undefined {
  const whole = readMarkerText(text);
  return whole !== undefined || !text.includes('peerway stack=') ? whole : traceIn(text)?.marker;
}

/** What stands in the mark's place when we let go: an empty description is refused by some clouds. */
export const RELEASED = 'released by peerway';

/** What people have said of an object, without anything of ours. */
export function saidOf(description: string): string {
  const said = traceOfMark(description)?.text ?? description;
  return said === RELEASED ? '' : said;
}

/** The mark of an object that is taken over, with what its maker said of it where the cloud takes both. */
export function adoptingText(
  mark: readonly [stack: string, connection: string],
  there: string,
  also: boolean,
  limit?: TextLimit,
): string {
  const whole = markerText(...mark, { also, adopted: true, text: saidOf(there) });
  return textProblem(whole, limit, '') === undefined ? whole : markerText(...mark, { also, adopted: true });
}

function readMarkerTags(tags: Tags): Marker | undefined {
  const stack = tags[STACK_TAG];
  if (stack === undefined) return undefined;
  return {
    stack,
    connection: tags[CONNECTION_TAG] ?? '',
    adopted: tags[ADOPTED_TAG] !== undefined,
    also: tags[ALSO_TAG] !== undefined,
    set: [],
    text: '',
  };
}

/** Where the marker of a mechanism (or of links) stands, and whether it can be changed there. */
interface MarkerPlace {
  readonly decides: 'tags' | 'description' | 'nothing';
  readonly changeable: boolean;
}

type Markable = Readonly<Record<'tags' | 'description', Support>> & { readonly retag?: Support };

export function markerPlace(features: Markable): MarkerPlace {
  const has = (support: Support | undefined): boolean => support?.status === 'supported';
  if (has(features.tags) && has(features.retag)) return { decides: 'tags', changeable: true };
  if (has(features.description)) return { decides: 'description', changeable: true };
  return { decides: has(features.tags) ? 'tags' : 'nothing', changeable: false };
}

/** True when a peering or link bears the stack's mark anywhere: tags, description, or on the acceptor's own half. */
export const bearsMark = (
  { tags, description, acceptorLabels }: Pick<Peering, 'tags' | 'description' | 'acceptorLabels'>,
  stack: string,
): boolean =>
  tags[STACK_TAG] === stack ||
  traceOfMark(description)?.stack === stack ||
  (acceptorLabels !== undefined && bearsMark(acceptorLabels, stack));

/** True when a link bears the stack's mark anywhere. */
export const isMarkedLink = (link: Pick<Link, 'tags' | 'description'>, stack: string): boolean =>
  link.tags[STACK_TAG] === stack || traceOfMark(link.description)?.stack === stack;

/** Whether something is this connection's. What has lost its mark is, unless what is left of it names another one. */
export const belongsTo = (owner: Owner, connection: string): boolean =>
  owner.kind === 'ours' || (owner.kind === 'lost' && ['', connection].includes(owner.marker.connection));

/** Whether the marks of an object say that we wrote what the file calls by this name; see attributes.ts. */
export function saysSet(
  { tags, description }: { readonly tags: Tags; readonly description: string },
  place: MarkerPlace['decides'],
): (name: string) => boolean {
  if (place !== 'description') return isListed(tags);
  const set = readMarkerText(description)?.set ?? [];
  return (name) => set.includes(name);
}

/** Owner of a peering or link, as its marker says. */
export function ownerOf(
  object: { readonly tags: Tags; readonly description: string },
  stack: string,
  place: MarkerPlace['decides'],
): Owner {
  const described = traceOfMark(object.description);
  if (place === 'description') {
    if (described === undefined) return NOBODY;
    if (described.stack !== stack) return described.connection === '' ? NOBODY : { kind: 'other', marker: described };
    const whole = readMarkerText(object.description) !== undefined;
    return whole ? { kind: 'ours', marker: described } : { kind: 'lost', marker: described, by: 'description' };
  }
  const tagged = readMarkerTags(object.tags);
  if (tagged !== undefined) return { kind: tagged.stack === stack ? 'ours' : 'other', marker: tagged };
  return described?.stack === stack ? { kind: 'lost', marker: described, by: 'description' } : NOBODY;
}
