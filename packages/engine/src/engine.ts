/** The engine: desired state → observe → diff → plan → schedule → apply → verify, for one stack. */
import { PeerwayError } from '@peerway/core';
import type { Clock, Random } from '@peerway/core';
import type { EngineEvent, EventError } from './events.js';
import type { Plan, PlanMode, PrunePolicy } from './plan.js';
import type { Reachability } from './reachability.js';
import type { StackSpec } from './stack.js';
import type { StackStatus } from './status.js';

export interface EngineOptions {
  readonly stack: StackSpec;
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent?: (event: EngineEvent) => void;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
}

export interface PlanOptions extends ReadOptions {
  /** Default `apply`. */
  readonly mode?: PlanMode;
  /** Names of connections or links, declared (`core`) or expanded (`core/ml/logs`). Absent or empty: everything. */
  readonly targets?: readonly string[];
  /** Default `sync`. */
  readonly prune?: PrunePolicy;
  /** Lets the cloud check every planned creation where it can (one more read per creation). Default false. */
  readonly dryRun?: boolean;
}

export interface ApplyOptions extends ReadOptions {
  /** Go on although the plan deletes much, or holds errors that are `forceable`. Default false. */
  readonly force?: boolean;
}

export interface StepOutcome {
  readonly step: string;
  readonly object: string;
  readonly outcome: 'done' | 'failed' | 'skipped' | 'left';
  readonly durationMs?: number;
  readonly error?: EventError;
  /** Why it was skipped or left. */
  readonly because?: string;
}

export interface ApplyReport {
  readonly version: 1;
  readonly stack: string;
  readonly mode: PlanMode;
  /** `canceled`: stopped by the signal; what is left has outcome `left`. */
  readonly outcome: 'done' | 'failed' | 'canceled';
  /** In the plan's order. */
  readonly steps: readonly StepOutcome[];
  readonly durationMs: number;
}

export class Engine {
  constructor(private readonly options: EngineOptions) {}

  async plan(_options: PlanOptions = {}): Promise<Plan> {
    throw this.#unwritten();
  }

  async apply(_plan: Plan, _options: ApplyOptions = {}): Promise<ApplyReport> {
    throw this.#unwritten();
  }

  async status(_options: ReadOptions = {}): Promise<StackStatus> {
    throw this.#unwritten();
  }

  async verify(_from: string, _to: string, _options: ReadOptions = {}): Promise<Reachability> {
    throw this.#unwritten();
  }

  async adopt(_connection: string, _options: ReadOptions = {}): Promise<void> {
    throw this.#unwritten();
  }

  async release(_connection: string, _options: ReadOptions = {}): Promise<void> {
    throw this.#unwritten();
  }

  #unwritten(): PeerwayError {
    return new PeerwayError('Unsupported', `The engine of ${this.options.stack.name} is not written yet`);
  }
}
