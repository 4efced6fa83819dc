/** Route entries: destinations, next hops, tasks, batches, paging, client tokens. */
import { describe, expect, it } from '@jest/globals';
import { add, list, peering, settle } from './alibabaRoutes.js';
import { a, asA, asB, at, codeOf, data, emulator, emulatorPerFile, foreign, REGION, vpc, web } from './alibabaWire.js';

emulatorPerFile(5);

const addMany = (RouteEntries: object[], more: object = {}) => vpc('CreateRouteEntries', { RouteEntries, ...more });
const many = (hop: string, count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({
    RouteTableId: web.routeTable,
    DstCidrBlock: `10.200.${from + index}.0/24`,
    NextHop: hop,
    NextHopType: 'VpcPeer',
  }));

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
    expect(await refused('10.1.0.0/16', { RouteEntryName: 'http://!' })).toBe('InvalidRouteEntryName.Malformed');
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
    // the part of the ledger's claim that alibaba.network.test.ts leaves to this file
    const claimed = emulator
      .operations('alibaba')
      .map(({ description }) => description)
      .filter(({ name, evidence }) => /RouteEntries$/.test(name) && evidence.clients.includes('@alicloud/pop-core'))
      .map(({ name }) => name);
    const called = new Set(emulator.requests.map(({ operation }) => operation));
    expect(claimed).toHaveLength(2);
    expect(claimed.filter((name) => !called.has(name))).toEqual([]);
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
