/**
 * What is said and done in the first histories of `npm test`, as text in `told/`: edits, plans with their reasons, problems and drift, the
 * changing requests of each command, what status says. A change of the engine that changes any of it shows as a difference of that text,
 * to be read before it is committed: `PEERWAY_WRITE_STORIES=1 npm test -- packages/engine/test/histories.test.ts` writes it anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CloudName } from '../emulated.js';

/** How many histories of each cloud are told. */
export const STORIES = 20;

const fileOf = (cloud: CloudName): string => fileURLToPath(new URL(`told/${cloud}.txt`, import.meta.url));
const title = (number: number): string => `== history ${number}`;

/** Ids of the emulated clouds, whatever they name. */
const ID = /\b(vpc|vrt|vtb|vsw|pcc|ri|vbr|rte|rt|rr|peerconn|dcgw|dedicatedconn|dcphy|pc)-([a-z0-9]{6,})\b/g;
/** They hang on the instant of a run, which depends on the hour of the day and on how many were lived before; a token may also stand in a tag. */
const OF_THE_INSTANT =
  /"?[cC]lientToken"?:"[^"]*",?|(?<="peerway\.token","Value":")[^"]*|\b\d{4}-\d\d-\d\dT[\d:.]+Z\b|hand-[a-z]-\d+/g;

/** The lines of one history; each id is called by its kind and the order in which it appears. */
export class Story {
  readonly lines: string[] = [];
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  tell(line: string): void {
    this.lines.push(
      line
        .replace(OF_THE_INSTANT, '')
        .replace(ID, (id, kind: string) => this.#nameOf(id, kind))
        .trimEnd(),
    );
  }

  #nameOf(id: string, kind: string): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const name = `${kind}-${count}`;
    this.#names.set(id, name);
    return name;
  }
}

/** The stories of one cloud as they stand in `told/`, by number from 1; none: nothing was ever written. */
export function toldOf(cloud: CloudName): ReadonlyMap<number, readonly string[]> {
  const told = new Map<number, string[]>();
  if (!existsSync(fileOf(cloud))) return told;
  let lines: string[] = [];
  for (const line of readFileSync(fileOf(cloud), 'utf8').trimEnd().split('\n')) {
    if (line === title(told.size + 1)) told.set(told.size + 1, (lines = []));
    else lines.push(line);
  }
  return told;
}

/** @returns how a story differs from the one that is told, in a few lines; undefined: not at all */
export function difference(told: readonly string[] | undefined, lived: readonly string[]): string | undefined {
  const before = told ?? [];
  const at = Array.from({ length: Math.max(before.length, lived.length) }).findIndex(
    (_, index) => before[index] !== lived[index],
  );
  if (at < 0) return undefined;
  return [
    ...lived.slice(Math.max(0, at - 3), at).map((line) => `  ${line}`),
    `- ${before[at] ?? '(the end)'}`,
    `+ ${lived[at] ?? '(the end)'}`,
  ].join('\n');
}

/** Compares what was lived with what is told, or writes it where that was asked for. @throws Error that shows the first difference */
export function compareStories(cloud: CloudName, lived: readonly (readonly string[])[]): void {
  if (process.env['PEERWAY_WRITE_STORIES'] === '1') {
    const text = lived.flatMap((lines, at) => [title(at + 1), ...lines]).join('\n');
    writeFileSync(fileOf(cloud), `${text}\n`);
    return;
  }
  const told = toldOf(cloud);
  for (const [at, lines] of lived.entries()) {
    const shown = difference(told.get(at + 1), lines);
    if (shown !== undefined)
      throw new Error(
        `history ${at + 1} of ${cloud} is told otherwise in test/histories/told/; if that is meant, PEERWAY_WRITE_STORIES=1 writes it anew:\n${shown}`,
      );
  }
}
