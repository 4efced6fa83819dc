/** Border routers (VBR) and physical connections (docs/facts/alibaba.md 3.3 and 4.3). */
import type { Call, Operation } from '../../machine/cloud.js';
import { exactInteger } from '../wire/answers.js';
import { borderRouterDescriptions } from '../describe/borderRouters.js';
import { refusal, refuseByRule } from '../errors.js';
import type { BorderRouterRecord, PhysicalConnectionRecord } from '../records.js';
import { alibabaRules as rule } from '../rules.js';
import { timestamp } from '../state.js';
import type { AlibabaState } from '../state.js';
import { addressesOf, ipv6AddressesOf, requireFreeVlan, requireRights } from './borderRouterChecks.js';
import { matchesFilters } from './filters.js';
import { operationsOf } from './handlers.js';
import { numberedPage } from './paging.js';
import { reservationData } from './interfaceAnswers.js';
import { holdsInterface } from './joinedRouters.js';
import { reachable } from './visibility.js';
import { newGroup } from './resourceGroups.js';
import { matchesTags, newTags, tagItems } from './tags.js';

export function borderRouterOperations(state: AlibabaState): readonly Operation[] {
  return operationsOf(borderRouterDescriptions, {
    CreateVirtualBorderRouter: (call) => createBorderRouter(state, call),
    DescribeVirtualBorderRouters: (call) => describeBorderRouters(state, call),
    ModifyVirtualBorderRouterAttribute: (call) => modifyBorderRouter(state, call),
    DeleteVirtualBorderRouter: (call) => deleteBorderRouter(state, call),
    TerminateVirtualBorderRouter: (call) => terminate(state, call),
    RecoverVirtualBorderRouter: (call) => recover(state, call),
    DescribePhysicalConnections: (call) => describePorts(state, call),
  });
}

function createBorderRouter(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const port = requirePort(state, call);
  const owner = input.optionalText('VbrOwnerId') ?? call.caller.account;
  if (!state.services.world.hasAccount('alibaba', owner)) throw refusal('InvalidVbrOwnerId.NotFound');
  requireRights(call, owner, port.account);
  requireFreeVlan(state, port.id, input.integer('VlanId'), call.now);
  const addresses = addressesOf(call);
  if (addresses === undefined && owner === call.caller.account) throw refusal('MissingParameter');
  if (state.borderRouters.filter((vbr) => vbr.port === port.id).length >= state.services.rules.value(rule.vbrPerPort))
    throw refusal('QuotaExceeded.vbrPerpConn');
  const resourceGroup = newGroup(state, call);
  const tags = newTags(input, 'Tags');
  const { region } = port;
  const vbr = state.borderRouters.put({
    id: state.vpcId('vbr', region),
    status: owner === call.caller.account ? 'active' : 'unconfirmed',
    account: owner,
    region,
    port: port.id,
    portOwner: port.account,
    accessPoint: port.accessPoint,
    vlan: input.integer('VlanId'),
    vlanInterface: state.vpcId('ri', region),
    routeTable: state.vpcId('vtb', region),
    ...(addresses ?? { localGatewayIp: '', peerGatewayIp: '', peeringSubnetMask: '' }),
    ...ipv6AddressesOf(call),
    ...switchesOf(call),
    name: input.optionalText('Name') ?? '',
    description: input.optionalText('Description') ?? '',
    circuitCode: input.optionalText('CircuitCode') ?? '',
    minTxInterval: 1_000,
    minRxInterval: 1_000,
    detectMultiplier: 10,
    resourceGroup,
    createdAt: call.now,
  });
  storeBorderTable(state, vbr);
  state.setTags(call.caller.account, vbr.id, tags);
  return { VbrId: vbr.id };
}

/** A line of the caller's, and enabled. */
function requirePort(state: AlibabaState, call: Call): PhysicalConnectionRecord {
  const { rules } = state.services;
  const port = reachable(state.ports.get(call.input.text('PhysicalConnectionId')), call);
  if (port === undefined) throw refusal('InvalidPhysicalConnectionId.NotFound');
  if (port.status !== 'Enabled') throw refusal('InvalidPhysicalConnectionId.NotEnabled');
  refuseByRule(rules, rule.portEnabled);
  return port;
}

/** Members that are set as they come, at creation and later. */
function switchesOf({ input }: Call): Partial<BorderRouterRecord> {
  const bandwidth = input.optionalInteger('Bandwidth');
  const mtu = input.optionalInteger('Mtu');
  const enableIpv6 = input.optionalFlag('EnableIpv6');
  const sitelinkEnable = input.optionalFlag('SitelinkEnable');
  return {
    ...(bandwidth === undefined ? {} : { bandwidth }),
    ...(mtu === undefined ? {} : { mtu }),
    ...(enableIpv6 === undefined ? {} : { enableIpv6 }),
    ...(sitelinkEnable === undefined ? {} : { sitelinkEnable }),
  };
}

