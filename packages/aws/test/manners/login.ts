/**
 * Who is let in. moto looks at no signature, and tells accounts apart by a header of its own. Source of the signature's form:
 * docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, checked 2026-11; written down apart from the SDK.
 */
import { createHash, createHmac } from 'node:crypto';
import type { Manner, ProxiedRequest } from '@peerway/conformance';
import { refuse, type Caller } from './query.js';

export interface Account {
  readonly id: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const SCHEME =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;

/** The caller that the signature names; it is not proven here. */
export function callerOf(request: ProxiedRequest): Omit<Caller, 'account'> | undefined {
  const [, accessKeyId, , region, service] = SCHEME.exec(request.headers['authorization'] ?? '') ?? [];
  return accessKeyId === undefined || region === undefined || service === undefined
    ? undefined
    : { accessKeyId, region, service };
}

export const login =
  (accounts: readonly Account[]): Manner =>
  async (request, forward) => {
    const caller = callerOf(request);
    const account = accounts.find(({ accessKeyId }) => accessKeyId === caller?.accessKeyId);
    if (account === undefined || !isSignedBy(request, account.secretAccessKey))
      return refuse(request, 401, 'AuthFailure', 'AWS was not able to validate the provided access credentials');
    return forward({ ...request, headers: { ...request.headers, 'x-moto-account-id': account.id } });
  };

function isSignedBy({ method, path, headers, body }: ProxiedRequest, secret: string): boolean {
  const [, , date = '', region = '', service = '', names = '', signature] =
    SCHEME.exec(headers['authorization'] ?? '') ?? [];
  const canonical = [
    method,
    path,
    '',
    ...names.split(';').map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    names,
    createHash('sha256').update(body).digest('hex'),
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = [
    'AWS4-HMAC-SHA256',
    headers['x-amz-date'] ?? '',
    scope,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n');
  const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();
  const key = [region, service, 'aws4_request'].reduce<Buffer>(hmac, hmac(`AWS4${secret}`, date));
  return hmac(key, text).toString('hex') === signature;
}
