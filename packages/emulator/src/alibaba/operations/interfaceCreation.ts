/** CreateRouterInterface: its checks and its effect (docs/facts/alibaba.md 3.1). */
import type { Call } from '../../machine/cloud.js';
import { parseV4 } from '../../machine/cidr.js';
import type { RefusingRule } from '../../machine/rules.js';
import { refusal, refuseByRule } from '../errors.js';
import type { Code } from '../errors.js';
import type { RouterInterfaceRecord, RouterType } from '../records.js';
import { crossesBorder, isRegion } from '../regions.js';
import { alibabaRules as rule } from '../rules.js';
import { SPECS } from '../specs.js';
import type { AlibabaState } from '../state.js';
import { routersJoined } from './joinedRouters.js';
import { reachable } from './visibility.js';
import { newGroup } from './resourceGroups.js';
import { newTags } from './tags.js';
import { joins } from './vpcPeerCreation.js';

const SWITCHES: readonly RefusingRule<Code>[] = [
  rule.interfaceWhitelisted,
  rule.billsOutstanding,
  rule.noBalance,
  rule.interfaceSyncCreate,
  rule.routerInCen,
  rule.cenChanging,
];

export function createRouterInterface(state: AlibabaState, call: Call): unknown {
  const { input } = call;
  const { rules } = state.services;
  const region = input.text('RegionId');
  const oppositeRegion = input.text('OppositeRegionId');
  const role = input.text('Role') as RouterInterfaceRecord['role'];
  const routerType = input.text('RouterType') as RouterType;
  const oppositeType = (input.optionalText('OppositeRouterType') ?? 'VRouter') as RouterType;
  const router = input.text('RouterId');
  const oppositeRouter = input.optionalText('OppositeRouterId') ?? '';
  for (const definition of SWITCHES) refuseByRule(rules, definition);
  if (!isRegion(oppositeRegion)) throw refusal('InvalidRegionId.NotFound');
  if (crossesBorder(region, oppositeRegion) && !rules.value(rule.interfaceCrossBorder))
    throw refusal('Forbidden.CrossBorder');
  const scope = routerType === 'VBR' ? borderRouterOf(state, call, router) : vpcOf(state, call, router);
  if (routerType === 'VBR' && role === 'AcceptingSide') throw refusal(rules.value(rule.vbrAcceptorCode));
  const spec = checkSpec(input.text('Spec'), role, 'InvalidSpec.ValudNotSupported');
  const accessPoint = checkAccessPoint(state, call, routerType, router);
  const prepaid = input.optionalText('InstanceChargeType') === 'PrePaid';
  if (prepaid && role === 'AcceptingSide') throw refusal('Forbidden.AcceptRoleNotSupportPrePay');
  const health = checkHealthCheck(call, routerType, oppositeType);
  const fastLink = input.flag('FastLinkMode');
  if (fastLink && (routerType !== 'VBR' || oppositeRouter === '')) throw refusal('ForbiddenAction');
  requireRoom(state, call.caller.account, router);
  if (oppositeRouter !== '' && routersJoined(state, router, oppositeRouter))
    throw refusal('HaveConnectionBetweenRouters');
  requireNoPeering(state, router, oppositeRouter);
  const tags = newTags(input, 'Tags');

  const created = state.interfaces.put({
    id: state.vpcId('ri', region),
    status: 'Idle',
    account: call.caller.account,
    region,
    role,
    spec,
    router,
    routerType,
    scope,
    accessPoint,
    opposite: {
      region: oppositeRegion,
      routerType: oppositeType,
      interface: input.optionalText('OppositeInterfaceId') ?? '',
      router: oppositeRouter,
      owner: input.optionalText('OppositeInterfaceOwnerId') ?? '',
      accessPoint: input.optionalText('OppositeAccessPointId') ?? '',
    },
    oppositeVisibleAt: call.now,
    name: input.optionalText('Name') ?? '',
    description: input.optionalText('Description') ?? '',
    chargeType: prepaid ? 'Prepaid' : 'AfterPay',
    ...health,
    resourceGroup: newGroup(state, call),
    createdAt: call.now,
  });
  state.setTags(call.caller.account, created.id, tags);
  if (fastLink) joinFastLink(state, call, created);
  const order = prepaid ? { OrderId: Number.parseInt(state.services.random.hex(8), 16) } : {};
  return { RouterInterfaceId: created.id, ...order };
}

/** One more interface on the router and in the account. */
function requireRoom(state: AlibabaState, account: string, router: string): void {
  const { rules } = state.services;
  if (state.interfaces.filter((other) => other.router === router).length >= rules.value(rule.interfacesPerRouter))
    throw refusal('LimitationExceed.InterfaceNumberOnRouter');
  if (state.interfaces.filter((other) => other.account === account).length >= rules.value(rule.interfacesPerAccount))
    throw refusal('QuotaExceeded');
}

