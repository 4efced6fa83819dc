/** Signature ACS3-HMAC-SHA256, over method, query, signed headers and body hash (docs/facts/alibaba.md 1.6, vector there). */
import { createHash, createHmac } from 'node:crypto';
import type { WireRequest } from '../../machine/cloud.js';
import { canonicalQuery, decodePairs } from '../wire/percentEncoding.js';

const ALGORITHM_V3 = 'ACS3-HMAC-SHA256';

export interface AuthorizationV3 {
  readonly accessKeyId: string;
  /** Lower case, in the order in which the client lists them. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** Reads the Authorization header; undefined when it is not of this form. */
export function parseAuthorizationV3(header: string): AuthorizationV3 | undefined {
  const match =
    /^ACS3-HMAC-SHA256\s+Credential=([^,\s]+)\s*,\s*SignedHeaders=([^,\s]*)\s*,\s*Signature=([0-9a-fA-F]+)\s*$/.exec(
      header,
    );
  const [, accessKeyId, headers, signature] = match ?? [];
  if (accessKeyId === undefined || headers === undefined || signature === undefined) return undefined;
  const signedHeaders = headers.split(';').map((name) => name.toLowerCase());
  return { accessKeyId, signedHeaders, signature: signature.toLowerCase() };
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

/**
 * The canonical headers come from the request's own list of signed headers, never from a fixed one; the payload hash is
 * that of the body that arrived, whatever the x-acs-content-sha256 header says.
 */
export function stringToSignV3(request: WireRequest, signedHeaders: readonly string[]): string {
  const names = [...signedHeaders].sort();
  const canonicalRequest = [
    request.method.toUpperCase(),
    '/',
    canonicalQuery(decodePairs(request.query)),
    ...names.map((name) => `${name}:${(request.headers[name] ?? '').trim()}`),
    '',
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
  return `${ALGORITHM_V3}\n${sha256(canonicalRequest)}`;
}

export function signatureV3(secret: string, stringToSign: string): string {
  return createHmac('sha256', secret).update(stringToSign).digest('hex');
}
