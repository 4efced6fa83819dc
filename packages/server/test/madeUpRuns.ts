/** A RunService that answers what a test has made up: states that are hard to reach, and texts that nobody should trust. */
import { PeerwayError } from '@peerway/core';
import type { Plan } from '@peerway/engine';
import type {
  Look,
  RunDetail,
  RunEvent,
  RunFilter,
  RunService,
  RunSummary,
  ScheduleEntry,
  ServiceHealth,
  SetSchedule,
  StackEntry,
  StackList,
  StackProblem,
  SubmitRun,
  Submitted,
} from '@peerway/server';

export class MadeUpRuns implements RunService {
  entries: StackEntry[] = [];
  leftOut: StackProblem[] = [];
  looks = new Map<string, Look>();
  details = new Map<string, RunDetail>();
  plans = new Map<string, Plan>();
  told = new Map<string, RunEvent[]>();
  plannedSchedules: ScheduleEntry[] = [];
  state: ServiceHealth = { reachable: true, workers: 2, running: 0, stacksLeftOut: 0 };
  /** What was ordered, in words. */
  readonly calls: string[] = [];
  /** How often a whole run was asked for. */
  asked = 0;
  #wake: (() => void)[] = [];

  async stacks(): Promise<StackList> {
    return { stacks: this.entries, problems: this.leftOut };
  }
  async stack(name: string): Promise<StackEntry> {
    const entry = this.entries.find((each) => each.name === name);
    if (entry === undefined) throw new PeerwayError('NotFound', `no stack ${name}`);
    return entry;
  }
  async config(): Promise<string> {
    return '';
  }
  async submit(request: SubmitRun, by: string): Promise<Submitted> {
    this.#stack(request.stack);
    this.calls.push(`submit ${JSON.stringify(request)} by ${by}`);
    const [run = ''] = this.details.keys();
    return { kind: 'submitted', run };
  }
  async runs({ stack, stacks, state, limit = 50 }: RunFilter = {}): Promise<readonly RunSummary[]> {
    return [...this.details.values()]
      .filter((run) => (stack === undefined || run.stack === stack) && (stacks?.fits(run.stack) ?? true))
      .filter((run) => state === undefined || run.state === state)
      .slice(0, limit);
  }
  async run(id: string): Promise<RunDetail> {
    this.asked++;
    const run = this.details.get(id);
    if (run === undefined) throw new PeerwayError('NotFound', `no run ${id}`);
    return run;
  }
  async plan(id: string): Promise<Plan> {
    const plan = this.plans.get(id);
    if (plan === undefined) throw new PeerwayError('FailedPrecondition', 'not planned');
    return plan;
  }
  async *events(id: string, after: number, signal: AbortSignal): AsyncGenerator<RunEvent> {
    let told = 0;
    for (;;) {
      const events = this.told.get(id) ?? [];
      for (; told < events.length; told++) if ((events[told]?.seq ?? 0) > after) yield events[told]!;
      if (signal.aborted || events.at(-1)?.type === 'run.ended') return;
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }
  tell(id: string, ...events: RunEvent[]): void {
    this.told.set(id, [...(this.told.get(id) ?? []), ...events]);
    for (const wake of this.#wake.splice(0)) wake();
  }
  async approve(id: string, fingerprint: string, by: string): Promise<void> {
    this.calls.push(`approve ${id} ${fingerprint} by ${by}`);
  }
  async cancel(id: string, by: string): Promise<void> {
    this.calls.push(`cancel ${id} by ${by}`);
  }
  async lastLook(stack: string): Promise<Look | undefined> {
    this.#stack(stack);
    return this.looks.get(stack);
  }
  async look(stack: string): Promise<Look> {
    this.calls.push(`look ${stack}`);
    const look = this.looks.get(stack);
    if (look === undefined) throw new PeerwayError('Unavailable', 'no look');
    return look;
  }
  async schedules(): Promise<readonly ScheduleEntry[]> {
    return this.plannedSchedules;
  }
  async schedule(stack: string): Promise<ScheduleEntry | undefined> {
    return this.plannedSchedules.find((each) => each.stack === stack);
  }
  async setSchedule(schedule: SetSchedule): Promise<ScheduleEntry> {
    this.#stack(schedule.stack);
    this.calls.push(`schedule ${JSON.stringify(schedule)}`);
    const { stack, action, everySeconds, paused = false } = schedule;
    return { stack, action, everySeconds, paused };
  }
  async deleteSchedule(stack: string): Promise<void> {
    this.calls.push(`unschedule ${stack}`);
  }
  async health(): Promise<ServiceHealth> {
    return this.state;
  }
  async close(): Promise<void> {
    for (const wake of this.#wake.splice(0)) wake();
  }
  #stack(name: string): void {
    if (!this.entries.some((entry) => entry.name === name)) throw new PeerwayError('NotFound', `no stack ${name}`);
  }
}
