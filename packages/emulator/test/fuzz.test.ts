/**
 * Ten thousand hostile requests per cloud through the socket: signed ones with wrong values, damaged bytes, noise, huge,
 * deep and wrongly encoded ones. No crash, no server error, memory as before. Seeded; PEERWAY_FUZZ_SEED repeats a run.
 */
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';
import type { CloudName, OperationDescription, ParameterDescription } from '@peerway/emulator';
import { alibabaRequest, baiduRequest, bytesOf } from '../bench/_signers.mjs';

const SEED = Number(process.env['PEERWAY_FUZZ_SEED'] ?? 20_261_127);
const PER_CLOUD = 10_000;
const CONNECTIONS = 24;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** A generator of the test's own, so that a failing run can be repeated by its seed. */
function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * sides);
  };
}
const roll = dice(SEED);
const pick = <T>(items: readonly T[]): T => items[roll(items.length)] as T;

const TEXTS: readonly string[] = [
  '', ' ', '0', '-1', '1.5', '1e99', '99999999999999999999', 'true', 'null', 'NaN', '10.0.0.0/8', '10.0.0.1/8', '::/0',
  '0.0.0.0/0', '256.1.1.1/33', '中文', '💥', '\u0000', '\ud800', "'; --", '../../..', '%2e%2e', '<x>&amp;', 'a\r\nb: c',
  '__proto__', 'constructor', 'toString', '[object Object]', '{"a":1}', 'VRouter', 'VBR', 'Custom', 'peerConn', 'x'.repeat(300),
]; // prettier-ignore

const known = (cloud: CloudName): readonly string[] => [
  ...DEFAULT_WORLD[cloud].networks.flatMap(({ id, routeTable, region, cidrs }) => [id, routeTable, region, cidrs[0]]),
  ...DEFAULT_WORLD[cloud].ports.map(({ id }) => id),
  DEFAULT_WORLD[cloud].accounts.a.id,
  DEFAULT_WORLD[cloud].accounts.b.id,
];
/** Ids that requests name; what the volleys have made is added. */
const ids: Record<CloudName, readonly string[]> = { alibaba: known('alibaba'), baidu: known('baidu') };
const text = (cloud: CloudName): string => (roll(2) === 0 ? pick(ids[cloud]) : pick(TEXTS));

/** An id of the kind that a parameter's name asks for. */
function idFor(name: string, cloud: CloudName): string {
  const [, kind] = KINDS.find(([pattern]) => pattern.test(name)) ?? [/./, ''];
  const fitting = ids[cloud].filter((id) => id.startsWith(kind));
  return fitting.length === 0 || roll(5) === 0 ? text(cloud) : pick(fitting);
}
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/vpcId$/i, 'vpc-'],
  [/(peerConnId|InstanceId)$/, 'p'],
  [/subnetId$/i, 's'],
  [/routeTableId$/i, ''],
  [/etGatewayId$/, 'dcgw-'],
  [/etId$|PhysicalConnectionId/, 'dcphy-'],
  [/RouterInterfaceId$/, 'ri-'],
  [/VbrId$/, 'vbr-'],
  [/routeRuleId$/, 'rr-'],
];

/** A value that fits the description more often than not, so that the request gets past the gate. */
function valueFor(field: ParameterDescription, cloud: CloudName, depth = 0): unknown {
  if (roll(5) === 0) return anything(cloud, depth);
  switch (field.type) {
    case 'text':
      if (field.values !== undefined && roll(4) > 0) return pick(field.values);
      return /Id$/.test(field.name) ? idFor(field.name, cloud) : text(cloud);
    case 'integer':
      return pick([0, 1, 2, 10, 100, -1, 1_000_000, field.min ?? 1, field.max ?? 50]);
    case 'digits':
      return pick([DEFAULT_WORLD[cloud].accounts.a.id, DEFAULT_WORLD[cloud].accounts.b.id, '0']);
    case 'boolean':
      return roll(2) === 0;
    case 'list':
      return Array.from({ length: roll(4) }, () =>
        field.item === undefined || depth > 3 ? text(cloud) : valueFor(field.item, cloud, depth + 1),
      );
    case 'object':
      return Object.fromEntries(
        (field.fields ?? []).filter(() => roll(3) > 0).map((one) => [one.name, valueFor(one, cloud, depth + 1)]),
      );
    case 'value':
      return anything(cloud, depth);
  }
}

