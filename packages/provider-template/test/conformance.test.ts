/** The whole wiring of the kit. */
import { runConformance } from '@peerway/conformance';
import * as runner from '@jest/globals';
import { engine } from './engine.js';
import { harness } from './harness.js';

runConformance(runner, { ...harness, engine });
