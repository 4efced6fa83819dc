/** Router interfaces and border routers: the vendor's own Vpc SDK (signature V3) drives them; shapes come from the seeds. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { a, at, b, caller, codeOf, network } from './alibabaWire.js';

const REGION = 'cn-hangzhou';
const web = network('a', REGION, 'web');
const data = network('a', REGION, 'data');
const jobs = network('a', REGION, 'jobs');
const foreign = network('b', REGION, 'web');
const port = DEFAULT_WORLD.alibaba.ports.find(({ account, region }) => account === 'a' && region === REGION)!;

let emulator: Emulator;
let asA: ReturnType<typeof caller>;
let asB: ReturnType<typeof caller>;
beforeAll(async () => {
  emulator = await Emulator.start({ seed: 3 });
  asA = caller(emulator, a);
  asB = caller(emulator, b);
});
afterEach(() => {
  expect(emulator.crashes).toEqual([]);
  emulator.reset();
});
afterAll(() => emulator.close());

const vpc = (action: string, params: object, as = asA) => as('Vpc', action, { RegionId: REGION, ...params });

/** Key sets of every object in a seed's printed answers, by heading. */
function listingsOf(seed: string): { heading: string; keys: string[] }[] {
  const folder = fileURLToPath(new URL('../../../../shared/seeds', import.meta.url));
  if (!existsSync(folder)) {
    console.log(`skipped the comparison with seed ${seed}: ${folder} is absent`);
    return [];
  }
  const file = readdirSync(folder).find((name) => name.startsWith(`${seed}_`)) ?? '';
  const text = readFileSync(join(folder, file), 'utf8');
  const printed = text.slice(text.lastIndexOf('``` {#codeblock')).replace(/^.*\n/, '');
  return printed
    .split(/^\s*-{10,}(\w+)-{10,}\s*$/m)
    .slice(1)
    .reduce<{ heading: string; keys: string[] }[]>((all, part, index, parts) => {
      if (index % 2 === 1)
        all.push({ heading: parts[index - 1]!, keys: keysOf(JSON.parse(part.replace(/```[\s\S]*$/, ''))) });
      return all;
    }, []);
}

/** Every path of an answer, array indices folded, sorted. */
function keysOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => keysOf(item, `${path}[]`)))].sort();
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .flatMap(([name, member]) => [`${path}.${name}`, ...keysOf(member, `${path}.${name}`)])
    .sort();
}

interface VpcSdk {
  [operation: string]: (request: object) => Promise<{ body: Record<string, unknown> }>;
}

/** The vendor's typed SDK; answers come back in camel case, so shapes are read from the emulator with pop-core. */
function vendorSdk() {
  const require = createRequire(import.meta.url);
  const sdk = require('@alicloud/vpc20160428') as { default: new (config: object) => VpcSdk } & Record<
    string,
    new (fields: object) => object
  >;
  const core = createRequire(require.resolve('@alicloud/vpc20160428'))('@alicloud/openapi-core') as {
    $OpenApiUtil: { Config: new (fields: object) => object };
  };
  const { Config } = core.$OpenApiUtil;
  const client = new sdk.default(
    new Config({ ...a, endpoint: emulator.alibaba.endpoint.replace('http://', ''), protocol: 'HTTP' }),
  );
  return async (operation: string, fields: object): Promise<Record<string, unknown>> => {
    const Request = sdk[`${operation[0]!.toUpperCase()}${operation.slice(1)}Request`]!;
    return (await client[operation]!(new Request({ regionId: REGION, ...fields }))).body;
  };
}

async function interfaceOf(
  from: { router: string; region: string },
  to: { router: string; region: string },
  role: 'InitiatingSide' | 'AcceptingSide',
  more: object = {},
  as = asA,
) {
  const { RouterInterfaceId } = await vpc(
    'CreateRouterInterface',
    {
      RegionId: from.region,
      Role: role,
      OppositeRegionId: to.region,
      Spec: role === 'InitiatingSide' ? 'Large.2' : 'Negative',
      RouterType: 'VRouter',
      RouterId: from.router,
      OppositeRouterType: 'VRouter',
      ...more,
    },
    as,
  );
  return String(RouterInterfaceId);
}
const fill = (id: string, peer: string, router: string, more: object = {}, as = asA) =>
  vpc(
    'ModifyRouterInterfaceAttribute',
    { RouterInterfaceId: id, OppositeInterfaceId: peer, OppositeRouterId: router, ...more },
    as,
  );
const connect = (id: string, as = asA) => vpc('ConnectRouterInterface', { RouterInterfaceId: id }, as);
const show = async (id: string, as = asA) => {
  const answer = await vpc('DescribeRouterInterfaces', { Filter: [{ Key: 'RouterInterfaceId', Value: [id] }] }, as);
  return at(answer, 'RouterInterfaceSet.RouterInterfaceType.0') as Record<string, unknown> | undefined;
};
const statusOf = async (id: string, as = asA) => (await show(id, as))?.['Status'];
const route = (table: string, destination: string, hop: string, as = asA) =>
  vpc(
    'CreateRouteEntry',
    { RouteTableId: table, DestinationCidrBlock: destination, NextHopType: 'RouterInterface', NextHopId: hop },
    as,
  );

async function idlePair(from: typeof web = web, to: typeof web = data) {
  const initiator = await interfaceOf(from, to, 'InitiatingSide');
  const acceptor = await interfaceOf(to, from, 'AcceptingSide');
  await fill(initiator, acceptor, to.router);
  await fill(acceptor, initiator, from.router);
  return { initiator, acceptor };
}
async function activePair(from: typeof web = web, to: typeof web = data) {
  const pair = await idlePair(from, to);
  await connect(pair.initiator);
  emulator.clock.advance(5_000);
  return pair;
}

describe('the 15 steps of seeds 000 and 001, driven by @alicloud/vpc20160428', () => {
  it('creates, fills, connects, routes and takes down; states on the way', async () => {
    const sdk = vendorSdk();
    const create = async (role: string, spec: string, router: string) =>
      String(
        (
          await sdk('createRouterInterface', {
            role,
            spec,
            routerId: router,
            routerType: 'VRouter',
            oppositeRegionId: REGION,
            oppositeRouterType: 'VRouter',
          })
        )['routerInterfaceId'],
      );
    const initiator = await create('InitiatingSide', 'Large.2', web.router);
    const acceptor = await create('AcceptingSide', 'Negative', data.router);
    await sdk('modifyRouterInterfaceAttribute', {
      routerInterfaceId: initiator,
      oppositeInterfaceId: acceptor,
      oppositeRouterId: data.router,
    });
    await sdk('modifyRouterInterfaceAttribute', {
      routerInterfaceId: acceptor,
      oppositeInterfaceId: initiator,
      oppositeRouterId: web.router,
    });
    const listed = await sdk('describeRouterInterfaces', {
      filter: [{ key: 'RouterInterfaceId', value: [initiator, acceptor] }],
    });
    expect(at(listed, 'totalCount')).toBe(2);
    expect(at(listed, 'routerInterfaceSet.routerInterfaceType.0.bandwidth')).toBe(2048);
    await sdk('connectRouterInterface', { routerInterfaceId: initiator });
    expect([await statusOf(initiator), await statusOf(acceptor)]).toEqual(['Connecting', 'AcceptingConnecting']);
    emulator.clock.advance(5_000);
    expect([await statusOf(initiator), await statusOf(acceptor)]).toEqual(['Active', 'Active']);
    const hop = { destinationCidrBlock: '0.0.0.0/0', nextHopType: 'RouterInterface' };
    const tables = await sdk('describeRouteTableList', { vpcId: web.id });
    expect(at(tables, 'routerTableList.routerTableListType.0.routeTableId')).toBe(web.routeTable);
    await sdk('createRouteEntry', { ...hop, routeTableId: web.routeTable, nextHopId: initiator });
    await sdk('createRouteEntry', { ...hop, routeTableId: data.routeTable, nextHopId: acceptor });
    emulator.clock.advance(1_000);
    const entries = await sdk('describeRouteEntryList', { routeTableId: web.routeTable, routeEntryType: 'Custom' });
    expect(at(entries, 'routeEntrys.routeEntry.0')).toMatchObject({
      status: 'Available',
      nextHops: { nextHop: [{ nextHopId: initiator, nextHopType: 'RouterInterface', enabled: 1 }] },
    });
    const delRoute = (routeTableId: string, nextHopId: string) =>
      sdk('deleteRouteEntry', { routeTableId, nextHopId, destinationCidrBlock: '0.0.0.0/0' });
    await delRoute(data.routeTable, acceptor);
    await delRoute(web.routeTable, initiator);
    await sdk('deactivateRouterInterface', { routerInterfaceId: initiator });
    await sdk('deactivateRouterInterface', { routerInterfaceId: acceptor });
    expect(await statusOf(initiator)).toBe('Deactivating');
    emulator.clock.advance(3_000);
    expect(await statusOf(acceptor)).toBe('Inactive');
    await sdk('deleteRouterInterface', { routerInterfaceId: initiator });
    await sdk('deleteRouterInterface', { routerInterfaceId: acceptor });
    emulator.clock.advance(2_000);
    expect(await vpc('DescribeRouterInterfaces', {})).toMatchObject({ TotalCount: 0 });
    await sdk('describeVpcs', { pageSize: 1 });
    await sdk('createRouteEntries', {
      routeEntries: [
        { routeTableId: web.routeTable, dstCidrBlock: '10.9.0.0/16', nextHop: 'ri-x', nextHopType: 'RouterInterface' },
      ],
    });
    await sdk('deleteRouteEntries', {
      routeEntries: [{ routeTableId: web.routeTable, dstCidrBlock: '10.9.0.0/16', nextHop: 'ri-x' }],
    });
    await expect(sdk('describeRouteTables', { routerId: 'vrt-x' })).rejects.toMatchObject({
      code: 'InvalidVRouterId.NotFound',
    });
    const { routeTableId } = await sdk('createRouteTable', { vpcId: web.id });
    await sdk('deleteRouteTable', { routeTableId });
    await sdk('describeRegions', {});
    const driven = new Set(emulator.requests.map(({ operation }) => operation));
    const claimed = emulator
      .operations('alibaba')
      .filter(({ description }) => description.evidence.clients.includes('@alicloud/vpc20160428'));
    expect(claimed.length).toBeGreaterThan(12);
    expect(claimed.map(({ description }) => description.name).filter((name) => !driven.has(name))).toEqual([]);
  });

  it.each(['000', '001'])('answers have exactly the members that seed %s prints', async (seed) => {
    const printed = listingsOf(seed);
    if (printed.length === 0) return;
    const { initiator, acceptor } = await idlePair();
    const describes = printed.filter(({ heading }) => heading === 'describe_router_interface');
    expect(describes).toHaveLength(2);
    const one = (id: string) =>
      vpc('DescribeRouterInterfaces', { Filter: [{ Key: 'RouterInterfaceId', Value: [id] }] });
    expect(keysOf(await one(initiator))).toEqual(describes[0]!.keys);
    expect(keysOf(await one(acceptor))).toEqual(describes[1]!.keys);
    const created = printed.find(({ heading }) => heading === 'create_router_interface')!;
    expect(created.keys).toEqual(['.RequestId', '.RouterInterfaceId']);
    expect(keysOf(await connect(initiator))).toEqual(
      printed.find(({ heading }) => heading === 'connect_router_interface')!.keys,
    );
  });
});

describe('a line to a border router (seed 002)', () => {
  const newVbr = async (more: object = {}, as = asA) => {
    const params = {
      PhysicalConnectionId: port.id,
      VlanId: 30,
      LocalGatewayIp: '10.255.0.1',
      PeerGatewayIp: '10.255.0.2',
      PeeringSubnetMask: '255.255.255.252',
      ...more,
    };
    return String((await vpc('CreateVirtualBorderRouter', params, as))['VbrId']);
  };
  const vbrOf = async (id: string, as = asA, more: object = {}) => {
    const answer = await vpc('DescribeVirtualBorderRouters', { Filter: [{ Key: 'VbrId', Value: [id] }], ...more }, as);
    return at(answer, 'VirtualBorderRouterSet.VirtualBorderRouterType.0') as Record<string, unknown> | undefined;
  };
  const line = async () => {
    const vbr = await newVbr();
    const toVpc = { RouterType: 'VBR', AccessPointId: port.accessPoint };
    const initiator = await interfaceOf({ router: vbr, region: REGION }, data, 'InitiatingSide', toVpc);
    const toVbr = { OppositeRouterType: 'VBR', OppositeAccessPointId: port.accessPoint };
    const acceptor = await interfaceOf(data, { router: vbr, region: REGION }, 'AcceptingSide', toVbr);
    await fill(initiator, acceptor, data.router, { OppositeRouterType: 'VRouter' });
    await fill(acceptor, initiator, vbr, { OppositeRouterType: 'VBR' });
    return { vbr, initiator, acceptor };
  };

  it('goes up and comes down in 18 steps; answers have the members that the seed prints', async () => {
    const printed = listingsOf('002');
    const { vbr, initiator, acceptor } = await line();
    const one = (id: string) =>
      vpc('DescribeRouterInterfaces', { Filter: [{ Key: 'RouterInterfaceId', Value: [id] }] });
    const tables = await vpc('DescribeRouteTables', { RouterId: vbr, RouterType: 'VBR' });
    if (printed.length > 0) {
      const describes = printed.filter(({ heading }) => heading === 'describe_router_interface');
      expect(keysOf(await one(initiator))).toEqual(describes[0]!.keys);
      expect(keysOf(await one(acceptor))).toEqual(describes[1]!.keys);
      expect(keysOf(tables)).toEqual(printed.find(({ heading }) => heading === 'describe_route_table')!.keys);
    }
    const table = String(at(tables, 'RouteTables.RouteTable.0.RouteTableId'));
    expect(await codeOf(route(table, '10.1.0.0/16', initiator))).toBe('OperationDenied.VbrIdle');
    await connect(initiator);
    emulator.clock.advance(5_000);
    await route(table, '10.1.0.0/16', initiator);
    expect(await codeOf(route(table, '192.168.0.0/16', String((await vbrOf(vbr))!['VlanInterfaceId'])))).toBe(
      'TaskConflict',
    );
    await route(data.routeTable, '192.168.0.0/16', acceptor);
    emulator.clock.advance(1_000);
    await route(table, '192.168.0.0/16', String((await vbrOf(vbr))!['VlanInterfaceId']));
    emulator.clock.advance(1_000);
    expect(await codeOf(vpc('DeleteVirtualBorderRouter', { VbrId: vbr }))).toBe(
      'InvalidOperation.RouterInterfaceNotDeleted',
    );
    const list = [
      { NextHopId: initiator, NextHopType: 'RouterInterface' },
      { NextHopId: 'ri-2', NextHopType: 'RouterInterface' },
    ];
    expect(
      await codeOf(
        vpc('CreateRouteEntry', { RouteTableId: table, DestinationCidrBlock: '10.7.0.0/16', NextHopList: list }),
      ),
    ).toBe('InvalidRouterType');
    for (const [from, destination, hop] of [
      [data.routeTable, '192.168.0.0/16', acceptor],
      [table, '10.1.0.0/16', initiator],
    ] as const) {
      await vpc('DeleteRouteEntry', { RouteTableId: from, DestinationCidrBlock: destination, NextHopId: hop });
    }
    for (const id of [initiator, acceptor]) await vpc('DeactivateRouterInterface', { RouterInterfaceId: id });
    emulator.clock.advance(3_000);
    for (const id of [initiator, acceptor]) await vpc('DeleteRouterInterface', { RouterInterfaceId: id });
    emulator.clock.advance(2_000);
    await vpc('DeleteVirtualBorderRouter', { VbrId: vbr });
    expect((await vbrOf(vbr))!['Status']).toBe('deleting');
    emulator.clock.advance(2_000);
    expect(await vbrOf(vbr)).toBeUndefined();
    expect(await codeOf(vpc('DescribeRouteTables', { RouterId: vbr, RouterType: 'VBR' }))).toBe(
      'InvalidVRouterId.NotFound',
    );
  });

  it('FastLinkMode makes and connects the accepting side by itself', async () => {
    const vbr = await newVbr();
    const fast = { RouterType: 'VBR', AccessPointId: port.accessPoint, FastLinkMode: true };
    const from = { router: vbr, region: REGION };
    expect(await codeOf(interfaceOf(from, data, 'InitiatingSide', fast))).toBe('ForbiddenAction');
    expect(await codeOf(interfaceOf(from, data, 'InitiatingSide', { ...fast, OppositeRouterId: foreign.router }))).toBe(
      'InvalidRouterId.NotFound',
    );
    const id = await interfaceOf(from, data, 'InitiatingSide', { ...fast, OppositeRouterId: data.router });
    emulator.clock.advance(5_000);
    expect(await show(id)).toMatchObject({
      Status: 'Active',
      OppositeInterfaceStatus: 'Active',
      OppositeVpcInstanceId: data.id,
    });
    expect(await vpc('DescribeRouterInterfaces', {})).toMatchObject({ TotalCount: 2 });
  });

  it('refuses bad lines, VLANs and addresses', async () => {
    const refused = (more: object, as = asA) => codeOf(newVbr(more, as));
    expect(await refused({ PhysicalConnectionId: 'pc-x' })).toBe('InvalidPhysicalConnectionId.NotFound');
    expect(await refused({}, asB)).toBe('InvalidPhysicalConnectionId.NotFound');
    expect(await refused({ VlanId: 3000 })).toBe('InvalidVlanId.Malformed');
    expect(await refused({ LocalGatewayIp: '10.255.0.300' })).toBe('InvalidLocalGatewayIp.Malformed');
    expect(await refused({ PeerGatewayIp: 'x' })).toBe('IllegalParam.IpAddress');
    expect(await refused({ PeerGatewayIp: '10.255.0.9' })).toBe('InvalidIp.NotSameSubnet');
    expect(await refused({ PeeringSubnetMask: '255.255.0.0' })).toBe('InvalidPeeringSubnetMask.Malformed');
    expect(await refused({ PeeringSubnetMask: '' })).toBe('MissingParameter');
    expect(await refused({ Bandwidth: 51 })).toBe('IllegalParam.Bandwidth');
    expect(await refused({ VbrOwnerId: '1' })).toBe('InvalidVbrOwnerId.NotFound');
    emulator.rules.set({ 'alibaba.physicalConnection.enabled': false });
    expect(await refused({})).toBe('InvalidPhysicalConnectionId.NotEnabled');
    emulator.rules.set({ 'alibaba.physicalConnection.enabled': true, 'alibaba.vbr.perPort': 1 });
    await newVbr({ PeerGatewayIp: '10.255.0.1' });
    expect(await refused({})).toBe('InvalidVlanId.Used');
    expect(await refused({ VlanId: 0 })).toBe('OperationFailed.PconnExistVlan0Vbr');
    expect(await refused({ VlanId: 31 })).toBe('QuotaExceeded.vbrPerpConn');
  });

  it('terminates, recovers, keeps its VLAN for a week, and belongs to line owner and VBR owner alike', async () => {
    const vbr = await newVbr();
    const act = (action: string, as = asA) => vpc(`${action}VirtualBorderRouter`, { VbrId: vbr }, as);
    expect(await codeOf(act('Recover'))).toBe('InvalidOperation.OperationNotAllowedInState');
    await act('Terminate');
    expect(await codeOf(act('Delete'))).toBe('InvalidOperation.OperationNotAllowedInState');
    emulator.clock.advance(3_000);
    expect((await vbrOf(vbr))!['Status']).toBe('terminated');
    expect(
      await codeOf(
        interfaceOf({ router: vbr, region: REGION }, data, 'InitiatingSide', {
          RouterType: 'VBR',
          AccessPointId: port.accessPoint,
        }),
      ),
    ).toBe('INVAID_VBR_STATUS');
    expect(await codeOf(newVbr())).toBe('InvalidVlanId.Used');
    await act('Recover');
    emulator.clock.advance(3_000);
    expect((await vbrOf(vbr))!['Status']).toBe('active');
    await act('Terminate');
    emulator.clock.advance(7 * 24 * 3_600_000 + 3_000);
    await newVbr();
    expect(await codeOf(act('Recover'))).toBe('OperationFailed.VlanIdAlreadyInUse');
    expect(await codeOf(act('Terminate', asB))).toBe('InvalidVbrId.NotFound');
    const given = await newVbr({
      VlanId: 77,
      VbrOwnerId: b.id,
      LocalGatewayIp: '',
      PeerGatewayIp: '',
      PeeringSubnetMask: '',
    });
    expect((await vbrOf(given, asB))!['Status']).toBe('unconfirmed');
    expect(await vbrOf(given)).toBeUndefined();
    expect((await vbrOf(given, asA, { IncludeCrossAccountVbr: true }))!['PhysicalConnectionOwnerUid']).toBe(a.id);
    expect(await codeOf(vpc('TerminateVirtualBorderRouter', { VbrId: given }, asB))).toBe(
      'Forbidden.OperationTerminateNotAllowedByUser',
    );
    expect(await codeOf(vpc('RecoverVirtualBorderRouter', { VbrId: given }, asB))).toBe(
      'Forbidden.OperationRecoverNotAllowedByUser',
    );
    expect(await codeOf(vpc('ModifyVirtualBorderRouterAttribute', { VbrId: given, VlanId: 78 }, asB))).toBe(
      'Forbidden.LocalGatewayIpNotAllowedByCaller',
    );
    expect(await codeOf(vpc('ModifyVirtualBorderRouterAttribute', { VbrId: given, Name: 'mine' }))).toBe(
      'Forbidden.NameNotAllowedByCaller',
    );
    await vpc('ModifyVirtualBorderRouterAttribute', { VbrId: given, VlanId: 79, MinTxInterval: 300 });
    await vpc('DeleteVirtualBorderRouter', { VbrId: given });
    emulator.clock.advance(2_000);
    const ports = await vpc('DescribePhysicalConnections', { Filter: [{ Key: 'Status', Value: ['Enabled'] }] });
    expect(ports).toMatchObject({ TotalCount: 2 });
    expect(at(ports, 'PhysicalConnectionSet.PhysicalConnectionType.0')).toMatchObject({
      PhysicalConnectionId: port.id,
      AccessPointId: port.accessPoint,
    });
    expect(await codeOf(vpc('DescribePhysicalConnections', { Filter: [{ Key: 'Colour', Value: ['x'] }] }))).toBe(
      'InvalidFilterKey.ValueNotSupported',
    );
  });
});

describe('constraints of router interfaces', () => {
  const refused = (role: 'InitiatingSide' | 'AcceptingSide', more: object) =>
    codeOf(interfaceOf(web, data, role, more));

  it('refuses bad specs, roles, routers, access points, prepaid acceptors and health checks', async () => {
    expect(await refused('InitiatingSide', { Spec: 'Negative' })).toBe('InvalidSpec.ValudNotSupported');
    expect(await refused('AcceptingSide', { Spec: 'Small.1' })).toBe('InvalidSpec.ValudNotSupported');
    expect(await refused('InitiatingSide', { Spec: 'Huge' })).toBe('InvalidRouterInterfaceSpec.Malformed');
    expect(await refused('InitiatingSide', { Role: 'Both' })).toBe('InvalidRole.ValueNotSupported');
    expect(await refused('InitiatingSide', { RouterType: 'X' })).toBe('InvalidRouterType.ValueNotSupported');
    expect(await refused('InitiatingSide', { RouterId: 'vrt-x' })).toBe('InvalidRouterId.NotFound');
    expect(await refused('InitiatingSide', { RouterId: foreign.router })).toBe('InvalidRouterId.NotFound');
    expect(await refused('InitiatingSide', { OppositeRegionId: 'nowhere' })).toBe('InvalidRegionId.NotFound');
    expect(await refused('InitiatingSide', { OppositeRegionId: 'us-east-1' })).toBe('Forbidden.CrossBorder');
    expect(await refused('InitiatingSide', { AccessPointId: 'ap-x' })).toBe('InvalidAccessPoint.ValueNotAllowed');
    expect(await refused('AcceptingSide', { InstanceChargeType: 'PrePaid' })).toBe(
      'Forbidden.AcceptRoleNotSupportPrePay',
    );
    expect(await refused('InitiatingSide', { HealthCheckSourceIp: '10.0.0.1' })).toBe('IllegalParam.HealthcheckIp');
    expect(await refused('InitiatingSide', { HealthCheckSourceIp: '10.0.0.1', HealthCheckTargetIp: '10.0.0.2' })).toBe(
      'OperationFailed.HcForInvalidRiType',
    );
    expect(await codeOf(vpc('CreateRouterInterface', { Role: 'InitiatingSide' }))).toBe('MissingOppositeRegionId');
  });

  it.each([
    ['alibaba.billing.outstanding', true, 'Forbidden.BillsOutstanding'],
    ['alibaba.billing.noBalance', true, 'OperationFailed.NoAvailableAmount'],
    ['alibaba.routerInterface.whitelisted', false, 'Forbidden.NotInRouterInterfaceCreateWhitelist'],
    ['alibaba.routerInterface.otherCreateRunning', true, 'RI_CREATE_ONE_LIMIT_BY_SYNC'],
    ['alibaba.router.attachedToCen', true, 'InvalidRouterId.AttacedToCEN'],
    ['alibaba.router.cenChanging', true, 'IncorrectStatus.CenStatus'],
    ['alibaba.routerInterface.perAccount', 0, 'QuotaExceeded'],
  ] as const)('rule %s = %s refuses with %s', async (name, value, code) => {
    const { initiator } = await idlePair();
    emulator.rules.set({ [name]: value });
    expect(await refused('InitiatingSide', {})).toBe(code);
    if (code === 'Forbidden.BillsOutstanding') expect(await codeOf(connect(initiator))).toBe(code);
    emulator.rules.reset();
    await connect(initiator);
  });

  it('five per router, one connected pair per two routers', async () => {
    await activePair();
    expect(await refused('InitiatingSide', { OppositeRouterId: data.router })).toBe('HaveConnectionBetweenRouters');
    const second = await idlePair();
    expect(await codeOf(connect(second.initiator))).toBe('Forbidden.OnlyOneConnection');
    for (let index = 0; index < 3; index += 1) await interfaceOf(web, data, 'InitiatingSide');
    expect(await refused('InitiatingSide', {})).toBe('LimitationExceed.InterfaceNumberOnRouter');
  });

  it('pairs and VPC peerings exclude each other, in both orders', async () => {
    await activePair();
    const pair = {
      RegionId: REGION,
      VpcId: data.id,
      AcceptingAliUid: a.id,
      AcceptingRegionId: REGION,
      AcceptingVpcId: web.id,
    };
    expect(await codeOf(asA('VpcPeer', 'CreateVpcPeerConnection', pair))).toBe('ResourceAlreadyExist.RouterInterface');
    await asA('VpcPeer', 'CreateVpcPeerConnection', { ...pair, AcceptingVpcId: jobs.id });
    expect(await codeOf(interfaceOf(data, jobs, 'InitiatingSide', { OppositeRouterId: jobs.router }))).toBe(
      'ResourceAlreadyExist.VpcPeer',
    );
    const late = await idlePair(jobs, data);
    expect(await codeOf(connect(late.initiator))).toBe('ResourceAlreadyExist.VpcPeer');
  });

  it('connects only what agrees on both sides', async () => {
    const initiator = await interfaceOf(web, data, 'InitiatingSide');
    const acceptor = await interfaceOf(data, web, 'AcceptingSide');
    expect(await codeOf(connect(initiator))).toBe('IncorrectOppositeInterfaceInfo.NotSet');
    await fill(initiator, acceptor, web.router);
    expect(await codeOf(connect(initiator))).toBe('IncorrectOppositeInterfaceInfo');
    await fill(initiator, 'ri-x', data.router);
    expect(await codeOf(connect(initiator))).toBe('AttrMismatching.AcceptingSideInstanceId');
    await fill(initiator, acceptor, data.router);
    expect(await codeOf(connect(initiator))).toBe('IncorrectOppositeInterfaceInfo.NotSet');
    await fill(acceptor, 'ri-other', web.router);
    expect(await codeOf(connect(initiator))).toBe('AttrMismatching.AcceptingSideOppositeInterfaceId');
    await fill(acceptor, initiator, jobs.router);
    expect(await codeOf(connect(initiator))).toBe('AttrMismatching.AcceptingSideOppositeRouterId');
    await fill(acceptor, initiator, web.router, { OppositeRouterType: 'VBR' });
    expect(await codeOf(connect(initiator))).toBe('AttrMismatching.AcceptingSideOppositeRouterType');
    await fill(acceptor, initiator, web.router, { OppositeRouterType: 'VRouter', OppositeInterfaceOwnerId: b.id });
    expect(await codeOf(connect(initiator))).toBe('AttrMismatching.AcceptingSideOppositeInterfaceOwnerId');
    await fill(acceptor, initiator, web.router, { OppositeInterfaceOwnerId: a.id });
    await fill(initiator, acceptor, data.router, { OppositeInterfaceOwnerId: b.id });
    expect(await codeOf(connect(initiator))).toBe('AttrMismatching.AcceptingSideAliUid');
    await fill(initiator, acceptor, data.router, { OppositeInterfaceOwnerId: a.id, OppositeRouterType: 'VBR' });
    expect(await codeOf(connect(initiator))).toBe('AttrMismatching.AcceptingSideRouterType');
    await fill(initiator, acceptor, jobs.router, { OppositeRouterType: 'VRouter' });
    expect(await codeOf(connect(initiator))).toBe('AttrMismatching.AcceptingSideRouterId');
    await fill(initiator, acceptor, data.router);
    expect(await codeOf(connect(acceptor))).toBe('IncorrectRole.NotInitiatingSide');
    expect(await statusOf(initiator)).toBe('Idle');
    await connect(initiator);
    expect(await codeOf(connect(initiator))).toBe('IncorrectRIStatus');
    expect(await codeOf(fill(initiator, acceptor, data.router))).toBe('INSTANCE_IN_PROCESSIONG');
    emulator.clock.advance(5_000);
    expect(await codeOf(fill(initiator, acceptor, data.router))).toBe('IncorrectStatus.RouterInterface');
    await vpc('ModifyRouterInterfaceAttribute', { RouterInterfaceId: initiator, Name: 'renamed' });
    expect(await show(initiator)).toMatchObject({ Name: 'renamed', OppositeInterfaceStatus: 'Active' });
  });

  it('Modify is seen late when the rule says so', async () => {
    emulator.rules.set({ 'alibaba.routerInterface.modifyLagMs': 4_000 });
    const { initiator, acceptor } = await idlePair();
    expect(await show(initiator)).toMatchObject({ OppositeRouterId: data.router });
    expect(await codeOf(connect(initiator))).toBe('IncorrectOppositeInterfaceInfo.NotSet');
    emulator.clock.advance(4_000);
    // the initiator's data has arrived, the acceptor's is on its way again
    await fill(acceptor, initiator, web.router);
    expect(await codeOf(connect(initiator))).toBe('IncorrectOppositeInterfaceInfo.NotSet');
    emulator.clock.advance(4_000);
    await connect(initiator);
  });

  it('joins two accounts, ids beyond 2^53 exact, and shows a stranger nothing', async () => {
    const initiator = await interfaceOf(web, foreign, 'InitiatingSide', { OppositeInterfaceOwnerId: b.id });
    const acceptor = await interfaceOf(foreign, web, 'AcceptingSide', {}, asB);
    // b's interface does not name this one yet: its VPC stays hidden
    await fill(initiator, acceptor, foreign.router, { OppositeInterfaceOwnerId: b.id });
    expect(await show(initiator)).not.toHaveProperty('OppositeVpcInstanceId');
    await fill(acceptor, initiator, web.router, { OppositeInterfaceOwnerId: a.id }, asB);
    expect(await show(initiator)).toMatchObject({ OppositeInterfaceOwnerId: b.id, OppositeVpcInstanceId: foreign.id });
    expect(await show(initiator, asB)).toBeUndefined();
    expect(await codeOf(connect(initiator, asB))).toBe('InvalidRouterInterfaceId.NotFound');
    await connect(initiator);
    emulator.clock.advance(5_000);
    expect(await statusOf(acceptor, asB)).toBe('Active');
    expect(await vpc('DescribeRouterInterfaces', { RegionId: 'cn-beijing' })).toMatchObject({ TotalCount: 0 });
  });

  it('resizes, suspends and resumes; financial lock; deletion waits for routes and status', async () => {
    const { initiator, acceptor } = await activePair();
    const act = (action: string, id = initiator, more: object = {}) =>
      vpc(`${action}RouterInterface`, { RouterInterfaceId: id, ...more });
    const resize = (Spec: string, id = initiator) => vpc('ModifyRouterInterfaceSpec', { RouterInterfaceId: id, Spec });
    expect(await resize('Small.5')).toMatchObject({ Spec: 'Small.5' });
    expect(await show(initiator)).toMatchObject({ Status: 'Activating', Spec: 'Small.5', Bandwidth: 50 });
    expect(await codeOf(resize('Small.1'))).toBe('InvalidInstance.StatusError');
    emulator.clock.advance(3_000);
    expect(await codeOf(resize('Negative'))).toBe('InvalidSpec.ValueNotSupported');
    expect(await codeOf(resize('Negative', acceptor))).toBe('InvalidSpec.ValueNotSupported');
    expect(await codeOf(act('Activate'))).toBe('IncorrectRIStatus');
    emulator.rules.set({ 'alibaba.routerInterface.financialLocked': true });
    expect(await codeOf(act('Deactivate'))).toBe('Forbidden.FinancialLocked');
    expect(await show(initiator)).toMatchObject({ BusinessStatus: 'FinancialLocked' });
    emulator.rules.reset();
    await route(web.routeTable, '10.1.0.0/16', initiator);
    emulator.clock.advance(1_000);
    expect(await codeOf(act('Delete'))).toBe('IncorrectStatus');
    await act('Deactivate');
    expect(await codeOf(route(data.routeTable, '10.0.0.0/16', initiator))).toBe(
      'OperationDenied.RouterInterfaceToDifferentVpc',
    );
    emulator.clock.advance(3_000);
    expect(await codeOf(route(web.routeTable, '10.8.0.0/16', initiator))).toBe('IncorrectStatus.RouterInterface');
    expect(await codeOf(act('Delete'))).toBe('DependencyViolation.RouterInterfaceReferedByRouteEntry');
    emulator.rules.set({ 'alibaba.routerInterface.deleteCodes': 'metadata' });
    expect(await codeOf(act('Delete'))).toBe('RouterInterfaceReferredByRouteEntry');
    await act('Activate');
    expect(await codeOf(act('Delete'))).toBe('InvalidInstance.StatusError');
    emulator.clock.advance(3_000);
    await act('Deactivate', acceptor);
    emulator.clock.advance(3_000);
    await act('Delete', acceptor);
    emulator.clock.advance(2_000);
    expect(await codeOf(act('Delete', acceptor))).toBe('InvalidInstanceId.NotFound');
    expect(await show(initiator)).toMatchObject({ OppositeInterfaceStatus: 'Deleted' });
    await act('Deactivate');
    emulator.clock.advance(3_000);
    expect(await codeOf(act('Activate'))).toBe('OppositeRouterInterfaceIsDeleted');
    expect(await vpc('DescribeRouterInterfaceAttribute', { InstanceId: initiator })).toMatchObject({
      Code: '200',
      RouterInterfaceId: initiator,
      HealthCheckStatus: 'NoHealthCheckConfig',
    });
    expect(await vpc('DescribeRouterInterfaceAttribute', { InstanceId: 'ri-x' })).toMatchObject({
      RouterInterfaceId: '',
    });
  });

  it('a route to an interface that is not connected: refused or accepted by rule', async () => {
    const { initiator } = await idlePair();
    expect(await codeOf(route(web.routeTable, '10.1.0.0/16', initiator))).toBe('IncorrectStatus.RouterInterface');
    emulator.rules.set({ 'alibaba.routeEntry.toIdleInterface': 'accepted' });
    await route(web.routeTable, '10.1.0.0/16', initiator);
    expect(await codeOf(vpc('DeleteVpc', { VpcId: web.id }))).toBe('DependencyViolation.RouterInterface');
  });

  it('filters: or within, and between; unknown key refused; value without key ignored', async () => {
    const { initiator, acceptor } = await idlePair();
    const count = async (Filter: object[]) => (await vpc('DescribeRouterInterfaces', { Filter }))['TotalCount'];
    expect(await count([{ Key: 'RouterInterfaceId', Value: [initiator, acceptor] }])).toBe(2);
    expect(
      await count([
        { Key: 'RouterInterfaceId', Value: [initiator, acceptor] },
        { Key: 'RouterId', Value: [web.router] },
      ]),
    ).toBe(1);
    expect(await count([{ Key: 'OppositeInterfaceId', Value: [initiator] }])).toBe(1);
    expect(await count([{ Value: ['ri-x'] }])).toBe(2);
    expect(await codeOf(count([{ Key: 'Colour', Value: ['red'] }]))).toBe('InvalidFilterKey.ValueNotSupported');
    expect(await vpc('DescribeRouterInterfaces', { PageSize: 1, PageNumber: 2 })).toMatchObject({
      TotalCount: 2,
      PageNumber: 2,
      PageSize: 1,
    });
    expect(await codeOf(vpc('DescribeRouterInterfaces', { PageSize: 51 }))).toBe('InvalidParameter');
  });
});
