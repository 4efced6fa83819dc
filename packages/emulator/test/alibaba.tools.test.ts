/** What the vendor's own tools do with the cloud, and its acceptance tests expect; each was refused or different once. */
import { describe, expect, it } from '@jest/globals';
import { idlePair, interfaceOf, port, route, show } from './alibabaInterfaces.js';
import { active, between, create, get, route as toPeering } from './alibabaPeerings.js';
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

emulatorPerFile(16);

describe('texts that the caller chooses', () => {
  it('begin with a letter or a Chinese character, and hold to their alphabet', async () => {
    const refused = (params: object) => codeOf(create({ ...between(web, data), ...params }));
    expect(await refused({ Description: '1abc' })).toBe('InvalidDescription.Malformed');
    expect(await refused({ Description: 'https://a' })).toBe('InvalidDescription.Malformed');
    expect(await refused({ Name: 'a.b' })).toBe('InvalidName.Malformed');
    expect(await refused({ Name: '1ab' })).toBe('InvalidName.Malformed');
    expect(await refused({ Tag: [{ Key: 'k', Value: 'acs:x' }] })).toBe('InvalidTagValue');
    const { InstanceId } = await create({ ...between(web, data), Name: '网络_a-1', Description: '说 1.' });
    expect(await get(InstanceId)).toMatchObject({ Name: '网络_a-1', Description: '说 1.' });
    emulator.clock.advance(10_000);
    // a change has the newer rule
    await asA('VpcPeer', 'ModifyVpcPeerConnection', { InstanceId, Name: '1.b', Description: '1abc' });
    expect(await get(InstanceId)).toMatchObject({ Name: '1.b', Description: '1abc' });
  });

  it('of newer operations may begin with anything but a URL', async () => {
    const { RouteTableId } = await vpc('CreateRouteTable', { VpcId: web.id, RouteTableName: '1', Description: '1' });
    expect(RouteTableId).toMatch(/^vtb-/);
    expect(await codeOf(vpc('CreateVpc', { VpcName: 'http://a' }))).toBe('InvalidVpcName.Malformed');
  });
});

const borderRouter = async (more: object = {}): Promise<string> => {
  const line = {
    PhysicalConnectionId: port.id,
    VlanId: 30,
    LocalGatewayIp: '10.255.0.1',
    PeerGatewayIp: '10.255.0.2',
    PeeringSubnetMask: '255.255.255.252',
    ...more,
  };
  return String((await vpc('CreateVirtualBorderRouter', line))['VbrId']);
};

describe('router interfaces and border routers', () => {
  it('lets a border router go while its interfaces are going', async () => {
    const vbr = await borderRouter();
    const made = { RouterType: 'VBR', AccessPointId: port.accessPoint };
    const RouterInterfaceId = await interfaceOf({ router: vbr, region: REGION }, data, 'InitiatingSide', made);
    expect(await codeOf(vpc('DeleteVirtualBorderRouter', { VbrId: vbr }))).toBe(
      'InvalidOperation.RouterInterfaceNotDeleted',
    );
    await vpc('DeleteRouterInterface', { RouterInterfaceId });
    emulator.clock.advance(10);
    emulator.rules.set({ 'alibaba.routerInterface.deletingBlocks': true });
    expect(await codeOf(vpc('DeleteVirtualBorderRouter', { VbrId: vbr }))).toBe(
      'InvalidOperation.RouterInterfaceNotDeleted',
    );
    emulator.rules.reset();
    await vpc('DeleteVirtualBorderRouter', { VbrId: vbr });
  });

  it('changes the specification of an interface that was never connected, and it stays Idle', async () => {
    const { initiator } = await idlePair();
    expect(await vpc('ModifyRouterInterfaceSpec', { RouterInterfaceId: initiator, Spec: 'Large.1' })).toMatchObject({
      Spec: 'Large.1',
    });
    expect(await show(initiator)).toMatchObject({ Status: 'Idle', Spec: 'Large.1', Bandwidth: 1_000 });
  });

  it('has a code of its own for the same entry twice in the table of a border router', async () => {
    const VbrId = await borderRouter();
    const found = await vpc('DescribeVirtualBorderRouters', { Filter: [{ Key: 'VbrId', Value: [VbrId] }] });
    const item = at(found, 'VirtualBorderRouterSet.VirtualBorderRouterType.0') as Record<string, unknown>;
    const twice = () => route(String(item['RouteTableId']), '192.168.0.0/16', String(item['VlanInterfaceId']));
    await twice();
    emulator.clock.advance(1_000);
    expect(await codeOf(twice())).toBe('Duplicated.VpcNextHop');
    emulator.rules.set({ 'alibaba.routeEntry.duplicateCodeOfBorderRouter': 'InvalidCIDRBlock.Duplicate' });
    expect(await codeOf(twice())).toBe('InvalidCIDRBlock.Duplicate');
    emulator.rules.set({ 'alibaba.physicalConnection.businessNormal': false });
    expect(await codeOf(route(String(item['RouteTableId']), '192.169.0.0/16', String(item['VlanInterfaceId'])))).toBe(
      'InvalidPhysicalConnectionBusinessStatus',
    );
  });
});

