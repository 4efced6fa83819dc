/** The sockets of one client, kept open, and through a proxy where one is named; and what comes out of them. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Proxy } from '@peerway/core';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** The largest page that the service gives is a few megabytes. */
const MAX_ANSWER_MEGABYTES = 64;

const POOL = { keepAlive: true, maxSockets: 32 };

export interface Agents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/** Plain http goes to loopback only, and so past any proxy. */
export const agentsFor = (proxy: Proxy | undefined): Agents => ({
  httpAgent: new HttpAgent(POOL),
  httpsAgent: proxy === undefined ? new HttpsAgent(POOL) : new HttpsProxyAgent(proxy.url, POOL),
});

/** @throws Error, which the SDK hands on, for an answer without end: the SDK itself reads on */
export async function bytesOf(answer: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_MEGABYTES * 1024 * 1024)
      throw Object.assign(new Error(), { code: `it is larger than ${MAX_ANSWER_MEGABYTES} MB` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
