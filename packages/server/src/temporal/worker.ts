/** A worker: takes tasks of all stacks from Temporal and does them with the credentials of its own environment. */
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { PeerwayError, systemClock } from '@peerway/core';
import type { Peerway } from '@peerway/runtime';
import type { StackConfig } from '../runs/stackConfigs.js';
import { activitiesOf } from './activities.js';
import { connectionOptions, engineAddress, payloadCodec } from './connection.js';
import { TASK_QUEUE } from './protocol.js';
import { WorkerStacks } from './workerStacks.js';
import { workflowBundle } from './workflowBundle.js';

export interface WorkerOptions {
  /** `temporal://host:port/namespace`. */
  readonly engine: string;
  /** Makes a stack's object with the credentials of this worker. */
  readonly open: (config: StackConfig) => Promise<Peerway>;
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

/** Resolves when the worker has ended. @throws PeerwayError `Unavailable` when Temporal cannot be reached at the start */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { engine, env, signal, open, tasks = 100 } = options;
  const address = engineAddress(engine);
  const codec = payloadCodec(env);
  const dataConverter = { payloadCodecs: [codec] };
  const { namespace } = address;
  installLog(options.log ?? (() => undefined));
  const connection = await reached(address.address, () => NativeConnection.connect(connectionOptions(address, env)));
  const client = new Client({ connection, namespace, dataConverter });
  const stacks = new WorkerStacks(open);
  try {
    const worker = await Worker.create({
      connection,
      namespace,
      taskQueue: TASK_QUEUE,
      workflowBundle: await workflowBundle(),
      activities: { ...activitiesOf({ client, codec, stacks, clock: systemClock }) },
      dataConverter,
      maxConcurrentActivityTaskExecutions: tasks,
      maxConcurrentActivityTaskPolls: Math.min(30, tasks),
      maxConcurrentWorkflowTaskPolls: 4,
      // a worker that dies is missed after the sticky time and the heartbeat time
      stickyQueueScheduleToStartTimeout: '2 seconds',
      maxHeartbeatThrottleInterval: '2 seconds',
      defaultHeartbeatThrottleInterval: '2 seconds',
      shutdownGraceTime: 0,
      shutdownForceTime: SHUTDOWN_MS,
    });
    const shutdown = (): void => worker.shutdown();
    signal.addEventListener('abort', shutdown, { once: true });
    try {
      const running = worker.run();
      options.onReady?.();
      if (signal.aborted && worker.getState() === 'RUNNING') shutdown();
      await running;
    } finally {
      signal.removeEventListener('abort', shutdown);
    }
  } finally {
    await stacks.close();
    await connection.close();
  }
}

async function reached<T>(address: string, connect: () => Promise<T>): Promise<T> {
  try {
    return await connect();
  } catch {
    throw new PeerwayError('Unavailable', 'Temporal does not answer', {
      place: address,
      remedy: 'Check the address and the network, and that the server runs.',
    });
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
