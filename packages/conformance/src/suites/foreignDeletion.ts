/** A peering that a person ended in the console while nobody looked. Part of the lifecycle suite. */
import assert from 'node:assert/strict';
import { PEERING_SIDES, type PeeringId } from '@peerway/core';
import { needs, type Case } from '../case.js';
import { refused } from '../expectations.js';
import { A0, type CaseContext, type Site } from '../caseContext.js';
import { joined, toward } from './joined.js';

async function ended(
  context: CaseContext,
): Promise<{ readonly from: Site; readonly to: Site; readonly id: PeeringId }> {
  const [from, to] = [await context.network(A0), await context.network(A0)];
  const { id } = await context.connect(from, to, {
    ...(context.mechanism.features.tags.status === 'supported' ? { tags: { 'peerway.stack': 'kit' } } : {}),
  });
  await context.world.removePeering?.(A0, id);
  return { from, to, id };
}

const on = [needs.offer('removePeering')];

export const foreignDeletionCases: readonly Case[] = [
  {
    name: 'A peering that somebody else ended is gone from reading, from either side, and from listing',
    usually: 'What the cloud still shows of it for a while is read as alive.',
    needs: on,
    async run(context) {
      const { from, to, id } = await ended(context);
      const { peerings } = await context.provider(A0);
      for (const side of PEERING_SIDES) assert.equal(await peerings.find(id, { side }), undefined);
      assert.deepEqual([await context.listed(A0, from.id), await context.listed(A0, to.id)], [[], []]);
    },
  },
  {
    name: 'A peering that somebody else ended is listed when tombstones are asked for, as it was, or not at all',
    usually: 'The tombstone has lost its ends or its tags, or is shown to those who did not ask.',
    needs: on,
    async run(context) {
      const { from, to, id } = await ended(context);
      const tombstones = (await context.listed(A0, { network: from.id, tombstones: true })).filter(
        (one) => one.id === id,
      );
      for (const { state, initiator, acceptor, tags } of tombstones) {
        assert.deepEqual([state, initiator.network, acceptor.network], ['deleted', from.id, to.id]);
        if (context.mechanism.features.tags.status === 'supported') assert.equal(tags['peerway.stack'], 'kit');
      }
    },
  },
  {
    name: 'Deleting a peering that somebody else ended is success',
    usually: 'The refusal of what is over already is not translated to NotFound.',
    needs: on,
    async run(context) {
      const { id } = await ended(context);
      await (await context.provider(A0)).peerings.delete(id);
    },
  },
  {
    name: 'Changing a peering that somebody else ended is NotFound',
    usually: 'The cloud’s answer to a change of what is over is another than to a reading.',
    needs: [...on, needs.peering('name')],
    async run(context) {
      const { id } = await ended(context);
      const driver = await context.driver(A0);
      const change = { kind: 'labels', name: context.uniqueName() } as const;
      await refused(driver.peerings.update(id, 'initiator', change, context.call()), 'NotFound', 'FailedPrecondition');
    },
  },
  {
    name: 'Two networks whose peering somebody else ended can be joined again, by another peering',
    usually: 'What is over is found by its pair and taken for the wanted one.',
    needs: on,
    async run(context) {
      const { from, to, id } = await ended(context);
      const again = await context.connect(from, to);
      // where each side keeps its half, the pair itself is the id
      if (context.mechanism.handshake === 'shared') assert.notEqual(again.id, id);
      assert.deepEqual(
        (await context.listed(A0, from.id)).map((one) => [one.id, one.state]),
        [[again.id, 'active']],
      );
    },
  },
  {
    name: 'A route whose peering somebody else ended is gone or dead, and can be removed',
    usually: 'The route is shown as active although nothing is behind it, or its removal asks the peering first.',
    needs: [...on, needs.route('explicit')],
    async run(context) {
      const both = await joined(context);
      const destination = context.unusedDestination();
      const { routes } = await context.provider(A0);
      await routes.create(toward(both, destination));
      await context.world.removePeering?.(A0, both.id);
      const [left, ...more] = (await context.routesOf(both.from)).filter((one) => one.destination === destination);
      assert.deepEqual(more, []);
      if (left === undefined) return;
      assert.equal(left.state, 'blackhole');
      await routes.delete(left);
      assert.ok((await context.routesOf(both.from)).every((one) => one.destination !== destination));
    },
  },
];
