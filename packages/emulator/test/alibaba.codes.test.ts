/** Codes that no other test is about: each comes about by the situation that the vendor lists it for. */
import { describe, expect, it } from '@jest/globals';
import { ALIBABA_STRUCK } from '../src/alibaba/faultOnly.js';
import { activePair, connect, fill, interfaceOf, port, route } from './alibabaInterfaces.js';
import { active, route as toPeering } from './alibabaPeerings.js';
import {
  asA,
  asB,
  b,
  caller,
  codeOf,
  data,
  emulator,
  emulatorPerFile,
  jobs,
  raw,
  REGION,
  vpc,
  web,
} from './alibabaWire.js';

emulatorPerFile(31);

const ADDRESSES = { LocalGatewayIp: '10.255.0.1', PeerGatewayIp: '10.255.0.2', PeeringSubnetMask: '255.255.255.252' };
const borderRouter = async (more: object = ADDRESSES): Promise<string> =>
  String((await vpc('CreateVirtualBorderRouter', { PhysicalConnectionId: port.id, VlanId: 30, ...more }))['VbrId']);
/** Runs on a line of account a, and belongs to account b. */
const borderRouterOfB = () => borderRouter({ VbrOwnerId: b.id });

const assume = (more: object) =>
  asA('Sts', 'AssumeRole', { RoleArn: `acs:ram::${b.id}:role/peer`, RoleSessionName: 'session', ...more });
const tagged = (product: 'Vpc' | 'VpcPeer', more: object) =>
  asA(product, 'TagResources', { RegionId: REGION, ResourceType: 'VPC', ResourceId: [web.id], ...more });
const tags = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `k${String(index)}`, Value: 'v' }));
const toInterface = (id: string, more: object = {}) =>
  vpc('CreateRouteEntry', {
    RouteTableId: web.routeTable,
    DestinationCidrBlock: '192.168.0.0/16',
    NextHopType: 'RouterInterface',
    NextHopId: id,
    ...more,
  });
/** Several next hops for one destination. */
const toSeveral = (hops: readonly object[], destination = '192.168.0.0/16') =>
  vpc('CreateRouteEntry', { RouteTableId: web.routeTable, DestinationCidrBlock: destination, NextHopList: hops });
const viaLine = (more: object) =>
  vpc('CreateRouterInterface', {
    Role: 'InitiatingSide', OppositeRegionId: REGION, Spec: 'Large.1', RouterType: 'VBR', OppositeRouterType: 'VRouter', ...more,
  }); // prettier-ignore
const changed = async (more: object) => {
  const id = await interfaceOf(web, data, 'InitiatingSide');
  return vpc('ModifyRouterInterfaceAttribute', { RouterInterfaceId: id, ...more });
};
const changedLine = async (more: object, as = asA) =>
  vpc('ModifyVirtualBorderRouterAttribute', { VbrId: await borderRouterOfB(), ...more }, as);
/** Two interfaces that name each other, one of them made otherwise than the other thinks. */
async function disagreeing(first: object, second: object, role: 'InitiatingSide' | 'AcceptingSide' = 'AcceptingSide') {
  const initiator = await interfaceOf(web, data, 'InitiatingSide', first);
  const acceptor = await interfaceOf(data, web, role, second);
  await fill(initiator, acceptor, data.router);
  await fill(acceptor, initiator, web.router);
  return connect(initiator);
}

