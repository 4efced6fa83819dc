/** Runs on Temporal, for whoever orders and shows them. Holds no credentials of a cloud, and asks workers only for what is going on. */
import {
  Client,
  Connection,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type WorkflowHandle,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { isPeerwayError, PeerwayError, systemClock, type Clock } from '@peerway/core';
import type { Plan } from '@peerway/engine';
import { noSuchRun, notAwaiting, notPlanned, otherPlan, pickRuns, requireDigest, stackOfRun } from '../runs/answers.js';
import type { SetSchedule, SubmitRun } from '../runs/requests.js';
import type {
  Look,
  LookSummary,
  RunDetail,
  RunEvent,
  RunFilter,
  RunService,
  RunState,
  RunSummary,
  ScheduleEntry,
  ServiceHealth,
  StackEntry,
  Submitted,
} from '../runs/service.js';
import { stackNamed, type StackSource } from '../runs/stackConfigs.js';
import type { PackingCodec } from './codec.js';
import { connectionOptions, engineAddress, payloadCodec } from './connection.js';
import {
  lookWorkflowId,
  NAMES,
  runWorkflowId,
  TASK_QUEUE,
  type LookInput,
  type LookMemo,
  type RunInput,
  type RunMemo,
} from './protocol.js';
import { bareDetail, listedRun, listRuns } from './runList.js';
import { newsOf, withNews } from './runNews.js';
import { TemporalSchedules } from './temporalSchedules.js';
import { countWorkers } from './workers.js';

export interface TemporalRunsOptions {
  /** `temporal://host:port/namespace`. */
  readonly engine: string;
  readonly stacks: StackSource;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Default: the machine's time. */
  readonly clock?: Clock;
}

/** Before what a schedule starts, which is 4. */
const PERSONS_PRIORITY = 2;
/** A worker that does not answer a question by then is not there. */
const ANSWER_WITHIN_MS = 5_000;
const LOOK_AGAIN_MS = 700;
/** Schedules learn so often which config their stack has now. */
const REFRESH_MS = 60_000;

export class TemporalRuns implements RunService {
  readonly #stacks: StackSource;
  readonly #clock: Clock;
  readonly #codec: PackingCodec;
  readonly #connection: Connection;
  readonly #client: Client;
  readonly #schedules: TemporalSchedules;
  readonly #closing = new AbortController();

  /** Connects when it is first asked. @throws PeerwayError `InvalidArgument` for an address or key that is none */
  constructor({ engine, stacks, env, clock = systemClock }: TemporalRunsOptions) {
    const address = engineAddress(engine);
    this.#stacks = stacks;
    this.#clock = clock;
    this.#codec = payloadCodec(env);
    this.#connection = Connection.lazy(connectionOptions(address, env));
    this.#client = new Client({
      connection: this.#connection,
      namespace: address.namespace,
      dataConverter: { payloadCodecs: [this.#codec] },
    });
    this.#schedules = new TemporalSchedules(this.#client);
    void this.#refresh();
  }

  stacks(): Promise<readonly StackEntry[]> {
    return this.#ask(async () => {
      const [configs, runs, looks] = await Promise.all([
        this.#stacks.list(),
        listRuns(this.#client),
        this.#lookSummaries(),
      ]);
      return configs.map(({ name, digest, file }) => {
        const lastRun = runs.find(({ summary }) => summary.stack === name)?.summary;
        const lastLook = looks.get(name);
        return {
          name,
          digest,
          file,
          ...(lastRun === undefined || lastRun.state === 'ended' ? {} : { run: lastRun.id }),
          ...(lastLook === undefined ? {} : { lastLook }),
          ...(lastRun === undefined ? {} : { lastRun }),
        };
      });
    });
  }

  async config(stack: string): Promise<string> {
    return (await stackNamed(this.#stacks, stack)).text;
  }

  async submit(request: SubmitRun, by: string): Promise<Submitted> {
    const {
      stack,
      mode = 'apply',
      prune = 'sync',
      targets = [],
      force = false,
      askFirst = false,
      expect,
      key,
    } = request;
    const config = await stackNamed(this.#stacks, stack);
    requireDigest(request, config);
    const input: RunInput = {
      version: 1,
      config,
      mode,
      prune,
      targets,
      force,
      askFirst,
      by,
      priority: PERSONS_PRIORITY,
      ...(expect === undefined ? {} : { expect }),
      ...(key === undefined ? {} : { key }),
    };
    return this.#ask(async () => {
      const known = key === undefined ? undefined : await this.#runWithKey(stack, key);
      return known === undefined ? this.#start(input) : { kind: 'known', run: known };
    });
  }

  runs(filter: RunFilter = {}): Promise<readonly RunSummary[]> {
    const { stack, state } = filter;
    return this.#ask(async () => {
      const isRunning = state !== undefined && state !== 'ended';
      const runs = await listRuns(this.#client, { isRunning, ...(stack === undefined ? {} : { stack }) });
      return pickRuns(
        runs.map(({ summary }) => summary),
        filter,
      );
    });
  }

  run(id: string): Promise<RunDetail> {
    return this.#ask(async () => {
      const { handle, description, summary } = await this.#find(id);
      const status = description.status.name;
      if (status === 'COMPLETED') return (await handle.result()) as RunDetail;
      if (status !== 'RUNNING') return bareDetail(summary, status);
      const detail = await this.#query<RunDetail>(handle, NAMES.detail);
      return detail === undefined
        ? bareDetail(summary, status)
        : withNews(detail, await newsOf(description, this.#codec));
    });
  }

  plan(id: string): Promise<Plan> {
    return this.#ask(async () => {
      const { handle } = await this.#find(id);
      const plan = await this.#query<Plan | null>(handle, NAMES.plan);
      if (plan === undefined) throw noWorker();
      if (plan === null) throw notPlanned();
      return plan;
    });
  }

  async *events(id: string, after: number, signal: AbortSignal): AsyncGenerator<RunEvent> {
    const either = AbortSignal.any([signal, this.#closing.signal]);
    const said = new Map<string, string>();
    let last = after;
    while (!either.aborted) {
      const { events, ended, passing } = await this.#ask(() => this.#eventsNow(id, last));
      for (const event of events) {
        yield event;
        last = event.seq;
      }
      for (const event of passing(last))
        if (event.type === 'step.waiting' && said.get(event.step.id) !== event.cause) {
          said.set(event.step.id, event.cause);
          yield event;
        }
      if (ended && events.length === 0) return;
      if (events.length === 0) await this.#clock.sleep(LOOK_AGAIN_MS, either).catch(() => undefined);
    }
  }

  approve(id: string, fingerprint: string, by: string): Promise<void> {
    return this.#ask(async () => {
      const { handle } = await this.#find(id);
      try {
        await handle.executeUpdate(NAMES.approve, { args: [fingerprint, by] });
      } catch (error) {
        throw refusedApproval(error) ?? error;
      }
    });
  }

  cancel(id: string, by: string): Promise<void> {
    return this.#ask(async () => {
      const { handle, description } = await this.#find(id);
      if (description.status.name !== 'RUNNING') return;
      await handle.signal(NAMES.stop, by).catch((error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error; // ended just now
      });
    });
  }

  async lastLook(stack: string): Promise<Look | undefined> {
    const { name } = await stackNamed(this.#stacks, stack);
    return this.#ask(async () => {
      const query = `WorkflowType = 'reconcile' AND WorkflowId STARTS_WITH '${lookWorkflowId(name)}' AND ExecutionStatus = 'Completed'`;
      for await (const { workflowId, runId } of this.#client.workflow.list({ query, pageSize: 1 }))
        return (await this.#client.workflow.getHandle(workflowId, runId).result()) as Look;
      return undefined;
    });
  }

  async look(stack: string, signal: AbortSignal): Promise<Look> {
    const config = await stackNamed(this.#stacks, stack);
    const input: LookInput = { version: 1, config, action: 'look' };
    return this.#ask(async () => {
      const handle = await this.#client.workflow.start('reconcile', {
        workflowId: `${lookWorkflowId(stack)}now`,
        taskQueue: TASK_QUEUE,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowTaskTimeout: '5 seconds',
        priority: { priorityKey: PERSONS_PRIORITY },
      });
      return this.#connection.withAbortSignal(signal, () => handle.result() as Promise<Look>);
    });
  }

  schedules(): Promise<readonly ScheduleEntry[]> {
    return this.#ask(() => this.#schedules.list());
  }

  async setSchedule(schedule: SetSchedule): Promise<ScheduleEntry> {
    const config = await stackNamed(this.#stacks, schedule.stack);
    return this.#ask(() => this.#schedules.set(schedule, config));
  }

  deleteSchedule(stack: string): Promise<void> {
    return this.#ask(() => this.#schedules.delete(stack));
  }

  async health(): Promise<ServiceHealth> {
    try {
      const [workers, running] = await this.#ask(() =>
        this.#connection.withDeadline(this.#clock.now() + ANSWER_WITHIN_MS, () =>
          Promise.all([countWorkers(this.#client, this.#clock.now()), listRuns(this.#client, { isRunning: true })]),
        ),
      );
      return { reachable: true, workers, running: running.length };
    } catch (error) {
      if (!isPeerwayError(error)) throw error;
      return { reachable: false, running: 0, detail: error.message };
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connection.close();
  }

  async #start(input: RunInput): Promise<Submitted> {
    const { config, mode, by, key, priority } = input;
    const stack = config.name;
    const counts = { queued: 0, running: 0, done: 0, failed: 0, skipped: 0, left: 0 };
    const memo: RunMemo = {
      run: { stack, mode, state: 'queued', by, submittedAt: this.#clock.now(), counts },
      ...(key === undefined ? {} : { key }),
    };
    try {
      const handle = await this.#client.workflow.start('stackRun', {
        workflowId: runWorkflowId(stack),
        taskQueue: TASK_QUEUE,
        args: [input],
        memo: { ...memo },
        workflowTaskTimeout: '5 seconds',
        priority: { priorityKey: priority },
      });
      return { kind: 'submitted', run: `${stack}.${handle.firstExecutionRunId}` };
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const other = listedRun(await this.#client.workflow.getHandle(runWorkflowId(stack)).describe());
      if (other === undefined) throw error;
      return { kind: key !== undefined && other.key === key ? 'known' : 'busy', run: other.summary.id };
    }
  }

  async #runWithKey(stack: string, key: string): Promise<string | undefined> {
    return (await listRuns(this.#client, { stack })).find((run) => run.key === key)?.summary.id;
  }

  async #find(id: string) {
    const stack = stackOfRun(id);
    if (stack === undefined) throw noSuchRun(id);
    const handle = this.#client.workflow.getHandle(runWorkflowId(stack), id.slice(stack.length + 1));
    try {
      const description = await handle.describe();
      const listed = listedRun(description);
      if (listed === undefined) throw noSuchRun(id);
      return { handle, description, summary: listed.summary };
    } catch (error) {
      // what is no id of a run is an invalid argument there
      if (error instanceof WorkflowNotFoundError || grpcCode(error) === INVALID_ARGUMENT) throw noSuchRun(id);
      throw error;
    }
  }

  /** Undefined when no worker answers in time. */
  async #query<T>(handle: WorkflowHandle, name: string, ...args: unknown[]): Promise<T | undefined> {
    try {
      return await this.#connection.withDeadline(this.#clock.now() + ANSWER_WITHIN_MS, () =>
        handle.query<T, unknown[]>(name, ...args),
      );
    } catch (error) {
      if (NOT_ANSWERED.has(grpcCode(error))) return undefined;
      throw error;
    }
  }

  async #eventsNow(id: string, last: number) {
    const { handle, description } = await this.#find(id);
    const ended = description.status.name !== 'RUNNING';
    const events = await this.#query<readonly RunEvent[]>(handle, NAMES.events, last);
    if (events === undefined && ended) throw noWorker();
    const news = ended ? {} : await newsOf(description, this.#codec);
    const detail = Object.keys(news).length === 0 ? undefined : await this.#query<RunDetail>(handle, NAMES.detail);
    const passing = (seq: number): RunEvent[] =>
      (detail?.steps ?? []).flatMap(({ id: step, action, object, connection, state }) => {
        const waits = Object.hasOwn(news, step) ? news[step] : undefined;
        if (waits === undefined || state !== 'running') return [];
        const at = this.#clock.now();
        const { cause, expectedAt } = waits;
        const ref = { id: step, action, object, connection };
        const etaMs = expectedAt === undefined ? {} : { etaMs: Math.max(0, expectedAt - at) };
        return [{ type: 'step.waiting' as const, step: ref, cause, ...etaMs, seq, at }];
      });
    return { events: events ?? [], ended, passing };
  }

  async #lookSummaries(): Promise<ReadonlyMap<string, LookSummary>> {
    const looks = new Map<string, LookSummary>();
    let seen = 0;
    for await (const { memo } of this.#client.workflow.list({ query: "WorkflowType = 'reconcile'", pageSize: 200 })) {
      const { look } = (memo ?? {}) as LookMemo;
      if (look !== undefined && !looks.has(look.stack)) looks.set(look.stack, look);
      if (++seen >= 1_000) break;
    }
    return looks;
  }

  async #refresh(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#clock.sleep(REFRESH_MS, signal).catch(() => undefined);
      if (!signal.aborted) await this.#schedules.refresh(this.#stacks).catch(() => undefined);
    }
  }

  async #ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isPeerwayError(error)) throw error;
      throw unreachable(error);
    }
  }
}

