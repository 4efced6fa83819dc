/** Runs driver calls: read-only guard, retry, clock, error context, secrets. The only place that touches a driver's promise. */
import { createCall, readOnlyRefusal, type Call } from '../driver/call.js';
import type { Cursor, Page } from '../driver/driver.js';
import type { Unreadable } from '../driver/unreadable.js';
import { isPeerwayError, PeerwayError, toPeerwayError, type ErrorDetails } from '../errors/error.js';
import type { RequestLimiter } from '../pacing/requestLimiter.js';
import { onAbort } from '../wait/abort.js';
import { canceled } from '../wait/clock.js';
import { DEFAULT_RETRY_POLICY, withRetry, type RetryContext } from '../wait/retry.js';
import { waitFor, type Wait } from '../wait/waiter.js';
import type { CallOptions, Environment, ListOptions, WaitingOptions } from './environment.js';
import { Exchange } from './exchange.js';

/** What is about to be done, for the guard, the retry policy and the messages. */
export interface Operation {
  /** Neutral name, e.g. `peerings.create`. */
  readonly name: string;
  /** The object concerned, for messages. */
  readonly resource?: string;
  /**
   * `read` changes nothing. A `repeatable` write equals itself done twice (see RetryContext); an `unrepeatable` one is not
   * sent again once its answer was lost.
   */
  readonly effect: 'read' | 'repeatable' | 'unrepeatable';
}

/** What each call sends, for the calls that are made inside it. */
const EXCHANGES = new WeakMap<Call, Exchange>();

/** A bound on every listing, far above what an account can hold. */
const MAX_PAGES = 2_000;

/** Runs the calls of one provider. */
export class Invoker {
  constructor(
    readonly provider: string,
    readonly environment: Environment,
    readonly limiter: RequestLimiter,
    readonly readOnly: boolean,
  ) {}

  /**
   * Runs one driver call, repeated as the error and the operation allow.
   * @param readBack asked when the call failed and one of its answers was lost: what it finds made stands for the answer
   */
  async run<T>(
    operation: Operation,
    options: CallOptions,
    work: (call: Call) => Promise<T>,
    readBack?: () => Promise<T | undefined>,
  ): Promise<T> {
    const { clock, random, observer, retryPolicy = DEFAULT_RETRY_POLICY } = this.environment;
    const outer = options.signal;
    const own = new AbortController();
    const context = {
      operation: operation.name,
      ...(operation.resource === undefined ? {} : { resource: operation.resource }),
    };
    const release = outer && onAbort(outer, () => own.abort(outer.reason));
    let lostAnAnswer = false;
    try {
      if (outer?.aborted === true) throw canceled();
      // the driver is not even asked: it might send a read or two before it comes to its write
      if (this.readOnly && operation.effect !== 'read') throw readOnlyRefusal(this.provider, operation.name);
      const exchange = this.#exchange(own.signal, options.stopRepeating);
      const call = createCall(this.provider, {
        signal: own.signal,
        readOnly: this.readOnly,
        admission: exchange,
        ...(observer === undefined ? {} : { observer }),
      });
      EXCHANGES.set(call, exchange);
      const retries: RetryContext = {
        clock,
        random,
        policy: options.settleForMs === undefined ? retryPolicy : { ...retryPolicy, settleForMs: options.settleForMs },
        signal: own.signal,
        ...(options.stopRepeating === undefined ? {} : { stopRepeating: options.stopRepeating }),
        repeatable: operation.effect !== 'unrepeatable',
        onRetry: (error, delayMs) => this.retried(this.explain(error, context), delayMs),
      };
      return await withRetry(retries, async () => {
        try {
          return await exchange.during(() => work(call));
        } catch (error) {
          lostAnAnswer ||= isUnknown(error);
          if (isPeerwayError(error, 'Throttled')) exchange.throttled();
          observer?.callFailed?.(this.provider, this.explain(error, context));
          throw error;
        }
      });
    } catch (thrown) {
      const unlessAborted = (error: PeerwayError): PeerwayError =>
        outer?.aborted === true
          ? this.explain(canceled(), { ...context, ...(lostAnAnswer ? { outcome: 'unknown' } : {}) })
          : error;
      const error = unlessAborted(this.explain(thrown, context));
      if (!lostAnAnswer || readBack === undefined || outer?.aborted === true) throw error;
      // a read that fails says nothing about the write: its error stays the one to report
      const made = await readBack().catch(() => undefined);
      if (made === undefined) throw unlessAborted(error);
      return made;
    } finally {
      release?.();
    }
  }

