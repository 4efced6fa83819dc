/** What goes over the control API, version 1: the types that server and client share, and nothing else. */
import type { Evidence } from '../machine/description.js';
import type { EmulatorState } from '../emulator.js';
import type { Fault } from '../machine/faults.js';
import type { TransitionRecord } from '../machine/lifecycle.js';
import type { Profile, ProfileName } from '../machine/profiles.js';
import type { RequestRecord } from '../machine/requests.js';
import type { RuleDefinition, RuleValue } from '../machine/rules.js';
import type {
  AccessKey,
  Account,
  CloudName,
  NetworkSeed,
  PortSeed,
  ResourceGroupSeed,
  SeededNetwork,
} from '../machine/world.js';

/** Changes when a client of the last version would no longer be understood. Every path begins with `/v<this>`. */
export const CONTROL_VERSION = 1;

/** `GET /v1/ready`: answered as soon as every endpoint accepts connections, which is before the control port opens. */
export interface ReadyAnswer {
  readonly ready: true;
  readonly version: typeof CONTROL_VERSION;
}

export interface InfoAnswer {
  readonly version: typeof CONTROL_VERSION;
  /** Every endpoint by '<cloud>/<listener>'. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly profile: Profile;
  readonly clock: ClockAnswer;
  readonly accounts: readonly Account[];
  readonly operations: readonly OperationAnswer[];
}

export interface OperationAnswer {
  readonly cloud: CloudName;
  readonly product: string;
  readonly name: string;
  readonly mutating: boolean;
  readonly permission: string;
  readonly source: string;
  readonly evidence: Evidence;
}

/** Which requests: every member that is given must match. */
export interface RequestFilter {
  readonly cloud?: CloudName;
  readonly operation?: string;
  /** Account id. */
  readonly account?: string;
  readonly region?: string;
  readonly mutating?: boolean;
  /** HTTP status. */
  readonly status?: number;
  /** The cloud's error code. */
  readonly code?: string;
  /** Kind of the fault that struck it. */
  readonly fault?: string;
  /** Only what came after the request with this id; an id that is no longer in the log counts as the beginning. */
  readonly after?: string;
}

/** How many requests there must be; at least one member. */
export interface CallCount {
  readonly exactly?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface AssertAnswer {
  readonly ok: boolean;
  readonly found: number;
  /** One sentence: what was expected and what was found, with what else was called. */
  readonly message: string;
}

export interface TransitionFilter {
  /** Name of the table, e.g. 'alibaba.vpcPeers'. */
  readonly table?: string;
  readonly id?: string;
}

export interface ClockAnswer {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly mode: 'virtual' | 'real';
  /** When something next happens by itself; absent when nothing is under way. */
  readonly nextAt?: number;
}

/** `step`: to the instant of the next scheduled event, or nowhere when there is none. */
export type ClockMove = { readonly advanceMs: number } | { readonly to: number } | { readonly step: true };

/** A fault in force. Without `id` it was planted in-process, not over this API. */
export interface PlantedFault {
  readonly id?: string;
  readonly fault: Fault;
}

/** A crash of the emulator itself, as plain data. */
export interface CrashAnswer {
  readonly at: number;
  readonly cloud: CloudName;
  readonly operation: string;
  readonly requestId: string;
  readonly error: string;
}

export type RuleAnswer = RuleDefinition & { readonly value: RuleValue };

/** Every call of the API: what it takes and what it gives. */
export interface ControlCalls {
  readonly ready: { readonly takes: undefined; readonly gives: ReadyAnswer };
  readonly info: { readonly takes: undefined; readonly gives: InfoAnswer };
  readonly listRequests: {
    readonly takes: RequestFilter;
    readonly gives: { readonly requests: readonly RequestRecord[] };
  };
  readonly assertCalls: {
    readonly takes: { readonly filter: RequestFilter; readonly count: CallCount };
    readonly gives: AssertAnswer;
  };
  readonly listTransitions: {
    readonly takes: TransitionFilter;
    readonly gives: { readonly transitions: readonly TransitionRecord[] };
  };
  readonly listCrashes: { readonly takes: undefined; readonly gives: { readonly crashes: readonly CrashAnswer[] } };
  readonly readClock: { readonly takes: undefined; readonly gives: ClockAnswer };
  readonly moveClock: { readonly takes: ClockMove; readonly gives: ClockAnswer };
  readonly readProfile: { readonly takes: undefined; readonly gives: { readonly profile: Profile } };
  readonly setProfile: {
    readonly takes: { readonly profile: ProfileName | Profile };
    readonly gives: { readonly profile: Profile };
  };
  readonly listFaults: { readonly takes: undefined; readonly gives: { readonly faults: readonly PlantedFault[] } };
  readonly addFault: { readonly takes: Fault; readonly gives: { readonly id: string } };
  readonly removeFault: { readonly takes: { readonly id: string }; readonly gives: Record<string, never> };
  readonly clearFaults: { readonly takes: undefined; readonly gives: Record<string, never> };
  readonly listRules: { readonly takes: undefined; readonly gives: { readonly rules: readonly RuleAnswer[] } };
  readonly setRules: {
    readonly takes: Readonly<Record<string, RuleValue>>;
    readonly gives: { readonly rules: readonly RuleAnswer[] };
  };
  readonly resetRules: { readonly takes: undefined; readonly gives: Record<string, never> };
  readonly addAccount: { readonly takes: Account; readonly gives: Record<string, never> };
  readonly addKey: { readonly takes: AccessKey; readonly gives: Record<string, never> };
  readonly addNetwork: { readonly takes: NetworkSeed; readonly gives: SeededNetwork };
  readonly addPort: { readonly takes: PortSeed; readonly gives: Record<string, never> };
  readonly addResourceGroup: { readonly takes: ResourceGroupSeed; readonly gives: Record<string, never> };
  readonly readState: { readonly takes: undefined; readonly gives: EmulatorState };
  readonly restoreState: { readonly takes: EmulatorState; readonly gives: ClockAnswer };
  readonly reset: { readonly takes: undefined; readonly gives: ClockAnswer };
}

export type ControlCallName = keyof ControlCalls;

/** Where each call is found. `GET` takes its input in the query, `{id}` in the path, the others as a JSON body. */
export const CONTROL_PATHS = {
  ready: ['GET', '/v1/ready'],
  info: ['GET', '/v1/info'],
  listRequests: ['GET', '/v1/requests'],
  assertCalls: ['POST', '/v1/requests/assert'],
  listTransitions: ['GET', '/v1/transitions'],
  listCrashes: ['GET', '/v1/crashes'],
  readClock: ['GET', '/v1/clock'],
  moveClock: ['POST', '/v1/clock'],
  readProfile: ['GET', '/v1/profile'],
  setProfile: ['PUT', '/v1/profile'],
  listFaults: ['GET', '/v1/faults'],
  addFault: ['POST', '/v1/faults'],
  removeFault: ['DELETE', '/v1/faults/{id}'],
  clearFaults: ['DELETE', '/v1/faults'],
  listRules: ['GET', '/v1/rules'],
  setRules: ['PATCH', '/v1/rules'],
  resetRules: ['DELETE', '/v1/rules'],
  addAccount: ['POST', '/v1/world/accounts'],
  addKey: ['POST', '/v1/world/keys'],
  addNetwork: ['POST', '/v1/world/networks'],
  addPort: ['POST', '/v1/world/ports'],
  addResourceGroup: ['POST', '/v1/world/resource-groups'],
  readState: ['GET', '/v1/state'],
  restoreState: ['PUT', '/v1/state'],
  reset: ['POST', '/v1/reset'],
} as const satisfies Readonly<Record<ControlCallName, readonly [method: string, path: string]>>;
