/** The cloud's error codes as data. A code that is not here becomes `Unknown`, with the code kept. */
import { PeerwayError, type ErrorCode, type ErrorDetails } from '@peerway/core';

const CODES: Readonly<Record<string, ErrorCode>> = {
  BadKey: 'Unauthenticated',
  NotYourEnd: 'PermissionDenied',
  BuiltIn: 'PermissionDenied',
  NoSuchNetwork: 'NotFound',
  NoSuchPeering: 'NotFound',
  NoSuchRoute: 'NotFound',
  NoSuchLine: 'NotFound',
  NoSuchHop: 'InvalidArgument',
  BadField: 'InvalidArgument',
  TokenReused: 'InvalidArgument',
  PairJoined: 'AlreadyExists',
  RouteExists: 'AlreadyExists',
  VlanTaken: 'AlreadyExists',
  NetworkBusy: 'Conflict',
  WrongState: 'FailedPrecondition',
  Locked: 'FailedPrecondition',
  SlowDown: 'Throttled',
  TryLater: 'Unavailable',
};

export function fromFailure(
  failure: { readonly code: string; readonly message: string },
  details: ErrorDetails,
): PeerwayError {
  return new PeerwayError(CODES[failure.code] ?? 'Unknown', failure.message, { ...details, nativeCode: failure.code });
}

/** No answer, or one that cannot be read. A write may have taken effect: only reading back tells. */
export function noAnswer(message: string, mutating: boolean, details: ErrorDetails): PeerwayError {
  return new PeerwayError('Unavailable', message, { ...details, ...(mutating ? { outcome: 'unknown' as const } : {}) });
}
