/** Two accounts in one run: each with its own credentials, neither able to see or do what belongs to the other. */
import assert from 'node:assert/strict';
import { accountId } from '@peerway/core';
import { needs, type Suite } from '../case.js';
import { only, present, refused } from '../expectations.js';
import { A0, B0, type CaseContext } from '../caseContext.js';
import { routedBothWays } from './joined.js';

const ofTwoAccounts = async (context: CaseContext) => [await context.network(A0), await context.network(B0)] as const;
const across = [needs.peering('crossAccount'), needs.peering('accept')];

export const crossAccount: Suite = {
  topic: 'crossAccount',
  about: 'two accounts, two sets of keys, one peering',
  cases: [
    {
      name: 'Account ids are shown exactly, digit by digit',
      usually: 'A long number was read as a JavaScript number: beyond 2^53 its last digits change. Keep it as text.',
      needs: across,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { initiator, acceptor } = await context.connect(from, to);
        assert.deepEqual([initiator.account, acceptor.account], [context.world.accounts.a, context.world.accounts.b]);
        assert.equal(typeof acceptor.account, 'string');
      },
    },
    {
      name: 'Another account’s networks are neither read nor listed',
      usually: 'Account and credentials are mixed up between two drivers.',
      needs: across,
      async run(context) {
        const theirs = await context.network(B0);
        const { networks } = await context.provider(A0);
        await refused(networks.get(theirs.id), 'NotFound', 'PermissionDenied');
        for await (const network of networks.list()) assert.notEqual(network.id, theirs.id);
      },
    },
    {
      name: 'Two drivers of two accounts in one process do not mix',
      usually: 'Keys are kept in a module variable.',
      needs: across,
      async run(context) {
        const [mine, theirs] = await ofTwoAccounts(context);
        const [a, b] = [await context.provider(A0), await context.provider(B0)];
        const both = await Promise.all([a.networks.get(mine.id), b.networks.get(theirs.id), a.networks.get(mine.id)]);
        assert.deepEqual(
          both.map((network) => network.account),
          [context.world.accounts.a, context.world.accounts.b, context.world.accounts.a],
        );
      },
    },
    {
      name: 'Naming one’s own account as the acceptor’s is the same as not naming it',
      usually: 'An account that is given makes every peering a foreign one.',
      needs: across,
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(A0)];
        const { acceptor } = context.request(from, to);
        const asked = await context.ask(from, to, { acceptor: { ...acceptor, account: context.world.accounts.a } });
        assert.equal(asked.acceptor.account, context.world.accounts.a);
        assert.equal(asked.acceptor.network, to.id);
      },
    },
    {
      name: 'Naming an account that does not own the network joins nothing',
      usually: 'The account is dropped from the request, so that the network alone decides.',
      needs: across,
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { acceptor } = context.request(from, to);
        const wrong = accountId(
          `${context.world.accounts.b.slice(0, -1)}${context.world.accounts.b.endsWith('1') ? '2' : '1'}`,
        );
        const outcome = await context
          .ask(from, to, { acceptor: { ...acceptor, account: wrong } })
          .then((peering) => peering.state)
          .catch(() => 'refused');
        assert.notEqual(outcome, 'active');
        for (const seen of await context.listed(B0, to.id)) assert.notEqual(seen.state, 'active');
      },
    },
    {
      name: 'Either account may be the one that asks',
      usually: 'The roles are tied to the order of the providers.',
      needs: across,
      async run(context) {
        const [one, two] = await ofTwoAccounts(context);
        const { initiator, acceptor } = await context.connect(two, one);
        assert.deepEqual([initiator.account, acceptor.account], [context.world.accounts.b, context.world.accounts.a]);
      },
    },
    {
      name: 'Requests in both directions, of different pairs, do not touch each other',
      usually: 'A request is looked up by account and not by id.',
      needs: across,
      async run(context) {
        const [a1, b1] = await ofTwoAccounts(context);
        const [a2, b2] = await ofTwoAccounts(context);
        const there = await context.ask(a1, b1);
        const back = await context.connect(b2, a2);
        assert.equal(back.state, 'active');
        assert.notEqual((await context.read(A0, there.id, 'initiator')).state, 'active');
        assert.notEqual(there.id, back.id);
      },
    },
    {
      name: 'A pair that waits for acceptance cannot be asked for again, from either side',
      usually: 'Only active peerings count as existing.',
      needs: [...across, needs.handshake('shared')],
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.ask(from, to);
        if (context.mechanism.duplicate === 'refused') {
          await refused(context.ask(from, to), 'AlreadyExists');
          await refused(context.ask(to, from), 'AlreadyExists');
        } else assert.equal((await context.ask(from, to)).id, id, 'It is declared to answer what is there');
      },
    },
    {
      name: 'Both accounts write their routes, each with its own keys and next hop',
      usually: 'The acceptor’s side shows no next hop, or the initiator’s.',
      needs: [...across, needs.route('explicit')],
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        await routedBothWays(context, from, to);
      },
    },
    {
      name: 'The initiator cannot write into the acceptor’s table',
      usually: 'The backend does not look at who asks.',
      needs: [...across, needs.route('explicit')],
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        const { id } = await context.connect(from, to);
        const nextHop = present((await context.read(A0, id, 'initiator')).initiator.nextHop, 'initiator.nextHop');
        const { id: table } = await context.mainTable(to);
        const wanted = { network: to.id, table, destination: from.cidrs[0], nextHop };
        const [outcome] = await (await context.provider(A0)).routes.createMany([wanted], { wait: false });
        assert.equal(outcome?.ok, false);
        assert.ok(!(await context.routesOf(to)).some((route) => route.destination === from.cidrs[0]));
      },
    },
    {
      name: 'Where the cloud exchanges routes by itself, it does so for both accounts',
      usually: 'Only the initiator’s half exchanges routes.',
      needs: [...across, needs.noRoute('explicit')],
      async run(context) {
        const [from, to] = await ofTwoAccounts(context);
        await context.connect(from, to);
        only(
          await context.routesOf(from),
          (one) => one.destination === to.cidrs[0] && one.state === 'active',
          'the route',
        );
        only(
          await context.routesOf(to),
          (one) => one.destination === from.cidrs[0] && one.state === 'active',
          'the way back',
        );
      },
    },
    {
      name: 'A hub may reach spokes of two accounts',
      usually: 'The second spoke is taken for the first, or its account forgotten.',
      needs: across,
      async run(context) {
        const [hub, near, far] = [await context.network(A0), await context.network(A0), await context.network(B0)];
        const [one, two] = [await context.connect(hub, near), await context.connect(hub, far)];
        const accounts = new Map(
          (await context.listed(A0, hub.id)).map((peering) => [peering.id, peering.acceptor.account]),
        );
        assert.deepEqual(accounts.get(one.id), context.world.accounts.a);
        assert.deepEqual(accounts.get(two.id), context.world.accounts.b);
      },
    },
  ],
};
