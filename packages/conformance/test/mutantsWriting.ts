/** Broken drivers that change the wrong peering, or tell the wrong outcome of a change. */
import { isPeerwayError, peeringId, type Peering } from '@peerway/core';
import { every, peerings, swallow, type Mutant } from './broken.js';

let tokens = 0;

export const WRITING: readonly Mutant[] = [
  {
    name: 'makes a new token for every try',
    seen: 'docs/facts/known-defects.md 1.23',
    topics: ['idempotency'],
    driver: peerings((good) => ({
      create: (input, call) => good.create({ ...input, clientToken: `fresh-${++tokens}` }, call),
    })),
  },
  {
    name: 'sends one constant token',
    topics: ['idempotency'],
    driver: peerings((good) => ({ create: (input, call) => good.create({ ...input, clientToken: 'always' }, call) })),
  },
  {
    name: 'sends one constant token and takes what the cloud knows it by',
    topics: ['idempotency'],
    driver: peerings((good) => {
      const known = new Map<string, Awaited<ReturnType<typeof good.create>>>();
      return {
        create: async (input, call) => {
          const id = known.get(input.clientToken) ?? (await good.create(input, call));
          known.set(input.clientToken, id);
          return id;
        },
      };
    }),
  },
  {
    name: 'adopts the peering it finds',
    seen: 'docs/facts/known-defects.md 2.8',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      create: async (input, call) => {
        try {
          return await good.create(input, call);
        } catch (error) {
          if (!isPeerwayError(error, 'AlreadyExists')) throw error;
          const all = await every((cursor) =>
            good.list({ between: [input.initiator, input.acceptor.network] }, cursor, call),
          );
          return all[0]?.id ?? peeringId('none');
        }
      },
    })),
  },
  {
    name: 'drops the acceptor’s account',
    seen: 'docs/facts/known-defects.md 2.4',
    topics: ['crossAccount'],
    driver: peerings((good) => ({
      create: ({ acceptor: { account: _, ...acceptor }, ...input }, call) => good.create({ ...input, acceptor }, call),
    })),
  },
  {
    name: 'sends 0 for an account that is not given',
    seen: 'docs/facts/known-defects.md 2.4',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      create: (input, call) =>
        good.create(
          {
            ...input,
            acceptor: {
              ...input.acceptor,
              account: (input.acceptor.account ?? '0') as NonNullable<typeof input.acceptor.account>,
            },
          },
          call,
        ),
    })),
  },
  {
    name: 'drops the name',
    topics: ['lifecycle'],
    driver: peerings((good) => ({ create: ({ name: _, ...input }, call) => good.create(input, call) })),
  },
  {
    name: 'drops the description',
    seen: 'docs/facts/known-defects.md 1.8',
    topics: ['lifecycle'],
    driver: peerings((good) => ({ create: ({ description: _, ...input }, call) => good.create(input, call) })),
  },
  {
    name: 'drops the tags',
    topics: ['lifecycle'],
    driver: peerings((good) => ({ create: (input, call) => good.create({ ...input, tags: {} }, call) })),
  },
  {
    name: 'drops the bandwidth',
    topics: ['lifecycle'],
    driver: peerings((good) => ({ create: ({ bandwidthMbps: _, ...input }, call) => good.create(input, call) })),
  },
  {
    name: 'asks for a thousandth of the bandwidth',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      create: (input, call) =>
        good.create(
          input.bandwidthMbps === undefined ? input : { ...input, bandwidthMbps: input.bandwidthMbps / 1000 },
          call,
        ),
    })),
  },
  {
    name: 'resizes in another unit than it creates',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      update: (id, side, change, call) =>
        good.update(
          id,
          side,
          change.kind === 'bandwidth' ? { ...change, bandwidthMbps: change.bandwidthMbps * 1024 } : change,
          call,
        ),
    })),
  },
  {
    name: 'empties the name when it changes the description',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      update: (id, side, change, call) =>
        good.update(id, side, change.kind === 'labels' ? { name: '', ...change } : change, call),
    })),
  },
  {
    name: 'replaces all tags',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      update: async (id, side, change, call) => {
        if (change.kind !== 'tags') return good.update(id, side, change, call);
        const { tags } = await good.get(id, side, call);
        return good.update(
          id,
          side,
          { ...change, remove: Object.keys(tags).filter((key) => !(key in change.set)) },
          call,
        );
      },
    })),
  },
  {
    name: 'removes no tags',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      update: (id, side, change, call) =>
        good.update(id, side, change.kind === 'tags' ? { ...change, remove: [] } : change, call),
    })),
  },
  {
    name: 'changes the initiator’s side whichever was asked for',
    seen: 'docs/facts/known-defects.md 1.9',
    topics: ['sides'],
    driver: peerings((good) => ({ update: (id, _, change, call) => good.update(id, 'initiator', change, call) })),
  },
  {
    name: 'resumes by suspending',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      update: (id, side, change, call) =>
        good.update(id, side, change.kind === 'suspended' ? { ...change, suspended: true } : change, call),
    })),
  },
  {
    name: 'does not protect what it makes',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      create: ({ deletionProtection: _, ...input }, call) => good.create(input, call),
    })),
  },
  {
    name: 'lifts the protection to delete',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      delete: async (id, side, call) => {
        await good.update(id, side, { kind: 'deletionProtection', enabled: false }, call).catch(() => undefined);
        return good.delete(id, side, call);
      },
    })),
  },
  {
    name: 'swallows NotFound when deleting',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      delete: (id, side, call) =>
        good.delete(id, side, call).catch((error: unknown) => (swallow('NotFound')(error), 'gone' as const)),
    })),
  },
  {
    name: 'says gone when deletion has only begun',
    topics: ['lifecycle', 'waiters'],
    driver: peerings((good) => ({ delete: async (id, side, call) => (await good.delete(id, side, call), 'gone') })),
  },
  {
    name: 'drops the error of a deletion',
    seen: 'docs/facts/known-defects.md 2.2',
    topics: ['lifecycle', 'faults'],
    driver: peerings((good) => ({
      delete: (id, side, call) => good.delete(id, side, call).catch(() => 'gone' as const),
    })),
  },
  {
    name: 'takes a cut connection for deleted',
    seen: 'docs/facts/known-defects.md 2.10',
    topics: ['faults'],
    driver: peerings((good) => ({
      delete: (id, side, call) =>
        good.delete(id, side, call).catch((error: unknown) => (swallow('Unavailable')(error), 'gone' as const)),
    })),
  },
  {
    name: 'takes a refusal for lack of rights for deleted',
    topics: ['sides'],
    driver: peerings((good) => ({
      delete: (id, side, call) =>
        good
          .delete(id, side, call)
          .catch(
            (error: unknown) => (
              swallow(isPeerwayError(error, 'NotFound') ? 'NotFound' : 'PermissionDenied')(error),
              'gone' as const
            ),
          ),
    })),
  },
  {
    name: 'deletes nothing on the acceptor’s side',
    seen: 'docs/facts/known-defects.md 2.3',
    topics: ['sides'],
    driver: peerings((good) => ({
      delete: async (id, side, call) => (side === 'acceptor' ? 'gone' : good.delete(id, side, call)),
    })),
  },
  {
    name: 'deletes every peering of the network',
    seen: 'docs/facts/known-defects.md 1.16',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      delete: async (id, side, call) => {
        const { initiator } = await good.get(id, side, call);
        const all = await every((cursor) => good.list({ network: initiator.network }, cursor, call));
        for (const other of all)
          if (other.id !== id) await good.delete(other.id, other.seenFrom, call).catch(() => undefined);
        return good.delete(id, side, call);
      },
    })),
  },
  {
    name: 'deletes the first peering of the list',
    topics: ['lifecycle'],
    driver: peerings((good) => ({
      delete: async (id, side, call) => {
        const { initiator } = await good.get(id, side, call);
        const [first] = await every((cursor) => good.list({ network: initiator.network }, cursor, call));
        return good.delete(first?.id ?? id, side, call);
      },
    })),
  },
  {
    name: 'accepts every waiting request',
    topics: ['acceptance'],
    driver: peerings((good) => ({
      accept: async (id, call) => {
        const all: Peering[] = await every((cursor) => good.list({}, cursor, call));
        for (const other of all)
          if (other.id !== id && other.seenFrom === 'acceptor')
            await good.accept(other.id, call).catch(() => undefined);
        return good.accept(id, call);
      },
    })),
  },
  {
    name: 'drops every error of an acceptance',
    topics: ['acceptance'],
    driver: peerings((good) => ({ accept: (id, call) => good.accept(id, call).catch(() => undefined) })),
  },
  {
    name: 'refuses to accept what is active',
    topics: ['acceptance'],
    driver: peerings((good) => ({
      accept: async (id, call) => {
        if ((await good.get(id, 'acceptor', call)).state === 'active') throw new Error('already active');
        return good.accept(id, call);
      },
    })),
  },
  {
    name: 'accepts although it was refused: the object comes back',
    seen: 'docs/facts/known-defects.md 1.4',
    topics: ['acceptance'],
    driver: peerings((good) => ({
      accept: (id, call) =>
        good.accept(id, call).catch((error: unknown) => {
          if (!isPeerwayError(error, 'FailedPrecondition')) throw error;
        }),
    })),
  },
  {
    name: 'rejects by deleting',
    topics: ['acceptance'],
    driver: peerings((good) => ({ reject: async (id, call) => void (await good.delete(id, 'acceptor', call)) })),
  },
  {
    name: 'drops every error of a rejection',
    topics: ['acceptance'],
    driver: peerings((good) => ({ reject: (id, call) => good.reject(id, call).catch(() => undefined) })),
  },
  {
    name: 'polls inside create',
    topics: ['waiters'],
    driver: peerings((good) => ({
      create: async (input, call) => {
        const id = await good.create(input, call);
        for (let looks = 0; looks < 40; looks++) await good.get(id, 'initiator', call);
        return id;
      },
    })),
  },
  {
    name: 'compares an option of peerings that was never set',
    topics: ['lifecycle'],
    driver: peerings(() => ({
      settingsDrift: ({ seenFrom }) =>
        seenFrom === 'acceptor' ? [{ name: 'tier', seen: 'Gold', wanted: '', change: 'in-place' }] : [],
    })),
  },
];