describe('a border router on the line of another account', () => {
  const find = async (VbrId: unknown, as = asA) =>
    at(
      await vpc('DescribeVirtualBorderRouters', { Filter: [{ Key: 'VbrId', Value: [VbrId] }] }, as),
      'VirtualBorderRouterSet.VirtualBorderRouterType.0',
    );
  const addresses = { LocalGatewayIp: '10.255.0.1', PeerGatewayIp: '10.255.0.2', PeeringSubnetMask: '255.255.255.252' };
  const line = { PhysicalConnectionId: port.id, VlanId: 30, VbrOwnerId: b.id };
  const change = (VbrId: unknown, members: object, as = asA) =>
    vpc('ModifyVirtualBorderRouterAttribute', { VbrId, ...members }, as);

  it('takes what its owner may say from its owner, and what the line’s owner may say from that one', async () => {
    for (const [name, value] of Object.entries({ ...addresses, Name: 'line', Description: 'line' })) {
      expect(await codeOf(vpc('CreateVirtualBorderRouter', { ...line, [name]: value }))).toBe(
        `Forbidden.${name}NotAllowedByCaller`,
      );
    }
    const { VbrId } = await vpc('CreateVirtualBorderRouter', { ...line, CircuitCode: 'c-1' });
    expect(await find(VbrId, asB)).toMatchObject({
      Status: 'unconfirmed',
      CircuitCode: 'c-1',
      PhysicalConnectionOwnerUid: a.id,
    });
    for (const [name, value] of Object.entries({ VlanId: 31, CircuitCode: 'c-2' }))
      expect(await codeOf(change(VbrId, { [name]: value }, asB))).toBe(`Forbidden.${name}NotAllowedByCaller`);
    await change(VbrId, { ...addresses, Name: 'mine' }, asB);
    await change(VbrId, { VlanId: 31 });
    expect(await find(VbrId, asB)).toMatchObject({ Status: 'active', Name: 'mine', VlanId: 31, ...addresses });
  });

  it('changes every member in place', async () => {
    const own = { PhysicalConnectionId: port.id, VlanId: 30, ...addresses };
    const { VbrId } = await vpc('CreateVirtualBorderRouter', own);
    const six = {
      LocalIpv6GatewayIp: '2408:4004:cc:400::1',
      PeerIpv6GatewayIp: '2408:4004:cc:400::2',
      PeeringIpv6SubnetMask: '2408:4004:cc:400::/56',
    };
    const members = {
      VlanId: 40, Name: 'other', Description: 'other', CircuitCode: 'c-2', Bandwidth: 200, MinTxInterval: 300, MinRxInterval: 400,
      DetectMultiplier: 5, LocalGatewayIp: '10.255.1.1', PeerGatewayIp: '10.255.1.2', PeeringSubnetMask: '255.255.255.0',
      ...six, EnableIpv6: true, SitelinkEnable: true, Mtu: 8500,
    }; // prettier-ignore
    await change(VbrId, members);
    expect(await find(VbrId)).toMatchObject(members);
    await change(VbrId, { EnableIpv6: false });
    expect(await find(VbrId)).toMatchObject({ ...members, EnableIpv6: false });
    const refused = (change6: object) => codeOf(change(VbrId, { ...six, ...change6 }));
    expect(await refused({ PeerIpv6GatewayIp: '' })).toBe('MissingParameter');
    expect(await refused({ PeerIpv6GatewayIp: '2408:4005::1' })).toBe('InvalidIp.NotSameSubnet');
    expect(await refused({ LocalIpv6GatewayIp: '10.0.0.1' })).toBe('IllegalParam.IpAddress');
    expect(await refused({ PeeringIpv6SubnetMask: '10.0.0.0/8' })).toBe('IllegalParam.CidrBlock');
  });
});

