/** Routes read by one who knows what they point at, or does not ask whether it is alive. Part of the routes suite. */
import assert from 'node:assert/strict';
import type { KnownHops, Route } from '@peerway/core';
import { needs, type Case } from '../case.js';
import { only, present } from '../expectations.js';
import { A0, type CaseContext } from '../caseContext.js';
import { linkRequest } from './linkRequest.js';
import { joined, toward } from './joined.js';

/** A network with a route over a peering, one over a line where there are lines, and one of somebody else's where that can be had. */
async function routed(context: CaseContext) {
  const both = await joined(context);
  const { routes, links } = await context.provider(A0);
  const hops = [both.hop];
  await routes.create(toward(both, both.to.cidrs[0]));
  if (context.facts.capabilities.links.features.link.status === 'supported' && context.offers('port')) {
    const { id } = await links.create(await linkRequest(context, both.from));
    const nextHop = present((await links.get(id)).nextHop, 'nextHop');
    hops.push(nextHop);
    await routes.create({
      network: both.from.id,
      table: both.table,
      destination: context.unusedDestination(),
      nextHop,
    });
  }
  if (context.offers('plantForeignRoute'))
    await context.world.plantForeignRoute?.(A0, both.from.id, context.unusedDestination());
  const list = async (known?: KnownHops): Promise<readonly Route[]> => {
    const found: Route[] = [];
    const how = known === undefined ? {} : { hops: known };
    for await (const route of routes.list(both.from.id, both.table, how)) found.push(route);
    return found;
  };
  return { both, hops, list };
}

const knowing = (hops: readonly { readonly kind: string; readonly id: string }[], live: boolean): KnownHops =>
  new Map(hops.map(({ kind, id }) => [id, { kind: kind === 'link' ? 'link' : 'peering', live } as const]));

/** All but what may be wrong for one who does not ask. */
const looked = (routes: readonly Route[]): unknown =>
  routes.map(({ state: _, nextHop, ...rest }) => ({ ...rest, hop: nextHop.id }));

export const knownHopCases: readonly Case[] = [
  {
    name: 'Routes are the same to one who knows the next hops, and there for one who does not ask whether they are alive',
    usually: 'What the caller knows replaces what the driver would have read, also where it says nothing of a hop.',
    needs: [needs.route('explicit')],
    async run(context) {
      const { hops, list } = await routed(context);
      const seen = await list();
      assert.deepEqual(await list(knowing(hops, true)), seen);
      assert.deepEqual(await list(knowing(hops.slice(0, 1), true)), seen);
      assert.deepEqual(looked(await list('irrelevant')), looked(seen));
    },
  },
  {
    name: 'Where the cloud does not say whether a route is alive, one who knows that its next hop is dead sees it so',
    usually: 'Whether a known hop is alive is not looked at.',
    needs: [
      needs.route('explicit'),
      needs.that(({ harness }) => harness.words?.route === undefined, 'the cloud says whether a route is alive'),
    ],
    async run(context) {
      const { hops, list } = await routed(context);
      for (const { id } of hops) {
        const routes = await list(knowing(hops, false));
        assert.equal(only(routes, ({ nextHop }) => nextHop.id === id, 'the route').state, 'blackhole');
      }
    },
  },
];