function anything(cloud: CloudName, depth: number): unknown {
  if (depth > 3) return text(cloud);
  return pick<() => unknown>([
    () => text(cloud),
    () => null,
    () => true,
    () => pick([0, -1, 1.5, 1e308, -0, 2 ** 53]),
    () => [],
    () => ({}),
    () => [anything(cloud, depth + 1)],
    () => ({ [pick(TEXTS)]: anything(cloud, depth + 1) }),
  ])();
}

/** `{ Tag: [{ Key: 'a' }] }` as `Tag.1.Key=a`. */
function flat(name: string, value: unknown, into: Record<string, string>): void {
  if (Array.isArray(value)) value.forEach((item, index) => flat(`${name}.${String(index + 1)}`, item, into));
  else if (typeof value === 'object' && value !== null)
    for (const [member, inner] of Object.entries(value)) flat(`${name}.${member}`, inner, into);
  else into[name] = `${value as string | number | boolean | null | undefined}`;
}

const scalarText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
// a lone surrogate has no percent encoding: the client itself would throw
const sendable = (value: string): string => value.replace(/[\ud800-\udfff]/g, '?');

const VERSIONS: Readonly<Record<string, string>> = { Vpc: '2016-04-28', VpcPeer: '2022-01-01', Sts: '2015-04-01' };

function alibabaCall({ product, name, parameters }: OperationDescription, now: number, host: string): Buffer {
  const params: Record<string, string> = {};
  for (const field of parameters)
    if (field.required === true || roll(3) === 0) flat(field.name, valueFor(field, 'alibaba'), params);
  if (roll(3) > 0 && parameters.some((field) => field.name === 'RegionId')) params['RegionId'] = 'cn-hangzhou';
  if (roll(12) === 0)
    params[pick(TEXTS) + pick(['', '.1', '.1.Key', '.0', '.-1', '.99999', '..', '.__proto__'])] = text('alibaba');
  const clean = Object.fromEntries(Object.entries(params).map(([key, value]) => [sendable(key), sendable(value)]));
  const key = DEFAULT_WORLD.alibaba.accounts[roll(3) === 0 ? 'b' : 'a'];
  return bytesOf(alibabaRequest(key, VERSIONS[product] ?? '', name, clean, { at: now, form: roll(2) === 0 }), host);
}

type Described = OperationDescription & {
  readonly method: string;
  readonly path: string;
  readonly flag?: string;
  readonly query: readonly ParameterDescription[];
  readonly body?: readonly ParameterDescription[];
};

function baiduCall(description: OperationDescription, now: number, host: string): Buffer {
  const { method, path, flag, query, body } = description as Described;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => sendable(idFor(name, 'baidu')).replaceAll('/', '~'));
  const asked: Record<string, string> = flag === undefined ? {} : { [flag]: '' };
  for (const field of query)
    if (field.required === true || roll(3) === 0) asked[field.name] = sendable(scalarText(valueFor(field, 'baidu')));
  const members: Record<string, unknown> = {};
  for (const field of body ?? [])
    if (field.required === true || roll(3) === 0) members[field.name] = valueFor(field, 'baidu');
  if (roll(12) === 0) members[pick(TEXTS)] = anything('baidu', 0);
  const key = DEFAULT_WORLD.baidu.accounts[roll(3) === 0 ? 'b' : 'a'];
  const content = method === 'GET' ? {} : { body: roll(40) === 0 ? anything('baidu', 0) : members };
  return bytesOf(baiduRequest(key, host, method, filled, { query: asked, at: now, ...content }), host);
}

/** Some bytes changed, dropped or doubled, anywhere. */
function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let times = 1 + roll(4); times > 0; times -= 1) copy[roll(copy.length)] = roll(256);
  const cut = roll(copy.length);
  return pick([
    copy,
    copy.subarray(0, cut),
    Buffer.concat([copy.subarray(0, cut), copy.subarray(Math.max(0, cut - roll(60)))]),
  ]);
}

