/** Giving up: at once, everywhere, without leaving anything that a second run could not finish. */
import assert from 'node:assert/strict';
import { isPeerwayError } from '@peerway/core';
import { needs, type Suite } from '../case.js';
import { refused } from '../expectations.js';
import type { LoggedRequest } from '../harness.js';
import { A0, B0, type CaseContext } from '../caseContext.js';

const pair = async (context: CaseContext) => [await context.network(A0), await context.network(A0)] as const;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Turns of the event loop within which a canceled call must have ended: no time, but room for sockets to close. */
const TURNS = 5_000;

/** Aborts once the backend has heard of one more request that `counts`. Resolves with the error, or with what the call returned. */
async function abortInFlight(
  context: CaseContext,
  work: (signal: AbortSignal) => Promise<unknown>,
  counts: (request: LoggedRequest) => boolean = () => true,
): Promise<unknown> {
  const giveUp = new AbortController();
  const heard = (): number => context.world.requests().filter(counts).length;
  const before = heard();
  let ended = false;
  const outcome = work(giveUp.signal)
    .catch((error: unknown) => error)
    .finally(() => (ended = true));
  for (let turns = 0; turns < TURNS && heard() === before; turns++) await turn();
  giveUp.abort();
  for (let turns = 0; turns < TURNS && !ended; turns++) await turn();
  assert.ok(ended, 'The call went on although its signal was aborted');
  return outcome;
}

export const cancellation: Suite = {
  topic: 'cancellation',
  about: 'a caller may give up at any moment',
  cases: [
    {
      name: 'What is canceled before it begins sends nothing',
      usually: 'The signal is looked at after the first request.',
      async run(context) {
        const [from, to] = await pair(context);
        const { peerings } = await context.provider(A0);
        const { requests } = await context.traffic(() =>
          refused(peerings.create(context.request(from, to), { signal: AbortSignal.abort() }), 'Canceled'),
        );
        assert.equal(requests.length, 0);
      },
    },
    {
      name: 'A wait is canceled at once',
      usually: 'The signal does not reach the wait.',
      needs: [needs.offer('takesTime')],
      async run(context) {
        const [from, to] = await pair(context);
        const { peerings } = await context.provider(A0);
        const giveUp = new AbortController();
        const creation = peerings.create(context.request(from, to), {
          signal: giveUp.signal,
          onProgress: () => giveUp.abort(),
        });
        await refused(creation, 'Canceled');
      },
    },
    {
      name: 'After a canceled wait the peering goes on, and a second run finishes it',
      usually: 'Canceling deletes what was begun.',
      needs: [needs.offer('takesTime')],
      async run(context) {
        const [from, to] = await pair(context);
        const { peerings } = await context.provider(A0);
        const giveUp = new AbortController();
        const request = { ...context.request(from, to), clientToken: context.random.uuid() };
        await peerings
          .create(request, { signal: giveUp.signal, onProgress: () => giveUp.abort() })
          .catch(() => undefined);
        const [begun] = await context.listedSoon(A0, from.id);
        const done = await peerings.settle(begun?.id ?? assert.fail('Nothing was begun'), 'initiator', {
          until: 'active',
        });
        assert.equal(done.state, 'active');
        assert.equal((await context.listed(A0, from.id)).length, 1);
      },
    },
    {
      name: 'A hanging read is canceled',
      usually: 'The driver does not hand the signal to its HTTP client.',
      needs: [needs.fault('hang')],
      async run(context) {
        const site = await context.network(A0);
        const provider = await context.provider(A0);
        await context.world.inject?.({ kind: 'hang', on: 'read', times: 1 });
        const outcome = await abortInFlight(context, (signal) => provider.networks.get(site.id, { signal }));
        assert.equal((outcome as { code?: string }).code, 'Canceled');
      },
    },
    {
      name: 'A hanging listing is canceled',
      usually: 'The page loop forgets the signal.',
      needs: [needs.fault('hang')],
      async run(context) {
        const site = await context.network(A0);
        const { peerings } = await context.provider(A0);
        await context.world.inject?.({ kind: 'hang', on: 'read', times: 1 });
        const outcome = await abortInFlight(context, async (signal) => {
          for await (const _ of peerings.list({ network: site.id }, { signal })) continue;
        });
        assert.equal((outcome as { code?: string }).code, 'Canceled');
      },
    },
    {
      name: 'A hanging write is canceled, and is not reported as done',
      usually: 'The write ignores the signal, or its cancellation reads as success.',
      needs: [needs.fault('hang')],
      async run(context) {
        const [from, to] = await pair(context);
        const { id } = await context.connect(from, to);
        const { peerings } = await context.provider(A0);
        await context.world.inject?.({ kind: 'hang', on: 'write', times: 1 });
        const outcome = await abortInFlight(context, (signal) => peerings.delete(id, { signal }));
        assert.equal((outcome as { code?: string }).code, 'Canceled');
        await context.world.clearFaults?.();
        await context.disconnect(id, A0, A0);
      },
    },
    {
      name: 'A write that is given up on its way is reported as in doubt',
      usually: 'Canceled hides that the request may have taken effect, so nobody looks whether it has.',
      needs: [needs.fault('hang')],
      async run(context) {
        const [from, to] = await pair(context);
        const { id } = await context.connect(from, to);
        const { peerings } = await context.driver(A0);
        await context.world.inject?.({ kind: 'hang', on: 'write', times: 1 });
        const outcome = await abortInFlight(
          context,
          (signal) => peerings.delete(id, 'initiator', context.call({ signal })),
          ({ mutating }) => mutating,
        );
        assert.ok(isPeerwayError(outcome, 'Canceled'));
        assert.equal(outcome.details.outcome, 'unknown');
        await context.world.clearFaults?.();
        await context.disconnect(id, A0, A0);
      },
    },
    {
      name: 'A driver’s own call ends when its signal does',
      usually: 'The driver swallows the signal: core cannot end what never returns.',
      needs: [needs.fault('hang')],
      async run(context) {
        const site = await context.network(A0);
        const driver = await context.driver(A0);
        await context.world.inject?.({ kind: 'hang', on: 'read', times: 1 });
        const outcome = await abortInFlight(context, (signal) =>
          driver.networks.get([site.id], context.call({ signal })),
        );
        assert.ok(outcome instanceof Error, 'It returned a value');
      },
    },
    {
      name: 'Waiting for another account’s acceptance can be given up, and taken up again',
      usually: 'Giving up withdraws the request.',
      needs: [needs.peering('crossAccount'), needs.peering('accept')],
      async run(context) {
        const [from, to] = [await context.network(A0), await context.network(B0)];
        const { id } = await context.ask(from, to);
        const { peerings } = await context.provider(A0);
        const giveUp = new AbortController();
        const waiting = peerings.settle(id, 'initiator', {
          until: 'active',
          signal: giveUp.signal,
          onProgress: () => giveUp.abort(),
        });
        await refused(waiting, 'Canceled');
        assert.equal((await context.agree(id, A0, B0)).state, 'active');
      },
    },
  ],
};
