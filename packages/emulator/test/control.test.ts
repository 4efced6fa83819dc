/** The control API over its socket, its typed client, and the state file: what makes the emulator a product of its own. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ControlClient,
  ControlError,
  Emulator,
  loadState,
  readState,
  startControl,
  StateFileError,
  writeState,
} from '@peerway/emulator';
import type { ControlServer, Fault, RequestRecord } from '@peerway/emulator';
import { CONTROL_PATHS } from '../src/control/protocol.js';
import { a, b, caller, codeOf, network } from './alibabaWire.js';

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
let changes = 0;
const seen: RequestRecord[] = [];
beforeAll(async () => {
  emulator = await Emulator.start({ seed: 3, onRequest: (record) => seen.push(record) });
  server = await startControl(emulator, { onChange: () => (changes += 1) });
  control = new ControlClient(`${server.endpoint}/`);
});
afterEach(async () => {
  expect(emulator.crashes).toEqual([]);
  await control.reset();
});
afterAll(async () => {
  await server.close();
  await emulator.close();
});

/** A request byte for byte; what the client would never send. */
function send(method: string, path: string, body = '', headers: Record<string, string> = {}) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const outgoing = request(`${server.endpoint}${path}`, { method, headers }, (incoming) => {
      let text = '';
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
    });
    outgoing.on('error', reject).end(body);
  });
}

