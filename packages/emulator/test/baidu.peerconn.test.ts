/**
 * Peer connections over the wire: every rule of seed 004 and of facts baidu.md 3.1 and 4, each with a good and a bad
 * case, and the rule switches of the points that the sources leave open, in both positions.
 */
import { afterEach, beforeEach, describe, it, expect } from '@jest/globals';
import { Emulator } from '@peerway/emulator';
import { a, b, createBody, network, Wire } from './baiduWire.js';
import type { Answer } from './baiduWire.js';

const DAY = 86_400_000;
const [web, data, jobs] = [network('a', 'bj', 'web'), network('a', 'bj', 'data'), network('a', 'bj', 'jobs')];
const far = network('a', 'gz', 'web');
const foreign = network('b', 'bj', 'web');
const foreignFar = network('b', 'gz', 'web');

let emulator: Emulator;
let aBj: Wire, aGz: Wire, bBj: Wire, bGz: Wire;

beforeEach(async () => {
  emulator = await Emulator.start({ seed: 4 });
  aBj = new Wire(emulator, a, 'bj');
  aGz = new Wire(emulator, a, 'gz');
  bBj = new Wire(emulator, b, 'bj');
  bGz = new Wire(emulator, b, 'gz');
});
afterEach(async () => {
  expect(emulator.crashes).toEqual([]);
  await emulator.close();
});

const settle = (ms = 60_000): void => emulator.clock.advance(ms);
const outcome = ({ status, code }: Answer): readonly [number, string | undefined] => [status, code];
const DENIED = [409, 'OperationDenied'];
const OK = [200, undefined];

/** Creates and lets it settle; answers the id. */
async function create(by: Wire, body: unknown): Promise<string> {
  const answer = await by.post('/v1/peerconn', body);
  expect(outcome(answer)).toEqual(OK);
  settle();
  return answer.body.peerConnId;
}
const at = (id: string): string => `/v1/peerconn/${id}`;
const see = async (by: Wire, id: string, role: string) => (await by.get(at(id), { role })).body;
const act = (by: Wire, id: string, flag: string, body?: unknown, query: Record<string, string> = {}): Promise<Answer> =>
  by.put(at(id), { [flag]: '', ...query }, body);

const sameAccount = (): Promise<string> => create(aBj, createBody(web, data));
const requested = (): Promise<string> => create(aBj, createBody(web, foreign, { peerAccountId: b.id }));
async function crossAccount(): Promise<string> {
  const id = await requested();
  expect(outcome(await act(bBj, id, 'accept'))).toEqual(OK);
  settle();
  return id;
}
const prepaid = (length = 1): Promise<string> =>
  create(
    aBj,
    createBody(web, far, {
      billing: {
        paymentTiming: 'Prepaid',
        reservation: { reservationLength: length, reservationTimeUnit: 'Month' },
      },
    }),
  );

