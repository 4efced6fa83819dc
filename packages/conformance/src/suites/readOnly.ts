/** Reads never write: proved on the backend's log, and by a guard that every driver must announce its requests to. */
import assert from 'node:assert/strict';
import { peeringId, PEERING_SIDES, routeTableId, type Provider } from '@peerway/core';
import { needs, type Case, type Suite } from '../case.js';
import { present, refused, unchanged } from '../expectations.js';
import { A0, type CaseContext, type Site } from '../caseContext.js';
import { admissionCases } from './admission.js';
import { coldDriverCases } from './coldDriver.js';

interface Scene {
  readonly from: Site;
  readonly to: Site;
  readonly id: Awaited<ReturnType<CaseContext['connect']>>['id'];
  readonly frozen: Provider;
}

async function scene(context: CaseContext): Promise<Scene> {
  const [from, to] = [await context.network(A0), await context.network(A0)];
  const { id } = await context.connect(from, to);
  return { from, to, id, frozen: (await context.provider(A0)).readOnly() };
}

/** Every reading verb once. */
async function readAll(context: CaseContext, { from, id }: Scene, provider: Provider): Promise<void> {
  await provider.networks.get(from.id);
  for await (const _ of provider.networks.list()) break;
  for (const side of PEERING_SIDES) await provider.peerings.find(id, { side });
  for await (const _ of provider.peerings.list({ network: from.id })) continue;
  for (const table of await provider.routes.tables(from.id)) {
    for await (const _ of provider.routes.list(from.id, table.id)) continue;
  }
  if (context.facts.capabilities.links.features.link.status === 'supported') {
    for await (const _ of provider.links.list()) continue;
  }
}

/** Every kind of change that is supported, once. */
async function writeAll(context: CaseContext, { from, to, id }: Scene): Promise<void> {
  const { peerings, routes } = await context.provider(A0);
  const { mechanism, facts } = context;
  const how = { mechanism: mechanism.name };
  if (mechanism.features.name.status === 'supported') await peerings.update(id, { name: context.uniqueName() }, how);
  if (mechanism.features.retag.status === 'supported') await peerings.update(id, { setTags: { x: 'y' } }, how);
  if (facts.capabilities.routes.features.explicit.status !== 'supported') return;
  const nextHop = present((await peerings.get(id)).initiator.nextHop, 'initiator.nextHop');
  const { id: table } = await context.mainTable(from);
  const request = { network: from.id, table, nextHop };
  const destinations = [to.cidrs[0], context.unusedDestination(), context.unusedDestination()];
  await routes.create({ ...request, destination: context.unusedDestination() });
  await routes.createMany(destinations.map((destination) => ({ ...request, destination })));
  const written = (await context.routesOf(from)).filter((route) => route.nextHop.id === nextHop.id);
  await routes.delete(present(written.pop(), 'a route'));
  await routes.deleteMany(written);
}

/** A case: the verb is refused in a read-only provider, before the backend hears of it. */
const forbidden = (
  verb: string,
  attempt: (scene: Scene, context: CaseContext) => Promise<unknown>,
  ...wanted: NonNullable<Case['needs']>
): Case => ({
  name: `In a read-only provider, ${verb} is refused and nothing is sent that could change anything`,
  usually: 'The driver sends a request without call.admit, or marks it as not mutating.',
  needs: wanted,
  async run(context) {
    const at = await scene(context);
    const traffic = await context.traffic(() => refused(attempt(at, context), 'FailedPrecondition'));
    unchanged(traffic);
    assert.equal((await context.read(A0, at.id, 'initiator')).state, 'active');
  },
});

