/** Answers that lie: an answer that does not hold what it must is an error that says so, and never "nothing there". */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { PeerwayError, Unreadable } from '@peerway/core';
import { accountId, isPeerwayError, networkId, parseCidr, peeringId, routeTableId } from '@peerway/core';
import { alibabaRpc } from '@peerway/alibaba';
import { FakeCloud, providerAt, type Reply } from './fakeCloud.js';
import { allOf } from './world.js';

const opened: FakeCloud[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((cloud) => cloud.close()));
});

async function over(reply: (action: string, index: number) => Reply) {
  const cloud = await FakeCloud.start(({ parameters }, index) => reply(parameters['Action'] ?? '', index));
  opened.push(cloud);
  return { cloud, ...(await providerAt(cloud.endpoint, { account: accountId('253460731706911258') })) };
}

async function failure(work: Promise<unknown>): Promise<PeerwayError> {
  try {
    await work;
  } catch (error) {
    if (isPeerwayError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

type Provider = Awaited<ReturnType<typeof providerAt>>['provider'];
const VPC = networkId('vpc-1');

const READS: readonly [operation: string, read: (provider: Provider) => Promise<unknown>][] = [
  ['ListVpcPeerConnections', ({ peerings }) => allOf(peerings.list({ mechanism: 'vpc-peer' }))],
  ['DescribeRouterInterfaces', ({ peerings }) => allOf(peerings.list({ mechanism: 'router-interface' }))],
  ['DescribeVirtualBorderRouters', ({ links }) => allOf(links.list())],
  ['DescribeRouteEntryList', ({ routes }) => allOf(routes.list(VPC, routeTableId('vtb-1')))],
  ['DescribeRouteTableList', ({ routes }) => routes.tables(VPC)],
  ['DescribeVpcs', ({ networks }) => networks.getMany([VPC])],
];

const LIES: readonly [body: object | string, wrong: RegExp][] = [
  [{}, /RequestId is missing/],
  [{ success: false }, /it says that it was no success/],
  [{ RequestId: 'R', Success: 'false' }, /it says that it was no success/],
  [{ RequestId: 'R' }, /(Connects|Set|s|List) is missing/],
  [[], /something other than JSON/],
  ['null', /something other than JSON/],
  ['[['.repeat(50_000), /something other than JSON/],
];

describe.each(READS)('%s', (operation, read) => {
  it.each(LIES)('%j', async (body, wrong) => {
    const { provider } = await over(() => ({ body }));
    const error = await failure(read(provider));
    expect(error.code).toBe('Unavailable');
    expect(error.message).toMatch(wrong);
    expect(error.message).toContain(operation);
    expect(error.details).toMatchObject({
      nativeOperation: operation,
    });
  });
});

const peer = {
  InstanceId: 'pcc-1',
  Status: 'Activated',
  OwnerId: '253460731706911258',
  AcceptingOwnerUid: '253460731706911258',
  RegionId: 'cn-hangzhou',
  AcceptingRegionId: 'cn-hangzhou',
  Vpc: { VpcId: 'vpc-1' },
  AcceptingVpc: { VpcId: 'vpc-2' },
};

const [half, otherHalf] = [
  ['ri-1', 'InitiatingSide', 1, 2],
  ['ri-2', 'AcceptingSide', 2, 1],
].map(([id, Role, own, other]) => ({
  RouterInterfaceId: id,
  RouterId: `vrt-${own}`,
  RouterType: 'VRouter',
  Role,
  Status: 'Active',
  VpcInstanceId: `vpc-${own}`,
  OppositeInterfaceId: `ri-${other}`,
  OppositeRouterId: `vrt-${other}`,
  OppositeRouterType: 'VRouter',
  OppositeVpcInstanceId: `vpc-${other}`,
}));

describe('the items of a list', () => {
  it.each<[string, unknown, string]>([
    ['null', null, 'VpcPeerConnects[1] is null and not an object'],
    ['a number for a state', { ...peer, Status: 7 }, 'VpcPeerConnects[1].Status is a number and not an id'],
    ['a text for an end', { ...peer, Vpc: 'vpc-1' }, 'VpcPeerConnects[1].Vpc is another text and not an object'],
    ['a list for a name', { ...peer, Name: [] }, 'VpcPeerConnects[1].Name is a list and not a text'],
    ['tags without keys', { ...peer, Tags: [{}] }, 'VpcPeerConnects[1].Tags[0].Key is missing'],
  ])('%s', async (_, item, wrong) => {
    const { provider } = await over(() => ({ body: { RequestId: 'req-7', VpcPeerConnects: [peer, item] } }));
    const error = await failure(allOf(provider.peerings.list({ mechanism: 'vpc-peer' })));
    expect(error.message).toBe(`Unexpected answer to ListVpcPeerConnections: ${wrong}`);
    expect(error.details.requestId).toBe('req-7');
  });
});

describe('an answer that contradicts itself', () => {
  it('a list that is empty of three', async () => {
    const { provider } = await over(() => ({ body: { RequestId: 'R', TotalCount: 3, VpcPeerConnects: [] } }));
    expect((await failure(allOf(provider.peerings.list({ mechanism: 'vpc-peer' })))).message).toMatch(
      'none of its 3 items',
    );
  });

  it.each<[object, string]>([
    [{ TotalCount: 0 }, 'it holds more than its 0 items'],
    [{ TotalCount: 60, PageSize: 100 }, 'its pages hold 100 items, and at most 50 were asked for'],
    [{ TotalCount: 60, PageNumber: 2 }, 'it is page 2, and page 1 was asked for'],
  ])('a page %j', async (page, wrong) => {
    const body = { RequestId: 'R', ...page, RouterInterfaceSet: { RouterInterfaceType: [half] } };
    const { provider } = await over(() => ({ body }));
    expect((await failure(allOf(provider.peerings.list({ mechanism: 'router-interface' })))).message).toMatch(wrong);
  });

  it.each<[string, object, readonly string[]]>([
    ['the network of a half', { VpcInstanceId: 'vpc-9' }, ['ri-1', 'ri-2']],
    ['the network beyond', { OppositeVpcInstanceId: 'vpc-9' }, ['ri-1', 'ri-2']],
    ['the router of a half', { RouterId: 'vrt-2' }, ['ri-1', 'ri-2']],
  ])('two halves that contradict each other: %s', async (_, lie, expected) => {
    const { provider } = await over(() => ({
      body: { RequestId: 'R', RouterInterfaceSet: { RouterInterfaceType: [{ ...half, ...lie }, otherHalf] } },
    }));
    const ids: string[] = [];
    await allOf(provider.peerings.list({ mechanism: 'router-interface' }, { unreadable: ({ id }) => ids.push(id) }));
    expect(ids).toEqual(expected);
  });

  it('a network and a peering of another region than the one asked', async () => {
    const ids: string[] = [];
    const unreadable = ({ id }: Unreadable) => void ids.push(id);
    const away = { ...peer, RegionId: 'cn-x', AcceptingRegionId: 'cn-y' };
    const vpc = { VpcId: 'vpc-1', Status: 'Available', CidrBlock: '10.0.0.0/8', OwnerId: 1, RegionId: 'cn-x' };
    const { provider } = await over((action) => ({
      body: { RequestId: 'R', VpcPeerConnects: [away], ...(action === 'DescribeVpcs' ? { Vpcs: { Vpc: [vpc] } } : {}) },
    }));
    await allOf(provider.peerings.list({ mechanism: 'vpc-peer' }, { unreadable }));
    expect(ids).toEqual(['pcc-1']);
    expect((await failure(provider.networks.getMany([VPC]))).message).toContain('vpc-1 is in cn-x');
  });

  it('the token that was sent', async () => {
    const { provider, cloud } = await over(() => ({
      body: { RequestId: 'R', VpcPeerConnects: [peer], NextToken: 'again' },
    }));
    const error = await failure(allOf(provider.peerings.list({ mechanism: 'vpc-peer' })));
    expect(error.message).toMatch('its NextToken is the one that was sent');
    expect(cloud.seen.length).toBeLessThan(10);
  });

  it('another peering than the one asked for', async () => {
    const { provider } = await over(() => ({ body: { RequestId: 'R', ...peer } }));
    const error = await failure(provider.peerings.get(peeringId('pcc-2'), { side: 'initiator' }));
    expect(error.message).toMatch('it is about another peering than pcc-2');
  });

  it('a batch of which fewer went through than were sent, and none is named', async () => {
    const { provider } = await over(() => ({ body: { RequestId: 'R', SuccessCount: 1, FailedCount: 0 } }));
    const route = (destination: string) => ({
      table: routeTableId('vtb-1'),
      network: VPC,
      destination: parseCidr(destination),
      nextHop: { kind: 'peering' as const, id: 'pcc-1' },
    });
    const outcomes = await provider.routes.createMany([route('10.1.0.0/16'), route('10.2.0.0/16')], { wait: false });
    expect(outcomes.map((outcome) => outcome.ok)).toEqual([false, false]);
  });
});

describe('writes', () => {
  it('without what was made: the outcome is unknown, and the same token is sent again', async () => {
    const { provider, cloud } = await over((_, index) => ({
      body: index === 0 ? {} : { RequestId: 'R', InstanceId: 'pcc-1' },
    }));
    const rpc = provider.native(alibabaRpc);
    const request = {
      RegionId: 'cn-hangzhou',
      VpcId: 'vpc-1',
      AcceptingAliUid: '1',
      AcceptingRegionId: 'cn-hangzhou',
      AcceptingVpcId: 'vpc-2',
    };
    const error = await failure(rpc?.vpcPeer('CreateVpcPeerConnection', request) ?? Promise.resolve());
    expect(error.details).toMatchObject({ outcome: 'unknown', nativeOperation: 'CreateVpcPeerConnection' });
    await provider.peerings.requestDelete(peeringId('pcc-1'), { side: 'initiator' });
    expect(cloud.seen).toHaveLength(2);
  });
});

describe('how much an answer may weigh', () => {
  it('more than 64 MB is refused with the bound, and not read to its end', async () => {
    const chunk = ' '.repeat(1024 * 1024);
    const { provider } = await over(() => ({ body: `{"RequestId":"R",${chunk.repeat(65)}` }));
    const error = await failure(provider.networks.getMany([VPC]));
    expect(error.message).toBe('Unexpected answer to DescribeVpcs: it is larger than 64 MB');
  });

  it('a compressed one, which was not asked for, is no answer', async () => {
    const { provider } = await over(() => ({ body: 'x', headers: { 'content-encoding': 'gzip' } }));
    expect((await failure(provider.networks.getMany([VPC]))).message).toMatch('something other than JSON');
  });
});

describe('a word that no table knows', () => {
  const strange = {
    ...peer,
    InstanceId: 'pcc-9',
    Status: 'Frozen',
    Vpc: { VpcId: 'vpc-8' },
    AcceptingVpc: { VpcId: 'vpc-9' },
  };
  const answer = ({ body }: { body: object }): Reply => ({ body: { RequestId: 'R', ...body } });

  it('on a stranger’s peering stops no listing whose caller says what to do with it', async () => {
    const { provider } = await over(() => answer({ body: { VpcPeerConnects: [strange, peer] } }));
    const unreadable: Unreadable[] = [];
    const list = provider.peerings.list({ mechanism: 'vpc-peer' }, { unreadable: (item) => unreadable.push(item) });
    expect((await allOf(list)).map(({ id }) => id)).toEqual(['pcc-1']);
    expect(unreadable).toMatchObject([{ id: 'pcc-9', networks: ['vpc-8', 'vpc-9'] }]);
    expect(unreadable[0]?.error.message).toMatch('"Frozen"');
  });

  it('is an error to a caller who does not, and where the peering itself is asked for', async () => {
    const { provider } = await over((action) =>
      answer({ body: action === 'ListVpcPeerConnections' ? { VpcPeerConnects: [strange] } : strange }),
    );
    for (const work of [
      () => allOf(provider.peerings.list({ mechanism: 'vpc-peer' })),
      () => provider.peerings.get(peeringId('pcc-9'), { side: 'initiator' }),
    ]) {
      expect(await failure(work())).toMatchObject({
        code: 'Unknown',
        message: expect.stringContaining('"Frozen"') as unknown,
      });
    }
  });

  const half = (id: string, more: object) => ({
    RouterInterfaceId: id,
    RouterId: 'vrt-1',
    RouterType: 'VRouter',
    OppositeRouterType: 'VRouter',
    Role: 'InitiatingSide',
    Status: 'Idle',
    VpcInstanceId: 'vpc-1',
    Tags: { Tags: [{ Key: 'peerway.opposite-network', Value: 'vpc-2' }] },
    ...more,
  });

  it.each([
    { Status: 'Frozen' },
    { Role: 'Bystander' },
    { RouterType: 'Novel' },
    { OppositeRouterType: 'Novel' },
    { Status: 'Active' },
  ])('on a stranger’s interface: %j', async (more) => {
    const halves = [half('ri-1', {}), half('ri-9', { ...more, RouterId: 'vrt-8', VpcInstanceId: 'vpc-8' })];
    const { provider } = await over((action) =>
      answer({
        body:
          action === 'DescribeVpcs'
            ? { Vpcs: { Vpc: [{ VpcId: 'vpc-1', Status: 'Available', CidrBlock: '10.0.0.0/8', OwnerId: 1 }] } }
            : { RouterInterfaceSet: { RouterInterfaceType: halves } },
      }),
    );
    const ids: string[] = [];
    const unreadable = (item: Unreadable) => void ids.push(item.id);
    const list = await allOf(provider.peerings.list({ mechanism: 'router-interface' }, { unreadable }));
    expect([list.map(({ id }) => id), ids]).toEqual([['ri-1'], ['ri-9']]);
  });

  it('and an interface of no network are never taken for a pair that is gone', async () => {
    const halves = [half('ri-1', { VpcInstanceId: undefined })];
    const { provider } = await over((action) =>
      answer({
        body:
          action === 'DescribeVpcs'
            ? { Vpcs: { Vpc: [{ VpcId: 'vpc-1', Status: 'Available', CidrBlock: '10.0.0.0/8', OwnerId: 1 }] } }
            : { RouterInterfaceSet: { RouterInterfaceType: halves } },
      }),
    );
    const error = await failure(allOf(provider.peerings.list({ mechanism: 'router-interface' })));
    expect([error.code, error.message]).toEqual(['Unknown', 'Alibaba Cloud says that ri-1 is in no network']);
  });

  it('on a route and on a border router', async () => {
    const { provider } = await over((action) =>
      answer({
        body:
          action === 'DescribeRouteEntryList'
            ? {
                RouteEntrys: {
                  RouteEntry: [
                    {
                      RouteEntryId: 'rte-9',
                      DestinationCidrBlock: '10.0.0.0/8',
                      RouteTableId: 'vtb-1',
                      Status: 'Available',
                      Type: 'Novel',
                    },
                    {
                      RouteEntryId: 'rte-1',
                      DestinationCidrBlock: 'pl-7',
                      RouteTableId: 'vtb-1',
                      Status: 'Available',
                      Type: 'Custom',
                      NextHops: { NextHop: [{ NextHopId: 'i-1', NextHopType: 'Instance' }] },
                    },
                  ],
                },
              }
            : action === 'DescribeVpcs'
              ? { Vpcs: { Vpc: [{ VpcId: 'vpc-1', Status: 'Available', CidrBlock: '10.0.0.0/8', OwnerId: 1 }] } }
              : action === 'DescribeRouterInterfaces'
                ? { RouterInterfaceSet: { RouterInterfaceType: [] } }
                : {
                    VirtualBorderRouterSet: {
                      VirtualBorderRouterType: [
                        { VbrId: 'vbr-9', Status: 'Novel', VlanId: 1, PhysicalConnectionId: 'pc-1' },
                      ],
                    },
                  },
      }),
    );
    const ids: string[] = [];
    const unreadable = (item: Unreadable) => void ids.push(item.id);
    expect(await allOf(provider.routes.list(VPC, routeTableId('vtb-1'), { unreadable }))).toHaveLength(1);
    expect(await allOf(provider.links.list({}, { unreadable }))).toHaveLength(0);
    expect(ids).toEqual(['rte-9', 'vbr-9']);
  });
});

describe('what an entry of a route table must say', () => {
  const entry = { DestinationCidrBlock: '10.0.0.0/8', RouteTableId: 'vtb-1', Status: 'Available', Type: 'Custom' };
  const hop = (NextHopType: string, more = {}) => ({ NextHops: { NextHop: [{ NextHopType, ...more }] } });
  it.each<[string, object, string, string]>([
    ['its own table', { RouteTableId: 'vtb-2' }, 'Unavailable', 'an entry of another table than vtb-1'],
    ['by what', {}, 'Unknown', 'a route leads to 10.0.0.0/8, and not by what'],
    ['by what kind', hop('', { NextHopId: 'ri-1' }), 'Unknown', 'a route leads to 10.0.0.0/8, and not by what'],
    [
      'a destination',
      { DestinationCidrBlock: 'constructor', ...hop('Instance') },
      'Unknown',
      '"constructor", which is neither',
    ],
    ['which peering', hop('VpcPeer'), 'Unknown', 'leads to a VpcPeer, and not to which'],
    ['which interface', hop('RouterInterface', { NextHopId: '' }), 'Unknown', 'to a RouterInterface, and not to which'],
  ])('%s', async (_, more, code, message) => {
    const { provider } = await over((action) => ({
      body:
        action === 'DescribeRouteEntryList'
          ? { RequestId: 'R', RouteEntrys: { RouteEntry: [{ ...entry, ...more }] } }
          : { RequestId: 'R', RouterInterfaceSet: { RouterInterfaceType: [] } },
    }));
    const error = await failure(allOf(provider.routes.list(VPC, routeTableId('vtb-1'))));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(message)]);
  });
});

describe('a status that some gateway gives', () => {
  it.each([
    [404, { message: 'no Route matched with those values' }],
    [403, {}],
    [401, { message: 'Unauthorized' }],
  ])('%d %j is no statement about an object, for a read or a write', async (status, body) => {
    const { provider } = await over(() => ({ status, body }));
    const read = await failure(provider.routes.tables(VPC));
    expect([read.code, read.message]).toEqual([
      'Unknown',
      `DescribeRouteTableList: HTTP ${status} that is not an answer of Alibaba Cloud`,
    ]);
    const removal = await failure(provider.peerings.delete(peeringId('pcc-1'), { side: 'initiator' }));
    expect(removal.code).toBe('Unknown');
  });
});
