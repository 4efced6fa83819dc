/**
 * Peerings of mechanism `peerconn`. One link is one cloud object with a record per side; a driver sees the records of
 * its own account and region, each with its own interface, description and DNS switch. Source: docs/facts/baidu.md 3.1 and 4,
 * checked 2026-11.
 */
import {
  PEERING_SIDES,
  otherSide,
  isLeaving,
  PeerwayError,
  isInProgress,
  type Call,
  type Cursor,
  type DeleteProgress,
  type ErrorCode,
  type Page,
  type Peering,
  type PeeringChange,
  type PeeringCreate,
  type PeeringDriver,
  type PeeringId,
  type PeeringQuery,
  type PeeringSide,
  type Unreadable,
  type ObjectSettings,
  type SettingDrift,
  nativeOf,
  networkId,
  peeringId,
  readEach,
} from '@peerway/core';
import { peerAccountOf } from './account.js';
import { PeerConnApi, type UpdatePeerConn } from './wire/api/peerconn.js';
import type { PeerConnRecord } from './wire/api/records.js';
import { MECHANISM } from './capabilities.js';
import { peeringOf, tagRecordsOf, tagsOf } from './convert.js';
import { baiduPeerconnRecord } from './native.js';
import { billingOf, peerConnDrift, peeringOptions } from './settings.js';
import type { Scope } from './scope.js';
import { contradiction, isRefusal, PROVIDER } from './wire/errors.js';
import { everyItem, PAGE_SIZE } from './wire/paging.js';

/** How many records of one page are completed at the same time. */
const PARALLEL_READS = 8;

export class BaiduPeerings implements PeeringDriver {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  async create(input: PeeringCreate, call: Call): Promise<PeeringId> {
    const peerAccountId = peerAccountOf(this.#scope.account, input.acceptor.account);
    const options = peeringOptions(input.settings);
    try {
      const { peerConnId } = await this.#api(call).createPeerConn(
        {
          bandwidthInMbps: input.bandwidthMbps ?? this.#scope.options.defaultBandwidthMbps,
          localVpcId: input.initiator,
          peerVpcId: input.acceptor.network,
          peerRegion: input.acceptor.region,
          billing: billingOf(options),
          ...(options.localInterfaceName === undefined ? {} : { localIfName: options.localInterfaceName }),
          ...(options.peerInterfaceName === undefined ? {} : { peerIfName: options.peerInterfaceName }),
          ...(options.resourceGroupId === undefined ? {} : { resourceGroupId: options.resourceGroupId }),
          ...(input.deletionProtection === true ? { deleteProtect: true } : {}),
          ...(peerAccountId === undefined ? {} : { peerAccountId }),
          ...(input.description === undefined ? {} : { description: input.description }),
          ...(Object.keys(input.tags).length === 0 ? {} : { tags: tagRecordsOf(input.tags) }),
        },
        { clientToken: input.clientToken },
      );
      return peeringId(peerConnId);
    } catch (error) {
      throw await this.#whyNotCreated(error, input, call);
    }
  }

  async get(id: PeeringId, side: PeeringSide, call: Call): Promise<Peering> {
    return peeringOf(await this.#api(call).getPeerConn(id, side), this.#scope);
  }

  /**
   * Lists without `vpcId`: with it the cloud answers for its own side of a VPC only, and a query may name the other.
   */
  async list(query: PeeringQuery, cursor: Cursor, call: Call): Promise<Page<Peering>> {
    if (query.mechanism !== undefined && query.mechanism !== MECHANISM) return { items: [] };
    const page = await this.#api(call).listPeerConn({ marker: cursor, maxKeys: PAGE_SIZE });
    const wanted = page.items.filter((record) => fits(record, query));
    const initiators = new Set(wanted.flatMap(({ peerConnId, role }) => (role === 'initiator' ? [peerConnId] : [])));
    const items: Peering[] = [];
    const unreadable: Unreadable[] = [];
    for (let at = 0; at < wanted.length; at += PARALLEL_READS) {
      const batch = wanted.slice(at, at + PARALLEL_READS).map(async (record): Promise<readonly Peering[]> => {
        const listed = readEach([record], () => peeringOf(record, this.#scope), about);
        unreadable.push(...(listed.unreadable ?? []));
        const [peering] = listed.items;
        if (peering === undefined) return [];
        // where both sides stand on the page, the merged picture takes all but the next hop from the initiator's
        const enough = record.role === 'acceptor' && initiators.has(record.peerConnId);
        const whole = !enough && (query.whole?.(peering) ?? true);
        return [whole ? await this.#completed(record, peering, call) : peering];
      });
      items.push(...(await Promise.all(batch)).flat());
    }
    return {
      ...page,
      items,
      ...(unreadable.length === 0 ? {} : { unreadable }),
    };
  }

  async accept(id: PeeringId, call: Call): Promise<void> {
    await this.#change(id, 'acceptor', call, {
      act: (api) => api.acceptPeerConn(id),
      // inside one account, or on a repetition, somebody has accepted before
      done: ({ nativeState }) => nativeState === 'active' || nativeState === 'starting',
      refusals: REFUSED_OR_UNSEEN,
    });
  }

  async reject(id: PeeringId, call: Call): Promise<void> {
    await this.#change(id, 'acceptor', call, {
      act: (api) => api.rejectPeerConn(id),
      refusals: REFUSED_OR_UNSEEN,
    });
  }

