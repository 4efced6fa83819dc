/**
 * What a provider's author hands to the kit: the plugin, and a way to open a world to try it in. Nothing here knows any
 * cloud; what differs between clouds is read from the plugin's capabilities or stands in one of these members.
 *
 * A world is a backend (an emulator, a fake, a real account) with two accounts `a` and `b`, two regions, and networks in
 * each of the four places. The kit opens one world per suite and takes fresh networks for every case.
 */
import type {
  AccountId,
  Cidr,
  Clock,
  ErrorCode,
  LifecycleState,
  LinkId,
  NativeToken,
  NetworkId,
  NetworkState,
  PeeringId,
  PortId,
  Provider,
  ProviderDriver,
  ProviderPlugin,
  Random,
  Redactor,
  RegionId,
  RequestInfo,
  RetryAdvice,
  RouteState,
  RouteTableId,
} from '@peerway/core';

export type AccountKey = 'a' | 'b';
/** Index into `World.regions`. */
export type RegionIndex = 0 | 1;

/** One account in one region. */
export interface Place {
  readonly account: AccountKey;
  readonly region: RegionIndex;
}

export interface NetworkFixture {
  readonly id: NetworkId;
  /** Disjoint from those of every other network of the world; the first is IPv4. */
  readonly cidrs: readonly [Cidr, ...Cidr[]];
}

/** One request as the backend saw it. */
export interface LoggedRequest {
  /** The cloud's own name of the operation; only shown in messages. */
  readonly operation: string;
  /** True when the operation may change anything, whatever came of it. */
  readonly mutating: boolean;
  /** What it was asked with, path, query and body together. Absent: the backend does not tell, and an `Inventory` has the operation alone. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/**
 * What the backend can do wrong on request. A fault meets the next `times` requests of its kind, counted in the backend.
 *
 * - `denied`: refused because the account may not do this, not executed, in the cloud's own form (HTTP 403)
 * - `throttle`: refused as too many, not executed, in the cloud's own form
 * - `unavailable`: refused as temporarily out of service, not executed, in the cloud's own form
 * - `cut`: the connection ends before the request is executed; no answer
 * - `lostAnswer`: executed, then the connection ends; no answer
 * - `htmlError`: HTTP 502 or 503 with an HTML page of a proxy as its body, not executed
 * - `truncatedBody`: executed; the answer's body stops in the middle
 * - `hang`: nothing happens until the client gives up
 */
export type FaultKind =
  'denied' | 'throttle' | 'unavailable' | 'cut' | 'lostAnswer' | 'htmlError' | 'truncatedBody' | 'hang';

export interface Fault {
  readonly kind: FaultKind;
  /** Which requests it meets: those that may change something, or those that only read. */
  readonly on: 'read' | 'write';
  /** How many requests it meets; `Infinity` until `clearFaults`. */
  readonly times: number;
  /** How many such requests pass before it meets one; absent: none. */
  readonly after?: number;
}

/**
 * One code by which the cloud refuses, and what it means: written down from the vendor's pages a second time, never taken from the
 * provider's own table.
 */
export interface RefusalCode {
  readonly httpStatus: number;
  readonly nativeCode: string;
  readonly means: ErrorCode;
  /** Whether asking again may help, where that is not what `means` implies. */
  readonly retry?: RetryAdvice;
  /** The cloud failed in the middle: a write that is refused so may have happened all the same. */
  readonly doubtful?: true;
}

/** What the kit gives to the driver it asks for; the rest of the `ProviderContext` is the harness's. */
export interface DriverSetup {
  readonly random: Random;
  readonly redactor: Redactor;
  /** `wrongSecret`: a key that exists with a secret that is not its own. */
  readonly login: 'right' | 'wrongSecret';
  /** What the drivers of this world have announced with `call.admit` so far: the log of a backend that keeps none, e.g. a live account. */
  readonly announced: readonly RequestInfo[];
}

/**
 * Thrown by a world, in mode `live`, for a place, a login or an account id that this account's owner did not give: the case is
 * skipped with the message as its reason. In every other mode it is a failure like any other.
 */
export class NotHere extends Error {
  override readonly name = 'NotHere';
}

export interface World {
  /**
   * The clock of driver and waits. With an emulator: a `VirtualClock` whose `onAdvance` moves the emulator's time, so that
   * waiting costs no real time. With a real account: `systemClock`.
   */
  readonly clock: Clock;
  readonly accounts: Readonly<Record<AccountKey, AccountId>>;
  readonly regions: readonly [RegionId, RegionId];
  /** At least three networks in each place, for the kit's use alone, with nothing joined to them. */
  networks(place: Place): readonly NetworkFixture[];
  /** A driver of its own for the place, made with the plugin's `create`. The kit closes it. */
  driver(place: Place, setup: DriverSetup): ProviderDriver | Promise<ProviderDriver>;
  /** Everything the backend was asked since the world was opened, in order. */
  requests(): readonly LoggedRequest[];
  /** Secrets that are in use; the kit looks for them in errors and readings. */
  readonly secrets: readonly string[];
  close(): void | Promise<void>;