describe('regions and resource groups', () => {
  it('answers the regions of Ecs as those of Vpc, and that is a read', async () => {
    const { Regions } = await asA('Ecs', 'DescribeRegions', { RegionId: REGION });
    expect(Regions).toEqual((await vpc('DescribeRegions'))['Regions']);
    expect(emulator.requests.filter(({ mutating }) => mutating)).toEqual([]);
    expect(await codeOf(asA('Ecs', 'DescribeInstances'))).toBe('InvalidAction.NotFound');
  });

  it('lists and shows the groups of the caller’s account', async () => {
    const listed = await asA('ResourceManager', 'ListResourceGroups');
    expect(listed).toMatchObject({ TotalCount: 2, PageNumber: 1, PageSize: 10 });
    const groups = at(listed, 'ResourceGroups.ResourceGroup') as { Id: string; Name: string }[];
    expect(groups.map(({ Name }) => Name)).toEqual(['default', 'network']);
    const { Id } = groups[1]!;
    const one = { Id, Name: 'network', DisplayName: 'network', Status: 'OK', AccountId: a.id };
    expect(await asA('ResourceManager', 'ListResourceGroups', { ResourceGroupId: Id })).toMatchObject({
      TotalCount: 1,
      ResourceGroups: { ResourceGroup: [one] },
    });
    expect(await asA('ResourceManager', 'ListResourceGroups', { Name: 'net' })).toMatchObject({ TotalCount: 1 });
    expect(await asA('ResourceManager', 'ListResourceGroups', { Status: 'Creating' })).toMatchObject({ TotalCount: 0 });
    expect(await asA('ResourceManager', 'GetResourceGroup', { ResourceGroupId: Id })).toMatchObject({
      ResourceGroup: one,
    });
    const created = at(listed, 'ResourceGroups.ResourceGroup.0.CreateDate');
    expect(created).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
    expect(Date.parse(String(created))).toBeLessThanOrEqual(emulator.clock.now());
    expect(await codeOf(asB('ResourceManager', 'GetResourceGroup', { ResourceGroupId: Id }))).toBe(
      'EntityNotExists.ResourceGroup',
    );
  });

  it('puts things only into groups that their owner has', async () => {
    const id = await active();
    const groups = at(await asA('ResourceManager', 'ListResourceGroups'), 'ResourceGroups.ResourceGroup') as {
      Id: string;
    }[];
    const theirs = at(await asB('ResourceManager', 'ListResourceGroups'), 'ResourceGroups.ResourceGroup.0.Id');
    const move = (NewResourceGroupId: unknown) =>
      asA('VpcPeer', 'MoveResourceGroup', {
        RegionId: REGION,
        ResourceId: id,
        ResourceType: 'PeerConnection',
        NewResourceGroupId,
      });
    expect(await codeOf(move('rg-unknown'))).toBe('OperationFailed.NotExist.ResourceGroup');
    expect(await codeOf(move(theirs))).toBe('OperationFailed.NotExist.ResourceGroup');
    await move(groups[1]!.Id);
    expect(await get(id)).toMatchObject({ ResourceGroupId: groups[1]!.Id });
    expect(await codeOf(vpc('CreateVpc', { ResourceGroupId: 'rg-unknown' }))).toBe('InvalidResourceGroupId');
    expect(await codeOf(create({ ...between(web, jobs), ResourceGroupId: 'rg-unknown' }))).toBe(
      'OperationFailed.NotExist.ResourceGroup',
    );
  });

  it('are asked for by every operation that takes one', async () => {
    const waiting = String((await create(between(web, foreign)))['InstanceId']);
    emulator.clock.advance(10_000);
    const group = { ResourceGroupId: 'rg-unknown' };
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      CreateVpcPeerConnection: () => create({ ...between(data, jobs), ...group }),
      AcceptVpcPeerConnection: () => asB('VpcPeer', 'AcceptVpcPeerConnection', { InstanceId: waiting, ...group }),
      CreateVpc: () => vpc('CreateVpc', group),
      CreateRouterInterface: () => interfaceOf(web, data, 'InitiatingSide', group),
      CreateVirtualBorderRouter: () => borderRouter(group),
    };
    const taking = emulator.operations('alibaba').filter(({ description: { mutating, parameters } }) => {
      return mutating && parameters.some(({ name }) => name === 'ResourceGroupId');
    });
    expect(taking.map(({ description }) => description.name).sort()).toEqual(Object.keys(calls).sort());
    for (const [name, call] of Object.entries(calls)) {
      const code = name.endsWith('PeerConnection')
        ? 'OperationFailed.NotExist.ResourceGroup'
        : 'InvalidResourceGroupId';
      expect([name, await codeOf(call())]).toEqual([name, code]);
    }
  });
});