describe('create (seed 004: "note the following")', () => {
  it('accepts for the peer inside one account: creating, starting, active', async () => {
    const { body } = await aBj.post(
      '/v1/peerconn',
      createBody(web, data, { localIfName: 'left', peerIfName: 'right' }),
    );
    const id = body.peerConnId;
    expect((await see(aBj, id, 'initiator')).status).toBe('creating');
    settle(2_000);
    expect((await see(aBj, id, 'initiator')).status).toBe('starting');
    settle(1_000);
    const [ours, theirs] = [await see(aBj, id, 'initiator'), await see(aBj, id, 'acceptor')];
    expect(ours).toEqual({
      peerConnId: id,
      role: 'initiator',
      status: 'active',
      bandwidthInMbps: 10,
      description: '',
      localIfId: expect.stringMatching(/^qpif-[0-9a-z]{12}$/),
      localIfName: 'left',
      localVpcId: web.id,
      localRegion: 'bj',
      peerVpcId: data.id,
      peerRegion: 'bj',
      peerAccountId: a.id,
      paymentTiming: 'Postpaid',
      dnsStatus: 'close',
      createdTime: expect.stringMatching(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/),
      expiredTime: null,
      tags: [],
      deleteProtect: false,
    });
    expect(theirs).toMatchObject({
      role: 'acceptor',
      status: 'active',
      localVpcId: data.id,
      peerVpcId: web.id,
      localIfName: 'right',
    });
    expect(theirs.localIfId).not.toBe(ours.localIfId);
  });

  it('waits for the acceptor across accounts, and is usable only then', async () => {
    const id = await requested();
    expect((await see(aBj, id, 'initiator')).status).toBe('consulting');
    const rule = (ifId: string) => ({
      routeTableId: web.routeTable,
      sourceAddress: '0.0.0.0/0',
      destinationAddress: foreign.cidrs[0],
      nexthopType: 'peerConn',
      nexthopId: ifId,
    });
    const { localIfId } = await see(aBj, id, 'initiator');
    expect(outcome(await aBj.post('/v1/route/rule', rule(localIfId)))).toEqual(DENIED);
    expect(outcome(await act(aBj, id, 'open', undefined, { role: 'initiator' }))).toEqual(DENIED);
    await act(bBj, id, 'accept');
    settle();
    expect((await see(aBj, id, 'initiator')).status).toBe('active');
    expect(outcome(await aBj.post('/v1/route/rule', rule(localIfId)))).toEqual(OK);
  });

  it('takes Postpaid only inside one region, and never without billing', async () => {
    const billing = { paymentTiming: 'Prepaid', reservation: { reservationLength: 1, reservationTimeUnit: 'month' } };
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, data, { billing })))).toEqual([400, 'BadRequest']);
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, data, { billing: undefined })))).toEqual([
      400,
      'InappropriateJSON',
    ]);
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, far, { billing })))).toEqual(OK);
    // the Python SDK's default: Postpaid with a reservation beside it
    const python = { paymentTiming: 'Postpaid', reservation: { reservationLength: 1, reservationTimeUnit: 'Month' } };
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, data, { billing: python })))).toEqual(OK);
  });

  it('allows one link for two VPCs, in either direction, until it is released', async () => {
    const id = await sameAccount();
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, data)))).toEqual(DENIED);
    expect(outcome(await aBj.post('/v1/peerconn', createBody(data, web)))).toEqual(DENIED);
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, jobs)))).toEqual(OK);
    await aBj.delete(at(id));
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, data)))).toEqual(DENIED);
    settle();
    expect(outcome(await aBj.post('/v1/peerconn', createBody(data, web)))).toEqual(OK);
  });

  it('counts a failed request as a link: it must be released before the next one', async () => {
    const id = await requested();
    await act(bBj, id, 'reject');
    const again = createBody(web, foreign, { peerAccountId: b.id });
    expect(outcome(await aBj.post('/v1/peerconn', again))).toEqual(DENIED);
    expect(outcome(await aBj.delete(at(id)))).toEqual(OK);
    settle();
    expect(outcome(await aBj.post('/v1/peerconn', again))).toEqual(OK);
  });

  it('refuses a VPC peered with itself', async () => {
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, web)))).toEqual([400, 'BadRequest']);
  });

  it('refuses two relay VPCs, and takes one', async () => {
    await aBj.put(`/v1/vpc/openRelay/${web.id}`);
    await aBj.put(`/v1/vpc/openRelay/${data.id}`);
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, data)))).toEqual(DENIED);
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, jobs)))).toEqual(OK);
  });

  it.each<[string, Record<string, unknown>, number, string]>([
    ['an unknown local VPC', { localVpcId: 'vpc-000000000000' }, 404, 'NoSuchObject'],
    ['an unknown peer VPC', { peerVpcId: 'vpc-000000000000' }, 404, 'NoSuchObject'],
    ['an unknown region', { peerRegion: 'mars' }, 400, 'BadRequest'],
    ['the wrong region of the peer', { peerRegion: 'gz' }, 404, 'NoSuchObject'],
    ['a bandwidth of 0', { bandwidthInMbps: 0 }, 400, 'BadRequest'],
    ['a bandwidth in words', { bandwidthInMbps: '10' }, 400, 'InappropriateJSON'],
    ['no bandwidth', { bandwidthInMbps: undefined }, 400, 'InappropriateJSON'],
    ['an unknown payment timing', { billing: { paymentTiming: 'Sometimes' } }, 400, 'BadRequest'],
    ['a billing without timing', { billing: {} }, 400, 'InappropriateJSON'],
    ['a tag key with a colon', { tags: [{ tagKey: 'a:b', tagValue: '' }] }, 400, 'BadRequest'],
    [
      'a tag key twice',
      {
        tags: [
          { tagKey: 'k', tagValue: '1' },
          { tagKey: 'k', tagValue: '2' },
        ],
      },
      400,
      'BadRequest',
    ],
    ['protection that is no boolean', { deleteProtect: 'yes' }, 400, 'InappropriateJSON'],
  ])('refuses %s', async (_name, change, status, code) => {
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, data, change)))).toEqual([status, code]);
    expect((await aBj.get('/v1/peerconn')).body.peerConns).toEqual([]);
  });

  it.each([
    ['a length that is not sold', { reservationLength: 10, reservationTimeUnit: 'month' }, 'BadRequest'],
    ['years', { reservationLength: 1, reservationTimeUnit: 'year' }, 'BadRequest'],
    ['nothing', undefined, 'BadRequest'],
  ])('refuses a Prepaid reservation of %s', async (_name, reservation, code) => {
    const billing = { paymentTiming: 'Prepaid', reservation };
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, far, { billing })))).toEqual([400, code]);
  });

  it('keeps the quotas per VPC and per account', async () => {
    emulator.rules.set({ 'baidu.peerconn.quotaPerVpc': 1 });
    await sameAccount();
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, jobs)))).toEqual([413, 'LimitExceeded']);
    emulator.rules.set({
      'baidu.peerconn.quotaPerVpc': 10,
      'baidu.peerconn.quotaPerAccount': 1,
      'baidu.quota.code': 'QuotaLimitExceeded',
    });
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, jobs)))).toEqual([413, 'QuotaLimitExceeded']);
    emulator.rules.set({ 'baidu.peerconn.quotaPerAccount': 2 });
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, jobs)))).toEqual(OK);
  });

  it("checks the acceptor's quota when it accepts", async () => {
    const first = await requested();
    const second = await create(aBj, createBody(data, foreign, { peerAccountId: b.id }));
    emulator.rules.set({ 'baidu.peerconn.quotaPerVpc': 1 });
    expect(outcome(await act(bBj, second, 'accept'))).toEqual([413, 'LimitExceeded']);
    await act(bBj, first, 'reject');
    await aBj.delete(at(first));
    settle();
    expect(outcome(await act(bBj, second, 'accept'))).toEqual(OK);
  });

  it('has switches for what the sources leave open', async () => {
    const overlapping = emulator.world.network({ cloud: 'baidu', account: a.id, region: 'bj', cidrs: web.cidrs });
    const other = { id: overlapping.id, region: 'bj' };
    emulator.rules.set({ 'baidu.peerconn.refuseOverlappingCidrs': true });
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, other)))).toEqual([409, 'CidrConflict']);
    emulator.rules.set({ 'baidu.peerconn.refuseOverlappingCidrs': false });
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, other)))).toEqual(OK);

    const own = createBody(web, data, { peerAccountId: a.id });
    emulator.rules.set({ 'baidu.peerconn.ownPeerAccountId': 'refuse' });
    expect(outcome(await aBj.post('/v1/peerconn', own))).toEqual([400, 'BadRequest']);
    emulator.rules.set({ 'baidu.peerconn.ownPeerAccountId': 'same-account' });
    expect((await see(aBj, await create(aBj, own), 'acceptor')).status).toBe('active');

    const named = createBody(web, foreign, { peerAccountId: b.id, peerIfName: 'theirs' });
    expect(outcome(await aBj.post('/v1/peerconn', named))).toEqual([400, 'BadRequest']);
    emulator.rules.set({ 'baidu.peerconn.peerIfNameAcrossAccounts': 'ignore' });
    const id = await create(aBj, named);
    expect((await see(bBj, id, 'acceptor')).localIfName).not.toBe('theirs');

    emulator.rules.set({ 'baidu.peerconn.minimumBandwidthMbps': 10, 'baidu.peerconn.maximumBandwidthMbps': 20 });
    for (const [bandwidthInMbps, status] of [
      [9, 400],
      [21, 400],
      [20, 200],
    ] as const) {
      expect((await aBj.post('/v1/peerconn', createBody(web, jobs, { bandwidthInMbps }))).status).toBe(status);
    }

    emulator.rules.set({ 'baidu.peerconn.longestDescription': 3, 'baidu.peerconn.longestInterfaceName': 2 });
    for (const more of [{ description: 'four' }, { localIfName: 'abc' }, { peerIfName: 'abc' }]) {
      expect(outcome(await aBj.post('/v1/peerconn', createBody(data, jobs, more)))).toEqual([400, 'BadRequest']);
    }

    const body = createBody(data, jobs, { description: '中文字', localIfName: 'ab' });
    const untokened = (): Promise<Answer> => aBj.send('POST', '/v1/peerconn', { body, query: { clientToken: '' } });
    expect(outcome(await untokened())).toEqual([400, 'BadRequest']);
    emulator.rules.set({ 'baidu.clientToken.demanded': false });
    expect(outcome(await untokened())).toEqual(OK);
  });
});

