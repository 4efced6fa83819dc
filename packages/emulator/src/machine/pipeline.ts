/** The one way that every request of every cloud goes. See `cloud.ts` for the order of the steps. */
import type {
  Call,
  Caller,
  CloudService,
  Exchange,
  Operation,
  ParsedCall,
  WireRequest,
  WireResponse,
} from './cloud.js';
import { validate } from './description.js';
import type { EmulatorClock } from './clock.js';
import type { FaultEffect, Faults } from './faults.js';
import { Input } from './input.js';
import type { Profile } from './profiles.js';
import type { SeededRandom } from './random.js';
import { append, loggable } from './requests.js';
import type { Crash, RequestRecord } from './requests.js';
import { fingerprintOf } from './tokens.js';
import type { Tokens } from './tokens.js';
import { permits } from './world.js';
import type { CloudName } from './world.js';
import { WireError } from './wireError.js';

/** How the socket is to treat a response. */
export interface Delivery {
  readonly response: WireResponse;
  /** Real milliseconds before the answer starts. */
  readonly delayMs: number;
  /** `reset`: no answer at all, the connection is cut. `truncate`: cut in the middle of the body. */
  readonly cut: 'none' | 'reset' | 'truncate';
}

interface PipelineServices {
  readonly cloudName: CloudName;
  readonly cloud: CloudService;
  readonly clock: EmulatorClock;
  readonly random: SeededRandom;
  readonly faults: Faults;
  readonly tokens: Tokens;
  readonly profile: () => Profile;
  readonly requests: RequestRecord[];
  readonly crashes: Crash[];
  /** The answer to a reading, as somebody wants to have it. */
  readonly rewritten: (answer: unknown) => unknown;
}

/** What is known of a request so far, for the log. */
interface Trace {
  parsed?: ParsedCall;
  caller?: Caller;
  operation?: Operation;
  ignored: string[];
  fault?: FaultEffect;
}

export class Pipeline {
  readonly #services: PipelineServices;

  constructor(services: PipelineServices) {
    this.#services = services;
  }

  /** Serves one request, completely and at once; never throws. */
  handle(request: WireRequest): Delivery {
    const { cloud, clock } = this.#services;
    clock.settle();
    const requestId = cloud.newRequestId();
    const trace: Trace = { ignored: [] };
    let response: WireResponse;
    let code: string | undefined;
    try {
      const value = this.#serve(request, requestId, trace);
      response = cloud.answer(value, exchangeOf(request, requestId, trace));
    } catch (thrown) {
      const error = thrown instanceof WireError ? thrown : this.#crash(thrown, request, requestId, trace);
      code = error.code;
      response = cloud.error(error, exchangeOf(request, requestId, trace));
    }
    response = withProxyBody(response, trace.fault);
    this.#record(request, requestId, trace, response.status, code);
    return {
      response,
      delayMs: trace.fault?.kind === 'slow' ? trace.fault.ms : 0,
      cut:
        trace.fault?.kind === 'reset' || trace.fault?.kind === 'lost-answer'
          ? 'reset'
          : trace.fault?.kind === 'truncate'
            ? 'truncate'
            : 'none',
    };
  }

