/** Route tables and rules. Source: docs/facts/baidu.md 3.4, checked 2026-11. */
import { newId, rule, storedRange } from '../context.js';
import type { BaiduCall, BaiduContext, Handler } from '../context.js';
import { bceError } from '../errors.js';
import { page, rowOf } from './paging.js';
import type { Row } from './paging.js';
import { sameRange } from '../ranges.js';
import type { RouteRuleRecord, RouteTableRecord, VpcRecord } from '../records.js';
import { demandNextHop, demandOneVersion, readDestination, readSource } from './routeChecks.js';
import { BAIDU_RULES } from '../rules.js';
import { isOwn } from './vpc.js';

interface Place {
  readonly table: RouteTableRecord;
  readonly vpc: VpcRecord;
}

/** The caller's table, named by its own id or by its VPC's. */
function demandPlace(
  context: BaiduContext,
  call: BaiduCall,
  routeTableId: string | undefined,
  vpcId: string | undefined,
): Place {
  if (routeTableId === undefined && vpcId === undefined)
    throw bceError('BadRequest', 'routeTableId or vpcId is needed.');
  const table = context.tables.routeTables.find(
    (candidate) =>
      (routeTableId === undefined || candidate.id === routeTableId) &&
      (vpcId === undefined || candidate.vpcId === vpcId),
  );
  const vpc = table === undefined ? undefined : context.tables.vpcs.get(table.vpcId);
  if (table !== undefined && vpc !== undefined && isOwn(table, call)) return { table, vpc };
  throw bceError('NoSuchObject', `The route table ${routeTableId ?? `of ${String(vpcId)}`} does not exist.`);
}

function demandRule(context: BaiduContext, call: BaiduCall): RouteRuleRecord & { readonly place: Place } {
  const id = call.input.text('routeRuleId');
  if (id.startsWith('sys-')) throw bceError('OperationDenied', 'A system rule cannot be changed.');
  const record = context.tables.routeRules.get(id);
  if (record === undefined || !isOwn(record, call))
    throw bceError('NoSuchObject', `The route rule ${id} does not exist.`);
  return { ...record, place: demandPlace(context, call, record.routeTableId, undefined) };
}

const showRule = (record: RouteRuleRecord): Readonly<Record<string, unknown>> => ({
  routeRuleId: record.id,
  routeTableId: record.routeTableId,
  sourceAddress: record.sourceAddress,
  destinationAddress: record.destinationAddress,
  nexthopId: record.nexthopId,
  nexthopType: record.nexthopType,
  description: record.description,
  pathType: record.pathType,
});

/** By rule switch, the system rule of a table for the VPC itself: it comes before the table's own. */
function systemRules(context: BaiduContext, { table, vpc }: Place): readonly Row[] {
  if (!rule(context, BAIDU_RULES.systemRules)) return [];
  const id = `sys-${table.id}`;
  const system = {
    routeRuleId: id,
    routeTableId: table.id,
    sourceAddress: '0.0.0.0/0',
    destinationAddress: vpc.cidr,
    nexthopId: '',
    nexthopType: 'sys',
    description: 'system',
    pathType: 'normal',
  };
  return [{ marker: id, show: () => system }];
}

function askedPlace(context: BaiduContext, call: BaiduCall): Place {
  return demandPlace(context, call, call.input.optionalText('routeTableId'), call.input.optionalText('vpcId'));
}

export const queryRoutingTable: Handler = (context, call) => {
  const place = askedPlace(context, call);
  const { table } = place;
  const own = [...call.view(context.tables.routeRules).values()].filter(
    ({ routeTableId }) => routeTableId === table.id,
  );
  return {
    name: table.name,
    routeTableId: table.id,
    vpcId: table.vpcId,
    routeRules: [...systemRules(context, place).map(({ show }) => show()), ...own.map(showRule)],
  };
};

export const queryRoutingRules: Handler = (context, call) => {
  const place = askedPlace(context, call);
  return page(context, call, {
    member: 'routeRules',
    table: context.tables.routeRules,
    isVisible: ({ routeTableId }) => routeTableId === place.table.id,
    rows: (record) => rowOf(record, true, showRule),
    first: systemRules(context, place),
  });
};

interface Path {
  readonly nexthopType: string;
  readonly nexthopId: string;
  readonly pathType: RouteRuleRecord['pathType'];
}

export const createRoutingRules: Handler = (context, call) => {
  const { input } = call;
  const { table, vpc } = demandPlace(context, call, input.text('routeTableId'), undefined);
  const sourceAddress = readSource(context, vpc, input.text('sourceAddress'));
  const destinationAddress = readDestination(context, vpc, input.text('destinationAddress'));
  demandOneVersion(sourceAddress, destinationAddress);
  const paths = readPaths(call);
  for (const { nexthopType, nexthopId } of paths) demandNextHop(context, vpc, nexthopType, nexthopId);
  const siblings = context.tables.routeRules.filter(({ routeTableId }) => routeTableId === table.id);
  demandUnique(siblings, sourceAddress, destinationAddress);
  const most = rule(context, BAIDU_RULES.rulesPerTable);
  if (siblings.length + paths.length > most) {
    throw bceError(rule(context, BAIDU_RULES.routeQuotaCode), `The quota of route rules is ${String(most)}.`);
  }
  const ids = paths.map((path) => {
    const record = context.tables.routeRules.put({
      ...path,
      id: newId(context, 'rr'),
      account: call.account,
      region: call.region,
      createdAt: call.now,
      vpcId: vpc.id,
      routeTableId: table.id,
      sourceAddress,
      destinationAddress,
      description: input.optionalText('description') ?? '',
    });
    return record.id;
  });
  return input.has('nextHopList') ? { routeRuleIds: ids } : { routeRuleId: ids[0] };
};

