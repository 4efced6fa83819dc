/**
 * OpenTelemetry from the event stream: one span per run, one child per step, waits and retries as span events. Listens
 * only; the engine knows nothing of it. Without a registered SDK every call here is a no-op.
 */
import {
  context as active,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { EngineEvent, StepRef } from './events.js';

export interface TelemetryOptions {
  /** Default: `trace.getTracer('@peerway/engine')`. */
  readonly tracer?: Tracer;
}

/** A listener for `EngineOptions.onEvent`. Spans carry the events' own times, so a virtual clock shows as it ran. */
export function telemetry(options: TelemetryOptions = {}): (event: EngineEvent) => void {
  const spans = new Spans(options.tracer ?? trace.getTracer('@peerway/engine'));
  return (event) => spans.take(event);
}

type Of<T extends EngineEvent['type']> = Extract<EngineEvent, { readonly type: T }>;

class Spans {
  #plan: Span | undefined;
  #run: { readonly span: Span; readonly context: Context } | undefined;
  readonly #steps = new Map<string, Span>();

  constructor(private readonly tracer: Tracer) {}

  take(event: EngineEvent): void {
    const { at } = event;
    switch (event.type) {
      case 'plan.started':
        this.#plan = this.#start('peerway.plan', event, { 'peerway.mode': event.mode });
        break;
      case 'plan.done':
        this.#plan?.setAttributes({ 'peerway.steps': event.steps, 'peerway.problems': event.problems });
        this.#plan?.end(at);
        this.#plan = undefined;
        break;
      case 'apply.started': {
        const span = this.#start('peerway.apply', event, { 'peerway.mode': event.mode, 'peerway.steps': event.steps });
        this.#run = { span, context: trace.setSpan(active.active(), span) };
        break;
      }
      case 'step.started':
        this.#steps.set(
          event.step.id,
          this.#start('peerway.step', event, attributesOf(event.step), this.#run?.context),
        );
        break;
      case 'step.waiting':
      case 'step.retried':
        this.#steps.get(event.step.id)?.addEvent(event.type.replace('step.', ''), detailsOf(event), at);
        break;
      case 'step.done':
      case 'step.failed':
      case 'step.skipped':
        this.#endStep(event);
        break;
      case 'limit.learned':
        this.#run?.span.addEvent(
          event.type,
          { 'peerway.provider': event.provider, 'peerway.window': event.window },
          at,
        );
        break;
      case 'requests.counted':
        (this.#run?.span ?? this.#plan)?.addEvent(event.type, requestsOf(event), at);
        break;
      case 'apply.done':
        this.#endRun(event);
        break;
      case 'step.queued':
        break;
    }
  }

  #start(name: string, { at, stack }: EngineEvent, attributes: Attributes, parent = active.active()): Span {
    return this.tracer.startSpan(
      name,
      { startTime: at, attributes: { 'peerway.stack': stack, ...attributes } },
      parent,
    );
  }

  #endStep(event: Of<'step.done' | 'step.failed' | 'step.skipped'>): void {
    const span = this.#steps.get(event.step.id);
    if (span === undefined) return;
    if (event.type === 'step.done') span.setStatus({ code: SpanStatusCode.OK });
    else if (event.type === 'step.skipped') span.addEvent('left', { 'peerway.because': event.because }, event.at);
    else {
      const { code, message, nativeCode, requestId } = event.error;
      span.setAttributes({
        'peerway.error.code': code,
        ...(nativeCode === undefined ? {} : { 'peerway.error.native_code': nativeCode }),
        ...(requestId === undefined ? {} : { 'peerway.request_id': requestId }),
      });
      span.setStatus({ code: SpanStatusCode.ERROR, message });
    }
    span.end(event.at);
    this.#steps.delete(event.step.id);
  }

  #endRun({ at, outcome, done, failed, skipped }: Of<'apply.done'>): void {
    for (const span of this.#steps.values()) span.end(at);
    this.#steps.clear();
    const span = this.#run?.span;
    span?.setAttributes({
      'peerway.outcome': outcome,
      'peerway.done': done,
      'peerway.failed': failed,
      'peerway.skipped': skipped,
    });
    if (outcome !== 'done') span?.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
    span?.end(at);
    this.#run = undefined;
  }
}

const requestsOf = (event: Of<'requests.counted'>): Attributes => ({
  'peerway.provider': event.provider,
  'peerway.requests': event.sent,
  'peerway.requests.waited': event.waited,
  'peerway.requests.waited_ms': event.waitedMs,
  'peerway.requests.throttled': event.throttled,
  'peerway.requests.conflicts': event.conflicts,
});

const detailsOf = (event: Of<'step.waiting' | 'step.retried'>): Attributes =>
  event.type === 'step.waiting'
    ? { 'peerway.cause': event.cause, ...(event.etaMs === undefined ? {} : { 'peerway.eta_ms': event.etaMs }) }
    : { 'peerway.error.code': event.error.code, 'peerway.delay_ms': event.delayMs };

const attributesOf = (step: StepRef): Attributes => ({
  'peerway.step': step.id,
  'peerway.action': step.action,
  'peerway.object': step.object,
  'peerway.connection': step.connection,
});
