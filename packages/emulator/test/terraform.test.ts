/**
 * What the alicloud and baiducloud providers of Terraform and OpenTofu ask of the clouds for these resources, replayed call
 * by call with a signer of the test's own: reads after create, table reads, tag calls, regions, identity, EOF when gone.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import { alibabaRequest, baiduRequest } from '../bench/_signers.mjs';
import type { SignedRequest } from '../bench/_signers.mjs';

type Body = Record<string, unknown>;
interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Body;
  /** The error code; undefined for a success. */
  readonly code: unknown;
}

let emulator: Emulator;
beforeEach(async () => {
  emulator = await Emulator.start({ seed: 11 });
});
afterEach(async () => {
  expect(emulator.crashes).toEqual([]);
  await emulator.close();
});

async function send(endpoint: string, { method, path, headers, body }: SignedRequest): Promise<Answer> {
  const content = method === 'GET' || body.length === 0 ? {} : { body };
  const { host: _, ...rest } = headers;
  const response = await fetch(`${endpoint}${path}`, { method, headers: rest, ...content });
  const text = await response.text();
  const parsed = (text === '' ? {} : JSON.parse(text)) as Body;
  return {
    status: response.status,
    text,
    body: parsed,
    code: response.ok ? undefined : (parsed['Code'] ?? parsed['code']),
  };
}

/** A member deep inside an answer. */
const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, name) => (inner as Body | undefined)?.[name], value);

const nameOf = (cloud: 'alibaba' | 'baidu', account: 'a' | 'b', region: string, which: string) => {
  const found = DEFAULT_WORLD[cloud].networks.find(
    (one) => one.account === account && one.region === region && one.name.startsWith(`${which}-`),
  );
  if (found === undefined) throw new Error(`no ${which}`);
  return found;
};

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

