/**
 * The one way to the cloud: builds, signs, sends and reads one request. It never repeats a request (core does) and
 * keeps nothing but its sockets and the offset of the server's clock.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import { PeerwayError, wasNeverSent, type Call, type Clock, type Redactor, type RequestOutcome } from '@peerway/core';
import type { Answer, AnswerReader } from './answers.js';
import type { BaiduCredentials } from './credentials.js';
import { abandoned, errorOf, PROVIDER, SKEW_CODES, unusable, type Failure } from './errors.js';
import { bceDate, canonicalPath, sign, uriEncode } from './signer.js';

export interface BaiduRequest<T> {
  /** The vendor's name of the operation, e.g. `AcceptPeerConn`. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Parts of the path after `/v1`; an id is one part and may hold no slash. */
  readonly path: readonly string[];
  /** Flag without a value that selects an action on a resource, e.g. `accept`. */
  readonly action?: string;
  /** Left out where undefined. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: object;
  /** Sent in the query only, never in a body or header. */
  readonly clientToken?: string | undefined;
  readonly answer: AnswerReader<T>;
}

interface ClientSettings {
  /** Without a trailing slash. */
  readonly endpoint: string;
  readonly credentials: BaiduCredentials;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Applied to what the cloud says, which may quote what we sent. */
  readonly redactor: Redactor;
}

/** Sends one request in one call: what the typed operations of `api/` are written over. */
export type Send = <T>(request: BaiduRequest<T>) => Promise<T>;

const CONTENT_TYPE = 'application/json; charset=utf-8';
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export class BaiduClient {
  readonly #settings: ClientSettings;
  readonly #host: string;
  readonly #agent: HttpAgent;
  readonly #axios: AxiosInstance;
  /** Server's clock minus ours; learned when a signature was found expired. */
  #offsetMs = 0;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
    const url = new URL(settings.endpoint);
    this.#host = url.host;
    const secure = url.protocol === 'https:';
    const pool = { keepAlive: true, maxSockets: 32 };
    this.#agent = secure ? new HttpsAgent(pool) : new HttpAgent(pool);
    this.#axios = axios.create({
      adapter: 'http',
      ...(secure ? { httpsAgent: this.#agent } : { httpAgent: this.#agent }),
      // a proxy from the environment has no business between us and an emulator on this machine
      ...(isLoopback(url.hostname) ? { proxy: false as const } : {}),
      timeout: settings.timeoutMs,
      maxRedirects: 0, // a redirected request would carry a signature for another host
      maxContentLength: MAX_ANSWER_BYTES,
      maxBodyLength: MAX_ANSWER_BYTES,
      responseType: 'text',
      transformRequest: [(body: unknown) => body],
      transformResponse: [(body: unknown) => body],
      validateStatus: () => true,
    });
  }

  /**
   * @throws PeerwayError by the tables of `errors.ts` and `answers.ts`; `Canceled` when the call's signal aborts
   */
  async send<T>(request: BaiduRequest<T>, call: Call): Promise<T> {
    const { clock, endpoint } = this.#settings;
    const path = `/v1/${request.path.map(segment).join('/')}`;
    const body = request.body === undefined ? '' : JSON.stringify(request.body);
    const { wire, pairs } = queryOf(request);
    const headers = this.#headers(request.method, path, pairs, body);
    const ended = call.begin({
      nativeOperation: `${request.operation} ${request.method} ${path}`,
      mutating: request.method !== 'GET',
    });
    const start = clock.now();
    let outcome: Omit<RequestOutcome, 'durationMs'> = { httpStatus: 0 };
    try {
      const response = await this.#exchange(request, call, {
        url: `${endpoint}${canonicalPath(path)}${wire === '' ? '' : `?${wire}`}`,
        headers,
        body,
      });
      const failure = failureOf(request, response, this.#settings.redactor);
      const nativeCode = failure.nativeCode;
      outcome = {
        httpStatus: response.status,
        ...(failure.requestId === undefined ? {} : { requestId: failure.requestId }),
        ...(nativeCode === undefined ? {} : { nativeCode }),
      };
      if (nativeCode !== undefined && SKEW_CODES.has(nativeCode)) this.#noteServerTime(response);
      return readAnswer(request, response, failure);
    } finally {
      ended({ ...outcome, durationMs: clock.now() - start });
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Made afresh for every attempt, so that a repetition is dated and signed when it is sent. */
  #headers(
    method: string,
    path: string,
    query: readonly (readonly [string, string])[],
    body: string,
  ): Record<string, string> {
    const { clock, credentials } = this.#settings;
    const at = clock.now() + this.#offsetMs;
    const headers: Record<string, string> = {
      host: this.#host,
      'content-type': CONTENT_TYPE,
      'x-bce-date': bceDate(at),
      ...(method === 'GET' || (method === 'DELETE' && body === '')
        ? {}
        : { 'content-length': String(Buffer.byteLength(body)) }),
      ...(credentials.securityToken === undefined ? {} : { 'x-bce-security-token': credentials.securityToken }),
    };
    const { authorization } = sign(credentials, { method, path, query, headers }, at);
    return { ...headers, authorization, accept: 'application/json', 'user-agent': 'peerway' };
  }

  async #exchange<T>(
    request: BaiduRequest<T>,
    call: Call,
    wire: { readonly url: string; readonly headers: Record<string, string>; readonly body: string },
  ): Promise<AxiosResponse<string>> {
    try {
      return await this.#axios.request<string>({
        method: request.method,
        url: wire.url,
        headers: wire.headers,
        signal: call.signal,
        ...(wire.body === '' ? {} : { data: wire.body }),
      });
    } catch (thrown) {
      // only the code is taken over: the object holds the headers, keys included
      const code = codeOf(thrown);
      const mutating = request.method !== 'GET' && !wasNeverSent(code);
      const failure = { operation: request.operation, mutating, httpStatus: 0 };
      throw call.signal.aborted ? abandoned(failure) : unusable(failure, `no usable answer (${code ?? 'no code'})`);
    }
  }

  #noteServerTime(response: AxiosResponse<string>): void {
    const date = header(response, 'date');
    const at = date === undefined ? Number.NaN : Date.parse(date);
    if (!Number.isNaN(at)) this.#offsetMs = at - this.#settings.clock.now();
  }
}

