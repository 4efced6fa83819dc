/** What a saved state must look like before anything of a running emulator is replaced by it. */
import { ALIBABA_ROWS } from '../alibaba/rows.js';
import { BAIDU_ROWS } from '../baidu/rows.js';
import type { TokenRecord } from '../machine/tokens.js';
import { anyText, instant, maybe, row } from './row.js';
import { atLeast, list, map, number, object, scalar, share, text } from './shape.js';
import type { Check } from './shape.js';

const TOKEN_ROW = row<TokenRecord>({
  id: text,
  fingerprint: anyText,
  answer: anyText,
  refusal: maybe(atLeast({ code: text, status: number, message: anyText })),
  expiresAt: instant,
});

const version: Check = (value, place) =>
  value === 1 ? undefined : `${place} is ${JSON.stringify(value)}; this release reads version 1`;

/** Every table by its name, with what a row of it holds. */
const ROWS: Readonly<Record<string, Check>> = {
  ...ALIBABA_ROWS,
  ...BAIDU_ROWS,
  'alibaba.tokens': TOKEN_ROW,
  'baidu.tokens': TOKEN_ROW,
};

const tables = object(
  {},
  Object.fromEntries(Object.entries(ROWS).map(([name, row]): [string, Check] => [name, list(row)])),
);

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
  tables,
});
