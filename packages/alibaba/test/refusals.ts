/** The codes by which this cloud refuses, from docs/facts/alibaba.md 1.8 and 6.3: a second writing, apart from the adapter's table. */
import type { RefusalCode } from '@peerway/conformance';

const all = (
  httpStatus: number,
  means: RefusalCode['means'],
  codes: readonly string[],
  more: Pick<RefusalCode, 'retry' | 'doubtful'> = {},
): readonly RefusalCode[] => codes.map((nativeCode) => ({ httpStatus, nativeCode, means, ...more }));

/** Without those whose meaning depends on the operation. */
export const REFUSALS: readonly RefusalCode[] = [
  ...all(400, 'Unauthenticated', ['SignatureDoesNotMatch', 'IncompleteSignature', 'MissingSecurityToken'], {
    retry: 'never',
  }),
  ...all(404, 'Unauthenticated', ['InvalidAccessKeyId.NotFound'], { retry: 'never' }),
  ...all(400, 'Unauthenticated', ['InvalidAccessKeyId', 'InvalidAccessKeyId.Inactive', 'InvalidSecurityToken.Expired']),
  ...all(400, 'Unauthenticated', ['InvalidSecurityToken.Malformed', 'InvalidSecurityToken.MismatchWithAccessKey']),
  ...all(403, 'Unauthenticated', ['Forbidden.AccessKeyDisabled']),
  ...all(400, 'Unauthenticated', ['InvalidTimeStamp.Expired'], { retry: 'once' }),
  ...all(400, 'Internal', ['InvalidTimeStamp.Format', 'IllegalTimestamp', 'InvalidVersion']),
  ...all(403, 'Internal', ['UnsupportedHTTPMethod']),
  ...all(404, 'Internal', ['InvalidAction.NotFound']),
  ...all(400, 'Conflict', ['SignatureNonceUsed'], { retry: 'once', doubtful: true }),
  ...all(400, 'InvalidArgument', ['MissingRegionId', 'MissingParameter', 'MissingParam.VpcId', 'InvalidParameter']),
  ...all(400, 'InvalidArgument', ['InvalidVpcId.Malformed', 'IllegalParam.RegionId', 'ParamExclusive.Filter']),
  ...all(400, 'InvalidArgument', ['IdempotentParameterMismatch']),
  ...all(404, 'InvalidArgument', ['InvalidRegionId.NotFound', 'InvalidAccount.NotFound']),
  ...all(400, 'Throttled', ['Throttling', 'Throttling.User', 'Throttling.Api', 'Throttling.DeepPageSkip'], {
    retry: 'backoff',
  }),
  ...all(429, 'Throttled', ['Rejected.Throttling'], { retry: 'backoff' }),
  ...all(403, 'PermissionDenied', ['Forbidden.RAM', 'NoPermission', 'Forbidden.NoPermission', 'Forbbiden'], {
    retry: 'never',
  }),
  ...all(403, 'PermissionDenied', ['Forbidden.NotInRouterInterfaceCreateWhitelist']),
  ...all(400, 'PermissionDenied', ['OperationDenied.ServiceManagedInstance', 'OperationDenied.OperateShareResource']),
  ...all(409, 'Conflict', ['TaskConflict', 'OperationConflict', 'OperationFailed.DistibuteLock'], { retry: 'settle' }),
  ...all(403, 'Conflict', ['LastTokenProcessing'], { retry: 'settle' }),
  ...all(400, 'Conflict', ['TOKEN_PROCESSING', 'OperationFailed.IdempotentTokenProcessing', 'Duplicated.ClientToken']),
  ...all(400, 'Conflict', [
    'IncorrectRouteEntryStatus',
    'IncorrcetRouteEntryStatus',
    'IncorrectVpcStatus',
    'IncorrectVSwitchStatus',
    'IncorrectHaVipStatus',
    'IncorrectInstanceStatus',
    'IncorrectStatus.RouteTableStatus',
    'IncorrectStatus.Ipv4Gateway',
    'IncorrectStatus.Ipv6Address',
    'IncorrectStatus.PrefixList',
    'IncorrectStatus.MultiScopeRiRouteEntry',
    'IncorrectStatus.CenStatus',
    'IncorrectStatus.cbnStatus',
    'InvalidVBRStatus',
    'INSTANCE_IN_PROCESSIONG',
    'IncorrectOppositeInterfaceInfo.NotSet',
    'DependencyViolation.RouterInterfaceReferedByRouteEntry',
    'RouterInterfaceReferredByRouteEntry',
    'ReferredByRouteEntry.RouterInterface',
    'OperationDenied.RouteEntryExist',
  ]),
  ...all(400, 'AlreadyExists', [
    'RouterEntryConflict.Duplicated',
    'Duplicated.VpcNextHop',
    'InvalidCIDRBlock.Duplicate',
    'InvalidRouteEntry.Duplicate',
    'RouteConflict.AlreadyExist',
    'ResourceAlreadyExist.VpcPeer',
    'ResourceAlreadyExist.RouterInterface',
    'HaveConnectionBetweenRouters',
    'Forbidden.OnlyOneConnection',
    'InvalidVlanId.Used',
  ]),
  ...all(400, 'NotFound', [
    'ResourceNotFound.InstanceId',
    'InvalidInstanceId.NotFound',
    'InvalidRouteEntry.NotFound',
    'InvalidRouteEntryId.NotFound',
    'InvalidRouterInterfaceId.NotFound',
    'InvalidVbrId.NotFound',
    'Forbidden.VpcNotFound',
  ]),
  ...all(400, 'QuotaExceeded', [
    'QuotaExceeded',
    'QuotaExceeded.RouteEntry',
    'LimitationExceed.TagNumPerResource',
    'NumberExceed.Tags',
    'SizeLimitExceeded.Tag',
  ]),
  ...all(400, 'PaymentRequired', [
    'OperationFailed.CdtNotOpened',
    'VpcPeer.FinancialLocked',
    'Forbidden.BillsOutstanding',
    'InsufficientBalance',
    'IncorrectBusinessStatus.VpcPeer',
  ]),
  ...all(400, 'Unsupported', ['UnsupportedRegion', 'UnsupportedFeature.VpcPeer', 'OperationUnsupported.Modify']),
  ...all(400, 'FailedPrecondition', ['DependencyViolation.VSwitch', 'InvalidStatus.RouterInterface']),
  ...all(503, 'Unavailable', ['ServiceUnavailable'], { retry: 'backoff', doubtful: true }),
  ...all(400, 'Unavailable', ['SystemBusy', 'System.ServiceBusy', 'OperationFailed.SystemBusy'], { retry: 'backoff' }),
  ...all(500, 'Unavailable', ['InternalError', 'InternalFailure', 'UnknownError'], { doubtful: true }),
  ...all(400, 'Unavailable', ['VPC.ERROR', 'Vpc.Error', 'Internal.Error'], { retry: 'backoff', doubtful: true }),
];

const stateCodes = (...codes: readonly string[]) => codes.map((nativeCode) => ({ httpStatus: 400, nativeCode }));

/** docs/facts/alibaba.md 3.5: the one code of every wrong state, and what a deletion meets whose routes are there. */
export const VPC_PEER_STATE_CODES = stateCodes(
  'IncorrectStatus.VpcPeer',
  'OperationDenied.RouteEntryExist',
  'InvalidOperation.OperationNotAllowedInState',
  'InvalidInstance.StatusError',
);

/** docs/facts/alibaba.md 3.1: what clients handle, and what the metadata lists. */
export const ROUTER_INTERFACE_STATE_CODES = stateCodes(
  'IncorrectRIStatus',
  'IncorrectStatus',
  'InvalidInstance.StatusError',
  'IncorrectStatus.RouterInterface',
  'DependencyViolation.RouterInterfaceReferedByRouteEntry',
  'RouterInterfaceReferredByRouteEntry',
  'ReferredByRouteEntry.RouterInterface',
);
