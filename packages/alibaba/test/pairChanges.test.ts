/** Changes, the end and readings of a pair of router interfaces on the wire. */
import { describe, expect, it } from '@jest/globals';
import { networkId, peeringId, type PeeringChange } from '@peerway/core';
import {
  ACCEPTOR,
  ALONE,
  as,
  FAR,
  ID,
  INITIATOR,
  ME,
  pairsOver,
  RegionId,
  THEM,
  toward,
  writes,
  type Half,
} from './pairStub.js';
import { Refusal, refusal, closedAfterEach } from './stub.js';

const over = closedAfterEach(pairsOver);

describe('a change', () => {
  const changed = async (
    halves: readonly Half[],
    change: PeeringChange,
    id = ID,
    side: 'initiator' | 'acceptor' = 'initiator',
  ) => {
    const stub = await over(halves);
    await stub.driver.peerings.update(id, side, change, stub.call);
    return writes(stub);
  };

  it('of labels goes to its own side’s half, with the router type while that can still be changed', async () => {
    const change = { kind: 'labels', name: 'n', description: 'd' } as const;
    const labels = { Name: 'n', Description: 'd' };
    expect(await changed([INITIATOR, ACCEPTOR], change)).toEqual([
      ['ModifyRouterInterfaceAttribute', { ...ME, ...labels }],
    ]);
    expect(await changed([INITIATOR, ACCEPTOR], change, ID, 'acceptor')).toEqual([
      ['ModifyRouterInterfaceAttribute', { ...THEM, ...labels }],
    ]);
    expect(await changed([ALONE], { kind: 'labels', name: 'n' })).toEqual([
      ['ModifyRouterInterfaceAttribute', { ...ME, Name: 'n', OppositeRouterType: 'VRouter' }],
    ]);
    expect(await changed([INITIATOR], { kind: 'labels', description: 'd' })).toEqual([
      ['ModifyRouterInterfaceAttribute', { ...ME, Description: 'd' }],
    ]);
  });

  it('of tags removes first, and says where a half leads that does not say so itself', async () => {
    const target = (id: string) => ({ RegionId, ResourceType: 'ROUTERINTERFACE', 'ResourceId.1': id });
    const set = (id: string, ...pairs: (readonly [string, string])[]) => [
      'TagResources',
      {
        ...target(id),
        ...Object.fromEntries(
          pairs.flatMap(([key, value], at) => [
            [`Tag.${at + 1}.Key`, key],
            [`Tag.${at + 1}.Value`, value],
          ]),
        ),
      },
    ];
    const off = ['UnTagResources', { ...target('ri-i'), 'TagKey.1': 'go' }];
    const both = { kind: 'tags', set: { k: 'v' }, remove: ['go'] } as const;
    const leads = (network: string) => ['peerway.opposite-network', network] as const;
    const known = as(INITIATOR, 'Active', toward('vpc-2'));
    expect(await changed([known, ACCEPTOR], both)).toEqual([off, set('ri-i', ['k', 'v'])]);
    expect(await changed([known], { kind: 'tags', set: {}, remove: ['go'] })).toEqual([off]);
    expect(await changed([known], { kind: 'tags', set: { k: 'v' }, remove: [] })).toEqual([set('ri-i', ['k', 'v'])]);
    expect(await changed([INITIATOR, ACCEPTOR], both)).toEqual([off, set('ri-i', ['k', 'v'], leads('vpc-2'))]);
    const only = { kind: 'tags', set: { k: 'v' }, remove: [] } as const;
    expect(await changed([INITIATOR, ACCEPTOR], only, ID, 'acceptor')).toEqual([
      set('ri-a', ['k', 'v'], leads('vpc-1')),
    ]);
    const blank = { OppositeVpcInstanceId: '', OppositeRegionId: 'cn-beijing' };
    expect(await changed([as(INITIATOR, 'Active', blank)], only, FAR)).toEqual([
      set('ri-i', ['k', 'v'], leads('vpc-2')),
    ]);
    expect(await changed([as(ACCEPTOR, 'Active', blank)], only, FAR, 'acceptor')).toEqual([
      set('ri-a', ['k', 'v'], leads('vpc-1')),
    ]);
    expect(
      await changed([as(INITIATOR, 'Idle', { OppositeInterfaceId: '', OppositeVpcInstanceId: '' })], only),
    ).toEqual([set('ri-i', ['k', 'v'])]);
  });

  it('of the bandwidth is the initiator’s, whoever asks, and nothing where it is so already', async () => {
    const change = (bandwidthMbps: number) => ({ kind: 'bandwidth', bandwidthMbps }) as const;
    const resized = [['ModifyRouterInterfaceSpec', { ...ME, Spec: 'Middle.1' }]];
    expect(await changed([INITIATOR, ACCEPTOR], change(100))).toEqual(resized);
    expect(await changed([INITIATOR, ACCEPTOR], change(100), ID, 'acceptor')).toEqual(resized);
    expect(await changed([INITIATOR, ACCEPTOR], change(1_000))).toEqual([]);
    const far = await over([ACCEPTOR]);
    const asked = far.driver.peerings.update(FAR, 'acceptor', change(100), far.call);
    expect((await refusal(asked)).code).toBe('PermissionDenied');
    const none = await over([]);
    expect((await refusal(none.driver.peerings.update(ID, 'initiator', change(100), none.call))).code).toBe('NotFound');
    const labels = none.driver.peerings.update(ID, 'acceptor', { kind: 'labels', name: 'n' }, none.call);
    expect((await refusal(labels)).code).toBe('NotFound');
  });

  it.each<[string, boolean, string]>([
    ['Active', true, 'DeactivateRouterInterface'],
    ['Inactive', false, 'ActivateRouterInterface'],
    ['Inactive', true, ''],
    ['Active', false, ''],
    ['Deactivating', true, 'Conflict'],
    ['Activating', false, 'Conflict'],
    ['Connecting', true, 'Conflict'],
    ['Idle', true, 'FailedPrecondition'],
    ['Idle', false, 'FailedPrecondition'],
    ['Deleting', false, 'FailedPrecondition'],
  ])('of what is %s to suspended %s: %s', async (Status, suspended, expected) => {
    const stub = await over([as(INITIATOR, Status), ACCEPTOR]);
    const done = stub.driver.peerings.update(ID, 'initiator', { kind: 'suspended', suspended }, stub.call);
    const code = await done.then(
      () => '',
      (error: { code: string; details: object }) => {
        expect(error.details).toMatchObject({ resource: 'ri-i' });
        return error.code;
      },
    );
    const sent = writes(stub).map(([action, said]) => (expect(said).toEqual(ME), action));
    expect([...sent, code].join('')).toBe(expected);
  });

  it.each(['deletionProtection', 'dnsSync', 'settings'] as const)('%s is not offered', async (kind) => {
    const change = { kind, enabled: true, names: ['x'], values: {} } as unknown as PeeringChange;
    const stub = await over([INITIATOR]);
    expect((await refusal(stub.driver.peerings.update(ID, 'initiator', change, stub.call))).code).toBe('Unsupported');
  });
});

