/**
 * Making a peer connection over the wire: every rule of docs/facts/baidu.md 3.1, 4 and 12, each with a good and
 * a bad case, and the rule switches of the points that the sources leave open, in both positions.
 */
import { describe, expect, it } from '@jest/globals';
import { act, far, see } from './baiduPeerconns.js';
import {
  a,
  aBj,
  at,
  b,
  bBj,
  create,
  createBody,
  data,
  DENIED,
  emulator,
  emulatorPerTest,
  foreign,
  jobs,
  OK,
  outcome,
  requested,
  sameAccount,
  settle,
  web,
} from './baiduWire.js';
import type { Answer } from './baiduWire.js';

emulatorPerTest(4);

describe('create (docs/facts/baidu.md 12: "note the following")', () => {
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
