/** A worker: takes tasks of all stacks from Temporal and does them with the credentials of its own environment. */
import { hostname } from 'node:os';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { PeerwayError, systemClock, type SharedRate } from '@peerway/core';
import type { Peerway } from '@peerway/runtime';
import { workersRate } from '../rates/workersRate.js';
import type { StackConfig } from '../runs/stackConfigs.js';
import { activitiesOf } from './activities.js';
import { connectionOptions, engineAddress, payloadCodec, type EngineAddress } from './connection.js';
import { TASK_QUEUE } from './protocol.js';
import { countWorkers } from './workers.js';
import { WorkerStacks } from './workerStacks.js';
import { workflowBundle } from './workflowBundle.js';

export interface WorkerOptions {
  /** `temporal://host:port/namespace`. */
  readonly engine: string;
  /** Makes a stack's object with the credentials of this worker, whose requests keep the rate that is given. */
  readonly open: (config: StackConfig, sharedRate: SharedRate) => Promise<Peerway>;
  /** Tells this worker from the others, also when it is started anew. Default: process and machine. */
  readonly name?: string;
  /** `postgres://…`: where the rates of accounts are kept exactly. Absent: each worker keeps an equal share. */
  readonly rates?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the worker: tasks under way are left to others at once. */
  readonly signal: AbortSignal;
  /** Called once, when it takes tasks. */
  readonly onReady?: () => void;
  /** Warnings and errors of Temporal's SDK, a line each. */
  readonly log?: (line: string) => void;
  /** Tasks at once. Default 100. */
  readonly tasks?: number;
}

/** How long a task that is told to leave may take for it. */
const SHUTDOWN_MS = 3_000;
const REACHED_WITHIN_MS = 60_000;

/** Resolves when the worker has ended. @throws PeerwayError `Unavailable` when Temporal or the database cannot be reached at the start */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { engine, env, open, rates, name = `${process.pid}@${hostname()}`, log = () => undefined } = options;
  const address = engineAddress(engine);
  const codec = payloadCodec(env);
  const dataConverter = { payloadCodecs: [codec] };
  const { namespace } = address;
  installLog(log);
  const connection = await reached(address, options);
  const client = new Client({ connection, namespace, dataConverter });
  const closing: (() => Promise<void>)[] = [() => connection.close()];
  try {
    const count = (): Promise<number> => countWorkers(client, systemClock.now(), name);
    const kept = await workersRate({ url: rates, clock: systemClock, count, log });
    closing.push(() => kept.close());
    const stacks = new WorkerStacks((config) => open(config, kept.rate));
    closing.push(() => stacks.close());
    const worker = await Worker.create({
      ...workerSettings(options.tasks ?? 100),
      connection,
      namespace,
      identity: name,
      workflowBundle: await workflowBundle(),
      activities: { ...activitiesOf({ client, codec, stacks, clock: systemClock }) },
      dataConverter,
    });
    await runUntil(worker, options);
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

const workerSettings = (tasks: number) => ({
  taskQueue: TASK_QUEUE,
  maxConcurrentActivityTaskExecutions: tasks,
  maxConcurrentActivityTaskPolls: Math.min(30, tasks),
  maxConcurrentWorkflowTaskPolls: 4,
  // a worker that dies is missed after the sticky time and the heartbeat time
  stickyQueueScheduleToStartTimeout: '2 seconds' as const,
  maxHeartbeatThrottleInterval: '2 seconds' as const,
  defaultHeartbeatThrottleInterval: '2 seconds' as const,
  shutdownGraceTime: 0,
  shutdownForceTime: SHUTDOWN_MS,
});

async function runUntil(worker: Worker, { signal, onReady }: WorkerOptions): Promise<void> {
  const shutdown = (): void => worker.shutdown();
  signal.addEventListener('abort', shutdown, { once: true });
  try {
    const running = worker.run();
    onReady?.();
    if (signal.aborted && worker.getState() === 'RUNNING') shutdown();
    await running;
  } finally {
    signal.removeEventListener('abort', shutdown);
  }
}

/** Those who start everything at once start a worker before its server. @throws PeerwayError `Unavailable` after a minute */
async function reached(address: EngineAddress, { env, signal, log }: WorkerOptions): Promise<NativeConnection> {
  const options = connectionOptions(address, env);
  const begun = systemClock.now();
  for (let pauseMs = 500; ; pauseMs = Math.min(2 * pauseMs, 5_000)) {
    try {
      return await NativeConnection.connect(options);
    } catch {
      if (signal.aborted || systemClock.now() - begun > REACHED_WITHIN_MS)
        throw new PeerwayError('Unavailable', 'Temporal does not answer', {
          place: address.address,
          remedy: 'Check the address and the network, and that the server runs.',
        });
      log?.(`Temporal does not answer at ${address.address}; trying again.`);
      await systemClock.sleep(pauseMs, signal).catch(() => undefined);
    }
  }
}

/** Once for a process: the SDK's own log. */
function installLog(line: (text: string) => void): void {
  try {
    Runtime.install({
      logger: new DefaultLogger('WARN', ({ level, message }) => line(`${level} ${message}`)),
      shutdownSignals: [],
    });
  } catch {
    // installed already: another worker of this process
  }
}
