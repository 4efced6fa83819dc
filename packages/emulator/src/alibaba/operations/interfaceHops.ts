/** Router interfaces as next hops (docs/facts/alibaba.md 3.2). */
import type { Range } from '../../machine/cidr.js';
import { refusal, refuseByRule } from '../errors.js';
import type { RouteTableRecord } from '../records.js';
import { alibabaRules as rule } from '../rules.js';
import type { AlibabaState } from '../state.js';

export function checkInterfaceHop(state: AlibabaState, table: RouteTableRecord, id: string, range: Range): void {
  const { rules } = state.services;
  if (table.routerType === 'VBR') {
    const vbr = state.borderRouters.get(table.router);
    if (vbr?.status !== 'active') throw refusal('InvalidVBRStatus');
    refuseByRule(rules, rule.portBusinessNormal);
    // the hidden interface toward the customer is always up
    if (vbr.vlanInterface === id) return;
  }
  const hop = state.interfaces.get(id);
  if (hop === undefined || hop.account !== table.account || hop.region !== table.region)
    throw refusal('InvalidNextHop.NotFound');
  if (hop.router !== table.router) throw refusal('OperationDenied.RouterInterfaceToDifferentVpc');
  if (range.version === 6) throw refusal('OperationDenied.RouterInterfaceIpv6NotEnabled');
  if (hop.status === 'Active') return;
  if (hop.status === 'Idle' && (hop.routerType === 'VBR' || hop.opposite.routerType === 'VBR'))
    throw refusal('OperationDenied.VbrIdle');
  if (hop.status === 'Idle' && rules.value(rule.routeToIdleInterface) === 'accepted') return;
  throw refusal('IncorrectStatus.RouterInterface', 'RouterInterface', id);
}
