/**
 * A throw-away server that answers what a test says and remembers what it was asked; and a provider that talks to it.
 */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  accountId,
  Provider,
  Redactor,
  regionId,
  seededRandom,
  VirtualClock,
  type ProviderContext,
  type ProviderDriver,
  type RequestObserver,
  type RetryPolicy,
} from '@peerway/core';
import { baidu } from '../src/index.js';

export interface Asked {
  readonly method: string;
  /** Path and query as they came over the wire. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed; undefined when there was none. */
  readonly body: unknown;
}

export interface Said {
  readonly status?: number;
  /** Objects become JSON; a string is sent as it is; undefined is an empty body. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** `before`: the connection ends without an answer. `middle`: after half of the body. */
  readonly cut?: 'before' | 'middle';
  /** No `x-bce-request-id`, as from something in between. */
  readonly anonymous?: boolean;
  /** No answer at all, and the connection stays. */
  readonly silent?: boolean;
  /** The answer never ends: a byte every few milliseconds. */
  readonly dripping?: boolean;
  /** Neither a length nor chunks: the end of the connection is the end of the body. */
  readonly unbounded?: boolean;
}

export class Stub {
  readonly asked: Asked[] = [];
  readonly #server: Server;
  #answers: ((asked: Asked) => Said)[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const asked: Asked = {
          method: request.method ?? '',
          url: request.url ?? '',
          headers: request.headers,
          body: text === '' ? undefined : (JSON.parse(text) as unknown),
        };
        this.asked.push(asked);
        const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
        const said: Said = answer?.(asked) ?? { status: 500, body: { code: 'NoAnswerScripted' } };
        if (said.silent === true) return;
        if (said.cut === 'before') return void request.socket.destroy();
        const body =
          said.body === undefined ? '' : typeof said.body === 'string' ? said.body : JSON.stringify(said.body);
        const headers = {
          'content-type': 'application/json; charset=utf-8',
          ...(said.anonymous === true ? {} : { 'x-bce-request-id': `req-${this.asked.length}` }),
          ...said.headers,
        };
        if (said.dripping === true) {
          response.writeHead(200, headers);
          const drip = setInterval(() => response.write(' '), 10);
          response.on('close', () => clearInterval(drip));
          return;
        }
        if (said.unbounded === true) {
          const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
          request.socket.end(
            `HTTP/1.1 ${said.status ?? 200} OK\r\n${lines.join('\r\n')}\r\nconnection: close\r\n\r\n${body}`,
          );
          return;
        }
        response.writeHead(said.status ?? 200, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
        if (said.cut === 'middle') {
          response.write(body.slice(0, body.length / 2), () => request.socket.destroy());
          return;
        }
        response.end(body);
      });
    });
  }

  static async start(): Promise<Stub> {
    const stub = new Stub();
    await new Promise<void>((resolve) => stub.#server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Forgets what was asked, and answers so from now on, in order; the last answer stays. */
  says(...answers: (Said | ((asked: Asked) => Said))[]): void {
    this.asked.length = 0;
    this.#answers = answers.map((answer) => (typeof answer === 'function' ? answer : () => answer));
  }

  /** Answers with `said`, runs, and gives what was asked beside what came back. */
  async over<T>(work: () => Promise<T> | undefined, ...said: Said[]): Promise<{ asked: unknown[]; back: T }> {
    this.says(...said);
    const back = (await work()) as T;
    return {
      asked: this.asked.map(({ method, url, body }) => [method, url, ...(body === undefined ? [] : [body])]),
      back,
    };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export const SECRET = 'canary-secret-f00dcafe';
export const TOKEN = 'canary-token-deadbeef/+==';
export const ACCOUNT = '0123456789abcdef0123456789abcdef';
export const NOW = Date.parse('2026-01-01T00:00:00Z');

export interface Rig {
  readonly provider: Provider;
  readonly driver: ProviderDriver;
  readonly clock: VirtualClock;
}

/** A provider made as the runtime makes it. */
export async function rig(
  endpoint: string | undefined,
  changes: Partial<ProviderContext> & { readonly observer?: RequestObserver; readonly retryPolicy?: RetryPolicy } = {},
): Promise<Rig> {
  const clock = new VirtualClock({ start: NOW });
  const random = seededRandom(7);
  const redactor = new Redactor();
  const { observer, retryPolicy, ...context } = changes;
  const settings = { name: 'bd', region: regionId('bj') };
  const driver = await baidu.create({
    ...settings,
    account: accountId(ACCOUNT),
    ...(endpoint === undefined ? {} : { endpoint }),
    options: new baidu.options(),
    credentials: { accessKeyId: 'canary-ak', accessKeySecret: SECRET },
    env: {},
    clock,
    random,
    redactor,
    ...context,
  });
  const environment = {
    clock,
    random,
    redactor,
    ...(observer === undefined ? {} : { observer }),
    ...(retryPolicy === undefined ? {} : { retryPolicy }),
  };
  return { provider: new Provider(baidu, driver, settings, environment), driver, clock };
}
