/** Which engine runs the stacks: this process, or Temporal, whose packages are loaded only then. */
import type { Peerway } from '@peerway/runtime';
import { LocalRuns } from './local/localRuns.js';
import type { RunService } from './runs/service.js';
import type { StackConfig, StackSource } from './runs/stackConfigs.js';
import type { WorkerOptions } from './temporal/worker.js';

export interface EngineOptions {
  /** `local`, or `temporal://host:port/namespace`. */
  readonly engine: string;
  readonly stacks: StackSource;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Makes a stack's object with the credentials of this process. Used by `local` alone. */
  readonly open: (config: StackConfig) => Promise<Peerway>;
}

/** @throws PeerwayError `InvalidArgument` for an engine that there is not */
export async function openRuns({ engine, stacks, env, open }: EngineOptions): Promise<RunService> {
  if (engine === 'local') return new LocalRuns({ stacks, open });
  const { TemporalRuns } = await import('./temporal/temporalRuns.js');
  return new TemporalRuns({ engine, stacks, env });
}

/** A worker of Temporal; resolves when it has ended. @throws PeerwayError `Unavailable` when Temporal cannot be reached at the start */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { runWorker: run } = await import('./temporal/worker.js');
  return run(options);
}
