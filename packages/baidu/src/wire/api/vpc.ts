/**
 * VPC, subnet and relay calls by the cloud's own names. Source: docs/facts/baidu.md 3.2 and 3.3 (vendor's API pages), checked
 * 2026-11.
 */
import type { WirePage } from '../answers.js';
import type { Send } from '../client.js';
import type { ListQuery, TokenOption } from './peerconn.js';
import type { SubnetRecord, TagRecord, VpcRecord } from './records.js';

export interface CreateVpc {
  /** Not `default`; up to 65 letters, digits and underscores. */
  readonly name: string;
  readonly cidr: string;
  readonly description?: string;
  readonly enableIpv6?: boolean;
  readonly tags?: readonly TagRecord[];
}

export interface CreateSubnet {
  readonly name: string;
  /** e.g. `cn-bj-a`. */
  readonly zoneName: string;
  readonly cidr: string;
  readonly vpcId: string;
  readonly subnetType?: string;
  readonly description?: string;
  readonly enableIpv6?: boolean;
  readonly tags?: readonly TagRecord[];
}

export class VpcApi {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  createVpc(input: CreateVpc, options: TokenOption = {}): Promise<{ readonly vpcId: string }> {
    return this.#send({
      operation: 'CreateVpc',
      method: 'POST',
      path: ['vpc'],
      body: input,
      ...options,
    });
  }

  /** @param query.vpcIds ids with commas between them */
  queryVpcList(
    query: ListQuery & { readonly vpcIds?: string; readonly isDefault?: boolean } = {},
  ): Promise<WirePage<VpcRecord>> {
    return this.#send({
      operation: 'QueryVpcList',
      method: 'GET',
      path: ['vpc'],
      query: { ...query },
    });
  }

  /** With `relay` and `subnets`. @throws PeerwayError `NotFound` */
  querySpecifiedVpc(vpcId: string): Promise<VpcRecord> {
    return this.#send({
      operation: 'QuerySpecifiedVpc',
      method: 'GET',
      path: ['vpc', vpcId],
    });
  }

  /** `secondaryCidr` replaces the whole list. */
  updateVpc(
    vpcId: string,
    input: {
      readonly name: string;
      readonly description?: string;
      readonly enableIpv6?: boolean;
      readonly secondaryCidr?: readonly string[];
    },
    options: TokenOption = {},
  ): Promise<void> {
    return this.#send({
      operation: 'UpdateVpc',
      method: 'PUT',
      path: ['vpc', vpcId],
      action: 'modifyAttribute',
      body: input,
      ...options,
    });
  }

  /** Refused while anything is left inside. */
  deleteVpc(vpcId: string, options: TokenOption = {}): Promise<void> {
    return this.#send({ operation: 'DeleteVpc', method: 'DELETE', path: ['vpc', vpcId], ...options });
  }

  /** Lets the VPC forward between its peers, one hop. Two peered VPCs cannot both be relays. */
  openVpcRelay(vpcId: string, options: TokenOption = {}): Promise<void> {
    return this.#send({
      operation: 'OpenVpcRelay',
      method: 'PUT',
      path: ['vpc', 'openRelay', vpcId],
      ...options,
    });
  }

  closeVpcRelay(vpcId: string, options: TokenOption = {}): Promise<void> {
    return this.#send({
      operation: 'CloseVpcRelay',
      method: 'PUT',
      path: ['vpc', 'shutdownRelay', vpcId],
      ...options,
    });
  }

  createSubnet(input: CreateSubnet, options: TokenOption = {}): Promise<{ readonly subnetId: string }> {
    return this.#send({
      operation: 'CreateSubnet',
      method: 'POST',
      path: ['subnet'],
      body: input,
      ...options,
    });
  }

  querySubnetList(
    query: ListQuery & { readonly vpcId?: string; readonly zoneName?: string; readonly subnetIds?: string } = {},
  ): Promise<WirePage<SubnetRecord>> {
    return this.#send({
      operation: 'QuerySubnetList',
      method: 'GET',
      path: ['subnet'],
      query: { ...query },
    });
  }

  /** @throws PeerwayError `NotFound` */
  querySpecifiedSubnet(subnetId: string): Promise<SubnetRecord> {
    return this.#send({
      operation: 'QuerySpecifiedSubnet',
      method: 'GET',
      path: ['subnet', subnetId],
    });
  }

  updateSubnet(
    subnetId: string,
    input: { readonly name: string; readonly description?: string; readonly enableIpv6?: boolean },
    options: TokenOption = {},
  ): Promise<void> {
    return this.#send({
      operation: 'UpdateSubnet',
      method: 'PUT',
      path: ['subnet', subnetId],
      action: 'modifyAttribute',
      body: input,
      ...options,
    });
  }

  deleteSubnet(subnetId: string, options: TokenOption = {}): Promise<void> {
    return this.#send({
      operation: 'DeleteSubnet',
      method: 'DELETE',
      path: ['subnet', subnetId],
      ...options,
    });
  }
}
