/** Keys that may not do a thing: the cloud says 403, nothing is done, and it is reported as what it is. */
import assert from 'node:assert/strict';
import { type ItemOutcome, type LinkId, type PeeringId, type Route } from '@peerway/core';
import { needs, type Case, type Suite } from '../case.js';
import { present, refused } from '../expectations.js';
import { A0, B0, type CaseContext } from '../caseContext.js';
import { changesInPlace } from './changes.js';
import { joined, toward } from './joined.js';
import { linkRequest } from './linkRequest.js';

interface Verb {
  readonly verb: string;
  readonly needs?: NonNullable<Case['needs']>;
  /** Makes what the verb needs, while everything is allowed. */
  readonly prepare: (context: CaseContext) => Promise<Attempt>;
}
interface Attempt {
  /** The verb itself. */
  readonly attempt: () => Promise<unknown>;
  /** That nothing was done. */
  readonly untouched?: () => Promise<unknown>;
}

const connected = async (context: CaseContext): Promise<PeeringId> => {
  const [from, to] = [await context.network(A0), await context.network(A0)];
  return (await context.connect(from, to)).id;
};

const stillActive = async (context: CaseContext, id: PeeringId): Promise<void> =>
  assert.equal((await context.read(A0, id, 'initiator')).state, 'active');

const peeringOf =
  (work: (peerings: Awaited<ReturnType<CaseContext['provider']>>['peerings'], id: PeeringId) => Promise<unknown>) =>
  async (context: CaseContext): Promise<Attempt> => {
    const id = await connected(context);
    const { peerings } = await context.provider(A0);
    return { attempt: () => work(peerings, id), untouched: () => stillActive(context, id) };
  };

const all = async (items: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of items) continue;
};

/** Every item of a batch must be refused for want of the right; a batch that throws is refused as a whole. */
async function eachRefused(outcomes: Promise<readonly ItemOutcome[]>): Promise<never> {
  const items = await outcomes;
  const failures = items.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]));
  assert.equal(failures.length, items.length, 'An item of the batch is reported as done');
  const [first, ...rest] = failures;
  assert.ok(first !== undefined, 'The batch has no outcome');
  for (const error of rest) assert.equal(error.code, first.code);
  throw first;
}

const READS: readonly Verb[] = [
  {
    verb: 'reading a network',
    async prepare(context) {
      const site = await context.network(A0);
      const { networks } = await context.provider(A0);
      return { attempt: () => networks.getMany([site.id]) };
    },
  },
  {
    verb: 'listing networks',
    prepare: async (context) => {
      const { networks } = await context.provider(A0);
      return { attempt: () => all(networks.list()) };
    },
  },
  { verb: 'reading a peering', prepare: peeringOf((peerings, id) => peerings.find(id)) },
  {
    verb: 'reading a peering as the acceptor',
    needs: [needs.peering('crossAccount')],
    async prepare(context) {
      const [from, to] = [await context.network(A0), await context.network(B0)];
      const { id } = await context.connect(from, to);
      const { peerings } = await context.provider(B0);
      return { attempt: () => peerings.find(id, { side: 'acceptor' }) };
    },
  },
  { verb: 'listing peerings', prepare: peeringOf((peerings) => all(peerings.list())) },
  {
    verb: 'reading the route tables of a network',
    async prepare(context) {
      const site = await context.network(A0);
      const { routes } = await context.provider(A0);
      return { attempt: () => routes.tables(site.id) };
    },
  },
  {
    verb: 'listing routes',
    async prepare(context) {
      const site = await context.network(A0);
      const { id } = await context.mainTable(site);
      const { routes } = await context.provider(A0);
      return { attempt: () => all(routes.list(site.id, id)) };
    },
  },
  {
    verb: 'reading a link',
    needs: [needs.link('link'), needs.offer('port')],
    async prepare(context) {
      const { id } = await link(context);
      const { links } = await context.provider(A0);
      return { attempt: () => links.find(id) };
    },
  },
  {
    verb: 'listing links',
    needs: [needs.link('link'), needs.offer('port')],
    async prepare(context) {
      await link(context);
      const { links } = await context.provider(A0);
      return { attempt: () => all(links.list()) };
    },
  },
];

