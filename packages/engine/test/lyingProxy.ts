/** Stands between an adapter and the emulator and changes one value in one answer: a lie that no reader of a single answer can see. */
import { createServer, request as send, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  /** The operation, with ids left out of paths: `DescribeVpcs`, `GET /v1/peerconn/*`. */
  readonly operation: string;
  /** How often the operation was asked before. */
  readonly nth: number;
  readonly answer: unknown;
}

/** The answer that is given in place of an honest one. */
export type Lie = (exchange: Exchange) => unknown;

const HONEST: Lie = ({ answer }) => answer;

export class LyingProxy {
  #lie = HONEST;
  #exchanges: Exchange[] = [];
  #counts = new Map<string, number>();
  readonly #server: Server;
  readonly #target: string;

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((incoming, outgoing) => {
      // a plan that ends with an error drops the requests that are under way
      const dropped = (): void => void outgoing.destroy();
      incoming.on('error', dropped);
      outgoing.on('error', dropped);
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const body = Buffer.concat(chunks);
        const onward = send(
          new URL(incoming.url ?? '/', target),
          // a kept connection may be closed while it is taken up again
          { method: incoming.method, headers: incoming.headers, agent: false },
          (answer) => {
            const parts: Buffer[] = [];
            answer.on('error', dropped);
            answer.on('data', (part: Buffer) => parts.push(part));
            answer.on('end', () => {
              const said = this.#say(operationOf(incoming, body.toString()), Buffer.concat(parts).toString());
              const { 'content-length': _, 'transfer-encoding': __, ...headers } = answer.headers;
              outgoing.writeHead(answer.statusCode ?? 500, {
                ...headers,
                'content-length': String(Buffer.byteLength(said)),
              });
              outgoing.end(said);
            });
          },
        );
        onward.on('error', dropped);
        onward.end(body);
      });
    });
  }

  static async before(target: string): Promise<LyingProxy> {
    const proxy = new LyingProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get endpoint(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${new URL(this.#target).pathname.replace(/\/$/, '')}`;
  }

  /** The exchanges of one piece of work, in which the lie is told. */
  async during<T>(
    work: () => Promise<T>,
    lie: Lie = HONEST,
  ): Promise<{ readonly exchanges: readonly Exchange[]; readonly result: T }> {
    this.#lie = lie;
    this.#exchanges = [];
    this.#counts = new Map();
    try {
      const result = await work();
      return { exchanges: this.#exchanges, result };
    } finally {
      this.#lie = HONEST;
    }
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #say(operation: string, text: string): string {
    if (text === '') return text;
    const nth = this.#counts.get(operation) ?? 0;
    this.#counts.set(operation, nth + 1);
    const exchange = { operation, nth, answer: JSON.parse(text) as unknown };
    this.#exchanges.push(exchange);
    return JSON.stringify(this.#lie(exchange));
  }
}

function operationOf(incoming: IncomingMessage, body: string): string {
  const url = incoming.url ?? '/';
  const action = new URLSearchParams(body).get('Action') ?? new URL(url, 'http://x').searchParams.get('Action');
  const path = new URL(url, 'http://x').pathname.replace(/\/[a-z]+-[A-Za-z0-9]+/g, '/*');
  return action ?? `${incoming.method} ${path}`;
}
