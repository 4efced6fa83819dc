/** VPC peerings on the wire: every request whole, and what becomes of each state that an answer shows. */
import { describe, expect, it } from '@jest/globals';
import { networkId, peeringId, regionId, type PeeringChange, type PeeringCreate } from '@peerway/core';
import { OTHER, OWN, Refusal, refusal, Stub, type Said, closedAfterEach } from './stub.js';

const over = closedAfterEach((...given: Parameters<typeof Stub.over>) => Stub.over(...given));

const ID = peeringId('pcc-1');
const peer = (more: object = {}) => ({
  InstanceId: ID,
  Status: 'Activated',
  OwnerId: OTHER,
  AcceptingOwnerUid: OWN,
  RegionId: 'cn-beijing',
  AcceptingRegionId: 'cn-hangzhou',
  Vpc: { VpcId: 'vpc-1' },
  AcceptingVpc: { VpcId: 'vpc-2' },
  ...more,
});
/** The same, of which the initiator is ours. */
const ours = (more: object = {}) =>
  peer({ OwnerId: OWN, AcceptingOwnerUid: OTHER, RegionId: 'cn-hangzhou', AcceptingRegionId: 'cn-beijing', ...more });

const input = (more: Partial<PeeringCreate> = {}): PeeringCreate => ({
  mechanism: 'vpc-peer',
  initiator: networkId('vpc-1'),
  acceptor: { account: OTHER, region: regionId('cn-beijing'), network: networkId('vpc-2') },
  tags: {},
  clientToken: 'token-1',
  ...more,
});

describe('a creation', () => {
  const made = { CreateVpcPeerConnection: { InstanceId: 'pcc-9' } };
  const ends = {
    RegionId: 'cn-hangzhou',
    VpcId: 'vpc-1',
    AcceptingAliUid: OTHER,
    AcceptingRegionId: 'cn-beijing',
    AcceptingVpcId: 'vpc-2',
  };

  it('between regions says everything that it was given, once', async () => {
    const stub = await over(made, { options: { resourceGroupId: 'rg-entry', linkType: 'Gold' } });
    const whole = input({
      name: 'one',
      description: 'a peering',
      bandwidthMbps: 7,
      tags: { k: 'v' },
      settings: { linkType: 'Platinum' },
    });
    expect(await stub.driver.peerings.create(whole, stub.call)).toBe('pcc-9');
    const said = {
      ...ends,
      Name: 'one',
      Description: 'a peering',
      Bandwidth: '7',
      LinkType: 'Platinum',
      'Tag.1.Key': 'k',
      'Tag.1.Value': 'v',
      ResourceGroupId: 'rg-entry',
    };
    expect(stub.sent()).toEqual([['CreateVpcPeerConnection', { ...said, ClientToken: 'token-1' }]]);
    await stub.driver.peerings.dryRun?.(whole, stub.call);
    expect(stub.sent()).toEqual([['CreateVpcPeerConnection', { ...said, DryRun: 'true' }]]);
  });

  it('inside a region says neither bandwidth nor link type, and for no account its own', async () => {
    const stub = await over(
      { ...made, DescribeVpcs: { Vpcs: { Vpc: [vpcOf(OWN)] } } },
      { options: { linkType: 'Gold' } },
    );
    const acceptor = { region: regionId('cn-hangzhou'), network: networkId('vpc-2') };
    await stub.driver.peerings.create(input({ acceptor, bandwidthMbps: 7 }), stub.call);
    expect(stub.sent()).toEqual([
      [
        'CreateVpcPeerConnection',
        { ...ends, AcceptingAliUid: OWN, AcceptingRegionId: 'cn-hangzhou', ClientToken: 'token-1' },
      ],
    ]);
  });
});

const vpcOf = (owner: string) => ({ VpcId: 'vpc-1', Status: 'Available', CidrBlock: '10.0.0.0/8', OwnerId: owner });

