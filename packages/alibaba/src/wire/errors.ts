/**
 * Everything known about the codes of Vpc 2016-04-28, VpcPeer 2022-01-01 and their gateway, as one table: what a code means in the
 * taxonomy, whether repeating helps, and whether the request may have taken effect. Rows are tried in order; the first match wins.
 * Source: docs/facts/alibaba.md 1.8, 3.1 to 3.5 and 6.3 (vendor metadata M24, Terraform provider 81c43b67), checked 2026-11. Spellings such as
 * `Forbbiden` and `DistibuteLock` are the vendor's.
 */
import { PeerwayError, type ErrorCode, type ErrorDetails, type RetryAdvice } from '@peerway/core';

/** Id of the plugin, in every error and every neutral object. */
export const PROVIDER = 'alibaba';

export interface ErrorRule {
  /** Exact codes, or one pattern. */
  readonly match: readonly string[] | RegExp;
  /** Only for operations whose name fits; absent: for all. */
  readonly on?: RegExp;
  readonly code: ErrorCode;
  /** Absent: what the neutral code implies. */
  readonly retry?: RetryAdvice;
  /** The request may have taken effect: a write must be read back, or repeated with its token. */
  readonly doubtful?: true;
  readonly remedy?: string;
}

const ROUTE_CHANGES = /RouteEntr/;

