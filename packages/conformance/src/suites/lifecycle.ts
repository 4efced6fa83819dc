/** The life of networks and of a peering inside one account and region: where a new provider starts. */
import assert from 'node:assert/strict';
import { isPeerwayError, networkId, PEERING_SIDES, type Network } from '@peerway/core';
import { needs, type Case, type Suite } from '../case.js';
import { only, refused, refusedUnasked } from '../expectations.js';
import { A0, alike, type Lab } from '../lab.js';
import { changeCases } from './changes.js';

const pair = async (lab: Lab) => [await lab.network(A0), await lab.network(A0)] as const;

const networkCases: readonly Case[] = [
  {
    name: 'A network is read with its id, account, region and prefixes',
    usually:
      'networks.get maps a field wrongly, or a prefix is not canonical (use canonicalCidr on what the cloud says).',
    async run(lab) {
      const site = await lab.network(A0);
      const network = await (await lab.provider(A0)).networks.get(site.id);
      assert.equal(network.id, site.id);
      assert.equal(network.account, lab.world.accounts.a);
      assert.equal(network.region, lab.world.regions[0]);
      assert.deepEqual(network.cidrs, site.cidrs);
      assert.equal(network.state, 'active');
      assert.equal(network.provider, lab.facts.harness.plugin.id);
    },
  },
  {
    name: 'A network that does not exist is NotFound',
    usually: 'networks.get passes the cloud’s error on, or invents a network; missing ids are simply left out.',
    async run(lab) {
      const site = await lab.network(A0);
      await refused((await lab.provider(A0)).networks.get(networkId(alike(site.id))), 'NotFound');
    },
  },
  {
    name: 'Many networks are read in the order asked, and missing ones are left out',
    usually: 'networks.get ignores a part of the ids, or fails as a whole because one is missing.',
    async run(lab) {
      const [one, two, three] = [await lab.network(A0), await lab.network(A0), await lab.network(A0)];
      const found = await (
        await lab.provider(A0)
      ).networks.getMany([three.id, networkId(alike(one.id)), one.id, two.id]);
      assert.deepEqual(
        found.map((network) => network.id),
        [three.id, one.id, two.id],
      );
    },
  },
  {
    name: 'Reading no networks sends no request',
    usually: 'An empty list of ids reached the cloud, where it often means "all".',
    async run(lab) {
      const provider = await lab.provider(A0);
      const { value, requests } = await lab.traffic(() => provider.networks.getMany([]));
      assert.deepEqual(value, []);
      assert.equal(requests.length, 0);
    },
  },
  {
    name: 'Listing networks shows each once',
    usually: 'A page is read twice or left out, or networks of another region are mixed in.',
    async run(lab) {
      const site = await lab.network(A0);
      const seen: Network[] = [];
      for await (const network of (await lab.provider(A0)).networks.list()) seen.push(network);
      assert.equal(new Set(seen.map((network) => network.id)).size, seen.length, 'A network was listed twice');
      only(seen, (network) => network.id === site.id, 'the network');
      for (const network of seen) assert.equal(network.region, lab.world.regions[0]);
    },
  },
];