describe('a listing', () => {
  it('asks by network, by both of a pair, and page after page', async () => {
    const answers: Record<string, Said> = {
      ListVpcPeerConnections: ({ NextToken }) => ({
        VpcPeerConnects: [peer({ InstanceId: NextToken === undefined ? 'pcc-1' : 'pcc-2' })],
        ...(NextToken === undefined ? { NextToken: 'more' } : {}),
      }),
    };
    const stub = await over(answers);
    const [a, b] = [networkId('vpc-1'), networkId('vpc-2')];
    const first = await stub.driver.peerings.list({ network: a, mechanism: 'vpc-peer' }, undefined, stub.call);
    expect(first.next).toBe('more');
    const second = await stub.driver.peerings.list({ between: [a, b], mechanism: 'vpc-peer' }, 'more', stub.call);
    expect([second.next, second.items.map(({ id, seenFrom }) => [id, seenFrom])]).toEqual([
      undefined,
      [['pcc-2', 'acceptor']],
    ]);
    await stub.driver.peerings.list({ mechanism: 'vpc-peer' }, undefined, stub.call);
    const page = { RegionId: 'cn-hangzhou', MaxResults: '100' };
    expect(stub.sent()).toEqual([
      ['ListVpcPeerConnections', { ...page, VpcId: 'vpc-1' }],
      ['ListVpcPeerConnections', { ...page, VpcId: 'vpc-1,vpc-2', NextToken: 'more' }],
      ['ListVpcPeerConnections', page],
    ]);
  });

  it.each([
    ['ours from here', ours(), 'initiator'],
    ['ours to here', peer(), 'acceptor'],
    ['inside the account, from here', ours({ AcceptingOwnerUid: OWN }), 'initiator'],
    ['inside the account, to here', peer({ OwnerId: OWN }), 'acceptor'],
    ['inside account and region', peer({ OwnerId: OWN, RegionId: 'cn-hangzhou' }), 'initiator'],
  ])('tells the side of a peering: %s', async (_, record, side) => {
    const stub = await over({ ListVpcPeerConnections: { VpcPeerConnects: [record] } });
    const { items } = await stub.driver.peerings.list({ mechanism: 'vpc-peer' }, undefined, stub.call);
    expect(items.map(({ seenFrom }) => seenFrom)).toEqual([side]);
  });

  it('of both mechanisms goes on with the pairs after the last page of the others', async () => {
    const stub = await over({
      ListVpcPeerConnections: { VpcPeerConnects: [] },
      DescribeRouterInterfaces: { RouterInterfaceSet: { RouterInterfaceType: [] } },
    });
    const { next } = await stub.driver.peerings.list({}, undefined, stub.call);
    const last = await stub.driver.peerings.list({}, next, stub.call);
    expect(last.next).toBeUndefined();
    expect(stub.sent().map(([action]) => action)).toEqual(['ListVpcPeerConnections', 'DescribeRouterInterfaces']);
  });
});

