/**
 * What plans and applies say on the fake cloud, as text in `told/`: a change of the engine that changes a reason, a problem, what a step does
 * or when, shows as a difference of that text, to be read before it is committed: `PEERWAY_WRITE_STORIES=1 npm test -- FILE` writes it anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { EngineEvent, Plan } from '@peerway/engine';
import { isPeerwayError } from '@peerway/core';
import type { FakeCloud } from './fakeCloud.js';
import type { Scene } from './scene.js';
import { difference } from './histories/story.js';

const TITLE = '== ';
/** Of what is done again and again, how many times are told. */
const SHOWN = 12;

/** The text of one test file; each of its tests tells one part, by a title of its own. */
export class Told {
  readonly #path: string;
  readonly #parts = new Map<string, readonly string[]>();
  readonly #writes = process.env['PEERWAY_WRITE_STORIES'] === '1';

  constructor(name: string) {
    this.#path = fileURLToPath(new URL(`told/${name}.txt`, import.meta.url));
    if (this.#writes || !existsSync(this.#path)) return;
    for (const part of readFileSync(this.#path, 'utf8').slice(TITLE.length).trimEnd().split(`\n${TITLE}`)) {
      const [title = '', ...lines] = part.split('\n');
      this.#parts.set(title, lines);
    }
  }

  /** @returns how the part differs from what is told, in a few lines; undefined: not at all */
  differs(title: string, lines: readonly string[]): string | undefined {
    const told = this.#parts.get(title);
    if (!this.#writes) return difference(told, lines);
    if (told !== undefined) throw new Error(`two parts are called ${title}`);
    this.#parts.set(title, lines);
    return undefined;
  }

  /**
   * The same story on clouds or with answers of several kinds: what goes as with a kind before it is said to.
   * @param sameBut left out of account when two are compared
   * @returns the differences of all
   */
  async differences<T>(
    title: string,
    kinds: Readonly<Record<string, T>>,
    story: (kind: T) => Promise<readonly string[]>,
    sameBut: (text: string, kind: T) => string = (text) => text,
  ): Promise<string[]> {
    const seen = new Map<string, string>();
    const found: string[] = [];
    for (const [name, kind] of Object.entries(kinds)) {
      const lines = await story(kind);
      const text = sameBut(lines.join('\n'), kind);
      const like = seen.get(text);
      if (like === undefined) seen.set(text, name);
      const shown = this.differs(`${title}, ${name}`, like === undefined ? lines : [`as ${like}`]);
      if (shown !== undefined) found.push(shown);
    }
    return found;
  }

  /** After the last test: writes it, where that was asked for. */
  end(): void {
    if (!this.#writes) return;
    const text = [...this.#parts].flatMap(([title, lines]) => [`${TITLE}${title}`, ...lines]);
    writeFileSync(this.#path, `${text.join('\n')}\n`);
  }
}

/** Everything that a plan says and would do. */
export function planLines({ mode, steps, drift, problems }: Plan): string[] {
  return [
    `plan of ${mode}`,
    ...drift.map(({ kind, connection, object, detail }) => `  drift: ${kind}: ${connection}: ${object}: ${detail}`),
    ...problems.map(
      ({ severity, kind, object, message, remedy, forceable }) =>
        `  ${severity}: ${kind}: ${object}: ${message} (${remedy})${forceable === true ? ' forceable' : ''}`,
    ),
    ...steps.flatMap(({ id, action, object, connection, reason, needs, work }) => [
      `  ${id}: ${action} ${object} of ${connection}: ${reason}`,
      ...(needs.length === 0 ? [] : [`    after ${needs.join(', ')}`]),
      `    ${JSON.stringify(work)}`,
    ]),
  ];
}

const stepOf = (event: EngineEvent): string => ('step' in event ? event.step.id : '');

export function eventText(event: EngineEvent): string {
  switch (event.type) {
    case 'step.waiting':
      return `${stepOf(event)} waits for ${event.cause}${event.etaMs === undefined ? '' : `, some ${event.etaMs} ms`}`;
    case 'step.failed':
      return `${stepOf(event)} failed: ${event.error.code}: ${event.error.message} (${event.error.remedy ?? ''})`;
    case 'step.retried':
      return `${stepOf(event)} is asked again in ${Math.round(event.delayMs)} ms: ${event.error.code}`;
    case 'step.skipped':
      return `${stepOf(event)} is ${event.begun ? 'left' : 'skipped'}: ${event.because}`;
    case 'step.started':
    case 'step.done':
      return `${stepOf(event)} ${event.type.slice(5)}`;
    case 'apply.done':
      return `${event.outcome}: ${event.done} done, ${event.failed} failed, ${event.skipped} skipped`;
    case 'requests.counted':
      return `${event.provider}: ${event.sent} sent, ${event.conflicts} conflicts, ${event.throttled} throttled`;
    case 'limit.learned':
      return `${event.provider}: ${event.window} at once: ${event.because}`;
    default:
      return event.type;
  }
}

/** What an apply has said and asked for, each with the milliseconds since it began. @param events those of the apply alone */
export function applyLines(cloud: FakeCloud, events: readonly EngineEvent[]): string[] {
  const start = events[0]?.at ?? 0;
  const said = events
    .filter(({ type }) => type !== 'step.queued' && type !== 'apply.started')
    .map((event) => ({ at: event.at, text: eventText(event) }));
  const asked = cloud.requests
    .filter(({ at }) => at >= start)
    .map(({ at, operation, account, code }) => ({
      at,
      text: `  ${operation} by ${account}${code === undefined ? '' : `: ${code}`}`,
    }));
  const all = [...asked, ...said].sort((a, b) => a.at - b.at);
  // what is done again and again is one line
  const lines: { text: string; times: number[] }[] = [];
  for (const { at, text } of all) {
    const last = lines.at(-1);
    if (last?.text === text) last.times.push(at - start);
    else lines.push({ text, times: [at - start] });
  }
  return lines.map(({ text, times }) => {
    const rounded = times.map(Math.round);
    const shown =
      rounded.length <= SHOWN ? rounded : [...rounded.slice(0, SHOWN), `… ${rounded.length} times …`, rounded.at(-1)];
    return `  ${shown.join(' ')} ${text}`;
  });
}

/** Plans and applies, whatever the plan says. @returns what was said and asked for */
export async function carriedLines(scene: Scene, mode: 'apply' | 'destroy' = 'apply'): Promise<string[]> {
  const engine = scene.engine();
  const plan = await engine.plan({ mode });
  scene.events.length = 0;
  scene.cloud.requests.length = 0;
  const lines = planLines(plan).filter((text) => !/^ {4}\{/.test(text)); // what a step does is seen by what it asks for
  if (plan.steps.length === 0) return lines;
  try {
    await engine.apply(plan, { force: true });
    return [...lines, mode, ...applyLines(scene.cloud, scene.events)];
  } catch (error) {
    if (!isPeerwayError(error)) throw error;
    return [...lines, `  refused: ${error.code}: ${error.message}`];
  }
}
