/**
 * The mechanism `vpc-peer`: one VpcPeerConnection, seen by both accounts. Source: docs/facts/alibaba.md 3.5, 4.2 and 11.3. The peering id
 * is the instance id (`pcc-…`).
 */
import {
  nativeOf,
  networkId,
  peeringId,
  PeerwayError,
  readEach,
  type Call,
  type Cursor,
  type DeleteProgress,
  type NetworkId,
  type ObjectSettings,
  type Page,
  type Peering,
  type PeeringChange,
  type PeeringCreate,
  type PeeringId,
  type PeeringQuery,
  type PeeringSide,
  type SettingDrift,
  type Unreadable,
} from '@peerway/core';
import type {
  CreateVpcPeerConnectionRequest,
  ModifyVpcPeerConnectionRequest,
  VpcPeerConnection,
} from './wire/api/vpcPeer.js';
import { accountOf, tagPairs, tagsOf, listedVpcPeeringOf, vpcPeeringOf } from './convert.js';
import { unexpectedAnswer } from './wire/answers.js';
import { nextToken } from './wire/paging.js';
import { explainBlockingRoutes } from './blockingRoutes.js';
import { alibabaVpcPeer } from './native.js';
import type { Scope } from './scope.js';
import { DEFAULT_LINK_TYPE, inGroup, peeringOptions, vpcPeerDrift } from './settings.js';
import { PROVIDER } from './wire/errors.js';

/** The largest page (docs/facts/alibaba.md 3.5). */
const MAX_RESULTS = 100;

export class VpcPeerings {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  async create(input: PeeringCreate, call: Call): Promise<PeeringId> {
    const request = await this.#creation(input, call);
    const { InstanceId } = await this.#scope.client.vpcPeer('CreateVpcPeerConnection', request, call);
    return peeringId(InstanceId);
  }

  async dryRun(input: PeeringCreate, call: Call): Promise<void> {
    const { ClientToken: _, ...request } = await this.#creation(input, call);
    // a passing dry run is an error code on the wire; the client takes it for the success that it is
    await this.#scope.client.vpcPeer('CreateVpcPeerConnection', { ...request, DryRun: true }, call);
  }

  async #creation(input: PeeringCreate, call: Call): Promise<CreateVpcPeerConnectionRequest> {
    const { region, account } = this.#scope;
    const { acceptor } = input;
    const options = peeringOptions(this.#scope.options, input.settings);
    const crossRegion = acceptor.region !== region;
    return {
      RegionId: region,
      VpcId: input.initiator,
      // required even for one's own account: left out, it would be sent as 0
      AcceptingAliUid: acceptor.account ?? (await account.get(call)),
      AcceptingRegionId: acceptor.region,
      AcceptingVpcId: acceptor.network,
      ...(input.name === undefined ? {} : { Name: input.name }),
      ...(input.description === undefined ? {} : { Description: input.description }),
      ...(crossRegion && input.bandwidthMbps !== undefined ? { Bandwidth: input.bandwidthMbps } : {}),
      ...(crossRegion && options.linkType !== undefined ? { LinkType: options.linkType } : {}),
      ...(Object.keys(input.tags).length === 0 ? {} : { Tag: tagPairs(input.tags) }),
      ...inGroup(options),
      ClientToken: input.clientToken,
    };
  }

  async get(id: PeeringId, side: PeeringSide, call: Call): Promise<Peering> {
    const record = await this.#read(id, call);
    await this.#requireEnd(record, side, call);
    return vpcPeeringOf(record, side);
  }

