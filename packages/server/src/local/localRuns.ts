/** Runs in this process: for one machine, and for trying the API. What it knows ends with it. */
import { randomUUID } from 'node:crypto';
import { systemClock, toPeerwayError, type Clock } from '@peerway/core';
import type { Plan } from '@peerway/engine';
import type { Peerway } from '@peerway/runtime';
import {
  digestOfRequest,
  failedLook,
  lookOf,
  noSuchRun,
  notPlanned,
  pickRuns,
  requireDigest,
} from '../runs/answers.js';
import { lookSummary } from '../runs/lookSummary.js';
import type { SetSchedule, SubmitRun } from '../runs/requests.js';
import type {
  Look,
  RunDetail,
  RunEvent,
  RunFilter,
  RunService,
  RunSummary,
  ScheduleEntry,
  ServiceHealth,
  StackEntry,
  StackList,
  Submitted,
} from '../runs/service.js';
import { leftOut, stackNamed, type StackConfig, type StackSource } from '../runs/stackConfigs.js';
import { LocalRun } from './localRun.js';
import { LocalSchedules } from './localSchedules.js';

export interface LocalRunsOptions {
  readonly stacks: StackSource;
  /** Makes a stack's object with the credentials of this process; it is closed after one run or look. */
  readonly open: (config: StackConfig) => Promise<Peerway>;
  /** Default: the machine's time. */
  readonly clock?: Clock;
}

/** So many runs that have ended are kept. */
const KEPT_RUNS = 500;

export class LocalRuns implements RunService {
  readonly #options: LocalRunsOptions;
  readonly #clock: Clock;
  /** By id, the oldest first. */
  readonly #runs = new Map<string, LocalRun>();
  readonly #looks = new Map<string, Look>();
  readonly #schedules: LocalSchedules;
  readonly #closing = new AbortController();

  constructor(options: LocalRunsOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#schedules = new LocalSchedules(this.#clock, async (stack, action) => {
      if (action === 'look') await this.look(stack, this.#closing.signal);
      else await this.submit({ stack }, 'schedule');
    });
  }

  async stacks(): Promise<StackList> {
    const { stacks, problems } = await this.#options.stacks.list();
    return { stacks: stacks.map((config) => this.#entry(config)), problems };
  }

  async stack(name: string): Promise<StackEntry> {
    return this.#entry(await stackNamed(this.#options.stacks, name));
  }

  async config(stack: string): Promise<string> {
    return (await stackNamed(this.#options.stacks, stack)).text;
  }

  async submit(request: SubmitRun, by: string): Promise<Submitted> {
    const { stack, key, mode = 'apply' } = request;
    const config = await stackNamed(this.#options.stacks, stack);
    requireDigest(request, config);
    const known = this.#newestFirst().find((run) => run.request.stack === stack && run.request.key === key);
    if (key !== undefined && known !== undefined) {
      const isSame = digestOfRequest(known.request) === digestOfRequest(request);
      return { kind: isSame ? 'known' : 'other', run: known.record.summary.id };
    }
    const busy = this.#underWay(stack);
    if (busy !== undefined) return { kind: 'busy', run: busy.record.summary.id };
    const id = `${stack}.${randomUUID()}`;
    const origin = { id, stack, mode, by, submittedAt: this.#clock.now() };
    this.#runs.set(id, new LocalRun(origin, request, this.#clock, () => this.#options.open(config)));
    this.#forgetOldest();
    return { kind: 'submitted', run: id };
  }

  async runs(filter: RunFilter = {}): Promise<readonly RunSummary[]> {
    return pickRuns(
      this.#newestFirst().map(({ record }) => record.summary),
      filter,
    );
  }

  async run(id: string): Promise<RunDetail> {
    return this.#run(id).record.detail;
  }

  async plan(id: string): Promise<Plan> {
    const { plan } = this.#run(id).record;
    if (plan === undefined) throw notPlanned();
    return plan;
  }

  async *events(id: string, after: number, signal: AbortSignal): AsyncGenerator<RunEvent> {
    yield* this.#run(id).events(after, AbortSignal.any([signal, this.#closing.signal]));
  }

  async approve(id: string, fingerprint: string, by: string): Promise<void> {
    this.#run(id).approve(fingerprint, by);
  }

  async cancel(id: string, by: string): Promise<void> {
    this.#run(id).cancel(by);
  }

  async lastLook(stack: string): Promise<Look | undefined> {
    const { name } = await stackNamed(this.#options.stacks, stack);
    return this.#looks.get(name);
  }

  async look(stack: string, signal: AbortSignal): Promise<Look> {
    const config = await stackNamed(this.#options.stacks, stack);
    const look = await this.#lookAt(config, signal);
    this.#looks.set(stack, look);
    return look;
  }

  async schedules(): Promise<readonly ScheduleEntry[]> {
    return this.#schedules.list();
  }

  async schedule(stack: string): Promise<ScheduleEntry | undefined> {
    return this.#schedules.list().find((each) => each.stack === stack);
  }

  async setSchedule(schedule: SetSchedule): Promise<ScheduleEntry> {
    await stackNamed(this.#options.stacks, schedule.stack);
    return this.#schedules.set(schedule);
  }

  async deleteSchedule(stack: string): Promise<void> {
    this.#schedules.delete(stack);
  }

  async health(): Promise<ServiceHealth> {
    const running = this.#newestFirst().filter(({ record }) => record.state !== 'ended').length;
    return { reachable: true, workers: 1, running, stacksLeftOut: await leftOut(this.#options.stacks) };
  }

  /** Stops every run and waits for their end. */
  async close(): Promise<void> {
    this.#schedules.close();
    this.#closing.abort();
    const runs = this.#newestFirst();
    for (const run of runs) run.cancel('shutdown');
    await Promise.all(runs.map((run) => run.ended));
  }

  async #lookAt(config: StackConfig, signal: AbortSignal): Promise<Look> {
    let peerway: Peerway | undefined;
    try {
      peerway = await this.#options.open(config);
      const plan = await peerway.plan({ signal });
      return lookOf(config.name, this.#clock.now(), plan, await peerway.graph({ signal }));
    } catch (thrown) {
      return failedLook(config.name, this.#clock.now(), toPeerwayError(thrown).toJSON());
    } finally {
      await peerway?.close().catch(() => undefined);
    }
  }

  #run(id: string): LocalRun {
    const run = this.#runs.get(id);
    if (run === undefined) throw noSuchRun(id);
    return run;
  }

  #entry({ name, digest, file }: StackConfig): StackEntry {
    const look = this.#looks.get(name);
    const lastRun = this.#newestOf(name)?.record.summary;
    const run = this.#underWay(name)?.record.summary.id;
    return {
      name,
      digest,
      file,
      ...(run === undefined ? {} : { run }),
      ...(look === undefined ? {} : { lastLook: lookSummary(look) }),
      ...(lastRun === undefined ? {} : { lastRun }),
    };
  }

  #newestFirst(): LocalRun[] {
    return [...this.#runs.values()].reverse();
  }

  #newestOf(stack: string): LocalRun | undefined {
    return this.#newestFirst().find(({ request }) => request.stack === stack);
  }

  #underWay(stack: string): LocalRun | undefined {
    return this.#newestFirst().find(({ request, record }) => request.stack === stack && record.state !== 'ended');
  }

  #forgetOldest(): void {
    const ended = [...this.#runs].filter(([, { record }]) => record.state === 'ended');
    for (const [id] of ended.slice(0, Math.max(0, ended.length - KEPT_RUNS))) this.#runs.delete(id);
  }
}
