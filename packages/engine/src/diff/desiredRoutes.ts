/** The routes that a declaration asks for: every prefix of the other side, or the listed ones, in every table we write to. */
import type { Cidr, NetworkId, Provider } from '@peerway/core';
import type { EdgePlan } from './peerings.js';
import { destinationsOf } from '../world/destinations.js';
import type { HopSource, TableSource } from '../plan/plan.js';

export interface DesiredRoute {
  readonly connection: string;
  /** The network whose table it stands in. */
  readonly name: string;
  readonly key: string;
  readonly network: NetworkId;
  readonly provider: Provider;
  readonly table: TableSource;
  readonly destination: Cidr;
  /** Undefined: not known, and no step will tell. */
  readonly hop: HopSource | undefined;
  /** The step after which the next hop carries traffic. */
  readonly after?: string;
  /** False: leave what is there, the peering or link cannot be had now. */
  readonly usable: boolean;
  /** An unmarked route exactly like this came with an adopted peering and is ours. */
  readonly adopted: boolean;
  /** For messages: what the destination belongs to. */
  readonly toward: string;
  /** True when the peering or link was there before: a missing route is then drift of its own. */
  readonly established: boolean;
  /** True for the first prefix of the other network. */
  readonly primary: boolean;
}

export function desiredRoutes(plans: readonly EdgePlan[]): DesiredRoute[] {
  const out: DesiredRoute[] = [];
  for (const plan of plans) {
    const { edge, initiator, acceptor } = plan;
    for (const [name, mine, other] of [
      [edge.initiator, initiator, acceptor],
      [edge.acceptor, acceptor, initiator],
    ] as const) {
      if (mine.provider.capabilities.routes.features.explicit.status !== 'supported') continue;
      const hop = plan.hop(name);
      const mechanism = plan.kept?.peering.mechanism;
      for (const [at, destination] of destinationsOf(edge, mine, other, mechanism).entries()) {
        for (const table of mine.tables) {
          if (!table.written) continue;
          out.push({
            connection: edge.connection,
            name: mine.name,
            key: mine.key,
            network: mine.id,
            provider: mine.provider,
            table: { kind: 'known', table: table.id },
            destination,
            hop,
            usable: plan.usable,
            adopted: plan.adopted,
            toward: other.name,
            established: plan.kept !== undefined,
            primary: at === 0,
            ...(plan.step === undefined ? {} : { after: plan.step }),
          });
        }
      }
    }
  }
  return out;
}
