/** VpcPeer 2022-01-01: get, list, accept, reject, modify, delete, and its tag calls. */
import type { Call, Operation } from '../../machine/cloud.js';
import type { Side } from '../../machine/faults.js';
import { exactInteger } from '../wire/answers.js';
import { vpcPeerDescriptions } from '../describe/vpcPeer.js';
import { refusal, refuseByRule } from '../errors.js';
import type { PeerEnd, VpcPeerRecord } from '../records.js';
import { alibabaRules as rule } from '../rules.js';
import { timestamp } from '../state.js';
import type { AlibabaState } from '../state.js';
import { operationsOf } from './handlers.js';
import { tokenPage } from './paging.js';
import { matchesTags, newTags, tagItems, TagOperations } from './tags.js';
import { commaList, numberOrDefault } from './values.js';
import { namedGroup } from './resourceGroups.js';
import { createVpcPeer, joins } from './vpcPeerCreation.js';

export function vpcPeerOperations(state: AlibabaState): readonly Operation[] {
  const tags = new TagOperations(state, {
    kinds: { PEERCONNECTION: (_, call, id) => visible(state.peers.get(id), call) !== undefined },
    tooMany: 'NumberExceed.Tags',
    list: (items, size) => ({
      MaxResults: size,
      TagResources: items.map(({ type, id, region, key, value }) => ({
        ResourceType: type,
        ResourceId: id,
        RegionNo: region,
        TagKey: key,
        TagValue: value,
      })),
    }),
    changed: { Success: true },
  });
  return operationsOf(
    vpcPeerDescriptions,
    {
      CreateVpcPeerConnection: (call) => createVpcPeer(state, call),
      GetVpcPeerConnectionAttribute: (call) => getPeer(state, call),
      ListVpcPeerConnections: (call) => listPeers(state, call),
      AcceptVpcPeerConnection: (call) => acceptPeer(state, call),
      RejectVpcPeerConnection: (call) => rejectPeer(state, call),
      ModifyVpcPeerConnection: (call) => modifyPeer(state, call),
      DeleteVpcPeerConnection: (call) => deletePeer(state, call),
      MoveResourceGroup: (call) => moveResourceGroup(state, call),
      TagResources: (call) => tags.tag(call),
      UnTagResources: (call) => tags.untag(call),
      ListTagResources: (call) => tags.list(call),
    },
    (call, name) => {
      if (name === 'CreateVpcPeerConnection') return 'initiator';
      if (!vpcPeerDescriptions[name].parameters.some((field) => field.name === 'InstanceId')) return undefined;
      const peer = state.peers.get(call.input.optionalText('InstanceId') ?? '');
      return peer === undefined ? undefined : sideOf(peer, call);
    },
  );
}

/** Which side the caller is; a caller on both sides counts as the initiator. */
function sideOf(peer: VpcPeerRecord, call: Call): Side | undefined {
  if (peer.initiator.account === call.caller.account) return 'initiator';
  return peer.acceptor.account === call.caller.account ? 'acceptor' : undefined;
}

/** The record, unless a third account asks: for it the peering does not exist. */
function visible(peer: VpcPeerRecord | undefined, call: Call): VpcPeerRecord | undefined {
  return peer !== undefined && sideOf(peer, call) !== undefined ? peer : undefined;
}

function requirePeer(state: AlibabaState, call: Call): VpcPeerRecord {
  const id = call.input.text('InstanceId');
  const peer = visible(state.peers.get(id), call);
  if (peer === undefined) throw refusal('ResourceNotFound.InstanceId', id);
  return peer;
}

const wrongStatus = (peer: VpcPeerRecord) => refusal('IncorrectStatus.VpcPeer', 'VpcPeer', peer.id);

function getPeer(state: AlibabaState, call: Call): unknown {
  const id = call.input.text('InstanceId');
  const peer = visible(call.view(state.peers).get(id), call);
  if (peer === undefined) throw refusal('ResourceNotFound.InstanceId', id);
  return answer(state, call, peer);
}

