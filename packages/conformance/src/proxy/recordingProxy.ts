/**
 * A proxy in front of any HTTP server that stands for a cloud: it writes down every request, injects the faults of the kit, and adds
 * manners of the cloud that the server lacks. So a server that nobody here wrote can be a `World`. Loopback only, plain HTTP.
 */
import {
  Agent,
  createServer,
  request as sendRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fault, LoggedRequest } from '../harness.js';
import { through, type Forward, type Manner, type ProxiedAnswer, type ProxiedRequest } from './exchange.js';
import { FaultQueue, isRefusalKind, type Refusal } from './faultQueue.js';

export interface ProxyOptions {
  /** The server's address, without a trailing slash, e.g. `http://127.0.0.1:5000`. */
  readonly upstream: string;
  /**
   * The cloud's name of a request's operation, and whether it may change anything. Undefined: the harness itself sent it, behind the
   * driver's back; it is not written down and meets no fault.
   */
  describe(request: ProxiedRequest): LoggedRequest | undefined;
  /** How the cloud itself refuses, by kind of fault: status, headers and body in its own form. */
  readonly refusals: Readonly<Record<Refusal, (request: ProxiedRequest) => ProxiedAnswer>>;
  /** The first one sees a request first and its answer last. Default: none. */
  readonly manners?: readonly Manner[];
  /**
   * Connections to the server are used again. Only for a server that never closes one by itself: closed while a request is on its way,
   * it would look like a fault. Default false.
   */
  readonly keepAlive?: boolean;
}

/** What is wrong with the way to the server, or with the proxy's own functions; `World.close` should throw it. */
class ProxyDefect extends Error {}

const PAGE = '<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>';

export class RecordingProxy {
  /** Without a trailing slash; hand it to the driver as its endpoint. */
  readonly url: string;
  readonly #server: Server;
  readonly #options: ProxyOptions;
  readonly #forward: Forward;
  readonly #agent: Agent;
  readonly #log: LoggedRequest[] = [];
  readonly #faults = new FaultQueue();
  readonly #defects: Error[] = [];

  /** Listens on a free port of this machine. */
  static async start(options: ProxyOptions): Promise<RecordingProxy> {
    const server = createServer();
    server.keepAliveTimeout = 0; // a socket that is closed while a request is on its way would look like a fault
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return new RecordingProxy(server, options);
  }

  private constructor(server: Server, options: ProxyOptions) {
    this.#server = server;
    this.#options = options;
    this.#agent = new Agent({ keepAlive: options.keepAlive ?? false, maxSockets: 8 });
    this.#forward = through(options.manners ?? [], (request) => this.#ask(request));
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        this.#defects.push(error instanceof Error ? error : new Error(String(error)));
        response.destroy();
      });
    });
  }

  /** Everything that was asked since the start, in order: what met a fault too, and nothing of the harness's own. */
  requests(): readonly LoggedRequest[] {
    return this.#log;
  }

  /** As `World.inject`; every kind of fault is understood. */
  inject(fault: Fault): void {
    this.#faults.add(fault);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  /** @throws the first error of a manner, or of the way to the server, since the start: nothing that was seen then counts */
  async close(): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const [defect] = this.#defects;
    if (defect !== undefined) throw new ProxyDefect(`The proxy failed: ${defect.message}`, { cause: defect });
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await whole(incoming);
    const entry = this.#options.describe(request);
    if (entry === undefined) return write(response, await this.#forward(request));
    this.#log.push(entry);
    const fault = this.#faults.next(entry.mutating);
    if (fault === undefined) return write(response, await this.#forward(request));
    if (isRefusalKind(fault)) return write(response, this.#options.refusals[fault](request));
    switch (fault) {
      case 'cut':
        return void response.destroy();
      case 'lostAnswer':
        await this.#forward(request);
        return void response.destroy();
      case 'htmlError':
        return write(response, { status: 502, headers: { 'content-type': 'text/html' }, body: PAGE });
      case 'truncatedBody':
        return truncate(response, await this.#forward(request));
      case 'hang':
        return; // until the client gives up, or `close`
    }
  }

  #ask({ method, path, headers, body }: ProxiedRequest): Promise<ProxiedAnswer> {
    return new Promise((resolve, reject) => {
      const sent = sendRequest(
        `${this.#options.upstream}${path}`,
        { method, agent: this.#agent, headers: { ...headers, 'content-length': String(body.length) } },
        (answer) => {
          whole(answer).then(
            (read) => resolve({ status: answer.statusCode ?? 0, headers: read.headers, body: read.body }),
            reject,
          );
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

/** Headers that belong to one connection. The length is set by whoever sends. */
const HOP_BY_HOP: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding']);

async function whole(message: IncomingMessage): Promise<ProxiedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers))
    if (value !== undefined && !HOP_BY_HOP.has(name)) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return { method: message.method ?? '', path: message.url ?? '/', headers, body: Buffer.concat(chunks) };
}

function write(response: ServerResponse, { status, headers, body }: ProxiedAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** The head promises all of the body, and half of it comes. */
function truncate(response: ServerResponse, { status, headers, body }: ProxiedAnswer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': Math.max(bytes.length, 2) });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}
