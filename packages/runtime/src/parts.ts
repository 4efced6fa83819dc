/** What one Peerway object works with. */
import type { Clock, Provider } from '@peerway/core';
import type { Engine, StackSpec } from '@peerway/engine';
import type { Config } from './config/model.js';
import type { EventHub } from './events.js';

export interface PeerwayParts {
  readonly config: Config;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly stack: StackSpec;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly events: EventHub;
  readonly close: () => Promise<void>;
}
