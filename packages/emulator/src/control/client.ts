/** The typed client of the control API. No dependency: it needs only the `fetch` that every runtime has. */
import type { EmulatorState } from '../emulator.js';
import type { Fault } from '../machine/faults.js';
import type { TransitionRecord } from '../machine/lifecycle.js';
import type { Profile, ProfileName } from '../machine/profiles.js';
import type { RequestRecord } from '../machine/requests.js';
import type { RuleValue } from '../machine/rules.js';
import type { AccessKey, Account, NetworkSeed, PortSeed, ResourceGroupSeed, SeededNetwork } from '../machine/world.js';
import { CONTROL_PATHS } from './protocol.js';
import type {
  CallCount,
  ClockAnswer,
  ControlCallName,
  ControlCalls,
  CrashAnswer,
  InfoAnswer,
  PlantedFault,
  RequestFilter,
  RuleAnswer,
  TransitionFilter,
} from './protocol.js';

/** The emulator refused a call, or an assertion about the request log does not hold. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  /** HTTP status; 200 for an assertion that does not hold. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Drives one emulator over its control port. Every method rejects with ControlError when the emulator refuses. */
export class ControlClient {
  readonly #endpoint: string;

  /** @param endpoint e.g. 'http://127.0.0.1:4599' */
  constructor(endpoint: string) {
    this.#endpoint = endpoint.replace(/\/+$/, '');
  }

  /** Whether the emulator is up; false, never an error, while nothing answers. */
  async ready(): Promise<boolean> {
    try {
      return (await this.#call('ready', undefined)).ready;
    } catch {
      return false;
    }
  }

  /** Endpoints, accounts, clock, profile and every operation served with its evidence. */
  info(): Promise<InfoAnswer> {
    return this.#call('info', undefined);
  }

  /** The request log, oldest first; empty when nothing matches. */
  async requests(filter: RequestFilter = {}): Promise<readonly RequestRecord[]> {
    return (await this.#call('listRequests', filter)).requests;
  }

  /** Rejects, with what was found instead, unless that many requests match. Gives the number found. */
  async assertCalls(filter: RequestFilter, count: CallCount): Promise<number> {
    const { ok, found, message } = await this.#call('assertCalls', { filter, count });
    if (!ok) throw new ControlError(200, message);
    return found;
  }

  /** Every change of a status, oldest first. */
  async transitions(filter: TransitionFilter = {}): Promise<readonly TransitionRecord[]> {
    return (await this.#call('listTransitions', filter)).transitions;
  }

  /** Crashes of the emulator itself. A test run must fail when there are any. */
  async crashes(): Promise<readonly CrashAnswer[]> {
    return (await this.#call('listCrashes', undefined)).crashes;
  }

  clock(): Promise<ClockAnswer> {
    return this.#call('readClock', undefined);
  }

  /** Moves time forward by 0 or more milliseconds; everything that falls due happens. */
  advance(ms: number): Promise<ClockAnswer> {
    return this.#call('moveClock', { advanceMs: ms });
  }

  /** Moves time forward to an instant; one in the past changes nothing. */
  advanceTo(epochMs: number): Promise<ClockAnswer> {
    return this.#call('moveClock', { to: epochMs });
  }

  /** Moves time to the next thing that happens by itself, if there is one. */
  step(): Promise<ClockAnswer> {
    return this.#call('moveClock', { step: true });
  }

  async profile(): Promise<Profile> {
    return (await this.#call('readProfile', undefined)).profile;
  }

  async setProfile(profile: ProfileName | Profile): Promise<Profile> {
    return (await this.#call('setProfile', { profile })).profile;
  }

  async faults(): Promise<readonly PlantedFault[]> {
    return (await this.#call('listFaults', undefined)).faults;
  }

  /** Plants a fault and gives its id. */
  async addFault(fault: Fault): Promise<string> {
    return (await this.#call('addFault', fault)).id;
  }

  /** Removes a fault; one that is gone already is success. */
  async removeFault(id: string): Promise<void> {
    await this.#call('removeFault', { id });
  }

  async clearFaults(): Promise<void> {
    await this.#call('clearFaults', undefined);
  }

  /** The whole rule sheet with the present positions, sorted by name. */
  async rules(): Promise<readonly RuleAnswer[]> {
    return (await this.#call('listRules', undefined)).rules;
  }

  /** Changes some rules, all or none; gives those changed. */
  async setRules(values: Readonly<Record<string, RuleValue>>): Promise<readonly RuleAnswer[]> {
    return (await this.#call('setRules', values)).rules;
  }

  async resetRules(): Promise<void> {
    await this.#call('resetRules', undefined);
  }

  async addAccount(account: Account): Promise<void> {
    await this.#call('addAccount', account);
  }

  /** Adds or replaces an access key; use it to disable a key or to give it a policy. */
  async addKey(key: AccessKey): Promise<void> {
    await this.#call('addKey', key);
  }

  /** Seeds one VPC with its system route table, ready to use. */
  addNetwork(seed: NetworkSeed): Promise<SeededNetwork> {
    return this.#call('addNetwork', seed);
  }

  async addPort(seed: PortSeed): Promise<void> {
    await this.#call('addPort', seed);
  }

  /** Alibaba Cloud only: Baidu AI Cloud has none here. */
  async addResourceGroup(seed: ResourceGroupSeed): Promise<void> {
    await this.#call('addResourceGroup', seed);
  }

  /** The whole state as plain data. Request log, faults and nonces are not part of it. */
  snapshot(): Promise<EmulatorState> {
    return this.#call('readState', undefined);
  }

  /** Puts a snapshot back, as a whole or not at all. */
  restore(state: EmulatorState): Promise<ClockAnswer> {
    return this.#call('restoreState', state);
  }

  /** Back to how it started; logs and faults are emptied. */
  reset(): Promise<ClockAnswer> {
    return this.#call('reset', undefined);
  }

  async #call<Name extends ControlCallName>(
    name: Name,
    input: ControlCalls[Name]['takes'],
  ): Promise<ControlCalls[Name]['gives']> {
    const [method, pattern] = CONTROL_PATHS[name];
    const members = Object.entries((input ?? {}) as Readonly<Record<string, unknown>>);
    const path = pattern.replace(/\{(\w+)\}/g, (_, part: string) =>
      encodeURIComponent(String(members.find(([member]) => member === part)?.[1])),
    );
    const asked = method === 'GET' ? members.filter(([, value]) => value !== undefined) : [];
    const query = new URLSearchParams(
      asked.map(([member, value]): [string, string] => [member, String(value)]),
    ).toString();
    const hasBody = method !== 'GET' && path === pattern && input !== undefined;
    const response = await fetch(`${this.#endpoint}${path}${query === '' ? '' : `?${query}`}`, {
      method,
      ...(hasBody ? { body: JSON.stringify(input), headers: { 'content-type': 'application/json' } } : {}),
    });
    const answer = (await response.json()) as ControlCalls[Name]['gives'] & {
      readonly error?: { readonly message?: string };
    };
    if (!response.ok) throw new ControlError(response.status, answer.error?.message ?? response.statusText);
    return answer;
  }
}
