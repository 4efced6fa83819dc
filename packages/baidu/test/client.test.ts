/** The client on a server that misbehaves in every way that a cloud, a proxy and a network can. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createCall,
  networkId,
  parseCidr,
  peeringId,
  regionId,
  routeId,
  routeTableId,
  type ErrorCode,
  type Provider,
  type RequestInfo,
  type RequestOutcome,
} from '@peerway/core';
import { baidu, baiduPeerconn, baiduVpc, type PeerConnRecord } from '../src/index.js';
import { caught } from './asking.js';
import { NOW, rig, SECRET, Stub, TOKEN, type Said } from './stub.js';

let stub: Stub;
const opened: Provider[] = [];
beforeAll(async () => {
  stub = await Stub.start();
});
afterAll(async () => {
  await Promise.all(opened.map((provider) => provider.close()));
  await stub.close();
});

const open = async (changes: Parameters<typeof rig>[1] = {}): ReturnType<typeof rig> => {
  const made = await rig(stub.endpoint, changes);
  opened.push(made.provider);
  return made;
};

const LINK = peeringId('peerconn-9td54fmx143e');
const WEB = networkId('vpc-a1b2c3d4e5f6');
const DATA = networkId('vpc-f6e5d4c3b2a1');
const SAME_REGION = { region: regionId('bj'), network: DATA };
const ROUTE = {
  table: routeTableId('rt-1'),
  destination: parseCidr('10.0.0.0/8'),
  nextHop: { kind: 'peering', id: 'qpif-1' },
} as const;
const RECORD: PeerConnRecord = {
  peerConnId: LINK,
  role: 'initiator',
  status: 'active',
  bandwidthInMbps: 10,
  description: '',
  localIfId: 'qpif-ken2yc9j8x56',
  localVpcId: WEB,
  localRegion: 'bj',
  peerVpcId: DATA,
  peerRegion: 'bj',
  peerAccountId: '0123456789abcdef0123456789abcdef',
  dnsStatus: 'close',
  createdTime: '2026-01-01 08:00:00',
  expiredTime: null,
  tags: [],
  deleteProtect: false,
};
const error = (status: number, code: string, message = 'said by the cloud'): Said => ({
  status,
  body: { code, message, requestId: 'c4abab14' },
});

describe('what goes over the wire', () => {
  it('dates, signs and names every request, with the token in the query only', async () => {
    const { provider } = await open({
      credentials: { accessKeyId: 'ak', accessKeySecret: SECRET, securityToken: TOKEN },
    });
    stub.says({ body: { peerConnId: LINK } });
    await provider.peerings.request({
      initiator: WEB,
      acceptor: SAME_REGION,
      tags: { 'peerway.stack': 'shop' },
      clientToken: 'token-1',
    });
    const [asked] = stub.asked;
    expect(asked).toMatchObject({
      method: 'POST',
      url: '/v1/peerconn?clientToken=token-1',
      headers: {
        host: stub.endpoint.slice('http://'.length),
        'content-type': 'application/json; charset=utf-8',
        'x-bce-date': '2026-01-01T00:00:00Z',
        'x-bce-security-token': TOKEN,
        'content-length': String(JSON.stringify(asked?.body).length),
        connection: 'keep-alive',
      },
      body: {
        bandwidthInMbps: 10,
        localVpcId: WEB,
        peerVpcId: DATA,
        peerRegion: 'bj',
        billing: { paymentTiming: 'Postpaid' },
        tags: [{ tagKey: 'peerway.stack', tagValue: 'shop' }],
      },
    });
    expect(asked?.headers.authorization).toMatch(
      /^bce-auth-v1\/ak\/2026-01-01T00:00:00Z\/1800\/content-length;content-type;host;x-bce-date;x-bce-security-token\/[0-9a-f]{64}$/,
    );
    expect(asked?.body).not.toHaveProperty('clientToken');
    expect(asked?.body).not.toHaveProperty('peerAccountId');
  });

  it('sends a flag bare, an empty body with length 0, and the same bytes that it signed', async () => {
    const { provider } = await open();
    stub.says({});
    await provider.native(baiduPeerconn)?.acceptPeerConn(LINK, { clientToken: 't-1' });
    await provider
      .native(baiduVpc)
      ?.deleteVpc('vpc-1')
      .catch(() => undefined);
    expect(stub.asked[0]).toMatchObject({
      method: 'PUT',
      url: `/v1/peerconn/${LINK}?accept&clientToken=t-1`,
      headers: { 'content-length': '0' },
    });
    expect(stub.asked[0]?.headers).not.toHaveProperty('transfer-encoding');
    expect(stub.asked[1]).toMatchObject({ method: 'DELETE', url: '/v1/vpc/vpc-1' });
    stub.says({ body: { vpcs: [] } });
    await provider.native(baiduVpc)?.queryVpcList({ marker: "a b/c~d!(中)*'&=+" });
    expect(stub.asked[0]?.url).toBe('/v1/vpc?marker=a%20b%2Fc~d%21%28%E4%B8%AD%29%2A%27%26%3D%2B');
  });

  it('refuses an id that would leave its place in the path', async () => {
    const { provider } = await open();
    stub.says({});
    for (const id of ['../vpc', 'a/b', '', '..', 'x?accept']) {
      expect((await caught(provider.native(baiduPeerconn)!.releasePeerConn(id))).code).toBe('InvalidArgument');
    }
    expect(stub.asked).toHaveLength(0);
  });

  it('tells the observer of every request and answer', async () => {
    const seen: (RequestInfo | RequestOutcome)[] = [];
    const { provider } = await open({
      observer: {
        requestSent: (_, request) => seen.push(request),
        requestAnswered: (_, _request, outcome) => seen.push(outcome),
      },
    });
    stub.says(error(503, 'ServiceInternalError'), { body: RECORD });
    await provider.peerings.get(LINK);
    const request = { nativeOperation: `GetPeerConn GET /v1/peerconn/${LINK}`, mutating: false };
    expect(seen).toEqual([
      request,
      { httpStatus: 503, nativeCode: 'ServiceInternalError', requestId: 'req-1', durationMs: 0 },
      request,
      { httpStatus: 200, requestId: 'req-2', durationMs: 0 },
    ]);
  });

  it('goes straight to this machine, whatever proxy the environment names', async () => {
    const names = ['http_proxy', 'HTTP_PROXY', 'no_proxy', 'NO_PROXY'];
    const before = names.map((name) => [name, process.env[name]] as const);
    for (const [name] of before) delete process.env[name];
    process.env['http_proxy'] = process.env['HTTP_PROXY'] = 'http://127.0.0.1:1';
    try {
      const { provider } = await open();
      stub.says({ body: RECORD });
      expect((await provider.peerings.get(LINK)).state).toBe('active');
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  it('never sends a change in a read-only call', async () => {
    const { driver } = await open();
    const call = createCall('baidu', { signal: new AbortController().signal, readOnly: true });
    stub.says({ body: RECORD });
    const changes = [
      () => driver.peerings.accept(LINK, call),
      () => driver.peerings.reject(LINK, call),
      () => driver.peerings.delete(LINK, 'initiator', call),
      () => driver.peerings.update(LINK, 'initiator', { kind: 'labels', description: 'x' }, call),
      () => driver.routes.delete({ id: routeId('rr-1'), network: WEB, ...ROUTE }, call),
    ];
    for (const change of changes) expect((await caught(change())).code).toBe('FailedPrecondition');
    expect(stub.asked.every(({ method }) => method === 'GET')).toBe(true);
  });
});

describe('bad answers', () => {
  const read = (provider: Provider) => provider.peerings.get(LINK);
  const write = (provider: Provider) =>
    provider.peerings.request({
      initiator: WEB,
      acceptor: SAME_REGION,
      clientToken: 't',
    });
  const once = { maxTries: 1, backoffMs: 1, maxBackoffMs: 1, settleMs: 1, settleForMs: 0 };

  it.each<[string, Said]>([
    ['500 with JSON', error(500, 'InternalError')],
    ['500 with HTML', { status: 500, body: '<html>oops</html>', headers: { 'content-type': 'text/html' } }],
    ['500 with nothing', { status: 500 }],
    ['502 of a proxy', { status: 502, body: '<html>', anonymous: true }],
    ['504', { status: 504 }],
    ['truncated JSON', { body: '{"peerConnId":"peerconn-9td5' }],
    ['HTML with status 200', { body: '<html>log in</html>' }],
    ['a body cut in the middle', { body: RECORD, cut: 'middle' }],
    ['a connection cut before the answer', { cut: 'before' }],
    ['JSON that is no object', { body: '"ok"' }],
  ])('%s: a read is repeated, a write is repeated with the same token, its outcome unknown', async (_, said) => {
    const { provider } = await open();
    stub.says(said, said, { body: RECORD });
    expect((await read(provider)).id).toBe(LINK);
    expect(stub.asked).toHaveLength(3);

    stub.says(said, { body: { peerConnId: LINK } });
    expect(await write(provider)).toBe(LINK);
    expect(stub.asked.map(({ url }) => url)).toEqual(['/v1/peerconn?clientToken=t', '/v1/peerconn?clientToken=t']);

    stub.says(said);
    const { driver } = await open();
    const call = createCall('baidu', { signal: new AbortController().signal, readOnly: false });
    const token = { mechanism: 'peerconn', initiator: WEB, acceptor: SAME_REGION, tags: {}, clientToken: 't' };
    expect(await caught(driver.peerings.create(token, call))).toMatchObject({
      code: 'Unavailable',
      details: { outcome: 'unknown' },
    });
    expect((await caught(driver.peerings.get(LINK, 'initiator', call))).details.outcome).toBeUndefined();
  });

  it('takes no answer at all for Unavailable, and knows when nothing was sent', async () => {
    const gone = await Stub.start();
    const { endpoint } = gone;
    await gone.close();
    const { provider } = await rig(endpoint, { retryPolicy: once });
    opened.push(provider);
    const thrown = await caught(write(provider));
    expect(thrown).toMatchObject({ code: 'Unavailable', details: { provider: 'baidu' } });
    expect(thrown.details).not.toHaveProperty('httpStatus');
    expect(thrown.details.outcome).toBeUndefined();
  });

  it.each([{ silent: true }, { dripping: true }])('gives up waiting after the set time: %j', async (said) => {
    const options = Object.assign(new baidu.options(), { requestTimeoutMs: 100 });
    const silent = await Stub.start();
    const { provider } = await rig(silent.endpoint, { retryPolicy: once, options });
    opened.push(provider);
    silent.says(said);
    const message = expect.stringContaining('no answer in time') as unknown;
    expect(await caught(read(provider))).toMatchObject({ code: 'Unavailable', message });
    await silent.close();
  });

  it('stops at once when the caller gives up', async () => {
    const { provider } = await open();
    const gaveUp = new AbortController();
    stub.says(() => {
      gaveUp.abort();
      return { silent: true };
    });
    const read = await caught(provider.peerings.get(LINK, { signal: gaveUp.signal }));
    expect([read.code, read.details.outcome]).toEqual(['Canceled', undefined]);
    expect(stub.asked).toHaveLength(1);

    const gaveUpWriting = new AbortController();
    stub.says(() => {
      gaveUpWriting.abort();
      return { silent: true };
    });
    const write = await caught(provider.peerings.requestDelete(LINK, { signal: gaveUpWriting.signal }));
    expect([write.code, write.details.outcome]).toEqual(['Canceled', 'unknown']);
  });

  it('a change is done only when the cloud itself says so', async () => {
    const { provider } = await open();
    const change = { deletionProtection: true };
    stub.says({ body: '<html>log in</html>', anonymous: true }, {});
    await provider.peerings.update(LINK, change, { wait: false });
    expect(stub.asked).toHaveLength(2);
  });

  it('a redirect and a proxy page are never followed, and never mean "gone"', async () => {
    const { provider } = await open();
    for (const said of [
      { status: 302, headers: { location: `${stub.endpoint}/elsewhere` }, anonymous: true },
      { status: 404, body: '<html>no such page</html>', anonymous: true },
    ]) {
      stub.says(said);
      expect((await caught(provider.peerings.requestDelete(LINK))).code).toBe('Unknown');
      expect(stub.asked).toHaveLength(1);
    }
  });
});

describe('not found', () => {
  it.each<[string, Said]>([
    ['2xx and an empty body', {}],
    ['404', { status: 404 }],
    ['NoSuchObject', error(404, 'NoSuchObject')],
    ['a body without an id', { body: {} }],
    ['a code of the same family', error(400, 'PeerConnNotExist')],
  ])('%s', async (_, said) => {
    const { provider } = await open();
    stub.says(said);
    expect(await provider.peerings.find(LINK)).toBeUndefined();
    expect(stub.asked).toHaveLength(1);
  });

  it.each<[string, Said]>([
    ['without the request id', { anonymous: true }],
    ['without a length, where a cut cannot be told from an end', { unbounded: true }],
  ])('an empty body %s is no proof', async (_, said) => {
    const { provider } = await open();
    stub.says(said, said, { body: RECORD });
    expect((await provider.peerings.get(LINK)).state).toBe('active');
    expect(stub.asked).toHaveLength(3);
  });

  it('an empty listing body is a broken answer, not an empty list', async () => {
    const { provider } = await open();
    stub.says({}, { body: { peerConns: [] } });
    for await (const peering of provider.peerings.list()) throw new Error(peering.id);
    expect(stub.asked).toHaveLength(2);
  });
});

describe('error codes', () => {
  const CASES: readonly [status: number, code: string, ours: ErrorCode, tries: number][] = [
    [403, 'AccessDenied', 'PermissionDenied', 1],
    [403, 'QualifyNotPass', 'PermissionDenied', 1],
    [403, 'OptInRequired', 'PaymentRequired', 1],
    [400, 'SignatureDoesNotMatch', 'Unauthenticated', 1],
    [400, 'InvalidHTTPAuthHeader', 'Unauthenticated', 1],
    [403, 'InvalidAccessKeyId', 'Unauthenticated', 1],
    [400, 'BadRequest', 'InvalidArgument', 1],
    [400, 'InappropriateJSON', 'InvalidArgument', 1],
    [400, 'NeverSeenBefore', 'Unknown', 1],
    [413, 'LimitExceeded', 'QuotaExceeded', 1],
    [400, 'QuotaLimitExceeded', 'QuotaExceeded', 1],
    [403, 'IdempotentParameterMismatch', 'InvalidArgument', 1],
    [409, 'RouteRuleRepeated', 'AlreadyExists', 1],
    [409, 'CidrConflict', 'InvalidArgument', 1],
    [409, 'OperationDenied', 'FailedPrecondition', 1],
    [400, 'RateLimitExceeded', 'Throttled', 6],
    [429, 'Whatever', 'Throttled', 6],
    [400, 'RequestExpired', 'Unauthenticated', 2],
    [403, 'RequestTimeTooSkewed', 'Unauthenticated', 2],
    [418, 'Teapot', 'Unknown', 1],
  ];
  it.each(CASES)('%i %s → %s, %i requests', async (status, code, ours, tries) => {
    const { provider } = await open();
    stub.says(error(status, code));
    const thrown = await caught(provider.routes.create({ network: WEB, ...ROUTE }, { wait: false }));
    expect(thrown).toMatchObject({
      code: ours,
      details: {
        nativeCode: code,
        httpStatus: status,
        requestId: `req-${tries}`,
        nativeOperation: 'CreateRoutingRules',
      },
    });
    expect(stub.asked).toHaveLength(tries);
  });

  it('asks again after a skewed clock with the time of the server, and remembers it', async () => {
    const { provider, clock } = await open();
    const server = NOW + 20 * 60_000;
    stub.says({ ...error(400, 'RequestExpired'), headers: { date: new Date(server).toUTCString() } }, { body: RECORD });
    await provider.peerings.get(LINK);
    clock.advance(1_000);
    await provider.peerings.get(LINK);
    expect(stub.asked.map(({ headers }) => headers['x-bce-date'])).toEqual([
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:20:00Z',
      '2026-01-01T00:20:01Z',
    ]);
    expect(new Set(stub.asked.map(({ headers }) => headers.authorization)).size).toBe(3);
  });

  it('waits as long as the server asks', async () => {
    const { provider, clock } = await open();
    stub.says({ ...error(429, 'RateLimit'), headers: { 'retry-after': '37' } }, { body: RECORD });
    await provider.peerings.get(LINK);
    expect(clock.now() - NOW).toBe(37_000);
  });
});