describe('views: one record, two sides', () => {
  it('shows each side its own values, at its own region only', async () => {
    const tags = [{ tagKey: 'team', tagValue: 'net' }];
    const id = await create(
      aBj,
      createBody(web, foreignFar, { peerAccountId: b.id, description: 'ours', tags, deleteProtect: true }),
    );
    const ours = await see(aBj, id, 'initiator');
    const theirs = await see(bGz, id, 'acceptor');
    expect(ours).toMatchObject({
      localRegion: 'bj',
      peerRegion: 'gz',
      peerAccountId: b.id,
      description: 'ours',
      tags,
      deleteProtect: true,
    });
    expect(theirs).toMatchObject({
      localRegion: 'gz',
      peerRegion: 'bj',
      peerAccountId: a.id,
      description: '',
      tags: [],
      deleteProtect: false,
    });
    for (const [by, role] of [
      [aBj, 'acceptor'],
      [aGz, 'initiator'],
      [bGz, 'initiator'],
      [bBj, 'acceptor'],
    ] as const) {
      const answer = await by.get(at(id), { role });
      expect([answer.status, answer.text]).toEqual([200, '']);
    }
    expect((await aBj.get('/v1/peerconn')).body.peerConns).toHaveLength(1);
    expect((await bGz.get('/v1/peerconn')).body.peerConns).toHaveLength(1);
    expect((await bBj.get('/v1/peerconn')).body.peerConns).toEqual([]);
  });

  it('reads both sides of a same-account link at their own regions', async () => {
    const id = await create(aBj, createBody(web, far));
    expect(await see(aGz, id, 'acceptor')).toMatchObject({ status: 'active', localVpcId: far.id, localRegion: 'gz' });
    expect((await aBj.get(at(id), { role: 'acceptor' })).text).toBe('');
    expect((await aGz.get(at(id))).body.role).toBe('acceptor');
  });

  it('answers a missing link with an empty body, or 404 by switch', async () => {
    const gone = await aBj.get(at('peerconn-000000000000'), { role: 'initiator' });
    expect([gone.status, gone.text, gone.headers.get('content-type')]).toEqual([
      200,
      '',
      'application/json; charset=utf-8',
    ]);
    emulator.rules.set({ 'baidu.peerconn.missingRead': 'not-found' });
    expect(outcome(await aBj.get(at('peerconn-000000000000')))).toEqual([404, 'NoSuchObject']);
  });

  it('shows either side without a role when both are here, or the initiator by switch', async () => {
    const id = await sameAccount();
    const roles = new Set<string>();
    for (let index = 0; index < 20; index += 1) roles.add((await aBj.get(at(id))).body.role);
    expect([...roles].sort()).toEqual(['acceptor', 'initiator']);
    emulator.rules.set({ 'baidu.peerconn.readWithoutRole': 'initiator' });
    for (let index = 0; index < 10; index += 1) expect((await aBj.get(at(id))).body.role).toBe('initiator');
  });

  it('lists rows per side: filtered one, unfiltered two or by switch one', async () => {
    const id = await sameAccount();
    expect((await aBj.get('/v1/peerconn', { vpcId: web.id })).body.peerConns).toMatchObject([{ role: 'initiator' }]);
    expect((await aBj.get('/v1/peerconn', { vpcId: data.id })).body.peerConns).toMatchObject([
      { role: 'acceptor', localVpcId: data.id },
    ]);
    const { body } = await aBj.get('/v1/peerconn');
    expect(body.peerConns).toMatchObject([
      { peerConnId: id, role: 'initiator' },
      { peerConnId: id, role: 'acceptor' },
    ]);
    expect(body.peerConns[0]).not.toHaveProperty('tags');
    emulator.rules.set({ 'baidu.peerconn.listRows': 'once', 'baidu.peerconn.listHasTagsAndProtection': true });
    expect((await aBj.get('/v1/peerconn')).body.peerConns).toMatchObject([
      { role: 'initiator', tags: [], deleteProtect: false },
    ]);
  });

  it('spells and types the bandwidth, zones the times and prints no expiry as the switches say', async () => {
    const id = await sameAccount();
    const before = await see(aBj, id, 'initiator');
    emulator.rules.set({
      'baidu.peerconn.bandwidthField': 'bandwithInMbp',
      'baidu.peerconn.bandwidthType': 'string',
      'baidu.peerconn.timeZone': 'UTC+8',
      'baidu.peerconn.postpaidExpiredTime': 'empty',
    });
    const after = await see(aBj, id, 'initiator');
    expect(after).toMatchObject({ bandwithInMbp: '10', expiredTime: '' });
    expect(after).not.toHaveProperty('bandwidthInMbps');
    const zone = (time: string): number => Date.parse(`${time.replace(' ', 'T')}Z`);
    expect(zone(after.createdTime) - zone(before.createdTime)).toBe(8 * 3_600_000);
    expect((await aBj.get('/v1/peerconn')).body.peerConns[0]).toHaveProperty('bandwithInMbp');
  });
});