  async update(id: PeeringId, side: PeeringSide, change: PeeringChange, call: Call): Promise<void> {
    switch (change.kind) {
      case 'labels':
        return this.#relabel(id, side, call, {
          ...(change.description === undefined ? {} : { description: change.description }),
        });
      case 'settings': {
        const { localInterfaceName } = peeringOptions(change.values);
        if (localInterfaceName === undefined) return;
        return this.#relabel(id, side, call, { localIfName: localInterfaceName });
      }
      case 'bandwidth':
        return this.#change(id, side, call, {
          act: (api) => api.updatePeerConnBandwidth(id, change.bandwidthMbps),
          done: ({ bandwidthMbps }) => bandwidthMbps === change.bandwidthMbps,
          initiatorOnly: true,
        });
      case 'deletionProtection':
        return this.#change(id, side, call, {
          act: (api) => api.updatePeerConnDeleteProtect(id, change.enabled),
          done: ({ deletionProtection }) => deletionProtection === change.enabled,
        });
      case 'dnsSync':
        return this.#change(id, side, call, {
          act: (api) => (change.enabled ? api.openPeerConnSyncDns(id, side) : api.closePeerConnSyncDns(id, side)),
          done: ({ dnsSync }) =>
            (change.enabled ? ['on', 'turning-on'] : ['off', 'turning-off']).includes(dnsSync ?? ''),
        });
      case 'tags':
      case 'suspended':
        throw new PeerwayError('Internal', `The capability gate let a change of kind ${change.kind} through`, {
          provider: PROVIDER,
        });
    }
  }

  async #relabel(
    id: PeeringId,
    side: PeeringSide,
    call: Call,
    labels: Omit<UpdatePeerConn, 'localIfId'>,
  ): Promise<void> {
    const { localIfId } = await this.#api(call).getPeerConn(id, side);
    if (localIfId === undefined) throw notReady(id);
    await this.#change(id, side, call, { act: (api) => api.updatePeerConn(id, { localIfId, ...labels }) }); // the interface names the side
  }

  settingsDrift(seen: Peering, settings: ObjectSettings): readonly SettingDrift[] {
    const record = nativeOf(seen, baiduPeerconnRecord);
    return record === undefined ? [] : peerConnDrift(record, peeringOptions(settings));
  }

  async delete(id: PeeringId, side: PeeringSide, call: Call): Promise<DeleteProgress> {
    await this.#change(id, side, call, {
      act: (api) => api.releasePeerConn(id),
      done: ({ state }) => isLeaving(state),
      remedy: (now) =>
        now.deletionProtection === true
          ? 'Its release protection is on; switch that off first.'
          : nativeOf(now, baiduPeerconnRecord)?.paymentTiming === 'Prepaid'
            ? 'It is prepaid: wait until its term ends, or give it back in the console.'
            : undefined,
      initiatorOnly: true,
    });
    return 'started';
  }

  /**
   * A record of a listing may lack the tags and the protection switch; a reading never does. Where the link cannot be
   * read, because it is going or because reads lag behind, the listing's record stands: a pair must not look free.
   */
  async #completed(record: PeerConnRecord, listed: Peering, call: Call): Promise<Peering> {
    if (record.tags !== undefined || listed.state === 'deleted') return listed;
    try {
      const whole = await this.get(listed.id, listed.seenFrom, call);
      for (const side of PEERING_SIDES)
        if (whole[side].network !== listed[side].network)
          throw contradiction('GetPeerConn', `${listed.id} joins other networks than in the listing`);
      return whole;
    } catch (error) {
      if (isRefusal(error, 'NotFound')) return listed;
      throw error;
    }
  }

  /**
   * Makes one change. Where the cloud refuses, the link is read once to tell what its single word `OperationDenied`
   * means: done before, busy for the moment, not this side's right, or truly impossible.
   */
  async #change(
    id: PeeringId,
    side: PeeringSide,
    call: Call,
    how: {
      readonly act: (api: PeerConnApi) => Promise<void>;
      readonly done?: (now: Peering) => boolean;
      readonly refusals?: readonly ErrorCode[];
      /** What to do about a cause that the reading shows. */
      readonly remedy?: (now: Peering) => string | undefined;
      /** True where the acceptor of another account never may. */
      readonly initiatorOnly?: true;
    },
  ): Promise<void> {
    try {
      await how.act(this.#api(call));
    } catch (error) {
      if (!isRefusal(error, ...(how.refusals ?? REFUSED))) throw error;
      const now = await this.#reading(id, side, call);
      if (now === undefined) {
        const theirs = await this.#reading(id, otherSide(side), call);
        if (theirs !== undefined) throw notOurSide(error, id, side);
        throw error.code === 'FailedPrecondition' ? vanished(error, id) : error;
      }
      if (how.done?.(now) === true) return;
      const foreign = now.initiator.account !== now.acceptor.account;
      if (how.initiatorOnly === true && side === 'acceptor' && foreign) throw notOurSide(error, id, side);
      throw explained(error, now, how.remedy?.(now));
    }
  }

  async #reading(id: PeeringId, side: PeeringSide, call: Call): Promise<Peering | undefined> {
    try {
      const reading = await this.get(id, side, call);
      return reading.seenFrom === side && reading.state !== 'deleted' ? reading : undefined;
    } catch (error) {
      if (isRefusal(error, 'NotFound', 'PermissionDenied')) return undefined;
      throw error;
    }
  }

  /** A refused creation: are the two joined already? The cloud has one word for that and for other reasons. */
  async #whyNotCreated(error: unknown, input: PeeringCreate, call: Call): Promise<unknown> {
    if (!isRefusal(error, 'FailedPrecondition')) return error;
    const between = [input.initiator, input.acceptor.network] as const;
    const links = await everyItem((marker) => this.#api(call).listPeerConn({ marker, maxKeys: PAGE_SIZE }));
    const joined = links.find((record) => fits(record, { between }) && record.status !== 'deleted');
    if (joined === undefined) return error;
    return new PeerwayError(
      'AlreadyExists',
      `${input.initiator} and ${input.acceptor.network} are joined by ${joined.peerConnId} (${joined.status})`,
      {
        ...error.details,
        resource: joined.peerConnId,
        remedy: 'Use that link, or release it first: a refused or expired one still counts.',
      },
    );
  }

  #api(call: Call): PeerConnApi {
    return new PeerConnApi((request) => this.#scope.client.send(request, call));
  }
}

