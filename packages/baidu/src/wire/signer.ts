/**
 * bce-auth-v1, the signature of every Baidu AI Cloud request. Our own because the vendor's JavaScript signer encodes
 * neither query keys nor the path. Proven by the vectors of docs/facts/baidu.md 1.6 (vendor's page and SDK tests) and, in
 * the tests, by the vendor's own `Auth` class.
 */
import { createHmac } from 'node:crypto';

export interface SigningKeys {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

export interface SignableRequest {
  /** Upper case. */
  readonly method: string;
  /** Path before any encoding, e.g. `/v1/peerconn/peerconn-9td54fmx143e`. */
  readonly path: string;
  /** Pairs before any encoding; a flag without a value has the value ''. The same key may stand twice. */
  readonly query: readonly (readonly [key: string, value: string])[];
  /** The headers to sign. Those whose trimmed value is empty are left out. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Signature {
  readonly authorization: string;
  readonly canonicalRequest: string;
}

/** How long a signature stays good, in seconds; what every SDK of the vendor uses. */
const SIGNATURE_LIFETIME_SECONDS = 1_800;

/**
 * @param epochMs instant of signing; must be the one sent in `x-bce-date`
 * @returns `authorization` naming the signed headers in sorted order
 */
export function sign(
  keys: SigningKeys,
  request: SignableRequest,
  epochMs: number,
  lifetimeSeconds: number = SIGNATURE_LIFETIME_SECONDS,
): Signature {
  const prefix = `bce-auth-v1/${keys.accessKeyId}/${bceDate(epochMs)}/${lifetimeSeconds}`;
  // the second HMAC is keyed with the hexadecimal text of the first, not with its bytes
  const signingKey = hmacHex(keys.accessKeySecret, prefix);
  const headers = Object.entries(request.headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .filter(([name, value]) => value !== '' && name !== 'authorization');
  const canonicalRequest = [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query),
    headers
      .map(([name, value]) => `${uriEncode(name)}:${uriEncode(value)}`)
      .sort(byBytes)
      .join('\n'),
  ].join('\n');
  const signedHeaders = headers
    .map(([name]) => name)
    .sort(byBytes)
    .join(';');
  return { authorization: `${prefix}/${signedHeaders}/${hmacHex(signingKey, canonicalRequest)}`, canonicalRequest };
}

/** UTC to the second, the form of `x-bce-date`: `2026-01-01T00:00:00Z`. */
export const bceDate = (epochMs: number): string => new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z');

/** RFC 3986: all but `A-Z a-z 0-9 - . _ ~` becomes `%XX` in upper case, of the UTF-8 bytes. */
export const uriEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** Also the form that goes over the wire, so that nothing between us and the verifier can read it differently. */
export const canonicalPath = (path: string): string =>
  path.startsWith('/') ? path.split('/').map(uriEncode).join('/') : `/${path.split('/').map(uriEncode).join('/')}`;

const canonicalQuery = (query: SignableRequest['query']): string =>
  query
    .filter(([key]) => key.toLowerCase() !== 'authorization')
    .map(([key, value]) => `${uriEncode(key)}=${uriEncode(value)}`)
    .sort(byBytes)
    .join('&');

/** Everything compared here is ASCII after encoding, so the order of code units is the order of bytes. */
const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const hmacHex = (key: string, message: string): string => createHmac('sha256', key).update(message).digest('hex');