function storeBorderTable(state: AlibabaState, vbr: BorderRouterRecord): void {
  state.routeTables.put({
    id: vbr.routeTable,
    account: vbr.account,
    region: vbr.region,
    router: vbr.id,
    routerType: 'VBR',
    scope: vbr.id,
    type: 'System',
    name: '',
    description: '',
    createdAt: vbr.createdAt,
  });
}

/** The owner's view, or the view of who owns the line it runs on. */
function requireVbr(state: AlibabaState, call: Call): BorderRouterRecord {
  const vbr = state.borderRouters.get(call.input.text('VbrId'));
  const mine = vbr !== undefined && [vbr.account, vbr.portOwner].includes(call.caller.account);
  if (!mine || vbr.region !== call.region) throw refusal('InvalidVbrId.NotFound');
  return vbr;
}

function modifyBorderRouter(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const vbr = requireVbr(state, call);
  if (vbr.status === 'deleting') throw refusal('IncorrectStatus.VirtualBorderRouter');
  requireRights(call, vbr.account, vbr.portOwner);
  const vlan = input.optionalInteger('VlanId');
  if (vlan !== undefined && vlan !== vbr.vlan) requireFreeVlan(state, vbr.port, vlan, call.now, vbr.id);
  const addresses = addressesOf(call);
  state.borderRouters.patch(vbr.id, {
    ...addresses,
    ...ipv6AddressesOf(call),
    ...switchesOf(call),
    vlan: vlan ?? vbr.vlan,
    name: input.optionalText('Name') ?? vbr.name,
    description: input.optionalText('Description') ?? vbr.description,
    circuitCode: input.optionalText('CircuitCode') ?? vbr.circuitCode,
    minTxInterval: input.optionalInteger('MinTxInterval') ?? vbr.minTxInterval,
    minRxInterval: input.optionalInteger('MinRxInterval') ?? vbr.minRxInterval,
    detectMultiplier: input.optionalInteger('DetectMultiplier') ?? vbr.detectMultiplier,
  });
  const confirms = addresses !== undefined && state.services.rules.value(rule.borderRouterConfirmedBy) === 'addresses';
  if (confirms && vbr.status === 'unconfirmed') state.borderRouterLife.begin(vbr, 'confirm');
  return {};
}

function deleteBorderRouter(state: AlibabaState, call: Call): unknown {
  const vbr = requireVbr(state, call);
  if (vbr.account !== call.caller.account && vbr.status !== 'unconfirmed')
    throw refusal('Forbidden.OperationDeleteNotAllowedByUser');
  if (holdsInterface(state, vbr.id)) throw refusal('InvalidOperation.RouterInterfaceNotDeleted');
  if (state.borderRouterLife.begin(vbr, 'delete') === undefined)
    throw refusal('InvalidOperation.OperationNotAllowedInState');
  return {};
}

function terminate(state: AlibabaState, call: Call): unknown {
  const vbr = requireVbr(state, call);
  if (vbr.portOwner !== call.caller.account) throw refusal('Forbidden.OperationTerminateNotAllowedByUser');
  if (state.borderRouterLife.begin(vbr, 'terminate') === undefined)
    throw refusal('InvalidOperation.OperationNotAllowedInState');
  return {};
}

function recover(state: AlibabaState, call: Call): unknown {
  const vbr = requireVbr(state, call);
  if (vbr.portOwner !== call.caller.account) throw refusal('Forbidden.OperationRecoverNotAllowedByUser');
  if (!state.borderRouterLife.allows(vbr, 'recover')) throw refusal('InvalidOperation.OperationNotAllowedInState');
  const taken = state.borderRouters.find(
    (other) => other.id !== vbr.id && other.port === vbr.port && other.vlan === vbr.vlan,
  );
  if (taken !== undefined) throw refusal('OperationFailed.VlanIdAlreadyInUse');
  state.borderRouterLife.begin(vbr, 'recover');
  return {};
}

const VBR_FILTERS: Readonly<Record<string, (vbr: BorderRouterRecord) => string>> = {
  PhysicalConnectionId: (vbr) => vbr.port,
  VbrId: (vbr) => vbr.id,
  Status: (vbr) => vbr.status,
  Name: (vbr) => vbr.name,
  AccessPointId: (vbr) => vbr.accessPoint,
  eccId: () => '',
  type: () => 'pconnVBR',
};

function describeBorderRouters(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const wanted = matchesFilters(input.objects('Filter'), VBR_FILTERS);
  const group = input.optionalText('ResourceGroupId') ?? '';
  const all = [...call.view(state.borderRouters).values()].filter(
    (vbr) =>
      vbr.region === call.region &&
      (vbr.account === call.caller.account ||
        (input.flag('IncludeCrossAccountVbr') && vbr.portOwner === call.caller.account)) &&
      wanted(vbr) &&
      (group === '' || vbr.resourceGroup === group) &&
      matchesTags(state.tagsOf(call.caller.account, vbr.id), input.objects('Tags')),
  );
  const { items, counts } = numberedPage(input, all);
  return {
    ...counts,
    VirtualBorderRouterSet: { VirtualBorderRouterType: items.map((vbr) => vbrItem(state, call, vbr)) },
  };
}

