/** Runs histories: one, or many with the kinds of their failures. */
import fc from 'fast-check';
import { history, type Drawn, type FirstFile } from './arbitraries.js';
import type { CloudName } from '../emulated.js';
import type { StackName } from './file.js';
import { History, type Histogram } from './walk.js';
import type { HistoryWorld } from './world.js';

/**
 * One history from start to end.
 * @param readings whether the commands that only read are tried on what it has made of the world, which takes half as long again
 * @throws Error that says what did not hold */
export async function live(
  world: HistoryWorld,
  histogram: Histogram,
  drawn: Drawn,
  { readings = false }: { readonly readings?: boolean } = {},
): Promise<void> {
  await world.open(drawn.scenario);
  const files = { hist: drawn.file, ...(drawn.other === undefined ? {} : { other: drawn.other }) };
  const walk = new History(world, histogram, {
    hist: drawn.file.declared,
    ...(drawn.other === undefined ? {} : { other: drawn.other.declared }),
  });
  for (const [of, { connection, link, table }] of Object.entries(files) as [StackName, FirstFile][]) {
    await walk.take({ kind: 'edit', edit: { kind: 'add', connection }, of });
    await walk.take({ kind: 'edit', edit: { kind: 'link', link }, of });
    await walk.take({ kind: 'edit', edit: { kind: 'table', named: table }, of });
    if (drawn.settled) await walk.take({ kind: 'apply', of });
  }
  for (const step of drawn.steps) await walk.take(step);
  if (readings) await walk.read();
  await walk.end();
  const [crash] = world.emulator.crashes;
  if (crash !== undefined) throw new Error(`the emulator crashed: ${JSON.stringify(crash)}`);
}

/** Of which histories of a survey the readings are tried: one in four. */
export const isRead = (at: number): boolean => at % 4 === 0;

/** The first histories of a seed, always the same. */
export const drawnFrom = (cloud: CloudName, seed: number, runs: number): readonly Drawn[] =>
  fc.sample(history(cloud), { seed, numRuns: runs });

/** Failures that are the same but for names, ids and numbers. */
export interface Kind {
  readonly count: number;
  readonly message: string;
  /** The shortest of the histories that fail so, and which one of its seed it is. */
  readonly drawn: Drawn;
  readonly at: number;
}

export interface SurveyOptions {
  readonly runs: number;
  readonly seed: number;
  /** After every history: how many have been lived, how many of them failed. @returns true: enough */
  readonly onHistory?: (lived: number, failed: number) => boolean | void;
  /** Each failure when it is found. */
  readonly onFailure?: (at: number, message: string) => void;
}

/** @returns the kinds of failure, the most frequent first; none when the property holds */
export async function survey(
  world: HistoryWorld,
  histogram: Histogram,
  { runs, seed, onHistory, onFailure }: SurveyOptions,
): Promise<Kind[]> {
  const kinds = new Map<string, Kind>();
  let [at, failed] = [0, 0];
  for (const drawn of drawnFrom(world.cloud, seed, runs)) {
    try {
      await live(world, histogram, drawn, { readings: isRead(at) });
    } catch (error) {
      failed++;
      const message = error instanceof Error ? error.message : String(error);
      onFailure?.(at, message);
      const name = message.replace(/"[^"]*"|\b[a-z]+-[a-z0-9]{8,}\b|\d+(\.\d+)*(\/\d+)?/g, '…').slice(0, 160);
      const known = kinds.get(name);
      const shorter = known === undefined || lengthOf(drawn) < lengthOf(known.drawn);
      kinds.set(name, { ...(shorter ? { message, drawn, at } : known), count: (known?.count ?? 0) + 1 });
    }
    if (onHistory?.(++at, failed) === true) break;
  }
  return [...kinds.values()].sort((a, b) => b.count - a.count);
}

const lengthOf = (drawn: Drawn): number => JSON.stringify(drawn).length;
