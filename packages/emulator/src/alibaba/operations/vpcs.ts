/** VPCs, routers and regions (docs/facts/alibaba.md 3.4). */
import type { Call, Operation } from '../../machine/cloud.js';
import { overlap, parseRange } from '../../machine/cidr.js';
import { exactInteger } from '../wire/answers.js';
import { vpcDescriptions } from '../describe/vpcs.js';
import { refusal } from '../errors.js';
import type { VpcRecord } from '../records.js';
import { ALIBABA_REGIONS, isRegion } from '../regions.js';
import { alibabaRules as rule } from '../rules.js';
import { timestamp } from '../state.js';
import type { AlibabaState } from '../state.js';
import { operationsOf } from './handlers.js';
import { holdsInterface } from './joinedRouters.js';
import { storeVpc } from './newVpc.js';
import { numberedPage } from './paging.js';
import { newGroup } from './resourceGroups.js';
import { reachable } from './visibility.js';
import { requireIdle } from './routeEntries.js';
import { matchesTags, newTags, tagItems } from './tags.js';
import { commaList } from './values.js';
import { joins } from './vpcPeerCreation.js';
import { createVSwitch, deleteVSwitch, describeVSwitches } from './vswitches.js';

export function vpcOperations(state: AlibabaState): readonly Operation[] {
  return operationsOf(vpcDescriptions, {
    CreateVpc: (call) => createVpc(state, call),
    DescribeVpcs: (call) => describeVpcs(state, call),
    DescribeVpcAttribute: (call) => describeVpcAttribute(state, call),
    DeleteVpc: (call) => deleteVpc(state, call),
    CreateVSwitch: (call) => createVSwitch(state, call),
    DescribeVSwitches: (call) => describeVSwitches(state, call),
    DeleteVSwitch: (call) => deleteVSwitch(state, call),
    DescribeVRouters: (call) => describeVRouters(state, call),
    DescribeRegions: (call) => describeRegions(call),
  });
}

/** Ranges that no VPC may overlap (docs/facts/alibaba.md 3.4, CreateVpc). */
const RESERVED = ['100.64.0.0/10', '224.0.0.0/4', '127.0.0.0/8', '169.254.0.0/16'].map((text) => parseRange(text));

function createVpc(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const region = input.text('RegionId');
  if (!isRegion(region)) throw refusal('InvalidRegionId.NotFound');
  const cidr = input.optionalText('CidrBlock') ?? '172.16.0.0/12';
  const range = parseRange(cidr);
  const usable = range?.version === 4 && range.length >= 8 && range.length <= 28;
  if (!usable || RESERVED.some((reserved) => reserved !== undefined && overlap(reserved, range))) {
    throw refusal('InvalidParameter', 'CidrBlock');
  }
  const userCidrs = commaList(input.optionalText('UserCidr'));
  if (userCidrs.length > 3 || userCidrs.some((text) => parseRange(text) === undefined))
    throw refusal('InvalidUserCidr.Malformed');
  const group = newGroup(state, call);
  const mine = state.vpcs.filter((vpc) => !vpc.seeded && vpc.account === call.caller.account && vpc.region === region);
  if (mine.length >= state.services.rules.value(rule.vpcQuota)) throw refusal('QuotaExceeded.Vpc');
  const tags = newTags(input);
  if (input.flag('DryRun')) throw refusal('DryRunOperation');
  const { vpc, routeTable } = storeVpc(state, {
    account: call.caller.account,
    region,
    status: 'Pending',
    name: input.optionalText('VpcName') ?? '',
    description: input.optionalText('Description') ?? '',
    cidr: range.text,
    secondaryCidrs: [],
    userCidrs,
    ipv6Cidr: input.flag('EnableIpv6') ? (input.optionalText('Ipv6CidrBlock') ?? '2408:4000::/56') : '',
    resourceGroup: group,
    createdAt: call.now,
    seeded: false,
  });
  state.setTags(call.caller.account, vpc.id, tags);
  state.vpcLife.begin(vpc, 'create');
  return { VpcId: vpc.id, VRouterId: vpc.router, RouteTableId: routeTable, ResourceGroupId: group };
}

function describeVpcs(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const ids = commaList(input.optionalText('VpcId'));
  if (ids.length > 20) throw refusal('InvalidVpcIdNumber.NotSupported');
  if (input.flag('DryRun')) throw refusal('DryRunOperation');
  const name = input.optionalText('VpcName') ?? '';
  const owner = input.optionalText('VpcOwnerId') ?? '';
  const group = input.optionalText('ResourceGroupId') ?? '';
  const vpcs = [...call.view(state.vpcs).values()].filter(
    (vpc) =>
      reachable(vpc, call) !== undefined &&
      (ids.length === 0 || ids.includes(vpc.id)) &&
      (name === '' || vpc.name === name) &&
      (owner === '' || vpc.account === owner) &&
      (group === '' || vpc.resourceGroup === group) &&
      !input.flag('IsDefault') &&
      (!input.has('EnableIpv6') || (vpc.ipv6Cidr !== '') === input.flag('EnableIpv6')) &&
      matchesTags(state.tagsOf(call.caller.account, vpc.id), input.objects('Tag')),
  );
  const { items, counts } = numberedPage(input, vpcs);
  return { ...counts, Vpcs: { Vpc: items.map((vpc) => vpcItem(state, call, vpc)) } };
}