describe('answering a request (seed 004: "Application to process")', () => {
  it('fails on the initiator side after 7 days, and not a minute earlier', async () => {
    const id = await requested();
    settle(7 * DAY - 2 * 60_000);
    expect((await see(aBj, id, 'initiator')).status).toBe('consulting');
    settle(2 * 60_000);
    expect((await see(aBj, id, 'initiator')).status).toBe('consult_failed');
    expect(outcome(await act(bBj, id, 'accept'))).toEqual(DENIED);
  });

  it('fails after 7 days even when the request was updated meanwhile', async () => {
    emulator.rules.set({ 'baidu.peerconn.showsUpdating': 'resize-and-update' });
    const id = await requested();
    settle(7 * DAY - 60_500);
    const { localIfId } = await see(aBj, id, 'initiator');
    expect(outcome(await aBj.put(at(id), {}, { localIfId, description: 'late' }))).toEqual(OK);
    expect((await see(aBj, id, 'initiator')).status).toBe('updating');
    settle(2_000);
    expect((await see(aBj, id, 'initiator')).status).toBe('consult_failed');
  });

  it('does not let an answered request time out', async () => {
    const id = await crossAccount();
    settle(8 * DAY);
    expect((await see(aBj, id, 'initiator')).status).toBe('active');
  });

  it('fails on the initiator side when the acceptor rejects; the acceptor sees it or not, by switch', async () => {
    const id = await requested();
    expect(outcome(await act(bBj, id, 'reject'))).toEqual(OK);
    expect((await see(aBj, id, 'initiator')).status).toBe('consult_failed');
    expect((await see(bBj, id, 'acceptor')).status).toBe('consult_failed');
    emulator.rules.set({ 'baidu.peerconn.acceptorViewAfterFailure': 'gone' });
    expect((await bBj.get(at(id), { role: 'acceptor' })).text).toBe('');
    expect((await bBj.get('/v1/peerconn')).body.peerConns).toEqual([]);
    expect((await see(aBj, id, 'initiator')).status).toBe('consult_failed');
  });

  it.each(['accept', 'reject'])(
    'refuses to %s what is answered, the own request, and a same-account link',
    async (flag) => {
      const id = await requested();
      expect(outcome(await act(aBj, id, flag))).toEqual(DENIED);
      await act(bBj, id, 'accept');
      settle();
      expect(outcome(await act(bBj, id, flag))).toEqual(DENIED);
      expect(outcome(await act(aBj, await sameAccount(), flag))).toEqual(DENIED);
    },
  );

  it('goes to the region of the acceptor only', async () => {
    const id = await create(aBj, createBody(web, foreignFar, { peerAccountId: b.id }));
    expect(outcome(await act(bBj, id, 'accept'))).toEqual([404, 'NoSuchObject']);
    expect(outcome(await act(bGz, id, 'accept'))).toEqual(OK);
  });

  it('takes the flag with any value, alone; two actions are refused or the first wins, by switch', async () => {
    const id = await requested();
    const both = { accept: '', reject: '' };
    expect(outcome(await bBj.put(at(id), both))).toEqual([400, 'BadRequest']);
    emulator.rules.set({ 'baidu.peerconn.twoActionFlags': 'first' });
    expect(outcome(await bBj.put(at(id), both))).toEqual(OK);
    settle();
    expect((await see(aBj, id, 'initiator')).status).toBe('active');
  });

  it('shows starting on the way, or not, by switch', async () => {
    const id = await requested();
    await act(bBj, id, 'accept');
    expect((await see(bBj, id, 'acceptor')).status).toBe('starting');
    emulator.rules.set({ 'baidu.peerconn.showsStarting': false });
    const { body } = await aBj.post('/v1/peerconn', createBody(web, data));
    settle(1_999);
    expect((await see(aBj, body.peerConnId, 'initiator')).status).toBe('creating');
    settle(1);
    expect((await see(aBj, body.peerConnId, 'initiator')).status).toBe('active');
  });
});