/** Codes behind which more than one thing can stand. */
const REFUSED: readonly ErrorCode[] = ['FailedPrecondition', 'PermissionDenied'];
/** The acceptor's record may be hidden from the account that asks. */
const REFUSED_OR_UNSEEN: readonly ErrorCode[] = [...REFUSED, 'NotFound'];

const about = (record: PeerConnRecord): Omit<Unreadable, 'error'> => ({
  id: record.peerConnId,
  networks: [networkId(record.localVpcId), networkId(record.peerVpcId)],
  description: record.description ?? '',
  tags: tagsOf(record.tags),
});

function fits(record: PeerConnRecord, { network, between }: PeeringQuery): boolean {
  const ends: readonly string[] = [record.localVpcId, record.peerVpcId];
  return (network === undefined || ends.includes(network)) && (between?.every((end) => ends.includes(end)) ?? true);
}

function explained(error: PeerwayError, now: Peering, remedy: string | undefined): PeerwayError {
  const message = `${error.message}; it is ${now.nativeState}`;
  if (remedy !== undefined) return new PeerwayError('FailedPrecondition', message, { ...error.details, remedy });
  if (error.code === 'PermissionDenied') return error;
  const busy = isInProgress(now.state) || now.dnsSync === 'turning-on' || now.dnsSync === 'turning-off';
  return new PeerwayError(busy ? 'Conflict' : 'FailedPrecondition', message, error.details);
}

const notOurSide = (error: PeerwayError, id: PeeringId, side: PeeringSide): PeerwayError =>
  new PeerwayError('PermissionDenied', `${error.message}; ${id} cannot be changed so from this account`, {
    ...error.details,
    remedy:
      side === 'acceptor'
        ? 'Only the initiator may do this, or this account is not the acceptor; use the other provider entry.'
        : 'This account and region are not the initiator; use the other provider entry.',
  });

/** Refused for its state, and gone before it could be looked at: somebody else has released it. */
const vanished = (error: PeerwayError, id: PeeringId): PeerwayError =>
  new PeerwayError('NotFound', `${id} is gone`, error.details);

const notReady = (id: PeeringId): PeerwayError =>
  new PeerwayError('Conflict', `${id} has no interface on this side yet`, { provider: PROVIDER });
