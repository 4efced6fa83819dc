/** Rules of VPC peerings. Sources are sections of docs/facts (November 2026). */
import { choice, limit, toggle } from '../../machine/rules.js';

const QUOTAS = 'docs/facts/alibaba.md 5.3';
const CREATE_PEERING = 'docs/facts/alibaba.md 11.3';
const MINUTE = 60_000;

export const vpcPeerRules = {
  peersPerVpc: limit('alibaba.vpcPeer.perVpc', 30, 'unverified: sum of the two below', 'Peerings per VPC, all kinds.'),
  intraRegionPeersPerVpc: limit('alibaba.vpcPeer.intraRegionPerVpc', 10, QUOTAS, 'Same-region peerings per VPC.'),
  crossRegionPeersPerVpc: limit('alibaba.vpcPeer.crossRegionPerVpc', 20, QUOTAS, 'Cross-region peerings per VPC.'),
  peersPerAccountAndRegion: limit(
    'alibaba.vpcPeer.perAccountAndRegion',
    20,
    QUOTAS,
    'Peerings per account and region.',
  ),
  peerBandwidthMbps: limit(
    'alibaba.vpcPeer.bandwidthMbps',
    1024,
    QUOTAS,
    'Greatest bandwidth of a cross-region peering; also its default.',
  ),
  acceptWindowMs: limit(
    'alibaba.vpcPeer.acceptWindowMs',
    7 * 24 * 60 * MINUTE,
    'docs/facts/alibaba.md 3.5 and 4.2',
    'How long a request waits for the accepter before it is Expired.',
  ),
  createLocks: choice(
    'alibaba.vpcPeer.createLocks',
    ['both-ends', 'requester', 'none'],
    'both-ends',
    'docs/facts/alibaba.md 11.3: no concurrent create in one VPC; which VPCs count is unverified',
    'Which VPCs of a peering in creation refuse another create.',
  ),
  concurrentCreateCode: choice(
    'alibaba.vpcPeer.concurrentCreateCode',
    ['IncorrectStatus', 'OperationConflict', 'TaskConflict'],
    'IncorrectStatus',
    'unverified (docs/facts/alibaba.md 9.2)',
    'IncorrectStatus: IncorrectStatus.Vpc or IncorrectStatus.AcceptingVpc, by the VPC that is busy.',
  ),
  unknownVpcCode: choice(
    'alibaba.vpcPeer.unknownVpcCode',
    ['ResourceNotFound.VpcId', 'ResourceNotFound.Vpc'],
    'ResourceNotFound.VpcId',
    'unverified (docs/facts/alibaba.md 9.1)',
    'CreateVpcPeerConnection with a VPC that does not exist or is not the named account’s.',
  ),
  sameRegionBandwidthCode: choice(
    'alibaba.vpcPeer.sameRegionBandwidthCode',
    ['OperationFailed.BandwidthCannotBeChangedInSameRegion', 'InvalidParameter'],
    'OperationFailed.BandwidthCannotBeChangedInSameRegion',
    'unverified (docs/facts/alibaba.md 9.1)',
    'CreateVpcPeerConnection with Bandwidth inside one region.',
  ),
  selfPeeringCode: choice(
    'alibaba.vpcPeer.selfPeeringCode',
    ['InvalidParameter', 'OperationFailed.ViolativeVpcPeer'],
    'InvalidParameter',
    'unverified: no source names the code',
    'CreateVpcPeerConnection of a VPC with itself.',
  ),
  acceptByInitiatorCode: choice(
    'alibaba.vpcPeer.acceptByInitiatorCode',
    ['ResourceNotFound.InstanceId', 'IncorrectStatus.VpcPeer'],
    'ResourceNotFound.InstanceId',
    'unverified: no source names the code',
    'Accept or Reject called by the requester’s account.',
  ),
  endedPeerBlocksPair: toggle(
    'alibaba.vpcPeer.endedBlocksPair',
    false,
    'unverified (docs/facts/alibaba.md 9.4)',
    'Whether a Rejected or Expired peering still blocks a new one between the same VPCs.',
  ),
  deleteFrom: choice(
    'alibaba.vpcPeer.deleteFrom',
    ['settled', 'activated'],
    'settled',
    'unverified (docs/facts/alibaba.md 9.3)',
    'settled: also from Accepting, Rejected and Expired.',
  ),
  routesBlockDelete: choice(
    'alibaba.vpcPeer.routesBlockDelete',
    ['both-sides', 'caller-side'],
    'both-sides',
    'unverified (docs/facts/alibaba.md 9.5)',
    'Whose routes block DeleteVpcPeerConnection without Force.',
  ),
  listInAcceptorRegion: toggle(
    'alibaba.vpcPeer.listInAcceptorRegion',
    true,
    'unverified (docs/facts/alibaba.md 9.12)',
    'Whether the accepter’s region lists a cross-region peering.',
  ),
  linkTypes: choice(
    'alibaba.vpcPeer.linkTypes',
    ['Gold,Platinum', 'Gold,Platinum,Silver', 'Gold'],
    'Gold,Platinum',
    CREATE_PEERING,
    'Link types open to every account; others: OperationFailed.SpecificLinkTypeNotSupported.',
  ),
  linkTypeRegions: toggle(
    'alibaba.vpcPeer.linkTypeInRegion',
    true,
    CREATE_PEERING,
    'Off: no region supports LinkType (OperationFailed.RegionIdNotSupportLinkType).',
  ),
  peerRegions: toggle('alibaba.vpcPeer.regionsSupported', true, CREATE_PEERING, 'Off: UnsupportedRegion.'),
  cdtOpened: toggle(
    'alibaba.cdt.opened',
    true,
    'docs/facts/alibaba.md 11.3 (creation opens it)',
    'Off: OperationFailed.CdtNotOpened.',
  ),
  crossBorderCdtOpened: toggle(
    'alibaba.cdt.crossBorderOpened',
    false,
    'docs/facts/alibaba.md 5.1 and 11.3',
    'Off: cross-border peerings get OperationFailed.CrossBorderCdtNotOpened.',
  ),
  acceptorCdtOpened: toggle(
    'alibaba.cdt.acceptorOpened',
    true,
    CREATE_PEERING,
    'Off: OperationFailed.AcceptUserCdtNotOpened.',
  ),
  acceptorCrossBorderCdtOpened: toggle(
    'alibaba.cdt.acceptorCrossBorderOpened',
    true,
    CREATE_PEERING,
    'Off: cross-border peerings get OperationFailed.AcceptUserCrossBorderCdtNotOpened.',
  ),
  requesterBusinessNormal: toggle(
    'alibaba.vpcPeer.requesterBusinessNormal',
    true,
    CREATE_PEERING,
    'Off: IncorrectBusinessStatus.VpcPeer.',
  ),
  acceptorBusinessNormal: toggle(
    'alibaba.vpcPeer.acceptorBusinessNormal',
    true,
    CREATE_PEERING,
    'Off: IncorrectBusinessStatus.AcceptUserVpcPeer.',
  ),
  peerAccountBusinessNormal: toggle(
    'alibaba.vpcPeer.peerAccountBusinessNormal',
    true,
    CREATE_PEERING,
    'Off: IncorrectBusinessStatus.AcceptVpcPeer.',
  ),
  cloudBoxInVpc: toggle(
    'alibaba.vpc.cloudBoxInRequester',
    false,
    CREATE_PEERING,
    'On: OperationDenied.CloudBoxExistsInVpc.',
  ),
  cloudBoxInAcceptingVpc: toggle(
    'alibaba.vpc.cloudBoxInAccepter',
    false,
    CREATE_PEERING,
    'On: OperationDenied.CloudBoxExistsInAcceptingVpc.',
  ),
  sharedResource: toggle('alibaba.vpc.shared', false, CREATE_PEERING, 'On: OperationDenied.OperateShareResource.'),
  serviceManagedPeer: toggle(
    'alibaba.vpcPeer.serviceManaged',
    false,
    'docs/facts/alibaba.md 3.5',
    'On: peerings are managed by a service; Modify and Delete get OperationDenied.ServiceManagedInstance.',
  ),
  peerIpv6Routes: toggle(
    'alibaba.vpcPeer.ipv6Routes',
    true,
    'docs/facts/alibaba.md 3.2',
    'Off: IPv6 routes to a peering get UnsupportedFeature.VpcPeerIpv6.',
  ),
} as const;
