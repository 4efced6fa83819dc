/**
 * The cloud's error codes as data: what each means and what repeating may do. Source:
 * docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html, docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html,
 * checked 2026-11. Codes are compared without regard to case: the documents and servers differ in `…ID.NotFound` and `…Id.NotFound`.
 */
import { isPeerwayError, PeerwayError, type ErrorCode, type ErrorDetails, type RetryAdvice } from '@peerway/core';

/** Id of the plugin, in every error and every neutral object. */
export const PROVIDER = 'aws';

interface Meaning {
  readonly code: ErrorCode;
  /** Default: by code, see core's `DEFAULT_RETRY`. */
  readonly retry?: RetryAdvice;
  readonly remedy?: string;
  /** True where the request may have taken effect all the same. */
  readonly doubtful?: true;
}

const KEYS: Meaning = {
  code: 'Unauthenticated',
  remedy: 'Check the access key, its secret and, for temporary keys, the session token.',
};
const EXPIRED: Meaning = { code: 'Unauthenticated', remedy: 'The temporary keys have expired; sign in again.' };
const SKEW: Meaning = {
  code: 'Unauthenticated',
  retry: 'once', // the SDK has noted the server's time by then
  remedy: "Set this machine's clock.",
};
const DENIED: Meaning = {
  code: 'PermissionDenied',
  remedy: '`peerway policy` prints the actions that the configuration needs; allow the user or role this one.',
};
const NOT_OURS: Meaning = {
  code: 'PermissionDenied',
  remedy: 'Act with the account and region that own this end of the peering.',
};
const NOT_FOUND: Meaning = {
  code: 'NotFound',
  remedy: 'Check the id, the region and the account of the provider entry.',
};
const REFUSED: Meaning = { code: 'InvalidArgument' };
const QUOTA: Meaning = {
  code: 'QuotaExceeded',
  remedy: 'Ask for a higher quota in Service Quotas (VPC), or remove what is not needed.',
};
const WAITING: Meaning = {
  code: 'QuotaExceeded',
  remedy: 'Accept or delete requests that are waiting, then run again.',
};
const BUSY: Meaning = { code: 'Conflict' };
const THROTTLED: Meaning = { code: 'Throttled' };
const TRANSIENT: Meaning = { code: 'Unavailable', doubtful: true };

const MEANINGS: Readonly<Record<string, Meaning>> = {
  // who asks
  AuthFailure: KEYS,
  InvalidClientTokenId: KEYS,
  UnrecognizedClientException: KEYS,
  SignatureDoesNotMatch: KEYS,
  MissingAuthenticationToken: KEYS,
  InvalidAccessKeyId: KEYS,
  ExpiredToken: EXPIRED,
  ExpiredTokenException: EXPIRED,
  RequestExpired: SKEW,
  RequestTimeTooSkewed: SKEW,
  UnauthorizedOperation: DENIED,
  AccessDenied: DENIED,
  AccessDeniedException: DENIED,
  OptInRequired: { code: 'PaymentRequired', remedy: 'Open the service, or the region, for the account first.' },
  Blocked: { code: 'PaymentRequired', remedy: 'The account is blocked; ask AWS support.' },
  PendingVerification: { code: 'PaymentRequired', remedy: 'The account is being verified; wait for the mail.' },
  // the thing itself
  'InvalidVpcID.NotFound': NOT_FOUND,
  'InvalidVpcPeeringConnectionID.NotFound': NOT_FOUND,
  'InvalidRouteTableID.NotFound': NOT_FOUND,
  'InvalidRoute.NotFound': NOT_FOUND,
  VpcPeeringConnectionAlreadyExists: {
    code: 'AlreadyExists',
    remedy: 'The two VPCs are joined already; delete one of the two peerings.',
  },
  RouteAlreadyExists: { code: 'AlreadyExists', remedy: 'The table has a route to this destination already.' },
  InvalidStateTransition: { code: 'FailedPrecondition' }, // the peering driver reads back what the state was and may soften this
  OperationNotPermitted: NOT_OURS, // also for what is not active yet: the peering driver reads back to tell
  'InvalidVpcPeeringConnectionState.DnsHostnamesDisabled': {
    code: 'FailedPrecondition',
    remedy: 'Switch on enableDnsHostnames and enableDnsSupport of the VPC first.',
  },
  IncorrectState: BUSY,
  DependencyViolation: { code: 'Conflict', remedy: 'Something still depends on it; remove that first.' },
  ConcurrentTagAccess: BUSY,
  // quotas
  VpcPeeringConnectionsPerVpcLimitExceeded: QUOTA,
  ActiveVpcPeeringConnectionPerVpcLimitExceeded: QUOTA,
  OutstandingVpcPeeringConnectionLimitExceeded: WAITING,
  PendingVpcPeeringConnectionLimitExceeded: WAITING,
  RouteLimitExceeded: QUOTA,
  TagLimitExceeded: QUOTA,
  ResourceLimitExceeded: QUOTA,
  // what is asked
  InvalidParameter: REFUSED,
  InvalidParameterValue: REFUSED,
  InvalidParameterCombination: REFUSED,
  MissingParameter: REFUSED,
  UnknownParameter: REFUSED,
  ValidationError: REFUSED,
  MalformedQueryString: REFUSED,
  InvalidNextToken: REFUSED,
  InvalidID: REFUSED,
  'InvalidVpcId.Malformed': REFUSED,
  'InvalidVpcPeeringConnectionId.Malformed': REFUSED,
  'InvalidRouteTableId.Malformed': REFUSED,
  'InvalidGatewayID.NotFound': REFUSED,
  'InvalidInstanceID.NotFound': REFUSED,
  'InvalidNetworkInterfaceID.NotFound': REFUSED,
  NatGatewayNotFound: REFUSED,
  'InvalidTransitGatewayID.NotFound': REFUSED,
  InvalidTagKey: REFUSED,
  UnsupportedOperation: { code: 'FailedPrecondition' },
  InvalidAction: {
    code: 'Unsupported',
    remedy: 'The address answers, but does not know this operation; check endpoint:.',
  },
  // the service
  RequestLimitExceeded: THROTTLED,
  Throttling: THROTTLED,
  ThrottlingException: THROTTLED,
  RequestThrottled: THROTTLED,
  InternalError: TRANSIENT,
  InternalFailure: TRANSIENT,
  Unavailable: { code: 'Unavailable' },
  ServiceUnavailable: { code: 'Unavailable' },
};

