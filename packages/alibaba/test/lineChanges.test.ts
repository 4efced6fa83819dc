/** Changes, the end and readings of a line on the wire. */
import { describe, expect, it } from '@jest/globals';
import { networkId, portId, type Link, type LinkChange } from '@peerway/core';
import { as, EDGE, ID, linesOver, linksOf, NETWORK, RegionId, VBR, writes, type Half } from './lineStub.js';
import { OWN, Refusal, refusal, closedAfterEach } from './stub.js';

const over = closedAfterEach(linesOver);

describe('a change', () => {
  const router = (said: object) => ['ModifyVirtualBorderRouterAttribute', { RegionId, VbrId: 'vbr-1', ...said }];
  it.each<[string, LinkChange, readonly (readonly unknown[])[]]>([
    ['name', { kind: 'labels', name: 'n' }, [router({ Name: 'n' })]],
    ['description', { kind: 'labels', description: 'd' }, [router({ Description: 'd' })]],
    [
      'addresses',
      { kind: 'addresses', cloudIp: '10.9.9.9/29', customerIp: '10.9.9.10' },
      [router({ LocalGatewayIp: '10.9.9.9', PeerGatewayIp: '10.9.9.10', PeeringSubnetMask: '255.255.255.248' })],
    ],
    [
      'bandwidth',
      { kind: 'bandwidth', bandwidthMbps: 200 },
      [['ModifyRouterInterfaceSpec', { RegionId, RouterInterfaceId: 'ri-e', Spec: 'Middle.2' }]],
    ],
    ['bandwidth as it is', { kind: 'bandwidth', bandwidthMbps: 100 }, []],
    [
      'circuit code',
      { kind: 'settings', names: ['circuitCode'], values: { circuitCode: 'cc-2' } },
      [router({ CircuitCode: 'cc-2' })],
    ],
    ['no circuit code', { kind: 'settings', names: ['circuitCode'], values: {} }, []],
  ])('%s', async (_, change, requests) => {
    const stub = await over([VBR], [EDGE, NETWORK]);
    await linksOf(stub).update(ID, change, stub.call);
    expect(writes(stub)).toEqual(requests);
  });

  it('of tags tells both halves first and the border router last, removes first, and sends nothing for nothing', async () => {
    const halves = { RegionId, ResourceType: 'ROUTERINTERFACE', 'ResourceId.1': 'ri-e', 'ResourceId.2': 'ri-n' };
    const vbr = { RegionId, ResourceType: 'VIRTUALBORDERROUTER', 'ResourceId.1': 'vbr-1' };
    const [go, come] = [{ 'TagKey.1': 'go' }, { 'Tag.1.Key': 'come', 'Tag.1.Value': 'c' }];
    const changed = async (parts: readonly Half[], set: Record<string, string>, remove: string[]) => {
      const stub = await over([VBR], parts);
      await linksOf(stub).update(ID, { kind: 'tags', set, remove }, stub.call);
      return writes(stub);
    };
    expect(await changed([EDGE, NETWORK], { come: 'c' }, ['go'])).toEqual([
      ['UnTagResources', { ...halves, ...go }],
      ['TagResources', { ...halves, ...come }],
      ['UnTagResources', { ...vbr, ...go }],
      ['TagResources', { ...vbr, ...come }],
    ]);
    expect(await changed([], { come: 'c' }, [])).toEqual([['TagResources', { ...vbr, ...come }]]);
    expect(await changed([], {}, ['go'])).toEqual([['UnTagResources', { ...vbr, ...go }]]);
  });

  it('of the health check goes to the network’s half', async () => {
    const changed = async (check: object | undefined, parts: readonly Half[] = [EDGE, NETWORK]) => {
      const stub = await over([VBR], parts);
      await linksOf(stub).update(ID, { kind: 'healthCheck', ...(check === undefined ? {} : { check }) }, stub.call);
      return writes(stub).map(([, said]) => said);
    };
    const half = { RegionId, RouterInterfaceId: 'ri-n' };
    const probes = { HealthCheckSourceIp: '10.0.0.9', HealthCheckTargetIp: '10.9.0.1' };
    expect(await changed({ source: '10.0.0.9', target: '10.9.0.1', intervalMs: 500, failures: 4 })).toEqual([
      { ...half, ...probes, HcRate: '500', HcThreshold: '4' },
    ]);
    expect(await changed({ source: '10.0.0.9' })).toEqual([{ ...half, ...probes, HealthCheckTargetIp: '10.255.0.2' }]);
    expect(await changed(undefined)).toEqual([{ ...half, DeleteHealthCheckIp: 'true' }]);
    expect(await changed(undefined, [EDGE, as(NETWORK, 'Idle')])).toEqual([
      { ...half, DeleteHealthCheckIp: 'true', OppositeRouterType: 'VBR' },
    ]);
  });

  it.each<[string, LinkChange, readonly Half[]]>([
    ['bandwidth', { kind: 'bandwidth', bandwidthMbps: 200 }, [NETWORK]],
    ['health check', { kind: 'healthCheck' }, [EDGE]],
  ])('of the %s of a line that is half made says what is missing', async (_, change, halves) => {
    const stub = await over([VBR], halves);
    const error = await refusal(linksOf(stub).update(ID, change, stub.call));
    expect([error.code, error.details.resource, writes(stub)]).toEqual(['FailedPrecondition', 'vbr-1', []]);
  });

  const up = (id: string) => ['ActivateRouterInterface', { RegionId, RouterInterfaceId: id }];
  const switched = (action: string) => [action, { RegionId, VbrId: 'vbr-1' }];
  it.each<[string, string, boolean, readonly Half[], readonly (readonly unknown[])[] | string]>([
    ['stops the border router', 'active', true, [EDGE, NETWORK], [switched('TerminateVirtualBorderRouter')]],
    ['stops nothing that stands', 'terminated', true, [EDGE, NETWORK], []],
    ['starts the border router', 'terminated', false, [EDGE, NETWORK], [switched('RecoverVirtualBorderRouter')]],
    ['starts nothing that runs', 'active', false, [EDGE, NETWORK], []],
    [
      'starts the halves that stand',
      'active',
      false,
      [as(EDGE, 'Inactive'), as(NETWORK, 'Inactive')],
      [up('ri-e'), up('ri-n')],
    ],
    ['starts the one half that stands', 'active', false, [EDGE, as(NETWORK, 'Inactive')], [up('ri-n')]],
    ['starts what there is', 'active', false, [], []],
    ['waits for the border router', 'recovering', false, [], 'Conflict'],
    ['waits for its end', 'terminating', true, [], 'Conflict'],
    ['does nothing to what is not ours yet', 'unconfirmed', true, [], 'FailedPrecondition'],
  ])('of the switch %s (%s, suspended %s)', async (_, Status, suspended, halves, expected) => {
    const stub = await over([{ ...VBR, Status }], halves);
    const done = linksOf(stub).update(ID, { kind: 'suspended', suspended }, stub.call);
    if (typeof expected === 'string') {
      const error = await refusal(done);
      expect([error.code, error.details.resource]).toEqual([expected, 'vbr-1']);
    } else await done;
    expect(writes(stub)).toEqual(typeof expected === 'string' ? [] : expected);
  });

  it('of local prefixes is not offered, and one of a border router that is not there is NotFound', async () => {
    const stub = await over([VBR], []);
    const prefixes = { kind: 'localPrefixes', prefixes: [] } as const;
    expect((await refusal(linksOf(stub).update(ID, prefixes, stub.call))).code).toBe('Unsupported');
    const none = await over([], []);
    const error = await refusal(linksOf(none).update(ID, { kind: 'labels', name: 'n' }, none.call));
    expect([error.code, error.details.resource]).toEqual(['NotFound', 'vbr-1']);
  });
});

