/** A throw-away HTTP server that records what the adapter sends and answers what a test says. Knows nothing of Alibaba Cloud. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, Redactor, regionId, seededRandom, VirtualClock, type ProviderContext } from '@peerway/core';
import { alibaba, type AlibabaOptions } from '@peerway/alibaba';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly parameters: Record<string, string>;
}

export interface Reply {
  readonly status?: number;
  /** An object is sent as JSON, a text as it is; 'cut' breaks the connection, 'never' does not answer. */
  readonly body: object | string;
  readonly headers?: Record<string, string>;
}

export class FakeCloud {
  readonly seen: Seen[] = [];
  readonly endpoint: string;
  readonly closed: Promise<void>;
  readonly #close: () => Promise<void>;

  private constructor(port: number, closed: Promise<void>, close: () => Promise<void>, seen: Seen[]) {
    this.endpoint = `http://127.0.0.1:${port}`;
    this.closed = closed;
    this.#close = close;
    this.seen = seen;
  }

  static async start(answer: (request: Seen, index: number) => Reply): Promise<FakeCloud> {
    const seen: Seen[] = [];
    let hungUp: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (hungUp = resolve));
    const server = createServer((request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('close', () => {
        if (!response.writableEnded) hungUp();
      });
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const entry: Seen = {
          method: request.method ?? '',
          url: request.url ?? '',
          body,
          parameters: Object.fromEntries(new URLSearchParams(body)),
        };
        seen.push(entry);
        const reply = answer(entry, seen.length - 1);
        if (reply.body === 'cut') return void request.socket.destroy();
        if (reply.body === 'never') return;
        response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
        response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const close = (): Promise<void> =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      });
    return new FakeCloud((server.address() as AddressInfo).port, closed, close, seen);
  }

  /** Operations asked for, in order. */
  get actions(): string[] {
    return this.seen.map((request) => request.parameters['Action'] ?? '');
  }

  close(): Promise<void> {
    return this.#close();
  }
}

export const START = Date.UTC(2026, 10, 20, 10, 0, 0);
export const SECRET = 'canarySecretValue0123456789';
export const TOKEN = 'canaryToken/+=0123456789';

/** A provider of the adapter with a virtual clock, over any endpoint. */
export async function providerAt(
  endpoint: string,
  more: Partial<Omit<ProviderContext, 'options'>> & {
    readonly options?: Partial<AlibabaOptions>;
    readonly readOnly?: boolean;
  } = {},
) {
  const clock = more.clock ?? new VirtualClock({ start: START });
  const random = more.random ?? seededRandom(7);
  const redactor = more.redactor ?? new Redactor();
  const region = more.region ?? regionId('cn-hangzhou');
  const driver = await alibaba.create({
    name: 'ali',
    region,
    endpoint,
    credentials: { accessKeyId: 'testid', accessKeySecret: SECRET, securityToken: TOKEN },
    env: {},
    ...more,
    clock,
    random,
    redactor,
    options: Object.assign(new alibaba.options(), more.options),
  });
  const provider = new Provider(
    alibaba,
    driver,
    { name: 'ali', region },
    { clock, random, redactor },
    { readOnly: more.readOnly ?? false },
  );
  return { provider, driver, clock, redactor };
}
