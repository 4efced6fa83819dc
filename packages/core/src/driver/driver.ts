/**
 * What a provider implements. Users never see these interfaces: they hold the portable classes of `portable/`, which
 * validate, gate by capability, retry, wait and wrap errors, so a driver does none of that.
 *
 * Rules for every member:
 * - one logical change per call, as few requests as the cloud allows, no sleeping, no retrying, no caching of state;
 * - `call.admit` before each request (see Call);
 * - an error is a `PeerwayError` with the vendor's code and request id in its details, and no vendor object attached;
 * - a changing request that may have taken effect although nobody said so (no answer, half of one, an abort on its way:
 *   `Canceled`) fails with `outcome: 'unknown'`;
 * - inputs are valid: ids non-empty, CIDRs canonical, capability supported, limits kept, options objects present;
 * - one page per list call: core loops, retries a page and merges;
 * - a vendor state that no table maps is never guessed: of an object that was asked for it throws `Unknown` with the word, in a
 *   listing the item is named as unreadable (`readEach`).
 */
import type { Cidr } from '../model/cidr.js';
import type { AccountId, LinkId, NetworkId, PeeringId, PortId, RegionId, RouteTableId } from '../model/ids.js';
import type { FarEnd, HealthCheck, Link } from '../model/link.js';
import type { Network } from '../model/network.js';
import type { Peering, PeeringSide, Tags } from '../model/peering.js';
import type { KnownHops, NextHop, Route, RouteTable } from '../model/route.js';
import type { PeerwayError } from '../errors/error.js';
import type { Connection } from '../plugin/proxy.js';
import type { Call } from './call.js';
import type { NativeToken } from './native.js';
import type { Unreadable } from './unreadable.js';

/** One page of a listing, as large as the cloud allows. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Items that fit the query and that no table can read; see Unreadable. Absent: none. */
  readonly unreadable?: readonly Unreadable[];
  /** Parts of links that the answers of a listing of peerings showed as well: their marks tell that there is a link to look for. */
  readonly linkParts?: readonly LinkPart[];
  /** Opaque to core, which hands it back for the next page; absent on the last one. */
  readonly next?: string;
}

/** A part of a link, and what stands on it. */
export interface LinkPart extends Pick<Link, 'tags' | 'description'> {
  /** The network that it is attached to, and what routes there name as their next hop. Absent: it is beside the port. */
  readonly near?: { readonly network: NetworkId; readonly hop: string };
  /** Where its port is, as far as the part says. Absent: nothing says. */
  readonly portAt?: FarEnd;
}

/** `next` of the page before; undefined for the first page. */
export type Cursor = string | undefined;

/** The driver of one account in one region. */
export interface ProviderDriver {
  readonly networks: NetworkDriver;
  readonly peerings: PeeringDriver;
  readonly routes: RouteDriver;
  /** Present exactly when the capability `link` is supported. */
  readonly links?: LinkDriver;
  /** The account that the credentials belong to, as the cloud says. Absent where the cloud does not say. */
  ownAccount?(call: Call): Promise<AccountId>;
  /** Every address that the driver's requests go to, and the proxy before each. Absent: the driver does not say. */
  readonly connections?: readonly Connection[];
  /** The typed escape hatch; undefined for a token that is not this provider's. */
  native<T>(token: NativeToken<T>): T | undefined;
  /** Frees sockets and timers. Called once; nothing else is called afterwards. */
  close(): Promise<void>;
}

/** Reads networks; nothing here writes. */
export interface NetworkDriver {
  /** Reads the networks that exist among `ids` (1 to `networksPerRead`, no duplicates), in any order; missing ones are left out. */
  get(ids: readonly NetworkId[], call: Call): Promise<readonly Network[]>;
  /** Every network of the account in the region, each once. */
  list(cursor: Cursor, call: Call): Promise<Page<Network>>;
}