const SITUATIONS: Readonly<Record<string, () => Promise<unknown>>> = {
  'InvalidParameter.RoleArn': () => assume({ RoleArn: 'role/peer' }),
  'InvalidParameter.RoleSessionName': () => assume({ RoleSessionName: 'x' }),
  'InvalidParameter.ExternalId': () => assume({ ExternalId: 'x' }),
  'InvalidParameter.PolicySize': () => assume({ Policy: 'x'.repeat(2_049) }),
  'QuotaExceeded.TagNum': () => vpc('CreateVpc', { Tag: tags(21) }),
  'SizeLimitExceeded.TagNum': () => tagged('Vpc', { Tag: tags(21) }),
  'NumberExceed.ResourceIds': () =>
    tagged('VpcPeer', {
      ResourceType: 'PeerConnection',
      ResourceId: Array.from({ length: 51 }, () => 'pcc-1'),
      Tag: tags(1),
    }),
  InvalidVBRStatus: async () => {
    const VbrId = await borderRouter();
    const { initiator } = await lineTo(VbrId);
    await vpc('TerminateVirtualBorderRouter', { VbrId });
    emulator.clock.advance(10_000);
    return toInterface(initiator, { RouteTableId: await tableOf(VbrId) });
  },
  'RouteConflict.AlreadyExist': async () => {
    await toPeering(web.routeTable, '10.0.200.0/24', await active());
    emulator.clock.advance(2_000);
    return vpc('CreateVSwitch', { VpcId: web.id, ZoneId: `${REGION}-b`, CidrBlock: '10.0.200.0/24' });
  },
  'OperationDenied.NextHopTypeNotPermitted': async () => {
    const hop = { NextHopType: 'VpcPeer', NextHopId: await active() };
    return toSeveral([hop, hop]);
  },
  INVALID_WEIGHT_PARAM: () => toSeveral([{ NextHopId: 'ri-1', Weight: 256 }, { NextHopId: 'ri-2' }]),
  'OperationUnsupported.Ipv6EcmpRouteEntry': () =>
    toSeveral([{ NextHopId: 'ri-1' }, { NextHopId: 'ri-2' }], '2001:db8::/64'),
  'OperationDenied.RouterInterfaceIpv6NotEnabled': async () =>
    toInterface((await activePair()).initiator, { DestinationCidrBlock: '2001:db8::/64' }),
  'ParamExclusive.NextHopIdAndList': async () => {
    const { initiator } = await activePair();
    await route(web.routeTable, '192.168.0.0/16', initiator);
    emulator.clock.advance(2_000);
    return vpc('DeleteRouteEntry', {
      RouteTableId: web.routeTable,
      DestinationCidrBlock: '192.168.0.0/16',
      NextHopId: initiator,
      NextHopList: [{ NextHopId: initiator, NextHopType: 'RouterInterface' }],
    });
  },
  'InvalidAccessPoint.NotMatch': async () => viaLine({ RouterId: await borderRouter(), AccessPointId: 'ap-other' }),
  'InvalidAccessPoint.NotExist': async () => viaLine({ RouterId: await borderRouter() }),
  'InvalidOppositeRouterType.ValueNotSupported': () => changed({ OppositeRouterType: 'Router' }),
  'InvalidParam.ModifyRouterInterface': () =>
    changed({ HealthCheckSourceIp: '10.0.0.1', HealthCheckTargetIp: '10.0.0.2' }),
  'IllegalParam.HcThreshold': () => changed({ HcThreshold: 0 }),
  'IllegalParam.HcRate': () => changed({ HcRate: 0 }),
  'IllegalParam.HcSourceIp': () => changed({ HealthCheckSourceIp: '10.0.0.1' }),
  'InvalidHealthCheckIP.Malformd': () => changed({ HealthCheckSourceIp: '10.0.0' }),
  'AttrMismatching.AcceptingSideRole': () => disagreeing({}, {}, 'InitiatingSide'),
  'AttrMismatching.AcceptingSideRegionNo': () => disagreeing({ OppositeRegionId: 'cn-beijing' }, {}),
  'AttrMismatching.AcceptingSideOppositeRegionNo': () => disagreeing({}, { OppositeRegionId: 'cn-beijing' }),
  'InvalidCircuitCode.Malformed': () => borderRouter({ ...ADDRESSES, CircuitCode: 'x'.repeat(65) }),
  'IncorrectStatus.VirtualBorderRouter': async () => {
    const VbrId = await borderRouter();
    await vpc('DeleteVirtualBorderRouter', { VbrId });
    return vpc('ModifyVirtualBorderRouterAttribute', { VbrId, Name: 'later' });
  },
  'InvalidVpcDiscription.Malformed': () => vpc('CreateVpc', { Description: 'http://a' }),
  'DependencyViolation.RouteTable': async () => {
    await vpc('CreateRouteTable', { VpcId: jobs.id });
    return vpc('DeleteVpc', { VpcId: jobs.id });
  },
  'InvalidVSwitchName.Malformed': () =>
    vpc('CreateVSwitch', { VpcId: web.id, ZoneId: `${REGION}-b`, CidrBlock: '10.0.200.0/24', VSwitchName: 'http://a' }),
  'Forbidden.LocalGatewayIpNotAllowedByCaller': () => changedLine({ LocalGatewayIp: '10.255.0.1' }),
  'Forbidden.PeerGatewayIpNotAllowedByCaller': () => changedLine({ PeerGatewayIp: '10.255.0.2' }),
  'Forbidden.PeeringSubnetMaskNotAllowedByCaller': () => changedLine({ PeeringSubnetMask: '255.255.255.252' }),
  'Forbidden.DescriptionNotAllowedByCaller': () => changedLine({ Description: 'a line' }),
  'Forbidden.CircuitCodeNotAllowedByCaller': () => changedLine({ CircuitCode: 'c' }, asB),
  'Forbidden.OperationDeleteNotAllowedByUser': async () => {
    const VbrId = await borderRouterOfB();
    await vpc('ModifyVirtualBorderRouterAttribute', { VbrId, ...ADDRESSES }, asB);
    emulator.clock.advance(10_000);
    return vpc('DeleteVirtualBorderRouter', { VbrId });
  },
  'InvalidRouterInterfaceChargeType.Malformed': async () => {
    const paid = { InstanceChargeType: 'PrePaid', Period: 1, PricingCycle: 'Month' };
    const RouterInterfaceId = await interfaceOf(web, data, 'InitiatingSide', paid);
    return vpc('DeleteRouterInterface', { RouterInterfaceId });
  },
};

