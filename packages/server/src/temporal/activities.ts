/**
 * What workers do for workflows. Whatever a cloud answers is a result. Only what another worker should do again is thrown: a worker
 * that shuts down, a config that could not be fetched.
 */
import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter, type PayloadCodec } from '@temporalio/common';
import { isPeerwayError, toPeerwayError, type Clock } from '@peerway/core';
import type { Plan, Progress, StopSignals } from '@peerway/engine';
import type { Peerway } from '@peerway/runtime';
import { failedLook, lookOf } from '../runs/answers.js';
import type { StackConfig } from '../runs/stackConfigs.js';
import {
  NAMES,
  placesWorkflowId,
  TASK_QUEUE,
  type Activities,
  type Answer,
  type PlacesState,
  type PlanTask,
  type RunAddress,
  type TaskAnswer,
  type TaskNews,
  type TaskWork,
  type WithConfig,
} from './protocol.js';
import { requireConfig, type WorkerStacks } from './workerStacks.js';

/** So often a worker says that it lives; the SDK sends what the server needs of it. */
const HEARTBEAT_MS = 1_000;
/** How long a stopped task lets its requests under way finish. */
const GRACE_MS = 10_000;

export interface ActivityOptions {
  readonly client: Client;
  /** Of the client. */
  readonly codec: PayloadCodec;
  readonly stacks: WorkerStacks;
  readonly clock: Clock;
}

export function activitiesOf(options: ActivityOptions): Activities {
  const worker = new WorkerActivities(options);
  return {
    planRun: (task) => worker.planRun(task),
    performTask: (work) => worker.performTask(work),
    lookAt: (digest) => worker.lookAt(digest),
    startPlaces: (plugins) => worker.startPlaces(plugins),
    endedRuns: (runs) => worker.endedRuns(runs),
  };
}

class WorkerActivities implements Activities {
  readonly #client: Client;
  readonly #codec: PayloadCodec;
  readonly #stacks: WorkerStacks;
  readonly #clock: Clock;

  constructor({ client, codec, stacks, clock }: ActivityOptions) {
    this.#client = client;
    this.#codec = codec;
    this.#stacks = stacks;
    this.#clock = clock;
  }

