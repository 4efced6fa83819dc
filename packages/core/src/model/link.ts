/** A link: a dedicated line brought to a network by way of a border router on a physical port. */
import type { Cidr } from './cidr.js';
import type { LinkId, NetworkId, PortId, RegionId, RouteTableId, AccountOwner } from './ids.js';
import type { Standing } from './lifecycle.js';
import type { Tags } from './peering.js';
import type { NextHop } from './route.js';

/** A link as a reading shows it. `next`: `continue` when the next step of a creation that takes several is ours to take. */
export type Link = LinkFacts & Standing<'continue'>;

/** What a reading shows of a link besides where it is in its life. */
interface LinkFacts {
  readonly provider: string;
  readonly id: LinkId;
  readonly name: string;
  readonly description: string;
  readonly account: AccountOwner;
  readonly region: RegionId;
  /** Absent while the border router exists and is attached to no network yet. */
  readonly network?: NetworkId;
  /** Whose and where the network is, where that is not the account and region of the link: it is read whole from both sides. */
  readonly networkAt?: FarEnd;
  /** Absent while it is bound to no line yet, or no more. */
  readonly port?: PortId;
  /** 0..4094; each cloud narrows this, see the provider's limits. Absent where the line does not show it. */
  readonly vlan?: number;
  /** Address of the cloud's end of the line, with its prefix, e.g. `10.255.0.1/30`. */
  readonly cloudIp?: string;
  /** Address of the customer's end, e.g. `10.255.0.2`. */
  readonly customerIp?: string;
  readonly bandwidthMbps?: number;
  readonly nativeState: string;
  /** What a route in the network points at to reach the line. Absent until attached. */
  readonly nextHop?: NextHop;
  /**
   * What routes may still point at of parts that can never work again (half of a pair whose other half is gone): `continue`
   * removes and replaces them, and no route may point there by then. Absent: nothing of the kind.
   */
  readonly retiredHops?: readonly NextHop[];
  /** IPv4 prefixes of the network that are offered to the line, where the cloud keeps such a list; unsorted. */
  readonly localPrefixes?: readonly Cidr[];
  /** Present where the border router has a route table of its own that must be filled too (Alibaba). */
  readonly edge?: LinkEdge;
  /** About how long the step of `next` takes until a reading shows it, in milliseconds; absent: not known. */
  readonly nextTakesMs?: number;
  readonly createdAt?: Date;
  readonly tags: Tags;
  /** The tags of each of its other parts, where the cloud keeps tags for them apart. Absent: it does not, or there is no other part. */
  readonly partTags?: readonly Tags[];
  /** Absent where nothing probes the line, or the cloud shows no such thing. */
  readonly healthCheck?: HealthCheck;
}

/** How the cloud probes the far end of a line from the network. */
export interface HealthCheck {
  /** Address in the network that the probes come from, bare. Absent: the cloud's choice. */
  readonly source?: string;
  /** Address that they go to, bare. Absent: the customer's end of the line. */
  readonly target?: string;
  /** Between two probes, in milliseconds. Absent: the cloud's default. */
  readonly intervalMs?: number;
  /** How many lost ones in a row make the line count as down. Absent: the cloud's default. */
  readonly failures?: number;
}

/** The account and region of the other end of a link. */
export interface FarEnd {
  readonly account: AccountOwner;
  readonly region: RegionId;
}

/** The border router's own route table and what its routes point at. */
export interface LinkEdge {
  readonly table: RouteTableId;
  /** Next hop toward the network; absent until attached. */
  readonly towardNetwork?: NextHop;
  /** Next hop toward the customer's side of the line. */
  readonly towardCustomer?: NextHop;
}
