/** Route tables and rules by the cloud's own names. Source: docs/facts/baidu.md 3.4 (vendor's API pages), checked 2026-11. */
import type { CreatedRoute, WirePage } from '../answers.js';
import type { Send } from '../client.js';
import { contradiction, requireAsked } from '../errors.js';
import type { ListQuery, TokenOption } from './peerconn.js';
import type { RouteRuleRecord, RouteTableRecord } from './records.js';

/** Note the cloud's spelling: `nexthopId` and `nexthopType`, but `nextHopList`. */
export interface NextHopRecord {
  readonly nexthopId: string;
  readonly nexthopType: string;
  readonly pathType?: 'ecmp' | 'ha:active' | 'ha:standby';
}

export type CreateRouteRule = {
  readonly routeTableId: string;
  /** `0.0.0.0/0`, or a range inside a subnet of the VPC (any range when the VPC is a relay). */
  readonly sourceAddress: string;
  /** Must not overlap the VPC unless either is `0.0.0.0/0`. */
  readonly destinationAddress: string;
  /** Up to 200 characters. */
  readonly description?: string;
} & (
  | { readonly nexthopType: string; readonly nexthopId: string }
  /** Several dedicated-line gateways, sharing the load or one standing by. */
  | { readonly nextHopList: readonly NextHopRecord[] }
);

export interface UpdateRouteRule {
  readonly sourceAddress?: string;
  readonly destinationAddress?: string;
  /** Of the same type as before. */
  readonly nexthopId?: string;
  readonly description?: string;
}

export class RouteApi {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  /** A table with all its rules in one answer. @throws PeerwayError `NotFound` */
  async queryRoutingTable(
    of: { readonly routeTableId: string } | { readonly vpcId: string },
  ): Promise<RouteTableRecord> {
    const operation = 'QueryRoutingTable';
    const record = await this.#send({ operation, method: 'GET', path: ['route'], query: of });
    if ('routeTableId' in of) requireAsked(operation, record.routeTableId, of.routeTableId);
    else if (record.vpcId !== undefined) requireAsked(operation, record.vpcId, of.vpcId);
    requireTable(operation, record.routeTableId, record.routeRules);
    return record;
  }

  async queryRoutingRules(
    query: ListQuery & ({ readonly routeTableId: string } | { readonly vpcId: string }),
  ): Promise<WirePage<RouteRuleRecord>> {
    const operation = 'QueryRoutingRules';
    const page = await this.#send({ operation, method: 'GET', path: ['route', 'rule'], query: { ...query } });
    if ('routeTableId' in query) requireTable(operation, query.routeTableId, page.items);
    return page;
  }

  /** Answers `routeRuleId`, or `routeRuleIds` for several next hops. */
  createRoutingRule(input: CreateRouteRule, options: TokenOption = {}): Promise<CreatedRoute> {
    return this.#send({
      operation: 'CreateRoutingRules',
      method: 'POST',
      path: ['route', 'rule'],
      body: input,
      ...options,
    });
  }

  /** Single-path rules only; the type of the next hop stays. */
  updateRoutingRule(routeRuleId: string, input: UpdateRouteRule, options: TokenOption = {}): Promise<void> {
    return this.#send({
      operation: 'UpdateRoutingRules',
      method: 'PUT',
      path: ['route', 'rule', routeRuleId],
      body: input,
      ...options,
    });
  }

  deleteRoutingRule(routeRuleId: string, options: TokenOption = {}): Promise<void> {
    return this.#send({
      operation: 'DeleteRoutingRules',
      method: 'DELETE',
      path: ['route', 'rule', routeRuleId],
      ...options,
    });
  }

  /** Exchanges the active and the standing-by next hop of a rule. */
  switchRouteHa(routeRuleId: string, options: TokenOption = {}): Promise<void> {
    return this.#send({
      operation: 'ActiveStandbySwitchover',
      method: 'PUT',
      path: ['route', 'rule', routeRuleId],
      action: 'switchRouteHA',
      ...options,
    });
  }
}

/** What is changed as a rule of one table must not be another one's. */
function requireTable(operation: string, table: string, rules: readonly RouteRuleRecord[]): void {
  const other = rules.find(({ routeTableId }) => routeTableId !== table);
  if (other !== undefined)
    throw contradiction(operation, `it holds a rule of ${other.routeTableId}, and ${table} was asked for`);
}
