/** VPCs and relay mode. Source: docs/facts/baidu.md 3.2 and 5, checked 2026-11. */
import { demandRoom, isoSeconds, newId, readRange, rule, storedRange } from '../context.js';
import type { BaiduCall, BaiduContext, Handler } from '../context.js';
import { bceError } from '../errors.js';
import { page, rowOf } from './paging.js';
import { contains, overlap } from '../ranges.js';
import type { SubnetRecord, VpcRecord } from '../records.js';
import { BAIDU_RULES } from '../rules.js';
import { showSubnet } from './subnetView.js';
import { readTags } from './tags.js';

/** Every range of a VPC: primary, secondary, IPv6. */
export const rangesOf = (vpc: VpcRecord): readonly string[] =>
  [vpc.cidr, ...vpc.secondaryCidrs, vpc.ipv6Cidr].filter((range) => range !== '');

/** The caller's own VPC in this region. Another account's does not exist for it. */
export function demandVpc(context: BaiduContext, call: BaiduCall, id: string): VpcRecord {
  const vpc = context.tables.vpcs.get(id);
  if (vpc === undefined || !isOwn(vpc, call)) throw bceError('NoSuchObject', `The vpc ${id} does not exist.`);
  return vpc;
}

export const isOwn = (record: { readonly account: string; readonly region: string }, call: BaiduCall): boolean =>
  record.account === call.account && record.region === call.region;

/** A new VPC together with its route table. */
export function addVpc(
  context: BaiduContext,
  vpc: Omit<VpcRecord, 'routeTableId'>,
  routeTableId = newId(context, 'rt'),
): VpcRecord {
  const { account, region, createdAt } = vpc;
  context.tables.routeTables.put({ id: routeTableId, name: 'default', vpcId: vpc.id, account, region, createdAt });
  return context.tables.vpcs.put({ ...vpc, routeTableId });
}

/** An IPv6 range of the length that the cloud assigns. */
const newIpv6Range = (context: BaiduContext): string =>
  `240c:4${context.services.random.hex(3)}:1${context.services.random.hex(1)}00::/56`;

export const createVpc: Handler = (context, call) => {
  const { input } = call;
  const range = readRange(context, 'cidr', input.text('cidr'));
  if (range.version !== 4 || range.length < 8 || range.length > 28) {
    throw bceError('BadRequest', 'The range of a vpc is IPv4, /8 to /28.');
  }
  const mine = context.tables.vpcs.filter((vpc) => isOwn(vpc, call));
  demandRoom(context, mine.length, BAIDU_RULES.vpcsPerRegion, 'vpcs');
  const vpc = addVpc(context, {
    id: newId(context, 'vpc'),
    account: call.account,
    region: call.region,
    createdAt: call.now,
    name: input.text('name'),
    cidr: range.text,
    secondaryCidrs: [],
    ipv6Cidr: input.flag('enableIpv6') ? newIpv6Range(context) : '',
    description: input.optionalText('description') ?? '',
    isDefault: false,
    relay: false,
    tags: readTags(input),
  });
  return { vpcId: vpc.id };
};

const showVpc = (vpc: VpcRecord): Readonly<Record<string, unknown>> => ({
  vpcId: vpc.id,
  name: vpc.name,
  cidr: vpc.cidr,
  ipv6Cidr: vpc.ipv6Cidr,
  createdTime: isoSeconds(vpc.createdAt),
  description: vpc.description,
  isDefault: vpc.isDefault,
  secondaryCidr: vpc.secondaryCidrs,
  tags: vpc.tags,
});

export const queryVpcList: Handler = (context, call) => {
  const isDefault = call.input.optionalText('isDefault')?.toLowerCase();
  const ids = call.input
    .optionalText('vpcIds')
    ?.split(',')
    .map((id) => id.trim());
  const matches = (vpc: VpcRecord): boolean =>
    (isDefault === undefined || String(vpc.isDefault) === isDefault) && (ids === undefined || ids.includes(vpc.id));
  return page(context, call, {
    member: 'vpcs',
    table: context.tables.vpcs,
    isVisible: (vpc) => isOwn(vpc, call),
    rows: (vpc) => rowOf(vpc, matches(vpc), showVpc),
  });
};

