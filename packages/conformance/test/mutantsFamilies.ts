/** Broken drivers that know IPv4, one prefix and one table only, or say so little of them. */
import {
  canonicalCidr,
  cidrFamily,
  isPeerwayError,
  isPrefix,
  PeerwayError,
  type Cidr,
  type ItemOutcome,
  type Network,
  type RouteCreate,
  type RouteDriver,
} from '@peerway/core';
import { mapRoutes, networks, routes, withParts, type Mutant } from './broken.js';

const changed = (change: (network: Network) => Network) =>
  networks((good) => ({
    get: async (ids, call) => (await good.get(ids, call)).map(change),
    list: async (cursor, call) => {
      const page = await good.list(cursor, call);
      return { ...page, items: page.items.map(change) };
    },
  }));

const isSix = ({ destination }: { readonly destination: string }): boolean =>
  isPrefix(destination as Cidr) && cidrFamily(destination as Cidr) === 6;

/** What the driver writes in a batch, each item changed first; undefined: reported as written and left out. */
const writing = (change: (input: RouteCreate) => RouteCreate | undefined) =>
  routes((good) => ({
    create: async (input, call) => {
      const sent = change(input);
      if (sent !== undefined) await good.create(sent, call);
    },
    createMany: async (inputs, call) => {
      const outcomes: ItemOutcome[] = inputs.map(() => ({ ok: true }));
      const sent = inputs.flatMap((input, at) => {
        const one = change(input);
        return one === undefined ? [] : [{ one, at }];
      });
      const answers =
        sent.length === 0
          ? []
          : ((await good.createMany?.(
              sent.map(({ one }) => one),
              call,
            )) ?? []);
      sent.forEach(({ at }, place) => (outcomes[at] = answers[place] ?? { ok: true }));
      return outcomes;
    },
  }));

const tables = (
  change: (all: Awaited<ReturnType<RouteDriver['tables']>>) => Awaited<ReturnType<RouteDriver['tables']>>,
) => routes((good) => ({ tables: async (network, call) => change(await good.tables(network, call)) }));

