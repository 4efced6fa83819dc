/** Runs driver calls: read-only guard, retry, clock, error context, secrets. The only place that touches a driver's promise. */
import { createCall, type Call } from '../driver/call.js';
import type { Page } from '../driver/driver.js';
import { isPeerwayError, PeerwayError, toPeerwayError } from '../errors/error.js';
import { canceled } from '../wait/clock.js';
import { DEFAULT_RETRY_POLICY, withRetry } from '../wait/retry.js';
import { waitFor, type Verdict } from '../wait/waiter.js';
import type { CallOptions, Environment, WaitingOptions } from './environment.js';

export interface Operation extends CallOptions {
  /** Neutral name, e.g. `peerings.create`. */
  readonly name: string;
  readonly resource?: string;
  /** See RetryContext. Reads are repeatable. */
  readonly repeatable: boolean;
}

export class Invoker {
  constructor(
    readonly provider: string,
    readonly environment: Environment,
    readonly readOnly: boolean,
  ) {}

  /** Runs one driver call, repeated as the error and the operation allow. */
  async run<T>(operation: Operation, work: (call: Call) => Promise<T>): Promise<T> {
    const { clock, random, observer, retryPolicy = DEFAULT_RETRY_POLICY } = this.environment;
    const signal = operation.signal ?? new AbortController().signal;
    try {
      if (signal.aborted) throw canceled();
      const call = createCall(this.provider, {
        signal,
        readOnly: this.readOnly,
        ...(observer === undefined ? {} : { observer }),
      });
      return await withRetry(
        {
          clock,
          random,
          policy: retryPolicy,
          signal,
          repeatable: operation.repeatable,
          onRetry: (error, delayMs) => observer?.callRetried?.(this.provider, error, delayMs),
        },
        () => clock.during(work(call)),
      );
    } catch (thrown) {
      if (signal.aborted) throw canceled();
      throw this.#explain(thrown, operation);
    }
  }

  /** The page loop of every listing. Each page is retried by itself; a cursor that does not move is the driver's defect. */
  async pages<T>(
    operation: Omit<Operation, 'repeatable'>,
    read: (cursor: string | undefined, call: Call) => Promise<Page<T>>,
  ): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | undefined;
    do {
      const page: Page<T> = await this.run({ ...operation, repeatable: true }, (call) => read(cursor, call));
      items.push(...page.items);
      if (page.next !== undefined && page.next === cursor) {
        throw new PeerwayError('Internal', `${operation.name} returned the same cursor twice`, {
          provider: this.provider,
        });
      }
      cursor = page.next;
    } while (cursor !== undefined);
    return items;
  }

  /** Waits with the environment's clock and defaults. */
  async wait<T>(
    options: WaitingOptions,
    wait: { readonly what: string; look: () => Promise<T>; judge: (seen: T) => Verdict; describe: (seen: T) => string },
  ): Promise<T> {
    const { clock, random, wait: defaults } = this.environment;
    return waitFor({
      clock,
      random,
      ...defaults,
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      ...wait,
    });
  }

  token(): string {
    return this.environment.random.uuid();
  }

  #explain(thrown: unknown, operation: Operation): PeerwayError {
    const error = toPeerwayError(thrown, {
      provider: this.provider,
      operation: operation.name,
      ...(operation.resource === undefined ? {} : { resource: operation.resource }),
    });
    const clean = this.environment.redactor.redact(error.message);
    if (clean === error.message) return error;
    return new PeerwayError(error.code, clean, error.details);
  }
}

/** Runs a read and turns `NotFound` into undefined. */
export async function orUndefined<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (isPeerwayError(error, 'NotFound')) return undefined;
    throw error;
  }
}
