/** CreateVpcPeerConnection: every check of docs/facts/alibaba.md 11.3 in one order, then the effect. */
import type { Call } from '../../machine/cloud.js';
import type { RefusingRule } from '../../machine/rules.js';
import { refusal, refuseByRule } from '../errors.js';
import type { Code } from '../errors.js';
import type { PeerEnd, VpcPeerRecord } from '../records.js';
import { crossesBorder, isRegion, violatesCompliance } from '../regions.js';
import { alibabaRules as rule } from '../rules.js';
import { routersJoined } from './joinedRouters.js';
import type { AlibabaState } from '../state.js';
import { namedGroup } from './resourceGroups.js';
import { newTags } from './tags.js';

/** Conditions that a test switches on or off in the rule sheet, in the order in which they are looked at. */
const SWITCHES: readonly {
  readonly rule: RefusingRule<Code>;
  readonly slots?: (ends: Ends) => readonly string[];
  readonly crossBorderOnly?: true;
}[] = [
  { rule: rule.peerRegions, slots: ({ initiator }) => ['VpcPeer', initiator.region] },
  { rule: rule.cdtOpened },
  { rule: rule.acceptorCdtOpened },
  { rule: rule.acceptorCrossBorderCdtOpened, crossBorderOnly: true },
  { rule: rule.requesterBusinessNormal, slots: ({ initiator }) => ['VpcPeer', initiator.account] },
  { rule: rule.acceptorBusinessNormal, slots: ({ acceptor }) => ['VpcPeer', acceptor.account] },
  { rule: rule.peerAccountBusinessNormal },
  { rule: rule.cloudBoxInVpc },
  { rule: rule.cloudBoxInAcceptingVpc },
  { rule: rule.sharedResource },
];

interface Ends {
  readonly initiator: PeerEnd;
  readonly acceptor: PeerEnd;
}

export const joins = (peer: VpcPeerRecord, vpc: string): boolean =>
  peer.initiator.vpc === vpc || peer.acceptor.vpc === vpc;

/** Ended peerings are records of the past; `Deleted` ones never count. */
const live = (peer: VpcPeerRecord): boolean => !['Rejected', 'Expired', 'Deleted'].includes(peer.status);

export function createVpcPeer(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const { rules } = state.services;
  const ends: Ends = {
    initiator: { account: call.caller.account, region: input.text('RegionId'), vpc: input.text('VpcId') },
    acceptor: {
      account: input.text('AcceptingAliUid'),
      region: input.text('AcceptingRegionId'),
      vpc: input.text('AcceptingVpcId'),
    },
  };
  const { initiator, acceptor } = ends;
  for (const { region } of [initiator, acceptor]) {
    if (!isRegion(region)) throw refusal('UnsupportedRegion', 'VpcPeer', region);
  }
  const sameRegion = initiator.region === acceptor.region;
  const border = crossesBorder(initiator.region, acceptor.region);
  if (violatesCompliance(initiator.region, acceptor.region)) throw refusal('OperationFailed.ViolativeVpcPeer');
  if (border && !rules.value(rule.crossBorderCdtOpened)) throw refusal('OperationFailed.CrossBorderCdtNotOpened');
  for (const { rule: definition, slots, crossBorderOnly } of SWITCHES) {
    if (crossBorderOnly === true && !border) continue;
    refuseByRule(rules, definition, ...(slots?.(ends) ?? []));
  }
  if (initiator.vpc === acceptor.vpc) throw refusal(rules.value(rule.selfPeeringCode), 'AcceptingVpcId');
  checkEnd(state, initiator, 'IncorrectStatus.Vpc');
  checkEnd(state, acceptor, 'IncorrectStatus.AcceptingVpc');
  const linkType = checkLinkType(state, call, sameRegion);
  const bandwidth = checkBandwidth(state, call, sameRegion);
  const resourceGroup = namedGroup(state, call, 'ResourceGroupId', 'OperationFailed.NotExist.ResourceGroup');
  checkPair(state, ends);
  checkQuotas(state, ends, sameRegion);
  checkConcurrency(state, ends);
  const tags = newTags(input);
  if (input.flag('DryRun')) throw refusal('DryRunOperation');

  const sameAccount = initiator.account === acceptor.account;
  const peer = state.peers.put({
    id: `pcc-${state.services.random.lowerAlphanumeric(18)}`,
    status: 'Creating',
    ...ends,
    name: input.optionalText('Name') ?? '',
    description: input.optionalText('Description') ?? '',
    bandwidth,
    linkType,
    resourceGroups: { initiator: resourceGroup, acceptor: sameAccount ? resourceGroup : '' },
    createdAt: call.now,
    modifiedAt: call.now,
    ...(sameAccount ? {} : { expiresAt: call.now + rules.value(rule.acceptWindowMs) }),
  });
  state.setTags(initiator.account, peer.id, tags);
  state.peerLife.begin(peer, sameAccount ? 'create' : 'await-acceptance');
  return { InstanceId: peer.id };
}