export const querySpecifiedVpc: Handler = (context, call) => {
  const id = call.input.text('vpcId');
  const vpc = call.view(context.tables.vpcs).get(id);
  if (vpc === undefined || !isOwn(vpc, call)) throw bceError('NoSuchObject', `The vpc ${id} does not exist.`);
  const subnets = [...call.view(context.tables.subnets).values()].filter((subnet) => subnet.vpcId === id);
  return { vpc: { ...showVpc(vpc), relay: vpc.relay, subnets: subnets.map(showSubnet) } };
};

export const updateVpc: Handler = (context, call) => {
  const { input } = call;
  const vpc = demandVpc(context, call, input.text('vpcId'));
  const enableIpv6 = input.optionalFlag('enableIpv6');
  context.tables.vpcs.put({
    ...vpc,
    name: input.text('name'),
    description: input.optionalText('description') ?? vpc.description,
    ipv6Cidr: enableIpv6 === undefined ? vpc.ipv6Cidr : enableIpv6 ? vpc.ipv6Cidr || newIpv6Range(context) : '',
    // the list replaces the former one; absent leaves it alone
    secondaryCidrs: input.has('secondaryCidr')
      ? readSecondary(context, vpc, input.texts('secondaryCidr'))
      : vpc.secondaryCidrs,
  });
  return undefined;
};

function readSecondary(context: BaiduContext, vpc: VpcRecord, texts: readonly string[]): readonly string[] {
  if (texts.length > rule(context, BAIDU_RULES.secondaryCidrs)) {
    throw bceError(rule(context, BAIDU_RULES.quotaCode), 'Too many secondary ranges.');
  }
  const ranges = texts.map((text) => readRange(context, 'secondaryCidr', text));
  const all = [storedRange(vpc.cidr), ...ranges];
  for (const [index, range] of all.entries()) {
    if (range.version !== 4) throw bceError('BadRequest', `${range.text} is not an IPv4 range.`);
    const other = all.find((candidate, at) => at < index && overlap(candidate, range));
    if (other !== undefined) throw bceError('BadRequest', `${range.text} overlaps ${other.text}.`);
  }
  const isKept = (subnet: SubnetRecord): boolean => all.some((range) => contains(range, storedRange(subnet.cidr)));
  const stranded = context.tables.subnets.find((subnet) => subnet.vpcId === vpc.id && !isKept(subnet));
  if (stranded !== undefined) throw bceError('ResourceNeedRelease', `${stranded.cidr} of ${stranded.id} is in use.`);
  return ranges.map(({ text }) => text);
}

export const deleteVpc: Handler = (context, call) => {
  const vpc = demandVpc(context, call, call.input.text('vpcId'));
  const { tables } = context;
  if (vpc.isDefault) throw bceError('OperationDenied', 'The default vpc cannot be deleted.');
  const isInUse =
    tables.subnets.find(({ vpcId }) => vpcId === vpc.id) ??
    tables.gateways.find(({ vpcId }) => vpcId === vpc.id) ??
    tables.peerconns.find(
      ({ status, initiator, acceptor }) =>
        status !== 'deleted' && (initiator.vpcId === vpc.id || acceptor.vpcId === vpc.id),
    );
  if (isInUse !== undefined)
    throw bceError(rule(context, BAIDU_RULES.vpcNotEmptyCode), `${isInUse.id} is still in the vpc.`);
  for (const { id } of tables.routeRules.filter(({ vpcId }) => vpcId === vpc.id)) tables.routeRules.delete(id);
  tables.routeTables.delete(vpc.routeTableId);
  tables.vpcs.delete(vpc.id);
  return undefined;
};

export const openVpcRelay: Handler = (context, call) => {
  const vpc = demandVpc(context, call, call.input.text('vpcId'));
  if (rule(context, BAIDU_RULES.relayWithRelay)) {
    const relayPeer = context.tables.peerconns.find(({ status, initiator, acceptor }) => {
      const ends = [initiator.vpcId, acceptor.vpcId];
      const peer = ends.find((id) => id !== vpc.id);
      return status !== 'deleted' && ends.includes(vpc.id) && context.tables.vpcs.get(peer ?? '')?.relay === true;
    });
    if (relayPeer !== undefined) throw bceError('OperationDenied', 'A peered vpc is a relay vpc already.');
  }
  context.tables.vpcs.put({ ...vpc, relay: true });
  return undefined;
};

export const closeVpcRelay: Handler = (context, call) => {
  const vpc = demandVpc(context, call, call.input.text('vpcId'));
  context.tables.vpcs.put({ ...vpc, relay: false });
  return undefined;
};
