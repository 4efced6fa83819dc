/** Many things at once: what one cloud forbids to run together must settle, and races must end in a state that can be named. */
import assert from 'node:assert/strict';
import type { Peering } from '@peerway/core';
import { needs, type Suite } from '../case.js';
import { A0, B0 } from '../caseContext.js';
import { joined, toward } from './joined.js';

export const concurrency: Suite = {
  topic: 'concurrency',
  about: 'several calls at once, on different and on the same objects',
  cases: [
    {
      name: 'Peerings of different networks are made at the same time',
      usually: 'The driver keeps state between calls.',
      needs: [needs.offer('addNetwork')],
      async run(context) {
        const pairs = [];
        for (let i = 0; i < 4; i++) pairs.push([await context.network(A0), await context.network(A0)] as const);
        const made = await Promise.all(pairs.map(([from, to]) => context.connect(from, to)));
        assert.equal(new Set(made.map((peering) => peering.id)).size, 4);
        for (const [at, [from, to]] of pairs.entries()) {
          assert.deepEqual([made[at]?.initiator.network, made[at]?.acceptor.network], [from.id, to.id]);
        }
      },
    },
    {
      name: 'Peerings of one network are made at the same time, each once',
      usually: 'The cloud’s "busy" is not translated to Conflict, which core settles by waiting.',
      needs: [needs.offer('addNetwork')],
      async run(context) {
        const hub = await context.network(A0);
        const spokes = [await context.network(A0), await context.network(A0), await context.network(A0)];
        const made = await Promise.all(spokes.map((spoke) => context.connect(hub, spoke)));
        assert.deepEqual(
          new Set(made.map((peering) => peering.acceptor.network)),
          new Set(spokes.map((spoke) => spoke.id)),
        );
        assert.equal((await context.listed(A0, hub.id)).length, 3);
      },
    },
    {
      name: 'One pair asked for twice at the same time is joined once',
      usually:
        'AlreadyExists or Conflict of the slower call makes the faster one fail, or both succeed with two objects.',
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(A0)];
        const outcomes = await Promise.allSettled([context.connect(from, to), context.connect(from, to)]);
        const made = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.id] : []));
        assert.ok(made.length >= 1, 'Neither succeeded');
        assert.equal(new Set((await context.listed(A0, from.id)).map((peering) => peering.id)).size, 1);
      },
    },
    {
      name: 'Routes of one network are written at the same time',
      usually: 'The cloud’s "busy" for route changes is not translated to Conflict.',
      needs: [needs.route('explicit')],
      async run(context) {
        const both = await joined(context);
        const { from } = both;
        const destinations = Array.from({ length: 4 }, () => context.unusedDestination());
        const { routes } = await context.provider(A0);
        await Promise.all(destinations.map((destination) => routes.create(toward(both, destination))));
        const found = (await context.routesOf(from)).map((route) => route.destination);
        for (const destination of destinations) assert.ok(found.includes(destination), `${destination} is missing`);
      },
    },
    {
      name: 'Two acceptances at the same time are one',
      usually: 'The second acceptance fails because the first one is under way.',
      needs: [needs.peering('crossAccount'), needs.peering('accept')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(B0)];
        const { id } = await context.ask(from, to);
        const { peerings } = await context.provider(B0);
        const outcomes = await Promise.allSettled([peerings.accept(id), peerings.accept(id)]);
        assert.ok(
          outcomes.some((outcome) => outcome.status === 'fulfilled'),
          'Neither succeeded',
        );
        await context.agree(id, A0, B0);
        assert.equal((await context.read(B0, id, 'acceptor')).state, 'active');
      },
    },
    {
      name: 'Two deletions at the same time both end well',
      usually: 'The slower one meets NotFound or "deleting" and fails.',
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(A0)];
        const { id } = await context.connect(from, to);
        await Promise.all([context.disconnect(id, A0, A0), context.disconnect(id, A0, A0)]);
        assert.deepEqual(await context.listed(A0, from.id), []);
      },
    },
    {
      name: 'A race of acceptance and withdrawal ends the same for both sides',
      usually: 'One of the two calls succeeded on an old picture, and the sides disagree.',
      needs: [needs.peering('crossAccount'), needs.peering('accept'), needs.handshake('shared')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(B0)];
        const { id } = await context.ask(from, to);
        const [a, b] = [await context.provider(A0), await context.provider(B0)];
        await Promise.allSettled([b.peerings.accept(id), a.peerings.delete(id)]);
        const alive = (peering: Peering | undefined) => peering !== undefined && peering.state === 'active';
        const [mine, theirs] = [
          await a.peerings.find(id).catch(() => undefined),
          await b.peerings.find(id, { side: 'acceptor' }).catch(() => undefined),
        ];
        assert.equal(alive(mine), alive(theirs));
      },
    },
    {
      name: 'Listing while others create neither fails nor invents',
      usually: 'A half-made object has fields that convert does not expect.',
      async run(context) {
        const hub = await context.network(A0);
        const spokes = [await context.network(A0), await context.network(A0)];
        const creating = Promise.all(spokes.map((spoke) => context.connect(hub, spoke)));
        const known = new Set(spokes.map((spoke) => spoke.id));
        for (let i = 0; i < 5; i++) {
          for (const seen of await context.listed(A0, hub.id)) assert.ok(known.has(seen.acceptor.network));
        }
        await creating;
      },
    },
  ],
};
