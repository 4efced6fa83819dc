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
    const spellings = new Set([...this.#spellings, ...spellingsOf(secret)]);
    this.#spellings = [...spellings].sort((a, b) => b.length - a.length);
  }

  /** The text with every registered secret, and every value of a parameter known to be secret, replaced by `[secret]`. */
  redact(text: string): string {
    let out = text;
    for (const spelling of this.#spellings) out = out.replaceAll(spelling, MASK);
    return out.replace(AUTHORIZATION, `$1${MASK}`).replace(NAMED, `$1${MASK}`);
  }
}

/** Everything that a secret may look like in a text, with no key name beside it: as it is, in JSON, in an address, in a form. */
function spellingsOf(secret: string): string[] {
  const text = secret.replace(/\p{Surrogate}/gu, '\ufffd'); // half of a pair of code units cannot be encoded
  const json = inJson(text);
  const jsons = [json, json.replaceAll('/', '\\/'), json.replace(/[^ -~]/g, escapeUnit)];
  const form = new URLSearchParams({ x: text }).toString().slice('x='.length);
  const percent = [encodeURIComponent(text), percentEncode(text), form];
  const nested = [...jsons.map(inJson), percentEncode(percentEncode(text))]; // an answer in an answer, a string to sign
  const small = percent.map((encoded) => encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  return [secret, ...jsons, ...percent, ...nested, ...small];
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Both clouds escape everything but the unreserved characters of RFC 3986; `encodeURIComponent` leaves five more. */
const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
