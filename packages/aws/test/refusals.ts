/**
 * The codes by which this cloud refuses: a second writing, apart from the adapter's table, of
 * docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html, checked 2026-11.
 */
import type { RefusalCode } from '@peerway/conformance';

const all = (
  httpStatus: number,
  means: RefusalCode['means'],
  codes: readonly string[],
  more: Pick<RefusalCode, 'retry' | 'doubtful'> = {},
): readonly RefusalCode[] => codes.map((nativeCode) => ({ httpStatus, nativeCode, means, ...more }));

export const REFUSALS: readonly RefusalCode[] = [
  ...all(401, 'Unauthenticated', ['AuthFailure'], { retry: 'never' }),
  ...all(403, 'Unauthenticated', ['InvalidClientTokenId', 'SignatureDoesNotMatch', 'MissingAuthenticationToken']),
  ...all(400, 'Unauthenticated', ['RequestExpired'], { retry: 'once' }),
  ...all(403, 'PermissionDenied', ['UnauthorizedOperation'], { retry: 'never' }),
  ...all(401, 'PaymentRequired', ['OptInRequired']),
  ...all(403, 'PaymentRequired', ['Blocked']),
  ...all(400, 'PaymentRequired', ['PendingVerification']),
  ...all(400, 'NotFound', [
    'InvalidVpcID.NotFound',
    'InvalidVpcPeeringConnectionID.NotFound',
    'InvalidRouteTableID.NotFound',
  ]),
  ...all(400, 'AlreadyExists', ['VpcPeeringConnectionAlreadyExists', 'RouteAlreadyExists']),
  ...all(400, 'FailedPrecondition', ['InvalidStateTransition', 'UnsupportedOperation']),
  ...all(400, 'Conflict', ['IncorrectState', 'DependencyViolation', 'ConcurrentTagAccess'], { retry: 'settle' }),
  ...all(400, 'QuotaExceeded', [
    'VpcPeeringConnectionsPerVpcLimitExceeded',
    'ActiveVpcPeeringConnectionPerVpcLimitExceeded',
    'OutstandingVpcPeeringConnectionLimitExceeded',
    'RouteLimitExceeded',
    'TagLimitExceeded',
    'ResourceLimitExceeded',
  ]),
  ...all(400, 'InvalidArgument', [
    'InvalidParameter',
    'InvalidParameterValue',
    'InvalidParameterCombination',
    'MissingParameter',
    'UnknownParameter',
    'ValidationError',
    'InvalidNextToken',
    'InvalidVpcPeeringConnectionId.Malformed',
  ]),
  ...all(400, 'Unsupported', ['InvalidAction']),
  ...all(503, 'Throttled', ['RequestLimitExceeded'], { retry: 'backoff' }),
  ...all(500, 'Unavailable', ['InternalError', 'InternalFailure'], { retry: 'backoff', doubtful: true }),
  ...all(503, 'Unavailable', ['Unavailable', 'ServiceUnavailable'], { retry: 'backoff' }),
];
