/** The engine over the provider: what is declared is made, a second plan is empty, and what is not ours stays. */
import assert from 'node:assert/strict';
import { needs, type Suite } from '../case.js';
import type { EngineConnection, EnginePlan, EngineStack, Place } from '../harness.js';
import { only, present, unchanged } from '../expectations.js';
import { A0, A1, B0, type CaseContext, type Site } from '../caseContext.js';

interface Declared {
  readonly stack: EngineStack;
  readonly sites: readonly Site[];
}

/** A stack of fresh networks in the given places, named n0, n1 … */
async function declare(
  context: CaseContext,
  places: readonly Place[],
  shape: 'pair' | 'hub' | 'mesh' = 'pair',
): Promise<Declared> {
  const sites: Site[] = [];
  for (const place of places) sites.push(await context.network(place));
  const networks = new Map<string, { provider: Awaited<ReturnType<CaseContext['provider']>>; id: Site['id'] }>();
  for (const [at, site] of sites.entries())
    networks.set(`n${at}`, { provider: await context.provider(site.place), id: site.id });
  const names = [...networks.keys()];
  const common = {
    name: 'kit',
    peering: {
      mechanism: context.mechanism.name,
      ...(context.mechanism.bandwidth === 'required' ? { bandwidthMbps: context.bandwidths()[0] } : {}),
    },
    routes: context.facts.capabilities.routes.features.explicit.status === 'supported' ? 'auto' : 'none',
  } as const;
  const connection: EngineConnection =
    shape === 'pair'
      ? { ...common, kind: 'pair', between: ['n0', 'n1'] }
      : shape === 'hub'
        ? { ...common, kind: 'hub', hub: 'n0', spokes: names.slice(1) }
        : { ...common, kind: 'mesh', members: names };
  return { sites, stack: { name: context.uniqueName(), networks, connections: [connection], links: [] } };
}

async function plan(
  context: CaseContext,
  stack: EngineStack,
  mode: 'apply' | 'destroy' = 'apply',
): Promise<EnginePlan> {
  const planner = present(context.facts.harness.engine, 'the engine');
  return planner(stack, mode, { clock: context.world.clock });
}

async function applyStack(
  context: CaseContext,
  stack: EngineStack,
  mode: 'apply' | 'destroy' = 'apply',
): Promise<void> {
  const planned = await plan(context, stack, mode);
  assert.deepEqual(planned.errors, []);
  await planned.apply();
}

/** Applies, and requires the next plan to be empty and to have asked for nothing but readings. */
async function applied(context: CaseContext, declared: Declared): Promise<void> {
  await applyStack(context, declared.stack);
  const again = await context.traffic(() => plan(context, declared.stack));
  assert.deepEqual(again.value.steps, [], 'The plan after an apply must be empty');
  unchanged(again);
}

const on = [needs.engine];

