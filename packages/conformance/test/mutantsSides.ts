/** Broken drivers that take one end for the other, call over what is under way, or see a part of the tables. */
import { isPeerwayError, type Call, type Peering, type RouteTable } from '@peerway/core';
import { peerings, readings, routes, type Mutant } from './broken.js';

const isAcross = ({ initiator, acceptor }: Peering): boolean => initiator.region !== acceptor.region;

/** Says of whatever is sent that it only reads. */
const harmless = (call: Call): Call => ({
  signal: call.signal,
  admit: (request) => call.admit({ ...request, mutating: false }),
});

const mapTables = (change: (tables: readonly RouteTable[]) => readonly RouteTable[]) =>
  routes((good) => ({ tables: async (network, call) => change(await good.tables(network, call)) }));

export const SIDES: readonly Mutant[] = [
  {
    name: 'shows the initiator’s switch of name resolution as the acceptor’s',
    topics: ['sides'],
    over: 'mirrored',
    driver: readings((peering) =>
      peering.acceptorDnsSync === undefined || peering.dnsSync === undefined
        ? peering
        : { ...peering, acceptorDnsSync: peering.dnsSync },
    ),
  },
  {
    name: 'switches name resolution at the initiator, whoever asks',
    topics: ['sides'],
    over: 'mirrored',
    driver: peerings((good) => ({
      update: (id, side, change, call) => good.update(id, change.kind === 'dnsSync' ? 'initiator' : side, change, call),
    })),
  },
  {
    name: 'does not say when a waiting request lapses',
    topics: ['acceptance'],
    driver: readings(({ expiresAt: _, ...rest }) => rest),
  },
  {
    name: 'leaves a waiting request as it is when the acceptor deletes it',
    topics: ['acceptance'],
    driver: peerings((good) => ({
      delete: async (id, side, call) => {
        const { state } = await good.get(id, side, call);
        return side === 'acceptor' && state === 'pending-acceptance' ? 'gone' : good.delete(id, side, call);
      },
    })),
  },
  {
    name: 'calls a deletion across two regions over while the cloud still deletes',
    topics: ['sides'],
    driver: peerings((good) => ({
      delete: async (id, side, call) => {
        const seen = await good.get(id, side, call);
        const progress = await good.delete(id, side, call);
        return isAcross(seen) ? 'gone' : progress;
      },
    })),
  },
  {
    name: 'takes every refusal but one of a dry run for its passing',
    topics: ['lifecycle'],
    over: 'mirrored',
    driver: peerings((good) => ({
      dryRun: async (input, call) => {
        await good.dryRun?.(input, call).catch((error: unknown) => {
          if (isPeerwayError(error, 'AlreadyExists')) throw error;
        });
      },
    })),
  },
  {
    name: 'announces taking a tag off as a read',
    topics: ['readOnly'],
    driver: peerings((good) => ({
      update: (id, side, change, call) =>
        good.update(id, side, change, change.kind === 'tags' && change.remove.length > 0 ? harmless(call) : call),
    })),
  },
  {
    name: 'loses the second page of route tables',
    topics: ['routes'],
    driver: mapTables((tables) => tables.slice(0, 4)),
  },
  {
    name: 'counts what is no subnet among those of a table',
    topics: ['routes'],
    driver: mapTables((tables) =>
      tables.map((table) => (table.subnets === undefined ? table : { ...table, subnets: table.subnets + 1 })),
    ),
  },
  {
    name: 'shows the tables of another network behind those of the one that is asked for',
    topics: ['routes'],
    driver: routes((good) => {
      let last: readonly RouteTable[] = [];
      return {
        tables: async (network, call) => {
          const before = last.filter((table) => table.network !== network);
          last = await good.tables(network, call);
          return [...last, ...before];
        },
      };
    }),
  },
];