  // From here on: members that a backend may lack. List those it has in `Harness.offers`.

  /** Moves the time of `clock` and backend forward. */
  advance?(ms: number): void | Promise<void>;
  /** Makes one more network with exactly these prefixes. */
  addNetwork?(place: Place, cidrs: readonly Cidr[]): NetworkId | Promise<NetworkId>;
  inject?(fault: Fault): void | Promise<void>;
  /**
   * Refuses the next request of its kind with this code, in the cloud's own form, and does not execute it. The harness that has it
   * brings `refusals`.
   */
  refuse?(how: Pick<RefusalCode, 'httpStatus' | 'nativeCode'> & Pick<Fault, 'on'>): void | Promise<void>;
  /** Ends every fault and every refusal. */
  clearFaults?(): void | Promise<void>;
  /** Gives the network one more route table, of its own making. */
  addTable?(place: Place, network: NetworkId): RouteTableId | Promise<RouteTableId>;
  /** Makes a subnet of this prefix, 28 bits of the network's, that uses a table that `addTable` has made. Where the cloud tells who does. */
  useTable?(place: Place, network: NetworkId, table: RouteTableId, prefix: Cidr): void | Promise<void>;
  /**
   * Joins each pair of networks of the place as somebody else would: by the cloud's own means, without any mark of ours. All
   * are active when it returns; the ids are in the order of the pairs.
   */
  plantForeignPeerings?(
    place: Place,
    pairs: readonly (readonly [NetworkId, NetworkId])[],
  ): readonly PeeringId[] | Promise<readonly PeeringId[]>;
  /** Ends a peering from the place by the cloud's own means, behind the driver's back, and waits until it is over. */
  removePeering?(place: Place, id: PeeringId): void | Promise<void>;
  /** Writes a route into the network's main table as somebody else would, to a next hop of any kind. */
  plantForeignRoute?(place: Place, network: NetworkId, destination: Cidr): void | Promise<void>;
  /**
   * Readies the network as people would for routes whose source is any prefix inside it, on clouds that want something for that.
   * Absent where nothing has to be readied.
   */
  readySources?(place: Place, network: NetworkId): void | Promise<void>;
  /** Removes a route from the network's main table by the cloud's own means, behind the driver's back. */
  removeRoute?(place: Place, network: NetworkId, destination: Cidr): void | Promise<void>;
  /** Makes the cloud say this word, whatever it is, for the state of one thing. */
  forceWord?(thing: WordedThing, word: string): void | Promise<void>;
  /** Makes the cloud spell prefixes so: all of a network, or the destination of one route of its main table. */
  respell?(thing: SpelledThing): void | Promise<void>;
  /**
   * Has the answer to every reading, decoded, go through this function before it is sent; undefined: no longer. What is refused goes as it is.
   */
  rewrite?(change: ((answer: unknown) => unknown) | undefined): void;
  /** A port on which links of the place may be made. */
  port?(place: Place): PortId;
  /**
   * Takes the line off a link of the place by the cloud's own means, behind the driver's back, and waits until it is off.
   * @param part this one alone, of `Harness.linkParts`; absent: all of it
   */
  detachLink?(place: Place, id: LinkId, part?: number): void | Promise<void>;
  /**
   * Readies a VLAN of the port as people would, on clouds where a line's channel is ordered before a link can use it.
   * Called before each link; absent where nothing has to be readied.
   */
  readyVlan?(place: Place, line: LineFixture): void | Promise<void>;
}

/** One thing that has a state. */
export type WordedThing =
  | { readonly kind: 'network'; readonly id: NetworkId }
  | { readonly kind: 'peering'; readonly id: PeeringId }
  | { readonly kind: 'route'; readonly network: NetworkId; readonly destination: Cidr }
  | { readonly kind: 'link'; readonly id: LinkId }
  /** One of `Harness.linkParts`. */
  | { readonly kind: 'linkPart'; readonly id: LinkId; readonly part: number };

export type SpelledThing =
  | { readonly kind: 'network'; readonly id: NetworkId; readonly prefixes: readonly string[] }
  | { readonly kind: 'route'; readonly network: NetworkId; readonly destination: Cidr; readonly as: string };

/**
 * Every word of the cloud for the state of each kind of thing, and what it means: written down from the vendor's pages a second
 * time, never taken from the provider's own table. A kind whose state the cloud does not tell is left out (see `lacks`).
 */
export interface Words {
  readonly network?: Readonly<Record<string, NetworkState>>;
  readonly peering?: Readonly<Record<string, LifecycleState>>;
  readonly route?: Readonly<Record<string, RouteState>>;
  readonly link?: Readonly<Record<string, LifecycleState>>;
  /** Said of one part of a line while the others are as they were: what the link is then. */
  readonly linkPart?: Readonly<Record<string, LifecycleState>>;
}

/** Letters beyond ASCII that the cloud takes, of two and three bytes in UTF-8 where it takes such. */
export interface Letters {
  readonly names?: string;
  readonly descriptions?: string;
}

/** Two values of each of the provider's own settings that the cloud of this world takes, by the name that the capabilities give. */
export type SettingValues = Readonly<Record<string, readonly [unknown, unknown]>>;

/** Of a peering of the mechanism that is tried, made from the first account and region; of a link there. */
export interface Settings {
  readonly peering?: SettingValues;
  readonly link?: SettingValues;
}

export interface LineFixture {
  readonly port: PortId;
  readonly vlan: number;
  /** With its prefix. */
  readonly cloudIp: string;
  readonly customerIp: string;
  /** The account that will use the VLAN, where it is not the port's own. */
  readonly user?: AccountId;
}

/** Names of what a world may lack. */
export type Offer =
  | 'advance'
  | 'addNetwork'
  | 'addTable'
  | 'useTable'
  | 'plantForeignPeerings'
  | 'plantForeignRoute'
  | 'removePeering'
  | 'removeRoute'
  | 'forceWord'
  | 'respell'
  | 'rewrite'
  | 'port'
  | 'detachLink'
  | Promised;

/** Not members but promises. */
export type Promised =
  /** A creation takes the backend time, so the first reading shows it unfinished. */
  | 'takesTime'
  /** `addNetwork` takes several IPv4 prefixes. */
  | 'secondaryPrefixes'
  /** `addNetwork` takes an IPv6 prefix after the IPv4 ones. */
  | 'ipv6Networks';

/** Everything by whose absence a case is not tried. */
export type HarnessMember =
  | Offer
  | `faults.${FaultKind}`
  | `overflow.${keyof Overflow}`
  | `words.${keyof Words}`
  | `letters.${keyof Letters}`
  | `settings.${keyof Settings}`
  | 'refusals'
  | 'engine'
  | 'native';

/** How many objects overflow one page of a listing of this provider: largest page + 1. Absent: not tried. */
export interface Overflow {
  readonly networks?: number;
  readonly peerings?: number;
  readonly routes?: number;
  readonly links?: number;
  /** Route tables of one network. */
  readonly tables?: number;
}

/** What a stack looks like to the engine; fits the engine's own `StackSpec`. */
export interface EngineStack {
  readonly name: string;
  readonly networks: ReadonlyMap<string, { readonly provider: Provider; readonly id: NetworkId }>;
  readonly connections: readonly EngineConnection[];
  readonly links: readonly [];
}

export type EngineConnection = {
  readonly name: string;
  readonly peering: { readonly mechanism: string; readonly bandwidthMbps?: number };
  readonly routes: 'auto' | 'none';
} & (
  | { readonly kind: 'pair'; readonly between: readonly [string, string] }
  | { readonly kind: 'hub'; readonly hub: string; readonly spokes: readonly string[] }
  | { readonly kind: 'mesh'; readonly members: readonly string[] }
);

/** A plan as far as the kit looks at it. */
export interface EnginePlan {
  readonly steps: readonly unknown[];
  /** Texts of the problems that forbid applying; empty when there are none. */
  readonly errors: readonly string[];
  /** Carries the plan out; rejects when any step fails. */
  apply(): Promise<void>;
}

/** The engine, injected: the kit itself imports core alone. */
export type EnginePlanner = (
  stack: EngineStack,
  mode: 'apply' | 'destroy',
  environment: { readonly clock: Clock },
) => Promise<EnginePlan>;

export interface Harness {
  readonly plugin: ProviderPlugin;
  /** Which of the plugin's mechanisms to try; default its first. Run the kit once for each. */
  readonly mechanism?: string;
  /**
   * A fresh world: nothing of an earlier one is left in it. Called once per suite, and again after a failed case.
   * @param plugin the harness's own `plugin`, whose `create` makes the drivers
   */
  open(plugin: ProviderPlugin): World | Promise<World>;
  /** Members of `World` that this backend has. */
  readonly offers: readonly Offer[];
  /** Faults that `World.inject` understands; empty or absent: none. */
  readonly faults?: readonly FaultKind[];
  /** Codes that `World.refuse` can refuse with, whatever is asked; absent: not tried. */
  readonly refusals?: readonly RefusalCode[];
  /** Codes by which the cloud says that the state of a peering or a link forbids a change, where what they mean hangs on the operation. */
  readonly stateCodes?: readonly Pick<RefusalCode, 'httpStatus' | 'nativeCode'>[];
  readonly overflow?: Overflow;
  /** Of how many parts a line is that have states of their own, beside the link itself, and can be taken off one by one. Absent: none. */
  readonly linkParts?: number;
  readonly letters?: Letters;
  /** Where the capabilities list settings. */
  readonly settings?: Settings;
  /** Needs the offer `forceWord`. */
  readonly words?: Words;
  /**
   * What is knowingly missing, each with its reason. In mode `full` a case that is not tried because the harness lacks something
   * fails, unless it is written down here.
   */
  readonly lacks?: Partial<Readonly<Record<HarnessMember, string>>>;
  /** The adapter's escape hatch: the token of its client, and of the record behind a peering where it has one. */
  readonly native?: { readonly client: NativeToken<unknown>; readonly peering?: NativeToken<unknown> };
  readonly engine?: EnginePlanner;
}
