/** What readings of links show where lines are alike, and networks have several prefixes. Part of the links suite. */
import assert from 'node:assert/strict';
import { needs, type Case } from '../case.js';
import { A0 } from '../caseContext.js';
import { linkRequest } from './linkRequest.js';

const on = [needs.link('link'), needs.offer('port')];

export const linkReadingCases: readonly Case[] = [
  {
    name: 'Links that the caller does not need whole are listed all the same',
    usually: 'The question which are needed whole is taken for a filter.',
    needs: on,
    async run(context) {
      const site = await context.network(A0);
      const { links } = await context.provider(A0);
      const { id } = await links.create(await linkRequest(context, site));
      const full = await links.get(id);
      for await (const { state, name, network } of links.list({ network: site.id, whole: () => false })) {
        assert.deepEqual([state, name, network], [full.state, full.name, full.network]);
        return;
      }
      assert.fail(`${id} is not listed`);
    },
  },
  {
    name: 'Two VLANs of one port whose digits begin alike are two lines',
    usually: 'A VLAN is looked for as a text, or the first of a list is taken.',
    needs: on,
    async run(context) {
      const { links } = await context.provider(A0);
      const [longer, shorter] = [40, 4];
      for (const vlan of [longer, shorter]) {
        const site = await context.network(A0);
        const asked = await linkRequest(context, site, {}, A0, vlan);
        const { id } = await links.create(asked);
        const seen = await links.get(id);
        assert.deepEqual(
          [seen.vlan, seen.cloudIp, seen.customerIp, seen.network],
          [vlan, asked.cloudIp, asked.customerIp, site.id],
        );
      }
    },
  },
  {
    name: 'What was read of a network and its port an hour ago is not what a link is built upon',
    usually: 'A reading is remembered without an end.',
    needs: [...on, needs.offer('addNetwork'), needs.offer('respell'), needs.offer('advance')],
    async run(context) {
      const site = await context.network(A0);
      const { networks, links } = await context.provider(A0);
      const asked = await linkRequest(context, site);
      await networks.get(site.id);
      await links.check(asked);
      const prefixes = [context.unusedCidr(), context.unusedCidr()];
      await context.world.respell?.({ kind: 'network', id: site.id, prefixes });
      await context.world.advance?.(3_600_000);
      const { localPrefixes } = await links.create(asked);
      if (localPrefixes !== undefined) assert.deepEqual([...localPrefixes].sort(), [...prefixes].sort());
    },
  },
  {
    name: 'Where a link keeps the prefixes that it may reach, all of IPv4 of its network are among them, and none of IPv6',
    usually: 'Only the first prefix is offered, or one of IPv6 stands in a list for IPv4.',
    needs: [...on, needs.offer('addNetwork'), needs.offer('secondaryPrefixes')],
    async run(context) {
      const ipv4 = [context.unusedCidr(), context.unusedCidr()] as const;
      const ipv6 = context.offers('ipv6Networks') ? [context.unusedCidr6()] : [];
      const site = await context.network(A0, [...ipv4, ...ipv6]);
      const { localPrefixes } = await (await context.provider(A0)).links.create(await linkRequest(context, site));
      if (localPrefixes !== undefined) assert.deepEqual([...localPrefixes].sort(), [...ipv4].sort());
    },
  },
];
