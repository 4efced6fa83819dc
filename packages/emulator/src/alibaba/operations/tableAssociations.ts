/** Which vSwitch uses which route table: the system table of its VPC until a custom one is associated with it. */
import type { Call } from '../../machine/cloud.js';
import { refusal } from '../errors.js';
import type { RouteTableRecord, VSwitchRecord } from '../records.js';
import { alibabaRules as rule } from '../rules.js';
import type { AlibabaState } from '../state.js';
import { requireIdle, requireTable } from './routeEntries.js';
import { reachable } from './visibility.js';

export const systemTable = (state: AlibabaState, vpc: string): RouteTableRecord | undefined =>
  state.routeTables.find(({ scope, type }) => scope === vpc && type === 'System');

/** The table that routes a vSwitch. */
export function tableOf(state: AlibabaState, vswitch: VSwitchRecord): RouteTableRecord | undefined {
  const custom = vswitch.routeTable === undefined ? undefined : state.routeTables.get(vswitch.routeTable);
  return custom ?? systemTable(state, vswitch.vpc);
}

/** The vSwitches that a table routes. */
export function vswitchesOf(state: AlibabaState, table: RouteTableRecord): readonly string[] {
  return state.vswitches
    .filter((vswitch) => vswitch.vpc === table.scope && tableOf(state, vswitch)?.id === table.id)
    .map(({ id }) => id);
}

interface Pair {
  readonly table: RouteTableRecord;
  readonly vswitch: VSwitchRecord;
}

/** A custom table and a vSwitch of one VPC, neither in the middle of anything. */
function requirePair(state: AlibabaState, call: Call): Pair {
  const table = requireTable(state, call, call.input.text('RouteTableId'));
  const vswitch = reachable(state.vswitches.get(call.input.text('VSwitchId')), call);
  if (vswitch === undefined) throw refusal('InvalidVSwitchId.NotFound');
  if (table.type === 'System' || table.scope !== vswitch.vpc) throw mismatch(state);
  if (vswitch.status !== 'Available') throw refusal('IncorrectVSwitchStatus');
  return { table, vswitch };
}

const mismatch = (state: AlibabaState) =>
  refusal(state.services.rules.value(rule.tableAssociationCode), 'RouteTableId');

export function associateRouteTable(state: AlibabaState, call: Call): unknown {
  const { table, vswitch } = requirePair(state, call);
  if (vswitch.routeTable === table.id || table.associateType === 'Gateway') throw mismatch(state);
  requireIdle(state, vswitch.vpc);
  state.vswitchLife.begin(state.vswitches.put({ ...vswitch, routeTable: table.id }), 'change-table');
  return {};
}

export function unassociateRouteTable(state: AlibabaState, call: Call): unknown {
  const { table, vswitch } = requirePair(state, call);
  if (vswitch.routeTable !== table.id) throw mismatch(state);
  requireIdle(state, vswitch.vpc);
  const { routeTable: _, ...onSystemTable } = vswitch;
  state.vswitchLife.begin(state.vswitches.put(onSystemTable), 'change-table');
  return {};
}
