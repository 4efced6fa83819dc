/** The wire itself: authentication and its order of checks, parsing, error envelope, client tokens, paging. */
import { describe, expect, it } from '@jest/globals';
import {
  a,
  aBj,
  aGz,
  at,
  bBj,
  create,
  createBody,
  data,
  emulator,
  emulatorPerTest,
  foreign,
  jobs,
  network,
  OK,
  outcome,
  raw,
  sameAccount,
  settle,
  web,
  Wire,
} from './baiduWire.js';
import type { Answer } from './baiduWire.js';

const HOUR = 3_600_000;

emulatorPerTest(6);

describe('authentication', () => {
  it('checks header, key, time, signature, token in this order', async () => {
    const unknown = new Wire(emulator, { accessKeyId: 'nobody', accessKeySecret: 'x' });
    const wrong = new Wire(emulator, { ...a, accessKeySecret: 'x' });
    const old = { at: 1_600_000_000 };
    expect(outcome(await raw('GET', '/v1/vpc'))).toEqual([400, 'InvalidHTTPAuthHeader']);
    expect(outcome(await raw('GET', '/v1/vpc', { authorization: 'Bearer x' }))).toEqual([400, 'InvalidHTTPAuthHeader']);
    expect(outcome(await unknown.send('GET', '/v1/vpc', old))).toEqual([403, 'InvalidAccessKeyId']);
    const expired = await wrong.send('GET', '/v1/vpc', old);
    expect(outcome(expired)).toEqual([400, 'RequestExpired']);
    expect(expired.body.message).toContain('2020-09-13T12:26:40Z');
    expect(outcome(await wrong.get('/v1/vpc'))).toEqual([400, 'SignatureDoesNotMatch']);
    // the signature comes before anything that the request says
    expect(outcome(await wrong.get('/v1/nonsense'))).toEqual([400, 'SignatureDoesNotMatch']);
    expect(outcome(await wrong.send('POST', '/v1/peerconn', { body: '{"a":' }))).toEqual([
      400,
      'SignatureDoesNotMatch',
    ]);
  });

  it('accepts the time of its own clock and of the machine, up to the expiration and the tolerance', async () => {
    const now = Math.floor(emulator.clock.now() / 1000);
    const signedAt = async (seconds: number, expires = 1800) =>
      outcome(await aBj.send('GET', '/v1/vpc', { at: seconds, expires }));
    expect(await signedAt(now - 1790)).toEqual(OK);
    expect(await signedAt(now - 1830)).toEqual([400, 'RequestExpired']);
    expect(await signedAt(now - 50, 20)).toEqual([400, 'RequestExpired']);
    expect(await signedAt(now + 280)).toEqual(OK);
    expect(await signedAt(now + 1200)).toEqual([400, 'RequestExpired']);
    emulator.rules.set({ 'baidu.auth.futureCode': 'RequestTimeTooSkewed' });
    expect(await signedAt(now + 1200)).toEqual([403, 'RequestTimeTooSkewed']);
    emulator.rules.set({ 'baidu.auth.futureToleranceMs': 2 * HOUR });
    expect(await signedAt(now + 1200)).toEqual(OK);
    settle(48 * HOUR);
    expect(await signedAt(now)).toEqual(OK);
    expect(await signedAt(now + 48 * 3600)).toEqual(OK);
    expect(await signedAt(now + 24 * 3600)).toEqual([400, 'RequestExpired']);
    expect(await signedAt(now + 24 * 3600, -1)).toEqual([400, 'RequestExpired']);
    emulator.rules.set({ 'baidu.auth.negativeExpirationIsForever': true });
    expect(await signedAt(now + 24 * 3600, -1)).toEqual(OK);
  });

  it('says its own time, so that a client whose clock is 20 minutes off can correct it', async () => {
    settle(90 * HOUR);
    const now = emulator.clock.now();
    const refused = await aBj.send('GET', '/v1/vpc', { at: now / 1000 - 40 * 60 });
    expect(outcome(refused)).toEqual([400, 'RequestExpired']);
    expect(Date.parse(refused.headers.get('date') ?? '')).toBe(Math.floor(now / 1000) * 1000);
  });

  it('wants the session token of temporary keys, in the header or the query', async () => {
    const session = { token: 'tok/+==', expiresAt: emulator.clock.now() + HOUR, arn: '' };
    emulator.world.key({ cloud: 'baidu', id: 'temporary', secret: 's', account: a.id, session });
    const temporary = new Wire(emulator, { accessKeyId: 'temporary', accessKeySecret: 's' });
    const name = 'x-bce-security-token';
    expect(outcome(await temporary.get('/v1/vpc'))).toEqual([403, 'AccessDenied']);
    expect(outcome(await temporary.send('GET', '/v1/vpc', { headers: { [name]: 'other' } }))).toEqual([
      403,
      'AccessDenied',
    ]);
    expect(outcome(await temporary.send('GET', '/v1/vpc', { headers: { [name]: session.token } }))).toEqual(OK);
    expect(outcome(await temporary.send('GET', '/v1/vpc', { query: { [name]: session.token } }))).toEqual(OK);
    settle(2 * HOUR);
    expect(outcome(await temporary.send('GET', '/v1/vpc', { headers: { [name]: session.token } }))).toEqual([
      403,
      'AccessDenied',
    ]);
    expect(JSON.stringify(emulator.requests)).not.toContain('tok/');
  });

  it('enforces a policy per key, disabled keys and account states', async () => {
    const policy = { statements: [{ effect: 'Allow', actions: ['vpc:Query*', 'vpc:GetPeerConn'] }] } as const;
    emulator.world.key({ cloud: 'baidu', id: 'reader', secret: 's', account: a.id, policy });
    const reader = new Wire(emulator, { accessKeyId: 'reader', accessKeySecret: 's' });
    expect(outcome(await reader.get('/v1/vpc'))).toEqual(OK);
    expect(outcome(await reader.post('/v1/peerconn', createBody(web, data)))).toEqual([403, 'AccessDenied']);
    emulator.world.key({ cloud: 'baidu', id: 'reader', secret: 's', account: a.id, disabled: true });
    expect(outcome(await reader.get('/v1/vpc'))).toEqual([403, 'InvalidAccessKeyId']);
    emulator.rules.set({ 'baidu.auth.accountState': 'unqualified' });
    expect(outcome(await aBj.get('/v1/vpc'))).toEqual([403, 'QualifyNotPass']);
    emulator.rules.set({ 'baidu.auth.accountState': 'not-activated' });
    expect(outcome(await aBj.get('/v1/vpc'))).toEqual([403, 'OptInRequired']);
  });
});