/** The acceptor as named by the initiator. */
export interface PeeringTarget {
  /** Absent: the initiator's own account. */
  readonly account?: AccountId;
  readonly region: RegionId;
  readonly network: NetworkId;
}

/**
 * The provider's own settings for one object, by the names of the plugin's `peeringOptions` or `linkOptions` class and checked by it.
 * Plain data, as a plan is. They go before the entry's `options` of the same names. Empty: nothing is said of this object.
 */
export type ObjectSettings = Readonly<Record<string, unknown>>;

/** A peering to be made, checked: every member fits the capabilities and limits of the mechanism. */
export interface PeeringCreate {
  /** Mechanism name, always given. */
  readonly mechanism: string;
  /** A network of the driver's own account and region. */
  readonly initiator: NetworkId;
  readonly acceptor: PeeringTarget;
  /** Given when the capability `name` is supported and the caller chose one. */
  readonly name?: string;
  readonly description?: string;
  readonly bandwidthMbps?: number;
  /** Empty where tags are unsupported. */
  readonly tags: Tags;
  /** True only where the capability `deletionProtection` is supported: the peering is protected from the moment it is there. */
  readonly deletionProtection?: true;
  /** Only names that the mechanism's capabilities list under `settings`. Absent: none. */
  readonly settings?: ObjectSettings;
  /** At most 64 ASCII characters; stays the same over every retry of one creation. */
  readonly clientToken: string;
}

/** Which peerings to list; members are combined with "and", an empty query means all. */
export interface PeeringQuery {
  /** Only peerings with an end in this network. */
  readonly network?: NetworkId;
  /** Only peerings of exactly these two networks, in either role. */
  readonly between?: readonly [NetworkId, NetworkId];
  /** Only this mechanism. */
  readonly mechanism?: string;
  /**
   * Which of those listed the caller needs whole. The others may lack what the cloud shows only of one that is read by itself
   * (tags, deletion protection): a listing costs what the caller asks about, not what the account holds. Absent: all.
   */
  readonly whole?: (listed: Peering) => boolean;
  /**
   * Also what is gone and what the cloud still shows, in state `deleted`: evidence of what was there, and whose. A driver may hand
   * it over unasked; core leaves it out. Absent: not wanted.
   */
  readonly tombstones?: boolean;
}

/** One change of a peering; the portable class turns an update into a sequence of these. */
export type PeeringChange =
  | { readonly kind: 'labels'; readonly name?: string; readonly description?: string }
  | { readonly kind: 'bandwidth'; readonly bandwidthMbps: number }
  | { readonly kind: 'tags'; readonly set: Tags; readonly remove: readonly string[] }
  | { readonly kind: 'deletionProtection'; readonly enabled: boolean }
  | { readonly kind: 'dnsSync'; readonly enabled: boolean }
  | { readonly kind: 'suspended'; readonly suspended: boolean }
  | SettingsChange;

/** Writes the provider's own settings (see `SettingDrift`) of these names onto the object. */
export interface SettingsChange {
  readonly kind: 'settings';
  /** At least one; each was reported as `in-place`. */
  readonly names: readonly string[];
  /** What is declared for this object; a name that is not there gets what the entry's options say, else the cloud's default. */
  readonly values: ObjectSettings;
}

/** One of the provider's own settings (its `options`, or those of the object) that a reading shows otherwise than it is declared. */
export interface SettingDrift {
  /** As in the provider's options, e.g. `linkType`. */
  readonly name: string;
  /** What the reading shows, for people; `none` when nothing is set. */
  readonly seen: string;
  readonly wanted: string;
  /** `in-place`: a change of kind `settings` does it. `replace`: only a new object can have it. `fixed`: nothing can. */
  readonly change: 'in-place' | 'replace' | 'fixed';
}

/**
 * `gone`: nothing is left on this side. `started`: the cloud is removing it; read until it is gone. `continue`: a step was made
 * (deactivated, say); read until the state is not transitional, then call delete again.
 */
export type DeleteProgress = 'gone' | 'started' | 'continue';

