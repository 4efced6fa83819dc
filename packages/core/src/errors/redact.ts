/** Keeps secrets out of every text that leaves the process. */

const MASK = '[secret]';
/** Shorter strings would mask ordinary words. */
const MIN_LENGTH = 6;

/**
 * Parameters whose values are secret wherever they stand, in a query, a header, JSON or a string to sign (where `=` is
 * written `%3D`): Alibaba quotes the whole string to sign in the message of `SignatureDoesNotMatch`.
 */
const NAMED =
  /((?:access[-_]?key[-_]?secret|secret[-_]?(?:access[-_]?)?key|security[-_]?token|session[-_]?token|signature|password)["']?\s*(?:[=:]|%3D)\s*["']?)((?:(?!%26)[^\s"'&,;}])+)/gi;
/** The value of this header has blanks in it, so it is masked to the end of its line or string. */
const AUTHORIZATION = /(authorization["']?\s*[=:]\s*["']?)([^"'\r\n}]+)/gi;

/** Secrets of one run. Whoever reads a secret registers it here before anything can fail. */
export class Redactor {
  /** Every spelling of every secret, longest first: one secret may be a part of another. */
  #spellings: readonly string[] = [];

  /** Registers a value that must never be shown; ignores absent values and texts too short to be a secret (below 6). */
  add(secret: string | undefined): void {
    if (secret === undefined || secret.length < MIN_LENGTH) return;
    const encoded = percentEncode(secret);
    const spellings = [
      ...this.#spellings,
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      encoded,
      percentEncode(encoded), // inside a string to sign
    ];
    this.#spellings = [...new Set(spellings)].sort((a, b) => b.length - a.length);
  }

  /** The text with every registered secret, and every value of a parameter known to be secret, replaced by `[secret]`. */
  redact(text: string): string {
    let out = text;
    for (const spelling of this.#spellings) out = out.replaceAll(spelling, MASK);
    return out.replace(AUTHORIZATION, `$1${MASK}`).replace(NAMED, `$1${MASK}`);
  }
}

/** Both clouds escape everything but the unreserved characters of RFC 3986; `encodeURIComponent` leaves five more. */
const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
