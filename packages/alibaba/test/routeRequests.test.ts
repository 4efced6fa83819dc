/** Routes and networks on the wire: every request whole, which failure of a batch is whose, and which hops belong to lines. */
import { describe, expect, it } from '@jest/globals';
import {
  networkId,
  parseCidr,
  routeId,
  routeTableId,
  type ItemOutcome,
  type RouteCreate,
  type RouteRef,
} from '@peerway/core';
import { OTHER, OWN, Refusal, refusal, Stub, type Said, closedAfterEach } from './stub.js';

const over = closedAfterEach((...given: Parameters<typeof Stub.over>) => Stub.over(...given));

const TABLE = routeTableId('vtb-1');
const VPC = networkId('vpc-1');
const RegionId = 'cn-hangzhou';

const wanted = (destination: string, more: Partial<RouteCreate> = {}): RouteCreate => ({
  table: TABLE,
  network: VPC,
  destination: parseCidr(destination),
  nextHop: { kind: 'peering', id: 'pcc-1' },
  clientToken: `token ${destination}`,
  ...more,
});
const there = (destination: string, more: Partial<RouteRef> = {}): RouteRef => {
  const { clientToken: _, description: __, ...route } = wanted(destination);
  return { ...route, ...more };
};
const codes = (outcomes: readonly ItemOutcome[] = []) =>
  outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code));

describe('one route', () => {
  it('is written with its token, and with a description where it has one', async () => {
    const stub = await over({});
    const said = {
      RegionId,
      RouteTableId: 'vtb-1',
      DestinationCidrBlock: '10.1.0.0/16',
      NextHopType: 'VpcPeer',
      NextHopId: 'pcc-1',
      ClientToken: 'token 10.1.0.0/16',
    };
    await stub.driver.routes.create(wanted('10.1.0.0/16'), stub.call);
    await stub.driver.routes.create(
      wanted('10.1.0.0/16', { description: 'd', nextHop: { kind: 'link', id: 'ri-1' } }),
      stub.call,
    );
    expect(stub.sent()).toEqual([
      ['CreateRouteEntry', said],
      ['CreateRouteEntry', { ...said, NextHopType: 'RouterInterface', NextHopId: 'ri-1', Description: 'd' }],
    ]);
    const odd = wanted('10.1.0.0/16', { nextHop: { kind: 'other', id: 'eni-pcc-ri-' } });
    expect((await refusal(stub.driver.routes.create(odd, stub.call))).code).toBe('InvalidArgument');
    expect(stub.sent()).toEqual([]);
  });

  it('is named by its id where there is one, else by table, destination and next hop', async () => {
    const stub = await over({});
    const { routes } = stub.driver;
    const id = routeId('rte-1');
    for (const route of [there('10.1.0.0/16', { id }), there('10.1.0.0/16')]) {
      await routes.describe?.(route, 'text', stub.call);
      await routes.delete(route, stub.call);
      await routes.deleteMany?.([route], stub.call);
    }
    const byName = { RegionId, RouteTableId: 'vtb-1', DestinationCidrBlock: '10.1.0.0/16' };
    const gone = [
      ['DeleteRouteEntry', { RegionId, RouteEntryId: 'rte-1' }],
      ['DeleteRouteEntry', { ...byName, NextHopId: 'pcc-1' }],
    ];
    expect(stub.sent()).toEqual([
      ['ModifyRouteEntry', { RegionId, RouteEntryId: 'rte-1', Description: 'text' }],
      gone[0],
      gone[0],
      ['ModifyRouteEntry', { ...byName, Description: 'text' }],
      gone[1],
      gone[1],
    ]);
  });

  it.each<[string, Refusal, string]>([
    ['there already', new Refusal('RouterEntryConflict.Duplicated'), 'AlreadyExists'],
    ['not allowed', new Refusal('Forbidden.RAM', 403), 'PermissionDenied'],
    ['busy', new Refusal('TaskConflict'), 'Conflict'],
  ])('as a batch of one has an outcome: %s', async (_, said, code) => {
    const stub = await over({ CreateRouteEntry: said, DeleteRouteEntry: said });
    const { routes } = stub.driver;
    expect(codes(await routes.createMany?.([wanted('10.1.0.0/16')], stub.call))).toEqual([code]);
    expect(codes(await routes.deleteMany?.([there('10.1.0.0/16')], stub.call))).toEqual([code]);
  });

  it.each<[string, Refusal]>([
    ['throttled', new Refusal('Throttling')],
    ['out of service', new Refusal('ServiceUnavailable', 503)],
    ['to be signed anew', new Refusal('InvalidTimeStamp.Expired')],
    ['in doubt', new Refusal('InternalError', 500)],
  ])('as a batch of one is thrown where the request as a whole is %s', async (_, said) => {
    const stub = await over({ CreateRouteEntry: said });
    expect(
      (await refusal(stub.driver.routes.createMany?.([wanted('10.1.0.0/16')], stub.call) ?? Promise.resolve())).details
        .nativeCode,
    ).toBe(said.code);
  });
});

