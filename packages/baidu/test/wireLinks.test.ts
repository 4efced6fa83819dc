/** Links on the wire, against the vendor's pages (docs/facts/baidu.md 3.5 and 3.6). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { linkId, networkId, portId, type Provider } from '@peerway/core';
import { baiduEt, baiduEtGateway } from '../src/index.js';
import { codeOf, collect } from './asking.js';
import { ACCOUNT, NOW, rig, Stub, type Said } from './stub.js';

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

describe('links', () => {
  const port = portId('dcphy-1');
  const channel = {
    id: 'dedicatedconn-1',
    name: 'c',
    status: 'established',
    vlanId: 30,
    baiduAddress: '10.255.0.1/30',
    customerAddress: '10.255.0.2/30',
  };
  const channels: Said = { body: { etChannels: [{ ...channel, id: 'dedicatedconn-0', vlanId: 29 }, channel] } };
  const vpc: Said = {
    body: {
      vpcs: [
        { vpcId: 'vpc-1', name: 'web', cidr: '10.0.0.0/16', secondaryCidr: ['10.9.0.0/16'], ipv6Cidr: '2400::/56' },
      ],
    },
  };
  const gateway = {
    etGatewayId: 'dcgw-1',
    name: 'idc',
    status: 'running',
    speed: 200,
    createTime: '2026-01-01T00:00:00Z',
    description: 'd',
    vpcId: 'vpc-1',
    etId: 'dcphy-1',
    channelId: 'dedicatedconn-1',
    localCidrs: ['10.0.0.0/16'],
    tags: [{ tagKey: 'k', tagValue: 'v' }],
  };
  const unbound = { ...gateway, etId: '', channelId: '' };
  const request = {
    network: networkId('vpc-1'),
    port,
    vlan: 30,
    cloudIp: '10.255.0.1/30',
    customerIp: '10.255.0.2',
    name: 'idc',
  };
  const id = linkId('dcgw-1');
  const LINKED = {
    provider: 'baidu',
    id: 'dcgw-1',
    name: 'idc',
    description: 'd',
    account: ACCOUNT,
    region: 'bj',
    network: 'vpc-1',
    port: 'dcphy-1',
    vlan: 30,
    cloudIp: '10.255.0.1/30',
    customerIp: '10.255.0.2',
    bandwidthMbps: 200,
    localPrefixes: ['10.0.0.0/16'],
    state: 'active',
    nativeState: 'running',
    nextHop: { kind: 'link', id: 'dcgw-1' },
    createdAt: new Date(NOW),
    tags: { k: 'v' },
  };

  it('are made on the channel that the line has for the VLAN', async () => {
    const { asked, back } = await over(
      () =>
        provider.links.create({ ...request, bandwidthMbps: 200, tags: { k: 'v' }, description: 'd', clientToken: 't' }),
      channels,
      vpc,
      { body: { etGatewayId: 'dcgw-1' } },
      { body: gateway },
    );
    expect(asked).toEqual([
      ['GET', '/v1/et/dcphy-1/channel'],
      ['GET', '/v1/vpc?vpcIds=vpc-1'],
      [
        'POST',
        '/v1/etGateway?clientToken=t',
        {
          name: 'idc',
          vpcId: 'vpc-1',
          speed: 200,
          etId: 'dcphy-1',
          channelId: 'dedicatedconn-1',
          localCidrs: ['10.0.0.0/16', '10.9.0.0/16'],
          description: 'd',
          tags: [{ tagKey: 'k', tagValue: 'v' }],
        },
      ],
      ['GET', '/v1/etGateway/dcgw-1'], // the channel was seen just before
    ]);
    expect(back).toEqual(LINKED);
  });

  it('are refused before anything is made when the channel is not as asked', async () => {
    const refused = async (changes: object, said: Said = channels) => {
      stub.says(said, vpc, { body: { etGatewayId: 'dcgw-1' } });
      const code = await codeOf(provider.links.request({ ...request, ...changes }));
      expect(stub.asked.every(({ method }) => method === 'GET')).toBe(true);
      return code;
    };
    expect(await refused({ vlan: 31 })).toBe('NotFound');
    expect(await refused({ cloudIp: '10.255.0.5/30' })).toBe('InvalidArgument');
    expect(await refused({ customerIp: '10.255.0.6' })).toBe('InvalidArgument');
    expect(await refused({}, { body: { etChannels: [{ ...channel, status: 'ack-wait' }] } })).toBe(
      'FailedPrecondition',
    );
    expect(await refused({ vlan: 4_010 })).toBe('InvalidArgument');
    expect(await refused({ bandwidthMbps: 1 })).toBe('InvalidArgument');
  });

  it('a used channel is named', async () => {
    stub.says(channels, vpc, { status: 409, body: { code: 'OperationDenied' } }, { body: { etGateways: [gateway] } });
    await expect(provider.links.request(request)).rejects.toMatchObject({
      code: 'AlreadyExists',
      details: { resource: 'dcgw-1' },
    });
    stub.says(channels, vpc, { status: 409, body: { code: 'OperationDenied' } }, { body: { etGateways: [] } });
    expect(await codeOf(provider.links.request(request))).toBe('FailedPrecondition');
  });

  it('a gateway that is bound to nothing waits for us', async () => {
    const { asked } = await over(
      () => provider.links.settle(id, request),
      { body: unbound },
      channels,
      vpc,
      {},
      { body: gateway },
      channels,
    );
    expect(asked[3]).toEqual([
      'PUT',
      '/v1/etGateway/dcgw-1?bind',
      { etId: 'dcphy-1', channelId: 'dedicatedconn-1', localCidrs: ['10.0.0.0/16', '10.9.0.0/16'] },
    ]);
    const { back } = await over(() => provider.links.get(id), { body: unbound });
    expect(back).toMatchObject({
      state: 'provisioning',
      reason: 'half-made',
      next: 'continue',
    });
    expect(back).not.toHaveProperty('port');
    expect(back).not.toHaveProperty('vlan');
  });

  it('are listed by network, or over every network; by port', async () => {
    const list: Said = {
      body: { etGateways: [gateway, { ...gateway, etGatewayId: 'dcgw-2', etId: 'dcphy-2' }], isTruncated: false },
    };
    const one = await over(() => collect(provider.links.list({ network: networkId('vpc-1'), port })), list, channels);
    expect(one.asked).toEqual([
      ['GET', '/v1/etGateway?vpcId=vpc-1&maxKeys=1000'],
      ['GET', '/v1/et/dcphy-1/channel'],
    ]);
    expect(one.back).toEqual([LINKED]);
    const vpcs: Said = {
      body: {
        vpcs: [
          { vpcId: 'vpc-1', name: 'a', cidr: '10.0.0.0/16' },
          { vpcId: 'vpc-2', name: 'b', cidr: '10.1.0.0/16' },
        ],
      },
    };
    const all = await over(
      () => collect(provider.links.list()),
      vpcs,
      { body: { etGateways: [gateway] } },
      { body: { etGateways: [] } },
      channels,
    );
    expect(all.asked.map((asked) => (asked as string[])[1])).toEqual([
      '/v1/vpc?maxKeys=1000',
      '/v1/etGateway?vpcId=vpc-1&maxKeys=1000',
      '/v1/etGateway?vpcId=vpc-2&maxKeys=1000',
      '/v1/et/dcphy-1/channel',
    ]);
    expect(all.back).toEqual([LINKED]);
  });

  it('of one network are read page by page', async () => {
    const { asked, back } = await over(
      () => collect(provider.links.list({ network: networkId('vpc-1') })),
      { body: { etGateways: [gateway], isTruncated: true, nextMarker: 'dcgw-2' } },
      { body: { etGateways: [{ ...gateway, etGatewayId: 'dcgw-2' }], isTruncated: false } },
      channels,
    );
    expect(asked.map((one) => (one as string[])[1])).toEqual([
      '/v1/etGateway?vpcId=vpc-1&maxKeys=1000',
      '/v1/etGateway?vpcId=vpc-1&marker=dcgw-2&maxKeys=1000',
      '/v1/et/dcphy-1/channel',
    ]);
    expect(back.map(({ id }) => id)).toEqual(['dcgw-1', 'dcgw-2']);
  });

  it('are unbound, then released', async () => {
    const { asked } = await over(
      () => provider.links.delete(id),
      { body: gateway },
      {},
      { body: unbound },
      {},
      { status: 404, body: { code: 'NoSuchObject' } },
    );
    expect(asked.map((line) => (line as string[]).slice(0, 2).join(' '))).toEqual([
      'GET /v1/etGateway/dcgw-1',
      'PUT /v1/etGateway/dcgw-1?unbind',
      'GET /v1/etGateway/dcgw-1',
      'DELETE /v1/etGateway/dcgw-1',
      'GET /v1/etGateway/dcgw-1',
    ]);
  });

  it('a deletion under way is not asked for again, and a gateway in motion is left to settle', async () => {
    for (const [status, progress] of [
      ['deleting', 'started'],
      ['updating', 'continue'],
      ['building', 'continue'],
    ] as const) {
      for (const record of [gateway, unbound]) {
        const { asked, back } = await over(() => provider.links.requestDelete(id), { body: { ...record, status } });
        expect([back, asked]).toEqual([progress, [['GET', '/v1/etGateway/dcgw-1']]]);
      }
    }
  });

  it('update, health check, and looks at lines', async () => {
    const api = provider.native(baiduEtGateway)!;
    expect((await over(() => api.updateEtGateway('dcgw-1', { speed: 300 }), {})).asked).toEqual([
      ['PUT', '/v1/etGateway/dcgw-1', { speed: 300 }],
    ]);
    const check = { healthCheckInterval: 3, healthThreshold: 2, unhealthThreshold: 2 };
    expect((await over(() => api.createHealthCheck('dcgw-1', check, { clientToken: 'h' }), {})).asked).toEqual([
      ['POST', '/v1/etGateway/dcgw-1/healthCheck?clientToken=h', check],
    ]);
    const line = { id: 'dcphy-1', name: 'line', status: 'established' };
    expect(
      (await over(() => provider.native(baiduEt)!.listEt({ status: 'established' }), { body: { ets: [line] } })).back,
    ).toEqual({ items: [line] });
    expect((await over(() => provider.native(baiduEt)!.getEt('dcphy-1'), { body: line })).asked).toEqual([
      ['GET', '/v1/et/dcphy-1'],
    ]);
  });
});
