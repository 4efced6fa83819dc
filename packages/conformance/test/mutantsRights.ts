/** Broken drivers that misread a refusal, a word, a date, or what has gone behind their back. */
import {
  isPeerwayError,
  PeerwayError,
  type Call,
  type LifecycleState,
  type Link,
  type Network,
  type Page,
  type Peering,
} from '@peerway/core';
import {
  failures,
  links,
  mapLinks,
  mapRoutes,
  networks,
  peerings,
  readings,
  routes,
  withParts,
  type Mutant,
} from './broken.js';

const as = (state: LifecycleState, shown: LifecycleState) =>
  readings((peering) => (peering.state === state ? ({ ...peering, state: shown } as Peering) : peering));
const linkAs = (state: LifecycleState, shown: LifecycleState) =>
  mapLinks((link) => (link.state === state ? ({ ...link, state: shown } as Link) : link));
const networkAs = (state: Network['state'], shown: Network['state']) =>
  networks((good) => ({
    get: async (ids, call) =>
      (await good.get(ids, call)).map((one) => (one.state === state ? { ...one, state: shown } : one)),
  }));
const HOUR_MS = 3_600_000;
const later = (date: Date | undefined, ms: number): Date => new Date((date?.getTime() ?? 0) + ms);

const forgiven = <T>(work: Promise<T>, instead: T): Promise<T> =>
  work.catch((error: unknown) => {
    if (isPeerwayError(error, 'PermissionDenied')) return instead;
    throw error;
  });
const recoded = (code: 'Unauthenticated' | 'NotFound' | 'InvalidArgument' | 'Unavailable') =>
  failures((error) =>
    isPeerwayError(error, 'PermissionDenied') ? new PeerwayError(code, error.message, error.details) : error,
  );
const guessing = <T>(work: Promise<T>, instead: T): Promise<T> =>
  work.catch((error: unknown) => {
    if (isPeerwayError(error, 'Unknown')) return instead;
    throw error;
  });
const missing = (error: unknown): never => {
  if (isPeerwayError(error, 'PermissionDenied')) throw new PeerwayError('NotFound', error.message, error.details);
  throw error;
};
const unheard = (call: Call): Call => ({ signal: call.signal, admit: async () => () => undefined });

/** A page without what could not be read. */
const silent = async <T>(page: Promise<Page<T>>): Promise<Page<T>> => {
  const { unreadable: _, ...rest } = await page;
  return rest;
};