describe('a batch', () => {
  const three = ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'];

  it('says of each route all that one route says', async () => {
    const stub = await over({});
    const routes = [
      wanted('10.1.0.0/16', { description: 'first' }),
      wanted('2001:db8::/32', { table: routeTableId('vtb-2'), nextHop: { kind: 'link', id: 'ri-1' } }),
    ];
    expect(codes(await stub.driver.routes.createMany?.(routes, stub.call))).toEqual(['ok', 'ok']);
    expect(stub.sent()).toEqual([
      [
        'CreateRouteEntries',
        {
          RegionId,
          'RouteEntries.1.RouteTableId': 'vtb-1',
          'RouteEntries.1.DstCidrBlock': '10.1.0.0/16',
          'RouteEntries.1.NextHop': 'pcc-1',
          'RouteEntries.1.NextHopType': 'VpcPeer',
          'RouteEntries.1.IpVersion': '4',
          'RouteEntries.1.Description': 'first',
          'RouteEntries.2.RouteTableId': 'vtb-2',
          'RouteEntries.2.DstCidrBlock': '2001:db8::/32',
          'RouteEntries.2.NextHop': 'ri-1',
          'RouteEntries.2.NextHopType': 'RouterInterface',
          'RouteEntries.2.IpVersion': '6',
        },
      ],
    ]);
    const gone = [there('10.1.0.0/16', { id: routeId('rte-1') }), there('10.2.0.0/16')];
    expect(codes(await stub.driver.routes.deleteMany?.(gone, stub.call))).toEqual(['ok', 'ok']);
    expect(stub.sent()).toEqual([
      [
        'DeleteRouteEntries',
        {
          RegionId,
          'RouteEntries.1.RouteTableId': 'vtb-1',
          'RouteEntries.1.RouteEntryId': 'rte-1',
          'RouteEntries.2.RouteTableId': 'vtb-1',
          'RouteEntries.2.DstCidrBlock': '10.2.0.0/16',
          'RouteEntries.2.NextHop': 'pcc-1',
        },
      ],
    ]);
  });

  const DUPLICATE = { FailedCode: 'VPC_ROUTE_ENTRY_CIDR_BLOCK_DUPLICATE', FailedMessage: 'twice' };
  it.each<[string, object, readonly string[]]>([
    ['none', { SuccessCount: 3, FailedCount: 0, FailedRouteEntries: [] }, ['ok', 'ok', 'ok']],
    [
      'by destination',
      { SuccessCount: 2, FailedCount: 1, FailedRouteEntries: [{ DstCidrBlock: '10.2.0.0/16', ...DUPLICATE }] },
      ['ok', 'AlreadyExists', 'ok'],
    ],
    [
      'by destination and next hop',
      { FailedRouteEntries: [{ DstCidrBlock: '10.3.0.0/16', NextHop: 'pcc-1', ...DUPLICATE }] },
      ['ok', 'ok', 'AlreadyExists'],
    ],
    [
      'by destination and no next hop',
      { FailedRouteEntries: [{ DstCidrBlock: '10.3.0.0/16', NextHop: '', ...DUPLICATE }] },
      ['ok', 'ok', 'AlreadyExists'],
    ],
    [
      'of another next hop: nothing may pass for done',
      { FailedRouteEntries: [{ DstCidrBlock: '10.3.0.0/16', NextHop: 'pcc-2', ...DUPLICATE }] },
      ['Unknown', 'Unknown', 'Unknown'],
    ],
    [
      'two, and one of them of no route that was sent',
      {
        FailedRouteEntries: [
          { DstCidrBlock: '10.1.0.0/16', ...DUPLICATE },
          { DstCidrBlock: '10.9.0.0/16', ...DUPLICATE },
        ],
      },
      ['AlreadyExists', 'Unknown', 'Unknown'],
    ],
    [
      'more than are named',
      { FailedCount: 2, FailedRouteEntries: [{ DstCidrBlock: '10.1.0.0/16', ...DUPLICATE }] },
      ['AlreadyExists', 'Unknown', 'Unknown'],
    ],
    [
      'fewer went through than were sent',
      { SuccessCount: 1, FailedCount: 1, FailedRouteEntries: [{ DstCidrBlock: '10.1.0.0/16', ...DUPLICATE }] },
      ['AlreadyExists', 'Unknown', 'Unknown'],
    ],
    ['without a code', { FailedRouteEntries: [{ DstCidrBlock: '10.1.0.0/16' }] }, ['Unknown', 'ok', 'ok']],
  ])('has its failures where they belong: %s', async (_, said, expected) => {
    const stub = await over({ CreateRouteEntries: said });
    const outcomes = await stub.driver.routes.createMany?.(
      three.map((one) => wanted(one)),
      stub.call,
    );
    expect(codes(outcomes)).toEqual(expected);
    const unnamed = outcomes?.flatMap((outcome) => (outcome.ok ? [] : [outcome.error])) ?? [];
    for (const error of unnamed) {
      expect(error.details).toMatchObject({ nativeOperation: 'CreateRouteEntries', requestId: 'R' });
      if (error.message.includes('does not say which')) expect(error.details.outcome).toBe('unknown');
    }
  });

  it('counts the failures that it cannot place', async () => {
    const stub = await over({
      CreateRouteEntries: { FailedCount: 3, FailedRouteEntries: [{ DstCidrBlock: '10.1.0.0/16', ...DUPLICATE }] },
    });
    const [, second] =
      (await stub.driver.routes.createMany?.(
        three.map((one) => wanted(one)),
        stub.call,
      )) ?? [];
    expect(second?.ok === false && second.error.message).toMatch('CreateRouteEntries reports 3 failures and');
  });

  it('of deletions has them by id, too', async () => {
    const stub = await over({
      DeleteRouteEntries: {
        FailedRouteEntries: [
          { RouteEntryId: 'rte-2', DstCidrBlock: '10.1.0.0/16', FailedCode: 'VPC_ROUTER_ENTRY_NOT_EXIST' },
          { RouteEntryId: '', DstCidrBlock: '10.3.0.0/16', FailedCode: 'TaskConflict' },
        ],
      },
    });
    const routes = three.map((one, at) => there(one, at < 2 ? { id: routeId(`rte-${at + 1}`) } : {}));
    const outcomes = await stub.driver.routes.deleteMany?.(routes, stub.call);
    expect(codes(outcomes)).toEqual(['ok', 'NotFound', 'Conflict']);
    const error = outcomes?.[1]?.ok === false ? outcomes[1].error : undefined;
    expect(error?.details).toMatchObject({
      nativeCode: 'VPC_ROUTER_ENTRY_NOT_EXIST',
      nativeOperation: 'DeleteRouteEntries',
      requestId: 'R',
    });
  });
});