function vpcOf(state: AlibabaState, call: Call, router: string): string {
  const vpc = state.vpcs.find((candidate) => candidate.router === router && reachable(candidate, call) !== undefined);
  if (vpc === undefined) throw refusal('InvalidRouterId.NotFound');
  return vpc.id;
}

function borderRouterOf(state: AlibabaState, call: Call, router: string): string {
  const vbr = reachable(state.borderRouters.get(router), call);
  if (vbr === undefined) throw refusal('InvalidRouterId.NotFound');
  if (vbr.status !== 'active') throw refusal('INVAID_VBR_STATUS');
  return vbr.id;
}

/** `Negative` if and only if the interface accepts. */
export function checkSpec(spec: string, role: RouterInterfaceRecord['role'], wrongForRole: Code): string {
  if (SPECS[spec] === undefined) throw refusal('InvalidRouterInterfaceSpec.Malformed');
  if ((spec === 'Negative') !== (role === 'AcceptingSide')) throw refusal(wrongForRole);
  return spec;
}

function checkAccessPoint(state: AlibabaState, call: Call, routerType: RouterType, router: string): string {
  const given = call.input.optionalText('AccessPointId') ?? '';
  if (routerType === 'VRouter') {
    if (given !== '') throw refusal('InvalidAccessPoint.ValueNotAllowed');
    return '';
  }
  const own = state.borderRouters.get(router)?.accessPoint ?? '';
  if (given === '') throw refusal('InvalidAccessPoint.NotExist');
  if (given !== own) throw refusal('InvalidAccessPoint.NotMatch');
  return given;
}

/** Both addresses or neither; only for a VPC's interface that faces a border router. */
function checkHealthCheck(call: Call, routerType: RouterType, oppositeType: RouterType) {
  const healthCheckSourceIp = call.input.optionalText('HealthCheckSourceIp') ?? '';
  const healthCheckTargetIp = call.input.optionalText('HealthCheckTargetIp') ?? '';
  const given = [healthCheckSourceIp, healthCheckTargetIp].filter((address) => address !== '');
  if (given.length === 1 || given.some((address) => parseV4(address) === undefined))
    throw refusal('IllegalParam.HealthcheckIp');
  if (given.length > 0 && (routerType !== 'VRouter' || oppositeType !== 'VBR'))
    throw refusal('OperationFailed.HcForInvalidRiType');
  return { healthCheckSourceIp, healthCheckTargetIp };
}

/** A pair of interfaces and a VPC peering between the same two VPCs exclude each other (docs/facts/alibaba.md 11.3). */
export function requireNoPeering(state: AlibabaState, one: string, other: string): void {
  const vpcs = [one, other].map((router) => state.vpcs.find((vpc) => vpc.router === router)?.id);
  const [first, second] = vpcs;
  if (first === undefined || second === undefined) return;
  const live = ['Creating', 'Accepting', 'Updating', 'Activated', 'Deleting'];
  const peer = state.peers.find(
    (candidate) => joins(candidate, first) && joins(candidate, second) && live.includes(candidate.status),
  );
  if (peer !== undefined) throw refusal('ResourceAlreadyExist.VpcPeer', peer.id);
}

/** FastLinkMode: the service makes the accepting side itself and connects the two. */
function joinFastLink(state: AlibabaState, call: Call, initiator: RouterInterfaceRecord): void {
  const { router, region } = initiator.opposite;
  const vpc = state.vpcs.find((candidate) => candidate.router === router);
  if (vpc?.account !== call.caller.account || vpc.region !== region) {
    state.interfaces.delete(initiator.id);
    throw refusal('InvalidRouterId.NotFound');
  }
  const acceptor = state.interfaces.put({
    ...initiator,
    id: state.vpcId('ri', region),
    region,
    role: 'AcceptingSide',
    spec: 'Negative',
    router,
    routerType: 'VRouter',
    scope: vpc.id,
    accessPoint: '',
    opposite: {
      region: initiator.region,
      routerType: 'VBR',
      interface: initiator.id,
      router: initiator.router,
      owner: initiator.account,
      accessPoint: initiator.accessPoint,
    },
    connectedAt: call.now,
  });
  const filled = { ...initiator.opposite, interface: acceptor.id, owner: acceptor.account };
  const connecting = state.interfaces.patch(initiator.id, { opposite: filled, connectedAt: call.now });
  if (connecting !== undefined) state.interfaceLife.begin(connecting, 'connect');
  state.interfaceLife.begin(acceptor, 'be-connected');
}
