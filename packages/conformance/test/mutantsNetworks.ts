/** Broken drivers whose readings of networks are wrong. */
import { regionId, type Cidr, type Network } from '@peerway/core';
import { firstPage, networks, rounded, type Mutant } from './broken.js';

const changed = (change: (network: Network) => Network) =>
  networks((good) => ({
    get: async (ids, call) => (await good.get(ids, call)).map(change),
    list: async (cursor, call) => {
      const page = await good.list(cursor, call);
      return { ...page, items: page.items.map(change) };
    },
  }));

export const NETWORKS: readonly Mutant[] = [
  {
    name: 'lists networks of page one only',
    topics: ['paging'],
    driver: networks((good) => ({ list: async (_, call) => firstPage(await good.list(undefined, call)) })),
  },
  {
    name: 'reads the last network of a page again with the next',
    topics: ['paging'],
    survives: 'core gives an item that stands on two pages once, whoever put it there',
    driver: networks((good) => {
      let last: readonly Network[] = [];
      return {
        list: async (cursor, call) => {
          const page = await good.list(cursor, call);
          const items = cursor === undefined ? page.items : [...last, ...page.items];
          last = page.items.slice(-1);
          return { ...page, items };
        },
      };
    }),
  },
  {
    name: 'loops over pages inside the driver',
    topics: ['paging'],
    driver: networks((good) => ({
      list: async (_, call) => {
        const items: Network[] = [];
        for (let cursor: string | undefined; ;) {
          const page = await good.list(cursor, call);
          items.push(...page.items);
          if (page.next === undefined) return { items };
          cursor = page.next;
        }
      },
    })),
  },
  {
    name: 'fails to read many networks when one is missing',
    topics: ['lifecycle'],
    driver: networks((good) => ({
      get: async (ids, call) => {
        const found = await good.get(ids, call);
        if (found.length < ids.length) throw new Error('missing');
        return found;
      },
    })),
  },
  {
    name: 'reads only the first of many networks',
    topics: ['lifecycle'],
    driver: networks((good) => ({ get: (ids, call) => good.get(ids.slice(0, 1), call) })),
  },
  {
    name: 'reads one network too few per call',
    topics: ['paging'],
    driver: networks((good) => ({ get: (ids, call) => good.get(ids.slice(0, 2), call) })),
  },
  {
    name: 'shows prefixes with host bits',
    seen: 'docs/facts/known-defects.md 1.13',
    topics: ['lifecycle'],
    driver: changed((network) => ({
      ...network,
      cidrs: network.cidrs.map((cidr) => cidr.replace('.0/', '.1/') as Cidr),
    })),
  },
  {
    name: 'reads account ids as numbers',
    seen: 'pop-core turns them into numbers',
    topics: ['lifecycle', 'crossAccount'],
    driver: changed((network) => ({ ...network, account: rounded(network.account) })),
  },
  {
    name: 'writes its own region into every network',
    topics: ['lifecycle', 'crossRegion'],
    driver: changed((network) => ({ ...network, region: regionId('south') })),
  },
];
