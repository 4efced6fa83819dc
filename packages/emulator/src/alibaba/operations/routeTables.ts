/** Reading route tables and their entries, in the three shapes that the vendor has for it. */
import type { Call, Operation } from '../../machine/cloud.js';
import { parseRange, sameRange } from '../../machine/cidr.js';
import { exactInteger } from '../wire/answers.js';
import { routeDescriptions } from '../describe/routes.js';
import { refusal } from '../errors.js';
import type { NextHop, RouteEntryRecord, RouteTableRecord } from '../records.js';
import { alibabaRules as rule } from '../rules.js';
import { timestamp } from '../state.js';
import type { AlibabaState } from '../state.js';
import { operationsOf } from './handlers.js';
import { numberedPage, tokenPage } from './paging.js';
import { reachable } from './visibility.js';
import { createRouteTable, deleteRouteTable } from './customTables.js';
import { associateRouteTable, unassociateRouteTable, vswitchesOf } from './tableAssociations.js';
import {
  createRouteEntries,
  createRouteEntry,
  deleteRouteEntries,
  deleteRouteEntry,
  modifyRouteEntry,
} from './routeEntries.js';
import { matchesTags, tagItems } from './tags.js';

export function routeOperations(state: AlibabaState): readonly Operation[] {
  return operationsOf(routeDescriptions, {
    CreateRouteEntry: (call) => createRouteEntry(state, call),
    CreateRouteEntries: (call) => createRouteEntries(state, call),
    CreateRouteTable: (call) => createRouteTable(state, call),
    DeleteRouteTable: (call) => deleteRouteTable(state, call),
    AssociateRouteTable: (call) => associateRouteTable(state, call),
    UnassociateRouteTable: (call) => unassociateRouteTable(state, call),
    ModifyRouteEntry: (call) => modifyRouteEntry(state, call),
    DeleteRouteEntry: (call) => deleteRouteEntry(state, call),
    DeleteRouteEntries: (call) => deleteRouteEntries(state, call),
    DescribeRouteEntryList: (call) => describeRouteEntryList(state, call),
    DescribeRouteTables: (call) => describeRouteTables(state, call),
    DescribeRouteTableList: (call) => describeRouteTableList(state, call),
  });
}

/** An equal filter; an absent or empty one asks for nothing. */
const asks = (call: Call, name: string, value: string): boolean => {
  const asked = call.input.optionalText(name);
  return asked === undefined || asked === '' || asked === value;
};

function describeRouteEntryList(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const { rules } = state.services;
  const table = reachable(state.routeTables.get(input.text('RouteTableId')), call);
  if (table === undefined) throw refusal('InvalidRouteTable.NotFound');
  const size = input.optionalInteger('MaxResult') ?? rules.value(rule.routeListDefault);
  if (size > rules.value(rule.routeListMost)) throw refusal('InvalidParameter', 'MaxResult');
  const destinations = [...input.texts('DestCidrBlockList'), input.optionalText('DestinationCidrBlock') ?? '']
    .filter((text) => text !== '')
    .map((text) => {
      const range = parseRange(text);
      if (range === undefined) throw refusal('InvalidCidrBlock.Malformed');
      return range;
    });
  const anywhere = destinations.length === 0;
  const leadsThere = (text: string): boolean => {
    const range = parseRange(text);
    return range !== undefined && destinations.some((wanted) => sameRange(wanted, range));
  };
  const all = [...call.view(state.routes).values()].filter(
    (route) =>
      route.table === table.id &&
      (anywhere || leadsThere(route.destination)) &&
      asks(call, 'RouteEntryId', route.id) &&
      asks(call, 'RouteEntryName', route.name) &&
      asks(call, 'RouteEntryType', route.type) &&
      (!input.has('IpVersion') || input.text('IpVersion').toLowerCase() === route.ipVersion) &&
      (!input.has('ServiceType') || input.text('ServiceType') === '') &&
      route.nextHops.some((hop) => asks(call, 'NextHopId', hop.id) && asks(call, 'NextHopType', hop.type)),
  );
  const { items, next } = tokenPage(state.routes, input.optionalText('NextToken'), size, all);
  return {
    NextToken: next ?? '',
    TotalCount: all.length,
    RouteEntrys: { RouteEntry: items.map((route) => listItem(route)) },
  };
}

