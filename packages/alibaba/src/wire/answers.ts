/**
 * What each answer must hold, as data, and the one reader that holds every answer to it. A member is listed where this package
 * reads it; the rest of a record passes as it came. What `may` be absent is what docs/facts/alibaba.md 3.1 to 3.5 and the
 * vendor's programs show to be absent at times; an answer always has its RequestId (1.7).
 */
import { PeerwayError, wrongIn, type NumberShape, type RecordShape, type RetryAdvice, type Shape } from '@peerway/core';
import type { VpcOperations } from './api/vpc.js';
import type { VpcPeerOperations } from './api/vpcPeer.js';
import { PROVIDER } from './errors.js';

const record = (must: RecordShape['must'], may: RecordShape['may'] = {}): RecordShape => ({ must, may });
const list = (of: Shape): Shape => ({ list: of });

const COUNT: NumberShape = { least: 0, most: 1e9 };
const FROM_ONE: NumberShape = { least: 1, most: 1e9 };
const MBPS: NumberShape = { least: 1, most: 1e8 };

/** Every answer; `code` and `message` of a failure are read before this. */
const answer = (must: RecordShape['must'] = {}, may: RecordShape['may'] = {}): RecordShape =>
  record({ RequestId: 'id', ...must }, may);

/** A listing by page numbers: `{ Vpcs: { Vpc: […] } }`. */
const page = (outer: string, inner: string, item: Shape): RecordShape =>
  answer({ [outer]: record({ [inner]: list(item) }) }, { TotalCount: COUNT, PageNumber: FROM_ONE, PageSize: FROM_ONE });

const TAG = record({ Key: 'name' }, { Value: 'text' });

const VPC = record(
  { VpcId: 'id', Status: 'id', CidrBlock: 'prefix', OwnerId: 'integer' },
  {
    VpcName: 'text',
    Description: 'text',
    RegionId: 'id',
    VRouterId: 'id',
    Ipv6CidrBlock: 'prefix',
    Ipv6CidrBlocks: record({}, { Ipv6CidrBlock: list(record({}, { Ipv6CidrBlock: 'prefix' })) }),
    SecondaryCidrBlocks: record({}, { SecondaryCidrBlock: list('prefix') }),
    RouterTableIds: record({}, { RouterTableIds: list('id') }),
    Tags: record({}, { Tag: list(TAG) }),
  },
);

const ROUTE_TABLE = record(
  { RouteTableId: 'id' },
  { RouteTableName: 'text', RouteTableType: 'id', VSwitchIds: record({}, { VSwitchId: list('id') }) },
);

const ROUTE_ENTRY = record(
  { DestinationCidrBlock: 'word', RouteTableId: 'id', Status: 'id', Type: 'id' },
  {
    RouteEntryId: 'id',
    Description: 'text',
    NextHops: record(
      {},
      { NextHop: list(record({}, { NextHopId: 'text', NextHopType: 'text', Enabled: { least: 0, most: 1 } })) },
    ),
  },
);

const ROUTER_INTERFACE = record(
  { RouterInterfaceId: 'id', RouterId: 'id', RouterType: 'id', Role: 'id', Status: 'id' },
  {
    Spec: 'text',
    BusinessStatus: 'text',
    Name: 'text',
    Description: 'text',
    // 0 on the acceptor, whose traffic the initiator pays for
    Bandwidth: { ...MBPS, least: 0 },
    VpcInstanceId: 'id',
    OppositeRegionId: 'id',
    OppositeRouterType: 'id',
    OppositeRouterId: 'id',
    OppositeInterfaceId: 'id',
    OppositeInterfaceOwnerId: 'integer',
    OppositeInterfaceStatus: 'id',
    OppositeVpcInstanceId: 'id',
    OppositeInterfaceSpec: 'text',
    OppositeBandwidth: { ...MBPS, least: 0 },
    ChargeType: 'text',
    CreationTime: 'instant',
    EndTime: 'instant',
    Tags: record({}, { Tags: list(TAG) }),
  },
);

const BORDER_ROUTER = record(
  { VbrId: 'id', Status: 'id', VlanId: { least: 0, most: 4095 }, PhysicalConnectionId: 'id' },
  {
    Name: 'text',
    Description: 'text',
    RouteTableId: 'id',
    VlanInterfaceId: 'id',
    AccessPointId: 'id',
    PhysicalConnectionBusinessStatus: 'text',
    LocalGatewayIp: 'address',
    PeerGatewayIp: 'address',
    PeeringSubnetMask: 'id',
    CreationTime: 'instant',
    Tags: record({}, { Tags: list(TAG) }),
  },
);

const VPC_PEER_END = record({ VpcId: 'id' }, { Ipv4Cidrs: list('prefix'), Ipv6Cidrs: list('prefix') });

const VPC_PEER = record(
  {
    InstanceId: 'id',
    Status: 'id',
    OwnerId: 'integer',
    AcceptingOwnerUid: 'integer',
    RegionId: 'id',
    AcceptingRegionId: 'id',
    Vpc: VPC_PEER_END,
    AcceptingVpc: VPC_PEER_END,
  },
  {
    Name: 'text',
    Description: 'text',
    GmtCreate: 'instant',
    GmtExpired: 'instant',
    Bandwidth: { ...MBPS, or: -1 },
    BizStatus: 'text',
    LinkType: 'text',
    ResourceGroupId: 'text',
    Tags: list(TAG),
  },
);

