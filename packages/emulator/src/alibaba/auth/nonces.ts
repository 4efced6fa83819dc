/** Remembers signature nonces for a while, oldest first, so that a replayed request can be told from a new one. */

/** More than any run sends within the retention time; beyond it the oldest are forgotten, so that memory stays flat. */
const MOST = 200_000;

export class NonceMemory {
  readonly #expiry = new Map<string, number>();

  /** False when the nonce has been used within its retention time. */
  use(nonce: string, now: number, retentionMs: number): boolean {
    for (const [known, expiresAt] of this.#expiry) {
      if (expiresAt > now && this.#expiry.size < MOST) break;
      this.#expiry.delete(known);
    }
    // asked for itself as well: the retention time may have been shortened since older ones came
    if ((this.#expiry.get(nonce) ?? now) > now) return false;
    this.#expiry.delete(nonce);
    this.#expiry.set(nonce, now + retentionMs);
    return true;
  }
}
