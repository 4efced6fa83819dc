/** What a schedule starts, and a person who wants to look now: a look at a stack, and a run of it where something is to be done. */
import {
  ActivityCancellationType,
  executeChild,
  ParentClosePolicy,
  proxyActivities,
  upsertMemo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { lookSummary } from '../../runs/lookSummary.js';
import type { Look } from '../../runs/service.js';
import {
  runWorkflowId,
  type Activities,
  type LookInput,
  type LookMemo,
  type RunInput,
  type RunMemo,
} from '../protocol.js';
import { ACTIVITY_OPTIONS } from './workflowHost.js';
import type { stackRun } from './stackRun.js';

/** After a person's, which is 2. */
const PRIORITY = 4;

export async function reconcile({ config, action }: LookInput): Promise<Look> {
  const { lookAt } = proxyActivities<Activities>({
    ...ACTIVITY_OPTIONS,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    priority: { priorityKey: PRIORITY },
  });
  const look = await lookAt(config.digest);
  const memo: LookMemo = { look: lookSummary(look) };
  upsertMemo({ ...memo });
  const changes = Object.values(look.summary ?? {}).reduce((sum, count) => sum + count, 0);
  if (action === 'apply' && changes > 0) await applyNow(config);
  return look;
}

async function applyNow(config: LookInput['config']): Promise<void> {
  const by = 'schedule';
  const input: RunInput = {
    version: 1,
    config,
    mode: 'apply',
    prune: 'sync',
    targets: [],
    force: false,
    askFirst: false,
    by,
    priority: PRIORITY,
  };
  const counts = { queued: 0, running: 0, done: 0, failed: 0, skipped: 0, left: 0 };
  const memo: RunMemo = {
    run: { stack: config.name, mode: 'apply', state: 'queued', by, submittedAt: Date.now(), counts },
  };
  try {
    await executeChild<typeof stackRun>('stackRun', {
      workflowId: runWorkflowId(config.name),
      args: [input],
      memo: { ...memo },
      workflowTaskTimeout: '5 seconds',
      parentClosePolicy: ParentClosePolicy.ABANDON,
      priority: { priorityKey: PRIORITY },
    });
  } catch (thrown) {
    if (!(thrown instanceof WorkflowExecutionAlreadyStartedError)) throw thrown;
    // a run is under way already: what it leaves is seen by the next look
  }
}