function answer(state: AlibabaState, call: Call, peer: VpcPeerRecord) {
  const side = sideOf(peer, call) ?? 'initiator';
  return {
    InstanceId: peer.id,
    Name: peer.name,
    Description: peer.description,
    ResourceGroupId: peer.resourceGroups[side],
    GmtCreate: timestamp(peer.createdAt),
    GmtModified: timestamp(peer.modifiedAt),
    GmtExpired:
      peer.expiresAt !== undefined && (peer.status === 'Accepting' || peer.status === 'Expired')
        ? timestamp(peer.expiresAt)
        : null,
    OwnerId: exactInteger(peer.initiator.account),
    AcceptingOwnerUid: exactInteger(peer.acceptor.account),
    RegionId: peer.initiator.region,
    AcceptingRegionId: peer.acceptor.region,
    Bandwidth: peer.bandwidth,
    Status: peer.status,
    BizStatus: state.services.rules.value(rule.requesterBusinessNormal) ? 'Normal' : 'FinancialLocked',
    ...(peer.linkType === '' ? {} : { LinkType: peer.linkType }),
    Vpc: vpcAnswer(state, peer.initiator),
    AcceptingVpc: vpcAnswer(state, peer.acceptor),
    Tags: tagItems(state.tagsOf(call.caller.account, peer.id)),
  };
}

function vpcAnswer(state: AlibabaState, { vpc: id }: PeerEnd) {
  const vpc = state.vpcs.get(id);
  return {
    VpcId: id,
    Ipv4Cidrs: vpc === undefined ? [] : [vpc.cidr, ...vpc.secondaryCidrs],
    Ipv6Cidrs: vpc === undefined || vpc.ipv6Cidr === '' ? [] : [vpc.ipv6Cidr],
  };
}

function listPeers(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const region = input.optionalText('RegionId');
  const vpcs = vpcFilter(input.has('VpcId') ? call : undefined);
  const inAcceptorRegion = state.services.rules.value(rule.listInAcceptorRegion);
  const here = (end: PeerEnd): boolean =>
    end.account === call.caller.account && (region === undefined || region === '' || end.region === region);
  const wanted = (name: 'InstanceId' | 'Name', value: string): boolean => {
    const asked = input.optionalText(name);
    return asked === undefined || asked === '' || asked === value;
  };
  const all = [...call.view(state.peers).values()].filter((peer) => {
    const side = sideOf(peer, call);
    const group = input.optionalText('ResourceGroupId');
    return (
      side !== undefined &&
      (here(peer.initiator) ||
        (here(peer.acceptor) && (inAcceptorRegion || peer.initiator.region === peer.acceptor.region))) &&
      vpcs.every((vpc) => joins(peer, vpc)) &&
      wanted('InstanceId', peer.id) &&
      wanted('Name', peer.name) &&
      (group === undefined || group === '' || peer.resourceGroups[side] === group) &&
      matchesTags(state.tagsOf(call.caller.account, peer.id), input.objects('Tags'))
    );
  });
  const size = numberOrDefault(input, 'MaxResults', 20);
  const { items, next } = tokenPage(state.peers, input.optionalText('NextToken'), size, all);
  return {
    TotalCount: all.length,
    MaxResults: size,
    ...(next === undefined ? {} : { NextToken: next }),
    VpcPeerConnects: items.map((peer) => answer(state, call, peer)),
  };
}

/** At most two VPCs; two ask for exactly that pair. */
function vpcFilter(call: Call | undefined): readonly string[] {
  if (call === undefined) return [];
  const raw = call.input.value('VpcId');
  const vpcs = Array.isArray(raw)
    ? raw.filter((item) => typeof item === 'string')
    : commaList(typeof raw === 'string' ? raw : '');
  if (vpcs.length > 2) throw refusal('InvalidParameter', 'VpcId');
  return vpcs;
}

/** The accepter's account, or what the rule sheet says for the requester's. */
function requireAcceptor(state: AlibabaState, call: Call): VpcPeerRecord {
  const peer = requirePeer(state, call);
  if (peer.acceptor.account === call.caller.account) return peer;
  throw refusal(state.services.rules.value(rule.acceptByInitiatorCode), 'VpcPeer', peer.id);
}

function acceptPeer(state: AlibabaState, call: Call): unknown {
  const peer = requireAcceptor(state, call);
  if (!state.peerLife.allows(peer, 'accept')) throw wrongStatus(peer);
  const { rules } = state.services;
  refuseByRule(rules, rule.cdtOpened);
  refuseByRule(rules, rule.requesterBusinessNormal, 'VpcPeer', peer.id);
  const resourceGroup = namedGroup(state, call, 'ResourceGroupId', 'OperationFailed.NotExist.ResourceGroup');
  const tags = newTags(call.input);
  if (call.input.flag('DryRun')) throw refusal('DryRunOperation');
  if (Object.keys(tags).length > 0) state.setTags(call.caller.account, peer.id, tags);
  state.peerLife.begin(peer, 'accept');
  const resourceGroups = { ...peer.resourceGroups, acceptor: resourceGroup };
  state.peers.patch(peer.id, { modifiedAt: call.now, resourceGroups });
  return {};
}

