/** Who asks for work. */
import type { Client } from '@temporalio/client';
import { TASK_QUEUE } from './protocol.js';

/** A worker asks at least once in this time: a question is left open for 60 s. */
const LATELY_MS = 75_000;
const ACTIVITIES = 2; // TASK_QUEUE_TYPE_ACTIVITY

/**
 * Workers that have asked for tasks lately; one that was killed counts for a minute, unless another of its name has taken its place.
 * @param own a name that counts although it may not have asked yet
 */
export async function countWorkers(client: Client, now: number, own?: string): Promise<number> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: TASK_QUEUE },
    taskQueueType: ACTIVITIES,
  });
  const lately = (pollers ?? []).filter(
    ({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000 > now - LATELY_MS,
  );
  return new Set([...lately.map(({ identity }) => identity), ...(own === undefined ? [] : [own])]).size;
}
