/** Who signed a request: key, clock window, signature (V1 or ACS3), session token, nonce, in the cloud's own codes. */
import { timingSafeEqual } from 'node:crypto';
import type { Caller, Services, WireRequest } from '../../machine/cloud.js';
import type { AccessKey } from '../../machine/world.js';
import { WireError } from '../../machine/wireError.js';
import { missing, refusal } from '../errors.js';
import type { AlibabaCall } from '../wire/request.js';
import { alibabaRules } from '../rules.js';
import { signatureV1, stringToSignV1 } from './signatureV1.js';
import { parseAuthorizationV3, signatureV3, stringToSignV3 } from './signatureV3.js';
import type { NonceMemory } from './nonces.js';

/** What a request claims, whichever signature it carries. */
interface Claim {
  readonly accessKeyId: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly securityToken: string | undefined;
  verify(secret: string): WireError | undefined;
}

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
/** Headers that an ACS3 signature has to cover (docs/facts/alibaba.md 1.6). */
const MUST_SIGN = ['host', 'x-acs-action', 'x-acs-version', 'x-acs-date', 'x-acs-signature-nonce'];

export function authenticate(request: WireRequest, call: AlibabaCall, services: Services, nonces: NonceMemory): Caller {
  const claim = request.headers['authorization'] === undefined ? claimV1(request, call) : claimV3(request);
  const { rules, clock, world } = services;
  const key = world.findKey('alibaba', claim.accessKeyId);
  if (key === undefined) {
    const { code, message } = refusal('InvalidAccessKeyId.NotFound');
    throw new WireError(code, Number(rules.value(alibabaRules.unknownKeyStatus)), message);
  }
  if (key.disabled === true) throw refusal(rules.value(alibabaRules.disabledKeyCode));
  if (!TIMESTAMP.test(claim.timestamp)) throw refusal('InvalidTimeStamp.Format');
  const signedAt = Date.parse(claim.timestamp);
  if (Number.isNaN(signedAt)) throw refusal('InvalidTimeStamp.Format');
  // an unmodified SDK signs with the machine's time, our own clients with the emulator's
  const distance = Math.min(Math.abs(signedAt - clock.now()), Math.abs(signedAt - clock.machineNow()));
  if (distance > rules.value(alibabaRules.clockWindowMs)) throw refusal('InvalidTimeStamp.Expired');
  const mismatch = claim.verify(key.secret);
  if (mismatch !== undefined) throw mismatch;
  checkSession(key, claim, clock.now());
  const fresh = nonces.use(`${key.id}/${claim.nonce}`, clock.now(), rules.value(alibabaRules.nonceRetentionMs));
  if (!fresh) throw refusal('SignatureNonceUsed');
  return { key, account: key.account };
}

function claimV1(request: WireRequest, call: AlibabaCall): Claim {
  const required = (name: string): string => {
    const value = call.parameters.get(name);
    if (value === undefined || value === '') throw missing(name);
    return value;
  };
  for (const name of ['Action', 'Version']) required(name);
  const accessKeyId = required('AccessKeyId');
  const given = call.parameters.get('Signature');
  const plain =
    call.parameters.get('SignatureMethod') !== 'HMAC-SHA1' || call.parameters.get('SignatureVersion') !== '1.0';
  if (given === undefined || given === '' || plain) throw refusal('IncompleteSignature');
  return {
    accessKeyId,
    timestamp: required('Timestamp'),
    nonce: required('SignatureNonce'),
    securityToken: call.parameters.get('SecurityToken'),
    verify: (secret) => {
      const text = stringToSignV1(request.method, call.parameters);
      return equal(signatureV1(secret, text), given) ? undefined : refusal('SignatureDoesNotMatch', text);
    },
  };
}

function claimV3(request: WireRequest): Claim {
  const { headers } = request;
  const authorization = parseAuthorizationV3(headers['authorization'] ?? '');
  if (authorization === undefined) throw refusal('IncompleteSignature');
  const { accessKeyId, signedHeaders, signature } = authorization;
  if (MUST_SIGN.some((name) => !signedHeaders.includes(name))) throw refusal('IncompleteSignature');
  return {
    accessKeyId,
    timestamp: headers['x-acs-date'] ?? '',
    nonce: headers['x-acs-signature-nonce'] ?? '',
    securityToken: headers['x-acs-security-token'],
    verify: (secret) => {
      const text = stringToSignV3(request, signedHeaders);
      if (equal(signatureV3(secret, text), signature)) return undefined;
      const message = `Specified signature does not match our calculation. server StringToSign is [${text}]`;
      return new WireError('SignatureDoesNotMatch', 400, message);
    },
  };
}

function checkSession(key: AccessKey, claim: Claim, now: number): void {
  const token = claim.securityToken === '' ? undefined : claim.securityToken;
  if (key.session === undefined) {
    if (token !== undefined) throw refusal('InvalidSecurityToken.MismatchWithAccessKey');
    return;
  }
  if (token === undefined) throw refusal('MissingSecurityToken');
  if (token !== key.session.token) throw refusal('InvalidSecurityToken.Malformed');
  if (now >= key.session.expiresAt) throw refusal('InvalidSecurityToken.Expired');
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
