/** The shared suite of every provider, on the emulator. */
import * as runner from '@jest/globals';
import { runConformance } from '@peerway/conformance';
import { harness } from './harness.js';

runConformance(runner, harness, {
  print: () => undefined, // the names of the skipped cases say why
});
