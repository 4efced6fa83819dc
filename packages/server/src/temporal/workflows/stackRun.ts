/** A run of a stack: plan, compare, ask, and the loop that does the plan's tasks on whichever worker is free. */
import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  isCancellation,
  proxyActivities,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { EventError, Plan } from '@peerway/engine';
import { runLoop, Schedule } from '@peerway/engine/loop';
import { RunRecord } from '../../runs/record.js';
import { refusalOf, tooLarge, type Refusal } from '../../runs/refusals.js';
import type { RunDetail, RunEvent, RunEventBody, RunOutcome } from '../../runs/service.js';
import { NAMES, type Activities, type PlannedRun, type RunInput, type RunMemo } from '../protocol.js';
import { ACTIVITY_OPTIONS, WorkflowHost } from './workflowHost.js';

/** An approval is not waited for longer. */
const APPROVAL_WITHIN = '7 days';
/** One answer to a query. */
const EVENTS_AT_ONCE = 1_000;

const stopSignal = defineSignal<[string]>(NAMES.stop);
const grantedSignal = defineSignal<[readonly string[]]>(NAMES.granted);
const releasedSignal = defineSignal<[string]>(NAMES.released);
const approveUpdate = defineUpdate<void, [string, string]>(NAMES.approve);
const detailQuery = defineQuery<RunDetail>(NAMES.detail);
const planQuery = defineQuery<Plan | null>(NAMES.plan);
const eventsQuery = defineQuery<readonly RunEvent[], [number]>(NAMES.events);

/** How it ended, with everything that was learned on the way. */
export async function stackRun(input: RunInput): Promise<RunDetail> {
  const run = new StackRun(input);
  await CancellationScope.nonCancellable(() => run.toItsEnd());
  return run.record.detail;
}

/** Thrown inside a run that must not begin. */
class Refused extends Error {
  readonly why: EventError;

  constructor(why: Refusal & Partial<EventError>) {
    super('refused');
    this.why = { ...why, code: why.code ?? 'FailedPrecondition' };
  }
}

class StackRun {
  readonly record: RunRecord;
  readonly #input: RunInput;
  readonly #host: WorkflowHost;
  readonly #planning = new CancellationScope();
  readonly #planRun: Activities['planRun'];
  #approved: string | undefined;
  #stopped = false;

  constructor(input: RunInput) {
    this.#input = input;
    const { config, mode, by, priority } = input;
    const { firstExecutionRunId, startTime } = workflowInfo();
    const id = `${config.name}.${firstExecutionRunId}`;
    this.record = new RunRecord({ id, stack: config.name, mode, by, submittedAt: startTime.getTime() });
    this.#host = new WorkflowHost({ run: id, digest: config.digest, priority, emit: (body) => this.#note(body) });
    const activities = proxyActivities<Activities>({ ...ACTIVITY_OPTIONS, priority: { priorityKey: priority } });
    this.#planRun = (task) => this.#planning.run(() => activities.planRun(task));
    this.#listen();
  }

  async toItsEnd(): Promise<void> {
    const outcome = await this.#run();
    this.#note({ type: 'run.ended', ...outcome });
    await this.#host.places.settled();
    this.#remember();
  }

  #listen(): void {
    const host = this.#host;
    setHandler(stopSignal, (by) => this.#stop(by));
    setHandler(grantedSignal, (tickets) => host.places.grant(tickets));
    setHandler(releasedSignal, (task) => host.release(task));
    setHandler(detailQuery, () => this.record.detail);
    setHandler(planQuery, () => this.record.plan ?? null);
    setHandler(eventsQuery, (after) => this.record.eventsAfter(after).slice(0, EVENTS_AT_ONCE));
    setHandler(approveUpdate, (fingerprint: string, by: string) => this.#approve(fingerprint, by), {
      validator: (fingerprint: string, _by: string) => this.#mayApprove(fingerprint),
    });
    // `temporal workflow cancel` is a stop like ours
    void CancellationScope.current().cancelRequested.catch(() => this.#stop('temporal'));
  }

  async #run(): Promise<{ readonly outcome: RunOutcome; readonly error?: EventError }> {
    try {
      const { plan, rules } = await this.#approvedPlan();
      if (this.#stopped) return { outcome: 'canceled' };
      const schedule = new Schedule(plan.steps, (provider) => {
        const rule = rules[provider];
        if (rule === undefined) throw ApplicationFailure.nonRetryable(`No rules for ${provider}`);
        return rule;
      });
      const { outcome } = await runLoop({ plan, schedule }, this.#host);
      return { outcome };
    } catch (thrown) {
      if (thrown instanceof Refused) return { outcome: 'refused', error: thrown.why };
      if (this.#stopped || isCancellation(thrown)) return { outcome: 'canceled' };
      throw thrown;
    }
  }

  async #approvedPlan(): Promise<PlannedRun> {
    const { askFirst, expect } = this.#input;
    const planned = await this.#plan(expect);
    if (!askFirst || planned.plan.steps.length === 0) return planned;
    const { fingerprint } = planned.plan;
    this.#note({ type: 'run.awaiting-approval', fingerprint });
    const answered = await condition(() => this.#approved !== undefined || this.#stopped, APPROVAL_WITHIN);
    if (!answered)
      throw new Refused({ message: `Nobody approved the plan within ${APPROVAL_WITHIN}`, remedy: 'Submit it again.' });
    return this.#stopped ? planned : this.#plan(fingerprint);
  }

  async #plan(expect: string | undefined): Promise<PlannedRun> {
    const { config, mode, prune, targets, force } = this.#input;
    this.#note({ type: 'plan.started', mode });
    const started = Date.now();
    const answer = await this.#planRun({ digest: config.digest, mode, prune, targets });
    if (!answer.ok) throw new Refused(answer.error);
    const { plan } = answer.value;
    this.record.planned(plan);
    this.#note({
      type: 'plan.done',
      mode,
      steps: plan.steps.length,
      problems: plan.problems.length,
      summary: plan.summary,
      durationMs: Date.now() - started,
    });
    const why = refusalOf(plan, { expect, force }) ?? tooLarge(plan);
    if (why !== undefined) throw new Refused(why);
    return answer.value;
  }

  #mayApprove(fingerprint: string): void {
    const { state, plan } = this.record;
    if (state !== 'awaiting-approval') throw ApplicationFailure.nonRetryable(state, 'not-awaiting');
    if (plan?.fingerprint !== fingerprint) throw ApplicationFailure.nonRetryable('', 'other-plan');
  }

  #approve(fingerprint: string, by: string): void {
    this.#approved = fingerprint;
    this.#note({ type: 'run.approved', by });
  }

  #stop(by: string): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#note({ type: 'run.stopping', by });
    this.#planning.cancel();
    this.#host.stop();
  }

  #note(body: RunEventBody): void {
    const { state } = this.record;
    this.record.note(body, Date.now());
    if (this.record.state !== state && this.record.state !== 'ended') this.#remember();
  }

  /** For lists of runs, which ask no worker. */
  #remember(): void {
    const { id: _id, ...run } = this.record.summary;
    const { key } = this.#input;
    const memo: RunMemo = { run, ...(key === undefined ? {} : { key }) };
    upsertMemo({ ...memo });
  }
}