describe('reading', () => {
  const entry = (id: string, type: string, more: object = {}) => ({
    RouteEntryId: `rte-${id}`,
    DestinationCidrBlock: '10.1.0.0/16',
    RouteTableId: 'vtb-1',
    Status: 'Available',
    Type: 'Custom',
    NextHops: { NextHop: [{ NextHopType: type, NextHopId: id }] },
    ...more,
  });
  const half = (id: string, RouterType: string, OppositeRouterType: string) => ({
    RouterInterfaceId: id,
    RouterId: 'x-1',
    RouterType,
    OppositeRouterType,
    Role: 'InitiatingSide',
    Status: 'Active',
  });

  it('asks once about each interface that a route points at, five at a time, whether it belongs to a line', async () => {
    const ids = ['1', '2', '3', '4', '5', '6'].map((one) => `ri-${one}`);
    const answers: Record<string, Said> = {
      DescribeRouteEntryList: {
        RouteEntrys: {
          RouteEntry: [...ids, 'ri-1'].map((id) => entry(id, 'RouterInterface')).concat(entry('pcc-1', 'VpcPeer')),
        },
      },
      DescribeRouterInterfaces: {
        RouterInterfaceSet: {
          RouterInterfaceType: [
            half('ri-1', 'VRouter', 'VRouter'),
            half('ri-2', 'VBR', 'VRouter'),
            half('ri-3', 'VRouter', 'VBR'),
            half('ri-6', 'VRouter', 'VRouter'),
          ],
        },
      },
    };
    const stub = await over(answers);
    const read = () => stub.driver.routes.list(VPC, TABLE, undefined, stub.call);
    const { items } = await read();
    // what no listing shows is a border router's hidden one
    expect(items.map(({ nextHop: { kind, id } }) => `${kind} ${id}`)).toEqual([
      'peering ri-1',
      'link ri-2',
      'link ri-3',
      'link ri-4',
      'link ri-5',
      'peering ri-6',
      'peering ri-1',
      'peering pcc-1',
    ]);
    const table = ['DescribeRouteEntryList', { RegionId, RouteTableId: 'vtb-1', MaxResult: '100' }] as const;
    const about = (...values: string[]) =>
      [
        'DescribeRouterInterfaces',
        {
          RegionId,
          'Filter.1.Key': 'RouterInterfaceId',
          ...Object.fromEntries(values.map((value, at) => [`Filter.1.Value.${at + 1}`, value])),
        },
      ] as const;
    expect(stub.sent()).toEqual([table, about(...ids.slice(0, 5)), about('ri-6')]);
    await read();
    const again = stub.sent().filter(([action]) => action === 'DescribeRouterInterfaces');
    expect(again).toEqual([about('ri-4', 'ri-5')]);
  });

  it('asks nobody about hops that the caller knows, or does not care for', async () => {
    const stub = await over({
      DescribeRouteEntryList: {
        RouteEntrys: { RouteEntry: [entry('ri-1', 'RouterInterface'), entry('ri-2', 'RouterInterface')] },
      },
    });
    const hops = new Map([
      ['ri-1', { kind: 'peering' as const, id: 'ri-1' }],
      ['ri-2', { kind: 'link' as const, id: 'ri-2' }],
    ]);
    const { items } = await stub.driver.routes.list(VPC, TABLE, undefined, stub.call, hops as never);
    expect(items.map(({ nextHop }) => nextHop.kind)).toEqual(['peering', 'link']);
    await stub.driver.routes.list(VPC, TABLE, undefined, stub.call, 'irrelevant');
    expect(stub.sent().map(([action]) => action)).toEqual(['DescribeRouteEntryList', 'DescribeRouteEntryList']);
  });

  it('goes on where the token says so, and tells of what it cannot read', async () => {
    const stub = await over({
      DescribeRouteEntryList: ({ NextToken }) => ({
        RouteEntrys: {
          RouteEntry: [
            entry('pcc-1', 'VpcPeer'),
            entry('pcc-2', 'VpcPeer', { Type: 'Novel', Description: 'ours' }),
            entry('pcc-3', 'VpcPeer', { Type: 'Novel', RouteEntryId: undefined, DestinationCidrBlock: '10.3.0.0/16' }),
          ],
        },
        ...(NextToken === undefined ? { NextToken: 'more' } : {}),
      }),
    });
    const first = await stub.driver.routes.list(VPC, TABLE, undefined, stub.call);
    const second = await stub.driver.routes.list(VPC, TABLE, first.next, stub.call);
    expect([first.next, second.next]).toEqual(['more', undefined]);
    expect(stub.sent()[1]?.[1]).toMatchObject({ NextToken: 'more', RouteTableId: 'vtb-1' });
    expect(first.unreadable).toMatchObject([
      { id: 'rte-pcc-2', networks: ['vpc-1'], description: 'ours', tags: {} },
      { id: '10.3.0.0/16', networks: ['vpc-1'], description: '', tags: {} },
    ]);
  });

  it('of the tables reads every page and has the main one first; a network without any is not there', async () => {
    const row = (at: number) => ({
      RouteTableId: `vtb-${at}`,
      RouteTableName: `name ${at}`,
      RouteTableType: at === 51 ? 'System' : 'Custom',
      VSwitchIds: { VSwitchId: ['vsw-1', 'vsw-2'] },
    });
    const stub = await over({
      DescribeRouteTableList: ({ PageNumber }) => ({
        TotalCount: 51,
        RouterTableList: {
          RouterTableListType: PageNumber === '1' ? Array.from({ length: 50 }, (_, at) => row(at + 1)) : [row(51)],
        },
      }),
    });
    const tables = await stub.driver.routes.tables(VPC, stub.call);
    expect(tables).toHaveLength(51);
    expect(tables.slice(0, 2)).toEqual([
      { id: 'vtb-51', network: 'vpc-1', kind: 'main', name: 'name 51', subnets: 2 },
      { id: 'vtb-1', network: 'vpc-1', kind: 'custom', name: 'name 1', subnets: 2 },
    ]);
    const asked = { RegionId, RouterType: 'VRouter', VpcId: 'vpc-1', PageSize: '50' };
    expect(stub.sent()).toEqual([
      ['DescribeRouteTableList', { ...asked, PageNumber: '1' }],
      ['DescribeRouteTableList', { ...asked, PageNumber: '2' }],
    ]);
    const empty = await over({ DescribeRouteTableList: { RouterTableList: { RouterTableListType: [] } } });
    const error = await refusal(empty.driver.routes.tables(VPC, empty.call));
    expect([error.code, error.details.resource, error.details.nativeOperation]).toEqual([
      'NotFound',
      'vpc-1',
      'DescribeRouteTableList',
    ]);
  });

  const vpc = (more: object = {}) => ({
    VpcId: 'vpc-1',
    Status: 'Available',
    CidrBlock: '10.0.0.0/8',
    OwnerId: OTHER,
    ...more,
  });

  it('of networks asks for those that are wanted, or for page after page, and tells of what it cannot read', async () => {
    const stub = await over({
      DescribeVpcs: ({ VpcId }) => ({
        Vpcs: {
          Vpc: [
            vpc({ VpcName: 'one', Tags: { Tag: [{ Key: 'k', Value: 'v' }] }, RegionId }),
            ...(VpcId === undefined ? [vpc({ VpcId: 'vpc-2', Status: 'Novel', Description: 'text' })] : []),
          ],
        },
        ...(VpcId === undefined ? { TotalCount: 101 } : {}),
      }),
    });
    const [read] = await stub.driver.networks.get([VPC, networkId('vpc-3')], stub.call);
    expect(read).toMatchObject({ id: 'vpc-1', account: OTHER, name: 'one', tags: { k: 'v' }, state: 'active' });
    const page = await stub.driver.networks.list('2', stub.call);
    expect([page.next, page.unreadable]).toMatchObject([
      '3',
      [{ id: 'vpc-2', networks: ['vpc-2'], description: 'text', tags: {} }],
    ]);
    expect(stub.sent()).toEqual([
      ['DescribeVpcs', { RegionId, VpcId: 'vpc-1,vpc-3', PageNumber: '1', PageSize: '50' }],
      ['DescribeVpcs', { RegionId, PageNumber: '2', PageSize: '50' }],
    ]);
  });

  it('of the own account asks for one network, whoever is written down', async () => {
    const stub = await over({ DescribeVpcs: { Vpcs: { Vpc: [vpc()] } } });
    expect(await stub.driver.ownAccount?.(stub.call)).toBe(OTHER);
    expect(stub.sent()).toEqual([['DescribeVpcs', { RegionId, PageSize: '1' }]]);
    expect(OWN).not.toBe(OTHER);
    const none = await over({ DescribeVpcs: { Vpcs: { Vpc: [] } } });
    expect((await refusal(none.driver.ownAccount?.(none.call) ?? Promise.resolve())).code).toBe('FailedPrecondition');
  });
});
