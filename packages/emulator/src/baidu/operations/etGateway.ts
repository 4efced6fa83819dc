/** Dedicated gateways: a VPC's end of a physical line's channel. Source: docs/facts/baidu.md 3.5, checked 2026-11. */
import { isIP } from 'node:net';
import type { Input } from '../../machine/input.js';
import { demandRoom, isoSeconds, newId, readRange, rule, storedRange } from '../context.js';
import type { BaiduCall, BaiduContext, Handler } from '../context.js';
import { bceError } from '../errors.js';
import { page, rowOf } from './paging.js';
import { demandVpcFilter } from './peerconn/read.js';
import { overlap } from '../ranges.js';
import type { GatewayRecord, VpcRecord } from '../records.js';
import { BAIDU_RULES } from '../rules.js';
import { readTags } from './tags.js';
import { leaveRoutes } from './routeChecks.js';
import { demandVpc, isOwn, rangesOf } from './vpc.js';

type Channel = NonNullable<GatewayRecord['channel']>;

function demandGateway(context: BaiduContext, call: BaiduCall): GatewayRecord {
  const id = call.input.text('etGatewayId');
  const gateway = context.tables.gateways.get(id);
  if (gateway === undefined || !isOwn(gateway, call))
    throw bceError('NoSuchObject', `The gateway ${id} does not exist.`);
  return gateway;
}

function demandRunning(gateway: GatewayRecord): void {
  if (gateway.status !== 'running') throw bceError('OperationDenied', `The gateway is ${gateway.status}.`);
}

/** The channel of a gateway that runs on one. */
function demandBound(gateway: GatewayRecord): Channel {
  demandRunning(gateway);
  if (gateway.channel === undefined) throw bceError('OperationDenied', 'The gateway is not bound to a line.');
  return gateway.channel;
}

/** Networks of the cloud side that the line carries, each IP version in a list of its own: canonical ranges. */
function readLocalCidrs(context: BaiduContext, input: Input, name: 'localCidrs' | 'ipv6LocalCidrs'): readonly string[] {
  const version = name === 'localCidrs' ? 4 : 6;
  return input.texts(name).map((text) => {
    const range = readRange(context, name, text);
    if (range.version !== version) throw bceError('BadRequest', `${name} takes IPv${String(version)}, not ${text}.`);
    return range.text;
  });
}

/**
 * The channel to bind: established, on a line of this region, owned by or shared with the caller, whose customer
 * networks do not overlap the VPC, and not bound to another gateway of the same VPC.
 */
function demandChannel(
  context: BaiduContext,
  call: BaiduCall,
  { etId, channelId }: Channel,
  vpc: VpcRecord,
  self?: string,
): Channel {
  const line = context.tables.lines.get(etId);
  const channel = context.tables.channels.get(channelId);
  const isAllowed = channel?.account === call.account || channel?.authorizedUsers.includes(call.account) === true;
  if (line === undefined || channel === undefined || channel.lineId !== etId || !isAllowed) {
    throw bceError('NoSuchObject', `The channel ${channelId} of ${etId} does not exist.`);
  }
  if (line.region !== vpc.region) throw bceError('BadRequest', 'The line ends in another region.');
  if (channel.status !== 'established') throw bceError('OperationDenied', `The channel is ${channel.status}.`);
  const taken = context.tables.gateways.find(
    (other) => other.id !== self && other.vpcId === vpc.id && other.channel?.channelId === channelId,
  );
  if (taken !== undefined) throw bceError('OperationDenied', `The channel is bound to ${taken.id} already.`);
  const own = rangesOf(vpc).map(storedRange);
  const clash = channel.networks.find((network) => own.some((range) => overlap(range, storedRange(network))));
  if (clash !== undefined) throw bceError('BadRequest', `The customer network ${clash} overlaps the vpc.`);
  return { etId, channelId };
}

