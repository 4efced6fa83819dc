// Signs requests for the bench and the tests that send bytes of their own. Written from the vendors' documents alone; it
// shares nothing with the emulator's verifier.
import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';

const encode = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
const pairs = (params) =>
  Object.entries(params)
    .map(([name, value]) => `${encode(name)}=${encode(String(value))}`)
    .sort()
    .join('&');

let nonces = 0;
const RUN = process.pid.toString(36) + process.hrtime.bigint().toString(36);

/** Alibaba RPC with signature V1 as a POST: all in the query or, with `form`, the operation's parameters in the body. */
export function alibabaRequest(key, version, action, params, { at = Date.now(), form = false } = {}) {
  const protocol = {
    Action: action,
    Version: version,
    Format: 'JSON',
    AccessKeyId: key.accessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: `${RUN}-${(nonces += 1)}`,
    Timestamp: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
  };
  const toSign = `POST&${encode('/')}&${encode(pairs({ ...params, ...protocol }))}`;
  const Signature = createHmac('sha1', `${key.accessKeySecret}&`).update(toSign).digest('base64');
  if (!form)
    return { method: 'POST', path: `/?${pairs({ ...params, ...protocol, Signature })}`, headers: {}, body: '' };
  return {
    method: 'POST',
    path: `/?${pairs({ ...protocol, Signature })}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: pairs(params),
  };
}

/** Baidu with bce-auth-v1; only the host header is signed. `body` is sent as JSON unless it is a text or bytes already. */
export function baiduRequest(key, host, method, path, { query = {}, body, at = Date.now() } = {}) {
  const prefix = `bce-auth-v1/${key.accessKeyId}/${new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')}/1800`;
  const signingKey = createHmac('sha256', key.accessKeySecret).update(prefix).digest('hex');
  const uri = path.split('/').map(encode).join('/');
  const text = pairs(query);
  const canonical = `${method}\n${uri}\n${text}\nhost:${encode(host)}`;
  const signature = createHmac('sha256', signingKey).update(canonical).digest('hex');
  const raw =
    body === undefined ? '' : typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return {
    method,
    path: text === '' ? uri : `${uri}?${text}`,
    headers: { host, authorization: `${prefix}/host/${signature}`, 'content-type': 'application/json; charset=utf-8' },
    body: raw,
  };
}

/** A request as the bytes of HTTP/1.1. */
export function bytesOf({ method, path, headers, body }, host) {
  const payload = Buffer.from(body);
  const lines = Object.entries({ host, ...headers, 'content-length': payload.length }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`), payload]);
}
