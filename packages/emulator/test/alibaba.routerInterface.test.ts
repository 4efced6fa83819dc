/** Router interfaces: the vendor's own Vpc SDK (signature V3) drives them; members of answers are compared in alibaba.documents.test.ts. */
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { activePair, connect, fill, idlePair, interfaceOf, route, show, statusOf } from './alibabaInterfaces.js';
import {
  a,
  asA,
  asB,
  at,
  b,
  codeOf,
  data,
  emulator,
  emulatorPerFile,
  foreign,
  jobs,
  REGION,
  vpc,
  web,
} from './alibabaWire.js';

emulatorPerFile(3);

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

describe('the 15 steps of docs/facts/alibaba.md 11.1, driven by @alicloud/vpc20160428', () => {
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
    const which = { routeTableId: web.routeTable, destinationCidrBlock: '0.0.0.0/0' };
    await sdk('modifyRouteEntry', { ...which, description: 'another word', routeEntryName: 'way-out' });
    const renamed = await sdk('describeRouteEntryList', { routeTableId: web.routeTable, routeEntryType: 'Custom' });
    expect(at(renamed, 'routeEntrys.routeEntry.0')).toMatchObject({
      description: 'another word',
      routeEntryName: 'way-out',
      nextHops: { nextHop: [{ nextHopId: initiator }] },
    });
    await expect(sdk('modifyRouteEntry', { ...which, destinationCidrBlock: '10.77.0.0/16' })).rejects.toMatchObject({
      code: 'InvalidRouteEntry.NotFound',
    });
    await expect(sdk('modifyRouteEntry', { ...which, description: 'http://x' })).rejects.toThrow();
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
