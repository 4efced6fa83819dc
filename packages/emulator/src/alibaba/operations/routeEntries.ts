/** Creating and deleting route entries, one or up to fifty at a time; changes are serial per VPC. */
import type { Call } from '../../machine/cloud.js';
import { contains, overlap, parseRange, sameRange } from '../../machine/cidr.js';
import type { Range } from '../../machine/cidr.js';
import { WireError } from '../../machine/wireError.js';
import { refusal } from '../errors.js';
import type { NextHop, RouteEntryRecord, RouteTableRecord } from '../records.js';
import { alibabaRules as rule } from '../rules.js';
import type { AlibabaState } from '../state.js';
import { checkHop, wantedHops } from './nextHops.js';
import type { WantedHop } from './nextHops.js';
import { reachable } from './visibility.js';

interface WantedRoute {
  readonly table: RouteTableRecord;
  readonly destination: string;
  readonly hops: readonly WantedHop[];
  readonly name: string;
  readonly description: string;
}

/** The service's own range; equal destinations are refused. */
const SERVICE_RANGE = '100.64.0.0/10';

export function requireTable(state: AlibabaState, call: Call, id: string): RouteTableRecord {
  const table = reachable(state.routeTables.get(id), call);
  if (table === undefined) throw refusal('InvalidRouteTableId.NotFound');
  return table;
}

/** One task at a time in a VPC (or VBR): an entry that is changing, or a vSwitch, refuses the next change. */
export function requireIdle(state: AlibabaState, scope: string): void {
  const { rules } = state.services;
  if (rules.value(rule.routeTasks) === 'free') return;
  const changing = state.routes.find((route) => route.scope === scope && route.status !== 'Available');
  if (changing !== undefined) throw refusal(rules.value(rule.routeConflictCode));
  if (state.vswitches.find(({ vpc, status }) => vpc === scope && status === 'Pending') !== undefined) {
    throw refusal('IncorrectVSwitchStatus');
  }
}

export function createRouteEntry(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const table = requireTable(state, call, input.text('RouteTableId'));
  const prepared = prepare(state, call, {
    table,
    destination: input.text('DestinationCidrBlock'),
    hops: wantedHops(input, table),
    name: input.optionalText('RouteEntryName') ?? '',
    description: input.optionalText('Description') ?? '',
  });
  requireIdle(state, table.scope);
  if (input.flag('DryRun')) throw refusal('DryRunOperation');
  return { RouteEntryId: store(state, call, prepared).id };
}

export function createRouteEntries(state: AlibabaState, call: Call): unknown {
  const wanted = call.input.objects('RouteEntries');
  requireIdleTables(
    state,
    wanted.map((item) => item.text('RouteTableId')),
  );
  if (call.input.flag('DryRun')) throw refusal('DryRunOperation');
  const created: string[] = [];
  const failed: unknown[] = [];
  for (const item of wanted) {
    const destination = item.text('DstCidrBlock');
    const id = item.text('NextHop');
    try {
      const prepared = prepare(state, call, {
        table: requireTable(state, call, item.text('RouteTableId')),
        destination,
        hops: [{ type: item.text('NextHopType'), id }],
        name: item.optionalText('Name') ?? '',
        description: item.optionalText('Description') ?? '',
      });
      created.push(store(state, call, prepared).id);
    } catch (error) {
      failed.push({ DstCidrBlock: destination, NextHop: id, ...failure(error) });
    }
  }
  return {
    RouteEntryIds: created,
    SuccessCount: created.length,
    FailedCount: failed.length,
    FailedRouteEntries: failed,
  };
}

/** Changes the name and description of one custom entry; a new next hop is not served here. */
export function modifyRouteEntry(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const entryId = input.optionalText('RouteEntryId') ?? '';
  const destination = input.optionalText('DestinationCidrBlock') ?? '';
  const tableId = input.optionalText('RouteTableId') ?? '';
  if (entryId === '' && (tableId === '' || destination === '')) throw refusal('MissingParameter');
  const route = findRoute(state, call, { tableId, entryId, destination, hops: [] });
  requireDeletable(route);
  if (input.flag('DryRun')) throw refusal('DryRunOperation');
  state.routes.put({
    ...route,
    name: input.optionalText('RouteEntryName') ?? route.name,
    description: input.optionalText('Description') ?? route.description,
    modifiedAt: call.now,
  });
  return {};
}

