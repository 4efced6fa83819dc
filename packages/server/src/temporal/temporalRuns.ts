/** Runs on Temporal, for whoever orders and shows them. Holds no credentials of a cloud, and asks workers only for what is going on. */
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { isPeerwayError, PeerwayError, systemClock, type Clock } from '@peerway/core';
import type { Plan } from '@peerway/engine';
import {
  digestOfRequest,
  limitOf,
  noSuchRun,
  notAwaiting,
  notPlanned,
  otherPlan,
  requireDigest,
  stackOfRun,
} from '../runs/answers.js';
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
  StackList,
  Submitted,
} from '../runs/service.js';
import { leftOut, stackNamed, type StackConfig, type StackSource } from '../runs/stackConfigs.js';
import {
  NAMES,
  PERSONS_PRIORITY,
  runWorkflowId,
  TASK_QUEUE,
  type RunInput,
  type RunKey,
  type RunMemo,
} from './protocol.js';
import { bareDetail, countRunning, listedRun, listRuns, type ListedRun } from './runList.js';
import { newsOf, withNews } from './runNews.js';
import { TemporalLink } from './temporalLink.js';
import { TemporalLooks } from './temporalLooks.js';
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

/** A worker that does not answer a question by then is not there. */
const ANSWER_WITHIN_MS = 5_000;
const LOOK_AGAIN_MS = 700;
/** Schedules learn so often which config their stack has now. */
const REFRESH_MS = 60_000;

export class TemporalRuns implements RunService {
  readonly #stacks: StackSource;
  readonly #clock: Clock;
  readonly #link: TemporalLink;
  readonly #schedules: TemporalSchedules;
  readonly #looks: TemporalLooks;
  readonly #closing = new AbortController();

  /** Connects when it is first asked. @throws PeerwayError `InvalidArgument` for an address or key that is none */
  constructor({ engine, stacks, env, clock = systemClock }: TemporalRunsOptions) {
    this.#stacks = stacks;
    this.#clock = clock;
    this.#link = new TemporalLink({ engine, env, clock });
    this.#schedules = new TemporalSchedules(this.#client);
    this.#looks = new TemporalLooks(this.#client);
    void this.#refresh();
  }

  async stacks(): Promise<StackList> {
    const { stacks, problems } = await this.#stacks.list();
    const [runs, looks] = await this.#link.ask(() => Promise.all([listRuns(this.#client), this.#looks.summaries()]));
    const lastRuns = new Map([...runs].reverse().map(({ summary }) => [summary.stack, summary]));
    return {
      stacks: stacks.map((config) => entryOf(config, lastRuns.get(config.name), looks.get(config.name))),
      problems,
    };
  }