const noise = (): Buffer => Buffer.from(Array.from({ length: 1 + roll(300) }, () => roll(256)));

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
/** What is large, deep or in another encoding: built once, sent as it is. */
function extremes(cloud: CloudName, host: string): readonly Buffer[] {
  const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
    bytesOf({ method: 'POST', path, headers: { 'content-type': 'application/json', ...headers }, body }, host);
  const path = cloud === 'baidu' ? '/v1/peerconn?clientToken=x' : '/';
  const signed = (body: string | Uint8Array) =>
    cloud === 'baidu'
      ? bytesOf(
          baiduRequest(DEFAULT_WORLD.baidu.accounts.a, host, 'POST', '/v1/peerconn', {
            query: { clientToken: 'x' },
            body,
          }),
          host,
        )
      : post('/', body, { 'content-type': 'application/x-www-form-urlencoded' });
  const deepNames = `Action=DescribeVpcs&${'a.1.'.repeat(2_000)}b=1&${Array.from({ length: 3_000 }, (_, index) => `p${String(index)}=1`).join('&')}`;
  return [
    signed(nested(100_000)),
    signed(`{"billing":${nested(50_000)}}`),
    signed(`{"a":`.repeat(20_000) + '1' + '}'.repeat(20_000)),
    signed(new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])),
    signed(new Uint8Array([0xc0, 0xaf, 0xe0, 0x80, 0xaf])),
    signed(Buffer.from('{"name":"é"}', 'latin1')),
    signed(Buffer.from('\ufeff{}')),
    signed('x'.repeat(900_000)),
    signed('x'.repeat(1_100_000)),
    post(path, deepNames, { 'content-type': 'application/x-www-form-urlencoded' }),
    post(`/?${'a=b&'.repeat(10_000)}`, ''),
    post(`/${'a/'.repeat(20_000)}`, ''),
    post(path, '', { 'x-long': 'y'.repeat(200_000) }),
    post(path, '{}', { 'content-encoding': 'gzip' }),
    post(path, '{}', { 'content-type': 'text/xml; charset=utf-16' }),
    Buffer.from(`POST ${path} HTTP/1.1\r\nhost: ${host}\r\ntransfer-encoding: chunked\r\n\r\nffffffff\r\nx`),
    Buffer.from(`POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nxxxxxx`),
    Buffer.from(`GET /%ff%fe/%zz?%=%%&=&&a=%u1234 HTTP/1.1\r\nhost: ${host}\r\n\r\n`),
    Buffer.from(`GET http://elsewhere/v1/vpc HTTP/1.1\r\nhost: ${host}\r\n\r\n`),
    Buffer.from(`CONNECT x:1 HTTP/1.1\r\nhost: ${host}\r\n\r\n`),
    Buffer.from(`GET / HTTP/1.1\r\nhost: ${host}\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n`),
    Buffer.from(`BREW /v1/vpc HTTP/1.1\r\nhost: ${host}\r\n\r\n`),
    Buffer.from('GET / HTTP/0.9\r\n\r\n'),
  ];
}

const STATUS = /HTTP\/1\.1 (\d{3}) [^\r]*\r\n(?:[^\r\n]+\r\n)*\r\n/g;

/** Writes whole requests down one connection, all at once; gives the statuses of the answers. */
function pipelined(port: number, requests: readonly Buffer[], statuses: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(Buffer.concat(requests)));
    socket.on('data', (chunk) => (heard += chunk.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => {
      for (const [, status] of heard.matchAll(STATUS)) statuses.push(Number(status));
      resolve();
    });
  });
}

/** Sends bytes on a connection of their own; a closed or reset connection is a fine answer. */
function alone(port: number, bytes: Buffer, statuses: number[]): Promise<void> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
    socket.on('data', (chunk) => (heard += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const [, status] of heard.matchAll(STATUS)) statuses.push(Number(status));
      resolve();
    });
  });
}

