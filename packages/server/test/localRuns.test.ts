/** Runs as a service, hosted by this process, on the emulated clouds. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LocalRuns, StackFolder, stackOfRun, type RunEvent, type RunService } from '@peerway/server';
import { EmulatedStacks } from './emulatedStacks.js';

let stacks: EmulatedStacks;
let service: RunService;

beforeEach(async () => {
  stacks = await EmulatedStacks.start();
  stacks.declare('shop');
  service = new LocalRuns({ stacks, open: stacks.open, clock: stacks.clock });
});
afterEach(async () => {
  await service.close();
  await stacks.close();
});

const never = new AbortController().signal;

async function eventsOf(id: string, after = 0): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of service.events(id, after, never)) events.push(event);
  return events;
}

async function submitted(request: Parameters<RunService['submit']>[0]): Promise<string> {
  const answer = await service.submit(request, 'somebody');
  expect(answer.kind).toBe('submitted');
  return answer.run;
}

const untilState = async (id: string, state: string): Promise<void> => {
  for await (const _ of service.events(id, 0, never)) if ((await service.run(id)).state === state) return;
};

const writes = (): number => stacks.emulator.requests.filter(({ mutating }) => mutating).length;

describe('a run', () => {
  it('plans and applies, and says so by numbered events and by its steps', async () => {
    const id = await submitted({ stack: 'shop' });
    expect(stackOfRun(id)).toBe('shop');
    const events = await eventsOf(id);
    const lasting = events.filter(({ type }) => type !== 'step.waiting' && type !== 'step.retried');
    expect(lasting.map(({ seq }) => seq)).toEqual(lasting.map((_, at) => at + 1));
    expect(events.at(-1)).toMatchObject({ type: 'run.ended', outcome: 'done' });
    const detail = await service.run(id);
    expect(detail).toMatchObject({ stack: 'shop', state: 'ended', outcome: 'done', by: 'somebody' });
    expect(detail.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    expect(detail.counts).toMatchObject({ done: 3, queued: 0 });
    expect(JSON.parse(JSON.stringify(detail))).toEqual(detail);
    expect(await eventsOf(id, lasting.length - 1)).toEqual([lasting.at(-1)]);
    const again = await submitted({ stack: 'shop' });
    await eventsOf(again);
    expect((await service.run(again)).plan?.steps).toBe(0);
    expect((await service.runs({ stack: 'shop' })).map((run) => run.id)).toEqual([again, id]);
  });

  it('refuses a second one of its stack while it goes on, and knows a repeated key', async () => {
    const id = await submitted({ stack: 'shop', key: 'k1' });
    expect(await service.submit({ stack: 'shop' }, 'other')).toEqual({ kind: 'busy', run: id });
    expect(await service.submit({ stack: 'shop', key: 'k1' }, 'other')).toEqual({ kind: 'known', run: id });
    await eventsOf(id);
    expect(await service.submit({ stack: 'shop', key: 'k1' }, 'other')).toEqual({ kind: 'known', run: id });
  });

  it('ends before its first write when the plan is not the one that was looked at', async () => {
    const id = await submitted({ stack: 'shop', expect: '0'.repeat(16) });
    await eventsOf(id);
    expect(await service.run(id)).toMatchObject({ outcome: 'refused', error: { code: 'FailedPrecondition' } });
    expect(writes()).toBe(0);
  });

  it('waits for approval, and goes on with the plan that was approved alone', async () => {
    const id = await submitted({ stack: 'shop', askFirst: true });
    await untilState(id, 'awaiting-approval');
    expect(writes()).toBe(0);
    const { fingerprint } = await service.plan(id);
    await expect(service.approve(id, 'f'.repeat(64), 'boss')).rejects.toMatchObject({ code: 'FailedPrecondition' });
    await service.approve(id, fingerprint, 'boss');
    const events = await eventsOf(id);
    expect(events.find(({ type }) => type === 'run.approved')).toMatchObject({ by: 'boss' });
    expect((await service.run(id)).outcome).toBe('done');
    await expect(service.approve(id, fingerprint, 'boss')).rejects.toMatchObject({ code: 'FailedPrecondition' });
  });

  it('can be canceled while it waits', async () => {
    const id = await submitted({ stack: 'shop', askFirst: true });
    await untilState(id, 'awaiting-approval');
    await service.cancel(id, 'boss');
    await eventsOf(id);
    expect((await service.run(id)).outcome).toBe('canceled');
    expect(writes()).toBe(0);
  });
});

describe('a stack', () => {
  it('is looked at, now and by its schedule', async () => {
    expect(await service.lastLook('shop')).toBeUndefined();
    const look = await service.look('shop', never);
    expect(look.drift.map(({ kind }) => kind)).toContain('peering-missing');
    expect(look.graph?.edges).toHaveLength(1);
    const at = look.at;
    await service.setSchedule({ stack: 'shop', action: 'look', everySeconds: 60 });
    await stacks.clock.sleep(61_000);
    for (let turns = 0; turns < 200 && (await service.lastLook('shop'))?.at === at; turns++)
      await stacks.clock.sleep(100);
    expect((await service.lastLook('shop'))!.at).toBeGreaterThan(at);
    const [entry] = await service.schedules();
    expect(entry).toMatchObject({ stack: 'shop', action: 'look', everySeconds: 60, paused: false });
    await service.deleteSchedule('shop');
    expect(await service.schedules()).toEqual([]);
  });

  it('that there is not is refused by name', async () => {
    await expect(service.submit({ stack: 'else' }, 'x')).rejects.toMatchObject({ code: 'NotFound' });
    await expect(service.run('shop.none')).rejects.toMatchObject({ code: 'NotFound' });
  });
});

describe('a folder of stacks', () => {
  it('is read again when it changes, and leaves out what declares a stack twice, none, or holds a secret', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'peerway-stacks-'));
    const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
    try {
      const said: number[] = [];
      const source = new StackFolder(folder, { onProblems: ({ length }) => said.push(length) });
      const names = async (): Promise<string[]> => (await source.list()).stacks.map(({ name }) => name);
      write('a.yaml', stacks.declare('a').text);
      write('b.yaml', stacks.declare('a').text);
      write('c.yaml', 'version: 1\n');
      write('d.yaml', stacks.declare('d').text.replace('${KEY_SECRET}', 'canary-in-the-file'));
      write('e.txt', 'not a config');
      expect(await names()).toEqual([]);
      const { problems } = await source.list();
      expect(problems.map(({ file, stack }) => [file.split('/').at(-1), stack])).toEqual([
        ['a.yaml', 'a'],
        ['b.yaml', 'a'],
        ['c.yaml', undefined],
        ['d.yaml', 'd'],
      ]);
      expect(JSON.stringify(problems)).not.toContain('canary');
      write('c.yaml', stacks.declare('longer').text);
      rmSync(join(folder, 'b.yaml'));
      expect(await names()).toEqual(['a', 'longer']);
      expect(said).toEqual([4, 1]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
