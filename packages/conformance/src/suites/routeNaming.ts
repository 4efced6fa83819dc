/** By what routes and their next hops are named. */
import assert from 'node:assert/strict';
import { needs, type Case } from '../case.js';
import { only, refused } from '../expectations.js';
import { A0 } from '../caseContext.js';
import { joined, toward } from './joined.js';

const explicit = needs.route('explicit');

export const namingCases: readonly Case[] = [
  {
    name: 'A route is named by its table and destination where its id is not at hand, to be relabelled and to be removed',
    usually: 'The id is read from the route that was handed over, and is undefined.',
    needs: [explicit],
    async run(context) {
      const both = await joined(context);
      const driver = (await context.driver(A0)).routes;
      const { routes } = await context.provider(A0);
      const [one, other] = [context.unusedDestination(), context.unusedDestination()];
      await routes.createMany([toward(both, one), toward(both, other)]);
      const { network, table, destination, nextHop } = toward(both, one);
      const route = { network, table, destination, nextHop };
      if (context.facts.capabilities.routes.features.relabel.status === 'supported') {
        await driver.describe?.(route, 'named by its destination', context.call());
        const seen = only(await context.routesOf(both.from), (each) => each.destination === one, 'the route');
        assert.equal(seen.description, 'named by its destination');
      }
      await routes.delete(route);
      const left = (await context.routesOf(both.from)).map((each) => each.destination);
      assert.deepEqual([left.includes(one), left.includes(other)], [false, true]);
      await refused(driver.delete(route, context.call()), 'NotFound');
    },
  },
  {
    name: 'A next hop of no form that the cloud has is refused',
    usually: 'The kind of the hop is guessed from its id, and the guess is sent.',
    needs: [explicit],
    async run(context) {
      const both = await joined(context);
      const destination = context.unusedDestination();
      const request = { ...toward(both, destination), nextHop: { kind: both.hop.kind, id: 'nothing.of.any.form' } };
      await refused(
        (await context.provider(A0)).routes.create(request),
        'InvalidArgument',
        'NotFound',
        'FailedPrecondition',
      );
      assert.ok(!(await context.routesOf(both.from)).some((one) => one.destination === destination));
    },
  },
];
