/** The shared suite of every provider, on the emulator. */
import * as runner from '@jest/globals';
import { runConformance } from '@peerway/conformance';
import { harness } from './harness.js';
import { inventoryIn } from './inventories.js';

runConformance(runner, harness, {
  print: () => undefined, // the names of the skipped cases say why
  inventory: inventoryIn('peerconn'),
});
