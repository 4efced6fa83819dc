/** Two accounts: one asks, the other agrees or refuses. Skipped by clouds that know one account only. */
import assert from 'node:assert/strict';
import { isTerminal, PEERING_SIDES, peeringId } from '@peerway/core';
import { needs, type Suite } from '../case.js';
import { only, present, refused } from '../expectations.js';
import { A0, B0, type CaseContext } from '../caseContext.js';
import { unusedIdLike } from '../draw.js';

const ofTwoAccounts = async (context: CaseContext) => [await context.network(A0), await context.network(B0)] as const;
const across = [needs.peering('crossAccount'), needs.peering('accept')];
const shared = [...across, needs.handshake('shared')];
const rejecting = [...shared, needs.peering('reject')];

export const acceptance: Suite = {
  topic: 'acceptance',
  about: 'one account asks, the other accepts or rejects; nobody acts for somebody else',
  cases: [
    {
      name: 'A request to another account waits for that account',
      usually: 'The waiting word of the cloud is mapped to provisioning or active.',
      needs: across,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const asked = await context.ask(from, to);
        assert.notEqual(asked.state, 'active');
        if (context.mechanism.handshake === 'shared') assert.equal(asked.state, 'pending-acceptance');
      },
    },
    {
      name: 'A waiting request says who must act next, and how',
      usually: 'convert leaves `next` out, so that nobody knows whom to wait for.',
      needs: across,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { next } = await context.ask(from, to);
        assert.deepEqual(next, { side: 'acceptor', verb: 'accept' });
      },
    },
    {
      name: 'Asking does not wait for the other account',
      usually: 'create polls until active although only the other account can move it.',
      needs: [...across, needs.offer('advance')],
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const start = context.world.clock.now();
        await context.ask(from, to);
        assert.ok(context.world.clock.now() - start < 120_000, 'It took more than two minutes of virtual time');
      },
    },
    {
      name: 'Waiting for active ends by the clock when nobody accepts',
      usually: 'The wait has no end, or the waiting state is taken for a failure.',
      needs: [...across, needs.offer('advance')],
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const provider = await context.provider(A0);
        await refused(
          provider.peerings.create(context.request(from, to), { until: 'active', timeoutMs: 20_000 }),
          'DeadlineExceeded',
        );
      },
    },
    {
      name: 'The acceptor finds the request in its listing',
      usually: 'list asks for peerings that start in the network only.',
      needs: shared,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.ask(from, to);
        const found = only(await context.listed(B0, to.id), (one) => one.id === id, 'the request');
        assert.equal(found.state, 'pending-acceptance');
        assert.equal(found.seenFrom, 'acceptor');
      },
    },
    {
      name: 'The acceptor sees the same ends as the initiator',
      usually: 'The cloud shows "local" and "peer" by viewer; the driver forgot to turn them round.',
      needs: shared,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.ask(from, to);
        const seen = await context.read(B0, id, 'acceptor');
        assert.deepEqual(
          [seen.initiator.network, seen.initiator.account, seen.acceptor.network, seen.acceptor.account],
          [from.id, context.world.accounts.a, to.id, context.world.accounts.b],
        );
        assert.equal(seen.seenFrom, 'acceptor');
      },
    },
    {
      name: 'After acceptance both sides read active',
      usually: 'accept returned before the cloud was done, or one side’s words are not in the table.',
      needs: across,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.connect(from, to);
        assert.equal((await context.read(A0, id, 'initiator')).state, 'active');
        assert.equal((await context.read(B0, id, 'acceptor')).state, 'active');
        assert.equal((await context.read(A0, id, 'initiator')).next, undefined, 'An active peering waits for nobody');
      },
    },
    {
      name: 'After acceptance both sides see the same ends, each from its own',
      usually: 'initiator and acceptor are derived from who asks.',
      needs: across,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.connect(from, to);
        const [mine, theirs] = [await context.read(A0, id, 'initiator'), await context.read(B0, id, 'acceptor')];
        assert.deepEqual([mine.seenFrom, theirs.seenFrom], PEERING_SIDES);
        for (const reading of [mine, theirs]) {
          assert.deepEqual([reading.initiator.network, reading.acceptor.network], [from.id, to.id]);
        }
      },
    },
    {
      name: 'Accepting twice is success',
      usually: 'The cloud refuses to accept what is active; the driver must tell that from a wrong state.',
      needs: across,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.connect(from, to);
        await (await context.provider(B0)).peerings.accept(id);
        assert.equal((await context.read(B0, id, 'acceptor')).state, 'active');
      },
    },
    {
      name: 'The initiator cannot accept its own request for the other account',
      usually: 'The wrong-side refusal is swallowed, or the backend lets anybody accept.',
      needs: shared,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.ask(from, to);
        const { peerings } = await context.driver(A0);
        await refused(peerings.accept(id, context.call()), 'PermissionDenied', 'NotFound', 'FailedPrecondition');
        assert.equal((await context.read(A0, id, 'initiator')).state, 'pending-acceptance');
      },
    },
    {
      name: 'Accepting one request leaves the others waiting',
      usually: 'accept agrees to everything that is pending, or to the first in the list.',
      needs: shared,
      async run(context) {
        const to = await context.network(B0);
        const [one, two] = [await context.network(A0), await context.network(A0)];
        const first = await context.ask(one, to);
        const second = await context.ask(two, to);
        await (await context.provider(B0)).peerings.accept(second.id);
        assert.equal((await context.read(A0, first.id, 'initiator')).state, 'pending-acceptance');
        assert.equal((await context.read(A0, second.id, 'initiator')).state, 'active');
      },
    },
    {
      name: 'Accepting what does not exist is NotFound',
      usually: 'The missing object is reported in another way for writes than for reads.',
      needs: shared,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.ask(from, to);
        await refused((await context.provider(B0)).peerings.accept(peeringId(unusedIdLike(id))), 'NotFound');
      },
    },
    {
      name: 'A rejected request reads rejected on both sides',
      usually: 'The state table has no row for it, or rejected and expired are guessed apart.',
      needs: rejecting,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.ask(from, to);
        await (await context.provider(B0)).peerings.reject(id);
        assert.equal((await context.read(A0, id, 'initiator')).state, 'rejected');
      },
    },
    {
      name: 'A rejected request cannot be accepted any more',
      usually: 'accept succeeds silently in a wrong state.',
      needs: rejecting,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.ask(from, to);
        await (await context.provider(B0)).peerings.reject(id);
        const { peerings } = await context.driver(B0);
        await refused(peerings.accept(id, context.call()), 'FailedPrecondition', 'NotFound');
        assert.equal((await context.read(A0, id, 'initiator')).state, 'rejected');
      },
    },
    {
      name: 'An active peering cannot be rejected',
      usually: 'reject deletes, or its refusal is swallowed.',
      needs: rejecting,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.connect(from, to);
        await refused((await context.provider(B0)).peerings.reject(id), 'FailedPrecondition');
        assert.equal((await context.read(A0, id, 'initiator')).state, 'active');
      },
    },
    {
      name: 'The initiator cannot reject its own request',
      usually: 'reject and withdraw are mixed up; withdrawing is delete.',
      needs: rejecting,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.ask(from, to);
        await refused(
          (await context.provider(A0)).peerings.reject(id),
          'PermissionDenied',
          'NotFound',
          'FailedPrecondition',
        );
        assert.equal((await context.read(A0, id, 'initiator')).state, 'pending-acceptance');
      },
    },
    {
      name: 'Rejecting one request leaves the others waiting',
      usually: 'reject hits the first request in the list.',
      needs: rejecting,
      async run(context) {
        const to = await context.network(B0);
        const [one, two] = [await context.network(A0), await context.network(A0)];
        const first = await context.ask(one, to);
        const second = await context.ask(two, to);
        await (await context.provider(B0)).peerings.reject(second.id);
        assert.equal((await context.read(A0, first.id, 'initiator')).state, 'pending-acceptance');
      },
    },
    {
      name: 'Waiting on a rejected request fails at once and says why',
      usually: 'rejected is not a final state of the table, so the wait runs into its timeout.',
      needs: [...rejecting, needs.offer('advance')],
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.ask(from, to);
        await (await context.provider(B0)).peerings.reject(id);
        const start = context.world.clock.now();
        await refused(
          (await context.provider(A0)).peerings.settle(id, 'initiator', { until: 'active' }),
          'FailedPrecondition',
        );
        assert.ok(context.world.clock.now() - start < 60_000, 'It waited although nothing could change');
      },
    },
    {
      name: 'A rejected request is still listed by the initiator',
      usually: 'list drops dead states: the pair then looks free although the cloud may still hold it.',
      needs: rejecting,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.ask(from, to);
        await (await context.provider(B0)).peerings.reject(id);
        assert.equal(only(await context.listed(A0, from.id), (one) => one.id === id, 'it').state, 'rejected');
      },
    },
    {
      name: 'A rejected request can be deleted, or fades, as the capabilities say',
      usually: 'dead is wrong: a plan would ask for the same deletion for ever, or leave behind what it could remove.',
      needs: rejecting,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.ask(from, to);
        await (await context.provider(B0)).peerings.reject(id);
        const fades = context.mechanism.dead === 'fades';
        const progress = await (await context.driver(A0)).peerings.delete(id, 'initiator', context.call());
        if (fades) assert.equal(progress, 'gone');
        else await (await context.provider(A0)).peerings.delete(id);
        const left = (await context.listed(A0, from.id)).filter((one) => one.id === id);
        assert.deepEqual(
          left.map(({ state }) => state),
          fades ? ['rejected'] : [],
        );
      },
    },
    {
      name: 'A rejected request keeps the pair occupied exactly where the capabilities say so',
      usually: 'occupiesPairWhen is wrong: read the cloud’s documents again.',
      needs: rejecting,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.ask(from, to);
        await (await context.provider(B0)).peerings.reject(id);
        if (context.mechanism.occupiesPairWhen.includes('rejected')) {
          await refused(context.ask(from, to), 'AlreadyExists');
          await (await context.provider(A0)).peerings.delete(id);
        }
        const again = await context.connect(from, to);
        assert.equal(again.state, 'active');
      },
    },
    {
      name: 'The initiator can withdraw its request',
      usually: 'delete refuses a pending peering, or leaves it with the acceptor.',
      needs: shared,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.ask(from, to);
        await (await context.provider(A0)).peerings.delete(id);
        await refused(context.read(A0, id, 'initiator'), 'NotFound');
        await refused((await context.provider(B0)).peerings.accept(id), 'NotFound', 'FailedPrecondition');
      },
    },
    {
      name: 'The acceptor’s deletion of a request that waits ends it for both, where either may end a peering',
      usually: 'The cloud lets the acceptor reject alone: a deletion from its side is that.',
      needs: [...shared, needs.deletableBy('either')],
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.ask(from, to);
        await (await context.provider(B0)).peerings.delete(id, { side: 'acceptor' });
        const left = await (await context.provider(A0)).peerings.find(id);
        assert.ok(left === undefined || isTerminal(left.state), `It reads ${left?.state ?? ''}`);
        const { peerings } = await context.driver(B0);
        await refused(peerings.accept(id, context.call()), 'FailedPrecondition', 'NotFound');
      },
    },
    {
      name: 'A request that nobody accepts lapses',
      usually:
        'The word for a lapsed request is not in the table, or without the reason acceptance-timeout. Where the cloud does not tell it from a rejection, give the reason rejected-or-expired.',
      needs: [
        ...shared,
        needs.offer('advance'),
        needs.that(({ mechanism }) => mechanism.limits.acceptWithinMs !== undefined, 'no limits.acceptWithinMs'),
      ],
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.ask(from, to);
        await context.world.advance?.(
          present(context.mechanism.limits.acceptWithinMs, 'limits.acceptWithinMs') + 3_600_000,
        );
        const seen = await context.read(A0, id, 'initiator');
        if (seen.state === 'rejected') assert.equal(seen.reason, 'rejected-or-expired');
        else assert.deepEqual([seen.state, seen.reason], ['expired', 'acceptance-timeout']);
      },
    },
    {
      name: 'A lapsed request cannot be accepted',
      usually: 'accept revives what is over, or its refusal is swallowed.',
      needs: [
        ...shared,
        needs.offer('advance'),
        needs.that(({ mechanism }) => mechanism.limits.acceptWithinMs !== undefined, 'no limits.acceptWithinMs'),
      ],
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.ask(from, to);
        await context.world.advance?.(
          present(context.mechanism.limits.acceptWithinMs, 'limits.acceptWithinMs') + 3_600_000,
        );
        const { peerings } = await context.driver(B0);
        await refused(peerings.accept(id, context.call()), 'FailedPrecondition', 'NotFound');
      },
    },
    {
      name: 'When a waiting request lapses is shown where a time is declared, and is that time after it was made',
      usually: 'The date is left out, or parsed in another unit or zone.',
      needs: shared,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const before = context.world.clock.now();
        const { id, expiresAt } = await context.ask(from, to);
        const { acceptWithinMs } = context.mechanism.limits;
        if (acceptWithinMs === undefined) {
          assert.ok((expiresAt?.getTime() ?? Infinity) > context.world.clock.now());
          return;
        }
        const lapses = present(expiresAt, 'expiresAt');
        const [earliest, latest] = [before - 5_000, context.world.clock.now() + 5_000];
        const asked = lapses.getTime() - acceptWithinMs;
        assert.ok(asked >= earliest && asked <= latest, `It says ${lapses.toISOString()}`);
        assert.deepEqual((await context.read(B0, id, 'acceptor')).expiresAt, lapses);
      },
    },
    {
      name: 'Inside one account nobody needs to accept, where the capabilities say so',
      usually: 'autoAcceptSameAccount is wrong, or create accepts by itself.',
      needs: [needs.autoAccept(true), needs.offer('advance')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(A0)];
        const driver = await context.driver(A0);
        const provider = await context.provider(A0);
        const id = await provider.peerings.request(context.request(from, to));
        for (let looks = 0; looks < 20; looks++) {
          await context.world.advance?.(10_000);
          const reading = await driver.peerings.get(id, 'initiator', context.call());
          if (reading.state === 'active') return;
          assert.notEqual(reading.next?.verb, 'accept', 'It waits for an acceptance');
        }
        assert.fail('It did not become active by itself');
      },
    },
    {
      name: 'Inside one account the acceptance is still an act, where the capabilities say so',
      usually: 'autoAcceptSameAccount is wrong, or create accepts by itself: one logical change per call.',
      needs: [needs.autoAccept(false), needs.offer('advance')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(A0)];
        const provider = await context.provider(A0);
        const id = await provider.peerings.request(context.request(from, to));
        for (let looks = 0; looks < 20; looks++) {
          await context.world.advance?.(10_000);
          assert.notEqual((await provider.peerings.find(id))?.state, 'active');
        }
        assert.equal((await provider.peerings.settle(id, 'initiator', { until: 'active' })).state, 'active');
      },
    },
  ],
};
