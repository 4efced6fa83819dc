/** From networks to the routers that interfaces stand on. */
import { PeerwayError, type Call, type NetworkId, type RegionId } from '@peerway/core';
import type { OwnAccount } from '../account.js';
import type { Vpc } from '../wire/api/network.js';
import type { RouterInterface } from '../wire/api/routerInterface.js';
import type { AlibabaClient } from '../wire/client.js';
import { required } from '../convert.js';
import { PROVIDER } from '../wire/errors.js';

/** The routers of this account and region. A network has one from its beginning to its end, so each is asked about once at most. */
export class Routers {
  readonly #known = new Map<string, string>();

  constructor(
    private readonly client: AlibabaClient,
    private readonly region: RegionId,
    private readonly account: OwnAccount,
  ) {}

  /** Takes what VPCs tell that were read for another reason. */
  learn(vpcs: readonly Vpc[]): void {
    this.account.learn(vpcs);
    for (const { VpcId, VRouterId } of vpcs) if (VRouterId !== undefined) this.#known.set(VpcId, VRouterId);
  }

  /** Reads those that are not known yet, in one request. */
  async prepare(networks: readonly NetworkId[], call: Call): Promise<void> {
    const unknown = networks.filter((network) => !this.#known.has(network));
    if (unknown.length === 0) return;
    const answer = await this.client.vpc('DescribeVpcs', { RegionId: this.region, VpcId: unknown.join(',') }, call);
    const vpcs = answer.Vpcs.Vpc.filter(({ VpcId }) => unknown.some((network) => network === VpcId));
    this.learn(vpcs);
    for (const vpc of vpcs) required(vpc.VRouterId, `the router of ${vpc.VpcId}`);
  }

  /** Undefined when the network is not in this account and region. */
  async find(network: NetworkId, call: Call): Promise<string | undefined> {
    await this.prepare([network], call);
    return this.#known.get(network);
  }

  /** @throws PeerwayError `NotFound` when the network is not in this account and region */
  async of(network: NetworkId, call: Call): Promise<string> {
    const router = await this.find(network, call);
    if (router !== undefined) return router;
    throw new PeerwayError('NotFound', `The network ${network} is not in this account and region`, {
      provider: PROVIDER,
      resource: network,
    });
  }
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
