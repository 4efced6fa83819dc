/** vSwitches: they give the VPC its local routes and bound what a custom route may say. */
import type { Call } from '../../machine/cloud.js';
import { contains, overlap, parseRange } from '../../machine/cidr.js';
import { exactInteger } from '../wire/answers.js';
import { refusal } from '../errors.js';
import type { VSwitchRecord } from '../records.js';
import { alibabaRules as rule } from '../rules.js';
import { timestamp } from '../state.js';
import type { AlibabaState } from '../state.js';
import { storeSystemRoute } from './newVpc.js';
import { numberedPage } from './paging.js';
import { reachable } from './visibility.js';
import { requireIdle } from './routeEntries.js';
import { systemTable, tableOf } from './tableAssociations.js';
import { matchesTags, newTags, tagItems } from './tags.js';

export function createVSwitch(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const vpc = reachable(state.vpcs.get(input.text('VpcId')), call);
  if (vpc === undefined) throw refusal('InvalidVpcId.NotFound');
  const zone = input.text('ZoneId');
  if (!zone.startsWith(vpc.region)) throw refusal('InvalidZoneId.NotFound');
  if (vpc.status !== 'Available') throw refusal('IncorrectVpcStatus');
  const range = parseRange(input.text('CidrBlock'));
  if (range?.version !== 4) throw refusal('InvalidCidrBlock.Malformed');
  if (range.length < 16 || range.length > 29) throw refusal('InvalidCirdrBlock.MaskLength');
  const blocks = [vpc.cidr, ...vpc.secondaryCidrs].map((text) => parseRange(text));
  if (!blocks.some((block) => block !== undefined && contains(block, range)))
    throw refusal('InvalidParameter', 'CidrBlock');
  const siblings = state.vswitches.filter((vswitch) => vswitch.vpc === vpc.id);
  const overlaps = siblings.some(({ cidr }) => {
    const other = parseRange(cidr);
    return other !== undefined && overlap(other, range);
  });
  if (overlaps) throw refusal('InvalidCidrBlock.Overlapped');
  if (siblings.length >= state.services.rules.value(rule.vswitchQuota)) throw refusal('QuotaExceeded.VSwitch');
  if (siblings.some(({ status }) => status === 'Pending')) throw refusal('OperationDenied.OtherSubnetCreating');
  requireIdle(state, vpc.id);
  const table = systemTable(state, vpc.id);
  const taken = state.routes.find((route) => route.table === table?.id && route.destination === range.text);
  if (taken !== undefined) throw refusal('RouteConflict.AlreadyExist');
  const tags = newTags(input);
  const vswitch = state.vswitches.put({
    id: state.vpcId('vsw', vpc.region),
    status: 'Pending',
    account: vpc.account,
    region: vpc.region,
    vpc: vpc.id,
    zone,
    name: input.optionalText('VSwitchName') ?? '',
    description: input.optionalText('Description') ?? '',
    cidr: range.text,
    createdAt: call.now,
  });
  state.setTags(call.caller.account, vswitch.id, tags);
  if (table !== undefined) {
    const { account, region } = vpc;
    storeSystemRoute(state, { account, region, table: table.id, scope: vpc.id, destination: range.text, hop: 'local' });
  }
  state.vswitchLife.begin(vswitch, 'create');
  return { VSwitchId: vswitch.id };
}

export function describeVSwitches(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  if (call.region === undefined && !input.has('VpcId')) throw refusal('MissingParameter');
  const equal = (name: string, value: string): boolean => {
    const asked = input.optionalText(name) ?? '';
    return asked === '' || asked === value;
  };
  if (input.flag('DryRun')) throw refusal('DryRunOperation');
  const vswitches = [...call.view(state.vswitches).values()].filter(
    (vswitch) =>
      reachable(vswitch, call) !== undefined &&
      equal('VpcId', vswitch.vpc) &&
      equal('VSwitchId', vswitch.id) &&
      equal('ZoneId', vswitch.zone) &&
      equal('VSwitchName', vswitch.name) &&
      equal('VSwitchOwnerId', vswitch.account) &&
      equal('RouteTableId', tableOf(state, vswitch)?.id ?? '') &&
      equal('ResourceGroupId', '') &&
      !input.flag('IsDefault') &&
      !input.flag('EnableIpv6') &&
      matchesTags(state.tagsOf(call.caller.account, vswitch.id), input.objects('Tag')),
  );
  const { items, counts } = numberedPage(input, vswitches);
  return { ...counts, VSwitches: { VSwitch: items.map((vswitch) => vswitchItem(state, call, vswitch)) } };
}

function vswitchItem(state: AlibabaState, call: Call, vswitch: VSwitchRecord) {
  const length = parseRange(vswitch.cidr)?.length ?? 29;
  const table = tableOf(state, vswitch);
  return {
    VSwitchId: vswitch.id,
    VSwitchName: vswitch.name,
    VpcId: vswitch.vpc,
    Status: vswitch.status,
    CidrBlock: vswitch.cidr,
    ZoneId: vswitch.zone,
    // four addresses of every vSwitch are the system's
    AvailableIpAddressCount: 2 ** (32 - length) - 4,
    Description: vswitch.description,
    IsDefault: false,
    CreationTime: timestamp(vswitch.createdAt),
    OwnerId: exactInteger(vswitch.account),
    ShareType: '',
    NetworkAclId: '',
    ResourceGroupId: '',
    Ipv6CidrBlock: '',
    EnabledIpv6: false,
    RouteTable: { RouteTableId: table?.id ?? '', RouteTableType: table?.type ?? 'System' },
    Tags: { Tag: tagItems(state.tagsOf(call.caller.account, vswitch.id)) },
  };
}

export function deleteVSwitch(state: AlibabaState, call: Call): unknown {
  const vswitch = reachable(state.vswitches.get(call.input.text('VSwitchId')), call);
  if (vswitch === undefined) throw refusal('InvalidVSwitchId.NotFound');
  if (vswitch.status !== 'Available') throw refusal('IncorrectVSwitchStatus');
  requireIdle(state, vswitch.vpc);
  if (call.input.flag('DryRun')) throw refusal('DryRunOperation');
  const local = state.routes.find(
    (route) => route.scope === vswitch.vpc && route.type === 'System' && route.destination === vswitch.cidr,
  );
  if (local !== undefined) state.routes.delete(local.id);
  state.vswitches.delete(vswitch.id);
  state.dropTags(vswitch.id);
  return {};
}
