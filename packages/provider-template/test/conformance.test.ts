/** The whole wiring of the kit. */
import { runConformance } from '@peerway/conformance';
import * as runner from '@jest/globals';
import { harness } from './harness.js';

runConformance(runner, harness);
