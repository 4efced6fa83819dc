/** How the position of every rule shows from outside: one look per rule, which must differ between two positions. */
import { DEFAULT_WORLD } from '@peerway/emulator';
import type { Emulator, RuleValue } from '@peerway/emulator';
import { alibabaRequest } from '../bench/_signers.mjs';
import type { SignedRequest } from '../bench/_signers.mjs';

type Body = Record<string, unknown>;
export type Look = (emulator: Emulator) => Promise<unknown>;
/** The position to compare with the default, and what is looked at; `base`: rules that both looks need. */
export interface Probe {
  readonly other: RuleValue;
  readonly look: Look;
  readonly base?: Readonly<Record<string, RuleValue>>;
}
export interface Answer {
  readonly says: string;
  readonly body: Body;
}

export async function send(endpoint: string, { method, path, headers, body }: SignedRequest): Promise<Answer> {
  const { host: _, ...rest } = headers;
  const content = method === 'GET' || body.length === 0 ? {} : { body };
  const response = await fetch(`${endpoint}${path}`, { method, headers: rest, ...content });
  const text = await response.text();
  const parsed = (text.startsWith('{') ? JSON.parse(text) : {}) as Body & {
    readonly Code?: string;
    readonly code?: string;
  };
  const code = response.ok
    ? text === ''
      ? 'empty'
      : text.startsWith('<')
        ? 'xml'
        : 'ok'
    : (parsed.Code ?? parsed.code ?? 'xml');
  return { says: `${String(response.status)} ${code}`, body: parsed };
}
export const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, name) => (inner as Body | undefined)?.[name], value);
export const says = async (answer: Promise<Answer>): Promise<string> => (await answer).says;
export const named = (cloud: 'alibaba' | 'baidu', account: 'a' | 'b', region: string, which: string) =>
  DEFAULT_WORLD[cloud].networks.find(
    (one) => one.account === account && one.region === region && one.name.startsWith(`${which}-`),
  )!;

// ---- Alibaba Cloud

const HZ = 'cn-hangzhou';
const ali = DEFAULT_WORLD.alibaba.accounts;
const [web, data] = ['web', 'data'].map((which) => named('alibaba', 'a', HZ, which)) as [
  ReturnType<typeof named>,
  ReturnType<typeof named>,
];
const far = named('alibaba', 'a', 'cn-beijing', 'web');
const foreign = named('alibaba', 'b', HZ, 'web');
const router = (network: object): string => String((network as { router?: string }).router);
const VERSIONS = { Vpc: '2016-04-28', VpcPeer: '2022-01-01' } as const;

interface As {
  readonly key?: { readonly accessKeyId: string; readonly accessKeySecret: string };
  readonly at?: number;
}
const call = (
  e: Emulator,
  product: keyof typeof VERSIONS,
  action: string,
  params: Body = {},
  as: As = {},
): Promise<Answer> =>
  send(
    e.alibaba.endpoint,
    alibabaRequest(as.key ?? ali.a, VERSIONS[product], action, params, { at: as.at ?? e.clock.now() }),
  );
const vpc = (e: Emulator, action: string, params: Body = {}, as?: As) =>
  call(e, 'Vpc', action, { RegionId: HZ, ...params }, as);
const peer = (e: Emulator, action: string, params: Body = {}, as?: As) => call(e, 'VpcPeer', action, params, as);
const between = (from: { id: string }, to: { id: string; account: 'a' | 'b'; region: string }): Body => ({
  RegionId: HZ, VpcId: from.id, AcceptingAliUid: ali[to.account].id, AcceptingRegionId: to.region, AcceptingVpcId: to.id,
}); // prettier-ignore
const create = (e: Emulator, to: Parameters<typeof between>[1] = data, more: Body = {}) =>
  peer(e, 'CreateVpcPeerConnection', { ...between(web, to), ...more });
