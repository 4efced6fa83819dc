/** VpcPeer 2022-01-01: all 11 actions (docs/facts/alibaba.md 3.5, and 11.3 for the create call; checked 2026-11). */
import {
  clientToken,
  describe,
  descriptionField,
  digits,
  dryRun,
  flag,
  integer,
  nameField,
  regionId,
  required,
  resourceGroupId,
  tagFilter,
  tagList,
  text,
  texts,
} from './parameters.js';

const SOURCE = 'vendor metadata of December 2025 (docs/facts/alibaba.md 3.5)';
const SDKS = {
  clients: ['@alicloud/pop-core', '@alicloud/openapi-client', 'alibabacloud-vpcpeer20220101'],
  negativeTested: true,
};
const OWN = { clients: ['@alicloud/pop-core', 'alibabacloud-vpcpeer20220101'], negativeTested: true };
const instanceId = required(text('InstanceId'));
const peerType = required(
  text('ResourceType', { values: ['PeerConnection'], anyCase: true, codes: { value: 'InvalidInstanceType.NotFound' } }),
);
const resourceIds = (name: string) => texts(name, { min: 1, max: 50, codes: { range: 'NumberExceed.ResourceIds' } });

export const vpcPeerDescriptions = describe('VpcPeer', 'vpc', {
  CreateVpcPeerConnection: {
    mutating: true,
    token: 'ClientToken',
    source: 'vendor reference (docs/facts/alibaba.md 11.3)',
    evidence: SDKS,
    parameters: [
      required(regionId),
      required(text('VpcId')),
      required(digits('AcceptingAliUid')),
      required(text('AcceptingRegionId')),
      required(text('AcceptingVpcId')),
      nameField('Name', 'name'),
      descriptionField('description'),
      integer('Bandwidth', { min: 1 }),
      text('LinkType', { values: ['Gold', 'Platinum', 'Silver'] }),
      resourceGroupId,
      tagList('Tag', 'NumberExceed.Tags'),
      dryRun,
      clientToken,
    ],
  },
  GetVpcPeerConnectionAttribute: { mutating: false, source: SOURCE, evidence: SDKS, parameters: [instanceId] },
  ListVpcPeerConnections: {
    mutating: false,
    source: SOURCE,
    evidence: SDKS,
    parameters: [
      regionId,
      text('InstanceId'),
      // a comma list of at most two; one that arrives as a numbered list means the same
      { name: 'VpcId', type: 'value' },
      text('Name'),
      resourceGroupId,
      tagFilter('Tags'),
      integer('MaxResults', { min: 1, max: 100 }),
      text('NextToken'),
    ],
  },
  AcceptVpcPeerConnection: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: SDKS,
    parameters: [instanceId, dryRun, clientToken, resourceGroupId, tagList('Tag', 'NumberExceed.Tags')],
  },
  RejectVpcPeerConnection: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: OWN,
    parameters: [instanceId, dryRun, clientToken],
  },
  ModifyVpcPeerConnection: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: OWN,
    parameters: [
      instanceId,
      nameField('Name', 'newerName'),
      descriptionField('newerDescription'),
      integer('Bandwidth', { min: 1 }),
      text('LinkType', { values: ['Gold', 'Platinum', 'Silver'] }),
      dryRun,
      clientToken,
    ],
  },
  DeleteVpcPeerConnection: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: SDKS,
    parameters: [instanceId, flag('Force'), dryRun, clientToken],
  },
  MoveResourceGroup: {
    mutating: true,
    source: SOURCE,
    evidence: OWN,
    parameters: [required(regionId), required(text('ResourceId')), peerType, required(text('NewResourceGroupId'))],
  },
  TagResources: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: OWN,
    parameters: [
      required(regionId),
      peerType,
      required(resourceIds('ResourceId')),
      required(tagList('Tag', 'NumberExceed.Tags')),
      clientToken,
    ],
  },
  UnTagResources: {
    mutating: true,
    token: 'ClientToken',
    source: SOURCE,
    evidence: OWN,
    parameters: [
      required(regionId),
      peerType,
      required(resourceIds('ResourceId')),
      texts('TagKey', { max: 20, codes: { range: 'NumberExceed.Tags' } }),
      flag('All'),
      clientToken,
    ],
  },
  ListTagResources: {
    mutating: false,
    source: SOURCE,
    evidence: OWN,
    parameters: [
      required(regionId),
      peerType,
      resourceIds('ResourceId'),
      tagFilter('Tag'),
      integer('MaxResults', { min: 1, max: 50 }),
      text('NextToken'),
    ],
  },
});
