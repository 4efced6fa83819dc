/**
 * What Alibaba Cloud has and the neutral model has not, in a typed way: `provider.native(alibabaRpc)` gives the vendor's own
 * operations over the same signed, redacted client; the other tokens give the vendor's record behind a neutral object.
 */
import { createCall, NativeToken, rawApi, type RawApi } from '@peerway/core';
import type { RouteEntry, Vpc } from './wire/api/network.js';
import type { RouterInterface } from './wire/api/routerInterface.js';
import type { VirtualBorderRouter } from './wire/api/borderRouter.js';
import type { VpcPeerConnection } from './wire/api/vpcPeer.js';
import type { VpcPeerOperations } from './wire/api/vpcPeer.js';
import type { VpcOperations } from './wire/api/vpc.js';
import type { AlibabaClient } from './wire/client.js';
import { PROVIDER } from './wire/errors.js';

export interface NativeOptions {
  readonly signal?: AbortSignal;
}

/** One request each; no retry, no wait, no validation but the cloud's. Throws PeerwayErrors. */
export interface AlibabaRpc {
  /** The region of the provider entry, for `RegionId`. */
  readonly region: string;
  vpc<K extends keyof VpcOperations>(
    action: K,
    request: VpcOperations[K]['request'],
    options?: NativeOptions,
  ): Promise<VpcOperations[K]['response']>;
  vpcPeer<K extends keyof VpcPeerOperations>(
    action: K,
    request: VpcPeerOperations[K]['request'],
    options?: NativeOptions,
  ): Promise<VpcPeerOperations[K]['response']>;
}

/** Every VpcPeer, router interface, route, border router and tag operation, typed by name. */
export const alibabaRpc = new NativeToken<AlibabaRpc>('alibaba.rpc');
/** Behind a Network. */
export const alibabaVpc = new NativeToken<Vpc>('alibaba.vpc');
/** Behind a Peering of the mechanism `vpc-peer`: LinkType, ResourceGroupId, ManagedService. */
export const alibabaVpcPeer = new NativeToken<VpcPeerConnection>('alibaba.vpcPeer');
/** Behind a Peering of the mechanism `router-interface`: whichever of the two interfaces the reading saw. */
export const alibabaRouterInterfaces = new NativeToken<{
  readonly initiator?: RouterInterface;
  readonly acceptor?: RouterInterface;
}>('alibaba.routerInterfaces');
/** Behind a Route. */
export const alibabaRouteEntry = new NativeToken<RouteEntry>('alibaba.routeEntry');
/** Behind a Link. */
export const alibabaBorderRouter = new NativeToken<VirtualBorderRouter>('alibaba.borderRouter');
/** Behind a Link too: its two router interfaces, as far as they are there. */
export const alibabaLinkInterfaces = new NativeToken<{
  readonly edge?: RouterInterface;
  readonly network?: RouterInterface;
}>('alibaba.linkInterfaces');

/** The operations behind each token. */
export function nativeClients(client: AlibabaClient, region: string): ReadonlyMap<NativeToken<unknown>, unknown> {
  const call = (options: NativeOptions | undefined) =>
    createCall(PROVIDER, { signal: options?.signal ?? new AbortController().signal, readOnly: false });
  const rpc: AlibabaRpc = {
    region,
    vpc: (action, request, options) => client.vpc(action, request, call(options)),
    vpcPeer: (action, request, options) => client.vpcPeer(action, request, call(options)),
  };
  const raw: RawApi = { send: (request, options) => client.raw(request, call(options)) };
  return new Map<NativeToken<unknown>, unknown>([
    [alibabaRpc, rpc],
    [rawApi, raw],
  ]);
}
