/**
 * The one place that talks to Alibaba Cloud: signed RPC calls over @alicloud/pop-core, with its surprises taken out (see
 * docs/facts/alibaba.md 8, seen by running 1.8.0): always an upper-case POST, so that no URL ever holds a key; HTTP status looked at;
 * answers made plain; errors rebuilt; real cancellation; our clock, nonces and time limits.
 */
import {
  PeerwayError,
  retryAfterMs,
  wasNeverSent,
  type Call,
  type Clock,
  type Connection,
  type Random,
  type RawAnswer,
  type RawRequest,
  type RecordShape,
} from '@peerway/core';
import { ANSWER_BOUND, ANSWER_TOO_LARGE } from './agent.js';
import { requireShape, unexpectedAnswer, VPC_ANSWERS, VPC_PEER_ANSWERS, type Answered } from './answers.js';
import type { VpcOperations } from './api/vpc.js';
import type { VpcPeerOperations } from './api/vpcPeer.js';
import { plain } from './plainJson.js';
import { DRY_RUN_PASSED, lineOf, popErrorOf, type Line, type LineSettings, type PopEntry } from './popCore.js';
import { rawAnswer, rawCall } from './raw.js';
import type { Product } from './regions.js';
import { fromNative, PROVIDER } from './errors.js';

/** What the drivers see of the cloud: one typed member per product. Both throw PeerwayErrors only. */
export interface AlibabaClient {
  vpc<K extends keyof VpcOperations>(
    action: K,
    request: VpcOperations[K]['request'],
    call: Call,
  ): Promise<VpcOperations[K]['response']>;
  vpcPeer<K extends keyof VpcPeerOperations>(
    action: K,
    request: VpcPeerOperations[K]['request'],
    call: Call,
  ): Promise<VpcPeerOperations[K]['response']>;
  /** One request as it stands; nothing of its answer is judged. */
  raw(request: RawRequest, call: Call): Promise<RawAnswer>;
  /** How each product is reached. */
  readonly connections: readonly Connection[];
  close(): void;
}

interface ClientSettings extends LineSettings {
  readonly clock: Clock;
  readonly random: Random;
  readonly requestTimeoutMs: number;
}

let nonces = 0;

export class PopCoreClient implements AlibabaClient {
  readonly connections: readonly Connection[];
  readonly #settings: ClientSettings;
  readonly #products: Record<Product, Line>;
  /** The server's clock minus ours, learned when a timestamp was refused. */
  #skewMs = 0;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
    this.#products = { Vpc: lineOf('Vpc', settings), VpcPeer: lineOf('VpcPeer', settings) };
    this.connections = Object.values(this.#products).map(({ connection }) => connection);
  }

  vpc<K extends keyof VpcOperations>(action: K, request: VpcOperations[K]['request'], call: Call) {
    const answer = this.#request('Vpc', { action, request, shape: VPC_ANSWERS[action] }, call);
    return answer as Promise<VpcOperations[K]['response']>;
  }

  vpcPeer<K extends keyof VpcPeerOperations>(action: K, request: VpcPeerOperations[K]['request'], call: Call) {
    const answer = this.#request('VpcPeer', { action, request, shape: VPC_PEER_ANSWERS[action] }, call);
    return answer as Promise<VpcPeerOperations[K]['response']>;
  }