const asked = async (context: CaseContext): Promise<PeeringId> => {
  const [from, to] = [await context.network(A0), await context.network(B0)];
  return (await context.ask(from, to)).id;
};
const handshake = [needs.peering('crossAccount'), needs.peering('accept')];
const explicit = needs.route('explicit');

async function route(
  context: CaseContext,
): Promise<{ readonly written: Route; readonly left: () => Promise<boolean> }> {
  const both = await joined(context);
  const destination = context.unusedDestination();
  await (await context.provider(A0)).routes.create(toward(both, destination));
  const find = async () => (await context.routesOf(both.from)).find((one) => one.destination === destination);
  return { written: present(await find(), 'the route'), left: async () => (await find()) !== undefined };
}

async function link(context: CaseContext): Promise<{ readonly id: LinkId }> {
  const site = await context.network(A0);
  return (await context.provider(A0)).links.create(await linkRequest(context, site));
}

const deniedChanges: readonly Verb[] = changesInPlace.map(({ what, needs, update }) => ({
  verb: `changing ${what}`,
  needs,
  async prepare(context) {
    const id = await connected(context);
    const before = await context.read(A0, id, 'initiator');
    const { peerings } = await context.provider(A0);
    const how = { mechanism: context.mechanism.name };
    return {
      attempt: () => peerings.update(id, update(context), how),
      untouched: async () => assert.deepEqual(await context.read(A0, id, 'initiator'), before),
    };
  },
}));

const WRITES: readonly Verb[] = [
  {
    verb: 'asking for a peering',
    async prepare(context) {
      const [from, to] = [await context.network(A0), await context.network(A0)];
      return {
        attempt: () => context.ask(from, to),
        untouched: async () => assert.deepEqual(await context.listed(A0, from.id), []),
      };
    },
  },
  {
    verb: 'accepting a peering',
    needs: handshake,
    async prepare(context) {
      const id = await asked(context);
      const driver = await context.driver(B0);
      return {
        attempt: () => driver.peerings.accept(id, context.call()),
        untouched: async () => assert.notEqual((await context.read(A0, id, 'initiator')).state, 'active'),
      };
    },
  },
  {
    verb: 'rejecting a peering',
    needs: [...handshake, needs.peering('reject')],
    async prepare(context) {
      const id = await asked(context);
      const { peerings } = await context.provider(B0);
      return {
        attempt: () => peerings.reject(id),
        untouched: async () => assert.equal((await context.read(A0, id, 'initiator')).state, 'pending-acceptance'),
      };
    },
  },
  ...deniedChanges,
  {
    verb: 'suspending a peering',
    needs: [needs.peering('suspend')],
    async prepare(context) {
      const id = await connected(context);
      const { peerings } = await context.provider(A0);
      return {
        attempt: () => peerings.suspend(id, { mechanism: context.mechanism.name }),
        untouched: () => stillActive(context, id),
      };
    },
  },
  { verb: 'ending a peering', prepare: peeringOf((peerings, id) => peerings.delete(id)) },
  {
    verb: 'ending a peering as the acceptor',
    needs: [
      needs.peering('crossAccount'),
      needs.that(({ mechanism }) => mechanism.deletableBy !== 'initiator', 'only the initiator can end it'),
    ],
    async prepare(context) {
      const [from, to] = [await context.network(A0), await context.network(B0)];
      const { id } = await context.connect(from, to);
      const { peerings } = await context.provider(B0);
      return {
        attempt: () => peerings.delete(id, { side: 'acceptor' }),
        untouched: () => stillActive(context, id),
      };
    },
  },
  {
    verb: 'writing a route',
    needs: [explicit],
    async prepare(context) {
      const both = await joined(context);
      const destination = context.unusedDestination();
      const { routes } = await context.provider(A0);
      return {
        attempt: () => routes.create(toward(both, destination)),
        untouched: async () =>
          assert.ok((await context.routesOf(both.from)).every((one) => one.destination !== destination)),
      };
    },
  },
  {
    verb: 'writing many routes',
    needs: [explicit, needs.route('createMany')],
    async prepare(context) {
      const both = await joined(context);
      const wanted = [0, 1, 2].map(() => toward(both, context.unusedDestination()));
      const { routes } = await context.provider(A0);
      return { attempt: () => eachRefused(routes.createMany(wanted)) };
    },
  },
  {
    verb: 'removing a route',
    needs: [explicit],
    async prepare(context) {
      const { written, left } = await route(context);
      const { routes } = await context.provider(A0);
      return { attempt: () => routes.delete(written), untouched: async () => assert.ok(await left()) };
    },
  },
  {
    verb: 'removing many routes',
    needs: [explicit, needs.route('deleteMany')],
    async prepare(context) {
      const { written, left } = await route(context);
      const { routes } = await context.provider(A0);
      return {
        attempt: () => eachRefused(routes.deleteMany([written])),
        untouched: async () => assert.ok(await left()),
      };
    },
  },
  {
    verb: 'making a link',
    needs: [needs.link('link'), needs.offer('port')],
    async prepare(context) {
      const wanted = await linkRequest(context, await context.network(A0));
      const { links } = await context.provider(A0);
      return { attempt: () => links.request(wanted) };
    },
  },
  {
    verb: 'removing a link',
    needs: [needs.link('link'), needs.offer('port')],
    async prepare(context) {
      const { id } = await link(context);
      const { links } = await context.provider(A0);
      return {
        attempt: () => links.delete(id),
        untouched: async () => assert.equal((await links.get(id)).state, 'active'),
      };
    },
  },
];

