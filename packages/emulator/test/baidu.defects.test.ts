/** The known defects of two-sided emulations, each numbered as in their list, all through the socket. */
import { describe, expect, it } from '@jest/globals';
import {
  a,
  aBj,
  aGz,
  at,
  b,
  bBj,
  C,
  cBj,
  create,
  createBody,
  data,
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
  Wire,
  withThirdAccount,
} from './baiduWire.js';
import type { Answer } from './baiduWire.js';

emulatorPerTest(6);
withThirdAccount();

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
