/** Remembers signature nonces for a while, oldest first, so that a replayed request can be told from a new one. */
export class NonceMemory {
  readonly #expiry = new Map<string, number>();

  /** False when the nonce has been used within its retention time. */
  use(nonce: string, now: number, retentionMs: number): boolean {
    for (const [known, expiresAt] of this.#expiry) {
      if (expiresAt > now) break;
      this.#expiry.delete(known);
    }
    if (this.#expiry.has(nonce)) return false;
    this.#expiry.set(nonce, now + retentionMs);
    return true;
  }
}