const created = async (e: Emulator, to?: Parameters<typeof between>[1], more?: Body): Promise<string> =>
  String((await create(e, to, more)).body['InstanceId']);
const active = async (e: Emulator, to?: Parameters<typeof between>[1], more?: Body): Promise<string> => {
  const id = await created(e, to, more);
  e.clock.advance(10_000);
  return id;
};
const abroad = (e: Emulator) => {
  const { id } = e.world.network({
    cloud: 'alibaba',
    account: ali.a.id,
    region: 'us-east-1',
    cidrs: ['10.222.0.0/16'],
  });
  return { id, account: 'a', region: 'us-east-1' } as const;
};
const entry = (e: Emulator, nextHop: string, more: Body = {}) =>
  vpc(e, 'CreateRouteEntry', {
    RouteTableId: web.routeTable,
    DestinationCidrBlock: '172.16.0.0/16',
    NextHopType: 'VpcPeer',
    NextHopId: nextHop,
    ...more,
  });
const RI = {
  Role: 'InitiatingSide',
  OppositeRegionId: HZ,
  Spec: 'Small.1',
  RouterType: 'VRouter',
  RouterId: router(web),
};
const riCreate = (e: Emulator, more: Body = {}) => vpc(e, 'CreateRouterInterface', { ...RI, ...more });
const riMade = async (e: Emulator, more?: Body): Promise<string> =>
  String((await riCreate(e, more)).body['RouterInterfaceId']);
const riPair = async (e: Emulator): Promise<readonly [string, string]> => {
  const one = await riMade(e);
  const two = await riMade(e, { Role: 'AcceptingSide', Spec: 'Negative', RouterId: router(data) });
  for (const [id, other, over] of [
    [one, two, data],
    [two, one, web],
  ] as const)
    // prettier-ignore
    await vpc(e, 'ModifyRouterInterfaceAttribute', { RouterInterfaceId: id, OppositeInterfaceId: other, OppositeRouterId: router(over), OppositeRouterType: 'VRouter', OppositeInterfaceOwnerId: ali.a.id });
  return [one, two];
};
const PORT = DEFAULT_WORLD.alibaba.ports.find(({ account, region }) => account === 'a' && region === HZ)!;
const LINE = {
  PhysicalConnectionId: PORT.id,
  LocalGatewayIp: '10.255.0.1',
  PeerGatewayIp: '10.255.0.2',
  PeeringSubnetMask: '255.255.255.252',
};
const vbr = (e: Emulator, VlanId = 5) => vpc(e, 'CreateVirtualBorderRouter', { ...LINE, VlanId });
const status = async (e: Emulator, InstanceId: string) =>
  (await peer(e, 'GetVpcPeerConnectionAttribute', { InstanceId })).body['Status'];
const plainCreate: Look = (e) => says(create(e));
const acrossCreate: Look = (e) => says(create(e, foreign));
const farCreate: Look = (e) => says(create(e, far));
const abroadCreate: Look = (e) => says(create(e, abroad(e)));
const plainInterface: Look = (e) => says(riCreate(e));
export const off = (look: Look): Probe => ({ other: false, look });
export const on = (look: Look): Probe => ({ other: true, look });
export const none = (look: Look): Probe => ({ other: 0, look });

