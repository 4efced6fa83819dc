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
