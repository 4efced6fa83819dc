/**
 * The seam between deciding and doing. Everything that crosses it is plain data, so that another executor (durable
 * workers, a queue) can do the work on other machines; the one that ships works in this process.
 */
import type { NextHop, PeeringId, LinkId, PeeringSide, RouteTableId } from '@peerway/core';
import type { EventError } from '../events.js';
import type { PlanStep } from '../plan/plan.js';

/** What later steps need from one that has ended well. */
export type StepResult =
  | { readonly kind: 'none' }
  | { readonly kind: 'peering'; readonly peering: PeeringId; readonly nextHops: Partial<Record<PeeringSide, NextHop>> }
  | {
      readonly kind: 'link';
      readonly link: LinkId;
      readonly line?: NextHop;
      readonly edgeTable?: RouteTableId;
      readonly towardNetwork?: NextHop;
      readonly towardCustomer?: NextHop;
    };

export interface Assignment {
  /** Names this run among all runs of all stacks; with a step's id it makes the token of what the step creates. */
  readonly run: string;
  readonly steps: readonly PlanStep[];
  /** Results of the steps that these need, by step id. */
  readonly results: Readonly<Record<string, StepResult>>;
}

export type StepEnd =
  { readonly ok: true; readonly result: StepResult } | { readonly ok: false; readonly error: EventError };

/** Reports while an assignment runs. A host may ignore any of them. */
export interface Progress {
  /** The part that the cloud allows only once at a time per network is over. */
  released(): void;
  waiting(step: string, cause: string, etaMs: number | undefined): void;
  retried(step: string, error: EventError, delayMs: number): void;
}

/** Two degrees of stopping: a request under way should end well, but is not waited for without end. */
export interface StopSignals {
  /** Stop waiting and start nothing more; requests under way are let finish. */
  readonly stop: AbortSignal;
  /** Give up requests under way as well. */
  readonly abandon: AbortSignal;
}

export interface StepExecutor {
  /**
   * Does the steps and waits for the cloud. One end per step, in order; rejects only with `Canceled`.
   */
  run(assignment: Assignment, progress: Progress, signals: StopSignals): Promise<readonly StepEnd[]>;
}
