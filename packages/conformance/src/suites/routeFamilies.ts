/** IPv6 beside IPv4, and tables beside the main one. Part of the routes suite. */
import assert from 'node:assert/strict';
import type { Cidr, Route } from '@peerway/core';
import { needs, type Case } from '../case.js';
import { only, refusedUnasked } from '../expectations.js';
import { A0, type CaseContext, type Site } from '../caseContext.js';
import { codes, joined, toward } from './joined.js';

const explicit = needs.route('explicit');
const ipv6 = [explicit, needs.route('ipv6'), needs.peering('ipv6'), needs.offer('ipv6Networks')];

const shown = ({ destination, nextHop, state, origin, table, network }: Route) => ({
  destination,
  nextHop,
  state,
  origin,
  table,
  network,
});

const custom = async (context: CaseContext, site: Site): Promise<readonly Cidr[]> =>
  (await context.routesOf(site))
    .filter((one) => one.origin === 'custom')
    .map((one) => one.destination as Cidr)
    .sort();

const tableCases: readonly Case[] = [
  {
    name: 'A table of its own making is shown beside the main one, which stays the first',
    usually: 'Only the main table is shown, or the first of the answer is taken for the main one.',
    needs: [needs.route('customTables'), needs.offer('addTable')],
    async run(context) {
      const site = await context.network(A0);
      const { routes } = await context.provider(A0);
      const shownTables = async () =>
        (await routes.tables(site.id)).map(({ id, kind, network }) => ({ id, kind, network }));
      // an account that other cases have used may hold tables already
      const before = await shownTables();
      const added = await context.world.addTable?.(A0, site.id);
      const [first, ...rest] = await shownTables();
      assert.deepEqual(first, { id: before[0]?.id, kind: 'main', network: site.id });
      assert.deepEqual(
        new Map(rest.map((table) => [table.id, table])),
        new Map(
          [...before.slice(1), { id: added, kind: 'custom', network: site.id }].map((table) => [table.id, table]),
        ),
      );
    },
  },
  {
    name: 'A route stands in the table that was named, and in no other',
    usually: 'The table is not sent, and the cloud takes the main one.',
    needs: [explicit, needs.route('customTables'), needs.offer('addTable')],
    async run(context) {
      const both = await joined(context);
      await context.world.addTable?.(A0, both.from.id);
      const { routes } = await context.provider(A0);
      const tables = (await routes.tables(both.from.id)).map(({ id }) => id);
      const destinations = tables.map(() => context.unusedDestination());
      const shared = context.unusedDestination();
      for (const [at, table] of tables.entries()) {
        const own = destinations[at] ?? shared;
        await routes.createMany([own, shared].map((destination) => ({ ...toward(both, destination), table })));
      }
      const written = async (): Promise<readonly (readonly string[])[]> => {
        const found: string[][] = [];
        for (const table of tables) {
          const inTable: string[] = [];
          for await (const one of routes.list(both.from.id, table)) {
            assert.equal(one.table, table);
            if (one.origin === 'custom') inTable.push(one.destination);
          }
          found.push(inTable.sort());
        }
        return found;
      };
      assert.deepEqual(
        await written(),
        destinations.map((own) => [own, shared].sort()),
      );
      const inMain = only(await context.routesOf(both.from), (one) => one.destination === shared, 'the shared one');
      await routes.delete(inMain);
      assert.deepEqual(
        await written(),
        destinations.map((own, at) => (at === 0 ? [own] : [own, shared].sort())),
      );
    },
  },
];

export const familyCases: readonly Case[] = [
  {
    name: 'An IPv6 route is written, listed as it was written, and removed',
    usually: 'The destination is sent in the field for IPv4, or only IPv4 routes are listed.',
    needs: ipv6,
    async run(context) {
      const both = await joined(context, 'IPv6');
      const destination = context.unusedCidr6();
      const { routes } = await context.provider(A0);
      await routes.create(toward(both, destination));
      const written = only(await context.routesOf(both.from), (one) => one.destination === destination, 'the route');
      assert.deepEqual(shown(written), {
        destination,
        nextHop: both.hop,
        state: 'active',
        origin: 'custom',
        table: both.table,
        network: both.from.id,
      });
      await routes.delete(written);
      assert.deepEqual(await custom(context, both.from), []);
    },
  },
  {
    name: 'IPv6 and IPv4 routes are written and removed in one batch',
    usually: 'The family is taken from the first item, or IPv6 is left to single creations.',
    needs: ipv6,
    async run(context) {
      const both = await joined(context, 'IPv6');
      const destinations = [
        context.unusedDestination(),
        context.unusedCidr6(),
        context.unusedDestination(),
        context.unusedCidr6(),
      ];
      const { routes } = await context.provider(A0);
      const outcomes = await routes.createMany(destinations.map((one) => toward(both, one)));
      assert.deepEqual(codes(outcomes), ['ok', 'ok', 'ok', 'ok']);
      assert.deepEqual(await custom(context, both.from), [...destinations].sort());
      const ours = (await context.routesOf(both.from)).filter((one) => one.origin === 'custom');
      assert.deepEqual(codes(await routes.deleteMany(ours)), ['ok', 'ok', 'ok', 'ok']);
      assert.deepEqual(await custom(context, both.from), []);
    },
  },
  {
    name: 'An IPv6 destination may stand in a table once',
    usually: 'The refusal of a second IPv6 route has another code than that of IPv4.',
    needs: ipv6,
    async run(context) {
      const both = await joined(context, 'IPv6');
      const destination = context.unusedCidr6();
      const { routes } = await context.provider(A0);
      await routes.create(toward(both, destination));
      assert.deepEqual(codes(await routes.createMany([toward(both, destination)])), ['AlreadyExists']);
    },
  },
  {
    name: 'An IPv6 route where routes are IPv4 only is refused, and nobody is asked',
    usually: 'The declaration says no, and the driver tries all the same.',
    needs: [explicit, needs.noRoute('ipv6')],
    async run(context) {
      const both = await joined(context);
      const { routes } = await context.provider(A0);
      const wanted = toward(both, context.unusedCidr6());
      await refusedUnasked(context, () => routes.create(wanted), 'Unsupported');
      await refusedUnasked(context, () => routes.createMany([wanted]), 'Unsupported');
    },
  },
  ...tableCases,
];
