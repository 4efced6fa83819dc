/**
 * Reads the bodies of answers. The one place that knows what an empty body means: after a write it is the normal
 * answer; after the read of one object it means that there is no such object (docs/facts/baidu.md 3.1.4); anywhere else it
 * is a broken answer.
 */
import { PeerwayError } from '@peerway/core';
import { PROVIDER, unusable, type Failure } from './errors.js';

export interface Answer {
  /** What stood in the body: JSON, a symbol when it was none, undefined when there was nothing. */
  readonly body: unknown;
  /**
   * True when the answer is certainly whole and the cloud's own: it bears the cloud's request id and says how long it
   * is. Only then may emptiness mean "not found": a cut connection must never read as "deleted".
   */
  readonly whole: boolean;
  readonly context: Failure;
}

/** Turns an answer with a 2xx status into what the caller gets. */
export type AnswerReader<T> = (answer: Answer) => T;

/**
 * Updates, deletions and actions: 200 and nothing; a body, where one comes, is of no interest. The cloud's request id
 * tells its answer from that of something in between. @throws PeerwayError `Unavailable` with outcome `unknown`
 */
export const nothing: AnswerReader<void> = ({ context }) => {
  if (context.requestId === undefined) throw unusable(context, 'the answer is not one of Baidu AI Cloud');
};

/** The read of one object, known by a key that it always has. @throws PeerwayError `NotFound`, `Unavailable` */
export const object =
  <T extends object>(key: keyof T & string, within?: string): AnswerReader<T> =>
  ({ body, whole, context }) => {
    if (body === undefined && !whole) throw unusable(context, 'the answer is empty and may have been cut off');
    const outer = body ?? {};
    const record: unknown = within === undefined || !isRecord(outer) ? outer : (outer[within] ?? {});
    if (!isRecord(record)) throw unusable(context, 'the answer is not a JSON object, or was cut off');
    if (record[key] === undefined || record[key] === null) throw notFound(context);
    return record as T;
  };

/**
 * The answer of a creation: an object that names what was made. @throws PeerwayError `Unavailable` with outcome
 * `unknown`
 */
export const created =
  <T extends object>(key: keyof T & string): AnswerReader<T> =>
  ({ body, context }) => {
    if (isRecord(body) && body[key] !== undefined && body[key] !== null) return body as T;
    throw unusable(context, `the answer does not say ${key}`);
  };

/** One page of a listing. `next` is the marker of the following page; absent on the last. */
export interface WirePage<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

export const listOf =
  <T extends object>(key: string): AnswerReader<WirePage<T>> =>
  ({ body, context }) => {
    const items = isRecord(body) ? body[key] : undefined;
    if (!isRecord(body) || !Array.isArray(items) || !items.every(isRecord)) {
      throw unusable(context, `the answer has no list ${key}`);
    }
    const next = body['isTruncated'] === true ? body['nextMarker'] : undefined;
    return { items: items as T[], ...(typeof next === 'string' && next !== '' ? { next } : {}) };
  };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const notFound = (context: Failure): PeerwayError =>
  new PeerwayError('NotFound', `${context.operation}: there is no such object`, {
    provider: PROVIDER,
    nativeOperation: context.operation,
    httpStatus: context.httpStatus,
    ...(context.requestId === undefined ? {} : { requestId: context.requestId }),
    remedy: 'Check the id, the region and the account of the provider entry.',
  });
