/** Broken drivers that write, remove or show routes wrongly. */
import type { ItemOutcome, Route } from '@peerway/core';
import { every, mapRoutes, routes, swallow, type Mutant } from './broken.js';

const lost: ItemOutcome = { ok: true };
let made = 0;

export const ROUTES: readonly Mutant[] = [
  {
    name: 'loses the last item of a batch and says it is written',
    topics: ['routes'],
    driver: routes((good) => ({
      createMany: async (inputs, call) =>
        inputs.length < 2 || good.createMany === undefined
          ? ((await good.createMany?.(inputs, call)) ?? [])
          : [...(await good.createMany(inputs.slice(0, -1), call)), lost],
    })),
  },
  {
    name: 'fails a whole batch for one item',
    topics: ['routes'],
    driver: routes((good) => ({
      createMany: async (inputs, call) => {
        const outcomes = (await good.createMany?.(inputs, call)) ?? [];
        for (const outcome of outcomes) if (!outcome.ok) throw outcome.error;
        return outcomes;
      },
    })),
  },
  {
    name: 'tells the outcomes of a batch from back to front',
    topics: ['routes'],
    driver: routes((good) => ({
      createMany: async (inputs, call) =>
        [...((await good.createMany?.(inputs, call)) ?? [])].sort((a, b) => Number(a.ok) - Number(b.ok)),
    })),
  },
  {
    name: 'writes a batch one by one',
    topics: ['routes'],
    driver: routes((good) => ({
      createMany: async (inputs, call) => {
        const outcomes: ItemOutcome[] = [];
        for (const input of inputs) outcomes.push(...((await good.createMany?.([input], call)) ?? []));
        return outcomes;
      },
    })),
  },
  {
    name: 'removes a batch one by one',
    topics: ['routes'],
    driver: routes((good) => ({
      deleteMany: async (refs, call) => {
        const outcomes: ItemOutcome[] = [];
        for (const ref of refs) outcomes.push(...((await good.deleteMany?.([ref], call)) ?? []));
        return outcomes;
      },
    })),
  },
  {
    name: 'overwrites a route that is there',
    seen: 'docs/facts/known-defects.md 2.8',
    topics: ['routes'],
    driver: routes((good) => ({
      createMany: async (inputs, call) => {
        const outcomes = [...((await good.createMany?.(inputs, call)) ?? [])];
        return outcomes.map((outcome) =>
          !outcome.ok && outcome.error.code === 'AlreadyExists' ? { ok: true } : outcome,
        );
      },
    })),
  },
  {
    name: 'writes every route into the main table',
    topics: ['routes'],
    driver: routes((good) => ({
      createMany: async (inputs, call) => {
        const tables = await Promise.all(inputs.map(async ({ network }) => (await good.tables(network, call))[0]?.id));
        return (
          (await good.createMany?.(
            inputs.map((input, at) => ({ ...input, table: tables[at] ?? input.table })),
            call,
          )) ?? []
        );
      },
    })),
  },
  {
    name: 'drops the description of a route',
    topics: ['routes'],
    driver: routes((good) => ({
      createMany: (inputs, call) =>
        good.createMany?.(
          inputs.map(({ description: _, ...input }) => input),
          call,
        ) ?? Promise.resolve([]),
    })),
  },
  {
    name: 'removes every route with the same next hop',
    topics: ['routes'],
    driver: routes((good) => ({
      deleteMany: async (refs, call) => {
        const [first] = refs;
        if (first === undefined) return [];
        const all = await every((cursor) => good.list(first.network, first.table, cursor, call));
        const twins = all.filter(
          (route) =>
            route.nextHop.id === first.nextHop.id && !refs.some((ref) => ref.destination === route.destination),
        );
        await good.deleteMany?.(twins, call);
        return (await good.deleteMany?.(refs, call)) ?? [];
      },
    })),
  },
  {
    name: 'removes nothing and says it is done',
    topics: ['routes'],
    driver: routes(() => ({ deleteMany: async (refs) => refs.map(() => ({ ok: true })) })),
  },
  {
    name: 'swallows NotFound when removing a route',
    topics: ['routes'],
    driver: routes((good) => ({ delete: (route, call) => good.delete(route, call).catch(swallow('NotFound')) })),
  },
  {
    name: 'fails to remove a batch when one is gone',
    topics: ['routes'],
    driver: routes((good) => ({
      deleteMany: async (refs, call) => {
        const outcomes = (await good.deleteMany?.(refs, call)) ?? [];
        const bad = outcomes.find((outcome) => !outcome.ok && outcome.error.code === 'NotFound');
        return bad === undefined ? outcomes : outcomes.map(() => bad);
      },
    })),
    survives: 'core turns NotFound of every item into success: the outcome is right, and the routes are gone',
  },
  {
    name: 'shows the cloud’s own routes as custom',
    seen: 'docs/facts/known-defects.md 1.15',
    topics: ['routes'],
    driver: mapRoutes((route) => ({ ...route, origin: 'custom' })),
  },
  {
    name: 'shows dead routes as active',
    seen: 'docs/facts/known-defects.md 1.14',
    topics: ['routes'],
    driver: mapRoutes((route) => ({ ...route, state: route.state === 'blackhole' ? 'active' : route.state })),
  },
  {
    name: 'shows fresh routes as active',
    topics: ['routes', 'waiters'],
    driver: mapRoutes((route) => ({ ...route, state: route.state === 'provisioning' ? 'active' : route.state })),
  },
  {
    name: 'hides what it did not write',
    topics: ['routes'],
    driver: routes((good) => ({
      list: async (network, table, cursor, call) => {
        const page = await good.list(network, table, cursor, call);
        return {
          ...page,
          items: page.items.filter((route) => route.nextHop.kind === 'peering' || route.origin === 'system'),
        };
      },
    })),
  },
  {
    name: 'remembers its routes instead of reading them',
    seen: 'docs/facts/known-defects.md 2.7',
    topics: ['routes'],
    driver: routes((good) => {
      const known = new Map<string, Route>();
      return {
        list: async (network, table, cursor, call) => {
          const page = await good.list(network, table, cursor, call);
          for (const route of page.items) known.set(`${table} ${route.destination}`, route);
          if (page.next !== undefined) return page;
          const listed = new Set(page.items.map((route) => route.destination));
          return {
            items: [
              ...page.items,
              ...[...known.values()].filter((route) => route.table === table && !listed.has(route.destination)),
            ],
          };
        },
      };
    }),
  },
  {
    name: 'makes up route ids while reading',
    topics: ['routes'],
    driver: mapRoutes((route) => ({ ...route, id: `made-${++made}` as NonNullable<Route['id']> })),
  },
  {
    name: 'reads an absent network’s tables as none',
    topics: ['routes'],
    driver: routes((good) => ({ tables: (network, call) => good.tables(network, call).catch(() => []) })),
  },
  {
    name: 'shows the tables of another network',
    topics: ['routes'],
    driver: routes((good) => ({
      tables: async (network, call) =>
        (await good.tables(network, call)).map((table) => ({ ...table, network: `${network}x` as typeof network })),
    })),
  },
];
