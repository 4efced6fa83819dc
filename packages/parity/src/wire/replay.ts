/** A recording in the place of a cloud: the same questions in the same order get the same answers, at the same times. */
import { PeerwayError, Redactor, type Clock, type RawAnswer, type RawRequest } from '@peerway/core';
import type { Exchange } from '../evidence.js';
import type { PartyKey, Wire } from './parties.js';

export class Replay implements Wire {
  #left: Exchange[] = [];
  #now = 0;

  /** The time of the recording; nothing is waited for. */
  readonly clock: Clock = {
    now: () => this.#now,
    sleep: async () => this.#toNext(),
    during: (work) => work,
  };

  /** What is played from now on. */
  load(exchanges: readonly Exchange[]): void {
    this.#left = [...exchanges];
    this.#toNext();
  }

  /** @throws PeerwayError `FailedPrecondition` when the recording goes on otherwise: the probe was changed since */
  async ask(party: PartyKey, request: RawRequest): Promise<RawAnswer> {
    const next = this.#left.shift();
    if (next === undefined || next.party !== party || canonical(next.asked) !== canonical(request)) {
      throw new PeerwayError(
        'FailedPrecondition',
        `The recording goes on with ${next?.asked.operation ?? 'nothing'} where ${request.operation} is asked`,
        { remedy: 'The probes were changed since it was made; record it anew.' },
      );
    }
    this.#now = Date.parse(next.at) + next.tookMs;
    if (next.status === undefined) throw new PeerwayError('Unavailable', `${request.operation} got no answer then`);
    const headers: Record<string, string> = next.requestId === undefined ? {} : { 'x-bce-request-id': next.requestId };
    return { status: next.status, headers, body: next.answer };
  }

  /** Whether everything was asked for. */
  get spent(): boolean {
    return this.#left.length === 0;
  }

  #toNext(): void {
    const [next] = this.#left;
    if (next !== undefined) this.#now = Math.max(this.#now, Date.parse(next.at));
  }
}

const redactor = new Redactor();

/** As a file holds it: what looks like a secret is struck out there, also a token that a probe has made up. */
const canonical = (value: unknown): string =>
  redactor.redact(
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
        : inner,
    ),
  );
