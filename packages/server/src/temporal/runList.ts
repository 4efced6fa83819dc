/** Runs as Temporal's list shows them: from what each run has written about itself, so that no worker is asked. */
import type { Client, WorkflowExecutionDescription, WorkflowExecutionInfo } from '@temporalio/client';
import type { EventError } from '@peerway/engine';
import type { RunDetail, RunSummary } from '../runs/service.js';
import type { RunMemo } from './protocol.js';

/** So many of the newest are looked through. */
const LOOKED_THROUGH = 1_000;

const RUNS = "WorkflowType = 'stackRun'";

/** A run with its idempotency key. */
export interface ListedRun {
  readonly summary: RunSummary;
  readonly key: string | undefined;
}

/** The newest first. @param stack of one stack alone; its name has no quote in it */
export async function listRuns(
  client: Client,
  { stack, isRunning = false }: { readonly stack?: string; readonly isRunning?: boolean } = {},
): Promise<readonly ListedRun[]> {
  const query = [
    RUNS,
    ...(stack === undefined ? [] : [`WorkflowId = 'run/${stack}'`]),
    ...(isRunning ? ["ExecutionStatus = 'Running'"] : []),
  ].join(' AND ');
  const runs: ListedRun[] = [];
  for await (const info of client.workflow.list({ query, pageSize: 200 })) {
    const run = listedRun(info);
    if (run !== undefined) runs.push(run);
    if (runs.length >= LOOKED_THROUGH) break;
  }
  return runs;
}

/** Undefined for what is no run of ours. */
export function listedRun(info: WorkflowExecutionInfo | WorkflowExecutionDescription): ListedRun | undefined {
  const { run, key } = (info.memo ?? {}) as Partial<RunMemo>;
  if (run === undefined) return undefined;
  const submittedAt = info.startTime.getTime();
  const ended = info.status.name !== 'RUNNING' && run.state !== 'ended';
  const summary: RunSummary = {
    ...run,
    id: `${run.stack}.${info.runId}`,
    submittedAt,
    ...(ended ? { state: 'ended', outcome: 'failed', endedAt: (info.closeTime ?? info.startTime).getTime() } : {}),
  };
  return { summary, key };
}

/** What is known of a run that says nothing itself: not taken up yet, or ended from outside. */
export function bareDetail(summary: RunSummary, status: string): RunDetail {
  const bare = { ...summary, steps: [], lastEvent: 0 };
  return status === 'RUNNING' ? bare : { ...bare, error: endedFromOutside(status) };
}

const endedFromOutside = (status: string): EventError => ({
  code: 'Internal',
  message: `The run was ended from outside (${status.toLowerCase()})`,
  remedy: 'Submit it again: what is done stays done. Look in Temporal for who ended it.',
});