export const readOnly: Suite = {
  topic: 'readOnly',
  about: 'plan, status and graph only read: no reading verb may change the cloud, and a read-only provider cannot',
  cases: [
    {
      name: 'No reading verb sends anything that could change the cloud',
      usually: 'A read repairs, activates or tags what it finds.',
      async run(context) {
        const at = await scene(context);
        unchanged(await context.traffic(async () => readAll(context, at, await context.provider(A0))));
      },
    },
    {
      name: 'Every reading verb works in a read-only provider',
      usually: 'A reading request is marked as mutating.',
      async run(context) {
        const at = await scene(context);
        await readAll(context, at, at.frozen);
        assert.equal((await at.frozen.peerings.get(at.id)).state, 'active');
      },
    },
    {
      name: 'Reading does not wake a suspended peering',
      usually: 'A read activates what it finds inactive: looking at a plan would change the cloud.',
      needs: [needs.peering('suspend')],
      async run(context) {
        const at = await scene(context);
        const { peerings } = await context.provider(A0);
        await peerings.suspend(at.id, { mechanism: context.mechanism.name });
        unchanged(await context.traffic(async () => readAll(context, at, await context.provider(A0))));
        assert.equal((await peerings.get(at.id)).state, 'inactive');
      },
    },
    {
      name: 'Reading does not accept a waiting request',
      usually: 'A read takes the next step by itself.',
      needs: [needs.peering('crossAccount'), needs.peering('accept'), needs.handshake('shared')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network({ account: 'b', region: 0 })];
        const { id } = await context.ask(from, to);
        unchanged(await context.traffic(() => context.read(to.place, id, 'acceptor')));
        unchanged(await context.traffic(() => context.listed(to.place, to.id)));
        assert.equal((await context.read(A0, id, 'initiator')).state, 'pending-acceptance');
      },
    },
    forbidden('creating a peering', async ({ frozen, from }, context) => {
      return frozen.peerings.create(context.request(from, await context.network(A0)));
    }),
    forbidden('deleting a peering', async ({ frozen, id }) => frozen.peerings.delete(id)),
    forbidden(
      'renaming a peering',
      async ({ frozen, id }, context) =>
        frozen.peerings.update(id, { name: 'other' }, { mechanism: context.mechanism.name }),
      needs.peering('name'),
    ),
    forbidden(
      'suspending a peering',
      async ({ frozen, id }, context) => frozen.peerings.suspend(id, { mechanism: context.mechanism.name }),
      needs.peering('suspend'),
    ),
    forbidden(
      'tagging a peering',
      async ({ frozen, id }, context) =>
        frozen.peerings.update(id, { setTags: { x: 'y' } }, { mechanism: context.mechanism.name }),
      needs.peering('retag'),
    ),
    {
      name: 'In a read-only provider, accepting and rejecting are refused and nothing is sent that could change anything',
      usually: 'accept or reject sends its request without call.admit, or marks it as not mutating.',
      needs: [needs.peering('crossAccount'), needs.peering('accept'), needs.handshake('shared')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network({ account: 'b', region: 0 })];
        const { id } = await context.ask(from, to);
        const { peerings } = (await context.provider(to.place)).readOnly();
        unchanged(await context.traffic(() => refused(peerings.accept(id), 'FailedPrecondition')));
        if (context.mechanism.features.reject.status === 'supported') {
          unchanged(await context.traffic(() => refused(peerings.reject(id), 'FailedPrecondition')));
        }
        assert.equal((await context.read(A0, id, 'initiator')).state, 'pending-acceptance');
      },
    },
    forbidden(
      'writing a route',
      async ({ frozen, from, to, id }) => {
        const [table] = await frozen.routes.tables(from.id);
        const nextHop = present((await frozen.peerings.get(id)).initiator.nextHop, 'initiator.nextHop');
        const wanted = { network: from.id, table: present(table, 'a table').id, destination: to.cidrs[0], nextHop };
        return frozen.routes.create(wanted);
      },
      needs.route('explicit'),
    ),
    {
      name: 'In a read-only provider, writing many routes is refused and nothing is sent that could change anything',
      usually: 'The batch is sent without call.admit, or marked as not mutating.',
      needs: [needs.route('explicit')],
      async run(context) {
        const at = await scene(context);
        const nextHop = present((await context.read(A0, at.id, 'initiator')).initiator.nextHop, 'initiator.nextHop');
        const { id: table } = await context.mainTable(at.from);
        const wanted = [at.to.cidrs[0], context.unusedDestination()].map((destination) => ({
          network: at.from.id,
          table,
          destination,
          nextHop,
        }));
        const traffic = await context.traffic(() => at.frozen.routes.createMany(wanted, { wait: false }));
        unchanged(traffic);
        assert.ok(
          traffic.value.every((outcome) => !outcome.ok && outcome.error.code === 'FailedPrecondition'),
          'It was not refused',
        );
      },
    },
    {
      name: 'In a read-only provider, removing a route is refused and nothing is sent that could change anything',
      usually: 'delete sends its request without call.admit, or marks it as not mutating.',
      needs: [needs.route('explicit')],
      async run(context) {
        const at = await scene(context);
        const nextHop = present((await context.read(A0, at.id, 'initiator')).initiator.nextHop, 'initiator.nextHop');
        const table = routeTableId((await context.mainTable(at.from)).id);
        await (
          await context.provider(A0)
        ).routes.create({ network: at.from.id, table, destination: at.to.cidrs[0], nextHop });
        const route = (await context.routesOf(at.from)).find((one) => one.destination === at.to.cidrs[0]);
        unchanged(
          await context.traffic(() =>
            refused(at.frozen.routes.delete(present(route, 'the route')), 'FailedPrecondition'),
          ),
        );
        assert.ok((await context.routesOf(at.from)).some((one) => one.destination === at.to.cidrs[0]));
      },
    },
    {
      name: 'Every request is announced, once and with the right mark',
      usually:
        'call.admit is forgotten on some path, called twice, or says mutating where the cloud only reads, or the other way round.',
      async run(context) {
        const before = context.announced.length;
        const { requests } = await context.traffic(async () => {
          const at = await scene(context);
          await writeAll(context, at);
          await readAll(context, at, await context.provider(A0));
          await context.disconnect(at.id, A0, A0);
          await (await context.provider(A0)).peerings.find(peeringId(at.id));
        });
        const announced = context.announced.slice(before);
        assert.deepEqual(
          [announced.length, announced.filter((one) => one.mutating).length],
          [requests.length, requests.filter((one) => one.mutating).length],
          `announced: ${announced.map((one) => one.nativeOperation).join(', ')}; seen: ${requests.map((one) => one.operation).join(', ')}`,
        );
      },
    },
    ...coldDriverCases,
    ...admissionCases,
  ],
};