/** One path from nexthopType and nexthopId, or several gateways from nextHopList: all ecmp, or one active and one standby. */
function readPaths(call: BaiduCall): readonly Path[] {
  const { input } = call;
  const nexthopType = input.optionalText('nexthopType');
  const nexthopId = input.optionalText('nexthopId') || undefined;
  if (!input.has('nextHopList')) {
    if (nexthopType === 'defaultGateway') return [{ nexthopType, nexthopId: nexthopId ?? '', pathType: 'normal' }];
    if (nexthopType === undefined || nexthopId === undefined) {
      throw bceError('InappropriateJSON', 'nexthopType and nexthopId, or nextHopList, are needed.');
    }
    return [{ nexthopType, nexthopId, pathType: 'normal' }];
  }
  if (nexthopId !== undefined) throw bceError('BadRequest', 'nexthopId and nextHopList exclude each other.');
  const paths = input.objects('nextHopList').map((hop): Path => ({
    nexthopType: hop.text('nexthopType'),
    nexthopId: hop.text('nexthopId'),
    pathType: hop.text('pathType') as Path['pathType'],
  }));
  const kinds = paths.map(({ pathType }) => pathType).sort();
  const isEcmp = kinds.every((kind) => kind === 'ecmp');
  const isPair = kinds.join() === 'ha:active,ha:standby';
  const areGateways = paths.every((path) => path.nexthopType === 'dcGateway');
  const areDistinct = new Set(paths.map((path) => path.nexthopId)).size === paths.length;
  if ((isEcmp || isPair) && areGateways && areDistinct) return paths;
  throw bceError(
    'BadRequest',
    'nextHopList takes dedicated gateways: several ecmp, or one ha:active and one ha:standby.',
  );
}

/** Source and destination are unique within one table, not within the VPC or the account. */
function demandUnique(siblings: readonly RouteRuleRecord[], source: string, destination: string): void {
  const same = siblings.find(
    ({ sourceAddress, destinationAddress }) =>
      sameRange(storedRange(sourceAddress), storedRange(source)) &&
      sameRange(storedRange(destinationAddress), storedRange(destination)),
  );
  if (same !== undefined) throw bceError('RouteRuleRepeated', `${same.id} has this source and destination already.`);
}

/** Single-path rules only; the type of the next hop stays. Every check of create applies here too. */
export const updateRoutingRules: Handler = (context, call) => {
  const { input } = call;
  const { place, ...record } = demandRule(context, call);
  if (record.pathType !== 'normal') throw bceError('OperationDenied', 'A multi-path rule cannot be updated.');
  const { vpc, table } = place;
  // the Go SDK sends an empty text for what is to stay as it is
  const source = input.optionalText('sourceAddress') || undefined;
  const destination = input.optionalText('destinationAddress') || undefined;
  const nexthop = input.optionalText('nexthopId') || undefined;
  const sourceAddress = source === undefined ? record.sourceAddress : readSource(context, vpc, source);
  const destinationAddress =
    destination === undefined ? record.destinationAddress : readDestination(context, vpc, destination);
  demandOneVersion(sourceAddress, destinationAddress);
  if (nexthop !== undefined) demandNextHop(context, vpc, record.nexthopType, nexthop);
  const others = context.tables.routeRules.filter(
    ({ id, routeTableId }) => routeTableId === table.id && id !== record.id,
  );
  demandUnique(others, sourceAddress, destinationAddress);
  const description = input.optionalText('description') ?? record.description;
  const nexthopId = nexthop ?? record.nexthopId;
  context.tables.routeRules.put({ ...record, sourceAddress, destinationAddress, nexthopId, description });
  return undefined;
};

export const deleteRoutingRules: Handler = (context, call) => {
  context.tables.routeRules.delete(demandRule(context, call).id);
  return undefined;
};

/** Swaps active and standby of the pair that the rule belongs to. */
export const switchRouteHa: Handler = (context, call) => {
  const { place: _, ...record } = demandRule(context, call);
  const isHa = ({ pathType }: RouteRuleRecord): boolean => pathType === 'ha:active' || pathType === 'ha:standby';
  if (!isHa(record)) throw bceError('OperationDenied', 'Only an active/standby rule can be switched over.');
  const pair = context.tables.routeRules.filter(
    (other) =>
      isHa(other) &&
      other.routeTableId === record.routeTableId &&
      other.sourceAddress === record.sourceAddress &&
      other.destinationAddress === record.destinationAddress,
  );
  if (pair.length !== 2) throw bceError('OperationDenied', 'The other path of the rule is gone.');
  for (const path of pair) {
    context.tables.routeRules.put({ ...path, pathType: path.pathType === 'ha:active' ? 'ha:standby' : 'ha:active' });
  }
  return undefined;
};
