/**
 * Links: a dedicated gateway in a VPC, bound to a channel (one VLAN) of a physical line. Lines and channels are ordered
 * and made by people, so a link names its channel by line and VLAN, and its addresses must be those of the channel.
 * Source: docs/facts/baidu.md 3.5 and 3.6, checked 2026-11.
 *
 * A link's id is its gateway's (`dcgw-…`). A gateway that is bound to nothing has no port and no VLAN.
 */
import {
  cidrFamily,
  freshly,
  isKnownAccount,
  isLeaving,
  isPeerwayError,
  isTransitional,
  linkId,
  nativeOf,
  networkId,
  PeerwayError,
  readEach,
  type BeforeDelete,
  type Call,
  type Cursor,
  type DeleteProgress,
  type Link,
  type LinkChange,
  type LinkCreate,
  type LinkDriver,
  type LinkId,
  type LinkQuery,
  type NetworkId,
  type Page,
  type Unreadable,
} from '@peerway/core';
import { networkOf, tagRecordsOf, tagsOf } from './convert.js';
import { addressOf, isBound, isReadable, linkOf } from './convertLink.js';
import { healthCheckRequest, updateOf } from './linkChanges.js';
import { baiduEtGatewayRecord } from './native.js';
import type { Scope } from './scope.js';
import { linkOptions } from './settings.js';
import { etGatewayState } from './states.js';
import { EtApi, EtGatewayApi, type EtGatewayHealthCheck } from './wire/api/etGateway.js';
import type { EtChannelRecord, EtGatewayRecord, VpcRecord } from './wire/api/records.js';
import { VpcApi } from './wire/api/vpc.js';
import type { Send } from './wire/client.js';
import { isRefusal, PROVIDER } from './wire/errors.js';
import { everyItem, PAGE_SIZE } from './wire/paging.js';

/** Whose lines and channels are asked for: the network's own account, or the one that owns the port. */
interface LineOwner {
  readonly scope: Scope;
  /** The call in which its requests are made, from the call of the verb. */
  readonly calls: (call: Call) => Call;
}

export class BaiduLinks implements LinkDriver {
  readonly #scope: Scope;
  readonly #owner: LineOwner;
  readonly #defaultBandwidthMbps: number;

  constructor(scope: Scope, owner: LineOwner = { scope, calls: (call) => call }) {
    this.#scope = scope;
    this.#owner = owner;
    this.#defaultBandwidthMbps = Math.max(2, scope.options.defaultBandwidthMbps); // the cloud's least speed of a gateway
  }

  across(other: LinkDriver, beside: (call: Call) => Call): LinkDriver {
    if (!(other instanceof BaiduLinks)) throw new TypeError('a line joins two entries of one provider');
    return new BaiduLinks(this.#scope, { scope: other.#scope, calls: beside });
  }

  async create(input: LinkCreate, call: Call): Promise<LinkId> {
    return freshly(
      this.#recentGround(input),
      () => this.#ground(input, call),
      (ground) => this.#create(input, ground, call),
    );
  }

  async #create(input: LinkCreate, { channels, vpc }: Ground, call: Call): Promise<LinkId> {
    const api = this.#apis(call);
    const channel = this.#channelFor(input, channels);
    const localCidrs = this.#localCidrs(vpc);
    const { resourceGroupId } = linkOptions(input.settings);
    try {
      const { etGatewayId } = await api.gateways.createEtGateway(
        {
          name: input.name,
          vpcId: input.network,
          speed: input.bandwidthMbps ?? this.#defaultBandwidthMbps,
          etId: input.port,
          channelId: channel.id,
          localCidrs,
          ...(input.description === undefined ? {} : { description: input.description }),
          ...(resourceGroupId === undefined ? {} : { resourceGroupId }),
          ...(Object.keys(input.tags).length === 0 ? {} : { tags: tagRecordsOf(input.tags) }),
        },
        { clientToken: input.clientToken },
      );
      return linkId(etGatewayId);
    } catch (error) {
      if (!isRefusal(error, 'FailedPrecondition')) throw error;
      const gateways = await this.#gatewaysOf(input.network, call);
      const user = gateways.find(({ etId, channelId }) => etId === input.port && channelId === channel.id);
      if (user === undefined) throw error;
      throw new PeerwayError('AlreadyExists', `VLAN ${input.vlan} of ${input.port} is used by ${user.etGatewayId}`, {
        ...error.details,
        resource: user.etGatewayId,
        remedy: 'Use that gateway, or remove it first.',
      });
    }
  }

  async continue(id: LinkId, input: LinkCreate, call: Call): Promise<void> {
    await freshly(
      this.#recentGround(input),
      () => this.#ground(input, call),
      async ({ channels, vpc }) => {
        const { id: channelId } = channelFor(input, channels);
        const localCidrs = this.#localCidrs(vpc);
        await this.#apis(call).gateways.bindEt(id, { etId: input.port, channelId, localCidrs });
      },
    );
  }

