/** The cloud's error codes as data. A code that is not here becomes `Unknown`, with the code kept. */
import { PeerwayError, type ErrorCode, type ErrorDetails } from '@peerway/core';

const CODES: Readonly<Record<string, ErrorCode>> = {
  BadKey: 'Unauthenticated',
  NoRight: 'PermissionDenied',
  NotYourEnd: 'PermissionDenied',
  BuiltIn: 'PermissionDenied',
  NoSuchNetwork: 'NotFound',
  NoSuchPeering: 'NotFound',
  NoSuchRoute: 'NotFound',
  NoSuchTable: 'NotFound',
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

/** No answer, or one that cannot be read. */
export const noAnswer = (message: string, details: ErrorDetails): PeerwayError =>
  new PeerwayError('Unavailable', message, details);

/** What stands beside every error that leaves open whether a write took effect: only reading back tells. */
export const inDoubt = (mutating: boolean): ErrorDetails => (mutating ? { outcome: 'unknown' } : {});