  planRun({ digest, mode, prune, targets }: PlanTask): ReturnType<Activities['planRun']> {
    return this.#answer(digest, async (peerway, signal) => {
      const plan = await peerway.plan({ mode, prune, targets, signal });
      const rules = peerway.rulesFor(plan);
      await this.startPlaces([...new Set(Object.values(rules).map(({ plugin }) => plugin))]);
      return { plan, rules };
    });
  }

  async lookAt(digest: string): ReturnType<Activities['lookAt']> {
    let stack = '';
    const answer = await this.#answer(digest, async (peerway, signal) => {
      ({ stack } = peerway);
      const plan: Plan = await peerway.plan({ signal });
      return lookOf(stack, this.#clock.now(), plan, await peerway.graph({ signal }));
    });
    return answer.ok ? answer.value : failedLook(stack, this.#clock.now(), answer.error);
  }

  async performTask(work: TaskWork): Promise<TaskAnswer> {
    const news: { waiting: Record<string, { cause: string; expectedAt?: number }> } = { waiting: {} };
    const { steps } = work;
    try {
      const ends = await this.#alive(news, work.digest, async (peerway, signal) => {
        const signals = this.#signals(signal);
        try {
          const assignment = { run: work.run, steps, results: work.results };
          return await peerway.perform(assignment, this.#progress(work, news.waiting), signals);
        } finally {
          signals.ended();
        }
      });
      return { kind: 'ended', ends };
    } catch (thrown) {
      if (isPeerwayError(thrown, 'Canceled')) return { kind: 'interrupted' };
      if (thrown instanceof CancelledFailure || thrown instanceof ApplicationFailure) throw thrown;
      const error = toPeerwayError(thrown).toJSON();
      return { kind: 'ended', ends: steps.map(() => ({ ok: false, error })) };
    }
  }

  async startPlaces(plugins: readonly string[]): Promise<void> {
    const state: PlacesState = { held: [], waiting: [], owners: {} };
    for (const plugin of plugins)
      await this.#client.workflow.start('keepPlaces', {
        workflowId: placesWorkflowId(plugin),
        taskQueue: TASK_QUEUE,
        args: [state],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowTaskTimeout: '5 seconds',
      });
  }

  async endedRuns(runs: readonly RunAddress[]): Promise<readonly RunAddress[]> {
    const states = await Promise.all(
      runs.map(async ({ workflowId, runId }) => {
        const { status } = await this.#client.workflow.getHandle(workflowId, runId).describe();
        return status.name;
      }),
    );
    return runs.filter((_, at) => states[at] !== 'RUNNING');
  }

  /** A stopped task lets its requests under way finish for a while. */
  #signals(stop: AbortSignal): StopSignals & { readonly ended: () => void } {
    const [abandon, ended] = [new AbortController(), new AbortController()];
    const onStop = (): void => {
      void this.#clock.sleep(GRACE_MS, ended.signal).then(
        () => abandon.abort(),
        () => undefined,
      );
    };
    stop.addEventListener('abort', onStop, { once: true });
    if (stop.aborted) onStop();
    return {
      stop,
      abandon: abandon.signal,
      ended: () => {
        stop.removeEventListener('abort', onStop);
        ended.abort();
      },
    };
  }

  #progress({ task, hasPlaces }: TaskWork, waiting: Record<string, { cause: string; expectedAt?: number }>): Progress {
    const { workflowId, runId } = execution();
    let released = false;
    return {
      released: () => {
        if (released || !hasPlaces) return;
        released = true;
        // lost with this worker, the places go back with the end of the task
        void this.#client.workflow
          .getHandle(workflowId, runId)
          .signal(NAMES.released, task)
          .catch(() => undefined);
      },
      waiting: (step, cause, etaMs) => {
        waiting[step] = { cause, ...(etaMs === undefined ? {} : { expectedAt: this.#clock.now() + etaMs }) };
      },
      retried: () => undefined,
    };
  }

  async #answer<T>(digest: string, work: (peerway: Peerway, signal: AbortSignal) => Promise<T>): Promise<Answer<T>> {
    try {
      return { ok: true, value: await this.#alive({ waiting: {} }, digest, work) };
    } catch (thrown) {
      if (thrown instanceof CancelledFailure || thrown instanceof ApplicationFailure) throw thrown;
      return { ok: false, error: toPeerwayError(thrown).toJSON() };
    }
  }

  /** Works on the stack while the server is told that this worker lives. A worker that shuts down leaves the work to another. */
  async #alive<T>(
    news: TaskNews,
    digest: string,
    work: (peerway: Peerway, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const context = Context.current();
    const ended = new AbortController();
    const beat = async (): Promise<void> => {
      for (;;) {
        context.heartbeat(news);
        await this.#clock.sleep(HEARTBEAT_MS, ended.signal);
      }
    };
    const beating = beat().catch(() => undefined);
    try {
      return await this.#stacks.use(
        digest,
        () => this.#config(digest),
        (peerway) => work(peerway, context.cancellationSignal),
      );
    } catch (thrown) {
      if (isShutdown(context.cancellationSignal))
        throw ApplicationFailure.retryable('The worker shuts down', 'shutdown');
      throw thrown;
    } finally {
      ended.abort();
      await beating;
    }
  }

  /** Of the first event of the workflow that this is done for: its first argument holds the config. */
  async #config(digest: string): Promise<StackConfig> {
    const input = await firstInput(this.#client, this.#codec, execution()).catch(() => {
      throw ApplicationFailure.retryable('The config of the run could not be fetched', 'no-config');
    });
    return requireConfig(input?.config, digest);
  }
}

/** The workflow that asked: all of ours are asked for by one. */
function execution(): RunAddress {
  const { workflowExecution } = Context.current().info;
  if (workflowExecution === undefined) throw ApplicationFailure.nonRetryable('Nobody asked for this', 'no-workflow');
  return workflowExecution;
}

const isShutdown = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && reason instanceof CancelledFailure && reason.message === 'WORKER_SHUTDOWN';

async function firstInput(
  client: Client,
  codec: PayloadCodec,
  { workflowId, runId }: RunAddress,
): Promise<WithConfig | undefined> {
  const { namespace } = client.options;
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const [input] = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  if (input === undefined) return undefined;
  const [decoded] = await codec.decode([input]);
  return decoded === undefined ? undefined : defaultPayloadConverter.fromPayload<WithConfig>(decoded);
}
