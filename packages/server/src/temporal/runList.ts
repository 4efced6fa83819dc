/** Runs as Temporal's list shows them: from what each run has written about itself, so that no worker is asked. */
import type { Client, WorkflowExecutionDescription, WorkflowExecutionInfo } from '@temporalio/client';
import type { EventError } from '@peerway/engine';
import { fitsFilter } from '../runs/answers.js';
import type { RunDetail, RunFilter, RunSummary } from '../runs/service.js';
import { runWorkflowId, type RunKey, type RunMemo } from './protocol.js';

/** So many of the newest are looked through. */
const LOOKED_THROUGH = 1_000;

/** More than a query should hold: then all are looked through. */
const MOST_PREFIXES = 50;

const IS_RUNNING = `ExecutionStatus = 'Running'`;
const RUNS = "WorkflowType = 'stackRun'";

/** A run with its idempotency key. */
export interface ListedRun {
  readonly summary: RunSummary;
  readonly key: RunKey | undefined;
}

/** The newest first, as many as the filter says, or all that are looked through. */
export async function listRuns(client: Client, filter: RunFilter = {}): Promise<readonly ListedRun[]> {
  const { limit = LOOKED_THROUGH } = filter;
  const runs: ListedRun[] = [];
  if (limit === 0) return runs;
  let seen = 0;
  for await (const info of client.workflow.list({ query: runQuery(filter), pageSize: Math.min(limit, 200) })) {
    const run = listedRun(info);
    if (run !== undefined && fitsFilter(run.summary, filter)) runs.push(run);
    if (runs.length >= limit || ++seen >= LOOKED_THROUGH) break;
  }
  return runs;
}

export async function countRunning(client: Client): Promise<number> {
  return (await client.workflow.count(`${RUNS} AND ${IS_RUNNING}`)).count;
}

/** As much of a filter as Temporal can answer itself: nobody's runs are hidden behind very many of somebody else. */
export function runQuery({ stack, stacks, state }: RunFilter): string {
  const isNamed = stack === undefined ? [] : [`WorkflowId = '${runWorkflowId(stack)}'`];
  const begins = stacks === undefined ? [] : beginsWithOneOf(stacks.prefixes);
  const isRunning = state === undefined ? [] : [state === 'ended' ? `ExecutionStatus != 'Running'` : IS_RUNNING];
  return [RUNS, ...isNamed, ...begins, ...isRunning].join(' AND ');
}

function beginsWithOneOf(prefixes: readonly string[]): string[] {
  // what no name holds would only end the quotes
  const safe = prefixes.map((prefix) => /^[A-Za-z0-9._-]*/.exec(prefix)?.[0] ?? '');
  const needed = safe.filter((each, at) => !safe.some((other, index) => covers(other, each, index < at)));
  if (needed.length === 0) return [`WorkflowId = ''`];
  if (needed.includes('') || needed.length > MOST_PREFIXES) return [];
  return [`(${needed.map((each) => `WorkflowId STARTS_WITH '${runWorkflowId(each)}'`).join(' OR ')})`];
}

const covers = (other: string, prefix: string, isEarlier: boolean): boolean =>
  prefix.startsWith(other) && (other !== prefix || isEarlier);

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
