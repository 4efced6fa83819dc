/** Dedicated lines between two entries: the port is another account's, lies in another region, or both. */
import assert from 'node:assert/strict';
import type { Link, Links, LinkRequest, RequestInfo } from '@peerway/core';
import { needs, type Case } from '../case.js';
import { only, present, refused } from '../expectations.js';
import { A0, B0, type CaseContext, type Site } from '../caseContext.js';
import type { Facts } from '../facts.js';
import type { Place } from '../harness.js';
import { linkRequest } from './linkRequest.js';

interface Line {
  readonly site: Site;
  readonly asked: LinkRequest;
  /** The links between the two entries, from where they are kept. */
  readonly links: Links;
  readonly link: Link;
}

const has = ({ capabilities }: Facts, feature: 'otherAccount' | 'otherRegion'): boolean =>
  capabilities.links.features[feature].status === 'supported';

/** As far from the network as the provider goes. */
const farthest = (facts: Facts): Place => ({
  account: has(facts, 'otherAccount') ? 'b' : 'a',
  region: has(facts, 'otherRegion') ? 1 : 0,
});

/** Links between the network's entry and the port's, from the one that keeps them. */
async function between(
  context: CaseContext,
  port: Place,
  options: { readonly readOnly?: boolean } = {},
): Promise<Links> {
  const provider = async (place: Place) => {
    const full = await context.provider(place);
    return options.readOnly === true ? full.readOnly().links : full.links;
  };
  const [near, far] = [await provider(A0), await provider(port)];
  return context.facts.capabilities.links.home === 'network' ? near.across(far) : far.across(near);
}

/** Makes a line, works with it and removes it: no network's own listing need show it, so the kit would not find it. */
async function withLine(
  context: CaseContext,
  port: Place,
  work: (line: Line) => Promise<void>,
  more: Partial<LinkRequest> = {},
): Promise<void> {
  const site = await context.network(A0);
  const asked = await linkRequest(context, site, more, port);
  const links = await between(context, port);
  const { id } = await links.create(asked);
  try {
    await work({ site, asked, links, link: await links.get(id) });
  } finally {
    await links.delete(id);
  }
}

const listed = async (links: Links, query: Parameters<Links['list']>[0]): Promise<readonly string[]> => {
  const ids: string[] = [];
  for await (const { id } of links.list(query)) ids.push(id);
  return ids;
};

const on = [
  needs.link('link'),
  needs.offer('port'),
  needs.that((facts) => has(facts, 'otherAccount') || has(facts, 'otherRegion'), 'a line joins no two entries'),
];

/** A line on such a port is made by both sides, shown whole, and its routes go into the network. */
const becomesActive = (where: string, port: Place, feature: 'otherAccount' | 'otherRegion'): Case => ({
  name: `A line on a port of ${where} becomes active, shows what was asked, and may be a route’s next hop`,
  usually: 'A step of one side is taken with the other side’s keys, or in its region.',
  needs: [needs.link('link'), needs.offer('port'), needs.link(feature)],
  run: (context) =>
    withLine(context, port, async ({ site, asked, link }) => {
      const { world, facts } = context;
      const kept = facts.capabilities.links.home === 'network' ? A0 : port;
      assert.deepEqual(
        [link.state, link.network, link.port, link.vlan, link.name, link.cloudIp, link.customerIp],
        ['active', site.id, asked.port, asked.vlan, asked.name, asked.cloudIp, asked.customerIp],
      );
      assert.deepEqual([link.account, link.region], [world.accounts[kept.account], world.regions[kept.region]]);
      if (facts.capabilities.routes.features.explicit.status !== 'supported') return;
      const nextHop = present(link.nextHop, 'nextHop');
      const { id: table } = await context.mainTable(site);
      const destination = context.unusedDestination();
      const { routes } = await context.provider(A0);
      await routes.create({ network: site.id, table, destination, nextHop });
      const route = only(await context.routesOf(site), (one) => one.destination === destination, 'the route');
      assert.deepEqual([route.state, route.nextHop], ['active', nextHop]);
      await routes.delete(route);
    }),
});

