/** Gateways on the wire where lines, channels and networks are several, hidden, half made or of another account (docs/facts/baidu.md 3.5 and 3.6). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { networkId } from '@peerway/core';
import { BaiduOptions } from '../src/index.js';
import { addressOf } from '../src/convertLink.js';
import { codeOf, collect } from './asking.js';
import {
  CHANNEL,
  GATEWAY,
  VPC,
  REQUEST,
  ID,
  channels,
  gateways,
  vpcs,
  one,
  MADE,
  GONE,
  DENIED,
  REFUSED,
} from './gatewaySamples.js';
import { rig, Stub } from './stub.js';

let stub: Stub;
beforeAll(async () => {
  stub = await Stub.start();
});
afterAll(() => stub.close());

const asked = (): string[] => stub.asked.map(({ method, url }) => `${method} ${url}`);
/** A provider whose driver has read nothing yet. */
const cold = async (changes: Parameters<typeof rig>[1] = {}) => rig(stub.endpoint, changes);

describe('what a gateway is made of', () => {
  it('without a network, those of every VPC of the region, page by page', async () => {
    const { provider } = await cold();
    stub.says(
      { body: { vpcs: [VPC], isTruncated: true, nextMarker: 'vpc-2' } },
      vpcs({ ...VPC, vpcId: 'vpc-2' }),
      gateways(),
      gateways({ ...GATEWAY, etGatewayId: 'dcgw-2', vpcId: 'vpc-2' }),
      channels(CHANNEL),
    );
    expect((await collect(provider.links.list())).map(({ id, network, vlan }) => [id, network, vlan])).toEqual([
      ['dcgw-2', 'vpc-2', 30],
    ]);
    expect(asked()).toEqual([
      'GET /v1/vpc?maxKeys=1000',
      'GET /v1/vpc?marker=vpc-2&maxKeys=1000',
      'GET /v1/etGateway?vpcId=vpc-1&maxKeys=1000',
      'GET /v1/etGateway?vpcId=vpc-2&maxKeys=1000',
      'GET /v1/et/dcphy-1/channel',
    ]);
  });

  it('each gateway shows its own channel of its own line, and lines are asked once', async () => {
    const { provider } = await cold();
    const far = { ...GATEWAY, etGatewayId: 'dcgw-3', etId: 'dcphy-2', channelId: 'dedicatedconn-1' };
    stub.says(
      gateways(GATEWAY, { ...GATEWAY, etGatewayId: 'dcgw-2', channelId: 'dedicatedconn-2' }, far),
      channels({ ...CHANNEL, id: 'dedicatedconn-2', vlanId: '31' }, CHANNEL),
      channels({ ...CHANNEL, vlanId: 7, baiduAddress: '10.255.9.1/30', customerAddress: '10.255.9.2/30' }),
    );
    const seen = await collect(provider.links.list({ network: networkId('vpc-1') }));
    expect(seen.map(({ id, vlan, cloudIp, customerIp }) => [id, vlan, cloudIp, customerIp])).toEqual([
      ['dcgw-1', 30, '10.255.0.1/30', '10.255.0.2'],
      ['dcgw-2', 31, '10.255.0.1/30', '10.255.0.2'],
      ['dcgw-3', 7, '10.255.9.1/30', '10.255.9.2'],
    ]);
    expect(asked().slice(1)).toEqual(['GET /v1/et/dcphy-1/channel', 'GET /v1/et/dcphy-2/channel']);
  });

  it('only lines of those that the caller needs whole are asked for', async () => {
    const { provider } = await cold();
    stub.says(gateways(GATEWAY, { ...GATEWAY, etGatewayId: 'dcgw-2', etId: 'dcphy-2' }), channels(CHANNEL));
    const whole = ({ id }: { readonly id: string }): boolean => id === 'dcgw-2';
    const seen = await collect(provider.links.list({ network: networkId('vpc-1'), whole }));
    expect(seen.map(({ id, vlan }) => [id, vlan])).toEqual([
      ['dcgw-1', undefined],
      ['dcgw-2', 30],
    ]);
    expect(asked().slice(1)).toEqual(['GET /v1/et/dcphy-2/channel']);
  });

  it('a line that hides itself leaves VLAN and addresses out; any other failure is one of the reading', async () => {
    const { provider } = await cold();
    stub.says(one(GATEWAY), GONE);
    const { vlan, cloudIp, port } = await provider.links.get(ID);
    expect([vlan, cloudIp, port]).toEqual([undefined, undefined, 'dcphy-1']);
    stub.says(one(GATEWAY), DENIED);
    expect(await codeOf(provider.links.get(ID))).toBe('PermissionDenied');
    stub.says(gateways(GATEWAY), GONE);
    const [listed] = await collect(provider.links.list({ network: networkId('vpc-1') }));
    expect([listed?.id, listed?.vlan]).toEqual(['dcgw-1', undefined]);
    stub.says(gateways(GATEWAY), DENIED);
    expect(await codeOf(collect(provider.links.list({ network: networkId('vpc-1') })))).toBe('PermissionDenied');
  });

  it('is asked for its channel by name, and another in the answer is not taken for it', async () => {
    const { provider } = await cold();
    stub.says(one(GATEWAY), channels({ ...CHANNEL, id: 'dedicatedconn-9', vlanId: 9 }));
    expect((await provider.links.get(ID)).vlan).toBeUndefined();
    expect(asked()).toEqual(['GET /v1/etGateway/dcgw-1', 'GET /v1/et/dcphy-1/channel?etChannelId=dedicatedconn-1']);
  });

  it.each([
    [{ etId: '' }, undefined],
    [{ etId: null }, undefined],
    [{ channelId: '' }, undefined],
    [{ channelId: null }, undefined],
    [{}, 'dcphy-1'],
  ])('with %j it is bound to %s', async (fields, port) => {
    const { provider } = await cold();
    stub.says(one({ ...GATEWAY, ...fields }), channels(CHANNEL));
    const link = await provider.links.get(ID);
    expect([link.port, link.state, link.next]).toEqual([
      port,
      port === undefined ? 'provisioning' : 'active',
      port === undefined ? 'continue' : undefined,
    ]);
    expect(link.localPrefixes).toEqual(port === undefined ? undefined : ['10.0.0.0/16']);
  });

  it('numbers may be texts, and what is missing is left out', async () => {
    const { provider } = await cold();
    const full = { ...GATEWAY, speed: '300', createTime: '2026-01-01T08:00:00+08:00', localCidrs: ['10.0.1.7/24'] };
    stub.says(one(full), channels({ ...CHANNEL, vlanId: '30' }));
    expect(await provider.links.get(ID)).toMatchObject({
      vlan: 30,
      bandwidthMbps: 300,
      createdAt: new Date('2026-01-01T00:00:00Z'),
      localPrefixes: ['10.0.1.0/24'],
      description: '',
      tags: {},
    });
    const { speed: _, ...poor } = GATEWAY;
    stub.says(one({ ...poor, description: null, localCidrs: null, tags: null }), channels(CHANNEL));
    const seen = await provider.links.get(ID);
    expect(seen).toMatchObject({ description: '', localPrefixes: [], tags: {} });
    for (const absent of ['bandwidthMbps', 'createdAt', 'healthCheck']) expect(seen).not.toHaveProperty(absent);
  });

  it('an address is the same with and without a length, in one spelling', () => {
    expect(['10.0.0.1/30', '10.0.0.1', '2001:DB8:0:0::1/64', '2001:db8::1'].map(addressOf)).toEqual([
      '10.0.0.1',
      '10.0.0.1',
      '2001:db8::1',
      '2001:db8::1',
    ]);
  });
});

