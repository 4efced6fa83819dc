/** One shared poller per thing that can be listed (an account's peerings, a route table): one call looks for all who wait, whichever run they belong to. */
import { canceled, type Clock } from '@peerway/core';
import type { PollTiming } from './pollTiming.js';

/** Reads what can be listed. `scopes`: what the present watches ask about, without duplicates, for a narrower query. */
export type Read<T> = (scopes: readonly string[]) => Promise<readonly T[]>;

interface Waiting {
  /** What is learned about: the same kind takes about the same time. */
  readonly kind: string;
  readonly scope: string;
  /** When the thing began; looks count from there. */
  readonly since: number;
  /** When to look first while nothing is learned about the kind. */
  readonly firstMs: number;
  /** The look itself is a request that the cloud refuses when it comes too early. */
  readonly patient?: boolean;
}

export interface Watching<T> {
  /** Resolves when a look satisfies `check`; looks again until then. */
  watch(watch: Waiting, check: (items: readonly T[], ageMs: number) => boolean, signal?: AbortSignal): Promise<void>;
}

interface Watch<T> extends Waiting {
  readonly read: Read<T>;
  lookedAt: number | undefined;
  /** True ends the watch. Throwing ends it with the error. */
  readonly check: (items: readonly T[], ageMs: number) => boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface PollerOptions {
  readonly clock: Clock;
  readonly timing: PollTiming;
  /** All wait for one thing, which is not there before the last of them may expect it: nobody looks earlier. */
  readonly joint?: boolean;
  /** Called when nobody waits any more. */
  readonly onIdle?: () => void;
}

export class Poller<T> {
  readonly #watches = new Set<Watch<T>>();
  #running = false;
  #wake: AbortController | undefined;

  constructor(private readonly options: PollerOptions) {}

  /** As in `Watching`. One of those who wait reads for all; when its reading fails, the others read by themselves. */
  watch(
    watch: Waiting & Pick<Watch<T>, 'read'>,
    check: (items: readonly T[], ageMs: number) => boolean,
    signal?: AbortSignal,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(canceled());
      const end = (): void => {
        this.#watches.delete(entry);
        signal?.removeEventListener('abort', onAbort);
      };
      const entry: Watch<T> = {
        ...watch,
        lookedAt: undefined,
        check,
        resolve: () => {
          end();
          resolve();
        },
        reject: (error) => {
          end();
          reject(error instanceof Error ? error : new Error('A watch failed'));
        },
      };
      const onAbort = (): void => {
        entry.reject(canceled());
        this.#wake?.abort('woken');
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#watches.add(entry);
      if (this.#running) this.#wake?.abort('woken');
      else void this.#run();
    });
  }

  async #run(): Promise<void> {
    const { clock } = this.options;
    this.#running = true;
    while (this.#watches.size > 0) {
      const dues = [...this.#watches].map((watch) => this.#dueAt(watch));
      const due = this.options.joint === true ? Math.max(...dues) : Math.min(...dues);
      if (due > clock.now() && !(await this.#sleep(due - clock.now()))) continue; // someone came who may be due earlier
      await this.#look();
    }
    this.#running = false;
    this.options.onIdle?.();
  }

  async #look(): Promise<void> {
    const { clock, timing } = this.options;
    const asked = [...this.#watches];
    const read = asked[0]?.read;
    if (read === undefined) return;
    let items: readonly T[];
    try {
      items = await read([...new Set(asked.map((watch) => watch.scope))]);
    } catch (error) {
      for (const watch of asked) if (watch.read === read) watch.reject(error);
      return;
    }
    for (const watch of asked) {
      if (!this.#watches.has(watch)) continue; // left while we read
      const age = clock.now() - watch.since;
      try {
        if (watch.check(items, age)) {
          timing.learn(watch.kind, watch.lookedAt, age);
          watch.resolve();
        } else watch.lookedAt = age;
      } catch (error) {
        watch.reject(error);
      }
    }
  }

  #dueAt(watch: Watch<T>): number {
    return watch.since + this.options.timing.nextLook(watch.kind, watch.lookedAt, watch.firstMs, watch.patient);
  }

  /** @returns false when woken early */
  async #sleep(ms: number): Promise<boolean> {
    this.#wake = new AbortController();
    try {
      await this.options.clock.sleep(ms, this.#wake.signal);
      return true;
    } catch {
      return false;
    } finally {
      this.#wake = undefined;
    }
  }
}