export const RIGHTS: readonly Mutant[] = [
  { name: 'calls a missing right a wrong secret', topics: ['rights'], driver: recoded('Unauthenticated') },
  { name: 'calls a missing right a missing object', topics: ['rights'], driver: recoded('NotFound') },
  { name: 'calls a missing right a wrong argument', topics: ['rights'], driver: recoded('InvalidArgument') },
  { name: 'calls a missing right a broken service', topics: ['rights'], driver: recoded('Unavailable') },
  {
    name: 'reads a peering that it may not read as "not there"',
    topics: ['rights'],
    driver: peerings((good) => ({ get: (id, side, call) => good.get(id, side, call).catch(missing) })),
  },
  {
    name: 'reads a peering as "not there" where the acceptor may not read it',
    topics: ['rights'],
    driver: peerings((good) => ({
      get: (id, side, call) =>
        side === 'acceptor' ? good.get(id, side, call).catch(missing) : good.get(id, side, call),
    })),
  },
  {
    name: 'lists no peerings where it may not list them',
    topics: ['rights'],
    driver: peerings((good) => ({
      list: (query, cursor, call) => forgiven(good.list(query, cursor, call), { items: [] }),
    })),
  },
  {
    name: 'reads no networks where it may not read them',
    topics: ['rights'],
    driver: networks((good) => ({ get: (ids, call) => forgiven(good.get(ids, call), []) })),
  },
  {
    name: 'lists no networks where it may not list them',
    topics: ['rights'],
    driver: networks((good) => ({ list: (cursor, call) => forgiven(good.list(cursor, call), { items: [] }) })),
  },
  {
    name: 'reads no tables where it may not read them',
    topics: ['rights'],
    driver: routes((good) => ({ tables: (network, call) => forgiven(good.tables(network, call), []) })),
  },
  {
    name: 'lists no routes where it may not list them',
    topics: ['rights'],
    driver: routes((good) => ({
      list: (network, table, cursor, call) => forgiven(good.list(network, table, cursor, call), { items: [] }),
    })),
  },
  {
    name: 'lists no links where it may not list them',
    topics: ['rights'],
    driver: links((good) => ({
      list: (query, cursor, call) => forgiven(good.list(query, cursor, call), { items: [] }),
    })),
  },
  {
    name: 'reads a link that it may not read as "not there"',
    topics: ['rights'],
    driver: links((good) => ({ get: (id, call) => good.get(id, call).catch(missing) })),
  },
  {
    name: 'says that a change which it may not make is made',
    topics: ['rights'],
    driver: peerings((good) => ({
      update: (id, side, change, call) => forgiven(good.update(id, side, change, call), undefined),
    })),
  },
  {
    name: 'says that it has accepted what it may not accept',
    topics: ['rights'],
    driver: peerings((good) => ({ accept: (id, call, seen) => forgiven(good.accept(id, call, seen), undefined) })),
  },
  {
    name: 'says that it has rejected what it may not reject',
    topics: ['rights'],
    driver: peerings((good) => ({ reject: (id, call) => forgiven(good.reject(id, call), undefined) })),
  },
  {
    name: 'says that routes which it may not write are written',
    topics: ['rights'],
    driver: routes((good) => ({
      createMany: async (inputs, call) =>
        forgiven(
          good.createMany?.(inputs, call) ?? Promise.resolve([]),
          inputs.map(() => ({ ok: true })),
        ),
    })),
  },
  {
    name: 'says that routes which it may not remove are removed',
    topics: ['rights'],
    driver: routes((good) => ({
      deleteMany: async (refs, call) =>
        forgiven(
          good.deleteMany?.(refs, call) ?? Promise.resolve([]),
          refs.map(() => ({ ok: true })),
        ),
    })),
  },
  {
    name: 'says that a link which it may not remove is gone',
    topics: ['rights'],
    driver: links((good) => ({ delete: (id, call) => forgiven(good.delete(id, call), 'gone') })),
  },

  { name: 'calls a changing peering active', topics: ['words'], driver: as('updating', 'active') },
  { name: 'calls a changing peering provisioning', topics: ['words'], driver: as('updating', 'provisioning') },
  { name: 'calls an ending peering active', topics: ['words'], driver: as('deleting', 'active') },
  { name: 'calls an ending peering gone', topics: ['words'], driver: as('deleting', 'deleted') },
  { name: 'calls a failed peering rejected', topics: ['words'], driver: as('failed', 'rejected') },
  { name: 'calls a lapsed request failed', topics: ['words'], driver: as('expired', 'failed') },
  { name: 'calls a suspended peering active', topics: ['words'], driver: as('inactive', 'active') },
  {
    name: 'writes the cloud’s word in capitals',
    topics: ['words'],
    driver: readings((peering) => ({ ...peering, nativeState: peering.nativeState.toUpperCase() })),
  },
  {
    name: 'leaves peerings in an unknown state out of listings',
    topics: ['words'],
    driver: peerings((good) => ({
      list: (query, cursor, call) => silent(good.list(query, cursor, call)),
    })),
  },
  { name: 'calls a suspended link active', topics: ['words'], driver: linkAs('inactive', 'active') },
  { name: 'calls a changing link active', topics: ['words'], driver: linkAs('updating', 'active') },
  { name: 'calls an ending link active', topics: ['words'], driver: linkAs('deleting', 'active') },
  {
    name: 'leaves links in an unknown state out of listings',
    topics: ['words'],
    driver: links((good) => ({
      list: (query, cursor, call) => silent(good.list(query, cursor, call)),
    })),
  },
  { name: 'calls a network that is being made active', topics: ['words'], driver: networkAs('provisioning', 'active') },
  { name: 'calls a network that is going active', topics: ['words'], driver: networkAs('deleting', 'active') },
  {
    name: 'leaves networks in an unknown state out',
    topics: ['words'],
    driver: networks((good) => ({
      get: (ids, call) => guessing(good.get(ids, call), []),
      list: (cursor, call) => silent(good.list(cursor, call)),
    })),
  },
  {
    name: 'calls a route that is going active',
    topics: ['words'],
    driver: mapRoutes((route) => (route.state === 'deleting' ? { ...route, state: 'active' } : route)),
  },
  {
    name: 'leaves routes in an unknown state out',
    topics: ['words'],
    driver: routes((good) => ({
      list: (network, table, cursor, call) => silent(good.list(network, table, cursor, call)),
    })),
  },

  {
    name: 'reads the creation time in another zone',
    topics: ['lifecycle'],
    driver: readings(({ createdAt, ...peering }) => ({ ...peering, createdAt: later(createdAt, 8 * HOUR_MS) })),
  },
  {
    name: 'gives the time of reading as the creation time',
    topics: ['lifecycle'],
    driver: readings(({ createdAt, ...peering }) => ({ ...peering, createdAt: later(createdAt, 10 * 60_000) })),
  },
  {
    name: 'says that a request lapses a day earlier than it does',
    topics: ['acceptance'],
    driver: readings((peering) =>
      peering.expiresAt === undefined ? peering : { ...peering, expiresAt: later(peering.expiresAt, -24 * HOUR_MS) },
    ),
  },

  {
    name: 'asks who it is before its first request, and tells nobody',
    seen: 'a provider from outside',
    topics: ['readOnly'],
    driver: (good) => {
      let known = false;
      const introduce = async (call: Call): Promise<void> => {
        if (known) return;
        known = true;
        await good.networks.list(undefined, unheard(call));
      };
      return withParts(good, {
        networks: {
          get: async (ids, call) => {
            await introduce(call);
            return good.networks.get(ids, call);
          },
        },
        peerings: {
          list: async (query, cursor, call) => {
            await introduce(call);
            return good.peerings.list(query, cursor, call);
          },
          create: async (input, call) => {
            await introduce(call);
            return good.peerings.create(input, call);
          },
        },
      });
    },
  },
  {
    name: 'names the key for its account',
    topics: ['lifecycle'],
    driver: (good) => ({ ...withParts(good, {}), ownAccount: async () => 'demo-b' as never }),
  },
  {
    name: 'remembers peerings that somebody else has ended',
    topics: ['lifecycle'],
    driver: peerings((good) => {
      const seen = new Map<string, Peering>();
      const gone = new Set<string>();
      return {
        get: async (id, side, call) => {
          try {
            const peering = await good.get(id, side, call);
            if (peering.state !== 'deleted') seen.set(`${id} ${side}`, peering);
            else if (!gone.has(id)) return seen.get(`${id} ${side}`) ?? peering;
            return peering;
          } catch (error) {
            const known = seen.get(`${id} ${side}`);
            if (known === undefined || gone.has(id)) throw error;
            return known;
          }
        },
        delete: async (id, side, call) => {
          gone.add(id);
          return good.delete(id, side, call);
        },
      };
    }),
  },
  {
    name: 'fails to end what somebody else has ended',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      delete: (id, side, call) =>
        good.delete(id, side, call).catch((error: unknown) => {
          if (!isPeerwayError(error, 'NotFound')) throw error;
          throw new PeerwayError('FailedPrecondition', error.message, error.details);
        }),
    })),
  },
  {
    name: 'ends a listing at a page that has nothing to show',
    topics: ['paging'],
    driver: peerings((good) => ({
      list: async (query, cursor, call) => {
        const page = await good.list(query, cursor, call);
        return page.items.length === 0 ? { items: [] } : page;
      },
    })),
  },
  {
    name: 'loses the last peering of every full page',
    topics: ['paging'],
    driver: peerings((good) => ({
      list: async (query, cursor, call) => {
        const page = await good.list(query, cursor, call);
        return page.next === undefined ? page : { ...page, items: page.items.slice(0, -1) };
      },
    })),
  },
  {
    name: 'loses the last link of every full page',
    topics: ['paging'],
    driver: links((good) => ({
      list: async (query, cursor, call) => {
        const page = await good.list(query, cursor, call);
        return page.next === undefined ? page : { ...page, items: page.items.slice(0, -1) };
      },
    })),
  },
  {
    name: 'lists links of every network but the last',
    topics: ['paging'],
    driver: links((good) => ({
      list: async (query, cursor, call) => {
        const page = await good.list(query, cursor, call);
        return page.next === undefined && query.network === undefined
          ? { ...page, items: page.items.slice(0, -1) }
          : page;
      },
    })),
  },
];
