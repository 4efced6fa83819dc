/** Dedicated gateways, physical lines and their channels, as data. */
import {
  describe,
  description,
  flag,
  ignored,
  integer,
  paging,
  required,
  tags,
  text,
  TEXT_RULES,
  texts,
} from './parameters.js';
import type { BaiduOperation, Sketch } from './parameters.js';

const FACTS =
  'docs/facts/baidu.md 3.5 and 3.6 (vendor pages VPC/s/Hk2ygtxlw and its neighbours, SDK models), checked 2026-11';
const ONE = '/v1/etGateway/{etGatewayId}';

const name = text('name', { rule: TEXT_RULES.gatewayName });

const gateway = (operation: string, sketch: Omit<Sketch, 'source'>): BaiduOperation =>
  describe('etGateway', operation, { ...sketch, source: FACTS });
const et = (operation: string, sketch: Omit<Sketch, 'source'>): BaiduOperation =>
  describe('et', operation, { ...sketch, source: FACTS });

export const GATEWAY_OPERATIONS = {
  CreateDedicatedGateway: gateway('CreateDedicatedGateway', {
    method: 'POST',
    path: '/v1/etGateway',
    tokenRequired: true,
    body: [
      required(name),
      required(text('vpcId')),
      required(integer('speed', { min: 2, max: 10_000 })),
      description,
      text('etId'),
      text('channelId'),
      texts('localCidrs'),
      tags,
      text('resourceGroupId'),
    ],
  }),
  QueryTheListOfDedicatedLineGateways: gateway('QueryTheListOfDedicatedLineGateways', {
    method: 'GET',
    path: '/v1/etGateway',
    query: [required(text('vpcId')), text('etGatewayId'), text('name'), text('status'), ...paging],
  }),
  QueryTheDetailsOfTheDedicatedGateway: gateway('QueryTheDetailsOfTheDedicatedGateway', {
    method: 'GET',
    path: ONE,
  }),
  UpdateDedicatedGateway: gateway('UpdateDedicatedGateway', {
    method: 'PUT',
    path: ONE,
    body: [
      name,
      integer('speed', { min: 2, max: 100_000 }),
      description,
      texts('localCidrs'),
      integer('enableIpv6', { min: 0, max: 1 }),
      texts('ipv6LocalCidrs'),
    ],
  }),
  BindPhysicalDedicatedLine: gateway('BindPhysicalDedicatedLine', {
    method: 'PUT',
    path: ONE,
    flag: 'bind',
    body: [required(text('etId')), required(text('channelId')), texts('localCidrs')],
  }),
  UnbindPhysicalDedicatedLine: gateway('UnbindPhysicalDedicatedLine', {
    method: 'PUT',
    path: ONE,
    flag: 'unbind',
  }),
  ReleaseDedicatedGateway: gateway('ReleaseDedicatedGateway', { method: 'DELETE', path: ONE }),
  CreateDedicatedGatewayHealthCheck: gateway('CreateDedicatedGatewayHealthCheck', {
    method: 'POST',
    path: `${ONE}/healthCheck`,
    body: [
      required(integer('healthCheckInterval', { min: 1, max: 60 })),
      required(integer('healthThreshold', { min: 2, max: 5 })),
      required(integer('unhealthThreshold', { min: 2, max: 5 })),
      text('healthCheckSourceIp'),
      text('healthCheckType', { values: ['ICMP'] }),
      integer('healthCheckPort', { min: 0, max: 65_535 }),
      ignored('dcphyId'),
      text('channelId'),
      ignored('subnetId'),
      flag('autoGenerateRouteRule'),
    ],
  }),
  QueryDedicatedLines: et('QueryDedicatedLines', {
    method: 'GET',
    path: '/v1/et',
    query: [...paging, text('status')],
  }),
  QueryDedicatedLineDetail: et('QueryDedicatedLineDetail', {
    method: 'GET',
    path: '/v1/et/{dcphyId}',
  }),
  QueryDedicatedChannel: et('QueryDedicatedChannel', {
    method: 'GET',
    path: '/v1/et/{etId}/channel',
    query: [text('etChannelId')],
  }),
} as const;
