/**
 * What the alicloud provider of Terraform and OpenTofu asks of the cloud for these resources, replayed call by call: reads after
 * create, table reads, tag calls, regions, identity.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { alibabaRequest } from '../bench/_signers.mjs';
import { at, nameOf, send } from './terraformWire.js';
import type { Answer, Body } from './terraformWire.js';

let emulator: Emulator;
beforeEach(async () => {
  emulator = await Emulator.start({ seed: 11 });
});
afterEach(async () => {
  expect(emulator.crashes).toEqual([]);
  await emulator.close();
});

describe('alicloud (docs/facts/alibaba.md 6.1 and 6.2)', () => {
  const REGION = 'cn-hangzhou';
  const { a, b } = DEFAULT_WORLD.alibaba.accounts;
  const VERSIONS = {
    Vpc: '2016-04-28',
    VpcPeer: '2022-01-01',
    Sts: '2015-04-01',
    Ecs: '2014-05-26',
    ResourceManager: '2020-03-31',
  } as const;
  const web = nameOf('alibaba', 'a', REGION, 'web');
  const data = nameOf('alibaba', 'a', REGION, 'data');
  const foreign = nameOf('alibaba', 'b', REGION, 'web');
  const router = (network: object): string => String((network as { router?: string }).router);

  /** Every call is a POST; reads carry their parameters in the query, writes in the form. */
  const call = (product: keyof typeof VERSIONS, action: string, params: Body = {}, key: typeof a | typeof b = a) =>
    send(
      emulator.alibaba.endpoint,
      alibabaRequest(key, VERSIONS[product], action, params, {
        at: emulator.clock.now(),
        form: !/^(Describe|Get|List)/.test(action),
      }),
    );
  const vpc = (action: string, params: Body = {}, key: typeof a | typeof b = a) =>
    call('Vpc', action, { RegionId: REGION, ...params }, key);
  const ok = async (answer: Promise<Answer>): Promise<Body> => {
    const { status, body, code } = await answer;
    expect([status, code, status === 200 ? '' : body['Message']]).toEqual([200, undefined, '']);
    return body;
  };
  const token = (action: string, n = 1) => ({
    ClientToken: `TF-${action}-${String(1_700_000_000 + n)}-${'0123456789abcdef'.repeat(2)}`.slice(0, 64),
  });

  /** BuildStateConf: looks every five seconds until a target state; what is not listed as pending fails the apply. */
  async function wait(
    read: () => Promise<unknown>,
    target: readonly unknown[],
    pending: readonly unknown[],
    seconds = 300,
  ) {
    for (let waited = 0; waited <= seconds; waited += 5) {
      const state = await read();
      if (target.includes(state)) return state;
      expect(pending).toContain(state);
      emulator.clock.advance(5_000);
    }
    throw new Error(`still not ${String(target)} after ${String(seconds)} s`);
  }

  it('configures itself: identity, regions', async () => {
    expect(await ok(call('Sts', 'GetCallerIdentity'))).toMatchObject({ AccountId: a.id, IdentityType: 'Account' });
    const regions = at(await ok(vpc('DescribeRegions')), 'Regions.Region') as Body[];
    expect(regions.map(({ RegionId }) => RegionId)).toEqual(expect.arrayContaining([REGION, 'cn-beijing']));
    expect(regions.every(({ RegionEndpoint }) => typeof RegionEndpoint === 'string')).toBe(true);
  });

  it('alicloud_vpc and alicloud_vswitch, up and down', async () => {
    const made = await ok(vpc('CreateVpc', { CidrBlock: '172.16.0.0/12', VpcName: 'tf', ...token('CreateVpc') }));
    const VpcId = String(made['VpcId']);
    const status = async () => (await vpc('DescribeVpcAttribute', { VpcId })).body['Status'];
    await wait(status, ['Available'], ['Pending']);
    // the read after create: attribute, tables of the router, tags
    expect(await ok(vpc('DescribeVpcAttribute', { VpcId }))).toMatchObject({
      VpcId,
      CidrBlock: '172.16.0.0/12',
      VRouterId: made['VRouterId'],
    });
    const tables = await ok(vpc('DescribeRouteTables', { VRouterId: made['VRouterId'], PageNumber: 1, PageSize: 50 }));
    expect(at(tables, 'RouteTables.RouteTable')).toMatchObject([
      { RouteTableId: made['RouteTableId'], RouteTableType: 'System' },
    ]);
    const list = await ok(vpc('DescribeRouteTableList', { VpcId }));
    expect(at(list, 'RouterTableList.RouterTableListType.0.RouteTableId')).toBe(made['RouteTableId']);
    await ok(
      vpc('TagResources', { ResourceType: 'VPC', 'ResourceId.1': VpcId, 'Tag.1.Key': 'by', 'Tag.1.Value': 'tf' }),
    );
    const tags = await ok(vpc('ListTagResources', { ResourceType: 'VPC', 'ResourceId.1': VpcId }));
    expect(at(tags, 'TagResources.TagResource')).toMatchObject([{ TagKey: 'by', TagValue: 'tf', ResourceId: VpcId }]);
    await ok(vpc('UnTagResources', { ResourceType: 'VPC', 'ResourceId.1': VpcId, 'TagKey.1': 'by' }));

    const { VSwitchId } = await ok(
      vpc('CreateVSwitch', { VpcId, CidrBlock: '172.16.1.0/24', ZoneId: `${REGION}-b`, ...token('CreateVSwitch') }),
    );
    const vswitch = async () => at((await vpc('DescribeVSwitches', { VSwitchId })).body, 'VSwitches.VSwitch.0.Status');
    await wait(vswitch, ['Available'], ['Pending']);
    expect((await vpc('DeleteVpc', { VpcId })).code).toBe('DependencyViolation.VSwitch');
    await ok(vpc('DeleteVSwitch', { VSwitchId }));
    await wait(vswitch, [undefined], ['Available', 'Pending']);
    await ok(vpc('DeleteVpc', { VpcId }));
    await wait(async () => at((await vpc('DescribeVpcs', { VpcId })).body, 'TotalCount'), [0], [1]);
    expect(await vpc('DescribeVpcAttribute', { VpcId })).toMatchObject({ status: 404, code: 'InvalidVpcId.NotFound' });
  });

  it('alicloud_vpc_peer_connection, its accepter, and alicloud_route_entry', async () => {
    const request = {
      RegionId: REGION, VpcId: web.id, AcceptingAliUid: b.id, AcceptingRegionId: REGION, AcceptingVpcId: foreign.id,
      Name: 'tf-peer', ...token('CreateVpcPeerConnection'),
    }; // prettier-ignore
    const { InstanceId } = await ok(call('VpcPeer', 'CreateVpcPeerConnection', request));
    // the retry of a lost answer carries the same token
    expect((await ok(call('VpcPeer', 'CreateVpcPeerConnection', request)))['InstanceId']).toBe(InstanceId);
    const get = (key: typeof a | typeof b = a) => call('VpcPeer', 'GetVpcPeerConnectionAttribute', { InstanceId }, key);
    const status = async () => (await get()).body['Status'];
    await wait(status, ['Activated', 'Accepting'], ['Creating']);
    await ok(call('VpcPeer', 'AcceptVpcPeerConnection', { InstanceId, ...token('AcceptVpcPeerConnection') }, b));
    await wait(async () => (await get(b)).body['Status'], ['Activated'], ['Updating', 'Accepting']);
    // the accepter tolerates that somebody has accepted already
    expect((await call('VpcPeer', 'AcceptVpcPeerConnection', { InstanceId }, b)).code).toBe('IncorrectStatus.VpcPeer');
    await ok(call('VpcPeer', 'ModifyVpcPeerConnection', { InstanceId, Description: 'changed by tf' }));
    expect((await call('VpcPeer', 'ModifyVpcPeerConnection', { InstanceId, Description: 'too early' }, b)).code).toBe(
      'IncorrectStatus.VpcPeer',
    );
    await wait(status, ['Activated'], ['Updating']);
    await ok(
      call('VpcPeer', 'TagResources', {
        RegionId: REGION,
        ResourceType: 'PeerConnection',
        'ResourceId.1': InstanceId,
        'Tag.1.Key': 'k',
        'Tag.1.Value': 'v',
      }),
    );
    expect((await ok(get()))['Tags']).toEqual([{ Key: 'k', Value: 'v' }]);

    const entry = {
      RouteTableId: web.routeTable,
      DestinationCidrBlock: foreign.cidrs[0],
      NextHopType: 'VpcPeer',
      NextHopId: InstanceId,
    };
    const entries = async () =>
      at(
        (await vpc('DescribeRouteEntryList', { RouteTableId: web.routeTable, RouteEntryType: 'Custom' })).body,
        'RouteEntrys.RouteEntry',
      ) as Body[];
    await ok(vpc('CreateRouteEntry', { ...entry, ...token('CreateRouteEntry') }));
    await wait(async () => (await entries())[0]?.['Status'], ['Available'], ['Pending'], 120);
    expect((await vpc('CreateRouteEntry', entry)).code).toBe('InvalidCIDRBlock.Duplicate');

    const refused = await call('VpcPeer', 'DeleteVpcPeerConnection', { InstanceId });
    expect(refused.code).toBe('OperationDenied.RouteEntryExist');
    const { NextHopType: _, ...goodbye } = entry;
    await ok(vpc('DeleteRouteEntry', goodbye));
    await wait(async () => (await entries()).length, [0], [1], 120);
    expect((await vpc('DeleteRouteEntry', goodbye)).code).toBe('InvalidRouteEntry.NotFound');
    await ok(call('VpcPeer', 'DeleteVpcPeerConnection', { InstanceId, ...token('DeleteVpcPeerConnection', 2) }));
    await wait(
      async () => (await get()).code ?? (await get()).body['Status'],
      ['ResourceNotFound.InstanceId'],
      ['Deleting', 'Deleted'],
    );
    expect((await get()).status).toBe(400);
  });

  it('alicloud_router_interface, _connection and alicloud_express_connect_router_interface', async () => {
    const base = { OppositeRegionId: REGION, RouterType: 'VRouter' };
    const create = async (params: Body) => {
      // the provider looks for the opposite region among those of Ecs
      const regions = at(await ok(call('Ecs', 'DescribeRegions', { RegionId: REGION })), 'Regions.Region') as Body[];
      expect(regions.some(({ RegionId }) => RegionId === base.OppositeRegionId)).toBe(true);
      const { RouterInterfaceId } = await ok(vpc('CreateRouterInterface', { ...base, ...params }));
      return String(RouterInterfaceId);
    };
    const one = (id: string) =>
      vpc('DescribeRouterInterfaces', { 'Filter.1.Key': 'RouterInterfaceId', 'Filter.1.Value.1': id });
    const status = (id: string) => async () =>
      at((await one(id)).body, 'RouterInterfaceSet.RouterInterfaceType.0.Status');
    const initiator = await create({
      Role: 'InitiatingSide',
      Spec: 'Large.2',
      RouterId: router(web),
      ...token('CreateRouterInterface'),
    });
    const acceptor = await create({ Role: 'AcceptingSide', Spec: 'Negative', RouterId: router(data) });
    await wait(status(initiator), ['Idle'], [undefined]);
    await wait(status(acceptor), ['Idle'], [undefined]);
    // each _connection fills in its side with all four members; the accepting one first
    const sides = [[acceptor, initiator, router(web)], [initiator, acceptor, router(data)]] as const; // prettier-ignore
    for (const [RouterInterfaceId, OppositeInterfaceId, OppositeRouterId] of sides) {
      await ok(
        vpc('ModifyRouterInterfaceAttribute', {
          RouterInterfaceId,
          OppositeInterfaceId,
          OppositeRouterId,
          OppositeRouterType: 'VRouter',
          OppositeInterfaceOwnerId: a.id,
        }),
      );
      expect(
        at((await one(RouterInterfaceId)).body, 'RouterInterfaceSet.RouterInterfaceType.0.OppositeInterfaceId'),
      ).toBe(OppositeInterfaceId);
    }
    await ok(vpc('ConnectRouterInterface', { RouterInterfaceId: initiator }));
    await wait(status(initiator), ['Active'], ['Idle', 'Connecting'], 120);
    await wait(status(acceptor), ['Active'], ['Idle', 'AcceptingConnecting'], 120);
    expect(await ok(vpc('DescribeRouterInterfaceAttribute', { InstanceId: initiator }))).toMatchObject({
      RouterInterfaceId: initiator,
      Status: 'Active',
    });
    await ok(vpc('ModifyRouterInterfaceSpec', { RouterInterfaceId: initiator, Spec: 'Large.1' }));
    await wait(status(initiator), ['Active'], ['Activating']);
    for (const [index, id] of [initiator, acceptor].entries()) {
      expect(['IncorrectStatus', 'IncorrectRIStatus']).toContain(
        (await vpc('DeleteRouterInterface', { RouterInterfaceId: id })).code,
      );
      await ok(vpc('DeactivateRouterInterface', { RouterInterfaceId: id }));
      await wait(status(id), ['Inactive'], ['Active', 'Deactivating'], 500);
      await ok(vpc('DeleteRouterInterface', { RouterInterfaceId: id, ...token('DeleteRouterInterface', index) }));
      await wait(status(id), [undefined], ['Inactive', 'Deleting'], 1_000);
    }
    expect(at((await one(initiator)).body, 'TotalCount')).toBe(0);
    expect((await ok(vpc('DescribeRouterInterfaceAttribute', { InstanceId: initiator })))['RouterInterfaceId']).toBe(
      '',
    );
  });

  it('RouterInterfaceBasic, its acceptance test: another specification for an interface that was never connected', async () => {
    const { RouterInterfaceId } = await ok(
      vpc('CreateRouterInterface', { OppositeRegionId: REGION, RouterType: 'VRouter', Role: 'InitiatingSide', Spec: 'Large.2', RouterId: router(web), Name: 'tf-testAcc' }),
    ); // prettier-ignore
    await ok(vpc('ModifyRouterInterfaceAttribute', { RouterInterfaceId, Name: 'tf-testAcc-name' }));
    await ok(vpc('ModifyRouterInterfaceSpec', { RouterInterfaceId, Spec: 'Large.2' }));
    const read = await ok(
      vpc('DescribeRouterInterfaces', { 'Filter.1.Key': 'RouterInterfaceId', 'Filter.1.Value.1': RouterInterfaceId }),
    );
    expect(at(read, 'RouterInterfaceSet.RouterInterfaceType.0')).toMatchObject({ Spec: 'Large.2', Status: 'Idle' });
    await ok(vpc('DeleteRouterInterface', { RouterInterfaceId }));
  });

  /** A border router on the first line of account a. */
  const borderRouter = async (): Promise<{ readonly VbrId: string; readonly accessPoint: string }> => {
    const port = DEFAULT_WORLD.alibaba.ports.find(({ account, region }) => account === 'a' && region === REGION);
    const { VbrId } = await ok(vpc('CreateVirtualBorderRouter', {
      PhysicalConnectionId: port?.id, VlanId: 30, LocalGatewayIp: '10.255.0.1', PeerGatewayIp: '10.255.0.2',
      PeeringSubnetMask: '255.255.255.252', Name: 'tf-vbr', ...token('CreateVirtualBorderRouter'),
    })); // prettier-ignore
    return { VbrId: String(VbrId), accessPoint: port?.accessPoint ?? '' };
  };

  it('stateGapRecoveryVbr, its acceptance test: the same entry again in the table of a border router', async () => {
    const { VbrId } = await borderRouter();
    const read = await ok(vpc('DescribeVirtualBorderRouters', { 'Filter.1.Key': 'VbrId', 'Filter.1.Value.1': VbrId }));
    const item = at(read, 'VirtualBorderRouterSet.VirtualBorderRouterType.0') as Body;
    const entry = {
      RouteTableId: item['RouteTableId'],
      DestinationCidrBlock: '192.168.0.0/16',
      NextHopType: 'RouterInterface',
      NextHopId: item['VlanInterfaceId'],
    };
    await ok(vpc('CreateRouteEntry', { ...entry, ...token('CreateRouteEntry') }));
    emulator.clock.advance(5_000);
    expect(await vpc('CreateRouteEntry', { ...entry, ...token('CreateRouteEntry', 2) })).toMatchObject({
      status: 400,
      code: 'Duplicated.VpcNextHop',
    });
  });

  it('a line goes down without waiting: both interfaces, and the border router ten milliseconds later', async () => {
    const { VbrId, accessPoint } = await borderRouter();
    const create = async (params: Body) =>
      String((await ok(vpc('CreateRouterInterface', { OppositeRegionId: REGION, ...params })))['RouterInterfaceId']);
    const initiator = await create({
      Role: 'InitiatingSide', Spec: 'Small.1', RouterType: 'VBR', RouterId: VbrId, AccessPointId: accessPoint, OppositeRouterType: 'VRouter',
    }); // prettier-ignore
    const acceptor = await create({
      Role: 'AcceptingSide', Spec: 'Negative', RouterType: 'VRouter', RouterId: router(data), OppositeRouterType: 'VBR', OppositeAccessPointId: accessPoint,
    }); // prettier-ignore
    for (const RouterInterfaceId of [initiator, acceptor])
      await ok(vpc('DeleteRouterInterface', { RouterInterfaceId }));
    emulator.clock.advance(10);
    await ok(vpc('DeleteVirtualBorderRouter', { VbrId, ...token('DeleteVirtualBorderRouter') }));
    const gone = () => vpc('DescribeVirtualBorderRouters', { 'Filter.1.Key': 'VbrId', 'Filter.1.Value.1': VbrId });
    await wait(async () => at((await gone()).body, 'TotalCount'), [0], [1]);
  });

  it('alicloud_route_table with its attachment, and alicloud_resource_manager_resource_groups', async () => {
    const { RouteTableId } = await ok(
      vpc('CreateRouteTable', { VpcId: web.id, RouteTableName: 'tf', ...token('CreateRouteTable') }),
    );
    const { VSwitchId } = await ok(
      vpc('CreateVSwitch', { VpcId: web.id, CidrBlock: web.cidrs[0].replace('/16', '/24'), ZoneId: `${REGION}-b` }),
    );
    emulator.clock.advance(5_000);
    await ok(vpc('AssociateRouteTable', { RouteTableId, VSwitchId, ...token('AssociateRouteTable') }));
    // the attachment is read from the table, which lists its vSwitches
    const attached = async () => {
      const row = at(
        await ok(vpc('DescribeRouteTableList', { RouteTableId })),
        'RouterTableList.RouterTableListType.0',
      );
      return (at(row, 'VSwitchIds.VSwitchId') as string[]).includes(String(VSwitchId)) ? at(row, 'Status') : '';
    };
    await wait(attached, ['Available'], ['']);
    emulator.clock.advance(5_000);
    await ok(vpc('UnassociateRouteTable', { RouteTableId, VSwitchId, ...token('UnassociateRouteTable') }));
    await wait(attached, [''], ['Available']);
    emulator.clock.advance(5_000);
    await ok(vpc('DeleteRouteTable', { RouteTableId }));

    const listed = await ok(call('ResourceManager', 'ListResourceGroups', { PageNumber: 1, PageSize: 100 }));
    const { Id } = (at(listed, 'ResourceGroups.ResourceGroup') as Body[])[1] ?? {};
    const shown = await ok(call('ResourceManager', 'GetResourceGroup', { ResourceGroupId: Id }));
    expect(at(shown, 'ResourceGroup.Status')).toBe('OK');
  });

  it('alicloud_express_connect_virtual_border_router', async () => {
    const port = DEFAULT_WORLD.alibaba.ports.find(({ account, region }) => account === 'a' && region === REGION);
    const physical = await ok(
      vpc('DescribePhysicalConnections', { 'Filter.1.Key': 'PhysicalConnectionId', 'Filter.1.Value.1': port?.id }),
    );
    expect(at(physical, 'PhysicalConnectionSet.PhysicalConnectionType.0.Status')).toBe('Enabled');
    const { VbrId } = await ok(vpc('CreateVirtualBorderRouter', {
      PhysicalConnectionId: port?.id, VlanId: 30, LocalGatewayIp: '10.255.0.1', PeerGatewayIp: '10.255.0.2',
      PeeringSubnetMask: '255.255.255.252', Name: 'tf-vbr', ...token('CreateVirtualBorderRouter'),
    })); // prettier-ignore
    const read = async () =>
      at(
        (
          await vpc('DescribeVirtualBorderRouters', {
            IncludeCrossAccountVbr: true,
            'Filter.1.Key': 'VbrId',
            'Filter.1.Value.1': VbrId,
            PageNumber: 1,
            PageSize: 50,
          })
        ).body,
        'VirtualBorderRouterSet.VirtualBorderRouterType.0',
      );
    await wait(async () => at(await read(), 'Status'), ['active', 'unconfirmed'], [undefined]);
    expect(await read()).toMatchObject({ VlanId: 30, LocalGatewayIp: '10.255.0.1', Name: 'tf-vbr' });
    await ok(
      vpc('ModifyVirtualBorderRouterAttribute', {
        VbrId,
        Name: 'tf-vbr-2',
        ...token('ModifyVirtualBorderRouterAttribute'),
      }),
    );
    await ok(vpc('TerminateVirtualBorderRouter', { VbrId }));
    await wait(async () => at(await read(), 'Status'), ['terminated'], ['active', 'terminating']);
    await ok(vpc('RecoverVirtualBorderRouter', { VbrId }));
    await wait(async () => at(await read(), 'Status'), ['active'], ['recovering', 'terminated']);
    await ok(vpc('DeleteVirtualBorderRouter', { VbrId, ...token('DeleteVirtualBorderRouter') }));
    await wait(async () => at(await read(), 'Status'), [undefined], ['deleting', 'active']);
    expect(await vpc('DeleteVirtualBorderRouter', { VbrId })).toMatchObject({
      status: 404,
      code: 'InvalidVbrId.NotFound',
    });
  });
});
