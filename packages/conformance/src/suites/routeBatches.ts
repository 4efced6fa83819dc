/** Many routes in one call: split, ordered, reported item by item. Part of the routes suite. */
import assert from 'node:assert/strict';
import { needs, type Case } from '../case.js';
import { only } from '../expectations.js';
import { A0 } from '../caseContext.js';
import { codes, joined, toward } from './joined.js';

const explicit = needs.route('explicit');

export const batchCases: readonly Case[] = [
  {
    name: 'Many routes are written in one call, one outcome each, in order',
    usually: 'A batch loses an item, or outcomes come in the order of the cloud.',
    needs: [explicit],
    async run(context) {
      const both = await joined(context);
      const destinations = Array.from({ length: 7 }, () => context.unusedDestination());
      const outcomes = await (
        await context.provider(A0)
      ).routes.createMany(destinations.map((one) => toward(both, one)));
      assert.deepEqual(
        codes(outcomes),
        destinations.map(() => 'ok'),
      );
      const found = new Set((await context.routesOf(both.from)).map((one) => one.destination));
      for (const destination of destinations) assert.ok(found.has(destination), `${destination} is missing`);
    },
  },
  {
    name: 'More routes than one batch takes are split',
    usually: 'limits.batch is larger than what the cloud takes, or the driver cuts the rest off.',
    needs: [
      explicit,
      needs.route('createMany'),
      needs.that(({ capabilities }) => (capabilities.routes.limits.batch ?? 1) <= 60, 'the batch is too large to try'),
    ],
    async run(context) {
      const both = await joined(context);
      const destinations = Array.from({ length: context.routeBatch + 2 }, () => context.unusedDestination());
      const { routes } = await context.provider(A0);
      const { value, mutating } = await context.traffic(() =>
        routes.createMany(destinations.map((one) => toward(both, one))),
      );
      assert.ok(
        value.every((outcome) => outcome.ok),
        codes(value).join(' '),
      );
      // twice as many: where a network takes one change at a time, each may be refused once and sent again
      assert.ok(mutating.length >= 2 && mutating.length <= 4, `Two batches took ${mutating.length} requests`);
      const found = new Set((await context.routesOf(both.from)).map((one) => one.destination));
      for (const destination of destinations) assert.ok(found.has(destination), `${destination} is missing`);
    },
  },
  {
    name: 'Writing no routes sends no request',
    usually: 'An empty batch reached the cloud.',
    needs: [explicit],
    async run(context) {
      const { routes } = await context.provider(A0);
      const { value, requests } = await context.traffic(() => routes.createMany([]));
      assert.deepEqual([value, requests.length], [[], 0]);
    },
  },
  {
    name: 'One bad item of a batch does not stop the others',
    usually: 'createMany throws for a single item, or reports its failure for all.',
    needs: [explicit],
    async run(context) {
      const both = await joined(context);
      const { routes } = await context.provider(A0);
      const [one, two, three] = [context.unusedDestination(), context.unusedDestination(), context.unusedDestination()];
      await routes.create(toward(both, two));
      const outcomes = await routes.createMany([one, two, three].map((destination) => toward(both, destination)));
      assert.deepEqual(codes(outcomes), ['ok', 'AlreadyExists', 'ok']);
      const found = new Set((await context.routesOf(both.from)).map((route) => route.destination));
      assert.ok(found.has(one) && found.has(three), 'A good item of the batch is missing');
    },
  },
  {
    name: 'Many routes are removed in one call; those that are gone count as removed',
    usually: 'deleteMany fails as a whole because one route is missing.',
    needs: [explicit],
    async run(context) {
      const both = await joined(context);
      const { routes } = await context.provider(A0);
      const [one, two, three] = [context.unusedDestination(), context.unusedDestination(), context.unusedDestination()];
      await routes.createMany([one, two, three].map((destination) => toward(both, destination)));
      const wanted = (await context.routesOf(both.from)).filter((route) =>
        [one, two, three].some((one) => one === route.destination),
      );
      await routes.delete(only(wanted, (route) => route.destination === two, 'the second'));
      assert.deepEqual(codes(await routes.deleteMany(wanted)), ['ok', 'ok', 'ok']);
      const left = (await context.routesOf(both.from)).filter((route) =>
        wanted.some((gone) => gone.destination === route.destination),
      );
      assert.deepEqual(left, []);
    },
  },
  {
    name: 'Removing many routes of one network takes as few requests as the cloud allows',
    usually: 'deleteMany is claimed and loops inside the driver.',
    needs: [explicit, needs.route('deleteMany')],
    async run(context) {
      const both = await joined(context);
      const { routes } = await context.provider(A0);
      const count = Math.min(context.routeBatch, 5);
      const destinations = Array.from({ length: count }, () => context.unusedDestination());
      await routes.createMany(destinations.map((one) => toward(both, one)));
      const wanted = (await context.routesOf(both.from)).filter((route) =>
        destinations.some((one) => one === route.destination),
      );
      const { mutating } = await context.traffic(() => routes.deleteMany(wanted));
      assert.equal(mutating.length, 1);
    },
  },
];
