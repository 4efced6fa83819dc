/** The shared suite of every provider, on the emulator, over VPC peering connections. */
import * as runner from '@jest/globals';
import { runConformance } from '@peerway/conformance';
import { vpcPeerHarness } from './harness.js';
import { inventoryIn } from './inventories.js';

runConformance(runner, vpcPeerHarness, {
  print: () => undefined, // the names of the skipped cases say why
  inventory: inventoryIn('vpcPeer'),
});
