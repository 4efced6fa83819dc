/** The driver of one account in one region: its four parts over one client. */
import type { AccountId, Call, Connection, NativeToken, ProviderDriver } from '@peerway/core';
import { nativeClients } from './native.js';
import { LinkEnds } from './linkEnds.js';
import { AlibabaLinks } from './links.js';
import { AlibabaNetworks } from './networks.js';
import { AlibabaPeerings } from './peerings.js';
import { AlibabaRoutes } from './routes.js';
import type { Scope } from './scope.js';

export class AlibabaDriver implements ProviderDriver {
  readonly networks: AlibabaNetworks;
  readonly peerings: AlibabaPeerings;
  readonly routes: AlibabaRoutes;
  readonly links: AlibabaLinks;
  readonly connections: readonly Connection[];
  readonly #scope: Scope;
  readonly #natives: ReadonlyMap<NativeToken<unknown>, unknown>;

  constructor(scope: Scope) {
    this.#scope = scope;
    this.#natives = nativeClients(scope.client, scope.region);
    this.connections = scope.client.connections;
    this.networks = new AlibabaNetworks(scope);
    this.peerings = new AlibabaPeerings(scope);
    this.routes = new AlibabaRoutes(scope);
    this.links = new AlibabaLinks(LinkEnds.inside(scope));
  }

  ownAccount(call: Call): Promise<AccountId> {
    return this.#scope.account.ask(call);
  }

  native<T>(token: NativeToken<T>): T | undefined {
    return this.#natives.get(token) as T | undefined;
  }

  async close(): Promise<void> {
    this.#scope.client.close();
  }
}
