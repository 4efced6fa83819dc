/** What a table shows and how much it takes. Part of the routes suite. */
import assert from 'node:assert/strict';
import { canonicalCidr } from '@peerway/core';
import { needs, type Case } from '../case.js';
import { only, present } from '../expectations.js';
import { A0 } from '../caseContext.js';
import { codes, joined, toward } from './joined.js';

const explicit = needs.route('explicit');

export const tableCases: readonly Case[] = [
  {
    name: 'More route tables than one page are all listed, each once, the main one first',
    usually: '`tables` answers its first page: it has no cursor, so that every page is read inside one call.',
    needs: [needs.offer('addTable'), needs.overflow('tables')],
    async run(context) {
      const site = await context.network(A0);
      const { routes } = await context.provider(A0);
      const ids = (await routes.tables(site.id)).map(({ id }) => id); // earlier cases may have made some
      const count = present(context.facts.harness.overflow?.tables, 'overflow.tables');
      while (ids.length < count) ids.push(present(await context.world.addTable?.(A0, site.id), 'a table'));
      const tables = await routes.tables(site.id);
      assert.deepEqual(tables.map(({ id }) => id).sort(), [...ids].sort());
      assert.equal(present(tables[0], 'a table').kind, 'main');
    },
  },
  {
    name: 'The tables of two networks are each their own',
    usually: 'The filter by network does not reach the cloud, or is met by what lies beside it.',
    async run(context) {
      const [one, two] = [await context.network(A0), await context.network(A0)];
      const { routes } = await context.provider(A0);
      const [ofOne, ofTwo] = [await routes.tables(one.id), await routes.tables(two.id)];
      for (const [site, tables] of [
        [one, ofOne],
        [two, ofTwo],
      ] as const)
        assert.deepEqual([...new Set(tables.map(({ network }) => network))], [site.id]);
      const ids = new Set(ofOne.map(({ id }) => id));
      assert.ok(ofTwo.every(({ id }) => !ids.has(id)));
    },
  },
  {
    name: 'A table says how many subnets use it',
    usually: 'Everything that is associated with the table is counted, or the subnets of another one.',
    needs: [needs.offer('addTable'), needs.offer('useTable')],
    async run(context) {
      const site = await context.network(A0);
      const tables = [
        present(await context.world.addTable?.(A0, site.id), 'a table'),
        present(await context.world.addTable?.(A0, site.id), 'another table'),
      ] as const;
      const { routes } = await context.provider(A0);
      const counts = async () => {
        const seen = await routes.tables(site.id);
        return tables.map((id) => only(seen, (table) => table.id === id, 'the table').subnets);
      };
      assert.deepEqual(await counts(), [0, 0]);
      const [address = ''] = site.cidrs[0].split('/');
      await context.world.useTable?.(A0, site.id, tables[1], canonicalCidr(`${address}/28`));
      assert.deepEqual(await counts(), [0, 1]);
      const next = address.replace(/\d+$/, (last) => String(Number(last) + 16));
      await context.world.useTable?.(A0, site.id, tables[1], canonicalCidr(`${next}/28`));
      assert.deepEqual(await counts(), [0, 2]);
    },
  },
  {
    name: 'The routes that come with a table are those that its listing shows',
    usually: 'One of the two is a page, a family or a kind of route short.',
    needs: [explicit],
    async run(context) {
      const both = await joined(context);
      const { routes } = await context.provider(A0);
      await routes.createMany([context.unusedDestination(), both.to.cidrs[0]].map((one) => toward(both, one)));
      const table = await context.mainTable(both.from);
      if (table.routes !== undefined) assert.deepEqual(table.routes, await context.routesOf(both.from));
    },
  },
  {
    name: 'Where the cloud refuses a route because the table is full, it is QuotaExceeded',
    usually: 'The code for a full table is not in the error table, or is taken for a wrong argument.',
    needs: [
      explicit,
      needs.that(({ capabilities }) => (capabilities.routes.limits.perTable ?? Infinity) <= 60, 'no small perTable'),
    ],
    async run(context) {
      const both = await joined(context);
      const count = present(context.facts.capabilities.routes.limits.perTable, 'perTable') + 1;
      const { routes } = await context.provider(A0);
      const written = await routes.createMany(
        Array.from({ length: count }, () => toward(both, context.unusedDestination())),
      );
      const refusals = new Set(codes(written));
      refusals.delete('ok');
      assert.ok(
        [...refusals].every((code) => code === 'QuotaExceeded'),
        [...refusals].join(' '),
      );
    },
  },
];
