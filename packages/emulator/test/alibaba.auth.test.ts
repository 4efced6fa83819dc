/** Signatures over the wire: the vendor's published vectors, both signature versions, and every way to be refused. */
import { createHash, createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Emulator } from '@peerway/emulator';
import { a, at, b, caller, codeOf, network, raw, VERSIONS } from './alibabaWire.js';
import type { Key } from './alibabaWire.js';

/** StringToSign and Signature of docs/facts/alibaba.md 1.5: V1 by the vendor, V2-V6 by pop-core and openapi-util. */
const VECTORS = [
  {
    name: 'V1 ECS DescribeRegions',
    signature: 'OLeaidS1JvxuMvnyHOwuJ+uX5qY=',
    text: 'GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribeRegions%26Format%3DXML%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf%26SignatureVersion%3D1.0%26Timestamp%3D2016-02-23T12%253A46%253A24Z%26Version%3D2014-05-26',
  },
  {
    name: 'V2 nested filters',
    signature: 'AKdko4GRxOTsOrMZIHPjM1SESYk=',
    text: 'GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribeRouterInterfaces%26Filter.1.Key%3DRouterInterfaceId%26Filter.1.Value.1%3Dri-bp1aaaaaaaaaaaaaaaaaa%26Filter.1.Value.2%3Dri-bp1bbbbbbbbbbbbbbbbbb%26Filter.2.Key%3DStatus%26Filter.2.Value.1%3DActive%26Format%3DJSON%26PageNumber%3D1%26PageSize%3D50%26RegionId%3Dcn-hangzhou%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D9166ab59f94b4a2b8a5d1c0e3f7d6a01%26SignatureVersion%3D1.0%26Timestamp%3D2024-05-20T08%253A30%253A15Z%26Version%3D2016-04-28',
  },
  {
    name: 'V3 awkward characters',
    signature: 'wSs05H5NJcts1B893dlcvTZeR5g=',
    text: 'POST&%2F&AccessKeyId%3Dtestid%26Action%3DCreateRouteEntry%26ClientToken%3D02fb3da4-130e-11e9-8e44-0016e04115b%26Description%3Dit%2527s%2520%2528a%2529%2520%252Atest%252A%2521%2520%25E4%25B8%25AD%25E6%2596%2587%2520a%252Bb~c%253D%2526%26DestinationCidrBlock%3D10.20.0.0%252F16%26Format%3DJSON%26NextHopId%3Dpcc-lnk0m24khwvtkmabcd%26NextHopType%3DVpcPeer%26RegionId%3Dcn-hangzhou%26RouteTableId%3Dvtb-bp145q7glnuzdvzu2abcd%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D9166ab59f94b4a2b8a5d1c0e3f7d6a02%26SignatureVersion%3D1.0%26Timestamp%3D2024-05-20T08%253A30%253A15Z%26Version%3D2016-04-28',
  },
  {
    name: 'V4 security token',
    signature: 'aQ0534TXui3OkQiL7kAIkChFXWk=',
    text: 'GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribeVpcs%26Format%3DJSON%26RegionId%3Dcn-hangzhou%26SecurityToken%3DCAIS%252Ftok%252Ben%253D%253D%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D9166ab59f94b4a2b8a5d1c0e3f7d6a03%26SignatureVersion%3D1.0%26Timestamp%3D2024-05-20T08%253A30%253A15Z%26Version%3D2016-04-28',
  },
  {
    name: 'V5 tags',
    signature: '7vUXX514PxHKO36W8uiCrHR4bwE=',
    text: 'POST&%2F&AcceptingAliUid%3D1210123456123456%26AcceptingRegionId%3Dcn-beijing%26AcceptingVpcId%3Dvpc-2zebbbbbbbbbbbbbbbbbb%26AccessKeyId%3Dtestid%26Action%3DCreateVpcPeerConnection%26Bandwidth%3D100%26ClientToken%3Dtok-0001%26DryRun%3Dfalse%26Format%3DJSON%26LinkType%3DGold%26Name%3Dpeer_1%26RegionId%3Dcn-hangzhou%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D9166ab59f94b4a2b8a5d1c0e3f7d6a04%26SignatureVersion%3D1.0%26Tag.1.Key%3Denv%26Tag.1.Value%3D%26Tag.2.Key%3Dteam%26Tag.2.Value%3Dnet%2520ops%26Timestamp%3D2024-05-20T08%253A30%253A15Z%26Version%3D2022-01-01%26VpcId%3Dvpc-bp1aaaaaaaaaaaaaaaaaa',
  },
  {
    name: 'V6 sort order',
    signature: 'xDCsBWYoA1MomQqaZcuzljElkX4=',
    text: 'POST&%2F&AccessKeyId%3Dtestid%26Action%3DTagResources%26Format%3DJSON%26RegionId%3Dcn-hangzhou%26ResourceId.1%3Dvpc-1%26ResourceId.10%3Dvpc-10%26ResourceId.11%3Dvpc-11%26ResourceId.2%3Dvpc-2%26ResourceId.3%3Dvpc-3%26ResourceId.4%3Dvpc-4%26ResourceId.5%3Dvpc-5%26ResourceId.6%3Dvpc-6%26ResourceId.7%3Dvpc-7%26ResourceId.8%3Dvpc-8%26ResourceId.9%3Dvpc-9%26ResourceType%3DVPC%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D9166ab59f94b4a2b8a5d1c0e3f7d6a05%26SignatureVersion%3D1.0%26Tag.1.Key%3Dk%26Tag.1.Value%3Dv%26Timestamp%3D2024-05-20T08%253A30%253A15Z%26Version%3D2016-04-28%26lower%3Dx',
  },
] as const;

