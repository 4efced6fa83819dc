/** Subnets: what route rules may name as their source. Source: docs/facts/baidu.md 3.3 and 5, checked 2026-11. */
import { demandRoom, newId, readRange, rule, storedRange } from '../context.js';
import type { BaiduCall, BaiduContext, Handler } from '../context.js';
import { bceError } from '../errors.js';
import { page, rowOf } from './paging.js';
import { demandVpcFilter } from './peerconn/read.js';
import { contains, isEverything, overlap } from '../ranges.js';
import type { SubnetRecord } from '../records.js';
import { BAIDU_RULES } from '../rules.js';
import { showSubnet } from './subnetView.js';
import { readTags } from './tags.js';
import { demandVpc, isOwn } from './vpc.js';

function demandSubnet(context: BaiduContext, call: BaiduCall): SubnetRecord {
  const id = call.input.text('subnetId');
  const subnet = context.tables.subnets.get(id);
  if (subnet === undefined || !isOwn(subnet, call)) throw bceError('NoSuchObject', `The subnet ${id} does not exist.`);
  return subnet;
}

export const createSubnet: Handler = (context, call) => {
  const { input } = call;
  const vpc = demandVpc(context, call, input.text('vpcId'));
  const zoneName = input.text('zoneName');
  if (!new RegExp(`^cn-${call.region}-[a-z]$`).test(zoneName))
    throw bceError('BadRequest', `There is no zone ${zoneName} here.`);
  const range = readRange(context, 'cidr', input.text('cidr'));
  const cidr = range.text;
  if (![vpc.cidr, ...vpc.secondaryCidrs].some((outer) => contains(storedRange(outer), range))) {
    throw bceError('BadRequest', `${cidr} is not inside the vpc.`);
  }
  const siblings = context.tables.subnets.filter(({ vpcId }) => vpcId === vpc.id);
  demandRoom(context, siblings.length, BAIDU_RULES.subnetsPerVpc, 'subnets of the vpc');
  if (siblings.some((other) => overlap(storedRange(other.cidr), range))) throw bceError('CidrConflict');
  const subnet = context.tables.subnets.put({
    id: newId(context, 'sbn'),
    account: call.account,
    region: call.region,
    createdAt: call.now,
    name: input.text('name'),
    vpcId: vpc.id,
    zoneName,
    cidr,
    ipv6Cidr: input.flag('enableIpv6') && vpc.ipv6Cidr !== '' ? vpc.ipv6Cidr.replace('/56', '/64') : '',
    subnetType: input.optionalText('subnetType') ?? 'BCC',
    description: input.optionalText('description') ?? '',
    tags: readTags(input),
  });
  return { subnetId: subnet.id };
};

export const querySubnetList: Handler = (context, call) => {
  const { input } = call;
  const vpcId = input.optionalText('vpcId');
  if (vpcId !== undefined) demandVpcFilter(context, call, vpcId);
  const zoneName = input.optionalText('zoneName');
  const subnetType = input.optionalText('subnetType');
  const ids = input
    .optionalText('subnetIds')
    ?.split(',')
    .map((id) => id.trim());
  const matches = (subnet: SubnetRecord): boolean =>
    (vpcId === undefined || subnet.vpcId === vpcId) &&
    (zoneName === undefined || subnet.zoneName === zoneName) &&
    (subnetType === undefined || subnet.subnetType === subnetType) &&
    (ids === undefined || ids.includes(subnet.id));
  return page(context, call, {
    member: 'subnets',
    table: context.tables.subnets,
    isVisible: (subnet) => isOwn(subnet, call),
    rows: (subnet) => rowOf(subnet, matches(subnet), showSubnet),
  });
};

export const querySpecifiedSubnet: Handler = (context, call) => ({ subnet: showSubnet(demandSubnet(context, call)) });

export const updateSubnet: Handler = (context, call) => {
  const { input } = call;
  const subnet = demandSubnet(context, call);
  const vpc = demandVpc(context, call, subnet.vpcId);
  const enableIpv6 = input.optionalFlag('enableIpv6') ?? subnet.ipv6Cidr !== '';
  context.tables.subnets.put({
    ...subnet,
    name: input.text('name'),
    description: input.optionalText('description') ?? subnet.description,
    ipv6Cidr: enableIpv6 ? vpc.ipv6Cidr.replace('/56', '/64') : '',
  });
  return undefined;
};

export const deleteSubnet: Handler = (context, call) => {
  const subnet = demandSubnet(context, call);
  const range = storedRange(subnet.cidr);
  const inUse = context.tables.routeRules.find(({ vpcId, sourceAddress }) => {
    const source = storedRange(sourceAddress);
    return vpcId === subnet.vpcId && !isEverything(source) && contains(range, source);
  });
  if (inUse !== undefined)
    throw bceError(rule(context, BAIDU_RULES.subnetInUseCode), `${inUse.id} starts in the subnet.`);
  context.tables.subnets.delete(subnet.id);
  return undefined;
};