describe('an acceptance', () => {
  const accepted = ['AcceptVpcPeerConnection', { InstanceId: ID }] as const;
  const read = ['GetVpcPeerConnectionAttribute', { InstanceId: ID }] as const;
  const pending = peer({ Status: 'Accepting' });

  it('reads what it accepts, and puts its side into the resource group of the entry', async () => {
    const stub = await over({ GetVpcPeerConnectionAttribute: pending }, { options: { resourceGroupId: 'rg-entry' } });
    await stub.driver.peerings.accept(ID, stub.call);
    expect(stub.sent()).toEqual([read, ['AcceptVpcPeerConnection', { InstanceId: ID, ResourceGroupId: 'rg-entry' }]]);
  });

  it('reads nothing where a reading shows that it waits for this account and region', async () => {
    const stub = await over({ GetVpcPeerConnectionAttribute: pending });
    const seen = await stub.driver.peerings.get(ID, 'acceptor', stub.call);
    stub.sent();
    await stub.driver.peerings.accept(ID, stub.call, seen);
    expect(stub.sent()).toEqual([accepted]);
    for (const other of [
      { ...seen, state: 'active' as const, next: undefined },
      { ...seen, acceptor: { ...seen.acceptor, region: regionId('cn-beijing') } },
      { ...seen, acceptor: { ...seen.acceptor, account: OTHER } },
    ]) {
      await stub.driver.peerings.accept(ID, stub.call, other as typeof seen);
      expect(stub.sent()).toEqual([read, accepted]);
    }
  });

  it.each(['Activated', 'Updating'])('of what is %s by now is success', async (Status) => {
    const answers: Record<string, Said> = {
      GetVpcPeerConnectionAttribute: (_, times) => (times === 0 ? pending : peer({ Status })),
      AcceptVpcPeerConnection: new Refusal('IncorrectStatus.VpcPeer'),
    };
    const stub = await over(answers);
    const seen = await stub.driver.peerings.get(ID, 'acceptor', stub.call);
    stub.sent();
    await stub.driver.peerings.accept(ID, stub.call, seen);
    expect(stub.sent()).toEqual([accepted, read]);
  });

  it('that is refused for another reason is not tried a second time', async () => {
    const stub = await over({
      GetVpcPeerConnectionAttribute: pending,
      AcceptVpcPeerConnection: new Refusal('QuotaExceeded'),
    });
    const seen = await stub.driver.peerings.get(ID, 'acceptor', stub.call);
    stub.sent();
    expect((await refusal(stub.driver.peerings.accept(ID, stub.call, seen))).code).toBe('QuotaExceeded');
    expect(stub.sent()).toEqual([accepted]);
  });

  it.each<[string, string, string]>([
    ['Creating', 'Conflict', 'settle'],
    ['Rejected', 'FailedPrecondition', 'never'],
    ['Expired', 'FailedPrecondition', 'never'],
    ['Deleting', 'FailedPrecondition', 'never'],
  ])('of what is %s says so: %s', async (Status, code, retry) => {
    const stub = await over({
      GetVpcPeerConnectionAttribute: peer({ Status }),
      AcceptVpcPeerConnection: new Refusal('IncorrectStatus.VpcPeer'),
      RejectVpcPeerConnection: new Refusal('IncorrectStatus.VpcPeer'),
    });
    for (const verb of ['accept', 'reject'] as const) {
      const error = await refusal(stub.driver.peerings[verb](ID, stub.call));
      expect([error.code, error.retry, error.details.nativeCode]).toEqual([code, retry, 'IncorrectStatus.VpcPeer']);
      expect(error.message).toContain(`pcc-1 is ${Status}`);
    }
  });

  it('and a refusal belong to the acceptor’s account and region alone', async () => {
    for (const [record, code] of [
      [ours({ Status: 'Accepting' }), 'PermissionDenied'],
      [peer({ Status: 'Accepting', AcceptingRegionId: 'cn-shanghai' }), 'NotFound'],
    ] as const) {
      const stub = await over({ GetVpcPeerConnectionAttribute: record });
      for (const verb of ['accept', 'reject'] as const) {
        expect((await refusal(stub.driver.peerings[verb](ID, stub.call))).code).toBe(code);
        expect(stub.sent()).toEqual([read]);
      }
    }
    const stub = await over({ GetVpcPeerConnectionAttribute: peer({ Status: 'Accepting' }) });
    await stub.driver.peerings.reject(ID, stub.call);
    expect(stub.sent()).toEqual([read, ['RejectVpcPeerConnection', { InstanceId: ID }]]);
    expect((await refusal(stub.driver.peerings.get(ID, 'initiator', stub.call))).code).toBe('PermissionDenied');
  });
});

