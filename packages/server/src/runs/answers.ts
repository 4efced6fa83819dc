/** What every implementation of `RunService` answers in the same words. */
import { PeerwayError } from '@peerway/core';
import type { Graph } from '@peerway/runtime';
import type { EventError, Plan } from '@peerway/engine';
import type { SubmitRun } from './requests.js';
import type { Look, RunFilter, RunState, RunSummary } from './service.js';
import type { StackConfig } from './stackConfigs.js';

/** The stack that a run's id names; undefined for what is no id. */
export function stackOfRun(id: string): string | undefined {
  const dot = id.lastIndexOf('.');
  return dot > 0 ? id.slice(0, dot) : undefined;
}

export const noSuchRun = (id: string): PeerwayError =>
  new PeerwayError('NotFound', `There is no run ${JSON.stringify(id.slice(0, 200))}`, {
    remedy: 'List the runs of the stack; those that ended long ago are forgotten.',
  });

/** @throws PeerwayError `InvalidArgument` when the request means another config than there is */
export function requireDigest({ digest }: SubmitRun, config: StackConfig): void {
  if (digest === undefined || digest === config.digest) return;
  throw new PeerwayError('InvalidArgument', `The config of ${config.name} here is another one than is meant`, {
    remedy: 'Bring the same file into the folder of stacks, then submit again.',
  });
}

export const notAwaiting = (state: RunState): PeerwayError =>
  new PeerwayError('FailedPrecondition', `The run does not wait for approval: it is ${state}`, {
    remedy: 'Look at the run.',
  });

export const otherPlan = (): PeerwayError =>
  new PeerwayError('FailedPrecondition', 'The run waits for the approval of another plan', {
    remedy: 'Look at the plan of the run, and approve its fingerprint.',
  });

export const notPlanned = (): PeerwayError =>
  new PeerwayError('FailedPrecondition', 'The run has made no plan yet', { remedy: 'Ask again in a moment.' });

/** @param runs the newest first */
export const pickRuns = (runs: readonly RunSummary[], { stack, state, limit = 50 }: RunFilter): RunSummary[] =>
  runs
    .filter((run) => (stack === undefined || run.stack === stack) && (state === undefined || run.state === state))
    .slice(0, Math.min(Math.max(limit, 0), 500));

export const lookOf = (stack: string, at: number, { drift, summary }: Plan, graph: Graph): Look => ({
  stack,
  at,
  drift,
  summary,
  graph,
});

export const failedLook = (stack: string, at: number, error: EventError): Look => ({ stack, at, drift: [], error });
