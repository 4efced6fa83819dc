/** The loop of a run on a host that is no process: no clock, no signals, nothing of node. */
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { networkId } from '@peerway/core';
import {
  runLoop,
  Schedule,
  type EventBody,
  type Plan,
  type RunHost,
  type StepResult,
  type Task,
  type TaskEnd,
} from '@peerway/engine';
import { FakeCloud } from './fakeCloud.js';
import { hub, Scene } from './scene.js';

const RULES = { plugin: 'fake', routeBatch: 1, networksPerBatch: 1, routeChangesPerNetwork: 1, creates: { wire: 1 } };
const peering: StepResult = {
  kind: 'peering',
  peering: 'pcc-1' as never,
  nextHops: { initiator: { kind: 'peering', id: 'pcc-1' } },
};

/** Does every task at once, as `answer` says. */
class Host implements RunHost {
  readonly events: EventBody[] = [];
  readonly inputs = new Map<string, readonly string[]>();
  stopped = false;
  #wake = (): void => undefined;
  #woken = false;

  constructor(private readonly answer: (task: Task) => TaskEnd) {}

  now = (): number => 0;
  emit = (event: EventBody): void => void this.events.push(event);
  isStopped = (): boolean => this.stopped;

  rest(): Promise<void> {
    return new Promise((done) => {
      if (this.#woken) done();
      else this.#wake = done;
      this.#woken = false;
    });
  }

  wake(): void {
    this.#woken = true;
    this.#wake();
  }

  async perform(task: Task, inputs: Readonly<Record<string, StepResult>>): Promise<TaskEnd> {
    for (const { id } of task.steps) this.inputs.set(id, Object.keys(inputs));
    return this.answer(task);
  }
}

async function planOf(): Promise<Plan> {
  const cloud = new FakeCloud();
  ['a', 'b', 'c'].forEach((id, at) => networkId(cloud.network(id, [`10.${at}.0.0/16`])));
  return new Scene(cloud, { connections: [hub('core', 'a', ['b', 'c'])] }).plan();
}

const run = (plan: Plan, host: Host) => runLoop({ plan, schedule: new Schedule(plan.steps, () => RULES) }, host);
const done = ({ steps }: Task): TaskEnd => ({ kind: 'ended', ends: steps.map(() => ({ ok: true, result: peering })) });

describe('the loop', () => {
  it('hands results on to what needs them and reports every step', async () => {
    const plan = await planOf();
    const host = new Host(done);
    const report = await run(plan, host);
    expect([report.outcome, report.steps.map(({ outcome }) => outcome)]).toEqual([
      'done',
      plan.steps.map(() => 'done'),
    ]);
    for (const { id, needs } of plan.steps) expect(host.inputs.get(id)).toEqual(needs);
    expect(host.events.at(-1)).toMatchObject({ type: 'apply.done', done: plan.steps.length, failed: 0, skipped: 0 });
  });

  it('skips what needs a failed step, and no more', async () => {
    const plan = await planOf();
    const [failing] = plan.steps.filter(({ work }) => work.verb === 'peering.create');
    const error = { code: 'Denied', message: 'no', retry: 'never', details: {} } as never;
    const host = new Host((task) =>
      task.steps[0] === failing ? { kind: 'ended', ends: [{ ok: false, error }] } : done(task),
    );
    const { outcome, steps } = await run(plan, host);
    const count = (word: string): number => steps.filter((step) => step.outcome === word).length;
    expect([outcome, count('failed'), count('skipped'), count('done')]).toEqual(['failed', 1, 2, 3]);
  });

  it('takes a step of which its executor says nothing for failed, and says that the executor has lost it', async () => {
    const plan = await planOf();
    const { outcome, steps } = await run(plan, new Host(() => ({ kind: 'ended', ends: [] })));
    const failed = steps.filter((step) => step.outcome === 'failed');
    expect([outcome, failed.length]).toEqual(['failed', 2]);
    for (const { error } of failed)
      expect(error).toMatchObject({ code: 'Internal', message: 'The executor lost an outcome' });
  });

  it('tells what was interrupted from what had not begun when it was stopped', async () => {
    const plan = await planOf();
    let first = true;
    const host: Host = new Host(() => {
      host.stopped = true;
      const kind = first ? 'interrupted' : 'untouched';
      first = false;
      return { kind };
    });
    const { outcome, steps } = await run(plan, host);
    expect(outcome).toBe('canceled');
    expect(new Set(steps.map((step) => step.outcome))).toEqual(new Set(['left']));
    expect(host.events.filter(({ type }) => type === 'step.failed')).toEqual([]);
    expect(host.events.filter((event) => event.type === 'step.skipped' && event.begun)).toHaveLength(1);
  });

  it('imports the schedule and what is plain data, and nothing of a process', () => {
    const folder = fileURLToPath(new URL('../src/', import.meta.url));
    const seen = new Set<string>();
    const outside = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(
        /^(?:import|export) (?!type)[^;]*? from '([^']+)'/gm,
      ))
        if (from.startsWith('.')) visit(resolve(dirname(file), from.replace(/\.js$/, '.ts')));
        else outside.add(from);
    };
    visit(resolve(folder, 'loop.ts'));
    expect([...outside]).toEqual(['@peerway/core/errors']);
    expect([...seen].map((file) => relative(folder, file)).sort()).toEqual([
      'apply/edgeColouring.ts',
      'apply/runLoop.ts',
      'apply/schedule.ts',
      'events.ts',
      'loop.ts',
      'pacing/placeQueue.ts',
      'plan/plan.ts',
    ]);
  });
});
