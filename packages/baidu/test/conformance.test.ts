/** The shared suite of every provider, on the emulator. */
import * as runner from '@jest/globals';
import { runConformance } from '@peerway/conformance';
import { harness } from './harness.js';

runConformance(runner, harness, {
  divergences: [
    {
      topic: 'routes',
      case: 'Two sources to one destination are two routes',
      because: 'a source must lie inside a subnet of the VPC; tried with such sources in emulator.test.ts',
      today: /InvalidArgument/,
    },
  ],
  print: () => undefined, // the names of the skipped cases say why
});
