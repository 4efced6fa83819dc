/** What changes of a link that stands: each attribute by itself, in place, and nothing else with it. */
import assert from 'node:assert/strict';
import { linkId, portId, type Link, type LinkUpdate } from '@peerway/core';
import { needs, type Case } from '../case.js';
import { refused } from '../expectations.js';
import { A0, type CaseContext } from '../caseContext.js';
import { unusedIdLike } from '../draw.js';
import { linkRequest } from './linkRequest.js';

const on = [needs.link('link'), needs.offer('port')];

async function made(context: CaseContext, more: Parameters<typeof linkRequest>[2] = {}): Promise<Link> {
  const site = await context.network(A0);
  return (await context.provider(A0)).links.create(await linkRequest(context, site, more));
}

/** What a reading shows that no change but its own may touch. */
const facts = (link: Link): Record<string, unknown> => ({
  state: link.state,
  network: link.network,
  port: link.port,
  vlan: link.vlan,
  nextHop: link.nextHop,
  edge: link.edge,
  name: link.name,
  description: link.description,
  bandwidthMbps: link.bandwidthMbps,
  cloudIp: link.cloudIp,
  customerIp: link.customerIp,
  tags: link.tags,
});

/** Changes a link and reads it again: what was asked differs, and nothing else does. Done a second time it is done still. */
async function changes(context: CaseContext, link: Link, update: LinkUpdate, shown: Partial<Link>): Promise<void> {
  const { links } = await context.provider(A0);
  const before = await links.get(link.id);
  for (let times = 0; times < 2; times++) {
    await links.update(link.id, update);
    assert.deepEqual(facts(await links.get(link.id)), { ...facts(before), ...shown });
  }
}

export const linkChanges: readonly Case[] = [
  {
    name: 'A link takes another name and description, and stays what it is',
    usually: 'Only one of the two is sent, or a member that was not asked for is emptied.',
    needs: [...on, needs.link('relabel'), needs.link('description')],
    async run(context) {
      const link = await made(context, { description: 'made by the kit' });
      const name = context.uniqueName();
      await changes(context, link, { name }, { name });
      await changes(context, link, { description: 'changed by the kit' }, { description: 'changed by the kit' });
    },
  },
  {
    name: 'A link takes another bandwidth in place',
    usually: 'Another unit is sent than at creation, or the call returns before the cloud is done.',
    needs: [...on, needs.link('resize')],
    async run(context) {
      const { min, allowed = [] } = context.facts.capabilities.links.limits.bandwidthMbps ?? { min: 10 };
      const [from, to] = [allowed[0] ?? Math.max(min, 10), allowed[1] ?? Math.max(min, 10) + 10];
      const link = await made(context, { bandwidthMbps: from });
      await changes(context, link, { bandwidthMbps: to }, { bandwidthMbps: to });
    },
  },
  {
    name: 'A link takes other addresses in place',
    usually: 'The two ends are swapped, or the length of the prefix stays the old one.',
    needs: [...on, needs.link('readdress')],
    async run(context) {
      const [cloudIp, customerIp] = ['10.254.9.9/29', '10.254.9.10'];
      await changes(context, await made(context), { addresses: { cloudIp, customerIp } }, { cloudIp, customerIp });
    },
  },
  {
    name: 'Tags of a link are set and removed by name, and the others stay',
    usually: 'The list is replaced as a whole, or removal is sent as an empty value.',
    needs: [...on, needs.link('retag')],
    async run(context) {
      const link = await made(context, { tags: { keep: 'a', change: 'b', go: 'c' } });
      const update = { setTags: { change: 'd', come: 'e' }, removeTags: ['go', 'never-there'] };
      await changes(context, link, update, { tags: { keep: 'a', change: 'd', come: 'e' } });
    },
  },
  {
    name: 'Tags of a link are set alone and taken off alone, and one that is not there is no failure',
    usually: 'An empty list of tags is sent, which some clouds refuse and some take for "all".',
    needs: [...on, needs.link('retag')],
    async run(context) {
      const link = await made(context, { tags: { keep: 'a', go: 'b' } });
      await changes(context, link, { removeTags: ['go', 'never-there'] }, { tags: { keep: 'a' } });
      await changes(context, link, { setTags: { come: 'c' } }, { tags: { keep: 'a', come: 'c' } });
    },
  },
  {
    name: 'Suspending a link that is suspended, and resuming one that runs, is success',
    usually: 'The cloud refuses a switch that stands already, or the driver takes it for a failure.',
    needs: [...on, needs.link('suspend')],
    async run(context) {
      const { id } = await made(context);
      const { links } = await context.provider(A0);
      await links.resume(id);
      for (let time = 0; time < 2; time++) await links.suspend(id);
      const { state, reason } = await links.get(id);
      assert.deepEqual([state, reason], ['inactive', 'suspended']);
      for (let time = 0; time < 2; time++) await links.resume(id);
      assert.equal((await links.get(id)).state, 'active');
    },
  },
  {
    name: 'Where a link keeps the prefixes that it may reach, they are those of its network, and change in place',
    usually: 'The list is added to and not replaced, or a change sends it empty.',
    needs: on,
    async run(context) {
      const site = await context.network(A0);
      const { links } = await context.provider(A0);
      const link = await links.create(await linkRequest(context, site));
      if (link.localPrefixes === undefined) return;
      assert.deepEqual(link.localPrefixes, site.cidrs);
      const prefixes = [context.unusedDestination(), context.unusedDestination()];
      await changes(context, link, { localPrefixes: prefixes }, {});
      assert.deepEqual([...((await links.get(link.id)).localPrefixes ?? [])].sort(), [...prefixes].sort());
    },
  },
  {
    name: 'A change of a link that does not exist is NotFound',
    usually: 'The cloud’s way to say "not there" is taken for success.',
    needs: [...on, needs.link('relabel')],
    async run(context) {
      const { id } = await made(context);
      const { links } = await context.provider(A0);
      const gone = links.update(linkId(unusedIdLike(id)), { name: context.uniqueName() }, { wait: false });
      await refused(gone, 'NotFound');
    },
  },
  {
    name: 'A port that is ready for a link passes the check, and nothing is changed',
    usually: 'check refuses what create takes, or readies something itself.',
    needs: on,
    async run(context) {
      const { links } = await context.provider(A0);
      const asked = await linkRequest(context, await context.network(A0));
      const { mutating } = await context.traffic(() => links.check(asked));
      assert.equal(mutating.length, 0);
      await links.create(asked);
    },
  },
  {
    name: 'A port that is not there does not pass the check, where the driver looks',
    usually: 'An empty answer is taken for a port.',
    needs: on,
    async run(context) {
      const driver = await context.driver(A0);
      if (driver.links?.check === undefined) return;
      const asked = await linkRequest(context, await context.network(A0));
      const { links } = await context.provider(A0);
      await refused(links.check({ ...asked, port: portId(unusedIdLike(asked.port)) }), 'NotFound');
    },
  },
  {
    name: 'A link made with the provider’s settings differs from none of them, and nobody is asked',
    usually: 'An option that was never set is compared with an empty text, so every plan has a step.',
    needs: on,
    async run(context) {
      const link = await (await context.provider(A0)).links.get((await made(context)).id);
      const { links } = await context.provider(A0);
      const { requests } = await context.traffic(async () => assert.deepEqual(links.settingsDrift(link), []));
      assert.equal(requests.length, 0);
    },
  },
];
