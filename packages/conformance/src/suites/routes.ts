/** Routes: written on either side, in batches, read back truthfully; and clouds that write them by themselves. */
import assert from 'node:assert/strict';
import { networkId, parseCidr, routeTableId, type Cidr } from '@peerway/core';
import { needs, type Suite } from '../case.js';
import { only, present, refused, refusedUnasked } from '../expectations.js';
import { A0, B0 } from '../caseContext.js';
import { unusedIdLike } from '../draw.js';
import { codes, joined, toward } from './joined.js';
import { batchCases } from './routeBatches.js';
import { familyCases } from './routeFamilies.js';
import { hopCases } from './routeHops.js';
import { namingCases } from './routeNaming.js';
import { tableCases } from './routeTables.js';

const explicit = needs.route('explicit');

/** The first half of an IPv4 prefix: as narrow a source inside the network as any cloud takes. */
const half = (cidr: Cidr): Cidr => {
  const [address = '', length = ''] = cidr.split('/');
  return parseCidr(`${address}/${Number(length) + 1}`);
};

export const routes: Suite = {
  topic: 'routes',
  about: 'a peering carries nothing until both networks have routes: they are written, read, batched and removed',
  cases: [
    {
      name: 'A network has route tables, the main one first',
      usually: 'tables are in the order of the cloud, or belong to another network.',
      async run(context) {
        const site = await context.network(A0);
        const tables = await (await context.provider(A0)).routes.tables(site.id);
        assert.equal(tables[0]?.kind, 'main');
        for (const table of tables) assert.equal(table.network, site.id);
        assert.equal(tables.filter((table) => table.kind === 'main').length, 1);
      },
    },
    {
      name: 'The tables of a network that does not exist are NotFound',
      usually: 'An empty list was returned: an absent network and one without tables are not the same.',
      async run(context) {
        const site = await context.network(A0);
        await refused((await context.provider(A0)).routes.tables(networkId(unusedIdLike(site.id))), 'NotFound');
      },
    },
    {
      name: 'A route is written and read back active',
      usually: 'The next hop is not what the cloud wants, or the state of a fresh route is mapped wrongly.',
      needs: [explicit],
      async run(context) {
        const both = await joined(context);
        await (await context.provider(A0)).routes.create(toward(both, both.to.cidrs[0]));
        const route = only(
          await context.routesOf(both.from),
          (one) => one.destination === both.to.cidrs[0],
          'the route',
        );
        assert.deepEqual([route.state, route.origin, route.nextHop], ['active', 'custom', both.hop]);
        assert.deepEqual([route.table, route.network], [both.table, both.from.id]);
      },
    },
    {
      name: 'The acceptor’s side is routed by what the acceptor’s end points at',
      usually: 'Both sides are given the initiator’s next hop.',
      needs: [explicit],
      async run(context) {
        const both = await joined(context);
        const hop = present((await context.read(A0, both.id, 'acceptor')).acceptor.nextHop, 'acceptor.nextHop');
        const table = (await context.mainTable(both.to)).id;
        const { routes } = await context.provider(A0);
        await routes.create({ network: both.to.id, table, destination: both.from.cidrs[0], nextHop: hop });
        const route = only(
          await context.routesOf(both.to),
          (one) => one.destination === both.from.cidrs[0],
          'the route',
        );
        assert.deepEqual([route.state, route.nextHop], ['active', hop]);
      },
    },
    {
      name: 'A destination may stand in a table once',
      usually: 'create overwrites what is there, whoever made it.',
      needs: [explicit],
      async run(context) {
        const both = await joined(context);
        const { routes } = await context.provider(A0);
        await routes.create(toward(both, both.to.cidrs[0]));
        await refused(routes.create(toward(both, both.to.cidrs[0])), 'AlreadyExists');
        only(await context.routesOf(both.from), (one) => one.destination === both.to.cidrs[0], 'the route');
      },
    },
    {
      name: 'A foreign route to the same destination is not taken over',
      usually: 'create adopts or replaces a route that somebody else wrote.',
      needs: [explicit, needs.offer('plantForeignRoute')],
      async run(context) {
        const both = await joined(context);
        const destination = context.unusedDestination();
        await context.world.plantForeignRoute?.(A0, both.from.id, destination);
        const before = only(
          await context.routesOf(both.from),
          (one) => one.destination === destination,
          'the foreign route',
        );
        await refused((await context.provider(A0)).routes.create(toward(both, destination)), 'AlreadyExists');
        const after = only(
          await context.routesOf(both.from),
          (one) => one.destination === destination,
          'the foreign route',
        );
        assert.deepEqual(after, before);
      },
    },
    {
      name: 'The same destination may stand in the tables of two networks',
      usually: 'Uniqueness is checked over everything and not in one table.',
      needs: [explicit, needs.offer('addNetwork')],
      async run(context) {
        const [one, two] = [await joined(context), await joined(context)];
        const destination = context.unusedDestination();
        const { routes } = await context.provider(A0);
        await routes.create(toward(one, destination));
        await routes.create(toward(two, destination));
      },
    },
    {
      name: 'A wider and a narrower destination stand side by side',
      usually: 'Routes are compared by overlap where equality is meant.',
      needs: [explicit],
      async run(context) {
        const both = await joined(context);
        const { routes } = await context.provider(A0);
        const [wide, narrow] = [parseCidr('192.168.0.0/16'), parseCidr('192.168.7.0/24')];
        await routes.createMany([toward(both, wide), toward(both, narrow)]);
        await routes.delete(only(await context.routesOf(both.from), (one) => one.destination === wide, 'the wide one'));
        const left = (await context.routesOf(both.from)).map((one) => one.destination);
        assert.deepEqual([left.includes(wide), left.includes(narrow)], [false, true]);
      },
    },
    {
      name: 'A single address is a destination like any other',
      usually: 'The length /32 is dropped or added.',
      needs: [explicit],
      async run(context) {
        const both = await joined(context);
        const destination = parseCidr('192.168.77.7/32');
        await (await context.provider(A0)).routes.create(toward(both, destination));
        only(await context.routesOf(both.from), (one) => one.destination === destination, 'the route');
      },
    },
    {
      name: 'A description is kept',
      usually: 'It is not sent, or read from another field.',
      needs: [explicit, needs.route('description')],
      async run(context) {
        const both = await joined(context);
        const destination = context.unusedDestination();
        const description = 'peerway stack=kit connection=one';
        await (await context.provider(A0)).routes.create({ ...toward(both, destination), description });
        const route = only(await context.routesOf(both.from), (one) => one.destination === destination, 'the route');
        assert.equal(route.description, description);
      },
    },
    {
      name: 'The description of a route can be changed, and nothing else changes',
      usually: 'The route is made anew, or its next hop is sent along and lost.',
      needs: [explicit, needs.route('description'), needs.route('relabel')],
      async run(context) {
        const both = await joined(context);
        const destination = context.unusedDestination();
        const { routes } = await context.provider(A0);
        await routes.create({ ...toward(both, destination), description: 'first' });
        const read = async () =>
          only(await context.routesOf(both.from), (one) => one.destination === destination, 'the route');
        const before = await read();
        await routes.describe(before, 'second');
        await context.world.advance?.(60_000);
        assert.deepEqual(await read(), { ...before, description: 'second' });
      },
    },
    {
      name: 'The description of a route cannot be changed where the cloud does not let it, and nobody is asked',
      usually: 'The declaration says no, and the driver tries all the same.',
      needs: [explicit, needs.noRoute('relabel')],
      async run(context) {
        const both = await joined(context);
        const { routes } = await context.provider(A0);
        await routes.create(toward(both, both.to.cidrs[0]));
        const [route] = await context.routesOf(both.from);
        await refusedUnasked(context, () => routes.describe(present(route, 'a route'), 'second'), 'Unsupported');
      },
    },
    {
      name: 'A description that the cloud cannot keep is dropped, not refused',
      usually: 'The driver sends a field that the cloud does not know.',
      needs: [explicit, needs.noRoute('description')],
      async run(context) {
        const both = await joined(context);
        const destination = context.unusedDestination();
        await (await context.provider(A0)).routes.create({ ...toward(both, destination), description: 'dropped' });
        only(await context.routesOf(both.from), (one) => one.destination === destination, 'the route');
      },
    },
    {
      name: 'Two sources to one destination are two routes',
      usually: 'The source is forgotten in what makes a route the same.',
      needs: [explicit, needs.route('source')],
      async run(context) {
        const both = await joined(context);
        const destination = context.unusedDestination();
        const { routes } = await context.provider(A0);
        await context.world.readySources?.(A0, both.from.id);
        const sources = [both.from.cidrs[0], half(both.from.cidrs[0])];
        const written = await routes.createMany(sources.map((source) => ({ ...toward(both, destination), source })));
        assert.deepEqual(codes(written), ['ok', 'ok']);
        const found = (await context.routesOf(both.from)).filter((one) => one.destination === destination);
        assert.deepEqual(new Set(found.map((one) => one.source)), new Set(sources));
        // by its table, destination and source, as one whose id is not at hand
        const { id: _, ...named } = only(found, (one) => one.source === sources[1], 'the second');
        await routes.delete(named);
        const left = (await context.routesOf(both.from)).filter((one) => one.destination === destination);
        assert.deepEqual(
          left.map((one) => one.source),
          [sources[0]],
        );
        await routes.delete(only(left, (one) => one.source === sources[0], 'the first'));
      },
    },
    {
      name: 'A route is removed',
      usually: 'delete names the route by something that the cloud does not look at.',
      needs: [explicit],
      async run(context) {
        const both = await joined(context);
        const { routes } = await context.provider(A0);
        await routes.create(toward(both, both.to.cidrs[0]));
        await routes.delete(
          only(await context.routesOf(both.from), (one) => one.destination === both.to.cidrs[0], 'it'),
        );
        assert.ok(!(await context.routesOf(both.from)).some((one) => one.destination === both.to.cidrs[0]));
      },
    },
    {
      name: 'Removing a route leaves the others',
      usually: 'delete removes by next hop or table.',
      needs: [explicit],
      async run(context) {
        const both = await joined(context);
        const { routes } = await context.provider(A0);
        const [one, two] = [context.unusedDestination(), context.unusedDestination()];
        await routes.createMany([toward(both, one), toward(both, two)]);
        await routes.delete(only(await context.routesOf(both.from), (route) => route.destination === one, 'it'));
        const left = (await context.routesOf(both.from)).map((route) => route.destination);
        assert.deepEqual([left.includes(one), left.includes(two)], [false, true]);
      },
    },
    {
      name: 'Removing a route twice is success, and the driver says NotFound',
      usually: 'The missing route is reported as something else, or swallowed in the driver.',
      needs: [explicit],
      async run(context) {
        const both = await joined(context);
        const { routes } = await context.provider(A0);
        await routes.create(toward(both, both.to.cidrs[0]));
        const route = only(await context.routesOf(both.from), (one) => one.destination === both.to.cidrs[0], 'it');
        await routes.delete(route);
        await routes.delete(route);
        await refused((await context.driver(A0)).routes.delete(route, context.call()), 'NotFound');
      },
    },
    {
      name: 'A removed route can be written again',
      usually: 'delete returned before the cloud was done.',
      needs: [explicit],
      async run(context) {
        const both = await joined(context);
        const { routes } = await context.provider(A0);
        for (let round = 0; round < 2; round++) {
          await routes.create(toward(both, both.to.cidrs[0]));
          await routes.delete(
            only(await context.routesOf(both.from), (one) => one.destination === both.to.cidrs[0], 'it'),
          );
        }
      },
    },
    ...batchCases,
    ...familyCases,
    ...namingCases,
    ...tableCases,
    ...hopCases,
    {
      name: 'The cloud’s own routes are not ours to remove',
      usually: 'System routes are shown as custom, or the refusal is swallowed.',
      needs: [explicit],
      async run(context) {
        const site = await context.network(A0);
        const own = (await context.routesOf(site)).filter((route) => route.origin === 'system');
        const [system] = own;
        if (system === undefined) return;
        await refused((await context.provider(A0)).routes.delete(system), 'PermissionDenied');
        only(await context.routesOf(site), (route) => route.destination === system.destination, 'the system route');
      },
    },
    {
      name: 'A fresh network shows no custom route',
      usually: 'The origin of the cloud’s own routes is mapped to custom: destroying would remove them.',
      async run(context) {
        const site = await context.network(A0);
        assert.deepEqual(
          (await context.routesOf(site)).filter((route) => route.origin === 'custom'),
          [],
        );
      },
    },
    {
      name: 'A foreign route is shown as it is, and stays when ours are removed',
      usually: 'list hides or renames what it did not make.',
      needs: [explicit, needs.offer('plantForeignRoute')],
      async run(context) {
        const both = await joined(context);
        const destination = context.unusedDestination();
        await context.world.plantForeignRoute?.(A0, both.from.id, destination);
        const { routes } = await context.provider(A0);
        await routes.create(toward(both, both.to.cidrs[0]));
        await routes.delete(
          only(await context.routesOf(both.from), (one) => one.destination === both.to.cidrs[0], 'ours'),
        );
        const foreign = only(
          await context.routesOf(both.from),
          (one) => one.destination === destination,
          'the foreign route',
        );
        assert.equal(foreign.origin, 'custom');
        assert.notEqual(foreign.nextHop.id, both.hop.id);
      },
    },
    {
      name: 'A route removed behind our back is noticed',
      usually: 'list answers from what was written and not from the cloud.',
      needs: [explicit, needs.offer('removeRoute')],
      async run(context) {
        const both = await joined(context);
        await (await context.provider(A0)).routes.create(toward(both, both.to.cidrs[0]));
        await context.world.removeRoute?.(A0, both.from.id, both.to.cidrs[0]);
        assert.ok(!(await context.routesOf(both.from)).some((one) => one.destination === both.to.cidrs[0]));
      },
    },
    {
      name: 'A route to a next hop that does not exist is refused, or shown as dead',
      usually: 'The cloud takes it and the driver calls it active.',
      needs: [explicit],
      async run(context) {
        const both = await joined(context);
        const request = {
          ...toward(both, context.unusedDestination()),
          nextHop: { ...both.hop, id: unusedIdLike(both.hop.id) },
        };
        const { routes } = await context.provider(A0);
        const [outcome] = await routes.createMany([request]);
        const route = (await context.routesOf(both.from)).find((one) => one.destination === request.destination);
        if (outcome?.ok === true) assert.equal(route?.state, 'blackhole');
        else assert.equal(route, undefined);
      },
    },
    {
      name: 'A route in a table that does not exist is refused',
      usually: 'The table is ignored and the main one used.',
      needs: [explicit],
      async run(context) {
        const both = await joined(context);
        const destination = context.unusedDestination();
        const request = { ...toward(both, destination), table: routeTableId(unusedIdLike(both.table)) };
        const [outcome] = await (await context.provider(A0)).routes.createMany([request], { wait: false });
        assert.equal(outcome?.ok, false);
        assert.ok(!(await context.routesOf(both.from)).some((one) => one.destination === destination));
      },
    },
    {
      name: 'Somebody else’s table is not read',
      usually: 'The account is taken from the request and not from the credentials.',
      needs: [needs.peering('crossAccount')],
      async run(context) {
        const theirs = await context.network(B0);
        await refused((await context.provider(A0)).routes.tables(theirs.id), 'NotFound', 'PermissionDenied');
      },
    },
    {
      name: 'Reading a table twice gives the same routes with the same ids',
      usually: 'Ids are made up while reading.',
      needs: [explicit],
      async run(context) {
        const both = await joined(context);
        await (await context.provider(A0)).routes.create(toward(both, both.to.cidrs[0]));
        assert.deepEqual(await context.routesOf(both.from), await context.routesOf(both.from));
      },
    },
    {
      name: 'Where the cloud exchanges routes by itself, writing one is refused and nobody is asked',
      usually: 'The capability route.explicit is not what the driver does.',
      needs: [needs.noRoute('explicit')],
      async run(context) {
        const site = await context.network(A0);
        const { id: table } = await context.mainTable(site);
        const { routes } = await context.provider(A0);
        const request = {
          network: site.id,
          table,
          destination: context.unusedDestination(),
          nextHop: { kind: 'other', id: 'x' },
        } as const;
        await refusedUnasked(context, () => routes.create(request), 'Unsupported');
      },
    },
    {
      name: 'Where the cloud exchanges routes by itself, they are there once the peering is active',
      usually: 'list leaves out routes that the cloud made: show them as propagated.',
      needs: [needs.noRoute('explicit')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(A0)];
        const { id } = await context.connect(from, to);
        const route = only(await context.routesOf(from), (one) => one.destination === to.cidrs[0], 'the route');
        assert.deepEqual([route.state, route.origin, route.nextHop.kind], ['active', 'propagated', 'peering']);
        only(await context.routesOf(to), (one) => one.destination === from.cidrs[0], 'the way back');
        await context.disconnect(id, A0, A0);
        assert.ok(
          !(await context.routesOf(from)).some((one) => one.destination === to.cidrs[0] && one.state === 'active'),
        );
      },
    },
  ],
};
