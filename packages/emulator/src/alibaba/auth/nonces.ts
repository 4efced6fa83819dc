/** Remembers signature nonces for a while, oldest first, so that a replayed request can be told from a new one. */
export class NonceMemory {
  readonly #expiry = new Map<string, number>();

  /** False when the nonce has been used within its retention time. */
  use(nonce: string, now: number, retentionMs: number): boolean {
    for (const [known, expiresAt] of this.#expiry) {
      if (expiresAt > now) break;
      this.#expiry.delete(known);
    }
    // asked for itself as well: the retention time may have been shortened since older ones came
    if ((this.#expiry.get(nonce) ?? now) > now) return false;
    this.#expiry.delete(nonce);
    this.#expiry.set(nonce, now + retentionMs);
    return true;
  }
}