describe('requests and answers', () => {
  it('answers with a request id, JSON type and the envelope, and empty bodies for changes', async () => {
    const id = await sameAccount();
    const { localIfId } = (await aBj.get(at(id), { role: 'initiator' })).body;
    const changed = await aBj.put(at(id), {}, { localIfId, description: 'x' });
    expect([changed.status, changed.text, changed.headers.get('content-length')]).toEqual([200, '', '0']);
    const refused = await aBj.get('/v1/vpc/vpc-000000000000');
    expect(Object.keys(JSON.parse(refused.text) as object).sort()).toEqual(['code', 'message', 'requestId']);
    for (const { headers } of [changed, refused]) {
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(headers.get('x-bce-request-id')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    }
    expect(refused.headers.get('x-bce-request-id')).toBe(refused.body.requestId);
    expect(emulator.requests.at(-1)).toMatchObject({
      operation: 'QuerySpecifiedVpc',
      requestId: refused.body.requestId,
      code: 'NoSuchObject',
      mutating: false,
    });
  });

  it.each([
    ['an unknown path', 'GET', '/v1/nonsense', 400, 'InvalidURI'],
    ['an empty id', 'GET', '/v1/vpc/', 400, 'InvalidURI'],
    ['a method that the path has not', 'POST', '/v1/peerconn/peerconn-1', 400, 'InvalidURI'],
    ['another version', 'GET', '/v7/vpc', 404, 'InvalidVersion'],
    ['no version', 'GET', '/vpc', 400, 'InvalidURI'],
  ])('refuses %s', async (_name, method, path, status, code) => {
    expect(outcome(await aBj.send(method, path))).toEqual([status, code]);
  });

  it.each([
    ['cut JSON', '{"bandwidthInMbps":', 'MalformedJSON'],
    ['a list', '[]', 'InappropriateJSON'],
    ['a word', '"x"', 'InappropriateJSON'],
    ['nothing', '', 'InappropriateJSON'],
    ['bytes that are not UTF-8', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), 'InvalidHTTPRequest'],
  ])('refuses a body of %s', async (_name, body, code) => {
    expect(outcome(await aBj.send('POST', '/v1/peerconn', { body }))).toEqual([400, code]);
  });

  it('ignores unknown JSON members and, by switch, unknown query parameters', async () => {
    expect(
      outcome(await aBj.post('/v1/peerconn', createBody(web, data, { colour: 'red', clientToken: 'in the body' }))),
    ).toEqual(OK);
    const misplaced = { clientToken: 'misplaced', name: 'from-the-query' };
    const { vpcId } = (await aBj.post('/v1/vpc', { name: 'from-the-body', cidr: '192.168.0.0/16' }, misplaced)).body;
    expect((await aBj.get(`/v1/vpc/${vpcId}`)).body.vpc['name']).toBe('from-the-body');
    expect(outcome(await aBj.get('/v1/vpc', { colour: 'red' }))).toEqual(OK);
    expect(emulator.requests.at(-1)).toMatchObject({ ignored: ['colour'] });
    emulator.rules.set({ 'baidu.request.unknownQuery': 'refuse' });
    expect(outcome(await aBj.get('/v1/vpc', { colour: 'red' }))).toEqual([400, 'BadRequest']);
    expect(outcome(await aBj.get('/v1/vpc', { maxKeys: '5' }))).toEqual(OK);
  });

  it('lets the Host header choose the region', async () => {
    const seen = await aBj.send('GET', '/v1/vpc', { headers: { host: 'bcc.gz.baidubce.com' } });
    expect(seen.body.vpcs[0]?.vpcId).toBe(network('a', 'gz', 'web').id);
  });
});