/** The client wraps some of gRPC's errors, once or more; told by their shape, for the classes may come twice in one tree. */
function grpcCode(error: unknown): number | undefined {
  for (let at = error; typeof at === 'object' && at !== null; at = 'cause' in at ? at.cause : undefined)
    if ('code' in at && typeof at.code === 'number') return at.code;
  return undefined;
}

/** Codes of gRPC. */
const INVALID_ARGUMENT = 3;
const NOT_ANSWERED: ReadonlySet<number | undefined> = new Set([1, 4, 9]); // CANCELLED or DEADLINE_EXCEEDED, at the deadline; FAILED_PRECONDITION: no worker has taken it up yet

const noWorker = (): PeerwayError =>
  new PeerwayError('Unavailable', 'No worker answers', { remedy: 'Start one: `peerway worker --engine …`.' });

/** Of an error of Temporal's client nothing but its kind is kept. */
function unreachable(error: unknown): PeerwayError {
  const kind = error instanceof Error ? error.name : typeof error;
  return new PeerwayError('Unavailable', `Temporal cannot be asked (${kind})`, {
    remedy: 'Check that its server runs and can be reached, and that the namespace exists.',
  });
}

function refusedApproval(error: unknown): PeerwayError | undefined {
  if (error instanceof WorkflowNotFoundError) return notAwaiting('ended');
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return undefined;
  const { type, message } = error.cause;
  return type === 'other-plan' ? otherPlan() : type === 'not-awaiting' ? notAwaiting(message as RunState) : undefined;
}