const lifeCases: readonly Case[] = [
  {
    name: 'A peering inside one account and region becomes active',
    usually: 'A state is mapped wrongly, or the driver never takes its next step (see `next` of a reading).',
    async run(lab) {
      const [from, to] = await pair(lab);
      assert.equal((await lab.connect(from, to)).state, 'active');
    },
  },
  {
    name: 'A new peering is not called active before the cloud has made it',
    usually: 'A transitional word of the cloud is mapped to active.',
    needs: [needs.offer('takesTime')],
    async run(lab) {
      const [from, to] = await pair(lab);
      const provider = await lab.provider(A0);
      const id = await provider.peerings.request(lab.request(from, to));
      const reading = await provider.peerings.find(id);
      assert.notEqual(reading?.state, 'active');
    },
  },
  {
    name: 'A reading names both ends',
    usually:
      'Initiator and acceptor are swapped, or the ends are taken from the viewer (local and peer) and not from the roles.',
    async run(lab) {
      const [from, to] = await pair(lab);
      const { initiator, acceptor } = await lab.connect(from, to);
      assert.deepEqual(
        [initiator.network, initiator.account, initiator.region],
        [from.id, lab.world.accounts.a, lab.world.regions[0]],
      );
      assert.deepEqual(
        [acceptor.network, acceptor.account, acceptor.region],
        [to.id, lab.world.accounts.a, lab.world.regions[0]],
      );
    },
  },
  {
    name: 'A reading names provider, mechanism and the cloud’s own word',
    usually: 'convert leaves one of them out.',
    async run(lab) {
      const [from, to] = await pair(lab);
      const peering = await lab.connect(from, to);
      assert.equal(peering.provider, lab.facts.harness.plugin.id);
      assert.equal(peering.mechanism, lab.mechanism.name);
      assert.notEqual(peering.nativeState, '');
    },
  },
  {
    name: 'Reading twice gives the same picture',
    usually: 'A reading depends on something other than the cloud: a cache, the time, an order.',
    async run(lab) {
      const [from, to] = await pair(lab);
      const { id } = await lab.connect(from, to);
      assert.deepEqual(await lab.read(A0, id, 'initiator'), await lab.read(A0, id, 'initiator'));
    },
  },
  {
    name: 'A listing shows the peering, once, as a reading does',
    usually: 'list leaves out a state, a role or a page; or list and get map their records differently.',
    async run(lab) {
      const [from, to] = await pair(lab);
      const { id } = await lab.connect(from, to);
      const listed = only(await lab.listed(A0, from.id), (peering) => peering.id === id, 'the peering');
      const read = await lab.read(A0, id, 'initiator');
      assert.deepEqual(
        [listed.state, listed.initiator.network, listed.acceptor.network, listed.name, listed.bandwidthMbps],
        [read.state, read.initiator.network, read.acceptor.network, read.name, read.bandwidthMbps],
      );
    },
  },
  {
    name: 'Creation time, where told, is a real moment near the present',
    usually: 'The cloud’s text is parsed in another zone or unit, or a missing one became Invalid Date: leave it out.',
    async run(lab) {
      const [from, to] = await pair(lab);
      const { createdAt } = await lab.connect(from, to);
      if (createdAt === undefined) return;
      const distance = Math.abs(createdAt.getTime() - lab.world.clock.now());
      assert.ok(distance < 3_600_000, `It says ${String(createdAt)}, ${distance} ms away`);
    },
  },
  {
    name: 'A deleted peering is gone from reading and listing',
    usually: 'A tombstone is shown as alive, or the cloud’s way to say "not there" is not translated to NotFound.',
    async run(lab) {
      const [from, to] = await pair(lab);
      const { id } = await lab.connect(from, to);
      await lab.disconnect(id, A0, A0);
      const { peerings } = await lab.provider(A0);
      for (const side of PEERING_SIDES) {
        await refused(peerings.get(id, { side }), 'NotFound');
        assert.equal(await peerings.find(id, { side }), undefined);
      }
      assert.deepEqual(await lab.listed(A0, from.id), []);
    },
  },
  {
    name: 'Deleting what is gone is success',
    usually: 'The driver throws something other than NotFound for a missing peering.',
    async run(lab) {
      const [from, to] = await pair(lab);
      const { id } = await lab.connect(from, to);
      await lab.disconnect(id, A0, A0);
      await lab.disconnect(id, A0, A0);
    },
  },
  {
    name: 'A driver says NotFound when it is asked to delete what is gone',
    usually: 'NotFound is swallowed inside the driver: core turns it into success, and needs it to tell the two apart.',
    async run(lab) {
      const [from, to] = await pair(lab);
      const { id } = await lab.connect(from, to);
      await lab.disconnect(id, A0, A0);
      const driver = await lab.driver(A0);
      await refused(driver.peerings.delete(id, 'initiator', lab.call()), 'NotFound');
    },
  },
  {
    name: 'A driver reading what is gone says NotFound or shows a tombstone',
    usually: 'An empty answer of the cloud became a peering made of empty fields.',
    async run(lab) {
      const [from, to] = await pair(lab);
      const { id } = await lab.connect(from, to);
      await lab.disconnect(id, A0, A0);
      const driver = await lab.driver(A0);
      const seen = await driver.peerings.get(id, 'initiator', lab.call()).catch((error: unknown) => error);
      if (isPeerwayError(seen, 'NotFound')) return;
      assert.ok(typeof seen === 'object' && seen !== null && 'state' in seen, `It threw ${String(seen)}`);
      assert.equal(seen.state, 'deleted');
    },
  },
  {
    name: 'After a deletion the same two networks can be joined again, under another id',
    usually:
      'delete returned before the cloud was done, or the id is made from the networks alone and old readings survive.',
    async run(lab) {
      const [from, to] = await pair(lab);
      const first = await lab.connect(from, to);
      await lab.disconnect(first.id, A0, A0);
      const second = await lab.connect(from, to);
      assert.equal(second.state, 'active');
      if (lab.mechanism.handshake === 'shared') assert.notEqual(second.id, first.id);
    },
  },
  {
    name: 'One network may have several peerings, each its own',
    usually:
      'A peering is looked up by one of its networks where both are needed: the second spoke of a hub gets the first one’s peering.',
    async run(lab) {
      const [hub, one, two] = [await lab.network(A0), await lab.network(A0), await lab.network(A0)];
      const first = await lab.connect(hub, one);
      const second = await lab.connect(hub, two);
      assert.notEqual(second.id, first.id);
      assert.equal((await lab.read(A0, first.id, 'initiator')).acceptor.network, one.id);
      assert.equal((await lab.read(A0, second.id, 'initiator')).acceptor.network, two.id);
      assert.deepEqual(
        new Set((await lab.listed(A0, hub.id)).map((peering) => peering.id)),
        new Set([first.id, second.id]),
      );
    },
  },
  {
    name: 'Deleting one peering leaves its neighbours alone',
    usually: 'delete removes more than it was asked to: everything of the network, or whatever stands first in a list.',
    async run(lab) {
      const [hub, one, two] = [await lab.network(A0), await lab.network(A0), await lab.network(A0)];
      const first = await lab.connect(hub, one);
      const second = await lab.connect(hub, two);
      await lab.disconnect(second.id, A0, A0);
      assert.equal((await lab.read(A0, first.id, 'initiator')).state, 'active');
    },
  },
  {
    name: 'Two networks that are joined cannot be joined again',
    usually: 'create adopts the peering it finds, or the cloud’s refusal is not translated to AlreadyExists.',
    async run(lab) {
      const [from, to] = await pair(lab);
      const { id } = await lab.connect(from, to);
      await refused(lab.ask(from, to), 'AlreadyExists');
      assert.deepEqual(
        (await lab.listed(A0, from.id)).map((peering) => peering.id),
        [id],
      );
    },
  },
  {
    name: 'Two networks that are joined cannot be joined again with the roles swapped',
    usually: 'The check for an existing pair looks at one direction only.',
    async run(lab) {
      const [from, to] = await pair(lab);
      await lab.connect(from, to);
      await refused(lab.ask(to, from), 'AlreadyExists');
    },
  },
  {
    name: 'A network cannot be joined with itself, and nobody is asked',
    usually: 'The check stands in the driver or nowhere; it is core’s, before any request.',
    async run(lab) {
      const site = await lab.network(A0);
      await refusedUnasked(lab, () => lab.ask(site, site), 'InvalidArgument');
    },
  },
  {
    name: 'A network that does not exist cannot be joined, as initiator or acceptor',
    usually: 'The error is not in the table, or the cloud’s asynchronous failure is shown as active.',
    async run(lab) {
      const site = await lab.network(A0);
      const missing = { ...site, id: networkId(alike(site.id)) };
      await refused(lab.ask(site, missing), 'NotFound', 'InvalidArgument', 'FailedPrecondition', 'PermissionDenied');
      await refused(lab.ask(missing, site), 'NotFound', 'InvalidArgument', 'FailedPrecondition', 'PermissionDenied');
      assert.deepEqual(await lab.listed(A0, site.id), []);
    },
  },
  {
    name: 'A word of the cloud that no table knows is told as Unknown, and never guessed',
    usually: 'A default branch maps every other word to something. Say Unknown, with the word in the message.',
    needs: [needs.offer('forceUnknownWord')],
    async run(lab) {
      const [from, to] = await pair(lab);
      const { id } = await lab.connect(from, to);
      await lab.world.forceUnknownWord?.(id);
      await refused(lab.read(A0, id, 'initiator'), 'Unknown');
      await refused(lab.listed(A0, from.id), 'Unknown');
    },
  },
  {
    name: 'A state that only the cloud brings about is told as failed',
    usually: 'The state table maps the cloud’s word for a broken peering to something alive.',
    needs: [needs.offer('forceState')],
    async run(lab) {
      const [from, to] = await pair(lab);
      const { id } = await lab.connect(from, to);
      await lab.world.forceState?.(id, 'failed');
      assert.equal((await lab.read(A0, id, 'initiator')).state, 'failed');
      assert.equal(only(await lab.listed(A0, from.id), (one) => one.id === id, 'it').state, 'failed');
    },
  },
];

export const lifecycle: Suite = {
  topic: 'lifecycle',
  about: 'networks are read, a peering is made, changed, read, listed and ended inside one account',
  cases: [...networkCases, ...lifeCases, ...changeCases],
};
