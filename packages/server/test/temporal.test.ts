/** Runs on a real server of Temporal, in the machine's time: what only a server and workers can show. */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { openRuns, runWorker, type RunDetail, type RunEvent, type RunService } from '@peerway/server';
import { PackingCodec } from '../src/temporal/codec.js';
import type { RunInput } from '../src/temporal/protocol.js';
import { bundleWorkflows, workflowBundle } from '../src/temporal/workflowBundle.js';
import { EmulatedStacks } from './emulatedStacks.js';
import { temporalMissing, TemporalServer } from './temporalServer.js';

const onTemporal = temporalMissing === undefined ? describe : describe.skip;

/** Events after which the server suggests a new history, so that the keeper of places takes it up in these tests. */
const LONG_HISTORY = 20;

let server: TemporalServer;
let stacks: EmulatedStacks;
let service: RunService;
const stop = new AbortController();
let worker: Promise<void> | undefined;

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

async function until(id: string, test: (event: RunEvent) => boolean): Promise<void> {
  for await (const event of service.events(id, 0, never)) if (test(event)) return;
}

const writes = () => stacks.emulator.requests.filter(({ mutating }) => mutating);
const refused = () => stacks.emulator.requests.filter(({ code }) => code !== undefined);

async function startWorker(): Promise<void> {
  const { engine } = server;
  await new Promise<void>((onReady, reject) => {
    worker = runWorker({ engine, open: stacks.open, env: {}, signal: stop.signal, onReady });
    worker.catch(reject);
  });
}