describe('update, resize, renew, refund', () => {
  it('edits name and description of the side that localIfId selects, and of no other', async () => {
    const id = await crossAccount();
    const { localIfId } = await see(aBj, id, 'initiator');
    const theirs = await see(bBj, id, 'acceptor');
    expect(outcome(await aBj.put(at(id), {}, { localIfId, localIfName: 'new', description: 'changed' }))).toEqual(OK);
    expect(await see(aBj, id, 'initiator')).toMatchObject({
      localIfName: 'new',
      description: 'changed',
      status: 'active',
    });
    expect(await see(bBj, id, 'acceptor')).toEqual(theirs);
    expect(outcome(await aBj.put(at(id), {}, { localIfId: theirs.localIfId, description: 'x' }))).toEqual([
      400,
      'BadRequest',
    ]);
    expect(outcome(await aBj.put(at(id), {}, { description: 'x' }))).toEqual([400, 'InappropriateJSON']);
    const long = { localIfId, localIfName: 'x'.repeat(66) };
    expect(outcome(await aBj.put(at(id), {}, long))).toEqual([400, 'BadRequest']);
  });

  it('resizes a Postpaid link up and down through updating', async () => {
    const id = await sameAccount();
    for (const newBandwidthInMbps of [100, 5]) {
      expect(outcome(await act(aBj, id, 'resize', { newBandwidthInMbps }))).toEqual(OK);
      expect((await see(aBj, id, 'initiator')).status).toBe('updating');
      expect(outcome(await act(aBj, id, 'resize', { newBandwidthInMbps: 7 }))).toEqual(DENIED);
      expect(outcome(await aBj.delete(at(id)))).toEqual(DENIED);
      settle();
      expect(await see(aBj, id, 'initiator')).toMatchObject({ status: 'active', bandwidthInMbps: newBandwidthInMbps });
    }
    expect(outcome(await act(aBj, id, 'resize', { newBandwidthInMbps: 0 }))).toEqual([400, 'BadRequest']);
    expect(outcome(await act(aBj, id, 'resize', {}))).toEqual([400, 'InappropriateJSON']);
    emulator.rules.set({ 'baidu.peerconn.showsUpdating': 'never' });
    await act(aBj, id, 'resize', { newBandwidthInMbps: 50 });
    expect(await see(aBj, id, 'initiator')).toMatchObject({ status: 'active', bandwidthInMbps: 50 });
  });

  it('resizes a Prepaid link up only', async () => {
    const id = await prepaid();
    expect(outcome(await act(aBj, id, 'resize', { newBandwidthInMbps: 5 }))).toEqual(DENIED);
    expect(outcome(await act(aBj, id, 'resize', { newBandwidthInMbps: 20 }))).toEqual(OK);
  });

  it('resizes a waiting request only by switch', async () => {
    const id = await requested();
    expect(outcome(await act(aBj, id, 'resize', { newBandwidthInMbps: 20 }))).toEqual(DENIED);
    emulator.rules.set({ 'baidu.peerconn.resizeWhileConsulting': true });
    expect(outcome(await act(aBj, id, 'resize', { newBandwidthInMbps: 20 }))).toEqual(OK);
    settle();
    expect((await see(aBj, id, 'initiator')).status).toBe('consulting');
  });

  const renewal = { billing: { reservation: { reservationLength: 2, reservationTimeUnit: 'Month' } } };

  it('renews Prepaid, before and after it has expired, and never Postpaid', async () => {
    expect(outcome(await act(aBj, await sameAccount(), 'purchaseReserved', renewal))).toEqual(DENIED);
    const id = await prepaid();
    const { expiredTime } = await see(aBj, id, 'initiator');
    expect(expiredTime).toMatch(/^\d{4}-\d{2}-\d{2} /);
    expect(outcome(await act(aBj, id, 'purchaseReserved', renewal))).toEqual(OK);
    const renewed = (await see(aBj, id, 'initiator')).expiredTime;
    expect(Date.parse(String(renewed)) - Date.parse(String(expiredTime))).toBeGreaterThan(58 * DAY);
    settle(40 * DAY);
    expect((await see(aBj, id, 'initiator')).status).toBe('active');
    settle(60 * DAY);
    expect((await see(aBj, id, 'initiator')).status).toBe('expired');
    expect(outcome(await act(aBj, id, 'resize', { newBandwidthInMbps: 20 }))).toEqual(DENIED);
    expect(outcome(await act(aBj, id, 'purchaseReserved', renewal))).toEqual(OK);
    settle();
    expect((await see(aBj, id, 'initiator')).status).toBe('active');
  });

  it('refunds Prepaid by its initiator, not Postpaid, not while protected, not across the border', async () => {
    expect(outcome(await act(aBj, await sameAccount(), 'refund'))).toEqual(DENIED);
    const id = await prepaid();
    await aBj.put(`${at(id)}/deleteProtect`, {}, { deleteProtect: true });
    expect(outcome(await act(aBj, id, 'refund'))).toEqual(DENIED);
    emulator.rules.set({ 'baidu.peerconn.protectionBlocksRefund': false });
    expect(outcome(await act(aBj, id, 'refund'))).toEqual(OK);
    settle();
    expect((await aBj.get(at(id))).text).toBe('');

    const hongKong = emulator.world.network({ cloud: 'baidu', account: a.id, region: 'hkg', cidrs: ['10.99.0.0/16'] });
    const billing = { paymentTiming: 'Prepaid', reservation: { reservationLength: 1, reservationTimeUnit: 'month' } };
    const border = await create(aBj, createBody(web, { id: hongKong.id, region: 'hkg' }, { billing }));
    expect(outcome(await act(aBj, border, 'refund'))).toEqual(DENIED);
    emulator.rules.set({ 'baidu.peerconn.crossBorder': 'none' });
    expect(outcome(await act(aBj, border, 'refund'))).toEqual(OK);
  });

  it.each([
    ['resize', { newBandwidthInMbps: 20 }],
    ['purchaseReserved', renewal],
    ['refund', undefined],
  ])('lets only the initiator %s across accounts', async (flag, body) => {
    const billing = { paymentTiming: 'Prepaid', reservation: { reservationLength: 1, reservationTimeUnit: 'month' } };
    const id = await create(aBj, createBody(web, foreignFar, { peerAccountId: b.id, billing }));
    await act(bGz, id, 'accept');
    settle();
    expect(outcome(await act(bGz, id, flag, body))).toEqual(DENIED);
    emulator.rules.set({ 'baidu.peerconn.wrongSideCode': 'AccessDenied' });
    expect(outcome(await act(bGz, id, flag, body))).toEqual([403, 'AccessDenied']);
    expect(outcome(await act(aBj, id, flag, body))).toEqual(OK);
  });
});