describe('a change', () => {
  const target = { RegionId: 'cn-hangzhou', ResourceType: 'PeerConnection', 'ResourceId.1': ID };
  it.each<[string, PeeringChange, readonly (readonly [string, object])[]]>([
    ['name', { kind: 'labels', name: 'n' }, [['ModifyVpcPeerConnection', { Name: 'n' }]]],
    ['description', { kind: 'labels', description: 'd' }, [['ModifyVpcPeerConnection', { Description: 'd' }]]],
    [
      'both',
      { kind: 'labels', name: 'n', description: 'd' },
      [['ModifyVpcPeerConnection', { Name: 'n', Description: 'd' }]],
    ],
    ['bandwidth', { kind: 'bandwidth', bandwidthMbps: 20 }, [['ModifyVpcPeerConnection', { Bandwidth: '20' }]]],
  ])('%s', async (_, change, requests) => {
    const stub = await over({});
    await stub.driver.peerings.update(ID, 'initiator', change, stub.call);
    expect(stub.sent()).toEqual(requests.map(([action, said]) => [action, { InstanceId: ID, ...said }]));
  });

  it('of tags removes first and sets then, and sends nothing for nothing', async () => {
    const stub = await over({});
    const off = ['UnTagResources', { ...target, 'TagKey.1': 'a', 'TagKey.2': 'b' }];
    const on = ['TagResources', { ...target, 'Tag.1.Key': 'k', 'Tag.1.Value': 'v' }];
    const change = (set: Record<string, string>, remove: string[]) =>
      stub.driver.peerings.update(ID, 'initiator', { kind: 'tags', set, remove }, stub.call);
    await change({ k: 'v' }, ['a', 'b']);
    expect(stub.sent()).toEqual([off, on]);
    await change({}, ['a', 'b']);
    expect(stub.sent()).toEqual([off]);
    await change({ k: 'v' }, []);
    expect(stub.sent()).toEqual([on]);
  });

  it('of settings writes those that are named, by what is declared, else by the entry, else as the cloud does', async () => {
    const modify = (LinkType: string) => ['ModifyVpcPeerConnection', { InstanceId: ID, LinkType }];
    const move = (group: string) => [
      'MoveResourceGroup',
      { RegionId: 'cn-hangzhou', ResourceType: 'PeerConnection', ResourceId: ID, NewResourceGroupId: group },
    ];
    const written = async (stub: Stub, names: string[], values: Record<string, string>) => {
      await stub.driver.peerings.update(ID, 'initiator', { kind: 'settings', names, values }, stub.call);
      return stub.sent();
    };
    const both = ['linkType', 'resourceGroupId'];
    const bare = await over({});
    expect(await written(bare, both, { linkType: 'Platinum', resourceGroupId: 'rg-1' })).toEqual([
      modify('Platinum'),
      move('rg-1'),
    ]);
    expect(await written(bare, ['resourceGroupId'], { linkType: 'Platinum', resourceGroupId: 'rg-1' })).toEqual([
      move('rg-1'),
    ]);
    expect(await written(bare, both, {})).toEqual([modify('Gold')]);
    const entry = await over({}, { options: { linkType: 'Silver', resourceGroupId: 'rg-entry' } });
    expect(await written(entry, both, {})).toEqual([modify('Silver'), move('rg-entry')]);
  });

  it.each<[string, string, string]>([
    ['Updating', 'Conflict', 'settle'],
    ['Creating', 'Conflict', 'settle'],
    ['Rejected', 'FailedPrecondition', 'never'],
  ])('while it is %s: %s', async (Status, code, retry) => {
    const stub = await over({
      ModifyVpcPeerConnection: new Refusal('IncorrectStatus.VpcPeer'),
      GetVpcPeerConnectionAttribute: ours({ Status }),
    });
    const change = { kind: 'labels', name: 'n' } as const;
    const error = await refusal(stub.driver.peerings.update(ID, 'initiator', change, stub.call));
    expect([error.code, error.retry, error.details.outcome]).toEqual([code, retry, undefined]);
  });

  it('that is refused for another reason reads nothing', async () => {
    const stub = await over({ ModifyVpcPeerConnection: new Refusal('Forbidden.RAM', 403) });
    const change = { kind: 'bandwidth', bandwidthMbps: 1 } as const;
    expect((await refusal(stub.driver.peerings.update(ID, 'initiator', change, stub.call))).code).toBe(
      'PermissionDenied',
    );
    expect(stub.sent()).toHaveLength(1);
  });

  it.each(['suspended', 'deletionProtection', 'dnsSync'] as const)(
    '%s is not offered, and nobody is asked',
    async (kind) => {
      const stub = await over({});
      const change = { kind, suspended: true, enabled: true } as unknown as PeeringChange;
      expect((await refusal(stub.driver.peerings.update(ID, 'initiator', change, stub.call))).code).toBe('Unsupported');
      expect(stub.sent()).toEqual([]);
    },
  );
});