export function deleteRouteEntry(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const entryId = input.optionalText('RouteEntryId') ?? '';
  const destination = input.optionalText('DestinationCidrBlock') ?? '';
  const tableId = input.optionalText('RouteTableId') ?? '';
  const hops = hopIds(call);
  if (entryId === '' && (tableId === '' || destination === '' || hops.length === 0)) throw refusal('MissingParameter');
  const route = findRoute(state, call, { tableId, entryId, destination, hops });
  requireDeletable(route);
  requireIdle(state, route.scope);
  if (input.flag('DryRun')) throw refusal('DryRunOperation');
  state.routeLife.begin(route, 'delete');
  return {};
}

export function deleteRouteEntries(state: AlibabaState, call: Call): unknown {
  const wanted = call.input.objects('RouteEntries');
  requireIdleTables(
    state,
    wanted.map((item) => item.text('RouteTableId')),
  );
  if (call.input.flag('DryRun')) throw refusal('DryRunOperation');
  let deleted = 0;
  const failed: unknown[] = [];
  for (const item of wanted) {
    const entryId = item.optionalText('RouteEntryId') ?? '';
    const destination = item.optionalText('DstCidrBlock') ?? '';
    const hop = item.optionalText('NextHop') ?? '';
    try {
      if (entryId === '' && (destination === '' || hop === '')) throw refusal('MissingParameter');
      const route = findRoute(state, call, {
        tableId: item.text('RouteTableId'),
        entryId,
        destination,
        hops: hop === '' ? [] : [hop],
      });
      requireDeletable(route);
      // named twice in one call, or already on its way out
      if (state.routeLife.begin(route, 'delete') === undefined) throw refusal('IncorrectRouteEntryStatus');
      deleted += 1;
    } catch (error) {
      failed.push({ RouteEntryId: entryId, DstCidrBlock: destination, NextHop: hop, ...failure(error) });
    }
  }
  return {
    SuccessCount: deleted,
    FailedCount: failed.length,
    FailedRouteEntries: failed,
  };
}

/** Two codes of the batch calls are documented; other failures keep the code of the single call (unverified). */
const BATCH_CODES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [rule.routeDuplicateCode, rule.borderRouterDuplicateCode].flatMap(({ values = [] }) =>
      values.map((code) => [code, 'VPC_ROUTE_ENTRY_CIDR_BLOCK_DUPLICATE']),
    ),
  ),
  'InvalidRouteEntry.NotFound': 'VPC_ROUTER_ENTRY_NOT_EXIST',
};

function failure(error: unknown) {
  if (!(error instanceof WireError)) throw error;
  return { FailedCode: BATCH_CODES[error.code] ?? error.code, FailedMessage: error.message };
}

function requireIdleTables(state: AlibabaState, tables: readonly string[]): void {
  for (const id of new Set(tables)) {
    const table = state.routeTables.get(id);
    if (table !== undefined) requireIdle(state, table.scope);
  }
}

interface Prepared {
  readonly wanted: WantedRoute;
  readonly range: Range;
  readonly hops: readonly NextHop[];
}

/** All checks of one new entry, except the task lock. */
function prepare(state: AlibabaState, call: Call, wanted: WantedRoute): Prepared {
  const { table } = wanted;
  const { rules } = state.services;
  const range = parseRange(wanted.destination);
  if (range === undefined) throw refusal('InvalidCidrBlock.Malformed');
  if (table.routerType === 'VRouter' && state.vpcs.get(table.scope)?.status !== 'Available')
    throw refusal('IncorrectVpcStatus');
  const entries = state.routes.filter((route) => route.table === table.id);
  const same = entries.some((route) => isSameDestination(route, range));
  checkRange(state, table, range, same);
  if (same) {
    const ofBorderRouter = table.routerType === 'VBR';
    throw refusal(rules.value(ofBorderRouter ? rule.borderRouterDuplicateCode : rule.routeDuplicateCode));
  }
  if (wanted.hops.length > 1 && range.version === 6) throw refusal('OperationUnsupported.Ipv6EcmpRouteEntry');
  const hops = wanted.hops.map((hop) => checkHop(state, call, table, hop, range));
  if (entries.filter(({ type }) => type === 'Custom').length >= rules.value(rule.routesPerTable))
    throw refusal('QuotaExceeded');
  return { wanted, range, hops };
}

