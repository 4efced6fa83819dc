/** Broken drivers whose readings of peerings and routes are wrong: paging, states, sides. */
import { isPeerwayError, PeerwayError, type LifecycleState, type Peering } from '@peerway/core';
import { firstPage, peerings, readings, rounded, routes, type Mutant } from './broken.js';

const as = (state: LifecycleState, shown: LifecycleState) =>
  readings((peering) => (peering.state === state ? ({ ...peering, state: shown } as Peering) : peering));
const swapped = (peering: Peering): Peering => ({
  ...peering,
  initiator: peering.acceptor,
  acceptor: peering.initiator,
});
const hiding = (state: LifecycleState) =>
  peerings((good) => ({
    list: async (query, cursor, call) => {
      const page = await good.list(query, cursor, call);
      return { ...page, items: page.items.filter((peering) => peering.state !== state) };
    },
  }));
export const READING: readonly Mutant[] = [
  {
    name: 'lists what either of the two networks has that were asked for',
    seen: 'a provider from outside',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      list: async ({ between, ...query }, cursor, call) =>
        good.list(between === undefined ? query : { ...query, network: between[0] }, cursor, call),
    })),
  },
  {
    name: 'gives no reason for a request that lapsed',
    topics: ['acceptance'],
    driver: readings((peering) => {
      if (peering.state !== 'expired') return peering;
      const { reason: _, ...rest } = peering;
      return rest;
    }),
  },
  {
    name: 'reads account ids of peerings as numbers',
    seen: 'docs/facts/known-defects.md 1.7',
    topics: ['crossAccount'],
    driver: readings((peering) => ({
      ...peering,
      initiator: { ...peering.initiator, account: rounded(peering.initiator.account) },
      acceptor: { ...peering.acceptor, account: rounded(peering.acceptor.account) },
    })),
  },
  {
    name: 'leaves the acceptor’s account to the initiator’s',
    seen: 'docs/facts/known-defects.md 1.20',
    topics: ['crossAccount'],
    driver: readings((peering) => ({
      ...peering,
      acceptor: { ...peering.acceptor, account: peering.initiator.account },
    })),
  },
  {
    name: 'leaves the acceptor’s region to the initiator’s',
    seen: 'docs/facts/known-defects.md 1.20',
    topics: ['crossRegion'],
    driver: readings((peering) => ({
      ...peering,
      acceptor: { ...peering.acceptor, region: peering.initiator.region },
    })),
  },

  { name: 'swaps initiator and acceptor', topics: ['lifecycle'], driver: readings(swapped) },
  {
    name: 'swaps initiator and acceptor as seen by the acceptor',
    topics: ['sides'],
    driver: readings((peering) => (peering.seenFrom === 'acceptor' ? swapped(peering) : peering)),
  },
  {
    name: 'always reads from the initiator’s side',
    topics: ['sides'],
    driver: peerings((good) => ({ get: (id, _side, call) => good.get(id, 'initiator', call) })),
  },
  {
    name: 'says that it looked from the side it was asked for',
    topics: ['sides'],
    driver: peerings((good) => ({
      get: async (id, side, call) => ({
        ...(await good.get(id, 'initiator', call).catch(() => good.get(id, 'acceptor', call))),
        seenFrom: side,
      }),
    })),
  },
  {
    name: 'reads both sides with one side’s keys and fails',
    seen: 'docs/facts/known-defects.md 2.11',
    topics: ['acceptance'],
    driver: peerings((good) => ({
      get: async (id, side, call) => {
        await good.get(id, side === 'initiator' ? 'acceptor' : 'initiator', call);
        return good.get(id, side, call);
      },
    })),
  },
  {
    name: 'shows its own interface for both ends',
    topics: ['sides'],
    driver: readings((peering) => {
      const nextHop = peering[peering.seenFrom].nextHop;
      return nextHop === undefined
        ? peering
        : { ...peering, initiator: { ...peering.initiator, nextHop }, acceptor: { ...peering.acceptor, nextHop } };
    }),
  },
  {
    name: 'shows no next hop to the acceptor',
    topics: ['sides'],
    driver: readings((peering) => {
      const { nextHop: _, ...acceptor } = peering.acceptor;
      return { ...peering, acceptor };
    }),
  },
  {
    name: 'gives the peering’s id as next hop where an interface is wanted',
    topics: ['routes'],
    driver: readings((peering) =>
      peering[peering.seenFrom].nextHop === undefined
        ? peering
        : {
            ...peering,
            [peering.seenFrom]: { ...peering[peering.seenFrom], nextHop: { kind: 'peering', id: peering.id } },
          },
    ),
  },

  {
    name: 'lists peerings of page one only',
    topics: ['paging'],
    driver: peerings((good) => ({
      list: async (query, _, call) => firstPage(await good.list(query, undefined, call)),
    })),
  },
  {
    name: 'starts every page at the beginning',
    topics: ['paging'],
    driver: peerings((good) => ({
      list: async (query, cursor, call) => {
        const page = await good.list(query, undefined, call);
        return cursor === undefined ? page : { items: page.items };
      },
    })),
  },
  {
    name: 'lists only what it initiated',
    topics: ['acceptance'],
    driver: peerings((good) => ({
      list: async (query, cursor, call) => {
        const page = await good.list(query, cursor, call);
        return { ...page, items: page.items.filter((peering) => peering.seenFrom === 'initiator') };
      },
    })),
  },
  {
    name: 'ignores the filter by network',
    seen: 'docs/facts/known-defects.md 1.12',
    topics: ['paging'],
    driver: peerings((good) => ({ list: ({ network: _, ...query }, cursor, call) => good.list(query, cursor, call) })),
  },
  {
    name: 'matches a pair by either network',
    seen: 'docs/facts/known-defects.md 1.18, 2.13',
    topics: ['paging'],
    driver: peerings((good) => ({
      list: ({ between, ...query }, cursor, call) =>
        good.list({ ...query, ...(between === undefined ? {} : { network: between[0] }) }, cursor, call),
    })),
  },
  {
    name: 'matches a pair in one direction only',
    topics: ['paging'],
    driver: peerings((good) => ({
      list: async (query, cursor, call) => {
        const page = await good.list(query, cursor, call);
        return {
          ...page,
          items: page.items.filter(
            (peering) => query.between === undefined || peering.initiator.network === query.between[0],
          ),
        };
      },
    })),
  },
  {
    name: 'lists nothing without a filter',
    topics: ['paging'],
    driver: peerings((good) => ({
      list: async (query, cursor, call) =>
        (query.network ?? query.between) === undefined ? { items: [] } : good.list(query, cursor, call),
    })),
  },
  { name: 'says active too early', topics: ['lifecycle'], driver: as('provisioning', 'active') },
  { name: 'calls a waiting request active', topics: ['acceptance'], driver: as('pending-acceptance', 'active') },
  {
    name: 'calls a waiting request provisioning',
    topics: ['acceptance'],
    driver: as('pending-acceptance', 'provisioning'),
  },
  { name: 'calls a suspended peering failed', topics: ['lifecycle'], driver: as('inactive', 'failed') },
  { name: 'calls a broken peering active', topics: ['lifecycle'], driver: as('failed', 'active') },
  { name: 'calls a broken peering provisioning', topics: ['waiters'], driver: as('failed', 'provisioning') },
  { name: 'calls a rejected request pending', topics: ['acceptance'], driver: as('rejected', 'pending-acceptance') },
  { name: 'calls an expired request pending', topics: ['acceptance'], driver: as('expired', 'pending-acceptance') },
  {
    name: 'calls a tombstone inactive',
    seen: 'docs/facts/known-defects.md 1.21',
    topics: ['lifecycle'],
    driver: as('deleted', 'inactive'),
  },
  {
    name: 'drops suspended peerings from the list',
    seen: 'docs/facts/known-defects.md 2.9',
    topics: ['lifecycle'],
    driver: hiding('inactive'),
  },
  {
    name: 'drops rejected requests from the list',
    seen: 'docs/facts/known-defects.md 2.9',
    topics: ['acceptance'],
    driver: hiding('rejected'),
  },
  {
    name: 'drops failed peerings from the list',
    seen: 'docs/facts/known-defects.md 2.9',
    topics: ['lifecycle'],
    driver: hiding('failed'),
  },
  {
    name: 'makes a peering of empty fields out of an empty answer',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      get: async (id, side, call) => {
        const some = (await good.list({}, undefined, call)).items[0];
        return good.get(id, side, call).catch((error: unknown) => {
          if (some === undefined) throw error;
          return { ...some, id, state: 'provisioning', nativeState: '' } as Peering;
        });
      },
    })),
  },
  {
    name: 'reads a cut connection as "not there"',
    seen: 'docs/facts/known-defects.md 2.10',
    topics: ['faults'],
    driver: peerings((good) => ({
      get: (id, side, call) =>
        good.get(id, side, call).catch((error: unknown) => {
          throw isPeerwayError(error, 'Unavailable') ? new PeerwayError('NotFound', 'EOF') : error;
        }),
    })),
  },
  {
    name: 'returns an empty listing when the connection breaks',
    topics: ['faults'],
    driver: peerings((good) => ({
      list: (query, cursor, call) => good.list(query, cursor, call).catch(() => ({ items: [] })),
    })),
  },
  {
    name: 'guesses what an unknown word means',
    topics: ['lifecycle'],
    driver: peerings((good) => {
      const known = new Map<string, Peering>();
      return {
        get: async (id, side, call) => {
          const seen = await good.get(id, side, call).catch((error: unknown) => {
            const last = known.get(id);
            if (!isPeerwayError(error, 'Unknown') || last === undefined) throw error;
            return last;
          });
          known.set(id, seen);
          return seen;
        },
      };
    }),
  },
  {
    name: 'gives a cursor with an empty page',
    topics: ['paging'],
    driver: peerings((good) => ({
      list: async (query, cursor, call) => {
        const page = await good.list(query, cursor, call);
        return page.items.length === 0 ? { items: [], next: 'more' } : page;
      },
    })),
  },
  {
    name: 'leaves out who must act next',
    topics: ['acceptance'],
    driver: readings(({ next: _, ...peering }) => peering),
  },
  {
    name: 'says that the initiator must accept',
    topics: ['acceptance'],
    driver: readings((peering) =>
      peering.next === undefined ? peering : { ...peering, next: { ...peering.next, side: 'initiator' } },
    ),
  },
  {
    name: 'has no word of the cloud',
    topics: ['lifecycle'],
    driver: readings((peering) => ({ ...peering, nativeState: '' })),
  },
  {
    name: 'names another mechanism',
    topics: ['lifecycle'],
    driver: readings((peering) => ({ ...peering, mechanism: 'peering' })),
  },
  {
    name: 'shows bandwidth in kilobits',
    topics: ['lifecycle'],
    driver: readings((peering) =>
      typeof peering.bandwidthMbps === 'number' ? { ...peering, bandwidthMbps: peering.bandwidthMbps * 1000 } : peering,
    ),
  },
  {
    name: 'shows bandwidth as text',
    topics: ['native', 'lifecycle'],
    driver: readings((peering) => ({
      ...peering,
      bandwidthMbps: String(peering.bandwidthMbps ?? 0) as unknown as number,
    })),
  },
  {
    name: 'reads the bandwidth from a misspelt field',
    seen: 'docs/facts/known-defects.md 2.14',
    topics: ['lifecycle'],
    driver: readings(({ bandwidthMbps: _, ...peering }) => peering),
  },
  {
    name: 'reads seconds as milliseconds',
    topics: ['lifecycle'],
    driver: readings((peering) =>
      peering.createdAt === undefined
        ? peering
        : { ...peering, createdAt: new Date(peering.createdAt.getTime() / 1000) },
    ),
  },
  {
    name: 'shows a missing date as Invalid Date',
    topics: ['lifecycle'],
    driver: readings((peering) => ({ ...peering, createdAt: new Date(Number.NaN) })),
  },
  {
    name: 'shows when a request lapses in the past',
    topics: ['acceptance'],
    driver: readings((peering) => ({ ...peering, expiresAt: new Date(0) })),
  },
  {
    name: 'spreads the vendor’s record into the reading',
    topics: ['native'],
    driver: readings((peering) => ({ ...peering, raw: { id: peering.id } }) as unknown as Peering),
  },
  {
    name: 'writes undefined where a field is missing',
    topics: ['native'],
    driver: readings((peering) => ({ ...peering, reason: undefined }) as unknown as Peering),
  },
  {
    name: 'copies readings, so that the vendor’s record is lost',
    topics: ['native'],
    driver: readings((peering) => ({ ...peering })),
  },
  {
    name: 'hides tags in listings',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      list: async (query, cursor, call) => {
        const page = await good.list(query, cursor, call);
        return { ...page, items: page.items.map((peering) => ({ ...peering, tags: {} })) };
      },
    })),
  },
  {
    name: 'shows one side’s tags to the other',
    seen: 'docs/facts/known-defects.md 1.17',
    topics: ['sides'],
    driver: (() => {
      const shared = new Map<string, Record<string, string>>();
      return readings((peering) => {
        const tags = { ...shared.get(peering.id), ...peering.tags };
        shared.set(peering.id, tags);
        return { ...peering, tags };
      });
    })(),
  },
  {
    name: 'answers from a cache that all accounts share',
    topics: ['sides'],
    driver: (() => {
      const cache = new Map<string, Peering>();
      return peerings((good) => ({
        get: async (id, side, call) => {
          const seen = await good
            .get(id, side, call)
            .catch((error: unknown) => cache.get(id) ?? Promise.reject(error as Error));
          cache.set(id, seen);
          return seen;
        },
      }));
    })(),
  },
  {
    name: 'wakes a suspended peering when reading it',
    seen: 'docs/facts/known-defects.md 2.1',
    topics: ['readOnly'],
    driver: peerings((good) => ({
      get: async (id, side, call) => {
        const seen = await good.get(id, side, call);
        if (seen.reason === 'suspended') await good.update(id, side, { kind: 'suspended', suspended: false }, call);
        return seen;
      },
    })),
  },
  {
    name: 'accepts what it reads',
    topics: ['readOnly'],
    driver: peerings((good) => ({
      get: async (id, side, call) => {
        const seen = await good.get(id, side, call);
        if (seen.next?.verb === 'accept' && side === 'acceptor') await good.accept(id, call);
        return seen;
      },
    })),
  },
  {
    name: 'lists routes of page one only',
    topics: ['paging'],
    driver: routes((good) => ({
      list: async (network, table, _, call) => firstPage(await good.list(network, table, undefined, call)),
    })),
  },
];
