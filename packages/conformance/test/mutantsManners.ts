/** Broken drivers with bad manners: errors, requests, signals, secrets, claims. */
import {
  PeerwayError,
  isPeerwayError,
  type Call,
  type ProviderCapabilities,
  type ProviderPlugin,
  type Support,
} from '@peerway/core';
import { calls, failures, peerings, routes, withParts, type Mutant } from './broken.js';

const yes: Support = { status: 'supported', checkedOn: '2026-11' };
const SECRET = 'demo-secret-a';

const rebuilt = (change: (error: PeerwayError) => PeerwayError) =>
  failures((error) => (isPeerwayError(error) ? change(error) : error));
const without = (...keys: readonly (keyof PeerwayError['details'])[]) =>
  rebuilt(
    (error) =>
      new PeerwayError(
        error.code,
        error.message,
        Object.fromEntries(Object.entries(error.details).filter(([key]) => !keys.includes(key as never))),
      ),
  );
const coded = (from: string, to: PeerwayError['code']) =>
  rebuilt((error) => (error.code === from ? new PeerwayError(to, error.message, error.details) : error));
const admit = (change: (good: Call['admit']) => Call['admit']) =>
  calls((call) => ({ ...call, admit: change(call.admit.bind(call)) }));
const silent = () => undefined;

type Mechanism = ProviderCapabilities['mechanisms'][number];
const claims =
  (change: (mechanism: Mechanism) => Mechanism) =>
  (plugin: ProviderPlugin): ProviderPlugin => ({
    ...plugin,
    capabilities: { ...plugin.capabilities, mechanisms: [change(plugin.capabilities.mechanisms[0])] },
  });

/** Repeats a call when it was throttled: a second layer of retries. */
const patient = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (isPeerwayError(error) && error.retry === 'backoff') return work();
    throw error;
  }
};

