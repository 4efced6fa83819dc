/**
 * The thirteen operations of peer connections by the cloud's own names: what the driver uses, and what
 * `native(baiduPeerconn)` hands out for billing, renewal and the rest. Source: docs/facts/baidu.md 3.1 (vendor's API pages),
 * checked 2026-11.
 *
 * Every member throws `PeerwayError` by the tables of `errors.ts`. Unless it says otherwise a write answers nothing and
 * takes effect a while after its answer.
 */
import type { Acting, WirePage } from '../answers.js';
import type { BaiduRequest, Send } from '../client.js';
import { requireAsked } from '../errors.js';
import type { Billing, PeerConnRecord, PeerConnRole, Reservation, TagRecord } from './records.js';

export interface CreatePeerConn {
  /** Mbit/s; required even inside one region, where it costs nothing. */
  readonly bandwidthInMbps: number;
  /** In the region of the endpoint, of the caller's account. */
  readonly localVpcId: string;
  /** Must differ from `localVpcId`; the two may have one link only, and may not both be relays. */
  readonly peerVpcId: string;
  readonly peerRegion: string;
  /** Must be present; inside one region only `{ paymentTiming: 'Postpaid' }`. */
  readonly billing: Billing;
  readonly description?: string;
  readonly localIfName?: string;
  /** Only for links inside one account. */
  readonly peerIfName?: string;
  /** Only for links across accounts. */
  readonly peerAccountId?: string;
  readonly tags?: readonly TagRecord[];
  readonly resourceGroupId?: string;
  readonly deleteProtect?: boolean;
}

export interface ListQuery {
  readonly marker?: string | undefined;
  /** 1 to 1,000, default 1,000. */
  readonly maxKeys?: number;
}

export interface UpdatePeerConn {
  /** Selects the side; cannot be changed. */
  readonly localIfId: string;
  readonly localIfName?: string;
  readonly description?: string;
}

/**
 * Idempotency: the same token and request within 24 h of the last use has the same result; at most 64 ASCII characters.
 */
export interface TokenOption {
  readonly clientToken?: string;
}

export class PeerConnApi {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  /**
   * Asks for a link. Inside one account it is accepted by itself, across accounts the other side must. The token is
   * required by the cloud.
   */
  createPeerConn(
    input: CreatePeerConn,
    options: { readonly clientToken: string },
  ): Promise<{ readonly peerConnId: string }> {
    return this.#send({
      operation: 'CreatePeerConn',
      method: 'POST',
      path: ['peerconn'],
      body: input,
      clientToken: options.clientToken,
    });
  }

  /** One page of the sides that the account has in the region; with `vpcId` those of that VPC. */
  listPeerConn(query: ListQuery & { readonly vpcId?: string } = {}): Promise<WirePage<PeerConnRecord>> {
    return this.#send({
      operation: 'ListPeerConn',
      method: 'GET',
      path: ['peerconn'],
      query: { ...query },
    });
  }

  /**
   * @param role which side of a link inside one account and region; without it the cloud answers either one
   * @throws PeerwayError `NotFound`
   */
  async getPeerConn(peerConnId: string, role?: PeerConnRole): Promise<PeerConnRecord> {
    const record = await this.#send({
      operation: 'GetPeerConn',
      method: 'GET',
      path: ['peerconn', peerConnId],
      query: { role },
    });
    requireAsked('GetPeerConn', record.peerConnId, peerConnId);
    return record;
  }

  /** Changes the interface name and the description of one side. */
  updatePeerConn(peerConnId: string, input: UpdatePeerConn, options: TokenOption = {}): Promise<void> {
    return this.#put('UpdatePeerConn', peerConnId, { body: input, ...options });
  }

  /** Only by the acceptor and only while `consulting`. */
  acceptPeerConn(peerConnId: string, options: TokenOption = {}): Promise<void> {
    return this.#put('AcceptPeerConn', peerConnId, { action: 'accept', ...options });
  }

  /** Only by the acceptor and only while `consulting`; the initiator then sees `consult_failed`. */
  rejectPeerConn(peerConnId: string, options: TokenOption = {}): Promise<void> {
    return this.#put('RejectPeerConn', peerConnId, { action: 'reject', ...options });
  }

  /** Across accounts only by the initiator; not while prepaid time is left, nor with release protection on. */
  releasePeerConn(peerConnId: string, options: TokenOption = {}): Promise<void> {
    return this.#send({
      operation: 'ReleasePeerConn',
      method: 'DELETE',
      path: ['peerconn', peerConnId],
      ...options,
    });
  }

  /** Across accounts only by the initiator; Prepaid links only grow. */
  updatePeerConnBandwidth(peerConnId: string, newBandwidthInMbps: number, options: TokenOption = {}): Promise<void> {
    return this.#put('UpdatePeerConnBandwidth', peerConnId, {
      action: 'resize',
      body: { newBandwidthInMbps },
      ...options,
    });
  }

  /** Prolongs a Prepaid link; refused for Postpaid. Across accounts only by the initiator. */
  renewPeerConn(
    peerConnId: string,
    billing: { readonly reservation: Reservation },
    options: TokenOption = {},
  ): Promise<void> {
    return this.#put('RenewPeerConn', peerConnId, { action: 'purchaseReserved', body: { billing }, ...options });
  }

  /** Gives a Prepaid link back for what is left of its price; not across borders; only by the initiator. */
  refundPeerConn(peerConnId: string, options: TokenOption = {}): Promise<void> {
    return this.#put('RefundPeerConn', peerConnId, { action: 'refund', ...options });
  }

  /** Only while `active` and while the side's `dnsStatus` is not in motion. */
  openPeerConnSyncDns(peerConnId: string, role: PeerConnRole, options: TokenOption = {}): Promise<void> {
    return this.#put('OpenPeerConnSyncDns', peerConnId, { action: 'open', query: { role }, ...options });
  }

  closePeerConnSyncDns(peerConnId: string, role: PeerConnRole, options: TokenOption = {}): Promise<void> {
    return this.#put('ClosePeerConnSyncDns', peerConnId, { action: 'close', query: { role }, ...options });
  }

  /** While on, the cloud refuses to release the link. */
  updatePeerConnDeleteProtect(peerConnId: string, deleteProtect: boolean, options: TokenOption = {}): Promise<void> {
    return this.#send({
      operation: 'UpdatePeerConnDeleteProtect',
      method: 'PUT',
      path: ['peerconn', peerConnId, 'deleteProtect'],
      body: { deleteProtect },
      ...options,
    });
  }

  #put(
    operation: Acting,
    peerConnId: string,
    rest: Pick<BaiduRequest<Acting>, 'action' | 'query' | 'body' | 'clientToken'>,
  ): Promise<void> {
    return this.#send({ operation, method: 'PUT', path: ['peerconn', peerConnId], ...rest });
  }
}