describe('release', () => {
  it('is for the initiator across accounts, for either side inside one', async () => {
    const cross = await crossAccount();
    expect(outcome(await bBj.delete(at(cross)))).toEqual(DENIED);
    expect(outcome(await aBj.delete(at(cross)))).toEqual(OK);
    const same = await create(aBj, createBody(web, far));
    expect(outcome(await aGz.delete(at(same)))).toEqual(OK);
    expect((await see(aBj, same, 'initiator')).status).toBe('deleting');
  });

  it('withdraws a waiting request', async () => {
    const id = await requested();
    expect(outcome(await aBj.delete(at(id)))).toEqual(OK);
    expect(outcome(await act(bBj, id, 'accept'))).toEqual(DENIED);
    settle();
    expect((await bBj.get(at(id))).text).toBe('');
  });

  it('refuses Prepaid until it has expired or its request has failed', async () => {
    const id = await prepaid();
    expect(outcome(await aBj.delete(at(id)))).toEqual(DENIED);
    settle(32 * DAY);
    expect(outcome(await aBj.delete(at(id)))).toEqual(OK);
    settle();
    const billing = { paymentTiming: 'Prepaid', reservation: { reservationLength: 12, reservationTimeUnit: 'month' } };
    const failed = await create(aBj, createBody(web, foreignFar, { peerAccountId: b.id, billing }));
    await act(bGz, failed, 'reject');
    expect(outcome(await aBj.delete(at(failed)))).toEqual(OK);
  });

  it('can refuse expired links by switch', async () => {
    const id = await prepaid();
    settle(32 * DAY);
    emulator.rules.set({ 'baidu.peerconn.releaseWhenDownOrError': false });
    expect(outcome(await aBj.delete(at(id)))).toEqual(DENIED);
  });

  it('is blocked by release protection until that is switched off', async () => {
    const id = await create(aBj, createBody(web, data, { deleteProtect: true }));
    expect((await see(aBj, id, 'acceptor')).deleteProtect).toBe(true);
    expect(outcome(await aBj.delete(at(id)))).toEqual(DENIED);
    emulator.rules.set({ 'baidu.peerconn.protectedCode': 'AccessDenied' });
    expect(outcome(await aBj.delete(at(id)))).toEqual([403, 'AccessDenied']);
    expect(outcome(await aBj.put(`${at(id)}/deleteProtect`, {}, { deleteProtect: 1 }))).toEqual([
      400,
      'InappropriateJSON',
    ]);
    expect(outcome(await aBj.put(`${at(id)}/deleteProtect`, {}, { deleteProtect: false }))).toEqual(OK);
    expect(outcome(await aBj.delete(at(id)))).toEqual(OK);
  });

  it('takes a second release for a conflict while deleting and for not found afterwards', async () => {
    const id = await sameAccount();
    await aBj.delete(at(id));
    expect(outcome(await aBj.delete(at(id)))).toEqual(DENIED);
    settle();
    expect(outcome(await aBj.delete(at(id)))).toEqual([404, 'NoSuchObject']);
    emulator.rules.set({ 'baidu.peerconn.missingWriteCode': 'OperationDenied' });
    expect(outcome(await aBj.delete(at(id)))).toEqual(DENIED);
  });

  it('has both sides releasing at once end in one release', async () => {
    const id = await create(aBj, createBody(web, far));
    const results = await Promise.all([aBj.delete(at(id)), aGz.delete(at(id))]);
    expect(results.map((result) => result.status).sort()).toEqual([200, 409]);
    settle();
    expect((await aBj.get(at(id))).text + (await aGz.get(at(id))).text).toBe('');
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, far)))).toEqual(OK);
  });

  it('leaves a readable tombstone by switch, which is not alive', async () => {
    emulator.rules.set({ 'baidu.peerconn.deletedTombstone': true });
    const id = await sameAccount();
    await aBj.delete(at(id));
    settle(5_000);
    expect((await see(aBj, id, 'initiator')).status).toBe('deleted');
    expect(outcome(await aBj.delete(at(id)))).toEqual([404, 'NoSuchObject']);
    expect(outcome(await aBj.post('/v1/peerconn', createBody(web, data)))).toEqual(OK);
    settle();
    expect((await aBj.get(at(id), { role: 'initiator' })).text).toBe('');
  });
});

