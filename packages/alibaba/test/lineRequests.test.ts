/** The steps of a line on the wire: every request whole, at every stage that a border router and its two interfaces can be at. */
import { describe, expect, it } from '@jest/globals';
import { as, EDGE, ID, input, linesOver, linksOf, NETWORK, RegionId, VBR, writes, type Half } from './lineStub.js';
import { OWN, refusal, closedAfterEach } from './stub.js';

const over = closedAfterEach(linesOver);

const without = (said: object, name: string) =>
  Object.fromEntries(Object.entries(said).filter(([key]) => key !== name));

describe('a creation', () => {
  const bare = {
    RegionId,
    PhysicalConnectionId: 'pc-1',
    VlanId: '30',
    LocalGatewayIp: '10.255.0.1',
    PeerGatewayIp: '10.255.0.2',
    PeeringSubnetMask: '255.255.255.252',
    Name: 'line',
    ClientToken: 'token-1',
  };

  it('begins with the border router, with all that it was given', async () => {
    const stub = await over([], [], {}, { options: { resourceGroupId: 'rg-entry' } });
    expect(await linksOf(stub).create(input(), stub.call)).toBe('vbr-new');
    const whole = input({
      description: 'd',
      tags: { k: 'v' },
      settings: { circuitCode: 'cc-2', resourceGroupId: 'rg-own' },
    });
    await linksOf(stub).create(whole, stub.call);
    expect(stub.sent()).toEqual([
      ['CreateVirtualBorderRouter', { ...bare, ResourceGroupId: 'rg-entry' }],
      [
        'CreateVirtualBorderRouter',
        {
          ...bare,
          Description: 'd',
          'Tags.1.Key': 'k',
          'Tags.1.Value': 'v',
          ResourceGroupId: 'rg-own',
          CircuitCode: 'cc-2',
        },
      ],
    ]);
  });

  it.each([{ cloudIp: '10.255.0.1' }, { cloudIp: 'fd00::1/64' }, { customerIp: 'fd00::2' }, { bandwidthMbps: 333 }])(
    'of what the cloud does not have asks nobody: %j',
    async (more) => {
      const stub = await over([], []);
      expect((await refusal(linksOf(stub).create(input(more), stub.call))).code).toBe('InvalidArgument');
      expect(stub.sent()).toEqual([]);
    },
  );

  it.each<[string, object, string]>([
    ['enabled', { PhysicalConnectionId: 'pc-1', Status: 'Enabled' }, 'ok'],
    ['not enabled', { PhysicalConnectionId: 'pc-1', Status: 'Approved' }, 'FailedPrecondition'],
    ['another', { PhysicalConnectionId: 'pc-2', Status: 'Enabled' }, 'NotFound'],
  ])('looks at the port: %s', async (_, port, expected) => {
    const ports = { PhysicalConnectionSet: { PhysicalConnectionType: [port] } };
    const stub = await over([], [], { DescribePhysicalConnections: ports });
    const code = await linksOf(stub)
      .check?.(input(), stub.call)
      .then(
        () => 'ok',
        ({ code: said }) => said as string,
      );
    expect(code).toBe(expected);
    expect(stub.sent()).toEqual([
      ['DescribePhysicalConnections', { RegionId, 'Filter.1.Key': 'PhysicalConnectionId', 'Filter.1.Value.1': 'pc-1' }],
    ]);
  });
});

