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