  async raw(request: RawRequest, call: Call): Promise<RawAnswer> {
    const { clock, credentials, requestTimeoutMs } = this.#settings;
    const { product, action, parameters } = rawCall(request);
    await credentials.get();
    const mutating = isMutating({ action, request: parameters });
    const answered = await call.admit({ nativeOperation: action, mutating });
    const startedAt = clock.now();
    const ended = (answer?: RawAnswer): void =>
      answered({ ...(answer === undefined ? {} : { httpStatus: answer.status }), durationMs: clock.now() - startedAt });
    const own = { Timestamp: this.#timestamp(request.signing?.skewMs), SignatureNonce: this.#nonce() };
    const { client, agent } = this.#products[product];
    try {
      const [json, entry] = await client.request(action, { ...own, ...parameters }, {
        method: 'POST',
        timeout: requestTimeoutMs,
        agent,
        beforeRequest: (options: object) => ({ ...options, signal: call.signal }),
      }); // prettier-ignore
      const answer = rawAnswer(json, entry);
      ended(answer);
      return answer;
    } catch (thrown) {
      // the library throws what a cloud refused
      const { data, entry, code } = popErrorOf(thrown);
      const answer = data === undefined || entry === undefined ? undefined : rawAnswer(data, entry);
      ended(answer);
      if (answer !== undefined) return answer;
      throw call.signal.aborted ? abandoned(action, mutating) : noAnswer(action, mutating, thrown, code);
    }
  }

  close(): void {
    for (const { agent } of Object.values(this.#products)) agent.destroy();
  }

  async #request(product: Product, asked: Asked, call: Call): Promise<unknown> {
    const { clock, credentials, requestTimeoutMs } = this.#settings;
    const { action } = asked;
    const keys = await credentials.get(); // fails here, before the request is announced
    const mutating = isMutating(asked);
    const { client, agent } = this.#products[product];
    const answered = await call.admit({ nativeOperation: action, mutating });
    // neither may age in the queue that ends here
    const parameters = {
      ...wireParameters(asked.request),
      Timestamp: this.#timestamp(),
      SignatureNonce: this.#nonce(),
    };
    const startedAt = clock.now();
    const seen = (httpStatus: number | undefined, body: Envelope = {}): void =>
      answered({
        ...(httpStatus === undefined ? {} : { httpStatus }),
        durationMs: clock.now() - startedAt,
        ...(body.RequestId === undefined ? {} : { requestId: body.RequestId }),
        ...(body.Code === undefined || (httpStatus ?? 0) < 400 ? {} : { nativeCode: body.Code }),
      });
    try {
      const [json, entry] = await client.request(action, parameters, {
        method: 'POST',
        timeout: requestTimeoutMs,
        agent,
        beforeRequest: (options: object) => ({ ...options, signal: call.signal }),
      });
      const status = entry.response?.statusCode ?? 0;
      const body = plain(json);
      const envelope = envelopeOf(body);
      seen(status, envelope);
      return readGood(asked, status, envelope, body, this.#askedWait(entry));
    } catch (thrown) {
      if (thrown instanceof PeerwayError) throw thrown;
      const { data, entry, code } = popErrorOf(thrown);
      const status = entry?.response?.statusCode;
      const envelope = envelopeOf(plain(data));
      if (envelope?.Code !== undefined) {
        seen(status ?? 400, envelope);
        const error = failure({ operation: action, mutating, httpStatus: status }, envelope, this.#askedWait(entry));
        if (envelope.Code === 'InvalidTimeStamp.Expired') this.#correctClock(entry);
        else if (error.code === 'Unauthenticated' && (await credentials.renewed(keys))) throw signedAnew(error);
        throw error;
      }
      seen(undefined);
      throw call.signal.aborted ? abandoned(action, mutating) : noAnswer(action, mutating, thrown, code);
    }
  }

  #askedWait(entry: PopEntry | undefined): number | undefined {
    return askedWait(entry?.response?.headers ?? {}, this.#settings.clock.now());
  }

  #timestamp(aheadMs = 0): string {
    return new Date(this.#settings.clock.now() + this.#skewMs + aheadMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
  }

  /** Two clients with the same seed must not share nonces, so the process and a counter join the random part. */
  #nonce(): string {
    return `${this.#settings.random.uuid()}-${process.pid.toString(36)}-${(nonces++).toString(36)}`;
  }

  #correctClock(entry: PopEntry | undefined): void {
    const date = Date.parse(entry?.response?.headers['date'] ?? '');
    if (!Number.isNaN(date)) this.#skewMs = date - this.#settings.clock.now();
  }
}

/** One request, and what its answer must hold. */
interface Asked {
  readonly action: string;
  readonly request: object;
  readonly shape: RecordShape;
}

const isMutating = ({ action, request }: Pick<Asked, 'action' | 'request'>): boolean =>
  (request as { DryRun?: unknown }).DryRun !== true && !/^(Describe|Get|List)/.test(action);

/** The body of an answer that the vendor's library takes for a good one; it looks at no status. */
function readGood(
  asked: Asked,
  status: number,
  envelope: Envelope | undefined,
  body: unknown,
  wait: number | undefined,
): unknown {
  const operation = asked.action;
  const mutating = isMutating(asked);
  if (envelope === undefined) throw noUsableAnswer(operation, mutating, status);
  if (envelope.Code === DRY_RUN_PASSED) return body;
  if (status >= 400) {
    // what bears neither is some gateway's, and no statement about an object, least of all that it is gone
    const isTheirs = envelope.Code !== undefined || envelope.RequestId !== undefined;
    if (!isTheirs && status < 500) throw foreignAnswer(operation, mutating, status);
    throw failure({ operation, mutating, httpStatus: status }, envelope, wait);
  }
  const answered: Answered = {
    operation,
    mutating,
    ...(status === 0 ? {} : { httpStatus: status }),
    ...(envelope.RequestId === undefined ? {} : { requestId: envelope.RequestId }),
  };
  requireShape(asked.shape, body, answered);
  return body;
}

/** A refusal of keys in whose place there are others by now. */
const signedAnew = (error: PeerwayError): PeerwayError =>
  new PeerwayError(error.code, error.message, { ...error.details, retry: 'once' });

interface Envelope {
  readonly Code?: string;
  readonly Message?: string;
  readonly RequestId?: string;
}

const textOrUndefined = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;

/** The members that every answer may have; undefined when the body is no JSON object. */
function envelopeOf(body: unknown): Envelope | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const { Code, Message, RequestId } = body as Record<string, unknown>;
  const members = {
    Code: textOrUndefined(Code),
    Message: textOrUndefined(Message),
    RequestId: textOrUndefined(RequestId),
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function failure(
  request: { readonly operation: string; readonly mutating: boolean; readonly httpStatus: number | undefined },
  { Code, Message, RequestId }: Envelope,
  wait: number | undefined,
): PeerwayError {
  const { httpStatus, ...rest } = request;
  return fromNative({
    ...rest,
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(Code === undefined ? {} : { nativeCode: Code }),
    ...(Message === undefined ? {} : { message: Message }),
    ...(RequestId === undefined ? {} : { requestId: RequestId }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

/**
 * The pause that an answer asks for. `x-acs-retry-after` is in milliseconds: the throttling tests of the vendor's openapi-client (C#, Java
 * and Swift, 2026) wait so long; it is not in the documents. A gateway on the way may send the standard header.
 */
const askedWait = (headers: Readonly<Record<string, string | undefined>>, now: number): number | undefined => {
  const own = Number(headers['x-acs-retry-after']);
  return own > 0 ? Math.ceil(own) : retryAfterMs(headers['retry-after'], now);
};

function noUsableAnswer(operation: string, mutating: boolean, httpStatus?: number): PeerwayError {
  return new PeerwayError('Unavailable', `${operation} was answered with something other than JSON`, {
    provider: PROVIDER,
    nativeOperation: operation,
    ...(httpStatus === undefined ? {} : { httpStatus }),
    remedy: 'Something between here and the cloud (a proxy, a gateway) answered; check the endpoint and the network.',
    ...(mutating ? { outcome: 'unknown' } : {}),
  });
}

const foreignAnswer = (operation: string, mutating: boolean, httpStatus: number): PeerwayError =>
  new PeerwayError('Unknown', `${operation}: HTTP ${httpStatus} that is not an answer of Alibaba Cloud`, {
    provider: PROVIDER,
    nativeOperation: operation,
    httpStatus,
    remedy: 'Check endpoint: and any proxy on the way.',
    ...(mutating ? { outcome: 'unknown' } : {}),
  });

const abandoned = (operation: string, mutating: boolean): PeerwayError =>
  new PeerwayError('Canceled', `${operation} was canceled`, {
    provider: PROVIDER,
    nativeOperation: operation,
    ...(mutating ? { outcome: 'unknown' } : {}),
  });

/** Timeouts, cut connections and answers that are no JSON. The original text is dropped: it may quote the request. */
function noAnswer(operation: string, mutating: boolean, thrown: unknown, code: string | undefined): PeerwayError {
  const name = thrown instanceof Error ? thrown.name : '';
  if (code === ANSWER_TOO_LARGE) {
    return unexpectedAnswer({ operation, mutating }, `it is larger than ${ANSWER_BOUND}`, 'never');
  }
  if (code === undefined && isParseFailure(thrown)) return noUsableAnswer(operation, mutating);
  const timedOut = name.startsWith('RequestTimeout');
  const why = timedOut ? 'no answer in time' : (code ?? 'the connection broke');
  return new PeerwayError('Unavailable', `${operation} got no answer (${why})`, {
    provider: PROVIDER,
    nativeOperation: operation,
    remedy: 'Check the network and the endpoint; the request is repeated where that is safe.',
    ...(mutating && !wasNeverSent(code) ? { outcome: 'unknown' } : {}),
  });
}

/**
 * What the vendor's library ends with over a body that is no JSON object: json-bigint throws a plain object
 * `{ name: 'SyntaxError', message, at, text }` and not an Error, overflows the stack over deep nesting, and `null` has no members.
 */
const isParseFailure = (thrown: unknown): boolean =>
  typeof thrown === 'object' &&
  thrown !== null &&
  ['SyntaxError', 'TypeError', 'RangeError'].includes(String((thrown as { name?: unknown }).name));

/**
 * What pop-core flattens rightly: texts, numbers, booleans, lists of these, and lists of flat objects. Absent members are left out
 * (it would send the texts `undefined` and `null`). @throws PeerwayError `InvalidArgument` for what it would corrupt silently
 */
function wireParameters(request: object): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(request)) {
    if (value === undefined || value === null) continue;
    out[name] = Array.isArray(value) ? value.map((item: unknown) => wireItem(name, item)) : scalar(name, value);
  }
  return out;
}

function wireItem(name: string, item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return scalar(name, item);
  const entries = Object.entries(item).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(
    entries.map(([key, value]): [string, unknown] => [
      key,
      Array.isArray(value)
        ? value.map((inner: unknown) => scalar(`${name}.${key}`, inner))
        : scalar(`${name}.${key}`, value),
    ]),
  );
}

function scalar(name: string, value: unknown): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  throw new PeerwayError('InvalidArgument', `The parameter ${name} cannot be sent`, {
    provider: PROVIDER,
    remedy: 'Give a text, a number, a boolean, a list of these, or a list of flat objects.',
  });
}