export const createGateway: Handler = (context, call) => {
  const { input } = call;
  const vpc = demandVpc(context, call, input.text('vpcId'));
  const etId = input.optionalText('etId');
  const channelId = input.optionalText('channelId');
  if ((etId === undefined) !== (channelId === undefined))
    throw bceError('BadRequest', 'etId and channelId come together.');
  if (etId === undefined && input.has('localCidrs'))
    throw bceError('BadRequest', 'localCidrs needs etId and channelId.');
  const channel =
    etId === undefined || channelId === undefined ? undefined : demandChannel(context, call, { etId, channelId }, vpc);
  const siblings = context.tables.gateways.filter(({ vpcId }) => vpcId === vpc.id);
  demandRoom(context, siblings.length, BAIDU_RULES.gatewaysPerVpc, 'dedicated gateways of the vpc');
  const gateway = context.tables.gateways.put({
    id: newId(context, 'dcgw'),
    account: call.account,
    region: call.region,
    createdAt: call.now,
    status: 'updating',
    name: input.text('name'),
    vpcId: vpc.id,
    speed: input.integer('speed'),
    description: input.optionalText('description') ?? '',
    channel,
    localCidrs: readLocalCidrs(context, input, 'localCidrs'),
    enableIpv6: false,
    ipv6LocalCidrs: [],
    tags: readTags(input),
    resourceGroupId: input.optionalText('resourceGroupId') ?? '',
    healthCheck: undefined,
  });
  context.lifecycles.gateway.begin(gateway, 'create');
  return { etGatewayId: gateway.id };
};

function show(context: BaiduContext, gateway: GatewayRecord): Readonly<Record<string, unknown>> {
  const status = gateway.status === 'updating' ? rule(context, BAIDU_RULES.gatewayStatus) : gateway.status;
  return {
    etGatewayId: gateway.id,
    name: gateway.name,
    status,
    speed: gateway.speed,
    // the one product that says createTime, not createdTime
    createTime: isoSeconds(gateway.createdAt),
    description: gateway.description,
    vpcId: gateway.vpcId,
    etId: gateway.channel?.etId ?? '',
    channelId: gateway.channel?.channelId ?? '',
    localCidrs: gateway.localCidrs,
    enableIpv6: gateway.enableIpv6 ? 1 : 0,
    ipv6LocalCidrs: gateway.ipv6LocalCidrs,
    tags: gateway.tags,
  };
}

export const listGateways: Handler = (context, call) => {
  const { input } = call;
  const vpcId = input.text('vpcId');
  demandVpcFilter(context, call, vpcId);
  const id = input.optionalText('etGatewayId');
  const name = input.optionalText('name');
  const status = input.optionalText('status');
  const matches = (gateway: GatewayRecord): boolean =>
    gateway.vpcId === vpcId &&
    (id === undefined || gateway.id === id) &&
    (name === undefined || gateway.name.includes(name)) &&
    (status === undefined || show(context, gateway)['status'] === status);
  return page(context, call, {
    member: 'etGateways',
    table: context.tables.gateways,
    isVisible: (gateway) => isOwn(gateway, call),
    rows: (gateway) => rowOf(gateway, matches(gateway), (row) => show(context, row)),
  });
};

export const getGateway: Handler = (context, call) => {
  const id = call.input.text('etGatewayId');
  const gateway = call.view(context.tables.gateways).get(id);
  if (gateway === undefined || !isOwn(gateway, call))
    throw bceError('NoSuchObject', `The gateway ${id} does not exist.`);
  const check = gateway.healthCheck;
  if (check === undefined) return show(context, gateway);
  const { autoGenerateRouteRule: _, ...shown } = check;
  const channel = context.tables.channels.get(gateway.channel?.channelId ?? '');
  return {
    ...show(context, gateway),
    ...shown,
    healthCheckDestIp: channel?.customerAddress.split('/')[0] ?? '',
  };
};

