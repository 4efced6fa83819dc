/** Changing what may be changed of a peering: labels, tags, bandwidth, switches. Part of the lifecycle suite. */
import assert from 'node:assert/strict';
import {
  PEERING_SIDES,
  peeringId,
  type Call,
  type Peering,
  type PeeringChange,
  type PeeringCreate,
  type PeeringRequest,
  type PeeringUpdate,
  type ProviderDriver,
} from '@peerway/core';
import { needs, type Case } from '../case.js';
import { only, refused } from '../expectations.js';
import { A0, type CaseContext } from '../caseContext.js';
import { unusedIdLike } from '../draw.js';
import { joined, toward } from './joined.js';

const asking = async (driver: ProviderDriver, input: PeeringCreate, call: Call): Promise<void> =>
  driver.peerings.dryRun?.(input, call);

const pair = async (context: CaseContext) => [await context.network(A0), await context.network(A0)] as const;

/** One change that an existing peering may take. */
interface ChangeInPlace {
  readonly what: string;
  readonly needs: NonNullable<Case['needs']>;
  readonly update: (context: CaseContext) => PeeringUpdate;
  /** What the driver is asked for the same. */
  readonly change: (context: CaseContext) => PeeringChange;
  /** What a reading shows of it afterwards. */
  readonly shows: (update: PeeringUpdate, before: Peering) => Partial<Peering>;
}

/** Every change in place that a mechanism may support. */
export const changesInPlace: readonly ChangeInPlace[] = [
  {
    what: 'the name',
    needs: [needs.peering('name')],
    update: (context) => ({ name: context.uniqueName() }),
    change: (context) => ({ kind: 'labels', name: context.uniqueName() }),
    shows: ({ name = '' }) => ({ name }),
  },
  {
    what: 'the description',
    needs: [needs.peering('description')],
    update: (context) => ({ description: context.description() }),
    change: (context) => ({ kind: 'labels', description: context.description() }),
    shows: ({ description = '' }) => ({ description }),
  },
  {
    what: 'the bandwidth',
    needs: [needs.peering('resize'), needs.bandwidth('required', 'optional')],
    update: (context) => ({ bandwidthMbps: context.bandwidths()[1] }),
    change: (context) => ({ kind: 'bandwidth', bandwidthMbps: context.bandwidths()[1] }),
    shows: ({ bandwidthMbps }) => (bandwidthMbps === undefined ? {} : { bandwidthMbps }),
  },
  {
    what: 'the tags',
    needs: [needs.peering('tags'), needs.peering('retag')],
    update: ({ draw }) => ({ setTags: { [draw.plain(6)]: draw.plain(4) } }),
    change: ({ draw }) => ({ kind: 'tags', set: { [draw.plain(6)]: draw.plain(4) }, remove: [] }),
    shows: ({ setTags }, { tags }) => ({ tags: { ...tags, ...setTags } }),
  },
  {
    what: 'the protection against deletion',
    needs: [needs.peering('deletionProtection')],
    update: () => ({ deletionProtection: true }),
    change: () => ({ kind: 'deletionProtection', enabled: true }),
    shows: () => ({ deletionProtection: true }),
  },
  {
    what: 'name resolution',
    needs: [needs.peering('dnsSync')],
    update: () => ({ dnsSync: true }),
    change: () => ({ kind: 'dnsSync', enabled: true }),
    shows: () => ({ dnsSync: 'on' }),
  },
];