function checkEnd(state: AlibabaState, end: PeerEnd, wrongStatus: Code): void {
  const vpc = state.owned(state.vpcs.get(end.vpc), end.account, end.region);
  if (vpc === undefined) throw refusal(state.services.rules.value(rule.unknownVpcCode), end.vpc);
  if (vpc.status !== 'Available') throw refusal(wrongStatus, 'Vpc', end.vpc);
}

function checkLinkType(state: AlibabaState, call: Call, sameRegion: boolean): string {
  const { rules } = state.services;
  const asked = call.input.optionalText('LinkType');
  if (asked === undefined || asked === '') return sameRegion ? '' : 'Gold';
  if (sameRegion) throw refusal('OperationFailed.InterRegionLinkTypeNotSupported');
  refuseByRule(rules, rule.linkTypeRegions);
  if (!rules.value(rule.linkTypes).split(',').includes(asked))
    throw refusal('OperationFailed.SpecificLinkTypeNotSupported');
  return asked;
}

function checkBandwidth(state: AlibabaState, call: Call, sameRegion: boolean): number {
  const { rules } = state.services;
  const asked = call.input.optionalInteger('Bandwidth');
  const most = rules.value(rule.peerBandwidthMbps);
  if (asked === undefined) return sameRegion ? -1 : most;
  if (sameRegion) throw refusal(rules.value(rule.sameRegionBandwidthCode), 'Bandwidth');
  if (asked > most) throw refusal('QuotaExceeded.Bandwidth', 'Bandwidth', String(asked), String(most));
  return asked;
}

function checkPair(state: AlibabaState, { initiator, acceptor }: Ends): void {
  const endedBlocks = state.services.rules.value(rule.endedPeerBlocksPair);
  const taken = state.peers.find(
    (peer) =>
      joins(peer, initiator.vpc) &&
      joins(peer, acceptor.vpc) &&
      (live(peer) || (endedBlocks && peer.status !== 'Deleted')),
  );
  if (taken !== undefined) throw refusal('ResourceAlreadyExist.VpcPeer', taken.id);
  const routers = [initiator, acceptor].map(({ vpc }) => state.vpcs.get(vpc)?.router ?? '');
  if (routersJoined(state, routers[0] ?? '', routers[1] ?? ''))
    throw refusal('ResourceAlreadyExist.RouterInterface', 'RouterInterface');
}

function checkQuotas(state: AlibabaState, { initiator, acceptor }: Ends, sameRegion: boolean): void {
  const { rules } = state.services;
  const all = state.peers.filter(live);
  const refuseAt = (code: Code, what: string, usage: number, most: number): void => {
    if (usage >= most) throw refusal(code, what, String(usage), String(most));
  };
  const isSameRegion = (peer: VpcPeerRecord): boolean => peer.initiator.region === peer.acceptor.region;
  for (const { vpc } of [initiator, acceptor]) {
    const peers = all.filter((peer) => joins(peer, vpc));
    const alike = peers.filter((peer) => isSameRegion(peer) === sameRegion).length;
    refuseAt('QuotaExceeded.VpcPeerCountPerVpc', 'VpcPeerCountPerVpc', peers.length, rules.value(rule.peersPerVpc));
    if (sameRegion) {
      refuseAt(
        'QuotaExceeded.IntraRegionVpcPeerCountPerVpc',
        'IntraRegionVpcPeerCountPerVpc',
        alike,
        rules.value(rule.intraRegionPeersPerVpc),
      );
    } else {
      refuseAt(
        'QuotaExceeded.CrossRegionVpcPeerCountPerVpc',
        'CrossRegionVpcPeerCountPerVpc',
        alike,
        rules.value(rule.crossRegionPeersPerVpc),
      );
    }
  }
  const mine = all.filter(({ initiator: end }) => end.account === initiator.account && end.region === initiator.region);
  refuseAt(
    'QuotaExceeded.VpcPeerCountPerUserPerRegion',
    'VpcPeerCountPerUserPerRegion',
    mine.length,
    rules.value(rule.peersPerAccountAndRegion),
  );
}

function checkConcurrency(state: AlibabaState, { initiator, acceptor }: Ends): void {
  const { rules } = state.services;
  const locks = rules.value(rule.createLocks);
  if (locks === 'none') return;
  const creating = state.peers.filter(({ status }) => status === 'Creating');
  const busy = (vpc: string): boolean =>
    creating.some((peer) => (locks === 'requester' ? peer.initiator.vpc === vpc : joins(peer, vpc)));
  const code = rules.value(rule.concurrentCreateCode);
  if (busy(initiator.vpc))
    throw refusal(code === 'IncorrectStatus' ? 'IncorrectStatus.Vpc' : code, 'Vpc', initiator.vpc);
  if (locks === 'both-ends' && busy(acceptor.vpc)) {
    throw refusal(code === 'IncorrectStatus' ? 'IncorrectStatus.AcceptingVpc' : code, 'Vpc', acceptor.vpc);
  }
}