  /** A call of this provider's inside a call of another one: what is sent in it waits, is counted and is refused here. */
  beside(call: Call): Call {
    const { observer } = this.environment;
    const [own, around] = [this.#exchange(call.signal, undefined), EXCHANGES.get(call)];
    around?.join(own);
    return createCall(this.provider, {
      signal: call.signal,
      readOnly: this.readOnly,
      admission: around === undefined ? own : { enter: () => around.aside(() => own.enter()) },
      ...(observer === undefined ? {} : { observer }),
    });
  }

  #exchange(signal: AbortSignal, stop: AbortSignal | undefined): Exchange {
    const { clock, observer } = this.environment;
    return new Exchange({
      provider: this.provider,
      limiter: this.limiter,
      clock,
      signal,
      ...(observer === undefined ? {} : { observer }),
      ...(stop === undefined ? {} : { stop }),
    });
  }

  /**
   * The page loop of every listing. Each page is retried by itself; a cursor that comes back is the driver's defect. Pages shift
   * while objects come and go, so that one may stand on two of them: what `identify` names alike is given once.
   */
  async *pages<T>(
    operation: Omit<Operation, 'effect'>,
    options: ListOptions,
    read: (cursor: Cursor, call: Call) => Promise<Page<T>>,
    identify?: (item: T) => string,
  ): AsyncGenerator<T> {
    const used = new Set<Cursor>();
    const fresh = identify === undefined ? () => true : firstOfEach(identify);
    for (let cursor: Cursor; ;) {
      used.add(cursor);
      const at = cursor;
      const page = await this.run({ ...operation, effect: 'read' }, options, (call) => read(at, call));
      for (const item of page.unreadable ?? []) this.#unreadable(item, operation, options);
      for (const part of page.linkParts ?? []) options.linkPart?.(part);
      yield* page.items.filter(fresh);
      cursor = page.next;
      if (cursor === undefined) return;
      if (used.has(cursor)) throw this.#endless(operation, 'names a page a second time');
      if (used.size >= MAX_PAGES) throw this.#endless(operation, `goes on after ${MAX_PAGES} pages`);
    }
  }

  #unreadable(item: Unreadable, operation: Omit<Operation, 'effect'>, options: ListOptions): void {
    const error = this.explain(item.error, { operation: operation.name, resource: item.id });
    if (options.unreadable === undefined) throw error;
    options.unreadable({ ...item, error });
  }

  /** Stopping there would pass a part for all. */
  #endless(operation: Omit<Operation, 'effect'>, how: string): PeerwayError {
    return new PeerwayError('Unknown', `Unexpected answer: ${operation.name} ${how}`, {
      provider: this.provider,
      operation: operation.name,
      remedy: 'Run again; if it happens again, report it to the cloud, or as a defect of the provider package.',
    });
  }

  /** Waits with the environment's clock and defaults; errors name the provider and the resource. */
  async wait<T>(
    options: WaitingOptions,
    wait: Pick<Wait<T>, 'what' | 'look' | 'judge' | 'describe'> & { readonly resource: string },
  ): Promise<T> {
    const { clock, random, wait: defaults } = this.environment;
    try {
      return await waitFor({ ...defaults, ...options, clock, random, ...wait });
    } catch (thrown) {
      throw this.explain(thrown, { resource: wait.resource });
    }
  }

  /** Reports to the observer that something is repeated after a pause. */
  retried(error: PeerwayError, delayMs: number): void {
    this.environment.observer?.callRetried?.(this.provider, error, delayMs);
  }

  /** A fresh idempotency token. */
  token(): string {
    return this.environment.random.uuid();
  }

  /** Any error as users may see it: a PeerwayError that says where it happened, with no secret in any of its texts. */
  explain(thrown: unknown, context: ErrorDetails): PeerwayError {
    const { redactor } = this.environment;
    return toPeerwayError(thrown, { provider: this.provider, ...context }).mapText((text) => redactor.redact(text));
  }
}

/** A filter that lets one item of each name through, the first. */
export function firstOfEach<T>(identify: (item: T) => string): (item: T) => boolean {
  const seen = new Set<string>();
  return (item) => {
    const before = seen.size;
    return seen.add(identify(item)).size > before;
  };
}

/** True for an error that leaves open whether the request took effect. */
export const isUnknown = (error: unknown): boolean => isPeerwayError(error) && error.details.outcome === 'unknown';

/** Runs a read and turns `NotFound` into undefined. */
export async function orUndefined<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (isPeerwayError(error, 'NotFound')) return undefined;
    throw error;
  }
}