export const FAMILIES: readonly Mutant[] = [
  {
    name: 'shows only the primary prefix of an end',
    seen: 'a provider from outside',
    topics: ['sides'],
    driver: (good) =>
      withParts(good, {
        peerings: {
          get: async (id, side, call) => {
            const peering = await good.peerings.get(id, side, call);
            const [network] = await good.networks.get([peering.initiator.network], call);
            if (network === undefined) return peering;
            return { ...peering, initiator: { ...peering.initiator, cidrs: network.cidrs.slice(0, 1) } };
          },
        },
      }),
  },
  {
    name: 'shows only the primary prefix of a network',
    seen: 'a provider from outside',
    topics: ['lifecycle'],
    driver: changed((network) => ({ ...network, cidrs: network.cidrs.slice(0, 1) })),
  },
  {
    name: 'shows only the IPv4 prefixes of a network',
    seen: 'a provider from outside',
    topics: ['lifecycle'],
    driver: changed((network) => ({ ...network, cidrs: network.cidrs.filter((cidr) => cidrFamily(cidr) === 4) })),
  },
  {
    name: 'shows the IPv6 prefix of a network first',
    topics: ['lifecycle'],
    driver: changed((network) => ({
      ...network,
      cidrs: [...network.cidrs].sort((a, b) => cidrFamily(b) - cidrFamily(a)),
    })),
  },
  {
    name: 'shows secondary prefixes in a reading and not in a listing',
    topics: ['lifecycle'],
    driver: networks((good) => ({
      list: async (cursor, call) => {
        const page = await good.list(cursor, call);
        return { ...page, items: page.items.map((one) => ({ ...one, cidrs: one.cidrs.slice(0, 1) })) };
      },
    })),
  },
  {
    name: 'shows prefixes of a network twice',
    topics: ['lifecycle'],
    driver: changed((network) => ({ ...network, cidrs: [...network.cidrs, ...network.cidrs] })),
  },
  {
    name: 'writes IPv6 prefixes of a network in upper case',
    topics: ['lifecycle', 'words'],
    driver: changed((network) => ({ ...network, cidrs: network.cidrs.map((cidr) => cidr.toUpperCase() as Cidr) })),
  },
  {
    name: 'sends an IPv6 destination in the field for IPv4',
    seen: 'a provider from outside',
    topics: ['routes'],
    driver: writing((input) => (isSix(input) ? { ...input, destination: canonicalCidr('192.0.2.0/24') } : input)),
  },
  {
    name: 'leaves IPv6 routes out and says they are written',
    topics: ['routes'],
    driver: writing((input) => (isSix(input) ? undefined : input)),
  },
  {
    name: 'leaves IPv6 routes out of a batch with IPv4 ones',
    topics: ['routes'],
    driver: routes((good) => ({
      createMany: async (inputs, call) => {
        const mixed = inputs.some(isSix) && !inputs.every(isSix);
        if (!mixed) return (await good.createMany?.(inputs, call)) ?? [];
        const outcomes =
          (await good.createMany?.(
            inputs.filter((one) => !isSix(one)),
            call,
          )) ?? [];
        return inputs.map((input) => (isSix(input) ? { ok: true } : (outcomes[0] ?? { ok: true })));
      },
    })),
  },
  {
    name: 'lists IPv4 routes only',
    topics: ['routes'],
    driver: routes((good) => ({
      list: async (network, table, cursor, call) => {
        const page = await good.list(network, table, cursor, call);
        return { ...page, items: page.items.filter((route) => !isSix(route)) };
      },
    })),
  },
  {
    name: 'writes IPv6 destinations in upper case',
    topics: ['routes', 'words'],
    driver: mapRoutes((route) => ({ ...route, destination: route.destination.toUpperCase() as Cidr })),
  },
  {
    name: 'shortens IPv6 destinations to 48 bits',
    topics: ['routes'],
    driver: writing((input) =>
      isSix(input) ? { ...input, destination: canonicalCidr(input.destination.replace(/\/\d+$/, '/48')) } : input,
    ),
  },
  {
    name: 'shows every IPv6 route as a route to somewhere else',
    topics: ['routes'],
    driver: mapRoutes((route) => (isSix(route) ? { ...route, nextHop: { ...route.nextHop, kind: 'other' } } : route)),
  },
  {
    name: 'calls a second IPv6 route a wrong state',
    topics: ['routes'],
    driver: routes((good) => ({
      createMany: async (inputs, call) =>
        ((await good.createMany?.(inputs, call)) ?? []).map((outcome, at) => {
          const input = inputs[at];
          if (outcome.ok || input === undefined || !isSix(input)) return outcome;
          if (!isPeerwayError(outcome.error, 'AlreadyExists')) return outcome;
          return {
            ok: false,
            error: new PeerwayError('FailedPrecondition', outcome.error.message, outcome.error.details),
          };
        }),
    })),
  },
  {
    name: 'cannot remove IPv6 routes',
    topics: ['routes'],
    driver: routes((good) => ({
      deleteMany: async (refs, call) => {
        const outcomes =
          (await good.deleteMany?.(
            refs.filter((ref) => !isSix(ref)),
            call,
          )) ?? [];
        let at = 0;
        return refs.map((ref) => (isSix(ref) ? { ok: true } : (outcomes[at++] ?? { ok: true })));
      },
    })),
  },
  {
    name: 'tells only of the main table',
    seen: 'a provider from outside',
    topics: ['routes'],
    driver: tables((all) => all.slice(0, 1)),
  },
  { name: 'tells of the main table last', topics: ['routes'], driver: tables((all) => [...all].reverse()) },
  {
    name: 'calls every table the main one',
    topics: ['routes'],
    driver: tables((all) => all.map((table) => ({ ...table, kind: 'main' }))),
  },
  {
    name: 'calls every table one of its own making',
    topics: ['routes'],
    driver: tables((all) => all.map((table) => ({ ...table, kind: 'custom' }))),
  },
  {
    name: 'lists the routes of the main table whichever was named',
    topics: ['routes'],
    driver: routes((good) => ({
      list: async (network, table, cursor, call) => {
        const [main] = await good.tables(network, call);
        return good.list(network, main?.id ?? table, cursor, call);
      },
    })),
  },
  {
    name: 'lists the routes of every table whichever was named',
    topics: ['routes'],
    driver: routes((good) => ({
      list: async (network, _table, _cursor, call) => {
        const items = [];
        for (const { id } of await good.tables(network, call)) {
          for (let next: string | undefined = ''; next !== undefined;) {
            const page = await good.list(network, id, next === '' ? undefined : next, call);
            items.push(...page.items);
            next = page.next;
          }
        }
        return { items };
      },
    })),
  },
  {
    name: 'removes a route from every table',
    topics: ['routes'],
    driver: routes((good) => ({
      deleteMany: async (refs, call) => {
        const outcomes = (await good.deleteMany?.(refs, call)) ?? [];
        for (const ref of refs) {
          for (const { id } of await good.tables(ref.network, call)) {
            if (id !== ref.table) await good.deleteMany?.([{ ...ref, table: id }], call);
          }
        }
        return outcomes;
      },
    })),
  },
];
