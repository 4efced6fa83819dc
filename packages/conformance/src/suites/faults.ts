/** The network between us and the cloud: refused, cut, lost, garbled. What must be repeated is, what must not is not. */
import assert from 'node:assert/strict';
import { isPeerwayError, type PeerwayError } from '@peerway/core';
import { needs, type Case, type Suite } from '../case.js';
import type { FaultKind } from '../harness.js';
import { only, refused } from '../expectations.js';
import { A0, type CaseContext } from '../caseContext.js';
import { joined, toward } from './joined.js';
import { partCases } from './partsOfReadings.js';

const pair = async (context: CaseContext) => [await context.network(A0), await context.network(A0)] as const;

/** What may be different the next time. */
type Passing = Exclude<FaultKind, 'denied'>;

const READ_FAULTS: readonly Passing[] = ['throttle', 'unavailable', 'cut', 'lostAnswer', 'htmlError', 'truncatedBody'];
const WORDS: Record<Passing, string> = {
  throttle: 'refused as one of too many',
  unavailable: 'refused because the cloud is out of service',
  cut: 'cut off',
  lostAnswer: 'answered into a dead connection',
  htmlError: 'answered by a proxy with a page',
  truncatedBody: 'answered with half a body',
  hang: 'never answered',
};

const survives = (kind: Passing): Case => ({
  name: `A read that is ${WORDS[kind]} once is repeated`,
  usually: 'The error is not translated to Throttled or Unavailable, which core repeats.',
  needs: [needs.fault(kind), needs.offer('advance')],
  async run(context) {
    const site = await context.network(A0);
    const provider = await context.provider(A0);
    await context.world.inject?.({ kind, on: 'read', times: 1 });
    assert.equal((await provider.networks.get(site.id)).id, site.id);
  },
});

const persists = (kind: Passing): Case => ({
  name: `A read that is always ${WORDS[kind]} fails as ${kind === 'throttle' ? 'Throttled' : 'Unavailable'}, never as "not there"`,
  usually: 'A broken connection or an unreadable body is taken for a missing object: a plan would make it again.',
  needs: [needs.fault(kind), needs.offer('advance')],
  async run(context) {
    const [from, to] = await pair(context);
    const { id } = await context.connect(from, to);
    const { peerings } = await context.provider(A0);
    await context.world.inject?.({ kind, on: 'read', times: Infinity });
    await refused(peerings.find(id), kind === 'throttle' ? 'Throttled' : 'Unavailable');
    await context.world.clearFaults?.();
    assert.equal((await peerings.get(id)).state, 'active');
  },
});

const creates = (kind: Passing): Case => ({
  name: `A creation that is ${WORDS[kind]} once makes one peering`,
  usually: 'The repeated creation carries another token, or the fault is not marked with outcome unknown.',
  needs: [needs.fault(kind), needs.offer('advance')],
  async run(context) {
    const [from, to] = await pair(context);
    await context.world.inject?.({ kind, on: 'write', times: 1 });
    const made = await context.connect(from, to).catch(async (error: unknown) => {
      // without a token core does not ask again what may have happened; then nothing may be there, and a second run does it
      if (context.mechanism.features.clientToken.status === 'supported') throw error;
      assert.deepEqual(await context.listed(A0, from.id), []);
      return context.connect(from, to);
    });
    const { id, state } = made;
    assert.equal(state, 'active');
    assert.deepEqual(
      (await context.listed(A0, from.id)).map((peering) => peering.id),
      [id],
    );
  },
});

/** What a driver itself throws when one request meets a fault: a reading, or a creation, whose answer must be understood. */
async function driverError(context: CaseContext, kind: FaultKind, on: 'read' | 'write'): Promise<PeerwayError> {
  const [from, to] = await pair(context);
  const driver = await context.driver(A0);
  const work = (): Promise<unknown> =>
    on === 'read'
      ? driver.networks.get([from.id], context.call())
      : driver.peerings.create(context.input(from, to, context.random.uuid()), context.call());
  await context.world.inject?.({ kind, on, times: 1 });
  const { value, requests } = await context.traffic(() => work().catch((error: unknown) => error));
  const sent = requests.filter((request) => request.mutating === (on === 'write')).length;
  assert.equal(sent, 1, 'The driver repeated the request by itself: retrying is core’s');
  assert.ok(isPeerwayError(value), `Expected a PeerwayError, got ${String(value)}`);
  return value;
}

