/** Cancellation in the engine's own words, and the error as events carry it. */
import { PeerwayError, toPeerwayError } from '@peerway/core';
import type { EventError } from './events.js';

export const canceledError = (): PeerwayError => new PeerwayError('Canceled', 'The operation was canceled');

/** An error as plain data, without anything that could hold a secret. */
export function eventError(thrown: unknown): EventError {
  const { code, message, details } = toPeerwayError(thrown);
  return {
    code,
    message,
    ...(details.remedy === undefined ? {} : { remedy: details.remedy }),
    ...(details.provider === undefined ? {} : { provider: details.provider }),
    ...(details.nativeCode === undefined ? {} : { nativeCode: details.nativeCode }),
    ...(details.requestId === undefined ? {} : { requestId: details.requestId }),
  };
}