describe('going on', () => {
  const idle = (half: Half, more: object = {}) => as(half, 'Idle', more);
  const untold = { OppositeInterfaceId: '', OppositeVpcInstanceId: '' };
  const tell = (id: string, peer: readonly [string, string, string]) => [
    'ModifyRouterInterfaceAttribute',
    {
      RegionId,
      RouterInterfaceId: id,
      OppositeInterfaceId: peer[0],
      OppositeRouterId: peer[1],
      OppositeRouterType: peer[2],
      OppositeInterfaceOwnerId: OWN,
    },
  ];
  const tellEdge = tell('ri-e', ['ri-n', 'vrt-1', 'VRouter']);
  const tellNetwork = tell('ri-n', ['ri-e', 'vbr-1', 'VBR']);

  it('makes the border router’s half and the network’s, each knowing of the other what there is to know', async () => {
    const stub = await over([VBR], [], {}, { options: { resourceGroupId: 'rg-entry' } });
    const wanted = input({ tags: { k: 'v' }, bandwidthMbps: 100, healthCheck: { source: '10.0.0.9' } });
    await linksOf(stub).continue(ID, wanted, stub.call);
    const made = writes(stub);
    expect(made.map(([action, said]) => [action, without(said, 'ClientToken')])).toEqual([
      [
        'CreateRouterInterface',
        {
          RegionId,
          ResourceGroupId: 'rg-entry',
          Role: 'InitiatingSide',
          RouterType: 'VBR',
          RouterId: 'vbr-1',
          AccessPointId: 'ap-1',
          Spec: 'Middle.1',
          OppositeRegionId: RegionId,
          OppositeRouterType: 'VRouter',
          OppositeRouterId: 'vrt-1',
          OppositeInterfaceOwnerId: OWN,
          'Tags.1.Key': 'k',
          'Tags.1.Value': 'v',
          'Tags.2.Key': 'peerway.opposite-network',
          'Tags.2.Value': 'vpc-1',
        },
      ],
      [
        'CreateRouterInterface',
        {
          RegionId,
          ResourceGroupId: 'rg-entry',
          Role: 'AcceptingSide',
          RouterType: 'VRouter',
          RouterId: 'vrt-1',
          Spec: 'Negative',
          OppositeRegionId: RegionId,
          OppositeRouterType: 'VBR',
          OppositeRouterId: 'vbr-1',
          OppositeInterfaceId: 'ri-new',
          OppositeInterfaceOwnerId: OWN,
          OppositeAccessPointId: 'ap-1',
          HealthCheckSourceIp: '10.0.0.9',
          HealthCheckTargetIp: '10.255.0.2',
          'Tags.1.Key': 'k',
          'Tags.1.Value': 'v',
        },
      ],
    ]);
    const tokens = made.map(([, said]) => said['ClientToken']);
    expect(new Set(tokens).size).toBe(2);
    for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[string, readonly Half[], readonly (readonly unknown[])[]]>([
    ['tells the border router’s half of the network’s', [idle(EDGE, untold), idle(NETWORK)], [tellEdge]],
    ['tells both of each other', [idle(EDGE, untold), idle(NETWORK, untold)], [tellNetwork, tellEdge]],
    ['tells the network’s half and connects later', [idle(EDGE), idle(NETWORK, untold)], [tellNetwork]],
    [
      'connects what knows each other',
      [idle(EDGE), idle(NETWORK)],
      [['ConnectRouterInterface', { RegionId, RouterInterfaceId: 'ri-e' }]],
    ],
    ['does nothing to what is up', [EDGE, NETWORK], []],
    ['does nothing while it connects', [as(EDGE, 'Connecting'), as(NETWORK, 'AcceptingConnecting')], []],
  ])('%s', async (_, halves, requests) => {
    const stub = await over([VBR], halves);
    await linksOf(stub).continue(ID, input(), stub.call);
    expect(writes(stub)).toEqual(requests);
  });

  it('replaces a border router’s half beside a network’s that waits, with a token of its own', async () => {
    const stub = await over([VBR], [idle(NETWORK, untold)]);
    await linksOf(stub).continue(ID, input(), stub.call);
    const [created, told, ...more] = writes(stub);
    expect([created?.[0], created?.[1]['RouterType'], told, more]).toEqual([
      'CreateRouterInterface',
      'VBR',
      tell('ri-n', ['ri-new', 'vbr-1', 'VBR']),
      [],
    ]);
    const fresh = await over([VBR], []);
    await linksOf(fresh).continue(ID, input(), fresh.call);
    expect(writes(fresh)[0]?.[1]['ClientToken']).not.toBe(created?.[1]['ClientToken']);
  });

  it('takes away first what can never work again, and makes nothing meanwhile', async () => {
    const survivor = as(EDGE, 'Active', { OppositeInterfaceId: 'ri-gone', OppositeInterfaceStatus: 'Deleted' });
    const stub = await over([VBR], [survivor]);
    await linksOf(stub).continue(ID, input(), stub.call);
    expect(writes(stub)).toEqual([['DeactivateRouterInterface', { RegionId, RouterInterfaceId: 'ri-e' }]]);
  });

  it.each(['terminated', 'recovering', 'unconfirmed'])('does nothing while the border router is %s', async (Status) => {
    const stub = await over([{ ...VBR, Status }], []);
    await linksOf(stub).continue(ID, input(), stub.call);
    expect(writes(stub)).toEqual([]);
  });

  it('acts on the reading that it is handed, and reads anew where that was of another moment', async () => {
    const stub = await over([VBR], [idle(EDGE), idle(NETWORK)]);
    const seen = await linksOf(stub).get(ID, stub.call);
    stub.sent();
    await linksOf(stub).continue(ID, input(), stub.call, seen);
    expect(stub.sent()).toEqual([['ConnectRouterInterface', { RegionId, RouterInterfaceId: 'ri-e' }]]);
    expect([seen.next, seen.nextTakesMs]).toEqual(['continue', 5_000]);
  });

  it('without an access point says what is missing', async () => {
    const { AccessPointId: _, ...router } = VBR;
    const stub = await over([router], []);
    expect((await refusal(linksOf(stub).continue(ID, input(), stub.call))).message).toContain('access point of vbr-1');
  });
});