/** What who asks for a deletion has read just before: each spares the driver a request. */
export interface BeforeDelete<T> {
  /**
   * The last reading. A driver may act on it, and reads anew when the cloud refuses what it has sent, because the object is in
   * another state by now.
   */
  readonly seen?: T;
  /** Every route table at this end was read a moment ago, and no route in it points at what is deleted. Absent: nobody looked. */
  readonly unrouted?: boolean;
}

/** Makes, reads, changes and ends peerings of all the provider's mechanisms. */
export interface PeeringDriver {
  /**
   * Asks for a peering. Returns as soon as the cloud has taken the request; the peering may not be readable for a while.
   * The same clientToken with the same input returns the same id where the capability `clientToken` is supported.
   * @throws `AlreadyExists` when the two networks are joined already, by any mechanism. Where the capability `duplicate` is
   *   `returns-existing`, only when the answer shows that what is there is not what was asked for: other tags, say
   */
  create(input: PeeringCreate, call: Call): Promise<PeeringId>;

  /**
   * Reads one peering from the given side, which must be an end that the driver's account and region own.
   * A tombstone is returned with state `deleted`. @throws `NotFound`
   */
  get(id: PeeringId, side: PeeringSide, call: Call): Promise<Peering>;

  /**
   * Every peering that the account can see in the region and that fits the query. Where a cloud shows one peering twice, once from
   * each side, both readings are returned and core merges them; where it shows one that the account has both ends of once, it is
   * the initiator's. What is rejected, expired or failed is listed; tombstones too, when they are asked for.
   */
  list(query: PeeringQuery, cursor: Cursor, call: Call): Promise<Page<Peering>>;

  /**
   * Makes the acceptor's end agree. Accepting what is already active is success.
   * @param seen the reading that asked for it, where there is one: of either side, or of both merged. A hint only: it may show
   *   what this side cannot see. Where each side makes its own half, the one that is made here bears the initiator's tags that
   *   begin with `peerway.` and, where that begins with `peerway `, its description: a half that outlives the other is somebody's
   * @throws `FailedPrecondition` in any other state; `PermissionDenied` when the account is not the acceptor's
   */
  accept(id: PeeringId, call: Call, seen?: Peering): Promise<void>;

  /**
   * Takes the next step of a handshake that takes several; called only when a reading says `next: { verb: 'continue' }`.
   * @param seen the reading that asked for the step; where the halves are mirrored it shows what the other side made (`nextHop`). A
   *   driver may act on it, and reads anew when the cloud refuses what it has sent
   */
  continue?(id: PeeringId, side: PeeringSide, call: Call, seen?: Peering): Promise<void>;

  /** Refuses a pending request; only the acceptor may. @throws `FailedPrecondition` when it is not pending */
  reject(id: PeeringId, call: Call): Promise<void>;

  /** Makes one change. Making it again when it is made already is success. @throws `NotFound`; `FailedPrecondition` */
  update(id: PeeringId, side: PeeringSide, change: PeeringChange, call: Call): Promise<void>;

  /**
   * Compares a reading with what is declared for this peering, and with the driver's own options for what is not; sends nothing.
   * Absent: no setting shows on a peering. Empty: as declared.
   */
  settingsDrift?(seen: Peering, settings: ObjectSettings): readonly SettingDrift[];

  /**
   * Ends the peering as far as this side can. `gone` for a dead one that cannot be deleted and fades (capability `dead`).
   * @throws `NotFound` when it is gone already; core turns that into success
   */
  delete(id: PeeringId, side: PeeringSide, call: Call, before?: BeforeDelete<Peering>): Promise<DeleteProgress>;

  /**
   * Asks the cloud about a creation without doing it. Only with capability `dryRun`; what a pass shows says `dryRunShows`.
   * @throws what create would
   */
  dryRun?(input: PeeringCreate, call: Call): Promise<void>;

