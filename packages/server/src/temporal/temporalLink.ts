/** The way to Temporal of those who order and show runs. A server that is slow is waited for; one that does not answer is not. */
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { isPeerwayError, PeerwayError, type Clock } from '@peerway/core';
import type { PackingCodec } from './codec.js';
import { connectionOptions, engineAddress, payloadCodec } from './connection.js';

/** What takes longer is doubted: the server is asked whether it is there. */
const DOUBT_AFTER_MS = 1_000;
/** A server that does not say so by then is not there. With the above: how long anybody waits for an answer of 503. */
const SAYS_SO_WITHIN_MS = 1_200;
/** Of a request that fails because nobody answers; the first again after 0.2 s, the last after a second. */
const ATTEMPTS = 4;
/** Else a channel that was cut for long is tried again after two minutes. */
const RECONNECT_WITHIN_MS = 2_000;

export interface TemporalLinkOptions {
  /** `temporal://host:port/namespace`. */
  readonly engine: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
}

export class TemporalLink {
  readonly client: Client;
  readonly codec: PackingCodec;
  readonly #connection: Connection;
  readonly #clock: Clock;
  #asking: Promise<void> | undefined;

  /** Connects when it is first asked. @throws PeerwayError `InvalidArgument` for an address or key that is none */
  constructor({ engine, env, clock }: TemporalLinkOptions) {
    const address = engineAddress(engine);
    this.#clock = clock;
    this.codec = payloadCodec(env);
    this.#connection = Connection.lazy({
      ...connectionOptions(address, env),
      interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: ATTEMPTS }))],
      channelArgs: {
        'grpc.initial_reconnect_backoff_ms': 200,
        'grpc.max_reconnect_backoff_ms': RECONNECT_WITHIN_MS,
      },
    });
    this.client = new Client({
      connection: this.#connection,
      namespace: address.namespace,
      dataConverter: { payloadCodecs: [this.codec] },
    });
  }

  /** @param signal ends the requests of the work. @throws PeerwayError `Unavailable` when Temporal does not answer; what the work throws of ours */
  async ask<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const over = new AbortController();
    const ends = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
    try {
      return await Promise.race([this.#connection.withAbortSignal(ends, work), this.#lost(over.signal)]);
    } catch (error) {
      throw isPeerwayError(error) ? error : unreachable(error);
    } finally {
      over.abort();
    }
  }

  /** What takes longer than this is given up with gRPC's CANCELLED or DEADLINE_EXCEEDED. */
  within<T>(ms: number, work: () => Promise<T>): Promise<T> {
    return this.#connection.withDeadline(this.#clock.now() + ms, work);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /** Rejects when the server does not answer, or whoever waits has gone. */
  async #lost(over: AbortSignal): Promise<never> {
    for (;;) {
      await this.#clock.sleep(DOUBT_AFTER_MS, over);
      this.#asking ??= this.#isThere().finally(() => (this.#asking = undefined));
      await this.#asking;
    }
  }

  /** Once for all who doubt at a time. */
  async #isThere(): Promise<void> {
    const over = new AbortController();
    const tooLong = this.#clock.sleep(SAYS_SO_WITHIN_MS, over.signal).then(() => {
      throw new NoAnswer();
    });
    try {
      const asked = this.#connection.withAbortSignal(over.signal, () => this.client.workflowService.getSystemInfo({}));
      await Promise.race([asked, tooLong]);
    } finally {
      over.abort();
    }
  }
}

class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** Of an error of Temporal's client nothing but its kind is kept. */
function unreachable(error: unknown): PeerwayError {
  const kind = error instanceof Error ? error.name : typeof error;
  return new PeerwayError('Unavailable', `Temporal cannot be asked (${kind})`, {
    remedy: 'Check that its server runs and can be reached, and that the namespace exists.',
  });
}
