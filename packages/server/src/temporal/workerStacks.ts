/** The stacks that a worker is at work on: each config that it has met, opened once with the credentials of its own environment. */
import { PeerwayError } from '@peerway/core';
import type { Peerway } from '@peerway/runtime';
import type { StackConfig } from '../runs/stackConfigs.js';

/** So many that nobody uses are kept open. */
const KEPT = 64;

interface Opened {
  readonly peerway: Promise<Peerway>;
  users: number;
}

export class WorkerStacks {
  /** By digest, the least recently used first. */
  readonly #opened = new Map<string, Opened>();
  #closed = false;

  constructor(private readonly open: (config: StackConfig) => Promise<Peerway>) {}

  /** @param find fetches the config where this worker has not met it yet */
  async use<T>(digest: string, find: () => Promise<StackConfig>, work: (peerway: Peerway) => Promise<T>): Promise<T> {
    const opened = this.#opened.get(digest) ?? this.#open(find);
    this.#opened.delete(digest);
    this.#opened.set(digest, opened);
    opened.users++;
    try {
      return await work(await opened.peerway);
    } catch (error) {
      // what could not be opened is tried anew the next time
      await opened.peerway.catch(() => {
        if (this.#opened.get(digest) === opened) this.#opened.delete(digest);
      });
      throw error;
    } finally {
      opened.users--;
      await this.#tidy();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#tidy();
  }

  #open(find: () => Promise<StackConfig>): Opened {
    return { peerway: find().then((config) => this.open(config)), users: 0 };
  }

  async #tidy(): Promise<void> {
    const idle = [...this.#opened].filter(([, { users }]) => users === 0);
    const most = this.#closed ? 0 : KEPT;
    for (const [digest, { peerway }] of idle.slice(0, Math.max(0, idle.length - most))) {
      this.#opened.delete(digest);
      await peerway.then((each) => each.close()).catch(() => undefined);
    }
  }
}

/** @throws PeerwayError `Internal` when a workflow was begun with another config than its tasks name */
export function requireConfig(config: StackConfig | undefined, digest: string): StackConfig {
  if (config?.digest === digest) return config;
  throw new PeerwayError('Internal', 'The run does not hold the config that its task names');
}