const eachChange = (one: ChangeInPlace): readonly Case[] => [
  {
    name: `Changing ${one.what} in place changes nothing else, and twice is as once`,
    usually:
      'The cloud’s call takes several values, and what was not asked for is sent empty; or a change made already fails.',
    needs: one.needs,
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to, labelled(context));
      const { peerings } = await context.provider(A0);
      const before = await context.read(A0, id, 'initiator');
      const update = one.update(context);
      for (let time = 0; time < 2; time++) {
        await peerings.update(id, update, { mechanism: context.mechanism.name });
        assert.deepEqual(await context.read(A0, id, 'initiator'), { ...before, ...one.shows(update, before) });
      }
      if (update.deletionProtection === true) await peerings.update(id, { deletionProtection: false });
    },
  },
  {
    name: `Changing ${one.what} of a peering that does not exist is NotFound`,
    usually: 'The code for a missing object is another one at this call of the cloud.',
    needs: one.needs,
    async run(context) {
      const [from, to] = await pair(context);
      const missing = peeringId(unusedIdLike((await context.connect(from, to)).id));
      const { peerings } = await context.driver(A0);
      await refused(peerings.update(missing, 'initiator', one.change(context), context.call()), 'NotFound');
    },
  },
];

/** A peering with every label that the mechanism keeps. */
const labelled = (context: CaseContext): Partial<PeeringRequest> => {
  const { name, description, tags } = context.mechanism.features;
  return {
    ...(name.status === 'supported' ? { name: context.uniqueName() } : {}),
    ...(description.status === 'supported' ? { description: context.description() } : {}),
    ...(tags.status === 'supported' ? { tags: { [context.draw.plain(5)]: context.draw.plain(5) } } : {}),
  };
};

