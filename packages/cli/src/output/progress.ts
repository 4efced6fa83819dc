/**
 * What an apply is doing while it does it: on a terminal a live tree with a bar per connection, the cause of every wait and
 * the time left; elsewhere plain lines; with --json one event per line.
 */
import { printableData, type EngineEvent, type Peerway, type Plan, type StepRef } from '@peerway/runtime';
import type { Session } from '../session.js';
import { LiveArea } from './liveArea.js';
import type { Paint } from '../terminal/paint.js';
import { count, seconds } from './quantity.js';

export interface Progress {
  stop(): void;
}

/** @param source whose events are shown, until `stop` */
export async function startProgress(session: Session, source: Pick<Peerway, 'on'>, plan: Plan): Promise<Progress> {
  const area = await LiveArea.open(session);
  const tree = new ProgressTree(plan);
  const unsubscribe = source.on((emitted) => {
    const event = session.json ? emitted : printableData(emitted);
    if (session.json) session.print(JSON.stringify(event));
    else if (area.live) {
      tree.take(event);
      area.show(tree.draw(session.paint, session.io.stdout.columns ?? 100));
    } else {
      const line = lineOf(event, session.paint);
      if (line !== undefined) session.print(line);
    }
  });
  return {
    stop() {
      unsubscribe();
      area.done();
    },
  };
}

interface Branch {
  readonly steps: Set<string>;
  readonly done: Set<string>;
  readonly failed: Set<string>;
  /** What is going on now, newest last: step → words. */
  readonly now: Map<string, string>;
  /** When the longest known wait ends, milliseconds since the epoch. */
  until: number;
}

/** The state of every connection, fed by events; `draw` is pure. */
export class ProgressTree {
  readonly #branches = new Map<string, Branch>();
  #at = 0;

  constructor(plan: Plan) {
    for (const step of plan.steps) this.#branch(step.connection).steps.add(step.id);
  }

  take(event: EngineEvent): void {
    this.#at = event.at;
    if (!('step' in event)) return;
    const { id, action, connection } = event.step;
    const branch = this.#branch(connection);
    switch (event.type) {
      case 'step.started':
        branch.now.set(id, `${action} ${brief(event.step)}`);
        break;
      case 'step.waiting':
        branch.now.set(id, `${brief(event.step)}: waiting for ${event.cause}`);
        if (event.etaMs !== undefined) branch.until = Math.max(branch.until, event.at + event.etaMs);
        break;
      case 'step.retried':
        branch.now.set(id, `${brief(event.step)}: ${event.error.message}; again in ${seconds(event.delayMs)}`);
        break;
      case 'step.done':
        branch.now.delete(id);
        branch.done.add(id);
        break;
      case 'step.failed':
        branch.now.delete(id);
        branch.failed.add(id);
        break;
      case 'step.skipped':
        branch.now.delete(id);
        break;
      case 'step.queued':
        break;
    }
  }

  /** Connections in progress with what they wait for; finished ones as one line, so that thousands stay readable. */
  draw(paint: Paint, columns: number): string {
    const lines: string[] = [];
    let finished = 0;
    let waiting = 0;
    for (const [connection, branch] of [...this.#branches].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const { steps, done, failed, now, until } = branch;
      if (failed.size > 0) lines.push(`${paint.red('✗')} ${connection} ${bar(done.size, steps.size, paint)}`);
      else if (done.size === steps.size) finished++;
      else if (now.size === 0 && done.size === 0) waiting++;
      else {
        const eta = until > this.#at ? `, about ${seconds(until - this.#at)}` : '';
        lines.push(`${paint.yellow('●')} ${connection} ${bar(done.size, steps.size, paint)}${paint.dim(eta)}`);
      }
      for (const words of [...now.values()].slice(-2)) lines.push(paint.dim(clip(`    ${words}`, columns)));
    }
    const all = this.#branches.size;
    const [done, total] = this.#totals();
    const rest = waiting === 0 ? '' : `, ${waiting} not started`;
    return [...lines.slice(0, 24), `${bar(done, total, paint)} ${finished} of ${all} connections${rest}`].join('\n');
  }

  #totals(): readonly [number, number] {
    let [done, total] = [0, 0];
    for (const branch of this.#branches.values()) {
      done += branch.done.size;
      total += branch.steps.size;
    }
    return [done, total];
  }

  #branch(connection: string): Branch {
    const known = this.#branches.get(connection);
    if (known !== undefined) return known;
    const branch = {
      steps: new Set<string>(),
      done: new Set<string>(),
      failed: new Set<string>(),
      now: new Map<string, string>(),
      until: 0,
    };
    this.#branches.set(connection, branch);
    return branch;
  }
}

const WIDTH = 16;

function bar(done: number, total: number, paint: Paint): string {
  const filled = total === 0 ? WIDTH : Math.floor((done / total) * WIDTH);
  return `${paint.green('━'.repeat(filled))}${paint.dim('─'.repeat(WIDTH - filled))} ${done}/${total}`;
}

/** Below the connection's own line its name and the ids in brackets would only push the cause of a wait out of sight. */
const brief = ({ object, connection }: StepRef): string => withoutEnd(object.replace(/ \(.*\)$/, ''), ` ${connection}`);

const withoutEnd = (text: string, end: string): string => (text.endsWith(end) ? text.slice(0, -end.length) : text);

const clip = (text: string, columns: number): string =>
  text.length < columns ? text : `${text.slice(0, columns - 2)}…`;

/** The plain form. Undefined for events that say nothing new to a person. */
export function lineOf(event: EngineEvent, paint: Paint): string | undefined {
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
      return `  ${paint.dim('-')} ${event.step.object}: ${event.begun ? 'left' : 'not started'}, ${event.because}`;
    case 'limit.learned':
      return `  ${paint.dim('…')} ${event.provider}: ${count(event.window, 'request')} at once, ${event.because}`;
    case 'requests.counted':
      return requestsLine(event, paint);
    case 'plan.started':
    case 'plan.done':
    case 'apply.started':
    case 'apply.done':
    case 'step.queued':
      return undefined;
  }
}

/** So much waiting in all is worth a line. */
const LONG_MS = 1_000;

/** Nothing when requests hardly waited and none was refused. */
function requestsLine(
  {
    provider,
    sent,
    waited,
    waitedMs,
    throttled,
    conflicts,
  }: Extract<EngineEvent, { readonly type: 'requests.counted' }>,
  paint: Paint,
): string | undefined {
  const notes = [
    waitedMs < LONG_MS ? [] : [`${waited} of them waited for their turn, ${seconds(waitedMs)} in all`],
    throttled === 0 ? [] : [`${throttled} refused as too many`],
    conflicts === 0 ? [] : [`${conflicts} refused because something else was under way`],
  ].flat();
  return notes.length === 0
    ? undefined
    : `  ${paint.dim('…')} ${provider}: ${count(sent, 'request')}; ${notes.join('; ')}`;
}
