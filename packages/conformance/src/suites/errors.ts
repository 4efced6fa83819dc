/** Errors: a code to act on, the cloud's own code and request id to ask support with, and never a secret. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { isPeerwayError, networkId, peeringId, PeerwayError, type ErrorDetails, type PeeringId } from '@peerway/core';
import { needs, type Suite } from '../case.js';
import { present, refused } from '../expectations.js';
import { A0, B0, type CaseContext, type Site } from '../caseContext.js';
import { unusedIdLike } from '../draw.js';
import { refusalCases } from './refusals.js';

const missingId = async (context: CaseContext): Promise<PeeringId> => {
  const [from, to] = [await context.network(A0), await context.network(A0)];
  return peeringId(unusedIdLike((await context.connect(from, to)).id));
};

/** The refusal of an id that nothing has: a plain error that every cloud has. */
async function missing(context: CaseContext): Promise<PeerwayError> {
  const id = await missingId(context);
  return refused((await context.provider(A0)).peerings.get(id), 'NotFound');
}

/** What each of several plain refusals says about itself. */
async function refusals(context: CaseContext): Promise<readonly ErrorDetails[]> {
  const [site, other] = [await context.network(A0), await context.network(A0)];
  const id = peeringId(unusedIdLike((await context.connect(site, other)).id));
  const nowhere = networkId(unusedIdLike(site.id));
  const { peerings, routes } = await context.provider(A0);
  const attempts = [
    () => peerings.get(id),
    () => peerings.update(id, { name: context.uniqueName() }, { mechanism: context.mechanism.name }),
    () => context.ask(site, { ...site, id: nowhere }),
    () => routes.tables(nowhere),
  ];
  const found: ErrorDetails[] = [];
  for (const attempt of attempts) {
    const error: unknown = await attempt().catch((thrown: unknown) => thrown);
    if (isPeerwayError(error)) found.push(error.details);
  }
  return [...found, (await wrongSecretError(context, site)).details];
}

async function wrongSecretError(context: CaseContext, known?: Site): Promise<PeerwayError> {
  const driver = await context.login(A0, 'wrongSecret');
  try {
    const site = known ?? (await context.network(A0));
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
      run: async (context) => void (await wrongSecretError(context)),
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
        const error = await wrongSecretError(context);
        for (const text of texts(error)) {
          for (const secret of context.world.secrets) assert.ok(!text.includes(secret), 'A secret is in an error');
        }
      },
    },
    {
      name: 'No secret is in any text of an ordinary error',
      usually: 'The vendor’s error object hangs on the error as cause.',
      async run(context) {
        const error = await missing(context);
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
        const id = await missingId(context);
        const attempt = (await context.driver(A0)).peerings.delete(id, 'initiator', context.call());
        for (const text of texts(await refused(attempt, 'NotFound'))) {
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
      name: 'An error keeps the cloud’s own code, request id, HTTP status and operation',
      usually: 'They are lost on the way: nobody can ask the cloud’s support.',
      async run(context) {
        const seen = await refusals(context);
        // a driver that finds an empty list says by itself that something is missing; the cloud refused nothing then
        const ofTheCloud = seen.filter(({ nativeCode }) => nativeCode !== undefined);
        assert.ok(ofTheCloud.length > 0, `No error has a code of the cloud: ${JSON.stringify(seen)}`);
        for (const details of ofTheCloud) {
          present(details.requestId, 'requestId');
          present(details.httpStatus, 'httpStatus');
          present(details.nativeOperation, 'nativeOperation');
        }
      },
    },
    {
      name: 'An error names provider, operation and object',
      usually: 'A driver is called without the portable class around it.',
      async run(context) {
        const { details } = await missing(context);
        assert.equal(details.provider, context.facts.harness.plugin.id);
        assert.equal(details.operation, 'peerings.get');
        present(details.resource, 'resource');
      },
    },
    {
      name: 'No foreign object hangs on an error',
      usually: 'The vendor’s error is attached as cause: it may hold the request with its signature.',
      async run(context) {
        for (let error: unknown = await missing(context); error !== undefined;) {
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
        const driver = await context.driver(A0);
        const id = await missingId(context);
        const error = await refused(driver.peerings.get(id, 'initiator', context.call()), 'NotFound');
        assert.ok(error instanceof PeerwayError);
        await refused(driver.peerings.delete(id, 'initiator', context.call()), 'NotFound');
      },
    },
    {
      name: 'A peering that does not exist is NotFound for get, and undefined for find',
      usually: 'The cloud answers an unknown id in an odd way: an empty body, a list without it, HTTP 400.',
      async run(context) {
        const id = await missingId(context);
        const { peerings } = await context.provider(A0);
        await refused(peerings.get(id), 'NotFound');
        assert.equal(await peerings.find(id), undefined);
      },
    },
    {
      name: 'An id of no form that the cloud has is no peering',
      usually: 'What kind of peering it is is told by the id, and the last guess is taken.',
      async run(context) {
        const { peerings } = await context.provider(A0);
        await refused(peerings.get(peeringId('nothing.of.any.form')), 'NotFound', 'InvalidArgument');
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
          async () => provider.peerings.accept(await missingId(context)),
        ];
        for (const attempt of attempts) {
          const error: unknown = await attempt().catch((thrown: unknown) => thrown);
          assert.ok(isPeerwayError(error), 'It succeeded, or threw something else');
          assert.ok(!['Internal', 'Unknown'].includes(error.code), `${error.code}: ${error.message}`);
        }
      },
    },
    ...refusalCases,
    {
      name: 'What cannot get better is not advised to be tried again',
      usually: 'A table row says retry although the answer will not change.',
      async run(context) {
        assert.equal((await missing(context)).retry, 'never');
        assert.equal((await wrongSecretError(context)).retry, 'never');
      },
    },
    {
      name: 'A refused request is sent once',
      usually: 'The driver or its HTTP client retries by itself.',
      async run(context) {
        const from = await context.network(A0);
        const gone = { ...from, id: networkId(unusedIdLike(from.id)) };
        const { mutating } = await context.traffic(() =>
          refused(context.ask(from, gone), 'NotFound', 'InvalidArgument', 'FailedPrecondition', 'PermissionDenied'),
        );
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
