/**
 * The wire itself: authentication and its order of checks, parsing, error envelope, client tokens, paging, faults,
 * policies, and the known defects of two-sided emulations (each numbered as in their list), all through the socket.
 */
import { afterEach, beforeEach, describe, it, expect } from '@jest/globals';
import { Emulator } from '@peerway/emulator';
import { BCE_ERRORS } from '../src/baidu/errors.js';
import type { BceErrorCode } from '../src/baidu/errors.js';
import { a, b, createBody, exchange, network, read, Wire } from './baiduWire.js';
import type { Answer } from './baiduWire.js';

const HOUR = 3_600_000;
const [web, data, jobs] = [network('a', 'bj', 'web'), network('a', 'bj', 'data'), network('a', 'bj', 'jobs')];
const foreign = network('b', 'bj', 'web');
const C = { id: 'e'.repeat(32), accessKeyId: 'ALTAKThirdAccount', accessKeySecret: 'thirdsecret' };

let emulator: Emulator;
let aBj: Wire, aGz: Wire, bBj: Wire, cBj: Wire;

beforeEach(async () => {
  emulator = await Emulator.start({ seed: 6 });
  emulator.world.account({ cloud: 'baidu', id: C.id, name: 'c' });
  emulator.world.key({ cloud: 'baidu', id: C.accessKeyId, secret: C.accessKeySecret, account: C.id });
  aBj = new Wire(emulator, a, 'bj');
  aGz = new Wire(emulator, a, 'gz');
  bBj = new Wire(emulator, b, 'bj');
  cBj = new Wire(emulator, C, 'bj');
});
afterEach(async () => {
  expect(emulator.crashes).toEqual([]);
  await emulator.close();
});

