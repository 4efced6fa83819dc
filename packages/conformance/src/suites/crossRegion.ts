/** Two regions: each is asked by itself, and an end keeps its region whoever looks. */
import assert from 'node:assert/strict';
import { needs, type Suite } from '../case.js';
import { only, present, refused, refusedUnasked } from '../expectations.js';
import { A0, A1, B1, type Lab } from '../lab.js';
import { routedBothWays } from './joined.js';

const apart = async (lab: Lab) => [await lab.network(A0), await lab.network(A1)] as const;
const between = [needs.peering('crossRegion')];
const both = [...between, needs.peering('crossAccount'), needs.peering('accept')];

export const crossRegion: Suite = {
  topic: 'crossRegion',
  about: 'networks of two regions; each region is asked by its own driver',
  cases: [
    {
      name: 'A network is read in its own region only',
      usually: 'The region of the driver is not in the request.',
      async run(lab) {
        const far = await lab.network(A1);
        await refused((await lab.provider(A0)).networks.get(far.id), 'NotFound');
        assert.equal((await (await lab.provider(A1)).networks.get(far.id)).region, lab.world.regions[1]);
      },
    },
    {
      name: 'A peering across regions becomes active',
      usually: 'The acceptor’s region is missing in the request, or its acceptance is asked in the wrong region.',
      needs: between,
      async run(lab) {
        const [from, to] = await apart(lab);
        assert.equal((await lab.connect(from, to)).state, 'active');
      },
    },
    {
      name: 'Each end shows its own region, from either side',
      usually: 'The region of the driver is written into both ends.',
      needs: between,
      async run(lab) {
        const [from, to] = await apart(lab);
        const { id } = await lab.connect(from, to);
        for (const reading of [await lab.read(A0, id, 'initiator'), await lab.read(A1, id, 'acceptor')]) {
          assert.deepEqual([reading.initiator.region, reading.acceptor.region], lab.world.regions);
        }
      },
    },
    {
      name: 'A peering across regions is listed in both',
      usually: 'list asks for the initiator’s role only.',
      needs: between,
      async run(lab) {
        const [from, to] = await apart(lab);
        const { id } = await lab.connect(from, to);
        only(await lab.listed(A0, from.id), (one) => one.id === id, 'the peering in the first region');
        only(await lab.listed(A1, to.id), (one) => one.id === id, 'the peering in the second region');
      },
    },
    {
      name: 'A bandwidth between regions is kept',
      usually: 'It is sent for peerings inside one region only.',
      needs: [...between, needs.peering('bandwidth')],
      async run(lab) {
        const [from, to] = await apart(lab);
        const [bandwidthMbps] = lab.bandwidths();
        const { id } = await lab.connect(from, to, { bandwidthMbps });
        assert.equal((await lab.read(A0, id, 'initiator')).bandwidthMbps, bandwidthMbps);
      },
    },
    {
      name: 'A bandwidth between regions can be changed',
      usually: 'resize sends another unit than create.',
      needs: [...between, needs.peering('resize')],
      async run(lab) {
        const [from, to] = await apart(lab);
        const [before, after] = lab.bandwidths();
        const { id } = await lab.connect(from, to, { bandwidthMbps: before });
        await (await lab.provider(A0)).peerings.update(id, { bandwidthMbps: after }, { mechanism: lab.mechanism.name });
        assert.equal((await lab.read(A0, id, 'initiator')).bandwidthMbps, after);
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
      async run(lab) {
        const [from, to] = await apart(lab);
        const bandwidthMbps = present(lab.mechanism.limits.bandwidthMbps?.max, 'max') + 1;
        await refusedUnasked(lab, () => lab.ask(from, to, { bandwidthMbps }), 'InvalidArgument');
      },
    },
    {
      name: 'A peering across regions is ended from the initiator’s region, for both',
      usually: 'Each region removes its own view only.',
      needs: [...between, needs.handshake('shared')],
      async run(lab) {
        const [from, to] = await apart(lab);
        const { id } = await lab.connect(from, to);
        await lab.disconnect(id, A0, A1);
        assert.deepEqual([await lab.listed(A0, from.id), await lab.listed(A1, to.id)], [[], []]);
      },
    },
    {
      name: 'Routes are written in both regions',
      usually: 'The next hop of one region is used in the other.',
      needs: [...between, needs.route('explicit')],
      async run(lab) {
        const [from, to] = await apart(lab);
        await routedBothWays(lab, from, to);
      },
    },
    {
      name: 'Across accounts and regions the acceptance happens in the acceptor’s region',
      usually: 'accept goes to the initiator’s region.',
      needs: both,
      async run(lab) {
        const [from, to] = [await lab.network(A0), await lab.network(B1)];
        const { id } = await lab.connect(from, to);
        const seen = await lab.read(B1, id, 'acceptor');
        assert.deepEqual(
          [seen.state, seen.acceptor.account, seen.acceptor.region],
          ['active', lab.world.accounts.b, lab.world.regions[1]],
        );
      },
    },
    {
      name: 'The acceptor’s account cannot accept from a region that the peering does not touch',
      usually: 'The region is taken from the object and not from the driver.',
      needs: [...both, needs.handshake('shared')],
      async run(lab) {
        const [from, to] = [await lab.network(A0), await lab.network(B1)];
        const { id } = await lab.ask(from, to);
        const elsewhere = await lab.provider({ account: 'b', region: 0 });
        await refused(elsewhere.peerings.accept(id), 'NotFound', 'PermissionDenied', 'FailedPrecondition');
        assert.equal((await lab.read(A0, id, 'initiator')).state, 'pending-acceptance');
      },
    },
  ],
};
