/** Removes what runs have made: everything in their networks, then the networks. Recognised by marks alone, so it needs no notes. */
import { isPeerwayError, type Clock, type RawAnswer } from '@peerway/core';
import { codeOf, isGood } from './answers.js';
import { roleOf, type Mark } from './marker.js';

export interface SweepScope {
  /** Of this run only; absent: of every run. */
  readonly run?: string;
  /** Roles of networks that stay, empty. */
  readonly keep?: readonly string[];
  /** Of those, the ones that may hold something; absent: all of them. */
  readonly used?: readonly string[];
}

/** What becomes of a network that bears these marks: nothing, only its contents, or all of it. */
export function fateOf(mark: Partial<Mark>, { run, keep = [], used }: SweepScope): 'none' | 'emptied' | 'removed' {
  const found = roleOf(mark);
  if (found === undefined || (run !== undefined && found.run !== run)) return 'none';
  if (!keep.includes(found.role)) return 'removed';
  return used?.includes(found.role) === false ? 'none' : 'emptied';
}

export interface Swept {
  readonly removed: number;
  /** What could not be removed, or stands in the way: one line each. */
  readonly left: readonly string[];
}

/** One look at what is there, and one try to remove each thing. */
export interface Pass {
  readonly removed: number;
  /** What is still there after it, or may be. */
  readonly left: readonly string[];
  /** Somebody else's things in the way of ours; no use in trying again. */
  readonly blocked: readonly string[];
}

export interface Sweeper {
  pass(scope: SweepScope): Promise<Pass>;
}

const PAUSE_MS = 2_000;
/** After which somebody else's things will not go by themselves. */
const IDLE_PASSES = 5;
const PATIENCE_MS = 300_000;

/** Passes until nothing is left, nothing can be done, or five minutes are over. */
export async function sweep(sweeper: Sweeper, scope: SweepScope, clock: Clock): Promise<Swept> {
  const until = clock.now() + PATIENCE_MS;
  let removed = 0;
  let idle = 0;
  for (;;) {
    const pass = await attempt(sweeper, scope);
    removed += pass.removed;
    idle = pass.removed === 0 ? idle + 1 : 0;
    if (pass.left.length === 0) return { removed, left: pass.blocked };
    const isStuck = pass.blocked.length > 0 && idle >= IDLE_PASSES;
    if (isStuck || clock.now() >= until) return { removed, left: [...pass.left, ...pass.blocked] };
    await clock.sleep(PAUSE_MS);
  }
}

/** A request that no answer came to is no reason to leave the rest. */
async function attempt(sweeper: Sweeper, scope: SweepScope): Promise<Pass> {
  try {
    return await sweeper.pass(scope);
  } catch (error) {
    if (!isPeerwayError(error, 'Unavailable')) throw error;
    return { removed: 0, left: [error.message], blocked: [] };
  }
}

/** Counts what one pass did. */
export class Turn {
  #removed = 0;
  readonly #left: string[] = [];
  readonly #blocked: string[] = [];

  /** @param lingers whether a removed thing is seen for a while: then another pass has to see it gone */
  count(what: string, answer: RawAnswer, lingers = false): void {
    if (isGood(answer)) this.#removed += 1;
    if (isGood(answer) && !lingers) return;
    this.#left.push(isGood(answer) ? `${what} is going` : `${what} stays: ${codeOf(answer)}`);
  }

  wait(what: string): void {
    this.#left.push(`${what} is going`);
  }

  block(what: string): void {
    this.#blocked.push(what);
  }

  pass(): Pass {
    return { removed: this.#removed, left: this.#left, blocked: this.#blocked };
  }
}
