/** VPCs, vSwitches, routers and regions of Vpc 2016-04-28 (docs/facts/alibaba.md 3.4). */
import {
  clientToken,
  describe,
  descriptionField,
  digits,
  dryRun,
  flag,
  ignored,
  integer,
  nameField,
  pages,
  regionId,
  required,
  resourceGroupId,
  tagFilter,
  tagList,
  text,
  texts,
} from './parameters.js';

const SOURCE = 'vendor metadata of 2024 and 2025 (docs/facts/alibaba.md 3.4)';
const OWN = { clients: ['@alicloud/pop-core', 'alibabacloud-vpc20160428'], negativeTested: true };
const SDKS = {
  clients: ['@alicloud/pop-core', '@alicloud/vpc20160428', 'alibabacloud-vpc20160428'],
  negativeTested: true,
};

export const vpcDescriptions = describe('Vpc', 'vpc', {
  CreateVpc: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: OWN,
    parameters: [
      required(regionId),
      text('CidrBlock'),
      nameField('VpcName', 'newerName', 'InvalidVpcName.Malformed'),
      descriptionField('newerDescription', 'InvalidVpcDiscription.Malformed'),
      flag('EnableIpv6'),
      text('Ipv6CidrBlock'),
      ignored('Ipv6Isp'),
      text('UserCidr'),
      resourceGroupId,
      tagList('Tag'),
      dryRun,
      clientToken,
      ...['Ipv4IpamPoolId', 'Ipv4CidrMask', 'Ipv6IpamPoolId', 'Ipv6CidrMask', 'EnableDnsHostname'].map(ignored),
    ],
  },
  DescribeVpcs: {
    mutating: false,
    source: SOURCE,
    evidence: SDKS,
    parameters: [
      required(regionId),
      text('VpcId'),
      text('VpcName'),
      flag('IsDefault'),
      digits('VpcOwnerId'),
      flag('EnableIpv6'),
      resourceGroupId,
      tagFilter('Tag'),
      ignored('AdvancedFeature'),
      ignored('DhcpOptionsSetId'),
      dryRun,
      ...pages,
    ],
  },
  DescribeVpcAttribute: {
    mutating: false,
    source: SOURCE,
    evidence: OWN,
    parameters: [required(regionId), required(text('VpcId')), flag('IsDefault'), dryRun],
  },
  DeleteVpc: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: OWN,
    parameters: [regionId, required(text('VpcId')), flag('ForceDelete'), dryRun, clientToken],
  },
  CreateVSwitch: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: OWN,
    parameters: [
      regionId,
      required(text('ZoneId')),
      required(text('CidrBlock')),
      required(text('VpcId')),
      nameField('VSwitchName', 'newerName', 'InvalidVSwitchName.Malformed'),
      descriptionField('newerDescription'),
      integer('Ipv6CidrBlock', { min: 0, max: 255 }),
      text('VpcIpv6CidrBlock'),
      tagList('Tag'),
      clientToken,
    ],
  },
  DescribeVSwitches: {
    mutating: false,
    source: SOURCE,
    evidence: OWN,
    parameters: [
      regionId,
      text('VpcId'),
      text('VSwitchId'),
      text('ZoneId'),
      text('VSwitchName'),
      flag('IsDefault'),
      text('RouteTableId'),
      resourceGroupId,
      digits('VSwitchOwnerId'),
      flag('EnableIpv6'),
      tagFilter('Tag'),
      dryRun,
      ...pages,
    ],
  },
  DeleteVSwitch: {
    mutating: true,
    source: SOURCE,
    evidence: OWN,
    parameters: [regionId, required(text('VSwitchId')), dryRun],
  },
  DescribeVRouters: {
    mutating: false,
    source: SOURCE,
    evidence: OWN,
    parameters: [required(regionId), text('VRouterId'), ...pages],
  },
  DescribeRegions: {
    mutating: false,
    source: SOURCE,
    evidence: SDKS,
    parameters: [text('ProductType'), text('AcceptLanguage')],
  },
});

const tagType = required(text('ResourceType'));
const resourceIds = texts('ResourceId', { min: 1, max: 50, codes: { range: 'SizeLimitExceeded.ResourceId' } });

/** The tag calls of Vpc; mind the capital T of UnTagResources. */
export const vpcTagDescriptions = describe('Vpc', 'vpc', {
  TagResources: {
    mutating: true,
    source: SOURCE,
    evidence: OWN,
    parameters: [
      required(regionId),
      tagType,
      required(resourceIds),
      required(tagList('Tag', 'SizeLimitExceeded.TagNum')),
    ],
  },
  UnTagResources: {
    mutating: true,
    source: SOURCE,
    evidence: OWN,
    parameters: [
      required(regionId),
      tagType,
      required(resourceIds),
      texts('TagKey', { max: 20, codes: { range: 'SizeLimitExceeded.TagNum' } }),
      flag('All'),
    ],
  },
  ListTagResources: {
    mutating: false,
    source: SOURCE,
    evidence: OWN,
    parameters: [
      required(regionId),
      tagType,
      resourceIds,
      tagFilter('Tag'),
      integer('MaxResults', { min: 1, max: 50 }),
      text('NextToken'),
    ],
  },
});
