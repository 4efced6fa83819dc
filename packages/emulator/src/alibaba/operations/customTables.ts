/** Custom route tables of a VPC. They hold entries like the system table, and route the vSwitches associated with them. */
import type { Call } from '../../machine/cloud.js';
import { refusal } from '../errors.js';
import { alibabaRules as rule } from '../rules.js';
import type { AlibabaState } from '../state.js';
import { storeSystemRoute } from './newVpc.js';
import { reachable } from './visibility.js';
import { requireIdle, requireTable } from './routeEntries.js';
import { vswitchesOf } from './tableAssociations.js';
import { newTags } from './tags.js';

export function createRouteTable(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const vpc = reachable(state.vpcs.get(input.text('VpcId')), call);
  if (vpc === undefined) throw refusal('InvalidVpcId.NotFound');
  if (vpc.status !== 'Available') throw refusal('IncorrectVpcStatus');
  const custom = state.routeTables.filter(({ scope, type }) => scope === vpc.id && type === 'Custom');
  if (custom.length >= state.services.rules.value(rule.customTablesPerVpc)) throw refusal('QuotaExceeded');
  requireIdle(state, vpc.id);
  const tags = newTags(input);
  const { account, region } = vpc;
  const table = state.routeTables.put({
    id: state.vpcId('vtb', region),
    account,
    region,
    router: vpc.router,
    routerType: 'VRouter',
    scope: vpc.id,
    type: 'Custom',
    ...(input.optionalText('AssociateType') === 'Gateway' ? { associateType: 'Gateway' as const } : {}),
    name: input.optionalText('RouteTableName') ?? '',
    description: input.optionalText('Description') ?? '',
    createdAt: call.now,
  });
  const hidden = {
    account,
    region,
    table: table.id,
    scope: vpc.id,
    destination: '100.64.0.0/10',
    hop: 'service',
  } as const;
  storeSystemRoute(state, hidden);
  state.setTags(call.caller.account, table.id, tags);
  return { RouteTableId: table.id };
}

export function deleteRouteTable(state: AlibabaState, call: Call): unknown {
  const table = requireTable(state, call, call.input.text('RouteTableId'));
  if (table.type === 'System') throw refusal('OperationDenied');
  const entries = state.routes.filter((route) => route.table === table.id);
  if (entries.some(({ type }) => type === 'Custom')) throw refusal('DependencyViolation.RouteEntry');
  if (vswitchesOf(state, table).length > 0) throw refusal('DependencyViolation.VSwitch');
  requireIdle(state, table.scope);
  for (const { id } of entries) state.routes.delete(id);
  state.routeTables.delete(table.id);
  state.dropTags(table.id);
  return {};
}
