/** The Baidu side as the pipeline sees it: parsing, authentication, errors and answers in the cloud's own form. */
import type {
  Call,
  Caller,
  CloudService,
  Exchange,
  Operation,
  ParsedCall,
  Services,
  WireRequest,
  WireResponse,
} from '../machine/cloud.js';
import type { Violation } from '../machine/description.js';
import type { NetworkSeed, PortSeed, SeededNetwork } from '../machine/world.js';
import { WireError } from '../machine/wireError.js';
import { authenticate } from './auth/authenticate.js';
import { parseQuery } from './auth/bceAuthV1.js';
import { readBody } from './wire/body.js';
import { rule } from './context.js';
import type { BaiduCall, BaiduContext } from './context.js';
import { BCE_ERRORS, bceError } from './errors.js';
import type { BceErrorCode } from './errors.js';
import { BAIDU_OPERATIONS, HANDLERS } from './operations/handlers.js';
import type { BaiduOperationName } from './operations/handlers.js';
import { BaiduLifecycles } from './lifecycles.js';
import type { BaiduOperation } from './describe/parameters.js';
import { sideOf } from './operations/peerconn/read.js';
import { BaiduTables } from './records.js';
import { BAIDU_LISTENERS, regionOf } from './regions.js';
import { Router } from './wire/routing.js';
import { BAIDU_RULES } from './rules.js';
import { seedNetwork, seedPort } from './operations/seeds.js';

/** What authentication leaves to be said: parsing never refuses, because the signature comes first. */
interface BaiduParsed extends ParsedCall {
  readonly region: string;
  readonly problem: WireError | undefined;
}

const DESCRIPTIONS: readonly BaiduOperation[] = Object.values(BAIDU_OPERATIONS);
/** Query keys that belong to no operation: they authenticate. */
const TRANSPORT_KEYS: ReadonlySet<string> = new Set(['authorization', 'x-bce-security-token']);

export class BaiduService implements CloudService<BaiduParsed> {
  readonly listeners = BAIDU_LISTENERS;
  readonly wire = 'json';
  readonly operations: readonly Operation[];
  readonly tokens: CloudService['tokens'];
  readonly #context: BaiduContext;
  readonly #router = new Router(DESCRIPTIONS);
  readonly #byName: ReadonlyMap<string, Operation>;