  /**
   * Whether no route, as far as this side can see, keeps the cloud from ending the peering. Asks, and ends nothing. Only with
   * capability `deletionShowsRoutes`. @throws `NotFound`; `FailedPrecondition` where something else is in the way
   */
  isUnrouted?(id: PeeringId, side: PeeringSide, call: Call): Promise<boolean>;
}

/** A route to be made, checked: prefixes canonical, features supported, description within its limit. */
export interface RouteCreate {
  readonly table: RouteTableId;
  readonly network: NetworkId;
  readonly destination: Cidr;
  readonly source?: Cidr;
  readonly nextHop: NextHop;
  /** Absent where the cloud keeps none. */
  readonly description?: string;
  /** Stays the same over every try of one creation. */
  readonly clientToken: string;
}

/**
 * What names a route for deletion: everything that a reading shows of its identity, and its origin where the caller has read it, so
 * that a driver can refuse to remove one of the cloud's own where the cloud would not refuse.
 */
export type RouteRef = Pick<Route, 'id' | 'table' | 'network' | 'destination' | 'source' | 'nextHop'> &
  Partial<Pick<Route, 'origin'>>;

/** Outcome of one item of a batch, in the order of the input. */
export type ItemOutcome = { readonly ok: true } | { readonly ok: false; readonly error: PeerwayError };

/** Reads and writes the routes of the account's networks. */
export interface RouteDriver {
  /** Route tables of a network of this account and region, the main one first. @throws `NotFound` */
  tables(network: NetworkId, call: Call, hops?: KnownHops): Promise<readonly RouteTable[]>;
  /**
   * Every route of one table, system routes included, `blackhole` among their states where the cloud shows it or the driver can see it.
   * @param hops the next hops that need no request to be told apart; a driver asks about others, where it has to
   */
  list(network: NetworkId, table: RouteTableId, cursor: Cursor, call: Call, hops?: KnownHops): Promise<Page<Route>>;
  /** @throws `AlreadyExists` when the table has the destination (and source) already; `Conflict` while the network is busy */
  create(input: RouteCreate, call: Call): Promise<void>;
  /**
   * 1 to `limits.batch` routes of at most `limits.networksPerBatch` networks in one request; no two have the same destination, source
   * and next hop, by which a cloud may name the one that failed. Never throws for a single item. Only with capability `createMany`.
   */
  createMany?(inputs: readonly RouteCreate[], call: Call): Promise<readonly ItemOutcome[]>;
  /** @throws `NotFound` when gone already; `PermissionDenied` for a system route */
  delete(route: RouteRef, call: Call): Promise<void>;
  /** As `createMany`; an item that is gone already is `NotFound`. Only with capability `deleteMany`. */
  deleteMany?(routes: readonly RouteRef[], call: Call): Promise<readonly ItemOutcome[]>;
  /** Changes the description and nothing else. Only with capability `relabel`. @throws `NotFound` */
  describe?(route: RouteRef, description: string, call: Call): Promise<void>;
}

/** A link to be made, checked: both addresses are different ones of one prefix, the VLAN is within its limits. */
export interface LinkCreate {
  /** Of the driver's account and region, or of the other one's that it was joined with (`across`). */
  readonly network: NetworkId;
  readonly port: PortId;
  readonly vlan: number;
  /** With its prefix, e.g. `10.255.0.1/30`. */
  readonly cloudIp: string;
  /** Bare, e.g. `10.255.0.2`. */
  readonly customerIp: string;
  readonly name: string;
  readonly description?: string;
  readonly bandwidthMbps?: number;
  /** Empty where tags are unsupported. */
  readonly tags: Tags;
  /** Within the capabilities' `healthCheck`. Absent: none. */
  readonly healthCheck?: HealthCheck;
  /** Only names that the capabilities list under `settings`. Absent: none. */
  readonly settings?: ObjectSettings;
  /** Stays the same over every try of one creation. */
  readonly clientToken: string;
}