describe.each<CloudName>(['alibaba', 'baidu'])('10,000 hostile requests to %s', (cloud) => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await Emulator.start({ seed: SEED });
  });
  afterAll(() => emulator.close());

  it(`leave it standing (PEERWAY_FUZZ_SEED=${String(SEED)})`, async () => {
    const endpoint = cloud === 'alibaba' ? emulator.alibaba.endpoint : emulator.baidu.endpoint('bj');
    const { port, host } = new URL(endpoint);
    const operations = emulator.operations(cloud).map(({ description }) => description);
    const call = (): Buffer =>
      cloud === 'alibaba'
        ? alibabaCall(pick(operations), emulator.clock.now(), host)
        : baiduCall(pick(operations), emulator.clock.now(), host);

    async function volley(whole: number, broken: number): Promise<number[]> {
      const statuses: number[] = [];
      await Promise.all(
        Array.from({ length: CONNECTIONS }, (_, index) => {
          const share = Math.floor(whole / CONNECTIONS) + (index < whole % CONNECTIONS ? 1 : 0);
          return pipelined(Number(port), Array.from({ length: share }, call), statuses);
        }),
      );
      expect(statuses).toHaveLength(whole);
      for (let left = broken; left > 0; left -= CONNECTIONS) {
        const size = Math.min(left, CONNECTIONS);
        await Promise.all(
          Array.from({ length: size }, () => alone(Number(port), roll(3) === 0 ? noise() : damaged(call()), statuses)),
        );
      }
      return statuses;
    }

    const special = extremes(cloud, host);
    const seen = new Map<number, number>();
    const count = (statuses: readonly number[]): void => {
      for (const status of statuses) seen.set(status, (seen.get(status) ?? 0) + 1);
    };
    /** Heap in MB once the logs are emptied. */
    const settled = (): number => {
      collect();
      return process.memoryUsage().heapUsed / 1024 / 1024;
    };

    let sent = 0;
    const heap: number[] = [];
    const operationsRun = new Set<string>();
    const succeeded = new Set<string>();
    let cut: unknown;
    while (sent < PER_CLOUD) {
      const size = Math.min(2_000, PER_CLOUD - sent);
      const broken = 300;
      count(await volley(500, 0));
      emulator.clock.advance(60_000);
      const made = Object.values(emulator.snapshot().tables).flatMap((records) => records.map(({ id }) => id));
      ids[cloud] = [...known(cloud), ...made.filter((id) => !id.includes('/'))];
      count(await volley(size - 500 - broken - special.length, broken));
      const extra: number[] = [];
      await Promise.all(special.map((bytes) => alone(Number(port), bytes, extra)));
      count(extra);
      sent += size;
      emulator.clock.advance(roll(20_000));
      for (const { operation, status, params } of emulator.requests) {
        if ('cut' in params) cut = params;
        operationsRun.add(operation);
        if (status === 200) succeeded.add(operation);
      }
      const trouble = emulator.requests.filter(({ status }) => status >= 500);
      expect([SEED, emulator.crashes, trouble]).toEqual([SEED, [], []]);
      emulator.reset();
      // a full collection is dear: the second volley, when all is warm, and the last are compared
      if (sent === 4_000 || sent === PER_CLOUD) heap.push(settled());
    }

    expect([SEED, [...seen.keys()].filter((status) => status >= 500)]).toEqual([SEED, []]);
    // it has reached what it aims at: every operation, success and refusal of many kinds
    expect(operations.filter(({ name }) => !operationsRun.has(name)).map(({ name }) => name)).toEqual([]);
    expect(succeeded.size).toBeGreaterThan(operations.length / 4);
    expect([200, 400, 404, 413, 431].filter((status) => !seen.has(status))).toEqual([]);
    // memory: what the first volleys warmed up is all there is
    expect(cut).toEqual({ cut: 'too large or too deep to be kept' });
    expect(heap).toHaveLength(2);
    const growth = (heap[1] ?? 0) - (heap[0] ?? 0);
    expect([SEED, heap, growth < 6]).toEqual([SEED, heap, true]);
  }, 60_000);
});
