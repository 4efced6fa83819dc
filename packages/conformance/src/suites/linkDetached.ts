/** What lines meet that people work at: a line taken off, other addresses than agreed, a refusal beside another line. Part of the links suite. */
import assert from 'node:assert/strict';
import { isPeerwayError, type Link, type LinkId, type LinkRequest, type Links } from '@peerway/core';
import { needs, type Case } from '../case.js';
import { only, present, refused } from '../expectations.js';
import { A0, type CaseContext } from '../caseContext.js';
import { linkRequest } from './linkRequest.js';

const on = [needs.link('link'), needs.offer('port')];
const severalParts = needs.that(({ harness }) => (harness.linkParts ?? 1) > 1, 'a line has no parts');

interface Made {
  readonly links: Links;
  readonly asked: LinkRequest;
  readonly link: Link;
}

async function made(context: CaseContext): Promise<Made> {
  const { features } = context.facts.capabilities.links;
  const asked = await linkRequest(context, await context.network(A0), {
    ...(features.tags.status === 'supported' ? { tags: { 'peerway.stack': 'kit', cost: '7' } } : {}),
    ...(features.description.status === 'supported' ? { description: 'made by the kit' } : {}),
  });
  const { links } = await context.provider(A0);
  const { id } = await links.create(asked);
  return { links, asked, link: await links.get(id) };
}

/** All but the ids of its parts, which are made anew. */
const facts = (link: Link): Record<string, unknown> => ({
  id: link.id,
  state: link.state,
  network: link.network,
  port: link.port,
  vlan: link.vlan,
  cloudIp: link.cloudIp,
  customerIp: link.customerIp,
  name: link.name,
  description: link.description,
  bandwidthMbps: link.bandwidthMbps,
  localPrefixes: link.localPrefixes,
  tags: link.tags,
});

const listed = async (links: Links, id: LinkId): Promise<Link> => {
  const all: Link[] = [];
  for await (const link of links.list({ probed: () => true })) all.push(link);
  return only(all, (link) => link.id === id, 'the link');
};