export const faults: Suite = {
  topic: 'faults',
  about: 'throttling, broken connections, lost and unreadable answers',
  cases: [
    ...READ_FAULTS.map(survives),
    ...READ_FAULTS.map(persists),
    ...READ_FAULTS.map(creates),
    ...partCases,
    {
      name: 'A driver lets a throttled request fail, once, with advice to try again later',
      usually: 'The driver or its HTTP client retries by itself: two retrying layers multiply.',
      needs: [needs.fault('throttle')],
      async run(context) {
        const error = await driverError(context, 'throttle', 'read');
        assert.deepEqual([error.code, error.retry], ['Throttled', 'backoff']);
      },
    },
    {
      name: 'A throttled write is known not to have happened',
      usually: 'outcome unknown is set for everything: core would not repeat what is safe to repeat.',
      needs: [needs.fault('throttle')],
      async run(context) {
        assert.equal((await driverError(context, 'throttle', 'write')).details.outcome, undefined);
      },
    },
    {
      name: 'A write without an answer may have happened, and the error says so',
      usually: 'outcome unknown is not set: core would repeat what is not safe to repeat.',
      needs: [needs.fault('lostAnswer')],
      async run(context) {
        assert.equal((await driverError(context, 'lostAnswer', 'write')).details.outcome, 'unknown');
      },
    },
    {
      name: 'A write with half an answer may have happened, and the error says so',
      usually: 'An unreadable body is reported as if nothing had been sent, or as success.',
      needs: [needs.fault('truncatedBody')],
      async run(context) {
        assert.equal((await driverError(context, 'truncatedBody', 'write')).details.outcome, 'unknown');
      },
    },
    {
      name: 'A page of a proxy is an error of the service, not of ours',
      usually: 'The body is parsed before anything else, and the parser’s error comes out.',
      needs: [needs.fault('htmlError')],
      async run(context) {
        const error = await driverError(context, 'htmlError', 'read');
        assert.equal(error.code, 'Unavailable');
        assert.ok(!error.message.includes('<'), 'The page is in the message');
      },
    },
    {
      name: 'A deletion that does not reach the cloud is not reported as done',
      usually: 'A cut connection reads as "already gone": the peering stays and nobody knows.',
      needs: [needs.fault('cut'), needs.offer('advance')],
      async run(context) {
        const [from, to] = await pair(context);
        const { id } = await context.connect(from, to);
        const { peerings } = await context.provider(A0);
        await context.world.inject?.({ kind: 'cut', on: 'write', times: Infinity });
        await refused(peerings.delete(id), 'Unavailable');
        await context.world.clearFaults?.();
        assert.equal((await peerings.get(id)).state, 'active');
      },
    },
    {
      name: 'A refused deletion whose reason cannot be read is not reported as done',
      usually: 'What a refusal means is read afterwards, and a reading that fails is taken for "not there".',
      needs: [needs.fault('cut'), needs.peering('deletionProtection'), needs.offer('advance')],
      async run(context) {
        const { id } = await context.connect(...(await pair(context)), { deletionProtection: true });
        const { peerings } = await context.driver(A0);
        await context.world.inject?.({ kind: 'cut', on: 'read', times: Infinity });
        await refused(
          peerings.delete(id, 'initiator', context.call()),
          'Unavailable',
          'FailedPrecondition',
          'PermissionDenied',
          'Conflict',
        );
        await context.world.clearFaults?.();
        const how = { mechanism: context.mechanism.name };
        await (await context.provider(A0)).peerings.update(id, { deletionProtection: false }, how);
        assert.equal((await context.read(A0, id, 'initiator')).state, 'active');
      },
    },
    {
      name: 'A listing that breaks off in the middle fails, and is not reported as short',
      usually: 'The pages read so far are returned as if they were all.',
      needs: [needs.fault('cut'), needs.offer('advance')],
      async run(context) {
        const [from, to] = await pair(context);
        await context.connect(from, to);
        await context.world.inject?.({ kind: 'cut', on: 'read', times: Infinity });
        await refused(context.listed(A0, from.id), 'Unavailable');
      },
    },
    {
      name: 'Routes whose creation is throttled once are all written',
      usually: 'The batch’s error is given to each item as final.',
      needs: [needs.fault('throttle'), needs.route('explicit'), needs.offer('advance')],
      async run(context) {
        const both = await joined(context);
        const { from } = both;
        const destinations = Array.from({ length: 3 }, () => context.unusedDestination());
        await context.world.inject?.({ kind: 'throttle', on: 'write', times: 1 });
        const outcomes = await (
          await context.provider(A0)
        ).routes.createMany(destinations.map((destination) => toward(both, destination)));
        assert.ok(outcomes.every((outcome) => outcome.ok));
        for (const destination of destinations) {
          only(await context.routesOf(from), (route) => route.destination === destination, destination);
        }
      },
    },
    {
      name: 'A batch of routes with half an answer is read back, and every item has its true outcome',
      usually: 'A lost answer of a batch is repeated blindly, or reported as failed although it was done.',
      needs: [needs.fault('truncatedBody'), needs.route('explicit'), needs.offer('advance')],
      async run(context) {
        const both = await joined(context);
        const { from } = both;
        const destinations = Array.from({ length: 3 }, () => context.unusedDestination());
        await context.world.inject?.({ kind: 'truncatedBody', on: 'write', times: 1 });
        const outcomes = await (
          await context.provider(A0)
        ).routes.createMany(destinations.map((destination) => toward(both, destination)));
        assert.deepEqual(
          outcomes.map((outcome) => outcome.ok),
          [true, true, true],
        );
        for (const destination of destinations) {
          only(await context.routesOf(from), (route) => route.destination === destination, destination);
        }
      },
    },
  ],
};