const settle = (ms = 60_000): void => emulator.clock.advance(ms);
const outcome = ({ status, code }: Answer): readonly [number, string | undefined] => [status, code];
const OK = [200, undefined];
const at = (id: string): string => `/v1/peerconn/${id}`;
async function create(by: Wire, body: unknown): Promise<string> {
  const answer = await by.post('/v1/peerconn', body);
  expect(outcome(answer)).toEqual(OK);
  settle();
  return answer.body.peerConnId;
}
const sameAccount = (): Promise<string> => create(aBj, createBody(web, data));
const requested = (): Promise<string> => create(aBj, createBody(web, foreign, { peerAccountId: b.id }));
const raw = async (method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  read(await exchange(method, `${emulator.baidu.endpoint('bj')}${path}`, headers));

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

describe('faults through the socket', () => {
  const operation = 'CreatePeerConn';
  const post = (token: string): Promise<Answer> =>
    aBj.post('/v1/peerconn', createBody(web, data), { clientToken: token });

  it.each([
    ['JSON', 'native', 500, 'InternalError'],
    ['HTML', 'html', 500, undefined],
    ['nothing', 'empty', 503, undefined],
  ] as const)('answers a server error with %s', async (_name, body, status, code) => {
    emulator.faults.add({ kind: 'error', cloud: 'baidu', operation, status, body });
    const answer = await post('t');
    expect([answer.status, answer.code]).toEqual([status, code]);
    expect(answer.text.startsWith('<html')).toBe(body === 'html');
    expect((await aBj.get('/v1/peerconn')).body.peerConns).toEqual([]);
  });

  it('throttles in its own words', async () => {
    emulator.faults.add({ kind: 'throttle', cloud: 'baidu', calls: 1 });
    expect(outcome(await post('t'))).toEqual([429, 'RateLimit']);
    expect(outcome(await post('t'))).toEqual(OK);
  });

  it('loses the answer of a create that took effect: the token gives it back for 24 h, and not after', async () => {
    emulator.faults.add({ kind: 'lost-answer', cloud: 'baidu', operation, calls: 1 });
    await expect(post('t')).rejects.toThrow();
    const again = await post('t');
    expect(outcome(again)).toEqual(OK);
    expect((await aBj.get(at(again.body.peerConnId), { role: 'initiator' })).body.peerConnId).toBe(
      again.body.peerConnId,
    );
    expect(outcome(await post('another'))).toEqual([409, 'OperationDenied']);
    settle(25 * HOUR);
    expect(outcome(await post('t'))).toEqual([409, 'OperationDenied']);
  });

  it('cuts JSON in the middle, delivers twice, and aims at a side', async () => {
    emulator.faults.add({ kind: 'truncate', cloud: 'baidu', operation: 'QueryVpcList' });
    await expect(aBj.get('/v1/vpc')).rejects.toThrow();
    emulator.faults.clear();
    emulator.faults.add({ kind: 'duplicate', cloud: 'baidu', operation });
    expect(outcome(await post('t'))).toEqual(OK);
    expect((await aBj.get('/v1/peerconn', { vpcId: web.id })).body.peerConns).toHaveLength(1);
    emulator.faults.clear();
    const id = await requested();
    emulator.faults.add({ kind: 'throttle', cloud: 'baidu', operation: 'GetPeerConn', side: 'acceptor' });
    expect((await aBj.get(at(id))).status).toBe(200);
    expect((await bBj.get(at(id))).status).toBe(429);
  });

  it('shows the past in a stale read: one profile is not read-your-own-write', async () => {
    const id = await sameAccount();
    emulator.faults.add({ kind: 'stale', cloud: 'baidu', operation: 'GetPeerConn', ms: 10_000, calls: 1 });
    await aBj.delete(at(id));
    expect((await aBj.get(at(id), { role: 'initiator' })).body.status).toBe('active');
    expect((await aBj.get(at(id), { role: 'initiator' })).body.status).toBe('deleting');
    emulator.setProfile('chaotic');
    let missed = 0;
    for (let index = 0; index < 40; index += 1) {
      const { peerConnId } = (await aBj.post('/v1/peerconn', createBody(web, jobs))).body;
      if ((await aBj.get(at(peerConnId), { role: 'initiator' })).text === '') missed += 1;
      settle(HOUR);
      await aBj.delete(at(peerConnId));
      settle(HOUR);
    }
    expect(missed).toBeGreaterThan(0);
    expect(missed).toBeLessThan(40);
  });
});

describe('known defects of two-sided emulations', () => {
  const act = (by: Wire, id: string, flag: string): Promise<Answer> => by.put(at(id), { [flag]: '' });

  it('1: a third account can neither answer, change, read nor release', async () => {
    const id = await requested();
    const { localIfId } = (await aBj.get(at(id), { role: 'initiator' })).body;
    const attempts = [
      await act(cBj, id, 'accept'),
      await act(cBj, id, 'reject'),
      await cBj.put(at(id), {}, { localIfId, description: 'mine' }),
      await cBj.put(at(id), { resize: '' }, { newBandwidthInMbps: 99 }),
      await cBj.put(`${at(id)}/deleteProtect`, {}, { deleteProtect: true }),
      await cBj.delete(at(id)),
    ];
    for (const attempt of attempts) expect(outcome(attempt)).toEqual([403, 'AccessDenied']);
    emulator.rules.set({ 'baidu.peerconn.foreignWrite': 'not-found' });
    expect(outcome(await act(cBj, id, 'accept'))).toEqual([404, 'NoSuchObject']);
    expect((await cBj.get(at(id))).text).toBe('');
    emulator.rules.set({ 'baidu.peerconn.foreignRead': 'access-denied' });
    expect(outcome(await cBj.get(at(id)))).toEqual([403, 'AccessDenied']);
    expect((await cBj.get('/v1/peerconn')).body.peerConns).toEqual([]);
    expect((await aBj.get(at(id), { role: 'initiator' })).body).toMatchObject({
      status: 'consulting',
      description: '',
      deleteProtect: false,
    });
  });

  it("2, 3, 7: naming somebody's VPC, account or region makes nobody a party", async () => {
    const tries = [
      createBody(web, foreign), // their VPC as if it were mine
      createBody(web, foreign, { peerAccountId: C.id }), // a third account as its owner
      createBody(web, { ...foreign, region: 'gz' }, { peerAccountId: b.id }), // another region
      createBody(foreign, web, {}), // from their VPC
      createBody(web, data, { peerAccountId: b.id }), // mine as if it were theirs
    ];
    for (const body of tries) expect(outcome(await aBj.post('/v1/peerconn', body))).toEqual([404, 'NoSuchObject']);
    const id = await requested();
    expect((await bBj.get(at(id), { role: 'acceptor' })).body).toMatchObject({ peerAccountId: a.id });
  });

  it('4: a release that races an acceptance does not bring the link back', async () => {
    const id = await requested();
    const [released, accepted] = await Promise.all([aBj.delete(at(id)), act(bBj, id, 'accept')]);
    expect([released.status, accepted.status].sort()).toEqual([200, 409]);
    settle();
    const left = (await aBj.get(at(id), { role: 'initiator' })).body.status;
    expect(left).toBe(released.status === 200 ? undefined : 'active');
  });

  it('5: nothing works from a region that is none of the two', async () => {
    const id = await requested();
    expect((await aGz.get(at(id))).text).toBe('');
    expect((await aGz.get('/v1/peerconn')).body.peerConns).toEqual([]);
    expect(outcome(await aGz.delete(at(id)))).toEqual([404, 'NoSuchObject']);
    expect(outcome(await act(new Wire(emulator, b, 'gz'), id, 'accept'))).toEqual([404, 'NoSuchObject']);
    expect(outcome(await act(new Wire(emulator, C, 'gz'), id, 'accept'))).toEqual([404, 'NoSuchObject']);
  });

  it("8, 9, 17, 20: each side's options are shown, are its own, and nothing of the other leaks or is missing", async () => {
    const tags = [{ tagKey: 'owner', tagValue: 'a' }];
    const id = await create(
      aBj,
      createBody(web, foreign, { peerAccountId: b.id, tags, deleteProtect: true, description: 'a' }),
    );
    await act(bBj, id, 'accept');
    settle();
    await aBj.put(at(id), { open: '', role: 'initiator' });
    settle();
    expect((await aBj.get(at(id))).body).toMatchObject({
      tags,
      deleteProtect: true,
      description: 'a',
      dnsStatus: 'open',
    });
    const theirs = (await bBj.get(at(id))).body;
    expect(theirs).toMatchObject({ tags: [], deleteProtect: false, description: '', dnsStatus: 'close' });
    const { expiredTime: _, ...rest } = theirs;
    for (const [name, value] of Object.entries(rest)) expect([name, value ?? 'absent']).not.toEqual([name, 'absent']);
  });

  it('10, 11, 18, 21: the pair is what is unique: swapped is refused, sharing one VPC is not, a tombstone is not alive', async () => {
    const id = await sameAccount();
    expect(outcome(await aBj.post('/v1/peerconn', createBody(data, web)))).toEqual([409, 'OperationDenied']);
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, web)))).toEqual([400, 'BadRequest']);
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, jobs)))).toEqual(OK);
    expect(outcome(await aBj.post('/v1/peerconn', createBody(data, jobs)))).toEqual(OK);
    settle();
    await aBj.delete(at(id));
    settle();
    expect(outcome(await aBj.post('/v1/peerconn', createBody(data, web)))).toEqual(OK);
  });

  it('6, 13, 14, 15, 19: route checks hold on update too, nonsense is not stored, a dead next hop is refused', async () => {
    const id = await sameAccount();
    const { localIfId: nexthopId } = (await aBj.get(at(id), { role: 'initiator' })).body;
    const rule = {
      routeTableId: web.routeTable,
      sourceAddress: '0.0.0.0/0',
      destinationAddress: '172.16.0.0/16',
      nexthopType: 'peerConn',
      nexthopId,
    };
    for (const destinationAddress of ['172.16.0.1/16', '172.16.0.0/99', '172.16/16', '10.0.0.0', '']) {
      expect((await aBj.post('/v1/route/rule', { ...rule, destinationAddress })).status).toBe(400);
    }
    const { routeRuleId } = (await aBj.post('/v1/route/rule', rule)).body;
    expect(outcome(await aBj.put(`/v1/route/rule/${routeRuleId}`, {}, { nexthopId: id }))).toEqual([400, 'BadRequest']);
    await aBj.delete(at(id));
    settle();
    expect(outcome(await aBj.post('/v1/route/rule', { ...rule, destinationAddress: '172.17.0.0/16' }))).toEqual([
      400,
      'BadRequest',
    ]);
    expect(outcome(await aBj.put(`/v1/route/rule/${routeRuleId}`, {}, { nexthopId }))).toEqual([400, 'BadRequest']);
  });

  it('16: a VPC with a live peering is not deleted, by either owner', async () => {
    const id = await requested();
    expect(outcome(await aBj.delete(`/v1/vpc/${web.id}`))).toEqual([409, 'ResourceNeedRelease']);
    expect(outcome(await bBj.delete(`/v1/vpc/${foreign.id}`))).toEqual([409, 'ResourceNeedRelease']);
    await aBj.delete(at(id));
    settle();
    expect(outcome(await bBj.delete(`/v1/vpc/${foreign.id}`))).toEqual(OK);
  });
});