function listItem(route: RouteEntryRecord) {
  return {
    RouteEntryId: route.id,
    RouteEntryName: route.name,
    Description: route.description,
    DestinationCidrBlock: route.destination,
    RouteTableId: route.table,
    Status: route.status,
    Type: route.type,
    IpVersion: route.ipVersion,
    GmtModified: timestamp(route.modifiedAt),
    Origin: route.type === 'System' ? 'SystemCreate' : 'CustomCreate',
    NextHops: { NextHop: route.nextHops.map((hop) => hopItem(route, hop)) },
  };
}

function hopItem(route: RouteEntryRecord, hop: NextHop) {
  const forInterface = {
    NextHopRegionId: route.region,
    Weight: hop.weight ?? 0,
    Enabled: hop.enabled === false ? 0 : 1,
  };
  return {
    NextHopId: hop.id,
    NextHopType: hop.type,
    ...(hop.type === 'RouterInterface' ? forInterface : {}),
  };
}

function describeRouteTables(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const router = [input.optionalText('RouterId'), input.optionalText('VRouterId')].find(
    (id) => id !== undefined && id !== '',
  );
  const named = router ?? input.optionalText('RouteTableId') ?? input.optionalText('RouteTableName') ?? '';
  if (named === '') throw refusal('MissingParameter');
  const tables = [...call.view(state.routeTables).values()].filter(
    (table) =>
      reachable(table, call) !== undefined &&
      (router === undefined || table.router === router) &&
      asks(call, 'RouteTableId', table.id) &&
      asks(call, 'RouteTableName', table.name) &&
      asks(call, 'RouterType', table.routerType) &&
      asks(call, 'Type', table.type),
  );
  if (router !== undefined && tables.length === 0) throw refusal('InvalidVRouterId.NotFound');
  const { items, counts } = numberedPage(input, tables);
  return { ...counts, RouteTables: { RouteTable: items.map((table) => tableWithEntries(state, call, table)) } };
}

/** The answer of docs/facts/alibaba.md 11.2, which has no Status and names the router of a VBR table VRouterId. */
function tableWithEntries(state: AlibabaState, call: Call, table: RouteTableRecord) {
  const entries = [...call.view(state.routes).values()].filter((route) => route.table === table.id);
  return {
    RouteTableId: table.id,
    VRouterId: table.router,
    RouteTableType: table.type,
    Status: 'Available',
    CreationTime: timestamp(table.createdAt),
    ResourceGroupId: '',
    VSwitchIds: { VSwitchId: vswitchesOf(state, table) },
    RouteEntrys: {
      RouteEntry: entries.map((route) => ({
        RouteEntryId: route.id,
        RouteEntryName: route.name,
        Description: route.description,
        DestinationCidrBlock: route.destination,
        RouteTableId: route.table,
        Type: route.type,
        Status: route.status,
        NextHopType: route.nextHops[0]?.type ?? '',
        InstanceId: route.nextHops[0]?.id ?? '',
        NextHops: { NextHop: route.nextHops.length > 1 ? route.nextHops.map((hop) => hopItem(route, hop)) : [] },
      })),
    },
  };
}

function describeRouteTableList(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const vpc = input.optionalText('VpcId') ?? '';
  // a VPC id forces VRouter; the default is VRouter as well
  const routerType = vpc !== '' ? 'VRouter' : (input.optionalText('RouterType') ?? 'VRouter');
  const tables = [...call.view(state.routeTables).values()].filter(
    (table) =>
      reachable(table, call) !== undefined &&
      table.routerType === routerType &&
      (vpc === '' || table.scope === vpc) &&
      asks(call, 'RouterId', table.router) &&
      asks(call, 'RouteTableId', table.id) &&
      asks(call, 'RouteTableName', table.name) &&
      asks(call, 'RouteTableType', table.type) &&
      matchesTags(state.tagsOf(call.caller.account, table.id), input.objects('Tag')),
  );
  const { items, counts } = numberedPage(input, tables);
  return {
    ...counts,
    RouterTableList: {
      RouterTableListType: items.map((table) => ({
        RouteTableId: table.id,
        RouteTableName: table.name,
        RouteTableType: table.type,
        RouterId: table.router,
        RouterType: table.routerType,
        VpcId: table.routerType === 'VRouter' ? table.scope : '',
        Status: 'Available',
        AssociateType: table.associateType ?? 'VSwitch',
        OwnerId: exactInteger(table.account),
        Description: table.description,
        CreationTime: timestamp(table.createdAt),
        ResourceGroupId: '',
        RoutePropagationEnable: true,
        VSwitchIds: { VSwitchId: vswitchesOf(state, table) },
        GatewayIds: { GatewayIds: [] },
        Tags: { Tag: tagItems(state.tagsOf(call.caller.account, table.id)) },
      })),
    },
  };
}