export const ERROR_RULES: readonly ErrorRule[] = [
  // the gateway: load
  { match: /^(Rejected\.)?Throttling/, code: 'Throttled' },
  { match: ['ServiceUnavailable'], code: 'Unavailable', doubtful: true },
  { match: ['SystemBusy', 'System.ServiceBusy', 'OperationFailed.SystemBusy'], code: 'Unavailable' },
  {
    match: ['InternalError', 'InternalFailure', 'UnknownError', 'VPC.ERROR', 'Vpc.Error', 'Internal.Error'],
    code: 'Unavailable',
    doubtful: true,
  },

  // the gateway: who is calling
  {
    match: ['SignatureDoesNotMatch', 'IncompleteSignature'],
    code: 'Unauthenticated',
    remedy: 'The access key secret does not belong to the access key id; check both.',
  },
  {
    match: /^(InvalidAccessKeyId|Forbidden\.AccessKeyDisabled)/,
    code: 'Unauthenticated',
    remedy: 'The access key does not exist or is disabled; check the credentials of this provider entry.',
  },
  {
    match: /^(InvalidSecurityToken|MissingSecurityToken)/,
    code: 'Unauthenticated',
    remedy: 'The session token is missing, expired or belongs to another key; get a new one.',
  },
  {
    match: ['InvalidTimeStamp.Expired'],
    code: 'Unauthenticated',
    retry: 'once', // the client has taken over the server's time meanwhile
    remedy: 'Set the clock of this machine.',
  },
  {
    match: [
      'InvalidTimeStamp.Format',
      'IllegalTimestamp',
      'UnsupportedHTTPMethod',
      'InvalidVersion',
      'InvalidAction.NotFound',
    ],
    code: 'Internal',
  },
  // a layer below resent the identical request, and the earlier copy may have worked
  { match: ['SignatureNonceUsed'], code: 'Conflict', retry: 'once', doubtful: true },

  // idempotency
  {
    match: [
      'LastTokenProcessing',
      'TOKEN_PROCESSING',
      'OperationFailed.IdempotentTokenProcessing',
      'Duplicated.ClientToken',
    ],
    code: 'Conflict',
  },
  {
    match: ['IdempotentParameterMismatch'],
    code: 'InvalidArgument',
    remedy: 'This client token was used for another request; give each request its own.',
  },

  // somebody else is at work near by
  {
    match: [
      'TaskConflict',
      'OperationConflict',
      'OperationFailed.DistibuteLock',
      'OperationFailed.NotifyCenCreate',
      'INSTANCE_IN_PROCESSIONG',
      'RI_CREATE_ONE_LIMIT_BY_SYNC',
    ],
    code: 'Conflict',
  },
  {
    match: [
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
      'IncorrectStatus.VpcRouteEntry',
      // a border router is deleted after its interfaces, so this is an echo of them
      'InvalidOperation.RouterInterfaceNotDeleted',
      'IncorrectStatus.CenStatus',
      'IncorrectStatus.cbnStatus',
      'InvalidVBRStatus',
      'INVAID_VBR_STATUS',
      // what a second creation in one VPC meets is not documented; a VPC "in the wrong state" is the likeliest of the listed codes
      'IncorrectStatus.Vpc',
      'IncorrectStatus.AcceptingVpc',
    ],
    code: 'Conflict',
  },
  {
    match: ['IncorrectStatus.RouterInterface', 'IncorrectStatus.VpcPeer', 'OperationDenied.VbrIdle'],
    on: ROUTE_CHANGES,
    code: 'Conflict',
  },
  // a Modify becomes visible a little later; the Terraform provider repeats Connect for two minutes
  { match: ['IncorrectOppositeInterfaceInfo.NotSet'], code: 'Conflict' },
  {
    match: /^AttrMismatching\.AcceptingSideOpposite(InterfaceId|RouterId|RouterType|InterfaceOwnerId)$/,
    code: 'Conflict',
  },
  {
    match: [
      'DependencyViolation.RouterInterfaceReferedByRouteEntry',
      'RouterInterfaceReferredByRouteEntry',
      'ReferredByRouteEntry.RouterInterface',
      'OperationDenied.RouteEntryExist',
    ],
    code: 'Conflict', // right after the routes went; drivers look and say FailedPrecondition when one is really left
    remedy: 'Delete the routes that point at it, on both sides.',
  },

  // it is there already
  {
    match: [
      'RouterEntryConflict.Duplicated',
      'Duplicated.VpcNextHop',
      'InvalidCIDRBlock.Duplicate',
      'InvalidRouteEntry.Duplicate',
      'RouteConflict.AlreadyExist',
      'VPC_ROUTE_ENTRY_CIDR_BLOCK_DUPLICATE',
    ],
    code: 'AlreadyExists',
    remedy: 'Another route of this table has the destination; delete or adopt it.',
  },
  {
    match: [
      'ResourceAlreadyExist.VpcPeer',
      'ResourceAlreadyExist.RouterInterface',
      'HaveConnectionBetweenRouters',
      'Forbidden.OnlyOneConnection',
    ],
    code: 'AlreadyExists',
    remedy: 'The two networks are joined already, by a VPC peering or by router interfaces; adopt or delete that one.',
  },
  {
    match: [
      'InvalidVlanId.Used',
      'OperationFailed.VlanIdInUse',
      'OperationFailed.VlanIdAlreadyInUse',
      'OperationFailed.PconnExistVlan0Vbr',
    ],
    code: 'AlreadyExists',
    remedy: 'Another border router uses this VLAN of the port; choose another one.',
  },

  // limits, money, rights
  {
    match: /^(QuotaExceeded|LimitationExceed|NumberExceed|SizeLimitExceeded|VbrBandwidthExceed)/,
    code: 'QuotaExceeded',
    remedy: 'Raise the quota in the console, or remove what is no longer needed.',
  },
  {
    match:
      /(FinancialLocked$|^Forbidden\.BillsOutstanding$|^InsufficientBalance|^OperationFailed\.NoAvailableAmount$|^IncorrectBusinessStatus|^InvalidPhysicalConnectionBusinessStatus$)/,
    code: 'PaymentRequired',
    remedy: 'Settle the bills of the account.',
  },
  {
    match: /CdtNotOpened$/,
    code: 'PaymentRequired',
    remedy:
      'Activate Cloud Data Transfer (CDT) in the console of the account named; for cross-border peerings its cross-border part too.',
  },
  {
    match: ['Forbidden.NotInRouterInterfaceCreateWhitelist'],
    code: 'PermissionDenied',
    remedy: 'Router interfaces are closed to new accounts; use the mechanism vpc-peer.',
  },
  {
    match: ['Forbidden.TagKeys', 'Forbidden.TagKey.Duplicated', 'Forbidden.AcceptRoleNotSupportPrePay'],
    code: 'InvalidArgument',
  },
  { match: ['Forbidden.VpcNotFound'], code: 'NotFound' },
  { match: ['Forbbiden.ModifyIdAndType', 'Forbidden.NoRiFound', 'Forbidden.MultiVlanRi'], code: 'FailedPrecondition' },
  { match: ['Forbbiden'], on: /^DeleteRouteEntr/, code: 'PermissionDenied', retry: 'settle' }, // transient for the Terraform provider
  {
    match: /^(Forbidden|Forbbiden|NoPermission$)/,
    code: 'PermissionDenied',
    remedy: '`peerway policy` prints the RAM actions that the configuration needs; grant the one for this operation.',
  },
  {
    match: [
      'OperationDenied',
      'OperationDenied.DeleteManagedRouteEntry',
      'OperationDenied.ServiceManagedInstance',
      'OperationDenied.OperateShareResource',
    ],
    code: 'PermissionDenied',
    remedy: 'The cloud manages this object itself; leave it alone.',
  },

  // it is not there
  {
    match: ['InvalidRegionId.NotFound'],
    code: 'InvalidArgument',
    remedy: 'Correct the region of the provider entry.',
  },
  {
    match: [
      'InvalidAccount.NotFound',
      'OperationFailed.NotExist.ResourceGroup',
      'InvalidInstanceType.NotFound',
      'InvalidVbrOwnerId.NotFound',
    ],
    code: 'InvalidArgument',
  },
  {
    match: /(\.NotFound$|^ResourceNotFound\.|^VPC_ROUTER_ENTRY_NOT_EXIST$|^OperationFailed\.VRouterNotExist$)/,
    code: 'NotFound',
  },
  { match: ['InvalidRouteEntry', 'InvalidRouterInterface'], code: 'NotFound' },

  // not offered
  {
    match:
      /^(UnsupportedRegion|UnsupportedFeature|OperationUnsupported|OperationFailed\.ViolativeVpcPeer|CROSS_BID\.FORBIDDEN|NotSupportLinkrole|LinkRole\.NotSupport)/,
    code: 'Unsupported',
  },
  { match: /^OperationFailed\..*NotSupport(ed|LinkType)?$/, code: 'Unsupported' },
  { match: ['OperationFailed.BandwidthCannotBeChangedInSameRegion'], code: 'InvalidArgument' },

  // right request, wrong state: a driver reads the state before it believes one of these
  {
    match:
      /^(IncorrectRIStatus|IncorrectStatus|InvalidInstance\.StatusError|InvalidOperation\.|InvalidStatus\.|IncorrectRole\.|IncorrectOppositeInterfaceInfo|OppositeRouterInterfaceIsDeleted|DependencyViolation|OperationDenied\.|OperationFailed\.|AttrMismatching\.|InvalidPhysicalConnectionId\.NotEnabled|InvalidRouterId\.AttacedToCEN)/,
    code: 'FailedPrecondition',
  },

  // what was asked cannot be
  {
    match:
      /^(Missing|Invalid|INVALID|IllegalParam|Illegal|ParamExclusive|Parameter\.|BothEmpty|ErrCode\.Invalid|Duplicated\.)/,
    code: 'InvalidArgument',
  },
];

