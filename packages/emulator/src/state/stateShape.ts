/** What a saved state must look like before anything of a running emulator is replaced by it. */
import { atLeast, list, map, number, scalar, share, text } from './shape.js';
import type { Check } from './shape.js';

const version: Check = (value, place) =>
  value === 1 ? undefined : `${place} is ${JSON.stringify(value)}; this release reads version 1`;

/** The last instant whose date has the four digits of a year that the clouds print. */
const LAST_DATE = Date.UTC(10_000, 0, 1) - 1;

/** A row of any table. Its instants are printed as dates, so they must be ones that a date can be made of. */
const row: Check = (value, place) => {
  const complaint = atLeast({ id: text })(value, place);
  if (complaint !== undefined) return complaint;
  for (const [name, member] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    if (!name.endsWith('At') || isInstant(member)) continue;
    const shown = JSON.stringify(member);
    return `${place}.${name} must be epoch milliseconds from 0 to ${String(LAST_DATE)}, not ${shown}`;
  }
  return undefined;
};

const isInstant = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value <= LAST_DATE;

export const STATE_SHAPE: Check = atLeast({
  version,
  now: number,
  events: list(atLeast({ at: number, kind: text, payload: map(scalar) })),
  random: number,
  profile: atLeast({ scale: number, jitter: share, staleReads: atLeast({ probability: share, ms: number }) }),
  rules: map(scalar),
  world: atLeast({
    accounts: list(atLeast({ cloud: text, id: text, name: text })),
    keys: list(atLeast({ cloud: text, id: text, secret: text, account: text })),
  }),
  tables: map(list(row)),
});
