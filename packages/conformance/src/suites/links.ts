/** Dedicated lines: a border router on a port, attached to a network. Clouds differ in steps, not in what is seen. */
import assert from 'node:assert/strict';
import { isPeerwayError, linkId, networkId, portId, type Link, type LinkRequest } from '@peerway/core';
import { needs, type Suite } from '../case.js';
import { only, present, refused, refusedUnasked } from '../expectations.js';
import { A0, type CaseContext, type Site } from '../caseContext.js';
import { unusedIdLike } from '../draw.js';
import { brokenOffLinks } from './brokenOff.js';
import { distortedLinks } from './distortions.js';
import { linkChanges } from './linkChanges.js';
import { detachedLinks } from './linkDetached.js';
import { linkHealth } from './linkHealth.js';
import { linkReadingCases } from './linkReadings.js';
import { linkRequest } from './linkRequest.js';
import { linksAcross } from './linksAcross.js';
import { linkSettings } from './settings.js';
import { linkInStates } from './verbsInStates.js';
import { wholeLinks } from './wholeReadings.js';

async function made(
  context: CaseContext,
): Promise<{ readonly site: Site; readonly link: Link; readonly asked: LinkRequest }> {
  const site = await context.network(A0);
  const asked = await linkRequest(context, site);
  return { site, asked, link: await (await context.provider(A0)).links.create(asked) };
}

const on = [needs.link('link'), needs.offer('port')];

/** The cloud is still at what was asked before. */
const mayBeBusy = (thrown: unknown): void => {
  if (!isPeerwayError(thrown, 'Conflict') && !isPeerwayError(thrown, 'FailedPrecondition')) throw thrown;
};