export const MANNERS: readonly Mutant[] = [
  {
    name: 'retries by itself',
    seen: 'docs/facts/known-defects.md 2.6',
    topics: ['faults'],
    driver: (good) =>
      withParts(good, { networks: { get: (ids, call) => patient(() => good.networks.get(ids, call)) } }),
  },
  {
    name: 'throws the vendor’s error',
    topics: ['errors'],
    driver: failures((error) => new Error((error as Error).message)),
  },
  {
    name: 'calls everything Unknown',
    topics: ['errors', 'lifecycle'],
    driver: rebuilt((error) => new PeerwayError('Unknown', error.message, error.details)),
  },
  { name: 'calls a missing object InvalidArgument', topics: ['errors'], driver: coded('NotFound', 'InvalidArgument') },
  {
    name: 'calls a duplicate a conflict that goes away',
    topics: ['errors'],
    driver: coded('AlreadyExists', 'Conflict'),
  },
  {
    name: 'calls a wrong secret PermissionDenied',
    topics: ['errors'],
    driver: coded('Unauthenticated', 'PermissionDenied'),
  },
  {
    name: 'calls a busy network a wrong state',
    topics: ['concurrency'],
    driver: coded('Conflict', 'FailedPrecondition'),
  },
  { name: 'calls throttling a failure', topics: ['faults'], driver: coded('Throttled', 'FailedPrecondition') },
  { name: 'calls a broken service Internal', topics: ['faults'], driver: coded('Unavailable', 'Internal') },
  {
    name: 'advises to repeat what cannot succeed',
    topics: ['errors'],
    driver: rebuilt((error) => new PeerwayError(error.code, error.message, { ...error.details, retry: 'backoff' })),
  },
  { name: 'loses the cloud’s code', topics: ['errors'], driver: without('nativeCode') },
  { name: 'loses the request id', topics: ['errors'], driver: without('requestId') },
  { name: 'loses the HTTP status', topics: ['errors'], driver: without('httpStatus') },
  { name: 'loses the cloud’s operation', topics: ['errors'], driver: without('nativeOperation') },
  { name: 'forgets that a lost answer may have been a success', topics: ['faults'], driver: without('outcome') },
  {
    name: 'says of every write that it may have happened',
    topics: ['faults'],
    driver: rebuilt((error) => new PeerwayError(error.code, error.message, { ...error.details, outcome: 'unknown' })),
  },
  {
    name: 'puts the secret into an error’s details',
    seen: 'pop-core puts the URL into err.entry',
    topics: ['errors'],
    driver: rebuilt(
      (error) =>
        new PeerwayError(error.code, error.message, { ...error.details, nativeOperation: `GET /?k=${SECRET}` }),
    ),
  },
  {
    name: 'hangs the vendor’s error on its own',
    seen: 'pop-core, axios',
    topics: ['errors'],
    driver: rebuilt(
      (error) =>
        new PeerwayError(error.code, error.message, {
          ...error.details,
          response: { config: { headers: { Authorization: SECRET } } },
        } as never),
    ),
  },
  {
    name: 'puts the proxy’s page into the message',
    topics: ['faults'],
    driver: rebuilt(
      (error) =>
        new PeerwayError(
          error.code,
          error.details.httpStatus === 502 ? '<html>Bad Gateway</html>' : error.message,
          error.details,
        ),
    ),
  },
  { name: 'does not announce its requests', topics: ['readOnly'], driver: admit(() => async () => silent) },
  {
    name: 'sends its readings without waiting for their turn',
    topics: ['readOnly'],
    driver: admit((good) => async (request) => {
      if (request.mutating) return good(request);
      const turn = good(request);
      return (outcome) => void turn.then((answered) => answered(outcome));
    }),
  },
  {
    name: 'sends a read after its write without asking for a turn',
    topics: ['readOnly'],
    driver: peerings((good) => ({
      create: async (input, call) => {
        const made = await good.create(input, call);
        await good.get(made, 'initiator', { ...call, admit: async () => silent });
        return made;
      },
    })),
  },
  {
    name: 'does not say when its requests have ended',
    topics: ['readOnly'],
    driver: admit((good) => async (request) => {
      await good(request);
      return silent;
    }),
  },
  {
    name: 'announces every request twice',
    topics: ['readOnly'],
    driver: admit((good) => async (request) => (await good(request), good(request))),
  },
  {
    name: 'announces writes as reads',
    topics: ['readOnly'],
    driver: admit((good) => (request) => good({ ...request, mutating: false })),
  },
  {
    name: 'announces reads as writes',
    topics: ['readOnly'],
    driver: admit((good) => (request) => good({ ...request, mutating: true })),
  },
  {
    name: 'does not announce deletions',
    topics: ['readOnly'],
    driver: peerings((good) => ({
      delete: (id, side, call) => good.delete(id, side, { ...call, admit: async () => silent }),
    })),
  },
  {
    name: 'announces route changes as reads',
    topics: ['readOnly'],
    driver: routes((good) => ({
      createMany: (inputs, call) =>
        good.createMany?.(inputs, { ...call, admit: (request) => call.admit({ ...request, mutating: false }) }) ??
        Promise.resolve([]),
    })),
  },
  {
    name: 'ignores the signal',
    topics: ['cancellation'],
    driver: calls((call) => ({ ...call, signal: new AbortController().signal })),
  },
  {
    name: 'tells a canceled write as done',
    topics: ['cancellation'],
    driver: peerings((good) => ({
      delete: (id, side, call) =>
        good.delete(id, side, call).catch((error: unknown) => {
          if (call.signal.aborted) return 'gone' as const;
          throw error;
        }),
    })),
  },
  {
    name: 'takes a canceled write for one that did nothing',
    topics: ['cancellation'],
    driver: rebuilt((error) => (error.code === 'Canceled' ? new PeerwayError('Canceled', error.message) : error)),
  },
  {
    name: 'answers every native token',
    topics: ['native'],
    driver: (good) => withParts(good, { native: <T>() => ({}) as T }),
  },
  { name: 'knows no native token', topics: ['native'], driver: (good) => withParts(good, { native: () => undefined }) },

  {
    name: 'closes what another driver of it still uses',
    topics: ['capabilities'],
    plugin: (plugin) => {
      let closed = false;
      return {
        ...plugin,
        create: async (context) => {
          const driver = await plugin.create(context);
          closed = false;
          const close = async (): Promise<void> => void (closed = true);
          const get: typeof driver.networks.get = async (ids, call) => (closed ? [] : driver.networks.get(ids, call));
          return { ...withParts(driver, { networks: { get } }), close };
        },
      };
    },
  },
  {
    name: 'has an id that is a name for people',
    topics: ['capabilities'],
    plugin: (plugin) => ({ ...plugin, id: 'Tiny Cloud' }),
  },
  {
    name: 'gives two mechanisms one name',
    topics: ['capabilities'],
    plugin: (plugin) => {
      const [one] = plugin.capabilities.mechanisms;
      return { ...plugin, capabilities: { ...plugin.capabilities, mechanisms: [one, one] } };
    },
  },
  {
    name: 'was written for another version of core',
    topics: ['capabilities'],
    plugin: (plugin) => ({ ...plugin, apiVersion: 0 }),
  },
  {
    name: 'does not mark its secret',
    topics: ['capabilities'],
    plugin: (plugin) => ({ ...plugin, credentials: plugin.credentials.map((field) => ({ ...field, secret: false })) }),
  },
  {
    name: 'asks for an option that nobody gave',
    topics: ['capabilities'],
    plugin: (plugin) => ({
      ...plugin,
      options: class {
        constructor() {
          throw new Error('world is required');
        }
      },
    }),
  },
  {
    name: 'sends a request while it is made',
    topics: ['capabilities'],
    plugin: (plugin) => ({
      ...plugin,
      create: async (context) => {
        const driver = await plugin.create(context);
        await driver.networks.list(undefined, { signal: new AbortController().signal, admit: async () => silent });
        return driver;
      },
    }),
  },
  {
    name: 'claims a dry run that it has not',
    topics: ['capabilities'],
    plugin: claims((one) => ({ ...one, features: { ...one.features, dryRun: yes } })),
  },
  {
    name: 'claims that a deletion shows routes, and cannot ask',
    topics: ['capabilities'],
    plugin: claims((one) => ({ ...one, deletionShowsRoutes: true })),
  },
  {
    name: 'forgets a feature in its claims',
    topics: ['capabilities'],
    plugin: claims((one) => ({
      ...one,
      features: Object.fromEntries(Object.entries(one.features).slice(1)) as typeof one.features,
    })),
  },
  {
    name: 'gives no reason for what it cannot',
    topics: ['capabilities'],
    plugin: claims((one) => ({
      ...one,
      features: { ...one.features, dnsSync: { ...one.features.dnsSync, reason: '' } as Support },
    })),
  },
  {
    name: 'claims that nobody need give a bandwidth, and that it has none',
    topics: ['capabilities'],
    plugin: claims((one) => ({ ...one, bandwidth: 'none' })),
  },
  {
    name: 'claims that a rejected pair is free',
    topics: ['acceptance'],
    plugin: claims((one) => ({ ...one, occupiesPairWhen: [] })),
  },
  {
    name: 'claims that what is dead fades',
    topics: ['capabilities'],
    plugin: claims((one) => ({ ...one, dead: 'fades' })),
  },
  {
    name: 'claims that what is dead fades, and that it is in nobody’s way',
    topics: ['acceptance'],
    plugin: claims((one) => ({ ...one, dead: 'fades', occupiesPairWhen: [] })),
  },
  {
    name: 'claims that a duplicate is answered with what is there',
    topics: ['lifecycle'],
    plugin: claims((one) => ({ ...one, duplicate: 'returns-existing' })),
  },
  {
    name: 'claims a switch of names that it has not',
    topics: ['capabilities'],
    plugin: claims((one) => ({ ...one, dnsSwitch: 'opens-own' })),
  },
  {
    name: 'claims that a dry run shows something',
    topics: ['capabilities'],
    plugin: claims((one) => ({ ...one, dryRunShows: 'rights' })),
  },
  {
    name: 'claims that acceptance is an act where it is not',
    topics: ['acceptance'],
    plugin: claims((one) => ({ ...one, autoAcceptSameAccount: false })),
  },
  {
    name: 'claims that only the initiator ends it',
    topics: ['sides'],
    plugin: claims((one) => ({ ...one, deletableBy: 'initiator' })),
  },
  {
    name: 'claims to switch name resolution',
    topics: ['lifecycle'],
    plugin: claims((one) => ({ ...one, features: { ...one.features, dnsSync: yes } })),
  },
  {
    name: 'claims routes with a source and drops it',
    topics: ['routes'],
    plugin: (plugin) => ({
      ...plugin,
      capabilities: {
        ...plugin.capabilities,
        routes: { ...plugin.capabilities.routes, features: { ...plugin.capabilities.routes.features, source: yes } },
      },
    }),
  },
  {
    name: 'claims links and has none',
    topics: ['capabilities'],
    plugin: (plugin) => ({
      ...plugin,
      create: async (context) => {
        const { links: _, ...rest } = withParts(await plugin.create(context), {});
        return rest;
      },
    }),
  },
];
