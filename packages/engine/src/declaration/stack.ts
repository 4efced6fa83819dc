/** What a user declares: networks, and which of them reach each other. Given by the composition root, never written back. */
import type {
  AccountId,
  Cidr,
  HealthCheck,
  NetworkId,
  ObjectSettings,
  PeeringRequest,
  PortId,
  Provider,
  RegionId,
  RouteTableId,
  Tags,
} from '@peerway/core';

export interface NetworkSpec {
  /** The account and region that owns the network; of a `peer`, the entry of ours that is joined to it. Entries with the same name must be the same object. */
  readonly provider: Provider;
  readonly id: NetworkId;
  /** Present: it is a network of an account that no entry speaks for. Named second it is asked, named first its account asks. */
  readonly peer?: PeerNetwork;
  /** Tables to write routes into. Absent: the network's main table. */
  readonly routeTables?: readonly RouteTableId[];
}

/** A network whose account is somebody else's: nothing is read or written there. */
export interface PeerNetwork {
  readonly account: AccountId;
  readonly region: RegionId;
  /** Its prefixes, for `auto` routes. Absent: those that the cloud shows on the peering, once it is agreed. */
  readonly cidrs?: readonly Cidr[];
  /** Apply waits until its account has agreed. Absent: the request is left pending, and a later apply goes on. */
  readonly awaited?: true;
}

/** Networks named by what they are called and tagged: none, one or many, as the cloud shows them when it is asked. */
export interface SelectionSpec {
  /** The account and region that owns them. */
  readonly provider: Provider;
  /** Each of these, with exactly this value. */
  readonly tags?: Tags;
  /** A pattern: `*` any characters, `?` one. */
  readonly name?: string;
}

/** Routes in the tables of one end. `auto`: every prefix of the other network. `none`: none. A list: exactly these prefixes. */
export type SideRoutes = 'auto' | 'none' | readonly Cidr[];

/**
 * `auto` and `none` hold for both ends. A list: each prefix is routed from the ends that do not hold it. `sides`: by the
 * user's name of the network in whose tables the routes stand; a network that is not named there is `auto`.
 */
export type RouteSpec = 'auto' | 'none' | readonly Cidr[] | { readonly sides: Readonly<Record<string, SideRoutes>> };

/**
 * What a user asks of every peering of a connection, in the words of the request that makes it: it is handed on whole, and
 * the engine adds the two ends, our marker and a display name. `mechanism` absent: the provider's default for a new
 * peering, and whatever is there for an existing one. `description`: what people say of it, which stands behind our mark. What is absent
 * is nobody's business here, unless the marks say that we wrote it.
 */
export type PeeringSpec = Pick<
  PeeringRequest,
  'mechanism' | 'bandwidthMbps' | 'tags' | 'description' | 'deletionProtection' | 'settings'
>;

/** Whose names resolve in the other network: both, none, or those of the named networks alone. */
export type DnsSpec = 'both' | 'none' | readonly string[];

interface ConnectionBase {
  /** Unique in the stack. Letters, digits, `-`, `_` and `.`; it becomes part of the ownership marker. */
  readonly name: string;
  readonly peering: PeeringSpec;
  readonly routes: RouteSpec;
  /** Absent: as it is. */
  readonly dnsSync?: DnsSpec;
}

/** Names are keys of `StackSpec.networks`. */
export type ConnectionSpec = ConnectionBase &
  (
    | { readonly kind: 'pair'; readonly between: readonly [string, string] }
    | { readonly kind: 'hub'; readonly hub: string; readonly spokes: readonly string[] }
    | { readonly kind: 'mesh'; readonly members: readonly string[] }
  );

export interface LinkSpec {
  /** Unique among connections and links of the stack. */
  readonly name: string;
  readonly network: string;
  readonly port: PortId;
  /** The account and region that own the port. Absent: the network's. Entries with the same name must be the same object. */
  readonly portProvider?: Provider;
  readonly vlan: number;
  /** With its prefix, e.g. `10.255.0.1/30`. */
  readonly cloudIp: string;
  readonly customerIp: string;
  /** Prefixes behind the line; a route to each is written in the network. */
  readonly destinations: readonly Cidr[];
  readonly bandwidthMbps?: number;
  readonly tags?: Tags;
  /** What people say of it; it stands behind our mark. */
  readonly description?: string;
  readonly healthCheck?: HealthCheck;
  /** The provider's own settings for this one link. */
  readonly settings?: ObjectSettings;
}

export interface StackSpec {
  /** The ownership marker on everything that this stack makes. */
  readonly name: string;
  /** Every provider entry, also one that no network names any more: what is ours may still be there. Default: those of the networks. */
  readonly providers?: readonly Provider[];
  /** Key: the user's name for the network. */
  readonly networks: ReadonlyMap<string, NetworkSpec>;
  /** Key: the user's name, another one than those of the networks; spokes and members of meshes may be named so. */
  readonly selections?: ReadonlyMap<string, SelectionSpec>;
  readonly connections: readonly ConnectionSpec[];
  readonly links: readonly LinkSpec[];
}
