/** How long changes took on a live account, for a profile of the emulator. */
import type { Evidence } from './evidence.js';

/** The median of each change that was watched, in whole milliseconds, by the emulator's names of its delays. */
export const delaysSeen = (evidence: Evidence): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(evidence.times).flatMap(([change, times]) => {
      const sorted = [...times].sort((one, other) => one - other);
      const median = sorted[sorted.length >> 1];
      return median === undefined ? [] : [[change, Math.round(median)]];
    }),
  );
