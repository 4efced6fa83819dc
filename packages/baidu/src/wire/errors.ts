/**
 * The cloud's error codes as data: what each means and what repeating may do. Source: docs/facts/baidu.md 1.7 (vendor's error
 * page), 6.1 and 6.3 (codes that only the vendor's clients name), checked 2026-11. Codes are compared without regard to
 * case.
 */
import { isPeerwayError, PeerwayError, type ErrorCode, type ErrorDetails, type RetryAdvice } from '@peerway/core';

/** Id of the plugin, in every error and every neutral object. */
export const PROVIDER = 'baidu';

interface Meaning {
  readonly code: ErrorCode;
  /** Default: by code, see core's `DEFAULT_RETRY`. */
  readonly retry?: RetryAdvice;
  readonly remedy?: string;
  /** True where the request may have taken effect all the same. */
  readonly doubtful?: true;
}

const KEYS_REMEDY = 'Check the access key and its secret.';
const SKEW: Meaning = {
  code: 'Unauthenticated',
  retry: 'once', // the client has noted the server's time by then
  remedy: "Set this machine's clock.",
};
const NOT_FOUND: Meaning = {
  code: 'NotFound',
  remedy: 'Check the id, the region and the account of the provider entry.',
};
const QUOTA: Meaning = {
  code: 'QuotaExceeded',
  remedy: 'Ask Baidu AI Cloud for a higher quota, or remove what is not needed.',
};
const DEPENDENTS: Meaning = { code: 'Conflict', remedy: 'Something still depends on it; remove that first.' };
const THROTTLED: Meaning = { code: 'Throttled' };
const TRANSIENT: Meaning = { code: 'Unavailable', doubtful: true };
const REFUSED: Meaning = { code: 'InvalidArgument' };

const MEANINGS: Readonly<Record<string, Meaning>> = {
  // who asks
  SignatureDoesNotMatch: { code: 'Unauthenticated', remedy: KEYS_REMEDY },
  InvalidHTTPAuthHeader: { code: 'Unauthenticated', remedy: KEYS_REMEDY },
  InvalidAccessKeyId: { code: 'Unauthenticated', remedy: KEYS_REMEDY },
  RequestExpired: SKEW,
  RequestTimeTooSkewed: SKEW,
  AccessDenied: {
    code: 'PermissionDenied',
    remedy: '`peerway policy` prints the operations that the configuration needs; grant the user this one.',
  },
  QualifyNotPass: { code: 'PermissionDenied', remedy: 'Finish the real-name verification of the account.' },
  OptInRequired: { code: 'PaymentRequired', remedy: 'Open the service in the console first.' },
  // what is asked
  InappropriateJSON: REFUSED,
  MalformedJSON: REFUSED,
  InvalidHTTPRequest: REFUSED,
  BadRequest: REFUSED,
  InvalidURI: REFUSED,
  InvalidVersion: REFUSED,
  PreconditionFailed: { code: 'FailedPrecondition' },
  IdempotentParameterMismatch: {
    code: 'InvalidArgument',
    remedy: 'The clientToken was used for a different request within 24 hours; use a fresh one.',
  },
  // the thing itself
  NoSuchObject: NOT_FOUND,
  NotFound: NOT_FOUND,
  InstanceNotExist: NOT_FOUND,
  InstanceNotFound: NOT_FOUND,
  ResourceNotFound: NOT_FOUND,
  ResourceNotFoundException: NOT_FOUND,
  ResourceNotExist: NOT_FOUND,
  OperationDenied: { code: 'FailedPrecondition' }, // the peering driver reads back what the state was and may soften this
  CidrConflict: {
    code: 'InvalidArgument',
    remedy: 'The ranges overlap others that are there; choose ones that do not.',
  },
  RouteRuleRepeated: { code: 'AlreadyExists', remedy: 'The table has a rule for this destination and source already.' },
  LimitExceeded: QUOTA,
  QuotaLimitExceeded: QUOTA,
  ExceedLimitException: QUOTA,
  RouteRuleExceedQuota: QUOTA,
  ResourceNeedRelease: DEPENDENTS,
  SUBNET_INUSE: DEPENDENTS,
  NotAllowDeleteVpc: DEPENDENTS,
  NotAllowOperateSubnet: DEPENDENTS,
  // the service
  InternalError: TRANSIENT,
  ServiceInternalError: TRANSIENT,
  RateLimit: THROTTLED,
};

const BY_CODE = new Map(Object.entries(MEANINGS).map(([code, meaning]) => [code.toLowerCase(), meaning]));

/**
 * For answers without a code, as the vendor's Go SDK reads them (docs/facts/baidu.md 1.7). 429 is not documented by the vendor;
 * it means the same everywhere. A code that no table knows is not guessed at by its status.
 */
