/** Asks an address whether anybody is there, without keys: any HTTP answer will do, and its Date header tells the time there. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface ProbeAnswer {
  /** Milliseconds since the epoch, in whole seconds; absent when the answer names no date. */
  readonly date?: number;
}

/** Undefined when nobody answers within 5 s. */
export function probe(endpoint: string, signal: AbortSignal): Promise<ProbeAnswer | undefined> {
  return new Promise((resolve) => {
    const send = endpoint.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(endpoint, { method: 'GET', signal, timeout: 5_000, agent: false }, (response) => {
      response.resume();
      const date = Date.parse(response.headers.date ?? '');
      resolve(Number.isNaN(date) ? {} : { date });
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
    request.end();
  });
}