describe('a deletion', () => {
  const off = (id: string) => ['DeactivateRouterInterface', { RegionId, RouterInterfaceId: id }];
  const gone = (id: string) => ['DeleteRouterInterface', { RegionId, RouterInterfaceId: id }];
  it.each<[string, string, readonly (readonly unknown[])[]]>([
    ['Active', 'continue', [off('ri-i')]],
    ['Inactive', 'started', [gone('ri-i')]],
    ['Idle', 'started', [gone('ri-i')]],
    ['Deactivating', 'continue', []],
    ['Connecting', 'continue', []],
    ['Deleting', 'started', []],
  ])('of what is %s: %s', async (Status, progress, requests) => {
    const stub = await over([as(INITIATOR, Status), ACCEPTOR]);
    expect(await stub.driver.peerings.delete(ID, 'initiator', stub.call)).toBe(progress);
    expect(writes(stub)).toEqual(requests);
  });

  it('looks for routes before the traffic stops, in the tables of its own network, unless somebody just has', async () => {
    const stub = await over([INITIATOR, ACCEPTOR]);
    await stub.driver.peerings.delete(ID, 'acceptor', stub.call);
    expect(stub.sent().slice(1)).toEqual([
      ['DescribeRouteTableList', { RegionId, RouterType: 'VRouter', VpcId: 'vpc-2', PageNumber: '1', PageSize: '50' }],
      [
        'DescribeRouteEntryList',
        { RegionId, RouteTableId: 'vtb-1', NextHopType: 'RouterInterface', NextHopId: 'ri-a', MaxResult: '100' },
      ],
      off('ri-a'),
    ]);
    const seen = await stub.driver.peerings.get(ID, 'initiator', stub.call);
    stub.sent();
    await stub.driver.peerings.delete(ID, 'initiator', stub.call, { seen, unrouted: true });
    expect(stub.sent()).toEqual([off('ri-i')]);
  });

  it('is refused while a route points there, before and after the traffic stopped', async () => {
    const entry = { DestinationCidrBlock: '10.1.0.0/16', RouteTableId: 'vtb-1', Status: 'Available', Type: 'Custom' };
    const routes = { DescribeRouteEntryList: { RouteEntrys: { RouteEntry: [entry] } } };
    const up = await over([INITIATOR], routes);
    expect((await refusal(up.driver.peerings.delete(ID, 'initiator', up.call))).code).toBe('FailedPrecondition');
    expect(writes(up)).toEqual([]);
    for (const code of [
      'DependencyViolation.RouterInterfaceReferedByRouteEntry',
      'RouterInterfaceReferredByRouteEntry',
      'ReferredByRouteEntry.RouterInterface',
    ]) {
      const refused = { DeleteRouterInterface: new Refusal(code) };
      const down = await over([as(INITIATOR, 'Inactive')], { ...routes, ...refused });
      const error = await refusal(down.driver.peerings.delete(ID, 'initiator', down.call));
      expect([error.code, error.retry, error.details.resource]).toEqual(['FailedPrecondition', 'never', 'ri-i']);
      const echo = await over([as(INITIATOR, 'Inactive')], refused);
      expect((await refusal(echo.driver.peerings.delete(ID, 'initiator', echo.call))).code).toBe('Conflict');
    }
    const other = await over([as(INITIATOR, 'Inactive')], { DeleteRouterInterface: new Refusal('Forbidden.RAM', 403) });
    expect((await refusal(other.driver.peerings.delete(ID, 'initiator', other.call))).code).toBe('PermissionDenied');
  });

  it('takes every half that its side has made, and is done when all of them go', async () => {
    const second = as(ACCEPTOR, 'Inactive', { RouterInterfaceId: 'ri-b' });
    const stub = await over([INITIATOR, ACCEPTOR, second]);
    expect(await stub.driver.peerings.delete(ID, 'acceptor', stub.call)).toBe('continue');
    expect(writes(stub)).toEqual([off('ri-a'), gone('ri-b')]);
    const last = await over([as(ACCEPTOR, 'Deleting'), second]);
    expect(await last.driver.peerings.delete(ID, 'acceptor', last.call)).toBe('started');
    const none = await over([]);
    for (const side of ['initiator', 'acceptor'] as const) {
      expect((await refusal(none.driver.peerings.delete(ID, side, none.call))).code).toBe('NotFound');
    }
    const bad = peeringId('ri-i:half-of-an-id');
    expect((await refusal(none.driver.peerings.delete(bad, 'initiator', none.call))).code).toBe('NotFound');
  });
});