export const ALIBABA_PROBES: Readonly<Record<string, Probe>> = {
  'alibaba.unknownParameters': { other: 'loose', look: (e) => says(vpc(e, 'DescribeVpcs', { Colour: 'red' })) },
  'alibaba.defaultFormat': { other: 'JSON', look: async (e) => says(fetchBare(e)) },
  'alibaba.auth.clockWindowMs': { other: 60_000, look: (e) => says(vpc(e, 'DescribeVpcs', {}, { at: e.clock.now() - 300_000 })) },
  'alibaba.clientToken.lifetimeMs': { other: 1_000, look: async (e) => {
    await create(e, data, { ClientToken: 't' });
    e.clock.advance(60_000);
    return says(create(e, data, { ClientToken: 't' }));
  } },
  'alibaba.auth.unknownKeyStatus': { other: '400', look: (e) => says(vpc(e, 'DescribeVpcs', {}, { key: { accessKeyId: 'no', accessKeySecret: 'no' } })) },
  'alibaba.throttling.status': { other: '429', look: (e) => throttled(e) },
  'alibaba.throttling.code': { other: 'Throttling', look: (e) => throttled(e) },
  'alibaba.auth.disabledKeyCode': { other: 'Forbidden.AccessKeyDisabled', look: (e) => {
    e.world.key({ cloud: 'alibaba', id: 'off', secret: 's', account: ali.a.id, disabled: true });
    return says(vpc(e, 'DescribeVpcs', {}, { key: { accessKeyId: 'off', accessKeySecret: 's' } }));
  } },
  'alibaba.vpc.perRegion': none((e) => says(vpc(e, 'CreateVpc', { CidrBlock: '192.168.0.0/16' }))),
  'alibaba.vswitch.perVpc': none((e) => says(vpc(e, 'CreateVSwitch', { VpcId: web.id, CidrBlock: web.cidrs[0].replace('.0/16', '.0/24'), ZoneId: `${HZ}-b` }))),
  'alibaba.vpcPeer.perVpc': none(plainCreate),
  'alibaba.vpcPeer.intraRegionPerVpc': none(plainCreate),
  'alibaba.vpcPeer.crossRegionPerVpc': none(farCreate),
  'alibaba.vpcPeer.perAccountAndRegion': none(plainCreate),
  'alibaba.vpcPeer.bandwidthMbps': { other: 4_096, look: (e) => says(create(e, far, { Bandwidth: 2_000 })) },
  'alibaba.vpcPeer.acceptWindowMs': { other: 60_000, look: async (e) => {
    const id = await created(e, foreign);
    e.clock.advance(120_000);
    return status(e, id);
  } },
  'alibaba.vpcPeer.linkTypes': { other: 'Gold,Platinum,Silver', look: (e) => says(create(e, far, { LinkType: 'Silver' })) },
  'alibaba.vpcPeer.linkTypeInRegion': off((e) => says(create(e, far, { LinkType: 'Gold' }))),
  'alibaba.vpcPeer.regionsSupported': off(plainCreate),
  'alibaba.cdt.opened': off(plainCreate),
  'alibaba.cdt.crossBorderOpened': on(abroadCreate),
  'alibaba.cdt.acceptorOpened': off(acrossCreate),
  'alibaba.cdt.acceptorCrossBorderOpened': { other: false, look: abroadCreate, base: { 'alibaba.cdt.crossBorderOpened': true } },
  'alibaba.vpcPeer.requesterBusinessNormal': off(plainCreate),
  'alibaba.vpcPeer.acceptorBusinessNormal': off(acrossCreate),
  'alibaba.vpcPeer.peerAccountBusinessNormal': off(acrossCreate),
  'alibaba.vpc.cloudBoxInRequester': on(plainCreate),
  'alibaba.vpc.cloudBoxInAccepter': on(plainCreate),
  'alibaba.vpc.shared': on(plainCreate),
  'alibaba.vpcPeer.serviceManaged': on(async (e) => says(peer(e, 'ModifyVpcPeerConnection', { InstanceId: await active(e), Name: 'other' }))),
  'alibaba.routeEntry.perTable': none(async (e) => says(entry(e, await active(e)))),
  'alibaba.routeEntry.tasks': { other: 'free', look: async (e) => twoRoutes(e) },
  'alibaba.routeEntry.conflictCode': { other: 'IncorrectRouteEntryStatus', look: async (e) => twoRoutes(e) },
  'alibaba.routeEntry.duplicateCode': { other: 'RouteConflict.AlreadyExist', look: async (e) => {
    const id = await active(e);
    await entry(e, id);
    e.clock.advance(10_000);
    return says(entry(e, id));
  } },
  'alibaba.routeEntry.duplicateCodeOfBorderRouter': { other: 'InvalidCIDRBlock.Duplicate', look: async (e) => {
    const { VbrId } = (await vbr(e)).body;
    const found = (await vpc(e, 'DescribeVirtualBorderRouters', { 'Filter.1.Key': 'VbrId', 'Filter.1.Value.1': VbrId })).body;
    const item = (name: string) => at(found, `VirtualBorderRouterSet.VirtualBorderRouterType.0.${name}`);
    const more = { RouteTableId: item('RouteTableId'), NextHopType: 'RouterInterface' };
    await entry(e, String(item('VlanInterfaceId')), more);
    e.clock.advance(10_000);
    return says(entry(e, String(item('VlanInterfaceId')), more));
  } },
  'alibaba.routeEntry.vswitchOverlap': { other: 'any-overlap-refused', look: async (e) => {
    const [cidr] = web.cidrs;
    await vpc(e, 'CreateVSwitch', { VpcId: web.id, CidrBlock: cidr.replace('/16', '/24'), ZoneId: `${HZ}-b` });
    e.clock.advance(10_000);
    return says(entry(e, await active(e), { DestinationCidrBlock: cidr }));
  } },
  'alibaba.routeEntry.insideServiceRange': off(async (e) => says(entry(e, await active(e), { DestinationCidrBlock: '100.64.1.0/24' }))),
  'alibaba.routeEntryList.defaultMaxResult': { other: 1, look: async (e) => {
    const id = await active(e);
    await entry(e, id);
    e.clock.advance(10_000);
    await entry(e, id, { DestinationCidrBlock: '172.17.0.0/16' });
    e.clock.advance(10_000);
    return at((await vpc(e, 'DescribeRouteEntryList', { RouteTableId: web.routeTable, RouteEntryType: 'Custom' })).body, 'RouteEntrys.RouteEntry.length');
  } },
  'alibaba.routeEntryList.greatestMaxResult': { other: 500, look: (e) => says(vpc(e, 'DescribeRouteEntryList', { RouteTableId: web.routeTable, MaxResult: 300 })) },
  'alibaba.vpcPeer.ipv6Routes': off(async (e) => {
    const six = e.world.network({ cloud: 'alibaba', account: ali.a.id, region: HZ, cidrs: ['10.77.0.0/16', '2408:4000::/56'] });
    const { InstanceId } = (await peer(e, 'CreateVpcPeerConnection', between(six, web))).body;
    e.clock.advance(10_000);
    return says(entry(e, String(InstanceId), { RouteTableId: six.routeTable, DestinationCidrBlock: '2408:5000::/56' }));
  }),
  'alibaba.routeTable.customPerVpc': none((e) => says(vpc(e, 'CreateRouteTable', { VpcId: web.id }))),
  'alibaba.routerInterface.perRouter': none(plainInterface),
  'alibaba.routerInterface.perAccount': none(plainInterface),
  'alibaba.routerInterface.modifyLagMs': { other: 60_000, look: async (e) => says(vpc(e, 'ConnectRouterInterface', { RouterInterfaceId: (await riPair(e))[0] })) },
  'alibaba.routerInterface.modifyTypeDefault': { other: 'VBR', look: async (e) => {
    const RouterInterfaceId = await riMade(e);
    await vpc(e, 'ModifyRouterInterfaceAttribute', { RouterInterfaceId, OppositeRouterId: router(data) });
    return at((await vpc(e, 'DescribeRouterInterfaces')).body, 'RouterInterfaceSet.RouterInterfaceType.0.OppositeRouterType');
  } },
  'alibaba.routerInterface.deleteCodes': { other: 'metadata', look: async (e) => {
    const [RouterInterfaceId] = await riPair(e);
    await vpc(e, 'ConnectRouterInterface', { RouterInterfaceId });
    return says(vpc(e, 'DeleteRouterInterface', { RouterInterfaceId }));
  } },
  'alibaba.routerInterface.statusCode': { other: 'IncorrectStatus', look: async (e) => says(vpc(e, 'ActivateRouterInterface', { RouterInterfaceId: await riMade(e) })) },
  'alibaba.routerInterface.vbrAcceptorCode': { other: 'IllegalParam.VRouterType', look: async (e) => says(riCreate(e, { Role: 'AcceptingSide', Spec: 'Negative', RouterType: 'VBR', RouterId: (await vbr(e)).body['VbrId'] })) },
  'alibaba.hasReservationData': { other: 'boolean', look: async (e) => {
    await riMade(e);
    return at((await vpc(e, 'DescribeRouterInterfaces')).body, 'RouterInterfaceSet.RouterInterfaceType.0.HasReservationData');
  } },
  'alibaba.billing.outstanding': on(plainInterface),
  'alibaba.billing.noBalance': on(plainInterface),
  'alibaba.routerInterface.financialLocked': on(async (e) => {
    await riMade(e);
    return at((await vpc(e, 'DescribeRouterInterfaces')).body, 'RouterInterfaceSet.RouterInterfaceType.0.BusinessStatus');
  }),
  'alibaba.routerInterface.whitelisted': off(plainInterface),
  'alibaba.routerInterface.otherCreateRunning': on(plainInterface),
  'alibaba.router.attachedToCen': on(plainInterface),
  'alibaba.router.cenChanging': on(plainInterface),
  'alibaba.routerInterface.crossBorderAllowed': on((e) => says(riCreate(e, { OppositeRegionId: 'us-east-1' }))),
  'alibaba.vbr.perPort': none((e) => says(vbr(e))),
  'alibaba.vbr.confirmedBy': { other: 'people', look: async (e) => {
    const { PhysicalConnectionId, ...addresses } = LINE;
    const { VbrId } = (await vpc(e, 'CreateVirtualBorderRouter', { PhysicalConnectionId, VlanId: 5, VbrOwnerId: ali.b.id })).body;
    await vpc(e, 'ModifyVirtualBorderRouterAttribute', { VbrId, ...addresses }, { key: ali.b });
    return at((await vpc(e, 'DescribeVirtualBorderRouters', {}, { key: ali.b })).body, 'VirtualBorderRouterSet.VirtualBorderRouterType.0.Status');
  } },
  'alibaba.physicalConnection.businessNormal': off(async (e) => {
    await vbr(e);
    return at((await vpc(e, 'DescribeVirtualBorderRouters')).body, 'VirtualBorderRouterSet.VirtualBorderRouterType.0.PhysicalConnectionBusinessStatus');
  }),
  'alibaba.physicalConnection.enabled': off((e) => says(vbr(e))),
  'alibaba.vbr.vlanKeptMs': { other: 1_000, look: async (e) => {
    const { VbrId } = (await vbr(e)).body;
    await vpc(e, 'TerminateVirtualBorderRouter', { VbrId });
    e.clock.advance(60_000);
    return says(vbr(e));
  } },
}; // prettier-ignore

async function fetchBare(e: Emulator): Promise<Answer> {
  const response = await fetch(`${e.alibaba.endpoint}/?Action=DescribeVpcs`);
  return { says: (await response.text()).startsWith('{') ? 'json' : 'xml', body: {} };
}
async function throttled(e: Emulator): Promise<string> {
  e.faults.add({ kind: 'throttle' });
  return says(vpc(e, 'DescribeVpcs'));
}
async function twoRoutes(e: Emulator): Promise<string> {
  const id = await active(e);
  await entry(e, id);
  return says(entry(e, id, { DestinationCidrBlock: '172.17.0.0/16' }));
}
