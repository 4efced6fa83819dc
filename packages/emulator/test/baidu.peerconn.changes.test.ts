/** Changing and ending a peer connection: update, resize, renew, refund, release. Source: docs/facts/baidu.md 3.1 and 4. */
import { describe, expect, it } from '@jest/globals';
import { act, crossAccount, DAY, far, foreignFar, prepaid, see } from './baiduPeerconns.js';
import {
  a,
  aBj,
  aGz,
  at,
  b,
  bBj,
  bGz,
  create,
  createBody,
  data,
  DENIED,
  emulator,
  emulatorPerTest,
  OK,
  outcome,
  requested,
  sameAccount,
  settle,
  web,
} from './baiduWire.js';

emulatorPerTest(4);

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
