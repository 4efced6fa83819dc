/** Two regions: each is asked by itself, and an end keeps its region whoever looks. */
import assert from 'node:assert/strict';
import { needs, type Suite } from '../case.js';
import { only, present, refused, refusedUnasked } from '../expectations.js';
import { A0, A1, B1, type CaseContext } from '../caseContext.js';
import { routedBothWays } from './joined.js';

const apart = async (context: CaseContext) => [await context.network(A0), await context.network(A1)] as const;
const between = [needs.peering('crossRegion')];
const both = [...between, needs.peering('crossAccount'), needs.peering('accept')];

export const crossRegion: Suite = {
  topic: 'crossRegion',
  about: 'networks of two regions; each region is asked by its own driver',
  cases: [
    {
      name: 'A network is read in its own region only',
      usually: 'The region of the driver is not in the request.',
      async run(context) {
        const far = await context.network(A1);
        await refused((await context.provider(A0)).networks.get(far.id), 'NotFound');
        assert.equal((await (await context.provider(A1)).networks.get(far.id)).region, context.world.regions[1]);
      },
    },
    {
      name: 'A peering across regions becomes active',
      usually: 'The acceptor’s region is missing in the request, or its acceptance is asked in the wrong region.',
      needs: between,
      async run(context) {
        const [from, to] = await apart(context);
        assert.equal((await context.connect(from, to)).state, 'active');
      },
    },
    {
      name: 'Each end shows its own region, from either side',
      usually: 'The region of the driver is written into both ends.',
      needs: between,
      async run(context) {
        const [from, to] = await apart(context);
        const { id } = await context.connect(from, to);
        for (const reading of [await context.read(A0, id, 'initiator'), await context.read(A1, id, 'acceptor')]) {
          assert.deepEqual([reading.initiator.region, reading.acceptor.region], context.world.regions);
        }
      },
    },
    {
      name: 'A peering across regions is listed in both',
      usually: 'list asks for the initiator’s role only.',
      needs: between,
      async run(context) {
        const [from, to] = await apart(context);
        const { id } = await context.connect(from, to);
        only(await context.listed(A0, from.id), (one) => one.id === id, 'the peering in the first region');
        only(await context.listed(A1, to.id), (one) => one.id === id, 'the peering in the second region');
      },
    },
    {
      name: 'A bandwidth between regions is kept',
      usually: 'It is sent for peerings inside one region only.',
      needs: [...between, needs.peering('bandwidth')],
      async run(context) {
        const [from, to] = await apart(context);
        const [bandwidthMbps] = context.bandwidths();
        const { id } = await context.connect(from, to, { bandwidthMbps });
        assert.equal((await context.read(A0, id, 'initiator')).bandwidthMbps, bandwidthMbps);
      },
    },
    {
      name: 'A bandwidth between regions can be changed',
      usually: 'resize sends another unit than create.',
      needs: [...between, needs.peering('resize')],
      async run(context) {
        const [from, to] = await apart(context);
        const [before, after] = context.bandwidths();
        const { id } = await context.connect(from, to, { bandwidthMbps: before });
        await (
          await context.provider(A0)
        ).peerings.update(id, { bandwidthMbps: after }, { mechanism: context.mechanism.name });
        assert.equal((await context.read(A0, id, 'initiator')).bandwidthMbps, after);
      },
    },
    {
      name: 'A bandwidth beyond the limit is InvalidArgument between regions, too, and nobody is asked',
      usually: 'The limit is checked for one kind of peering only.',
      needs: [
        ...between,
        needs.peering('bandwidth'),
        needs.that(({ mechanism }) => mechanism.limits.bandwidthMbps?.max !== undefined, 'no upper limit is declared'),
      ],
      async run(context) {
        const [from, to] = await apart(context);
        const bandwidthMbps = present(context.mechanism.limits.bandwidthMbps?.max, 'max') + 1;
        await refusedUnasked(context, () => context.ask(from, to, { bandwidthMbps }), 'InvalidArgument');
      },
    },
    {
      name: 'A peering across regions is ended from the initiator’s region, for both',
      usually: 'Each region removes its own view only.',
      needs: [...between, needs.handshake('shared')],
      async run(context) {
        const [from, to] = await apart(context);
        const { id } = await context.connect(from, to);
        await context.disconnect(id, A0, A1);
        assert.deepEqual([await context.listed(A0, from.id), await context.listed(A1, to.id)], [[], []]);
      },
    },
    {
      name: 'Routes are written in both regions',
      usually: 'The next hop of one region is used in the other.',
      needs: [...between, needs.route('explicit')],
      async run(context) {
        const [from, to] = await apart(context);
        await routedBothWays(context, from, to);
      },
    },
    {
      name: 'Across accounts and regions the acceptance happens in the acceptor’s region',
      usually: 'accept goes to the initiator’s region.',
      needs: both,
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(B1)];
        const { id } = await context.connect(from, to);
        const seen = await context.read(B1, id, 'acceptor');
        assert.deepEqual(
          [seen.state, seen.acceptor.account, seen.acceptor.region],
          ['active', context.world.accounts.b, context.world.regions[1]],
        );
      },
    },
    {
      name: 'The acceptor’s account cannot accept from a region that the peering does not touch',
      usually: 'The region is taken from the object and not from the driver.',
      needs: [...both, needs.handshake('shared')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(B1)];
        const { id } = await context.ask(from, to);
        const elsewhere = await context.provider({ account: 'b', region: 0 });
        await refused(elsewhere.peerings.accept(id), 'NotFound', 'PermissionDenied', 'FailedPrecondition');
        assert.equal((await context.read(A0, id, 'initiator')).state, 'pending-acceptance');
      },
    },
  ],
};
