/** Errors: a code to act on, the cloud's own code and request id to ask support with, and never a secret. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { isPeerwayError, networkId, peeringId, PeerwayError } from '@peerway/core';
import { needs, type Suite } from '../case.js';
import { present, refused } from '../expectations.js';
import { A0, unusedIdLike, B0, type CaseContext } from '../caseContext.js';

/** The refusal of a second peering of one pair: a plain error that every cloud has. */
async function duplicate(context: CaseContext): Promise<PeerwayError> {
  const [from, to] = [await context.network(A0), await context.network(A0)];
  await context.connect(from, to);
  return refused(context.ask(from, to), 'AlreadyExists');
}

async function lockedOut(context: CaseContext): Promise<PeerwayError> {
  const driver = await context.login(A0, 'wrongSecret');
  try {
    const site = await context.network(A0);
    return await refused(context.providerOver(A0, driver).networks.get(site.id), 'Unauthenticated');
  } finally {
    await driver.close();
  }
}

/** Every text that an error can turn into. */
const texts = (error: PeerwayError): readonly string[] => [
  error.message,
  String(error.stack),
  JSON.stringify(error),
  inspect(error, { depth: 10, showHidden: true }),
];

export const errors: Suite = {
  topic: 'errors',
  about: 'programs act on codes, people read messages, and neither ever sees a secret',
  cases: [
    {
      name: 'A wrong secret is Unauthenticated',
      usually: 'The cloud’s code for a bad signature is not in the table.',
      run: async (context) => void (await lockedOut(context)),
    },
    {
      name: 'A wrong secret changes nothing',
      usually: 'The backend does not look at the signature of writes.',
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(A0)];
        const driver = await context.login(A0, 'wrongSecret');
        await refused(context.providerOver(A0, driver).peerings.create(context.request(from, to)), 'Unauthenticated');
        await driver.close();
        assert.deepEqual(await context.listed(A0, from.id), []);
      },
    },
    {
      name: 'No secret is in any text of an error about a wrong secret',
      usually: 'The vendor’s error text quotes the request: rebuild the error from code, message and request id.',
      async run(context) {
        const error = await lockedOut(context);
        for (const text of texts(error)) {
          for (const secret of context.world.secrets) assert.ok(!text.includes(secret), 'A secret is in an error');
        }
      },
    },
    {
      name: 'No secret is in any text of an ordinary error',
      usually: 'The vendor’s error object hangs on the error as cause.',
      async run(context) {
        const error = await duplicate(context);
        for (const text of texts(error)) {
          for (const secret of context.world.secrets) assert.ok(!text.includes(secret), 'A secret is in an error');
        }
      },
    },
    {
      name: 'No secret is in any text of an error as the driver throws it',
      usually:
        'The driver relies on core to mask secrets: core masks only those that were registered, and only in texts.',
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(A0)];
        await context.connect(from, to);
        const driver = await context.driver(A0);
        const attempt = driver.peerings.create(context.input(from, to, context.random.uuid()), context.call());
        for (const text of texts(await refused(attempt, 'AlreadyExists'))) {
          for (const secret of context.world.secrets) assert.ok(!text.includes(secret), 'A secret is in an error');
        }
      },
    },
    {
      name: 'No secret is in any text of an error about a broken connection',
      usually: 'The HTTP client’s error holds the whole request: drop it.',
      needs: [needs.fault('cut')],
      async run(context) {
        const site = await context.network(A0);
        await context.world.inject?.({ kind: 'cut', on: 'read', times: Infinity });
        const error = await refused((await context.provider(A0)).networks.get(site.id), 'Unavailable');
        for (const text of texts(error)) {
          for (const secret of context.world.secrets) assert.ok(!text.includes(secret), 'A secret is in an error');
        }
      },
    },
    {
      name: 'An error keeps the cloud’s own code and request id',
      usually: 'They are lost on the way: nobody can ask the cloud’s support.',
      async run(context) {
        const { details } = await duplicate(context);
        present(details.nativeCode, 'nativeCode');
        present(details.requestId, 'requestId');
      },
    },
    {
      name: 'An error keeps the HTTP status and the cloud’s operation',
      usually: 'The client does not hand them to the error table.',
      async run(context) {
        const { details } = await duplicate(context);
        present(details.httpStatus, 'httpStatus');
        present(details.nativeOperation, 'nativeOperation');
      },
    },
    {
      name: 'An error names provider, operation and object',
      usually: 'A driver is called without the portable class around it.',
      async run(context) {
        const { details } = await duplicate(context);
        assert.equal(details.provider, context.facts.harness.plugin.id);
        assert.equal(details.operation, 'peerings.create');
        present(details.resource, 'resource');
      },
    },
    {
      name: 'No foreign object hangs on an error',
      usually: 'The vendor’s error is attached as cause: it may hold the request with its signature.',
      async run(context) {
        for (let error: unknown = await duplicate(context); error !== undefined;) {
          assert.ok(isPeerwayError(error));
          for (const value of Object.values(error.details)) {
            assert.ok(typeof value !== 'object' || isPeerwayError(value), 'A detail is an object of somebody else');
          }
          error = error.cause;
        }
      },
    },
    {
      name: 'An error at the driver is a PeerwayError already',
      usually: 'A vendor error passes through some path of the driver.',
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(A0)];
        const { id } = await context.connect(from, to);
        const driver = await context.driver(A0);
        const missing = peeringId(unusedIdLike(id));
        const { error } = {
          error: await refused(driver.peerings.get(missing, 'initiator', context.call()), 'NotFound'),
        };
        assert.ok(error instanceof PeerwayError);
        await refused(driver.peerings.delete(missing, 'initiator', context.call()), 'NotFound');
      },
    },
    {
      name: 'A peering that does not exist is NotFound for get, and undefined for find',
      usually: 'The cloud answers an unknown id in an odd way: an empty body, a list without it, HTTP 400.',
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(A0)];
        const { id } = await context.connect(from, to);
        const missing = peeringId(unusedIdLike(id));
        const { peerings } = await context.provider(A0);
        await refused(peerings.get(missing), 'NotFound');
        assert.equal(await peerings.find(missing), undefined);
      },
    },
    {
      name: 'Deleting a peering that never existed is success, and changes nothing',
      usually: 'The wrong kind of error for a missing object.',
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(A0)];
        const { id } = await context.connect(from, to);
        await (await context.provider(A0)).peerings.delete(peeringId(unusedIdLike(id)));
        assert.equal((await context.read(A0, id, 'initiator')).state, 'active');
      },
    },
    {
      name: 'Ordinary mistakes are never Internal or Unknown',
      usually: 'The error table is not complete.',
      async run(context) {
        const site = await context.network(A0);
        const provider = await context.provider(A0);
        const missing = networkId(unusedIdLike(site.id));
        const attempts: readonly (() => Promise<unknown>)[] = [
          () => provider.networks.get(missing),
          () => provider.routes.tables(missing),
          () => context.ask(site, { ...site, id: missing }),
          () => context.ask({ ...site, id: missing }, site),
          () => provider.peerings.accept(peeringId('kit-no-such-peering')),
        ];
        for (const attempt of attempts) {
          const error: unknown = await attempt().catch((thrown: unknown) => thrown);
          assert.ok(isPeerwayError(error), 'It succeeded, or threw something else');
          assert.ok(!['Internal', 'Unknown'].includes(error.code), `${error.code}: ${error.message}`);
        }
      },
    },
    {
      name: 'What cannot get better is not advised to be tried again',
      usually: 'A table row says retry although the answer will not change.',
      async run(context) {
        assert.equal((await duplicate(context)).retry, 'never');
        assert.equal((await lockedOut(context)).retry, 'never');
      },
    },
    {
      name: 'A refused request is sent once',
      usually: 'The driver or its HTTP client retries by itself.',
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(A0)];
        await context.connect(from, to);
        const { mutating } = await context.traffic(() => refused(context.ask(from, to), 'AlreadyExists'));
        assert.ok(mutating.length <= 1, `It was sent ${mutating.length} times`);
      },
    },
    {
      name: 'Another account’s network is not ours to start from',
      usually: 'The initiator’s ownership is not checked, or the refusal is not in the table.',
      needs: [needs.peering('crossAccount')],
      async run(context) {
        const [mine, theirs] = [await context.network(A0), await context.network(B0)];
        await refused(
          (await context.provider(A0)).peerings.create(context.request({ ...theirs, place: A0 }, mine)),
          'NotFound',
          'PermissionDenied',
          'InvalidArgument',
          'FailedPrecondition',
        );
      },
    },
  ],
};
