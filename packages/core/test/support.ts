/** What several test files of core need: making and catching errors, reading listings. */
import { isPeerwayError, PeerwayError, type ErrorCode, type ErrorDetails } from '@peerway/core';

/** The PeerwayError that `action` throws; undefined when it throws nothing; anything else thrown goes on. */
export function caught(action: () => unknown): PeerwayError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (isPeerwayError(error)) return error;
    throw error;
  }
}

/** The same for a promise; a fulfilled one is a failure of the test. */
export async function rejection(promise: Promise<unknown>): Promise<PeerwayError> {
  try {
    await promise;
  } catch (error) {
    if (isPeerwayError(error)) return error;
    throw error;
  }
  throw new Error('expected a rejection');
}

export const fail = (code: ErrorCode, details: ErrorDetails = {}): PeerwayError =>
  new PeerwayError(code, code, details);

/** What a driver throws when an answer did not come. */
export const lost = fail('Unavailable', { outcome: 'unknown' });

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of items) out.push(item);
  return out;
}