describe('control API', () => {
  it('is ready when the clouds are, and says where they are', async () => {
    expect(await control.ready()).toBe(true);
    expect(await new ControlClient('http://127.0.0.1:1').ready()).toBe(false);
    const info = await control.info();
    expect(info).toMatchObject({ version: 1, endpoints: emulator.endpoints, clock: { mode: 'virtual' } });
    expect(info.operations.length).toBeGreaterThan(60);
    expect(info.accounts).toHaveLength(4);
    expect(JSON.stringify(info)).not.toContain('emulator-secret');
  });

  it('seeds a world that a signed client then finds', async () => {
    await control.addAccount({ cloud: 'alibaba', id: '77', name: 'third' });
    await control.addKey({ cloud: 'alibaba', id: 'LTAIthird', secret: 's', account: '77' });
    const seeded = await control.addNetwork({
      cloud: 'alibaba',
      account: '77',
      region: REGION,
      cidrs: ['10.200.0.0/16'],
    });
    await control.addPort({
      cloud: 'baidu',
      account: 'a0a1a2a3a4a5a6a7a8a9b0b1b2b3b4b5',
      region: 'bj',
      id: 'dcphy-third',
      name: 'p',
      accessPoint: 'x',
    });
    const call = caller(emulator, { accessKeyId: 'LTAIthird', accessKeySecret: 's' });
    expect(await call('Vpc', 'DescribeVpcs', { RegionId: REGION, VpcId: seeded.id })).toMatchObject({ TotalCount: 1 });
    const key = { cloud: 'alibaba', id: 'x', secret: 's', account: 'nobody' } as const;
    await expect(control.addKey(key)).rejects.toThrow(/no account nobody on alibaba/);
    await expect(control.addNetwork({ ...seeded, ...key, region: REGION, cidrs: [] })).rejects.toBeInstanceOf(
      ControlError,
    );
  });

  it('reads the request log, asserts calls, and says what was there instead', async () => {
    const call = caller(emulator, a);
    await call('Vpc', 'DescribeVpcs', { RegionId: REGION });
    const { InstanceId } = await call('VpcPeer', 'CreateVpcPeerConnection', pair);
    await codeOf(call('VpcPeer', 'CreateVpcPeerConnection', pair));
    const all = await control.requests();
    expect(all).toEqual(JSON.parse(JSON.stringify(emulator.requests)));
    expect(await control.requests({ mutating: true })).toHaveLength(2);
    expect(await control.requests({ mutating: true, status: 200 })).toMatchObject([{ params: { VpcId: web.id } }]);
    expect(await control.requests({ after: all[0]!.requestId, cloud: 'alibaba', account: a.id })).toHaveLength(2);
    expect(await control.requests({ code: 'ResourceAlreadyExist.VpcPeer' })).toHaveLength(1);
    expect(await control.requests({ region: 'nowhere' })).toEqual([]);
    expect(await control.assertCalls({ operation: 'CreateVpcPeerConnection' }, { exactly: 2 })).toBe(2);
    await control.assertCalls({ cloud: 'baidu' }, { atMost: 0 });
    await expect(control.assertCalls({ operation: 'DescribeVpcs' }, { atLeast: 2 })).rejects.toThrow(
      'expected {"atLeast":2} requests like {"operation":"DescribeVpcs"}, found 1; the log has DescribeVpcs x1, CreateVpcPeerConnection x2',
    );
    await expect(control.assertCalls({}, {})).rejects.toThrow('count must name exactly, atLeast or atMost');
    await control.advance(4_000);
    expect(await control.transitions({ id: String(InstanceId) })).toMatchObject([
      { table: 'alibaba.vpcPeers', from: 'Creating', to: 'Accepting' },
    ]);
    expect(await control.transitions({ table: 'baidu.peerconns' })).toEqual([]);
    expect(seen.slice(-3).map(({ operation }) => operation)).toEqual(all.map(({ operation }) => operation));
  });

  it('moves time: by, to, in steps; a jump of a week expires a request', async () => {
    const { now } = await control.clock();
    expect(await control.advance(500)).toMatchObject({ now: now + 500 });
    expect(await control.advanceTo(now)).toMatchObject({ now: now + 500 });
    expect(await control.advanceTo(now + 600)).toMatchObject({ now: now + 600 });
    expect(await control.step()).toEqual({ now: now + 600, mode: 'virtual' });
    const call = caller(emulator, a);
    const { InstanceId } = await call('VpcPeer', 'CreateVpcPeerConnection', pair);
    const status = async () => (await call('VpcPeer', 'GetVpcPeerConnectionAttribute', { InstanceId }))['Status'];
    expect((await control.clock()).nextAt).toBe(now + 4_600);
    expect(await control.step()).toMatchObject({ now: now + 4_600 });
    expect(await status()).toBe('Accepting');
    await control.advance(7 * 86_400_000);
    expect(await status()).toBe('Expired');
  });

  it('changes profile, rules and faults while running', async () => {
    const call = caller(emulator, a);
    expect(await control.setProfile('instant')).toMatchObject({ scale: 0 });
    expect(await control.profile()).toEqual(emulator.profile);
    await control.setProfile({ scale: 3, jitter: 0, staleReads: { probability: 0, ms: 0 } });
    expect(emulator.profile.scale).toBe(3);

    expect(await control.setRules({ 'alibaba.vpcPeer.perVpc': 0 })).toMatchObject([{ value: 0, default: 30 }]);
    expect(await codeOf(call('VpcPeer', 'CreateVpcPeerConnection', pair))).toBe('QuotaExceeded.VpcPeerCountPerVpc');
    expect((await control.rules()).every(({ source }) => source !== '')).toBe(true);
    await expect(control.setRules({ 'alibaba.vpcPeer.perVpc': 5, nothing: 1 })).rejects.toThrow(
      "no rule named 'nothing'",
    );
    expect(emulator.rules.get('alibaba.vpcPeer.perVpc')).toBe(0);
    await control.resetRules();

    const id = await control.addFault({
      kind: 'error',
      code: 'Forbidden.RAM',
      operation: ['DescribeVpcs'],
      calls: { from: 1 },
    });
    emulator.faults.add({ kind: 'throttle', cloud: 'baidu' });
    expect(await control.faults()).toMatchObject([
      { id, fault: { code: 'Forbidden.RAM' } },
      { fault: { kind: 'throttle' } },
    ]);
    expect(await codeOf(call('Vpc', 'DescribeVpcs', { RegionId: REGION }))).toBe('Forbidden.RAM');
    await control.removeFault(id);
    await control.removeFault(id);
    await call('Vpc', 'DescribeVpcs', { RegionId: REGION });
    await control.clearFaults();
    expect(await control.faults()).toEqual([]);
    expect(await control.crashes()).toEqual([]);
  });

  it('snapshots, restores as a whole or not at all, and resets', async () => {
    const call = caller(emulator, a);
    const { InstanceId } = await call('VpcPeer', 'CreateVpcPeerConnection', pair);
    const state = await control.snapshot();
    await control.advance(4_000);
    await control.restore(state);
    const get = () => call('VpcPeer', 'GetVpcPeerConnectionAttribute', { InstanceId });
    expect(await get()).toMatchObject({ Status: 'Creating' });
    const before = emulator.snapshot();
    await expect(control.restore({ ...state, version: 2 as never })).rejects.toThrow('this release reads version 1');
    await expect(control.restore({ ...state, rules: { nothing: 1 } })).rejects.toThrow("no rule named 'nothing'");
    await expect(control.restore({ ...state, tables: { 'alibaba.vpcs': [{} as never] } })).rejects.toThrow(
      'input.tables.alibaba.vpcs[0].id must be a text, not nothing',
    );
    expect(emulator.snapshot()).toEqual(before);
    await control.reset();
    expect(await codeOf(get())).toBe('ResourceNotFound.InstanceId');
    expect(emulator.requests).toHaveLength(1);
  });

  it.each<[string, string, string, number, RegExp]>([
    ['GET', '/', '', 404, /there is no \/; there are \/v1\/ready/],
    ['GET', '/v2/ready', '', 404, /there is no/],
    ['POST', '/v1/ready', '', 405, /takes GET, not POST/],
    ['POST', '/v1/clock', '{', 400, /the body is not JSON/],
    ['POST', '/v1/clock', '{"advanceMs":-1}', 400, /input.advanceMs must be a whole number of 0 or more, not -1/],
    ['POST', '/v1/clock', '{}', 400, /exactly one of advanceMs, to, step/],
    ['POST', '/v1/clock', '[]', 400, /input must be an object/],
    ['PUT', '/v1/profile', '{"profile":"fast"}', 400, /one of instant, documented, slow, chaotic/],
    ['GET', '/v1/requests?colour=red', '', 400, /no member 'colour'; it takes cloud, operation/],
    ['GET', '/v1/requests?status=x', '', 400, /input.status must be a whole number/],
    ['GET', '/v1/requests?mutating=perhaps', '', 400, /must be true or false/],
    ['POST', '/v1/faults', '{"kind":"flood"}', 400, /fault.kind must be one of throttle, error/],
    ['POST', '/v1/faults', '{"kind":"slow"}', 400, /fault.ms must be a whole number/],
    ['POST', '/v1/faults', '{"kind":"reset","ms":1}', 400, /no member 'ms'/],
    ['POST', '/v1/faults', '{"kind":"reset","calls":"first"}', 400, /fault.calls must be/],
    ['POST', '/v1/faults', 'null', 400, /fault.kind/],
    ['PATCH', '/v1/rules', '{"alibaba.vpcPeer.perVpc":[]}', 400, /must be a number, text or boolean/],
    ['POST', '/v1/world/networks', '{"cloud":"moon"}', 400, /input.cloud must be one of alibaba, baidu/],
    [
      'POST',
      '/v1/world/keys',
      '{"cloud":"baidu","id":"x","secret":"s","account":"y","policy":{"statements":[1]}}',
      400,
      /input.policy.statements\[0\]/,
    ],
  ])('refuses %s %s %s with %d', async (method, path, body, status, message) => {
    const answer = await send(method, path, body);
    expect(answer.status).toBe(status);
    expect((JSON.parse(answer.text) as { error: { message: string } }).error.message).toMatch(message);
  });

  it('takes every kind of fault', async () => {
    const faults: readonly Fault[] = [
      { kind: 'throttle', side: 'acceptor', probability: 0.5 },
      { kind: 'error', status: 502, body: 'html', after: true, message: 'm' },
      { kind: 'truncate', calls: [1, 2] },
      { kind: 'slow', ms: 5, account: a.id },
      { kind: 'reset', region: REGION, mutating: false },
      { kind: 'lost-answer', calls: { from: 1, to: 2 } },
      { kind: 'duplicate', cloud: 'baidu' },
      { kind: 'stale', ms: 1_000 },
    ];
    for (const fault of faults) await control.addFault(fault);
    expect((await control.faults()).map(({ fault }) => fault)).toEqual(faults);
  });

  it('does not answer web pages or rebound names', async () => {
    expect(await send('GET', '/v1/ready', '', { origin: 'http://evil.example' })).toMatchObject({ status: 403 });
    expect(await send('GET', '/v1/ready', '', { host: 'evil.example' })).toMatchObject({ status: 403 });
    expect(await send('GET', '/v1/ready', '', { host: 'localhost:1' })).toMatchObject({ status: 200 });
  });

  it('tells of changes, and only of those', async () => {
    const before = changes;
    await control.info();
    await control.rules();
    await control.advance(-1).catch(() => undefined);
    expect(changes).toBe(before);
    await control.advance(1);
    expect(changes).toBe(before + 1);
  });

  it('has a documented path for every call', () => {
    const page = readFileSync(fileURLToPath(new URL('../../../docs/emulator.md', import.meta.url)), 'utf8');
    const missing = Object.values(CONTROL_PATHS).filter(([method, path]) => !page.includes(`\`${method} ${path}\``));
    expect(missing).toEqual([]);
  });
});

