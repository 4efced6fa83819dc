/** What comes in over the control API: a number that a later request would crash on is refused there, with what would be right. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ControlClient, Emulator, startControl, writeState } from '@peerway/emulator';
import type { ControlServer, Fault } from '@peerway/emulator';
import { a, b, caller, network } from './alibabaWire.js';
import { a as baiduA, createBody, data, web as baiduWeb, Wire } from './baiduWire.js';

const REGION = 'cn-hangzhou';
const web = network('a', REGION, 'web');
const foreign = network('b', REGION, 'web');
const pair = {
  RegionId: REGION,
  VpcId: web.id,
  AcceptingAliUid: b.id,
  AcceptingRegionId: REGION,
  AcceptingVpcId: foreign.id,
};

let emulator: Emulator;
let server: ControlServer;
let control: ControlClient;
const start = async (clock: 'virtual' | 'real'): Promise<void> => {
  emulator = await Emulator.start({ seed: 3, clock });
  server = await startControl(emulator);
  control = new ControlClient(server.endpoint);
};
beforeEach(() => start('virtual'));
afterEach(async () => {
  expect(emulator.crashes).toEqual([]);
  await server.close();
  await emulator.close();
});

const calm = { probability: 0, ms: 0 };

describe('numbers that come in', () => {
  const statuses = 'fault.status must be a whole number from 200 to 599';
  const waits = 'fault.ms must be a whole number from 0 to 2147483647';
  const calls = 'fault.calls must be a whole number from 1 to';
  it.each<[string, Fault, string]>([
    ['a status that no server can send', { kind: 'error', status: 99 }, `${statuses}, not 99`],
    ['a status with four digits', { kind: 'error', status: 1_000 }, `${statuses}, not 1000`],
    ['a status that is no final answer', { kind: 'error', code: 'Forbidden', status: 100 }, `${statuses}, not 100`],
    ['a wait longer than a timer', { kind: 'slow', ms: 9e15 }, `${waits}, not 9000000000000000`],
    ['call 0', { kind: 'reset', calls: 0 }, `${calls} 9007199254740991, not 0`],
    ['call 0 among others', { kind: 'reset', calls: [1, 0] }, `${calls} 9007199254740991, not 0`],
    ['calls from 0', { kind: 'reset', calls: { from: 0 } }, `${calls} 9007199254740991, not 0`],
    [
      'calls that end before they begin',
      { kind: 'reset', calls: { from: 3, to: 1 } },
      'fault.calls.to must be a whole number from 3 to 9007199254740991, not 1',
    ],
    ['no call at all', { kind: 'reset', calls: [] }, 'fault.calls must name at least one'],
    ['no operation at all', { kind: 'reset', operation: [] }, 'fault.operation must name at least one'],
  ])('refuses a fault with %s, over the API and in-process', async (_name, fault, message) => {
    await expect(control.addFault(fault)).rejects.toMatchObject({ status: 400, message });
    expect(() => emulator.faults.add(fault)).toThrow(new RangeError(message));
    expect(await control.faults()).toEqual([]);
    expect((await new Wire(emulator, baiduA).get('/v1/vpc')).status).toBe(200);
  });

  it('takes the first and the last status and wait that can be', async () => {
    for (const status of [200, 599]) {
      await control.addFault({ kind: 'error', cloud: 'baidu', status, body: 'empty' });
      expect((await new Wire(emulator, baiduA).get('/v1/vpc')).status).toBe(status);
      await control.clearFaults();
    }
    await control.addFault({ kind: 'slow', ms: 2_147_483_647, calls: 2 });
  });

  it.each([
    ['scale', { scale: -1, jitter: 0, staleReads: calm }, 'profile.scale must be a number from 0 to 1000000, not -1'],
    ['scale', { scale: 1e9, jitter: 0, staleReads: calm }, 'profile.scale must be a number from 0 to 1000000'],
    ['jitter', { scale: 1, jitter: 2, staleReads: calm }, 'a number from 0 to 1, not 2'],
    ['stale reads', { scale: 1, jitter: 0, staleReads: { probability: 0, ms: -5 } }, 'staleReads.ms must be a whole'],
  ])('refuses a profile with a wrong %s, set or restored', async (_name, profile, message) => {
    const before = emulator.profile;
    await expect(control.setProfile(profile)).rejects.toMatchObject({ status: 400 });
    await expect(control.setProfile(profile)).rejects.toThrow(message);
    expect(() => emulator.setProfile(profile)).toThrow(RangeError);
    await expect(control.restore({ ...emulator.snapshot(), profile })).rejects.toMatchObject({ status: 400 });
    expect(emulator.profile).toEqual(before);
  });

  it('refuses a time that no cloud can print, moved to, jumped to or restored; the clock stays', async () => {
    const { now } = await control.clock();
    const year287396 = 9e15;
    const message = /up to 250\d+ \(9900-01-01T00:00:00\.000Z\), not/;
    await expect(control.advanceTo(year287396)).rejects.toThrow(message);
    await expect(control.advance(year287396)).rejects.toThrow(message);
    await expect(control.restore({ ...emulator.snapshot(), now: year287396 })).rejects.toThrow(message);
    await expect(Emulator.start({ start: year287396 })).rejects.toThrow(RangeError);
    await expect(Emulator.start({ start: Number.NaN })).rejects.toThrow(RangeError);
    expect((await control.clock()).now).toBe(now);
  });

  it.each([1e300, 'x', null, -1])('refuses a state with a row made at %p, and keeps what is there', async (at) => {
    const before = emulator.snapshot();
    const [first, ...rest] = before.tables['alibaba.vpcs'] ?? [];
    const tables = { ...before.tables, 'alibaba.vpcs': [{ ...first, id: web.id, createdAt: at }, ...rest] };
    await expect(control.restore({ ...before, tables })).rejects.toThrow(
      'alibaba.vpcs[0].createdAt must be epoch milliseconds from 0 to 253402300799999',
    );
    expect(emulator.snapshot()).toEqual(before);
  });

  it('refuses a state whose rows have a member of a wrong type, whichever it is, and keeps what is there', async () => {
    const before = emulator.snapshot();
    const taken: string[] = [];
    for (const [table, [first, ...rest] = []] of Object.entries(before.tables)) {
      for (const name of Object.keys(first ?? {})) {
        const rows = [{ ...first, id: first?.id ?? '', [name]: { not: null } }, ...rest];
        try {
          await control.restore({ ...before, tables: { ...before.tables, [table]: rows } });
          taken.push(`${table}.${name}`);
        } catch (error) {
          expect(String(error)).toContain(`${table}[0].${name}`);
        }
      }
    }
    expect(taken).toEqual([]);
    expect(emulator.snapshot()).toEqual(before);
  });

  it('refuses a state with a row that lacks a member, and one with a table that no cloud has', async () => {
    const before = emulator.snapshot();
    const [{ id } = { id: '' }] = before.tables['baidu.vpcs'] ?? [];
    await expect(control.restore({ ...before, tables: { ...before.tables, 'baidu.vpcs': [{ id }] } })).rejects.toThrow(
      'baidu.vpcs[0].account must be a text, not nothing',
    );
    await expect(control.restore({ ...before, tables: { ...before.tables, 'baidu.vpc': [] } })).rejects.toThrow(
      "tables has no member 'baidu.vpc'",
    );
    expect(emulator.snapshot()).toEqual(before);
  });

  it('works to the last instant of the clock, with rules and delays at their largest', async () => {
    const client = new Wire(emulator, baiduA);
    await control.setRules({ 'baidu.peerconn.requestLifetimeMs': 1e12, 'alibaba.vpcPeer.acceptWindowMs': 1e12 });
    await control.setProfile({ scale: 1_000_000, jitter: 0.9, staleReads: calm });
    await control.advanceTo(Date.UTC(9900, 0, 1));
    expect((await client.post('/v1/peerconn', createBody(baiduWeb, data))).status).toBe(200);
    expect((await client.get('/v1/peerconn')).status).toBe(200);
    expect((await client.get('/v1/et')).status).toBe(200);
    const call = caller(emulator, a);
    const { InstanceId } = await call('VpcPeer', 'CreateVpcPeerConnection', pair);
    await call('VpcPeer', 'GetVpcPeerConnectionAttribute', { InstanceId });
    expect(JSON.parse(JSON.stringify(emulator.snapshot()))).toEqual(emulator.snapshot());
  });

  it.each([-1, 1.5, 1e13])(
    'refuses %d as the position of a rule that is a number, and changes nothing',
    async (value) => {
      const rules = { 'baidu.peerconn.quotaPerVpc': 3, 'baidu.peerconn.requestLifetimeMs': value };
      const message = "rule 'baidu.peerconn.requestLifetimeMs' must be a whole number from 0 to 1000000000000";
      await expect(control.setRules(rules)).rejects.toMatchObject({ status: 400, message: `${message}, not ${value}` });
      expect(emulator.rules.get('baidu.peerconn.quotaPerVpc')).toBe(10);
      await expect(Emulator.start({ rules })).rejects.toThrow(message);
    },
  );

  it.each([
    [{ region: 'moon' }, 'there is no region moon'],
    [{ id: baiduWeb.id }, `there is a vpc ${baiduWeb.id} already`],
    [{ routeTable: baiduWeb.routeTable }, `there is a route table ${baiduWeb.routeTable} already`],
  ])('refuses a Baidu network that cannot be: %j', async (more, message) => {
    const seed = { cloud: 'baidu', account: baiduA.id, region: 'bj', cidrs: ['10.200.0.0/16'], ...more } as const;
    const before = emulator.snapshot();
    await expect(control.addNetwork(seed)).rejects.toMatchObject({ status: 400, message });
    expect(emulator.snapshot()).toEqual(before);
  });
});

describe('keys', () => {
  it('take a session of three members, as the page says; without its arn the message names it', async () => {
    const key = { cloud: 'baidu', id: 'ALTAKsession', secret: 's', account: baiduA.id } as const;
    const session = { token: 't', expiresAt: emulator.clock.now() + 60_000 };
    await expect(control.addKey({ ...key, session: session as never })).rejects.toThrow(
      'input.session.arn must be a text, not nothing',
    );
    await control.addKey({ ...key, session: { ...session, arn: 'any' } });
    const page = readFileSync(new URL('../../../docs/emulator.md', import.meta.url), 'utf8');
    for (const member of ['token', 'expiresAt', 'arn']) expect(page).toContain(`\`${member}\``);
  });
});

describe('what is due', () => {
  const folder = mkdtempSync(join(tmpdir(), 'peerway-due-'));
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A peering whose deletion is over by the machine's clock, with no request since. */
  async function overdue(): Promise<string> {
    await server.close();
    await emulator.close();
    await start('real');
    const call = caller(emulator, a);
    const { InstanceId } = await call('VpcPeer', 'CreateVpcPeerConnection', pair);
    const machine = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(machine + 60_000);
    return String(InstanceId);
  }
  const statusIn = (state: Awaited<ReturnType<ControlClient['snapshot']>>, id: string): unknown =>
    (state.tables['alibaba.vpcPeers'] as readonly { readonly id: string; readonly status?: string }[]).find(
      (row) => row.id === id,
    )?.status;

  it('has happened in a state that is read, and none of its events lies in the past', async () => {
    const id = await overdue();
    const state = await control.snapshot();
    expect(statusIn(state, id)).toBe('Accepting');
    expect(state.events.filter(({ at }) => at <= state.now)).toEqual([]);
  });

  it('has happened in a state that is saved, in the clock and in the log of changes', async () => {
    const id = await overdue();
    writeState(join(folder, 'world.json'), emulator);
    const saved = JSON.parse(readFileSync(join(folder, 'world.json'), 'utf8')) as { state: never };
    expect(statusIn(saved.state, id)).toBe('Accepting');
    const { now, nextAt = now } = await control.clock();
    expect(nextAt).toBeGreaterThanOrEqual(now);
    expect(await control.transitions({ id })).toMatchObject([{ to: 'Accepting' }]);
  });

  it('has happened at its own instant, and so has what followed from it', async () => {
    await server.close();
    await emulator.close();
    await start('real');
    const call = caller(emulator, a);
    const peers = () => control.snapshot().then((state) => state.tables['alibaba.vpcPeers']);
    const { InstanceId } = await call('VpcPeer', 'CreateVpcPeerConnection', pair);
    await control.advance(60_000);
    await call('VpcPeer', 'DeleteVpcPeerConnection', { InstanceId });
    const deletedAt = emulator.clock.now();
    const machine = Date.now();
    // Deleting, then Deleted, then gone: all of it is over, though nobody has asked
    jest.spyOn(Date, 'now').mockReturnValue(machine + 60_000);
    expect(await peers()).toEqual([]);
    const last = (await control.transitions({ id: String(InstanceId) })).at(-1);
    expect(last).toMatchObject({ from: 'Deleted', to: 'gone' });
    expect((last?.at ?? 0) - deletedAt).toBeLessThan(5_000);
    expect(emulator.clock.now()).toBeGreaterThanOrEqual(deletedAt + 50_000);
  });
});
