/**
 * A hand-held Baidu client for wire tests: the vendor's own signer (`Auth` of @baiducloud/sdk) under plain node HTTP;
 * and the emulator with its clients that a test file works on.
 */
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { DEFAULT_WORLD, Emulator } from '@peerway/emulator';

interface VendorAuth {
  generateAuthorization(
    method: string,
    path: string,
    params: Readonly<Record<string, unknown>>,
    headers: Readonly<Record<string, string>>,
    unixSeconds: number,
    expirationSeconds?: number,
  ): string;
}
interface VendorClient {
  sendRequest(
    method: string,
    path: string,
    args?: {
      readonly params?: Record<string, unknown>;
      readonly body?: string;
      readonly headers?: Record<string, string>;
    },
  ): Promise<{ readonly body: Record<string, unknown>; readonly http_headers: Readonly<Record<string, string>> }>;
}
interface VendorSdk {
  readonly Auth: new (ak: string, sk: string) => VendorAuth;
  readonly BceBaseClient: new (config: object, service: string, regional: boolean) => VendorClient;
}

export const sdk = createRequire(import.meta.url)('@baiducloud/sdk') as VendorSdk;

export const { a, b } = DEFAULT_WORLD.baidu.accounts;

/** The default world's VPC of an account in a region. */
export function network(account: 'a' | 'b', region: 'bj' | 'gz', which: 'web' | 'data' | 'jobs') {
  const found = DEFAULT_WORLD.baidu.networks.find(
    (candidate) =>
      candidate.account === account && candidate.region === region && candidate.name.startsWith(`${which}-`),
  );
  if (found === undefined) throw new Error(`no ${which} of ${account} in ${region}`);
  return found;
}

export interface Key {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** A peer connection as it is shown. */
interface PeerView {
  readonly peerConnId: string;
  readonly role: string;
  readonly status: string;
  readonly localIfId: string;
  readonly localVpcId: string;
  readonly peerVpcId: string;
  readonly localIfName: string;
  readonly dnsStatus: string;
  readonly createdTime: string;
  readonly expiredTime: string | null;
  readonly tags: readonly unknown[];
  readonly deleteProtect: boolean;
}

interface RuleView {
  readonly routeRuleId: string;
  readonly nexthopId: string;
  readonly pathType: string;
}

/** Every member that some answer may have; what an answer lacks is undefined at run time. */
export interface WireBody extends PeerView, RuleView {
  readonly code?: string;
  readonly message: string;
  readonly requestId: string;
  readonly peerConns: readonly PeerView[];
  readonly routeRules: readonly RuleView[];
  readonly routeRuleIds: readonly string[];
  readonly vpcs: readonly { readonly vpcId: string }[];
  readonly vpc: Readonly<Record<string, unknown>>;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly subnets: readonly { readonly subnetId: string }[];
  readonly etGatewayId: string;
  readonly etGateways: readonly { readonly etGatewayId: string }[];
  readonly ets: readonly { readonly id: string }[];
  readonly etChannels: readonly { readonly id: string }[];
  readonly marker: string;
  readonly nextMarker: string;
  readonly isTruncated: boolean;
  readonly maxKeys: number;
}

export interface Answer {
  readonly status: number;
  /** The error code; undefined for a success. */
  readonly code: string | undefined;
  readonly text: string;
  /** The parsed body; `{}` when it was empty. */
  readonly body: WireBody;
  readonly headers: Headers;
}

export interface Sent {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Epoch seconds to sign with; default: the emulator's clock. */
  readonly at?: number;
  readonly expires?: number;
}

let tokens = 0;

/** Sends signed requests as one key to one region's listener. Changes get a fresh clientToken unless one is given. */
export class Wire {
  constructor(
    readonly emulator: Emulator,
    readonly key: Key = a,
    readonly region = 'bj',
  ) {}

  async send(
    method: string,
    path: string,
    { query = {}, body, headers = {}, at, expires }: Sent = {},
  ): Promise<Answer> {
    const endpoint = this.emulator.baidu.endpoint(this.region);
    const seconds = Math.floor(at ?? this.emulator.clock.now() / 1000);
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const payload: string | Uint8Array | undefined = body === undefined || isRaw ? body : JSON.stringify(body);
    const fresh = method === 'GET' || 'clientToken' in query ? {} : { clientToken: `t-${String((tokens += 1))}` };
    const params = { ...query, ...fresh };
    const sent: Record<string, string> = {
      host: endpoint.slice('http://'.length),
      'x-bce-date': `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`,
      'content-type': 'application/json; charset=utf-8',
      ...headers,
    };
    const auth = new sdk.Auth(this.key.accessKeyId, this.key.accessKeySecret);
    const authorization = auth.generateAuthorization(method, path, params, sent, seconds, expires);
    const target = `${endpoint}${path}?${new URLSearchParams(params).toString().replaceAll('+', '%20')}`;
    const response = await exchange(method, target, { authorization, ...sent }, payload);
    return read(response);
  }

