/**
 * The typed escape hatch: `provider.native(token)` for the cloud's own operations, `nativeOf(object, token)` for its
 * own records.
 */
import {
  createCall,
  DEFAULT_RETRY_POLICY,
  NativeToken,
  rawApi,
  withRetry,
  type Clock,
  type Random,
  type RawApi,
} from '@peerway/core';
import { EtApi, EtGatewayApi } from './wire/api/etGateway.js';
import { PeerConnApi } from './wire/api/peerconn.js';
import type { EtGatewayRecord, PeerConnRecord, RouteRuleRecord, VpcRecord } from './wire/api/records.js';
import { RouteApi } from './wire/api/route.js';
import { VpcApi } from './wire/api/vpc.js';
import type { BaiduClient, Send } from './wire/client.js';
import { PROVIDER } from './wire/errors.js';

/** Peer connections: prepaid billing, renewal, refund, interface names, DNS synchronisation, release protection. */
export const baiduPeerconn = new NativeToken<PeerConnApi>('baidu.peerconn');
/** Route rules: update, several next hops, exchange of active and standing-by. */
export const baiduRoute = new NativeToken<RouteApi>('baidu.route');
/** VPCs, subnets, relay. */
export const baiduVpc = new NativeToken<VpcApi>('baidu.vpc');
/** Dedicated-line gateways: update, health checks. */
export const baiduEtGateway = new NativeToken<EtGatewayApi>('baidu.etGateway');
/** Physical lines and their channels, to look at. */
export const baiduEt = new NativeToken<EtApi>('baidu.et');

/** Records behind neutral objects. */
export const baiduPeerconnRecord = new NativeToken<PeerConnRecord>('baidu.peerconn.record');
export const baiduVpcRecord = new NativeToken<VpcRecord>('baidu.vpc.record');
export const baiduRouteRuleRecord = new NativeToken<RouteRuleRecord>('baidu.route.record');
export const baiduEtGatewayRecord = new NativeToken<EtGatewayRecord>('baidu.etGateway.record');

/**
 * The operations behind each token, over a client that repeats what is safe to repeat: reads, and writes that carry a
 * token.
 */
export function nativeClients(
  client: BaiduClient,
  time: { readonly clock: Clock; readonly random: Random },
): ReadonlyMap<NativeToken<unknown>, unknown> {
  const send: Send = (request) => {
    const { signal } = new AbortController();
    const call = createCall(PROVIDER, { signal, readOnly: false });
    const repeatable = request.method === 'GET' || request.clientToken !== undefined;
    return withRetry({ ...time, policy: DEFAULT_RETRY_POLICY, signal, repeatable }, () =>
      time.clock.during(client.send(request, call)),
    );
  };
  const raw: RawApi = {
    send: (request, { signal = new AbortController().signal } = {}) =>
      time.clock.during(client.raw(request, createCall(PROVIDER, { signal, readOnly: false }))),
  };
  return new Map<NativeToken<unknown>, unknown>([
    [rawApi, raw],
    [baiduPeerconn, new PeerConnApi(send)],
    [baiduRoute, new RouteApi(send)],
    [baiduVpc, new VpcApi(send)],
    [baiduEtGateway, new EtGatewayApi(send)],
    [baiduEt, new EtApi(send)],
  ]);
}
