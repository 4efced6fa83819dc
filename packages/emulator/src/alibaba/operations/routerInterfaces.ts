/** Router interfaces of Vpc 2016-04-28: modify, activate, deactivate, resize, delete and read. */
import type { Call, Operation } from '../../machine/cloud.js';
import { parseV4 } from '../../machine/cidr.js';
import type { Side } from '../../machine/faults.js';
import { routerInterfaceDescriptions } from '../describe/routerInterfaces.js';
import { refusal, refuseByRule } from '../errors.js';
import type { InterfaceEvent } from '../transitions.js';
import type { OppositeData, RouterInterfaceRecord, RouterType } from '../records.js';
import { alibabaRules as rule } from '../rules.js';
import { timestamp } from '../state.js';
import type { AlibabaState } from '../state.js';
import { matchesFilters } from './filters.js';
import { operationsOf } from './handlers.js';
import { interfaceItem } from './interfaceAnswers.js';
import { connectRouterInterface } from './interfaceConnection.js';
import { checkSpec, createRouterInterface } from './interfaceCreation.js';
import { numberedPage } from './paging.js';
import { reachable } from './visibility.js';
import { matchesTags } from './tags.js';

export function routerInterfaceOperations(state: AlibabaState): readonly Operation[] {
  return operationsOf(
    routerInterfaceDescriptions,
    {
      CreateRouterInterface: (call) => createRouterInterface(state, call),
      ModifyRouterInterfaceAttribute: (call) => modifyAttribute(state, call),
      ConnectRouterInterface: (call) => connectRouterInterface(state, call, requireInterface(state, call)),
      ActivateRouterInterface: (call) => activate(state, call),
      DeactivateRouterInterface: (call) => {
        requireUnlocked(state);
        return move(state, requireInterface(state, call), 'deactivate');
      },
      ModifyRouterInterfaceSpec: (call) => modifySpec(state, call),
      DeleteRouterInterface: (call) => deleteInterface(state, call),
      DescribeRouterInterfaces: (call) => describeInterfaces(state, call),
      DescribeRouterInterfaceAttribute: (call) => describeAttribute(state, call),
    },
    (call, name) => sideOf(state, call, name),
  );
}

function sideOf(state: AlibabaState, call: Call, name: keyof typeof routerInterfaceDescriptions): Side | undefined {
  const described = (field: string): boolean =>
    routerInterfaceDescriptions[name].parameters.some((one) => one.name === field);
  const role = described('Role')
    ? call.input.optionalText('Role')
    : described('RouterInterfaceId')
      ? state.interfaces.get(call.input.optionalText('RouterInterfaceId') ?? '')?.role
      : undefined;
  if (role === undefined) return undefined;
  return role === 'InitiatingSide' ? 'initiator' : 'acceptor';
}

function requireInterface(state: AlibabaState, call: Call): RouterInterfaceRecord {
  const found = reachable(state.interfaces.get(call.input.text('RouterInterfaceId')), call);
  if (found === undefined) throw refusal('InvalidRouterInterfaceId.NotFound');
  return found;
}

function requireUnlocked(state: AlibabaState): void {
  refuseByRule(state.services.rules, rule.interfaceLocked);
}

function move(state: AlibabaState, side: RouterInterfaceRecord, event: InterfaceEvent): unknown {
  if (state.interfaceLife.begin(side, event) === undefined)
    throw refusal(state.services.rules.value(rule.interfaceStatusCode));
  return {};
}

function activate(state: AlibabaState, call: Call): unknown {
  const side = requireInterface(state, call);
  requireUnlocked(state);
  if (side.connectedAt !== undefined && state.interfaces.get(side.opposite.interface) === undefined) {
    throw refusal('OppositeRouterInterfaceIsDeleted');
  }
  return move(state, side, 'activate');
}

/** States that pass by themselves. */
const SETTLING = ['AcceptingConnecting', 'Connecting', 'Activating', 'Modifying', 'Deactivating', 'Deleting'];

function modifyAttribute(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const { rules, profile, random } = state.services;
  const side = requireInterface(state, call);
  requireUnlocked(state);
  const sets = (name: string): boolean => (input.optionalText(name) ?? '') !== '';
  const peerData = ['OppositeInterfaceId', 'OppositeRouterId', 'OppositeRouterType', 'OppositeInterfaceOwnerId'].some(
    sets,
  );
  if (peerData && SETTLING.includes(side.status)) throw refusal('INSTANCE_IN_PROCESSIONG');
  if (peerData && side.status !== 'Idle') throw refusal('IncorrectStatus.RouterInterface', 'RouterInterface', side.id);
  const type = input.optionalText('OppositeRouterType') as RouterType | undefined;
  const defaultType = rules.value(rule.modifyTypeDefault) === 'VBR' && peerData ? 'VBR' : side.opposite.routerType;
  const opposite: OppositeData = {
    ...side.opposite,
    interface: input.optionalText('OppositeInterfaceId') ?? side.opposite.interface,
    router: input.optionalText('OppositeRouterId') ?? side.opposite.router,
    owner: input.optionalText('OppositeInterfaceOwnerId') ?? side.opposite.owner,
    routerType: type ?? defaultType,
  };
  const { probability, ms } = profile().staleReads;
  const late = probability > 0 && random.next() < probability ? Math.ceil(random.next() * ms) : 0;
  const health = healthCheckOf(call, side, opposite.routerType);
  const hcRate = input.optionalInteger('HcRate');
  const hcThreshold = input.optionalInteger('HcThreshold');
  state.interfaces.patch(side.id, {
    opposite,
    ...(peerData ? { oppositeVisibleAt: call.now + rules.value(rule.modifyLagMs) + late } : {}),
    name: input.optionalText('Name') ?? side.name,
    description: input.optionalText('Description') ?? side.description,
    ...health,
    ...(hcRate === undefined ? {} : { hcRate }),
    ...(hcThreshold === undefined ? {} : { hcThreshold }),
  });
  return {};
}

