/** The sockets of one product: kept open, through a proxy where one is named, and with a bound on what an answer may weigh. */
import { Agent as HttpAgent, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Proxy } from '@peerway/core';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** The largest page that the services give is far below one megabyte. */
const MAX_ANSWER_MEGABYTES = 64;

/** Code of the error that an answer beyond the bound ends with. */
export const ANSWER_TOO_LARGE = 'ANSWER_TOO_LARGE';
export const ANSWER_BOUND = `${MAX_ANSWER_MEGABYTES} MB`;

export function agentFor(endpoint: string, proxy: Proxy | undefined): HttpAgent {
  const pool = { keepAlive: true };
  // only https goes through a proxy; said so, the agent need not guess it and finds its open tunnels again
  if (proxy !== undefined) return bounded(new HttpsProxyAgent(proxy.url, pool), { secureEndpoint: true });
  return bounded(endpoint.startsWith('http://') ? new HttpAgent(pool) : new HttpsAgent(pool));
}

/** Node's types leave this member out; every agent library is built on it. */
interface TakesRequests {
  addRequest(request: ClientRequest, options: object): void;
}

/** The vendor's library reads an answer whole, however much it is, and takes no limit: so every response is bounded on its way to it. */
function bounded<A extends HttpAgent>(agent: A, more: object = {}): A {
  const requests = agent as unknown as TakesRequests;
  const add = requests.addRequest.bind(agent);
  requests.addRequest = (request, options) => {
    request.once('response', bound);
    add(request, { ...options, ...more });
  };
  return agent;
}

function bound(response: IncomingMessage): void {
  // we never ask for compression; a few kilobytes of it could become gigabytes
  delete response.headers['content-encoding'];
  const push = response.push.bind(response);
  let bytes = 0;
  response.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (Buffer.isBuffer(chunk)) bytes += chunk.length;
    if (bytes <= MAX_ANSWER_MEGABYTES * 1024 * 1024) return push(chunk, encoding);
    response.destroy(Object.assign(new Error('answer too large'), { code: ANSWER_TOO_LARGE }));
    return false;
  };
}