export const changeCases: readonly Case[] = [
  {
    name: 'A peering made with the provider’s settings differs from none of them, seen from either side, and nobody is asked',
    usually: 'An option that was never set is compared with an empty text, so every plan has a step.',
    async run(context) {
      const { id } = await context.connect(...(await pair(context)));
      const { peerings } = await context.provider(A0);
      for (const side of PEERING_SIDES) {
        const seen = await context.read(A0, id, side);
        const { requests } = await context.traffic(async () => assert.deepEqual(peerings.settingsDrift(seen), []));
        assert.equal(requests.length, 0);
      }
    },
  },
  ...changesInPlace.flatMap(eachChange),
  {
    name: 'A peering to which a change has just been made can be ended at once',
    usually: 'A refusal while the cloud is at a change is reported as final: nobody asks again.',
    needs: [needs.peering('resize'), needs.bandwidth('required', 'optional'), needs.offer('takesTime')],
    async run(context) {
      const [first, second] = context.bandwidths();
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to, { bandwidthMbps: first });
      const change = { kind: 'bandwidth', bandwidthMbps: second } as const;
      await (await context.driver(A0)).peerings.update(id, 'initiator', change, context.call());
      await context.disconnect(id, A0, A0);
      assert.deepEqual(await context.listed(A0, from.id), []);
    },
  },
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
      const description = context.description();
      const { id } = await context.connect(from, to, { description });
      assert.equal((await context.read(A0, id, 'initiator')).description, description);
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
    name: 'Suspending what is suspended, and resuming what runs, is success',
    usually: 'The cloud refuses a switch that stands already, or the driver takes it for a failure.',
    needs: [needs.peering('suspend')],
    async run(context) {
      const { id } = await context.connect(...(await pair(context)));
      const { peerings } = await context.provider(A0);
      const how = { mechanism: context.mechanism.name };
      await peerings.resume(id, how);
      for (let time = 0; time < 2; time++) await peerings.suspend(id, how);
      const reading = await context.read(A0, id, 'initiator');
      assert.deepEqual([reading.state, reading.reason], ['inactive', 'suspended']);
      for (let time = 0; time < 2; time++) await peerings.resume(id, how);
      assert.equal((await context.read(A0, id, 'initiator')).state, 'active');
    },
  },
  {
    name: 'Tags are taken off without others being set, and one that is not there is no failure',
    usually: 'An empty list of tags is sent, which some clouds refuse and some take for "all".',
    needs: [needs.peering('tags'), needs.peering('retag')],
    async run(context) {
      const { id } = await context.connect(...(await pair(context)), { tags: { keep: 'a', go: 'b' } });
      const { peerings } = await context.provider(A0);
      for (let time = 0; time < 2; time++)
        await peerings.update(id, { removeTags: ['go', 'never-there'] }, { mechanism: context.mechanism.name });
      assert.deepEqual((await context.read(A0, id, 'initiator')).tags, { keep: 'a' });
    },
  },
  {
    name: 'A protected peering is not deleted until the protection is lifted',
    usually: 'create does not send it, the driver lifts the protection by itself, or shows it inverted.',
    needs: [needs.peering('deletionProtection')],
    async run(context) {
      const [from, to] = await pair(context);
      const { id } = await context.connect(from, to, { deletionProtection: true });
      const { peerings } = await context.provider(A0);
      const how = { mechanism: context.mechanism.name };
      assert.equal((await context.read(A0, id, 'initiator')).deletionProtection, true);
      await peerings.update(id, { deletionProtection: false }, how);
      assert.equal((await context.read(A0, id, 'initiator')).deletionProtection, false);
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
      for (let time = 0; time < 2; time++) {
        await peerings.update(id, { dnsSync: false }, how);
        assert.equal((await context.read(A0, id, 'initiator')).dnsSync, 'off');
      }
    },
  },
  {
    name: 'A switch of name resolution that reads done can be turned back at once',
    usually: 'A word for "under way" is mapped to on or off: the next change meets a cloud that is busy.',
    needs: [needs.peering('dnsSync')],
    async run(context) {
      const { id } = await context.connect(...(await pair(context)));
      const { peerings } = await context.driver(A0);
      const { clock } = context.world;
      for (const enabled of [true, false, true]) {
        await peerings.update(id, 'initiator', { kind: 'dnsSync', enabled }, context.call());
        for (let looks = 0; ; looks++) {
          const { dnsSync } = await peerings.get(id, 'initiator', context.call());
          if (dnsSync === (enabled ? 'on' : 'off')) break;
          assert.equal(dnsSync, enabled ? 'turning-on' : 'turning-off');
          assert.ok(looks < 300, `It never reads ${enabled ? 'on' : 'off'}`);
          await clock.sleep(1_000);
        }
      }
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
      if (context.mechanism.dryRunShows === 'creation')
        await refused(peerings.dryRun(context.request(from, to)), 'AlreadyExists');
      else await peerings.dryRun(context.request(from, to));
    },
  },
  {
    name: 'A dry run that the cloud refuses is refused',
    usually: 'Every error of a dry run is taken for the one that says that it passed.',
    needs: [needs.peering('dryRun'), needs.fault('denied')],
    async run(context) {
      const [from, to] = await pair(context);
      const stranger = await context.login(A0, 'wrongSecret');
      const input = context.input(from, to, context.random.uuid());
      await refused(asking(stranger, input, context.call()), 'Unauthenticated');
      await stranger.close();
      for (const on of ['read', 'write'] as const)
        await context.world.inject?.({ kind: 'denied', on, times: Infinity });
      await refused(asking(await context.driver(A0), input, context.call()), 'PermissionDenied');
      await context.world.clearFaults?.();
      await asking(await context.driver(A0), input, context.call());
    },
  },
  {
    name: 'A deletion that is only asked about says whether a route stands in its way, and ends nothing',
    usually: 'The flag does not reach the cloud, and the peering is gone; or the refusal is thrown on.',
    needs: [
      needs.that(({ mechanism }) => mechanism.deletionShowsRoutes === true, 'a deletion does not show routes'),
      needs.route('explicit'),
    ],
    async run(context) {
      const both = await joined(context);
      const { peerings, routes } = await context.provider(A0);
      const asked = (): Promise<boolean[]> =>
        Promise.all(PEERING_SIDES.map((side) => peerings.isUnrouted(both.id, { side })));
      assert.deepEqual(await asked(), [true, true]);
      const destination = context.unusedDestination();
      await routes.create(toward(both, destination));
      assert.deepEqual(await asked(), [false, false]);
      const left = only(await context.routesOf(both.from), (one) => one.destination === destination, 'the route');
      await routes.delete(left);
      assert.deepEqual(await asked(), [true, true]);
      assert.equal((await context.read(A0, both.id, 'initiator')).state, 'active');
    },
  },
];