  async stack(name: string): Promise<StackEntry> {
    const config = await stackNamed(this.#stacks, name);
    const [[lastRun], look] = await this.#link.ask(() =>
      Promise.all([listRuns(this.#client, { stack: name, limit: 1 }), this.#looks.summaryOf(name)]),
    );
    return entryOf(config, lastRun?.summary, look);
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
      ...(key === undefined ? {} : { key: { text: key, asked: digestOfRequest(request) } }),
    };
    return this.#link.ask(async () => (await this.#known(input)) ?? this.#start(input));
  }

  runs(filter: RunFilter = {}): Promise<readonly RunSummary[]> {
    return this.#link.ask(async () =>
      (await listRuns(this.#client, { ...filter, limit: limitOf(filter) })).map(({ summary }) => summary),
    );
  }

  run(id: string): Promise<RunDetail> {
    return this.#link.ask(async () => {
      const { handle, description, summary } = await this.#find(id);
      const status = description.status.name;
      if (status === 'COMPLETED') return (await handle.result()) as RunDetail;
      if (status !== 'RUNNING') return bareDetail(summary, status);
      const detail = await this.#query<RunDetail>(handle, NAMES.detail);
      return detail === undefined
        ? bareDetail(summary, status)
        : withNews(detail, await newsOf(description, this.#link.codec));
    });
  }

  plan(id: string): Promise<Plan> {
    return this.#link.ask(async () => {
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
      const { events, ended, passing } = await this.#link.ask(() => this.#eventsNow(id, last));
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
    return this.#link.ask(async () => {
      const { handle } = await this.#find(id);
      try {
        await handle.executeUpdate(NAMES.approve, { args: [fingerprint, by] });
      } catch (error) {
        throw refusedApproval(error) ?? error;
      }
    });
  }

  cancel(id: string, by: string): Promise<void> {
    return this.#link.ask(async () => {
      const { handle, description } = await this.#find(id);
      if (description.status.name !== 'RUNNING') return;
      await handle.signal(NAMES.stop, by).catch((error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error; // ended just now
      });
    });
  }

  async lastLook(stack: string): Promise<Look | undefined> {
    const { name } = await stackNamed(this.#stacks, stack);
    return this.#link.ask(() => this.#looks.last(name));
  }

  async look(stack: string, signal: AbortSignal): Promise<Look> {
    const config = await stackNamed(this.#stacks, stack);
    return this.#link.ask(() => this.#looks.now(config), signal);
  }

  schedules(): Promise<readonly ScheduleEntry[]> {
    return this.#link.ask(() => this.#schedules.list());
  }

  schedule(stack: string): Promise<ScheduleEntry | undefined> {
    return this.#link.ask(() => this.#schedules.of(stack));
  }

  async setSchedule(schedule: SetSchedule): Promise<ScheduleEntry> {
    const config = await stackNamed(this.#stacks, schedule.stack);
    return this.#link.ask(() => this.#schedules.set(schedule, config));
  }

  deleteSchedule(stack: string): Promise<void> {
    return this.#link.ask(() => this.#schedules.delete(stack));
  }

  async health(): Promise<ServiceHealth> {
    const stacksLeftOut = await leftOut(this.#stacks);
    try {
      const [workers, running] = await this.#link.ask(() =>
        Promise.all([countWorkers(this.#client, this.#clock.now()), countRunning(this.#client)]),
      );
      return { reachable: true, workers, running, stacksLeftOut };
    } catch (error) {
      if (!isPeerwayError(error)) throw error;
      return { reachable: false, running: 0, detail: error.message, stacksLeftOut };
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#link.close();
  }

  get #client(): Client {
    return this.#link.client;
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
      return (key === undefined ? undefined : answerTo(other, key)) ?? { kind: 'busy', run: other.summary.id };
    }
  }

  /** Of what was ordered by this key before, by whichever server: the newest run as Temporal keeps it, older ones from its list, which may be behind. */
  async #known({ config, key }: RunInput): Promise<Submitted | undefined> {
    if (key === undefined) return undefined;
    const newest = await this.#newest(config.name);
    if (newest === undefined) return undefined;
    const before = await listRuns(this.#client, { stack: config.name });
    return [newest, ...before].map((run) => answerTo(run, key)).find((answer) => answer !== undefined);
  }

  async #newest(stack: string): Promise<ListedRun | undefined> {
    try {
      return listedRun(await this.#client.workflow.getHandle(runWorkflowId(stack)).describe());
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    }
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
      return await this.#link.within(ANSWER_WITHIN_MS, () => handle.query<T, unknown[]>(name, ...args));
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
    const news = ended ? {} : await newsOf(description, this.#link.codec);
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

  async #refresh(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#clock.sleep(REFRESH_MS, signal).catch(() => undefined);
      if (!signal.aborted) await this.#schedules.refresh(this.#stacks).catch(() => undefined);
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
/**
 * CANCELLED or DEADLINE_EXCEEDED, at the deadline; FAILED_PRECONDITION: no worker has taken it up yet; INVALID_ARGUMENT: a worker that
 * has just taken it over (`WholeTasks`).
 */
const NOT_ANSWERED: ReadonlySet<number | undefined> = new Set([1, INVALID_ARGUMENT, 4, 9]);

const noWorker = (): PeerwayError =>
  new PeerwayError('Unavailable', 'No worker answers', { remedy: 'Start one: `peerway worker --engine …`.' });

function entryOf(
  { name, digest, file }: StackConfig,
  lastRun: RunSummary | undefined,
  lastLook: LookSummary | undefined,
): StackEntry {
  return {
    name,
    digest,
    file,
    ...(lastRun === undefined || lastRun.state === 'ended' ? {} : { run: lastRun.id }),
    ...(lastLook === undefined ? {} : { lastLook }),
    ...(lastRun === undefined ? {} : { lastRun }),
  };
}

/** Undefined when the run was ordered by another key, or by none. */
function answerTo({ key, summary }: ListedRun, { text, asked }: RunKey): Submitted | undefined {
  if (key?.text !== text) return undefined;
  return { kind: key.asked === asked ? 'known' : 'other', run: summary.id };
}

function refusedApproval(error: unknown): PeerwayError | undefined {
  if (error instanceof WorkflowNotFoundError) return notAwaiting('ended');
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return undefined;
  const { type, message } = error.cause;
  return type === 'other-plan' ? otherPlan() : type === 'not-awaiting' ? notAwaiting(message as RunState) : undefined;
}