describe('a deletion', () => {
  const gone = ['DeleteVpcPeerConnection', { InstanceId: ID }] as const;

  it('is one request', async () => {
    const stub = await over({});
    expect(await stub.driver.peerings.delete(ID, 'initiator', stub.call)).toBe('started');
    expect(stub.sent()).toEqual([gone]);
  });

  it.each<[string, string]>([
    ['Deleting', 'started'],
    ['Deleted', 'NotFound'],
    ['Creating', 'Conflict'],
    ['Accepting', 'FailedPrecondition'],
  ])('of what is %s: %s', async (Status, outcome) => {
    const stub = await over({
      DeleteVpcPeerConnection: new Refusal('IncorrectStatus.VpcPeer'),
      GetVpcPeerConnectionAttribute: ours({ Status }),
    });
    const ended = await stub.driver.peerings
      .delete(ID, 'initiator', stub.call)
      .catch((error: { code: string }) => error.code);
    expect(ended).toBe(outcome);
  });

  it('that routes forbid looks into the tables of its own end alone, and names what it finds there', async () => {
    const entry = (more: object) => ({
      DestinationCidrBlock: '10.1.0.0/16',
      RouteTableId: 'vtb-1',
      Status: 'Available',
      Type: 'Custom',
      NextHops: { NextHop: [{ NextHopType: 'VpcPeer', NextHopId: 'pcc-1' }] },
      ...more,
    });
    const answers = (entries: readonly object[]): Record<string, Said> => ({
      DeleteVpcPeerConnection: new Refusal('OperationDenied.RouteEntryExist'),
      GetVpcPeerConnectionAttribute: ours(),
      DescribeRouteTableList: {
        RouterTableList: { RouterTableListType: [{ RouteTableId: 'vtb-1' }, { RouteTableId: 'vtb-2' }] },
      },
      DescribeRouteEntryList: ({ RouteTableId }) => ({
        RouteEntrys: { RouteEntry: entries.map((one) => ({ ...one, RouteTableId })) },
      }),
    });
    const blocked = await over(answers([entry({}), entry({ DestinationCidrBlock: '10.2.0.0/16' })]));
    const error = await refusal(blocked.driver.peerings.delete(ID, 'initiator', blocked.call));
    expect([error.code, error.retry, error.details.nativeCode, error.details.resource]).toEqual([
      'FailedPrecondition',
      'never',
      'OperationDenied.RouteEntryExist',
      'pcc-1',
    ]);
    expect(error.message).toContain('10.1.0.0/16 in vtb-1 and 3 more');
    const asked = (table: string) => [
      'DescribeRouteEntryList',
      { RegionId: 'cn-hangzhou', RouteTableId: table, NextHopType: 'VpcPeer', NextHopId: 'pcc-1', MaxResult: '100' },
    ];
    expect(blocked.sent().slice(2)).toEqual([
      [
        'DescribeRouteTableList',
        { RegionId: 'cn-hangzhou', RouterType: 'VRouter', VpcId: 'vpc-1', PageNumber: '1', PageSize: '50' },
      ],
      asked('vtb-1'),
      asked('vtb-2'),
    ]);
    const echo = await over(answers([entry({ Status: 'Deleting' })]));
    const later = await refusal(echo.driver.peerings.delete(ID, 'initiator', echo.call));
    expect([later.code, later.retry]).toEqual(['Conflict', 'settle']);
    const none = await over({
      ...answers([]),
      DescribeRouteTableList: { RouterTableList: { RouterTableListType: [] } },
    });
    expect((await refusal(none.driver.peerings.delete(ID, 'initiator', none.call))).code).toBe('Conflict');
    const denied = await over({ ...answers([]), DescribeRouteTableList: new Refusal('Forbidden.RAM', 403) });
    expect((await refusal(denied.driver.peerings.delete(ID, 'initiator', denied.call))).code).toBe('PermissionDenied');
  });
});

describe('ids', () => {
  it('tell the mechanism, and one of neither is no peering', async () => {
    const stub = await over({});
    const { peerings } = stub.driver;
    for (const id of ['px-1', 'x-pcc-1', 'x-ri-1']) {
      expect((await refusal(peerings.get(peeringId(id), 'initiator', stub.call))).code).toBe('NotFound');
    }
    const pair = await refusal(peerings.reject(peeringId('ri-1'), stub.call));
    expect([pair.code, pair.details.resource]).toEqual(['Unsupported', 'ri-1']);
    expect(stub.sent()).toEqual([]);
  });
});
