/** What one Peerway object works with. */
import type { Clock, Provider, Redactor } from '@peerway/core';
import type { Engine, StackSpec } from '@peerway/engine';
import type { Config } from './config/model.js';
import type { EventHub } from './events.js';

/** What the config was read from. */
export interface ConfigSource {
  /** Variables stand in it by their names. */
  readonly text: string;
  /** Knows the secrets that stand for them. */
  readonly redactor: Redactor;
}

export interface PeerwayParts {
  readonly config: Config;
  /** Absent: made by hand. */
  readonly source?: ConfigSource;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly stack: StackSpec;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly events: EventHub;
  readonly close: () => Promise<void>;
}
