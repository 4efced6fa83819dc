/** Keys by which a client that heard no answer orders the same run again, and not a second one. */
import { createHash } from 'node:crypto';
import { PeerwayError } from '@peerway/core';
import type { SubmitRun } from '../runs/requests.js';
import { Refusal } from './problem.js';

const MOST = 10_000;

export class IdempotencyKeys {
  /** What was asked for by which key, while this process lives: the same key for something else is a mistake worth telling. */
  readonly #asked = new Map<string, string>();

  /**
   * The key as the service gets it: one caller's says nothing about another's.
   * @throws PeerwayError `InvalidArgument` for a key of another form, or that was used for another request
   */
  keyOf(caller: string, request: SubmitRun, key: string): string {
    if (!/^[!-~]{1,100}$/.test(key)) {
      throw new PeerwayError('InvalidArgument', 'The idempotency key is not 1 to 100 visible characters', {
        place: 'Idempotency-Key',
        remedy: 'Send a UUID, for example.',
      });
    }
    const own = digestOf([caller, request.stack, key]);
    const what = digestOf(Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1)));
    const before = this.#asked.get(own);
    if (before !== undefined && before !== what) {
      throw new Refusal('InvalidArgument', 'The idempotency key was used for another request', {
        remedy: 'Choose another key for another run.',
        status: 422,
      });
    }
    if (this.#asked.size >= MOST) this.#asked.clear();
    this.#asked.set(own, what);
    return own;
  }
}

const digestOf = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');