/** Undoes the outer encoding of a StringToSign: the parameters as the client would send them. */
function wireOf(text: string): { method: string; parameters: [string, string][]; at: number } {
  const [method = '', , encoded = ''] = text.split('&');
  const parameters = decodeURIComponent(encoded)
    .split('&')
    .map((pair): [string, string] => {
      const [name = '', value = ''] = pair.split('=');
      return [decodeURIComponent(name), decodeURIComponent(value)];
    });
  return { method, parameters, at: Date.parse(new Map(parameters).get('Timestamp') ?? '') };
}

describe('signature V1 vectors', () => {
  it.each(VECTORS)('$name verifies, wherever the parameters stand', async ({ text, signature }) => {
    const { method, parameters, at } = wireOf(text);
    const emulator = await Emulator.start({ start: at });
    const session = { token: 'CAIS/tok+en==', expiresAt: at + 60_000, arn: 'acs:ram::1:assumed-role/x/y' };
    const hasToken = parameters.some(([name]) => name === 'SecurityToken');
    emulator.world.key({
      cloud: 'alibaba',
      id: 'testid',
      secret: 'testsecret',
      account: a.id,
      ...(hasToken ? { session } : {}),
    });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const send = (given: string, inQuery: (name: string) => boolean) => {
      const all: [string, string][] = [...parameters, ['Signature', given]];
      const part = (wanted: boolean) =>
        new URLSearchParams(all.filter(([name]) => inQuery(name) === wanted)).toString();
      const body = part(false);
      return raw(emulator, `/?${part(true)}`, { method, ...(body === '' ? {} : { headers: form, body }) });
    };
    try {
      const wrong = await send(`${signature.slice(0, 5)}AAA${signature.slice(8)}`, () => true);
      expect(wrong.status).toBe(400);
      expect(wrong.body).toContain('SignatureDoesNotMatch');
      const shown = wrong.body.includes('<Error>') ? wrong.body.replaceAll('&amp;', '&') : wrong.body;
      expect(shown).toContain(`server string to sign is:${text}`);
      // business parameters in the form, common ones in the query: the union counts
      const mixed = await send(signature, (name) => method === 'GET' || /^[A-Z][A-Za-z]*(Id|Token)?$/.test(name));
      expect(mixed.body).not.toMatch(/Signature(DoesNotMatch|NonceUsed)|IncompleteSignature|TimeStamp/);
      const replayed = await send(signature, () => true);
      expect(replayed.body).toContain('SignatureNonceUsed');
    } finally {
      expect(emulator.crashes).toEqual([]);
      await emulator.close();
    }
  });
});