describe('client tokens', () => {
  const body = createBody(web, data);
  const post = (by: Wire, token: string, more: Record<string, unknown> = {}): Promise<Answer> =>
    by.post('/v1/peerconn', { ...body, ...more }, { clientToken: token });

  it('make a repeat give the first answer, and a different request a mismatch', async () => {
    const first = await post(aBj, 't');
    expect((await post(aBj, 't')).body).toEqual(first.body);
    expect((await aBj.get('/v1/peerconn', { vpcId: web.id })).body.peerConns).toHaveLength(1);
    const MISMATCH = [403, 'IdempotentParameterMismatch'];
    expect(outcome(await post(aBj, 't', { bandwidthInMbps: 11 }))).toEqual(MISMATCH);
    expect(outcome(await aBj.post('/v1/vpc', { name: 'v', cidr: '192.168.0.0/16' }, { clientToken: 't' }))).toEqual(
      MISMATCH,
    );
    expect(outcome(await aBj.delete(at(first.body.peerConnId), { clientToken: 't' }))).toEqual(MISMATCH);
  });

  it('live 24 hours from when they were last seen', async () => {
    const first = await post(aBj, 't');
    settle(20 * HOUR);
    expect((await post(aBj, 't')).body).toEqual(first.body);
    settle(20 * HOUR);
    expect((await post(aBj, 't')).body).toEqual(first.body);
    settle(24 * HOUR);
    expect(outcome(await post(aBj, 't'))).toEqual([409, 'OperationDenied']);
  });

  it('are known per account and region, or per account by switch', async () => {
    await post(aBj, 't');
    const vpc = { name: 'v', cidr: '192.168.0.0/16' };
    expect(outcome(await bBj.post('/v1/vpc', vpc, { clientToken: 't' }))).toEqual(OK);
    expect(outcome(await aGz.post('/v1/vpc', vpc, { clientToken: 't' }))).toEqual(OK);
    emulator.rules.set({ 'baidu.clientToken.scope': 'account' });
    expect(outcome(await aBj.post('/v1/vpc', vpc, { clientToken: 'u' }))).toEqual(OK);
    expect(outcome(await aGz.post('/v1/vpc', vpc, { clientToken: 'u' }))).toEqual([403, 'IdempotentParameterMismatch']);
  });

  it('are not used up by a refusal, count in the query only, and have at most 64 ASCII characters', async () => {
    expect(outcome(await post(aBj, 't', { peerRegion: 'mars' }))).toEqual([400, 'BadRequest']);
    expect(outcome(await post(aBj, 't'))).toEqual(OK);
    expect(outcome(await post(aBj, 'x'.repeat(65)))).toEqual([400, 'BadRequest']);
    emulator.rules.set({ 'baidu.clientToken.remembersRefusals': true });
    const { peerConnId } = (await aBj.get('/v1/peerconn', { vpcId: web.id })).body.peerConns[0] ?? { peerConnId: '' };
    expect(outcome(await post(aBj, 'u'))).toEqual([409, 'OperationDenied']);
    settle();
    await aBj.delete(at(peerConnId));
    settle();
    expect(outcome(await post(aBj, 'u'))).toEqual([409, 'OperationDenied']);
    expect(outcome(await post(aBj, 'v'))).toEqual(OK);
    expect(outcome(await post(aBj, 'töken'))).toEqual([400, 'BadRequest']);
  });
});

