/** What was read a moment ago, by the plan that is being applied or by a wait: a step that asks for a change need not read it again. */
import {
  otherSide,
  PEERING_SIDES,
  routeTraits,
  type Clock,
  type Link,
  type LinkId,
  type NetworkId,
} from '@peerway/core';
import type { NextHop, Peering, PeeringId, PeeringSide, Route, RouteTableId } from '@peerway/core';
import type { PlanStep } from '../plan/plan.js';
import type { SeenLink, SeenPeering, World } from '../world/seen.js';

/** How old the readings of tables may be that spare a look at them before traffic is stopped. */
const ROUTES_HOLD_MS = 10_000;

interface TableReading {
  readonly at: number;
  readonly routes: readonly Route[];
}

/** A peering that the plan in hand ends, as one of its ends names it. */
export interface GoingPeering {
  readonly id: PeeringId;
  readonly mechanism: string;
  readonly side: PeeringSide;
  /** The entry of that side. */
  readonly provider: string;
  /** The other end is another entry's. */
  readonly split: boolean;
}

/** The part of a world that the deletions of a plan begin with. */
export interface SeenByPlan {
  readonly peerings: readonly SeenPeering[];
  readonly links: readonly SeenLink[];
  /** The tables of each network, by provider entry and network. */
  readonly tables: ReadonlyMap<string, readonly RouteTableId[]>;
}

/** The rest of the world is not kept: it may be large, and a plan may be kept for long. */
export function seenByPlan(steps: readonly PlanStep[], { pairs, links, byKey }: World): SeenByPlan {
  const going = new Set(
    steps.flatMap(({ work }) =>
      work.verb === 'peering.delete' ? work.peering : work.verb === 'link.delete' ? work.link : [],
    ),
  );
  if (going.size === 0) return { peerings: [], links: [], tables: new Map() };
  return {
    peerings: [...pairs.values()].flat().filter(({ peering }) => going.has(peering.id)),
    links: links.filter(({ link }) => going.has(link.id)),
    tables: new Map(
      [...byKey.values()].map(({ provider, id, tables }) => [
        `${provider.name} ${id}`,
        tables.map((table) => table.id),
      ]),
    ),
  };
}

export class Readings {
  readonly #peerings = new Map<string, Peering>();
  readonly #links = new Map<string, Link>();
  /** By provider entry and next hop. */
  readonly #going = new Map<string, GoingPeering>();
  /** By provider entry and network: every table that the network has, and what a wait has seen in it. */
  readonly #tables = new Map<string, Map<RouteTableId, TableReading | undefined>>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** Takes what a plan has seen in the place of everything before. */
  rememberPlanned({ peerings, links, tables }: SeenByPlan): void {
    for (const kept of [this.#peerings, this.#links, this.#going, this.#tables]) kept.clear();
    for (const { peering, providers } of peerings)
      for (const side of PEERING_SIDES) {
        const provider = providers[side]?.name;
        if (provider === undefined) continue;
        this.rememberPeerings(provider, [peering]);
        const { id, mechanism } = peering;
        const other = providers[otherSide(side)]?.name;
        const going = { id, mechanism, side, provider, split: other !== undefined && other !== provider };
        this.#going.set(`${provider} ${peering[side].nextHop?.id ?? ''}`, going);
      }
    for (const { link, provider } of links) this.rememberLinks(provider.name, [link]);
    for (const [network, ids] of tables) this.#tables.set(network, new Map(ids.map((id) => [id, undefined])));
  }

  rememberPeerings(provider: string, peerings: readonly Peering[]): void {
    for (const peering of peerings) this.#peerings.set(`${provider} ${peering.mechanism} ${peering.id}`, peering);
  }

  rememberLinks(provider: string, links: readonly Link[]): void {
    for (const link of links) this.#links.set(`${provider} ${link.id}`, link);
  }

  /** @param routes every one of the table; undefined: some could not be read */
  rememberTable(provider: string, network: NetworkId, table: RouteTableId, routes: readonly Route[] | undefined): void {
    this.#tables
      .get(`${provider} ${network}`)
      ?.set(table, routes === undefined ? undefined : { at: this.clock.now(), routes });
  }

  /** As it was last seen through this provider entry; what changed since is the cloud's to refuse. */
  peering(provider: string, mechanism: string, id: PeeringId): Peering | undefined {
    return this.#peerings.get(`${provider} ${mechanism} ${id}`);
  }

  /** The peering that a next hop of this entry's networks leads to, where the plan in hand ends it. */
  goingBy(provider: string, { id }: NextHop): GoingPeering | undefined {
    return this.#going.get(`${provider} ${id}`);
  }

  link(provider: string, id: LinkId): Link | undefined {
    return this.#links.get(`${provider} ${id}`);
  }

  /** True when waits have read every table of the network just now, and none of its routes points at one of the hops. */
  unrouted(provider: string, network: NetworkId | undefined, hops: readonly (NextHop | undefined)[]): boolean {
    const tables = [...(this.#tables.get(`${provider} ${network ?? ''}`)?.values() ?? [])];
    const ids = new Set(hops.flatMap((hop) => hop?.id ?? []));
    if (tables.length === 0 || ids.size === 0) return false;
    const now = this.clock.now();
    return tables.every(
      (table) =>
        table !== undefined &&
        now - table.at <= ROUTES_HOLD_MS &&
        !table.routes.some(({ nextHop, state }) => ids.has(nextHop.id) && !routeTraits(state).leaving),
    );
  }
}