  async list(query: PeeringQuery, cursor: Cursor, call: Call): Promise<Page<Peering>> {
    const { client, region } = this.#scope;
    const networks = query.between ?? (query.network === undefined ? [] : [query.network]);
    const answer = await client.vpcPeer(
      'ListVpcPeerConnections',
      {
        RegionId: region,
        MaxResults: MAX_RESULTS,
        ...(networks.length === 0 ? {} : { VpcId: networks.join(',') }),
        ...(cursor === undefined ? {} : { NextToken: cursor }),
      },
      call,
    );
    const sides = new Map<VpcPeerConnection, PeeringSide>();
    for (const record of answer.VpcPeerConnects) sides.set(record, await this.#sideOf(record, call));
    const read = (record: VpcPeerConnection): Peering =>
      listedVpcPeeringOf(record, sides.get(record) ?? 'initiator', region);
    const about = (record: VpcPeerConnection): Omit<Unreadable, 'error'> => ({
      id: record.InstanceId,
      networks: [networkId(record.Vpc.VpcId), networkId(record.AcceptingVpc.VpcId)],
      description: record.Description ?? '',
      tags: tagsOf(record.Tags),
    });
    return {
      ...readEach(answer.VpcPeerConnects, read, about),
      ...nextToken('ListVpcPeerConnections', cursor, answer, answer.VpcPeerConnects.length),
    };
  }

  async accept(id: PeeringId, call: Call, seen?: Peering): Promise<void> {
    if (seen !== undefined && (await this.#isPendingHere(seen, call))) {
      try {
        return await this.#sendAccept(id, call);
      } catch (thrown) {
        if (!isWrongState(thrown)) throw thrown; // else it is in another state by now, which is read below
      }
    }
    const record = await this.#pending(id, call);
    // agreed already: by an earlier try whose answer was lost, or by the cloud itself inside one account
    if (record.Status === 'Activated' || record.Status === 'Updating') return;
    await this.#answer(record, () => this.#sendAccept(id, call));
  }

  async #sendAccept(id: PeeringId, call: Call): Promise<void> {
    const request = { InstanceId: id, ...inGroup(this.#scope.options) };
    await this.#scope.client.vpcPeer('AcceptVpcPeerConnection', request, call);
  }

  /** Whether a reading leaves nothing to be read before the acceptance: it waits for this very account and region. */
  async #isPendingHere({ state, acceptor }: Peering, call: Call): Promise<boolean> {
    const { account, region } = this.#scope;
    return (
      state === 'pending-acceptance' && acceptor.region === region && acceptor.account === (await account.get(call))
    );
  }

  async reject(id: PeeringId, call: Call): Promise<void> {
    const record = await this.#pending(id, call);
    await this.#answer(record, () => this.#scope.client.vpcPeer('RejectVpcPeerConnection', { InstanceId: id }, call));
  }

  /** The request as the acceptor sees it. Read first: both verbs name no region, and a wrong state has two opposite meanings. */
  async #pending(id: PeeringId, call: Call): Promise<VpcPeerConnection> {
    const record = await this.#read(id, call);
    await this.#requireEnd(record, 'acceptor', call);
    return record;
  }

  async #answer(record: VpcPeerConnection, send: () => Promise<unknown>): Promise<void> {
    try {
      await send();
    } catch (thrown) {
      throw refusedBy(thrown, record);
    }
  }