  async get(id: LinkId, call: Call): Promise<Link> {
    const api = this.#apis(call);
    const gateway = await api.gateways.getEtGateway(id);
    if (!isBound(gateway)) return linkOf(gateway, undefined, this.#scope);
    const named = (channels: readonly EtChannelRecord[] = []): EtChannelRecord | undefined =>
      channels.find((channel) => channel.id === gateway.channelId);
    const channel =
      named(this.#owner.scope.recent.channels(gateway.etId)) ??
      named(await unlessHidden(this.#lines(call).listEtChannel(gateway.etId, gateway.channelId)));
    return linkOf(gateway, channel, this.#scope);
  }

  /** The cloud lists gateways by VPC only, so without a network every VPC of the region is asked; all in one page. */
  async list(query: LinkQuery, _cursor: Cursor, call: Call): Promise<Page<Link>> {
    const gateways: EtGatewayRecord[] = [];
    for (const network of query.network === undefined ? await this.#networks(call) : [query.network]) {
      if (query.except?.includes(network) !== true) gateways.push(...(await this.#gatewaysOf(network, call)));
    }
    const fitting = gateways.filter((gateway) => query.port === undefined || gateway.etId === query.port);
    const wanted = await Promise.all(fitting.map((gateway) => this.#probed(gateway, query, call)));
    const channels = new Map<string, readonly EtChannelRecord[]>();
    const whole = (gateway: EtGatewayRecord): boolean => query.whole?.(linkOf(gateway, undefined, this.#scope)) ?? true;
    const asked = readEach(
      wanted.filter(isBound),
      (gateway) => (whole(gateway) ? gateway.etId : undefined),
      aboutGateway,
    );
    for (const line of new Set(asked.items)) {
      channels.set(line, await unlessHidden(this.#channels(line, call)));
    }
    const channelOf = ({ etId, channelId }: EtGatewayRecord): EtChannelRecord | undefined =>
      channels.get(etId ?? '')?.find(({ id }) => id === channelId);
    return readEach(wanted, (gateway) => linkOf(gateway, channelOf(gateway), this.#scope), aboutGateway);
  }

  async delete(id: LinkId, call: Call, { seen }: BeforeDelete<Link> = {}): Promise<DeleteProgress> {
    return freshly(
      seen && nativeOf(seen, baiduEtGatewayRecord),
      () => this.#apis(call).gateways.getEtGateway(id),
      (gateway) => this.#delete(id, gateway, call),
    );
  }

  async #delete(id: LinkId, gateway: EtGatewayRecord, call: Call): Promise<DeleteProgress> {
    const { gateways } = this.#apis(call);
    const { state } = etGatewayState(gateway.status);
    if (isLeaving(state)) return 'started';
    if (isTransitional(state)) return 'continue'; // only a running gateway may be unbound
    if (isBound(gateway)) {
      await gateways.unbindEt(id);
      return 'continue';
    }
    await gateways.releaseEtGateway(id);
    return 'started';
  }

  async update(id: LinkId, change: LinkChange, call: Call): Promise<void> {
    if (change.kind === 'healthCheck') return this.#probe(id, healthCheckRequest(change.check), call);
    await this.#apis(call).gateways.updateEtGateway(id, updateOf(change));
  }

  /** Whether one that is there is replaced by another is not documented (docs/facts/baidu.md 3.5). */
  async #probe(id: LinkId, check: EtGatewayHealthCheck, call: Call): Promise<void> {
    const { gateways } = this.#apis(call);
    try {
      await gateways.createHealthCheck(id, check);
    } catch (error) {
      if (!isRefusal(error, 'FailedPrecondition')) throw error;
      const { healthCheckInterval = 0 } = await gateways.getEtGateway(id);
      if (healthCheckInterval === 0) throw error;
      throw new PeerwayError(
        'FailedPrecondition',
        `${id} has a health check, and the cloud takes no other in its place`,
        {
          ...error.details,
          remedy: 'Declare the health check that is there, or remove the link and make it anew.',
        },
      );
    }
  }

  /** A listing shows no health check; the answer for one gateway does (docs/facts/baidu.md 3.5). */
  async #probed(gateway: EtGatewayRecord, { probed }: LinkQuery, call: Call): Promise<EtGatewayRecord> {
    if (probed === undefined || !isBound(gateway) || !isReadable(gateway)) return gateway;
    if (!probed(linkOf(gateway, undefined, this.#scope))) return gateway;
    try {
      return await this.#apis(call).gateways.getEtGateway(gateway.etGatewayId);
    } catch (error) {
      if (isPeerwayError(error, 'NotFound')) return gateway; // it is going, or the reading lags behind
      throw error;
    }
  }

  async check(input: LinkCreate, call: Call): Promise<void> {
    this.#channelFor(input, await this.#channels(input.port, call));
  }

  /** What a link is built upon, as a plan has seen it a moment ago; undefined where it has not. */
  #recentGround({ port, network }: LinkCreate): Ground | undefined {
    const [channels, vpc] = [this.#owner.scope.recent.channels(port), this.#scope.recent.vpc(network)];
    return channels === undefined || vpc === undefined ? undefined : { channels, vpc };
  }

  /** @throws PeerwayError `NotFound` when the network is not in this account and region */
  async #ground({ port, network }: LinkCreate, call: Call): Promise<Ground> {
    const channels = await this.#channels(port, call);
    const { items } = await this.#apis(call).networks.queryVpcList({ vpcIds: network });
    const vpc = items.find(({ vpcId }) => vpcId === network);
    if (vpc !== undefined) return { channels, vpc };
    throw new PeerwayError('NotFound', `The network ${network} is not in this account and region`, {
      provider: PROVIDER,
      resource: network,
      remedy: 'Check the id, the region and the account of the provider entry.',
    });
  }

  async #channels(line: string, call: Call): Promise<readonly EtChannelRecord[]> {
    const channels = await this.#lines(call).listEtChannel(line);
    this.#owner.scope.recent.rememberChannels(line, channels);
    return channels;
  }

  #lines(call: Call): EtApi {
    const { scope, calls } = this.#owner;
    return new EtApi((request) => scope.client.send(request, calls(call)));
  }

  /** @throws PeerwayError as `channelFor`; `FailedPrecondition` where the line's owner has not let the network's account use it */
  #channelFor(input: LinkCreate, channels: readonly EtChannelRecord[]): EtChannelRecord {
    const channel = channelFor(input, channels);
    const { account } = this.#scope;
    if (this.#owner.scope === this.#scope || !isKnownAccount(account)) return channel;
    if (this.#owner.scope.account === account || channel.authorizedUsers?.includes(account) === true) return channel;
    const message = `The channel of VLAN ${input.vlan} is not open to the account ${account}`;
    throw new PeerwayError('FailedPrecondition', message, {
      provider: PROVIDER,
      resource: channel.id,
      remedy: `Let the owner of ${input.port} add ${account} to the authorised users of the channel.`,
    });
  }

  /** All of the network is offered to the line; without prefixes the gateway would forward nothing back. */
  #localCidrs(vpc: VpcRecord): string[] {
    return networkOf(vpc, this.#scope).cidrs.filter((cidr) => cidrFamily(cidr) === 4);
  }

  async #networks(call: Call): Promise<NetworkId[]> {
    return (await everyItem((marker) => this.#apis(call).networks.queryVpcList({ marker, maxKeys: PAGE_SIZE }))).map(
      ({ vpcId }) => networkId(vpcId),
    );
  }

  #gatewaysOf(network: NetworkId, call: Call): Promise<EtGatewayRecord[]> {
    return everyItem((marker) =>
      this.#apis(call).gateways.listEtGateway({ vpcId: network, marker, maxKeys: PAGE_SIZE }),
    );
  }

  #apis(call: Call): { gateways: EtGatewayApi; networks: VpcApi } {
    const send: Send = (request) => this.#scope.client.send(request, call);
    return { gateways: new EtGatewayApi(send), networks: new VpcApi(send) };
  }
}

/** Empty where another account's line does not show itself: then its links have no VLAN that we could tell. */
async function unlessHidden(channels: Promise<readonly EtChannelRecord[]>): Promise<readonly EtChannelRecord[]> {
  try {
    return await channels;
  } catch (error) {
    if (isPeerwayError(error, 'NotFound')) return [];
    throw error;
  }
}

const aboutGateway = (gateway: EtGatewayRecord): Omit<Unreadable, 'error'> => ({
  id: gateway.etGatewayId,
  networks: [networkId(gateway.vpcId)],
  description: gateway.description ?? '',
  tags: tagsOf(gateway.tags),
});

/** What a link is built upon. */
interface Ground {
  /** Every one of the line. */
  readonly channels: readonly EtChannelRecord[];
  readonly vpc: VpcRecord;
}

/**
 * @param channels every one of the line
 * @throws PeerwayError `NotFound` when the line has no such VLAN; `InvalidArgument` for other addresses;
 * `FailedPrecondition`
 */
function channelFor(input: LinkCreate, channels: readonly EtChannelRecord[]): EtChannelRecord {
  const channel = channels.find(({ vlanId }) => Number(vlanId) === input.vlan);
  if (channel === undefined) {
    throw new PeerwayError('NotFound', `${input.port} has no channel with VLAN ${input.vlan}`, {
      provider: PROVIDER,
      resource: input.port,
      remedy: `Have the channel made on the line; there are: ${channels.map(({ vlanId }) => vlanId).join(', ') || 'none'}.`,
    });
  }
  for (const [what, asked, given] of [
    ['cloudIp', input.cloudIp, channel.baiduAddress],
    ['customerIp', input.customerIp, channel.customerAddress],
  ] as const) {
    if (addressOf(asked) === addressOf(given)) continue;
    throw new PeerwayError('InvalidArgument', `The channel of VLAN ${input.vlan} has another ${what} than ${asked}`, {
      provider: PROVIDER,
      resource: channel.id,
      remedy: `Write ${what}: ${given}, or change the channel.`,
    });
  }
  if (channel.status === 'established') return channel;
  throw new PeerwayError('FailedPrecondition', `The channel of VLAN ${input.vlan} is ${channel.status}`, {
    provider: PROVIDER,
    resource: channel.id,
    remedy: 'Wait until the channel is established.',
  });
}
