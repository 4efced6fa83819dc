/** Schedules of Temporal: one for each stack at most, which leaves out a time that comes while the last is at work. */
import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
  type ScheduleSummary,
} from '@temporalio/client';
import type { ScheduleAction, SetSchedule } from '../runs/requests.js';
import type { ScheduleEntry } from '../runs/service.js';
import type { StackConfig, StackSource } from '../runs/stackConfigs.js';
import { lookWorkflowId, scheduleId, TASK_QUEUE, type LookInput } from './protocol.js';

/** What a schedule says of itself in a list. */
interface ScheduleMemo {
  readonly stack: string;
  readonly action: ScheduleAction;
  readonly everySeconds: number;
  /** Of the config that it begins with. */
  readonly digest: string;
}

export class TemporalSchedules {
  constructor(private readonly client: Client) {}

  async list(): Promise<ScheduleEntry[]> {
    return (await this.#all())
      .map(({ summary, memo }) => entryOf(summary, memo))
      .sort((a, b) => (a.stack < b.stack ? -1 : 1));
  }

  /** Asked of the schedule itself: no list is behind. */
  async of(stack: string): Promise<ScheduleEntry | undefined> {
    try {
      const described = await this.client.schedule.getHandle(scheduleId(stack)).describe();
      const memo = (described.memo ?? {}) as Partial<ScheduleMemo>;
      return memo.stack === stack ? entryOf(described, memo as ScheduleMemo) : undefined;
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return undefined;
      throw error;
    }
  }

  async set(schedule: SetSchedule, config: StackConfig): Promise<ScheduleEntry> {
    await this.#put(schedule, config);
    const { stack, action, everySeconds, paused = false } = schedule;
    return (await this.of(stack)) ?? { stack, action, everySeconds, paused };
  }

  async delete(stack: string): Promise<void> {
    await this.client.schedule
      .getHandle(scheduleId(stack))
      .delete()
      .catch((error: unknown) => {
        if (!(error instanceof ScheduleNotFoundError)) throw error;
      });
  }

  /** Gives every schedule the config that its stack has now. */
  async refresh(source: StackSource): Promise<void> {
    const configs = new Map((await source.list()).stacks.map((config) => [config.name, config]));
    for (const { summary, memo } of await this.#all()) {
      const config = configs.get(memo.stack);
      if (config === undefined || config.digest === memo.digest) continue;
      await this.#put({ ...memo, paused: summary.state.paused }, config);
    }
  }

  async #put({ stack, action, everySeconds, paused = false }: SetSchedule, config: StackConfig): Promise<void> {
    const input: LookInput = { version: 1, config, action };
    const memo: ScheduleMemo = { stack, action, everySeconds, digest: config.digest };
    const options: ScheduleOptions = {
      scheduleId: scheduleId(stack),
      spec: { intervals: [{ every: everySeconds * 1_000 }] },
      action: {
        type: 'startWorkflow',
        workflowType: 'reconcile',
        workflowId: lookWorkflowId(stack),
        taskQueue: TASK_QUEUE,
        args: [input],
      },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      state: { paused },
      memo: { ...memo },
    };
    try {
      await this.client.schedule.create(options);
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      // a memo cannot be changed
      await this.delete(stack);
      await this.client.schedule.create(options);
    }
  }

  async #all(): Promise<{ readonly summary: ScheduleSummary; readonly memo: ScheduleMemo }[]> {
    const all = [];
    for await (const summary of this.client.schedule.list()) {
      const memo = (summary.memo ?? {}) as Partial<ScheduleMemo>;
      if (memo.stack !== undefined && summary.scheduleId === scheduleId(memo.stack))
        all.push({ summary, memo: memo as ScheduleMemo });
    }
    return all;
  }
}

function entryOf(
  { info, state }: Pick<ScheduleSummary, 'info' | 'state'>,
  { stack, action, everySeconds }: ScheduleMemo,
): ScheduleEntry {
  const next = info.nextActionTimes[0]?.getTime();
  const last = info.recentActions.at(-1)?.takenAt.getTime();
  const { paused } = state;
  return {
    stack,
    action,
    everySeconds,
    paused,
    ...(next === undefined || paused ? {} : { nextAt: next }),
    ...(last === undefined ? {} : { lastAt: last }),
  };
}