const BY_STATUS: Readonly<Record<number, Meaning>> = {
  400: REFUSED,
  401: { code: 'Unauthenticated', remedy: KEYS_REMEDY },
  403: { code: 'PermissionDenied' },
  404: NOT_FOUND,
  409: { code: 'FailedPrecondition' },
  412: { code: 'FailedPrecondition' },
  413: QUOTA,
  501: { code: 'Unsupported', remedy: 'The address answers, but does not know this operation; check endpoint:.' },
};

export const SKEW_CODES: ReadonlySet<string> = new Set(['RequestExpired', 'RequestTimeTooSkewed']);

export interface Failure {
  readonly operation: string;
  readonly mutating: boolean;
  /** Absent when no answer came. */
  readonly httpStatus?: number;
  /** Absent when the answer was not the cloud's error form. */
  readonly nativeCode?: string;
  readonly message?: string;
  readonly requestId?: string;
  readonly retryAfterMs?: number;
}

/** The one place that turns an answer of the cloud into an error. */
export function errorOf(failure: Failure & { readonly httpStatus: number }): PeerwayError {
  const { nativeCode, httpStatus } = failure;
  const meaning = meaningOf(nativeCode, httpStatus);
  const said = failure.message === undefined || failure.message === '' ? '' : `: ${failure.message}`;
  return new PeerwayError(
    meaning.code,
    `${failure.operation} was refused (${nativeCode ?? `HTTP ${httpStatus}`})${said}`,
    {
      ...detailsOf(failure),
      ...(meaning.retry === undefined ? {} : { retry: meaning.retry }),
      ...(meaning.remedy === undefined ? {} : { remedy: meaning.remedy }),
      ...(meaning.doubtful === true && failure.mutating ? { outcome: 'unknown' as const } : {}),
    },
  );
}

/** True for an error by which the cloud itself refused, not one of our own guards. */
export function isRefusal(error: unknown, ...codes: readonly ErrorCode[]): error is PeerwayError {
  return isPeerwayError(error) && error.details.httpStatus !== undefined && codes.includes(error.code);
}

/** No usable answer: cut, timed out, not JSON, or not the cloud's. A write may have taken effect. */
export const unusable = (failure: Failure, what: string, retry?: RetryAdvice): PeerwayError =>
  new PeerwayError('Unavailable', what, {
    remedy:
      'Check endpoint: and any proxy on the way, and run again; if it happens again, report it with the request id.',
    ...(retry === undefined ? {} : { retry }),
    ...doubtOf(failure),
  });

/** A reading that contradicts what was asked for or was read a moment before: nothing may be concluded from it. */
export const contradiction = (operation: string, what: string): PeerwayError =>
  new PeerwayError('Unavailable', `Unexpected answer to ${operation}: ${what}`, {
    provider: PROVIDER,
    nativeOperation: operation,
    retry: 'never', // asked again, a liar may choose a better lie
    remedy:
      'Check endpoint: and any proxy on the way, and run again; if it happens again, report it with the request id.',
  });

/** What is read by an id must be about that id: taken for the other one, it would be changed or removed in its place. */
export function requireAsked(operation: string, answered: string | undefined, asked: string): void {
  if (answered === asked) return;
  throw contradiction(operation, `it is about ${answered ?? 'nothing'}, and ${asked} was asked for`);
}

/** The caller gave up while the request was on its way. A write may have taken effect. */
export const abandoned = (failure: Failure): PeerwayError =>
  new PeerwayError('Canceled', `${failure.operation} was canceled`, doubtOf(failure));

const doubtOf = (failure: Failure): ErrorDetails => ({
  ...detailsOf(failure),
  ...(failure.mutating ? { outcome: 'unknown' as const } : {}),
});

function meaningOf(nativeCode: string | undefined, httpStatus: number): Meaning {
  if (nativeCode !== undefined) {
    const known = BY_CODE.get(nativeCode.toLowerCase());
    if (known !== undefined) return known;
    // families of which the clients name single members only
    if (/ratelimit/i.test(nativeCode)) return THROTTLED;
    if (/(notfound|notexist)/i.test(nativeCode)) return NOT_FOUND;
  }
  if (httpStatus >= 500) return BY_STATUS[httpStatus] ?? TRANSIENT;
  if (httpStatus === 429) return THROTTLED;
  return (nativeCode === undefined ? BY_STATUS[httpStatus] : undefined) ?? { code: 'Unknown' };
}

function detailsOf(failure: Failure): ErrorDetails {
  return {
    provider: PROVIDER,
    nativeOperation: failure.operation,
    ...(failure.httpStatus === undefined ? {} : { httpStatus: failure.httpStatus }),
    ...(failure.nativeCode === undefined ? {} : { nativeCode: failure.nativeCode }),
    ...(failure.requestId === undefined ? {} : { requestId: failure.requestId }),
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
  };
}
