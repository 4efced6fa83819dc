/** The shared suite of every provider, on the emulator, over VPC peering connections. */
import * as runner from '@jest/globals';
import { runConformance } from '@peerway/conformance';
import { vpcPeerHarness } from './harness.js';

runConformance(runner, vpcPeerHarness, { print: () => undefined }); // the names of the skipped cases say why
