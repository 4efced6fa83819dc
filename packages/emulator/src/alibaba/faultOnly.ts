/**
 * Error codes of Alibaba Cloud that no request and no rule brings about here, each group with the reason. A fault answers
 * every one of them by name: `{ kind: 'error', code }`. A test holds this list to the sources.
 */

const ALIAS = 'the vendor lists it for a case that is answered with another of its codes here';
const HEALTHY = 'the cloud is never broken here and never has too much to do, until a fault strikes';
const INSIDE = 'a failure inside the cloud has no cause that a request could bring about';
const SERIAL = 'requests are served one after the other, so nothing is ever half-way through another';
const MONEY = 'accounts here have no balance, orders or contracts beyond what rules switch';
const ELSEWHERE = 'its cause is an object of a product that is not emulated';
const PEOPLE = 'its cause is a state of a line or an account that only people at the cloud bring about';

/** What a fault without a code answers; a test holds this to what is seen. */
export const ALIBABA_STRUCK: readonly string[] = [
  'InternalError',
  'ServiceUnavailable',
  'Throttling',
  'Throttling.Api',
  'Throttling.User',
];

export const ALIBABA_FAULT_ONLY: readonly { readonly reason: string; readonly codes: readonly string[] }[] = [
  { reason: HEALTHY, codes: ALIBABA_STRUCK },
  {
    reason: INSIDE,
    codes: [
      'InternalFailure', 'UnknownError', 'VPC.ERROR', 'Vpc.Error', 'Internal.Error', 'SystemBusy', 'System.ServiceBusy',
      'OperationFailed.SystemBusy', 'ResourceQueryError', 'ErrCode.Invalid', 'OperationFailed.VRouterNotExist',
      'OperationFailed.AccessDeviceDisabled', 'ResourceNotAvailable', 'Throttling.DeepPageSkip',
    ],
  },
  {
    reason: SERIAL,
    codes: [
      'TOKEN_PROCESSING', 'OperationFailed.IdempotentTokenProcessing', 'Duplicated.ClientToken', 'LastTokenProcessing',
      'OperationFailed.DistibuteLock', 'OperationFailed.OperationLocked', 'OperationDenied.OtherSubnetProcessing',
      'IncorrectStatus.RouteTableStatus', 'IncorrectStatus.VpcRouteEntry', 'InvalidStatus.RouteEntry',
    ],
  },
  {
    reason: MONEY,
    codes: [
      'InsufficientBalance', 'OperationFailed.ChargeTypeNotSupported', 'IllegalParam.chargeType', 'QuotaExceeded.freevbr',
      'OperationFailed.PhysicalConnectionFinancialLocked', 'OperationFailed.PconnTrafficNotEnable',
    ],
  },
  {
    reason: ELSEWHERE,
    codes: [
      'IncorrectInstanceStatus', 'IncorrectHaVipStatus', 'IncorrectStatus.Ipv4Gateway', 'IncorrectStatus.MultiScopeRiRouteEntry',
      'OperationFailed.NotifyCenCreate', 'OperationDenied.VbrAttachEcrInMiddleStatus', 'OperationDenied.DeleteManagedRouteEntry',
      'OperationFailed.DeleteMultiScopeEntry', 'OperationFailed.QueryCenEntry', 'OperationFailed.DescribeCenRoute',
      'OperationFailed.FilterParamUnderWrongRouteType', 'ResourceNotInResourceGroup', 'DependencyViolation.BgpGroup',
      'DependencyViolation.Nqa', 'DependencyViolation.BgpNetwork', 'OperationUnsupported.VBRAttachedCen',
      'InvalidStatus.vbrAttatchToEcr', 'OperationUnsupported.ResourceGroupId', 'DependencyViolation.SecurityGroup',
      'DependencyViolation.NatGateway', 'DependencyViolation.RouteInterface', 'DependencyViolation.CustomRouteTable', 'DependencyViolation.Instance', 'DependencyViolation.Ipv4Gateway', 'DependencyViolation.Ipv6Gateway', 'DependencyViolation.NetworkAcl', 'DependencyViolation.TransitRouter', 'DependencyViolation.HaVip', 'DependencyViolation.SnatEntry', 'DependencyViolation.EnhancedNatgw', 'OperationDenied.VpcPeerExist',
      'Forbidden.TagKeys', 'Forbidden.MultiVlanRi', 'Forbidden.NoRiFound', 'VpcSubnet.NotFound',
    ],
  },
  {
    reason: PEOPLE,
    codes: [
      'OperationFailed.PhysicalConnectionTerminated', 'CROSS_BID.FORBIDDEN', 'Forbbiden.InvaildOwner',
      'QuotaExceeded.SameAccountVBRPerPconn', 'QuotaExceeded.CrossUserVBRPerUser', 'VbrBandwidthExceed',
      'IllegalParam.CrossBorderBandwidth',
    ],
  },
  {
    reason: ALIAS,
    codes: [
      'InvalidAccessKeyId', 'IllegalTimestamp', 'NoPermission', 'Forbidden.NoPermission', 'Forbidden', 'MissingParam', 'IncorrcetRouteEntryStatus',
      'InvalidRouteEntry.Duplicate', 'InvalidNexthop.NotFound',
      'InvalidNexthop', 'InvalidNextHop', 'InvalidRouterInterface', 'InvalidNextHopList.Size',
      'QuotaExceeded.EcmpRouteEntryNextHopCount', 'InvalidRouteEntry', 'Forbbiden',
      'ParamExclusive.RouteEntryIdAndRouteTableIdOrDestCidrBlock', 'OperationFailed.InstanceDismatchCurrentVpc',
      'InvalidVpc.NotFound', 'IllegalParam.Spec', 'IllegalParam.RegionId', 'InvalidParam.NotFound', 'Forbbiden.ModifyIdAndType',
      'LinkRole.NotSupport', 'InvalidAccount.NotFound', 'IllegalParam.InstanceOwner', 'NotSupportLinkrole',
      'InvalidOpposite.NotFound', 'InvalidOppositeRegionId.NotFound', 'InvalidInstanceOwner.Error',
      'ReferredByRouteEntry.RouterInterface', 'InvalidParam.NotNull', 'Parameter.Illegal', 'InvalidRole.Malformed',
      'IllegalParam.AliUid', 'OperationFailed.VlanIdInUse', 'Duplicated.LocalGatewayIp', 'InvalidStatus.NotAllowed',
      'IllegalParam.OwnerId',
      'DependencyViolation', 'DependencyViolation.OppositeRouterInterface', 'Forbidden.VpcNotFound',
      'InvalidVSwitchIdNumber.NotSupported',
    ],
  },
]; // prettier-ignore

/** Codes that docs/facts names for served operations and that are not even in the table: each with the reason. */
export const ALIBABA_UNLISTED: Readonly<Record<string, string>> = {
  'Rejected.Throttling': 'clients look for it, no source says who sends it; a fault may still name it',
  'IncorrectStatus.Ipv6Address': ELSEWHERE,
  'IncorrectStatus.PrefixList': ELSEWHERE,
  'IncorrectStatus.cbnStatus': ELSEWHERE,
};