function healthCheckOf(call: Call, side: RouterInterfaceRecord, oppositeType: RouterType) {
  const { input } = call;
  if (input.flag('DeleteHealthCheckIp')) return { healthCheckSourceIp: '', healthCheckTargetIp: '' };
  const healthCheckSourceIp = input.optionalText('HealthCheckSourceIp') ?? side.healthCheckSourceIp;
  const healthCheckTargetIp = input.optionalText('HealthCheckTargetIp') ?? side.healthCheckTargetIp;
  const given = [healthCheckSourceIp, healthCheckTargetIp].filter((address) => address !== '');
  if (given.some((address) => parseV4(address) === undefined)) throw refusal('InvalidHealthCheckIP.Malformd');
  if (given.length === 1) throw refusal('IllegalParam.HcSourceIp');
  if (given.length > 0 && (side.routerType !== 'VRouter' || oppositeType !== 'VBR'))
    throw refusal('InvalidParam.ModifyRouterInterface');
  return { healthCheckSourceIp, healthCheckTargetIp };
}

function modifySpec(state: AlibabaState, call: Call): unknown {
  const side = requireInterface(state, call);
  requireUnlocked(state);
  const spec = checkSpec(call.input.text('Spec'), side.role, 'InvalidSpec.ValueNotSupported');
  // an acceptor has no bandwidth of its own to change
  if (side.role === 'AcceptingSide') throw refusal('InvalidSpec.ValueNotSupported');
  if (state.interfaceLife.begin(side, 'resize') === undefined) throw refusal('InvalidInstance.StatusError');
  state.interfaces.patch(side.id, { spec });
  return { Spec: spec };
}

function deleteInterface(state: AlibabaState, call: Call): unknown {
  const side = reachable(state.interfaces.get(call.input.text('RouterInterfaceId')), call);
  if (side === undefined) throw refusal('InvalidInstanceId.NotFound');
  const field = state.services.rules.value(rule.interfaceCodes) === 'field';
  if (side.chargeType === 'Prepaid') throw refusal('InvalidRouterInterfaceChargeType.Malformed');
  if (!state.interfaceLife.allows(side, 'delete'))
    throw refusal(field ? 'IncorrectStatus' : 'InvalidInstance.StatusError');
  if (state.routes.find(({ nextHops }) => nextHops.some(({ id }) => id === side.id)) !== undefined) {
    throw refusal(
      field ? 'DependencyViolation.RouterInterfaceReferedByRouteEntry' : 'RouterInterfaceReferredByRouteEntry',
    );
  }
  state.interfaceLife.begin(side, 'delete');
  return {};
}

/** What DescribeRouterInterfaces filters by; another key is refused. */
const FILTERS: Readonly<Record<string, (side: RouterInterfaceRecord) => string>> = {
  RouterInterfaceId: (side) => side.id,
  RouterId: (side) => side.router,
  RouterType: (side) => side.routerType,
  RouterInterfaceOwnerId: (side) => side.account,
  OppositeInterfaceId: (side) => side.opposite.interface,
  OppositeRouterType: (side) => side.opposite.routerType,
  OppositeRouterId: (side) => side.opposite.router,
  OppositeInterfaceOwnerId: (side) => side.opposite.owner,
  Status: (side) => side.status,
  Name: (side) => side.name,
};

function describeInterfaces(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const group = input.optionalText('ResourceGroupId') ?? '';
  const wanted = matchesFilters(input.objects('Filter'), FILTERS);
  const all = [...call.view(state.interfaces).values()].filter(
    (side) =>
      reachable(side, call) !== undefined &&
      wanted(side) &&
      (group === '' || side.resourceGroup === group) &&
      matchesTags(state.tagsOf(call.caller.account, side.id), input.objects('Tags')),
  );
  const { items, counts } = numberedPage(input, all);
  return {
    ...counts,
    RouterInterfaceSet: { RouterInterfaceType: items.map((side) => interfaceItem(state, call, side)) },
  };
}

/** A missing interface is a success with an empty id; a success has a Code (docs/facts/alibaba.md 3.1). */
function describeAttribute(state: AlibabaState, call: Call): unknown {
  const side = reachable(call.view(state.interfaces).get(call.input.text('InstanceId')), call);
  const success = { Code: '200', Message: 'successful', Success: true };
  if (side === undefined) return { ...success, RouterInterfaceId: '' };
  const checked = side.healthCheckSourceIp !== '';
  return {
    ...success,
    ...interfaceItem(state, call, side),
    GmtModified: timestamp(side.connectedAt ?? side.createdAt),
    HealthCheckStatus: checked ? 'Normal' : 'NoHealthCheckConfig',
  };
}