describe('making one', () => {
  it.each([
    ['another channel of the line', { channelId: 'dedicatedconn-2' }],
    ['a channel of another line', { etId: 'dcphy-2' }],
  ])('a refusal while %s is used stays what it is', async (_, fields) => {
    const { provider } = await cold();
    stub.says(channels(CHANNEL), vpcs(VPC), REFUSED, gateways({ ...GATEWAY, ...fields }));
    expect(await codeOf(provider.links.request(REQUEST))).toBe('FailedPrecondition');
  });

  it('a refusal for another reason than the state is not looked into', async () => {
    const { provider } = await cold();
    stub.says(channels(CHANNEL), vpcs(VPC), DENIED, gateways(GATEWAY));
    expect(await codeOf(provider.links.request(REQUEST))).toBe('PermissionDenied');
    expect(stub.asked).toHaveLength(3);
  });

  it('the network must be the one that was asked for', async () => {
    const { provider } = await cold();
    stub.says(channels(CHANNEL), vpcs({ ...VPC, vpcId: 'vpc-9' }), MADE);
    expect(await codeOf(provider.links.request(REQUEST))).toBe('NotFound');
    expect(stub.asked.every(({ method }) => method === 'GET')).toBe(true);
  });

  it.each([
    [undefined, 1, 2], // the least that a gateway may have
    [undefined, 50, 50],
    [7, 50, 7],
  ])('with a speed of %s and a default of %i, %i is asked for', async (bandwidthMbps, defaultBandwidthMbps, speed) => {
    const options = Object.assign(new BaiduOptions(), { defaultBandwidthMbps });
    const { provider } = await cold({ options });
    stub.says(channels(CHANNEL), vpcs(VPC), MADE);
    await provider.links.request({ ...REQUEST, ...(bandwidthMbps === undefined ? {} : { bandwidthMbps }) });
    expect(stub.asked.at(-1)?.body).toEqual({
      name: 'idc',
      vpcId: 'vpc-1',
      speed,
      etId: 'dcphy-1',
      channelId: 'dedicatedconn-1',
      localCidrs: ['10.0.0.0/16'],
    });
  });

  it('a resource group goes along', async () => {
    const { provider } = await cold();
    stub.says(channels(CHANNEL), vpcs(VPC), MADE);
    await provider.links.request({ ...REQUEST, settings: { resourceGroupId: 'RESG-1' } });
    expect(stub.asked.at(-1)?.body).toMatchObject({ resourceGroupId: 'RESG-1' });
  });

  it('what a plan has read of line and network holds for a minute', async () => {
    const { provider, clock } = await cold();
    const learn = async (): Promise<void> => {
      stub.says(vpcs(VPC));
      await provider.networks.get(networkId('vpc-1'));
      stub.says(channels(CHANNEL));
      await provider.links.check(REQUEST);
    };
    for (const [ms, requests] of [
      [60_000, 1],
      [60_001, 3],
    ] as const) {
      await learn();
      clock.advance(ms);
      if (requests === 1) stub.says(MADE);
      else stub.says(channels(CHANNEL), vpcs(VPC), MADE);
      await provider.links.request(REQUEST);
      expect([ms, stub.asked.length]).toEqual([ms, requests]);
    }
  });

  it('what is remembered and found wanting is read anew before it is refused', async () => {
    const { provider } = await cold();
    stub.says(vpcs(VPC));
    await collect(provider.networks.list());
    stub.says(channels({ ...CHANNEL, status: 'building' }));
    expect(await codeOf(provider.links.check(REQUEST))).toBe('FailedPrecondition');
    stub.says(channels(CHANNEL), vpcs(VPC), MADE);
    expect(await provider.links.request(REQUEST)).toBe('dcgw-1');
    expect(stub.asked).toHaveLength(3);
  });

  it('a VLAN that the line does not have says which it has', async () => {
    const { provider } = await cold();
    for (const [records, said] of [
      [
        [
          { ...CHANNEL, vlanId: 301 },
          { ...CHANNEL, vlanId: '3' },
        ],
        '301, 3',
      ],
      [[], 'none'],
    ] as const) {
      stub.says(channels(...records), vpcs(VPC));
      await expect(provider.links.request(REQUEST)).rejects.toMatchObject({
        code: 'NotFound',
        details: { resource: 'dcphy-1', remedy: expect.stringContaining(said) },
      });
    }
  });
});