describe('a reading', () => {
  it.each<[string, readonly Half[], 'initiator' | 'acceptor', readonly [string, string]]>([
    ['by the first half', [INITIATOR, ACCEPTOR], 'initiator', ['active', 'ri-a']],
    ['by the second', [INITIATOR, ACCEPTOR], 'acceptor', ['active', 'ri-a']],
    ['of a first half alone', [ALONE], 'initiator', ['pending-acceptance', '']],
    [
      'of a peer that does not point back',
      [as(INITIATOR, 'Idle'), as(ACCEPTOR, 'Idle', { OppositeInterfaceId: '' })],
      'initiator',
      ['provisioning', 'ri-a'],
    ],
    [
      'of two that point here, one of which is named',
      [INITIATOR, as(ACCEPTOR, 'Inactive', { RouterInterfaceId: 'ri-z' }), ACCEPTOR],
      'initiator',
      ['active', 'ri-a'],
    ],
  ])('%s', async (_, halves, side, [state, other]) => {
    const stub = await over(halves);
    const seen = await stub.driver.peerings.get(ID, side, stub.call);
    expect([seen.id, seen.state, seen.seenFrom, seen.acceptor.nextHop?.id ?? '']).toEqual([ID, state, side, other]);
  });

  it('takes no half of the other role for its own', async () => {
    const stub = await over([as(ACCEPTOR, 'Active', { RouterInterfaceId: 'ri-i', OppositeInterfaceId: 'ri-x' })]);
    expect((await refusal(stub.driver.peerings.get(ID, 'initiator', stub.call))).code).toBe('NotFound');
    const lone = await stub.driver.peerings.get(ID, 'acceptor', stub.call);
    expect([lone.state, lone.reason]).toEqual(['inactive', 'peer-missing']);
    const named = await over([INITIATOR, as(INITIATOR, 'Active', { RouterInterfaceId: 'ri-a' })]);
    expect((await refusal(named.driver.peerings.get(ID, 'acceptor', named.call))).code).toBe('NotFound');
    const stray = await over([as(INITIATOR, 'Idle', { OppositeInterfaceId: '', OppositeVpcInstanceId: '' })]);
    expect((await refusal(stray.driver.peerings.get(ID, 'initiator', stray.call))).code).toBe('NotFound');
  });

  it('of many keeps lines apart, pairs what belongs together, and fits the query', async () => {
    const other = [
      as(INITIATOR, 'Active', {
        RouterInterfaceId: 'ri-3',
        OppositeInterfaceId: 'ri-4',
        RouterId: 'vrt-3',
        OppositeRouterId: 'vrt-4',
        VpcInstanceId: 'vpc-3',
        OppositeVpcInstanceId: 'vpc-4',
      }),
    ];
    const line = [
      as(INITIATOR, 'Active', {
        RouterInterfaceId: 'ri-5',
        RouterType: 'VBR',
        RouterId: 'vbr-1',
        VpcInstanceId: undefined,
        Description: 'edge',
        Tags: { Tags: [{ Key: 'k', Value: 'v' }] },
      }),
      as(ACCEPTOR, 'Active', { RouterInterfaceId: 'ri-6', OppositeRouterType: 'VBR', OppositeRouterId: 'vbr-1' }),
    ];
    const stub = await over([INITIATOR, ...other, ...line, ACCEPTOR]);
    const list = async (query: object) => {
      const page = await stub.driver.peerings.list({ mechanism: 'router-interface', ...query }, undefined, stub.call);
      return page.items.map(({ id, seenFrom, state }) => `${id} ${seenFrom} ${state}`);
    };
    const [near, far] = [['ri-i initiator active', 'ri-i acceptor active'], ['ri-3 initiator inactive']];
    expect(await list({})).toEqual([near[0], ...far, near[1]]);
    expect(await list({ network: 'vpc-2' })).toEqual(near);
    expect(await list({ network: 'vpc-4' })).toEqual(far);
    expect(await list({ between: ['vpc-2', 'vpc-1'] })).toEqual(near);
    expect(await list({ between: ['vpc-2', 'vpc-4'] })).toEqual([]);
    const { linkParts } = await stub.driver.peerings.list({ mechanism: 'router-interface' }, undefined, stub.call);
    expect(linkParts).toEqual([
      { tags: { k: 'v' }, description: 'edge' },
      { tags: {}, description: '', near: { network: 'vpc-2', hop: 'ri-6' } },
    ]);
    const lines = await over(line);
    const page = await lines.driver.peerings.list({ mechanism: 'router-interface' }, undefined, lines.call);
    expect([page.items, page.linkParts?.length]).toEqual([[], 2]);
  });

  it('of one that cannot be read says whose it is to who asks for its networks', async () => {
    const odd = as(INITIATOR, 'Frozen', { Description: 'text', Tags: { Tags: [{ Key: 'k', Value: 'v' }] } });
    const stub = await over([odd]);
    const page = await stub.driver.peerings.list({ network: networkId('vpc-2') }, 'pairs', stub.call);
    expect(page.unreadable).toMatchObject([
      { id: 'ri-i', networks: ['vpc-1', 'vpc-2'], description: 'text', tags: { k: 'v' } },
    ]);
    const elsewhere = await stub.driver.peerings.list({ network: networkId('vpc-7') }, 'pairs', stub.call);
    expect(elsewhere.unreadable).toBeUndefined();
  });
});
