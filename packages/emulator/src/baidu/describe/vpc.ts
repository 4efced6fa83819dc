/** VPC and subnet operations, as data. */
import {
  ALL_SDKS,
  describe,
  description,
  flag,
  ignored,
  NOT_JAVA,
  paging,
  required,
  tags,
  text,
  TEXT_RULES,
  texts,
} from './parameters.js';
import type { BaiduOperation, Sketch } from './parameters.js';

const FACTS = 'docs/facts/baidu.md 3.2 and 3.3 (vendor request schema and SDK models), checked 2026-11';

/** `default` is taken: it is the name of the VPC that every region has. */
const name = text('name', { rule: TEXT_RULES.networkName, pattern: /^(?!default$)/ });

const vpc = (operation: string, sketch: Omit<Sketch, 'source'>): BaiduOperation =>
  describe('vpc', operation, { ...sketch, source: FACTS });
const subnet = (operation: string, sketch: Omit<Sketch, 'source'>): BaiduOperation =>
  describe('subnet', operation, { ...sketch, source: FACTS });

export const VPC_OPERATIONS = {
  CreateVpc: vpc('CreateVpc', {
    method: 'POST',
    path: '/v1/vpc',
    body: [required(name), required(text('cidr')), description, flag('enableIpv6'), tags],
  }),
  QueryVpcList: vpc('QueryVpcList', {
    method: 'GET',
    path: '/v1/vpc',
    query: [...paging, text('isDefault', { values: ['true', 'false'], anyCase: true }), text('vpcIds')],
    sdks: ALL_SDKS,
  }),
  QuerySpecifiedVpc: vpc('QuerySpecifiedVpc', {
    method: 'GET',
    path: '/v1/vpc/{vpcId}',
    sdks: ALL_SDKS,
  }),
  UpdateVpc: vpc('UpdateVpc', {
    method: 'PUT',
    path: '/v1/vpc/{vpcId}',
    flag: 'modifyAttribute',
    body: [required(name), description, flag('enableIpv6'), texts('secondaryCidr')],
  }),
  DeleteVpc: vpc('DeleteVpc', {
    method: 'DELETE',
    path: '/v1/vpc/{vpcId}',
  }),
  OpenVpcRelay: vpc('OpenVpcRelay', { method: 'PUT', path: '/v1/vpc/openRelay/{vpcId}', sdks: NOT_JAVA }),
  CloseVpcRelay: vpc('CloseVpcRelay', { method: 'PUT', path: '/v1/vpc/shutdownRelay/{vpcId}', sdks: NOT_JAVA }),
  CreateSubnet: subnet('CreateSubnet', {
    method: 'POST',
    path: '/v1/subnet',
    body: [
      required(name),
      required(text('zoneName')),
      required(text('cidr')),
      required(text('vpcId')),
      ignored('vpcSecondaryCidr'),
      text('subnetType', { values: ['BCC', 'BBC', 'BCC_NAT'] }),
      description,
      flag('enableIpv6'),
      tags,
    ],
  }),
  QuerySubnetList: subnet('QuerySubnetList', {
    method: 'GET',
    path: '/v1/subnet',
    query: [...paging, text('vpcId'), text('zoneName'), text('subnetType'), text('subnetIds')],
  }),
  QuerySpecifiedSubnet: subnet('QuerySpecifiedSubnet', {
    method: 'GET',
    path: '/v1/subnet/{subnetId}',
  }),
  UpdateSubnet: subnet('UpdateSubnet', {
    method: 'PUT',
    path: '/v1/subnet/{subnetId}',
    flag: 'modifyAttribute',
    body: [required(name), description, flag('enableIpv6')],
  }),
  DeleteSubnet: subnet('DeleteSubnet', {
    method: 'DELETE',
    path: '/v1/subnet/{subnetId}',
  }),
} as const;
