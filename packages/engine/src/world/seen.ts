/** The world as it was seen: networks with their tables, peerings with both sides merged, links. */
import type {
  AccountId,
  AccountOwner,
  Link,
  LinkPart,
  Network,
  NetworkId,
  Peering,
  PeeringSide,
  Provider,
  Route,
  RouteTableId,
} from '@peerway/core';
import type { PeerNetwork } from '../declaration/stack.js';
import type { LinkEntries } from './linkEntries.js';
import type { LeftMark } from './ownership.js';

export interface SeenTable {
  readonly id: RouteTableId;
  readonly kind: 'main' | 'custom' | 'edge';
  /** True: the declared routes of the network stand here. The others are read for what of ours they still hold. */
  readonly written: boolean;
  /** How many subnets use a custom table; absent where the cloud does not tell. */
  readonly subnets?: number;
  readonly routes: readonly Route[];
  /** Whose it is, where that is not the network's entry: the border router's own table on a port of another one. */
  readonly provider?: Provider;
}

export interface SeenNetwork {
  /** The user's name; the id for a network that nobody declares any more. */
  readonly name: string;
  readonly key: string;
  readonly id: NetworkId;
  readonly provider: Provider;
  /** Absent: the cloud has no such network in this account and region. Of a peer: as far as it is known here. */
  readonly network?: Network;
  /** It is somebody else's: nothing is read or written there. */
  readonly peer?: PeerNetwork;
  readonly tables: readonly SeenTable[];
  /** Declared tables that are not there. */
  readonly missingTables: readonly RouteTableId[];
}

export interface SeenPeering {
  readonly peering: Peering;
  /** Provider entry that owns the end; absent when none of ours does. */
  readonly providers: Partial<Record<PeeringSide, Provider>>;
  readonly keys: Readonly<Record<PeeringSide, string>>;
  /** The end that is declared as somebody else's. */
  readonly peer?: PeeringSide;
  /** Where its own marks say nothing. */
  readonly leftMark?: LeftMark;
}

export interface SeenLink extends LinkEntries {
  /** Read from both ends where they are two entries'. */
  readonly link: Link;
  /** Where its own marks say nothing. */
  readonly leftMark?: LeftMark;
}

/** The end of a link of ours at a network; the rest of it stands where no entry of the file looks, or is gone. */
export interface StrandedPart {
  readonly restIs: 'out-of-reach' | 'gone';
  readonly part: LinkPart & Required<Pick<LinkPart, 'near' | 'portAt'>>;
}

export interface World {
  readonly providers: ReadonlyMap<string, Provider>;
  /** By the user's name. */
  readonly networks: ReadonlyMap<string, SeenNetwork>;
  /** By `networkKey`; also holds the ends of our peerings that nobody declares any more. */
  readonly byKey: ReadonlyMap<string, SeenNetwork>;
  /** By `pairKey` of the two network keys; several of one pair are possible. */
  readonly pairs: ReadonlyMap<string, readonly SeenPeering[]>;
  /** Peerings that are gone and that the cloud still shows, in order of their ids: evidence of what was there, and whose. */
  readonly tombstones: readonly SeenPeering[];
  readonly links: readonly SeenLink[];
  /** Parts of links of ours whose ports no entry shows. */
  readonly strandedParts: readonly StrandedPart[];
  /** Whose each provider entry is, by its name; absent: not known. */
  readonly accounts: ReadonlyMap<string, AccountOwner>;
  /** Provider entries whose keys belong to another account than `account:` says: that account. */
  readonly mistakenAccounts: ReadonlyMap<string, AccountId>;
}