describe('state file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'peerway-state-'));
  const file = join(folder, 'world.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is written whole, with nothing left beside it, and goes on in another process', async () => {
    expect(readState(file)).toBeUndefined();
    const { InstanceId } = await caller(emulator, a)('VpcPeer', 'CreateVpcPeerConnection', pair);
    emulator.rules.set({ 'alibaba.vpcPeer.perVpc': 3 });
    writeState(file, emulator);
    writeState(file, emulator);
    expect(readdirSync(folder)).toEqual(['world.json']);
    const other = await Emulator.start({ seed: 99 });
    try {
      expect(loadState(join(folder, 'none.json'), other)).toBe(false);
      expect(loadState(file, other)).toBe(true);
      expect(other.snapshot()).toEqual(emulator.snapshot());
      other.clock.advance(4_000);
      expect(await caller(other, b)('VpcPeer', 'GetVpcPeerConnectionAttribute', { InstanceId })).toMatchObject({
        Status: 'Accepting',
      });
    } finally {
      await other.close();
    }
  });

  it.each<[string, string, RegExp]>([
    ['nothing in it', '', /is empty/],
    ['half of it', '{"format":"peerway-emulator-state","state":{"ver', /is not JSON, or was cut off/],
    ['something else', '{"a":1}', /file has no member 'a'/],
    ['another tool’s', '{"format":"x","state":{}}', /file.state.version is nothing|version/],
    ['a newer state', '{"format":"peerway-emulator-state","state":{"version":2}}', /this release reads version 1/],
    [
      'a rule that nobody knows',
      JSON.stringify({
        format: 'peerway-emulator-state',
        state: {
          version: 1,
          now: 1,
          events: [],
          random: 1,
          profile: { scale: 1, jitter: 0, staleReads: { probability: 0, ms: 0 } },
          rules: { nothing: 1 },
          world: { accounts: [], keys: [] },
          tables: {},
        },
      }),
      /no rule named 'nothing'/,
    ],
  ])('with %s is refused in one sentence, and nothing changes', (_, content, message) => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, content);
    const before = emulator.snapshot();
    const load = () => loadState(broken, emulator);
    expect(load).toThrow(StateFileError);
    expect(load).toThrow(message);
    expect(load).toThrow(/broken\.json: .* Move it away to begin with a new world, or name another file\.$/);
    expect(emulator.snapshot()).toEqual(before);
    expect(readFileSync(broken, 'utf8')).toBe(content);
  });

  it('names a place that it cannot write or read', () => {
    expect(() => writeState(join(folder, 'no/such/folder.json'), emulator)).toThrow(/cannot be written \(ENOENT\)/);
    expect(() => readState(folder)).toThrow(/cannot be read \(EISDIR\)/);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('of the first release still loads, with links on their way on both clouds', async () => {
    const old = fileURLToPath(new URL('./fixtures/state-v1.json', import.meta.url));
    const other = await Emulator.start({ seed: 99, world: 'empty' });
    try {
      expect(loadState(old, other)).toBe(true);
      const ids = other.snapshot().tables['alibaba.vpcPeers']?.map(({ id }) => id) ?? [];
      const get = () => caller(other, a)('VpcPeer', 'GetVpcPeerConnectionAttribute', { InstanceId: ids[0] });
      expect(await get()).toMatchObject({ Status: 'Creating' });
      other.clock.advance(4_000);
      expect(await get()).toMatchObject({ Status: 'Accepting' });
      expect(other.snapshot().tables['baidu.peerconns']).toMatchObject([{ status: 'active' }]);
    } finally {
      await other.close();
    }
  });
});
