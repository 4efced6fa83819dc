/** Gateways on the wire where lines, channels and networks are several, hidden, half made or of another account (docs/facts/baidu.md 3.5 and 3.6). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountId, linkId, networkId, portId, type LinkRequest } from '@peerway/core';
import { BaiduOptions } from '../src/index.js';
import { addressOf } from '../src/convertLink.js';
import { codeOf, collect } from './asking.js';
import { ACCOUNT, rig, Stub, type Said } from './stub.js';

let stub: Stub;
beforeAll(async () => {
  stub = await Stub.start();
});
afterAll(() => stub.close());

const CHANNEL = {
  id: 'dedicatedconn-1',
  name: 'c',
  status: 'established',
  vlanId: 30,
  baiduAddress: '10.255.0.1/30',
  customerAddress: '10.255.0.2/30',
};
const GATEWAY = {
  etGatewayId: 'dcgw-1',
  name: 'idc',
  status: 'running',
  speed: 200,
  vpcId: 'vpc-1',
  etId: 'dcphy-1',
  channelId: 'dedicatedconn-1',
  localCidrs: ['10.0.0.0/16'],
};
const VPC = { vpcId: 'vpc-1', name: 'web', cidr: '10.0.0.0/16' };
const REQUEST: LinkRequest = {
  network: networkId('vpc-1'),
  port: portId('dcphy-1'),
  vlan: 30,
  cloudIp: '10.255.0.1/30',
  customerIp: '10.255.0.2',
  name: 'idc',
};
const ID = linkId('dcgw-1');

const channels = (...records: readonly object[]): Said => ({ body: { etChannels: records } });
const gateways = (...records: readonly object[]): Said => ({ body: { etGateways: records, isTruncated: false } });
const vpcs = (...records: readonly object[]): Said => ({ body: { vpcs: records, isTruncated: false } });
const one = (record: object): Said => ({ body: record });
const MADE: Said = { body: { etGatewayId: 'dcgw-1' } };
const GONE: Said = { status: 404, body: { code: 'NoSuchObject' } };
const DENIED: Said = { status: 403, body: { code: 'AccessDenied' } };
const REFUSED: Said = { status: 409, body: { code: 'OperationDenied' } };

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

describe('a line of another account', () => {
  const FAR = accountId('75c14a239bb24b9e88b695e8e9e47952');
  const two = async () => {
    const { provider: near } = await cold();
    const { provider: far } = await cold({
      account: FAR,
      credentials: { accessKeyId: 'ak-far', accessKeySecret: 'other-secret' },
    });
    return { near, far, links: near.links.across(far.links) };
  };
  const byFar = (): boolean[] => stub.asked.map(({ headers }) => String(headers.authorization).includes('/ak-far/'));

  it('is asked with its owner’s keys, and all else with the network’s', async () => {
    const { links } = await two();
    stub.says(channels({ ...CHANNEL, authorizedUsers: ['somebody', ACCOUNT] }), vpcs(VPC), MADE);
    await links.request(REQUEST);
    expect(byFar()).toEqual([true, false, false]);
    stub.says(one(GATEWAY));
    expect((await links.get(ID)).vlan).toBe(30); // remembered where the line is
    stub.says(gateways(GATEWAY), channels(CHANNEL));
    expect(await collect(links.list({ network: networkId('vpc-1') }))).toHaveLength(1);
    expect(byFar()).toEqual([false, true]);
  });

  it.each([[{}], [{ authorizedUsers: [] }], [{ authorizedUsers: ['somebody'] }]])(
    'is not used where its channel has %j',
    async (fields) => {
      const { links } = await two();
      stub.says(channels({ ...CHANNEL, ...fields }), vpcs(VPC), MADE);
      await expect(links.request(REQUEST)).rejects.toMatchObject({
        code: 'FailedPrecondition',
        details: { resource: 'dedicatedconn-1', remedy: expect.stringContaining(ACCOUNT) },
      });
      expect(stub.asked.every(({ method }) => method === 'GET')).toBe(true);
    },
  );

  it('needs no leave inside one account, nor where the network’s account is not known', async () => {
    const { provider: near } = await cold();
    const { provider: same } = await cold({ credentials: { accessKeyId: 'ak-far', accessKeySecret: 'other-secret' } });
    stub.says(channels(CHANNEL), vpcs(VPC), MADE);
    expect(await near.links.across(same.links).request(REQUEST)).toBe('dcgw-1');
    const { provider: unknown } = await cold({ account: undefined as never });
    const { far } = await two();
    stub.says(channels(CHANNEL), vpcs(VPC), MADE);
    expect(await unknown.links.across(far.links).request(REQUEST)).toBe('dcgw-1');
  });
});

describe('probing', () => {
  const check = { source: '10.0.0.9', intervalMs: 5_000, failures: 4 };

  it('says all that the cloud wants, and lets it write no routes', async () => {
    const { provider } = await cold();
    for (const [healthCheck, body] of [
      [check, { healthCheckInterval: 5, healthThreshold: 4, unhealthThreshold: 4, healthCheckSourceIp: '10.0.0.9' }],
      [{}, { healthCheckInterval: 3, healthThreshold: 3, unhealthThreshold: 3 }],
    ] as const) {
      const { asked: sent } = await stub.over(() => provider.links.update(ID, { healthCheck }, { wait: false }), {});
      expect(sent).toEqual([['POST', '/v1/etGateway/dcgw-1/healthCheck', { ...body, autoGenerateRouteRule: false }]]);
    }
  });

  it.each([
    [{ healthCheckInterval: 3 }, 'takes no other in its place'],
    [{ healthCheckInterval: 0 }, 'OperationDenied'],
    [{}, 'OperationDenied'],
  ])('a refusal of a gateway with %j is told as "%s"', async (fields, message) => {
    const { provider } = await cold();
    stub.says(REFUSED, one({ ...GATEWAY, ...fields }));
    await expect(provider.links.update(ID, { healthCheck: check })).rejects.toMatchObject({
      code: 'FailedPrecondition',
      message: expect.stringContaining(message),
    });
  });

  it('a refusal for another reason is not looked into', async () => {
    const { provider } = await cold();
    stub.says(DENIED, one({ ...GATEWAY, healthCheckInterval: 3 }));
    expect(await codeOf(provider.links.update(ID, { healthCheck: check }))).toBe('PermissionDenied');
    expect(stub.asked).toHaveLength(1);
  });

  it.each([
    [
      { healthCheckInterval: 5, unhealthThreshold: 4 },
      { intervalMs: 5_000, failures: 4 },
    ],
    [
      { healthCheckInterval: '5', unhealthThreshold: '4' },
      { intervalMs: 5_000, failures: 4 },
    ],
    [{ healthCheckInterval: 5 }, { intervalMs: 5_000 }],
    [
      { healthCheckInterval: 5, healthCheckSourceIp: '10.0.0.9', healthCheckDestIp: '10.255.0.2' },
      { intervalMs: 5_000, source: '10.0.0.9', target: '10.255.0.2' },
    ],
    [{ healthCheckInterval: 5, healthCheckSourceIp: '', healthCheckDestIp: '' }, { intervalMs: 5_000 }],
    [{ healthCheckInterval: 0, healthCheckDestIp: '10.255.0.2' }, undefined],
    [{ healthCheckInterval: '0' }, undefined],
  ])('%j reads as %j', async (fields, healthCheck) => {
    const { provider } = await cold();
    stub.says(one({ ...GATEWAY, ...fields }), channels(CHANNEL));
    expect((await provider.links.get(ID)).healthCheck).toEqual(healthCheck);
  });

  it('a listing asks for it of those alone whose check the caller needs, and that can have one', async () => {
    const { provider } = await cold();
    const records = [
      GATEWAY,
      { ...GATEWAY, etGatewayId: 'dcgw-2' },
      { ...GATEWAY, etGatewayId: 'dcgw-3', etId: '', channelId: '' },
    ];
    stub.says(gateways(...records), one({ ...GATEWAY, healthCheckInterval: 5 }), channels(CHANNEL));
    const probed = ({ id }: { readonly id: string }): boolean => id !== 'dcgw-2';
    const seen = await collect(provider.links.list({ network: networkId('vpc-1'), probed }));
    expect(seen.map(({ id, healthCheck }) => [id, healthCheck])).toEqual([
      ['dcgw-1', { intervalMs: 5_000 }],
      ['dcgw-2', undefined],
      ['dcgw-3', undefined],
    ]);
    expect(asked().slice(1)).toEqual(['GET /v1/etGateway/dcgw-1', 'GET /v1/et/dcphy-1/channel']);
  });

  it('one that went meanwhile stays as it was listed; any other failure is one of the listing', async () => {
    const { provider } = await cold();
    const list = () => collect(provider.links.list({ network: networkId('vpc-1'), probed: () => true }));
    stub.says(gateways(GATEWAY), GONE, channels(CHANNEL));
    expect((await list()).map(({ id }) => id)).toEqual(['dcgw-1']);
    stub.says(gateways(GATEWAY), DENIED, channels(CHANNEL));
    expect(await codeOf(list())).toBe('PermissionDenied');
  });

  it('one in a state that no table knows is not asked about, and is told', async () => {
    const { provider } = await cold();
    stub.says(
      gateways({ ...GATEWAY, status: 'hovering', description: 'd', tags: [{ tagKey: 'k', tagValue: 'v' }] }),
      channels(CHANNEL),
    );
    const unreadable: unknown[] = [];
    const listing = provider.links.list(
      { network: networkId('vpc-1'), probed: () => true },
      { unreadable: (item) => void unreadable.push(item) },
    );
    expect(await collect(listing)).toEqual([]);
    expect(unreadable).toMatchObject([
      { id: 'dcgw-1', networks: ['vpc-1'], description: 'd', tags: { k: 'v' }, error: { code: 'Unknown' } },
    ]);
    expect(asked().slice(1)).toEqual(['GET /v1/et/dcphy-1/channel']);
  });
});

describe('changing and removing one', () => {
  it.each([
    [{ name: 'other' }, { name: 'other' }],
    [{ description: '' }, { description: '' }],
    [
      { name: 'other', description: 'd' },
      { name: 'other', description: 'd' },
    ],
    [{ bandwidthMbps: 300 }, { speed: 300 }],
    [{ localPrefixes: ['10.0.0.0/24', '10.9.0.0/16'] as never }, { localCidrs: ['10.0.0.0/24', '10.9.0.0/16'] }],
  ])('%j sends %j', async (update, body) => {
    const { provider } = await cold();
    const { asked: sent } = await stub.over(() => provider.links.update(ID, update, { wait: false }), {});
    expect(sent).toEqual([['PUT', '/v1/etGateway/dcgw-1', body]]);
  });

  it('what it cannot be given is refused by the driver, too', async () => {
    const { driver } = await cold();
    const call = { signal: new AbortController().signal, admit: async () => () => undefined };
    stub.says({});
    for (const change of [
      { kind: 'tags', set: {}, remove: [] },
      { kind: 'addresses', cloudIp: '10.255.0.1/30', customerIp: '10.255.0.2' },
      { kind: 'suspended', suspended: true },
      { kind: 'healthCheck' },
    ] as const)
      expect(await codeOf(driver.links?.update(ID, change, call))).toBe('Unsupported');
    expect(stub.asked).toHaveLength(0);
  });

  it('a reading of a moment ago is enough, and where the cloud refuses what it says it is read anew', async () => {
    const { provider } = await cold();
    stub.says(one(GATEWAY), channels(CHANNEL));
    const seen = await provider.links.get(ID);
    stub.says({});
    expect(await provider.links.requestDelete(ID, { seen })).toBe('continue');
    expect(asked()).toEqual(['PUT /v1/etGateway/dcgw-1?unbind']);
    stub.says(REFUSED, one({ ...GATEWAY, etId: '', channelId: '' }), {});
    expect(await provider.links.requestDelete(ID, { seen })).toBe('started');
    expect(asked()).toEqual([
      'PUT /v1/etGateway/dcgw-1?unbind',
      'GET /v1/etGateway/dcgw-1',
      'DELETE /v1/etGateway/dcgw-1',
    ]);
  });
});
