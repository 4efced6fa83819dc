/** VPCs as neutral networks: DescribeVpcs and nothing else. */
import {
  networkId,
  readEach,
  type Call,
  type Cursor,
  type Network,
  type NetworkDriver,
  type NetworkId,
  type Page,
  type Unreadable,
} from '@peerway/core';
import type { Vpc } from './wire/api/network.js';
import { networkOf } from './convert.js';
import { nextPage, pageOf } from './wire/paging.js';
import type { Scope } from './scope.js';

export class AlibabaNetworks implements NetworkDriver {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  async get(ids: readonly NetworkId[], call: Call): Promise<readonly Network[]> {
    const { client, region, routers } = this.#scope;
    const request = { RegionId: region, VpcId: ids.join(','), ...pageOf(undefined) };
    const vpcs = (await client.vpc('DescribeVpcs', request, call)).Vpcs.Vpc;
    routers.learn(vpcs);
    const wanted = new Set<string>(ids);
    return vpcs.filter(({ VpcId }) => wanted.has(VpcId)).map((vpc) => networkOf(vpc, region));
  }

  async list(cursor: Cursor, call: Call): Promise<Page<Network>> {
    const { client, region, routers } = this.#scope;
    const answer = await client.vpc('DescribeVpcs', { RegionId: region, ...pageOf(cursor) }, call);
    const vpcs = answer.Vpcs.Vpc;
    routers.learn(vpcs);
    const read = (vpc: Vpc): Network => networkOf(vpc, region);
    const about = (vpc: Vpc): Omit<Unreadable, 'error'> => ({
      id: vpc.VpcId,
      networks: [networkId(vpc.VpcId)],
      description: vpc.Description ?? '',
      tags: {},
    });
    return { ...readEach(vpcs, read, about), ...nextPage('DescribeVpcs', cursor, answer, vpcs.length) };
  }
}