describe('paging', () => {
  const ids = async (query: Record<string, string>): Promise<readonly string[]> =>
    (await aBj.get('/v1/vpc', query)).body.vpcs.map(({ vpcId }) => vpcId);

  it('walks by marker in stable order, with the members that the page calls for', async () => {
    const first = (await aBj.get('/v1/vpc', { maxKeys: '2' })).body;
    expect(first).toMatchObject({ marker: web.id, isTruncated: true, nextMarker: jobs.id, maxKeys: 2 });
    const second = (await aBj.get('/v1/vpc', { maxKeys: '2', marker: first.nextMarker })).body;
    expect(second).toMatchObject({ marker: jobs.id, isTruncated: false, vpcs: [{ vpcId: jobs.id }] });
    expect(second).not.toHaveProperty('nextMarker');
    expect((await aBj.get('/v1/peerconn')).body).toEqual({ peerConns: [], isTruncated: false, maxKeys: 1000 });
  });

  it('pages through both rows of a link whose sides are in one account and region', async () => {
    await sameAccount();
    await create(aBj, createBody(web, jobs));
    const seen: string[] = [];
    let marker: string | undefined;
    do {
      const page: Record<string, string> = marker === undefined ? { maxKeys: '1' } : { maxKeys: '1', marker };
      const { body } = await aBj.get('/v1/peerconn', page);
      seen.push(...body.peerConns.map(({ peerConnId, role }) => `${peerConnId} ${role}`));
      marker = body.nextMarker;
    } while (marker !== undefined);
    expect(seen).toHaveLength(4);
    expect(new Set(seen).size).toBe(4);
  });

  it('has switches for unknown markers, sizes out of range and unknown VPCs', async () => {
    const status = async (path: string, query: Record<string, string>) => outcome(await aBj.get(path, query));
    const BAD = [400, 'BadRequest'];
    expect(await status('/v1/vpc', { marker: 'vpc-000000000000' })).toEqual(BAD);
    emulator.rules.set({ 'baidu.list.unknownMarker': 'empty' });
    expect(await ids({ marker: 'vpc-000000000000' })).toEqual([]);
    emulator.rules.set({ 'baidu.list.unknownMarker': 'first-page' });
    expect(await ids({ marker: 'vpc-000000000000' })).toHaveLength(3);
    for (const maxKeys of ['0', '1001', '-1', 'many']) expect(await status('/v1/vpc', { maxKeys })).toEqual(BAD);
    emulator.rules.set({ 'baidu.list.maxKeysOutOfRange': 'clamp' });
    expect(await ids({ maxKeys: '0' })).toHaveLength(1);
    expect(await ids({ maxKeys: '1001' })).toHaveLength(3);
    expect((await aBj.get('/v1/peerconn', { vpcId: foreign.id })).body.peerConns).toEqual([]);
    emulator.rules.set({ 'baidu.list.unknownVpc': 'not-found' });
    expect(await status('/v1/peerconn', { vpcId: foreign.id })).toEqual([404, 'NoSuchObject']);
  });
});