describe('a deletion', () => {
  const step = (action: string, id: string) => [action, { RegionId, RouterInterfaceId: id }];
  const gone = ['DeleteVirtualBorderRouter', { RegionId, VbrId: 'vbr-1' }];
  it.each<[string, string, readonly Half[], string, readonly (readonly unknown[])[]]>([
    [
      'takes down the halves, the network’s first',
      'active',
      [EDGE, NETWORK],
      'continue',
      [step('DeactivateRouterInterface', 'ri-n'), step('DeactivateRouterInterface', 'ri-e')],
    ],
    [
      'removes the halves',
      'active',
      [as(EDGE, 'Inactive'), as(NETWORK, 'Idle')],
      'continue',
      [step('DeleteRouterInterface', 'ri-n'), step('DeleteRouterInterface', 'ri-e')],
    ],
    ['waits for the halves', 'active', [as(EDGE, 'Deleting')], 'continue', []],
    ['removes the border router', 'active', [], 'started', [gone]],
    ['removes one that stands', 'terminated', [], 'started', [gone]],
    ['waits for one on its way', 'terminating', [], 'continue', []],
    ['leaves alone what is going', 'deleting', [EDGE], 'started', []],
  ])('%s', async (_, Status, halves, progress, requests) => {
    const stub = await over([{ ...VBR, Status }], halves);
    expect(await linksOf(stub).delete(ID, stub.call)).toBe(progress);
    expect(writes(stub)).toEqual(requests);
  });

  it('looks for routes in the border router’s table and in the network’s, unless somebody just has', async () => {
    const stub = await over([VBR], [EDGE, NETWORK]);
    await linksOf(stub).delete(ID, stub.call);
    const tables = stub.sent().filter(([action]) => action === 'DescribeRouteEntryList');
    expect(tables.map(([, said]) => [said['RouteTableId'], said['NextHopId']])).toEqual([
      ['vtb-1', 'ri-n'],
      ['vtb-v', 'ri-e'],
    ]);
    const seen = await linksOf(stub).get(ID, stub.call);
    stub.sent();
    await linksOf(stub).delete(ID, stub.call, { seen, unrouted: true });
    expect(stub.sent().map(([action]) => action)).toEqual(['DeactivateRouterInterface', 'DeactivateRouterInterface']);
  });

  it('that the service refuses is said as it is', async () => {
    const stub = await over([VBR], [], {
      DeleteVirtualBorderRouter: new Refusal('InvalidOperation.RouterInterfaceNotDeleted'),
    });
    const error = await refusal(linksOf(stub).delete(ID, stub.call));
    expect([error.code, error.retry]).toEqual(['Conflict', 'settle']);
  });
});