export const linksAcross: readonly Case[] = [
  becomesActive('another account', { account: 'b', region: 0 }, 'otherAccount'),
  becomesActive('another region', { account: 'a', region: 1 }, 'otherRegion'),
  {
    name: 'A line between two entries is listed by its network and by its port',
    usually: 'The listing asks one side only, or with one side’s ids in the other side’s region.',
    needs: on,
    run: (context) =>
      withLine(context, farthest(context.facts), async ({ site, asked, links, link }) => {
        assert.deepEqual(await listed(links, { network: site.id }), [link.id]);
        assert.ok((await listed(links, { port: asked.port })).includes(link.id));
        const other = await context.network(A0);
        assert.deepEqual(await listed(links, { network: other.id }), []);
      }),
  },
  {
    name: 'Description, bandwidth and tags of a line between two entries are kept',
    usually: 'They are written to the half that the reading does not take them from.',
    needs: [...on, needs.link('description'), needs.link('bandwidth'), needs.link('tags')],
    run: (context) => {
      const { min, allowed } = context.facts.capabilities.links.limits.bandwidthMbps ?? { min: 10, allowed: undefined };
      const more = {
        description: 'made by the kit',
        bandwidthMbps: allowed?.at(-1) ?? Math.max(min, 10) + 27,
        tags: { 'peerway.stack': 'kit', 'peerway.link': 'two entries' },
      };
      return withLine(
        context,
        farthest(context.facts),
        async ({ link: { description, bandwidthMbps, tags } }) =>
          assert.deepEqual({ description, bandwidthMbps, tags }, more),
        more,
      );
    },
  },
  {
    name: 'A line between two entries takes another bandwidth in place',
    usually: 'The change goes to one half, by the other half’s id.',
    needs: [...on, needs.link('resize')],
    run: (context) => {
      const { min, allowed = [] } = context.facts.capabilities.links.limits.bandwidthMbps ?? { min: 10 };
      const [from, to] = [allowed[0] ?? Math.max(min, 10), allowed[1] ?? Math.max(min, 10) + 10];
      return withLine(
        context,
        farthest(context.facts),
        async ({ links, link }) => {
          await links.update(link.id, { bandwidthMbps: to });
          const seen = await links.get(link.id);
          assert.deepEqual([seen.bandwidthMbps, seen.state], [to, 'active']);
        },
        { bandwidthMbps: from },
      );
    },
  },
  {
    name: 'A line between two entries takes another name and other tags, and keeps the rest',
    usually: 'The list is replaced as a whole, or only one half of the line is told.',
    needs: [...on, needs.link('relabel'), needs.link('retag')],
    run: (context) =>
      withLine(
        context,
        farthest(context.facts),
        async ({ links, link }) => {
          const name = context.uniqueName();
          await links.update(link.id, { name, setTags: { come: 'c' }, removeTags: ['go'] });
          const seen = await links.get(link.id);
          assert.deepEqual(
            [seen.name, seen.tags, seen.description],
            [name, { keep: 'a', come: 'c' }, link.description],
          );
        },
        { tags: { keep: 'a', go: 'b' } },
      ),
  },
  {
    name: 'A line between two entries is suspended and resumed',
    usually: 'A switch of the other side is not turned, or by keys that do not own it.',
    needs: [...on, needs.link('suspend')],
    run: (context) =>
      withLine(context, farthest(context.facts), async ({ links, link }) => {
        await links.suspend(link.id);
        assert.equal((await links.get(link.id)).state, 'inactive');
        await links.resume(link.id);
        assert.equal((await links.get(link.id)).state, 'active');
      }),
  },
  {
    name: 'A deleted line between two entries is gone from both, and its VLAN is free',
    usually: 'The half of the side that does not keep the line stays.',
    needs: on,
    async run(context) {
      const port = farthest(context.facts);
      let first: LinkRequest | undefined;
      await withLine(context, port, async ({ site, asked, links, link }) => {
        first = asked;
        await links.delete(link.id);
        assert.equal(await links.find(link.id), undefined);
        assert.deepEqual(await listed(links, { network: site.id }), []);
      });
      const links = await between(context, port);
      const { id } = await links.create({ ...present(first, 'the first line'), name: context.uniqueName() });
      await links.delete(id);
    },
  },
  {
    name: 'Between read-only entries a line is not made, and nothing is sent that could change anything',
    usually: 'A request of one side is sent in a call that its guard did not see.',
    needs: on,
    async run(context) {
      const port = farthest(context.facts);
      const asked = await linkRequest(context, await context.network(A0), {}, port);
      const links = await between(context, port, { readOnly: true });
      const { mutating } = await context.traffic(() => refused(links.create(asked), 'FailedPrecondition'));
      assert.deepEqual(mutating, []);
    },
  },
  {
    name: 'What is sent to each account for a line between them is announced to the entry of that account, and to no other',
    usually:
      'The other side’s requests are sent in the call of the verb: they wait, count and are refused as those of the wrong account.',
    needs: [needs.link('link'), needs.offer('port'), needs.link('otherAccount')],
    async run(context) {
      const asked = await linkRequest(context, await context.network(A0), {}, B0);
      const [near, far]: readonly [RequestInfo[], RequestInfo[]] = [[], []];
      const drivers = [await context.login(A0, 'right'), await context.login(B0, 'right')] as const;
      const entries = {
        near: context.providerOver(A0, drivers[0], near).links,
        far: context.providerOver(B0, drivers[1], far).links,
      };
      const links =
        context.facts.capabilities.links.home === 'network'
          ? entries.near.across(entries.far)
          : entries.far.across(entries.near);
      const { requests } = await context.traffic(async () => {
        const { id } = await links.create(asked);
        await links.get(id);
        await links.delete(id);
      });
      for (const driver of drivers) await driver.close();
      assert.equal(near.length + far.length, requests.length);
      assert.ok(
        near.length > 0 && far.length > 0,
        `${near.length} of the network’s entry, ${far.length} of the port’s`,
      );
    },
  },
  {
    name: 'A VLAN that its owner has not opened to the account passes no check, and becomes no line',
    usually: 'Whose account the line is for is not looked at, or the owner’s own is taken for it.',
    needs: [needs.link('link'), needs.offer('port'), needs.link('otherAccount')],
    async run(context) {
      // where people ready no VLANs, none is closed to anybody
      if (context.world.readyVlan === undefined) return;
      const site = await context.network(A0);
      const asked = await linkRequest(context, { ...site, place: B0 }, {}, B0);
      const links = await between(context, B0);
      const { mutating } = await context.traffic(async () => {
        if ((await context.driver(A0)).links?.check !== undefined)
          await refused(links.check(asked), 'FailedPrecondition', 'PermissionDenied');
      });
      assert.deepEqual(mutating, []);
      await refused(links.create(asked), 'FailedPrecondition', 'PermissionDenied', 'NotFound');
      assert.deepEqual(await listed(links, { network: site.id }), []);
    },
  },
  {
    name: 'Where a line joins no two entries, asking for one is Unsupported, and nobody is asked',
    usually: 'The port of another entry is looked for in the network’s own.',
    needs: [needs.link('link'), needs.noLink('otherAccount'), needs.noLink('otherRegion')],
    async run(context) {
      const [near, far] = [await context.provider(A0), await context.provider({ account: 'b', region: 0 })];
      const { requests } = await context.traffic(() =>
        refused(
          Promise.resolve().then(() => near.links.across(far.links)),
          'Unsupported',
        ),
      );
      assert.deepEqual(requests, []);
    },
  },
];
