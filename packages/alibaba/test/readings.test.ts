/** What two interfaces, of which one may be out of sight, and a border router add up to. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accountId, peeringId, regionId } from '@peerway/core';
import { type RouterInterface, type VirtualBorderRouter } from '@peerway/alibaba';
import { linkOf, linkStanding, partsOf } from '../src/convertLink.js';
import { isNear, pairPeering, standingOf } from '../src/routerInterface/pair.js';
import { formatPairId, parsePairId } from '../src/routerInterface/pairId.js';

const REGION = regionId('cn-hangzhou');
const OWN = accountId('1210123456123456');

describe('router-interface pairs', () => {
  const initiator: RouterInterface = {
    RouterInterfaceId: 'ri-i',
    RouterId: 'vrt-1',
    RouterType: 'VRouter',
    Role: 'InitiatingSide',
    Spec: 'Large.2',
    Bandwidth: 2048,
    Status: 'Active',
    BusinessStatus: 'Normal',
    VpcInstanceId: 'vpc-1',
    OppositeRegionId: 'cn-hangzhou',
    OppositeRouterType: 'VRouter',
    OppositeRouterId: 'vrt-2',
    OppositeInterfaceId: 'ri-a',
    OppositeInterfaceOwnerId: '',
    OppositeVpcInstanceId: 'vpc-2',
  };
  const acceptor: RouterInterface = {
    ...initiator,
    RouterInterfaceId: 'ri-a',
    RouterId: 'vrt-2',
    Role: 'AcceptingSide',
    Spec: 'Negative',
    Bandwidth: 0,
    VpcInstanceId: 'vpc-2',
    OppositeRouterId: 'vrt-1',
    OppositeInterfaceId: 'ri-i',
    OppositeVpcInstanceId: 'vpc-1',
  };
  const as = (half: RouterInterface, Status: string, more: Partial<RouterInterface> = {}): RouterInterface => ({
    ...half,
    Status,
    ...more,
  });
  const unset = { OppositeInterfaceId: '', OppositeVpcInstanceId: '' };
  const accept = { side: 'acceptor', verb: 'accept' };
  const goOn = { side: 'initiator', verb: 'continue' };
  const connect = { ...goOn, takesMs: 5_000 };

  it.each([
    [
      'only the initiator’s half is made',
      as(initiator, 'Idle', unset),
      'missing',
      { state: 'pending-acceptance', reason: 'half-made', next: accept },
    ],
    [
      '...and the other cannot be seen',
      as(initiator, 'Idle', unset),
      'unseen',
      { state: 'pending-acceptance', reason: 'half-made', next: accept },
    ],
    [
      'the acceptor’s was never told',
      as(initiator, 'Idle', unset),
      as(acceptor, 'Idle', unset),
      { state: 'provisioning', next: accept },
    ],
    [
      'the initiator’s was not told yet',
      as(initiator, 'Idle', unset),
      as(acceptor, 'Idle'),
      { state: 'provisioning', next: goOn },
    ],
    ['both were told', as(initiator, 'Idle'), as(acceptor, 'Idle'), { state: 'provisioning', next: connect }],
    ['told, the other unseen', as(initiator, 'Idle'), 'unseen', { state: 'provisioning', next: connect }],
    ['the acceptor’s view of that', as(acceptor, 'Idle'), 'unseen', { state: 'provisioning', next: goOn }],
    ['connecting', as(initiator, 'Connecting'), as(acceptor, 'AcceptingConnecting'), { state: 'provisioning' }],
    [
      'one side sooner than the other',
      as(initiator, 'Active'),
      as(acceptor, 'AcceptingConnecting'),
      { state: 'provisioning' },
    ],
    ['one reading lags', as(initiator, 'Active'), as(acceptor, 'Idle'), { state: 'provisioning' }],
    ['up', initiator, acceptor, { state: 'active' }],
    ['up, the other unseen', initiator, 'unseen', { state: 'active' }],
    ['a new specification', as(initiator, 'Activating'), acceptor, { state: 'updating' }],
    ['switching off', acceptor, as(initiator, 'Deactivating'), { state: 'updating' }],
    ['switched off here', as(initiator, 'Inactive'), acceptor, { state: 'inactive', reason: 'suspended' }],
    ['switched off there', initiator, as(acceptor, 'Inactive'), { state: 'inactive', reason: 'suspended' }],
    [
      'switched off there, as told',
      as(initiator, 'Active', { OppositeInterfaceStatus: 'Inactive' }),
      'unseen',
      { state: 'inactive', reason: 'suspended' },
    ],
    [
      'unpaid',
      as(initiator, 'Active', { BusinessStatus: 'FinancialLocked' }),
      acceptor,
      { state: 'inactive', reason: 'billing' },
    ],
    [
      'locked',
      as(initiator, 'Active', { BusinessStatus: 'SecurityLocked' }),
      acceptor,
      { state: 'inactive', reason: 'administrative' },
    ],
    ['the other half is gone', initiator, 'missing', { state: 'inactive', reason: 'peer-missing' }],
    [
      'the other half is going',
      as(acceptor, 'Inactive'),
      as(initiator, 'Deleting'),
      { state: 'inactive', reason: 'peer-missing' },
    ],
    [
      'the other half is gone, as told',
      as(acceptor, 'Active', { OppositeInterfaceStatus: 'Deleted' }),
      'unseen',
      { state: 'inactive', reason: 'peer-missing' },
    ],
    ['an idle acceptor alone', as(acceptor, 'Idle'), 'missing', { state: 'inactive', reason: 'peer-missing' }],
    [
      'an idle initiator whose partner is gone',
      as(initiator, 'Idle'),
      'missing',
      { state: 'pending-acceptance', reason: 'half-made', next: accept },
    ],
    ['going', as(initiator, 'Deleting'), acceptor, { state: 'deleting' }],
    [
      'alone, and switching off: nothing comes of it any more',
      as(acceptor, 'Deactivating'),
      'missing',
      { state: 'updating', reason: 'peer-missing' },
    ],
  ] as const)('%s', (_name, own, other, standing) => {
    expect(standingOf(own, other)).toEqual(standing);
  });

  it('both halves give one id, and across accounts one that holds what the acceptor must know', () => {
    const near = { account: OWN, region: REGION };
    const first = pairPeering({ own: initiator, other: acceptor, ...near });
    const second = pairPeering({ own: acceptor, other: initiator, ...near });
    expect([first?.id, second?.id]).toEqual(['ri-i', 'ri-i']);
    expect([first?.bandwidthMbps, second?.bandwidthMbps]).toEqual([2000, 2000]);
    const partner = accountId('253460731706911258');
    const far = pairPeering({
      own: { ...initiator, OppositeInterfaceOwnerId: partner },
      other: 'unseen',
      account: OWN,
      region: REGION,
    });
    const theirs = pairPeering({
      own: { ...acceptor, OppositeInterfaceOwnerId: OWN },
      other: 'unseen',
      account: partner,
      region: REGION,
    });
    expect(far?.id).toBe(`ri-i:cn-hangzhou:${OWN}:vrt-1:vpc-1:vpc-2`);
    expect(theirs?.id).toBe(far?.id);
    expect(theirs?.acceptor).toMatchObject({
      account: partner,
      network: 'vpc-2',
      nextHop: { id: 'ri-a' },
      router: 'vrt-2',
    });
    expect(isNear(initiator, OWN, REGION)).toBe(true);
  });

  it('an interface of which nothing tells the other network is no peering', () => {
    const stray = as(initiator, 'Idle', unset);
    expect(pairPeering({ own: stray, other: 'missing', account: OWN, region: REGION })).toBeUndefined();
    const tagged = {
      ...stray,
      Tags: {
        Tags: [
          { Key: 'peerway.opposite-network', Value: 'vpc-9' },
          { Key: 'k', Value: 'v' },
        ],
      },
    };
    const peering = pairPeering({ own: tagged, other: 'missing', account: OWN, region: REGION });
    expect([peering?.acceptor.network, peering?.tags]).toEqual(['vpc-9', { k: 'v' }]);
    expect(peering?.acceptor).not.toHaveProperty('nextHop');
  });

  it('ids read back what they were made of, and nothing else is one', () => {
    const part = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
    const far = fc.record({ region: part, account: part, router: part, network: part, acceptor: part });
    fc.assert(
      fc.property(part, fc.option(far, { nil: undefined }), (text, maybe) => {
        const id = { interface: `ri-${text}`, ...(maybe === undefined ? {} : { far: maybe }) };
        expect(parsePairId(formatPairId(id))).toEqual(id);
      }),
    );
    for (const text of ['pcc-1', 'ri-1:x', 'ri-1:a:b:c:d:e:f']) expect(parsePairId(peeringId(text))).toBeUndefined();
  });

  describe('links', () => {
    const vbr: VirtualBorderRouter = {
      VbrId: 'vbr-1',
      Status: 'active',
      VlanId: 30,
      PhysicalConnectionId: 'pc-1',
      LocalGatewayIp: '10.255.0.1',
      PeerGatewayIp: '10.255.0.2',
      PeeringSubnetMask: '255.255.255.252',
      RouteTableId: 'vtb-v',
      VlanInterfaceId: 'ri-v',
    };
    const edge = { ...initiator, RouterId: 'vbr-1', RouterType: 'VBR' };
    const network = { ...acceptor, OppositeRouterId: 'vbr-1', OppositeRouterType: 'VBR' };
    const retired: RouterInterface[] = [];
    const parts = { vbr, edge, network, retired };
    const goneOver = { OppositeInterfaceStatus: 'Deleted', OppositeInterfaceId: 'ri-gone' };

    it.each([
      ['just made', { vbr, retired }, { state: 'provisioning', next: 'continue' }],
      [
        'one interface',
        { vbr, edge: as(edge, 'Idle'), retired },
        { state: 'provisioning', reason: 'half-made', next: 'continue' },
      ],
      [
        'both idle',
        { ...parts, edge: as(edge, 'Idle'), network: as(network, 'Idle') },
        { state: 'provisioning', next: 'continue' },
      ],
      [
        'connecting',
        { ...parts, edge: as(edge, 'Connecting'), network: as(network, 'AcceptingConnecting') },
        { state: 'provisioning' },
      ],
      ['up', parts, { state: 'active' }],
      [
        'one side switched off',
        { ...parts, network: as(network, 'Inactive') },
        { state: 'inactive', reason: 'suspended' },
      ],
      // it never connects again, so it goes and both are made anew
      ['one side gone', { vbr, retired: [edge] }, { state: 'provisioning', reason: 'half-made', next: 'continue' }],
      ['one side not shown yet', { vbr, edge, retired }, { state: 'provisioning' }],
      ['terminated', { ...parts, vbr: { ...vbr, Status: 'terminated' } }, { state: 'inactive', reason: 'suspended' }],
      // its halves can go meanwhile, and who removes it has to wait for them
      [
        'terminated, a half on its way down',
        { ...parts, vbr: { ...vbr, Status: 'terminated' }, edge: as(edge, 'Deactivating') },
        { state: 'updating' },
      ],
      ['recovering', { ...parts, vbr: { ...vbr, Status: 'recovering' } }, { state: 'updating' }],
      [
        'unpaid',
        { ...parts, vbr: { ...vbr, PhysicalConnectionBusinessStatus: 'FinancialLocked' } },
        { state: 'inactive', reason: 'billing' },
      ],
      ['of another owner', { vbr: { ...vbr, Status: 'unconfirmed' }, retired }, { state: 'pending-acceptance' }],
      // the border router stays, and can be given another half
      ['a half going', { ...parts, edge: as(edge, 'Deleting') }, { state: 'updating' }],
      ['going', { ...parts, vbr: { ...vbr, Status: 'deleting' } }, { state: 'deleting' }],
    ] as const)('%s', (_name, seen, standing) => {
      expect(linkStanding(seen)).toEqual(standing);
    });

    it('tell a half that outlived its partner from one whose partner is not shown', () => {
      const survivor = { ...edge, ...goneOver };
      expect(partsOf(vbr, [survivor])).toEqual({ vbr, retired: [survivor] });
      expect(partsOf(vbr, [{ ...edge, OppositeInterfaceStatus: 'Active' }])).toMatchObject({ retired: [] });
      // no route may be written to a half that is going, nor to the one that it leaves behind
      const going = { ...edge, Status: 'Deleting' };
      expect(partsOf(vbr, [going, network])).toEqual({ vbr, retired: [going, network] });
      const idle = { ...network, Status: 'Idle' };
      expect(partsOf(vbr, [survivor, idle])).toEqual({ vbr, network: idle, retired: [survivor] });
      expect(linkOf({ vbr, network: idle, retired: [survivor] }, OWN, REGION)).toMatchObject({
        state: 'provisioning',
        next: 'continue',
        retiredHops: [{ kind: 'link', id: 'ri-i' }],
      });
    });

    it('show both next hops, the edge table, and the addresses as they were asked for', () => {
      expect(partsOf(vbr, [network, { ...initiator, RouterInterfaceId: 'ri-x' }, edge])).toEqual(parts);
      expect(linkOf(parts, OWN, REGION)).toMatchObject({
        id: 'vbr-1',
        network: 'vpc-2',
        port: 'pc-1',
        vlan: 30,
        cloudIp: '10.255.0.1/30',
        customerIp: '10.255.0.2',
        bandwidthMbps: 2000,
        nextHop: { kind: 'link', id: 'ri-a' },
        edge: { table: 'vtb-v', towardNetwork: { id: 'ri-i' }, towardCustomer: { id: 'ri-v' } },
      });
    });
  });
});
