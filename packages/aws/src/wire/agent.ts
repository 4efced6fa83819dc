/** The sockets of one client: kept open, and through a proxy where one is named. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Proxy } from '@peerway/core';
import { HttpsProxyAgent } from 'https-proxy-agent';

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