export const engine: Suite = {
  topic: 'engine',
  about: 'apply, and the next plan is empty; destroy, and only ours is gone',
  cases: [
    {
      name: 'A plan changes nothing',
      usually: 'A reading verb writes.',
      needs: on,
      async run(context) {
        const { stack } = await declare(context, [A0, A0]);
        const traffic = await context.traffic(() => plan(context, stack));
        unchanged(traffic);
        assert.ok(traffic.value.steps.length > 0, 'Something was declared and nothing planned');
      },
    },
    {
      name: 'A connection is applied, and the next plan is empty',
      usually: 'What is read back differs from what was written: a name, a tag, a bandwidth, a prefix, a state.',
      needs: on,
      run: async (context) => applied(context, await declare(context, [A0, A0])),
    },
    {
      name: 'A second apply sends nothing that could change anything',
      usually: 'The plan is not empty after all, or apply writes without a step.',
      needs: on,
      async run(context) {
        const { stack } = await declare(context, [A0, A0]);
        await applyStack(context, stack);
        unchanged(await context.traffic(() => applyStack(context, stack)));
      },
    },
    {
      name: 'Both networks have their route after an apply',
      usually: 'The acceptor’s side shows no next hop.',
      needs: [...on, needs.route('explicit')],
      async run(context) {
        const { stack, sites } = await declare(context, [A0, A0]);
        await applyStack(context, stack);
        const [one, two] = [present(sites[0], 'n0'), present(sites[1], 'n1')];
        only(
          await context.routesOf(one),
          (route) => route.destination === two.cidrs[0] && route.state === 'active',
          'a route',
        );
        only(
          await context.routesOf(two),
          (route) => route.destination === one.cidrs[0] && route.state === 'active',
          'a route',
        );
      },
    },
    {
      name: 'A connection of two accounts is applied in one run',
      usually: 'The acceptor’s step is taken with the initiator’s keys.',
      needs: [...on, needs.peering('crossAccount')],
      run: async (context) => applied(context, await declare(context, [A0, B0])),
    },
    {
      name: 'A connection of two regions is applied in one run',
      usually: 'The other region is asked with the wrong driver.',
      needs: [...on, needs.peering('crossRegion')],
      run: async (context) => applied(context, await declare(context, [A0, A1])),
    },
    {
      name: 'A hub with three spokes is applied',
      usually: 'A peering is looked up by the hub alone: the second spoke gets the first one’s.',
      needs: [...on, needs.offer('addNetwork')],
      async run(context) {
        const declared = await declare(context, [A0, A0, A0, A0], 'hub');
        await applied(context, declared);
        assert.equal((await context.listed(A0, present(declared.sites[0], 'the hub').id)).length, 3);
      },
    },
    {
      name: 'A mesh of four is applied',
      usually: 'Creations that meet in one network are not reported as Conflict.',
      needs: [...on, needs.offer('addNetwork')],
      run: async (context) => applied(context, await declare(context, [A0, A0, A0, A0], 'mesh')),
    },
    {
      name: 'Destroying removes what an apply made, and the next plan to destroy is empty',
      usually: 'A route or a half of the peering is left.',
      needs: on,
      async run(context) {
        const { stack, sites } = await declare(context, [A0, A0]);
        await applyStack(context, stack);
        await applyStack(context, stack, 'destroy');
        for (const site of sites) {
          assert.deepEqual(await context.listed(A0, site.id), []);
          assert.deepEqual(
            (await context.routesOf(site)).filter((route) => route.origin === 'custom'),
            [],
          );
        }
        assert.deepEqual((await plan(context, stack, 'destroy')).steps, []);
      },
    },
    {
      name: 'Somebody else’s peering and route survive a destruction',
      usually: 'Ownership is not read, or lost on the way: tags are not listed, a description is not kept.',
      needs: [...on, needs.offer('plantForeignPeerings'), needs.offer('plantForeignRoute'), needs.route('explicit')],
      async run(context) {
        const { stack, sites } = await declare(context, [A0, A0]);
        const [site, other] = [present(sites[0], 'n0'), await context.network(A0)];
        const [foreign] = (await context.world.plantForeignPeerings?.(A0, [[site.id, other.id]])) ?? [];
        const destination = context.unusedDestination();
        await context.world.plantForeignRoute?.(A0, site.id, destination);
        await applyStack(context, stack);
        await applyStack(context, stack, 'destroy');
        only(await context.listed(A0, site.id), (peering) => peering.id === foreign, 'the foreign peering');
        only(await context.routesOf(site), (route) => route.destination === destination, 'the foreign route');
      },
    },
    {
      name: 'A route removed behind our back is planned again',
      usually: 'Routes are not read from the cloud.',
      needs: [...on, needs.offer('removeRoute'), needs.route('explicit')],
      async run(context) {
        const { stack, sites } = await declare(context, [A0, A0]);
        await applyStack(context, stack);
        const [one, two] = [present(sites[0], 'n0'), present(sites[1], 'n1')];
        await context.world.removeRoute?.(A0, one.id, two.cidrs[0]);
        assert.ok((await plan(context, stack)).steps.length > 0);
        await applyStack(context, stack);
        assert.deepEqual((await plan(context, stack)).steps, []);
      },
    },
    {
      name: 'A peering removed behind our back is made again, and its routes lead over the new one',
      usually: 'What is over is listed as alive, or a route that points at nothing is taken for the declared one.',
      needs: [...on, needs.offer('removePeering')],
      async run(context) {
        const { stack, sites } = await declare(context, [A0, A0]);
        await applyStack(context, stack);
        const one = present(sites[0], 'n0');
        const [before] = await context.listed(A0, one.id);
        await context.world.removePeering?.(A0, present(before, 'the peering').id);
        await applyStack(context, stack);
        await applyStack(context, stack);
        assert.deepEqual((await plan(context, stack)).steps, []);
        const alive = (await context.listed(A0, one.id)).filter(({ state }) => state === 'active');
        assert.equal(alive.length, 1);
        // where each side keeps its half, the pair itself is the id
        if (context.mechanism.handshake === 'shared') assert.notEqual(alive[0]?.id, before?.id);
      },
    },
    {
      name: 'After a peering was removed behind our back, destroying leaves no route of ours',
      usually: 'A route toward what is gone is nobody’s: it keeps no mark, and no tombstone or black hole is shown.',
      needs: [...on, needs.offer('removePeering'), needs.route('explicit')],
      async run(context) {
        const { stack, sites } = await declare(context, [A0, A0]);
        await applyStack(context, stack);
        const [before] = await context.listed(A0, present(sites[0], 'n0').id);
        await context.world.removePeering?.(A0, present(before, 'the peering').id);
        await applyStack(context, stack, 'destroy');
        for (const site of sites) {
          const left = (await context.routesOf(site)).filter(({ origin }) => origin === 'custom');
          assert.deepEqual(
            left.map(({ destination }) => destination),
            [],
          );
        }
        assert.deepEqual((await plan(context, stack, 'destroy')).steps, []);
      },
    },
    {
      name: 'An apply that loses an answer is finished by itself or by a second one, without a duplicate',
      usually: 'outcome unknown is not reported: the second run makes a second object.',
      needs: [...on, needs.fault('lostAnswer'), needs.offer('advance')],
      async run(context) {
        const { stack, sites } = await declare(context, [A0, A0]);
        const planned = await plan(context, stack);
        await context.world.inject?.({ kind: 'lostAnswer', on: 'write', times: 1 });
        await planned.apply().catch(() => undefined);
        await applyStack(context, stack);
        assert.equal((await context.listed(A0, present(sites[0], 'n0').id)).length, 1);
        assert.deepEqual((await plan(context, stack)).steps, []);
      },
    },
  ],
};
