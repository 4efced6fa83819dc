/**
 * What stands between a probe and a live cloud, so that neither the probe nor its recording ever holds a real id, account, address or text of
 * somebody else's. A probe speaks of `<vpc-1>`, `<account-1>` and 198.18.0.0/16; members of answers that are not listed do not
 * reach it, nor rows about things that are not the run's own. So what is recorded is exactly what the probe saw.
 */
import type { RawAnswer, RawRequest } from '@peerway/core';

/**
 * `keep`: a word of the cloud's, a number, a time. `id`, `account`: replaced, always by the same. `address`: moved into 198.18.0.0/16,
 * or left out. `text`: kept where it is the run's own.
 */
export type Kind = 'keep' | 'id' | 'account' | 'address' | 'text';

/** Members of answers by name, at whatever depth. What is not listed is dropped. */
export type Members = Readonly<Record<string, Kind>>;

/** The first two numbers of every address that a probe names: 198.18.0.0/15 is nobody's (RFC 2544). */
const SHOWN_BLOCK = '198.18';

const WORD = /^[\w.:+, ()-]{0,80}$/;
const TOKEN = /<[a-z]+-\d+>/g;

export class Mask {
  readonly #members: Members;
  readonly #block: string;
  readonly #ownText: RegExp;
  readonly #shown = new Map<string, string>();
  readonly #real = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /**
   * @param block the first two numbers of the addresses that are really used, e.g. `10.73`
   * @param run its id: a text that holds it is the run's own
   */
  constructor(members: Members, block: string, run: string) {
    this.#members = members;
    this.#block = block;
    this.#ownText = new RegExp(`^(|[a-z]|[\\w .,-]*${run}[\\w .,-]*)$`);
  }

  /** The request as the cloud is to get it. */
  reveal(request: RawRequest): RawRequest {
    return mapTexts(request, (text) =>
      text
        .replace(TOKEN, (token) => this.#real.get(token) ?? token)
        .replaceAll(new RegExp(`\\b${SHOWN_BLOCK}\\.(?=\\d)`, 'g'), `${this.#block}.`),
    ) as RawRequest;
  }

  /** The answer as the probe is to get it. */
  hide({ status, headers, body }: RawAnswer): RawAnswer {
    const requestId = headers['x-bce-request-id'];
    return {
      status,
      headers: requestId === undefined ? {} : { 'x-bce-request-id': requestId },
      body: typeof body === 'object' && body !== null ? this.#object(body) : body === undefined ? undefined : '<text>',
    };
  }

  /** What stands for a real id or account; the same each time. */
  shownFor(real: string, kind: string): string {
    const known = this.#shown.get(real);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const token = `<${kind}-${count}>`;
    this.#shown.set(real, token);
    this.#real.set(token, real);
    return token;
  }

  #object(object: object): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(object)) {
      const shown: unknown = Array.isArray(value) ? this.#list(name, value) : this.#member(name, value);
      if (shown !== undefined) out[name] = shown;
    }
    return out;
  }

  #list(name: string, items: readonly unknown[]): readonly unknown[] {
    return items.flatMap((item): unknown[] => {
      if (typeof item === 'object' && item !== null) return this.#isOurs(item) ? [this.#object(item)] : [];
      const shown = this.#member(name, item);
      return shown === undefined ? [] : [shown];
    });
  }

  /** A row about something of the run's, or about nothing that has an id. */
  #isOurs(row: object): boolean {
    const ids = Object.entries(row).flatMap(([name, value]) =>
      this.#kindOf(name) === 'id' && typeof value === 'string' && value !== '' ? [value] : [],
    );
    return ids.length === 0 || ids.some((id) => this.#shown.has(id));
  }

  #kindOf(name: string): Kind | undefined {
    return Object.hasOwn(this.#members, name) ? this.#members[name] : undefined;
  }

  #member(name: string, value: unknown): unknown {
    if (typeof value === 'object' && value !== null) return this.#object(value);
    const kind = this.#kindOf(name);
    if (kind === undefined || value === undefined) return undefined;
    if (kind === 'account' && (typeof value === 'string' || typeof value === 'number'))
      return this.shownFor(String(value), 'account');
    if (typeof value !== 'string') return value;
    if (value === '') return '';
    if (kind === 'id') return this.shownFor(value, /^([a-z]+)-/.exec(value)?.[1] ?? 'id');
    if (kind === 'address') {
      const ours = value.startsWith(`${this.#block}.`);
      return ours ? `${SHOWN_BLOCK}${value.slice(this.#block.length)}` : undefined;
    }
    if (kind === 'text') return this.#ownText.test(value) ? value : '<text>';
    return WORD.test(value) && !this.#shown.has(value) ? value : '<text>';
  }
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapTexts(inner, change)]));
}