const ROUTE_BATCH = answer(
  {},
  {
    SuccessCount: COUNT,
    FailedCount: COUNT,
    FailedRouteEntries: list(
      record(
        {},
        { RouteEntryId: 'id', DstCidrBlock: 'text', NextHop: 'text', FailedCode: 'text', FailedMessage: 'text' },
      ),
    ),
  },
);

const TAG_ON_RESOURCE = record({ ResourceId: 'id', TagKey: 'name' }, { TagValue: 'text' });

/** Of product Vpc. */
export const VPC_ANSWERS: Readonly<Record<keyof VpcOperations, RecordShape>> = {
  DescribeVpcs: page('Vpcs', 'Vpc', VPC),
  // an unknown id is answered with empty texts
  DescribeVpcAttribute: answer({ VpcId: 'text' }),
  DescribeRegions: answer({ Regions: record({ Region: list(record({ RegionId: 'id' })) }) }),
  DescribeRouteTableList: page('RouterTableList', 'RouterTableListType', ROUTE_TABLE),
  DescribeRouteEntryList: answer(
    { RouteEntrys: record({ RouteEntry: list(ROUTE_ENTRY) }) },
    { NextToken: 'text', TotalCount: COUNT },
  ),
  CreateRouteEntry: answer({}, { RouteEntryId: 'id' }),
  ModifyRouteEntry: answer(),
  DeleteRouteEntry: answer(),
  CreateRouteEntries: ROUTE_BATCH,
  DeleteRouteEntries: ROUTE_BATCH,
  TagResources: answer(),
  UnTagResources: answer(),
  ListTagResources: answer({ TagResources: record({ TagResource: list(TAG_ON_RESOURCE) }) }, { NextToken: 'text' }),
  CreateRouterInterface: answer({ RouterInterfaceId: 'id' }),
  ModifyRouterInterfaceAttribute: answer(),
  ConnectRouterInterface: answer(),
  ActivateRouterInterface: answer(),
  DeactivateRouterInterface: answer(),
  ModifyRouterInterfaceSpec: answer({}, { Spec: 'text' }),
  DeleteRouterInterface: answer(),
  DescribeRouterInterfaces: page('RouterInterfaceSet', 'RouterInterfaceType', ROUTER_INTERFACE),
  // a missing interface is answered with an empty id
  DescribeRouterInterfaceAttribute: answer({ RouterInterfaceId: 'text' }),
  CreateVirtualBorderRouter: answer({ VbrId: 'id' }),
  DescribeVirtualBorderRouters: page('VirtualBorderRouterSet', 'VirtualBorderRouterType', BORDER_ROUTER),
  ModifyVirtualBorderRouterAttribute: answer(),
  DeleteVirtualBorderRouter: answer(),
  TerminateVirtualBorderRouter: answer(),
  RecoverVirtualBorderRouter: answer(),
  DescribePhysicalConnections: page(
    'PhysicalConnectionSet',
    'PhysicalConnectionType',
    record({ PhysicalConnectionId: 'id', Status: 'id' }),
  ),
};

/** Of product VpcPeer. */
export const VPC_PEER_ANSWERS: Readonly<Record<keyof VpcPeerOperations, RecordShape>> = {
  CreateVpcPeerConnection: answer({ InstanceId: 'id' }),
  GetVpcPeerConnectionAttribute: answer(VPC_PEER.must, VPC_PEER.may),
  ListVpcPeerConnections: answer({ VpcPeerConnects: list(VPC_PEER) }, { NextToken: 'text', TotalCount: COUNT }),
  AcceptVpcPeerConnection: answer(),
  RejectVpcPeerConnection: answer(),
  ModifyVpcPeerConnection: answer(),
  DeleteVpcPeerConnection: answer(),
  MoveResourceGroup: answer(),
  TagResources: answer(),
  UnTagResources: answer(),
  ListTagResources: answer({ TagResources: list(TAG_ON_RESOURCE) }, { NextToken: 'text' }),
};

/** One request that was answered, as far as an error says which. */
export interface Answered {
  readonly operation: string;
  readonly mutating: boolean;
  readonly httpStatus?: number;
  readonly requestId?: string;
}

/**
 * Holds a good answer to its shape.
 * @throws PeerwayError `Unavailable` that says what was wrong and where; with outcome `unknown` after a write
 */
export function requireShape(shape: RecordShape, body: unknown, answered: Answered): void {
  if (saysNo(body)) throw unexpectedAnswer(answered, 'it says that it was no success and does not say why');
  const wrong = wrongIn(shape, body);
  if (wrong !== undefined) throw unexpectedAnswer(answered, wrong);
}

/** `"success": false` in an answer without a code, which is no success whatever else it holds. */
const saysNo = (body: unknown): boolean =>
  typeof body === 'object' &&
  body !== null &&
  Object.entries(body).some(
    ([name, value]) => name.toLowerCase() === 'success' && (value === false || value === 'false'),
  );

/** An answer that came and cannot be used: half of one, somebody else's, or one that contradicts itself. */
export const unexpectedAnswer = (answered: Answered, wrong: string, retry?: RetryAdvice): PeerwayError =>
  new PeerwayError('Unavailable', `Unexpected answer to ${answered.operation}: ${wrong}`, {
    provider: PROVIDER,
    nativeOperation: answered.operation,
    ...(answered.httpStatus === undefined ? {} : { httpStatus: answered.httpStatus }),
    ...(answered.requestId === undefined ? {} : { requestId: answered.requestId }),
    remedy:
      'Check endpoint: and any proxy on the way, and run again; if it happens again, report it with the request id.',
    ...(retry === undefined ? {} : { retry }),
    ...(answered.mutating ? { outcome: 'unknown' } : {}),
  });