describe('baiducloud (docs/facts/baidu.md 6.1)', () => {
  const { a, b } = DEFAULT_WORLD.baidu.accounts;
  const web = nameOf('baidu', 'a', 'bj', 'web');
  const data = nameOf('baidu', 'a', 'bj', 'data');
  const foreign = nameOf('baidu', 'b', 'bj', 'web');
  let tokens = 0;

  const call = (
    method: string,
    path: string,
    query: Record<string, string> = {},
    body?: unknown,
    key: typeof a | typeof b = a,
  ) => {
    const endpoint = emulator.baidu.endpoint('bj');
    const clientToken: Record<string, string> =
      method === 'POST' && query['clientToken'] === undefined ? { clientToken: `tf-${String((tokens += 1))}` } : {};
    const signed = baiduRequest(key, new URL(endpoint).host, method, path, {
      query: { ...query, ...clientToken }, at: emulator.clock.now(), ...(body === undefined ? {} : { body }),
    }); // prettier-ignore
    return send(endpoint, signed);
  };
  const at1 = (id: unknown) => `/v1/peerconn/${String(id)}`;

  /** First look after ten seconds, then every three; both roles are read from one endpoint, and EOF means deleted. */
  async function wait(id: unknown, pending: readonly unknown[], target: readonly unknown[]): Promise<unknown> {
    for (let step = 10_000, waited = 0; waited < 600_000; waited += step, step = 3_000) {
      emulator.clock.advance(step);
      const initiator = await call('GET', at1(id), { role: 'initiator' });
      await call('GET', at1(id), { role: 'acceptor' });
      const state = initiator.status === 200 && initiator.text === '' ? 'deleted' : initiator.body['status'];
      if (target.includes(state)) return state;
      expect(pending).toContain(state);
    }
    throw new Error(`still not ${String(target)}`);
  }

  it('baiducloud_peer_conn, _acceptor and baiducloud_route_rule', async () => {
    const body = {
      bandwidthInMbps: 10,
      localVpcId: web.id,
      peerVpcId: foreign.id,
      peerRegion: 'bj',
      peerAccountId: b.id,
      billing: { paymentTiming: 'Postpaid' },
    };
    emulator.faults.add({ kind: 'error', cloud: 'baidu', operation: 'CreatePeerConn', calls: 1, status: 500 });
    const token = { clientToken: 'terraform-1' };
    expect(await call('POST', '/v1/peerconn', token, body)).toMatchObject({ status: 500, code: 'InternalError' });
    const id = (await call('POST', '/v1/peerconn', token, body)).body['peerConnId'];
    expect(await wait(id, ['creating', 'starting'], ['active', 'consulting'])).toBe('consulting');
    // the acceptor reads its role, accepts only what is consulting, and does not wait
    expect((await call('GET', at1(id), { role: 'acceptor' }, undefined, b)).body['status']).toBe('consulting');
    expect((await call('PUT', at1(id), { accept: '' }, undefined, b)).status).toBe(200);
    await wait(id, ['consulting', 'starting'], ['active']);
    const { localIfId } = (await call('GET', at1(id), { role: 'initiator' })).body;
    expect((await call('PUT', at1(id), {}, { localIfId, localIfName: 'tf', description: 'tf' })).status).toBe(200);
    await wait(id, ['updating'], ['active', 'consulting']);
    expect((await call('PUT', at1(id), { resize: '' }, { newBandwidthInMbps: 20 })).status).toBe(200);
    await wait(id, ['updating'], ['active', 'consulting']);
    for (const [flag, pending, target] of [
      ['open', ['wait', 'syncing', 'close'], 'open'],
      ['close', ['open', 'closing'], 'close'],
    ] as const) {
      expect((await call('PUT', at1(id), { [flag]: '', role: 'initiator' })).status).toBe(200);
      let state: unknown;
      do {
        emulator.clock.advance(3_000);
        state = (await call('GET', at1(id), { role: 'initiator' })).body['dnsStatus'];
        expect([...pending, target]).toContain(state);
      } while (state !== target);
    }
    // the route resource looks through the table before it creates, and reads the whole table back
    const rules = async () =>
      (await call('GET', '/v1/route', { routeTableId: web.routeTable })).body['routeRules'] as Body[];
    expect(await rules()).toEqual([]);
    const { routeRuleId } = (await call('POST', '/v1/route/rule', {}, {
      routeTableId: web.routeTable, sourceAddress: '0.0.0.0/0', destinationAddress: foreign.cidrs[0], nexthopType: 'peerConn', nexthopId: localIfId, description: '',
    })).body; // prettier-ignore
    expect(await rules()).toMatchObject([{ routeRuleId, nexthopId: localIfId }]);
    expect((await call('DELETE', `/v1/route/rule/${String(routeRuleId)}`)).status).toBe(200);
    expect((await call('DELETE', at1(id))).status).toBe(200);
    expect(await wait(id, ['deleting', 'consulting', 'consult_failed', 'active'], ['deleted'])).toBe('deleted');
    // EOF: what the Go SDK's decoder says of this answer, and the provider takes for gone
    expect(await call('GET', at1(id), { role: 'initiator' })).toMatchObject({ status: 200, text: '' });
  });

  it('baiducloud_vpc and baiducloud_subnet wait for their dependents while they are deleted', async () => {
    const made = await call('POST', '/v1/vpc', {}, { name: 'tf', cidr: '192.168.0.0/16', description: '' });
    const vpcId = String(made.body['vpcId']);
    expect(at((await call('GET', `/v1/vpc/${vpcId}`)).body, 'vpc.cidr')).toBe('192.168.0.0/16');
    expect((await call('GET', '/v1/route', { vpcId })).body['routeTableId']).toMatch(/^rt-/);
    const { subnetId } = (
      await call(
        'POST',
        '/v1/subnet',
        {},
        { name: 'tf', zoneName: 'cn-bj-a', cidr: '192.168.1.0/24', vpcId, subnetType: 'BCC' },
      )
    ).body;
    expect(at((await call('GET', `/v1/subnet/${String(subnetId)}`)).body, 'subnet.vpcId')).toBe(vpcId);
    expect((await call('DELETE', `/v1/vpc/${vpcId}`)).code).toBe('ResourceNeedRelease');
    expect((await call('DELETE', `/v1/subnet/${String(subnetId)}`)).status).toBe(200);
    expect((await call('DELETE', `/v1/vpc/${vpcId}`)).status).toBe(200);
    expect(await call('GET', `/v1/vpc/${vpcId}`)).toMatchObject({ status: 404, code: 'NoSuchObject' });
  });

  it('baiducloud_et_gateway and its association, whose destroy deletes the gateway', async () => {
    const line = DEFAULT_WORLD.baidu.ports.find(({ account, region }) => account === 'a' && region === 'bj');
    const channels = (await call('GET', `/v1/et/${line?.id ?? ''}/channel`)).body['etChannels'] as Body[];
    const { etGatewayId } = (await call('POST', '/v1/etGateway', {}, { name: 'tf', vpcId: data.id, speed: 100 })).body;
    const gateway = `/v1/etGateway/${String(etGatewayId)}`;
    emulator.clock.advance(10_000);
    expect(
      (
        await call(
          'PUT',
          gateway,
          { bind: '' },
          { etId: line?.id, channelId: channels[0]?.['id'], localCidrs: [data.cidrs[0]] },
        )
      ).status,
    ).toBe(200);
    emulator.clock.advance(10_000);
    expect((await call('GET', gateway)).body).toMatchObject({ etId: line?.id, status: 'running' });
    const removal = await call('DELETE', gateway);
    if (removal.status !== 200) {
      expect((await call('PUT', gateway, { unbind: '' })).status).toBe(200);
      emulator.clock.advance(10_000);
      expect((await call('DELETE', gateway)).status).toBe(200);
    }
    emulator.clock.advance(10_000);
    expect((await call('GET', gateway)).code).toBe('NoSuchObject');
  });
});
