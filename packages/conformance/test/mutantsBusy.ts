/** Broken drivers for moments when people or the cloud are at work at a thing: a line taken off, a change or a removal under way. */
import { isPeerwayError, PeerwayError, type Link, type PeeringDriver, type ProviderDriver } from '@peerway/core';
import { every, links, peerings, routes, withParts, type Mutant } from './broken.js';

const final = (what: string): PeerwayError => new PeerwayError('FailedPrecondition', what);

/** Deletions of peerings that are refused for good where `blocked` finds something in the way. */
const refusing =
  (blocked: (good: ProviderDriver, ...args: Parameters<PeeringDriver['delete']>) => Promise<boolean>) =>
  (good: ProviderDriver) =>
    withParts(good, {
      peerings: {
        delete: async (...args) => {
          if (await blocked(good, ...args)) throw final('Something is in the way');
          return good.peerings.delete(...args);
        },
      },
    });

export const BUSY: readonly Mutant[] = [
  {
    name: 'asks for a deletion again at once when it was denied',
    topics: ['words'],
    driver: (good) =>
      withParts(good, {
        peerings: { delete: (...args) => good.peerings.delete(...args).catch(() => good.peerings.delete(...args)) },
      }),
  },
  {
    name: 'stumbles over a state in which nobody asks it to change anything',
    topics: ['words'],
    driver: (good) =>
      withParts(good, {
        peerings: {
          async update(...args) {
            const { state } = await good.peerings.get(args[0], args[1], args[3]);
            if (state === 'rejected') throw new TypeError('undefined is not a step');
            return good.peerings.update(...args);
          },
        },
      }),
  },
  {
    name: 'makes the second half of a link once, and never again',
    topics: ['links'],
    driver: (good) => {
      const done = new Set<string>();
      return links((all) => ({
        async continue(id, input, call) {
          if (done.has(id)) return;
          done.add(id);
          await all.continue?.(id, input, call);
        },
      }))(good);
    },
  },
  {
    name: 'takes the addresses of a VLAN from the first that used it',
    topics: ['links'],
    driver: (good) => {
      const first = new Map<string, { readonly cloudIp: string; readonly customerIp: string }>();
      return links((all) => ({
        create(input, call) {
          const line = `${input.port} ${input.vlan}`;
          const { cloudIp, customerIp } = first.get(line) ?? input;
          first.set(line, { cloudIp, customerIp });
          return all.create({ ...input, cloudIp, customerIp }, call);
        },
      }))(good);
    },
  },
  {
    name: 'takes any refusal of a link for a line of the port that is there',
    topics: ['links'],
    driver: links((good) => ({
      async create(input, call) {
        try {
          return await good.create(input, call);
        } catch (error) {
          const [other] = (await good.list({ network: input.network, port: input.port }, undefined, call)).items;
          if (!isPeerwayError(error, 'FailedPrecondition') || other === undefined) throw error;
          throw new PeerwayError('AlreadyExists', `${other.id} is there`, error.details);
        }
      },
    })),
  },
  {
    name: 'takes every next hop that its caller knows for dead',
    topics: ['routes'],
    driver: routes((good) => ({
      async list(network, table, cursor, call, hops = new Map()) {
        const page = await good.list(network, table, cursor, call, hops);
        if (hops === 'irrelevant') return page;
        const items = page.items.map((route) =>
          hops.has(route.nextHop.id) ? { ...route, state: 'blackhole' as const } : route,
        );
        return { ...page, items };
      },
    })),
  },
  {
    name: 'lists the links of those networks alone that its caller wants left out',
    topics: ['links'],
    driver: links((good) => ({
      async list({ except, ...query }, cursor, call) {
        const page = await good.list(query, cursor, call);
        const fits = ({ network }: Link): boolean => except?.some((one) => one === network) ?? true;
        return { ...page, items: page.items.filter(fits) };
      },
    })),
  },
  {
    name: 'refuses to end a peering for good while a change is under way',
    topics: ['lifecycle'],
    driver: refusing(async (good, id, side, call) => {
      const { state } = await good.peerings.get(id, side, call);
      return state === 'updating';
    }),
  },
  {
    name: 'takes a route on its way out for one that stands in the way',
    topics: ['routes'],
    driver: refusing(async (good, id, side, call) => {
      const { [side]: end } = await good.peerings.get(id, side, call);
      for (const table of await good.routes.tables(end.network, call)) {
        const found = await every((cursor) => good.routes.list(end.network, table.id, cursor, call));
        if (found.some(({ state, nextHop }) => state === 'deleting' && nextHop.id === end.nextHop?.id)) return true;
      }
      return false;
    }),
  },
  {
    name: 'takes a refused pair for a duplicate where the initiator is joined to anybody',
    topics: ['errors'],
    driver: peerings((good) => ({
      async create(input, call) {
        try {
          return await good.create(input, call);
        } catch (error) {
          const { items } = await good.list({ network: input.initiator }, undefined, call);
          if (!isPeerwayError(error, 'FailedPrecondition') || items.length === 0) throw error;
          throw new PeerwayError('AlreadyExists', 'They are joined', error.details);
        }
      },
    })),
  },
];
