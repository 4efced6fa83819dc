/** Gateways on the wire: lines of another account, probing, changing and removing (docs/facts/baidu.md 3.5 and 3.6). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountId, networkId } from '@peerway/core';
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
import { ACCOUNT, rig, Stub } from './stub.js';

let stub: Stub;
beforeAll(async () => {
  stub = await Stub.start();
});
afterAll(() => stub.close());

const asked = (): string[] => stub.asked.map(({ method, url }) => `${method} ${url}`);
/** A provider whose driver has read nothing yet. */
const cold = async (changes: Parameters<typeof rig>[1] = {}) => rig(stub.endpoint, changes);

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
