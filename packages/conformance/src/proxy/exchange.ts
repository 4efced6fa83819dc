/** One request and its answer as the proxy passes them on, and what may stand between the two. */

export interface ProxiedRequest {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly path: string;
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ProxiedAnswer {
  readonly status: number;
  /** By lower-case names. `content-length` is the proxy's to set. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** Hands a request on: to the next manner, and at last to the server. */
export type Forward = (request: ProxiedRequest) => Promise<ProxiedAnswer>;

/**
 * A manner of the cloud that the server behind the proxy lacks: changes the request, the answer or both, or answers by itself. It
 * may keep what it has seen; a manner belongs to one proxy.
 */
export type Manner = (request: ProxiedRequest, forward: Forward) => Promise<ProxiedAnswer>;

/** The manners one inside the other, the first one outermost. */
export const through = (manners: readonly Manner[], server: Forward): Forward =>
  manners.reduceRight<Forward>((forward, manner) => (request) => manner(request, forward), server);