export const detachedLinks: readonly Case[] = [
  {
    name: 'A link whose line somebody took off is unfinished, and is what it was once its making is gone on with',
    usually: 'What stands without a line is called active, or the second half is made with less than the first time.',
    needs: [...on, needs.offer('detachLink')],
    async run(context) {
      const { links, asked, link } = await made(context);
      await context.world.detachLink?.(A0, link.id);
      const half = await links.get(link.id);
      assert.deepEqual([half.state, half.next], ['provisioning', 'continue']);
      assert.deepEqual(await listed(links, link.id), half);
      await links.settle(link.id, asked);
      assert.deepEqual(facts(await links.get(link.id)), facts(link));
    },
  },
  {
    name: 'A link of whose line somebody took off one part is unfinished, is what it was once its making is gone on with, and can be deleted',
    usually:
      'The half that is left is taken for the whole, or connected again with another one, which the cloud refuses.',
    needs: [...on, needs.offer('detachLink'), severalParts],
    async run(context) {
      for (let part = 0; part < (context.facts.harness.linkParts ?? 0); part++) {
        const { links, asked, link } = await made(context);
        await context.world.detachLink?.(A0, link.id, part);
        const half = await links.get(link.id);
        assert.deepEqual([half.state, half.next], ['provisioning', 'continue']);
        assert.deepEqual(await listed(links, link.id), half);
        await links.settle(link.id, asked);
        assert.deepEqual(facts(await links.get(link.id)), facts(link));
        await context.world.detachLink?.(A0, link.id, part);
        await links.delete(link.id);
        assert.equal(await links.find(link.id), undefined);
      }
    },
  },
  {
    name: 'Where the cloud does not say whether a route is alive, one toward a link whose line somebody took off is not',
    usually: 'A next hop counts as alive once it is listed, though nothing hangs on it.',
    needs: [
      ...on,
      needs.offer('detachLink'),
      needs.route('explicit'),
      needs.that(({ harness }) => harness.words?.route === undefined, 'the cloud says whether a route is alive'),
    ],
    async run(context) {
      const { links, asked, link } = await made(context);
      const { routes } = await context.provider(A0);
      const network = asked.network;
      const nextHop = present(link.nextHop, 'nextHop');
      const [table] = await routes.tables(network);
      const { id } = present(table, 'a table');
      await routes.create({ network, table: id, destination: context.unusedDestination(), nextHop });
      const look = async () => {
        for await (const route of routes.list(network, id)) if (route.nextHop.id === nextHop.id) return route.state;
        return undefined;
      };
      assert.equal(await look(), 'active');
      await context.world.detachLink?.(A0, link.id);
      assert.equal(await look(), 'blackhole');
      await links.settle(link.id, asked);
      assert.equal(await look(), 'active');
    },
  },
  {
    name: 'A link whose line somebody took off is deleted like any other, and its VLAN is free',
    usually: 'A step that takes the line off is refused because there is none, and the deletion never ends.',
    needs: [...on, needs.offer('detachLink')],
    async run(context) {
      const { links, asked, link } = await made(context);
      await context.world.detachLink?.(A0, link.id);
      await links.delete(link.id);
      assert.equal(await links.find(link.id), undefined);
      const again = await links.create({ ...asked, name: context.uniqueName() });
      assert.equal(again.state, 'active');
    },
  },
  {
    name: 'A link never has other addresses than it was asked for with',
    usually: 'Where a line’s channel has addresses already, they are taken as they are, and not compared.',
    needs: on,
    async run(context) {
      const { links } = await context.provider(A0);
      const readied = await linkRequest(context, await context.network(A0));
      const block = readied.customerIp.replace(/\d+$/, '');
      for (const other of [
        { cloudIp: `${block}3/29`, customerIp: readied.customerIp },
        { cloudIp: `${block}1/29`, customerIp: `${block}3` },
        { cloudIp: `${block}2/30`, customerIp: `${block}1` },
      ]) {
        const asked = { ...readied, ...other, name: context.uniqueName() };
        const link = await links.create(asked).catch((error: unknown) => {
          if (!isPeerwayError(error, 'InvalidArgument')) throw error;
          return undefined;
        });
        if (link === undefined) continue;
        assert.deepEqual([link.cloudIp, link.customerIp], [asked.cloudIp, asked.customerIp]);
        await links.delete(link.id);
      }
    },
  },
  {
    name: 'A VLAN that people have not readied passes no check, where they must, and becomes no line',
    usually: 'Some other channel of the line is taken for it.',
    needs: on,
    async run(context) {
      if (context.world.readyVlan === undefined) return;
      const driver = await context.driver(A0);
      const { links } = await context.provider(A0);
      const asked = { ...(await linkRequest(context, await context.network(A0))), vlan: 99 };
      if (driver.links?.check !== undefined)
        await refused(links.check(asked), 'NotFound', 'FailedPrecondition', 'InvalidArgument');
      await refused(links.create(asked), 'NotFound', 'FailedPrecondition', 'InvalidArgument');
      for await (const { id } of links.list({ network: asked.network })) assert.fail(`${id} is there`);
    },
  },
  {
    name: 'A listing of links leaves out those of networks that the caller has, and no others',
    usually: 'The networks to leave out are taken for those that are wanted.',
    needs: on,
    async run(context) {
      const [one, other] = [await made(context), await made(context)];
      const ids: LinkId[] = [];
      for await (const { id } of one.links.list({ except: [one.asked.network] })) ids.push(id);
      assert.deepEqual([ids.includes(one.link.id), ids.includes(other.link.id)], [false, true]);
    },
  },
  {
    name: 'A link that is refused for its state is not taken for one that is there, whatever else the network has on the port',
    usually: 'The reason is looked for among the lines of the port, and the first of them is it.',
    needs: [...on, needs.refusals],
    async run(context) {
      const site = await context.network(A0);
      const driver = await context.driver(A0);
      await (await context.provider(A0)).links.create(await linkRequest(context, site));
      for (const { httpStatus, nativeCode, means } of context.facts.harness.refusals ?? []) {
        if (means !== 'FailedPrecondition') continue;
        const input = { ...(await linkRequest(context, site)), tags: {}, clientToken: context.random.uuid() };
        await context.world.refuse?.({ httpStatus, nativeCode, on: 'write' });
        await refused(present(driver.links, 'links').create(input, context.call()), means);
        await context.world.clearFaults?.();
      }
    },
  },
];
