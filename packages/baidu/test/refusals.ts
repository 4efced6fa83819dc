/** The codes by which this cloud refuses, from docs/facts/baidu.md 1.7 and 6.3: a second writing, apart from the adapter's table. */
import type { RefusalCode } from '@peerway/conformance';

const all = (
  httpStatus: number,
  means: RefusalCode['means'],
  codes: readonly string[],
  more: Pick<RefusalCode, 'retry' | 'doubtful'> = {},
): readonly RefusalCode[] => codes.map((nativeCode) => ({ httpStatus, nativeCode, means, ...more }));

/** Where no status is documented, one that says nothing by itself. */
export const REFUSALS: readonly RefusalCode[] = [
  ...all(400, 'Unauthenticated', ['SignatureDoesNotMatch', 'InvalidHTTPAuthHeader'], { retry: 'never' }),
  ...all(403, 'Unauthenticated', ['InvalidAccessKeyId'], { retry: 'never' }),
  ...all(400, 'Unauthenticated', ['RequestExpired'], { retry: 'once' }),
  ...all(403, 'Unauthenticated', ['RequestTimeTooSkewed'], { retry: 'once' }),
  ...all(403, 'PermissionDenied', ['AccessDenied', 'QualifyNotPass'], { retry: 'never' }),
  ...all(403, 'PaymentRequired', ['OptInRequired']),
  ...all(400, 'InvalidArgument', [
    'InappropriateJSON',
    'MalformedJSON',
    'InvalidHTTPRequest',
    'BadRequest',
    'InvalidURI',
  ]),
  ...all(404, 'InvalidArgument', ['InvalidVersion']),
  ...all(403, 'InvalidArgument', ['IdempotentParameterMismatch']),
  ...all(409, 'InvalidArgument', ['CidrConflict']),
  ...all(412, 'FailedPrecondition', ['PreconditionFailed']),
  ...all(409, 'FailedPrecondition', ['OperationDenied']),
  ...all(404, 'NotFound', ['NoSuchObject', 'NotFound']),
  ...all(400, 'NotFound', [
    'InstanceNotExist',
    'InstanceNotFound',
    'ResourceNotFound',
    'ResourceNotfound',
    'ResourceNotFoundException',
    'ResourceNotExist',
    'EipNotFound',
  ]),
  ...all(413, 'QuotaExceeded', ['LimitExceeded']),
  ...all(400, 'QuotaExceeded', ['QuotaLimitExceeded', 'ExceedLimitException', 'RouteRuleExceedQuota']),
  ...all(409, 'AlreadyExists', ['RouteRuleRepeated']),
  ...all(409, 'Conflict', ['ResourceNeedRelease', 'SUBNET_INUSE', 'NotAllowDeleteVpc', 'NotAllowOperateSubnet'], {
    retry: 'settle',
  }),
  ...all(400, 'Throttled', ['RateLimit', 'RateLimitExceeded'], { retry: 'backoff' }),
  ...all(500, 'Unavailable', ['InternalError', 'ServiceInternalError'], { retry: 'backoff', doubtful: true }),
];
