/** The two sides of a peer connection: views, answering a request, DNS synchronisation. Source: docs/facts/baidu.md 3.1 and 12. */
import { describe, expect, it } from '@jest/globals';
import { act, crossAccount, DAY, far, foreignFar, see } from './baiduPeerconns.js';
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
import type { Answer, Wire } from './baiduWire.js';

emulatorPerTest(4);

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
      'baidu.peerconn.timeZone': 'UTC',
      'baidu.peerconn.postpaidExpiredTime': 'empty',
    });
    const after = await see(aBj, id, 'initiator');
    expect(after).toMatchObject({ bandwithInMbp: '10', expiredTime: '' });
    expect(after).not.toHaveProperty('bandwidthInMbps');
    const zone = (time: string): number => Date.parse(`${time.replace(' ', 'T')}Z`);
    expect(zone(before.createdTime) - zone(after.createdTime)).toBe(8 * 3_600_000);
    expect((await aBj.get('/v1/peerconn')).body.peerConns[0]).toHaveProperty('bandwithInMbp');
  });
});

describe('answering a request (docs/facts/baidu.md 12: "Application to process")', () => {
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
