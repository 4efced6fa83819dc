/** Rules of what holds for every request. Sources are sections of docs/facts (November 2026). */
import { choice, limit } from '../../machine/rules.js';

const MINUTE = 60_000;

export const requestRules = {
  unknownParameters: choice(
    'alibaba.unknownParameters',
    ['strict', 'loose'],
    'strict',
    'docs/facts/alibaba.md 1.1',
    'strict: a parameter that the description lacks is refused; loose: logged and ignored. The real gateway ignores it.',
  ),
  defaultFormat: choice(
    'alibaba.defaultFormat',
    ['XML', 'JSON'],
    'XML',
    'docs/facts/alibaba.md 1.3 (documentation)',
    'Answer format when a V1 request has no Format.',
  ),
  clockWindowMs: limit(
    'alibaba.auth.clockWindowMs',
    15 * MINUTE,
    'docs/facts/alibaba.md 1.8',
    'How far a Timestamp may be from the clock, either way.',
  ),
  nonceRetentionMs: limit(
    'alibaba.auth.nonceRetentionMs',
    15 * MINUTE,
    'unverified (docs/facts/alibaba.md 9.9)',
    'How long a SignatureNonce is remembered.',
  ),
  tokenLifetimeMs: limit(
    'alibaba.clientToken.lifetimeMs',
    24 * 60 * MINUTE,
    'unverified (docs/facts/alibaba.md 9.9)',
    'How long a ClientToken is remembered.',
  ),
  unknownKeyStatus: choice(
    'alibaba.auth.unknownKeyStatus',
    ['404', '400'],
    '404',
    'docs/facts/alibaba.md 9.8: 404 seen, 400 documented',
    'HTTP status of InvalidAccessKeyId.NotFound.',
  ),
  throttlingStatus: choice(
    'alibaba.throttling.status',
    ['400', '429', '503'],
    '400',
    'docs/facts/alibaba.md 9.7: 400 documented',
    'HTTP status of Throttling errors.',
  ),
  throttlingCode: choice(
    'alibaba.throttling.code',
    ['Throttling.User', 'Throttling', 'Throttling.Api'],
    'Throttling.User',
    'docs/facts/alibaba.md 1.8',
    'Code of an injected throttling error.',
  ),
  unknownActionCode: choice(
    'alibaba.unknownAction.code',
    ['InvalidAction.NotFound', 'InvalidParameter'],
    'InvalidAction.NotFound',
    'unverified (docs/facts/alibaba.md 9.10)',
    'Code for an action that does not exist.',
  ),
  unknownVersionCode: choice(
    'alibaba.unknownVersion.code',
    ['InvalidVersion', 'InvalidParameter'],
    'InvalidVersion',
    'unverified (docs/facts/alibaba.md 9.10)',
    'Code for a version that does not exist.',
  ),
  disabledKeyCode: choice(
    'alibaba.auth.disabledKeyCode',
    ['InvalidAccessKeyId.Inactive', 'Forbidden.AccessKeyDisabled'],
    'InvalidAccessKeyId.Inactive',
    'docs/facts/alibaba.md 1.8',
    'Code for a disabled access key.',
  ),
} as const;
