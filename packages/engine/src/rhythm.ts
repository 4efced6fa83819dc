/**
 * When to look next, learnt from how long the same kind of thing took before. What has been seen is an interval: not done
 * at one look, done at the next. Each new one narrows the interval, so that soon the first look is the right one.
 */

/**
 * First looks before anything was learnt. No source gives durations; clients of both clouds first look at a new peering
 * after 5 to 10 s and at routes after 3 to 5 s (facts: known-defects.md 3, alibaba.md 4.5), so looking much earlier only costs calls.
 */
export const FIRST_LOOK_MS = { create: 4_000, step: 2_000, delete: 2_000, routes: 1_000 } as const;
/** Between later looks, so that a change is seen within a second. */
const STEP_MS = 900;
/** After this long without a change a second more does not matter. */
const PATIENT_AFTER_MS = 180_000;
const PATIENT_STEP_MS = 3_000;
/** Narrower than this there is nothing left to learn. */
const EXACT_MS = 100;

interface Learnt {
  /** Ages between which the change came, as seen last. */
  readonly from: number;
  readonly to: number;
}

export class Rhythm {
  readonly #learnt = new Map<string, Learnt>();

  /** Age at which to look at something of this kind whose last look was at `lookedAt` (undefined: never). */
  nextLook(kind: string, lookedAt: number | undefined, firstMs: number): number {
    const learnt = this.#learnt.get(kind);
    const last = lookedAt ?? -1;
    if (learnt !== undefined) {
      const width = learnt.to - learnt.from;
      const middle = learnt.from + width / 2;
      if (width > EXACT_MS && middle > last && last < learnt.from) return middle;
      if (learnt.to > last) return learnt.to;
      // late this time: look closely at first, then ever less often
      return last + Math.min(STEP_MS, Math.max(EXACT_MS, (last - learnt.to) * 1.5 + EXACT_MS));
    }
    if (lookedAt === undefined) return firstMs;
    return lookedAt + (lookedAt < PATIENT_AFTER_MS ? STEP_MS : PATIENT_STEP_MS);
  }

  /** Done when last looked at, at age `seenAt`; not done at `notYetAt` (undefined: never looked before). */
  learn(kind: string, notYetAt: number | undefined, seenAt: number): void {
    const sample = { from: notYetAt ?? 0, to: seenAt };
    const known = this.#learnt.get(kind);
    const from = Math.max(known?.from ?? 0, sample.from);
    const to = Math.min(known?.to ?? Infinity, sample.to);
    // an interval that contradicts what was known says that the cloud's pace has changed
    this.#learnt.set(kind, from < to || from === to ? { from, to } : sample);
  }

  /** How much longer it should take; undefined before anything was learnt. */
  etaMs(kind: string, age: number): number | undefined {
    const learnt = this.#learnt.get(kind);
    return learnt === undefined ? undefined : Math.max(0, learnt.to - age);
  }
}