describe('signature V3 vector (ACS3-HMAC-SHA256)', () => {
  it('verifies, and a changed query does not', async () => {
    const emulator = await Emulator.start({ start: Date.parse('2026-11-20T09:19:49Z') });
    emulator.world.key({ cloud: 'alibaba', id: 'testid', secret: 'testsecret', account: a.id });
    const headers = {
      host: '127.0.0.1:46083',
      'x-acs-action': 'DescribeRouterInterfaces',
      'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'x-acs-credentials-provider': 'static_ak',
      'x-acs-date': '2026-11-20T09:19:49Z',
      'x-acs-signature-nonce': '487f200cc2ae4c76dfc12619d59a3888ec11b9f38560ad2a734e47ddb979db1c',
      'x-acs-version': '2016-04-28',
      authorization:
        'ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-credentials-provider;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=359901b5c421f553154711df4a24d2e83ccd934cebbb1409ebfa7ea3b75a6509',
    };
    const query = 'Filter.1.Key=RouterInterfaceId&Filter.1.Value.1=ri-1&Filter.1.Value.2=ri-2&RegionId=cn-hangzhou';
    try {
      const changed = await raw(emulator, `/?${query}&PageSize=5`, { method: 'POST', headers });
      expect(changed.body).toContain(
        'Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256',
      );
      const right = await raw(emulator, `/?${query}`, { method: 'POST', headers });
      expect(right.body).not.toContain('Signature');
    } finally {
      await emulator.close();
    }
  });

  it('must cover the headers that say what is asked, when, and once', async () => {
    const emulator = await Emulator.start({});
    const send = async (signed: readonly string[], body = '') => {
      const hash = (text: string) => createHash('sha256').update(text).digest('hex');
      const all: Record<string, string> = {
        host: '127.0.0.1',
        'x-acs-action': 'DescribeRegions',
        'x-acs-content-sha256': hash(''),
        'x-acs-date': `${new Date().toISOString().slice(0, 19)}Z`,
        'x-acs-signature-nonce': String(Math.random()),
        'x-acs-version': VERSIONS.Vpc,
      };
      const lines = signed.map((name) => `${name}:${all[name] ?? ''}`);
      const canonical = ['POST', '/', '', ...lines, '', signed.join(';'), hash('')].join('\n');
      const signature = createHmac('sha256', a.accessKeySecret)
        .update(`ACS3-HMAC-SHA256\n${hash(canonical)}`)
        .digest('hex');
      const authorization = `ACS3-HMAC-SHA256 Credential=${a.accessKeyId},SignedHeaders=${signed.join(';')},Signature=${signature}`;
      const answer = await raw(emulator, '/', { method: 'POST', headers: { ...all, authorization }, body });
      return (JSON.parse(answer.body) as { Code?: string }).Code;
    };
    const every = [
      'host',
      'x-acs-action',
      'x-acs-content-sha256',
      'x-acs-date',
      'x-acs-signature-nonce',
      'x-acs-version',
    ];
    try {
      expect(await send(every)).toBeUndefined();
      // the body that arrives is what counts, not the hash that the header claims
      expect(await send(every, 'RegionId=x')).toBe('SignatureDoesNotMatch');
      for (const left of every.filter((name) => name !== 'x-acs-content-sha256')) {
        expect([left, await send(every.filter((name) => name !== left))]).toEqual([left, 'IncompleteSignature']);
      }
    } finally {
      await emulator.close();
    }
  });
});

interface TeaClient {
  callApi(params: object, request: object, runtime: object): Promise<{ body: Record<string, unknown> }>;
}
const require = createRequire(import.meta.url);
const openapi = require('@alicloud/openapi-client') as {
  default: new (config: object) => TeaClient;
  OpenApiRequest: new (fields: object) => object;
  Params: new (fields: object) => object;
  Config: new (fields: object) => object;
};
const { RuntimeOptions } = createRequire(require.resolve('@alicloud/openapi-client'))('@alicloud/tea-util') as {
  RuntimeOptions: new (fields: object) => object;
};

function tea(emulator: Emulator, key: Key, signatureAlgorithm?: 'v2') {
  const client = new openapi.default(
    new openapi.Config({
      ...key,
      endpoint: emulator.alibaba.endpoint.replace('http://', ''),
      protocol: 'HTTP',
      ...(signatureAlgorithm === undefined ? {} : { signatureAlgorithm }),
    }),
  );
  return async (action: string, query: object, body: object = {}): Promise<Record<string, unknown>> => {
    const params = new openapi.Params({
      action,
      version: VERSIONS.VpcPeer,
      protocol: 'HTTP',
      method: 'POST',
      authType: 'AK',
      style: 'RPC',
      pathname: '/',
      reqBodyType: 'formData',
      bodyType: 'json',
    });
    return (await client.callApi(params, new openapi.OpenApiRequest({ query, body }), new RuntimeOptions({}))).body;
  };
}

