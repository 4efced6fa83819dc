/** The error taxonomy. Strings, never renumbered: programs act on a code, people read the message. */
export const ERROR_CODES = [
  'NotFound',
  'AlreadyExists',
  'InvalidArgument',
  'FailedPrecondition', // right request, wrong state of the object
  'Unauthenticated',
  'PermissionDenied',
  'QuotaExceeded',
  'PaymentRequired', // overdue bills, no balance, a service not opened
  'Throttled',
  'Conflict', // somebody else is changing the same thing now; goes away by itself
  'Unsupported', // the provider cannot, or nobody has written it yet
  'Unavailable',
  'DeadlineExceeded',
  'Canceled',
  'Internal', // a promise inside Peerway was broken: a defect
  'Unknown', // the cloud answered something no table knows
] as const;

/** What went wrong, for programs. docs/errors.md says what each means and what to do. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * What repeating the same call may do.
 * `never`: the answer will not change. `backoff`: not executed, try again with growing delays. `settle`: something
 * near is changing, try again after a few seconds. `once`: one more try, after what the cloud hinted (clock skew, a used nonce).
 */
export type RetryAdvice = 'never' | 'backoff' | 'settle' | 'once';

/** Advice where a provider's table gives none. */
export const DEFAULT_RETRY: Record<ErrorCode, RetryAdvice> = {
  NotFound: 'never',
  AlreadyExists: 'never',
  InvalidArgument: 'never',
  FailedPrecondition: 'never',
  Unauthenticated: 'never',
  PermissionDenied: 'never',
  QuotaExceeded: 'never',
  PaymentRequired: 'never',
  Throttled: 'backoff',
  Conflict: 'settle',
  Unsupported: 'never',
  Unavailable: 'backoff',
  DeadlineExceeded: 'never',
  Canceled: 'never',
  Internal: 'never',
  Unknown: 'never',
};

/** What to do about each code where the error says nothing more precise; one sentence for people, as docs/errors.md explains it. */
export const DEFAULT_REMEDY: Record<ErrorCode, string> = {
  NotFound: 'Check the id, the region and the account.',
  AlreadyExists: 'Adopt what is there, remove it, or drop the declaration.',
  InvalidArgument: 'Correct what the message names, and run again.',
  FailedPrecondition: 'Look at the state of the object, put it right, and plan again.',
  Unauthenticated: 'Check the key, its secret or session token, and this machine’s clock.',
  PermissionDenied: 'Grant the missing right to this key, or use the key of the account that owns the object.',
  QuotaExceeded: 'Raise the quota in the cloud’s console, or remove what is no longer needed.',
  PaymentRequired: 'Settle the bill or open the service in the cloud’s console.',
  Throttled: 'Wait a few minutes and run again; look for another program that uses the same account.',
  Conflict: 'Look for another run, or a person in the console, at work on the same network; then run again.',
  Unsupported: 'Leave the option out, or choose another mechanism.',
  Unavailable: 'Check the network and the endpoint, and run again.',
  DeadlineExceeded: 'Look at the object in the cloud; if it is only slow, run again: what is done stays done.',
  Canceled: 'Run again to finish; a request that was on its way may still take effect.',
  Internal: 'This is a defect; run with --verbose and report the stack.',
  Unknown: 'Report the native code and operation, so that they can be learned.',
};
