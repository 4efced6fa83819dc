/** One request to the cloud: announced, sent, its answer read, its error translated. */
import { NativeToken, PeerwayError, type Call } from '@peerway/core';
import type { Cloud } from './cloud.js';
import type { WireAnswer } from './wire.js';
import { fromFailure, inDoubt, noAnswer } from './errors.js';

export class TinyClient {
  readonly #cloud: Cloud;
  readonly #login: { readonly key: string; readonly secret: string; readonly region: string };

  constructor(cloud: Cloud, login: { readonly key: string; readonly secret: string; readonly region: string }) {
    this.#cloud = cloud;
    this.#login = login;
  }

  /** Sends an action of the cloud and returns its result. */
  async send<T>(action: string, params: Readonly<Record<string, unknown>>, call: Call): Promise<T> {
    const mutating = !/^(Get|List)/.test(action);
    const answered = await call.admit({ nativeOperation: action, mutating });
    let answer: WireAnswer;
    try {
      answer = await this.#cloud.send({ ...this.#login, action, params, signal: call.signal });
    } catch {
      answered({ durationMs: 0 });
      const details = { nativeOperation: action, ...inDoubt(mutating) };
      if (call.signal.aborted) throw new PeerwayError('Canceled', `${action} was canceled`, details);
      throw noAnswer(`${action} got no answer`, details);
    }
    answered({ httpStatus: answer.status, durationMs: 0 });
    const details = { nativeOperation: action, httpStatus: answer.status };
    const body = parse(answer.body);
    if (body === undefined)
      throw noAnswer(`${action} got an answer that is not JSON`, { ...details, ...inDoubt(mutating) });
    if (body.error !== undefined) throw fromFailure(body.error, { ...details, requestId: body.request ?? '' });
    return body as T;
  }
}

/** The escape hatch: `provider.native(tinyClient)`. */
export const tinyClient = new NativeToken<TinyClient>('tiny client');

interface Body {
  readonly error?: { readonly code: string; readonly message: string };
  readonly request?: string;
}

function parse(text: string): Body | undefined {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return undefined;
  }
}