describe('vendor clients', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await Emulator.start({ seed: 7 });
  });
  afterEach(() => {
    expect(emulator.crashes).toEqual([]);
    emulator.reset();
  });
  afterAll(() => emulator.close());

  const web = network('a', 'cn-hangzhou', 'web');
  const data = network('a', 'cn-hangzhou', 'data');
  const pair = {
    RegionId: 'cn-hangzhou',
    VpcId: web.id,
    AcceptingAliUid: a.id,
    AcceptingRegionId: 'cn-hangzhou',
    AcceptingVpcId: data.id,
  };

  it.each(['GET', 'POST'])('pop-core over %s creates, reads and deletes a peering', async (method) => {
    const call = caller(emulator, a, { method });
    const Description = "it's (a) *test*! 中文 a+b~c=&";
    const { InstanceId } = await call('VpcPeer', 'CreateVpcPeerConnection', {
      ...pair,
      Description,
      Tag: [{ Key: 'k', Value: 'a b*~+' }],
    });
    expect(InstanceId).toMatch(/^pcc-[a-z0-9]{18}$/);
    expect(await call('VpcPeer', 'GetVpcPeerConnectionAttribute', { InstanceId })).toMatchObject({
      Status: 'Creating',
      Description,
      Tags: [{ Key: 'k', Value: 'a b*~+' }],
    });
    emulator.clock.advance(4_000);
    expect(await call('VpcPeer', 'GetVpcPeerConnectionAttribute', { InstanceId })).toMatchObject({
      Status: 'Activated',
    });
    await call('VpcPeer', 'DeleteVpcPeerConnection', { InstanceId });
    emulator.clock.advance(5_000);
    expect(await codeOf(call('VpcPeer', 'GetVpcPeerConnectionAttribute', { InstanceId }))).toBe(
      'ResourceNotFound.InstanceId',
    );
  });

  it.each([
    ['V1', 'v2'],
    ['V3', undefined],
  ] as const)('openapi-client with signature %s creates, reads and deletes a peering', async (_, algorithm) => {
    const call = tea(emulator, a, algorithm);
    const { InstanceId } = await call('CreateVpcPeerConnection', {}, { ...pair, Name: '中文 '.trim() });
    emulator.clock.advance(4_000);
    expect(await call('GetVpcPeerConnectionAttribute', {}, { InstanceId })).toMatchObject({
      Status: 'Activated',
      Name: '中文',
    });
    await call('DeleteVpcPeerConnection', {}, { InstanceId });
    emulator.clock.advance(5_000);
    await expect(call('GetVpcPeerConnectionAttribute', {}, { InstanceId })).rejects.toMatchObject({
      code: 'ResourceNotFound.InstanceId',
    });
  });

  it('openapi-client drives every operation that the ledger says it drives', async () => {
    const call = tea(emulator, a);
    const foreign = { ...pair, AcceptingAliUid: b.id, AcceptingVpcId: network('b', 'cn-hangzhou', 'web').id };
    const { InstanceId } = await call('CreateVpcPeerConnection', {}, foreign);
    emulator.clock.advance(4_000);
    await tea(emulator, b)('AcceptVpcPeerConnection', {}, { InstanceId });
    emulator.clock.advance(4_000);
    expect(await call('ListVpcPeerConnections', {}, { RegionId: 'cn-hangzhou' })).toMatchObject({ TotalCount: 1 });
    await call('GetVpcPeerConnectionAttribute', {}, { InstanceId });
    await call('DeleteVpcPeerConnection', {}, { InstanceId });
    const driven = new Set(emulator.requests.map(({ operation }) => operation));
    const claimed = emulator
      .operations('alibaba')
      .filter(({ description }) => description.evidence.clients.includes('@alicloud/openapi-client'));
    expect(claimed.map(({ description }) => description.name).sort()).toEqual([...driven].sort());
  });

  it.each([
    ['V1', 'v2'],
    ['V3', undefined],
  ] as const)('refuses a wrong secret and an unknown key (%s)', async (_, algorithm) => {
    const wrong = tea(emulator, { ...a, accessKeySecret: 'wrong' }, algorithm);
    await expect(wrong('ListVpcPeerConnections', {})).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
    const unknown = tea(emulator, { ...a, accessKeyId: 'LTAInobody' }, algorithm);
    await expect(unknown('ListVpcPeerConnections', {})).rejects.toMatchObject({
      code: 'InvalidAccessKeyId.NotFound',
      statusCode: 404,
    });
    expect(emulator.requests.every(({ account }) => account === undefined)).toBe(true);
  });

  it('refuses expired and malformed timestamps, replayed nonces and unsigned requests', async () => {
    const call = caller(emulator);
    const list = (params: object) => codeOf(call('VpcPeer', 'ListVpcPeerConnections', params));
    const stamp = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
    expect(await list({ Timestamp: stamp(Date.now() - 16 * 60_000) })).toBe('InvalidTimeStamp.Expired');
    expect(await list({ Timestamp: stamp(Date.now() + 16 * 60_000) })).toBe('InvalidTimeStamp.Expired');
    expect(await list({ Timestamp: 'yesterday' })).toBe('InvalidTimeStamp.Format');
    await call('VpcPeer', 'ListVpcPeerConnections', { SignatureNonce: 'once' });
    expect(await list({ SignatureNonce: 'once' })).toBe('SignatureNonceUsed');
    // a week later on the virtual clock both clocks are good to sign with, and the nonce is forgotten
    emulator.clock.advance(7 * 24 * 3_600_000);
    await call('VpcPeer', 'ListVpcPeerConnections', { SignatureNonce: 'once' });
    await call('VpcPeer', 'ListVpcPeerConnections', { Timestamp: stamp(emulator.clock.now()) });
    expect(await list({ Timestamp: stamp(emulator.clock.now() - 24 * 3_600_000) })).toBe('InvalidTimeStamp.Expired');
    const unsigned = await raw(emulator, '/?Action=DescribeVpcs&Version=2016-04-28&Format=JSON');
    expect(JSON.parse(unsigned.body)).toMatchObject({ Code: 'MissingAccessKeyId' });
    const half = await raw(
      emulator,
      `/?Action=DescribeVpcs&Version=2016-04-28&Format=JSON&AccessKeyId=${a.accessKeyId}`,
    );
    expect(JSON.parse(half.body)).toMatchObject({ Code: 'IncompleteSignature' });
    const verb = await raw(emulator, '/', { method: 'PUT' });
    expect(verb.status).toBe(403);
  });

  it('a disabled key, a least-privilege key and a forged account are refused in the cloud’s words', async () => {
    const disabled = { accessKeyId: 'LTAIdisabled', accessKeySecret: 's' };
    emulator.world.key({ cloud: 'alibaba', id: disabled.accessKeyId, secret: 's', account: a.id, disabled: true });
    expect(await codeOf(caller(emulator, disabled)('Vpc', 'DescribeVpcs'))).toBe('InvalidAccessKeyId.Inactive');
    const reader = { accessKeyId: 'LTAIreader', accessKeySecret: 's' };
    const statements = [
      { effect: 'Allow', actions: ['vpc:Get*', 'vpc:List*', 'vpc:Describe*'] },
      { effect: 'Deny', actions: ['vpc:DescribeVpcAttribute'] },
    ] as const;
    emulator.world.key({
      cloud: 'alibaba',
      id: reader.accessKeyId,
      secret: 's',
      account: a.id,
      policy: { statements },
    });
    const read = caller(emulator, reader);
    await read('Vpc', 'DescribeVpcs', { RegionId: 'cn-hangzhou' });
    const refused = read('VpcPeer', 'CreateVpcPeerConnection', pair);
    await expect(refused).rejects.toMatchObject({ code: 'Forbidden.RAM', entry: { response: { statusCode: 403 } } });
    expect(await codeOf(read('Vpc', 'DescribeVpcAttribute', { RegionId: 'cn-hangzhou', VpcId: web.id }))).toBe(
      'Forbidden.RAM',
    );
  });

  it('issues, checks and expires session tokens', async () => {
    const call = caller(emulator, b);
    const me = await call('Sts', 'GetCallerIdentity');
    expect(me).toMatchObject({ AccountId: b.id, IdentityType: 'Account' });
    const role = { RoleArn: `acs:ram::${a.id}:role/Network`, RoleSessionName: 'peerway' };
    const Policy = JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: ['vpc:Describe*', 'sts:*'] }],
    });
    const assumed = await call('Sts', 'AssumeRole', { ...role, DurationSeconds: 900, Policy });
    const session = {
      accessKeyId: String(at(assumed, 'Credentials.AccessKeyId')),
      accessKeySecret: String(at(assumed, 'Credentials.AccessKeySecret')),
      securityToken: String(at(assumed, 'Credentials.SecurityToken')),
    };
    expect(session.accessKeyId).toMatch(/^STS\./);
    const temporary = caller(emulator, session);
    expect(await temporary('Sts', 'GetCallerIdentity')).toMatchObject({
      AccountId: a.id,
      IdentityType: 'AssumedRoleUser',
    });
    expect(await temporary('Vpc', 'DescribeVpcs', { RegionId: 'cn-hangzhou' })).toMatchObject({ TotalCount: 3 });
    expect(await codeOf(temporary('VpcPeer', 'ListVpcPeerConnections'))).toBe('Forbidden.RAM');
    const { accessKeyId, accessKeySecret } = session;
    expect(await codeOf(caller(emulator, { accessKeyId, accessKeySecret })('Vpc', 'DescribeVpcs'))).toBe(
      'MissingSecurityToken',
    );
    const forged = caller(emulator, { ...session, securityToken: 'forged' });
    expect(await codeOf(forged('Vpc', 'DescribeVpcs'))).toBe('InvalidSecurityToken.Malformed');
    const foreign = caller(emulator, { ...a, securityToken: session.securityToken });
    expect(await codeOf(foreign('Vpc', 'DescribeVpcs'))).toBe('InvalidSecurityToken.MismatchWithAccessKey');
    emulator.clock.advance(900_000);
    expect(await codeOf(temporary('Vpc', 'DescribeVpcs', { RegionId: 'cn-hangzhou' }))).toBe(
      'InvalidSecurityToken.Expired',
    );
    expect(await codeOf(call('Sts', 'AssumeRole', { ...role, DurationSeconds: 10 }))).toBe(
      'InvalidParameter.DurationSeconds',
    );
    expect(await codeOf(call('Sts', 'AssumeRole', { ...role, Policy: 'no' }))).toBe('InvalidParameter.PolicyGrammar');
    expect(await codeOf(call('Sts', 'AssumeRole', { ...role, RoleArn: 'acs:ram::1:role/x' }))).toBe(
      'EntityNotExist.Role',
    );
  });

  it('answers XML when nothing else is asked for, JSON otherwise', async () => {
    const signed = (parameters: Record<string, string>) => {
      const all = {
        AccessKeyId: a.accessKeyId,
        Action: 'ListVpcPeerConnections',
        Version: VERSIONS.VpcPeer,
        SignatureMethod: 'HMAC-SHA1',
        SignatureVersion: '1.0',
        SignatureNonce: `n${Math.random()}`,
        SignatureType: '',
        Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
        ...parameters,
      };
      const canonical = Object.entries(all)
        .sort(([x], [y]) => (x < y ? -1 : 1))
        .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
        .join('&');
      const signature = createHmac('sha1', `${a.accessKeySecret}&`)
        .update(`GET&%2F&${encodeURIComponent(canonical)}`)
        .digest('base64');
      return `/?${canonical}&Signature=${encodeURIComponent(signature)}`;
    };
    const xml = await raw(emulator, signed({}));
    expect(xml.body).toMatch(/^<\?xml.*<ListVpcPeerConnectionsResponse><RequestId>[0-9A-F-]{36}<\/RequestId>/s);
    const error = await raw(emulator, signed({ Format: 'XML', MaxResults: '0' }));
    expect(error.body).toContain('<Error>');
    expect(error.status).toBe(400);
    expect(JSON.parse((await raw(emulator, signed({ Format: 'json' }))).body)).toMatchObject({ TotalCount: 0 });
  });
});
