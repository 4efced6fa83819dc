/** Broken drivers that look at a part and take it for the whole: the first page, the first digits, the first request. */
import { isPeerwayError, PeerwayError, type ErrorCode, type Page } from '@peerway/core';
import { every, links, networks, peerings, routes, withParts, type Mutant } from './broken.js';

/** An empty page in the place of one failure. */
const emptyFor =
  (code: ErrorCode) =>
  (error: unknown): Page<never> => {
    if (!isPeerwayError(error, code)) throw error;
    return { items: [] };
  };

export const PARTS: readonly Mutant[] = [
  {
    name: 'takes a listing of networks that breaks off for a short one',
    topics: ['faults'],
    driver: networks((good) => ({ list: (cursor, call) => good.list(cursor, call).catch(emptyFor('Unavailable')) })),
  },
  {
    name: 'takes a listing of routes that breaks off for a short one',
    topics: ['faults'],
    driver: routes((good) => ({
      list: (network, table, cursor, call) => good.list(network, table, cursor, call).catch(emptyFor('Unavailable')),
    })),
  },
  {
    name: 'takes a listing of links that breaks off for a short one',
    topics: ['faults'],
    driver: links((good) => ({
      list: (query, cursor, call) => good.list(query, cursor, call).catch(emptyFor('Unavailable')),
    })),
  },
  {
    name: 'knows a line by how its VLAN begins',
    topics: ['links'],
    driver: links((good) => ({
      get: async (id, call) => {
        const link = await good.get(id, call);
        const onPort = link.port === undefined ? {} : { port: link.port };
        const all = await every((cursor) => good.list(onPort, cursor, call));
        return all.find(({ vlan }) => String(vlan).startsWith(String(link.vlan))) ?? link;
      },
    })),
  },
  {
    name: 'lists only those links that are wanted whole',
    topics: ['links'],
    driver: links((good) => ({
      list: async (query, cursor, call) => {
        const page = await good.list(query, cursor, call);
        return { ...page, items: page.items.filter((link) => query.whole?.(link) ?? true) };
      },
    })),
  },
  {
    name: 'knows of the first page alone which pairs are joined',
    topics: ['paging'],
    driver: peerings((good) => ({
      create: async (input, call) => {
        const [one, two] = [input.initiator, input.acceptor.network];
        const { items } = await good.list({ network: one }, undefined, call);
        return good.create(input, call).catch((error: unknown) => {
          const isKnown = items.some(({ initiator, acceptor }) =>
            [initiator.network, acceptor.network].every((end) => end === one || end === two),
          );
          if (isKnown || !isPeerwayError(error, 'AlreadyExists')) throw error;
          throw new PeerwayError('FailedPrecondition', error.message, error.details);
        });
      },
    })),
  },
  {
    name: 'takes a route for dead whose peering stands beyond the first page',
    topics: ['paging'],
    driver: (good) =>
      withParts(good, {
        routes: {
          list: async (network, table, cursor, call) => {
            const page = await good.routes.list(network, table, cursor, call);
            const { items } = await good.peerings.list({ network }, undefined, call);
            const alive = new Set(
              items.flatMap(({ initiator, acceptor }) => [initiator.nextHop?.id, acceptor.nextHop?.id]),
            );
            return {
              ...page,
              items: page.items.map((route) =>
                route.nextHop.kind !== 'peering' || alive.has(route.nextHop.id)
                  ? route
                  : { ...route, state: 'blackhole' as const },
              ),
            };
          },
        },
      }),
  },
  {
    name: 'gives a table all of its routes but the last',
    topics: ['routes'],
    driver: routes((good) => ({
      tables: async (network, call, hops) => {
        const tables = await good.tables(network, call, hops);
        const found = [];
        for (const table of tables) {
          const { items } = await good.list(network, table.id, undefined, call);
          found.push({ ...table, routes: items.slice(0, -1) });
        }
        return found;
      },
    })),
  },
];
