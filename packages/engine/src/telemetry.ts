/**
 * OpenTelemetry from the event stream: one span per run, one child per step, waits and retries as span events. Listens
 * only; the engine knows nothing of it. Without a registered SDK every call here is a no-op.
 */
import { context as active, SpanStatusCode, trace, type Context, type Span, type Tracer } from '@opentelemetry/api';
import type { EngineEvent, StepRef } from './events.js';

export interface TelemetryOptions {
  /** Default: `trace.getTracer('@peerway/engine')`. */
  readonly tracer?: Tracer;
}

/** A listener for `EngineOptions.onEvent`. Spans carry the events' own times, so a virtual clock shows as it ran. */
export function telemetry(options: TelemetryOptions = {}): (event: EngineEvent) => void {
  const tracer = options.tracer ?? trace.getTracer('@peerway/engine');
  let plan: Span | undefined;
  let run: { readonly span: Span; readonly context: Context } | undefined;
  const steps = new Map<string, Span>();
  const endStep = (step: StepRef, at: number, finish: (span: Span) => void): void => {
    const span = steps.get(step.id);
    if (span === undefined) return;
    finish(span);
    span.end(at);
    steps.delete(step.id);
  };
  return (event) => {
    const { at, stack } = event;
    switch (event.type) {
      case 'plan.started':
        plan = tracer.startSpan('peerway.plan', {
          startTime: at,
          attributes: { 'peerway.stack': stack, 'peerway.mode': event.mode },
        });
        break;
      case 'plan.done':
        plan?.setAttributes({ 'peerway.steps': event.steps, 'peerway.problems': event.problems });
        plan?.end(at);
        plan = undefined;
        break;
      case 'apply.started': {
        const span = tracer.startSpan('peerway.apply', {
          startTime: at,
          attributes: { 'peerway.stack': stack, 'peerway.mode': event.mode, 'peerway.steps': event.steps },
        });
        run = { span, context: trace.setSpan(active.active(), span) };
        break;
      }
      case 'step.started':
        steps.set(
          event.step.id,
          tracer.startSpan(
            'peerway.step',
            { startTime: at, attributes: attributesOf(event.step, stack) },
            run?.context ?? active.active(),
          ),
        );
        break;
      case 'step.waiting':
        steps
          .get(event.step.id)
          ?.addEvent(
            'waiting',
            { 'peerway.cause': event.cause, ...(event.etaMs === undefined ? {} : { 'peerway.eta_ms': event.etaMs }) },
            at,
          );
        break;
      case 'step.retried':
        steps
          .get(event.step.id)
          ?.addEvent('retried', { 'peerway.error.code': event.error.code, 'peerway.delay_ms': event.delayMs }, at);
        break;
      case 'step.done':
        endStep(event.step, at, (span) => span.setStatus({ code: SpanStatusCode.OK }));
        break;
      case 'step.failed':
        endStep(event.step, at, (span) => {
          span.setAttributes({
            'peerway.error.code': event.error.code,
            ...(event.error.nativeCode === undefined ? {} : { 'peerway.error.native_code': event.error.nativeCode }),
            ...(event.error.requestId === undefined ? {} : { 'peerway.request_id': event.error.requestId }),
          });
          span.setStatus({ code: SpanStatusCode.ERROR, message: event.error.message });
        });
        break;
      case 'step.skipped':
        endStep(event.step, at, (span) => span.addEvent('left', { 'peerway.because': event.because }, at));
        break;
      case 'limit.learned':
        run?.span.addEvent('limit.learned', { 'peerway.provider': event.provider, 'peerway.window': event.window }, at);
        break;
      case 'apply.done':
        for (const span of steps.values()) span.end(at);
        steps.clear();
        run?.span.setAttributes({
          'peerway.outcome': event.outcome,
          'peerway.done': event.done,
          'peerway.failed': event.failed,
          'peerway.skipped': event.skipped,
        });
        if (event.outcome !== 'done') run?.span.setStatus({ code: SpanStatusCode.ERROR, message: event.outcome });
        run?.span.end(at);
        run = undefined;
        break;
      case 'step.queued':
        break;
    }
  };
}

const attributesOf = (step: StepRef, stack: string): Record<string, string> => ({
  'peerway.stack': stack,
  'peerway.step': step.id,
  'peerway.action': step.action,
  'peerway.object': step.object,
  'peerway.connection': step.connection,
});
