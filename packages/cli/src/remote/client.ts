/** A server of `peerway serve` as a client sees it: an address, a token that is never shown, and answers that are checked before use. */
import { ERROR_CODES, PeerwayError, checkEndpoint, type ErrorCode } from '@peerway/runtime';
import type { Session } from '../session.js';
import type { RemoteEvent } from './answers.js';
import { framesOf } from './frames.js';

/** An answer that does not come by then is not waited for. A look at the clouds may take long. */
const ANSWER_WITHIN_MS = 10 * 60_000;
/** Pauses before a request that got no answer is sent again. */
const PAUSES_MS = [500, 2_000, 5_000] as const;

/** For commands that work here without it: the variable alone sends no apply away. */
export const isRemote = ({ flags }: Session): boolean => flags.text('remote') !== undefined;

interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Sent again when no answer comes: reads, and what has an idempotency key. */
  readonly repeat?: boolean;
  /** Sent again also when the server answers that its host is away: what is followed goes on meanwhile. */
  readonly patient?: boolean;
  /** The members of the answer that must be lists. */
  readonly lists?: readonly string[];
}

export class RemoteClient {
  private constructor(
    readonly url: string,
    private readonly token: string,
    private readonly session: Session,
  ) {}

  /** @throws PeerwayError `InvalidArgument` without an address that a token may travel to; `Unauthenticated` without a token */
  static of(session: Session): RemoteClient {
    const { flags, io, redactor } = session;
    const given = flags.text('remote') ?? io.env['PEERWAY_REMOTE'] ?? '';
    const remedy = 'Give --remote https://host (or http://127.0.0.1:8090 on this machine), or set PEERWAY_REMOTE.';
    if (given === '') throw new PeerwayError('InvalidArgument', 'No server is named', { place: '--remote', remedy });
    const verdict = checkEndpoint(given);
    if ('message' in verdict) throw new PeerwayError('InvalidArgument', `--remote: ${verdict.message}`, { remedy });
    const token = io.env['PEERWAY_TOKEN'] ?? '';
    if (!/^[!-~]{1,200}$/.test(token)) {
      throw new PeerwayError('Unauthenticated', 'The variable PEERWAY_TOKEN holds no token', {
        place: 'PEERWAY_TOKEN',
        remedy:
          'Set it to a token that the server knows; there is no flag for it, because others can read a command line.',
      });
    }
    redactor.add(token);
    return new RemoteClient(verdict.url, token, session);
  }

  /**
   * The answer as data; `undefined` where there is none.
   * @throws PeerwayError what the server says; `Unavailable`; `Unknown` for an answer without a list that it must hold
   */
  async ask<T>(path: string, request: Request = {}): Promise<T> {
    const response = await this.#send(path, { repeat: (request.method ?? 'GET') === 'GET', ...request });
    if (response.status === 204) return undefined as T;
    const answer = (await this.#json(response)) as Readonly<Record<string, unknown>> | null;
    const missing = (request.lists ?? []).find((name) => !Array.isArray(answer?.[name]));
    if (missing === undefined) return answer as T;
    throw new PeerwayError('Unknown', `What ${this.url} answered holds no list of ${missing}`, {
      place: path,
      remedy: 'Check the address of --remote, and that the server is of the same version as this command.',
    });
  }

  /**
   * The events of a run until it has ended; a connection that is cut is taken up where it was.
   * @throws PeerwayError `Canceled` when the signal aborts
   */
  async *events(run: string, signal: AbortSignal): AsyncGenerator<RemoteEvent> {
    let last = 0;
    for (let failures = 0; ;) {
      try {
        const headers = last === 0 ? {} : { 'last-event-id': String(last) };
        const response = await this.#send(`/v1/runs/${encodeURIComponent(run)}/events`, { headers, signal });
        for await (const { event, data, id } of framesOf(response)) {
          if (event === 'end') return;
          if (event === 'problem') break;
          const told = JSON.parse(data) as RemoteEvent;
          failures = 0;
          if (id !== undefined) last = id;
          yield told;
        }
      } catch (thrown) {
        if (signal.aborted) throw canceled();
        if (thrown instanceof PeerwayError && thrown.code !== 'Unavailable') throw thrown;
      }
      const pause = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? 0;
      failures++;
      if (failures > 20) throw this.#unavailable('does not answer any more');
      await this.session.clock.sleep(pause, signal);
    }
  }

  async #send(
    path: string,
    { method = 'GET', body, headers = {}, signal, repeat = false, patient = false }: Request,
  ): Promise<Response> {
    for (let tries = 0; ; tries++) {
      const pause = repeat ? PAUSES_MS[tries] : undefined;
      try {
        const ends = [AbortSignal.timeout(ANSWER_WITHIN_MS), ...(signal === undefined ? [] : [signal])];
        const response = await fetch(`${this.url}${path}`, {
          method,
          // a token must not follow a redirection to somewhere else
          redirect: 'error',
          signal: path.endsWith('/events') ? (signal ?? null) : AbortSignal.any(ends),
          headers: {
            authorization: `Bearer ${this.token}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        if (response.ok) return response;
        const { error, isOurs } = await this.#refusal(response);
        // a server that answers has waited for its host already
        if (pause === undefined || (isOurs && !patient) || error.code !== 'Unavailable') throw error;
      } catch (thrown) {
        if (thrown instanceof PeerwayError) throw thrown;
        if (signal?.aborted === true) throw canceled();
        if (pause === undefined) throw this.#unavailable('does not answer');
      }
      await this.session.clock.sleep(pause, signal);
    }
  }

  async #refusal(response: Response): Promise<{ readonly error: PeerwayError; readonly isOurs: boolean }> {
    const said = (await this.#json(response).catch(() => undefined)) as Readonly<Record<string, unknown>> | undefined;
    const text = (name: string): string | undefined => {
      const value = said?.[name];
      return typeof value === 'string' ? value : undefined;
    };
    const code = ERROR_CODES.find((each) => each === text('code'));
    if (code === undefined) {
      // somebody else answers there: a proxy, another program
      const codes: Readonly<Record<number, ErrorCode>> = {
        401: 'Unauthenticated',
        403: 'PermissionDenied',
        404: 'NotFound',
      };
      const error = new PeerwayError(
        codes[response.status] ?? (response.status >= 500 ? 'Unavailable' : 'Unknown'),
        `What answers at ${this.url} is no server of peerway (HTTP ${response.status})`,
        { remedy: 'Check the address of --remote, and what stands between.' },
      );
      return { error, isOurs: false };
    }
    const [remedy, place, run] = [text('remedy'), text('place'), text('run')];
    const error = new PeerwayError(code, text('detail') ?? 'The server refuses', {
      ...(remedy === undefined ? {} : { remedy }),
      ...(place === undefined ? {} : { place }),
      ...(run === undefined ? {} : { resource: `run ${run}` }),
    });
    return { error, isOurs: true };
  }

  async #json(response: Response): Promise<unknown> {
    try {
      return await response.json();
    } catch {
      throw new PeerwayError('Unknown', `What ${this.url} answered is no JSON`, {
        remedy: 'Check the address of --remote, and what stands between.',
      });
    }
  }

  #unavailable(what: string): PeerwayError {
    return new PeerwayError('Unavailable', `The server at ${this.url} ${what}`, {
      remedy: 'Check that `peerway serve` runs there and that this machine reaches it.',
    });
  }
}

const canceled = (): PeerwayError => new PeerwayError('Canceled', 'Stopped waiting for the server');
