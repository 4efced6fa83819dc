/** Networks and routes on the wire, against the vendor's pages (docs/facts/baidu.md 3.2 to 3.4). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { networkId, parseCidr, routeTableId, type Provider } from '@peerway/core';
import { baiduRoute, baiduVpc } from '../src/index.js';
import { caught, codeOf, collect } from './asking.js';
import { ACCOUNT, rig, Stub, type Said } from './stub.js';
import { LINK, LISTED } from './vendorSamples.js';

let stub: Stub;
let provider: Provider;
const over: Stub['over'] = (...given) => stub.over(...given);
beforeAll(async () => {
  stub = await Stub.start();
  ({ provider } = await rig(stub.endpoint));
});
afterAll(async () => {
  await provider.close();
  await stub.close();
});

describe('networks', () => {
  const web = {
    vpcId: 'vpc-1',
    name: 'web',
    cidr: '10.0.0.0/16',
    secondaryCidr: ['10.9.0.0/16'],
    ipv6Cidr: '2400:DA00::/56',
    relay: true,
    tags: [{ tagKey: 'role', tagValue: 'spoke' }],
  };
  const data = { vpcId: 'vpc-2', name: 'data', cidr: '10.1.0.0/16', secondaryCidr: [], ipv6Cidr: '' };

  it('are read many at a time, missing ones left out', async () => {
    const { asked, back } = await over(
      () => provider.networks.getMany([networkId('vpc-2'), networkId('vpc-1'), networkId('vpc-3')]),
      { body: { vpcs: [web, data, { ...data, vpcId: 'vpc-stray' }], isTruncated: false } },
    );
    expect(asked).toEqual([['GET', '/v1/vpc?vpcIds=vpc-2%2Cvpc-1%2Cvpc-3&maxKeys=1000']]);
    expect(back).toEqual([
      {
        provider: 'baidu',
        account: ACCOUNT,
        region: 'bj',
        id: 'vpc-2',
        name: 'data',
        tags: {},
        cidrs: ['10.1.0.0/16'],
        state: 'active',
        nativeState: '',
      },
      {
        provider: 'baidu',
        account: ACCOUNT,
        region: 'bj',
        id: 'vpc-1',
        name: 'web',
        tags: { role: 'spoke' },
        state: 'active',
        nativeState: '',
        cidrs: ['10.0.0.0/16', '10.9.0.0/16', '2400:da00::/56'],
        transit: true,
      },
    ]);
  });

  it('are asked for one by one where one unknown id spoils the answer', async () => {
    const missing: Said = { status: 404, body: { code: 'NoSuchObject' } };
    const { asked, back } = await over(
      () => provider.networks.getMany([networkId('vpc-3'), networkId('vpc-2')]),
      missing,
      missing,
      { body: { vpcs: [data] } },
    );
    expect(asked).toHaveLength(3);
    expect(back.map(({ id }) => id)).toEqual(['vpc-2']);
  });

  it('VPC, subnet and relay calls', async () => {
    const api = provider.native(baiduVpc)!;
    const vpc = { name: 'web', cidr: '10.0.0.0/16' };
    const subnet = { name: 's', zoneName: 'cn-bj-a', cidr: '10.0.1.0/24', vpcId: 'vpc-1' };
    const record = { ...subnet, subnetId: 'sbn-1' };
    expect(await over(() => api.createVpc(vpc, { clientToken: 'v' }), { body: { vpcId: 'vpc-1' } })).toEqual({
      asked: [['POST', '/v1/vpc?clientToken=v', vpc]],
      back: { vpcId: 'vpc-1' },
    });
    expect(await over(() => api.querySpecifiedVpc('vpc-1'), { body: { vpc: web } })).toEqual({
      asked: [['GET', '/v1/vpc/vpc-1']],
      back: web,
    });
    expect((await over(() => api.updateVpc('vpc-1', { name: 'n', secondaryCidr: [] }), {})).asked).toEqual([
      ['PUT', '/v1/vpc/vpc-1?modifyAttribute', { name: 'n', secondaryCidr: [] }],
    ]);
    expect((await over(() => api.deleteVpc('vpc-1'), {})).asked).toEqual([['DELETE', '/v1/vpc/vpc-1']]);
    expect((await over(() => api.openVpcRelay('vpc-1'), {})).asked).toEqual([['PUT', '/v1/vpc/openRelay/vpc-1']]);
    expect((await over(() => api.closeVpcRelay('vpc-1'), {})).asked).toEqual([['PUT', '/v1/vpc/shutdownRelay/vpc-1']]);
    expect((await over(() => api.createSubnet(subnet), { body: { subnetId: 'sbn-1' } })).asked).toEqual([
      ['POST', '/v1/subnet', subnet],
    ]);
    expect(await over(() => api.querySubnetList({ vpcId: 'vpc-1' }), { body: { subnets: [record] } })).toEqual({
      asked: [['GET', '/v1/subnet?vpcId=vpc-1']],
      back: { items: [record] },
    });
    expect((await over(() => api.querySpecifiedSubnet('sbn-1'), { body: { subnet: record } })).back).toEqual(record);
    expect((await over(() => api.updateSubnet('sbn-1', { name: 'n' }), {})).asked).toEqual([
      ['PUT', '/v1/subnet/sbn-1?modifyAttribute', { name: 'n' }],
    ]);
    expect((await over(() => api.deleteSubnet('sbn-1'), {})).asked).toEqual([['DELETE', '/v1/subnet/sbn-1']]);
    expect(await codeOf(over(() => api.querySpecifiedVpc('vpc-9'), {}))).toBe('NotFound');
  });
});

describe('routes', () => {
  const network = networkId('vpc-1');
  const table = routeTableId('rt-1');
  const rule = {
    routeRuleId: 'rr-1',
    routeTableId: 'rt-1',
    sourceAddress: '0.0.0.0/0',
    destinationAddress: '10.1.0.0/16',
    nexthopType: 'peerConn',
    nexthopId: 'qpif-live',
    description: 'peerway stack=s',
  };
  const rules = [
    { routeTableId: 'rt-1', sourceAddress: '0.0.0.0/0', destinationAddress: '10.0.0.0/16', nexthopType: 'local' },
    rule,
    { ...rule, routeRuleId: 'rr-2', sourceAddress: '10.0.1.0/24', nexthopId: 'qpif-dead', description: null },
    { ...rule, routeRuleId: 'rr-3', destinationAddress: '10.7.0.0/16', nexthopId: 'qpif-refused' },
    { ...rule, routeRuleId: 'rr-4', destinationAddress: '0.0.0.0/0', nexthopType: 'nat', nexthopId: 'nat-1' },
  ];
  const side = (localIfId: string, status: string) => ({ ...LISTED, localIfId, status });
  const peerings: Said = { body: { peerConns: [side('qpif-live', 'active'), side('qpif-refused', 'consult_failed')] } };

  it('a table comes with its rules, and those that lead nowhere are shown', async () => {
    const { asked, back } = await over(
      () => provider.routes.tables(network),
      { body: { name: 'default', routeTableId: 'rt-1', vpcId: 'vpc-1', routeRules: rules } },
      peerings,
    );
    expect(asked).toEqual([
      ['GET', '/v1/route?vpcId=vpc-1'],
      ['GET', '/v1/peerconn?vpcId=vpc-1&maxKeys=1000'],
    ]);
    expect(back).toMatchObject([{ id: 'rt-1', network: 'vpc-1', kind: 'main', name: 'default' }]);
    expect(
      back[0]?.routes?.map(({ id, source, destination, nextHop, state, origin }) => [
        id,
        source,
        destination,
        nextHop.kind,
        state,
        origin,
      ]),
    ).toEqual([
      [undefined, undefined, '10.0.0.0/16', 'other', 'active', 'system'],
      ['rr-1', undefined, '10.1.0.0/16', 'peering', 'active', 'custom'],
      ['rr-2', '10.0.1.0/24', '10.1.0.0/16', 'peering', 'blackhole', 'custom'],
      ['rr-3', undefined, '10.7.0.0/16', 'peering', 'blackhole', 'custom'],
      ['rr-4', undefined, '0.0.0.0/0', 'other', 'active', 'custom'],
    ]);
  });

  it('are listed in pages; without rules toward a peering one request is enough', async () => {
    const { asked, back } = await over(
      () => collect(provider.routes.list(network, table)),
      { body: { routeRules: [rules[0]], isTruncated: true, nextMarker: 'rr-4' } },
      { body: { routeRules: [rules[4]], isTruncated: false } },
    );
    expect(asked).toEqual([
      ['GET', '/v1/route/rule?routeTableId=rt-1&maxKeys=1000'],
      ['GET', '/v1/route/rule?routeTableId=rt-1&marker=rr-4&maxKeys=1000'],
    ]);
    expect(back).toHaveLength(2);
  });

  it('are never judged by a part of a listing: a marker that comes back is reported', async () => {
    const { asked, back } = await over(
      () => caught(provider.routes.tables(network)),
      { body: { routeTableId: table, vpcId: network, routeRules: rules } },
      { body: { peerConns: [], isTruncated: true, nextMarker: 'a' } },
      { body: { peerConns: [], isTruncated: true, nextMarker: 'b' } },
      { body: { peerConns: [], isTruncated: true, nextMarker: 'a' } },
    );
    expect([back.code, asked.length]).toEqual(['Unknown', 4]);
  });

  it('are made with any source where none is given, and the token in the query', async () => {
    const request = {
      network,
      table,
      destination: parseCidr('10.1.0.0/16'),
      nextHop: { kind: 'peering', id: 'qpif-1' } as const,
    };
    const { asked } = await over(
      () => provider.routes.create({ ...request, description: 'peerway stack=s' }, { wait: false }),
      { body: { routeRuleId: 'rr-1' } },
    );
    expect(asked).toEqual([
      [
        'POST',
        expect.stringMatching(/^\/v1\/route\/rule\?clientToken=[0-9a-f-]{36}$/),
        {
          routeTableId: 'rt-1',
          sourceAddress: '0.0.0.0/0',
          destinationAddress: '10.1.0.0/16',
          nexthopType: 'peerConn',
          nexthopId: 'qpif-1',
          description: 'peerway stack=s',
        },
      ],
    ]);
    await over(
      () =>
        provider.routes.create(
          { ...request, source: parseCidr('10.0.1.0/24'), nextHop: { kind: 'link', id: 'dcgw-1' } },
          { wait: false },
        ),
      { body: { routeRuleId: 'rr-2' } },
    );
    expect(stub.asked[0]?.body).toMatchObject({
      sourceAddress: '10.0.1.0/24',
      nexthopType: 'dcGateway',
      nexthopId: 'dcgw-1',
    });
    await over(() => provider.routes.create({ ...request, nextHop: { kind: 'other', id: 'i-1' } }, { wait: false }), {
      body: { routeRuleId: 'rr-3' },
    });
    expect(stub.asked[0]?.body).toMatchObject({ nexthopType: 'custom', nexthopId: 'i-1' });
  });

  it("the peering's own id as next hop, the classic mistake, never goes out", async () => {
    stub.says({ body: { routeRuleId: 'rr-1' } });
    for (const nextHop of [
      { kind: 'peering', id: LINK },
      { kind: 'link', id: 'qpif-1' },
      { kind: 'other', id: 'eip-1' },
      { kind: 'other', id: 'x' },
    ] as const) {
      expect(
        await codeOf(provider.routes.create({ network, table, destination: parseCidr('10.1.0.0/16'), nextHop })),
      ).toBe('InvalidArgument');
    }
    expect(stub.asked).toHaveLength(0);
  });

  it("are deleted by the id of the rule; the cloud's own are not", async () => {
    const ref = {
      table,
      network,
      destination: parseCidr('10.1.0.0/16'),
      nextHop: { kind: 'peering', id: 'qpif-live' } as const,
    };
    const listing: Said = { body: { routeRules: rules, isTruncated: false } };
    expect(
      (await over(() => provider.routes.delete({ ...ref, id: 'rr-1' as never }, { wait: false }), {})).asked,
    ).toEqual([['DELETE', '/v1/route/rule/rr-1']]);
    expect(
      (await over(() => provider.routes.delete(ref, { wait: false }), listing, peerings, {})).asked.at(-1),
    ).toEqual(['DELETE', '/v1/route/rule/rr-1']);
    stub.says(listing, peerings);
    expect(await codeOf(provider.routes.delete({ ...ref, destination: parseCidr('10.0.0.0/16') }))).toBe(
      'PermissionDenied',
    );
    stub.says(
      { status: 400, body: { code: 'BadRequest' } },
      { body: { routeRules: [{ ...rules[0], routeRuleId: 'rr-0' }] } },
    );
    expect(await codeOf(provider.routes.delete({ ...ref, id: 'rr-0' as never }))).toBe('PermissionDenied');
    stub.says({ status: 404, body: { code: 'NoSuchObject' } });
    await provider.routes.delete({ ...ref, id: 'rr-9' as never }, { wait: false }); // gone already
  });

  it('update, several next hops and the exchange of active and standing-by', async () => {
    const api = provider.native(baiduRoute)!;
    expect((await over(() => api.updateRoutingRule('rr-1', { nexthopId: 'qpif-2' }), {})).asked).toEqual([
      ['PUT', '/v1/route/rule/rr-1', { nexthopId: 'qpif-2' }],
    ]);
    const input = {
      routeTableId: 'rt-1',
      sourceAddress: '0.0.0.0/0',
      destinationAddress: '192.168.0.0/16',
      nextHopList: [
        { nexthopId: 'dcgw-1', nexthopType: 'dcGateway', pathType: 'ha:active' },
        { nexthopId: 'dcgw-2', nexthopType: 'dcGateway', pathType: 'ha:standby' },
      ],
    } as const;
    expect(await over(() => api.createRoutingRule(input), { body: { routeRuleIds: ['rr-1', 'rr-2'] } })).toEqual({
      asked: [['POST', '/v1/route/rule', input]],
      back: { routeRuleIds: ['rr-1', 'rr-2'] },
    });
    expect((await over(() => api.switchRouteHa('rr-1', { clientToken: 's' }), {})).asked).toEqual([
      ['PUT', '/v1/route/rule/rr-1?switchRouteHA&clientToken=s'],
    ]);
  });
});
