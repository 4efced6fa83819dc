/** Requests that must wait for their turn at the account's limit. Part of the read-only suite. */
import assert from 'node:assert/strict';
import type { Admission, Call, ProviderDriver } from '@peerway/core';
import { needs, type Case } from '../case.js';
import { A0, type CaseContext } from '../caseContext.js';

interface Act {
  readonly verb: string;
  readonly prepare: (context: CaseContext) => Promise<(driver: ProviderDriver, call: Call) => Promise<unknown>>;
}

const ACTS: readonly Act[] = [
  { verb: 'lists networks', prepare: async () => (driver, call) => driver.networks.list(undefined, call) },
  {
    verb: 'lists the peerings of a network',
    async prepare(context) {
      const [from, to] = [await context.network(A0), await context.network(A0)];
      await context.connect(from, to);
      return (driver, call) => driver.peerings.list({ network: from.id }, undefined, call);
    },
  },
  {
    verb: 'asks for a peering',
    async prepare(context) {
      const [from, to] = [await context.network(A0), await context.network(A0)];
      return (driver, call) => driver.peerings.create(context.input(from, to, context.random.uuid()), call);
    },
  },
];

/** Turns of the event loop within which a request on a socket of this machine is heard. */
const TURNS = 300;
const HOUR_MS = 3_600_000;

/** Holds every request until `held` is over, and counts who came and who gave the place back. */
class Queue implements Admission {
  admitted = 0;
  left = 0;

  constructor(private readonly held: () => Promise<void>) {}

  async enter(): ReturnType<Admission['enter']> {
    await this.held();
    this.admitted++;
    return { waitedMs: 0, leave: () => void this.left++ };
  }
}

async function turns(until: () => boolean): Promise<void> {
  for (let turn = 0; turn < TURNS && !until(); turn++) await new Promise((resolve) => setImmediate(resolve));
}

export const admissionCases: readonly Case[] = [
  ...ACTS.map(({ verb, prepare }): Case => ({
    name: `A driver that ${verb} sends no request before it is admitted, and says when each has ended`,
    usually:
      'call.admit is not awaited, is forgotten on some path, or its end is not told when the answer is an error.',
    async run(context) {
      const act = await prepare(context);
      const driver = await context.driver(A0);
      const before = context.world.requests().length;
      const sent = (): number => context.world.requests().length - before;
      let early = 0;
      const queue = new Queue(async () => {
        await turns(() => sent() > queue.admitted);
        early = Math.max(early, sent() - queue.admitted);
      });
      await act(driver, context.call({ admission: queue }));
      await turns(() => sent() > queue.admitted);
      assert.ok(queue.admitted > 0, 'Nobody was asked');
      assert.equal(early, 0, 'A request was sent while it waited');
      assert.equal(sent(), queue.admitted, 'Not every request was admitted');
      assert.equal(queue.left, queue.admitted, 'Not every end was told');
    },
  })),
  ...ACTS.map(({ verb, prepare }): Case => ({
    name: `A driver that ${verb} dates and signs its requests after their turn has come`,
    usually: 'The request is dated or signed first, then call.admit is awaited.',
    needs: [needs.offer('advance')],
    async run(context) {
      const act = await prepare(context);
      // an emulator may let in what is right by the machine's own clock
      await context.world.advance?.(3 * HOUR_MS);
      let held = 0;
      const queue = new Queue(async () => {
        if (held++ === 0) await context.world.advance?.(HOUR_MS);
      });
      await act(await context.driver(A0), context.call({ admission: queue }));
      assert.ok(queue.admitted > 0, 'Nobody was asked');
    },
  })),
];
