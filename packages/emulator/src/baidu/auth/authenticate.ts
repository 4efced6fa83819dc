/** Authentication of a request in the cloud's order of checks. Source: docs/facts/baidu.md 1.4, 1.5 and 9.1, checked 2026-11. */
import type { Caller, Services, WireRequest } from '../../machine/cloud.js';
import type { AccessKey } from '../../machine/world.js';
import { bceError } from '../errors.js';
import { BAIDU_RULES } from '../rules.js';
import { authStringPrefix, isSignedWith, parseAuthorization, securityToken } from './bceAuthV1.js';
import type { BceAuthorization } from './bceAuthV1.js';

/**
 * The caller, or the cloud's refusal: no usable header, unknown key, time window, signature, session token, account
 * state. The signature's time may be near the emulator's clock or near the machine's, which unmodified SDKs sign with.
 */
export function authenticate(services: Services, request: WireRequest): Caller {
  const header = request.headers['authorization'];
  const authorization = header === undefined ? undefined : parseAuthorization(header);
  if (header === undefined || authorization === undefined) throw bceError('InvalidHTTPAuthHeader');
  const key = services.world.findKey('baidu', authorization.accessKeyId);
  if (key === undefined || key.disabled === true) throw bceError('InvalidAccessKeyId');
  demandTime(services, authorization);
  if (!isSignedWith(request, authorization, authStringPrefix(header), key.secret))
    throw bceError('SignatureDoesNotMatch');
  const leavesHostOut = authorization.signedHeaders.length > 0 && !authorization.signedHeaders.includes('host');
  if (leavesHostOut && services.rules.value(BAIDU_RULES.unsignedHost) === 'refuse') {
    throw bceError('SignatureDoesNotMatch', 'The host header must be among the signed headers.');
  }
  demandToken(services, key, securityToken(request));
  switch (services.rules.value(BAIDU_RULES.accountState)) {
    case 'ready':
      return { key, account: key.account };
    case 'unqualified':
      throw bceError('QualifyNotPass');
    case 'not-activated':
      throw bceError('OptInRequired');
  }
}

/** A temporary key needs its own token, in time; by rule, a permanent key must come without one. */
function demandToken(services: Services, { session }: AccessKey, token: string | undefined): void {
  if (session === undefined) {
    if (token === undefined || services.rules.value(BAIDU_RULES.tokenOfPermanentKey) === 'ignore') return;
    throw bceError('AccessDenied', 'The security token does not belong to the access key.');
  }
  if (token !== session.token || services.clock.now() >= session.expiresAt) {
    throw bceError('AccessDenied', 'The security token is missing, wrong or expired.');
  }
}

function demandTime(services: Services, { signedAt, expirationSeconds, timestamp }: BceAuthorization): void {
  const tolerance = services.rules.value(BAIDU_RULES.futureToleranceMs);
  const forever = expirationSeconds === -1 && services.rules.value(BAIDU_RULES.neverExpires);
  const clocks = [services.clock.now(), services.clock.machineNow()];
  const isExpired = (now: number): boolean => !forever && now > signedAt + expirationSeconds * 1000;
  const isEarly = (now: number): boolean => signedAt > now + tolerance;
  if (clocks.some((now) => !isExpired(now) && !isEarly(now))) return;
  const code = clocks.some(isExpired) ? 'RequestExpired' : services.rules.value(BAIDU_RULES.futureCode);
  throw bceError(code, code === 'RequestExpired' ? `Request has expired. Timestamp date is ${timestamp}.` : undefined);
}
