/** VPCs, vSwitches, routers, route tables, tags: rules, limits, paging, isolation. */
import { describe, expect, it } from '@jest/globals';
import { add, list, peering, settle } from './alibabaRoutes.js';
import { asA, asB, at, codeOf, data, driven, emulator, emulatorPerFile, foreign, vpc, web } from './alibabaWire.js';

emulatorPerFile(5);

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
    });
    expect(at(await vpc('DescribeVpcs', { VpcId }), 'Vpcs.Vpc.0.RouterTableIds')).toEqual({
      RouterTableIds: [RouteTableId],
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
          // the batches have their witness in alibaba.routes.test.ts, associations in alibaba.tools.test.ts
          !/RouterInterface|BorderRouter|PhysicalConnection|RouteEntries$|ssociateRouteTable$/.test(name),
      )
      .map(({ name }) => name);
    expect(claimed.length).toBeGreaterThan(15);
    expect(claimed.filter((name) => !driven.has(name))).toEqual([]);
  });
});
