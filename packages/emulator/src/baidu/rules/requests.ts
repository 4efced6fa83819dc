/** Rules of every request: authentication, client tokens, lists. Source: docs/facts/baidu.md 1.3 to 1.5, 1.8 and 1.9, checked 2026-11. */
import { choice, limit, toggle } from '../../machine/rules.js';
import { DOC, open } from './sources.js';

export const REQUEST_RULES = {
  // authentication
  futureToleranceMs: limit(
    'baidu.auth.futureToleranceMs',
    300_000,
    open('no page gives the tolerance'),
    'How far in the future a signature timestamp may lie, in ms.',
  ),
  futureCode: choice(
    'baidu.auth.futureCode',
    ['RequestExpired', 'RequestTimeTooSkewed'],
    'RequestExpired',
    open('the second code is known from BOS only'),
    'What a timestamp too far in the future is refused with.',
  ),
  neverExpires: toggle(
    'baidu.auth.negativeExpirationIsForever',
    false,
    open('BOS allows -1, nobody says so for VPC'),
    'Whether an expiration of -1 means that the signature never expires.',
  ),
  unsignedHost: choice(
    'baidu.auth.unsignedHost',
    ['refuse', 'accept'],
    'refuse',
    'signing page and SDKs: host must be among the signed headers; the code is unverified',
    'What a request does whose list of signed headers leaves out its host. Refused with SignatureDoesNotMatch.',
  ),
  tokenOfPermanentKey: choice(
    'baidu.auth.tokenWithPermanentKey',
    ['refuse', 'ignore'],
    'refuse',
    open('a token belongs to the temporary key it came with; Alibaba Cloud refuses such a request'),
    'What a permanent key does that comes with an x-bce-security-token. Refused with AccessDenied.',
  ),
  accountState: choice(
    'baidu.auth.accountState',
    ['ready', 'unqualified', 'not-activated'],
    'ready',
    `${DOC} (common error codes)`,
    'An account without real-name verification answers QualifyNotPass, one without the service OptInRequired.',
  ),

  // client tokens
  clientTokenMs: limit(
    'baidu.clientToken.lifetimeMs',
    86_400_000,
    DOC,
    'How long a token is remembered after the server last saw it, in ms.',
  ),
  clientTokenScope: choice(
    'baidu.clientToken.scope',
    ['account-region', 'account'],
    'account-region',
    open('not documented'),
    'Within what a token is known.',
  ),
  clientTokenKeepsRefusals: toggle(
    'baidu.clientToken.remembersRefusals',
    false,
    open('the answer for a token whose first request failed is not documented'),
    'Whether a refused request uses its token up: a repeat gets the same refusal.',
  ),
  clientTokenDemanded: toggle(
    'baidu.clientToken.demanded',
    true,
    'request schema marks it required; the Go SDK may leave it out',
    'Whether creating a peer connection or a dedicated gateway needs a clientToken.',
  ),

  // lists
  unknownMarker: choice(
    'baidu.list.unknownMarker',
    ['refuse', 'empty', 'first-page'],
    'refuse',
    open('not documented'),
    'What a marker that names nothing does.',
  ),
  maxKeysOutOfRange: choice(
    'baidu.list.maxKeysOutOfRange',
    ['refuse', 'clamp'],
    'refuse',
    open('not documented'),
    'What maxKeys outside 1..1000 does.',
  ),

  unknownVpcFilter: choice(
    'baidu.list.unknownVpc',
    ['empty', 'not-found'],
    'empty',
    open('not documented'),
    'What a list filtered by a VPC that does not exist answers.',
  ),
  unknownQuery: choice(
    'baidu.request.unknownQuery',
    ['ignore', 'refuse'],
    'ignore',
    open('documented for JSON members only, which are ignored'),
    'What a query parameter that the operation does not know does. Ignored ones are named in the request log.',
  ),
} as const;
