/** Idempotency tokens: the same token with the same request gives the first answer again. One rule for both clouds. */
import type { CloudService, ParsedCall } from './cloud.js';
import type { Table } from './table.js';
import { WireError } from './wireError.js';

export interface TokenRecord {
  /** Account, operation and token. */
  readonly id: string;
  readonly fingerprint: string;
  /** JSON text of the first answer, so that it is stored as data. */
  readonly answer: string;
  /** Instead of the answer, where the first request was refused and the cloud remembers that. */
  readonly refusal?: { readonly code: string; readonly status: number; readonly message: string };
  readonly expiresAt: number;
}

/** Text that is equal for equal parameters, whatever their order. */
export function fingerprintOf(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

export class Tokens {
  readonly #table: Table<TokenRecord>;

  constructor(table: Table<TokenRecord>) {
    this.#table = table;
  }

  /** The stored answer, undefined when the token is new; throws the cloud's mismatch error, or the refusal that was remembered. */
  recall(
    id: string,
    fingerprint: string,
    now: number,
    cloud: CloudService<ParsedCall>,
  ): { answer: unknown } | undefined {
    const record = this.#table.get(id);
    if (record === undefined || record.expiresAt <= now) return undefined;
    if (record.fingerprint !== fingerprint) throw cloud.tokens.mismatch();
    if (cloud.tokens.sliding) this.#table.put({ ...record, expiresAt: now + cloud.tokens.lifetimeMs() });
    const { refusal } = record;
    if (refusal !== undefined) throw new WireError(refusal.code, refusal.status, refusal.message);
    return { answer: JSON.parse(record.answer) as unknown };
  }

  remember(id: string, fingerprint: string, answer: unknown, expiresAt: number): void {
    this.#table.put({ id, fingerprint, answer: JSON.stringify(answer ?? null), expiresAt });
  }

  rememberRefusal(id: string, fingerprint: string, { code, status, message }: WireError, expiresAt: number): void {
    this.#table.put({ id, fingerprint, answer: 'null', refusal: { code, status, message }, expiresAt });
  }
}
