/** The codes by which a cloud refuses: each is read as what it means, and a change that was refused is known to be undone. Part of the errors suite. */
import assert from 'node:assert/strict';
import type { PeerwayError } from '@peerway/core';
import { needs, type Case } from '../case.js';
import { present, refused } from '../expectations.js';
import { A0, type CaseContext } from '../caseContext.js';
import type { RefusalCode } from '../harness.js';

/** No cloud has it. */
const NOBODY_KNOWS = { httpStatus: 400, nativeCode: 'OverTheHillsAndFarAway' };

const refusalsOf = (context: CaseContext): readonly RefusalCode[] =>
  present(context.facts.harness.refusals, 'refusals of the harness');

/** How the driver itself takes a refusal: core might repeat what it says. */
async function meets(
  context: CaseContext,
  { httpStatus, nativeCode }: Pick<RefusalCode, 'httpStatus' | 'nativeCode'>,
  on: 'read' | 'write',
  means: RefusalCode['means'],
  attempt: () => Promise<unknown>,
): Promise<PeerwayError> {
  await context.world.refuse?.({ httpStatus, nativeCode, on });
  const error = await refused(attempt(), means).catch((failure: unknown) => {
    throw new Error(`${nativeCode} (${httpStatus}): ${String(failure)}`);
  });
  await context.world.clearFaults?.();
  assert.deepEqual([error.details.nativeCode, error.details.httpStatus], [nativeCode, httpStatus]);
  return error;
}

export const refusalCases: readonly Case[] = [
  {
    name: 'Each code by which a reading is refused means what it means, and whether to ask again',
    usually: 'A code is not in the error table, stands in the wrong row, or a pattern of a row above takes it.',
    needs: [needs.refusals],
    async run(context) {
      const [from, to] = [await context.network(A0), await context.network(A0)];
      const { id } = await context.connect(from, to);
      const driver = await context.driver(A0);
      for (const refusal of refusalsOf(context)) {
        const { means, nativeCode, retry } = refusal;
        const read = () => driver.peerings.get(id, 'initiator', context.call());
        const error = await meets(context, refusal, 'read', means, read);
        if (retry !== undefined) assert.equal(error.retry, retry, nativeCode);
        assert.equal(error.details.outcome, undefined, `${nativeCode}: a reading changes nothing`);
      }
    },
  },
  {
    name: 'Each code by which a creation is refused means what it means, and it is in doubt where the cloud itself failed, and only there',
    usually: 'The advice of a row is lost on the way, or every server error is taken for a refusal.',
    needs: [needs.refusals],
    async run(context) {
      const [from, to] = [await context.network(A0), await context.network(A0)];
      // what else the two have must not pass for the reason
      const beside = await context.network(A0);
      for (const end of [from, to]) await context.connect(end, beside);
      const driver = await context.driver(A0);
      for (const refusal of refusalsOf(context)) {
        const { means, nativeCode, doubtful } = refusal;
        const input = context.input(from, to, context.random.uuid());
        const create = () => driver.peerings.create(input, context.call());
        const error = await meets(context, refusal, 'write', means, create);
        assert.equal(error.details.outcome, doubtful === true ? 'unknown' : undefined, nativeCode);
      }
      assert.deepEqual(await context.listed(A0, { between: [from.id, to.id] }), []);
    },
  },
  {
    name: 'A code that nobody knows is Unknown, and is kept',
    usually: 'A default takes every other code for a wrong argument, or for something missing.',
    needs: [needs.refusals],
    async run(context) {
      const [from, to] = [await context.network(A0), await context.network(A0)];
      const { id } = await context.connect(from, to);
      const { peerings } = await context.driver(A0);
      await meets(context, NOBODY_KNOWS, 'read', 'Unknown', () => peerings.get(id, 'initiator', context.call()));
    },
  },
];