describe('which table routes a vSwitch', () => {
  const vswitch = async (third: number) => {
    const CidrBlock = web.cidrs[0].replace('.0.0/16', `.${String(third)}.0/24`);
    const { VSwitchId } = await vpc('CreateVSwitch', { VpcId: web.id, CidrBlock, ZoneId: `${REGION}-b` });
    emulator.clock.advance(1_000);
    return String(VSwitchId);
  };
  const customTable = async (params: object = {}) => {
    const { RouteTableId } = await vpc('CreateRouteTable', { VpcId: web.id, RouteTableName: 'custom', ...params });
    return String(RouteTableId);
  };
  const used = async (RouteTableId: string) =>
    at(
      await vpc('DescribeRouteTableList', { RouteTableId }),
      'RouterTableList.RouterTableListType.0.VSwitchIds.VSwitchId',
    );

  it('is the system table until a custom one is associated, and again when that ends', async () => {
    const one = await vswitch(1);
    const two = await vswitch(2);
    const table = await customTable();
    expect([await used(web.routeTable), await used(table)]).toEqual([[one, two], []]);
    await vpc('AssociateRouteTable', { RouteTableId: table, VSwitchId: one });
    // the vSwitch is Pending meanwhile, and so nothing else changes in the VPC
    expect(await codeOf(vpc('AssociateRouteTable', { RouteTableId: table, VSwitchId: two }))).toBe(
      'IncorrectVSwitchStatus',
    );
    const shown = async (VSwitchId: string) => at(await vpc('DescribeVSwitches', { VSwitchId }), 'VSwitches.VSwitch.0');
    expect(await shown(one)).toMatchObject({ Status: 'Pending' });
    emulator.clock.advance(1_000);
    expect(await shown(one)).toMatchObject({
      Status: 'Available',
      RouteTable: { RouteTableId: table, RouteTableType: 'Custom' },
    });
    expect([await used(web.routeTable), await used(table)]).toEqual([[two], [one]]);
    expect(await vpc('DescribeVSwitches', { RouteTableId: table })).toMatchObject({ TotalCount: 1 });
    const tables = await vpc('DescribeRouteTables', { RouteTableId: table });
    expect(at(tables, 'RouteTables.RouteTable.0')).toMatchObject({
      Status: 'Available',
      VSwitchIds: { VSwitchId: [one] },
    });
    expect(await codeOf(vpc('DeleteRouteTable', { RouteTableId: table }))).toBe('DependencyViolation.VSwitch');
    await vpc('UnassociateRouteTable', { RouteTableId: table, VSwitchId: one });
    emulator.clock.advance(1_000);
    expect([await used(web.routeTable), await used(table)]).toEqual([[one, two], []]);
    await vpc('DeleteRouteTable', { RouteTableId: table });
  });

  it('refuses tables and vSwitches that do not fit', async () => {
    const one = await vswitch(1);
    const table = await customTable();
    const gateways = await customTable({ AssociateType: 'Gateway' });
    const other = await vpc('CreateRouteTable', { VpcId: data.id });
    const refused = (action: string, RouteTableId: unknown, VSwitchId: unknown = one) =>
      codeOf(vpc(action, { RouteTableId, VSwitchId }));
    for (const unfit of [web.routeTable, gateways, other['RouteTableId']])
      expect(await refused('AssociateRouteTable', unfit)).toBe('OperationDenied');
    expect(await refused('UnassociateRouteTable', table)).toBe('OperationDenied');
    expect(await refused('AssociateRouteTable', 'vtb-x')).toBe('InvalidRouteTableId.NotFound');
    expect(await refused('AssociateRouteTable', table, 'vsw-x')).toBe('InvalidVSwitchId.NotFound');
    emulator.rules.set({ 'alibaba.routeTable.associationCode': 'InvalidParameter' });
    expect(await refused('AssociateRouteTable', web.routeTable)).toBe('InvalidParameter');
  });

  it('leaves a border router of another account to people when the rule says so', async () => {
    emulator.rules.set({ 'alibaba.vbr.confirmedBy': 'people' });
    const { VbrId } = await vpc('CreateVirtualBorderRouter', {
      PhysicalConnectionId: port.id,
      VlanId: 9,
      VbrOwnerId: b.id,
    });
    const addresses = {
      LocalGatewayIp: '10.255.0.1',
      PeerGatewayIp: '10.255.0.2',
      PeeringSubnetMask: '255.255.255.252',
    };
    await vpc('ModifyVirtualBorderRouterAttribute', { VbrId, ...addresses }, asB);
    emulator.clock.advance(60_000);
    expect(
      at(await vpc('DescribeVirtualBorderRouters', {}, asB), 'VirtualBorderRouterSet.VirtualBorderRouterType.0.Status'),
    ).toBe('unconfirmed');
  });
});

