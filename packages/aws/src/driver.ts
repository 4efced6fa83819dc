/** The driver of one account in one region: its three parts over one client. */
import type { AccountId, Call, Connection, NativeToken, ProviderDriver } from '@peerway/core';
import { nativeClients } from './native.js';
import { AwsNetworks } from './networks.js';
import { AwsPeerings } from './peerings.js';
import { AwsRoutes } from './routes.js';
import type { Scope } from './scope.js';

export class AwsDriver implements ProviderDriver {
  readonly connections: readonly Connection[];
  readonly networks: AwsNetworks;
  readonly peerings: AwsPeerings;
  readonly routes: AwsRoutes;
  readonly #scope: Scope;
  readonly #natives: ReadonlyMap<NativeToken<unknown>, unknown>;

  constructor(scope: Scope) {
    this.#scope = scope;
    this.connections = scope.client.connections;
    this.networks = new AwsNetworks(scope);
    this.peerings = new AwsPeerings(scope);
    this.routes = new AwsRoutes(scope);
    this.#natives = nativeClients(scope.client);
  }

  ownAccount(call: Call): Promise<AccountId> {
    return this.#scope.account.get(call);
  }

  native<T>(token: NativeToken<T>): T | undefined {
    return this.#natives.get(token) as T | undefined;
  }

  async close(): Promise<void> {
    this.#scope.client.close();
  }
}
