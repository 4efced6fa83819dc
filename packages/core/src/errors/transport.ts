/**
 * What Node's transport errors say about a write. Most leave it in doubt; after these it is certain that no request went
 * out. Every provider needs the distinction, and all clients on Node fail with the same words.
 */

/** Nobody took the connection (names of `node:net` and `node:dns`, Node 20). */
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);

/** A handshake that we broke off ourselves, before the request (names of OpenSSL's verify errors and of `node:tls`, Node 20). */
const CERTIFICATE_REFUSED = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/**
 * For drivers: true when an error with this `code` means that the request never left this machine, so that a write is not
 * of unknown outcome. False for every other code, and for none.
 */
export const wasNeverSent = (code: string | undefined): boolean =>
  code !== undefined && (NOT_CONNECTED.has(code) || CERTIFICATE_REFUSED.test(code));

/**
 * For drivers: what a `Retry-After` header asks for, in milliseconds. Seconds or a date (RFC 9110, 10.2.3); undefined for any other
 * text, for none, and for what is not in the future.
 * @param now milliseconds since the epoch
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  const wait = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return wait > 0 ? Math.ceil(wait) : undefined;
}
