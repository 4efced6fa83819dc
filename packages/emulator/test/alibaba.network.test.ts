/** VPCs, vSwitches, route tables and entries, tags: rules, limits, paging, isolation. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Emulator } from '@peerway/emulator';
import { a, at, b, caller, codeOf, network } from './alibabaWire.js';

const REGION = 'cn-hangzhou';
const web = network('a', REGION, 'web');
const data = network('a', REGION, 'data');
const foreign = network('b', REGION, 'web');

let emulator: Emulator;
let asA: ReturnType<typeof caller>;
let asB: ReturnType<typeof caller>;
const driven = new Set<string>();
beforeAll(async () => {
  emulator = await Emulator.start({ seed: 5 });
  asA = caller(emulator, a);
  asB = caller(emulator, b);
});
afterEach(() => {
  expect(emulator.crashes).toEqual([]);
  for (const { operation } of emulator.requests) driven.add(operation);
  emulator.reset();
});
afterAll(() => emulator.close());

const vpc = (action: string, params: object = {}, as = asA) => as('Vpc', action, { RegionId: REGION, ...params });
const settle = () => emulator.clock.advance(5_000);

async function peering(): Promise<string> {
  const pair = {
    RegionId: REGION,
    VpcId: web.id,
    AcceptingAliUid: a.id,
    AcceptingRegionId: REGION,
    AcceptingVpcId: data.id,
  };
  const { InstanceId } = await asA('VpcPeer', 'CreateVpcPeerConnection', pair);
  settle();
  return String(InstanceId);
}
const add = (DestinationCidrBlock: string, hop: string, more: object = {}, as = asA) =>
  vpc(
    'CreateRouteEntry',
    { RouteTableId: web.routeTable, DestinationCidrBlock, NextHopType: 'VpcPeer', NextHopId: hop, ...more },
    as,
  );
const addMany = (RouteEntries: object[], more: object = {}) => vpc('CreateRouteEntries', { RouteEntries, ...more });
const many = (hop: string, count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({
    RouteTableId: web.routeTable,
    DstCidrBlock: `10.200.${from + index}.0/24`,
    NextHop: hop,
    NextHopType: 'VpcPeer',
  }));
const list = (params: object = {}, as = asA) =>
  vpc('DescribeRouteEntryList', { RouteTableId: web.routeTable, ...params }, as);

describe('route entries', () => {
  it('Pending, then Available; every member of the list answer; deletion by id and by destination', async () => {
    const hop = await peering();
    const { RouteEntryId } = await add('10.1.0.0/16', hop, {
      RouteEntryName: 'to-data',
      Description: 'peerway stack=shop connection=web-data',
    });
    expect(at(await list({ RouteEntryType: 'Custom' }), 'RouteEntrys.RouteEntry')).toEqual([
      {
        RouteEntryId,
        RouteEntryName: 'to-data',
        Description: 'peerway stack=shop connection=web-data',
        DestinationCidrBlock: '10.1.0.0/16',
        RouteTableId: web.routeTable,
        Status: 'Pending',
        Type: 'Custom',
        IpVersion: 'ipv4',
        GmtModified: expect.any(String),
        Origin: 'CustomCreate',
        NextHops: { NextHop: [{ NextHopId: hop, NextHopType: 'VpcPeer' }] },
      },
    ]);
    expect(await codeOf(vpc('DeleteRouteEntry', { RouteEntryId }))).toBe('IncorrectRouteEntryStatus');
    settle();
    expect(at(await list({ RouteEntryId }), 'RouteEntrys.RouteEntry.0.Status')).toBe('Available');
    await vpc('DeleteRouteEntry', { RouteEntryId });
    expect(at(await list({ RouteEntryId }), 'RouteEntrys.RouteEntry.0.Status')).toBe('Deleting');
    settle();
    expect(await list({ RouteEntryId })).toMatchObject({ TotalCount: 0 });
    const gone = vpc('DeleteRouteEntry', { RouteEntryId });
    await expect(gone).rejects.toMatchObject({
      code: 'InvalidRouteEntryId.NotFound',
      entry: { response: { statusCode: 400 } },
    });
    await add('8.8.8.8', hop);
    settle();
    const byDestination = { RouteTableId: web.routeTable, DestinationCidrBlock: '8.8.8.8/32' };
    expect(await codeOf(vpc('DeleteRouteEntry', byDestination))).toBe('MissingParameter');
    expect(await codeOf(vpc('DeleteRouteEntry', { ...byDestination, NextHopId: 'pcc-x' }))).toBe(
      'InvalidRouteEntry.NotFound',
    );
    await vpc('DeleteRouteEntry', { ...byDestination, NextHopId: hop });
  });

  it('refuses malformed, host-bit, duplicate, reserved and local destinations, and bad hops', async () => {
    const hop = await peering();
    const refused = (destination: string, more: object = {}) => codeOf(add(destination, hop, more));
    for (const bad of ['10.1.0.1/16', '10.1.0.0/33', '10.1.0/16', '1.2.3.4.5/8', 'x', '::1/129', '010.0.0.0/8']) {
      expect(await refused(bad)).toBe('InvalidCidrBlock.Malformed');
    }
    expect(await refused('100.64.0.0/10')).toBe('InvalidDestinationCidrBlock');
    expect(await refused('fd00::/8')).toBe('OperationDenied.VpcIpv6NotEnabled');
    expect(await refused('10.1.0.0/16', { NextHopId: '' })).toBe('InvalidNexthopTypeAndList.BothNull');
    expect(await refused('10.1.0.0/16', { NextHopType: 'Instance', NextHopId: 'i-x' })).toBe(
      'InvalidNextHopId.NotFound',
    );
    expect(await refused('10.1.0.0/16', { NextHopType: 'Teleport' })).toBe('InvalidNextHopType');
    expect(await refused('10.1.0.0/16', { NextHopId: 'pcc-x' })).toBe('ResourceNotFound.VpcPeer');
    expect(await refused('10.1.0.0/16', { NextHopType: 'RouterInterface', NextHopId: 'ri-x' })).toBe(
      'InvalidNextHop.NotFound',
    );
    expect(await refused('10.1.0.0/16', { RouteTableId: 'vtb-x' })).toBe('InvalidRouteTableId.NotFound');
    expect(await refused('10.1.0.0/16', { RouteTableId: foreign.routeTable })).toBe('InvalidRouteTableId.NotFound');
    expect(await refused('10.1.0.0/16', { RegionId: 'cn-beijing' })).toBe('InvalidRouteTableId.NotFound');
    expect(await refused('10.1.0.0/16', { RouteEntryName: '!' })).toBe('InvalidRouteEntryName.Malformed');
    expect(await refused('10.1.0.0/16', { DryRun: true })).toBe('DryRunOperation');
    const ecmp = { NextHopType: '', NextHopId: '' };
    const hops = (ids: string[]) => ids.map((NextHopId) => ({ NextHopId, NextHopType: 'RouterInterface' }));
    expect(await refused('10.1.0.0/16', { NextHopList: hops(['ri-1', 'ri-2']) })).toBe(
      'InvalidNexthopTypeAndList.BothNotNull',
    );
    expect(await refused('10.1.0.0/16', { ...ecmp, NextHopList: hops(['ri-1']) })).toBe('InvalidNexthopListSize');
    expect(await refused('10.1.0.0/16', { ...ecmp, NextHopList: hops(Array<string>(17).fill('ri-1')) })).toBe(
      'InvalidNexthopListSize',
    );
    await vpc('CreateVSwitch', { VpcId: web.id, ZoneId: 'cn-hangzhou-h', CidrBlock: '10.0.4.0/24' });
    expect(await refused('10.9.0.0/16')).toBe('IncorrectVSwitchStatus');
    settle();
    expect(await refused('10.0.4.0/24')).toBe('InvalidCIDRBlock.Duplicate');
    expect(await refused('10.0.4.0/25')).toBe('InvalidCidrBlock');
    emulator.rules.set({ 'alibaba.routeEntry.vswitchOverlap': 'any-overlap-refused' });
    expect(await refused('10.0.0.0/16')).toBe('InvalidCidrBlock');
    emulator.rules.set({ 'alibaba.routeEntry.insideServiceRange': false });
    expect(await refused('100.100.0.0/16')).toBe('InvalidDestinationCidrBlock');
    await add('10.1.0.0/16', hop);
    settle();
    expect(await refused('10.1.0.0/16')).toBe('InvalidCIDRBlock.Duplicate');
    emulator.rules.set({
      'alibaba.routeEntry.duplicateCode': 'RouterEntryConflict.Duplicated',
      'alibaba.routeEntry.perTable': 1,
    });
    expect(await refused('10.1.0.0/16')).toBe('RouterEntryConflict.Duplicated');
    expect(await refused('10.2.0.0/16')).toBe('QuotaExceeded');
    // uniqueness is per table: the other VPC's table takes the same destination
    await add('10.1.0.0/16', hop, { RouteTableId: data.routeTable });
  });

  it('system entries are neither deleted nor replaced, by whatever name', async () => {
    const system = await list({ RouteEntryType: 'System' });
    const RouteEntryId = at(system, 'RouteEntrys.RouteEntry.0.RouteEntryId');
    expect(system).toMatchObject({ TotalCount: 1 });
    expect(await codeOf(vpc('DeleteRouteEntry', { RouteEntryId }))).toBe('OperationDenied');
    const named = { RouteTableId: web.routeTable, DestinationCidrBlock: '100.64.0.0/10', NextHopId: 'x' };
    expect(await codeOf(vpc('DeleteRouteEntry', named))).toBe('OperationDenied');
    const batch = await vpc('DeleteRouteEntries', { RouteEntries: [{ RouteTableId: web.routeTable, RouteEntryId }] });
    expect(batch).toMatchObject({ FailedCount: 1, FailedRouteEntries: [{ FailedCode: 'OperationDenied' }] });
    expect(await list({ RouteEntryType: 'System' })).toMatchObject({ TotalCount: 1 });
  });

  it('one task at a time in a VPC, many at a time in many', async () => {
    const hop = await peering();
    await add('10.1.0.0/16', hop);
    expect(await codeOf(add('10.2.0.0/16', hop))).toBe('TaskConflict');
    expect(await codeOf(addMany(many(hop, 1)))).toBe('TaskConflict');
    expect(
      await codeOf(vpc('CreateVSwitch', { VpcId: web.id, ZoneId: 'cn-hangzhou-h', CidrBlock: '10.0.4.0/24' })),
    ).toBe('TaskConflict');
    await add('10.0.0.0/16', hop, { RouteTableId: data.routeTable });
    emulator.rules.set({ 'alibaba.routeEntry.conflictCode': 'IncorrectRouteEntryStatus' });
    expect(await codeOf(add('10.2.0.0/16', hop))).toBe('IncorrectRouteEntryStatus');
    emulator.rules.set({ 'alibaba.routeEntry.tasks': 'free' });
    await add('10.2.0.0/16', hop);
    emulator.rules.reset();
    settle();
    await add('10.3.0.0/16', hop);
    // an instant cloud has no conflicts
    emulator.setProfile('instant');
    settle();
    await add('10.4.0.0/16', hop);
    await add('10.5.0.0/16', hop);
  });

  it('batches: up to fifty, failures inside a success, fields of their own', async () => {
    const hop = await peering();
    await add('10.200.1.0/24', hop);
    settle();
    const answer = await addMany([
      ...many(hop, 3),
      { RouteTableId: web.routeTable, DstCidrBlock: 'x', NextHop: hop, NextHopType: 'VpcPeer' },
    ]);
    expect(answer).toEqual({
      RequestId: expect.any(String),
      RouteEntryIds: [expect.stringMatching(/^rte-/), expect.stringMatching(/^rte-/)],
      SuccessCount: 2,
      FailedCount: 2,
      FailedRouteEntries: [
        {
          DstCidrBlock: '10.200.1.0/24',
          NextHop: hop,
          FailedCode: 'VPC_ROUTE_ENTRY_CIDR_BLOCK_DUPLICATE',
          FailedMessage: expect.any(String),
        },
        {
          DstCidrBlock: 'x',
          NextHop: hop,
          FailedCode: 'InvalidCidrBlock.Malformed',
          FailedMessage: expect.any(String),
        },
      ],
    });
    settle();
    expect(await codeOf(addMany(many(hop, 51, 100)))).toBe('InvalidParameter');
    expect(await codeOf(vpc('CreateRouteEntries'))).toBe('MissingRouteEntries');
    expect(await codeOf(addMany([{ RouteTableId: web.routeTable }]))).toBe('MissingRouteEntries.1.DstCidrBlock');
    const same = many(hop, 1, 77)[0]!;
    expect(await addMany([same, same])).toMatchObject({ SuccessCount: 1, FailedCount: 1 });
    settle();
    const gone = await vpc('DeleteRouteEntries', {
      RouteEntries: [
        ...many(hop, 3).map(({ NextHopType: _type, ...entry }) => entry),
        { RouteTableId: web.routeTable, RouteEntryId: 'rte-x' },
        { RouteTableId: web.routeTable, DstCidrBlock: '9.9.9.0/24', NextHop: hop },
      ],
    });
    expect(gone).toMatchObject({
      SuccessCount: 3,
      FailedCount: 2,
      FailedRouteEntries: [
        { RouteEntryId: 'rte-x', FailedCode: 'InvalidRouteEntryId.NotFound' },
        { FailedCode: 'VPC_ROUTER_ENTRY_NOT_EXIST' },
      ],
    });
  });

  it('lists by token without loss while entries come and go; filters; both default sizes', async () => {
    const hop = await peering();
    await addMany(many(hop, 25));
    settle();
    const seen: unknown[] = [];
    let NextToken: unknown = '';
    for (let round = 0; round < 9; round += 1) {
      const page = await list({ RouteEntryType: 'Custom', NextToken });
      seen.push(
        ...(at(page, 'RouteEntrys.RouteEntry') as { DestinationCidrBlock: string }[]).map(
          (entry) => entry.DestinationCidrBlock,
        ),
      );
      ({ NextToken } = page);
      if (round === 0) {
        // the last one seen disappears: the listing goes on behind it
        await vpc('DeleteRouteEntry', {
          RouteTableId: web.routeTable,
          DestinationCidrBlock: '10.200.0.0/24',
          NextHopId: hop,
        });
        settle();
      }
      if (NextToken === '') break;
    }
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
    const count = async (params: object) => (await list(params))['TotalCount'];
    expect(await count({ DestinationCidrBlock: '10.200.5.0/24' })).toBe(1);
    expect(await count({ DestCidrBlockList: ['10.200.5.0/24', '10.200.6.0/24'] })).toBe(2);
    expect(await count({ NextHopId: hop })).toBe(24);
    expect(await count({ NextHopType: 'VpcPeer', IpVersion: 'IPv6' })).toBe(0);
    expect(await count({ RouteEntryName: 'none' })).toBe(0);
    expect(await codeOf(list({ MaxResult: 101 }))).toBe('InvalidParameter');
    expect(await codeOf(list({ NextToken: 'forged' }))).toBe('IllegalParam.NextToken');
    expect(await codeOf(list({ RouteEntryType: 'X' }))).toBe('IllegalParam.RouteEntryType');
    expect(await codeOf(list({ IpVersion: 'ipx' }))).toBe('IllegalParam.IpVersion');
    expect(await codeOf(list({ RouteTableId: 'vtb-x' }))).toBe('InvalidRouteTable.NotFound');
    expect(await codeOf(list({}, asB))).toBe('InvalidRouteTable.NotFound');
    emulator.rules.set({
      'alibaba.routeEntryList.greatestMaxResult': 500,
      'alibaba.routeEntryList.defaultMaxResult': 100,
    });
    expect(at(await list({ MaxResult: 500 }), 'RouteEntrys.RouteEntry.24')).toBeDefined();
  });

  it('IPv6 routes need IPv6 on the VPC; the rule can refuse them to a peering', async () => {
    const six = emulator.world.network({
      cloud: 'alibaba',
      account: a.id,
      region: REGION,
      cidrs: ['10.77.0.0/16', '2408:4000::/56'],
    });
    const pair = {
      RegionId: REGION,
      VpcId: six.id,
      AcceptingAliUid: a.id,
      AcceptingRegionId: REGION,
      AcceptingVpcId: data.id,
    };
    const { InstanceId } = await asA('VpcPeer', 'CreateVpcPeerConnection', pair);
    settle();
    expect(await asA('VpcPeer', 'GetVpcPeerConnectionAttribute', { InstanceId })).toMatchObject({
      Vpc: { Ipv6Cidrs: ['2408:4000::/56'] },
    });
    await add('2408:4001::/56', String(InstanceId), { RouteTableId: six.routeTable });
    settle();
    expect(await vpc('DescribeRouteEntryList', { RouteTableId: six.routeTable, IpVersion: 'ipv6' })).toMatchObject({
      TotalCount: 1,
    });
    emulator.rules.set({ 'alibaba.vpcPeer.ipv6Routes': false });
    expect(await codeOf(add('2408:4002::/56', String(InstanceId), { RouteTableId: six.routeTable }))).toBe(
      'UnsupportedFeature.VpcPeerIpv6',
    );
  });

  it('a client token makes one entry; a refused create leaves the token free', async () => {
    const hop = await peering();
    await add('10.1.0.0/16', hop);
    const params = { ClientToken: 't' };
    expect(await codeOf(add('10.2.0.0/16', hop, params))).toBe('TaskConflict');
    settle();
    const first = await add('10.2.0.0/16', hop, params);
    expect((await add('10.2.0.0/16', hop, params))['RouteEntryId']).toBe(first['RouteEntryId']);
    expect(await codeOf(add('10.3.0.0/16', hop, params))).toBe('IdempotentParameterMismatch');
  });
});

describe('VPCs, vSwitches, routers, regions', () => {
  it('creates, reads and deletes a VPC with router and table; each region and account on its own', async () => {
    const made = await vpc('CreateVpc', {
      CidrBlock: '192.168.0.0/16',
      VpcName: 'mine',
      Tag: [{ Key: 'k', Value: 'v' }],
    });
    const { VpcId, VRouterId, RouteTableId } = made;
    expect(made).toMatchObject({
      VpcId: expect.stringMatching(/^vpc-bp1[a-z0-9]{18}$/),
      VRouterId: expect.stringMatching(/^vrt-/),
      RouteTableId: expect.stringMatching(/^vtb-/),
    });
    expect(await codeOf(vpc('DeleteVpc', { VpcId }))).toBe('IncorrectVpcStatus');
    expect(at(await vpc('DescribeVpcs', { VpcId }), 'Vpcs.Vpc.0')).toMatchObject({
      Status: 'Pending',
      CidrBlock: '192.168.0.0/16',
      OwnerId: expect.anything(),
      Tags: { Tag: [{ Key: 'k', Value: 'v' }] },
    });
    settle();
    expect(await vpc('DescribeVpcAttribute', { VpcId })).toMatchObject({
      Status: 'Available',
      VRouterId,
      RouterTableIds: { RouterTableIds: [RouteTableId] },
    });
    expect(at(await vpc('DescribeVRouters', { VRouterId }), 'VRouters.VRouter.0')).toMatchObject({
      VpcId,
      RouteTableIds: { RouteTableId: [RouteTableId] },
    });
    for (const [params, as] of [
      [{ VpcId }, asB],
      [{ VpcId, RegionId: 'cn-beijing' }, asA],
    ] as const) {
      expect(await vpc('DescribeVpcs', params, as)).toMatchObject({ TotalCount: 0, Vpcs: { Vpc: [] } });
      expect(await codeOf(vpc('DescribeVpcAttribute', params, as))).toBe('InvalidVpcId.NotFound');
      expect(await codeOf(vpc('DeleteVpc', params, as))).toBe('InvalidVpcId.NotFound');
    }
    await vpc('DeleteVpc', { VpcId });
    expect(await codeOf(vpc('DeleteVpc', { VpcId }))).toBe('InvalidVpcId.NotFound');
    expect(await vpc('DescribeVpcs', { Tag: [{ Key: 'k' }] })).toMatchObject({ TotalCount: 0 });
  });

  it('refuses bad ranges and names, counts the quota, pages and filters', async () => {
    const refused = (params: object) => codeOf(vpc('CreateVpc', params));
    for (const CidrBlock of ['192.168.0.1/16', '192.168.0.0/29', '127.0.0.0/8', '100.64.0.0/10', 'x'])
      expect(await refused({ CidrBlock })).toBe('InvalidParameter');
    expect(await refused({ VpcName: 'http://x' })).toBe('InvalidVpcName.Malformed');
    expect(await refused({ UserCidr: '1.0.0.0/8,2.0.0.0/8,3.0.0.0/8,4.0.0.0/8' })).toBe('InvalidUserCidr.Malformed');
    expect(await refused({ ResourceGroupId: 'x' })).toBe('InvalidResourceGroupId');
    expect(await refused({ DryRun: true })).toBe('DryRunOperation');
    expect(await refused({ RegionId: 'nowhere' })).toBe('InvalidRegionId.NotFound');
    emulator.rules.set({ 'alibaba.vpc.perRegion': 1 });
    await vpc('CreateVpc', { ClientToken: 'one' });
    expect(await refused({})).toBe('QuotaExceeded.Vpc');
    expect(await vpc('DescribeVpcs', { PageSize: 2, PageNumber: 2 })).toMatchObject({
      TotalCount: 4,
      PageNumber: 2,
      PageSize: 2,
    });
    expect(at(await vpc('DescribeVpcs', { PageSize: 2, PageNumber: 9 }), 'Vpcs.Vpc')).toEqual([]);
    expect(await vpc('DescribeVpcs', { VpcId: `${web.id},${data.id}` })).toMatchObject({ TotalCount: 2 });
    expect(await vpc('DescribeVpcs', { VpcName: web.name })).toMatchObject({ TotalCount: 1 });
    expect(await codeOf(vpc('DescribeVpcs', { VpcId: Array<string>(21).fill('v').join(',') }))).toBe(
      'InvalidVpcIdNumber.NotSupported',
    );
    expect(await codeOf(vpc('DescribeVpcs', { PageSize: 51 }))).toBe('InvalidParameter');
  });

  it('vSwitches: inside the VPC, apart from each other, one at a time; a local route each', async () => {
    const create = (CidrBlock: string, more: object = {}) =>
      vpc('CreateVSwitch', { VpcId: web.id, ZoneId: 'cn-hangzhou-h', CidrBlock, ...more });
    expect(await codeOf(create('10.0.0.0/15'))).toBe('InvalidCirdrBlock.MaskLength');
    expect(await codeOf(create('10.1.0.0/24'))).toBe('InvalidParameter');
    expect(await codeOf(create('10.0.0.1/24'))).toBe('InvalidCidrBlock.Malformed');
    expect(await codeOf(create('10.0.0.0/24', { ZoneId: 'cn-beijing-a' }))).toBe('InvalidZoneId.NotFound');
    expect(await codeOf(create('10.0.0.0/24', { VpcId: foreign.id }))).toBe('InvalidVpcId.NotFound');
    const { VSwitchId } = await create('10.0.0.0/24', { VSwitchName: 'one' });
    expect(await codeOf(create('10.0.1.0/24'))).toBe('OperationDenied.OtherSubnetCreating');
    expect(await codeOf(vpc('DeleteVSwitch', { VSwitchId }))).toBe('IncorrectVSwitchStatus');
    settle();
    expect(await codeOf(create('10.0.0.128/25'))).toBe('InvalidCidrBlock.Overlapped');
    const listed = await vpc('DescribeVSwitches', { VpcId: web.id });
    expect(at(listed, 'VSwitches.VSwitch.0')).toMatchObject({
      VSwitchId,
      Status: 'Available',
      AvailableIpAddressCount: 252,
      RouteTable: { RouteTableId: web.routeTable },
    });
    expect(await list({ RouteEntryType: 'System' })).toMatchObject({ TotalCount: 2 });
    expect(
      at(await vpc('DescribeRouteTables', { RouteTableId: web.routeTable }), 'RouteTables.RouteTable.0'),
    ).toMatchObject({ VSwitchIds: { VSwitchId: [VSwitchId] } });
    expect(await codeOf(vpc('DeleteVpc', { VpcId: web.id }))).toBe('DependencyViolation.VSwitch');
    emulator.rules.set({ 'alibaba.vswitch.perVpc': 1 });
    expect(await codeOf(create('10.0.1.0/24'))).toBe('QuotaExceeded.VSwitch');
    expect(await codeOf(vpc('DeleteVSwitch', { VSwitchId }, asB))).toBe('InvalidVSwitchId.NotFound');
    await vpc('DeleteVSwitch', { VSwitchId });
    expect(await list({ RouteEntryType: 'System' })).toMatchObject({ TotalCount: 1 });
    await vpc('DeleteVpc', { VpcId: web.id });
  });

  it('route tables in both list shapes, own ones only', async () => {
    expect(
      at(await vpc('DescribeRouteTableList', { VpcId: web.id }), 'RouterTableList.RouterTableListType.0'),
    ).toMatchObject({
      RouteTableId: web.routeTable,
      RouterId: web.router,
      RouterType: 'VRouter',
      RouteTableType: 'System',
      VpcId: web.id,
      Status: 'Available',
    });
    expect(await vpc('DescribeRouteTableList', {}, asB)).toMatchObject({ TotalCount: 3 });
    expect(await codeOf(vpc('DescribeRouteTables', { VRouterId: web.router }, asB))).toBe('InvalidVRouterId.NotFound');
    expect(await codeOf(vpc('DescribeRouteTables'))).toBe('MissingParameter');
    expect(at(await asA('Vpc', 'DescribeRegions'), 'Regions.Region.0')).toMatchObject({
      RegionId: 'cn-qingdao',
      RegionEndpoint: expect.stringContaining('127.0.0.1'),
    });
  });

  it('tags: set, merged, filtered, paged, removed; of one’s own objects only', async () => {
    const target = { ResourceType: 'vpc', ResourceId: [web.id] };
    await vpc('TagResources', {
      ...target,
      ResourceId: [web.id, data.id],
      Tag: [{ Key: 'a', Value: '1' }, { Key: 'b' }],
    });
    expect(await vpc('DescribeVpcs', { Tag: [{ Key: 'a', Value: '1' }] })).toMatchObject({ TotalCount: 2 });
    expect(at(await vpc('ListTagResources', target), 'TagResources.TagResource')).toEqual([
      { ResourceType: 'vpc', ResourceId: web.id, TagKey: 'a', TagValue: '1' },
      { ResourceType: 'vpc', ResourceId: web.id, TagKey: 'b', TagValue: '' },
    ]);
    const paged = await vpc('ListTagResources', { ResourceType: 'VPC', Tag: [{ Key: 'a' }], MaxResults: 3 });
    expect(at(paged, 'TagResources.TagResource.2')).toBeDefined();
    expect(
      at(
        await vpc('ListTagResources', {
          ResourceType: 'VPC',
          Tag: [{ Key: 'a' }],
          MaxResults: 3,
          NextToken: paged['NextToken'],
        }),
        'TagResources.TagResource',
      ),
    ).toHaveLength(1);
    expect(await codeOf(vpc('TagResources', { ...target, Tag: [{ Key: 'x' }] }, asB))).toBe(
      'InvalidInstanceIds.NotFound',
    );
    expect(await codeOf(vpc('TagResources', { ...target, ResourceType: 'MOON', Tag: [{ Key: 'x' }] }))).toBe(
      'InvalidInstanceType.NotFound',
    );
    expect(await codeOf(vpc('TagResources', { ...target, Tag: [{ Key: '' }] }))).toBe('InvalidTagKey');
    expect(await codeOf(vpc('TagResources', { ...target, Tag: [{ Key: 'k', Value: 'http://x' }] }))).toBe(
      'InvalidTagValue',
    );
    expect(
      await codeOf(vpc('TagResources', { ...target, ResourceId: Array<string>(51).fill(web.id), Tag: [{ Key: 'x' }] })),
    ).toBe('SizeLimitExceeded.ResourceId');
    expect(await codeOf(vpc('ListTagResources', { ResourceType: 'VPC' }))).toBe('BothEmpty.TagsAndResources');
    await vpc('UnTagResources', { ...target, All: true });
    expect(at(await vpc('ListTagResources', target), 'TagResources.TagResource')).toEqual([]);
  });
});

describe('custom route tables', () => {
  it('hold entries of their own, count against a quota, and go only when empty', async () => {
    const hop = await peering();
    emulator.rules.set({ 'alibaba.routeTable.customPerVpc': 1 });
    const { RouteTableId } = await vpc('CreateRouteTable', { VpcId: web.id, RouteTableName: 'mine' });
    expect(await codeOf(vpc('CreateRouteTable', { VpcId: web.id }))).toBe('QuotaExceeded');
    expect(await codeOf(vpc('CreateRouteTable', { VpcId: foreign.id }))).toBe('InvalidVpcId.NotFound');
    expect(await vpc('DescribeRouteTableList', { VpcId: web.id, RouteTableType: 'Custom' })).toMatchObject({
      TotalCount: 1,
    });
    await add('10.1.0.0/16', hop, { RouteTableId });
    // one task at a time in the VPC, whichever of its tables
    expect(await codeOf(add('10.1.0.0/16', hop))).toBe('TaskConflict');
    settle();
    await add('10.1.0.0/16', hop);
    settle();
    const list = ['ri-1', 'ri-2'].map((NextHopId) => ({ NextHopId, NextHopType: 'RouterInterface' }));
    const ecmp = vpc('CreateRouteEntry', { RouteTableId, DestinationCidrBlock: '10.2.0.0/16', NextHopList: list });
    expect(await codeOf(ecmp)).toBe('OperationUnsupported.SubRouteTableECMP');
    expect(await codeOf(vpc('DeleteRouteTable', { RouteTableId }))).toBe('DependencyViolation.RouteEntry');
    expect(await codeOf(vpc('DeleteRouteTable', { RouteTableId: web.routeTable }))).toBe('OperationDenied');
    expect(await codeOf(vpc('DeleteRouteTable', { RouteTableId }, asB))).toBe('InvalidRouteTableId.NotFound');
    await vpc('DeleteRouteEntry', { RouteTableId, DestinationCidrBlock: '10.1.0.0/16', NextHopId: hop });
    settle();
    await vpc('DeleteRouteTable', { RouteTableId });
    expect(await vpc('DescribeRouteTableList', { VpcId: web.id })).toMatchObject({ TotalCount: 1 });
  });
});

describe('the ledger', () => {
  it('drives every operation of these that the ledger says pop-core drives', () => {
    const claimed = emulator
      .operations('alibaba')
      .map(({ description }) => description)
      .filter(
        ({ product, name, evidence }) =>
          product === 'Vpc' &&
          evidence.clients.includes('@alicloud/pop-core') &&
          !/RouterInterface|BorderRouter|PhysicalConnection/.test(name),
      )
      .map(({ name }) => name);
    expect(claimed.length).toBeGreaterThan(15);
    expect(claimed.filter((name) => !driven.has(name))).toEqual([]);
  });
});
