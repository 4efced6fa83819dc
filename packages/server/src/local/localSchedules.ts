/** Schedules of this process: each in its own pace, never twice at a time. */
import type { Clock } from '@peerway/core';
import type { ScheduleAction, SetSchedule } from '../runs/requests.js';
import type { ScheduleEntry } from '../runs/service.js';

interface Kept {
  readonly action: ScheduleAction;
  readonly everySeconds: number;
  readonly paused: boolean;
  readonly end: AbortController;
  nextAt: number;
  lastAt: number | undefined;
}

/** What is due. It may reject: the next time comes all the same. */
export type Due = (stack: string, action: ScheduleAction) => Promise<void>;

export class LocalSchedules {
  readonly #kept = new Map<string, Kept>();

  constructor(
    private readonly clock: Clock,
    private readonly due: Due,
  ) {}

  list(): ScheduleEntry[] {
    return [...this.#kept.keys()].sort().flatMap((stack) => this.#entry(stack) ?? []);
  }

  set({ stack, action, everySeconds, paused = false }: SetSchedule): ScheduleEntry {
    const before = this.#kept.get(stack);
    before?.end.abort();
    const nextAt = this.clock.now() + everySeconds * 1_000;
    const kept: Kept = {
      action,
      everySeconds,
      paused,
      end: new AbortController(),
      nextAt,
      lastAt: before?.lastAt,
    };
    this.#kept.set(stack, kept);
    if (!paused) void this.#run(stack, kept);
    return { stack, action, everySeconds, paused, ...(paused ? {} : { nextAt }) };
  }

  delete(stack: string): void {
    this.#kept.get(stack)?.end.abort();
    this.#kept.delete(stack);
  }

  close(): void {
    for (const stack of [...this.#kept.keys()]) this.delete(stack);
  }

  #entry(stack: string): ScheduleEntry | undefined {
    const kept = this.#kept.get(stack);
    if (kept === undefined) return undefined;
    const { action, everySeconds, paused, nextAt, lastAt } = kept;
    return {
      stack,
      action,
      everySeconds,
      paused,
      ...(paused ? {} : { nextAt }),
      ...(lastAt === undefined ? {} : { lastAt }),
    };
  }

  async #run(stack: string, kept: Kept): Promise<void> {
    const { signal } = kept.end;
    while (!signal.aborted) {
      try {
        await this.clock.sleep(kept.nextAt - this.clock.now(), signal);
      } catch {
        return; // changed or deleted
      }
      kept.lastAt = this.clock.now();
      await this.due(stack, kept.action).catch(() => undefined);
      // what came due while it was busy is left out
      kept.nextAt = Math.max(kept.nextAt + kept.everySeconds * 1_000, this.clock.now());
    }
  }
}
