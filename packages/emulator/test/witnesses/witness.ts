/** A program outside this project, in which a vendor's SDK makes the calls that a test asks for: one line in, one line out. */
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What the answer on the wire and the SDK's type say differently; see go/members.go. */
interface Difference {
  readonly path: string;
  readonly what: 'unknown' | 'spelling' | 'kind' | 'lost';
  readonly wire: string;
}

export interface Outcome {
  readonly ok: boolean;
  /** As it was on the wire; absent when there was none. */
  readonly answer?: Readonly<Record<string, unknown>>;
  readonly members?: readonly Difference[];
  readonly status?: number;
  readonly code?: string;
  /** What the SDK could not do at all: never expected. */
  readonly failure?: string;
}

export interface As {
  readonly account?: string;
  /** e.g. 'baidu/bj' */
  readonly endpoint?: string;
}

const at = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

/** Whether the program of a language is there and made of the present sources; else why not, for the line that is printed. */
export function missing(language: 'go' | 'java', files: RegExp): string | undefined {
  const again = `run scripts/${language}-witnesses.sh first`;
  const stamp = at(`.witnesses/${language}/stamp.txt`);
  if (!existsSync(stamp)) return `no .witnesses/${language}, ${again}`;
  const folder = new URL(`${language}/`, import.meta.url);
  const hash = createHash('sha256');
  // in the order of the script: sources by name, then what pins the versions
  const sources = readdirSync(folder).sort();
  for (const name of sources.filter((one) => files.test(one))) hash.update(readFileSync(new URL(name, folder)));
  for (const name of sources.filter((one) => !files.test(one))) hash.update(readFileSync(new URL(name, folder)));
  return hash.digest('hex') === readFileSync(stamp, 'utf8') ? undefined : `.witnesses/${language} is old, ${again}`;
}

export const program = (path: string): string => at(`.witnesses/${path}`);

export class Witness {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string, undefined>;
  readonly #defaults: Required<As>;
  readonly #differences = new Map<string, Set<string>>();
  #calls = 0;
  #errors = '';

  /** @param world what the program takes as its last argument */
  constructor(command: readonly [string, ...string[]], world: unknown, defaults: Required<As>) {
    const [executable, ...rest] = command;
    this.#child = spawn(executable, [...rest, JSON.stringify(world)]);
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()));
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]() as AsyncIterator<
      string,
      undefined
    >;
    this.#defaults = defaults;
  }

  /** How many calls there have been. */
  get calls(): number {
    return this.#calls;
  }

  /** Every difference between wire and types so far, as '<operation> <path> <what> <kind on the wire>', sorted. */
  get differences(): readonly string[] {
    return [...this.#differences]
      .flatMap(([operation, found]) => [...found].map((one) => `${operation} ${one}`))
      .sort();
  }

  /** Makes one call; throws only when the program is gone or the SDK failed otherwise than by an answer of the cloud. */
  async call(
    sdk: string,
    operation: string,
    args: Readonly<Record<string, unknown>> = {},
    as: As = {},
  ): Promise<Outcome> {
    this.#calls += 1;
    this.#child.stdin.write(`${JSON.stringify({ sdk, operation, args, ...this.#defaults, ...as })}\n`);
    const { value } = await this.#lines.next();
    if (value === undefined) throw new Error(`the witness has ended: ${this.#errors.slice(-2_000)}`);
    const outcome = JSON.parse(value) as Outcome;
    if (outcome.failure !== undefined) throw new Error(`${operation}: ${outcome.failure}`);
    for (const { path, what, wire } of outcome.members ?? []) {
      const found = this.#differences.get(operation) ?? new Set();
      this.#differences.set(operation, found.add(`${path} ${what} ${wire}`));
    }
    return outcome;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin.end();
    await ended;
  }
}