describe('what only a person or another tool puts there', () => {
  it('holds a route to a prefix list, a VPC with IPv6 on one side only, and reads them back', async () => {
    const row = {
      id: 'rte-bp1prefixlist00000000', account: a.id, region: REGION, table: web.routeTable, scope: web.id, destination: 'pl-0xi1234567890abcdef',
      type: 'Custom', status: 'Available', ipVersion: 'ipv4', nextHops: [{ type: 'NatGateway', id: 'ngw-1' }], name: '', description: 'by hand', modifiedAt: 0,
    }; // prettier-ignore
    const state = emulator.snapshot();
    const routes = state.tables['alibaba.routeEntries'] ?? [];
    emulator.restore({ ...state, tables: { ...state.tables, 'alibaba.routeEntries': [...routes, row] } });
    const entries = await vpc('DescribeRouteEntryList', { RouteTableId: web.routeTable, RouteEntryType: 'Custom' });
    expect(at(entries, 'RouteEntrys.RouteEntry')).toMatchObject([
      {
        DestinationCidrBlock: row.destination,
        NextHops: { NextHop: [{ NextHopType: 'NatGateway', NextHopId: 'ngw-1' }] },
      },
    ]);
    await vpc('DeleteRouteEntry', { RouteTableId: web.routeTable, RouteEntryId: row.id });

    const six = emulator.world.network({
      cloud: 'alibaba',
      account: a.id,
      region: REGION,
      cidrs: ['10.77.0.0/16', '2408:4000::/56'],
    });
    const { InstanceId } = await create({ ...between(web, data), AcceptingVpcId: six.id });
    expect(await get(InstanceId)).toMatchObject({
      Vpc: { Ipv6Cidrs: [] },
      AcceptingVpc: { Ipv6Cidrs: ['2408:4000::/56'] },
    });
  });
});