describe('DNS synchronisation, per side', () => {
  const dns = (by: Wire, id: string, verb: string, role: string): Promise<Answer> =>
    act(by, id, verb, undefined, { role });

  it('opens through wait and syncing, closes through closing, and leaves the other side alone', async () => {
    const id = await crossAccount();
    const status = async (): Promise<unknown> => (await see(aBj, id, 'initiator')).dnsStatus;
    expect(outcome(await dns(aBj, id, 'open', 'initiator'))).toEqual(OK);
    expect(await status()).toBe('wait');
    settle(1_000);
    expect(await status()).toBe('syncing');
    for (const verb of ['open', 'close']) expect(outcome(await dns(aBj, id, verb, 'initiator'))).toEqual(DENIED);
    settle(2_000);
    expect(await status()).toBe('open');
    expect((await see(bBj, id, 'acceptor')).dnsStatus).toBe('close');
    expect(outcome(await dns(aBj, id, 'close', 'initiator'))).toEqual(OK);
    expect(await status()).toBe('closing');
    for (const verb of ['open', 'close']) expect(outcome(await dns(aBj, id, verb, 'initiator'))).toEqual(DENIED);
    settle();
    expect(await status()).toBe('close');
  });

  it('skips wait by switch; a repeat is refused or succeeds by switch', async () => {
    emulator.rules.set({ 'baidu.peerconn.dnsShowsWait': false });
    const id = await sameAccount();
    expect(outcome(await dns(aBj, id, 'close', 'initiator'))).toEqual(DENIED);
    await dns(aBj, id, 'open', 'initiator');
    expect((await see(aBj, id, 'initiator')).dnsStatus).toBe('syncing');
    settle();
    expect(outcome(await dns(aBj, id, 'open', 'initiator'))).toEqual(DENIED);
    emulator.rules.set({ 'baidu.peerconn.dnsRepeat': 'succeed' });
    expect(outcome(await dns(aBj, id, 'open', 'initiator'))).toEqual(OK);
  });

  it('needs an active link, a role, and that role to be the own one', async () => {
    const waiting = await requested();
    expect(outcome(await dns(bBj, waiting, 'open', 'acceptor'))).toEqual(DENIED);
    const id = await sameAccount();
    expect(outcome(await act(aBj, id, 'open'))).toEqual([400, 'BadRequest']);
    expect(outcome(await dns(aBj, id, 'open', 'both'))).toEqual([400, 'BadRequest']);
    await act(bBj, waiting, 'accept');
    settle();
    expect(outcome(await dns(bBj, waiting, 'open', 'initiator'))).toEqual([403, 'AccessDenied']);
    // the Go SDK sends the role in a body too; a body on this call is ignored
    expect(outcome(await act(bBj, waiting, 'open', { role: 'initiator' }, { role: 'acceptor' }))).toEqual(OK);
  });
});
