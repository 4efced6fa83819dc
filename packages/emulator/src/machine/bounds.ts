/** Bounds of the numbers that a test hands in: refused where they enter, because a request would crash on them later. */

/** Refuses what is not a whole number between two bounds, both included. Throws a RangeError that says what would be right. */
export function demandWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`${name} must be a whole number from ${String(least)} to ${String(most)}, not ${String(value)}`);
}

/** Refuses what is not a number between two bounds, both included. Throws a RangeError that says what would be right. */
export function demandNumber(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new RangeError(`${name} must be a number from ${String(least)} to ${String(most)}, not ${String(value)}`);
}
