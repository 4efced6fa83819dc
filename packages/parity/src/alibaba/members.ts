/** What of Alibaba Cloud's answers a probe may see (docs/facts/alibaba.md 3). */
import type { Members } from '../wire/mask.js';

export const ALIBABA_MEMBERS: Members = {
  Code: 'keep',
  RequestId: 'keep',
  Status: 'keep',
  BizStatus: 'keep',
  BusinessStatus: 'keep',
  TotalCount: 'keep',
  RouteTableType: 'keep',
  Type: 'keep',
  VpcId: 'id',
  VRouterId: 'id',
  RouteTableId: 'id',
  RouterTableIds: 'id',
  InstanceId: 'id',
  VSwitchId: 'id',
  RouterInterfaceId: 'id',
  RouterId: 'id',
  RouteEntryId: 'id',
  OwnerId: 'account',
  AcceptingOwnerUid: 'account',
  VpcName: 'text',
  Description: 'text',
  Name: 'text',
  CidrBlock: 'address',
  DestinationCidrBlock: 'address',
};
