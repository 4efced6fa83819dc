/** Looks at stacks on Temporal: each is a workflow, whose memo has the summary for lists. */
import type { Client } from '@temporalio/client';
import { PERSONS_PRIORITY, lookWorkflowId, TASK_QUEUE, type LookInput, type LookMemo } from './protocol.js';
import type { Look, LookSummary } from '../runs/service.js';
import type { StackConfig } from '../runs/stackConfigs.js';

/** So many of the newest are looked through. */
const LOOKED_THROUGH = 1_000;
/** Of one stack: those that are under way have no summary yet. */
const LOOKED_THROUGH_OF_ONE = 10;

export class TemporalLooks {
  constructor(private readonly client: Client) {}

  /** The last of each stack, by its name. */
  async summaries(): Promise<ReadonlyMap<string, LookSummary>> {
    const looks = new Map<string, LookSummary>();
    for await (const look of this.#newest('', LOOKED_THROUGH)) if (!looks.has(look.stack)) looks.set(look.stack, look);
    return looks;
  }

  async summaryOf(stack: string): Promise<LookSummary | undefined> {
    for await (const look of this.#newest(ofStack(stack), LOOKED_THROUGH_OF_ONE)) return look;
    return undefined;
  }

  async last(stack: string): Promise<Look | undefined> {
    const query = `WorkflowType = 'reconcile'${ofStack(stack)} AND ExecutionStatus = 'Completed'`;
    for await (const { workflowId, runId } of this.client.workflow.list({ query, pageSize: 1 }))
      return (await this.client.workflow.getHandle(workflowId, runId).result()) as Look;
    return undefined;
  }

  /** Looks now, or waits for whoever looks already. */
  async now(config: StackConfig): Promise<Look> {
    const input: LookInput = { version: 1, config, action: 'look' };
    const handle = await this.client.workflow.start('reconcile', {
      workflowId: `${lookWorkflowId(config.name)}now`,
      taskQueue: TASK_QUEUE,
      args: [input],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowTaskTimeout: '5 seconds',
      priority: { priorityKey: PERSONS_PRIORITY },
    });
    return (await handle.result()) as Look;
  }

  async *#newest(which: string, most: number): AsyncGenerator<LookSummary> {
    let seen = 0;
    const query = `WorkflowType = 'reconcile'${which}`;
    for await (const { memo } of this.client.workflow.list({ query, pageSize: Math.min(most, 200) })) {
      const { look } = (memo ?? {}) as LookMemo;
      if (look !== undefined) yield look;
      if (++seen >= most) return;
    }
  }
}

/** @param stack its name has no quote in it */
const ofStack = (stack: string): string => ` AND WorkflowId STARTS_WITH '${lookWorkflowId(stack)}'`;
