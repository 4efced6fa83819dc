/**
 * The untyped escape hatch: one request in the cloud's own words, signed by the driver, and its answer as it came. For operations that
 * no driver knows, and for asking a cloud what it does with a request that no driver would send.
 */
import { NativeToken } from './native.js';

export interface RawRequest {
  /** The vendor's name of the operation. Where a cloud has several products behind RPC: `<product>.<action>`, e.g. `Vpc.CreateVpc`. */
  readonly operation: string;
  /** Default `POST`. RPC clouds take no other. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Whole, e.g. `/v1/vpc`. Default `/`. RPC clouds take no other. */
  readonly path?: string;
  /**
   * Parameters before any encoding; a flag has the value ''. On RPC clouds lists and objects are already flat (`Tag.1.Key`), and what the
   * driver would add itself (`Version`, `Timestamp`, `SignatureNonce`) is replaced by what stands here.
   */
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Besides those that the driver sends; signed like them. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signing?: {
    /** How far from now the request is dated. Default 0. */
    readonly skewMs?: number;
    /** For how long the signature is said to hold; clouds that do not say it ignore this. */
    readonly lifetimeSeconds?: number;
    /** Names of headers that the signature leaves out. */
    readonly unsigned?: readonly string[];
  };
}

export interface RawAnswer {
  readonly status: number;
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed where it is JSON (integers beyond 15 digits as their text), the text where it is something else, undefined where it is empty. */
  readonly body: unknown;
}

/** One request each: no retry, no validation, no reading of the answer. */
export interface RawApi {
  /** @throws PeerwayError when no whole answer came (`Unavailable`, `Canceled`), or no keys were found; never for what the answer says */
  send(request: RawRequest, options?: { readonly signal?: AbortSignal }): Promise<RawAnswer>;
}

/** Offered by the drivers of Alibaba Cloud and Baidu AI Cloud. */
export const rawApi = new NativeToken<RawApi>('raw');
