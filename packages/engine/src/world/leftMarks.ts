/**
 * What says that a peering or link is ours when its own marks say nothing any more, because somebody has written over them: the mark on the
 * acceptor's half, which the cloud copied there when we made it, or marked routes of ours, which are written toward nothing but our own and
 * lose their marks before a release lets go. It only counts for what is declared, and never against a mark of another stack; without
 * such evidence an object without marks is somebody else's.
 */
import { isLive, type NextHop, type Provider, type Tags } from '@peerway/core';
import { networkKey } from '../declaration/topology.js';
import { ownerOfLink } from './linkFacts.js';
import { readMarkerText, RELEASED, STACK_TAG, type LeftMark, type Marker } from './ownership.js';
import { mechanismOf, ownerOfPeering } from './peeringFacts.js';
import type { SeenLink, SeenNetwork, SeenPeering } from './seen.js';

/** Marks of the routes that lead to one object. */
class RouteMarks {
  /** `networkKey hopId` → the object. */
  readonly #objects = new Map<string, object>();
  readonly #marks = new Map<object, Marker[]>();

  watch(object: object, key: string, hop: NextHop | undefined): void {
    if (hop !== undefined) this.#objects.set(`${key} ${hop.id}`, object);
  }

  read({ key, tables, provider }: SeenNetwork): void {
    // where descriptions stay for ever, those of a released peering still name us
    if (this.#objects.size === 0 || !canRelabel(provider)) return;
    for (const { routes } of tables)
      for (const { origin, nextHop, description } of routes) {
        const object = this.#objects.get(`${key} ${nextHop.id}`);
        const mark = origin === 'custom' && object !== undefined ? readMarkerText(description) : undefined;
        if (object !== undefined && mark !== undefined) this.#marks.set(object, [...this.of(object), mark]);
      }
  }

  of(object: object): readonly Marker[] {
    return this.#marks.get(object) ?? [];
  }
}

const canRelabel = ({ capabilities }: Provider): boolean => capabilities.routes.features.relabel.status === 'supported';

interface Seen {
  readonly pairs: ReadonlyMap<string, readonly SeenPeering[]>;
  readonly links: readonly SeenLink[];
}

/** The same, with what is left of lost marks. @param networks with their tables */
export function withLeftMarks(stack: string, { pairs, links }: Seen, networks: Iterable<SeenNetwork>): Seen {
  const lostPeerings = [...pairs.values()].flat().filter((seen) => mayBeOurs(seen, stack));
  const lostLinks = links.filter((seen) => isLive(seen.link.state) && hasLost(ownerOfLink(seen, stack), seen.link));
  if (lostPeerings.length + lostLinks.length === 0) return { pairs, links };
  const marks = new RouteMarks();
  for (const seen of lostPeerings)
    for (const side of ['initiator', 'acceptor'] as const)
      marks.watch(seen, seen.keys[side], seen.peering[side].nextHop);
  for (const seen of lostLinks)
    for (const hop of [seen.link.nextHop, ...(seen.link.retiredHops ?? [])])
      marks.watch(seen, networkKey(seen.provider.id, seen.link.network ?? ''), hop);
  for (const network of networks) marks.read(network);
  const left = new Map<object, LeftMark>();
  for (const seen of lostPeerings) {
    const mark = ofOtherHalf(seen, stack) ?? ofRoutes(marks.of(seen), stack, seen.peering.tags);
    if (mark !== undefined) left.set(seen, mark);
  }
  for (const seen of lostLinks) {
    const mark = ofRoutes(marks.of(seen), stack, seen.link.tags);
    if (mark !== undefined) left.set(seen, mark);
  }
  const known = <T extends object>(seen: T): T & { readonly leftMark?: LeftMark } => {
    const leftMark = left.get(seen);
    return leftMark === undefined ? seen : { ...seen, leftMark };
  };
  return {
    pairs: new Map([...pairs].map(([pair, list]) => [pair, list.map(known)])),
    links: links.map(known),
  };
}

/** Nobody's by its marks, and not let go of. */
const hasLost = (
  { kind }: ReturnType<typeof ownerOfLink>,
  { description }: { readonly description: string },
): boolean => kind === 'none' && description !== RELEASED;

/** Read from the side that bears the marks; what others have asked for is theirs, and our routes over it prove nothing. */
function mayBeOurs(seen: SeenPeering, stack: string): boolean {
  const { peering, peer, providers } = seen;
  if (peer === 'initiator' || providers.initiator === undefined || peering.seenFrom !== 'initiator') return false;
  if (!isLive(peering.state) || !hasLost(ownerOfPeering(seen, stack), peering)) return false;
  const half = halfOf(seen);
  return half === undefined || half.stack === stack;
}

/** The mark on the acceptor's half of a peering that both sides share. */
const halfOf = (seen: SeenPeering): Marker | undefined =>
  mechanismOf(seen)?.handshake === 'shared'
    ? readMarkerText(seen.peering.acceptorLabels?.description ?? '')
    : undefined;

function ofOtherHalf(seen: SeenPeering, stack: string): LeftMark | undefined {
  const marker = halfOf(seen);
  return marker?.stack === stack ? { marker, by: 'other-half' } : undefined;
}

/** All of one stack and connection, or they prove nothing. Unless its tags tell that we made it, it counts as adopted: what is others' goes by `--force` alone. */
function ofRoutes(marks: readonly Marker[], stack: string, tags: Tags): LeftMark | undefined {
  const [first] = marks;
  if (first === undefined) return undefined;
  if (marks.some((mark) => mark.stack !== stack || mark.connection !== first.connection)) return undefined;
  const adopted = tags[STACK_TAG] !== stack || marks.some((mark) => mark.adopted);
  return { marker: { ...first, adopted, also: false, set: [], text: '' }, by: 'routes' };
}
