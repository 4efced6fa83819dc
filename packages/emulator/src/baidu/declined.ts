/**
 * What the vendor's SDKs can ask of these products and the emulator does not serve, each with the reason. Together with
 * the served operations this must cover the SDKs' clients: a test compares (bce-python-sdk 0.9.79, checked 2026-11).
 */

const LINES_BY_PEOPLE = 'lines and channels are ordered, built and changed by people; the emulator seeds them';
const NO_INSTANCES = 'the emulator holds no instances or addresses';

/** Name in the vendor's request schema to reason. */
export const BAIDU_DECLINED = {
  QueryVpcIntranetIp: NO_INSTANCES,
  GetVpcResourceIpInfo: NO_INSTANCES,
  CreateIpReserve: NO_INSTANCES,
  ListIpReserve: NO_INSTANCES,
  DeleteIpReserve: NO_INSTANCES,
  DescribeRegions: 'belongs to the compute product (/v2); regions and endpoints are configuration',
  ApplyDedicatedLine: LINES_BY_PEOPLE,
  UpdateDedicatedLine: LINES_BY_PEOPLE,
  DeleteDedicatedLine: LINES_BY_PEOPLE,
  CreateDedicatedChannel: LINES_BY_PEOPLE,
  ResubmitDedicatedChannel: LINES_BY_PEOPLE,
  UpdateDedicatedChannel: LINES_BY_PEOPLE,
  DeleteDedicatedChannel: LINES_BY_PEOPLE,
  EnableDedicatedChannelIpv6: LINES_BY_PEOPLE,
  DisableDedicatedChannelIpv6: LINES_BY_PEOPLE,
  AssociateDedicatedChannel: LINES_BY_PEOPLE,
  DisassociateDedicatedChannel: LINES_BY_PEOPLE,
  AddDedicatedChannelUsers: LINES_BY_PEOPLE,
  RemoveDedicatedChannelUsers: LINES_BY_PEOPLE,
  AddDedicatedChannelRoutes: LINES_BY_PEOPLE,
  RemoveDedicatedChannelRoutes: LINES_BY_PEOPLE,
  CreateDedicatedChannelRouteRule: LINES_BY_PEOPLE,
  ListDedicatedChannelRouteRules: LINES_BY_PEOPLE,
  UpdateDedicatedChannelRouteRule: LINES_BY_PEOPLE,
  DeleteDedicatedChannelRouteRule: LINES_BY_PEOPLE,
  CreateDedicatedChannelBfd: LINES_BY_PEOPLE,
  UpdateDedicatedChannelBfd: LINES_BY_PEOPLE,
  DeleteDedicatedChannelBfd: LINES_BY_PEOPLE,
} as const;
