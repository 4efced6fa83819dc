/** From networks to the routers that interfaces stand on. */
import { PeerwayError, type Call, type NetworkId } from '@peerway/core';
import type { Vpc } from '../wire/api/network.js';
import { required } from '../convert.js';
import type { Scope } from '../scope.js';
import { PROVIDER } from '../wire/errors.js';

/** Those of the networks that are in this account and region. */
export async function readVpcs(
  { client, region, account }: Scope,
  ids: readonly string[],
  call: Call,
): Promise<readonly Vpc[]> {
  const answer = await client.vpc('DescribeVpcs', { RegionId: region, VpcId: ids.join(',') }, call);
  const vpcs = answer.Vpcs.Vpc.filter((vpc) => ids.includes(vpc.VpcId));
  account.learn(vpcs);
  return vpcs;
}

/** @throws PeerwayError `NotFound` when the network is not among those read */
export function routerOf(vpcs: readonly Vpc[], network: NetworkId): string {
  const vpc = vpcs.find((candidate) => candidate.VpcId === network);
  if (vpc !== undefined) return required(vpc.VRouterId, `the router of ${network}`);
  throw new PeerwayError('NotFound', `The network ${network} is not in this account and region`, {
    provider: PROVIDER,
    resource: network,
  });
}
