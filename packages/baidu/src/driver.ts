/** The driver of one account in one region: its four parts over one client. */
import type { Clock, Connection, NativeToken, ProviderDriver, Random } from '@peerway/core';
import { BaiduLinks } from './links.js';
import { nativeClients } from './native.js';
import { BaiduNetworks } from './networks.js';
import { BaiduPeerings } from './peerings.js';
import { BaiduRoutes } from './routes.js';
import type { Scope } from './scope.js';

export class BaiduDriver implements ProviderDriver {
  readonly connections: readonly Connection[];
  readonly networks: BaiduNetworks;
  readonly peerings: BaiduPeerings;
  readonly routes: BaiduRoutes;
  readonly links: BaiduLinks;
  readonly #scope: Scope;
  readonly #natives: ReadonlyMap<NativeToken<unknown>, unknown>;

  /** @param time what the repetitions of the escape hatch wait by */
  constructor(scope: Scope, time: { readonly clock: Clock; readonly random: Random }) {
    this.#scope = scope;
    this.connections = scope.client.connections;
    this.networks = new BaiduNetworks(scope);
    this.peerings = new BaiduPeerings(scope);
    this.routes = new BaiduRoutes(scope);
    this.links = new BaiduLinks(scope);
    this.#natives = nativeClients(scope.client, time);
  }

  native<T>(token: NativeToken<T>): T | undefined {
    return this.#natives.get(token) as T | undefined;
  }

  async close(): Promise<void> {
    this.#scope.client.close();
  }
}
