/** Waiting is core's: what a driver tells decides whether it ends well, at once, or never. */
import assert from 'node:assert/strict';
import { needs, type Suite } from '../case.js';
import { present, refused } from '../expectations.js';
import { A0, B0, type CaseContext } from '../caseContext.js';
import { joined, toward } from './joined.js';

const pair = async (context: CaseContext) => [await context.network(A0), await context.network(A0)] as const;
const virtual = needs.offer('advance');
const slow = [needs.offer('takesTime'), virtual];

export const waiters: Suite = {
  topic: 'waiters',
  about: 'waits end when the cloud is done, fail when it cannot get better, and say what they saw',
  cases: [
    {
      name: 'Waiting tells the cloud’s own words on the way',
      usually: 'nativeState is empty or a word of ours.',
      needs: slow,
      async run(context) {
        const [from, to] = await pair(context);
        const seen: string[] = [];
        const { peerings } = await context.provider(A0);
        await peerings.create(context.request(from, to), { onProgress: ({ state }) => void seen.push(state) });
        assert.ok(seen.length > 0, 'Nothing was reported on the way');
        assert.ok(seen.every((word) => word !== ''));
      },
    },
    {
      name: 'Waiting takes the time of the injected clock and no other',
      usually: 'The driver sleeps by itself, with a timer of its own.',
      needs: slow,
      async run(context) {
        const [from, to] = await pair(context);
        const virtualStart = context.world.clock.now();
        const realStart = process.hrtime.bigint();
        await context.connect(from, to);
        const realMs = Number(process.hrtime.bigint() - realStart) / 1e6;
        const virtualMs = context.world.clock.now() - virtualStart;
        assert.ok(virtualMs > 0, 'No virtual time passed');
        assert.ok(realMs < virtualMs + 2_000, `It took ${realMs} ms of real time`);
      },
    },
    {
      name: 'Asking without waiting takes no time',
      usually: 'The driver’s create waits until the cloud has made the peering.',
      needs: slow,
      async run(context) {
        const [from, to] = await pair(context);
        const driver = await context.driver(A0);
        const provider = context.providerOver(A0, driver);
        const start = context.world.clock.now();
        await provider.peerings.request(context.request(from, to));
        assert.equal(context.world.clock.now(), start);
      },
    },
    {
      name: 'A creation asks for few readings',
      usually: 'One look takes several requests, or the driver polls by itself.',
      needs: slow,
      async run(context) {
        const [from, to] = await pair(context);
        const { requests } = await context.traffic(() => context.ask(from, to));
        assert.ok(requests.length <= 30, `${requests.length} requests for one peering`);
      },
    },
    {
      name: 'A wait that runs out says which states it saw',
      usually: 'The wait does not end by the clock, or ends as something other than DeadlineExceeded.',
      needs: [...slow, needs.peering('crossAccount')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(B0)];
        const { peerings } = await context.provider(A0);
        const { id, nativeState } = await context.ask(from, to);
        const error = await refused(
          peerings.settle(id, 'initiator', { until: 'active', timeoutMs: 10_000 }),
          'DeadlineExceeded',
        );
        assert.ok(error.message.includes(nativeState), error.message);
        assert.ok((await context.read(A0, id, 'initiator')).state !== 'active', 'Giving up changed something');
      },
    },
    {
      name: 'What a timed-out wait left is finished by a second one',
      usually: 'Giving up undoes or breaks the creation.',
      needs: slow,
      async run(context) {
        const [from, to] = await pair(context);
        const { peerings } = await context.provider(A0);
        const id = await peerings.request(context.request(from, to));
        await peerings.settle(id, 'initiator', { timeoutMs: 1, fresh: true, until: 'active' }).catch(() => undefined);
        assert.equal((await peerings.settle(id, 'initiator', { until: 'active', fresh: true })).state, 'active');
      },
    },
    {
      name: 'Waiting for something that is gone ends at once with NotFound',
      usually: 'A missing peering reads as provisioning.',
      needs: [virtual],
      async run(context) {
        const [from, to] = await pair(context);
        const { id } = await context.connect(from, to);
        await context.disconnect(id, A0, A0);
        const start = context.world.clock.now();
        await refused((await context.provider(A0)).peerings.settle(id, 'initiator'), 'NotFound');
        assert.ok(context.world.clock.now() - start < 60_000, 'It waited for what is gone');
      },
    },
    {
      name: 'Waiting on a broken peering fails at once',
      usually: 'The cloud’s word for it is mapped to a state that may still change.',
      needs: [virtual, needs.offer('forceWord'), needs.words('peering'), needs.state('failed')],
      async run(context) {
        const [from, to] = await pair(context);
        const { id } = await context.connect(from, to);
        await context.world.forceWord?.({ kind: 'peering', id }, present(context.wordFor('failed'), 'the word'));
        const start = context.world.clock.now();
        await refused(
          (await context.provider(A0)).peerings.settle(id, 'initiator', { until: 'active' }),
          'FailedPrecondition',
        );
        assert.ok(context.world.clock.now() - start < 60_000);
      },
    },
    {
      name: 'Waiting on a suspended peering fails and says so',
      usually: 'Inactive is taken for transitional.',
      needs: [virtual, needs.peering('suspend')],
      async run(context) {
        const [from, to] = await pair(context);
        const { id } = await context.connect(from, to);
        const { peerings } = await context.provider(A0);
        await peerings.suspend(id, { mechanism: context.mechanism.name });
        await refused(peerings.settle(id, 'initiator', { until: 'active' }), 'FailedPrecondition');
      },
    },
    {
      name: 'When deletion returns, nothing is left to wait for',
      usually: 'delete says `gone` when the cloud has only started.',
      needs: slow,
      async run(context) {
        const [from, to] = await pair(context);
        const { id } = await context.connect(from, to);
        await context.disconnect(id, A0, A0);
        const start = context.world.clock.now();
        const driver = await context.driver(A0);
        const left = await driver.peerings.get(id, 'initiator', context.call()).catch(() => undefined);
        assert.ok(left === undefined || left.state === 'deleted', `It is still ${left?.state}`);
        assert.equal(context.world.clock.now(), start);
      },
    },
    {
      name: 'When writing routes returns, every one is settled',
      usually: 'Fresh routes are shown as active before they are.',
      needs: [needs.route('explicit')],
      async run(context) {
        const both = await joined(context);
        const { from } = both;
        const destinations = Array.from({ length: 3 }, () => context.unusedDestination());
        await (
          await context.provider(A0)
        ).routes.createMany(destinations.map((destination) => toward(both, destination)));
        const states = (await context.routesOf(from)).filter(({ destination }) =>
          destinations.some((one) => one === destination),
        );
        assert.deepEqual(
          states.map((one) => one.state),
          destinations.map(() => 'active'),
        );
      },
    },
    {
      name: 'Routes may be written without waiting, and are settled by reading',
      usually: 'The driver waits by itself.',
      needs: [...slow, needs.route('explicit')],
      async run(context) {
        const both = await joined(context);
        const { from, to } = both;
        const start = context.world.clock.now();
        const { routes } = await context.provider(A0);
        await routes.create(toward(both, to.cidrs[0]), { wait: false });
        assert.ok(context.world.clock.now() - start < 60_000);
        await context.world.advance?.(60_000);
        const route = (await context.routesOf(from)).find((one) => one.destination === to.cidrs[0]);
        assert.equal(route?.state, 'active');
      },
    },
  ],
};
