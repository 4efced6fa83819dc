/** moto without the manners of EC2: the kit in live mode must find what moto lacks, as it is listed, and nothing else. */
import * as runner from '@jest/globals';
import { runConformance } from '@peerway/conformance';
import { bareHarness } from './harness.js';
import { MOTO_GAPS } from './motoGaps.js';
import { motoMissing } from './moto.js';
import { endMoto } from './world.js';

if (motoMissing === undefined) {
  runConformance(runner, bareHarness, {
    mode: 'live',
    env: { PEERWAY_CONFORMANCE_LIVE: '1' },
    seed: 1,
    topics: ['lifecycle', 'sides', 'acceptance', 'routes', 'crossAccount'],
    divergences: MOTO_GAPS,
    print: () => undefined,
  });
  runner.afterAll(endMoto);
} else runner.it.skip(`the kit on bare moto [skipped: ${motoMissing}]`, () => undefined);
