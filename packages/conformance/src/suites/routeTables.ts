/** What a table shows and how much it takes. Part of the routes suite. */
import assert from 'node:assert/strict';
import { needs, type Case } from '../case.js';
import { present } from '../expectations.js';
import { A0 } from '../caseContext.js';
import { codes, joined, toward } from './joined.js';

const explicit = needs.route('explicit');

export const tableCases: readonly Case[] = [
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
