/** VPCs, read only. */
import {
  networkId,
  readEach,
  type Call,
  type Cursor,
  type Network,
  type NetworkDriver,
  type NetworkId,
  type Page,
} from '@peerway/core';
import { networkOf, tagsOf } from './convert.js';
import type { Scope } from './scope.js';
import { nextOf, PAGE_SIZE } from './wire/paging.js';

export class AwsNetworks implements NetworkDriver {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** By a filter: named as ids, one that is not there would spoil the whole answer. */
  async get(ids: readonly NetworkId[], call: Call): Promise<readonly Network[]> {
    const wanted = new Set<string>(ids);
    const { Vpcs } = await this.#scope.client.send(
      'DescribeVpcs',
      { Filters: [{ Name: 'vpc-id', Values: [...ids] }] },
      call,
    );
    return Vpcs.filter(({ VpcId }) => wanted.has(VpcId)).map((record) => networkOf(record, this.#scope.region));
  }

  async list(cursor: Cursor, call: Call): Promise<Page<Network>> {
    const page = await this.#scope.client.send('DescribeVpcs', { MaxResults: PAGE_SIZE, NextToken: cursor }, call);
    const listed = readEach(
      page.Vpcs,
      (record) => networkOf(record, this.#scope.region),
      ({ VpcId, Tags }) => ({ id: VpcId, networks: [networkId(VpcId)], description: '', tags: tagsOf(Tags) }),
    );
    return { ...listed, ...nextOf(page) };
  }
}
