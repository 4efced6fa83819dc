/** Probes along a line: asked for when it is made or later, shown as they are, taken away where the cloud can. Part of the links suite. */
import assert from 'node:assert/strict';
import { isPeerwayError, type HealthCheck, type HealthCheckLimits, type Link, type LinkRequest } from '@peerway/core';
import { needs, type Case } from '../case.js';
import { only, present, refused, refusedUnasked } from '../expectations.js';
import { A0, type CaseContext, type Site } from '../caseContext.js';
import { linkRequest } from './linkRequest.js';

const probes = needs.that(
  ({ capabilities }) => capabilities.links.healthCheck !== undefined,
  'a link takes no health check',
);
const on = [needs.link('link'), needs.offer('port'), probes];

const limitsOf = (context: CaseContext): HealthCheckLimits =>
  present(context.facts.capabilities.links.healthCheck, 'healthCheck of the capabilities');

/** An address of the network, told by its last number. */
const addressIn = ({ cidrs: [cidr] }: Site, last: number): string =>
  cidr.replace(/(\d+)\/\d+$/, (_, first: string) => String(Number(first) + last));

/** Every part of a check, each different from those of the check before it. */
function checkFor(context: CaseContext, site: Site, { customerIp }: Pick<LinkRequest, 'customerIp'>, turn: 1 | 2) {
  const { target, intervalMs, failures } = limitsOf(context);
  return {
    source: addressIn(site, 8 + turn),
    target: target === 'any' && turn === 2 ? addressIn(site, 20) : customerIp,
    intervalMs: Math.max(intervalMs.min, intervalMs.step) + turn * intervalMs.step,
    failures: failures.min + turn,
  } satisfies HealthCheck;
}

/** What a link shows that a change of its health check must leave alone. */
const rest = ({ healthCheck: _, ...others }: Link): unknown => others;

async function made(context: CaseContext, probed = true) {
  const site = await context.network(A0);
  const asked = await linkRequest(context, site);
  const check = checkFor(context, site, asked, 1);
  const { links } = await context.provider(A0);
  const { id } = await links.create({ ...asked, ...(probed ? { healthCheck: check } : {}) });
  return { site, asked, check, links, link: await links.get(id) };
}

export const linkHealth: readonly Case[] = [
  {
    name: 'A link is probed from its beginning as it was asked for, each part',
    usually: 'Source and target are swapped, or rate and threshold; or a rate in seconds is sent for milliseconds.',
    needs: on,
    async run(context) {
      const { link, check } = await made(context);
      assert.deepEqual(link.healthCheck, check);
    },
  },
  {
    name: 'A link that was not to be probed shows no health check',
    usually: 'Numbers that the cloud has by itself are shown as a check.',
    needs: on,
    run: async (context) => assert.equal((await made(context, false)).link.healthCheck, undefined),
  },
  {
    name: 'A health check is set later and changed in place, twice is as once, and nothing else of the link changes',
    usually: 'The change is sent to the half that does not probe, or sends along what nobody asked for.',
    needs: on,
    async run(context) {
      const { site, asked, links, link } = await made(context, false);
      for (const turn of [1, 2] as const) {
        const healthCheck = checkFor(context, site, asked, turn);
        for (let time = 0; time < 2; time++) {
          await links.update(link.id, { healthCheck });
          const seen = await links.get(link.id);
          assert.deepEqual([seen.healthCheck, rest(seen)], [healthCheck, rest(link)]);
        }
      }
    },
  },
  {
    name: 'A health check without a target goes to the customer’s end',
    usually: 'A target is only said at creation, or nothing is sent when one part is missing.',
    needs: on,
    async run(context) {
      const { site, asked, links, link } = await made(context, false);
      const { target: _, ...check } = checkFor(context, site, asked, 1);
      await links.update(link.id, { healthCheck: check });
      assert.deepEqual((await links.get(link.id)).healthCheck, { ...check, target: asked.customerIp });
    },
  },
  {
    name: 'A health check is taken away where the cloud can, and else the wish is refused and nobody is asked',
    usually: 'Nothing is sent for nothing; or what is there stays and the caller believes it gone.',
    needs: on,
    async run(context) {
      const { check, links, link } = await made(context);
      const away = () => links.update(link.id, { healthCheck: 'none' });
      if (limitsOf(context).removable) {
        await away();
        assert.equal((await links.get(link.id)).healthCheck, undefined);
        return;
      }
      await refusedUnasked(context, away, 'Unsupported', 'InvalidArgument');
      assert.deepEqual((await links.get(link.id)).healthCheck, check);
    },
  },
  {
    name: 'A health check beyond its limits is InvalidArgument, and nobody is asked',
    usually: 'The limits of the capabilities are not the cloud’s.',
    needs: on,
    async run(context) {
      const site = await context.network(A0);
      const asked = await linkRequest(context, site);
      const check = checkFor(context, site, asked, 1);
      const { links } = await context.provider(A0);
      const { source, intervalMs, failures } = limitsOf(context);
      for (const healthCheck of [
        { ...check, intervalMs: intervalMs.max + intervalMs.step },
        { ...check, intervalMs: intervalMs.min - 1 },
        { ...check, failures: failures.max + 1 },
        { ...check, failures: failures.min - 1 },
        { ...check, source: '10.0.0' },
        ...(source === 'required' ? [{ target: asked.customerIp }] : []),
      ]) {
        await refusedUnasked(context, () => links.create({ ...asked, healthCheck }), 'InvalidArgument');
      }
    },
  },
  {
    name: 'A listing shows the health checks that its caller needs',
    usually: 'Only a reading by itself shows them, and a listing asks for none.',
    needs: on,
    async run(context) {
      const { site, check, links, link } = await made(context);
      const listed: Link[] = [];
      for await (const one of links.list({ network: site.id, probed: () => true })) listed.push(one);
      assert.deepEqual(only(listed, ({ id }) => id === link.id, 'the link').healthCheck, check);
    },
  },
  {
    name: 'Without the right for it, changing a health check is PermissionDenied, and nothing is done',
    usually: 'The refusal is taken for "no health check there".',
    needs: [...on, needs.fault('denied')],
    async run(context) {
      const { site, asked, check, links, link } = await made(context);
      await context.world.inject?.({ kind: 'denied', on: 'write', times: Infinity });
      const change = links.update(link.id, { healthCheck: checkFor(context, site, asked, 2) });
      assert.ok(isPeerwayError(await refused(change, 'PermissionDenied')));
      await context.world.clearFaults?.();
      assert.deepEqual((await links.get(link.id)).healthCheck, check);
    },
  },
];
