/** What a fake cloud keeps: plain records, open to the tests that bend them. */
import type {
  Cidr,
  ErrorCode,
  LifecycleState,
  NetworkId,
  NextHop,
  Peering,
  PeeringSide,
  Route,
  RouteState,
  StateReason,
} from '@peerway/core';

export interface FakeNetwork {
  readonly id: NetworkId;
  readonly account: string;
  readonly region: string;
  cidrs: Cidr[];
  state: 'provisioning' | 'active' | 'deleting';
  readonly tables: string[];
  transit?: boolean;
  /** Absent: it is called by its id. */
  name?: string;
  tags?: Record<string, string>;
  accountUnknown?: true;
}

export interface FakePeering {
  readonly id: string;
  readonly mechanism: string;
  readonly initiator: NetworkId;
  readonly acceptor: NetworkId;
  state: LifecycleState;
  reason: StateReason | undefined;
  next: Peering['next'];
  until: number;
  then: (() => void) | undefined;
  visibleAt: number;
  tags: Record<string, string>;
  acceptorTags: Record<string, string>;
  /** A setting of the provider's own; its options want `gold`. */
  tier: string;
  description: string;
  name: string;
  bandwidthMbps: number | 'unlimited' | undefined;
  protection: boolean;
  halves: Set<PeeringSide>;
}

export interface FakeRoute {
  readonly id: string;
  readonly table: string;
  readonly network: NetworkId;
  readonly destination: Cidr;
  nextHop: NextHop;
  state: RouteState;
  origin: Route['origin'];
  description: string;
  until: number;
  /** Drops traffic although its target is there; or the cloud does not use it. */
  broken?: boolean | 'filtered';
}

export interface FakeLink {
  readonly id: string;
  network: NetworkId | undefined;
  readonly port: string;
  readonly vlan: number;
  cloudIp: string;
  customerIp: string;
  /** Absent: the cloud keeps no list. */
  localPrefixes?: readonly Cidr[];
  /** A setting of the provider's that nobody declares. */
  setting?: string;
  readonly account: string;
  readonly region: string;
  name: string;
  description: string;
  tags: Record<string, string>;
  state: LifecycleState;
  reason: StateReason | undefined;
  next: 'continue' | undefined;
  until: number;
  then: (() => void) | undefined;
}

export interface FakeRequest {
  readonly at: number;
  readonly operation: string;
  readonly mutating: boolean;
  readonly account: string;
  code?: ErrorCode;
}

/** Dies at the n-th request (from 1): before it is sent, after the cloud has done it, or after its answer. */
export interface Kill {
  readonly at: number;
  readonly phase: 'before' | 'sent' | 'answered';
}
