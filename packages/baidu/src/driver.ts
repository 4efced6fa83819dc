/** One account in one region of Baidu AI Cloud: a client and the drivers over it. */
import type {
  LinkDriver,
  NativeToken,
  NetworkDriver,
  PeeringDriver,
  ProviderContext,
  ProviderDriver,
  RouteDriver,
} from '@peerway/core';
import { accountOf } from './account.js';
import { BaiduClient } from './wire/client.js';
import type { Standpoint } from './convert.js';
import { findCredentials } from './wire/credentials.js';
import { BaiduLinkDriver } from './links.js';
import { nativeClients } from './native.js';
import { BaiduNetworkDriver } from './networks.js';
import type { BaiduOptions } from './options.js';
import { BaiduPeeringDriver } from './peerings.js';
import { endpointOf } from './wire/regions.js';
import { BaiduRouteDriver } from './routes.js';

class BaiduDriver implements ProviderDriver {
  readonly networks: NetworkDriver;
  readonly peerings: PeeringDriver;
  readonly routes: RouteDriver;
  readonly links: LinkDriver;
  readonly #client: BaiduClient;
  readonly #natives: ReadonlyMap<NativeToken<unknown>, unknown>;

  constructor(client: BaiduClient, standpoint: Standpoint, context: ProviderContext<BaiduOptions>) {
    this.networks = new BaiduNetworkDriver(client, standpoint);
    this.peerings = new BaiduPeeringDriver(client, standpoint, context.options);
    this.routes = new BaiduRouteDriver(client);
    this.links = new BaiduLinkDriver(client, standpoint, context.options);
    this.#client = client;
    this.#natives = nativeClients(client, context);
  }

  native<T>(token: NativeToken<T>): T | undefined {
    return this.#natives.get(token) as T | undefined;
  }

  async close(): Promise<void> {
    this.#client.close();
  }
}

/** Finds the keys and the address; sends nothing. @throws PeerwayError `Unauthenticated`, `InvalidArgument` */
export async function createBaiduDriver(context: ProviderContext<BaiduOptions>): Promise<BaiduDriver> {
  const credentials = await findCredentials(context);
  const { region, options, clock, redactor } = context;
  redactor.add(credentials.accessKeySecret);
  redactor.add(credentials.securityToken);
  const client = new BaiduClient({
    endpoint: endpointOf(region, context.endpoint),
    credentials,
    clock,
    timeoutMs: options.requestTimeoutMs,
    redactor,
  });
  const account = accountOf(context.account, credentials.accessKeyId);
  return new BaiduDriver(client, { account, region, timestampOffsetMinutes: options.timestampOffsetMinutes }, context);
}
