/**
 * The Baidu side as a whole: the call sequences of the vendor's Terraform provider, states that only time or arrears
 * bring, snapshots, many clients at once, and the completeness of the rule sheet's tests. Nonsense is in fuzz.test.ts.
 */
import { afterEach, beforeEach, describe, it, expect } from '@jest/globals';
import { Emulator } from '@peerway/emulator';
import type { BaiduOperation } from '../src/baidu/describe/parameters.js';
import { PEERCONN_ALLOWS, PEERCONN_STATUSES, PEERCONN_TRANSITIONS } from '../src/baidu/transitions.js';
import { a, b, createBody, network, Wire } from './baiduWire.js';
import type { Answer } from './baiduWire.js';

const HOUR = 3_600_000;
const [web, data, jobs] = [network('a', 'bj', 'web'), network('a', 'bj', 'data'), network('a', 'bj', 'jobs')];
const foreign = network('b', 'bj', 'web');

let emulator: Emulator;
let aBj: Wire, bBj: Wire;

beforeEach(async () => {
  emulator = await Emulator.start({ seed: 9 });
  aBj = new Wire(emulator, a, 'bj');
  bBj = new Wire(emulator, b, 'bj');
});
afterEach(async () => {
  expect(emulator.crashes).toEqual([]);
  await emulator.close();
});

const settle = (ms = 60_000): void => emulator.clock.advance(ms);
const outcome = ({ status, code }: Answer): readonly [number, string | undefined] => [status, code];
const at = (id: string): string => `/v1/peerconn/${id}`;

describe('call sequences of the Terraform provider (docs/facts/baidu.md 6.1)', () => {
  /** StateChangeConf: first look after 10 s, then every 3 s and more; both roles are read from one endpoint. */
  async function waitFor(id: string, pending: readonly string[], target: readonly string[]): Promise<string> {
    for (let wait = 10_000; ; wait = 3_000) {
      settle(wait);
      const initiator = await aBj.get(at(id), { role: 'initiator' });
      await aBj.get(at(id), { role: 'acceptor' });
      const state = initiator.text === '' ? 'deleted' : initiator.body.status;
      if (target.includes(state)) return state;
      expect(pending).toContain(state);
    }
  }

  it('baiducloud_peer_conn with its acceptor and baiducloud_route_rule', async () => {
    const token = { clientToken: 'terraform-token' };
    const body = createBody(web, foreign, { peerAccountId: b.id, billing: { paymentTiming: 'Postpaid' } });
    // the provider repeats a create after InternalError with the same token
    emulator.faults.add({ kind: 'error', cloud: 'baidu', operation: 'CreatePeerConn', calls: 1, after: true });
    expect(outcome(await aBj.post('/v1/peerconn', body, token))).toEqual([500, 'InternalError']);
    const { peerConnId: id } = (await aBj.post('/v1/peerconn', body, token)).body;
    expect(await waitFor(id, ['creating', 'starting'], ['active', 'consulting'])).toBe('consulting');

    const acceptor = await bBj.get(at(id), { role: 'acceptor' });
    expect(acceptor.body.status).toBe('consulting');
    expect((await bBj.put(at(id), { accept: '' })).status).toBe(200);
    expect(await waitFor(id, ['starting', 'consulting'], ['active'])).toBe('active');

    const { localIfId } = (await aBj.get(at(id), { role: 'initiator' })).body;
    await aBj.put(at(id), {}, { localIfId, description: 'changed', localIfName: 'renamed' });
    expect(await waitFor(id, ['updating'], ['active', 'consulting'])).toBe('active');
    await aBj.put(at(id), { resize: '' }, { newBandwidthInMbps: 20 });
    expect(await waitFor(id, ['updating'], ['active', 'consulting'])).toBe('active');
    await aBj.put(at(id), { open: '', role: 'initiator' });
    settle(10_000);
    expect((await aBj.get(at(id), { role: 'initiator' })).body.dnsStatus).toBe('open');

    // the route resource searches the table first, then creates; it reads the whole table
    expect((await aBj.get('/v1/route', { routeTableId: web.routeTable })).body.routeRules).toEqual([]);
    const { routeRuleId } = (
      await aBj.post('/v1/route/rule', {
        routeTableId: web.routeTable,
        sourceAddress: '0.0.0.0/0',
        destinationAddress: foreign.cidrs[0],
        nexthopType: 'peerConn',
        nexthopId: localIfId,
        description: '',
      })
    ).body;
    expect((await aBj.get('/v1/route', { routeTableId: web.routeTable })).body.routeRules).toMatchObject([
      { routeRuleId },
    ]);
    expect((await aBj.delete(`/v1/route/rule/${routeRuleId}`)).status).toBe(200);

    expect((await aBj.delete(at(id))).status).toBe(200);
    expect(await waitFor(id, ['deleting', 'consulting', 'consult_failed', 'active'], ['deleted'])).toBe('deleted');
  });

  it('baiducloud_vpc waits for its dependents while it is deleted', async () => {
    const { peerConnId } = (await aBj.post('/v1/peerconn', createBody(web, data))).body;
    settle();
    await aBj.delete(at(peerConnId));
    expect(outcome(await aBj.delete(`/v1/vpc/${web.id}`))).toEqual([409, 'ResourceNeedRelease']);
    settle();
    expect((await aBj.delete(`/v1/vpc/${web.id}`)).status).toBe(200);
  });
});