describe('error codes', () => {
  const fault = (code: BceErrorCode) => async (): Promise<Answer> => {
    emulator.faults.add({ kind: 'error', cloud: 'baidu', code });
    return aBj.get('/v1/vpc');
  };
  const vpc = { name: 'v', cidr: '192.168.0.0/16' };
  const ruled = (rules: Record<string, number | string>, call: () => Promise<Answer>) => (): Promise<Answer> => {
    emulator.rules.set(rules);
    return call();
  };
  const route = (): Promise<Answer> =>
    aBj.post('/v1/route/rule', {
      routeTableId: web.routeTable,
      sourceAddress: '0.0.0.0/0',
      destinationAddress: '172.16.0.0/16',
      nexthopType: 'nat',
      nexthopId: 'nat-b',
    });
  const subnet = (): Promise<Answer> =>
    aBj.post('/v1/subnet', { name: 's', zoneName: 'cn-bj-a', cidr: web.cidrs[0], vpcId: web.id });
  const subnetInUse = async (): Promise<Answer> => {
    const { subnetId } = (await subnet()).body;
    await aBj.post('/v1/route/rule', {
      routeTableId: web.routeTable,
      sourceAddress: web.cidrs[0],
      destinationAddress: '172.16.0.0/16',
      nexthopType: 'nat',
      nexthopId: 'nat-b',
    });
    return aBj.delete(`/v1/subnet/${subnetId}`);
  };

  /** How each code comes about; a code without a way does not compile. */
  const ways: Readonly<Record<BceErrorCode, () => Promise<Answer>>> = {
    AccessDenied: async () => cBj.delete(at(await sameAccount())),
    QualifyNotPass: ruled({ 'baidu.auth.accountState': 'unqualified' }, () => aBj.get('/v1/vpc')),
    OptInRequired: ruled({ 'baidu.auth.accountState': 'not-activated' }, () => aBj.get('/v1/vpc')),
    InappropriateJSON: () => aBj.post('/v1/vpc', { name: 1 }),
    InternalError: fault('InternalError'),
    InvalidAccessKeyId: () => new Wire(emulator, { accessKeyId: 'x', accessKeySecret: 'x' }).get('/v1/vpc'),
    InvalidHTTPAuthHeader: () => raw('GET', '/v1/vpc'),
    InvalidHTTPRequest: () => aBj.send('POST', '/v1/vpc', { body: new Uint8Array([255]) }),
    InvalidURI: () => aBj.get('/v1/x'),
    InvalidVersion: () => aBj.get('/v2/vpc'),
    MalformedJSON: () => aBj.send('POST', '/v1/vpc', { body: '{' }),
    PreconditionFailed: fault('PreconditionFailed'),
    RequestExpired: () => aBj.send('GET', '/v1/vpc', { at: 1 }),
    IdempotentParameterMismatch: async () => {
      await aBj.post('/v1/vpc', vpc, { clientToken: 't' });
      return aBj.post('/v1/vpc', { ...vpc, name: 'w' }, { clientToken: 't' });
    },
    SignatureDoesNotMatch: () => new Wire(emulator, { ...a, accessKeySecret: 'x' }).get('/v1/vpc'),
    BadRequest: () => aBj.get('/v1/vpc', { maxKeys: '0' }),
    NoSuchObject: () => aBj.get('/v1/vpc/vpc-0'),
    ServiceInternalError: fault('ServiceInternalError'),
    LimitExceeded: ruled({ 'baidu.vpc.quotaPerRegion': 3 }, () => aBj.post('/v1/vpc', vpc)),
    OperationDenied: async () => act(await sameAccount()),
    CidrConflict: async () => subnet().then(subnet),
    ResourceNeedRelease: async () => subnet().then(() => aBj.delete(`/v1/vpc/${web.id}`)),
    RouteRuleRepeated: () => route().then(route),
    RouteRuleExceedQuota: ruled(
      { 'baidu.route.quotaPerTable': 0, 'baidu.route.quotaCode': 'RouteRuleExceedQuota' },
      route,
    ),
    QuotaLimitExceeded: ruled({ 'baidu.vpc.quotaPerRegion': 3, 'baidu.quota.code': 'QuotaLimitExceeded' }, () =>
      aBj.post('/v1/vpc', vpc),
    ),
    ExceedLimitException: fault('ExceedLimitException'),
    ResourceNotFound: fault('ResourceNotFound'),
    ResourceNotfound: fault('ResourceNotfound'),
    ResourceNotFoundException: fault('ResourceNotFoundException'),
    ResourceNotExist: fault('ResourceNotExist'),
    InstanceNotFound: fault('InstanceNotFound'),
    InstanceNotExist: fault('InstanceNotExist'),
    RateLimit: () => {
      emulator.faults.add({ kind: 'throttle', cloud: 'baidu' });
      return aBj.get('/v1/vpc');
    },
    RequestTimeTooSkewed: ruled({ 'baidu.auth.futureCode': 'RequestTimeTooSkewed' }, () =>
      aBj.send('GET', '/v1/vpc', { at: 4e9 }),
    ),
    NotAllowDeleteVpc: ruled({ 'baidu.vpc.notEmptyCode': 'NotAllowDeleteVpc' }, async () =>
      subnet().then(() => aBj.delete(`/v1/vpc/${web.id}`)),
    ),
    NotAllowOperateSubnet: ruled({ 'baidu.subnet.inUseCode': 'NotAllowOperateSubnet' }, subnetInUse),
    SUBNET_INUSE: ruled({ 'baidu.subnet.inUseCode': 'SUBNET_INUSE' }, subnetInUse),
  };
  const act = (id: string): Promise<Answer> => aBj.put(at(id), { accept: '' });

  it.each(Object.keys(BCE_ERRORS) as BceErrorCode[])('%s can be provoked', async (code) => {
    expect(outcome(await ways[code]())).toEqual([BCE_ERRORS[code].status, code]);
  });
});
