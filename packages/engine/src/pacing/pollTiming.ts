/**
 * When to look next, learned from how long the same kind of thing took before. What has been seen is an interval: not done
 * at one look, done at the next. Each new one narrows the interval, so that soon the first look is the right one.
 */
import type { DeletionStep, Pace } from '@peerway/core';

/**
 * First looks before anything was learned. No source gives durations; clients of both clouds first look at a new peering
 * after 5 to 10 s and at routes after 3 to 5 s (docs/facts/known-defects.md 3, docs/facts/alibaba.md 4.5), so looking much earlier only costs calls.
 */
export const FIRST_LOOK_MS = { create: 4_000, step: 2_000, delete: 2_000, routes: 1_000 } as const;
/** The first look after one step of a deletion. What is said to be missing is looked for at once: nothing has begun. */
export const firstLookMs = (step: DeletionStep, pace: Pace | undefined): number =>
  step === 'missing' ? 0 : ((step === 'continue' ? pace?.takeDown : pace?.delete) ?? FIRST_LOOK_MS.delete);
/** Between later looks, so that a change is seen within a second. */
const STEP_MS = 900;
/** After this long without a change a second more does not matter. */
const LATE_AFTER_MS = 180_000;
const LATE_STEP_MS = 3_000;
/** Narrower than this, and nothing more is learned: what a look more would save is less than a look. */
const EXACT_MS = 450;
/** So much the same thing differs from time to time: the ways there and back, and a busy machine. */
const JITTER_MS = 300;
/** So many of the last times are remembered: the pace of a cloud changes over a day. */
const REMEMBERED = 12;

interface Sample {
  /** Age at the last look that did not show it; absent when the first look did. */
  readonly from: number | undefined;
  /** Age at the look that showed it. */
  readonly to: number;
}

export class PollTiming {
  readonly #samples = new Map<string, readonly Sample[]>();

  /**
   * Age at which to look at something of this kind.
   * @param lookedAt age at the last look; undefined: never looked
   * @param firstMs the first look while nothing is known
   * @param patient that a look which comes too early is worse than one that comes late: nothing is tried out
   */
  nextLook(kind: string, lookedAt: number | undefined, firstMs: number, patient = false): number {
    const samples = this.#samples.get(kind);
    const later = (at: number): number => at + (at < LATE_AFTER_MS ? STEP_MS : LATE_STEP_MS);
    if (samples === undefined) return lookedAt === undefined ? firstMs : later(lookedAt);
    const { low, high, earliest } = common(samples);
    if (patient) return lookedAt === undefined ? high : later(lookedAt);
    if (low !== undefined && low - earliest > JITTER_MS) {
      // it takes a different time every time: from the earliest on, at an even pace
      if (lookedAt !== undefined) return later(lookedAt);
      return Math.max(0, Math.min(...samples.map(({ from, to }) => from ?? to - STEP_MS)));
    }
    // always the same: halve the interval that is left, then look where it has ended
    const from = low ?? Math.max(0, high - STEP_MS);
    const probe = high - from > EXACT_MS ? (from + high) / 2 : high;
    if (lookedAt === undefined) return probe;
    return lookedAt < high ? high : later(lookedAt);
  }

  /** Done when last looked at, at age `seenAt`; not done at `notYetAt` (undefined: this was the first look). */
  learn(kind: string, notYetAt: number | undefined, seenAt: number): void {
    const samples = [...(this.#samples.get(kind) ?? []), { from: notYetAt, to: seenAt }];
    this.#samples.set(kind, samples.slice(-REMEMBERED));
  }

  /** How much longer it should take; undefined before anything was learned. */
  etaMs(kind: string, age: number): number | undefined {
    const samples = this.#samples.get(kind);
    return samples === undefined ? undefined : Math.max(0, Math.max(...samples.map(({ to }) => to)) - age);
  }
}

interface Agreed {
  /** The latest age at which one was not done yet; absent when every first look showed it. */
  readonly low: number | undefined;
  /** The earliest after that at which one was seen done. */
  readonly high: number;
  /** The earliest at which one was seen done; far before `low` when they differ. */
  readonly earliest: number;
}

/** @param samples at least one */
function common(samples: readonly Sample[]): Agreed {
  const lows = samples.flatMap(({ from }) => (from === undefined ? [] : [from]));
  const low = lows.length === 0 ? undefined : Math.max(...lows);
  const seen = samples.map(({ to }) => to);
  return { low, high: Math.min(...seen.filter((to) => low === undefined || to > low)), earliest: Math.min(...seen) };
}
