/** The HTTP API over a RunService: limits, headers, tokens and errors once for all endpoints. */
import type { AddressInfo } from 'node:net';
import { PeerwayError, type Clock } from '@peerway/core';
import { printableData } from '@peerway/runtime';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { placeOfAddress } from '../access/failures.js';
import { Gate } from '../access/gate.js';
import type { Caller } from '../access/scope.js';
import type { TokenFile } from '../access/tokenFile.js';
import { schemaOf, type Schema } from '../input/schema.js';
import type { Class } from '../input/checked.js';
import type { RunService } from '../runs/service.js';
import { Drawing } from './drawing.js';
import type { Answer, Asked, Backing, Endpoint } from './endpoint.js';
import { SECURITY_HEADERS } from './headers.js';
import { Metrics } from './metrics.js';
import { openApi } from './openapi.js';
import { pageFiles } from './page.js';
import { problemOf } from './problem.js';
import { RUN_ENDPOINTS } from './runEndpoints.js';
import { STACK_ENDPOINTS } from './stackEndpoints.js';
import { writeEvents } from './stream.js';

/** The API as OpenAPI 3.1, as a server of that version serves it. */
export const apiDescription = (version: string): Schema => openApi(ENDPOINTS, version);

const ENDPOINTS: readonly Endpoint[] = [...STACK_ENDPOINTS, ...RUN_ENDPOINTS];

const MAX_BODY_BYTES = 64 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;
/** Readers of events at one time; each holds a connection. */
const MOST_STREAMS = 500;

export interface ApiOptions {
  readonly service: RunService;
  readonly tokens: TokenFile;
  readonly clock: Clock;
  readonly version: string;
  /** A proxy stands before it: the last address that it added to `X-Forwarded-For` is whose it is. */
  readonly behindProxy: boolean;
  /** Hears a line of JSON for each request that was answered: who asked for what, never with a token. */
  readonly log: (line: string) => void;
}

export class Api {
  readonly #app: FastifyInstance;
  readonly #gate: Gate;
  readonly #metrics = new Metrics();
  readonly #backing: Backing;
  readonly #callers = new WeakMap<FastifyRequest, Caller>();

