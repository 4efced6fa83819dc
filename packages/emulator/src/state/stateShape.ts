/** What a saved state must look like before anything of a running emulator is replaced by it. */
import { atLeast, list, map, number, scalar, share, text } from './shape.js';
import type { Check } from './shape.js';

const version: Check = (value, place) =>
  value === 1 ? undefined : `${place} is ${JSON.stringify(value)}; this release reads version 1`;

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
  tables: map(list(atLeast({ id: text }))),
});
