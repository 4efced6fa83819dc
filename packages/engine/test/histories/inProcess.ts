/**
 * Requests to the emulator without sockets: what `http.request` would send there is answered in the same turn of the event loop. A history
 * costs a hundred requests and more, and sockets are most of what they cost.
 */
import { EventEmitter } from 'node:events';
import http, { type RequestOptions } from 'node:http';
import { Readable } from 'node:stream';
import type { Emulator } from '@peerway/emulator';

/** @returns what puts the sockets back */
export function withoutSockets(emulator: Emulator): () => void {
  const sockets = http.request;
  const ports = new Set(Object.values(emulator.endpoints).map((endpoint) => new URL(endpoint).port));
  const request = (options: RequestOptions, onResponse?: (response: unknown) => void): unknown => {
    if (!ports.has(String(options.port))) return (sockets as (...all: unknown[]) => unknown)(options, onResponse);
    return new Exchange(emulator, options, onResponse);
  };
  http.request = request as typeof http.request;
  return () => {
    http.request = sockets;
  };
}

/** What a client of HTTP sees of its connection. */
class Connection extends EventEmitter {
  readonly readyState = 'open';
  setKeepAlive(): void {}
  setNoDelay(): void {}
}

/** As much of a ClientRequest as the libraries under the adapters use: a body sent whole, one answer. */
class Exchange extends EventEmitter {
  readonly socket = new Connection();
  readonly #parts: Buffer[] = [];
  #over = false;

  constructor(
    private readonly emulator: Emulator,
    private readonly options: RequestOptions,
    onResponse?: (response: unknown) => void,
  ) {
    super();
    if (onResponse !== undefined) this.once('response', onResponse);
  }

  write(part: string | Buffer): boolean {
    this.#parts.push(typeof part === 'string' ? Buffer.from(part) : part);
    return true;
  }

  end(part?: string | Buffer): this {
    if (part !== undefined) this.write(part);
    process.nextTick(() => this.#answer());
    return this;
  }

  setTimeout(): this {
    return this;
  }

  setNoDelay(): void {}

  abort(): void {
    this.destroy();
  }

  destroy(error?: Error): this {
    if (this.#over) return this;
    this.#over = true;
    if (error !== undefined) this.emit('error', error);
    this.emit('close');
    return this;
  }

  #answer(): void {
    if (this.#over) return;
    this.emit('socket', this.socket);
    const { method = 'GET', host, hostname, port } = this.options;
    const path = this.options.path ?? '/';
    const headers: Record<string, string> = { host: `${host ?? hostname}:${port}` };
    for (const [name, value] of Object.entries(this.options.headers ?? {}))
      if (value !== undefined && value !== null) headers[name.toLowerCase()] = String(value);
    const [bare = path, query = ''] = path.split('?', 2);
    const { response } = this.emulator.serve(`http://${host ?? hostname}:${port}`, {
      method,
      path: bare,
      query,
      headers,
      body: Buffer.concat(this.#parts),
    });
    const incoming = new Readable({ read() {} });
    const body = Buffer.from(response.body);
    if (body.length > 0) incoming.push(body);
    incoming.push(null);
    this.#over = true;
    Object.assign(incoming, {
      statusCode: response.status,
      statusMessage: '',
      headers: { ...response.headers, 'content-length': String(body.length) },
      rawHeaders: [],
      req: this,
      socket: this.socket,
      complete: true,
    });
    this.emit('response', incoming);
    this.emit('close');
  }
}
