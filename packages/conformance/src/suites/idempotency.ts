/** Doing a thing twice must not make two things. */
import assert from 'node:assert/strict';
import { needs, type Suite } from '../case.js';
import { only, refused, refusedUnasked } from '../expectations.js';
import { A0, B0, type Lab } from '../lab.js';
import { joined, toward } from './joined.js';

const pair = async (lab: Lab) => [await lab.network(A0), await lab.network(A0)] as const;

const token = [needs.peering('clientToken')];

export const idempotency: Suite = {
  topic: 'idempotency',
  about: 'a call repeated after a crash or a lost answer must not make a second object',
  cases: [
    {
      name: 'The same token with the same input gives the same peering',
      usually: 'The token is not sent, or a new one is made inside the driver.',
      needs: token,
      async run(lab) {
        const [from, to] = await pair(lab);
        const { peerings } = await lab.driver(A0);
        const wanted = lab.input(from, to, lab.random.uuid());
        const first = await peerings.create(wanted, lab.call());
        assert.equal(await peerings.create(wanted, lab.call()), first);
        await (await lab.provider(A0)).peerings.settle(first, 'initiator', { fresh: true });
        assert.deepEqual(
          (await lab.listed(A0, from.id)).map((peering) => peering.id),
          [first],
        );
      },
    },
    {
      name: 'The same token is still good after the peering has become active',
      usually: 'The driver looks for the pair first and refuses; the cloud knows the token.',
      needs: token,
      async run(lab) {
        const [from, to] = await pair(lab);
        const { peerings } = await lab.provider(A0);
        const request = { ...lab.request(from, to), clientToken: lab.random.uuid() };
        const { id } = await peerings.create(request);
        assert.equal(await peerings.request(request), id);
      },
    },
    {
      name: 'The same token for another pair does not pass silently',
      usually: 'The cloud’s answer for the first pair is returned for the second: the caller believes it is joined.',
      needs: token,
      async run(lab) {
        const [from, to] = await pair(lab);
        const other = await lab.network(A0);
        const { peerings } = await lab.driver(A0);
        const clientToken = lab.random.uuid();
        const first = await peerings.create(lab.input(from, to, clientToken), lab.call());
        await (await lab.provider(A0)).peerings.settle(first, 'initiator', { fresh: true });
        const second = await peerings.create(lab.input(from, other, clientToken), lab.call()).catch(() => undefined);
        assert.notEqual(second, first, 'The first peering was returned for another pair');
      },
    },
    {
      name: 'Different tokens make different peerings',
      usually: 'The token is a constant.',
      async run(lab) {
        const [hub, one, two] = [await lab.network(A0), await lab.network(A0), await lab.network(A0)];
        const first = await lab.connect(hub, one, { clientToken: lab.random.uuid() });
        const second = await lab.connect(hub, two, { clientToken: lab.random.uuid() });
        assert.notEqual(first.id, second.id);
      },
    },
    {
      name: 'A token that no cloud would take is refused before anybody is asked',
      usually: 'The check of the token was left out: it is core’s.',
      async run(lab) {
        const [from, to] = await pair(lab);
        for (const clientToken of ['', 'has space', 'x'.repeat(65), 'ümlaut']) {
          await refusedUnasked(lab, () => lab.ask(from, to, { clientToken }), 'InvalidArgument');
        }
      },
    },
    {
      name: 'A creation whose answer was lost makes one peering',
      usually: 'The retry carries a new token; or a lost answer is not marked with outcome unknown.',
      needs: [needs.fault('lostAnswer')],
      async run(lab) {
        const [from, to] = await pair(lab);
        await lab.world.inject?.({ kind: 'lostAnswer', on: 'write', times: 1 });
        const peering = await lab.connect(from, to);
        assert.equal(peering.state, 'active');
        assert.deepEqual(
          (await lab.listed(A0, from.id)).map((one) => one.id),
          [peering.id],
        );
      },
    },
    {
      name: 'A creation refused as a duplicate after nothing was lost is reported, not adopted',
      usually: 'AlreadyExists is always turned into "then it is ours".',
      async run(lab) {
        const [from, to] = await pair(lab);
        await lab.connect(from, to);
        await refused(lab.ask(from, to, { clientToken: lab.random.uuid() }), 'AlreadyExists');
      },
    },
    {
      name: 'An acceptance whose answer was lost is an acceptance',
      usually: 'The second accept meets "updating" or "active" and is taken for a wrong state.',
      needs: [needs.peering('crossAccount'), needs.peering('accept'), needs.fault('lostAnswer')],
      async run(lab) {
        const [from, to] = [await lab.network(A0), await lab.network(B0)];
        const { id } = await lab.ask(from, to);
        await lab.world.inject?.({ kind: 'lostAnswer', on: 'write', times: 1 });
        const { peerings } = await lab.provider(B0);
        await peerings.accept(id).catch(async (error: unknown) => {
          // the first accept may still be under way: then the reading tells
          const seen = await peerings.get(id, { side: 'acceptor' });
          if (seen.state === 'pending-acceptance') throw error;
        });
        await lab.agree(id, A0, B0);
      },
    },
    {
      name: 'A deletion whose answer was lost is a deletion',
      usually: 'The second delete meets NotFound or "deleting" and fails.',
      needs: [needs.fault('lostAnswer')],
      async run(lab) {
        const [from, to] = await pair(lab);
        const { id } = await lab.connect(from, to);
        await lab.world.inject?.({ kind: 'lostAnswer', on: 'write', times: 1 });
        await lab.disconnect(id, A0, A0);
        assert.deepEqual(await lab.listed(A0, from.id), []);
      },
    },
    {
      name: 'A route whose answer was lost is written once',
      usually: 'AlreadyExists after a lost answer is reported although the route is ours.',
      needs: [needs.route('explicit'), needs.fault('lostAnswer')],
      async run(lab) {
        const both = await joined(lab);
        const { from, to } = both;
        await lab.world.inject?.({ kind: 'lostAnswer', on: 'write', times: 1 });
        const { routes } = await lab.provider(A0);
        await routes.create(toward(both, to.cidrs[0]));
        only(await lab.routesOf(from), (one) => one.destination === to.cidrs[0], 'the route');
      },
    },
    {
      name: 'The same change twice is the same as once',
      usually: 'The cloud refuses a change that changes nothing; the driver must not.',
      needs: [needs.peering('name')],
      async run(lab) {
        const [from, to] = await pair(lab);
        const { id } = await lab.connect(from, to);
        const { peerings } = await lab.provider(A0);
        const name = lab.uniqueName();
        await peerings.update(id, { name }, { mechanism: lab.mechanism.name });
        await peerings.update(id, { name }, { mechanism: lab.mechanism.name });
        assert.equal((await lab.read(A0, id, 'initiator')).name, name);
      },
    },
    {
      name: 'Taking every step of an active peering again changes nothing',
      usually: 'advance acts although the reading asks for nothing.',
      async run(lab) {
        const [from, to] = await pair(lab);
        const peering = await lab.connect(from, to);
        const { peerings } = await lab.provider(A0);
        const { value, mutating } = await lab.traffic(async () => [
          await peerings.advance(peering, 'initiator'),
          await peerings.advance(peering, 'acceptor'),
        ]);
        assert.deepEqual([value, mutating.length], [[false, false], 0]);
      },
    },
  ],
};
