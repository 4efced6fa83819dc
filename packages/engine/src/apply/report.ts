/** What an apply did, step by step, as plain data. */
import type { EventError } from '../events.js';
import type { PlanMode } from '../plan/plan.js';

export interface StepOutcome {
  readonly step: string;
  readonly object: string;
  /** `skipped`: something that it needs failed. `left`: the run was stopped; a plain re-run does the rest. */
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
  /** `canceled`: stopped by the signal. */
  readonly outcome: 'done' | 'failed' | 'canceled';
  /** In the plan's order. */
  readonly steps: readonly StepOutcome[];
  readonly durationMs: number;
}