export const links: Suite = {
  topic: 'links',
  about: 'a dedicated line is brought to a network, used as a next hop, changed in place, and removed',
  cases: [
    // many readings, so that there should be little to list
    ...distortedLinks,
    ...linkInStates,
    {
      name: 'A link becomes active',
      usually: 'A step of several is never taken: the reading must say `next: continue`.',
      needs: on,
      run: async (context) => assert.equal((await made(context)).link.state, 'active'),
    },
    {
      name: 'A reading of a link shows what was asked',
      usually: 'Cloud and customer address are swapped, or the prefix is lost.',
      needs: on,
      async run(context) {
        const { site, link, asked } = await made(context);
        const seen = await (await context.provider(A0)).links.get(link.id);
        assert.deepEqual(
          [seen.network, seen.port, seen.vlan, seen.name, seen.cloudIp, seen.customerIp],
          [site.id, asked.port, asked.vlan, asked.name, asked.cloudIp, asked.customerIp],
        );
        assert.deepEqual([seen.account, seen.region], [context.world.accounts.a, context.world.regions[0]]);
        assert.notEqual(seen.nativeState, '');
      },
    },
    {
      name: 'A new link is not called active before the cloud has made it',
      usually: 'A transitional word of the cloud is mapped to active.',
      needs: [...on, needs.offer('takesTime')],
      async run(context) {
        const site = await context.network(A0);
        const { links } = await context.provider(A0);
        const id = await links.request(await linkRequest(context, site));
        assert.notEqual((await links.find(id))?.state, 'active');
      },
    },
    {
      name: 'A link is listed by its network and by its port',
      usually: 'The filter is ignored, or shows links of other networks.',
      needs: on,
      async run(context) {
        const { site, link, asked } = await made(context);
        const other = await made(context);
        const { links } = await context.provider(A0);
        const list = async (query: Parameters<typeof links.list>[0]): Promise<string[]> => {
          const ids: string[] = [];
          for await (const one of links.list(query)) ids.push(one.id);
          return ids;
        };
        assert.deepEqual(await list({ network: site.id }), [link.id]);
        const onPort = await list({ port: asked.port });
        assert.ok(onPort.includes(link.id) && onPort.includes(other.link.id));
        assert.equal(new Set(onPort).size, onPort.length, 'A link was listed twice');
      },
    },
    {
      name: 'A VLAN of a port serves a network once',
      usually: 'The cloud’s refusal is not translated to AlreadyExists.',
      needs: on,
      async run(context) {
        const { asked } = await made(context);
        const again = { ...asked, name: context.uniqueName() };
        await refused((await context.provider(A0)).links.create(again), 'AlreadyExists');
      },
    },
    {
      name: 'A VLAN out of bounds is InvalidArgument, and nobody is asked',
      usually: 'limits.vlan is not the cloud’s.',
      needs: on,
      async run(context) {
        const site = await context.network(A0);
        const { max } = context.facts.capabilities.links.limits.vlan ?? { max: 4094 };
        const { links } = await context.provider(A0);
        const asked = await linkRequest(context, site);
        for (const wrong of [max + 1, -1, 1.5]) {
          await refusedUnasked(context, () => links.create({ ...asked, vlan: wrong }), 'InvalidArgument');
        }
      },
    },
    {
      name: 'An address that is none is InvalidArgument, and nobody is asked',
      usually: 'Addresses reach the cloud unchecked.',
      needs: on,
      async run(context) {
        const site = await context.network(A0);
        const { links } = await context.provider(A0);
        const asked = await linkRequest(context, site);
        await refusedUnasked(context, () => links.create({ ...asked, cloudIp: '10.255.0.1' }), 'InvalidArgument');
        await refusedUnasked(context, () => links.create({ ...asked, customerIp: '10.255.0' }), 'InvalidArgument');
      },
    },
    {
      name: 'A route in the network may point at the link',
      usually: 'The next hop of a link is not what the cloud’s routes want.',
      needs: [...on, needs.route('explicit')],
      async run(context) {
        const { site, link } = await made(context);
        const nextHop = present(link.nextHop, 'nextHop');
        assert.equal(nextHop.kind, 'link');
        const { id: table } = await context.mainTable(site);
        const destination = context.unusedDestination();
        const { routes } = await context.provider(A0);
        await routes.create({ network: site.id, table, destination, nextHop });
        const route = only(await context.routesOf(site), (one) => one.destination === destination, 'the route');
        assert.deepEqual([route.state, route.nextHop], ['active', nextHop]);
        await routes.delete(route);
      },
    },
    {
      name: 'Where the line has a table of its own, a link says what its routes point at',
      usually: 'edge is missing: the network could be reached from nowhere.',
      needs: [...on, needs.link('edgeRoutes')],
      async run(context) {
        const { link } = await made(context);
        const edge = present(link.edge, 'edge');
        present(edge.towardNetwork, 'edge.towardNetwork');
        present(edge.towardCustomer, 'edge.towardCustomer');
      },
    },
    {
      name: 'A description of a link is kept',
      usually: 'It is not sent, or read from another field.',
      needs: [...on, needs.link('description')],
      async run(context) {
        const site = await context.network(A0);
        const { links } = await context.provider(A0);
        const { id } = await links.create(await linkRequest(context, site, { description: 'made by the kit' }));
        assert.equal((await links.get(id)).description, 'made by the kit');
      },
    },
    {
      name: 'A bandwidth of a link is shown in megabits per second',
      usually: 'Wrong unit, or a number as text.',
      needs: [...on, needs.link('bandwidth')],
      async run(context) {
        const site = await context.network(A0);
        const { min, allowed } = context.facts.capabilities.links.limits.bandwidthMbps ?? {
          min: 10,
          allowed: undefined,
        };
        const bandwidthMbps = allowed?.at(-1) ?? Math.max(min, 10) + 27; // none that a driver takes by itself
        const { links } = await context.provider(A0);
        const { id } = await links.create(await linkRequest(context, site, { bandwidthMbps }));
        assert.equal((await links.get(id)).bandwidthMbps, bandwidthMbps);
      },
    },
    {
      name: 'Tags of a link are kept',
      usually: 'They are not sent, or read from another place.',
      needs: [...on, needs.link('tags')],
      async run(context) {
        const site = await context.network(A0);
        const { links } = await context.provider(A0);
        const { id } = await links.create(await linkRequest(context, site, { tags: { 'peerway.stack': 'kit' } }));
        assert.equal((await links.get(id)).tags['peerway.stack'], 'kit');
      },
    },
    {
      name: 'A link is suspended and resumed',
      usually: 'resume sends the same as suspend, or the word in between is not in the table.',
      needs: [...on, needs.link('suspend')],
      async run(context) {
        const { link } = await made(context);
        const { links } = await context.provider(A0);
        await links.suspend(link.id);
        assert.equal((await links.get(link.id)).state, 'inactive');
        await links.resume(link.id);
        assert.equal((await links.get(link.id)).state, 'active');
      },
    },
    {
      name: 'A deleted link is gone, its VLAN is free, and deleting it again is success',
      usually: 'delete returned before the cloud was done, or a half of the link stays.',
      needs: on,
      async run(context) {
        const { site, link, asked } = await made(context);
        const { links } = await context.provider(A0);
        await links.delete(link.id);
        assert.equal(await links.find(link.id), undefined);
        for await (const left of links.list({ network: site.id })) assert.fail(`${left.id} is left`);
        await links.delete(link.id);
        await links.create({ ...asked, name: context.uniqueName() });
      },
    },
    {
      name: 'A link that was only asked for is deleted, and asking again in the middle is no failure',
      usually: 'A half that does not stand yet, or that is leaving already, is refused as not deletable.',
      needs: on,
      async run(context) {
        const site = await context.network(A0);
        const { links } = await context.provider(A0);
        const id = await links.request(await linkRequest(context, site));
        await links.delete(id);
        assert.equal(await links.find(id), undefined);
        const { link } = await made(context);
        for (let time = 0; time < 2; time++) await links.requestDelete(link.id).catch(mayBeBusy);
        await links.delete(link.id);
        assert.equal(await links.find(link.id), undefined);
      },
    },
    {
      name: 'A listing of links by network and port wants both',
      usually: 'Only one of two filters is looked at.',
      needs: on,
      async run(context) {
        const { site, link, asked } = await made(context);
        const { links } = await context.provider(A0);
        const ids: string[] = [];
        for await (const one of links.list({ network: site.id, port: asked.port })) ids.push(one.id);
        assert.deepEqual(ids, [link.id]);
        const other = { network: site.id, port: portId(`${asked.port}0`) };
        for await (const one of links.list(other)) assert.fail(`${one.id} is on another port`);
      },
    },
    {
      name: 'A network that does not exist gets no link',
      usually: 'The line is made before the network is looked for, and is left behind.',
      needs: on,
      async run(context) {
        const site = await context.network(A0);
        const { links } = await context.provider(A0);
        const missing = { ...site, id: networkId(unusedIdLike(site.id)) };
        const made = links.create(await linkRequest(context, missing));
        await refused(made, 'NotFound', 'InvalidArgument', 'FailedPrecondition', 'PermissionDenied');
        for await (const one of links.list({ network: missing.id })) assert.fail(`${one.id} was made`);
      },
    },
    {
      name: 'A link that does not exist is NotFound',
      usually: 'The cloud’s way to say "not there" is not translated.',
      needs: on,
      async run(context) {
        const { link } = await made(context);
        const { links } = await context.provider(A0);
        await refused(links.get(linkId(unusedIdLike(link.id))), 'NotFound');
        await refused(
          present((await context.driver(A0)).links, 'links').delete(linkId(unusedIdLike(link.id)), context.call()),
          'NotFound',
        );
      },
    },
    {
      name: 'The same token gives the same link',
      usually: 'A new token is made inside the driver: a crash would leave two links.',
      needs: on,
      async run(context) {
        const site = await context.network(A0);
        const asked = await linkRequest(context, site, { clientToken: context.random.uuid() });
        const { links } = await context.provider(A0);
        const first = await links.request(asked);
        const second = await links.request(asked).catch(() => first); // where the VLAN is the token: AlreadyExists
        assert.equal(second, first);
        await links.settle(first, asked);
      },
    },
    {
      name: 'In a read-only provider, making a link is refused and nothing is sent that could change anything',
      usually: 'The driver sends a request without call.admit.',
      needs: on,
      async run(context) {
        const site = await context.network(A0);
        const { links } = (await context.provider(A0)).readOnly();
        const asked = await linkRequest(context, site);
        const { mutating } = await context.traffic(() => refused(links.create(asked), 'FailedPrecondition'));
        assert.equal(mutating.length, 0);
      },
    },
    ...wholeLinks,
    ...brokenOffLinks,
    ...linkChanges,
    ...linkHealth,
    linkSettings,
    ...linkReadingCases,
    ...detachedLinks,
    ...linksAcross,
  ],
};
