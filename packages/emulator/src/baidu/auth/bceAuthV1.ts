/**
 * The verifying half of Baidu's `bce-auth-v1`, written from the protocol alone and free of I/O.
 *
 * Shares nothing with any signer of ours: a signer and its verifier must not be able to agree on the same mistake.
 * Source: docs/facts/baidu.md 1.2 to 1.6 (vendor signing pages Reference/s/njwvz1yfu and Gjwvz1xez, SDK signers), checked 2026-11.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** What arrived, before anything is decoded. Header names are lower-case; `host` is what the client sent, port included. */
export interface ReceivedRequest {
  readonly method: string;
  /** The path as it stood on the wire, without the query. */
  readonly path: string;
  /** The query as it stood on the wire, without the `?`; empty when there was none. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An Authorization header taken apart: `bce-auth-v1/{accessKeyId}/{timestamp}/{expiration}/{signedHeaders}/{signature}`. */
export interface BceAuthorization {
  readonly accessKeyId: string;
  readonly timestamp: string;
  /** `timestamp` in milliseconds since the epoch. */
  readonly signedAt: number;
  readonly expirationSeconds: number;
  /** Lower-case and trimmed; empty means "the default set". */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const DEFAULT_SIGNED_HEADERS: ReadonlySet<string> = new Set(['host', 'content-length', 'content-type', 'content-md5']);
const VENDOR_HEADER = 'x-bce-';
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const SIGNATURE = /^[0-9a-f]{64}$/;

/**
 * Parses the header from both ends, because the prefix contains the separator: the first four fields, the last field,
 * the rest is the list of signed headers. Undefined when it is not a `bce-auth-v1` header.
 */
export function parseAuthorization(header: string): BceAuthorization | undefined {
  const fields = header.trim().split('/');
  const [version, accessKeyId = '', timestamp = '', expiration = ''] = fields;
  const signature = fields.at(-1) ?? '';
  if (fields.length < 6 || version !== 'bce-auth-v1' || accessKeyId === '') return undefined;
  if (!TIMESTAMP.test(timestamp) || !/^-?\d{1,9}$/.test(expiration) || !SIGNATURE.test(signature)) return undefined;
  const signedAt = Date.parse(timestamp);
  if (Number.isNaN(signedAt)) return undefined;
  const list = fields.slice(4, -1).join('/');
  const signedHeaders = list
    .split(';')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  return { accessKeyId, timestamp, signedAt, expirationSeconds: Number(expiration), signedHeaders, signature };
}

/** Baidu's UriEncode: RFC 3986 unreserved characters stay, every other byte becomes `%XX` in upper-case hex. */
export function uriEncode(text: string): string {
  const wellFormed = Buffer.from(text, 'utf8').toString('utf8'); // a lone surrogate would make encodeURIComponent throw
  return encodeURIComponent(wellFormed).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Percent-decoding of either hex case; `+` stays `+`; what is not valid UTF-8 or not an escape stays as it is. */
export function uriDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The pairs of a raw query, decoded, in wire order; a key without `=` has the value ''. */
export function parseQuery(query: string): readonly (readonly [string, string])[] {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [uriDecode(pair), ''] : [uriDecode(pair.slice(0, at)), uriDecode(pair.slice(at + 1))];
    });
}

function canonicalUri(path: string): string {
  const encoded = path
    .split('/')
    .map((segment) => uriEncode(uriDecode(segment)))
    .join('/');
  return encoded.startsWith('/') ? encoded : `/${encoded}`;
}

/** Decoded and encoded again: `accept` equals `accept=`, `%2d` equals `-`; duplicates of a key stay separate pairs. */
function canonicalQuery(query: string): string {
  return parseQuery(query)
    .filter(([key]) => key.toLowerCase() !== 'authorization')
    .map(([key, value]) => `${uriEncode(key)}=${uriEncode(value)}`)
    .sort(byBytes)
    .join('&');
}

function canonicalHeaders(headers: Readonly<Record<string, string>>, isSigned: (name: string) => boolean): string {
  return Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
    .filter(([name, value]) => name !== 'authorization' && value !== '' && isSigned(name))
    .map(([name, value]) => `${uriEncode(name)}:${uriEncode(value)}`)
    .sort(byBytes)
    .join('\n');
}

/**
 * Every canonical request that a correct client may have signed, the most likely first.
 *
 * An empty list of signed headers means the default set and every `x-bce-*`. With a list it is exactly the listed ones;
 * both generations of the Python signer name a list and sign every `x-bce-*` beside it, so that reading comes second.
 */
export function canonicalRequests(request: ReceivedRequest, signedHeaders: readonly string[]): readonly string[] {
  const head = `${request.method.toUpperCase()}\n${canonicalUri(request.path)}\n${canonicalQuery(request.query)}\n`;
  const listed = new Set(signedHeaders);
  const isVendor = (name: string): boolean => name.startsWith(VENDOR_HEADER);
  const readings: readonly ((name: string) => boolean)[] =
    listed.size === 0
      ? [(name) => DEFAULT_SIGNED_HEADERS.has(name) || isVendor(name)]
      : [(name) => listed.has(name), (name) => listed.has(name) || isVendor(name)];
  return [...new Set(readings.map((isSigned) => head + canonicalHeaders(request.headers, isSigned)))];
}

/**
 * Whether the signature was made with `secretAccessKey`. The second HMAC is keyed with the 64 characters of the first
 * one's hex text, not with its 32 bytes. Every comparison takes the same time, whichever byte differs.
 */
export function isSignedWith(
  request: ReceivedRequest,
  authorization: BceAuthorization,
  prefix: string,
  secretAccessKey: string,
): boolean {
  const signingKey = hexHmac(secretAccessKey, prefix);
  const given = Buffer.from(authorization.signature, 'ascii');
  let matches = false;
  for (const canonical of canonicalRequests(request, authorization.signedHeaders)) {
    if (timingSafeEqual(Buffer.from(hexHmac(signingKey, canonical), 'ascii'), given)) matches = true;
  }
  return matches;
}

/** The text that the signing key is derived from: the header's first four fields, exactly as they were sent. */
export function authStringPrefix(header: string): string {
  return header.trim().split('/').slice(0, 4).join('/');
}

/** The session token, which travels in a header or, with the Java SDK's option and old Go clients, in the query. */
export function securityToken(request: ReceivedRequest): string | undefined {
  const header = request.headers['x-bce-security-token']?.trim();
  if (header !== undefined && header !== '') return header;
  return parseQuery(request.query).find(
    ([key, value]) => key.toLowerCase() === 'x-bce-security-token' && value !== '',
  )?.[1];
}

function hexHmac(key: string, message: string): string {
  return createHmac('sha256', key).update(message, 'utf8').digest('hex');
}

/** Byte order of finished ASCII lines equals UTF-16 order; `localeCompare` would not be byte order. */
function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
