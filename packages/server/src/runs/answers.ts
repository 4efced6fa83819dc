/** What every implementation of `RunService` answers in the same words. */
import { createHash } from 'node:crypto';
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

/** What was asked for, whatever its key: the same key with another one of these is a mistake worth telling. */
export function digestOfRequest({ key: _key, ...asked }: SubmitRun): string {
  const members = Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(members)).digest('hex');
}

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
export const pickRuns = (runs: readonly RunSummary[], filter: RunFilter): RunSummary[] =>
  runs.filter((run) => fitsFilter(run, filter)).slice(0, limitOf(filter));

export const fitsFilter = (run: RunSummary, { stack, stacks, state }: RunFilter): boolean =>
  (stack === undefined || run.stack === stack) &&
  (stacks === undefined || stacks.fits(run.stack)) &&
  (state === undefined || run.state === state);

export const limitOf = ({ limit = 50 }: RunFilter): number => Math.min(Math.max(limit, 0), 500);

export const lookOf = (stack: string, at: number, { drift, summary }: Plan, graph: Graph): Look => ({
  stack,
  at,
  drift,
  summary,
  graph,
});

export const failedLook = (stack: string, at: number, error: EventError): Look => ({ stack, at, drift: [], error });
