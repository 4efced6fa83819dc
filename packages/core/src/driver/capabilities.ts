import type { DeadState } from '../model/lifecycle.js';

/**
 * What a provider can do, as data. Asking for what is not `supported` fails before any request is sent; the docs' matrix,
 * the conformance kit's skips and the engine's schedule all read the same declaration. `checkedOn` is the day on which
 * somebody last looked (`2026-11-20`), `source` a page or file of the vendor, `reason` a clause that completes a sentence.
 */
export type Support =
  | { readonly status: 'supported'; readonly checkedOn: string; readonly note?: string; readonly source?: string }
  /** The cloud cannot. */
  | { readonly status: 'unsupported'; readonly reason: string; readonly source: string; readonly checkedOn: string }
  /** The cloud can, this provider does not yet. */
  | { readonly status: 'unimplemented'; readonly reason: string; readonly checkedOn: string };

/** What a mechanism may be able to do with peerings. Every mechanism says something about each. */
export const PEERING_FEATURES = [
  'crossRegion',
  'crossAccount',
  'accept', // a separate act of the acceptor exists
  'reject',
  'bandwidth', // may be chosen at creation
  'resize', // bandwidth may be changed
  'name',
  'description',
  'tags',
  'retag', // tags may be changed after creation
  'suspend', // suspend and resume
  'dnsSync', // whose names it is about says `dnsSwitch`
  'deletionProtection',
  'clientToken', // creation is idempotent by token
  'dryRun', // the cloud can check a creation, or the right to it, without doing it; see `dryRunShows`
  'ipv6',
] as const;
/** One of `PEERING_FEATURES`. */
export type PeeringFeature = (typeof PEERING_FEATURES)[number];

/** What a provider may be able to do with routes. */
export const ROUTE_FEATURES = [
  'explicit', // routes are written by us; unsupported: the cloud exchanges them by itself
  'createMany',
  'deleteMany',
  'source', // routes match on the source too
  'ipv6',
  'overlap', // a destination may overlap the network's own prefixes; else only 0.0.0.0/0 and ::/0 may
  'customTables',
  'description',
  'relabel', // the description may be changed afterwards
  'clientToken',
] as const;
/** One of `ROUTE_FEATURES`. */
export type RouteFeature = (typeof ROUTE_FEATURES)[number];

/** What a provider may be able to do with links. */
export const LINK_FEATURES = [
  'link',
  'suspend', // suspend and resume
  'bandwidth', // may be chosen at creation
  'resize', // bandwidth may be changed
  'readdress', // the addresses of both ends may be changed
  'tags',
  'retag', // tags may be changed after creation
  'description',
  'relabel', // name and description may be changed after creation
  'edgeRoutes', // the border router has a table of its own to be filled
  'otherAccount', // the port may belong to another account than the network
  'otherRegion', // the port may lie in another region than the network
] as const;
/** One of `LINK_FEATURES`. */
export type LinkFeature = (typeof LINK_FEATURES)[number];

/**
 * About how long the cloud takes over a step, in milliseconds: when a first look is worth a request. No promise; what is learned
 * while running counts more. Absent: not known.
 */
export interface Pace {
  /** From its creation until it waits for somebody, or is active. */
  readonly create?: number;
  readonly accept?: number;
  /** The step of a deletion that is answered with `continue`. */
  readonly takeDown?: number;
  /** The step of a deletion that is answered with `started`. */
  readonly delete?: number;
}

/** One of the provider's own settings of an object: what its class checks, and what the table of the docs shows. */
export interface SettingSupport {
  /**
   * What becomes of a change: see `SettingDrift`. `creation`: it is sent when the object is made, and no reading shows it, so nothing
   * tells when it differs.
   */
  readonly change: 'in-place' | 'replace' | 'fixed' | 'creation';
  /** Where alone the cloud takes it. Absent: everywhere. */
  readonly only?: 'crossRegion' | 'sameAccount';
  /** What it is, one clause. */
  readonly about: string;
  readonly source: string;
  readonly checkedOn: string;
}

