/**
 * A hand-held Alibaba client for wire tests: the vendor's pop-core under the four keys of the default world; and the
 * emulator with its callers that a test file works on.
 */
import { createRequire } from 'node:module';
import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';

interface PopCore {
  request(action: string, params: object, options?: object): Promise<Record<string, unknown>>;
}
interface PopCoreConstructor {
  new (config: object): PopCore;
}
const require = createRequire(import.meta.url);
const { RPCClient } = require('@alicloud/pop-core') as { RPCClient: PopCoreConstructor };

export const { a, b } = DEFAULT_WORLD.alibaba.accounts;

export interface Key {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

export const VERSIONS = {
  Vpc: '2016-04-28',
  VpcPeer: '2022-01-01',
  Sts: '2015-04-01',
  Ecs: '2014-05-26',
  ResourceManager: '2020-03-31',
} as const;
export type Product = keyof typeof VERSIONS;

/** An error answer as pop-core reports it. */
interface Refused {
  readonly code: string;
  readonly data: { readonly Message: string; readonly RequestId: string; readonly HostId: string };
  readonly entry: { readonly response: { readonly statusCode: number } };
}

/** The default world's VPC of an account in a region. */
export function network(account: 'a' | 'b', region: 'cn-hangzhou' | 'cn-beijing', which: 'web' | 'data' | 'jobs') {
  const found = DEFAULT_WORLD.alibaba.networks.find(
    (candidate) =>
      candidate.account === account && candidate.region === region && candidate.name.startsWith(`${which}-`),
  );
  if (found === undefined) throw new Error(`no ${which} of ${account} in ${region}`);
  return found;
}

/** Big integers arrive as objects; what a test compares is their text. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>;

/** A member deep inside an answer: `at(answer, 'RouteTables.RouteTable.0.RouteTableId')`; undefined when it is not there. */
export const at = (answer: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], answer);

/** Calls with one key: `await call('VpcPeer', 'GetVpcPeerConnectionAttribute', { InstanceId })`. */
export function caller(emulator: Emulator, key: Key = a, options: object = { method: 'POST' }) {
  const clients = new Map<Product, PopCore>();
  return async (product: Product, action: string, params: object = {}): Promise<Record<string, unknown>> => {
    const client =
      clients.get(product) ??
      new RPCClient({ endpoint: emulator.alibaba.endpoint, apiVersion: VERSIONS[product], ...key });
    clients.set(product, client);
    return plain(await client.request(action, params, { timeout: 5_000, ...options }));
  };
}

/** The code of the refusal; fails when the call succeeds. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as Refused).code;
  }
  throw new Error('the call was expected to be refused');
}

/** A request byte for byte, for what no SDK would send. */
export function raw(
  emulator: Emulator,
  path: string,
  options: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<{ readonly status: number; readonly body: string; readonly headers: Record<string, unknown> }> {
  const url = new URL(emulator.alibaba.endpoint);
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: url.hostname, port: url.port, path, method: options.method ?? 'GET', headers: options.headers ?? {} },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            body: Buffer.concat(chunks).toString('utf8'),
            headers: incoming.headers,
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}

export const REGION = 'cn-hangzhou';
export const web = network('a', REGION, 'web');
export const data = network('a', REGION, 'data');
export const jobs = network('a', REGION, 'jobs');
export const foreign = network('b', REGION, 'web');

/** The emulator of the running test, and a caller for each account; there from the first hook on. */
export let emulator: Emulator;
export let asA: ReturnType<typeof caller>;
export let asB: ReturnType<typeof caller>;
/** Operations that the tests of a file on one emulator have called so far. */
export const driven = new Set<string>();

async function start(seed: number): Promise<void> {
  emulator = await Emulator.start({ seed });
  asA = caller(emulator, a);
  asB = caller(emulator, b);
}

/** One emulator for all tests of a file, reset after each. */
export function emulatorPerFile(seed: number): void {
  beforeAll(() => start(seed));
  afterEach(() => {
    expect(emulator.crashes).toEqual([]);
    for (const { operation } of emulator.requests) driven.add(operation);
    emulator.reset();
  });
  afterAll(() => emulator.close());
}

/** An emulator of its own for each test. */
export function emulatorPerTest(seed: number): void {
  beforeEach(() => start(seed));
  afterEach(async () => {
    expect(emulator.crashes).toEqual([]);
    await emulator.close();
  });
}

export const vpc = (action: string, params: object = {}, as = asA) =>
  as('Vpc', action, { RegionId: REGION, ...params });