function isSameDestination(route: RouteEntryRecord, range: Range): boolean {
  const other = parseRange(route.destination);
  return other !== undefined && sameRange(other, range);
}

function checkRange(state: AlibabaState, table: RouteTableRecord, range: Range, alreadyThere: boolean): void {
  const { rules } = state.services;
  const service = parseRange(SERVICE_RANGE);
  if (service !== undefined && contains(service, range)) {
    if (sameRange(service, range) || !rules.value(rule.routeInsideServiceRange))
      throw refusal('InvalidDestinationCidrBlock');
  }
  if (alreadyThere) return;
  for (const { cidr } of state.vswitches.filter(({ vpc }) => vpc === table.scope)) {
    const vswitch = parseRange(cidr);
    if (vswitch === undefined) continue;
    const strict = rules.value(rule.routeInsideVSwitch) === 'any-overlap-refused' && range.length > 0;
    if (contains(vswitch, range) || (strict && overlap(vswitch, range))) throw refusal('InvalidCidrBlock');
  }
}

function store(state: AlibabaState, call: Call, { wanted, range, hops }: Prepared): RouteEntryRecord {
  const { table } = wanted;
  const route = state.routes.put({
    id: state.vpcId('rte', table.region),
    status: 'Pending',
    account: table.account,
    region: table.region,
    table: table.id,
    scope: table.scope,
    destination: range.text,
    ipVersion: range.version === 4 ? 'ipv4' : 'ipv6',
    nextHops: hops,
    name: wanted.name,
    description: wanted.description,
    type: 'Custom',
    modifiedAt: call.now,
  });
  state.routeLife.begin(route, 'create');
  return route;
}

function hopIds(call: Call): readonly string[] {
  const single = call.input.optionalText('NextHopId') ?? '';
  const list = call.input.objects('NextHopList').map((hop) => hop.optionalText('NextHopId') ?? '');
  if (single !== '' && list.length > 0) throw refusal('ParamExclusive.NextHopIdAndList');
  return single === '' ? list : [single];
}

interface RouteKey {
  readonly tableId: string;
  readonly entryId: string;
  readonly destination: string;
  readonly hops: readonly string[];
}

function findRoute(state: AlibabaState, call: Call, key: RouteKey): RouteEntryRecord {
  if (key.tableId !== '') requireTable(state, call, key.tableId);
  const range = key.destination === '' ? undefined : parseRange(key.destination);
  if (key.destination !== '' && range === undefined) throw refusal('InvalidCidrBlock.Malformed');
  const matches = (route: RouteEntryRecord): boolean =>
    (key.tableId === '' || route.table === key.tableId) &&
    (range === undefined || isSameDestination(route, range)) &&
    // a system entry is found whatever hop is named, so that it can be refused as such
    (key.hops.length === 0 ||
      route.type === 'System' ||
      key.hops.every((id) => route.nextHops.some((hop) => hop.id === id)));
  const found =
    key.entryId === ''
      ? state.routes.find((route) => reachable(route, call) !== undefined && matches(route))
      : reachable(state.routes.get(key.entryId), call);
  if (found === undefined || !matches(found)) {
    throw refusal(key.entryId === '' ? 'InvalidRouteEntry.NotFound' : 'InvalidRouteEntryId.NotFound');
  }
  return found;
}

function requireDeletable(route: RouteEntryRecord): void {
  if (route.type === 'System') throw refusal('OperationDenied');
  if (route.status === 'Pending') throw refusal('IncorrectRouteEntryStatus');
}