const denied =
  (on: 'read' | 'write') =>
  ({ verb, needs: wanted = [], prepare }: Verb): Case => ({
    name: `Without the right for it, ${verb} is PermissionDenied, and nothing is done`,
    usually:
      'The cloud’s 403 is swallowed, reported as "not there", or is not in the error table. A plan would make what exists again.',
    needs: [...wanted, needs.fault('denied')],
    async run(context) {
      const { attempt, untouched } = await prepare(context);
      await context.world.inject?.({ kind: 'denied', on, times: Infinity });
      const error = await refused(attempt(), 'PermissionDenied');
      await context.world.clearFaults?.();
      present(error.details.nativeCode, 'nativeCode');
      assert.equal(error.details.httpStatus, 403);
      await untouched?.();
    },
  });

export const rights: Suite = {
  topic: 'rights',
  about:
    'keys are often given too few rights: every verb says so, on either side, and never that something is not there',
  cases: [
    {
      name: 'The document of least rights names exactly the actions that it is given',
      usually: 'An action is lost, or the document allows everything.',
      run: async ({ facts }) => {
        const { permissions } = facts.harness.plugin;
        if (permissions === undefined) return;
        const { read, peerings, routes } = permissions;
        const all = [read, routes, ...Object.values(peerings).flatMap((one) => [one.read, one.initiate, one.accept])];
        const actions = [...new Set(all.flat())];
        const said = JSON.stringify(permissions.document(actions));
        assert.deepEqual(
          actions.filter((action) => !said.includes(JSON.stringify(action))),
          [],
        );
        const without = JSON.stringify(permissions.document([]));
        assert.deepEqual(
          actions.filter((action) => without.includes(JSON.stringify(action))),
          [],
        );
        assert.notDeepEqual(permissions.document([]), {});
      },
    },
    ...READS.map(denied('read')),
    ...WRITES.map(denied('write')),
  ],
};
