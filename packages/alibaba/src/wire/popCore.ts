/** The vendor's library as it is used here: its types told rightly, one client and its sockets per product, and what it throws taken apart. */
import type { Agent } from 'node:http';
import PopCore from '@alicloud/pop-core';
import { connectionTo, proxyFor, type Connection, type Redactor } from '@peerway/core';
import { agentFor } from './agent.js';
import type { Credentials } from './credentials.js';
import { API_VERSIONS, endpointOf, type Product } from './regions.js';

export interface PopEntry {
  readonly response: {
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, string | undefined>>;
  } | null;
}

interface PopClient {
  request(action: string, parameters: object, options: object): Promise<readonly [unknown, PopEntry]>;
}

/** The package's types know neither `credentialsProvider` nor the second constructor argument. */
const RpcClient = PopCore as unknown as new (
  config: {
    readonly endpoint: string;
    readonly apiVersion: string;
    readonly credentialsProvider: { getCredentials(): Promise<object> };
    readonly codes: readonly string[];
  },
  verbose: true,
) => PopClient;

/** Passing a dry run is answered with this code, on VpcPeer with a status that is not documented. It is success. */
export const DRY_RUN_PASSED = 'DryRunOperation';

export interface Line {
  readonly client: PopClient;
  readonly agent: Agent;
  readonly connection: Connection;
}

export interface LineSettings {
  readonly region: string;
  /** Replaces the addresses of both products. */
  readonly endpoint?: string;
  readonly credentials: Credentials;
  /** Gets the password of a proxy. */
  readonly redactor: Redactor;
  /** For HTTPS_PROXY and NO_PROXY. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function lineOf(product: Product, settings: LineSettings): Line {
  const endpoint = endpointOf(product, settings.region, settings.endpoint);
  const proxy = proxyFor(endpoint, settings.env);
  if (proxy !== undefined) settings.redactor.add(decodeURIComponent(proxy.url.password));
  const client = new RpcClient(
    {
      endpoint,
      apiVersion: API_VERSIONS[product],
      credentialsProvider: { getCredentials: () => settings.credentials.get() },
      codes: [DRY_RUN_PASSED],
    },
    true,
  );
  return { client, agent: agentFor(endpoint, proxy), connection: connectionTo(endpoint, proxy) };
}

interface PopError {
  readonly data?: unknown;
  readonly entry?: PopEntry;
  readonly code?: string;
}

export function popErrorOf(thrown: unknown): PopError {
  if (typeof thrown !== 'object' || thrown === null) return {};
  const { data, entry, code } = thrown as PopError;
  return {
    ...(data === undefined ? {} : { data }),
    ...(entry === undefined ? {} : { entry }),
    ...(typeof code === 'string' ? { code } : {}),
  };
}