interface Compiled {
  readonly rule: ErrorRule;
  readonly codes: ReadonlySet<string> | undefined;
}

const COMPILED: readonly Compiled[] = ERROR_RULES.map((rule) => ({
  rule,
  codes: rule.match instanceof RegExp ? undefined : new Set(rule.match),
}));

/** The row for a native code met by an operation; undefined where no row fits. */
export function ruleFor(nativeCode: string, operation: string): ErrorRule | undefined {
  return COMPILED.find(
    ({ rule, codes }) =>
      (rule.on === undefined || rule.on.test(operation)) &&
      (codes === undefined ? rule.match instanceof RegExp && rule.match.test(nativeCode) : codes.has(nativeCode)),
  )?.rule;
}

/** For answers whose code no row knows: the HTTP status still says something. */
function ruleForStatus(status: number | undefined): ErrorRule {
  const match: readonly string[] = [];
  if (status === undefined) return { match, code: 'Unknown' };
  if (status >= 500) return { match, code: 'Unavailable', doubtful: true };
  if (status === 429) return { match, code: 'Throttled' };
  if (status === 409) return { match, code: 'Conflict' };
  if (status === 404) return { match, code: 'NotFound' };
  if (status === 403) return { match, code: 'PermissionDenied' };
  if (status === 401) return { match, code: 'Unauthenticated' };
  return { match, code: 'Unknown' };
}

interface NativeFailure {
  readonly operation: string;
  readonly mutating: boolean;
  readonly httpStatus?: number;
  /** Absent when the answer had none. */
  readonly nativeCode?: string;
  readonly message?: string;
  readonly requestId?: string;
  /** The pause that the answer asks for. */
  readonly retryAfterMs?: number;
}

const MESSAGE_LIMIT = 300;

/** Builds the public error from what the vendor said, and from nothing else. */
export function fromNative(failure: NativeFailure): PeerwayError {
  const { operation, nativeCode, httpStatus, requestId } = failure;
  const rule = (nativeCode === undefined ? undefined : ruleFor(nativeCode, operation)) ?? ruleForStatus(httpStatus);
  const details: ErrorDetails = {
    provider: PROVIDER,
    nativeOperation: operation,
    ...(nativeCode === undefined ? {} : { nativeCode }),
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
    ...(rule.retry === undefined ? {} : { retry: rule.retry }),
    ...(rule.remedy === undefined ? {} : { remedy: rule.remedy }),
    ...(rule.doubtful === true && failure.mutating ? { outcome: 'unknown' as const } : {}),
  };
  const what = nativeCode ?? (httpStatus === undefined ? 'no code' : `HTTP ${httpStatus}`);
  return new PeerwayError(rule.code, `${operation} failed with ${what}${quoted(failure)}`, details);
}

/** The vendor's text, unless it may quote the request: signature errors repeat the whole string to sign, key id and token included. */
function quoted({ nativeCode = '', message }: NativeFailure): string {
  if (message === undefined || message === '') return '';
  if (
    /Signature|AccessKey|SecurityToken/i.test(nativeCode) ||
    /sign is|signature|AccessKeyId|https?:\/\//i.test(message)
  )
    return '';
  const text = message.replace(/\s+/g, ' ').trim();
  return `: ${text.length > MESSAGE_LIMIT ? `${text.slice(0, MESSAGE_LIMIT)}…` : text}`;
}