/** One change of a link; the portable class turns an update into a sequence of these. */
export type LinkChange =
  | { readonly kind: 'labels'; readonly name?: string; readonly description?: string }
  | { readonly kind: 'bandwidth'; readonly bandwidthMbps: number }
  | { readonly kind: 'tags'; readonly set: Tags; readonly remove: readonly string[] }
  /** Both ends at once; the same form as in `LinkCreate`. */
  | { readonly kind: 'addresses'; readonly cloudIp: string; readonly customerIp: string }
  /** Probes the line so from now on, without a `target` toward the customer's end; without `check` no more (only where it is removable). */
  | { readonly kind: 'healthCheck'; readonly check?: HealthCheck }
  /** All of `Link.localPrefixes`; asked only of a link whose reading has them. */
  | { readonly kind: 'localPrefixes'; readonly prefixes: readonly Cidr[] }
  /** Lets traffic through, or stops it, at every part of the link that has such a switch. */
  | { readonly kind: 'suspended'; readonly suspended: boolean }
  | SettingsChange;

/** Which links to list; members are combined with "and", an empty query means all. */
export interface LinkQuery {
  readonly network?: NetworkId;
  /** Not the links of these networks, which the caller has; core leaves out what a driver lists all the same. Absent: none. */
  readonly except?: readonly NetworkId[];
  readonly port?: PortId;
  /** At least one; those that are not there are left out. */
  readonly ids?: readonly LinkId[];
  /**
   * Which of those listed the caller needs whole. The others may lack VLAN and addresses, where another request shows them. Absent:
   * all.
   */
  readonly whole?: (listed: Link) => boolean;
  /** Of which of those the caller needs the health check, where another request shows it. Absent: of none. */
  readonly probed?: (listed: Link) => boolean;
}

/** Makes, reads and removes links. Ports are ordered by people and only named here. */
export interface LinkDriver {
  /**
   * Whether the port, and what people must have readied on it, is as `create` needs it. Reads only; absent: nothing to look at.
   * @throws what `create` would: `NotFound`, `InvalidArgument`, `FailedPrecondition`
   */
  check?(input: LinkCreate, call: Call): Promise<void>;
  /**
   * Starts a link. The rest, where there is more, is taken by `continue` as the readings ask. May be asked again with the
   * same token after a lost answer: a VLAN of a port is taken once, so no second link comes of it.
   * @throws `AlreadyExists` for a used VLAN
   */
  create(input: LinkCreate, call: Call): Promise<LinkId>;
  /**
   * Takes the next step; called only when a reading says `next: 'continue'`.
   * @param seen that reading. A driver may act on it, and reads anew when the cloud refuses what it has sent
   */
  continue(id: LinkId, input: LinkCreate, call: Call, seen?: Link): Promise<void>;
  /** @throws `NotFound` */
  get(id: LinkId, call: Call): Promise<Link>;
  /** Every link of the account in the region that fits the query, half-made ones included. */
  list(query: LinkQuery, cursor: Cursor, call: Call): Promise<Page<Link>>;
  /**
   * Makes one change. Making it again when it is made already is success. Resuming may take several calls: one for each
   * reading that still says `suspended`. @throws `NotFound`; `FailedPrecondition`; `Conflict`
   */
  update(id: LinkId, change: LinkChange, call: Call): Promise<void>;
  /** As of peerings. Absent: no setting shows on a link. */
  settingsDrift?(seen: Link, settings: ObjectSettings): readonly SettingDrift[];
  /**
   * The links between this account and region, where they are kept (`links.home` of the capabilities), and those of another driver of
   * the same provider: it does the whole of each, with the keys of either side. Only with capability `otherAccount` or `otherRegion`.
   * @param beside the call that the other side's requests are made in, from the call of the verb
   */
  across?(other: LinkDriver, beside: (call: Call) => Call): LinkDriver;
  /** Routes must be gone already. @throws `NotFound` when gone already */
  delete(id: LinkId, call: Call, before?: BeforeDelete<Link>): Promise<DeleteProgress>;
}