  async update(id: PeeringId, _side: PeeringSide, change: PeeringChange, call: Call): Promise<void> {
    const { client, region } = this.#scope;
    const modify = async (members: Omit<ModifyVpcPeerConnectionRequest, 'InstanceId'>): Promise<void> => {
      try {
        await client.vpcPeer('ModifyVpcPeerConnection', { InstanceId: id, ...members }, call);
      } catch (thrown) {
        throw refusedBy(thrown, await this.#readAfter(thrown, id, call));
      }
    };
    switch (change.kind) {
      case 'labels':
        return modify({
          ...(change.name === undefined ? {} : { Name: change.name }),
          ...(change.description === undefined ? {} : { Description: change.description }),
        });
      case 'bandwidth':
        return modify({ Bandwidth: change.bandwidthMbps });
      case 'tags': {
        const target = { RegionId: region, ResourceType: 'PeerConnection', ResourceId: [id] } as const;
        // removed first: the two together may be more than an object takes
        if (change.remove.length > 0)
          await client.vpcPeer('UnTagResources', { ...target, TagKey: change.remove }, call);
        if (Object.keys(change.set).length > 0)
          await client.vpcPeer('TagResources', { ...target, Tag: tagPairs(change.set) }, call);
        return;
      }
      case 'settings': {
        const { linkType = DEFAULT_LINK_TYPE, resourceGroupId } = peeringOptions(this.#scope.options, change.values);
        if (change.names.includes('linkType')) await modify({ LinkType: linkType });
        if (change.names.includes('resourceGroupId') && resourceGroupId !== undefined)
          await client.vpcPeer(
            'MoveResourceGroup',
            { RegionId: region, ResourceType: 'PeerConnection', ResourceId: id, NewResourceGroupId: resourceGroupId },
            call,
          );
        return;
      }
      case 'suspended':
      case 'deletionProtection':
      case 'dnsSync':
        throw new PeerwayError('Unsupported', `A VPC peering has no ${change.kind}`, { provider: PROVIDER });
    }
  }

  settingsDrift(seen: Peering, settings: ObjectSettings): readonly SettingDrift[] {
    const record = nativeOf(seen, alibabaVpcPeer);
    return record === undefined ? [] : vpcPeerDrift(record, peeringOptions(this.#scope.options, settings));
  }

  async delete(id: PeeringId, _side: PeeringSide, call: Call): Promise<DeleteProgress> {
    try {
      await this.#scope.client.vpcPeer('DeleteVpcPeerConnection', { InstanceId: id }, call);
      return 'started';
    } catch (thrown) {
      if (!(thrown instanceof PeerwayError)) throw thrown;
      if (thrown.details.nativeCode === 'OperationDenied.RouteEntryExist') {
        const networks = await this.#ownNetworks(await this.#read(id, call), call);
        throw await explainBlockingRoutes(thrown, this.#scope, { networks }, { id, type: 'VpcPeer' }, call);
      }
      const record = await this.#readAfter(thrown, id, call);
      if (record.Status === 'Deleting') return 'started';
      if (record.Status === 'Deleted')
        throw new PeerwayError('NotFound', `${id} is deleted`, { provider: PROVIDER, resource: id });
      throw refusedBy(thrown, record);
    }
  }

  /**
   * By a dry run of the deletion: without `Force` an entry at either end is in its way, one that is being deleted too. Whether the
   * entries of another account's end count is not documented (docs/facts/alibaba.md 9.5).
   */
  async isUnrouted(id: PeeringId, call: Call): Promise<boolean> {
    try {
      await this.#scope.client.vpcPeer('DeleteVpcPeerConnection', { InstanceId: id, DryRun: true }, call);
      return true;
    } catch (thrown) {
      if (thrown instanceof PeerwayError && thrown.details.nativeCode === 'OperationDenied.RouteEntryExist')
        return false;
      throw refusedBy(thrown, await this.#readAfter(thrown, id, call));
    }
  }

  async #read(id: PeeringId, call: Call): Promise<VpcPeerConnection> {
    const record = await this.#scope.client.vpcPeer('GetVpcPeerConnectionAttribute', { InstanceId: id }, call);
    if (record.InstanceId === id) return record;
    throw unexpectedAnswer(
      { operation: 'GetVpcPeerConnectionAttribute', mutating: false, requestId: record.RequestId },
      `it is about another peering than ${id}`,
    );
  }

  /** Where the state stands in the way, the present one is read; everything else is thrown as it came. */
  async #readAfter(thrown: unknown, id: PeeringId, call: Call): Promise<VpcPeerConnection> {
    if (!isWrongState(thrown)) throw thrown;
    return this.#read(id, call);
  }

  /** The operations on one instance name no region and take either account's word, so whose end it is must be checked here. */
  async #requireEnd(record: VpcPeerConnection, side: PeeringSide, call: Call): Promise<void> {
    const own = await this.#scope.account.get(call);
    const [owner, region] =
      side === 'initiator' ? [record.OwnerId, record.RegionId] : [record.AcceptingOwnerUid, record.AcceptingRegionId];
    const details = { provider: PROVIDER, resource: record.InstanceId };
    if (accountOf(owner) !== own) {
      throw new PeerwayError(
        'PermissionDenied',
        `The ${side} of ${record.InstanceId} is the account ${accountOf(owner)}, not ${own}`,
        {
          ...details,
          remedy: `Use the provider entry of the ${side}’s account.`,
        },
      );
    }
    if (region !== this.#scope.region) {
      throw new PeerwayError(
        'NotFound',
        `The ${side} of ${record.InstanceId} is in ${region}, not in ${this.#scope.region}`,
        {
          ...details,
          remedy: `Use the provider entry of that region.`,
        },
      );
    }
  }

  async #sideOf(record: VpcPeerConnection, call: Call): Promise<PeeringSide> {
    const { region, account } = this.#scope;
    const initiator = accountOf(record.OwnerId);
    if (initiator === accountOf(record.AcceptingOwnerUid)) return record.RegionId === region ? 'initiator' : 'acceptor';
    return initiator === (await account.get(call)) ? 'initiator' : 'acceptor';
  }

  async #ownNetworks(record: VpcPeerConnection, call: Call): Promise<NetworkId[]> {
    const { region, account } = this.#scope;
    const own = await account.get(call);
    const ends = [
      { owner: record.OwnerId, region: record.RegionId, vpc: record.Vpc },
      { owner: record.AcceptingOwnerUid, region: record.AcceptingRegionId, vpc: record.AcceptingVpc },
    ];
    return ends
      .filter((end) => accountOf(end.owner) === own && end.region === region)
      .map((end) => networkId(end.vpc.VpcId));
  }
}

const isWrongState = (thrown: unknown): thrown is PeerwayError =>
  thrown instanceof PeerwayError && thrown.details.nativeCode === 'IncorrectStatus.VpcPeer';

/** A refusal while the peering is on its way to another state goes away by itself; every other one names the state that stands in the way. */
function refusedBy(thrown: unknown, record: VpcPeerConnection): unknown {
  if (!isWrongState(thrown)) return thrown;
  const moving = record.Status === 'Creating' || record.Status === 'Updating';
  const message = `${thrown.details.nativeOperation ?? 'The change'} is refused while ${record.InstanceId} is ${record.Status}`;
  return new PeerwayError(moving ? 'Conflict' : 'FailedPrecondition', message, {
    ...thrown.details,
    retry: moving ? 'settle' : 'never',
  });
}
