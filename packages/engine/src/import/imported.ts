/** What an import finds: a declaration that says what is there, and what it cannot say. */
import type { Link, Network, Peering } from '@peerway/core';
import type { ConnectionSpec, LinkSpec, StackSpec } from '../declaration/stack.js';

/** A peering that is there, and the connection that says it. */
export interface ImportedConnection {
  readonly spec: Extract<ConnectionSpec, { readonly kind: 'pair' }>;
  readonly peering: Peering;
}

/** A link that is there, and its declaration. */
export interface ImportedLink {
  readonly spec: LinkSpec;
  readonly link: Link;
}

/** What is there and stands not in the declaration. */
export interface LeftOut {
  readonly kind: 'peering' | 'link' | 'route';
  /** For people, e.g. `peering pcc-1 (vpc-a → vpc-b)`. */
  readonly object: string;
  /** A clause, e.g. `it belongs to the stack shop`. */
  readonly why: string;
  /** The other stack that it belongs to; absent: none. */
  readonly stack?: string;
}

export interface Imported {
  readonly stack: StackSpec;
  /** As the cloud shows them, by the names of the declaration. */
  readonly networks: ReadonlyMap<string, Network>;
  readonly connections: readonly ImportedConnection[];
  readonly links: readonly ImportedLink[];
  /** Sorted. */
  readonly leftOut: readonly LeftOut[];
}
