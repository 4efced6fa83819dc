/** A network (VPC) as a cloud shows it. Networks are given: Peerway joins them, it never makes or deletes one. */
import type { Cidr } from './cidr.js';
import type { Tags } from './peering.js';
import type { AccountOwner, NetworkId, RegionId, RouteTableId } from './ids.js';

/** What names a network uniquely within one provider. */
export interface NetworkRef {
  readonly account: AccountOwner;
  readonly region: RegionId;
  readonly id: NetworkId;
}

/** Where a network is in its life. */
export type NetworkState = 'provisioning' | 'active' | 'deleting';

/** A network as a reading shows it. */
export interface Network extends NetworkRef {
  /** Plugin id of the provider, e.g. `alibaba`. */
  readonly provider: string;
  /** Empty when the cloud has none. */
  readonly name: string;
  /** Empty: it has none. Absent where the cloud's reading does not show them (capability `networkTags`). */
  readonly tags?: Tags;
  /** Every prefix of the network, primary IPv4 first, then secondary, then IPv6. Never empty. */
  readonly cidrs: readonly Cidr[];
  readonly state: NetworkState;
  readonly nativeState: string;
  /** The table that new subnets use, when the cloud's network read names it without doubt; else ask `routes.tables`. */
  readonly mainRouteTable?: RouteTableId;
  /** Every route table of the network, when the network read names them all; else ask `routes.tables`. */
  readonly routeTables?: readonly RouteTableId[];
  /** True when the cloud forwards traffic through this network for others (Baidu: relay). Absent where there is no such thing. */
  readonly transit?: boolean;
}
