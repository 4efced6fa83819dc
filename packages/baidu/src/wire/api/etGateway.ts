/**
 * Dedicated-line gateways and the lines and channels that they are bound to, by the cloud's own names. Source: docs/facts/baidu.md
 * 3.5 and 3.6 (vendor's API pages and Go SDK), checked 2026-11.
 */
import type { Acting, WirePage } from '../answers.js';
import type { Send } from '../client.js';
import { requireAsked } from '../errors.js';
import type { ListQuery, TokenOption } from './peerconn.js';
import type { EtChannelRecord, EtGatewayRecord, EtRecord, TagRecord } from './records.js';

export interface CreateEtGateway {
  /** Starts with a letter, 1 to 65 characters of `A-Z a-z 0-9 - _ / .`. */
  readonly name: string;
  readonly vpcId: string;
  /** Mbit/s, 2 to 10,000. */
  readonly speed: number;
  readonly description?: string;
  /** Together with `channelId` only: binds at once. */
  readonly etId?: string;
  readonly channelId?: string;
  /** Prefixes of the VPC that the line may reach; only with a channel. */
  readonly localCidrs?: readonly string[];
  readonly tags?: readonly TagRecord[];
  readonly resourceGroupId?: string;
}

export interface UpdateEtGateway {
  readonly name?: string;
  /** Mbit/s, 2 to 100,000. */
  readonly speed?: number;
  readonly description?: string;
  /** Only while `running`. */
  readonly localCidrs?: readonly string[];
  readonly enableIpv6?: 0 | 1;
  readonly ipv6LocalCidrs?: readonly string[];
}

export interface EtGatewayHealthCheck {
  /** Seconds, 1 to 60. */
  readonly healthCheckInterval: number;
  /** 2 to 5. */
  readonly healthThreshold: number;
  /** 2 to 5. */
  readonly unhealthThreshold: number;
  readonly healthCheckSourceIp?: string;
  readonly healthCheckType?: 'ICMP';
  readonly dcphyId?: string;
  readonly channelId?: string;
  readonly subnetId?: string;
  /** Default true. */
  readonly autoGenerateRouteRule?: boolean;
}

export class EtGatewayApi {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  /** The token is required by the cloud. */
  createEtGateway(
    input: CreateEtGateway,
    options: { readonly clientToken: string },
  ): Promise<{ readonly etGatewayId: string }> {
    return this.#send({
      operation: 'CreateDedicatedGateway',
      method: 'POST',
      path: ['etGateway'],
      body: input,
      ...options,
    });
  }

  /** @param query.name matched loosely */
  listEtGateway(
    query: ListQuery & {
      readonly vpcId: string;
      readonly etGatewayId?: string;
      readonly name?: string;
      readonly status?: string;
    },
  ): Promise<WirePage<EtGatewayRecord>> {
    return this.#send({
      operation: 'QueryTheListOfDedicatedLineGateways',
      method: 'GET',
      path: ['etGateway'],
      query: { ...query },
    });
  }

  /** @throws PeerwayError `NotFound` */
  async getEtGateway(etGatewayId: string): Promise<EtGatewayRecord> {
    const operation = 'QueryTheDetailsOfTheDedicatedGateway';
    const record = await this.#send({ operation, method: 'GET', path: ['etGateway', etGatewayId] });
    requireAsked(operation, record.etGatewayId, etGatewayId);
    return record;
  }

  updateEtGateway(etGatewayId: string, input: UpdateEtGateway, options: TokenOption = {}): Promise<void> {
    return this.#put('UpdateDedicatedGateway', etGatewayId, { body: input, ...options });
  }

  bindEt(
    etGatewayId: string,
    input: { readonly etId: string; readonly channelId: string; readonly localCidrs?: readonly string[] },
    options: TokenOption = {},
  ): Promise<void> {
    return this.#put('BindPhysicalDedicatedLine', etGatewayId, { action: 'bind', body: input, ...options });
  }

  /** Only while `running`; clears the cloud-side prefixes. */
  unbindEt(etGatewayId: string, options: TokenOption = {}): Promise<void> {
    return this.#put('UnbindPhysicalDedicatedLine', etGatewayId, { action: 'unbind', ...options });
  }

  releaseEtGateway(etGatewayId: string, options: TokenOption = {}): Promise<void> {
    return this.#send({
      operation: 'ReleaseDedicatedGateway',
      method: 'DELETE',
      path: ['etGateway', etGatewayId],
      ...options,
    });
  }

  createHealthCheck(etGatewayId: string, input: EtGatewayHealthCheck, options: TokenOption = {}): Promise<void> {
    return this.#send({
      operation: 'CreateDedicatedGatewayHealthCheck',
      method: 'POST',
      path: ['etGateway', etGatewayId, 'healthCheck'],
      body: input,
      ...options,
    });
  }

  #put(
    operation: Acting,
    etGatewayId: string,
    rest: { readonly action?: string; readonly body?: object; readonly clientToken?: string },
  ): Promise<void> {
    return this.#send({ operation, method: 'PUT', path: ['etGateway', etGatewayId], ...rest });
  }
}

/** Lines and channels are ordered and made by people; here they are only looked at. */
export class EtApi {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  listEt(query: ListQuery & { readonly status?: string } = {}): Promise<WirePage<EtRecord>> {
    return this.#send({
      operation: 'QueryDedicatedLines',
      method: 'GET',
      path: ['et'],
      query: { ...query },
    });
  }

  /** @throws PeerwayError `NotFound` */
  getEt(etId: string): Promise<EtRecord> {
    return this.#send({
      operation: 'QueryDedicatedLineDetail',
      method: 'GET',
      path: ['et', etId],
    });
  }

  /** All channels of a line, not paged; with `etChannelId` that one only. */
  async listEtChannel(etId: string, etChannelId?: string): Promise<readonly EtChannelRecord[]> {
    const { items } = await this.#send({
      operation: 'QueryDedicatedChannel',
      method: 'GET',
      path: ['et', etId, 'channel'],
      query: { etChannelId },
    });
    return items;
  }
}
