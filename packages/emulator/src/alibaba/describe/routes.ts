/** Route tables and route entries of Vpc 2016-04-28 (docs/facts/alibaba.md 3.2, vendor metadata of 2024 and 2025). */
import {
  clientToken,
  describe,
  descriptionField,
  digits,
  dryRun,
  ignored,
  integer,
  nameField,
  objects,
  pages,
  regionId,
  required,
  resourceGroupId,
  tagFilter,
  tagList,
  text,
  texts,
} from './parameters.js';

const SOURCE = 'vendor metadata of 2024 and 2025 (docs/facts/alibaba.md 3.2)';
const SDKS = {
  clients: ['@alicloud/pop-core', '@alicloud/vpc20160428', 'alibabacloud-vpc20160428'],
  negativeTested: true,
};
const routeName = nameField('RouteEntryName', 'newerName', 'InvalidRouteEntryName.Malformed');
const routeTableId = required(text('RouteTableId'));
const nextHopList = objects(
  'NextHopList',
  [
    text('NextHopId'),
    text('NextHopType'),
    integer('Weight', { min: 0, max: 255, codes: { range: 'INVALID_WEIGHT_PARAM', type: 'INVALID_WEIGHT_PARAM' } }),
  ],
  { max: 16, codes: { range: 'InvalidNexthopListSize' } },
);

/** What a next hop may be; only VpcPeer and RouterInterface lead anywhere here. */
const NEXT_HOP_TYPES = [
  'Instance',
  'HaVip',
  'RouterInterface',
  'NetworkInterface',
  'VpnGateway',
  'IPv6Gateway',
  'NatGateway',
  'Attachment',
  'VpcPeer',
  'Ipv4Gateway',
  'GatewayEndpoint',
  'Ecr',
  'GatewayLoadBalancerEndpoint',
  'RouteTargetGroup',
];
const nextHopType = (name: string) => text(name, { values: NEXT_HOP_TYPES, codes: { value: 'InvalidNextHopType' } });

export const routeDescriptions = describe('Vpc', 'vpc', {
  CreateRouteEntry: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: SDKS,
    parameters: [
      regionId,
      routeTableId,
      required(text('DestinationCidrBlock')),
      nextHopType('NextHopType'),
      text('NextHopId'),
      nextHopList,
      routeName,
      descriptionField('newerDescription'),
      dryRun,
      clientToken,
    ],
  },
  ModifyRouteEntry: {
    mutating: true,
    source: 'typed requests of @alicloud/vpc20160428 7.0.1',
    evidence: { clients: ['@alicloud/vpc20160428', 'alibabacloud-vpc20160428'], negativeTested: true },
    parameters: [
      regionId,
      text('RouteTableId'),
      text('RouteEntryId'),
      text('DestinationCidrBlock'),
      text('NewNextHopId'),
      text('NewNextHopType'),
      routeName,
      descriptionField('newerDescription'),
      dryRun,
    ],
  },
  DeleteRouteEntry: {
    mutating: true,
    source: SOURCE,
    evidence: SDKS,
    parameters: [
      regionId,
      text('RouteTableId'),
      text('RouteEntryId'),
      text('DestinationCidrBlock'),
      text('NextHopId'),
      nextHopList,
      dryRun,
    ],
  },
  CreateRouteEntries: {
    mutating: true,
    source: SOURCE,
    evidence: SDKS,
    parameters: [
      required(regionId),
      required(
        objects(
          'RouteEntries',
          [
            routeTableId,
            required(text('DstCidrBlock')),
            required(text('NextHop')),
            required(nextHopType('NextHopType')),
            integer('IpVersion', { min: 4, max: 6 }),
            nameField('Name', 'newerName', 'InvalidRouteEntryName.Malformed'),
            descriptionField('newerDescription'),
          ],
          { min: 1, max: 50 },
        ),
      ),
      dryRun,
    ],
  },
  DeleteRouteEntries: {
    mutating: true,
    source: SOURCE,
    evidence: SDKS,
    parameters: [
      required(regionId),
      required(
        objects('RouteEntries', [routeTableId, text('RouteEntryId'), text('DstCidrBlock'), text('NextHop')], {
          min: 1,
          max: 50,
        }),
      ),
      dryRun,
    ],
  },
  CreateRouteTable: {
    mutating: true,
    token: 'ClientToken',
    source: '@alicloud/vpc20160428 7.3.2 (parameters); quota in docs/facts/alibaba.md 5.3',
    evidence: SDKS,
    parameters: [
      required(regionId),
      required(text('VpcId')),
      nameField('RouteTableName', 'newerName'),
      descriptionField('newerDescription'),
      text('AssociateType', { values: ['VSwitch', 'Gateway'] }),
      tagList('Tag'),
      clientToken,
    ],
  },
  DeleteRouteTable: {
    mutating: true,
    source: '@alicloud/vpc20160428 7.3.2 (parameters); docs/facts/alibaba.md 4.4',
    evidence: SDKS,
    parameters: [required(regionId), routeTableId],
  },
  AssociateRouteTable: {
    mutating: true,
    token: 'ClientToken',
    source: '@alicloud/vpc20160428 7.3.2 (parameters; a vSwitch is Pending meanwhile)',
    evidence: { clients: ['@alicloud/pop-core', 'alibabacloud-vpc20160428'], negativeTested: true },
    parameters: [required(regionId), routeTableId, required(text('VSwitchId')), clientToken],
  },
  UnassociateRouteTable: {
    mutating: true,
    token: 'ClientToken',
    source: '@alicloud/vpc20160428 7.3.2 (parameters; a vSwitch is Pending meanwhile)',
    evidence: { clients: ['@alicloud/pop-core', 'alibabacloud-vpc20160428'], negativeTested: true },
    parameters: [required(regionId), routeTableId, required(text('VSwitchId')), clientToken],
  },
  DescribeRouteEntryList: {
    mutating: false,
    source: SOURCE,
    evidence: SDKS,
    parameters: [
      required(regionId),
      routeTableId,
      text('RouteEntryId'),
      text('DestinationCidrBlock'),
      texts('DestCidrBlockList', { max: 50 }),
      text('RouteEntryName'),
      text('IpVersion', { values: ['ipv4', 'ipv6'], anyCase: true, codes: { value: 'IllegalParam.IpVersion' } }),
      text('RouteEntryType', {
        values: ['Custom', 'System', 'BGP', 'CEN', 'ECR'],
        codes: { value: 'IllegalParam.RouteEntryType' },
      }),
      text('NextHopId'),
      text('NextHopType'),
      text('ServiceType'),
      integer('MaxResult', { min: 1, max: 500 }),
      text('NextToken'),
    ],
  },
  DescribeRouteTables: {
    mutating: false,
    source: SOURCE,
    evidence: SDKS,
    parameters: [
      regionId,
      text('VRouterId'),
      text('RouteTableId'),
      text('RouterId'),
      text('RouterType', { values: ['VRouter', 'VBR'] }),
      text('RouteTableName'),
      text('Type'),
      resourceGroupId,
      ...pages,
    ],
  },
  DescribeRouteTableList: {
    mutating: false,
    source: SOURCE,
    evidence: SDKS,
    parameters: [
      required(regionId),
      text('RouterType', { values: ['VRouter', 'VBR'] }),
      text('RouterId'),
      text('VpcId'),
      text('RouteTableId'),
      text('RouteTableName'),
      text('RouteTableType'),
      resourceGroupId,
      tagFilter('Tag'),
      digits('RouteTableOwnerId'),
      ignored('AssociateType'),
      ...pages,
    ],
  },
});