/** Status, code and request id of an answer, whatever it holds. */
function failureOf<T>(request: BaiduRequest<T>, response: AxiosResponse<string>, redactor: Redactor): Failure {
  const body = response.status >= 200 && response.status < 300 ? undefined : parsed(response.data);
  const said = (key: string): string | undefined => {
    const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[key] : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const nativeCode = said('code');
  const message = said('message');
  const requestId = header(response, 'x-bce-request-id') ?? said('requestId');
  const seconds = Number(header(response, 'retry-after'));
  return {
    operation: request.operation,
    mutating: request.method !== 'GET',
    httpStatus: response.status,
    ...(nativeCode === undefined ? {} : { nativeCode }),
    ...(message === undefined ? {} : { message: redactor.redact(message) }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}),
  };
}

function readAnswer<T>(request: BaiduRequest<T>, response: AxiosResponse<string>, failure: Failure): T {
  const { status, data } = response;
  if (status < 200 || status >= 300) {
    // a page of some proxy is no statement of the cloud about an object, least of all that it is gone
    if (failure.nativeCode === undefined && failure.requestId === undefined && status < 500) {
      throw new PeerwayError(
        'Unknown',
        `${request.operation}: HTTP ${status} that is not an answer of Baidu AI Cloud`,
        {
          provider: PROVIDER,
          nativeOperation: request.operation,
          httpStatus: status,
          remedy: 'Check endpoint: and any proxy on the way.',
        },
      );
    }
    throw errorOf(failure);
  }
  const body = data === '' ? undefined : parsed(data);
  const answer: Answer = {
    body,
    whole:
      failure.requestId !== undefined &&
      (header(response, 'content-length') !== undefined || header(response, 'transfer-encoding') !== undefined),
    context: failure,
  };
  return request.answer(answer);
}

const NOT_JSON = Symbol('not JSON');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return NOT_JSON;
  }
}

function header(response: AxiosResponse<string>, name: string): string | undefined {
  const value: unknown = response.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function queryOf<T>(request: BaiduRequest<T>): { wire: string; pairs: [string, string][] } {
  const pairs: [string, string][] = [];
  if (request.action !== undefined) pairs.push([request.action, '']);
  for (const [key, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) pairs.push([key, String(value)]);
  }
  if (request.clientToken !== undefined) pairs.push(['clientToken', request.clientToken]);
  const wire = pairs.map(([key, value], at) =>
    at === 0 && request.action !== undefined ? uriEncode(key) : `${uriEncode(key)}=${uriEncode(value)}`,
  );
  return { wire: wire.join('&'), pairs };
}

/** An id that could leave its place in the path would reach another operation. */
function segment(part: string): string {
  if (part !== '' && !/[/\\?#]/.test(part) && part !== '.' && part !== '..') return part;
  throw new PeerwayError('InvalidArgument', `${JSON.stringify(part)} cannot be an id of Baidu AI Cloud`, {
    provider: PROVIDER,
    remedy: 'Give an id as the console shows it.',
  });
}

const codeOf = (thrown: unknown): string | undefined => {
  const code: unknown = typeof thrown === 'object' && thrown !== null ? (thrown as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : undefined;
};

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
