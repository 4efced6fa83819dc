/**
 * What a cloud implements to be served. The pipeline (`pipeline.ts`) calls these in a fixed order for every request:
 *
 *   parse → authenticate → find → permission → validate (`refuse`) → fault hook → idempotency token → run → answer
 *
 * and `error` for every refusal. A cloud throws `WireError` to refuse; anything else that it throws is a crash of the
 * emulator, answered by `failure` in the cloud's own form. Everything is synchronous: two requests never interleave,
 * so an operation is atomic by construction and needs no lock of its own.
 */
import type { EmulatorClock } from './clock.js';
import type { Delay, LifecycleServices } from './lifecycle.js';
import type { OperationDescription, Violation, Wire } from './description.js';
import type { Side } from './faults.js';
import type { Input } from './input.js';
import type { SeededRandom } from './random.js';
import type { RuleDefinition, Rules } from './rules.js';
import type { Table, TableView } from './table.js';
import type { AccessKey, CloudName, NetworkSeed, PortSeed, ResourceGroupSeed, SeededNetwork, World } from './world.js';
import type { WireError } from './wireError.js';

/** A request as it came from the socket, body complete. */
export interface WireRequest {
  readonly method: string;
  /** Path without query, not decoded. */
  readonly path: string;
  /** What follows the '?', not decoded; '' when there is none. */
  readonly query: string;
  /** Lower-case names; repeated headers joined by node. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Which of the cloud's listeners received it, e.g. 'bj'. */
  readonly listener: string;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What `parse` makes of a request. A cloud may add members of its own (they come back to its other methods). */
export interface ParsedCall {
  /** Operation name for log, faults and policies. May be one that the cloud does not know; '' when none was named. */
  readonly operation: string;
  /** The region that the request is about; undefined where the request names none. */
  readonly region: string | undefined;
  /** Business parameters, structured: lists as arrays, objects as objects. No authentication data. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** Who is calling. */
export interface Caller {
  readonly key: AccessKey;
  /** Account id. */
  readonly account: string;
}

/** What an operation works with. */
export interface Call {
  readonly caller: Caller;
  readonly region: string | undefined;
  readonly input: Input;
  readonly requestId: string;
  /** Emulator time, epoch milliseconds. */
  readonly now: number;
  /** Address the client used, with port: for answers that contain an endpoint. */
  readonly host: string;
  /** Reads go through this, so that a stale read shows the past; checks inside writes use the table itself. */
  view<R extends { readonly id: string }>(table: Table<R>): TableView<R>;
}

export interface Operation {
  readonly description: OperationDescription;
  /** Does the work and returns the business answer (without request id), which `answer` serialises. */
  run(call: Call): unknown;
  /** Which side of a peering the caller acts for, where that can be told; used to aim faults. */
  side?(call: Call): Side | undefined;
}

/** Everything a request is known by while it is answered. */
export interface Exchange<Parsed extends ParsedCall = ParsedCall> {
  readonly request: WireRequest;
  readonly requestId: string;
  /** Absent when parsing failed. */
  readonly parsed?: Parsed;
}

/** What the emulator offers a cloud. */
export interface Services extends LifecycleServices {
  readonly clock: EmulatorClock;
  readonly random: SeededRandom;
  readonly rules: Rules;
  readonly world: World;
  /** Makes a table that takes part in snapshot, restore and reset. Name it '<cloud>.<plural>'. */
  table<R extends { readonly id: string }>(name: string): Table<R>;
}

/** One cloud inside one emulator. */
export interface CloudService<Parsed extends ParsedCall = ParsedCall> {
  /** Names of the listeners to open, one port each: ['main'], or one per region. */
  readonly listeners: readonly string[];
  /** Every operation served, for the ledger and the drift test. */
  readonly operations: readonly Operation[];
  /** How parameter values arrive. */
  readonly wire: Wire;
  /** Makes a request id in the cloud's form. */
  newRequestId(): string;
  /** Reads operation, region and input. Must not look at the signature. */
  parse(request: WireRequest): Parsed;
  /** Verifies the signature, the clock window, the nonce and the key. */
  authenticate(request: WireRequest, parsed: Parsed): Caller;
  /** The operation, or a WireError for an unknown one. */
  find(parsed: Parsed): Operation;
  /** The error for a key whose policy does not permit the operation. */
  forbidden(operation: Operation, caller: Caller): WireError;
  /** The error for a violation of the description; undefined: logged and ignored. */
  refuse(violation: Violation, operation: Operation): WireError | undefined;
  /** The error of a throttled request. */
  throttled(operation: Operation): WireError;
  /** The error for a failure inside the cloud: crashes and injected server errors. */
  failure(status: number): WireError;
  /** The error of a code that the cloud documents, with its status and message; undefined for other codes. For error faults. */
  named?(code: string): WireError | undefined;
  /**
   * How idempotency tokens behave: lifetime from the first (or, `sliding`, the last) use, the error for a token that
   * comes with another request, and within what a token is known (default: account, region and operation).
   */
  readonly tokens: {
    lifetimeMs(): number;
    readonly sliding: boolean;
    mismatch(): WireError;
    scope?(call: Call): string;
    /** Whether a refused request uses its token up. Default: no. */
    remembersRefusals?(): boolean;
  };
  /** Turns a business answer into a response. */
  answer(value: unknown, exchange: Exchange<Parsed>): WireResponse;
  /** Turns a refusal into a response. */
  error(error: WireError, exchange: Exchange<Parsed>): WireResponse;
  seedNetwork(seed: NetworkSeed): SeededNetwork;
  /** Seeds one resource group, where the cloud has them. */
  seedResourceGroup?(seed: ResourceGroupSeed): void;
  seedPort(seed: PortSeed): void;
}

/** A cloud, before any emulator runs. `src/<cloud>/index.ts` exports one of these. */
export interface Cloud {
  readonly name: CloudName;
  /** The cloud's part of the rule sheet. */
  readonly rules: Readonly<Record<string, RuleDefinition>>;
  /** How long things take, by name, for its lifecycle tables. */
  readonly delays: Readonly<Record<string, Delay>>;
  create(services: Services): CloudService;
}
