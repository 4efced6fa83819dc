/** The way to a live cloud: one request after the other, and again after a pause when the cloud asks for one. */
import { PeerwayError, type Clock, type RawAnswer, type RawRequest } from '@peerway/core';
import type { Parties, PartyKey, Wire } from './parties.js';

const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 16_000] as const;
const BUSY = /^(Throttling|TooManyRequests|RateLimit|ServiceUnavailable|RequestLimitExceeded)/i;

export class LiveWire implements Wire {
  readonly #parties: Parties;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;

  /** @param signal ends what is under way and all that follows */
  constructor(parties: Parties, clock: Clock, signal?: AbortSignal) {
    this.#parties = parties;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** @throws PeerwayError when no answer came, after as many tries as a throttled request has */
  async ask(key: PartyKey, request: RawRequest): Promise<RawAnswer> {
    const party = this.#parties[key];
    if (party === undefined) throw new PeerwayError('InvalidArgument', `There is no party ${key} in this run`);
    for (const pause of PAUSES_MS) {
      const answer = await this.#clock.during(
        party.raw.send(request, this.#signal === undefined ? {} : { signal: this.#signal }),
      );
      if (!isBusy(answer)) return answer;
      await this.#clock.sleep(pause, this.#signal);
    }
    throw new PeerwayError('Throttled', `${request.operation} was put off ${PAUSES_MS.length} times`, {
      remedy: 'Run it when the account is quiet, then go on with --resume.',
    });
  }
}

const isBusy = ({ status, body }: RawAnswer): boolean => {
  const { Code, code } = (typeof body === 'object' && body !== null ? body : {}) as { Code?: unknown; code?: unknown };
  const said = typeof Code === 'string' ? Code : typeof code === 'string' ? code : '';
  return status === 429 || (status >= 400 && BUSY.test(said));
};
