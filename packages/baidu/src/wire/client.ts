/**
 * The one way to the cloud: builds, signs, sends and reads one request. It never repeats a request (core does) and
 * keeps nothing but its sockets and the offset of the server's clock.
 */
import type { Agent } from 'node:http';
import axios, { type AxiosInstance, type AxiosResponse } from 'axios';
import {
  connectionTo,
  isPeerwayError,
  PeerwayError,
  proxyFor,
  retryAfterMs,
  wasNeverSent,
  type Call,
  type Clock,
  type Connection,
  type RawAnswer,
  type RawRequest,
  type Redactor,
  type RequestOutcome,
} from '@peerway/core';
import { agentFor } from './agent.js';
import { readBody, type Answers, type Operation } from './answers.js';
import type { BaiduCredentials, Credentials } from './credentials.js';
import { abandoned, errorOf, PROVIDER, SKEW_CODES, unusable, type Failure } from './errors.js';
import { rawAnswer, rawWire } from './raw.js';
import { bceDate, canonicalPath, sign, uriEncode, type SignableRequest } from './signer.js';

export interface BaiduRequest<K extends Operation = Operation> {
  /** The vendor's name of the operation, e.g. `AcceptPeerConn`. */
  readonly operation: K;
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
}

interface ClientSettings {
  /** Without a trailing slash. */
  readonly endpoint: string;
  readonly credentials: Credentials;
  readonly clock: Clock;
  /** For one request, until its answer is there whole. */
  readonly timeoutMs: number;
  /** Applied to what the cloud says, which may quote what we sent. */
  readonly redactor: Redactor;
  /** For HTTPS_PROXY and NO_PROXY. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Sends one request in one call: what the typed operations of `api/` are written over. */
export type Send = <K extends Operation>(request: BaiduRequest<K>) => Promise<Answers[K]>;

const CONTENT_TYPE = 'application/json; charset=utf-8';
/** The largest page that the service gives is a few megabytes. */
const MAX_ANSWER_MEGABYTES = 64;

export class BaiduClient {
  /** How the cloud is reached. */
  readonly connections: readonly Connection[];
  readonly #settings: ClientSettings;
  readonly #host: string;
  readonly #agent: Agent;
  readonly #axios: AxiosInstance;
  /** Server's clock minus ours; learned when a signature was found expired. */
  #offsetMs = 0;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
    const url = new URL(settings.endpoint);
    this.#host = url.host;
    const proxy = proxyFor(settings.endpoint, settings.env);
    if (proxy !== undefined) settings.redactor.add(decodeURIComponent(proxy.url.password));
    this.connections = [connectionTo(settings.endpoint, proxy)];
    this.#agent = agentFor(settings.endpoint, proxy);
    this.#axios = axios.create({
      adapter: 'http',
      httpAgent: this.#agent,
      httpsAgent: this.#agent,
      proxy: false, // the agent goes through it
      maxRedirects: 0, // a redirected request would carry a signature for another host
      maxContentLength: MAX_ANSWER_MEGABYTES * 1024 * 1024,
      maxBodyLength: MAX_ANSWER_MEGABYTES * 1024 * 1024,
      responseType: 'text',
      transformRequest: [(body: unknown) => body],
      transformResponse: [(body: unknown) => body],
      validateStatus: () => true,
    });
  }

  /**
   * @throws PeerwayError by the tables of `errors.ts` and `answers.ts`; `Canceled` when the call's signal aborts
   */
  async send<K extends Operation>(request: BaiduRequest<K>, call: Call): Promise<Answers[K]> {
    const { clock, credentials, endpoint } = this.#settings;
    const path = `/v1/${request.path.map(segment).join('/')}`;
    const body = request.body === undefined ? '' : JSON.stringify(request.body);
    const { wire, pairs } = queryOf(request);
    const keys = await credentials.get();
    const ended = await call.admit({
      nativeOperation: `${request.operation} ${request.method} ${path}`,
      mutating: request.method !== 'GET',
    });
    const start = clock.now();
    let outcome: Omit<RequestOutcome, 'durationMs'> = {};
    try {
      // the signature is dated, and must not age in the queue that ends here
      const headers = this.#headers(keys, { method: request.method, path, query: pairs, body });
      const response = await this.#exchange(request, call, {
        url: `${endpoint}${canonicalPath(path)}${wire === '' ? '' : `?${wire}`}`,
        headers,
        body,
      });
      const failure = failureOf(request, response, this.#settings);
      const nativeCode = failure.nativeCode;
      outcome = {
        httpStatus: response.status,
        ...(failure.requestId === undefined ? {} : { requestId: failure.requestId }),
        ...(nativeCode === undefined ? {} : { nativeCode }),
      };
      if (nativeCode !== undefined && SKEW_CODES.has(nativeCode)) this.#noteServerTime(response);
      return await this.#read(request, response, failure, keys);
    } finally {
      ended({ ...outcome, durationMs: clock.now() - start });
    }
  }

  /** One request as it stands; nothing of its answer is judged. */
  async raw(request: RawRequest, call: Call): Promise<RawAnswer> {
    const { clock, credentials, endpoint } = this.#settings;
    const { operation, method = 'POST', path = '/' } = request;
    const keys = await credentials.get();
    const ended = await call.admit({ nativeOperation: `${operation} ${method} ${path}`, mutating: method !== 'GET' });
    const start = clock.now();
    let answer: RawAnswer | undefined;
    try {
      const wire = rawWire(request, { keys, host: this.#host, at: start + this.#offsetMs });
      answer = rawAnswer(await this.#exchange({ operation, method }, call, { ...wire, url: `${endpoint}${wire.url}` }));
      return answer;
    } finally {
      ended({ ...(answer === undefined ? {} : { httpStatus: answer.status }), durationMs: clock.now() - start });
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Made afresh for every attempt, so that a repetition is dated and signed when it is sent. */
  #headers(
    keys: BaiduCredentials,
    { method, path, query, body }: Omit<SignableRequest, 'headers'> & { readonly body: string },
  ): Record<string, string> {
    const at = this.#settings.clock.now() + this.#offsetMs;
    const headers: Record<string, string> = {
      host: this.#host,
      'content-type': CONTENT_TYPE,
      'x-bce-date': bceDate(at),
      ...(method === 'GET' || (method === 'DELETE' && body === '')
        ? {}
        : { 'content-length': String(Buffer.byteLength(body)) }),
      ...(keys.securityToken === undefined ? {} : { 'x-bce-security-token': keys.securityToken }),
    };
    const { authorization } = sign(keys, { method, path, query, headers }, at);
    return { ...headers, authorization, accept: 'application/json', 'user-agent': 'peerway' };
  }

  async #exchange(
    request: { readonly operation: string; readonly method: string },
    call: Call,
    wire: { readonly url: string; readonly headers: Record<string, string>; readonly body: string },
  ): Promise<AxiosResponse<string>> {
    // from the request to the last byte: the library's own limit begins anew with every byte
    const late = AbortSignal.timeout(this.#settings.timeoutMs);
    try {
      return await this.#axios.request<string>({
        method: request.method,
        url: wire.url,
        headers: wire.headers,
        signal: AbortSignal.any([call.signal, late]),
        ...(wire.body === '' ? {} : { data: wire.body }),
      });
    } catch (thrown) {
      // only the code is taken over: the object holds the headers, keys included
      const code = codeOf(thrown);
      const mutating = request.method !== 'GET' && !wasNeverSent(code);
      const failure = { operation: request.operation, mutating };
      if (call.signal.aborted) throw abandoned(failure);
      if (late.aborted) throw unusable(failure, `${request.operation} got no answer (no answer in time)`);
      if (isTooLarge(thrown)) throw unusable(failure, tooLarge(request.operation), 'never');
      throw unusable(failure, `${request.operation}: no usable answer (${code ?? 'no code'})`);
    }
  }

  async #read<K extends Operation>(
    request: BaiduRequest<K>,
    response: AxiosResponse<string>,
    failure: Failure,
    keys: BaiduCredentials,
  ): Promise<Answers[K]> {
    try {
      return readAnswer(request, response, failure);
    } catch (error) {
      const areRefused = isPeerwayError(error, 'Unauthenticated') && error.retry === 'never';
      if (!areRefused || !(await this.#settings.credentials.renewed(keys))) throw error;
      throw new PeerwayError(error.code, error.message, { ...error.details, retry: 'once' });
    }
  }

  #noteServerTime(response: AxiosResponse<string>): void {
    const date = header(response, 'date');
    const at = date === undefined ? Number.NaN : Date.parse(date);
    if (!Number.isNaN(at)) this.#offsetMs = at - this.#settings.clock.now();
  }
}

/** Status, code and request id of an answer, whatever it holds. */
function failureOf(
  request: BaiduRequest,
  response: AxiosResponse<string>,
  { redactor, clock }: ClientSettings,
): Failure {
  const body = response.status >= 200 && response.status < 300 ? undefined : parsed(response.data);
  const said = (key: string): string | undefined => {
    const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[key] : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const nativeCode = said('code');
  const message = said('message');
  const requestId = header(response, 'x-bce-request-id') ?? said('requestId');
  const wait = retryAfterMs(header(response, 'retry-after'), clock.now());
  return {
    operation: request.operation,
    mutating: request.method !== 'GET',
    httpStatus: response.status,
    ...(nativeCode === undefined ? {} : { nativeCode }),
    ...(message === undefined ? {} : { message: redactor.redact(message) }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
}

function readAnswer<K extends Operation>(
  request: BaiduRequest<K>,
  response: AxiosResponse<string>,
  failure: Failure,
): Answers[K] {
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
    throw errorOf({ ...failure, httpStatus: status });
  }
  const body = data === '' ? undefined : parsed(data);
  const marker = request.query?.['marker'];
  return readBody(request.operation, {
    body,
    whole:
      failure.requestId !== undefined &&
      (header(response, 'content-length') !== undefined || header(response, 'transfer-encoding') !== undefined),
    ...(marker === undefined ? {} : { marker: String(marker) }),
    context: failure,
  });
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

function queryOf(request: BaiduRequest): { wire: string; pairs: [string, string][] } {
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

/** The message is the library's only sign of it; its code says no more than that the answer was bad. */
const isTooLarge = (thrown: unknown): boolean =>
  typeof thrown === 'object' &&
  thrown !== null &&
  String((thrown as { message?: unknown }).message).startsWith('maxContentLength');

const tooLarge = (operation: string): string =>
  `Unexpected answer to ${operation}: it is larger than ${MAX_ANSWER_MEGABYTES} MB`;
