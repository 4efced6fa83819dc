/** Signature version 1.0, HMAC-SHA1 over all parameters (docs/facts/alibaba.md 1.2; vectors there in 1.5). */
import { createHmac } from 'node:crypto';
import { canonicalQuery, encode } from '../wire/percentEncoding.js';

/** What is signed: the path part is always '/', whatever the request's path is. */
export function stringToSignV1(method: string, parameters: ReadonlyMap<string, string>): string {
  const signed = [...parameters].filter(([name]) => name !== 'Signature');
  return `${method.toUpperCase()}&%2F&${encode(canonicalQuery(signed))}`;
}

export function signatureV1(secret: string, stringToSign: string): string {
  return createHmac('sha1', `${secret}&`).update(stringToSign).digest('base64');
}