  #serve(request: WireRequest, requestId: string, trace: Trace): unknown {
    const { cloud, cloudName, clock, faults } = this.#services;
    const parsed = cloud.parse(request);
    trace.parsed = parsed;
    const caller = cloud.authenticate(request, parsed);
    trace.caller = caller;
    const operation = cloud.find(parsed);
    trace.operation = operation;
    const { description } = operation;
    if (!permits(caller.key.policy, description.permission)) throw cloud.forbidden(operation, caller);
    const { values, violations } = validate(description.parameters, parsed.input, cloud.wire);
    for (const violation of violations) {
      const error = cloud.refuse(violation, operation);
      if (error !== undefined) throw error;
      trace.ignored.push(violation.parameter);
    }
    const now = clock.now();
    const input = new Input(description.parameters, values);
    const host = request.headers['host'] ?? '';
    const call: Call = { caller, region: parsed.region, input, requestId, now, host, view: (table) => table };
    const fault = faults.strike({
      cloud: cloudName,
      operation: description.name,
      account: caller.account,
      region: parsed.region,
      side: operation.side?.(call),
      mutating: description.mutating,
    });
    if (fault !== undefined) trace.fault = fault;
    this.#refuseBefore(fault, operation);
    const staleMs = this.#staleness(fault, operation);
    const seen: Call = staleMs === 0 ? call : { ...call, view: (table) => table.asOf(now - staleMs) };
    const run = (): unknown => this.#once(operation, seen, parsed);
    if (fault?.kind === 'duplicate') this.#ignoringRefusal(run);
    const answer = run();
    if (fault?.kind === 'error') throw injected(cloud, fault);
    return description.mutating ? answer : this.#services.rewritten(answer);
  }

  /** Faults that keep the request from being executed. */
  #refuseBefore(fault: FaultEffect | undefined, operation: Operation): void {
    const { cloud } = this.#services;
    if (fault?.kind === 'throttle') throw cloud.throttled(operation);
    if (fault?.kind === 'reset') throw cloud.failure(500);
    if (fault?.kind === 'error' && fault.after !== true) throw injected(cloud, fault);
  }

  /** Runs the operation, or gives the first answer again when its idempotency token has been seen. */
  #once(operation: Operation, call: Call, parsed: ParsedCall): unknown {
    const { cloud, tokens } = this.#services;
    const { description } = operation;
    const token = description.token === undefined ? undefined : call.input.optionalText(description.token);
    if (token === undefined || token === '') return operation.run(call);
    const ownScope = [call.caller.account, parsed.region ?? '', description.product, description.name].join('/');
    const id = `${cloud.tokens.scope?.(call) ?? ownScope}/${token}`;
    const fingerprint = fingerprintOf({ operation: description.name, region: call.region, input: parsed.input });
    const known = tokens.recall(id, fingerprint, call.now, cloud);
    if (known !== undefined) return known.answer;
    const expiresAt = call.now + cloud.tokens.lifetimeMs();
    try {
      const answer = operation.run(call);
      tokens.remember(id, fingerprint, answer, expiresAt);
      return answer;
    } catch (error) {
      const remembered = error instanceof WireError && cloud.tokens.remembersRefusals?.() === true;
      if (remembered) tokens.rememberRefusal(id, fingerprint, error, expiresAt);
      throw error;
    }
  }

  #ignoringRefusal(run: () => unknown): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
    }
  }

  #staleness(fault: FaultEffect | undefined, operation: Operation): number {
    if (operation.description.mutating) return 0;
    if (fault?.kind === 'stale') return fault.ms;
    const { probability, ms } = this.#services.profile().staleReads;
    return probability > 0 && this.#services.random.next() < probability
      ? Math.ceil(this.#services.random.next() * ms)
      : 0;
  }

  #crash(error: unknown, request: WireRequest, requestId: string, trace: Trace): WireError {
    append(this.#services.crashes, {
      at: this.#services.clock.now(),
      cloud: this.#services.cloudName,
      operation: trace.parsed?.operation ?? '',
      requestId,
      request: { method: request.method, path: request.path, params: trace.parsed?.input ?? {} },
      error,
    });
    return this.#services.cloud.failure(500);
  }

  #record(request: WireRequest, requestId: string, trace: Trace, status: number, code: string | undefined): void {
    const { parsed, caller, operation, ignored, fault } = trace;
    append(this.#services.requests, {
      at: this.#services.clock.now(),
      cloud: this.#services.cloudName,
      operation: operation?.description.name ?? parsed?.operation ?? '',
      ...(caller === undefined ? {} : { account: caller.account }),
      ...(parsed?.region === undefined ? {} : { region: parsed.region }),
      // a call that nobody knows is taken for a write: safer for those who assert that none happened
      mutating: operation?.description.mutating ?? true,
      status,
      ...(code === undefined ? {} : { code }),
      requestId,
      params: loggable(parsed?.input ?? {}),
      ...(ignored.length === 0 ? {} : { ignored }),
      ...(fault === undefined ? {} : { fault: fault.kind }),
    });
  }
}

function exchangeOf(request: WireRequest, requestId: string, trace: Trace): Exchange {
  return { request, requestId, ...(trace.parsed === undefined ? {} : { parsed: trace.parsed }) };
}

function injected(cloud: CloudService, fault: FaultEffect & { readonly kind: 'error' }): WireError {
  if (fault.code === undefined) return cloud.failure(fault.status ?? 500);
  const known = cloud.named?.(fault.code);
  const message = fault.message ?? known?.message ?? `The emulator was told to answer ${fault.code}.`;
  return new WireError(fault.code, fault.status ?? known?.status ?? 400, message);
}

const HTML =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>\r\n';

/** An error fault may replace the body by what a proxy in front of the cloud would send. */
function withProxyBody(response: WireResponse, fault: FaultEffect | undefined): WireResponse {
  if (fault?.kind !== 'error' || fault.body === undefined || fault.body === 'native') return response;
  if (fault.body === 'empty') return { status: response.status, headers: {}, body: '' };
  return { status: response.status, headers: { 'content-type': 'text/html' }, body: HTML };
}
