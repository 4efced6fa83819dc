/** What cases about routes begin with, wherever they stand: two joined networks, and what a route of them needs. */
import assert from 'node:assert/strict';
import {
  type Cidr,
  type ItemOutcome,
  type NextHop,
  type PeeringId,
  type RouteRequest,
  type RouteTableId,
} from '@peerway/core';
import { only, present } from '../expectations.js';
import { A0, type CaseContext, type Site } from '../caseContext.js';

interface Joined {
  readonly from: Site;
  readonly to: Site;
  readonly table: RouteTableId;
  readonly hop: NextHop;
  readonly id: PeeringId;
}

/** A network that has prefixes of both families where the backend can make one. */
const dualStack = (context: CaseContext): Promise<Site> =>
  context.network(A0, context.offers('ipv6Networks') ? [context.unusedCidr(), context.unusedCidr6()] : undefined);

/** Two joined networks, and what a route of the first one needs. */
export async function joined(context: CaseContext, family: 'IPv4' | 'IPv6' = 'IPv4'): Promise<Joined> {
  const one = (): Promise<Site> => (family === 'IPv6' ? dualStack(context) : context.network(A0));
  const [from, to] = [await one(), await one()];
  const { id } = await context.connect(from, to);
  const hop = present((await context.read(A0, id, 'initiator')).initiator.nextHop, 'initiator.nextHop');
  return { from, to, id, hop, table: (await context.mainTable(from)).id };
}

/** Joins two networks of any two places and routes each to the other, with the keys and the next hop of its own side. */
export async function routedBothWays(context: CaseContext, from: Site, to: Site): Promise<void> {
  const { id } = await context.connect(from, to);
  for (const [own, other, side] of [
    [from, to, 'initiator'],
    [to, from, 'acceptor'],
  ] as const) {
    const nextHop = present((await context.read(own.place, id, side))[side].nextHop, `${side}.nextHop`);
    const { id: table } = await context.mainTable(own);
    const { routes } = await context.provider(own.place);
    await routes.create({ network: own.id, table, destination: other.cidrs[0], nextHop });
    const route = only(await context.routesOf(own), (one) => one.destination === other.cidrs[0], `the ${side}’s route`);
    assert.equal(route.state, 'active');
  }
}

export const toward = ({ from, table, hop }: Joined, destination: Cidr): RouteRequest => ({
  network: from.id,
  table,
  destination,
  nextHop: hop,
});

export const codes = (outcomes: readonly ItemOutcome[]): string[] =>
  outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code));