describe('listings by token', () => {
  const tokenOf = (answer: Record<string, unknown>) => String(answer['NextToken']);

  it('of routes, peerings and tags go on after a row that has gone', async () => {
    const id = await active();
    for (const third of [1, 2, 3]) {
      await toPeering(web.routeTable, `10.200.${String(third)}.0/24`, id);
      emulator.clock.advance(1_000);
    }
    const routes = (more: object = {}) =>
      vpc('DescribeRouteEntryList', { RouteTableId: web.routeTable, RouteEntryType: 'Custom', MaxResult: 2, ...more });
    const destinations = (answer: unknown) =>
      (at(answer, 'RouteEntrys.RouteEntry') as { DestinationCidrBlock: string }[]).map(
        (one) => one.DestinationCidrBlock,
      );
    const firstRoutes = await routes();
    expect(destinations(firstRoutes)).toEqual(['10.200.1.0/24', '10.200.2.0/24']);
    for (const third of [1, 2]) {
      const DestinationCidrBlock = `10.200.${String(third)}.0/24`;
      await vpc('DeleteRouteEntry', { RouteTableId: web.routeTable, DestinationCidrBlock, NextHopId: id });
      emulator.clock.advance(1_000);
    }
    expect(destinations(await routes({ NextToken: tokenOf(firstRoutes) }))).toEqual(['10.200.3.0/24']);

    const tag = { RegionId: REGION, ResourceType: 'PeerConnection', ResourceId: [id] };
    const tags = (more: object = {}) => asA('VpcPeer', 'ListTagResources', { ...tag, MaxResults: 2, ...more });
    const keys = (answer: unknown) => (at(answer, 'TagResources') as { TagKey: string }[]).map(({ TagKey }) => TagKey);
    expect(await tags()).toMatchObject({ MaxResults: 2, TagResources: [] });
    await asA('VpcPeer', 'TagResources', { ...tag, Tag: ['a', 'b', 'c'].map((Key) => ({ Key, Value: '1' })) });
    const firstTags = await tags();
    expect([keys(firstTags), firstTags['MaxResults']]).toEqual([['a', 'b'], 2]);
    expect(keys(await tags({ NextToken: tokenOf(firstTags) }))).toEqual(['c']);
    await asA('VpcPeer', 'UnTagResources', { ...tag, TagKey: ['a', 'b'] });
    expect(keys(await tags({ NextToken: tokenOf(firstTags) }))).toEqual(['c']);
    // and it goes on after an object that has no tags any more
    await asA('VpcPeer', 'UnTagResources', { ...tag, All: true });
    expect(keys(await tags({ NextToken: tokenOf(firstTags) }))).toEqual([]);

    const two = String((await create(between(web, jobs)))['InstanceId']);
    emulator.clock.advance(10_000);
    const three = String((await create(between(data, jobs)))['InstanceId']);
    const peers = (more: object = {}) => asA('VpcPeer', 'ListVpcPeerConnections', { MaxResults: 2, ...more });
    const ids = (answer: unknown) =>
      (at(answer, 'VpcPeerConnects') as { InstanceId: string }[]).map((one) => one.InstanceId);
    const firstPeers = await peers();
    expect(ids(firstPeers)).toEqual([id, two]);
    await asA('VpcPeer', 'DeleteVpcPeerConnection', { InstanceId: two });
    emulator.clock.advance(10_000);
    expect(ids(await peers({ NextToken: tokenOf(firstPeers) }))).toEqual([three]);
    expect(await codeOf(peers({ NextToken: Buffer.from('pcc-x\n').toString('base64url') }))).toBe(
      'IllegalParam.NextTokenExpired',
    );
  });
});

describe('listings by number', () => {
  it('have no memory: what goes from page 1 moves the rows of page 2 up', async () => {
    emulator.rules.set({ 'alibaba.vpc.perRegion': 100 });
    const before = Number((await vpc('DescribeVpcs', {}))['TotalCount']);
    const made: string[] = [];
    for (let index = 0; index < 4; index += 1) made.push(String((await vpc('CreateVpc', {}))['VpcId']));
    emulator.clock.advance(10_000);
    const all = async () =>
      (at(await vpc('DescribeVpcs', { PageSize: 50 }), 'Vpcs.Vpc') as { VpcId: string }[]).map(({ VpcId }) => VpcId);
    const page = async (PageNumber: number) =>
      (at(await vpc('DescribeVpcs', { PageSize: before + 2, PageNumber }), 'Vpcs.Vpc') as { VpcId: string }[]).map(
        ({ VpcId }) => VpcId,
      );
    expect((await page(1)).at(-1)).toBe(made[1]);
    expect(await page(2)).toEqual([made[2], made[3]]);
    await vpc('DeleteVpc', { VpcId: made[1] });
    expect((await page(1)).at(-1)).toBe(made[2]);
    expect(await page(2)).toEqual([made[3]]);
    // the pages together are the listing as it is now, nothing twice
    expect([...(await page(1)), ...(await page(2)), ...(await page(3))]).toEqual(await all());
  });
});

describe('a member that has had two types', () => {
  it('is a text, as the SDKs have it, or a boolean, as the documents print it', async () => {
    const { initiator } = await idlePair();
    expect(await show(initiator)).toMatchObject({ HasReservationData: 'false' });
    emulator.rules.set({ 'alibaba.hasReservationData': 'boolean' });
    expect(await show(initiator)).toMatchObject({ HasReservationData: false });
    const ports = await vpc('DescribePhysicalConnections');
    expect(at(ports, 'PhysicalConnectionSet.PhysicalConnectionType.0.HasReservationData')).toBe(false);
  });
});
