/** The control API's own loopback port: tests in any language seed worlds, move time, plant faults and ask what happened. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Emulator } from '../emulator.js';
import { BadInput } from '../state/shape.js';
import { handlersFor } from './calls.js';
import type { Handlers } from './calls.js';
import { INPUTS, QUERY_TYPES } from './inputs.js';
import { CONTROL_PATHS } from './protocol.js';
import type { ControlCallName } from './protocol.js';

/** Largest request body: a state of some hundred thousand objects fits. */
const BODY_LIMIT = 256 * 1024 * 1024;

export interface ControlServer {
  /** 'http://127.0.0.1:PORT' */
  readonly endpoint: string;
  close(): Promise<void>;
}

export interface ControlOptions {
  /** Default 0, which takes a free one. */
  readonly port?: number;
  /** Called after each call that may have changed something. */
  readonly onChange?: () => void;
}

/** Opens the control port of an emulator that is already up. Rejects when the port is taken. */
export async function startControl(emulator: Emulator, options: ControlOptions = {}): Promise<ControlServer> {
  const served: Served = { emulator, handlers: handlersFor(emulator) };
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('error', () => outgoing.destroy());
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_LIMIT) chunks.push(chunk);
    });
    incoming.on('end', () => {
      const body = size > BODY_LIMIT ? undefined : Buffer.concat(chunks).toString('utf8');
      const { status, value } = serve(served, incoming, body);
      if (status === 200 && incoming.method !== 'GET') options.onChange?.();
      send(outgoing, status, value);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${String(port)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Served {
  readonly emulator: Emulator;
  readonly handlers: Handlers;
}

interface Outcome {
  readonly status: number;
  readonly value: unknown;
}

const refused = (status: number, message: string): Outcome => ({ status, value: { error: { message } } });

function send(outgoing: ServerResponse, status: number, value: unknown): void {
  outgoing.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  outgoing.end(JSON.stringify(value));
}

function serve(served: Served, incoming: IncomingMessage, body: string | undefined): Outcome {
  // a page in a browser must not reach the world through its user: no foreign origin, no rebound host name
  if (incoming.headers.origin !== undefined) return refused(403, 'the control API does not answer web pages');
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(incoming.headers.host ?? '')) {
    return refused(403, 'the control API answers to 127.0.0.1 and localhost only');
  }
  if (body === undefined) return refused(413, `a body may have at most ${String(BODY_LIMIT)} bytes`);
  const [path = '', query = ''] = (incoming.url ?? '/').split('?');
  const found = match(incoming.method ?? 'GET', path);
  if ('status' in found) return found;
  try {
    return { status: 200, value: run(served, found.name, inputOf(found, query, body)) };
  } catch (error) {
    // the emulator's own complaints about values are RangeErrors
    if (error instanceof BadInput || error instanceof RangeError) return refused(400, error.message);
    return refused(500, error instanceof Error ? error.message : String(error));
  }
}

interface Match {
  readonly name: ControlCallName;
  readonly method: string;
  readonly inPath: Readonly<Record<string, string>>;
}

function match(method: string, path: string): Match | Outcome {
  const methods: string[] = [];
  for (const [name, [expected, pattern]] of Object.entries(CONTROL_PATHS)) {
    const wanted = pattern.split('/');
    const given = path.split('/');
    if (wanted.length !== given.length) continue;
    const inPath: Record<string, string> = {};
    const fits = wanted.every((part, index) => {
      const value = given[index] ?? '';
      if (!part.startsWith('{')) return part === value;
      inPath[part.slice(1, -1)] = value;
      return value !== '';
    });
    if (!fits) continue;
    if (expected === method) return { name: name as ControlCallName, method, inPath };
    methods.push(expected);
  }
  if (methods.length > 0) return refused(405, `${path} takes ${methods.join(', ')}, not ${method}`);
  const paths = [...new Set(Object.values(CONTROL_PATHS).map(([, pattern]) => pattern))];
  return refused(404, `there is no ${path}; there are ${paths.join(', ')}`);
}

function inputOf({ name, method, inPath }: Match, query: string, body: string): unknown {
  if (INPUTS[name] === undefined) return undefined;
  if (Object.keys(inPath).length > 0) return inPath;
  if (method === 'GET') return Object.fromEntries([...new URLSearchParams(query)].map(typed));
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw new BadInput('the body is not JSON');
  }
}

function typed([name, value]: readonly [string, string]): readonly [string, unknown] {
  const type = QUERY_TYPES[name];
  if (type === 'number' && /^\d+$/.test(value)) return [name, Number(value)];
  if (type === 'boolean' && (value === 'true' || value === 'false')) return [name, value === 'true'];
  return [name, value];
}

function run({ emulator, handlers }: Served, name: ControlCallName, input: unknown): unknown {
  // as before every request of a cloud: nobody is shown what is overdue
  emulator.clock.settle();
  const complaint = INPUTS[name]?.(input, name === 'addFault' ? 'fault' : 'input');
  if (complaint !== undefined) throw new BadInput(complaint);
  // the check above is what makes the input of the type that the handler takes
  return (handlers[name] as (input: unknown) => unknown)(input);
}