/** One way in which a cloud realises a peering: how it is agreed and ended, what it can do, within which limits. */
export interface MechanismCapabilities {
  /** e.g. `vpc-peer`; unique within the provider. */
  readonly name: string;
  /** `shared`: one object with two views. `mirrored`: each side makes its own half. */
  readonly handshake: 'shared' | 'mirrored';
  /** `true` where a peering inside one account becomes active without anybody accepting. */
  readonly autoAcceptSameAccount: boolean;
  /**
   * Who can end it. `either`: any one side ends all of it. `initiator`: only that side (the acceptor may inside one
   * account). `each`: every side removes its own half.
   */
  readonly deletableBy: 'either' | 'initiator' | 'each';
  /** States that keep the pair of networks occupied although no traffic can ever flow; must be deleted before a new one. */
  readonly occupiesPairWhen: readonly DeadState[];
  /**
   * What the cloud does with a creation for a pair that is joined, or asked, already. `refused`: it says so (`AlreadyExists`).
   * `returns-existing`: it answers the id of what is there, so that a creation can be repeated without a token; in the other
   * direction it may take a request that can never become active.
   */
  readonly duplicate: 'refused' | 'returns-existing';
  /**
   * What becomes of a peering that is rejected, expired or failed. `deletable`: it stays until somebody deletes it. `fades`: the
   * cloud refuses to delete it, and stops showing it after a while; a driver's `delete` answers `gone`, and nobody plans it.
   * Only with an empty `occupiesPairWhen`: what nobody can remove must not be in the way.
   */
  readonly dead: 'deletable' | 'fades';
  /**
   * What the switch `dnsSync` of one side is about. `resolves-other`: names of the other network resolve on this side.
   * `opens-own`: names of this side's network resolve on the other. `none`: exactly where the feature is not supported.
   */
  readonly dnsSwitch: 'resolves-other' | 'opens-own' | 'none';
  /**
   * What a dry run that passes has shown. `creation`: the creation would be taken. `rights`: the account may ask for it, and no
   * more. `nothing`: exactly where the feature is not supported.
   */
  readonly dryRunShows: 'creation' | 'rights' | 'nothing';
  /**
   * The cloud says of a deletion, without doing it, whether a route at either end stands in its way (`peerings.isUnrouted`): one
   * request for all tables. Absent: the tables alone tell.
   */
  readonly deletionShowsRoutes?: true;
  /** Must a bandwidth be given? `crossRegion`: only meaningful, and then optional, between regions. */
  readonly bandwidth: 'required' | 'optional' | 'crossRegion' | 'none';
  /** The provider's own settings that one peering may be given (`peeringOptions` of the plugin), by name. Absent: none. */
  readonly settings?: Readonly<Record<string, SettingSupport>>;
  readonly features: Readonly<Record<PeeringFeature, Support>>;
  readonly limits: PeeringLimits;
  readonly takesMs?: Pace;
}

/** What a cloud takes as one text. */
export interface TextLimit {
  /** Characters, counted as code points: an emoji is one. Both ends inclusive, 0 or more. */
  readonly min: number;
  readonly max: number;
  /** What every character, and what the first one, must be. */
  readonly characters?: CharacterSet;
  readonly first?: CharacterSet;
  /** The text begins with none of these, in upper or lower case. */
  readonly notAtStart?: readonly string[];
  /** The text holds none of these, in upper or lower case. */
  readonly nowhere?: readonly string[];
  /** The text is none of these, in exactly this case. */
  readonly except?: readonly string[];
}

/** A set of characters, for the machine and for people. */
export interface CharacterSet {
  /** The inside of a character class of a regular expression with the flag `u`, e.g. `A-Za-z0-9_`. */
  readonly class: string;
  /** Completes "use only …", e.g. `letters, digits and _`. */
  readonly words: string;
}

/** What a cloud takes as tags. */
export interface TagLimits {
  /** How many tags one object takes. */
  readonly max: number;
  readonly key: TextLimit;
  readonly value: TextLimit;
}

/** Megabits per second; `allowed`: nothing but these. */
export interface BandwidthLimit {
  readonly min: number;
  readonly max?: number;
  readonly allowed?: readonly number[];
}

