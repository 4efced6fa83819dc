/** A peering: the relation of two networks. Its ends are fixed at creation; which end a caller stands on is its side. */
import type { Cidr } from './cidr.js';
import type { AccountOwner, NetworkId, PeeringId, RegionId } from './ids.js';
import { traitsOf, type Standing } from './lifecycle.js';
import type { NextHop } from './route.js';

/** `initiator` asked for the peering, `acceptor` was asked. */
export type PeeringSide = 'initiator' | 'acceptor';

/** Both sides, the initiator first. */
export const PEERING_SIDES: readonly PeeringSide[] = ['initiator', 'acceptor'];

/** The opposite side. */
export const otherSide = (side: PeeringSide): PeeringSide => (side === 'initiator' ? 'acceptor' : 'initiator');

/** One of the two networks that a peering joins. */
export interface PeeringEnd {
  readonly account: AccountOwner;
  readonly region: RegionId;
  readonly network: NetworkId;
  /** Prefixes of the end's network as the peering shows them; absent where the cloud does not show them. */
  readonly cidrs?: readonly Cidr[];
  /**
   * What a route in this end's network points at. Absent when it cannot be seen from the side the peering was read
   * from (Baidu shows each side its own interface only) or does not exist yet.
   */
  readonly nextHop?: NextHop;
  /**
   * The router by which this end joins, where the mechanism joins routers and the other side must know it (Alibaba router
   * interfaces: `vrt-…`). Absent elsewhere, and where it cannot be seen from the side the peering was read from.
   */
  readonly router?: string;
}

/** What must happen before the peering can move on, where the cloud waits for us and not we for the cloud. */
export interface PeeringNext {
  /** Whose account must act. */
  readonly side: PeeringSide;
  /** `accept`: the acceptor agrees. `continue`: the next step of a handshake that takes several. */
  readonly verb: 'accept' | 'continue';
  /** About how long it takes until a reading shows it, in milliseconds; absent: not known. */
  readonly takesMs?: number;
}

/**
 * What the peering waits for: the reading's own word, and for a request that is pending, that its acceptor agrees. Undefined when
 * nobody of ours has anything to do.
 */
export const nextStep = ({ next, state }: Peering): PeeringNext | undefined =>
  next ?? (traitsOf(state).waitsFor === 'acceptor' ? { side: 'acceptor', verb: 'accept' } : undefined);

/** A peering as one reading shows it, from one side. */
export type Peering = PeeringFacts & Standing<PeeringNext>;

/** What a reading shows of a peering besides where it is in its life. */
interface PeeringFacts {
  /** Plugin id of the provider. */
  readonly provider: string;
  /** One of the provider's mechanisms, e.g. `vpc-peer`, `router-interface`, `peerconn`. */
  readonly mechanism: string;
  readonly id: PeeringId;
  /** The side this reading was taken from. */
  readonly seenFrom: PeeringSide;
  readonly name: string;
  readonly description: string;
  /** The cloud's own word, unchanged. */
  readonly nativeState: string;
  readonly initiator: PeeringEnd;
  readonly acceptor: PeeringEnd;
  /**
   * Megabits (not megabytes) per second. `unlimited` where the cloud enforces no limit (Alibaba's -1); absent where it
   * does not say.
   */
  readonly bandwidthMbps?: number | 'unlimited';
  readonly createdAt?: Date;
  /** When an unanswered request lapses, or a paid term ends. */
  readonly expiresAt?: Date;
  /** As seen from `seenFrom`: clouds keep the tags of the two sides apart. Empty where there are none. */
  readonly tags: Tags;
  /** What the acceptor's own reading says, in a picture merged from both sides: name, description and tags above are the initiator's. */
  readonly acceptorLabels?: PeeringLabels;
  /** Switch that makes the cloud refuse a delete. Absent where the cloud has none. */
  readonly deletionProtection?: boolean;
  /** The switch of `seenFrom`; whose names it is about says the capability `dnsSwitch`. Absent where the cloud has no such thing. */
  readonly dnsSync?: DnsSyncState;
  /** The acceptor's switch, where the initiator's reading shows it too, or the reading is merged from both sides. */
  readonly acceptorDnsSync?: DnsSyncState;
}

/** What people and programs write onto a peering. */
export type PeeringLabels = Pick<PeeringFacts, 'name' | 'description' | 'tags'>;

/** Whether names of one network resolve in the other, and which way that is just changing. */
export type DnsSyncState = 'off' | 'turning-on' | 'on' | 'turning-off';

/** Labels by key. Empty: none. A key is any text, `constructor` and `__proto__` too: read one by `tagOf`. */
export type Tags = Readonly<Record<string, string>>;

/** The value of a tag. Undefined: there is none of that key. */
export const tagOf = (tags: Tags, key: string): string | undefined =>
  Object.hasOwn(tags, key) ? tags[key] : undefined;
