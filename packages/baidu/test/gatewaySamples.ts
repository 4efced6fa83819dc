/** A line, its channel and the gateway on it as the vendor's pages print them (docs/facts/baidu.md 3.5 and 3.6), and what the cloud says. */
import { linkId, networkId, portId, type LinkRequest } from '@peerway/core';
import type { Said } from './stub.js';

export const CHANNEL = {
  id: 'dedicatedconn-1',
  name: 'c',
  status: 'established',
  vlanId: 30,
  baiduAddress: '10.255.0.1/30',
  customerAddress: '10.255.0.2/30',
};
export const GATEWAY = {
  etGatewayId: 'dcgw-1',
  name: 'idc',
  status: 'running',
  speed: 200,
  vpcId: 'vpc-1',
  etId: 'dcphy-1',
  channelId: 'dedicatedconn-1',
  localCidrs: ['10.0.0.0/16'],
};
export const VPC = { vpcId: 'vpc-1', name: 'web', cidr: '10.0.0.0/16' };
export const REQUEST: LinkRequest = {
  network: networkId('vpc-1'),
  port: portId('dcphy-1'),
  vlan: 30,
  cloudIp: '10.255.0.1/30',
  customerIp: '10.255.0.2',
  name: 'idc',
};
export const ID = linkId('dcgw-1');

export const channels = (...records: readonly object[]): Said => ({ body: { etChannels: records } });
export const gateways = (...records: readonly object[]): Said => ({
  body: { etGateways: records, isTruncated: false },
});
export const vpcs = (...records: readonly object[]): Said => ({ body: { vpcs: records, isTruncated: false } });
export const one = (record: object): Said => ({ body: record });
export const MADE: Said = { body: { etGatewayId: 'dcgw-1' } };
export const GONE: Said = { status: 404, body: { code: 'NoSuchObject' } };
export const DENIED: Said = { status: 403, body: { code: 'AccessDenied' } };
export const REFUSED: Said = { status: 409, body: { code: 'OperationDenied' } };
