/** The life of networks and of a peering inside one account and region: where a new provider starts. */
import assert from 'node:assert/strict';
import { isLive, isPeerwayError, networkId, PEERING_SIDES, type Cidr, type Network } from '@peerway/core';
import { needs, type Case, type Suite } from '../case.js';
import { only, refused, refusedUnasked } from '../expectations.js';
import { A0, B0, type CaseContext } from '../caseContext.js';
import { unusedIdLike } from '../draw.js';
import { changeCases } from './changes.js';
import { foreignDeletionCases } from './foreignDeletion.js';
import { peeringSettings } from './settings.js';
import { wholeNetworks, wholePeerings } from './wholeReadings.js';

const pair = async (context: CaseContext) => [await context.network(A0), await context.network(A0)] as const;

async function showsPrefixes(context: CaseContext, cidrs: readonly [Cidr, ...Cidr[]]): Promise<void> {
  const { id } = await context.network(A0, cidrs);
  const { networks } = await context.provider(A0);
  assert.deepEqual((await networks.get(id)).cidrs, cidrs);
  const listed: Network[] = [];
  for await (const network of networks.list()) if (network.id === id) listed.push(network);
  assert.deepEqual(
    listed.map((network) => network.cidrs),
    [cidrs],
  );
}

const networkCases: readonly Case[] = [
  {
    name: 'A network is read with its id, account, region and prefixes',
    usually:
      'networks.get maps a field wrongly, or a prefix is not canonical (use canonicalCidr on what the cloud says).',
    async run(context) {
      const site = await context.network(A0);
      const network = await (await context.provider(A0)).networks.get(site.id);
      assert.equal(network.id, site.id);
      assert.equal(network.account, context.world.accounts.a);
      assert.equal(network.region, context.world.regions[0]);
      assert.deepEqual(network.cidrs, site.cidrs);
      assert.equal(network.state, 'active');
      assert.equal(network.provider, context.facts.harness.plugin.id);
    },
  },
  {
    name: 'A network shows every prefix, the first one first, in a reading and in a listing',
    usually: 'Only the primary prefix is read: the others overlap unnoticed and get no route.',
    needs: [needs.offer('addNetwork'), needs.offer('secondaryPrefixes')],
    run: async (context) => showsPrefixes(context, [context.unusedCidr(), context.unusedCidr(), context.unusedCidr()]),
  },
  {
    name: 'A network shows its IPv6 prefix, after those of IPv4',
    usually: 'The cloud keeps it in another field.',
    needs: [needs.offer('addNetwork'), needs.offer('ipv6Networks')],
    run: async (context) => showsPrefixes(context, [context.unusedCidr(), context.unusedCidr6()]),
  },
  {
    name: 'A driver says whose keys it has, as the networks do',
    usually: 'ownAccount answers with a user, a role or a number.',
    async run(context) {
      const driver = await context.driver(B0);
      if (driver.ownAccount === undefined) return;
      assert.equal(await driver.ownAccount(context.call()), context.world.accounts.b);
    },
  },
  {
    name: 'A network that does not exist is NotFound',
    usually: 'networks.get passes the cloud’s error on, or invents a network; missing ids are simply left out.',
    async run(context) {
      const site = await context.network(A0);
      await refused((await context.provider(A0)).networks.get(networkId(unusedIdLike(site.id))), 'NotFound');
    },
  },
  {
    name: 'Many networks are read in the order asked, and missing ones are left out',
    usually: 'networks.get ignores a part of the ids, or fails as a whole because one is missing.',
    async run(context) {
      const [one, two, three] = [await context.network(A0), await context.network(A0), await context.network(A0)];
      const found = await (
        await context.provider(A0)
      ).networks.getMany([three.id, networkId(unusedIdLike(one.id)), one.id, two.id]);
      assert.deepEqual(
        found.map((network) => network.id),
        [three.id, one.id, two.id],
      );
    },
  },
  {
    name: 'Reading no networks sends no request',
    usually: 'An empty list of ids reached the cloud, where it often means "all".',
    async run(context) {
      const provider = await context.provider(A0);
      const { value, requests } = await context.traffic(() => provider.networks.getMany([]));
      assert.deepEqual(value, []);
      assert.equal(requests.length, 0);
    },
  },
  {
    name: 'Listing networks shows each once',
    usually: 'A page is read twice or left out, or networks of another region are mixed in.',
    async run(context) {
      const site = await context.network(A0);
      const seen: Network[] = [];
      for await (const network of (await context.provider(A0)).networks.list()) seen.push(network);
      assert.equal(new Set(seen.map((network) => network.id)).size, seen.length, 'A network was listed twice');
      only(seen, (network) => network.id === site.id, 'the network');
      for (const network of seen) assert.equal(network.region, context.world.regions[0]);
    },
  },
];

