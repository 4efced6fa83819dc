/** Keeps secrets out of every text that leaves the process. */

const MASK = '[secret]';
/** Shorter strings would mask ordinary words. */
const MIN_LENGTH = 6;
/** Parameters whose values are secret wherever they stand, in a query, a header or JSON. */
const NAMED =
  /((?:access_?key_?secret|secret_?access_?key|security_?token|session_?token|x-bce-security-token|signature|authorization|password)["']?\s*[=:]\s*["']?)([^\s"'&,;}]+)/gi;

export class Redactor {
  readonly #secrets = new Set<string>();

  /** Registers a value that must never be shown; ignores texts too short to be a secret. */
  add(secret: string | undefined): void {
    if (secret === undefined || secret.length < MIN_LENGTH) return;
    this.#secrets.add(secret);
    this.#secrets.add(encodeURIComponent(secret));
  }

  redact(text: string): string {
    let out = text;
    for (const secret of this.#secrets) out = out.replaceAll(secret, MASK);
    return out.replace(NAMED, `$1${MASK}`);
  }
}
