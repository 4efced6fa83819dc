/** Asks a live cloud through the mask and writes down what passes. */
import type { Clock, RawAnswer, RawRequest } from '@peerway/core';
import type { Exchange } from '../evidence.js';
import type { Mask } from './mask.js';
import type { PartyKey, Wire } from './parties.js';

export class Recorder implements Wire {
  readonly #live: Wire;
  readonly #mask: Mask;
  readonly #clock: Clock;
  #exchanges: Exchange[] = [];

  constructor(live: Wire, mask: Mask, clock: Clock) {
    this.#live = live;
    this.#mask = mask;
    this.#clock = clock;
  }

  async ask(party: PartyKey, asked: RawRequest): Promise<RawAnswer> {
    const startedAt = this.#clock.now();
    const sent = { at: new Date(startedAt).toISOString(), party, asked };
    let answer: RawAnswer;
    try {
      answer = this.#mask.hide(await this.#live.ask(party, this.#mask.reveal(asked)));
    } catch (error) {
      this.#exchanges.push({ ...sent, tookMs: this.#clock.now() - startedAt });
      throw error;
    }
    const { status, headers, body } = answer;
    const requestId = headers['x-bce-request-id'] ?? (body as { RequestId?: string } | undefined)?.RequestId;
    this.#exchanges.push({
      ...sent,
      tookMs: this.#clock.now() - startedAt,
      status,
      ...(requestId === undefined ? {} : { requestId }),
      ...(body === undefined ? {} : { answer: body }),
    });
    return answer;
  }

  /** What passed since the last time. */
  take(): readonly Exchange[] {
    const taken = this.#exchanges;
    this.#exchanges = [];
    return taken;
  }
}
