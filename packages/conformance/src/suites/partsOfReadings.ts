/** Readings that take several requests: whichever of them fails, the reading does. Part of the faults suite. */
import assert from 'node:assert/strict';
import type { ErrorCode } from '@peerway/core';
import { needs, type Case } from '../case.js';
import { refused } from '../expectations.js';
import type { FaultKind } from '../harness.js';
import { cold, READS, type First } from './coldDriver.js';

/** Requests of one reading that are tried; readings of more are of many pages or things, and the rest are alike. */
const TRIED = 6;

const each = (
  { verb, needs: wanted = [], prepare }: First,
  kind: FaultKind,
  code: ErrorCode,
  how: string,
  usually: string,
): Case => ({
  name: `Whichever request is ${how} of a driver that ${verb}, the reading is ${code}`,
  usually,
  needs: [...wanted, needs.fault(kind)],
  async run(context) {
    const act = await prepare(context);
    const whole = await cold(context, (driver) => act(driver, context.call()));
    const count = whole.traffic.requests.length;
    assert.ok(count > 0, 'Nobody was asked');
    for (let after = 0; after < Math.min(count, TRIED); after++) {
      await context.world.inject?.({ kind, on: 'read', times: 1, after });
      const { traffic } = await cold(context, (driver) => refused(act(driver, context.call()), code));
      assert.ok(traffic.requests.length > after, 'The fault met an earlier request than it was to meet');
      await context.world.clearFaults?.();
    }
  },
});

export const partCases: readonly Case[] = READS.flatMap((one) => [
  each(
    one,
    'cut',
    'Unavailable',
    'cut off',
    'A request that completes the picture fails, and what is known so far is passed for the whole.',
  ),
  each(
    one,
    'denied',
    'PermissionDenied',
    'denied',
    'A missing right for a part is taken for there being nothing: what is dead is shown alive, or is made again.',
  ),
]);
