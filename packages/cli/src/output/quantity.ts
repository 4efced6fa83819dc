/** Numbers with their units, as sentences want them. */

/** e.g. `1 step`, `3 steps`. */
export const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

/** Milliseconds below a second, else seconds with one decimal: `40 ms`, `2.5 s`. */
export const seconds = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
