/** Changing what may be changed of a peering: labels, tags, bandwidth, switches. Part of the lifecycle suite. */
import assert from 'node:assert/strict';
import { needs, type Case } from '../case.js';
import { only, refused } from '../expectations.js';
import { A0, type CaseContext } from '../caseContext.js';

const pair = async (context: CaseContext) => [await context.network(A0), await context.network(A0)] as const;

export const changeCases: readonly Case[] = [
  {
    name: 'A name given at creation is kept',
    usually: 'create does not send it, or convert reads it from another field.',
    needs: [needs.peering('name')],
    async run(context) {
      const [from, to] = await pair(context);
      const name = context.uniqueName();
      const { id } = await context.connect(from, to, { name });
      assert.equal((await context.read(A0, id, 'initiator')).name, name);
    },
  },
  {
    name: 'A name can be changed',
    usually: 'update sends the wrong field, or to the other side.',
    needs: [needs.peering('name')],
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to, { name: context.uniqueName() });
      const name = context.uniqueName();
      await (await context.provider(A0)).peerings.update(id, { name }, { mechanism: context.mechanism.name });
      assert.equal((await context.read(A0, id, 'initiator')).name, name);
    },
  },
  {
    name: 'A description given at creation is kept',
    usually: 'create does not send it, or convert reads it from another field.',
    needs: [needs.peering('description')],
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to, { description: 'made by the kit' });
      assert.equal((await context.read(A0, id, 'initiator')).description, 'made by the kit');
    },
  },
  {
    name: 'Changing the description leaves the name as it is',
    usually: 'update sends an empty name along, because the cloud’s call takes both.',
    needs: [needs.peering('description'), needs.peering('name')],
    async run(context) {
      const [from, to] = await pair(context);
      const name = context.uniqueName();
      const { id } = await context.connect(from, to, { name, description: 'first' });
      await (
        await context.provider(A0)
      ).peerings.update(id, { description: 'second' }, { mechanism: context.mechanism.name });
      const reading = await context.read(A0, id, 'initiator');
      assert.deepEqual([reading.name, reading.description], [name, 'second']);
    },
  },
  {
    name: 'An update of nothing sends nothing that changes anything',
    usually: 'The driver writes on an empty change.',
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to);
      const provider = await context.provider(A0);
      const { mutating } = await context.traffic(() => provider.peerings.update(id, {}));
      assert.equal(mutating.length, 0);
    },
  },
  {
    name: 'Tags given at creation are kept',
    usually: 'Tags are sent in another form than the cloud’s, or read from another place.',
    needs: [needs.peering('tags')],
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to, { tags: { 'peerway.stack': 'kit' } });
      assert.equal((await context.read(A0, id, 'initiator')).tags['peerway.stack'], 'kit');
    },
  },
  {
    name: 'A listing shows tags',
    usually: 'The cloud’s list leaves them out: read them one by one, or ownership cannot be told from a listing.',
    needs: [needs.peering('tags')],
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to, { tags: { 'peerway.stack': 'kit' } });
      const listed = only(await context.listed(A0, from.id), (one) => one.id === id, 'it');
      assert.equal(listed.tags['peerway.stack'], 'kit');
    },
  },
  {
    name: 'Tags can be added, overwritten and removed, and others stay',
    usually: 'The cloud’s call replaces all tags, and the driver sends only the changed ones.',
    needs: [needs.peering('tags'), needs.peering('retag')],
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to, { tags: { keep: 'k', change: 'old', drop: 'd' } });
      const { peerings } = await context.provider(A0);
      await peerings.update(
        id,
        { setTags: { change: 'new', add: 'a' }, removeTags: ['drop'] },
        { mechanism: context.mechanism.name },
      );
      const { tags } = await context.read(A0, id, 'initiator');
      assert.deepEqual([tags['keep'], tags['change'], tags['add'], tags['drop']], ['k', 'new', 'a', undefined]);
    },
  },
  {
    name: 'Bandwidth chosen at creation is shown in megabits per second',
    usually: 'Wrong unit: the cloud counts kilobits, or megabytes, or writes the number as text.',
    needs: [needs.peering('bandwidth'), needs.bandwidth('required', 'optional')],
    async run(context) {
      const [from, to] = await pair(context);
      const [bandwidthMbps] = context.bandwidths();
      const { id } = await context.connect(from, to, { bandwidthMbps });
      assert.equal((await context.read(A0, id, 'initiator')).bandwidthMbps, bandwidthMbps);
    },
  },
  {
    name: 'Bandwidth can be changed, and the peering is active again afterwards',
    usually: 'resize sends another unit than create, or the state during the change is mapped to something final.',
    needs: [needs.peering('resize'), needs.bandwidth('required', 'optional')],
    async run(context) {
      const [from, to] = await pair(context);
      const [before, after] = context.bandwidths();
      const { id } = await context.connect(from, to, { bandwidthMbps: before });
      await (
        await context.provider(A0)
      ).peerings.update(id, { bandwidthMbps: after }, { mechanism: context.mechanism.name });
      const reading = await context.read(A0, id, 'initiator');
      assert.deepEqual([reading.bandwidthMbps, reading.state], [after, 'active']);
    },
  },
  {
    name: 'A suspended peering is inactive, and says that an owner did it',
    usually: 'The state table maps the cloud’s word to failed or deleted.',
    needs: [needs.peering('suspend')],
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to);
      await (await context.provider(A0)).peerings.suspend(id, { mechanism: context.mechanism.name });
      const reading = await context.read(A0, id, 'initiator');
      assert.deepEqual([reading.state, reading.reason], ['inactive', 'suspended']);
      only(await context.listed(A0, from.id), (one) => one.id === id, 'the suspended peering');
    },
  },
  {
    name: 'A suspended peering can be resumed',
    usually: 'resume sends the same as suspend.',
    needs: [needs.peering('suspend')],
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to);
      const { peerings } = await context.provider(A0);
      await peerings.suspend(id, { mechanism: context.mechanism.name });
      await peerings.resume(id, { mechanism: context.mechanism.name });
      assert.equal((await context.read(A0, id, 'initiator')).state, 'active');
    },
  },
  {
    name: 'A protected peering is not deleted until the protection is lifted',
    usually: 'The driver lifts the protection by itself, or shows it inverted.',
    needs: [needs.peering('deletionProtection')],
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to);
      const { peerings } = await context.provider(A0);
      const how = { mechanism: context.mechanism.name };
      await peerings.update(id, { deletionProtection: true }, how);
      assert.equal((await context.read(A0, id, 'initiator')).deletionProtection, true);
      await refused(peerings.delete(id), 'FailedPrecondition', 'PermissionDenied');
      assert.equal((await context.read(A0, id, 'initiator')).state, 'active');
      await peerings.update(id, { deletionProtection: false }, how);
      await peerings.delete(id);
    },
  },
  {
    name: 'Name resolution over the peering can be switched on and off',
    usually: 'The switch has states in between: map them to turning-on and turning-off, so that core waits.',
    needs: [needs.peering('dnsSync')],
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to);
      const { peerings } = await context.provider(A0);
      const how = { mechanism: context.mechanism.name };
      assert.equal((await context.read(A0, id, 'initiator')).dnsSync, 'off');
      await peerings.update(id, { dnsSync: true }, how);
      assert.equal((await context.read(A0, id, 'initiator')).dnsSync, 'on');
      await peerings.update(id, { dnsSync: false }, how);
      assert.equal((await context.read(A0, id, 'initiator')).dnsSync, 'off');
    },
  },
  {
    name: 'A dry run makes nothing and passes when a creation would',
    usually: 'The cloud says "the dry run passed" as an error; or the flag does not reach it and it creates.',
    needs: [needs.peering('dryRun')],
    async run(context) {
      const [from, to] = await pair(context);
      const { peerings } = await context.provider(A0);
      await peerings.dryRun(context.request(from, to));
      assert.deepEqual(await context.listed(A0, from.id), []);
      await context.connect(from, to);
      await refused(peerings.dryRun(context.request(from, to)), 'AlreadyExists');
    },
  },
];
