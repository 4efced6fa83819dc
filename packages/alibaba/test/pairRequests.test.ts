/** The steps of a pair of router interfaces on the wire: every request whole, for every stage that the two halves can be at. */
import { describe, expect, it } from '@jest/globals';
import { networkId, peeringId, regionId, type Peering, type PeeringCreate } from '@peerway/core';
import {
  ACCEPTOR,
  ALONE,
  as,
  FAR,
  ID,
  INITIATOR,
  ME,
  NEW,
  pairsOver,
  RegionId,
  toward,
  writes,
  type Half,
} from './pairStub.js';
import { OTHER, OWN, Refusal, refusal, closedAfterEach } from './stub.js';

const over = closedAfterEach(pairsOver);

describe('a creation', () => {
  const input = (more: Partial<PeeringCreate> = {}): PeeringCreate => ({
    mechanism: 'router-interface',
    initiator: networkId('vpc-1'),
    acceptor: { region: regionId(RegionId), network: networkId('vpc-2') },
    tags: {},
    clientToken: 'token-1',
    ...more,
  });
  const far = { account: OTHER, region: regionId('cn-beijing'), network: networkId('vpc-2') };
  const half = {
    RegionId,
    Role: 'InitiatingSide',
    RouterType: 'VRouter',
    RouterId: 'vrt-1',
    OppositeRouterType: 'VRouter',
    ClientToken: 'token-1',
  };

  it('inside account and region asks for both routers at once, and names the other', async () => {
    const stub = await over([], {}, { options: { resourceGroupId: 'rg-entry' } });
    const wanted = input({ name: 'one', description: 'pair', tags: { k: 'v' }, bandwidthMbps: 100 });
    expect(await stub.driver.peerings.create(wanted, stub.call)).toBe('ri-new');
    expect(stub.sent()).toEqual([
      ['DescribeVpcs', { RegionId, VpcId: 'vpc-1,vpc-2' }],
      [
        'DescribeRouterInterfaces',
        { RegionId, PageNumber: '1', PageSize: '50', 'Filter.1.Key': 'RouterId', 'Filter.1.Value.1': 'vrt-1' },
      ],
      [
        'CreateRouterInterface',
        {
          ...half,
          Spec: 'Middle.1',
          OppositeRegionId: RegionId,
          OppositeRouterId: 'vrt-2',
          OppositeInterfaceOwnerId: OWN,
          ResourceGroupId: 'rg-entry',
          Name: 'one',
          Description: 'pair',
          'Tags.1.Key': 'k',
          'Tags.1.Value': 'v',
          'Tags.2.Key': 'peerway.opposite-network',
          'Tags.2.Value': 'vpc-2',
          'Tags.3.Key': 'peerway.token',
          'Tags.3.Value': 'token-1',
        },
      ],
    ]);
  });

  it.each([
    ['of another account', { ...far, region: regionId(RegionId) }, 'Large.2'],
    ['of another region', { ...far, account: OWN }, 'Small.1'],
    ['of both', far, 'Small.1'],
  ])('toward a network %s hands over what the acceptor must know', async (_, acceptor, Spec) => {
    const stub = await over([]);
    expect(await stub.driver.peerings.create(input({ acceptor }), stub.call)).toBe(
      `ri-new:${RegionId}:${OWN}:vrt-1:vpc-1:vpc-2`,
    );
    const [[, said]] = writes(stub) as [[string, object]];
    expect(said).toEqual({
      ...half,
      Spec,
      OppositeRegionId: acceptor.region,
      OppositeInterfaceOwnerId: acceptor.account,
      'Tags.1.Key': 'peerway.opposite-network',
      'Tags.1.Value': 'vpc-2',
      'Tags.2.Key': 'peerway.token',
      'Tags.2.Value': 'token-1',
    });
  });

  it.each<[string, Half, string]>([
    ['of this very request', as(ALONE, 'Idle', toward('vpc-2', ['peerway.token', 'token-1'])), 'ri-i'],
    ['of another request', as(ALONE, 'Idle', toward('vpc-2', ['peerway.token', 'token-2'])), 'AlreadyExists'],
    ['of nobody', ALONE, 'AlreadyExists'],
    ['that is going', as(ALONE, 'Deleting'), 'ri-new'],
    ['toward another network', as(ALONE, 'Idle', toward('vpc-3')), 'ri-new'],
    // refused by the service itself, in its own words
    ['that is connected', INITIATOR, 'ri-new'],
  ])('where there is a half %s', async (_, there, outcome) => {
    const stub = await over([there]);
    const made = stub.driver.peerings.create(input(), stub.call);
    expect(await made.catch((error: { code: string }) => error.code)).toBe(outcome);
    expect(writes(stub)).toHaveLength(outcome === 'ri-new' ? 1 : 0);
  });

  it('is refused where a pair toward another region is connected, which the service does not see', async () => {
    const stub = await over([INITIATOR]);
    const error = await refusal(stub.driver.peerings.create(input({ acceptor: far }), stub.call));
    expect([error.code, error.details.resource]).toEqual(['AlreadyExists', 'ri-i']);
    const again = await over([as(INITIATOR, 'Active', toward('vpc-2', ['peerway.token', 'token-1']))]);
    expect(await again.driver.peerings.create(input({ acceptor: far }), again.call)).toBe(
      `ri-i:${RegionId}:${OWN}:vrt-1:vpc-1:vpc-2`,
    );
  });

  it('of one pair in two directions at once is made once, and the next one is free to try', async () => {
    const stub = await over([]);
    const back = input({
      initiator: networkId('vpc-2'),
      acceptor: { ...input().acceptor, network: networkId('vpc-1') },
    });
    const both = await Promise.allSettled([
      stub.driver.peerings.create(input(), stub.call),
      stub.driver.peerings.create(back, stub.call),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(both[1]).toMatchObject({ reason: { code: 'Conflict', details: { resource: 'vpc-1 vpc-2' } } });
    expect(await stub.driver.peerings.create(back, stub.call)).toBe('ri-new');
  });

  it('of a network that is not here is NotFound', async () => {
    const stub = await over([]);
    const error = await refusal(stub.driver.peerings.create(input({ initiator: networkId('vpc-7') }), stub.call));
    expect([error.code, error.details.resource]).toEqual(['NotFound', 'vpc-7']);
  });
});

describe('an acceptance', () => {
  const told = (id: string, more: object = {}) => [
    'ModifyRouterInterfaceAttribute',
    {
      RegionId,
      RouterInterfaceId: id,
      OppositeInterfaceId: 'ri-i',
      OppositeRouterId: 'vrt-1',
      OppositeRouterType: 'VRouter',
      OppositeInterfaceOwnerId: OWN,
      ...more,
    },
  ];

  it('makes the other half with the marks of the first and nothing else of it', async () => {
    const marked = {
      ...toward('vpc-2', ['peerway.stack', 'shop'], ['cost', '7'], ['peerway.token', 't']),
      Description: 'mine',
    };
    const stub = await over([as(ALONE, 'Idle', marked)]);
    await stub.driver.peerings.accept(ID, stub.call);
    const [[action, { ClientToken, ...said }]] = writes(stub) as [[string, Record<string, string>]];
    expect([action, said]).toEqual([
      'CreateRouterInterface',
      {
        RegionId,
        Role: 'AcceptingSide',
        RouterType: 'VRouter',
        RouterId: 'vrt-2',
        Spec: 'Negative',
        OppositeRegionId: RegionId,
        OppositeRouterType: 'VRouter',
        OppositeInterfaceId: 'ri-i',
        OppositeRouterId: 'vrt-1',
        OppositeInterfaceOwnerId: OWN,
        'Tags.1.Key': 'peerway.stack',
        'Tags.1.Value': 'shop',
        'Tags.2.Key': 'peerway.opposite-network',
        'Tags.2.Value': 'vpc-1',
      },
    ]);
    expect(ClientToken).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has one token for half a minute, and another one after that, and for another pair', async () => {
    const stub = await over([ALONE]);
    const token = async () => {
      await stub.driver.peerings.accept(ID, stub.call);
      return writes(stub)[0]?.[1]['ClientToken'];
    };
    const [first, second] = [await token(), await token()];
    await stub.clock.sleep(30_000);
    expect([second === first, (await token()) === first]).toEqual([true, false]);
  });

  it('of a pair of two accounts takes everything from the id, and a description that marks it', async () => {
    const stub = await over([]);
    const seen = { description: 'peerway stack=shop', tags: { 'peerway.stack': 'shop', cost: '7' } };
    await stub.driver.peerings.accept(FAR, stub.call, { ...seen, acceptor: {} } as unknown as Peering);
    const [[, { ClientToken: _, ...said }]] = writes(stub) as [[string, Record<string, string>]];
    expect(said).toEqual({
      RegionId,
      Role: 'AcceptingSide',
      RouterType: 'VRouter',
      RouterId: 'vrt-2',
      Spec: 'Negative',
      OppositeRegionId: 'cn-beijing',
      OppositeRouterType: 'VRouter',
      OppositeInterfaceId: 'ri-i',
      OppositeRouterId: 'vrt-1',
      OppositeInterfaceOwnerId: OTHER,
      Description: 'peerway stack=shop',
      'Tags.1.Key': 'peerway.stack',
      'Tags.1.Value': 'shop',
      'Tags.2.Key': 'peerway.opposite-network',
      'Tags.2.Value': 'vpc-1',
    });
    const elsewhere = peeringId(`ri-i:cn-beijing:${OTHER}:vrt-1:vpc-1:vpc-9`);
    const error = await refusal(stub.driver.peerings.accept(elsewhere, stub.call));
    expect([error.code, error.details.resource]).toEqual(['PermissionDenied', elsewhere]);
  });

  it.each<[string, readonly Half[], readonly (readonly unknown[])[]]>([
    ['points at the first', [ALONE, NEW], []],
    ['points at it by another router', [ALONE, as(NEW, 'Idle', { OppositeRouterId: 'vrt-9' })], [told('ri-a')]],
    ['is connected, and of another router', [INITIATOR, as(ACCEPTOR, 'Active', { OppositeRouterId: 'vrt-9' })], []],
    [
      'is known to the first and not told of it',
      [as(INITIATOR, 'Idle'), as(ACCEPTOR, 'Idle', { OppositeInterfaceId: '', OppositeVpcInstanceId: '' })],
      [told('ri-a')],
    ],
  ])('where the other half %s', async (_, halves, requests) => {
    const stub = await over(halves);
    await stub.driver.peerings.accept(ID, stub.call);
    expect(writes(stub)).toEqual(requests);
  });

  it('finds the half that the initiator’s reading names, where the initiator is out of sight', async () => {
    const untold = as(ACCEPTOR, 'Idle', { OppositeInterfaceId: '', OppositeVpcInstanceId: '' });
    const stub = await over([untold]);
    const seen = { description: '', tags: {}, acceptor: { nextHop: { kind: 'peering', id: 'ri-a' } } };
    await stub.driver.peerings.accept(FAR, stub.call, seen as unknown as Peering);
    expect(writes(stub)).toEqual([told('ri-a', { OppositeInterfaceOwnerId: OTHER })]);
  });

  it('of a pair that was connected once, and whose other half is gone, is over', async () => {
    const stub = await over([INITIATOR]);
    const error = await refusal(stub.driver.peerings.accept(ID, stub.call));
    expect([error.code, error.details.resource]).toEqual(['FailedPrecondition', 'ri-i']);
    const none = await over([]);
    expect((await refusal(none.driver.peerings.accept(ID, none.call))).code).toBe('NotFound');
  });
});

describe('going on', () => {
  const peer = (more: object = {}) => [
    'ModifyRouterInterfaceAttribute',
    {
      ...ME,
      OppositeInterfaceId: 'ri-a',
      OppositeRouterId: 'vrt-2',
      OppositeRouterType: 'VRouter',
      OppositeInterfaceOwnerId: OWN,
      ...more,
    },
  ];
  const connect = ['ConnectRouterInterface', ME];
  it.each<[string, readonly Half[], readonly (readonly unknown[])[]]>([
    ['tells the first half of the second', [ALONE, NEW], [peer()]],
    ['tells it again of another router', [as(INITIATOR, 'Idle', { OppositeRouterId: 'vrt-9' }), NEW], [peer()]],
    ['connects what knows each other', [as(INITIATOR, 'Idle'), NEW], [connect]],
    ['does nothing to what is connected', [INITIATOR, ACCEPTOR], []],
    ['does nothing while it connects', [as(INITIATOR, 'Connecting'), as(ACCEPTOR, 'AcceptingConnecting')], []],
    ['connects by what the first half names', [as(INITIATOR, 'Idle')], [connect]],
    [
      'connects by a half that is not told back',
      [as(INITIATOR, 'Idle'), as(ACCEPTOR, 'Idle', { OppositeInterfaceId: '' })],
      [connect],
    ],
  ])('%s', async (_, halves, requests) => {
    const stub = await over(halves);
    await stub.driver.peerings.continue?.(ID, 'initiator', stub.call);
    expect(writes(stub)).toEqual(requests);
  });

  it('across accounts tells what the acceptor’s reading says, with the acceptor’s account', async () => {
    const alone = as(ALONE, 'Idle', { OppositeInterfaceOwnerId: OTHER });
    const stub = await over([alone]);
    const seen = { acceptor: { nextHop: { kind: 'peering', id: 'ri-a' }, router: 'vrt-2' } } as unknown as Peering;
    await stub.driver.peerings.continue?.(ID, 'initiator', stub.call, seen);
    expect(writes(stub)).toEqual([peer({ OppositeInterfaceOwnerId: OTHER })]);
    for (const blind of [undefined, { acceptor: { router: 'vrt-2' } }, { acceptor: { nextHop: { id: 'ri-a' } } }]) {
      const work = stub.driver.peerings.continue?.(ID, 'initiator', stub.call, blind as unknown as Peering);
      expect((await refusal(work ?? Promise.resolve())).code).toBe('FailedPrecondition');
    }
    const gone = await over([]);
    expect((await refusal(gone.driver.peerings.continue?.(ID, 'initiator', gone.call) ?? Promise.resolve())).code).toBe(
      'NotFound',
    );
  });

  it('that meets another state than it has read is to be tried again', async () => {
    for (const code of [
      'IncorrectRIStatus',
      'IncorrectStatus',
      'InvalidInstance.StatusError',
      'IncorrectStatus.RouterInterface',
    ]) {
      const stub = await over([as(INITIATOR, 'Idle'), NEW], { ConnectRouterInterface: new Refusal(code) });
      const error = await refusal(stub.driver.peerings.continue?.(ID, 'initiator', stub.call) ?? Promise.resolve());
      expect([error.code, error.retry, error.details.nativeCode]).toEqual(['Conflict', 'settle', code]);
    }
    const stub = await over([as(INITIATOR, 'Idle'), NEW], {
      ConnectRouterInterface: new Refusal('Forbidden.RAM', 403),
    });
    const error = await refusal(stub.driver.peerings.continue?.(ID, 'initiator', stub.call) ?? Promise.resolve());
    expect(error.code).toBe('PermissionDenied');
  });
});
