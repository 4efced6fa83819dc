/** Status: every declared connection and link as it stands now, and what is missing on which side. */
import type { LifecycleState, LinkId, PeeringId, PeeringSide, RouteState } from '@peerway/core';
import type { DriftItem } from './plan/driftKinds.js';
import type { Problem } from './plan/plan.js';

/** `connected`: peering active and every route there. `pending`: on its way. `broken`: needs an apply or a person. */
export type Health = 'connected' | 'pending' | 'broken' | 'absent';

export interface RouteStatus {
  readonly side: PeeringSide;
  /** The user's name for the network. */
  readonly network: string;
  readonly table: string;
  readonly destination: string;
  readonly state: RouteState | 'missing' | 'taken';
}

export interface ConnectionStatus {
  /** The expanded name, e.g. `web-data`, `core/ml/logs`. */
  readonly connection: string;
  /** The declared name, e.g. `core`. */
  readonly declared: string;
  readonly kind: 'peering' | 'link';
  /** The user's names for the two networks; one for a link. */
  readonly networks: readonly string[];
  readonly provider: string;
  readonly mechanism?: string;
  readonly health: Health;
  readonly id?: PeeringId | LinkId;
  readonly state?: LifecycleState;
  readonly reason?: string;
  /** When the cloud says that it was made, ISO 8601; absent where the cloud does not say. */
  readonly createdAt?: string;
  readonly nativeState?: string;
  readonly owner: 'ours' | 'foreign' | 'other-stack' | 'none';
  readonly bandwidthMbps?: number | 'unlimited';
  readonly routes: readonly RouteStatus[];
  readonly drift: readonly DriftItem[];
}

export interface StackStatus {
  readonly version: 1;
  readonly stack: string;
  readonly connections: readonly ConnectionStatus[];
  readonly problems: readonly Problem[];
  /** What is ours and no longer declared. */
  readonly undeclared: readonly DriftItem[];
}
