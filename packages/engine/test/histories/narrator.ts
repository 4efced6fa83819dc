/**
 * What happens in a world, as lines: who asked what and when, what the commands said of their steps. Times are seconds since the process of
 * the moment began; what only reads is gathered, since a wait asks the same again and again.
 */
import type { RequestRecord } from '@peerway/emulator';
import type { EngineEvent } from '../../src/index.js';
import { eventText } from '../told.js';

/** What other lines say already, or what is said in any run. */
const UNTOLD: ReadonlySet<EngineEvent['type']> = new Set(['plan.started', 'plan.done', 'apply.started', 'step.queued']);

export class Narrator {
  #since = 0;
  /** What only reads, and when it was asked since the last line. */
  readonly #reads = new Map<string, string[]>();

  constructor(
    private readonly hear: (line: string) => void,
    private readonly now: () => number,
  ) {}

  /** A process begins. */
  begin(): void {
    this.#flush();
    this.#since = this.now();
  }

  say(line: string): void {
    this.#flush();
    this.hear(line);
  }

  request(record: RequestRecord): void {
    const { operation, mutating, status, code, account, region, params } = record;
    const answer = `${status} ${code ?? ''}`.trimEnd();
    if (mutating) {
      const by = `${account ?? 'nobody'} in ${region ?? 'no region'}`;
      return this.say(`      ${this.#time()} ${operation} ${JSON.stringify(params)} by ${by}: ${answer}`);
    }
    const what = status === 200 ? operation : `${operation} ${answer}`;
    this.#reads.set(what, [...(this.#reads.get(what) ?? []), this.#time()]);
  }

  event(event: EngineEvent): void {
    if (!UNTOLD.has(event.type)) this.say(`      ${this.#time()} ${eventText(event)}`);
  }

  #time(): string {
    return ((this.now() - this.#since) / 1_000).toFixed(1);
  }

  #flush(): void {
    if (this.#reads.size === 0) return;
    const reads = [...this.#reads].map(([what, times]) => `${what} at ${counted(times)}`);
    this.#reads.clear();
    this.hear(`      asked ${reads.join(', ')}`);
  }
}

/** `0.0, 2.0 (3 times)` */
const counted = (times: readonly string[]): string =>
  [...new Set(times)]
    .map((time) => [time, times.filter((other) => other === time).length] as const)
    .map(([time, count]) => (count === 1 ? time : `${time} (${count} times)`))
    .join(', ');
