/** The socket side: reads whole requests on loopback, hands them to a pipeline, and delivers answers or faults. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WireRequest } from './cloud.js';
import type { Delivery } from './pipeline.js';

/** Largest request body; the clouds' own limits are far below. */
const BODY_LIMIT = 1024 * 1024;
/** Largest request line plus headers. Long GET URLs of RPC clients must fit. */
const HEADER_LIMIT = 64 * 1024;
/** Idle connections are kept longer than any client's own keep-alive, so that the client is the one who closes. */
const KEEP_ALIVE_MS = 65_000;

export interface Listener {
  /** 'http://127.0.0.1:PORT' */
  readonly endpoint: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Opens one loopback port. `port` 0: any free one. Rejects when the port is taken. */
export async function listen(
  name: string,
  port: number,
  handle: (request: WireRequest) => Delivery,
): Promise<Listener> {
  const server = createServer(
    { maxHeaderSize: HEADER_LIMIT, keepAliveTimeout: KEEP_ALIVE_MS },
    (incoming, outgoing) => {
      receive(incoming, outgoing, name, handle);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${String(address.port)}`, port: address.port, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function receive(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  listener: string,
  handle: (request: WireRequest) => Delivery,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on('error', () => outgoing.destroy());
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= BODY_LIMIT) chunks.push(chunk);
    else if (!outgoing.headersSent) {
      outgoing.writeHead(413, { connection: 'close' }).end();
      incoming.destroy();
    }
  });
  incoming.on('end', () => {
    if (size > BODY_LIMIT) return;
    const delivery = handle(toWireRequest(incoming, Buffer.concat(chunks), listener));
    if (delivery.delayMs === 0) deliver(delivery, outgoing);
    else setTimeout(() => deliver(delivery, outgoing), delivery.delayMs);
  });
}

function toWireRequest(incoming: IncomingMessage, body: Buffer, listener: string): WireRequest {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return {
    method: incoming.method ?? 'GET',
    path: mark === -1 ? url : url.slice(0, mark),
    query: mark === -1 ? '' : url.slice(mark + 1),
    headers,
    body,
    listener,
  };
}

function deliver({ response, cut }: Delivery, outgoing: ServerResponse): void {
  if (cut === 'reset') {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  const body = Buffer.from(response.body);
  outgoing.writeHead(response.status, { ...response.headers, 'content-length': body.length });
  if (cut === 'none') {
    outgoing.end(body);
    return;
  }
  // half the body, then the connection ends although content-length promised more
  outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.socket?.destroy());
}