  get = (path: string, query?: Readonly<Record<string, string>>): Promise<Answer> =>
    this.send('GET', path, query === undefined ? {} : { query });
  post = (path: string, body: unknown, query?: Readonly<Record<string, string>>): Promise<Answer> =>
    this.send('POST', path, { body, ...(query === undefined ? {} : { query }) });
  put = (path: string, query: Readonly<Record<string, string>> = {}, body?: unknown): Promise<Answer> =>
    this.send('PUT', path, { query, body });
  delete = (path: string, query?: Readonly<Record<string, string>>): Promise<Answer> =>
    this.send('DELETE', path, query === undefined ? {} : { query });
}

const agent = new Agent({ keepAlive: true });

/** Plain node HTTP: unlike fetch it lets a client choose its Host. */
function exchange(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  payload?: string | Uint8Array,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const length = payload === undefined ? {} : { 'content-length': String(Buffer.byteLength(payload)) };
    const sent = request(url, { method, headers: { ...headers, ...length }, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const received = new Headers();
        for (const [name, value] of Object.entries(response.headers)) received.set(name, String(value));
        resolve(new Response(Buffer.concat(chunks), { status: response.statusCode ?? 0, headers: received }));
      });
    });
    sent.on('error', reject).end(payload);
  });
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  let body = {} as WireBody;
  try {
    body = (text === '' ? {} : JSON.parse(text)) as WireBody;
  } catch {
    // an HTML page or a cut answer: `text` has it
  }
  return { status: response.status, code: response.ok ? undefined : body.code, text, body, headers: response.headers };
}

/** The body of a create request between two networks of the default world. */
export const createBody = (
  local: { readonly id: string },
  peer: { readonly id: string; readonly region: string },
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => ({
  bandwidthInMbps: 10,
  localVpcId: local.id,
  peerVpcId: peer.id,
  peerRegion: peer.region,
  billing: { paymentTiming: 'Postpaid' },
  ...more,
});

export const web = network('a', 'bj', 'web');
export const data = network('a', 'bj', 'data');
export const jobs = network('a', 'bj', 'jobs');
export const foreign = network('b', 'bj', 'web');

/** The emulator of the running test, and a client for each account and region; there from the first hook on. */
export let emulator: Emulator;
export let aBj: Wire, aGz: Wire, bBj: Wire, bGz: Wire, cBj: Wire;

/** An emulator of its own for each test. */
export function emulatorPerTest(seed: number): void {
  beforeEach(async () => {
    emulator = await Emulator.start({ seed });
    aBj = new Wire(emulator, a, 'bj');
    aGz = new Wire(emulator, a, 'gz');
    bBj = new Wire(emulator, b, 'bj');
    bGz = new Wire(emulator, b, 'gz');
  });
  afterEach(async () => {
    expect(emulator.crashes).toEqual([]);
    await emulator.close();
  });
}

export const C = { id: 'e'.repeat(32), accessKeyId: 'ALTAKThirdAccount', accessKeySecret: 'thirdsecret' };
/** A third account with a key in each test's emulator; after `emulatorPerTest`. */
export function withThirdAccount(): void {
  beforeEach(() => {
    emulator.world.account({ cloud: 'baidu', id: C.id, name: 'c' });
    emulator.world.key({ cloud: 'baidu', id: C.accessKeyId, secret: C.accessKeySecret, account: C.id });
    cBj = new Wire(emulator, C, 'bj');
  });
}

export const settle = (ms = 60_000): void => emulator.clock.advance(ms);
export const outcome = ({ status, code }: Answer): readonly [number, string | undefined] => [status, code];
export const OK = [200, undefined];
export const DENIED = [409, 'OperationDenied'];
export const BAD = [400, 'BadRequest'];
export const MISSING = [404, 'NoSuchObject'];

/** Creates and lets it settle; answers the id. */
export async function create(by: Wire, body: unknown): Promise<string> {
  const answer = await by.post('/v1/peerconn', body);
  expect(outcome(answer)).toEqual(OK);
  settle();
  return answer.body.peerConnId;
}
export const at = (id: string): string => `/v1/peerconn/${id}`;
export const sameAccount = (): Promise<string> => create(aBj, createBody(web, data));
export const requested = (): Promise<string> => create(aBj, createBody(web, foreign, { peerAccountId: b.id }));
/** A request that nobody has signed. */
export const raw = async (method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  read(await exchange(method, `${emulator.baidu.endpoint('bj')}${path}`, headers));
