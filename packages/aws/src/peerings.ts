/**
 * Peerings of mechanism `vpc-peering`: one object that both ends see, with the tags of whoever asks. Source:
 * docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html and the API reference of the operations, checked 2026-11.
 */
import {
  isPeerwayError,
  isTerminal,
  otherSide,
  PEERING_SIDES,
  peeringId,
  PeerwayError,
  readEach,
  networkId,
  type Call,
  type Cursor,
  type DeleteProgress,
  type LifecycleState,
  type Page,
  type Peering,
  type PeeringChange,
  type PeeringCreate,
  type PeeringDriver,
  type PeeringId,
  type PeeringQuery,
  type PeeringSide,
  type Tags,
  type Unreadable,
} from '@peerway/core';
import { MECHANISM } from './capabilities.js';
import { endOf, isNetwork, NAME_TAG, peeringOf, tagRecordsOf } from './convert.js';
import type { Scope } from './scope.js';
import type { PeeringRecord } from './wire/api/records.js';
import type { Input } from './wire/answers.js';
import { contradiction, isRefusal, PROVIDER } from './wire/errors.js';
import { nextOf, PAGE_SIZE } from './wire/paging.js';

const RESOURCE_TYPE = 'vpc-peering-connection';

export class AwsPeerings implements PeeringDriver {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** A pair that is joined, or asked, already is answered with what is there: whose that is, its tags say. */
  async create(input: PeeringCreate, call: Call): Promise<PeeringId> {
    const { VpcPeeringConnection: made } = await this.#scope.client.send(
      'CreateVpcPeeringConnection',
      this.#requestOf(input),
      call,
    );
    const { tags, name, initiator, acceptor } = peeringOf(made, 'initiator');
    if (initiator.network !== input.initiator || acceptor.network !== input.acceptor.network)
      throw contradiction('CreateVpcPeeringConnection', 'it joins other networks than were asked for');
    const asked = Object.entries(input.tags);
    const isOurs = asked.every(([key, value]) => tags[key] === value) && (input.name ?? name) === name;
    if (isOurs) return peeringId(made.VpcPeeringConnectionId);
    throw new PeerwayError(
      'AlreadyExists',
      `${input.initiator} and ${input.acceptor.network} are joined already, by ${made.VpcPeeringConnectionId}`,
      {
        provider: PROVIDER,
        nativeOperation: 'CreateVpcPeeringConnection',
        remedy: 'Adopt what is there, remove it, or drop the declaration.',
      },
    );
  }

  async dryRun(input: PeeringCreate, call: Call): Promise<void> {
    await this.#scope.client.dryRun(this.#requestOf(input), call);
  }

  async get(id: PeeringId, side: PeeringSide, call: Call): Promise<Peering> {
    const record = await this.#record(id, call);
    const sides = await this.#sidesOf(record, call);
    if (sides.includes(side)) return peeringOf(record, side);
    throw new PeerwayError('PermissionDenied', `This account and region do not own the ${side} of ${id}`, {
      provider: PROVIDER,
      nativeOperation: 'DescribeVpcPeeringConnections',
      remedy: `Act as its ${otherSide(side)}, or with the provider entry that owns its ${side}.`,
    });
  }

  /** Everything at once: the cloud's filters combine their names with "and", and a query may mean either end. */
  async list(query: PeeringQuery, cursor: Cursor, call: Call): Promise<Page<Peering>> {
    if (query.mechanism !== undefined && query.mechanism !== MECHANISM) return { items: [] };
    const page = await this.#scope.client.send(
      'DescribeVpcPeeringConnections',
      { MaxResults: PAGE_SIZE, NextToken: cursor },
      call,
    );
    const records = page.VpcPeeringConnections.filter((record) => fits(record, query));
    const sides = new Map<PeeringRecord, PeeringSide>();
    for (const record of records) {
      const [side] = await this.#sidesOf(record, call);
      if (side !== undefined) sides.set(record, side);
    }
    return {
      ...readEach(
        [...sides],
        ([record, side]) => peeringOf(record, side),
        ([record]) => about(record),
      ),
      ...nextOf(page),
    };
  }

  accept(id: PeeringId, call: Call): Promise<void> {
    return this.#act(id, call, {
      send: async () => {
        const operation = 'AcceptVpcPeeringConnection';
        const { VpcPeeringConnection } = await this.#scope.client.send(operation, { VpcPeeringConnectionId: id }, call);
        if (VpcPeeringConnection.VpcPeeringConnectionId !== id)
          throw contradiction(operation, 'it is of another peering');
      },
      takenIn: 'pending-acceptance',
      done: ({ nativeState }) => nativeState === 'active' || nativeState === 'provisioning',
    });
  }

  reject(id: PeeringId, call: Call): Promise<void> {
    return this.#act(id, call, {
      send: () => this.#scope.client.send('RejectVpcPeeringConnection', { VpcPeeringConnectionId: id }, call),
      takenIn: 'pending-acceptance',
    });
  }

  async update(id: PeeringId, side: PeeringSide, change: PeeringChange, call: Call): Promise<void> {
    switch (change.kind) {
      case 'labels':
        return change.name === undefined ? undefined : this.#tag(id, { [NAME_TAG]: change.name }, call);
      case 'tags':
        await this.#tag(id, change.set, call);
        return this.#untag(id, change.remove, call);
      case 'dnsSync': {
        const options = { AllowDnsResolutionFromRemoteVpc: change.enabled };
        return this.#act(id, call, {
          send: () =>
            this.#scope.client.send(
              'ModifyVpcPeeringConnectionOptions',
              {
                VpcPeeringConnectionId: id,
                ...(side === 'initiator'
                  ? { RequesterPeeringConnectionOptions: options }
                  : { AccepterPeeringConnectionOptions: options }),
              },
              call,
            ),
          takenIn: 'active',
        });
      }
      case 'bandwidth':
      case 'deletionProtection':
      case 'suspended':
      case 'settings':
        throw new PeerwayError('Internal', `The capability gate let a change of kind ${change.kind} through`, {
          provider: PROVIDER,
        });
    }
  }

  /**
   * What is rejected, expired or failed cannot be deleted and fades: that is success here, and nothing is left to do. A request that
   * waits only its requester may delete; its accepter ends it by rejecting it.
   */
  async delete(id: PeeringId, side: PeeringSide, call: Call): Promise<DeleteProgress> {
    try {
      await this.#scope.client.send('DeleteVpcPeeringConnection', { VpcPeeringConnectionId: id }, call);
      return 'started';
    } catch (error) {
      if (!isRefusal(error, 'FailedPrecondition')) throw error;
      const { state } = peeringOf(await this.#record(id, call), 'initiator');
      if (state === 'deleted') throw gone(id);
      if (isTerminal(state)) return 'gone';
      if (state === 'deleting') return 'started';
      if (state !== 'pending-acceptance' || side !== 'acceptor') throw error;
      await this.reject(id, call);
      return 'gone';
    }
  }

  /**
   * Makes one change. Where the cloud refuses, the peering is read once to tell why: it was done before, the peering is gone, or its
   * state forbids it. "Not permitted" is said of a wrong state as well as of a wrong side.
   */
  async #act(
    id: PeeringId,
    call: Call,
    how: {
      readonly send: () => Promise<unknown>;
      /** The state in which the cloud takes the change. */
      readonly takenIn: LifecycleState;
      readonly done?: (now: Peering) => boolean;
    },
  ): Promise<void> {
    try {
      await how.send();
    } catch (error) {
      if (!isRefusal(error, 'FailedPrecondition') && !isNotPermitted(error)) throw error;
      const now = await this.#reading(id, call);
      if (now === undefined) throw error;
      if (now.state === 'deleted') throw gone(id);
      if (error.code === 'FailedPrecondition' && how.done?.(now) === true) return;
      throw now.state === how.takenIn ? error : new PeerwayError('FailedPrecondition', error.message, error.details);
    }
  }

  async #reading(id: PeeringId, call: Call): Promise<Peering | undefined> {
    try {
      return peeringOf(await this.#record(id, call), 'initiator');
    } catch (error) {
      if (isPeerwayError(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  /** @throws PeerwayError `NotFound` */
  async #record(id: PeeringId, call: Call): Promise<PeeringRecord> {
    const { VpcPeeringConnections } = await this.#scope.client.send(
      'DescribeVpcPeeringConnections',
      { VpcPeeringConnectionIds: [id] },
      call,
    );
    const record = VpcPeeringConnections.find(({ VpcPeeringConnectionId }) => VpcPeeringConnectionId === id);
    if (record === undefined) throw gone(id);
    return record;
  }

  /** The ends that are this account's in this region, the initiator first; who asks only where regions and owners leave it open. */
  async #sidesOf(record: PeeringRecord, call: Call): Promise<readonly PeeringSide[]> {
    const here = PEERING_SIDES.filter((side) => endOf(record, side).Region === this.#scope.region);
    if (here.length < 2 || record.RequesterVpcInfo.OwnerId === record.AccepterVpcInfo.OwnerId) return here;
    const own = await this.#scope.account.get(call);
    return here.filter((side) => endOf(record, side).OwnerId === own);
  }

  #requestOf({ initiator, acceptor, name, tags }: PeeringCreate): Input<'CreateVpcPeeringConnection'> {
    const records = tagRecordsOf(tags, name);
    return {
      VpcId: initiator,
      PeerVpcId: acceptor.network,
      PeerOwnerId: acceptor.account,
      ...(acceptor.region === this.#scope.region ? {} : { PeerRegion: acceptor.region }),
      ...(records.length === 0 ? {} : { TagSpecifications: [{ ResourceType: RESOURCE_TYPE, Tags: records }] }),
    };
  }

  async #tag(id: PeeringId, tags: Tags, call: Call): Promise<void> {
    const records = tagRecordsOf(tags, undefined);
    if (records.length > 0) await this.#scope.client.send('CreateTags', { Resources: [id], Tags: records }, call);
  }

  async #untag(id: PeeringId, keys: readonly string[], call: Call): Promise<void> {
    if (keys.length > 0)
      await this.#scope.client.send('DeleteTags', { Resources: [id], Tags: keys.map((Key) => ({ Key })) }, call);
  }
}

/** Unlike a missing right, which is said by another code. */
const isNotPermitted = (error: unknown): error is PeerwayError =>
  isRefusal(error, 'PermissionDenied') && error.details.nativeCode === 'OperationNotPermitted';

const gone = (id: PeeringId): PeerwayError =>
  new PeerwayError('NotFound', `There is no peering ${id}`, {
    provider: PROVIDER,
    nativeOperation: 'DescribeVpcPeeringConnections',
    resource: id,
    remedy: 'Check the id, the region and the account of the provider entry.',
  });

function fits(record: PeeringRecord, { network, between }: PeeringQuery): boolean {
  const joins = (id: NonNullable<typeof network>): boolean =>
    PEERING_SIDES.some((side) => isNetwork(endOf(record, side), id));
  return (network === undefined || joins(network)) && (between?.every(joins) ?? true);
}

const about = (record: PeeringRecord): Omit<Unreadable, 'error'> => ({
  id: record.VpcPeeringConnectionId,
  networks: PEERING_SIDES.map((side) => networkId(endOf(record, side).VpcId)),
  description: '',
  tags: Object.fromEntries(record.Tags.map(({ Key, Value }) => [Key, Value])),
});
