/** What several test files of core need: catching a PeerwayError, sync or async. */
import { isPeerwayError, type PeerwayError } from '@peerway/core';

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
