/** The shared suite of every provider, on the emulator, over pairs of router interfaces. */
import * as runner from '@jest/globals';
import { runConformance, TOPICS } from '@peerway/conformance';
import { routerInterfaceHarness } from './harness.js';
import { inventoryIn } from './inventories.js';

runConformance(runner, routerInterfaceHarness, {
  print: () => undefined, // the names of the skipped cases say why
  topics: TOPICS.filter((topic) => topic !== 'links'), // tried over VPC peering, and not a matter of the mechanism
  inventory: inventoryIn('routerInterface'),
});