describe('states', () => {
  it('have a row for every name, and an arrow to every name but creating, where a link begins', () => {
    expect(Object.keys(PEERCONN_ALLOWS).sort()).toEqual([...PEERCONN_STATUSES].sort());
    const reached = new Set<string>(
      PEERCONN_TRANSITIONS.flatMap(({ via, to }) => (via === undefined ? [to] : [via, to])),
    );
    expect(PEERCONN_STATUSES.filter((status) => !reached.has(status))).toEqual(['creating']);
  });

  it('go down when the account is in arrears, and come back when it pays', async () => {
    emulator.rules.set({ 'baidu.peerconn.overdueAfterMs': 24 * HOUR });
    const { peerConnId: id } = (await aBj.post('/v1/peerconn', createBody(web, data))).body;
    const status = async (): Promise<string> => (await aBj.get(at(id), { role: 'initiator' })).body.status;
    settle(24 * HOUR - 1);
    expect(await status()).toBe('active');
    settle(1);
    expect(await status()).toBe('stopping');
    settle(5 * HOUR);
    expect(await status()).toBe('down');
    expect(outcome(await aBj.put(at(id), { resize: '' }, { newBandwidthInMbps: 5 }))).toEqual([409, 'OperationDenied']);
    emulator.rules.set({ 'baidu.peerconn.overdueAfterMs': 0 });
    settle(HOUR);
    settle();
    expect(await status()).toBe('active');
  });

  it('end in error by rule, where release is all that is left', async () => {
    emulator.rules.set({ 'baidu.peerconn.provisioningFails': true });
    const { peerConnId: id } = (await aBj.post('/v1/peerconn', createBody(web, data))).body;
    settle();
    expect((await aBj.get(at(id), { role: 'initiator' })).body.status).toBe('error');
    expect((await aBj.put(at(id), { open: '', role: 'initiator' })).status).toBe(409);
    expect((await aBj.delete(at(id))).status).toBe(200);
    settle();
    expect((await aBj.get(at(id))).text).toBe('');
  });

  it('last as long as the rules say: lifetimes of requests and tokens', async () => {
    emulator.rules.set({ 'baidu.peerconn.requestLifetimeMs': HOUR, 'baidu.clientToken.lifetimeMs': HOUR });
    const body = createBody(web, foreign, { peerAccountId: b.id });
    const { peerConnId: id } = (await aBj.post('/v1/peerconn', body, { clientToken: 't' })).body;
    settle(HOUR - 1);
    expect((await aBj.post('/v1/peerconn', body, { clientToken: 't' })).body.peerConnId).toBe(id);
    expect((await aBj.get(at(id))).body.status).toBe('consulting');
    settle(HOUR);
    expect((await aBj.post('/v1/peerconn', body, { clientToken: 't' })).status).toBe(409);
    expect((await aBj.get(at(id))).body.status).toBe('consult_failed');
  });
});

describe('snapshot', () => {
  it('holds links on their way, their deadlines and tokens, and goes on in another emulator', async () => {
    const body = createBody(web, foreign, { peerAccountId: b.id });
    const waiting = (await aBj.post('/v1/peerconn', body, { clientToken: 't' })).body.peerConnId;
    const { peerConnId: young } = (await aBj.post('/v1/peerconn', createBody(web, data))).body;
    const state = JSON.parse(JSON.stringify(emulator.snapshot())) as ReturnType<Emulator['snapshot']>;
    const other = await Emulator.start({ seed: 1 });
    try {
      other.restore(state);
      const wire = new Wire(other, a, 'bj');
      expect((await wire.get(at(young), { role: 'initiator' })).body.status).toBe('creating');
      expect((await wire.post('/v1/peerconn', body, { clientToken: 't' })).body.peerConnId).toBe(waiting);
      other.clock.advance(60_000);
      expect((await wire.get(at(young), { role: 'initiator' })).body.status).toBe('active');
      other.clock.advance(8 * 24 * HOUR);
      expect((await wire.get(at(waiting))).body.status).toBe('consult_failed');
      expect(other.crashes).toEqual([]);
    } finally {
      await other.close();
    }
  });
});

