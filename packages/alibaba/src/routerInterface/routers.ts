/** From networks to the routers that interfaces stand on. */
import { PeerwayError, type Call, type NetworkId } from '@peerway/core';
import type { Vpc } from '../wire/api/network.js';
import type { RouterInterface } from '../wire/api/routerInterface.js';
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

/** What one interface says of the networks of routers: of its own and of the one that it faces. */
const statementsOf = (half: RouterInterface): readonly (readonly [router: string, network: string])[] =>
  [
    [half.RouterId, half.VpcInstanceId ?? ''] as const,
    [half.OppositeRouterId ?? '', half.OppositeVpcInstanceId ?? ''] as const,
  ].filter(([router, network]) => router !== '' && network !== '');

/**
 * Holds interfaces to each other: a router is one network's for its whole life, and both halves of a pair tell of both routers.
 * @returns throws for an interface that says of a router what another one of the listing contradicts
 * @throws PeerwayError `Unknown`
 */
export function requireOneNetworkPerRouter(all: readonly RouterInterface[]): (half: RouterInterface) => void {
  const networks = new Map<string, Set<string>>();
  for (const [router, network] of all.flatMap(statementsOf))
    networks.set(router, (networks.get(router) ?? new Set()).add(network));
  return (half) => {
    for (const [router] of statementsOf(half)) {
      const said = [...(networks.get(router) ?? [])];
      if (said.length < 2) continue;
      throw new PeerwayError('Unknown', `Alibaba Cloud says that ${router} is the router of ${said.join(' and of ')}`, {
        provider: PROVIDER,
        resource: half.RouterInterfaceId,
        remedy: 'Run again; if it happens again, report it to the cloud.',
      });
    }
  };
}
