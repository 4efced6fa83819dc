/** The shared suite of every provider, on moto with the manners of EC2 that it lacks. */
import * as runner from '@jest/globals';
import { runConformance } from '@peerway/conformance';
import { harness } from './harness.js';
import { motoMissing } from './moto.js';
import { endMoto } from './world.js';

if (motoMissing === undefined) {
  runConformance(runner, harness, {
    print: () => undefined, // the names of the skipped cases say why
  });
  // as against a real account: three networks in each place, and what is dead stays listed
  const { offers, ...kept } = harness;
  const few = offers.filter((offer) => !['addNetwork', 'secondaryPrefixes', 'ipv6Networks'].includes(offer));
  runConformance(
    runner,
    { ...kept, offers: few },
    {
      mode: 'live',
      seed: 2, // no account remembers the tokens of the last run
      topics: ['acceptance', 'crossAccount'],
      env: { PEERWAY_CONFORMANCE_LIVE: '1' },
      print: () => undefined,
    },
  );
  runner.afterAll(endMoto);
} else runner.it.skip(`the kit on AWS [skipped: ${motoMissing}]`, () => undefined);