describe('a listing', () => {
  it('asks by port, goes on page by page, and fits port and network', async () => {
    const two = { ...VBR, VbrId: 'vbr-2', PhysicalConnectionId: 'pc-2', Description: 'second' };
    const stub = await over([VBR, two], [EDGE, NETWORK], {
      DescribeVirtualBorderRouters: ({ PageNumber }) => ({
        TotalCount: 52,
        VirtualBorderRouterSet: { VirtualBorderRouterType: PageNumber === '1' ? Array(50).fill(VBR) : [VBR, two] },
      }),
    });
    const list = (query: object, cursor?: string) => linksOf(stub).list(query, cursor, stub.call);
    const first = await list({});
    const ids = async (query: object) => (await list(query, first.next)).items.map(({ id }) => id);
    expect([first.items.length, first.next]).toEqual([50, '2']);
    expect(stub.sent()[0]).toEqual(['DescribeVirtualBorderRouters', { RegionId, PageNumber: '1', PageSize: '50' }]);
    expect(await ids({})).toEqual(['vbr-1', 'vbr-2']);
    expect(await ids({ network: networkId('vpc-1') })).toEqual(['vbr-1']);
    stub.sent();
    expect(await ids({ port: portId('pc-2') })).toEqual(['vbr-2']);
    expect(stub.sent()[0]?.[1]).toMatchObject({ 'Filter.1.Key': 'PhysicalConnectionId', 'Filter.1.Value.1': 'pc-2' });
    expect((await list({}, '2')).next).toBeUndefined();
  });

  it('of nothing asks for no interfaces, and of one that cannot be read says whose it is', async () => {
    const none = await over([], []);
    expect(await linksOf(none).list({}, undefined, none.call)).toEqual({ items: [] });
    expect(none.sent()).toHaveLength(1);
    const odd = { ...VBR, Status: 'novel', Description: 'text', Tags: { Tags: [{ Key: 'k', Value: 'v' }] } };
    for (const [halves, networks] of [
      [[EDGE, NETWORK], ['vpc-1']],
      [[EDGE], ['vpc-1']],
      [[], []],
    ] as const) {
      const stub = await over([odd], halves);
      const page = await linksOf(stub).list({}, undefined, stub.call);
      expect(page.unreadable).toMatchObject([{ id: 'vbr-1', networks, description: 'text', tags: { k: 'v' } }]);
    }
  });

  it('shows all that the records show', async () => {
    const tags = { Tags: { Tags: [{ Key: 'k', Value: 'v' }] } };
    const router = { ...VBR, Description: 'text', CreationTime: '2026-11-20T09:30Z', ...tags };
    const probes = {
      HealthCheckSourceIp: '10.0.0.9',
      HealthCheckTargetIp: '10.255.0.2',
      HcRate: 2_000,
      HcThreshold: 8,
    };
    const nearTags = { Tags: { Tags: [{ Key: 'near', Value: '1' }] } };
    const stub = await over([router], [EDGE, as(NETWORK, 'Active', { ...probes, ...nearTags })]);
    const link = await linksOf(stub).get(ID, stub.call);
    expect(JSON.parse(JSON.stringify(link)) as Link).toEqual({
      provider: 'alibaba',
      id: 'vbr-1',
      name: 'line',
      description: 'text',
      account: OWN,
      region: RegionId,
      network: 'vpc-1',
      port: 'pc-1',
      vlan: 30,
      cloudIp: '10.255.0.1/30',
      customerIp: '10.255.0.2',
      bandwidthMbps: 100,
      state: 'active',
      nativeState: 'active Active Active',
      nextHop: { kind: 'link', id: 'ri-n' },
      edge: {
        table: 'vtb-v',
        towardNetwork: { kind: 'link', id: 'ri-e' },
        towardCustomer: { kind: 'link', id: 'ri-v' },
      },
      healthCheck: { source: '10.0.0.9', target: '10.255.0.2', intervalMs: 2_000, failures: 8 },
      createdAt: '2026-11-20T09:30:00.000Z',
      tags: { k: 'v' },
      partTags: [{}, { near: '1' }],
    });
  });
});
