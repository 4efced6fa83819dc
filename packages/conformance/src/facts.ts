/** What is known about provider and backend before any world is open. */
import type { MechanismCapabilities, ProviderCapabilities } from '@peerway/core';
import type { Harness } from './harness.js';

export interface Facts {
  readonly harness: Harness;
  readonly capabilities: ProviderCapabilities;
  readonly mechanism: MechanismCapabilities;
}