function vbrItem(state: AlibabaState, call: Call, vbr: BorderRouterRecord) {
  const port = state.ports.get(vbr.port);
  return {
    VbrId: vbr.id,
    Status: vbr.status,
    Name: vbr.name,
    Description: vbr.description,
    RouteTableId: vbr.routeTable,
    VlanInterfaceId: vbr.vlanInterface,
    VlanId: vbr.vlan,
    AccessPointId: vbr.accessPoint,
    PhysicalConnectionId: vbr.port,
    PhysicalConnectionStatus: port === undefined ? 'Terminated' : portStatus(state, port),
    PhysicalConnectionBusinessStatus: portBusiness(state),
    PhysicalConnectionOwnerUid: vbr.portOwner,
    LocalGatewayIp: vbr.localGatewayIp,
    PeerGatewayIp: vbr.peerGatewayIp,
    PeeringSubnetMask: vbr.peeringSubnetMask,
    EnableIpv6: vbr.enableIpv6 ?? false,
    LocalIpv6GatewayIp: vbr.localIpv6GatewayIp ?? '',
    PeerIpv6GatewayIp: vbr.peerIpv6GatewayIp ?? '',
    PeeringIpv6SubnetMask: vbr.peeringIpv6SubnetMask ?? '',
    SitelinkEnable: vbr.sitelinkEnable ?? false,
    ...(vbr.mtu === undefined ? {} : { Mtu: vbr.mtu }),
    CircuitCode: vbr.circuitCode,
    ...(vbr.bandwidth === undefined ? {} : { Bandwidth: vbr.bandwidth }),
    MinTxInterval: vbr.minTxInterval,
    MinRxInterval: vbr.minRxInterval,
    DetectMultiplier: vbr.detectMultiplier,
    CreationTime: timestamp(vbr.createdAt),
    ActivationTime: vbr.status === 'unconfirmed' ? '' : timestamp(vbr.createdAt),
    TerminationTime: vbr.terminatedAt === undefined ? '' : timestamp(vbr.terminatedAt),
    RecoveryTime: '',
    Type: 'pconnVBR',
    ResourceGroupId: vbr.resourceGroup,
    AssociatedPhysicalConnections: { AssociatedPhysicalConnection: [] },
    AssociatedCens: { AssociatedCen: [] },
    Tags: { Tags: tagItems(state.tagsOf(call.caller.account, vbr.id)) },
  };
}

const portStatus = (state: AlibabaState, port: PhysicalConnectionRecord): string =>
  port.status === 'Enabled' && !state.services.rules.value(rule.portEnabled) ? 'Confirmed' : port.status;

const portBusiness = (state: AlibabaState): string =>
  state.services.rules.value(rule.portBusinessNormal) ? 'Normal' : 'FinancialLocked';

/** Only the filters that can tell one of the emulator's lines from another carry a value of their own. */
const PORT_FILTERS: Readonly<Record<string, (port: PhysicalConnectionRecord) => string>> = {
  PhysicalConnectionId: (port) => port.id,
  AccessPointId: (port) => port.accessPoint,
  Type: () => 'VPC',
  LineOperator: () => 'Other',
  Spec: () => '1G',
  Status: (port) => port.status,
  Name: (port) => port.name,
  ProductType: () => 'PhysicalConnection',
};

function describePorts(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const wanted = matchesFilters(input.objects('Filter'), PORT_FILTERS);
  const all = [...call.view(state.ports).values()].filter(
    (port) =>
      reachable(port, call) !== undefined &&
      wanted(port) &&
      (input.optionalText('ResourceGroupId') ?? '') === '' &&
      matchesTags(state.tagsOf(call.caller.account, port.id), input.objects('Tags')),
  );
  const { items, counts } = numberedPage(input, all);
  return {
    ...counts,
    PhysicalConnectionSet: {
      PhysicalConnectionType: items.map((port) => ({
        PhysicalConnectionId: port.id,
        Status: portStatus(state, port),
        BusinessStatus: portBusiness(state),
        AccessPointId: port.accessPoint,
        AccessPointType: 'VPC',
        Name: port.name,
        Description: '',
        Type: 'VPC',
        PortType: '1000Base-LX',
        PortNumber: '1',
        Bandwidth: 1_000,
        LineOperator: 'Other',
        PeerLocation: '',
        AdLocation: '',
        CircuitCode: '',
        Spec: '1G',
        ChargeType: 'Prepaid',
        CreationTime: timestamp(port.createdAt),
        EnabledTime: timestamp(port.createdAt),
        EndTime: '2999-09-08T16:00:00Z',
        ProductType: 'PhysicalConnection',
        ParentPhysicalConnectionAliUid: exactInteger(port.account),
        HasReservationData: reservationData(state),
        ResourceGroupId: '',
        Tags: { tags: tagItems(state.tagsOf(call.caller.account, port.id)) },
      })),
    },
  };
}
