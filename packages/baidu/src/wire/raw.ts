/** A request in the cloud's own words, signed as it asks, and its answer as it came. */
import type { AxiosResponse } from 'axios';
import type { RawAnswer, RawRequest } from '@peerway/core';
import type { BaiduCredentials } from './credentials.js';
import { bceDate, canonicalPath, sign, uriEncode } from './signer.js';

interface RawWire {
  /** Path and query. */
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** @param from.at epoch milliseconds to date the request from */
export function rawWire(
  request: RawRequest,
  from: { readonly keys: BaiduCredentials; readonly host: string; readonly at: number },
): RawWire {
  const { method = 'POST', path = '/', query = {}, signing = {} } = request;
  const { skewMs = 0, lifetimeSeconds, unsigned = [] } = signing;
  const at = from.at + skewMs;
  const body = request.body === undefined ? '' : JSON.stringify(request.body);
  const headers: Record<string, string> = {
    host: from.host,
    'content-type': 'application/json; charset=utf-8',
    'x-bce-date': bceDate(at),
    ...(body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    ...(from.keys.securityToken === undefined ? {} : { 'x-bce-security-token': from.keys.securityToken }),
    ...request.headers,
  };
  const signed = Object.fromEntries(Object.entries(headers).filter(([name]) => !unsigned.includes(name)));
  const pairs = Object.entries(query);
  const { authorization } = sign(from.keys, { method, path, query: pairs, headers: signed }, at, lifetimeSeconds);
  const wire = pairs.map(([key, value]) => (value === '' ? uriEncode(key) : `${uriEncode(key)}=${uriEncode(value)}`));
  return {
    url: `${canonicalPath(path)}${wire.length === 0 ? '' : `?${wire.join('&')}`}`,
    headers: { ...headers, authorization, accept: 'application/json', 'user-agent': 'peerway' },
    body,
  };
}

export function rawAnswer({ status, headers, data }: AxiosResponse<string>): RawAnswer {
  const texts = Object.entries(headers).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string' ? [[name.toLowerCase(), value] as const] : [],
  );
  return { status, headers: Object.fromEntries(texts), body: bodyOf(data) };
}

function bodyOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
