/** What each call of the control API does to an emulator. */
import type { Emulator } from '../emulator.js';
import type { Fault } from '../machine/faults.js';
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
function selectRequests(requests: readonly RequestRecord[], filter: RequestFilter): readonly RequestRecord[] {
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

/** Every call of the API with what it does. What is wrong with a value is a BadInput or a RangeError. */
export const handlersFor = (emulator: Emulator): Handlers => ({
  ...logHandlers(emulator),
  ...timeHandlers(emulator),
  ...faultHandlers(emulator),
  ...ruleHandlers(emulator),
  ...worldHandlers(emulator),
});

function clockOf(emulator: Emulator): ClockAnswer {
  const nextAt = emulator.clock.nextAt();
  return { now: emulator.clock.now(), mode: emulator.clock.mode, ...(nextAt === undefined ? {} : { nextAt }) };
}

/** What there is and what has happened. */
const logHandlers = (
  emulator: Emulator,
): Pick<Handlers, 'ready' | 'info' | 'listRequests' | 'assertCalls' | 'listTransitions' | 'listCrashes'> => ({
  ready: () => ({ ready: true, version: CONTROL_VERSION }),
  info: () => ({
    version: CONTROL_VERSION,
    endpoints: emulator.endpoints,
    profile: emulator.profile,
    clock: clockOf(emulator),
    accounts: CLOUDS.flatMap((cloud) => emulator.world.accounts(cloud)),
    operations: CLOUDS.flatMap((cloud) => operationsOf(emulator, cloud)),
  }),
  listRequests: (filter) => ({ requests: selectRequests(emulator.requests, filter) }),
  assertCalls: ({ filter, count }) => judge(emulator.requests, filter, count),
  listTransitions: ({ table, id }) => ({
    transitions: emulator.transitions.filter(
      (transition) => (table === undefined || transition.table === table) && (id === undefined || transition.id === id),
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
});

const operationsOf = (emulator: Emulator, cloud: CloudName): readonly OperationAnswer[] =>
  emulator.operations(cloud).map(({ description }) => {
    const { product, name, mutating, permission, source, evidence } = description;
    return { cloud, product, name, mutating, permission, source, evidence };
  });

function timeHandlers(emulator: Emulator): Pick<Handlers, 'readClock' | 'moveClock' | 'readProfile' | 'setProfile'> {
  const { clock } = emulator;
  const move = (to: ClockMove): ClockAnswer => {
    if ('advanceMs' in to) clock.advance(to.advanceMs);
    else clock.advanceTo('to' in to ? to.to : (clock.nextAt() ?? clock.now()));
    return clockOf(emulator);
  };
  return {
    readClock: () => clockOf(emulator),
    moveClock: move,
    readProfile: () => ({ profile: emulator.profile }),
    setProfile: ({ profile }) => {
      emulator.setProfile(profile);
      return { profile: emulator.profile };
    },
  };
}

/** Faults have ids over this API only: one that was planted in-process is listed without. */
function faultHandlers(emulator: Emulator): Pick<Handlers, 'listFaults' | 'addFault' | 'removeFault' | 'clearFaults'> {
  const planted = new Map<string, { readonly fault: Fault; readonly remove: () => void }>();
  let planting = 0;
  return {
    listFaults: () => {
      const ids = new Map([...planted].map(([id, { fault }]) => [fault, id]));
      return {
        faults: emulator.faults.list().map((fault) => {
          const id = ids.get(fault);
          return id === undefined ? { fault } : { id, fault };
        }),
      };
    },
    addFault: (fault) => {
      const remove = emulator.faults.add(fault);
      const id = `fault-${String((planting += 1))}`;
      planted.set(id, { fault, remove });
      return { id };
    },
    removeFault: ({ id }) => {
      planted.get(id)?.remove();
      planted.delete(id);
      return {};
    },
    clearFaults: () => {
      emulator.faults.clear();
      planted.clear();
      return {};
    },
  };
}

const ruleHandlers = (emulator: Emulator): Pick<Handlers, 'listRules' | 'setRules' | 'resetRules'> => ({
  listRules: () => ({ rules: emulator.rules.list() }),
  setRules: (values) => {
    emulator.rules.set(values);
    return { rules: emulator.rules.list().filter(({ name }) => Object.hasOwn(values, name)) };
  },
  resetRules: () => {
    emulator.rules.reset();
    return {};
  },
});

const worldHandlers = (
  emulator: Emulator,
): Pick<
  Handlers,
  'addAccount' | 'addKey' | 'addNetwork' | 'addPort' | 'addResourceGroup' | 'readState' | 'restoreState' | 'reset'
> => ({
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
  addResourceGroup: (seed) => {
    emulator.world.resourceGroup(seed);
    return {};
  },
  readState: () => emulator.snapshot(),
  restoreState: (state) => {
    emulator.restore(state);
    return clockOf(emulator);
  },
  reset: () => {
    emulator.reset();
    return clockOf(emulator);
  },
});
