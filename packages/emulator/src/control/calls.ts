/** What each call of the control API does to an emulator. */
import type { Emulator } from '../emulator.js';
import { countByOperation } from '../machine/requests.js';
import type { RequestRecord } from '../machine/requests.js';
import { BadInput } from '../state/shape.js';
import type { CloudName } from '../machine/world.js';
import { CONTROL_VERSION } from './protocol.js';
import type {
  AssertAnswer,
  CallCount,
  ClockAnswer,
  ClockMove,
  ControlCallName,
  ControlCalls,
  OperationAnswer,
  RequestFilter,
} from './protocol.js';

export type Handlers = {
  readonly [Name in ControlCallName]: (input: ControlCalls[Name]['takes']) => ControlCalls[Name]['gives'];
};

const CLOUDS: readonly CloudName[] = ['alibaba', 'baidu'];
const COMPARED = ['cloud', 'operation', 'account', 'region', 'mutating', 'status', 'code', 'fault'] as const;

/** The requests that match, oldest first. */
export function selectRequests(requests: readonly RequestRecord[], filter: RequestFilter): readonly RequestRecord[] {
  const start = filter.after === undefined ? 0 : requests.findIndex(({ requestId }) => requestId === filter.after) + 1;
  return requests
    .slice(start)
    .filter((request) => COMPARED.every((name) => filter[name] === undefined || filter[name] === request[name]));
}

function judge(requests: readonly RequestRecord[], filter: RequestFilter, count: CallCount): AssertAnswer {
  const { exactly, atLeast, atMost } = count;
  if (exactly === undefined && atLeast === undefined && atMost === undefined) {
    throw new BadInput('count must name exactly, atLeast or atMost');
  }
  const found = selectRequests(requests, filter).length;
  const ok =
    (exactly === undefined || found === exactly) &&
    (atLeast === undefined || found >= atLeast) &&
    (atMost === undefined || found <= atMost);
  const others = Object.entries(countByOperation(requests)).map(([name, times]) => `${name} x${String(times)}`);
  const message = `expected ${JSON.stringify(count)} requests like ${JSON.stringify(filter)}, found ${String(found)}; the log has ${others.join(', ') || 'none'}`;
  return { ok, found, message };
}

export function handlersFor(emulator: Emulator): Handlers {
  const planted = new Map<string, () => void>();
  const idOf = new WeakMap<object, string>();
  let faultNumber = 0;

  const clock = (): ClockAnswer => {
    const nextAt = emulator.clock.nextAt();
    return { now: emulator.clock.now(), mode: emulator.clock.mode, ...(nextAt === undefined ? {} : { nextAt }) };
  };
  const move = (to: ClockMove): ClockAnswer => {
    if ('advanceMs' in to) emulator.clock.advance(to.advanceMs);
    else emulator.clock.advanceTo('to' in to ? to.to : (emulator.clock.nextAt() ?? emulator.clock.now()));
    return clock();
  };
  const operations = (): readonly OperationAnswer[] =>
    CLOUDS.flatMap((cloud) =>
      emulator.operations(cloud).map(({ description }) => {
        const { product, name, mutating, permission, source, evidence } = description;
        return { cloud, product, name, mutating, permission, source, evidence };
      }),
    );

  return {
    ready: () => ({ ready: true, version: CONTROL_VERSION }),
    info: () => ({
      version: CONTROL_VERSION,
      endpoints: emulator.endpoints,
      profile: emulator.profile,
      clock: clock(),
      accounts: CLOUDS.flatMap((cloud) => emulator.world.accounts(cloud)),
      operations: operations(),
    }),
    listRequests: (filter) => ({ requests: selectRequests(emulator.requests, filter) }),
    assertCalls: ({ filter, count }) => judge(emulator.requests, filter, count),
    listTransitions: ({ table, id }) => ({
      transitions: emulator.transitions.filter(
        (transition) =>
          (table === undefined || transition.table === table) && (id === undefined || transition.id === id),
      ),
    }),
    listCrashes: () => ({
      crashes: emulator.crashes.map(({ at, cloud, operation, requestId, error }) => ({
        at,
        cloud,
        operation,
        requestId,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      })),
    }),
    readClock: clock,
    moveClock: move,
    readProfile: () => ({ profile: emulator.profile }),
    setProfile: ({ profile }) => {
      emulator.setProfile(profile);
      return { profile: emulator.profile };
    },
    listFaults: () => ({
      faults: emulator.faults.list().map((fault) => {
        const id = idOf.get(fault);
        return id === undefined ? { fault } : { id, fault };
      }),
    }),
    addFault: (fault) => {
      const id = `fault-${String((faultNumber += 1))}`;
      idOf.set(fault, id);
      planted.set(id, emulator.faults.add(fault));
      return { id };
    },
    removeFault: ({ id }) => {
      planted.get(id)?.();
      planted.delete(id);
      return {};
    },
    clearFaults: () => {
      emulator.faults.clear();
      planted.clear();
      return {};
    },
    listRules: () => ({ rules: emulator.rules.list() }),
    setRules: (values) => {
      emulator.rules.set(values);
      return { rules: emulator.rules.list().filter(({ name }) => Object.hasOwn(values, name)) };
    },
    resetRules: () => {
      emulator.rules.reset();
      return {};
    },
    addAccount: (account) => {
      emulator.world.account(account);
      return {};
    },
    addKey: (key) => {
      if (!emulator.world.hasAccount(key.cloud, key.account)) {
        throw new BadInput(`key.account: there is no account ${key.account} on ${key.cloud}; add it first`);
      }
      emulator.world.key(key);
      return {};
    },
    addNetwork: (seed) => emulator.world.network(seed),
    addPort: (seed) => {
      emulator.world.port(seed);
      return {};
    },
    readState: () => emulator.snapshot(),
    restoreState: (state) => {
      emulator.restore(state);
      return clock();
    },
    reset: () => {
      emulator.reset();
      planted.clear();
      return clock();
    },
  };
}