/** A small generator of its own, so that a failing run can be repeated by its seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * sides);
  };
}

describe('many clients at once', () => {
  it('never break an invariant: pairs unique, views consistent, no route to a dead interface', async () => {
    emulator.rules.set({ 'baidu.route.onPeerconnRelease': 'refuse', 'baidu.peerconn.quotaPerAccount': 1000 });
    const seed = 20_261_120;
    const roll = dice(seed);
    const ends = [web, data, jobs, foreign, network('b', 'bj', 'data')];
    const pick = <T>(items: readonly T[]): T | undefined => items[roll(items.length)];
    const rows = async (wire: Wire) => (await wire.get('/v1/peerconn')).body.peerConns;
    const one = async (wire: Wire, own: 'a' | 'b'): Promise<void> => {
      const row = pick(await rows(wire));
      const id = row?.peerConnId ?? 'peerconn-000000000000';
      const [local, peer] = [pick(ends), pick(ends)];
      switch (roll(7)) {
        case 0:
        case 1: {
          const across = peer?.account === own ? {} : { peerAccountId: peer?.account === 'a' ? a.id : b.id };
          await wire.post('/v1/peerconn', createBody(local ?? web, peer ?? data, across));
          return;
        }
        case 2:
          await wire.put(at(id), { [roll(4) === 0 ? 'reject' : 'accept']: '' });
          return;
        case 3:
          await wire.delete(at(id));
          return;
        case 4:
          await wire.put(at(id), { resize: '' }, { newBandwidthInMbps: 1 + roll(50) });
          return;
        case 5: {
          const table = pick(ends.filter(({ account }) => account === own))?.routeTable;
          const destinationAddress = `172.${String(16 + roll(16))}.0.0/16`;
          await wire.post('/v1/route/rule', {
            routeTableId: table,
            sourceAddress: '0.0.0.0/0',
            destinationAddress,
            nexthopType: 'peerConn',
            nexthopId: row?.localIfId,
          });
          return;
        }
        default:
          settle(roll(4_000));
      }
    };
    // one link with one route that nothing below can take away, so that the checks at the end always have something to see
    const { peerConnId } = (await aBj.post('/v1/peerconn', createBody(web, data))).body;
    settle();
    await aBj.post('/v1/route/rule', {
      routeTableId: web.routeTable,
      sourceAddress: '0.0.0.0/0',
      destinationAddress: data.cidrs[0],
      nexthopType: 'peerConn',
      nexthopId: (await aBj.get(at(peerConnId), { role: 'initiator' })).body.localIfId,
    });
    for (let round = 0; round < 60; round += 1) {
      await Promise.all([one(aBj, 'a'), one(bBj, 'b'), one(aBj, 'a')]);
    }
    const context = `seed ${String(seed)}`;
    const all = [...(await rows(aBj)), ...(await rows(bBj))];
    const initiators = all.filter(({ role }) => role === 'initiator');
    expect([context, initiators.length > 0]).toEqual([context, true]);
    const pairs = initiators.map(({ localVpcId, peerVpcId }) => [localVpcId, peerVpcId].sort().join());
    expect([context, new Set(pairs).size]).toEqual([context, pairs.length]);
    for (const row of initiators) {
      const mirror = all.find(({ peerConnId, role }) => peerConnId === row.peerConnId && role === 'acceptor');
      expect(mirror).toMatchObject({
        status: row.status,
        localVpcId: row.peerVpcId,
        peerVpcId: row.localVpcId,
      });
    }
    const interfaces = new Set(all.map(({ localIfId }) => localIfId));
    let routes = 0;
    for (const { account, routeTable } of ends) {
      const wire = account === 'a' ? aBj : bBj;
      for (const { nexthopId } of (await wire.get('/v1/route/rule', { routeTableId: routeTable })).body.routeRules) {
        expect([context, interfaces.has(nexthopId)]).toEqual([context, true]);
        routes += 1;
      }
    }
    expect([context, routes > 0]).toEqual([context, true]);
  });
});

describe('every operation', () => {
  it('refuses what it must: ids of nothing, sizes and roles out of range, empty bodies', async () => {
    const operations = emulator.operations('baidu').map(({ description }) => description as BaiduOperation);
    const bad: Readonly<Record<string, string>> = { maxKeys: '0', role: 'both' };
    for (const { name, method, path, flag, query, evidence } of operations) {
      const asked: Record<string, string> = flag === undefined ? {} : { [flag]: '' };
      for (const { name: parameter } of query) {
        const value = bad[parameter];
        if (value !== undefined) asked[parameter] = value;
      }
      const answer = await aBj.send(method, path.replace(/\{\w+\}/g, 'none'), {
        query: asked,
        ...(method === 'GET' ? {} : { body: {} }),
      });
      expect([name, answer.status >= 400 && answer.status < 500]).toEqual([name, evidence.negativeTested]);
      expect(emulator.requests.at(-1)).toMatchObject({ operation: name });
    }
  });
});