  constructor(services: Services) {
    const tables = new BaiduTables(services);
    this.#context = { services, tables, lifecycles: new BaiduLifecycles(services, tables) };
    this.operations = Object.entries(BAIDU_OPERATIONS).map(([name, description]) =>
      this.#operation(name as BaiduOperationName, description),
    );
    this.#byName = new Map(this.operations.map((operation) => [operation.description.name, operation]));
    this.tokens = {
      lifetimeMs: () => rule(this.#context, BAIDU_RULES.clientTokenMs),
      sliding: true,
      remembersRefusals: () => rule(this.#context, BAIDU_RULES.clientTokenKeepsRefusals),
      mismatch: () => bceError('IdempotentParameterMismatch'),
      // one token for two operations is a mismatch here (docs/facts/baidu.md 1.8), so the operation is not part of its scope
      scope: ({ caller, region = '' }) =>
        rule(this.#context, BAIDU_RULES.clientTokenScope) === 'account'
          ? caller.account
          : `${caller.account}/${region}`,
    };
  }

  newRequestId(): string {
    return this.#context.services.random.uuid();
  }

  parse(request: WireRequest): BaiduParsed {
    const region = regionOf(request.headers['host'] ?? '', request.listener);
    const pairs = parseQuery(request.query).filter(([key]) => !TRANSPORT_KEYS.has(key.toLowerCase()));
    const routed = this.#router.route(request.method, request.path, pairs);
    if (routed.kind === 'refused') {
      return { operation: '', region, input: {}, problem: routed.error };
    }
    const { operation: described, path } = routed.match;
    // a member of the body means nothing in the query
    const isBodyMember = (key: string): boolean =>
      described.body?.some(({ name }) => name === key) === true && !described.query.some(({ name }) => name === key);
    const query = Object.fromEntries(pairs.filter(([key]) => !routed.flags.includes(key) && !isBodyMember(key)));
    const body = readBody(request, described);
    // the Go SDK repeats ids and the clientToken in the body: what travels in path or query never counts there
    const elsewhere = new Set([...described.query.map(({ name }) => name), ...Object.keys(path)]);
    const members = Object.fromEntries(Object.entries(body.members).filter(([name]) => !elsewhere.has(name)));
    const problem = body.problem ?? this.#queryProblem(described, pairs, routed.flags);
    return { operation: described.name, region, input: { ...members, ...query, ...path }, problem };
  }

  authenticate(request: WireRequest): Caller {
    return authenticate(this.#context.services, request);
  }

  find(parsed: BaiduParsed): Operation {
    if (parsed.problem !== undefined) throw parsed.problem;
    const operation = this.#byName.get(parsed.operation);
    if (operation === undefined) throw bceError('InvalidURI');
    return operation;
  }

  forbidden(): WireError {
    return bceError('AccessDenied');
  }

  /** Unknown JSON members must be ignored (docs/facts/baidu.md 1.7); missing or mistyped ones are InappropriateJSON, in the query BadRequest. */
  refuse(violation: Violation, operation: Operation): WireError | undefined {
    const { kind, parameter } = violation;
    const [root = ''] = parameter.split('.');
    if (kind === 'unknown') return undefined;
    // Go's structs send their zero values: an empty text in place of one of some words is one that was not given
    if (kind === 'value' && violation.value === '') return undefined;
    if (kind === 'missing' && root === 'clientToken' && !rule(this.#context, BAIDU_RULES.clientTokenDemanded))
      return undefined;
    const described = DESCRIPTIONS.find(({ name }) => name === operation.description.name);
    const inBody = described?.body?.some(({ name }) => name === root) === true;
    if (inBody && (kind === 'missing' || kind === 'type')) {
      return bceError('InappropriateJSON', `${parameter} is ${kind === 'missing' ? 'missing' : 'of the wrong type'}.`);
    }
    return bceError('BadRequest', `The parameter ${parameter} is ${kind === 'missing' ? 'missing' : 'invalid'}.`);
  }

  throttled(): WireError {
    return bceError('RateLimit');
  }

  failure(status: number): WireError {
    return new WireError('InternalError', status, BCE_ERRORS.InternalError.message);
  }

  named(code: string): WireError | undefined {
    return Object.hasOwn(BCE_ERRORS, code) ? bceError(code as BceErrorCode) : undefined;
  }

  answer(value: unknown, exchange: Exchange<BaiduParsed>): WireResponse {
    const body = value === undefined || value === null ? '' : JSON.stringify(value);
    return { status: 200, headers: this.#headers(exchange.requestId), body };
  }

  error(error: WireError, exchange: Exchange<BaiduParsed>): WireResponse {
    const { requestId } = exchange;
    const body = JSON.stringify({ code: error.code, message: error.message, requestId });
    return { status: error.status, headers: this.#headers(requestId), body };
  }

  seedNetwork(seed: NetworkSeed): SeededNetwork {
    return seedNetwork(this.#context, seed);
  }

  seedPort(seed: PortSeed): void {
    seedPort(this.#context, seed);
  }

  #operation(name: BaiduOperationName, description: BaiduOperation): Operation {
    const handle = HANDLERS[name];
    const toCall = (call: Call): BaiduCall => ({ ...call, region: call.region ?? '', account: call.caller.account });
    const operation: Operation = { description, run: (call) => handle(this.#context, toCall(call)) };
    const concernsLink = description.path.includes('{peerConnId}');
    return concernsLink ? { ...operation, side: (call) => sideOf(this.#context, toCall(call)) } : operation;
  }

  #queryProblem(
    described: BaiduOperation,
    pairs: readonly (readonly [string, string])[],
    flags: readonly string[],
  ): WireError | undefined {
    if (flags.length > 1 && rule(this.#context, BAIDU_RULES.twoActions) === 'refuse') {
      return bceError('BadRequest', `The actions ${flags.join(' and ')} exclude each other.`);
    }
    if (rule(this.#context, BAIDU_RULES.unknownQuery) === 'ignore') return undefined;
    const known = new Set([...described.query.map(({ name }) => name), ...flags]);
    const unknown = pairs.find(([key]) => !known.has(key));
    return unknown === undefined ? undefined : bceError('BadRequest', `There is no parameter ${unknown[0]}.`);
  }

  #headers(requestId: string): Readonly<Record<string, string>> {
    return {
      'content-type': 'application/json; charset=utf-8',
      'x-bce-request-id': requestId,
      server: 'BWS',
      // the emulator's own time: clients correct their clocks by it
      date: new Date(this.#context.services.clock.now()).toUTCString(),
    };
  }
}
