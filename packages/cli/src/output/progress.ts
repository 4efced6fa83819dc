/** What an apply is doing while it does it: plain lines, one per event that a person wants to know; JSON lines for programs. */
import type { EngineEvent, Peerway, Plan } from '@peerway/runtime';
import type { Session } from '../session.js';
import { seconds } from './report.js';

export interface Progress {
  stop(): void;
}

export function startProgress(session: Session, peerway: Peerway, _plan: Plan): Progress {
  const stop = peerway.on((event) => {
    if (session.json) session.print(JSON.stringify(event));
    else {
      const line = lineOf(event, session);
      if (line !== undefined) session.print(line);
    }
  });
  return { stop };
}

/** Undefined for events that say nothing new to a person. */
export function lineOf(event: EngineEvent, { paint }: Pick<Session, 'paint'>): string | undefined {
  switch (event.type) {
    case 'step.started':
      return `  ${paint.dim('…')} ${event.step.action} ${event.step.object}`;
    case 'step.waiting':
      return `  ${paint.dim('…')} ${event.step.object}: waiting for ${event.cause}${event.etaMs === undefined ? '' : `, about ${seconds(event.etaMs)}`}`;
    case 'step.retried':
      return `  ${paint.yellow('↻')} ${event.step.object}: ${event.error.message}; again in ${seconds(event.delayMs)}`;
    case 'step.done':
      return `  ${paint.green('✓')} ${event.step.action} ${event.step.object} ${paint.dim(`(${seconds(event.durationMs)})`)}`;
    case 'step.failed':
      return `  ${paint.red('✗')} ${event.step.action} ${event.step.object}: ${event.error.message}`;
    case 'step.skipped':
      return `  ${paint.dim('-')} ${event.step.object}: not started, ${event.because}`;
    case 'limit.learnt':
      return `  ${paint.dim('…')} ${event.provider}: ${event.window} requests at once, ${event.because}`;
    case 'plan.started':
    case 'plan.done':
    case 'apply.started':
    case 'apply.done':
    case 'step.queued':
      return undefined;
  }
}
