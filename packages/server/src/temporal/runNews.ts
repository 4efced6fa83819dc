/** What the tasks of a run that are under way wait for, as their workers say with each heartbeat. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter, type PayloadCodec } from '@temporalio/common';
import type { RunDetail } from '../runs/service.js';
import type { TaskNews } from './protocol.js';

export async function newsOf({ raw }: WorkflowExecutionDescription, codec: PayloadCodec): Promise<TaskNews['waiting']> {
  const payloads = (raw.pendingActivities ?? []).flatMap(({ heartbeatDetails }) => heartbeatDetails?.payloads ?? []);
  const news = (await codec.decode(payloads)).map((payload) => defaultPayloadConverter.fromPayload<TaskNews>(payload));
  return Object.assign({}, ...news.map(({ waiting }) => waiting)) as TaskNews['waiting'];
}

export const withNews = (detail: RunDetail, waiting: TaskNews['waiting']): RunDetail => ({
  ...detail,
  steps: detail.steps.map((step) => {
    const news = Object.hasOwn(waiting, step.id) ? waiting[step.id] : undefined;
    if (news === undefined || step.state !== 'running') return step;
    const { cause, expectedAt } = news;
    return { ...step, waitingFor: cause, ...(expectedAt === undefined ? {} : { expectedAt }) };
  }),
});