const lifeCases: readonly Case[] = [
  {
    name: 'A peering inside one account and region becomes active',
    usually: 'A state is mapped wrongly, or the driver never takes its next step (see `next` of a reading).',
    async run(context) {
      const [from, to] = await pair(context);
      assert.equal((await context.connect(from, to)).state, 'active');
    },
  },
  {
    name: 'A new peering is not called active before the cloud has made it',
    usually: 'A transitional word of the cloud is mapped to active.',
    needs: [needs.offer('takesTime')],
    async run(context) {
      const [from, to] = await pair(context);
      const provider = await context.provider(A0);
      const id = await provider.peerings.request(context.request(from, to));
      const reading = await provider.peerings.find(id);
      assert.notEqual(reading?.state, 'active');
    },
  },
  {
    name: 'A reading names both ends',
    usually:
      'Initiator and acceptor are swapped, or the ends are taken from the viewer (local and peer) and not from the roles.',
    async run(context) {
      const [from, to] = await pair(context);
      const { initiator, acceptor } = await context.connect(from, to);
      assert.deepEqual(
        [initiator.network, initiator.account, initiator.region],
        [from.id, context.world.accounts.a, context.world.regions[0]],
      );
      assert.deepEqual(
        [acceptor.network, acceptor.account, acceptor.region],
        [to.id, context.world.accounts.a, context.world.regions[0]],
      );
    },
  },
  {
    name: 'A reading names provider, mechanism and the cloud’s own word',
    usually: 'convert leaves one of them out.',
    async run(context) {
      const [from, to] = await pair(context);
      const peering = await context.connect(from, to);
      assert.equal(peering.provider, context.facts.harness.plugin.id);
      assert.equal(peering.mechanism, context.mechanism.name);
      assert.notEqual(peering.nativeState, '');
    },
  },
  {
    name: 'Reading twice gives the same picture',
    usually: 'A reading depends on something other than the cloud: a cache, the time, an order.',
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to);
      assert.deepEqual(await context.read(A0, id, 'initiator'), await context.read(A0, id, 'initiator'));
    },
  },
  {
    name: 'A listing shows the peering, once, as a reading does',
    usually: 'list leaves out a state, a role or a page; or list and get map their records differently.',
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to);
      const listed = only(await context.listed(A0, from.id), (peering) => peering.id === id, 'the peering');
      const read = await context.read(A0, id, 'initiator');
      assert.deepEqual(
        [listed.state, listed.initiator.network, listed.acceptor.network, listed.name, listed.bandwidthMbps],
        [read.state, read.initiator.network, read.acceptor.network, read.name, read.bandwidthMbps],
      );
    },
  },
  {
    name: 'Creation time, where shown, is the moment of creation',
    usually: 'The cloud’s text is parsed in another zone or unit, or a missing one became Invalid Date: leave it out.',
    async run(context) {
      const [from, to] = await pair(context);
      const before = context.world.clock.now();
      const { createdAt } = await context.connect(from, to);
      if (createdAt === undefined) return;
      // clouds tell it in whole seconds, and their clock is not quite ours
      const [earliest, latest] = [before - 5_000, context.world.clock.now() + 5_000];
      assert.ok(
        createdAt.getTime() >= earliest && createdAt.getTime() <= latest,
        `It says ${createdAt.toISOString()}, and was made between ${new Date(earliest).toISOString()} and ${new Date(latest).toISOString()}`,
      );
    },
  },
  {
    name: 'A deleted peering is gone from reading and listing',
    usually:
      'delete answered "gone" while the cloud still removes it (answer "started"), a tombstone is shown as alive, or the cloud’s ' +
      'way to say "not there" is not translated to NotFound.',
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to);
      await context.disconnect(id, A0, A0);
      const { peerings } = await context.provider(A0);
      for (const side of PEERING_SIDES) {
        await refused(peerings.get(id, { side }), 'NotFound');
        assert.equal(await peerings.find(id, { side }), undefined);
      }
      assert.deepEqual(await context.listed(A0, from.id), []);
    },
  },
  {
    name: 'Deleting what is gone is success',
    usually: 'The driver throws something other than NotFound for a missing peering.',
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to);
      await context.disconnect(id, A0, A0);
      await context.disconnect(id, A0, A0);
    },
  },
  {
    name: 'A driver says NotFound when it is asked to delete what is gone',
    usually:
      'NotFound is swallowed inside the driver (core turns it into success, and needs it to tell the two apart), or the first ' +
      'deletion answered "gone" while the cloud was still at it.',
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to);
      await context.disconnect(id, A0, A0);
      const driver = await context.driver(A0);
      await refused(driver.peerings.delete(id, 'initiator', context.call()), 'NotFound');
    },
  },
  {
    name: 'A driver reading what is gone says NotFound or shows a tombstone',
    usually: 'An empty answer of the cloud became a peering made of empty fields.',
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to);
      await context.disconnect(id, A0, A0);
      const driver = await context.driver(A0);
      const seen = await driver.peerings.get(id, 'initiator', context.call()).catch((error: unknown) => error);
      if (isPeerwayError(seen, 'NotFound')) return;
      assert.ok(typeof seen === 'object' && seen !== null && 'state' in seen, `It threw ${String(seen)}`);
      assert.equal(seen.state, 'deleted');
    },
  },
  {
    name: 'After a deletion the same two networks can be joined again, under another id',
    usually:
      'delete returned before the cloud was done, or the id is made from the networks alone and old readings survive.',
    async run(context) {
      const [from, to] = await pair(context);
      const first = await context.connect(from, to);
      await context.disconnect(first.id, A0, A0);
      const second = await context.connect(from, to);
      assert.equal(second.state, 'active');
      if (context.mechanism.handshake === 'shared') assert.notEqual(second.id, first.id);
    },
  },
  {
    name: 'One network may have several peerings, each its own',
    usually:
      'A peering is looked up by one of its networks where both are needed: the second spoke of a hub gets the first one’s peering.',
    async run(context) {
      const [hub, one, two] = [await context.network(A0), await context.network(A0), await context.network(A0)];
      const first = await context.connect(hub, one);
      const second = await context.connect(hub, two);
      assert.notEqual(second.id, first.id);
      assert.equal((await context.read(A0, first.id, 'initiator')).acceptor.network, one.id);
      assert.equal((await context.read(A0, second.id, 'initiator')).acceptor.network, two.id);
      assert.deepEqual(
        new Set((await context.listed(A0, hub.id)).map((peering) => peering.id)),
        new Set([first.id, second.id]),
      );
    },
  },
  {
    name: 'Deleting one peering leaves its neighbours alone',
    usually: 'delete removes more than it was asked to: everything of the network, or whatever stands first in a list.',
    async run(context) {
      const [hub, one, two] = [await context.network(A0), await context.network(A0), await context.network(A0)];
      const first = await context.connect(hub, one);
      const second = await context.connect(hub, two);
      await context.disconnect(second.id, A0, A0);
      assert.equal((await context.read(A0, first.id, 'initiator')).state, 'active');
    },
  },
  {
    name: 'A listing of two networks shows what joins them, and a listing of one what it has',
    usually: 'A filter of the query is not sent, or two are combined with "or".',
    async run(context) {
      const [one, two, three] = [await context.network(A0), await context.network(A0), await context.network(A0)];
      const [{ id }, { id: other }] = [await context.connect(one, two), await context.connect(one, three)];
      const { peerings } = await context.provider(A0);
      for (const [query, wanted] of [
        [{ between: [one.id, two.id] }, [id]],
        [{ between: [three.id, one.id] }, [other]],
        [{ between: [two.id, three.id] }, []],
        [{ network: two.id }, [id]],
        [{ network: one.id }, [id, other]],
      ] as const) {
        const seen: string[] = [];
        for await (const peering of peerings.list(query)) if (isLive(peering.state)) seen.push(peering.id);
        assert.deepEqual(seen.sort(), [...wanted].sort());
      }
    },
  },
  {
    name: 'Two networks that are joined cannot be joined again',
    usually: 'create adopts the peering it finds, or the cloud’s refusal is not translated to AlreadyExists.',
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to);
      if (context.mechanism.duplicate === 'refused') await refused(context.ask(from, to), 'AlreadyExists');
      else assert.equal((await context.ask(from, to)).id, id, 'It is declared to answer what is there');
      assert.deepEqual(
        (await context.listed(A0, from.id)).map((peering) => peering.id),
        [id],
      );
    },
  },
  {
    name: 'Two networks that are joined cannot be joined again with the roles swapped',
    usually: 'The check for an existing pair looks at one direction only.',
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to);
      if (context.mechanism.duplicate === 'refused')
        return void (await refused(context.ask(to, from), 'AlreadyExists'));
      const second = await context.ask(to, from).catch((error: unknown) => {
        assert.ok(isPeerwayError(error, 'AlreadyExists'), String(error));
      });
      assert.ok(second === undefined || second.id === id || second.state !== 'active', 'The pair is joined twice');
    },
  },
  {
    name: 'What somebody else made of the pair is not answered as ours',
    usually: 'create takes whatever the cloud answers for a pair that is joined: its tags say whose that is.',
    needs: [needs.peering('tags'), needs.offer('plantForeignPeerings')],
    async run(context) {
      const [from, to] = await pair(context);
      const [foreign] = (await context.world.plantForeignPeerings?.(A0, [[from.id, to.id]])) ?? [];
      await refused(context.ask(from, to, { tags: { 'kit-owner': 'us' } }), 'AlreadyExists');
      assert.deepEqual(
        (await context.listed(A0, from.id)).map(({ id, tags }) => [id, tags['kit-owner']]),
        [[foreign, undefined]],
      );
    },
  },
  {
    name: 'A network cannot be joined with itself, and nobody is asked',
    usually: 'The check stands in the driver or nowhere; it is core’s, before any request.',
    async run(context) {
      const site = await context.network(A0);
      await refusedUnasked(context, () => context.ask(site, site), 'InvalidArgument');
    },
  },
  {
    name: 'A network that does not exist cannot be joined, as initiator or acceptor',
    usually: 'The error is not in the table, or the cloud’s asynchronous failure is shown as active.',
    async run(context) {
      const site = await context.network(A0);
      const missing = { ...site, id: networkId(unusedIdLike(site.id)) };
      await refused(
        context.ask(site, missing),
        'NotFound',
        'InvalidArgument',
        'FailedPrecondition',
        'PermissionDenied',
      );
      await refused(
        context.ask(missing, site),
        'NotFound',
        'InvalidArgument',
        'FailedPrecondition',
        'PermissionDenied',
      );
      assert.deepEqual(await context.listed(A0, site.id), []);
    },
  },
];

export const lifecycle: Suite = {
  topic: 'lifecycle',
  about: 'networks are read, a peering is made, changed, read, listed and ended inside one account',
  cases: [
    ...networkCases,
    ...wholeNetworks,
    ...lifeCases,
    ...wholePeerings,
    ...changeCases,
    peeringSettings,
    ...foreignDeletionCases,
  ],
};