const BY_CODE = new Map(Object.entries(MEANINGS).map(([code, meaning]) => [code.toLowerCase(), meaning]));

/** For answers of the cloud without a code that anybody knows; a code that no table knows is not guessed at by its status. */
const BY_STATUS: Readonly<Record<number, Meaning>> = { 401: KEYS, 403: DENIED, 429: THROTTLED };

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

/** The one place that turns a refusal of the cloud into an error. */
export function errorOf(failure: Failure & { readonly httpStatus: number }): PeerwayError {
  const { nativeCode, httpStatus, operation } = failure;
  const meaning = meaningOf(nativeCode, httpStatus);
  const said = failure.message === undefined || failure.message === '' ? '' : `: ${failure.message}`;
  return new PeerwayError(meaning.code, `${operation} was refused (${nativeCode ?? `HTTP ${httpStatus}`})${said}`, {
    ...detailsOf(failure),
    ...(meaning.retry === undefined ? {} : { retry: meaning.retry }),
    ...(meaning.remedy === undefined ? {} : { remedy: meaning.remedy }),
    ...(meaning.doubtful === true && failure.mutating ? { outcome: 'unknown' as const } : {}),
  });
}

/** True for an error by which the cloud itself refused, not one of our own guards. */
export function isRefusal(error: unknown, ...codes: readonly ErrorCode[]): error is PeerwayError {
  return isPeerwayError(error) && error.details.httpStatus !== undefined && codes.includes(error.code);
}

const CHECK_WAY =
  'Check endpoint: and any proxy on the way, and run again; if it happens again, report it with the request id.';

/** No usable answer: cut, timed out, no XML, or not the cloud's. A write may have taken effect. */
export const unusable = (failure: Failure, what: string): PeerwayError =>
  new PeerwayError('Unavailable', what, { remedy: CHECK_WAY, ...doubtOf(failure) });

/** An answer that contradicts what was asked for: nothing may be concluded from it. */
export const contradiction = (operation: string, what: string): PeerwayError =>
  new PeerwayError('Unavailable', `Unexpected answer to ${operation}: ${what}`, {
    provider: PROVIDER,
    nativeOperation: operation,
    retry: 'never', // asked again, a liar may choose a better lie
    remedy: CHECK_WAY,
  });

/** A page of some proxy is no statement of the cloud about an object, least of all that it is gone. */
export const notTheCloud = (failure: Failure & { readonly httpStatus: number }): PeerwayError =>
  new PeerwayError('Unknown', `${failure.operation}: HTTP ${failure.httpStatus} that is not an answer of AWS`, {
    ...detailsOf(failure),
    remedy: 'Check endpoint: and any proxy on the way.',
  });

/** The caller gave up while the request was on its way. A write may have taken effect. */
export const abandoned = (failure: Failure): PeerwayError =>
  new PeerwayError('Canceled', `${failure.operation} was canceled`, doubtOf(failure));

const doubtOf = (failure: Failure): ErrorDetails => ({
  ...detailsOf(failure),
  ...(failure.mutating ? { outcome: 'unknown' as const } : {}),
});

function meaningOf(nativeCode: string | undefined, httpStatus: number): Meaning {
  const known = nativeCode === undefined ? undefined : BY_CODE.get(nativeCode.toLowerCase());
  if (known !== undefined) return known;
  if (httpStatus >= 500) return TRANSIENT;
  return BY_STATUS[httpStatus] ?? { code: 'Unknown' };
}

function detailsOf(failure: Failure): ErrorDetails {
  const { operation, httpStatus, nativeCode, requestId, retryAfterMs } = failure;
  return {
    provider: PROVIDER,
    nativeOperation: operation,
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(nativeCode === undefined ? {} : { nativeCode }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