async function tableOf(RouterId: string): Promise<string> {
  const answer = await vpc('DescribeRouteTables', { RouterType: 'VBR', RouterId });
  return (answer as { RouteTables: { RouteTable: { RouteTableId: string }[] } }).RouteTables.RouteTable[0]!
    .RouteTableId;
}
async function lineTo(VbrId: string) {
  const { RouterInterfaceId } = await viaLine({ RouterId: VbrId, AccessPointId: port.accessPoint });
  return { initiator: String(RouterInterfaceId) };
}

describe('a code that the vendor lists', () => {
  it.each(Object.entries(SITUATIONS))('%s comes by its situation', async (code, situation) => {
    expect(await codeOf(situation())).toBe(code);
  });

  it('UnsupportedHTTPMethod comes by a method that the cloud has not', async () => {
    const { status, body } = await raw(emulator, '/?Action=DescribeVpcs&Version=2016-04-28', { method: 'PUT' });
    expect([status, /UnsupportedHTTPMethod/.exec(body)?.[0]]).toEqual([403, 'UnsupportedHTTPMethod']);
  });

  it('comes by no request when it means that the cloud is broken or has too much to do: a fault strikes it', async () => {
    const seen = new Set<string>();
    const struck = async (fault: Parameters<typeof emulator.faults.add>[0]) => {
      const remove = emulator.faults.add(fault);
      seen.add(await codeOf(caller(emulator)('Vpc', 'DescribeVpcs', { RegionId: REGION })));
      remove();
    };
    await struck({ kind: 'error', status: 500 });
    await struck({ kind: 'error', status: 503 });
    for (const code of ['Throttling', 'Throttling.Api', 'Throttling.User']) {
      emulator.rules.set({ 'alibaba.throttling.code': code });
      await struck({ kind: 'throttle' });
    }
    expect([...seen].sort()).toEqual([...ALIBABA_STRUCK].sort());
  });
});