/** Numbers of a mechanism; an absent one means that the cloud names none. */
export interface PeeringLimits {
  readonly bandwidthMbps?: BandwidthLimit;
  readonly name?: TextLimit;
  readonly description?: TextLimit;
  readonly tags?: TagLimits;
  /** How many creations one network takes at the same time; absent: no such rule. */
  readonly concurrentCreatesPerNetwork?: number;
  /** Default quotas, for prechecks; the account's own may be higher. */
  readonly perNetwork?: { readonly sameRegion?: number; readonly crossRegion?: number; readonly total?: number };
  /** Peerings in which an account has an end, counted per region. */
  readonly perAccountAndRegion?: number;
  /** The same over all its regions: a peering inside the account is one. */
  readonly perAccount?: number;
  /** Requests that wait for their acceptor at the same time, made by one account in one region. */
  readonly pendingPerAccountAndRegion?: number;
  /** After which an unanswered request is `expired`. */
  readonly acceptWithinMs?: number;
}

/** Numbers for routes; an absent one means that the cloud names none. */
export interface RouteLimits {
  /** Largest batch of `createMany` and `deleteMany`; absent where there are no batches. */
  readonly batch?: number;
  /** How many networks' tables the routes of one batch may stand in; absent: one. */
  readonly networksPerBatch?: number;
  /** How many route changes one network takes at the same time; absent: no such rule. */
  readonly concurrentChangesPerNetwork?: number;
  /** Default quota of custom routes in one table. */
  readonly perTable?: number;
  readonly description?: TextLimit;
}

/** Numbers for links; an absent one means that the cloud names none (`vlan`: then 0 to 4094). */
export interface LinkLimits {
  readonly name?: TextLimit;
  readonly description?: TextLimit;
  readonly tags?: TagLimits;
  readonly vlan?: { readonly min: number; readonly max: number };
  readonly bandwidthMbps?: BandwidthLimit;
}

/** What a cloud takes as the health check of a link. */
export interface HealthCheckLimits {
  readonly source: 'required' | 'optional';
  /** `any` address, without one the customer's end of the line; or only that (`customer`). */
  readonly target: 'any' | 'customer';
  /** Milliseconds; only multiples of `step`. */
  readonly intervalMs: { readonly min: number; readonly max: number; readonly step: number };
  readonly failures: { readonly min: number; readonly max: number };
  /** False: one that is there can be changed, and nothing takes it away. */
  readonly removable: boolean;
  /** Page or file of the vendor. */
  readonly page: string;
  readonly checkedOn: string;
}

/** Where a cloud is, and which of its regions cannot be joined just so. */
export interface ProviderRegions {
  /** Every region that the provider knows → the zone that it lies in, a word of the provider's own. */
  readonly zones: Readonly<Record<string, string>>;
  /** What holds between two zones, in either direction; nothing is said of other pairs. */
  readonly between: readonly {
    readonly zones: readonly [string, string];
    /** `refused`: the cloud takes no such peering. `needs`: only when people have readied something. */
    readonly verdict: 'refused' | 'needs';
    /** Completes "… and … are": `on two sides of a border`. */
    readonly because: string;
    readonly remedy: string;
    readonly source: string;
    readonly checkedOn: string;
  }[];
}

/** All that a provider says about itself; the docs' matrix is generated from it. */
export interface ProviderCapabilities {
  /** First is the default mechanism. */
  readonly mechanisms: readonly [MechanismCapabilities, ...MechanismCapabilities[]];
  readonly routes: {
    readonly features: Readonly<Record<RouteFeature, Support>>;
    readonly limits: RouteLimits;
    /** A route is there, or gone, when that is answered: the cloud knows no state in between. Absent: a reading shows when. */
    readonly immediate?: true;
  };
  readonly links: {
    /** Absent: a link takes no health check. */
    readonly healthCheck?: HealthCheckLimits;
    /** As of peerings: `linkOptions` of the plugin. */
    readonly settings?: Readonly<Record<string, SettingSupport>>;
    readonly features: Readonly<Record<LinkFeature, Support>>;
    readonly limits: LinkLimits;
    readonly takesMs?: Pace;
    /** The cloud lists links by their network only, so a listing of all asks about every network of the account. Absent: in one. */
    readonly listedBy?: 'network';
    /** Where a link is kept whose port and network belong to two entries. Absent: no such links. */
    readonly home?: 'port' | 'network';
  };
  /** Whether readings of networks, listed ones too, show their tags. Absent: the provider does not say, and nobody selects by them. */
  readonly networkTags?: Support;
  /** Largest number of network ids in one `networks.get` request; core splits longer lists. */
  readonly networksPerRead: number;
  /** Absent: any region is taken for one. */
  readonly regions?: ProviderRegions;
}
