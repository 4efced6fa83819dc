/** Routes and the peerings that they lead over: alive together, and none holds the other for good. Part of the routes suite. */
import assert from 'node:assert/strict';
import { isLive } from '@peerway/core';
import { needs, type Case } from '../case.js';
import { only, present } from '../expectations.js';
import { A0 } from '../caseContext.js';
import { joined, toward } from './joined.js';
import { knownHopCases } from './knownHops.js';

const explicit = needs.route('explicit');

export const hopCases: readonly Case[] = [
  ...knownHopCases,
  {
    name: 'A route never stays active after its peering has ended',
    usually: 'The cloud does not mark such routes: the driver must tell blackhole by looking at the next hop.',
    needs: [explicit],
    async run(context) {
      const both = await joined(context);
      const { peerings, routes } = await context.provider(A0);
      await routes.create(toward(both, both.to.cidrs[0]));
      const ended = await peerings.delete(both.id).then(
        () => true,
        () => false, // some clouds refuse while a route points at it
      );
      const left = (await context.routesOf(both.from)).find((one) => one.destination === both.to.cidrs[0]);
      if (!ended) {
        assert.equal((await context.read(A0, both.id, 'initiator')).state, 'active');
        assert.equal(left?.state, 'active');
      } else {
        assert.notEqual(left?.state, 'active');
      }
    },
  },
  {
    name: 'Where the cloud does not say whether a route is alive, it is as its peering is',
    usually: 'A next hop counts as alive once it is listed, whatever its state.',
    needs: [
      explicit,
      needs.offer('forceWord'),
      needs.words('peering'),
      needs.that(({ harness }) => harness.words?.route === undefined, 'the cloud says whether a route is alive'),
    ],
    async run(context) {
      const both = await joined(context);
      await (await context.provider(A0)).routes.create(toward(both, both.to.cidrs[0]));
      const words = Object.entries(context.facts.harness.words?.peering ?? {});
      const active = present(
        words.find(([, state]) => state === 'active'),
        'active',
      );
      for (const [word, state] of [...words, active]) {
        await context.world.forceWord?.({ kind: 'peering', id: both.id }, word);
        const route = only(await context.routesOf(both.from), (one) => one.nextHop.id === both.hop.id, 'the route');
        assert.equal(route.state, isLive(state) ? 'active' : 'blackhole', word);
      }
    },
  },
  {
    name: 'A peering ends though the cloud is still at the removal of its last route',
    usually: 'A route on its way out counts as one that stands in the way, for good.',
    needs: [explicit, needs.offer('takesTime')],
    async run(context) {
      const both = await joined(context);
      const { peerings, routes } = await context.provider(A0);
      await routes.create(toward(both, both.to.cidrs[0]));
      const written = await context.routesOf(both.from);
      const route = only(written, (one) => one.destination === both.to.cidrs[0], 'the route');
      await (await context.driver(A0)).routes.delete(route, context.call());
      await peerings.delete(both.id);
      assert.ok(!(await context.routesOf(both.from)).some((one) => one.destination === both.to.cidrs[0]));
    },
  },
];