function vpcItem(state: AlibabaState, call: Call, vpc: VpcRecord) {
  const tables = state.routeTables.filter(({ scope }) => scope === vpc.id).map(({ id }) => id);
  return {
    VpcId: vpc.id,
    VpcName: vpc.name,
    RegionId: vpc.region,
    Status: vpc.status,
    CidrBlock: vpc.cidr,
    VRouterId: vpc.router,
    OwnerId: exactInteger(vpc.account),
    Description: vpc.description,
    IsDefault: false,
    CreationTime: timestamp(vpc.createdAt),
    ResourceGroupId: vpc.resourceGroup,
    CenStatus: 'Detached',
    EnabledIpv6: vpc.ipv6Cidr !== '',
    Ipv6CidrBlock: vpc.ipv6Cidr,
    VSwitchIds: { VSwitchId: state.vswitches.filter((vswitch) => vswitch.vpc === vpc.id).map(({ id }) => id) },
    SecondaryCidrBlocks: { SecondaryCidrBlock: vpc.secondaryCidrs },
    UserCidrs: { UserCidr: vpc.userCidrs },
    RouterTableIds: { RouterTableIds: tables },
    NatGatewayIds: { NatGatewayIds: [] },
    Ipv6CidrBlocks: { Ipv6CidrBlock: vpc.ipv6Cidr === '' ? [] : [{ Ipv6CidrBlock: vpc.ipv6Cidr, Ipv6Isp: 'BGP' }] },
    Tags: { Tag: tagItems(state.tagsOf(call.caller.account, vpc.id)) },
  };
}

function describeVpcAttribute(state: AlibabaState, call: Call): unknown {
  const vpc = reachable(call.view(state.vpcs).get(call.input.text('VpcId')), call);
  if (vpc === undefined) throw refusal('InvalidVpcId.NotFound');
  if (call.input.flag('DryRun')) throw refusal('DryRunOperation');
  const counts = [
    { ResourceType: 'VRouter', ResourceCount: 1 },
    { ResourceType: 'RouteTable', ResourceCount: state.routeTables.filter(({ scope }) => scope === vpc.id).length },
    { ResourceType: 'VSwitch', ResourceCount: state.vswitches.filter((vswitch) => vswitch.vpc === vpc.id).length },
  ];
  // members that a listing has and this answer has not (@alicloud/vpc20160428 7.3.2)
  const { CenStatus: _, NatGatewayIds: __, RouterTableIds: ___, ...item } = vpcItem(state, call, vpc);
  return {
    ...item,
    ClassicLinkEnabled: false,
    AssociatedCens: { AssociatedCen: [] },
    CloudResources: { CloudResourceSetType: counts.filter(({ ResourceCount }) => ResourceCount > 0) },
    Ipv4GatewayId: '',
    SupportIpv4Gateway: true,
    AssociatedPropagationSources: { AssociatedPropagationSources: [] },
  };
}

function deleteVpc(state: AlibabaState, call: Call): unknown {
  const vpc = reachable(state.vpcs.get(call.input.text('VpcId')), call);
  if (vpc === undefined) throw refusal('InvalidVpcId.NotFound');
  if (vpc.status !== 'Available') throw refusal('IncorrectVpcStatus');
  if (state.peers.find((peer) => joins(peer, vpc.id) && peer.status !== 'Deleted') !== undefined) {
    throw refusal('OperationDenied.VpcPeerExists');
  }
  if (holdsInterface(state, vpc.router)) throw refusal('DependencyViolation.RouterInterface');
  if (state.vswitches.find((vswitch) => vswitch.vpc === vpc.id) !== undefined)
    throw refusal('DependencyViolation.VSwitch');
  if (state.routes.find((route) => route.scope === vpc.id && route.type === 'Custom') !== undefined) {
    throw refusal('DependencyViolation.RouteEntry');
  }
  if (state.routeTables.find(({ scope, type }) => scope === vpc.id && type === 'Custom') !== undefined) {
    throw refusal('DependencyViolation.RouteTable');
  }
  requireIdle(state, vpc.id);
  if (call.input.flag('DryRun')) throw refusal('DryRunOperation');
  for (const route of state.routes.filter(({ scope }) => scope === vpc.id)) state.routes.delete(route.id);
  for (const table of state.routeTables.filter(({ scope }) => scope === vpc.id)) {
    state.routeTables.delete(table.id);
    state.dropTags(table.id);
  }
  state.vpcs.delete(vpc.id);
  state.dropTags(vpc.id);
  return {};
}

function describeVRouters(state: AlibabaState, call: Call): unknown {
  const wanted = call.input.optionalText('VRouterId') ?? '';
  const vpcs = [...call.view(state.vpcs).values()].filter(
    (vpc) => reachable(vpc, call) !== undefined && (wanted === '' || vpc.router === wanted),
  );
  const { items, counts } = numberedPage(call.input, vpcs);
  return {
    ...counts,
    VRouters: {
      VRouter: items.map((vpc) => ({
        VRouterId: vpc.router,
        VRouterName: '',
        VpcId: vpc.id,
        RegionId: vpc.region,
        Description: '',
        CreationTime: timestamp(vpc.createdAt),
        RouteTableIds: { RouteTableId: state.routeTables.filter(({ scope }) => scope === vpc.id).map(({ id }) => id) },
      })),
    },
  };
}

/** The same regions for Vpc and Ecs. */
export function describeRegions(call: Call): unknown {
  return {
    Regions: {
      Region: ALIBABA_REGIONS.map((region) => ({ RegionId: region, LocalName: region, RegionEndpoint: call.host })),
    },
  };
}