function rejectPeer(state: AlibabaState, call: Call): unknown {
  const peer = requireAcceptor(state, call);
  if (!state.peerLife.allows(peer, 'reject')) throw wrongStatus(peer);
  if (call.input.flag('DryRun')) throw refusal('DryRunOperation');
  state.peerLife.begin(peer, 'reject');
  state.peers.patch(peer.id, { modifiedAt: call.now });
  return {};
}

function modifyPeer(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const { rules } = state.services;
  const peer = requirePeer(state, call);
  const sameRegion = peer.initiator.region === peer.acceptor.region;
  const bandwidth = input.optionalInteger('Bandwidth');
  const linkType = input.optionalText('LinkType');
  refuseByRule(rules, rule.serviceManagedPeer);
  refuseByRule(rules, rule.requesterBusinessNormal, 'VpcPeer', peer.id);
  if (!state.peerLife.allows(peer, 'modify')) throw wrongStatus(peer);
  if (bandwidth !== undefined && sameRegion) throw refusal('OperationFailed.BandwidthCannotBeChangedInSameRegion');
  const most = rules.value(rule.peerBandwidthMbps);
  if (bandwidth !== undefined && bandwidth > most)
    throw refusal('QuotaExceeded.Bandwidth', 'Bandwidth', String(bandwidth), String(most));
  if (linkType !== undefined && linkType !== '') {
    if (sameRegion) throw refusal('OperationFailed.InterRegionLinkTypeNotSupported');
    refuseByRule(rules, rule.linkTypeRegions);
    if (!rules.value(rule.linkTypes).split(',').includes(linkType))
      throw refusal('OperationFailed.SpecificLinkTypeNotSupported');
  }
  if (input.flag('DryRun')) throw refusal('DryRunOperation');
  state.peerLife.begin(peer, 'modify');
  state.peers.patch(peer.id, {
    name: input.optionalText('Name') ?? peer.name,
    description: input.optionalText('Description') ?? peer.description,
    bandwidth: bandwidth ?? peer.bandwidth,
    linkType: linkType === undefined || linkType === '' ? peer.linkType : linkType,
    modifiedAt: call.now,
  });
  return {};
}

function deletePeer(state: AlibabaState, call: Call): unknown {
  const { rules } = state.services;
  const peer = requirePeer(state, call);
  refuseByRule(rules, rule.serviceManagedPeer);
  const tooEarly = rules.value(rule.deleteFrom) === 'activated' && peer.status !== 'Activated';
  if (tooEarly || !state.peerLife.allows(peer, 'delete')) throw wrongStatus(peer);
  const routes = state.routes.filter(({ nextHops }) => nextHops.some((hop) => hop.id === peer.id));
  const counted =
    rules.value(rule.routesBlockDelete) === 'both-sides'
      ? routes
      : routes.filter((route) => route.account === call.caller.account);
  if (counted.length > 0 && !call.input.flag('Force')) throw refusal('OperationDenied.RouteEntryExist');
  if (call.input.flag('DryRun')) throw refusal('DryRunOperation');
  if (call.input.flag('Force')) {
    for (const route of routes) {
      if (state.routeLife.begin(route, 'delete') !== undefined) continue;
      state.routeLife.forget(route.id);
      state.routes.delete(route.id);
    }
  }
  state.peerLife.begin(peer, 'delete');
  return {};
}

function moveResourceGroup(state: AlibabaState, call: Call): unknown {
  const peer = visible(state.peers.get(call.input.text('ResourceId')), call);
  if (peer === undefined) throw refusal('ResourceNotFound.VpcPeer', call.input.text('ResourceId'));
  const group = namedGroup(state, call, 'NewResourceGroupId', 'OperationFailed.NotExist.ResourceGroup');
  const side = sideOf(peer, call) ?? 'initiator';
  state.peers.patch(peer.id, { resourceGroups: { ...peer.resourceGroups, [side]: group } });
  return { Success: true };
}