async function startProcess(): Promise<ChildProcess> {
  const file = fileURLToPath(new URL('workerProcess.mjs', import.meta.url));
  const child = spawn(process.execPath, [file, server.engine], {
    env: { ...process.env, NODE_OPTIONS: '', ...stacks.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', () => resolve());
    child.on('exit', () => reject(new Error('the worker has ended')));
  });
  return child;
}

onTemporal(`on Temporal (${temporalMissing ?? 'it is here'})`, () => {
  beforeAll(async () => {
    [server, stacks] = await Promise.all([
      TemporalServer.start('--dynamic-config-value', `limit.historyCount.suggestContinueAsNew=${LONG_HISTORY}`),
      EmulatedStacks.startReal(),
    ]);
    const open = (): never => {
      throw new Error('who orders runs opens no stack');
    };
    service = await openRuns({ engine: server.engine, stacks, env: {}, open });
  });
  afterEach(() => {
    stacks.emulator.faults.clear();
    expect(stacks.emulator.crashes).toEqual([]);
  });
  afterAll(async () => {
    stop.abort();
    await worker;
    await service.close();
    await stacks.close();
    await server.stop();
  });

  it('a run waits for a worker; one that is killed in a task is replaced by another, and nothing is made twice', async () => {
    stacks.declare('shop');
    const id = await submitted({ stack: 'shop' });
    expect(await service.run(id)).toMatchObject({ state: 'queued', stack: 'shop', by: 'somebody' });
    const process = await startProcess();
    await until(id, ({ type }) => type === 'step.waiting');
    const waiting = (await service.run(id)).steps.find(({ state }) => state === 'running');
    expect(waiting?.waitingFor).toContain('to become active');
    process.kill('SIGKILL');
    await startWorker();
    const events = await eventsOf(id);
    expect(events.at(-1)).toMatchObject({ type: 'run.ended', outcome: 'done' });
    const detail = await service.run(id);
    expect(detail.counts).toMatchObject({ done: 3, failed: 0 });
    // the second attempt has the first one's token: the cloud answers it with what the first one made
    const created = writes().filter(
      ({ operation, status }) => operation === 'CreateVpcPeerConnection' && status === 200,
    );
    expect(new Set(created.map(({ params }) => params['ClientToken'])).size).toBe(1);
    const again = await submitted({ stack: 'shop' });
    await eventsOf(again);
    expect((await service.run(again)).plan?.steps).toBe(0);
    expect((await service.runs({ stack: 'shop' })).map((run) => run.id)).toEqual([again, id]);
  }, 180_000); // two workers start from the sources, one after the other

  it('numbers what lasts, so that a listener goes on where it was', async () => {
    const [{ id } = { id: '' }] = await service.runs({ stack: 'shop', limit: 1 });
    const events = await eventsOf(id);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
    expect(await eventsOf(id, 2)).toEqual(events.slice(2));
  });

  it('a second run of a stack is refused, and a repeated key gets its run', async () => {
    stacks.declare('twice', [[1, 2]]);
    const id = await submitted({ stack: 'twice', key: 'k1' });
    expect(await service.submit({ stack: 'twice' }, 'other')).toEqual({ kind: 'busy', run: id });
    expect(await service.submit({ stack: 'twice', key: 'k1' }, 'other')).toEqual({ kind: 'known', run: id });
    await eventsOf(id);
    expect(await service.submit({ stack: 'twice', key: 'k1' }, 'other')).toEqual({ kind: 'known', run: id });
    // another process that serves knows it as well, and that the key was for something else
    const other = await openRuns({ engine: server.engine, stacks, env: {}, open: stacks.open });
    expect(await other.submit({ stack: 'twice', key: 'k1' }, 'other')).toEqual({ kind: 'known', run: id });
    const forElse = { stack: 'twice', key: 'k1', force: true };
    expect(await other.submit(forElse, 'other')).toEqual({ kind: 'other', run: id });
    expect(await service.submit(forElse, 'other')).toEqual({ kind: 'other', run: id });
    await other.close();
  });

  it('a run whose world is not the one that was seen, or has changed since its approval, ends before its first write', async () => {
    const before = writes().length;
    const expected = await submitted({ stack: 'shop', mode: 'destroy', expect: '0'.repeat(64) });
    await eventsOf(expected);
    expect(await service.run(expected)).toMatchObject({ outcome: 'refused', error: { code: 'FailedPrecondition' } });
    const asked = await submitted({ stack: 'shop', mode: 'destroy', askFirst: true });
    await until(asked, ({ type }) => type === 'run.awaiting-approval');
    const { fingerprint } = await service.plan(asked);
    await expect(service.approve(asked, 'f'.repeat(64), 'boss')).rejects.toMatchObject({ code: 'FailedPrecondition' });
    expect(writes()).toHaveLength(before);
    const peerway = await stacks.open((await stacks.list()).stacks.find(({ name }) => name === 'shop')!);
    await peerway.release('c01');
    const { length } = writes();
    await service.approve(asked, fingerprint, 'boss');
    const events = await eventsOf(asked);
    expect(events.find(({ type }) => type === 'run.approved')).toMatchObject({ by: 'boss' });
    expect(await service.run(asked)).toMatchObject({ outcome: 'refused', error: { code: 'FailedPrecondition' } });
    expect(writes()).toHaveLength(length);
    await peerway.adopt('c01');
    await peerway.close();
  });

  it('stacks that share networks never provoke a conflict', async () => {
    const names = ['one', 'two', 'three'];
    const pairs = [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const;
    for (const stack of ['shop', 'twice']) await eventsOf(await submitted({ stack, mode: 'destroy', force: true }));
    names.forEach((name, at) => stacks.declare(name, [pairs[at]!]));
    const { length } = refused();
    const runs = await Promise.all(names.map((stack) => submitted({ stack })));
    await Promise.all(runs.map((id) => eventsOf(id)));
    for (const id of runs) expect((await service.run(id)).outcome).toBe('done');
    expect(refused().slice(length)).toEqual([]);
  });

  it('cancel reaches a step that waits within 5 s', async () => {
    const before = stacks.emulator.profile;
    stacks.emulator.setProfile({ scale: 100, jitter: 0, staleReads: { probability: 0, ms: 0 } });
    try {
      const id = await submitted({ stack: 'three', mode: 'destroy', force: true });
      await until(id, ({ type }) => type === 'step.waiting');
      const asked = Date.now();
      await service.cancel(id, 'boss');
      await eventsOf(id);
      expect(Date.now() - asked).toBeLessThan(5_000);
      const detail = await service.run(id);
      expect(detail).toMatchObject({ outcome: 'canceled', counts: { failed: 0, running: 0, queued: 0 } });
      expect(detail.counts.left).toBeGreaterThan(0);
      await service.cancel(id, 'boss');
    } finally {
      stacks.emulator.setProfile(before);
    }
  });

  it('a stack is looked at, by hand and by a schedule that is kept up', async () => {
    const look = await service.look('one', never);
    expect(look.drift).toEqual([]);
    expect(look.graph?.edges).toHaveLength(1);
    expect(await service.lastLook('one')).toEqual(look);
    const set = await service.setSchedule({ stack: 'one', action: 'apply', everySeconds: 10 });
    expect(set).toMatchObject({ stack: 'one', action: 'apply', everySeconds: 10, paused: false });
    for (let tries = 0; tries < 200 && (await service.lastLook('one'))?.at === look.at; tries++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await service.lastLook('one'))!.at).toBeGreaterThan(look.at);
    expect((await service.stack('one')).lastLook?.drift).toBe(0);
    await service.deleteSchedule('one');
    await service.deleteSchedule('one');
    expect(await service.schedules()).toEqual([]);
  });

  it('runs are found by the names that a token shows, declared or not', async () => {
    stacks.remove('twice');
    const seen = async (...prefixes: string[]): Promise<string[]> => {
      const fits = (stack: string): boolean => prefixes.some((prefix) => stack.startsWith(prefix));
      return (await service.runs({ stacks: { prefixes, fits }, limit: 500 })).map(({ stack }) => stack);
    };
    expect(new Set(await seen('twi', 'thr'))).toEqual(new Set(['twice', 'three']));
    expect(new Set(await seen(''))).toEqual(new Set(['shop', 'twice', 'one', 'two', 'three']));
    expect(await seen("x' OR WorkflowId != '")).toEqual([]);
    expect(await seen()).toEqual([]);
  });

  it('the keeper of places goes on with a new history, again and again, and nobody notices', async () => {
    const connection = await Connection.connect({ address: `127.0.0.1:${server.port}` });
    const client = new Client({ connection });
    const query = "WorkflowId = 'places/alibaba'";
    expect((await client.workflow.count(`${query} AND ExecutionStatus = 'ContinuedAsNew'`)).count).toBeGreaterThan(1);
    expect((await client.workflow.count(`${query} AND ExecutionStatus = 'Running'`)).count).toBe(1);
    await connection.close();
  });

  it('what there is not is not found', async () => {
    for (const id of [
      'shop',
      'shop.none',
      'else.01a21b10-4c07-7da0-aa69-49da03a59380',
      'shop.01a21b10-4c07-7da0-aa69-49da03a59380',
    ])
      await expect(service.run(id)).rejects.toMatchObject({ code: 'NotFound' });
    expect(await service.health()).toMatchObject({ reachable: true, running: 0 });
  });

  it('a plan that no history could hold, and no payload unpacked, is refused before its first write', async () => {
    const connection = await Connection.connect({ address: `127.0.0.1:${server.port}` });
    const dataConverter = { payloadCodecs: [new PackingCodec()] };
    const client = new Client({ connection, dataConverter });
    const steps = Array.from({ length: 3_001 }, (_, at) => ({ id: `step ${at}`, reason: `so that ${at} `.repeat(60) }));
    const plan = { fingerprint: 'f', steps, problems: [], drift: [], summary: {} };
    expect(JSON.stringify(plan).length).toBeGreaterThan(2 * 1024 * 1024);
    const begun: string[] = [];
    const own = await NativeConnection.connect({ address: `127.0.0.1:${server.port}` });
    const taskQueue = 'made-up';
    const madeUp = await Worker.create({
      connection: own,
      taskQueue,
      dataConverter,
      workflowBundle: await workflowBundle(),
      activities: {
        planRun: async () => ({ ok: true, value: { plan, rules: {} } }),
        performTask: async ({ task }: { task: string }) => void begun.push(task),
      },
    });
    const input: RunInput = {
      version: 1,
      config: { name: 'huge', digest: '', file: 'huge.yaml', text: '' },
      mode: 'apply',
      prune: 'sync',
      targets: [],
      force: true,
      askFirst: false,
      by: 'test',
      priority: 2,
    };
    const detail = (await madeUp.runUntil(
      client.workflow.execute('stackRun', { taskQueue, workflowId: 'run/huge', args: [input] }),
    )) as RunDetail;
    expect(detail).toMatchObject({ outcome: 'refused', error: { code: 'FailedPrecondition' }, plan: { steps: 3_001 } });
    expect(detail.error?.message).toContain('3000');
    expect(begun).toEqual([]);
    await own.close();
    await connection.close();
  }, 120_000); // the workflows are bundled once more

  it('every history can be replayed by a worker that meets it for the first time', async () => {
    const connection = await Connection.connect({ address: `127.0.0.1:${server.port}` });
    const client = new Client({ connection });
    const { code } = await bundleWorkflows();
    expect(code).toContain('These events have no workflow task yet'); // the guard is in
    const options = { workflowBundle: { code }, dataConverter: { payloadCodecs: [new PackingCodec()] } };
    let replayed = 0;
    for await (const { workflowId, runId } of client.workflow.list({ query: "WorkflowType = 'stackRun'" })) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      await Worker.runReplayHistory(options, history, workflowId);
      replayed++;
    }
    expect(replayed).toBeGreaterThan(5);
    await connection.close();
  }, 180_000);

  it('no payload, history or memo of all this holds a secret', async () => {
    const canary = stacks.env['KEY_SECRET']!;
    stacks.emulator.faults.add({
      kind: 'error',
      operation: 'DescribeVpcs',
      status: 400,
      code: 'SignatureDoesNotMatch',
      message: `the string to sign was ${canary}`,
    });
    const id = await submitted({ stack: 'one' });
    await eventsOf(id);
    expect((await service.run(id)).outcome).toBe('refused');
    const text = await everythingStored(server.port);
    expect(text).toContain('SignatureDoesNotMatch');
    expect(text).toContain('${KEY_SECRET}');
    expect(text).not.toContain(canary);
  });
});

/** All histories, memos and heartbeats, with every payload unpacked. */
async function everythingStored(port: number): Promise<string> {
  const connection = await Connection.connect({ address: `127.0.0.1:${port}` });
  const codec = new PackingCodec();
  const client = new Client({ connection, dataConverter: { payloadCodecs: [codec] } });
  const texts: string[] = [];
  const unpack = async (value: unknown): Promise<void> => {
    if (typeof value !== 'object' || value === null) return;
    if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString('latin1'));
    else if ('metadata' in value && 'data' in value && value.data instanceof Uint8Array) {
      const [payload] = await codec.decode([value as never]);
      texts.push(Buffer.from(payload!.data!).toString());
    } else {
      texts.push(...Object.values(value).filter((each) => typeof each === 'string'));
      for (const each of Object.values(value)) await unpack(each);
    }
  };
  for await (const { workflowId, runId } of client.workflow.list()) {
    const handle = client.workflow.getHandle(workflowId, runId);
    await unpack(await handle.fetchHistory());
    await unpack((await handle.describe()).raw);
  }
  await connection.close();
  return texts.join('\n');
}