  constructor(private readonly options: ApiOptions) {
    const { service, tokens, clock, behindProxy } = options;
    this.#gate = new Gate(tokens, clock);
    this.#backing = { service, drawing: new Drawing() };
    this.#app = Fastify({
      logger: false,
      bodyLimit: MAX_BODY_BYTES,
      trustProxy: behindProxy ? (_address: string, hop: number) => hop === 0 : false,
      requestTimeout: 30_000,
      keepAliveTimeout: 72_000,
      forceCloseConnections: true,
      routerOptions: { maxParamLength: 200 },
      http: { maxHeaderSize: MAX_HEADER_BYTES },
    });
    this.#hooks();
    this.#open();
    for (const endpoint of ENDPOINTS) this.#serve(endpoint);
  }

  /** @returns the address, e.g. `http://127.0.0.1:8090`. @throws PeerwayError `InvalidArgument` when it cannot listen there */
  async listen(host: string, port: number): Promise<string> {
    try {
      await this.#app.listen({ host, port });
    } catch (thrown) {
      const reason = (thrown as NodeJS.ErrnoException).code ?? 'error';
      throw new PeerwayError('InvalidArgument', `Nothing can listen there (${reason})`, {
        place: `${host}:${port}`,
        remedy: 'Choose another address or port with --listen, or end what has it.',
      });
    }
    const { address, family, port: given } = this.#app.server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${given}`;
  }

  /** Ends every stream and takes no more requests. */
  close(): Promise<void> {
    return this.#app.close();
  }

  #hooks(): void {
    const app = this.#app;
    app.addHook('onRequest', async (request, reply) => {
      reply.headers(SECURITY_HEADERS);
      if (!request.url.startsWith('/v1/')) return;
      const caller = await this.#gate.admit(request.headers.authorization, placeOfAddress(request.ip));
      this.#callers.set(request, caller);
    });
    app.addHook('onResponse', async (request, reply) => this.#answered(request, reply));
    app.setErrorHandler((thrown, _request, reply) => refuse(reply, thrown));
    app.setNotFoundHandler((_request, reply) =>
      refuse(
        reply,
        new PeerwayError('NotFound', 'There is nothing at this address', {
          remedy: '/openapi.json names every address.',
        }),
      ),
    );
  }

  /** What needs no token: no name of a stack is in it. */
  #open(): void {
    const app = this.#app;
    const { service, tokens, version } = this.options;
    const description = apiDescription(version);
    for (const { path, type, bytes } of pageFiles()) {
      app.get(path, async (_request, reply) => reply.type(type).send(bytes));
    }
    app.get('/openapi.json', async () => description);
    app.get('/healthz', async () => ({ ok: true }));
    app.get('/readyz', async (_request, reply) => {
      const { reachable, stacksLeftOut } = await service.health();
      const reasons = [
        ...(reachable ? [] : ['the host of the runs cannot be reached']),
        ...(tokens.problem === undefined ? [] : ['the file of tokens cannot be used as it is now']),
        ...(stacksLeftOut === undefined ? ['the folder of stacks cannot be read'] : []),
      ];
      // one team's file is no reason to send the requests of all others away
      const warnings = (stacksLeftOut ?? 0) === 0 ? [] : [`files of stacks that are left out: ${stacksLeftOut}`];
      const ready = reasons.length === 0;
      return reply.code(ready ? 200 : 503).send({ ready, reasons, warnings });
    });
    app.get('/metrics', async (_request, reply) =>
      reply
        .type('text/plain; version=0.0.4; charset=utf-8')
        .send(this.#metrics.text(await service.health(), this.#gate.failed)),
    );
  }

  #serve(endpoint: Endpoint): void {
    const { method, path, query } = endpoint;
    this.#app.route({
      method,
      url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      // `GET /v1/runs/{run}/events` must not begin for a HEAD
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        const caller = this.#callers.get(request);
        if (caller === undefined) throw new PeerwayError('Internal', 'A request came past the gate');
        const asked: Asked = {
          caller,
          path: request.params as Readonly<Record<string, string>>,
          query: query === undefined ? {} : numbersIn(query, request.query as Readonly<Record<string, unknown>>),
          body: request.body,
          header: (name) => oneOf(request.headers[name]),
          gone: new AbortController(),
        };
        reply.raw.once('close', () => asked.gone.abort());
        return this.#send(reply, await endpoint.answer(asked, this.#backing), asked);
      },
    });
  }

  async #send(reply: FastifyReply, answer: Answer, { gone }: Asked): Promise<unknown> {
    if ('svg' in answer) return reply.type('image/svg+xml').send(answer.svg);
    if ('events' in answer) {
      if (this.#metrics.streams >= MOST_STREAMS) {
        throw new PeerwayError('Throttled', 'Too many readers of events are connected', {
          retryAfterMs: 10_000,
          remedy: 'Come back later, or close other pages.',
        });
      }
      const closed = this.#metrics.streamOpened();
      reply.hijack();
      reply.raw.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
      await writeEvents(reply.raw, { events: answer.events, gone, clock: this.options.clock }).finally(closed);
      return reply;
    }
    const { status, body, location } = answer;
    if (location !== undefined) reply.header('location', location);
    return reply.code(status).send(body === undefined ? undefined : printableData(body));
  }

  #answered(request: FastifyRequest, reply: FastifyReply): void {
    const { method } = request;
    const route = request.routeOptions.url ?? 'none';
    const ms = Math.round(reply.elapsedTime);
    this.#metrics.answered(method, route, reply.statusCode, ms);
    const by = this.#callers.get(request)?.name;
    this.options.log(
      JSON.stringify({
        at: new Date(this.options.clock.now()).toISOString(),
        method,
        path: by === undefined ? route : request.url.split('?', 1)[0],
        status: reply.statusCode,
        ms,
        from: request.ip,
        ...(by === undefined ? {} : { by }),
      }),
    );
  }
}

function refuse(reply: FastifyReply, thrown: unknown): FastifyReply {
  const problem = problemOf(thrown);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="peerway"');
  if (problem.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(problem.retryAfterMs / 1_000));
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

const oneOf = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.join(',');

/** A query holds texts; where its class wants a whole number and digits stand, it is that number. */
function numbersIn(type: Class<object>, query: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { properties } = schemaOf(type) as {
    readonly properties: Readonly<Record<string, { readonly type?: string }>>;
  };
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      const wanted = Object.hasOwn(properties, name) ? properties[name]?.type : undefined;
      return [
        name,
        wanted === 'integer' && typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value,
      ];
    }),
  );
}
