/** Two joined networks ready for routes: what every case about routes begins with. */
import {
  type Cidr,
  type ItemOutcome,
  type NextHop,
  type PeeringId,
  type RouteRequest,
  type RouteTableId,
} from '@peerway/core';
import { present } from '../expectations.js';
import { A0, type Lab, type Site } from '../lab.js';

export interface Joined {
  readonly from: Site;
  readonly to: Site;
  readonly table: RouteTableId;
  readonly hop: NextHop;
  readonly id: PeeringId;
}

/** Two joined networks, and what a route of the first one needs. */
export async function joined(lab: Lab): Promise<Joined> {
  const [from, to] = [await lab.network(A0), await lab.network(A0)];
  const { id } = await lab.connect(from, to);
  const hop = present((await lab.read(A0, id, 'initiator')).initiator.nextHop, 'initiator.nextHop');
  return { from, to, id, hop, table: (await lab.mainTable(from)).id };
}

export const toward = ({ from, table, hop }: Joined, destination: Cidr): RouteRequest => ({
  network: from.id,
  table,
  destination,
  nextHop: hop,
});

export const codes = (outcomes: readonly ItemOutcome[]): string[] =>
  outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code));
