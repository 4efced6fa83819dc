/** VPCs, read only. */
import { type Call, type Cursor, type Network, type NetworkDriver, type NetworkId, type Page } from '@peerway/core';
import { VpcApi } from './wire/api/vpc.js';
import { networkOf } from './convert.js';
import type { Scope } from './scope.js';
import { isRefusal } from './wire/errors.js';
import { PAGE_SIZE } from './wire/paging.js';

export class BaiduNetworks implements NetworkDriver {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  async get(ids: readonly NetworkId[], call: Call): Promise<readonly Network[]> {
    const wanted = new Set<string>(ids);
    try {
      const page = await this.#api(call).queryVpcList({ vpcIds: ids.join(','), maxKeys: PAGE_SIZE });
      const vpcs = page.items.filter(({ vpcId }) => wanted.has(vpcId));
      this.#scope.recent.rememberVpcs(vpcs);
      return vpcs.map((record) => networkOf(record, this.#scope));
    } catch (error) {
      if (!isRefusal(error, 'NotFound')) throw error;
      // whether one unknown id spoils the whole answer is not documented; if it does, each is asked for by itself
      if (ids.length === 1) return [];
      const found: Network[] = [];
      for (const id of ids) found.push(...(await this.get([id], call)));
      return found;
    }
  }

  async list(cursor: Cursor, call: Call): Promise<Page<Network>> {
    const page = await this.#api(call).queryVpcList({ marker: cursor, maxKeys: PAGE_SIZE });
    this.#scope.recent.rememberVpcs(page.items);
    return { ...page, items: page.items.map((record) => networkOf(record, this.#scope)) };
  }

  #api(call: Call): VpcApi {
    return new VpcApi((request) => this.#scope.client.send(request, call));
  }
}
