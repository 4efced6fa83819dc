/** Doing a thing twice must not make two things. */
import assert from 'node:assert/strict';
import { needs, type Suite } from '../case.js';
import { only, refused, refusedUnasked } from '../expectations.js';
import { A0, B0, type CaseContext } from '../caseContext.js';
import { brokenOffPeerings } from './brokenOff.js';
import { joined, toward } from './joined.js';

const pair = async (context: CaseContext) => [await context.network(A0), await context.network(A0)] as const;

const token = [needs.peering('clientToken')];

export const idempotency: Suite = {
  topic: 'idempotency',
  about: 'a call repeated after a crash or a lost answer must not make a second object',
  cases: [
    {
      name: 'The same token with the same input gives the same peering',
      usually: 'The token is not sent, or a new one is made inside the driver.',
      needs: token,
      async run(context) {
        const [from, to] = await pair(context);
        const { peerings } = await context.driver(A0);
        const wanted = context.input(from, to, context.random.uuid());
        const first = await peerings.create(wanted, context.call());
        assert.equal(await peerings.create(wanted, context.call()), first);
        await (await context.provider(A0)).peerings.settle(first, 'initiator', { fresh: true });
        assert.deepEqual(
          (await context.listed(A0, from.id)).map((peering) => peering.id),
          [first],
        );
      },
    },
    {
      name: 'The same token is still good after the peering has become active',
      usually: 'The driver looks for the pair first and refuses; the cloud knows the token.',
      needs: token,
      async run(context) {
        const [from, to] = await pair(context);
        const { peerings } = await context.provider(A0);
        const request = { ...context.request(from, to), clientToken: context.random.uuid() };
        const { id } = await peerings.create(request);
        assert.equal(await peerings.request(request), id);
      },
    },
    {
      name: 'The same token for another pair does not pass silently',
      usually: 'The cloud’s answer for the first pair is returned for the second: the caller believes it is joined.',
      needs: token,
      async run(context) {
        const [from, to] = await pair(context);
        const other = await context.network(A0);
        const { peerings } = await context.driver(A0);
        const clientToken = context.random.uuid();
        const first = await peerings.create(context.input(from, to, clientToken), context.call());
        await (await context.provider(A0)).peerings.settle(first, 'initiator', { fresh: true });
        const second = await peerings
          .create(context.input(from, other, clientToken), context.call())
          .catch(() => undefined);
        assert.notEqual(second, first, 'The first peering was returned for another pair');
      },
    },
    {
      name: 'Different tokens make different peerings',
      usually: 'The token is a constant.',
      async run(context) {
        const [hub, one, two] = [await context.network(A0), await context.network(A0), await context.network(A0)];
        const first = await context.connect(hub, one, { clientToken: context.random.uuid() });
        const second = await context.connect(hub, two, { clientToken: context.random.uuid() });
        assert.notEqual(first.id, second.id);
      },
    },
    {
      name: 'A token that no cloud would take is refused before anybody is asked',
      usually: 'The check of the token was left out: it is core’s.',
      async run(context) {
        const [from, to] = await pair(context);
        for (const clientToken of ['', 'has space', 'x'.repeat(65), 'ümlaut']) {
          await refusedUnasked(context, () => context.ask(from, to, { clientToken }), 'InvalidArgument');
        }
      },
    },
    {
      name: 'A creation whose answer was lost makes one peering',
      usually: 'The retry carries a new token; or a lost answer is not marked with outcome unknown.',
      needs: [needs.fault('lostAnswer')],
      async run(context) {
        const [from, to] = await pair(context);
        await context.world.inject?.({ kind: 'lostAnswer', on: 'write', times: 1 });
        const peering = await context.connect(from, to);
        assert.equal(peering.state, 'active');
        assert.deepEqual(
          (await context.listed(A0, from.id)).map((one) => one.id),
          [peering.id],
        );
      },
    },
    {
      name: 'A creation refused as a duplicate after nothing was lost is reported, not adopted',
      usually: 'AlreadyExists is always turned into "then it is ours".',
      needs: [needs.duplicate('refused')],
      async run(context) {
        const [from, to] = await pair(context);
        await context.connect(from, to);
        await refused(context.ask(from, to, { clientToken: context.random.uuid() }), 'AlreadyExists');
      },
    },
    {
      name: 'An acceptance whose answer was lost is an acceptance',
      usually: 'The second accept meets "updating" or "active" and is taken for a wrong state.',
      needs: [needs.peering('crossAccount'), needs.peering('accept'), needs.fault('lostAnswer')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(B0)];
        const { id } = await context.ask(from, to);
        await context.world.inject?.({ kind: 'lostAnswer', on: 'write', times: 1 });
        const { peerings } = await context.provider(B0);
        await peerings.accept(id).catch(async (error: unknown) => {
          // the first accept may still be under way: then the reading tells
          const seen = await peerings.get(id, { side: 'acceptor' });
          if (seen.state === 'pending-acceptance') throw error;
        });
        await context.agree(id, A0, B0);
      },
    },
    {
      name: 'A deletion whose answer was lost is a deletion',
      usually: 'The second delete meets NotFound or "deleting" and fails.',
      needs: [needs.fault('lostAnswer')],
      async run(context) {
        const [from, to] = await pair(context);
        const { id } = await context.connect(from, to);
        await context.world.inject?.({ kind: 'lostAnswer', on: 'write', times: 1 });
        await context.disconnect(id, A0, A0);
        assert.deepEqual(await context.listed(A0, from.id), []);
      },
    },
    {
      name: 'A route whose answer was lost is written once',
      usually: 'AlreadyExists after a lost answer is reported although the route is ours.',
      needs: [needs.route('explicit'), needs.fault('lostAnswer')],
      async run(context) {
        const both = await joined(context);
        const { from, to } = both;
        await context.world.inject?.({ kind: 'lostAnswer', on: 'write', times: 1 });
        const { routes } = await context.provider(A0);
        await routes.create(toward(both, to.cidrs[0]));
        only(await context.routesOf(from), (one) => one.destination === to.cidrs[0], 'the route');
      },
    },
    {
      name: 'The same change twice is the same as once',
      usually: 'The cloud refuses a change that changes nothing; the driver must not.',
      needs: [needs.peering('name')],
      async run(context) {
        const [from, to] = await pair(context);
        const { id } = await context.connect(from, to);
        const { peerings } = await context.provider(A0);
        const name = context.uniqueName();
        await peerings.update(id, { name }, { mechanism: context.mechanism.name });
        await peerings.update(id, { name }, { mechanism: context.mechanism.name });
        assert.equal((await context.read(A0, id, 'initiator')).name, name);
      },
    },
    {
      name: 'Taking every step of an active peering again changes nothing',
      usually: 'advance acts although the reading asks for nothing.',
      async run(context) {
        const [from, to] = await pair(context);
        const peering = await context.connect(from, to);
        const { peerings } = await context.provider(A0);
        const { value, mutating } = await context.traffic(async () => [
          await peerings.advance(peering, 'initiator'),
          await peerings.advance(peering, 'acceptor'),
        ]);
        assert.deepEqual([value, mutating.length], [[false, false], 0]);
      },
    },
    ...brokenOffPeerings,
  ],
};
