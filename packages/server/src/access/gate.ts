/** A request's Authorization header → who asks, or why not. */
import { PeerwayError, type Clock } from '@peerway/core';
import { AuthFailures } from './failures.js';
import type { Caller } from './scope.js';
import { callerOf, hashOf } from './token.js';
import type { TokenFile } from './tokenFile.js';

/** Tokens that were good are still looked at when their place may not try others. */
const MOST_KNOWN = 10_000;

export class Gate {
  readonly #failures: AuthFailures;
  readonly #good = new Set<string>();
  #failed = 0;

  constructor(
    private readonly file: TokenFile,
    private readonly clock: Clock,
  ) {
    this.#failures = new AuthFailures(() => clock.now());
  }

  /** Requests with a wrong token since the start. */
  get failed(): number {
    return this.#failed;
  }

  /**
   * @param place whoever shares it shares the allowance of wrong tokens
   * @throws PeerwayError `Unauthenticated`; `Throttled` with `retryAfterMs` after too many wrong ones
   */
  async admit(authorization: string | undefined, place: string): Promise<Caller> {
    const token = /^Bearer ([!-~]{1,200})$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw unauthenticated('The request shows no bearer token');
    const key = hashOf(token).toString('base64');
    const waitMs = this.#good.has(key) ? 0 : this.#failures.waitMs(place);
    if (waitMs > 0) {
      this.#failed++;
      throw new PeerwayError('Throttled', 'Too many wrong tokens came from there', {
        retryAfterMs: waitMs,
        remedy: `Wait ${Math.ceil(waitMs / 1_000)} s, and check the token.`,
      });
    }
    const caller = callerOf(token, await this.file.entries(), this.clock.now());
    if (caller === undefined) {
      this.#failed++;
      this.#good.delete(key);
      this.#failures.add(place);
      throw unauthenticated('The token is not known, or has expired');
    }
    if (this.#good.size >= MOST_KNOWN) this.#good.clear();
    this.#good.add(key);
    return caller;
  }
}

const unauthenticated = (message: string): PeerwayError =>
  new PeerwayError('Unauthenticated', message, {
    remedy:
      'Send the header `Authorization` with the word Bearer and a token that the file of tokens names and that has not expired.',
  });
