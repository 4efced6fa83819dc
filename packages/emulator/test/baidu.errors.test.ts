/** Faults through the socket, and a way to provoke every error code. */
import { describe, expect, it } from '@jest/globals';
import { BCE_ERRORS } from '../src/baidu/errors.js';
import type { BceErrorCode } from '../src/baidu/errors.js';
import {
  a,
  aBj,
  at,
  bBj,
  cBj,
  createBody,
  data,
  emulator,
  emulatorPerTest,
  jobs,
  OK,
  outcome,
  raw,
  requested,
  sameAccount,
  settle,
  web,
  Wire,
  withThirdAccount,
} from './baiduWire.js';
import type { Answer } from './baiduWire.js';

const HOUR = 3_600_000;

emulatorPerTest(6);
withThirdAccount();

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
