/** The sockets of one client: kept open, and through a proxy where one is named. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Proxy } from '@peerway/core';
import { HttpsProxyAgent } from 'https-proxy-agent';

export function agentFor(endpoint: string, proxy: Proxy | undefined): HttpAgent {
  const pool = { keepAlive: true, maxSockets: 32 };
  if (proxy !== undefined) return new HttpsProxyAgent(proxy.url, pool);
  return endpoint.startsWith('http://') ? new HttpAgent(pool) : new HttpsAgent(pool);
}