/** What belongs to the line (`localCidrs`, everything of IPv6) changes only while the gateway runs on one. */
export const updateGateway: Handler = (context, call) => {
  const { input } = call;
  const gateway = demandGateway(context, call);
  const flag = input.optionalInteger('enableIpv6');
  const enableIpv6 = flag === undefined ? gateway.enableIpv6 : flag === 1;
  if (input.has('localCidrs') || input.has('ipv6LocalCidrs') || enableIpv6 !== gateway.enableIpv6) {
    demandBound(gateway);
  }
  const ipv6LocalCidrs = input.has('ipv6LocalCidrs')
    ? readLocalCidrs(context, input, 'ipv6LocalCidrs')
    : gateway.ipv6LocalCidrs;
  if (input.has('ipv6LocalCidrs') && ipv6LocalCidrs.length > 0 && !enableIpv6) {
    throw bceError('BadRequest', 'ipv6LocalCidrs needs enableIpv6.');
  }
  context.tables.gateways.put({
    ...gateway,
    name: input.optionalText('name') ?? gateway.name,
    speed: input.optionalInteger('speed') ?? gateway.speed,
    description: input.optionalText('description') ?? gateway.description,
    localCidrs: input.has('localCidrs') ? readLocalCidrs(context, input, 'localCidrs') : gateway.localCidrs,
    enableIpv6,
    ipv6LocalCidrs: enableIpv6 ? ipv6LocalCidrs : [],
  });
  return undefined;
};

export const bindGateway: Handler = (context, call) => {
  const { input } = call;
  const gateway = demandGateway(context, call);
  demandRunning(gateway);
  if (gateway.channel !== undefined) throw bceError('OperationDenied', 'The gateway is bound to a line already.');
  const vpc = demandVpc(context, call, gateway.vpcId);
  const asked = { etId: input.text('etId'), channelId: input.text('channelId') };
  const channel = demandChannel(context, call, asked, vpc, gateway.id);
  const localCidrs = readLocalCidrs(context, input, 'localCidrs');
  context.lifecycles.gateway.begin(context.tables.gateways.put({ ...gateway, channel, localCidrs }), 'change');
  return undefined;
};

/** Clears the cloud-side networks too. */
export const unbindGateway: Handler = (context, call) => {
  const gateway = demandGateway(context, call);
  demandBound(gateway);
  const freed = context.tables.gateways.put({
    ...gateway,
    channel: undefined,
    localCidrs: [],
    enableIpv6: false,
    ipv6LocalCidrs: [],
    healthCheck: undefined,
  });
  context.lifecycles.gateway.begin(freed, 'change');
  return undefined;
};

export const releaseGateway: Handler = (context, call) => {
  const gateway = demandGateway(context, call);
  const mayRelease = gateway.status === 'updating' && rule(context, BAIDU_RULES.releaseWhileUpdating) === 'allow';
  if (!mayRelease) demandRunning(gateway);
  leaveRoutes(context, [gateway.id], BAIDU_RULES.releaseWithGatewayRoutes);
  context.lifecycles.gateway.begin(gateway, 'release');
  return undefined;
};

export const createHealthCheck: Handler = (context, call) => {
  const { input } = call;
  const gateway = demandGateway(context, call);
  const bound = demandBound(gateway);
  const channelId = input.optionalText('channelId') || undefined;
  if (channelId !== undefined && channelId !== bound.channelId) {
    throw bceError('BadRequest', `The gateway is not bound to ${channelId}.`);
  }
  if (gateway.healthCheck !== undefined && rule(context, BAIDU_RULES.secondHealthCheck) === 'refuse')
    throw bceError('OperationDenied', 'The gateway has a health check.');
  const healthCheckSourceIp = input.optionalText('healthCheckSourceIp') ?? '';
  if (healthCheckSourceIp !== '' && isIP(healthCheckSourceIp) === 0)
    throw bceError('BadRequest', 'healthCheckSourceIp is not an address.');
  context.tables.gateways.put({
    ...gateway,
    healthCheck: {
      healthCheckSourceIp,
      healthCheckType: input.optionalText('healthCheckType') ?? 'ICMP',
      healthCheckPort: input.optionalInteger('healthCheckPort') ?? 0,
      healthCheckInterval: input.integer('healthCheckInterval'),
      healthThreshold: input.integer('healthThreshold'),
      unhealthThreshold: input.integer('unhealthThreshold'),
      autoGenerateRouteRule: input.optionalFlag('autoGenerateRouteRule') ?? true,
    },
  });
  return undefined;
};
